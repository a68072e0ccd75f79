"""What the other rooms may ask of the centres."""

from centers.assessment.selectors import (
    File,
    Readiness,
    allowed_parts,
    assessment_conditions,
    awaited_decision,
    files,
    owed_months,
    owed_tellings,
    passed,
    readiness,
)

__all__ = [
    "File",
    "Readiness",
    "allowed_parts",
    "assessment_conditions",
    "awaited_decision",
    "files",
    "owed_months",
    "owed_tellings",
    "passed",
    "readiness",
]

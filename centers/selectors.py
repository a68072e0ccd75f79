"""What the other rooms may ask of the centres."""

from centers.assessment.selectors import (
    File,
    Readiness,
    allowed_parts,
    assessment_conditions,
    files,
    owed_months,
    passed,
    readiness,
)

__all__ = [
    "File",
    "Readiness",
    "allowed_parts",
    "assessment_conditions",
    "files",
    "owed_months",
    "passed",
    "readiness",
]

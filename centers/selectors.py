"""What the other rooms may ask of the centres."""

from centers.assessment.selectors import (
    File,
    Readiness,
    assessment_conditions,
    files,
    passed,
    readiness,
)

__all__ = ["File", "Readiness", "assessment_conditions", "files", "passed", "readiness"]

"""Rows of the five centres."""

from centers.models.assessment import (
    FULL_MARK,
    Assessment,
    AssessmentRule,
    ConductMonth,
    SocialForm,
)
from centers.models.education import EntryEducation
from centers.models.medical import DetoxConclusion, DrugTest
from centers.models.psychology import Screening
from centers.models.training import FitnessTest

__all__ = [
    "FULL_MARK",
    "Assessment", "AssessmentRule", "ConductMonth", "DetoxConclusion", "DrugTest", "EntryEducation",
    "FitnessTest", "Screening", "SocialForm",
]  # fmt: skip

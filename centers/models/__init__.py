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
from centers.models.opinions import Objection, Opinion, OpinionRule
from centers.models.psychology import Screening
from centers.models.telling import Telling, TellingScan
from centers.models.training import FitnessTest

__all__ = [
    "FULL_MARK",
    "Assessment", "AssessmentRule", "ConductMonth", "DetoxConclusion", "DrugTest", "EntryEducation",
    "FitnessTest", "Objection", "Opinion", "OpinionRule", "Screening", "SocialForm", "Telling",
    "TellingScan",
]  # fmt: skip

"""What the five centres do; the one door for the rooms above."""

from centers.assessment.actions import (
    MonthMark,
    conclude_assessment,
    confirm_conduct,
    correct_assessment,
    draft_assessment,
    mark_conduct,
    record_social_form,
    return_assessment,
    set_assessment_rule,
    tell_person,
)
from centers.education.actions import record_entry_education
from centers.medical.actions import conclude_detox, record_drug_test
from centers.psychology.actions import open_screening, screen
from centers.training.actions import record_fitness_test

__all__ = [
    "MonthMark", "conclude_assessment", "conclude_detox", "confirm_conduct", "correct_assessment",
    "draft_assessment", "mark_conduct", "open_screening", "record_drug_test",
    "record_entry_education", "record_fitness_test", "record_social_form", "return_assessment",
    "screen", "set_assessment_rule", "tell_person",
]  # fmt: skip

"""What the assessment centre does, and what zone officers record for it."""

from centers.assessment.actions.assessments import (
    conclude_assessment,
    correct_assessment,
    draft_assessment,
    return_assessment,
)
from centers.assessment.actions.conduct import MonthMark, confirm_conduct, mark_conduct
from centers.assessment.actions.settings import set_assessment_rule
from centers.assessment.actions.social import record_social_form
from centers.assessment.actions.told import tell_person

__all__ = [
    "MonthMark", "conclude_assessment", "confirm_conduct", "correct_assessment", "draft_assessment",
    "mark_conduct", "record_social_form", "return_assessment", "set_assessment_rule", "tell_person",
]  # fmt: skip

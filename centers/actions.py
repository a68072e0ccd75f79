"""What the five centres do; the one door for the rooms above."""

from centers.assessment.actions import (
    MonthMark,
    conclude_assessment,
    confirm_conduct,
    correct_assessment,
    decline_opinion,
    discuss_opinion,
    draft_assessment,
    end_open_opinion,
    lodge_objection,
    mark_conduct,
    propose_opinion,
    receive_opinion,
    record_opinion_answer,
    record_social_form,
    return_assessment,
    review_objection,
    send_opinion,
    set_assessment_rule,
    set_opinion_rule,
    sign_opinion,
    tell_person,
    undo_opinion_record,
    withdraw_opinion,
)
from centers.education.actions import record_entry_education
from centers.medical.actions import conclude_detox, record_drug_test
from centers.psychology.actions import open_screening, screen
from centers.training.actions import record_fitness_test

__all__ = [
    "MonthMark", "conclude_assessment", "conclude_detox", "confirm_conduct", "correct_assessment",
    "decline_opinion", "discuss_opinion", "draft_assessment", "end_open_opinion", "lodge_objection",
    "mark_conduct", "open_screening", "propose_opinion", "receive_opinion", "record_drug_test",
    "record_entry_education", "record_fitness_test", "record_opinion_answer", "record_social_form",
    "return_assessment", "review_objection", "screen", "send_opinion", "set_assessment_rule",
    "set_opinion_rule", "sign_opinion", "tell_person", "undo_opinion_record", "withdraw_opinion",
]  # fmt: skip

"""What the assessment centre does, and what zone officers record for it."""

from centers.assessment.actions.assessments import (
    conclude_assessment,
    correct_assessment,
    draft_assessment,
    return_assessment,
)
from centers.assessment.actions.conduct import MonthMark, confirm_conduct, mark_conduct
from centers.assessment.actions.objections import lodge_objection, review_objection
from centers.assessment.actions.opinion_answers import (
    receive_opinion,
    record_opinion_answer,
    send_opinion,
    undo_opinion_record,
)
from centers.assessment.actions.opinions import (
    decline_opinion,
    discuss_opinion,
    end_open_opinion,
    propose_opinion,
    sign_opinion,
    withdraw_opinion,
)
from centers.assessment.actions.settings import set_assessment_rule, set_opinion_rule
from centers.assessment.actions.social import record_social_form
from centers.assessment.actions.told import (
    add_telling_scan,
    record_telling,
    record_tellings,
    tell_people,
    tell_person,
    withdraw_telling,
)

__all__ = [
    "MonthMark",
    "add_telling_scan",
    "conclude_assessment",
    "confirm_conduct",
    "correct_assessment",
    "decline_opinion",
    "discuss_opinion",
    "draft_assessment",
    "end_open_opinion",
    "lodge_objection",
    "mark_conduct",
    "propose_opinion",
    "receive_opinion",
    "record_opinion_answer",
    "record_social_form",
    "record_telling",
    "record_tellings",
    "return_assessment",
    "review_objection",
    "send_opinion",
    "set_assessment_rule",
    "set_opinion_rule",
    "sign_opinion",
    "tell_people",
    "tell_person",
    "undo_opinion_record",
    "withdraw_opinion",
    "withdraw_telling",
]  # fmt: skip

"""意见 at the deciding organ: sent, received, decided; what was recorded wrongly is taken back by another."""

from datetime import date, datetime

from django.db import transaction

from centers.assessment import selectors
from centers.assessment.actions import opinion_papers as papers
from centers.assessment.actions.opinions import (
    ASSESSOR,
    BUREAU,
    LEADER,
    ZONE,
    close,
    locked,
    move,
    reasoned,
    record,
)
from centers.assessment.rules import opinions as rules
from centers.models import Opinion
from centers.states import OPINION_BACK, OpinionStatus, OpinionStep
from rehab import clock
from rehab.models import Case, Event, User
from rehab.refusal import Refused
from rehab.selectors.term_decisions import index_of

K, S, Step = Event.Kind, OpinionStatus, OpinionStep
RECORDED = {
    S.SENT: K.OPINION_SENT,
    S.RECEIVED: K.OPINION_RECEIVED,
    S.APPROVED: K.OPINION_APPROVED,
    S.REFUSED: K.OPINION_REFUSED,
}


@transaction.atomic
def send_opinion(*, case: Case, sent_on: date, by: User, at: datetime) -> Opinion:
    """登记报送 to the deciding organ."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.SEND, by=by, on=on))
    assert opinion is not None
    assert opinion.signed_at is not None
    Refused.if_any(
        rules.sending_obstacles(sent_on=sent_on, signed_on=clock.day_of(opinion.signed_at), on=on)
    )

    opinion.sent_on, opinion.sent_by = sent_on, by
    move(opinion, S.SENT)

    record(opinion, K.OPINION_SENT, LEADER, BUREAU, by=by, at=at)
    return opinion


@transaction.atomic
def receive_opinion(
    *, case: Case, received_on: date, receipt: str, by: User, at: datetime
) -> Opinion:
    """登记签收: from its receipt on the deciding organ has seven days. 戒毒条例第三十三条."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.RECEIVE, by=by, on=on))
    assert opinion is not None
    assert opinion.sent_on is not None
    Refused.if_any(
        rules.receipt_obstacles(
            received_on=received_on, receipt=receipt, sent_on=opinion.sent_on, on=on
        )
    )

    opinion.received_on, opinion.receipt, opinion.received_by = received_on, receipt.strip(), by
    move(opinion, S.RECEIVED)

    record(opinion, K.OPINION_RECEIVED, LEADER, by=by, at=at)
    return opinion


@transaction.atomic
def record_opinion_answer(*, case: Case, answer: rules.Answer, by: User, at: datetime) -> Opinion:
    """登记决定: the last day stays until the decision is served; refused, the person is told in writing."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.ANSWER, by=by, on=on))
    assert opinion is not None
    assert opinion.received_on is not None
    Refused.if_any(
        rules.answer_obstacles(
            answer, kind=opinion.kind, received_on=opinion.received_on, ends_on=case.ends_on, on=on
        )
    )

    extends = opinion.kind == rules.EXTENSION
    opinion.decision_number, opinion.decided_on = answer.number.strip(), answer.decided_on
    opinion.decision_index = index_of(answer.number)
    opinion.answered_by, opinion.answered_at = by, at
    if answer.granted:
        opinion.decided_months = answer.months if extends else None
        opinion.decided_ends_on = None if extends else answer.ends_on
        move(opinion, S.APPROVED)
    else:
        opinion.reply = papers.refusal(opinion, answer.reason, by=by, at=at)
        close(opinion, S.REFUSED, answer.reason, by=by, at=at)

    kind = K.OPINION_APPROVED if answer.granted else K.OPINION_REFUSED
    why = "" if answer.granted else answer.reason
    record(opinion, kind, LEADER, ASSESSOR, ZONE, BUREAU, by=by, at=at, why=why)
    return opinion


@transaction.atomic
def undo_opinion_record(*, case: Case, reason: str, by: User, at: datetime) -> Opinion:
    """撤销登记 of a sending, a receipt or an answer that was recorded wrongly, by another than who recorded it.

    A refusal that was told in writing is taken back in writing.
    """
    case, opinion = locked(case)

    Refused.if_any(
        reasoned(
            selectors.step_obstacles(case, opinion, Step.UNDO, by=by, on=clock.day_of(at)),
            reason,
            "撤销的理由",
        )
    )
    assert opinion is not None

    was = S(opinion.status)
    if was == S.REFUSED:
        papers.taken_back(opinion, reason, by=by, at=at)
    _clear(opinion, was)
    move(opinion, OPINION_BACK[was])

    of = {"kind": RECORDED[was], "facts__opinion": str(opinion.pk)}
    wrong = case.events.filter(**of).order_by("-recorded_at", "-pk").first()
    record(
        opinion, K.OPINION_UNDONE, ASSESSOR, LEADER, by=by, at=at, why=reason, corrects=wrong,
        was=was.value,
    )  # fmt: skip
    return opinion


def _clear(opinion: Opinion, was: OpinionStatus) -> None:
    """What that record said is gone from the row; its event stays."""
    if was == S.SENT:
        opinion.sent_on = opinion.sent_by = None
    elif was == S.RECEIVED:
        opinion.received_on = opinion.receipt = opinion.received_by = None
    else:
        opinion.decision_number = opinion.decided_on = opinion.answered_by = None
        opinion.decision_index, opinion.answered_at = "", None
        opinion.decided_months = opinion.decided_ends_on = None
        opinion.reply = opinion.reason = opinion.closed_by = opinion.closed_at = None

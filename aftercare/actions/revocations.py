"""决定撤销: recorded, custody has no ground any more; who is here leaves the same day. 禁毒法第四十条."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from aftercare import rules, selectors
from aftercare.models import Revocation
from aftercare.rules import endings
from centers.actions import end_open_opinion
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus, ProposalStatus
from zones.actions import end_open_move, end_open_transfer

K = Event.Kind
LEADER, GATE, BUREAU = "facility_leader", "intake_officer", "bureau_approver"


@transaction.atomic
def record_revocation(
    *, case: Case, facts: endings.RevocationFacts, by: User, at: datetime
) -> Revocation:
    """登记决定撤销: from now on he may not be kept, with the paper's number or without."""
    case = cases.lock(case, "decision")

    Refused.if_any(
        selectors.revocation_obstacles(case, selectors.revocation_of(case), facts, at=at)
    )

    revocation = Revocation.objects.create(
        case=case,
        status=ProposalStatus.PROPOSED,
        revoked_by=facts.revoked_by,
        organ=facts.organ.strip(),
        number=facts.number.strip() or None,
        revoked_on=facts.revoked_on,
        received_at=facts.received_at,
        recorded_by=by,
        recorded_at=at,
    )

    key = str(revocation.pk)
    events.record(case, K.REVOCATION_RECORDED, by=by, at=at, revocation=key)
    deadlines.refresh_or_leave([case])

    _tell(revocation, K.REVOCATION_RECORDED, GATE, LEADER, BUREAU)
    outbox.poke()
    return revocation


@transaction.atomic
def let_go(*, case: Case, answers: Mapping[str, str], by: User, at: datetime) -> Revocation:
    """办理离所: from wherever he is, in the middle of a move, with nothing else asked.

    A leader other than who recorded it is the second of two. Where none is there the officer lets him go alone,
    with the reason: a missing signature never keeps him. `answers` gives it by the code of the caution.
    """
    case = cases.lock(case)
    revocation = selectors.revocation_of(case)

    Refused.if_any(selectors.revoked_departure_obstacles(case, revocation))
    given = {code: reason for code, text in answers.items() if (reason := text.strip())}
    cautions = selectors.departure_cautions(revocation, by=by, at=at)
    Refused.if_any(rules.unanswered(cautions, frozenset(given)))

    assert revocation is not None
    revocation.case = case
    answered = {caution.code: given[caution.code] for caution in cautions}
    end_open_move(case=case, by=by, at=at)
    end_open_transfer(case=case, by=by, at=at)
    end_open_opinion(case=case, by=by, at=at)
    before = changes.standing([case])
    cases.close_case(case=case, to=CaseStatus.REVOKED, at=at)
    revocation.answers = answered or None
    _decide(revocation, ProposalStatus.CONFIRMED, by=by, at=at)

    events.record(
        case,
        K.REVOKED,
        by=by,
        at=at,
        revocation=str(revocation.pk),
        answered=[*answered],  # the words are sealed in the revocation
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh_or_leave([case])

    _tell(revocation, K.REVOKED, LEADER, BUREAU)
    outbox.poke()
    return revocation


@transaction.atomic
def withdraw_revocation(*, case: Case, reason: str, by: User, at: datetime) -> Revocation:
    """撤回决定撤销登记, that was wrong: never by who recorded it, for it keeps somebody."""
    case = cases.lock(case)
    revocation = selectors.revocation_of(case)

    found = selectors.revocation_withdrawal_obstacles(revocation, by=by)
    if not reason.strip():
        found = (*found, Obstacle("“撤回理由”不能为空，请填写"))
    Refused.if_any(found)

    assert revocation is not None
    revocation.case, revocation.withdrawal = case, reason.strip()
    _decide(revocation, ProposalStatus.WITHDRAWN, by=by, at=at)

    recorded = K.REVOCATION_RECORDED
    events.record(
        case,
        K.REVOCATION_WITHDRAWN,
        by=by,
        at=at,
        corrects=case.events.get(kind=recorded, facts__revocation=str(revocation.pk)),
        words={"why": revocation.withdrawal},
        revocation=str(revocation.pk),
    )
    deadlines.refresh([case])

    _tell(revocation, K.REVOCATION_WITHDRAWN, GATE, LEADER, BUREAU)
    outbox.poke()
    return revocation


def _decide(revocation: Revocation, to: ProposalStatus, *, by: User, at: datetime) -> None:
    revocation.status, revocation.decided_by, revocation.decided_at = to, by, at
    revocation.save(update_fields=["status", "decided_by", "decided_at", "answers", "withdrawal"])


def _tell(revocation: Revocation, kind: Event.Kind, *roles: str) -> None:
    for role in roles:
        post = Post(role, revocation.case.facility_id)
        notices.tell(revocation.case, kind, to=post, cycle=str(revocation.pk))

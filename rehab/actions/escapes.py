"""脱逃事项: what moves a last day is proposed by one officer and confirmed by another. 戒毒条例第三十二条."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from rehab import clock
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.ledgers.changes import Change
from rehab.ledgers.notices import Post
from rehab.models import Absence, Case, EscapeProposal, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.rules import escapes as rules
from rehab.rules.escapes import Proof
from rehab.selectors import escapes as selectors
from rehab.states import EscapeQuestion, ProposalStatus

K, Q = Event.Kind, EscapeQuestion
PROPOSED = {Q.UNCOUNTED: K.UNCOUNTED_PROPOSED, Q.REVERSAL: K.REVERSAL_PROPOSED}
RETURNED = {Q.UNCOUNTED: K.UNCOUNTED_RETURNED, Q.REVERSAL: K.REVERSAL_RETURNED}
WITHDRAWN = {Q.UNCOUNTED: K.UNCOUNTED_WITHDRAWN, Q.REVERSAL: K.REVERSAL_WITHDRAWN}
LEADER, GATE, BUREAU = "facility_leader", "intake_officer", "bureau_approver"


@transaction.atomic
def propose_uncounted(*, absence: Absence, proof: Proof, by: User, at: datetime) -> EscapeProposal:
    """提请脱逃期间不计入期限: until a leader confirms, the days count for the person."""
    case = cases.lock(absence.case)
    absence = Absence.objects.get(pk=absence.pk)

    Refused.if_any(selectors.uncounted_obstacles(case, absence))
    Refused.if_any(selectors.proved_obstacles(case, absence, proof, on=clock.day_of(at)))

    days = rules.uncounted_days(proof, left_at=absence.left_at)
    return _propose(absence, Q.UNCOUNTED, proof.kept(), days=days, case=case, by=by, at=at)


def propose_on_return(
    *, absence: Absence, proof: Proof, by: User, at: datetime
) -> EscapeProposal | None:
    """提请 by the act that writes him in; None where something stands against it: he is inside all the same."""
    if selectors.proved_obstacles(absence.case, absence, proof, on=clock.day_of(at)):
        return None
    return propose_uncounted(absence=absence, proof=proof, by=by, at=at)


@transaction.atomic
def confirm_uncounted(*, proposal: EscapeProposal, by: User, at: datetime) -> EscapeProposal:
    """确认不计入, never by its proposer nor by who wrote him in: the last day moves by these days."""
    case, proposal = _locked(proposal)

    Refused.if_any(selectors.confirmation_obstacles(proposal, by=by, on=clock.day_of(at)))

    before = changes.standing([case])
    absence = proposal.absence
    absence.uncounted_days, absence.confirmed_by = proposal.days, by
    absence.save(update_fields=["uncounted_days", "confirmed_by"])
    cases.move_end(case=case, on=clock.day_of(at))
    _decide(proposal, ProposalStatus.CONFIRMED, by=by, at=at)

    events.record(
        case,
        K.UNCOUNTED_CONFIRMED,
        by=by,
        at=at,
        absence=str(absence.pk),
        proposal=str(proposal.pk),
        uncounted=proposal.days,
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])

    _tell(proposal, K.UNCOUNTED_CONFIRMED, _proposer(proposal), BUREAU)
    outbox.poke()
    return proposal


@transaction.atomic
def propose_reversal(*, absence: Absence, reason: str, by: User, at: datetime) -> EscapeProposal:
    """提请撤销脱逃登记: it was written down wrongly; a leader confirms it."""
    case = cases.lock(absence.case)
    absence = Absence.objects.get(pk=absence.pk)

    found = selectors.proposal_obstacles(absence)
    if not reason.strip():
        found = (*found, Obstacle("“撤销理由”不能为空，请填写"))
    Refused.if_any(found)

    return _propose(absence, Q.REVERSAL, {"why": reason.strip()}, case=case, by=by, at=at)


@transaction.atomic
def confirm_reversal(*, proposal: EscapeProposal, by: User, at: datetime) -> EscapeProposal:
    """确认撤销: nobody escaped. The row stays and says so; the days not counted for it count again."""
    case, proposal = _locked(proposal)

    Refused.if_any(selectors.confirmation_obstacles(proposal, by=by, on=clock.day_of(at)))

    before = changes.standing([case])
    absence = proposal.absence
    absence.reversed_at = at
    absence.save(update_fields=["reversed_at"])
    cases.move_end(case=case, on=clock.day_of(at))
    _decide(proposal, ProposalStatus.CONFIRMED, by=by, at=at)

    events.record(
        case,
        K.ESCAPE_REVERSED,
        by=by,
        at=at,
        corrects=case.events.get(kind=K.ESCAPED, facts__absence=str(absence.pk)),
        words={"why": str(proposal.grounds["why"])},
        absence=str(absence.pk),
        proposal=str(proposal.pk),
        uncounted=absence.uncounted_days,
        changes=(
            Change("escape", clock.day_of(absence.left_at).isoformat(), None),
            *changes.since(before, [case])[case.pk],
        ),
    )
    deadlines.refresh([case])

    _tell(proposal, K.ESCAPE_REVERSED, _proposer(proposal), BUREAU)
    outbox.poke()
    return proposal


@transaction.atomic
def return_proposal(
    *, proposal: EscapeProposal, reason: str, by: User, at: datetime
) -> EscapeProposal:
    """退回, with the reason: the last day stays, and the proposer reads why."""
    case, proposal = _locked(proposal)

    found = selectors.step_obstacles(proposal, ProposalStatus.RETURNED, by=by, act="退回")
    if not reason.strip():
        found = (*found, Obstacle("“退回理由”不能为空，请填写"))
    Refused.if_any(found)

    proposal.return_reason = reason.strip()
    _decide(proposal, ProposalStatus.RETURNED, by=by, at=at)

    kind = RETURNED[Q(proposal.question)]
    words = {"why": reason.strip()}
    events.record(case, kind, by=by, at=at, words=words, proposal=str(proposal.pk))

    _tell(proposal, kind, _proposer(proposal))
    outbox.poke()
    return proposal


@transaction.atomic
def withdraw_proposal(
    *, proposal: EscapeProposal, reason: str, by: User, at: datetime
) -> EscapeProposal:
    """撤回, by who proposed it: the last day and the escape stay as they are, and it may be proposed anew."""
    case, proposal = _locked(proposal)

    found = selectors.withdrawal_obstacles(proposal, by=by)
    if not reason.strip():
        found = (*found, Obstacle("“撤回理由”不能为空，请填写"))
    Refused.if_any(found)

    proposal.return_reason = reason.strip()
    _decide(proposal, ProposalStatus.WITHDRAWN, by=None, at=at)

    kind = WITHDRAWN[Q(proposal.question)]
    words = {"why": reason.strip()}
    events.record(case, kind, by=by, at=at, words=words, proposal=str(proposal.pk))

    _tell(proposal, kind, LEADER)
    outbox.poke()
    return proposal


# The beats they share


def _propose(
    absence: Absence,
    question: EscapeQuestion,
    grounds: Mapping[str, str | bool],
    *,
    days: int = 0,
    case: Case,
    by: User,
    at: datetime,
) -> EscapeProposal:
    proposal = EscapeProposal.objects.create(
        case=case,
        absence=absence,
        question=question,
        status=ProposalStatus.PROPOSED,
        days=days,
        grounds=dict(grounds),
        proposed_by=by,
        proposed_at=at,
    )

    kind, keys = PROPOSED[question], {"absence": str(absence.pk), "proposal": str(proposal.pk)}
    events.record(case, kind, by=by, at=at, uncounted=days, **keys)

    _tell(proposal, kind, LEADER)
    outbox.poke()
    return proposal


def _locked(proposal: EscapeProposal) -> tuple[Case, EscapeProposal]:
    """The case, locked, and the proposal with its escape as they stand under that lock."""
    case = cases.lock(proposal.case)
    ours = EscapeProposal.objects.select_related("absence", "proposed_by__posting")
    read = ours.get(pk=proposal.pk)
    read.case = case
    return case, read


def _decide(proposal: EscapeProposal, to: ProposalStatus, *, by: User | None, at: datetime) -> None:
    """`by` is the second of two; nobody where the first takes it back."""
    proposal.status, proposal.decided_by, proposal.decided_at = to, by, at
    proposal.save(update_fields=["status", "decided_by", "decided_at", "return_reason"])


def _proposer(proposal: EscapeProposal) -> str:
    """The role in which he is told: his own, a leader's too; the gate's once he holds none."""
    return proposal.proposed_by.role or GATE


def _tell(proposal: EscapeProposal, kind: Event.Kind, *roles: str) -> None:
    case = proposal.case
    for role in roles:
        notices.tell(case, kind, to=Post(role, case.facility_id), cycle=str(proposal.pk))

"""期限决定: a served decision is recorded by one officer; the last day moves when another confirms it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from rehab import clock
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, Event, TermDecision, User
from rehab.refusal import Obstacle, Refused
from rehab.rules.term_decisions import Paper
from rehab.rules.term_facts import EarlyRelease, Extension
from rehab.selectors import term_decisions as selectors
from rehab.states import ProposalStatus, TermDecisionKind

K = Event.Kind
RECORDER, GATE, LEADER, BUREAU = "assessor", "intake_officer", "facility_leader", "bureau_approver"


@transaction.atomic
def propose_term_decision(*, case: Case, paper: Paper, by: User, at: datetime) -> TermDecision:
    """登记期限决定 once it is served: the last day stays until somebody else confirms it."""
    case, on = cases.lock(case, "decision"), clock.day_of(at)

    Refused.if_any(selectors.proposal_obstacles(case, paper, on=on))

    decision = _recorded(case, paper, by=by, at=at)

    what = {"decision": str(decision.pk), "decided": decision.kind}
    late = selectors.is_late(decision, on=on)
    events.record(case, K.TERM_DECISION_PROPOSED, by=by, at=at, late=late, **what)
    deadlines.refresh([case])

    _tell(decision, K.TERM_DECISION_PROPOSED, LEADER, *((BUREAU,) if late else ()))
    outbox.poke()
    return decision


@transaction.atomic
def confirm_term_decision(*, decision: TermDecision, by: User, at: datetime) -> TermDecision:
    """确认期限决定, never by who recorded it: the last day is what the working gives with it."""
    case, decision = _locked(decision)
    on = clock.day_of(at)

    Refused.if_any(selectors.confirmation_obstacles(decision, by=by, on=on))

    before, late = changes.standing([case]), selectors.is_late(decision, on=on)
    decision.status, decision.decided_by, decision.decided_at = ProposalStatus.CONFIRMED, by, at
    decision.save(update_fields=["status", "decided_by", "decided_at"])
    cases.move_end(case=case, on=on)

    events.record(
        case,
        K.TERM_DECISION_CONFIRMED,
        by=by,
        at=at,
        decision=str(decision.pk),
        decided=decision.kind,
        months=decision.months,
        until=str(decision.ends_on) if decision.ends_on else None,
        late=late,
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])

    _tell(decision, K.TERM_DECISION_CONFIRMED, _role(decision.proposed_by), GATE, BUREAU)
    outbox.poke()
    return decision


@transaction.atomic
def return_term_decision(
    *, decision: TermDecision, reason: str, by: User, at: datetime
) -> TermDecision:
    """退回, with the reason: the last day stays, and who recorded it reads why."""
    case, decision = _locked(decision)

    Refused.if_any(_reasoned(selectors.step_obstacles(decision, by=by, act="退回"), reason, "退回"))

    kind, told = K.TERM_DECISION_RETURNED, _role(decision.proposed_by)
    if decision.undo_waits:
        kind, told = K.TERM_UNDO_RETURNED, _role(decision.undo_proposed_by)
        _drop_undoing(decision)
    else:
        decision.status, decision.decided_by, decision.decided_at = ProposalStatus.RETURNED, by, at
        decision.return_reason = reason.strip()
        decision.save(update_fields=["status", "decided_by", "decided_at", "return_reason"])

    words = {"why": reason.strip()}
    events.record(case, kind, by=by, at=at, words=words, decision=str(decision.pk))
    deadlines.refresh([case])

    _tell(decision, kind, told)
    outbox.poke()
    return decision


@transaction.atomic
def withdraw_term_decision(
    *, decision: TermDecision, reason: str, by: User, at: datetime
) -> TermDecision:
    """撤回, by who recorded it or asked to undo it: the last day stays, and the number is free again."""
    case, decision = _locked(decision)

    Refused.if_any(_reasoned(selectors.withdrawal_obstacles(decision, by=by), reason, "撤回"))

    kind, late = K.TERM_DECISION_WITHDRAWN, selectors.is_late(decision, on=clock.day_of(at))
    if decision.undo_waits:
        kind = K.TERM_UNDO_WITHDRAWN
        _drop_undoing(decision)
    else:
        decision.status, decision.decided_at = ProposalStatus.WITHDRAWN, at
        decision.return_reason = reason.strip()
        decision.save(update_fields=["status", "decided_at", "return_reason"])

    words = {"why": reason.strip()}
    events.record(case, kind, by=by, at=at, words=words, decision=str(decision.pk))
    deadlines.refresh([case])

    _tell(decision, kind, LEADER, *((BUREAU,) if late else ()))
    outbox.poke()
    return decision


@transaction.atomic
def propose_term_undoing(
    *, decision: TermDecision, reason: str, by: User, at: datetime
) -> TermDecision:
    """提请撤销登记: a confirmed decision was recorded wrongly; somebody else confirms that."""
    case, decision = _locked(decision)

    Refused.if_any(_reasoned(selectors.undo_obstacles(decision), reason, "撤销"))

    decision.undo_reason, decision.undo_proposed_by = reason.strip(), by
    decision.undo_proposed_at = at
    decision.save(update_fields=["undo_reason", "undo_proposed_by", "undo_proposed_at"])

    words = {"why": reason.strip()}
    events.record(case, K.TERM_UNDO_PROPOSED, by=by, at=at, words=words, decision=str(decision.pk))

    late = selectors.is_late(decision, on=clock.day_of(at))
    _tell(decision, K.TERM_UNDO_PROPOSED, LEADER, *((BUREAU,) if late else ()))
    outbox.poke()
    return decision


@transaction.atomic
def confirm_term_undoing(*, decision: TermDecision, by: User, at: datetime) -> TermDecision:
    """确认撤销: the row stays and says so; the last day is what the working gives without it."""
    case, decision = _locked(decision)
    on = clock.day_of(at)

    Refused.if_any(selectors.confirmation_obstacles(decision, by=by, on=on))

    before = changes.standing([case])
    decision.undone_by, decision.undone_at = by, at
    decision.save(update_fields=["undone_by", "undone_at"])
    cases.move_end(case=case, on=on)

    of = {"kind": K.TERM_DECISION_CONFIRMED, "facts__decision": str(decision.pk)}
    events.record(
        case,
        K.TERM_DECISION_UNDONE,
        by=by,
        at=at,
        corrects=case.events.get(**of),
        words={"why": decision.undo_reason},
        decision=str(decision.pk),
        decided=decision.kind,
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])

    _tell(decision, K.TERM_DECISION_UNDONE, _role(decision.undo_proposed_by), GATE, BUREAU)
    outbox.poke()
    return decision


# The beats they share


def _recorded(case: Case, paper: Paper, *, by: User, at: datetime) -> TermDecision:
    """The row; a number that another facility recorded, which nobody here sees, is refused as well."""
    says = paper.says
    try:
        with transaction.atomic():
            return TermDecision.objects.create(
                case=case,
                kind=_kind(paper),
                number=paper.number,
                number_index=selectors.index_of(paper.number),
                authority=paper.authority,
                decided_on=paper.decided_on,
                received_on=paper.received_on,
                served_on=says.served_on,
                months=says.months if isinstance(says, Extension) else None,
                ends_on=says.ends_on if isinstance(says, EarlyRelease) else None,
                service=paper.kept(),
                status=ProposalStatus.PROPOSED,
                proposed_by=by,
                proposed_at=at,
            )
    except IntegrityError as error:
        raise Refused([Obstacle("“决定书文号”已在别处登记过，请核对文号")]) from error


def _drop_undoing(decision: TermDecision) -> None:
    """That it was recorded wrongly is asked no more; the event keeps who asked it and why."""
    decision.undo_proposed_by = decision.undo_proposed_at = decision.undo_reason = None
    decision.save(update_fields=["undo_proposed_by", "undo_proposed_at", "undo_reason"])


def _kind(paper: Paper) -> TermDecisionKind:
    early = isinstance(paper.says, EarlyRelease)
    return TermDecisionKind.EARLY_RELEASE if early else TermDecisionKind.EXTENSION


def _locked(decision: TermDecision) -> tuple[Case, TermDecision]:
    """The case, locked, and the decision as it stands under that lock."""
    case = cases.lock(decision.case, "decision")
    ours = TermDecision.objects.select_related("proposed_by__posting", "undo_proposed_by__posting")
    read = ours.get(pk=decision.pk)
    read.case = case
    return case, read


def _reasoned(found: tuple[Obstacle, ...], reason: str, act: str) -> tuple[Obstacle, ...]:
    if reason.strip():
        return found
    return (*found, Obstacle(f"“{act}理由”不能为空，请填写"))


def _role(user: User | None) -> str:
    """The role in which somebody is told; that of who records once he holds none."""
    return (user.role if user else "") or RECORDER


def _tell(decision: TermDecision, kind: Event.Kind, *roles: str) -> None:
    case = decision.case
    for role in dict.fromkeys(roles):
        notices.tell(case, kind, to=Post(role, case.facility_id), cycle=str(decision.pk))

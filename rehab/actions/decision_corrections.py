"""决定书更正: what is on file of a decision, or the organ's answer, moves the last day when another confirms it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from rehab import clock
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, DecisionCorrection, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.rules.decision_corrections import Correction
from rehab.rules.decisions import decision_key
from rehab.sealed import keyed_index
from rehab.selectors import DECISION
from rehab.selectors import decision_corrections as selectors
from rehab.states import CorrectionCause, ProposalStatus

K = Event.Kind
RECORDER, GATE, LEADER, BUREAU = "assessor", "intake_officer", "facility_leader", "bureau_approver"


@transaction.atomic
def propose_decision_correction(
    *, case: Case, correction: Correction, by: User, at: datetime
) -> DecisionCorrection:
    """登记决定书更正 or the organ's answer: nothing moves until somebody else confirms it."""
    case, on = cases.lock(case, "decision"), clock.day_of(at)

    Refused.if_any(selectors.proposal_obstacles(case, correction, on=on))

    one, letter = correction.becomes, correction.letter
    made: DecisionCorrection = DecisionCorrection.objects.create(
        case=case,
        cause=correction.cause,
        number=one.number,
        authority=one.authority,
        decided_on=one.decided_on,
        printed_starts_on=one.printed_starts_on,
        printed_ends_on=one.printed_ends_on,
        was=_kept(case),
        letter=letter.number if letter else None,
        written_on=letter.written_on if letter else None,
        received_on=letter.received_on if letter else None,
        reason=correction.reason.strip(),
        status=ProposalStatus.PROPOSED,
        proposed_by=by,
        proposed_at=at,
    )

    late = selectors.is_late(made, on=on)
    what = {"correction": str(made.pk), "cause": made.cause}
    events.record(case, K.DECISION_CORRECTION_PROPOSED, by=by, at=at, late=late, **what)
    deadlines.refresh([case])

    _tell(made, K.DECISION_CORRECTION_PROPOSED, LEADER, *((BUREAU,) if late else ()))
    outbox.poke()
    return made


@transaction.atomic
def confirm_decision_correction(
    *, correction: DecisionCorrection, by: User, at: datetime
) -> DecisionCorrection:
    """确认决定书更正, never by who proposed it: the last day is what the working gives with it."""
    case, correction = _locked(correction)
    on = clock.day_of(at)

    Refused.if_any(selectors.confirmation_obstacles(correction, by=by, on=on))

    before = changes.standing([case])
    correction.status = ProposalStatus.CONFIRMED
    correction.decided_by, correction.decided_at = by, at
    correction.save(update_fields=["status", "decided_by", "decided_at"])
    _write(case, correction)
    cases.move_end(case=case, on=on)

    upheld = correction.cause == CorrectionCause.UPHELD
    kind = K.DECISION_UPHELD if upheld else K.DECISION_CORRECTED
    events.record(
        case,
        kind,
        by=by,
        at=at,
        correction=str(correction.pk),
        cause=correction.cause,
        words={"why": correction.reason},
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])

    _tell(correction, kind, correction.proposed_by.role or RECORDER, GATE, BUREAU)
    outbox.poke()
    return correction


@transaction.atomic
def return_decision_correction(
    *, correction: DecisionCorrection, reason: str, by: User, at: datetime
) -> DecisionCorrection:
    """退回, with the reason: the decision and the last day stay."""
    case, correction = _locked(correction)

    unsaid = () if reason.strip() else (Obstacle("“退回理由”不能为空，请填写"),)
    Refused.if_any((*selectors.step_obstacles(correction, by=by, act="退回"), *unsaid))

    correction.status, correction.return_reason = ProposalStatus.RETURNED, reason.strip()
    correction.decided_by, correction.decided_at = by, at
    correction.save(update_fields=["status", "return_reason", "decided_by", "decided_at"])

    words = {"why": reason.strip()}
    kind, of = K.DECISION_CORRECTION_RETURNED, {"correction": str(correction.pk)}
    events.record(case, kind, by=by, at=at, words=words, **of)
    deadlines.refresh([case])

    _tell(correction, kind, correction.proposed_by.role or RECORDER)
    outbox.poke()
    return correction


# The beats they share


def _kept(case: Case) -> dict[str, str | None]:
    """What the decision says before it is written anew, in words."""
    says = selectors.paper_of(case.decision)
    return {
        name: str(value) if (value := getattr(says, name)) else None for name in selectors.LABELS
    }


def _write(case: Case, correction: DecisionCorrection) -> None:
    """The decision as it stands from now on; a number that another decision has is refused."""
    decision = case.decision
    for name in selectors.LABELS:
        setattr(decision, name, getattr(correction, name))
    decision.number_index = keyed_index(decision_key(decision.number), purpose=DECISION)
    try:
        with transaction.atomic():
            decision.save(update_fields=[*selectors.LABELS, "number_index"])
    except IntegrityError as error:
        raise Refused([Obstacle("“决定书文号”已登记在另一人名下，请核对文号")]) from error


def _locked(correction: DecisionCorrection) -> tuple[Case, DecisionCorrection]:
    """The case, locked, and the correction as it stands under that lock."""
    case = cases.lock(correction.case, "decision")
    ours = DecisionCorrection.objects.select_related("proposed_by__posting")
    read = ours.get(pk=correction.pk)
    read.case = case
    return case, read


def _tell(correction: DecisionCorrection, kind: Event.Kind, *roles: str) -> None:
    case = correction.case
    for role in dict.fromkeys(roles):
        notices.tell(case, kind, to=Post(role, case.facility_id), cycle=str(correction.pk))

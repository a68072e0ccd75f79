"""离所、回所: out of the facility while the case goes on, and back. 戒毒条例第三十一条、第三十二条、第三十六条."""

from datetime import datetime

from django.db import transaction

from rehab.actions import cases, escapes, placements
from rehab.actions.leave_papers import report_escape
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Absence, Bed, Case, Event, User
from rehab.refusal import Refused
from rehab.rules.absences import Comeback, Departure
from rehab.selectors import absences
from rehab.states import AbsenceKind, CaseStatus

LEFT = {
    AbsenceKind.HOSPITAL: Event.Kind.WENT_OUT,
    AbsenceKind.COURT: Event.Kind.WENT_OUT,
    AbsenceKind.HOME_VISIT: Event.Kind.WENT_OUT,
    AbsenceKind.HELD: Event.Kind.HELD_ELSEWHERE,
    AbsenceKind.ESCAPE: Event.Kind.ESCAPED,
}  # 所外就医 is granted, by an act of its own
RETURNED = {
    AbsenceKind.HOSPITAL: Event.Kind.CAME_BACK,
    AbsenceKind.COURT: Event.Kind.CAME_BACK,
    AbsenceKind.HOME_VISIT: Event.Kind.CAME_BACK,
    AbsenceKind.MEDICAL_LEAVE: Event.Kind.LEAVE_ENDED,
    AbsenceKind.HELD: Event.Kind.HANDED_BACK,
    AbsenceKind.ESCAPE: Event.Kind.RECAPTURED,
}


@transaction.atomic
def record_departure(*, case: Case, departure: Departure, by: User, at: datetime) -> Absence:
    """离所登记: to a hospital, a court or his family he keeps his bed; held elsewhere or escaped, it is free.

    The term runs on, whatever the reason; during an escape nobody can say when it ends. Who ran from a hospital,
    a court, a leave or where he was held: that ends at the moment at which the escape begins. Of an escape the
    letter to the police, the competent authority and the deciding organ is there at once.
    """
    case = cases.lock(case, "decision", "facility__bureau")
    kind, running = AbsenceKind(departure.kind), absences.open_absence(case)

    Refused.if_any(absences.departure_obstacles(case, running, departure, at=at))

    before = changes.standing([case])
    on_the_road = case.status == CaseStatus.IN_TRANSIT
    if running is not None:
        running.returned_at, running.ran = departure.left_at, True
        running.save(update_fields=["returned_at", "ran"])
    absence = Absence.objects.create(
        case=case,
        kind=kind,
        left_at=departure.left_at,
        expected_on=departure.expected_on,
        leaving=departure.kept(),
        recorded_by=by,
    )
    if kind.status:
        case.status = kind.status
        case.save(update_fields=["status"])
        placements.vacate(case=case, at=at)

    if kind == AbsenceKind.ESCAPE:
        report_escape(
            case=case, departure=departure, ran_from=running, on_the_road=on_the_road, by=by, at=at
        )

    if running is not None:
        said = {"absence": str(running.pk), "reason": running.kind}
        events.record(case, Event.Kind.RAN_FROM, by=by, at=departure.left_at, **said)
    events.record(
        case,
        LEFT[kind],
        by=by,
        at=departure.left_at,
        absence=str(absence.pk),
        reason=kind.value,
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])

    _tell_of_escape(case, LEFT[kind], absence)
    outbox.poke()
    return absence


@transaction.atomic
def record_return(
    *,
    case: Case,
    back: Comeback,
    bed: Bed | None,
    by: User,
    at: datetime,
) -> Absence:
    """回所登记: `bed` where his own was given up meanwhile. The term goes on as if he had been here.

    Of an escape with its proofs it is proposed that the whole days until he was caught are not counted, if nothing
    stands against it; until a leader confirms it the last day stays. Who was not looked at yet is let in all the
    same, and the clinic is told.
    """
    case = cases.lock(case)
    absence = absences.open_absence(case)

    Refused.if_any(absences.return_obstacles(absence, back, bed=bed, at=at))

    assert absence is not None
    kind = AbsenceKind(absence.kind)
    before = changes.standing([case])
    absence.returned_at, absence.received_by = back.returned_at, by
    absence.coming, absence.check_owed = back.kept(), back.to_be_checked
    absence.test_owed = kind == AbsenceKind.HOME_VISIT
    absence.save(update_fields=["returned_at", "received_by", "coming", "check_owed", "test_owed"])
    case.status = CaseStatus.IN_FACILITY
    case.save(update_fields=["status"])
    if bed is not None:
        placements.place(case=case, bed=bed, at=at)

    events.record(
        case,
        RETURNED[kind],
        by=by,
        at=back.returned_at,
        absence=str(absence.pk),
        reason=kind.value,
        changes=changes.since(before, [case])[case.pk],
    )
    deadlines.refresh([case])
    if kind == AbsenceKind.ESCAPE:
        escapes.propose_on_return(absence=absence, proof=back.proof, by=by, at=at)

    _tell_of_escape(case, RETURNED[kind], absence)
    if back.to_be_checked:
        clinic = Post("clinician", case.facility_id)
        notices.tell(case, RETURNED[kind], to=clinic, cycle=str(absence.pk))
    outbox.poke()
    return absence


@transaction.atomic
def record_return_check(*, case: Case, seen: str, findings: str, by: User, at: datetime) -> Absence:
    """回所体检: a physician has looked at who came back injured, or before anybody looked at him.

    `seen` is the key of the return that he looked at: of two each has a finding of its own.
    """
    case = cases.lock(case)
    absence = absences.unchecked(case)

    Refused.if_any(absences.check_obstacles(absence, findings, seen=seen))

    assert absence is not None
    absence.checked_at, absence.checked_by, absence.findings = at, by, findings.strip()
    absence.save(update_fields=["checked_at", "checked_by", "findings"])

    events.record(case, Event.Kind.RETURN_CHECKED, by=by, at=at, absence=str(absence.pk))
    deadlines.refresh([case])

    outbox.poke()
    return absence


@transaction.atomic(savepoint=False)  # stands or falls with the test it is part of
def note_return_test(
    *, case: Case, tested_at: datetime, positive: bool, by: User
) -> Absence | None:
    """回所检测: what a valid test says of who came back from his family. None where none is owed.

    Part of recording a drug test; the caller holds the case, has judged, and brings the deadlines up to date.
    """
    absence = absences.untested(case, at=tested_at)
    if absence is None:
        return None
    absence.tested_at, absence.tested_positive = tested_at, positive
    absence.save(update_fields=["tested_at", "tested_positive"])

    events.record(case, Event.Kind.RETURN_TESTED, by=by, at=tested_at, absence=str(absence.pk))
    return absence


def _tell_of_escape(case: Case, kind: Event.Kind, absence: Absence) -> None:
    """The leaders of the facility and the bureau learn of every escape, and of its end."""
    if absence.kind == AbsenceKind.ESCAPE:
        for role in ("facility_leader", "bureau_approver"):
            post = Post(role, case.facility_id)
            notices.tell(case, kind, to=post, cycle=str(absence.pk))

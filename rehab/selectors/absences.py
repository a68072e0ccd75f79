"""Who is out of the facility, and why somebody may not be written out or in again."""

from datetime import date, datetime

from django.db.models import Max, Prefetch, QuerySet

from rehab.models import Absence, Bed, Case, EscapeProposal, User
from rehab.refusal import Obstacle
from rehab.rules import absences as rules
from rehab.rules.absences import Comeback, Departure
from rehab.states import AbsenceKind, CaseStatus


def outside(user: User) -> QuerySet[Absence]:
    """Those who are out, of whom the user sees; who is expected first comes first."""
    seen = Absence.objects.visible_to(user).open()
    return seen.select_related("case__person", "case__unit", "case__facility", "recorded_by")


def open_absence(case: Case) -> Absence | None:
    """Since when and why somebody is out; None for who is here."""
    found = Absence.objects.open().filter(case=case)
    return found.select_related("recorded_by", "case").first()


def ever_escaped(case: Case) -> bool:
    """Whether an escape stands on his record."""
    return Absence.objects.standing().filter(case=case, kind=AbsenceKind.ESCAPE).exists()


def last_back(case: Case) -> datetime | None:
    """When he came back last; None for who never was out."""
    found: datetime | None = Absence.objects.filter(case=case).aggregate(back=Max("returned_at"))[
        "back"
    ]
    return found


def out_obstacles(
    case: Case, absence: Absence | None, *, kind: str | None = None
) -> tuple[Obstacle, ...]:
    """Why nobody can be written out for this: he is not here, or out already and did not run from there."""
    if absence is not None:
        why = absence.get_kind_display()
        return rules.out_obstacles(kind, since=absence.left_at, why=why, out_for=absence.kind)
    ran = case.status == CaseStatus.IN_TRANSIT and kind == AbsenceKind.ESCAPE
    if case.status != CaseStatus.IN_FACILITY and not ran:
        return (Obstacle(f"此人现为“{case.get_status_display()}”，不能办理离所登记"),)
    return ()


def departure_obstacles(
    case: Case, absence: Absence | None, departure: Departure, *, at: datetime
) -> tuple[Obstacle, ...]:
    """Every reason why this departure may not be written down."""
    return (
        *out_obstacles(case, absence, kind=departure.kind),
        *rules.departure_obstacles(
            departure,
            entered_at=case.entered_at,
            back_at=last_back(case),
            out_since=absence.left_at if absence else None,
            out_until=_visiting_until(absence),
            ends_on=case.ends_on,
            at=at,
        ),
    )


def _visiting_until(absence: Absence | None) -> date | None:
    """Until when somebody may be with his family; None for who is elsewhere."""
    visits = absence is not None and absence.kind == AbsenceKind.HOME_VISIT
    return absence.expected_on if absence is not None and visits else None


def unchecked(case: Case) -> Absence | None:
    """His first return that a physician is still to look at; None where there is none."""
    owed = Absence.objects.filter(case=case, check_owed=True, checked_at__isnull=True)
    return owed.select_related("received_by", "case").order_by("returned_at", "left_at").first()


def untested(case: Case, *, at: datetime) -> Absence | None:
    """The first outing to his family after whose return by then he is still to be tested; None where there is none."""
    owed = Absence.objects.filter(
        case=case, test_owed=True, tested_at__isnull=True, returned_at__lte=at
    )
    return owed.order_by("returned_at", "left_at").first()


def check_obstacles(absence: Absence | None, findings: str, *, seen: str) -> tuple[Obstacle, ...]:
    """Why no check on return can be written down; `seen` is the key of the return that was looked at."""
    if absence is None:
        return (Obstacle("此人没有待办的回所体检"),)
    if str(absence.pk) != seen:
        return (
            Obstacle("这次回所的体检已由同事登记；此人另有一次回所待检，请重新打开本页核对后登记"),
        )
    return () if findings.strip() else (Obstacle("“检查结果”不能为空，请填写"),)


def of_case(case: Case) -> QuerySet[Absence]:
    """Every time out, the last first, with both ends and what was proposed of it."""
    related = Absence.objects.filter(case=case).select_related(
        "recorded_by", "received_by", "checked_by", "confirmed_by"
    )
    proposals = EscapeProposal.objects.select_related("proposed_by", "decided_by")
    return related.prefetch_related(
        Prefetch("proposals", proposals.order_by("proposed_at"))
    ).order_by("-left_at")


def back_obstacles(absence: Absence | None) -> tuple[Obstacle, ...]:
    """Why nobody can be written in again: nobody is out."""
    return () if absence is not None else (Obstacle("此人没有离所登记，无须办理回所登记"),)


def return_obstacles(
    absence: Absence | None, back: Comeback, *, bed: Bed | None, at: datetime
) -> tuple[Obstacle, ...]:
    """Every reason why this return may not be written down; whether the bed fits is asked last."""
    if absence is None:
        return back_obstacles(absence)
    return (
        *rules.return_obstacles(absence.kind, back, left_at=absence.left_at, at=at),
        *_bed(absence, bed),
    )


def _bed(absence: Absence, bed: Bed | None) -> tuple[Obstacle, ...]:
    gave_up = AbsenceKind(absence.kind).status is not None
    if gave_up and bed is None:
        return (Obstacle("“床位”不能为空，请选择返回后的床位"),)
    if bed is not None and not gave_up:
        return (Obstacle("离所期间保留原床位，不必另选床位"),)
    return ()

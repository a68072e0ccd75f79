"""People out of the facility, by the acts that let them out."""

from datetime import date, datetime, timedelta

from rehab.models import Absence, Case, User
from rehab.rules.absences import Comeback, Departure
from rehab.states import AbsenceKind
from tests.factories import rehab as make
from zones import actions

LEFT = make.NOON
BACK = make.NOON + timedelta(days=3)


def departure(
    kind: AbsenceKind, *, at: datetime = LEFT, expected_on: date | None = None
) -> Departure:
    """Everything in order for this reason."""
    told = at if kind == AbsenceKind.ESCAPE else None
    return Departure(
        kind=kind, left_at=at, where="示例去向", escorts="示例警官", paper="示例 1 号",
        expected_on=expected_on or at.date() + timedelta(days=1), told_at=told,
    )  # fmt: skip


def out(case: Case, kind: AbsenceKind, *, by: User | None = None, at: datetime = LEFT) -> Absence:
    """Somebody who has left."""
    by = by or make.officer("facility_leader", case.facility)
    if kind == AbsenceKind.MEDICAL_LEAVE:
        actions.grant_leave(case=case, approval="示戒批〔2026〕1号", by=by, at=at)
        return Absence.objects.get(case=case, returned_at__isnull=True)
    return actions.leave_facility(case=case, departure=departure(kind, at=at), by=by, at=at)


def comeback(*, at: datetime = BACK, **changed: object) -> Comeback:
    """Brought back, looked at, nothing new."""
    facts = {"brought_by": "示例法警", "paper": "示例 2 号", "health_checked": True}
    return Comeback(returned_at=at, **facts | changed)

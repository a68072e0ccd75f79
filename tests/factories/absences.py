"""People out of the facility, by the acts that let them out."""

from datetime import date, datetime, timedelta

from rehab.clock import day_of
from rehab.models import Absence, Case, EscapeProposal, User
from rehab.rules.absences import Comeback, Departure
from rehab.rules.escapes import Proof
from rehab.states import AbsenceKind
from tests.factories import rehab as make
from zones import actions, selectors
from zones.models import Outing
from zones.rules.outings import OutingRequest

LEFT = make.NOON
BACK = make.NOON + timedelta(days=3)


def departure(
    kind: AbsenceKind, *, at: datetime = LEFT, expected_on: date | None = None
) -> Departure:
    """Everything in order for this reason."""
    told = at if kind == AbsenceKind.ESCAPE else None
    facts = "联系不上，家属证实已不知去向" if kind == AbsenceKind.ESCAPE else ""
    return Departure(
        kind=kind, left_at=at, where="示例去向", escorts="示例警官", paper="示例 1 号",
        expected_on=expected_on or at.date() + timedelta(days=1), told_at=told,
        facts=facts,
    )  # fmt: skip


def out(case: Case, kind: AbsenceKind, *, by: User | None = None, at: datetime = LEFT) -> Absence:
    """Somebody who has left."""
    by = by or make.officer("facility_leader", case.facility)
    if kind == AbsenceKind.HOME_VISIT:
        approved_outing(case, at=at)
    if kind == AbsenceKind.MEDICAL_LEAVE:
        actions.grant_leave(case=case, approval="示戒批〔2026〕1号", by=by, at=at)
        return Absence.objects.get(case=case, returned_at__isnull=True)
    return actions.leave_facility(case=case, departure=departure(kind, at=at), by=by, at=at)


def outing_request(*, at: datetime = LEFT, **changed: object) -> OutingRequest:
    """To his sick father until tomorrow, with everything in order."""
    facts = {
        "ground": "illness", "kin": "parent", "whom": "示例父亲", "place": "示例市医院", "proof_by": "hospital",
        "papers": "病危通知书", "escorts": "示例警官", "leaves_on": day_of(at),
        "returns_on": day_of(at) + timedelta(days=1),
    }  # fmt: skip
    return OutingRequest(**facts | changed)


def outing(case: Case, *, by: User | None = None, at: datetime = LEFT, **changed: object) -> Outing:
    """An outing that his officer asked for."""
    by = by or make.officer("intake_officer", case.facility)
    return actions.propose_outing(case=case, request=outing_request(at=at, **changed), by=by, at=at)


def approved_outing(
    case: Case,
    *,
    asked_by: User | None = None,
    by: User | None = None,
    at: datetime = LEFT,
    **changed: object,
) -> Outing:
    """One that a leader approved."""
    asked = outing(case, by=asked_by, at=at, **changed)
    by = by or make.officer("facility_leader", case.facility)
    return actions.approve_outing(case=case, seen=str(asked.pk), by=by, at=at)


def proof(*, at: datetime = BACK, **changed: object) -> Proof:
    """Everything that speaks for days that are not counted."""
    return Proof(**{"recaptured_at": at, "receipt": "接报 1 号", "statement": True} | changed)


def back(
    case: Case,
    *,
    by: User,
    at: datetime = BACK,
    written_at: datetime | None = None,
    **changed: object,
) -> Absence:
    """Somebody who is here again, in the first bed that fits where his own was given up."""
    away = Absence.objects.open().get(case=case)
    gave_up = AbsenceKind(away.kind).status is not None
    bed = selectors.return_beds(case, on=at.date()).first() if gave_up else None
    came = comeback(at=at, **changed)
    return actions.come_back(case=case, back=came, bed=bed, by=by, at=written_at or at)


def proposed(case: Case, *, by: User) -> EscapeProposal:
    """An escape that is over, of whose days it is proposed that they are not counted."""
    out(case, AbsenceKind.ESCAPE, by=by)
    back(case, by=by, proof=proof())
    return EscapeProposal.objects.open().get(case=case)


def comeback(*, at: datetime = BACK, **changed: object) -> Comeback:
    """Brought back, looked at, nothing new."""
    facts = {"brought_by": "示例法警", "paper": "示例 2 号", "health_checked": True}
    return Comeback(returned_at=at, **facts | changed)

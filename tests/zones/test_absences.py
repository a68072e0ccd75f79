"""离所、回所 with beds, moves, terms and the roll."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab import scope
from rehab.actions.absences import record_return_check
from rehab.actions.apart import keep_apart
from rehab.actions.cases import close_case, lock
from rehab.actions.places import open_extra_bed
from rehab.clock import day_of, standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Absence, Bed, Case, Deadline, Event, KeepApart, Notice, Placement, Unit
from rehab.refusal import Refused
from rehab.selectors.absences import open_absence, outside, unchecked
from rehab.states import AbsenceKind, CaseStatus, Stage
from tests.factories import absences as away
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, selectors
from zones.selectors.rollcall import roll_call
from zones.states import MoveStatus

pytestmark = pytest.mark.django_db
KINDS = list(AbsenceKind)
GIVE_UP = [one for one in KINDS if one.status]
KEEP = [one for one in KINDS if not one.status]
LEFT_BY = {
    AbsenceKind.HOSPITAL: "went_out", AbsenceKind.COURT: "went_out", AbsenceKind.HELD: "held_elsewhere",
    AbsenceKind.ESCAPE: "escaped", AbsenceKind.HOME_VISIT: "went_out", AbsenceKind.MEDICAL_LEAVE: "leave_granted",
}  # fmt: skip
BACK_BY = {
    AbsenceKind.HOSPITAL: "came_back", AbsenceKind.COURT: "came_back", AbsenceKind.HELD: "handed_back",
    AbsenceKind.ESCAPE: "recaptured", AbsenceKind.HOME_VISIT: "came_back", AbsenceKind.MEDICAL_LEAVE: "leave_ended",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now():
    with standing_at(away.BACK), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def case(facility):
    return zones_make.ready(facility)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def come_back(case, officer, *, bed=None, **changed):
    return actions.come_back(
        case=case, back=away.comeback(**changed), bed=bed, by=officer, at=away.BACK
    )


def bed_for(case, kind):
    return selectors.return_beds(case, on=away.BACK.date()).first() if kind.status else None


def lies(case):
    return Placement.objects.filter(case=case, held=False, period__endswith__isnull=True).first()


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.label)
def test_out_and_back(kind, case, officer):
    bed, ends_on = lies(case).bed, case.ends_on

    absence = away.out(case, kind, by=officer)

    case.refresh_from_db()
    assert case.status == (kind.status or CaseStatus.IN_FACILITY)
    assert (lies(case) is None) == (kind.status is not None)
    assert list(outside(officer)) == [absence] == [open_absence(case)]
    event = case.events.get(kind=LEFT_BY[kind])
    assert (event.happened_at, event.by) == (away.LEFT, officer)

    done = come_back(case, officer, bed=bed_for(case, kind), new_things="手机 1 部")

    case.refresh_from_db()
    assert (case.status, case.ends_on) == (CaseStatus.IN_FACILITY, ends_on)
    assert lies(case).bed == bed
    assert (done.received_by, done.returned_at) == (officer, away.BACK)
    assert done.coming["new_things"] == "手机 1 部"
    assert open_absence(case) is None
    assert not outside(officer).exists()
    assert case.events.get(kind=BACK_BY[kind]).happened_at == away.BACK


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.label)
def test_ledgers_say_the_same_when_rebuilt(kind, case, officer):
    def rows():
        return set(
            Deadline.objects.filter(case=case).values_list("clock", "due_at", "satisfied_at")
        )

    away.out(case, kind, by=officer)
    stood = rows()
    deadlines.rebuild(Case.objects.filter(pk=case.pk))
    assert rows() == stood

    come_back(case, officer, bed=bed_for(case, kind))
    stood = rows()
    deadlines.rebuild(Case.objects.filter(pk=case.pk))
    assert rows() == stood


def test_nobody_says_when_a_term_ends_during_an_escape(case, officer):
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    assert not Deadline.objects.filter(case=case, clock="term.expiry").exists()

    come_back(case, officer, bed=bed_for(case, AbsenceKind.ESCAPE))
    assert Deadline.objects.filter(case=case, clock="term.expiry").exists()


def test_leaders_and_bureau_learn_of_an_escape_and_its_end(case, officer):
    away.out(case, AbsenceKind.ESCAPE, by=officer)
    come_back(case, officer, bed=bed_for(case, AbsenceKind.ESCAPE))

    for clock in ("escaped", "recaptured"):
        told = Notice.objects.filter(case=case, clock=clock).values_list("role_id", flat=True)
        assert set(told) == {"facility_leader", "bureau_approver"}


def test_the_clinic_learns_of_injuries_and_of_nothing_else(case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)
    come_back(case, officer, injuries="左前臂擦伤，自述摔倒")
    away.out(case, AbsenceKind.HOSPITAL, by=officer, at=away.BACK)
    come_back(case, officer)

    told = Notice.objects.filter(case=case, clock="came_back")
    assert [one.role_id for one in told] == ["clinician"]


@pytest.mark.parametrize(
    ("came", "owed"),
    [
        pytest.param({"injuries": "左前臂擦伤"}, True, id="有伤情"),
        pytest.param({"health_checked": False}, True, id="未检查"),
        pytest.param({}, False, id="已检查无伤"),
    ],
)
def test_who_is_to_be_looked_at_is_looked_at_the_same_day(came, owed, facility, officer):
    case = door.case(facility)
    away.out(case, AbsenceKind.COURT, by=officer)
    come_back(case, officer, **came)
    due = Deadline.objects.filter(case=case, clock="intake.return_check")

    assert [day_of(one.due_at) for one in due.open()] == [away.BACK.date()] * owed
    if not owed:
        with pytest.raises(Refused, match="没有待办的回所体检"):
            check(facility, case)
        return
    with pytest.raises(Refused, match="“检查结果”不能为空"):
        check(facility, case, findings=" ")
    done = check(facility, case)

    assert (done.findings, done.checked_at) == ("未见异常", away.BACK)
    assert [one.satisfied_at for one in due] == [away.BACK]
    assert case.events.filter(kind="return_checked").count() == 1


def check(facility, case, findings="未见异常", seen=None):
    clinician = make.officer("clinician", facility)
    owed = unchecked(case)
    seen = str(owed.pk) if owed and seen is None else seen or ""
    return record_return_check(case=case, seen=seen, findings=findings, by=clinician, at=away.BACK)


def test_a_finding_is_of_the_return_that_was_looked_at(facility, officer):
    case = door.case(facility)
    first = away.out(case, AbsenceKind.COURT, by=officer)
    come_back(case, officer, health_checked=False)
    second = away.out(case, AbsenceKind.COURT, by=officer, at=away.BACK)
    come_back(case, officer, health_checked=False)
    check(facility, case, findings="左臂擦伤", seen=str(first.pk))

    with pytest.raises(Refused, match="已由同事登记"):
        check(facility, case, findings="左臂擦伤", seen=str(first.pk))
    check(facility, case, seen=str(second.pk))

    said = Absence.objects.filter(case=case).order_by("left_at", "pk")
    assert list(said.values_list("findings", flat=True)) == ["左臂擦伤", "未见异常"]


def test_who_was_released_is_owed_no_check_any_more(facility, officer):
    case = door.case(facility)
    away.out(case, AbsenceKind.COURT, by=officer)
    come_back(case, officer, health_checked=False)

    close_case(case=lock(case), to=CaseStatus.RELEASED, at=away.BACK)
    deadlines.refresh([Case.objects.get(pk=case.pk)])

    assert not Deadline.objects.filter(case=case, clock="intake.return_check").exists()


@pytest.mark.parametrize("kind", GIVE_UP, ids=lambda one: one.label)
@pytest.mark.parametrize("status", [MoveStatus.PROPOSED, MoveStatus.IN_TRANSIT])
def test_a_move_ends_with_who_gives_up_his_bed(kind, status, facility, case, officer):
    crew = zones_make.Crew(facility)
    make_move = zones_make.proposed if status == MoveStatus.PROPOSED else zones_make.in_transit
    move = make_move(case, crew)

    away.out(case, kind, by=officer, at=away.BACK)

    move.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN
    assert not Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


def test_a_move_goes_on_for_who_is_at_court(facility, case, officer):
    move = zones_make.proposed(case, zones_make.Crew(facility))

    away.out(case, AbsenceKind.COURT, by=officer, at=away.BACK)

    move.refresh_from_db()
    assert move.status == MoveStatus.PROPOSED


@pytest.mark.parametrize(
    ("first", "then"),
    [
        pytest.param(first, then, id=f"{first.label}-{then.label}")
        for first in KINDS
        for then in KINDS
        if not then == AbsenceKind.ESCAPE != first  # who runs, below
    ],
)
def test_who_is_out_is_not_let_out_again(first, then, case, officer):
    away.out(case, first, by=officer)

    with pytest.raises(Refused, match=r"请先办理回所登记|不能改为|不能办理"):
        away.out(case, then, by=officer, at=away.BACK)

    assert Absence.objects.filter(case=case).count() == 1
    assert case.events.filter(kind__in=LEFT_BY.values()).count() == 1


@pytest.mark.parametrize(
    "where", [k for k in KINDS if k != AbsenceKind.ESCAPE], ids=lambda k: k.label
)
def test_who_runs_from_where_he_is_has_escaped_from_there(where, facility, case, officer):
    first = away.out(case, where, by=officer)
    ran_at = away.LEFT + timedelta(hours=30)

    escape = away.out(case, AbsenceKind.ESCAPE, by=officer, at=ran_at)

    case.refresh_from_db()
    first.refresh_from_db()
    assert case.status == CaseStatus.ESCAPED
    assert (first.returned_at, first.ran, first.received_by) == (ran_at, True, None)
    assert list(outside(officer)) == [escape] == [open_absence(case)]
    assert lies(case) is None
    ended, begun = case.events.get(kind="ran_from"), case.events.get(kind="escaped")
    assert ended.facts["reason"] == where.value
    assert (ended.happened_at, begun.happened_at) == (ran_at, ran_at)
    assert not Deadline.objects.filter(case=case, clock="term.expiry").exists()
    roll = roll_call(make.officer("zone_officer", case.unit), case.unit, at=away.BACK)
    assert (roll.people, roll.away, roll.balanced) == (0, (), True)
    told = Notice.objects.filter(case=case, clock="escaped").values_list("role_id", flat=True)
    assert set(told) == {"facility_leader", "bureau_approver"}

    away.back(case, by=officer)

    case.refresh_from_db()
    assert case.status == CaseStatus.IN_FACILITY
    assert open_absence(case) is None
    assert lies(case) is not None


def test_nobody_ran_from_a_hospital_before_he_came_there(case, officer):
    away.out(case, AbsenceKind.HOSPITAL, by=officer)
    early = away.LEFT - timedelta(minutes=1)

    with pytest.raises(Refused, match="早于本次离所"):
        away.out(case, AbsenceKind.ESCAPE, by=officer, at=early)

    assert open_absence(case).kind == AbsenceKind.HOSPITAL


def test_running_away_is_one_with_its_events(case, officer, monkeypatch):
    first = away.out(case, AbsenceKind.HOSPITAL, by=officer)

    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        away.out(case, AbsenceKind.ESCAPE, by=officer, at=away.BACK)

    assert open_absence(case) == first
    assert lies(case) is not None


def test_who_has_been_released_is_not_let_out(case, officer):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.RELEASED, ended_at=away.LEFT)

    with pytest.raises(Refused, match="现为“解除”，不能办理离所登记"):
        away.out(case, AbsenceKind.COURT, by=officer)


def test_who_is_here_does_not_come_back(case, officer):
    with pytest.raises(Refused, match="没有离所登记，无须办理回所登记"):
        come_back(case, officer)


@pytest.mark.parametrize("kind", GIVE_UP, ids=lambda one: one.label)
def test_who_gave_up_his_bed_needs_one_of_his_zone(kind, facility, case, officer):
    away.out(case, kind, by=officer)

    with pytest.raises(Refused, match="“床位”不能为空"):
        come_back(case, officer)
    with pytest.raises(Refused, match="返回后仍住原区"):
        come_back(case, officer, bed=make.free_bed(make.unit(facility, Stage.CONSOLIDATION)))

    assert open_absence(case) is not None


@pytest.mark.parametrize("kind", KEEP, ids=lambda one: one.label)
def test_who_kept_his_bed_is_given_no_other(kind, case, officer):
    away.out(case, kind, by=officer)

    with pytest.raises(Refused, match="保留原床位，不必另选"):
        come_back(case, officer, bed=make.free_bed(case.unit))


def test_a_return_that_lacks_something_leaves_no_trace(case, officer):
    away.out(case, AbsenceKind.HELD, by=officer)
    before = Event.objects.count()

    with pytest.raises(Refused) as refused:
        come_back(case, officer, bed=bed_for(case, AbsenceKind.HELD), paper="", brought_by="")

    assert len(refused.value.obstacles) == 2
    assert Event.objects.count() == before
    case.refresh_from_db()
    assert case.status == CaseStatus.HELD_ELSEWHERE


def test_departure_and_return_are_one_with_their_events(case, officer, monkeypatch):
    away.out(case, AbsenceKind.HELD, by=officer)
    bed = bed_for(case, AbsenceKind.HELD)

    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        come_back(case, officer, bed=bed)

    assert open_absence(case) is not None
    assert lies(case) is None


def test_leave_ended_by_the_leader_ends_the_absence(facility, case):
    leader = make.officer("facility_leader", facility)
    away.out(case, AbsenceKind.MEDICAL_LEAVE, by=leader)

    actions.end_leave(
        case=case, bed=bed_for(case, AbsenceKind.MEDICAL_LEAVE), by=leader, at=away.BACK
    )

    one = Absence.objects.get(case=case)
    assert (one.returned_at, one.received_by) == (away.BACK, leader)


def test_rooms_of_those_he_is_kept_apart_from_are_not_offered(facility, case, officer):
    other = zones_make.ready(facility)
    away.out(case, AbsenceKind.HELD, by=officer)
    room = lies(other).bed.room
    offered = selectors.return_beds(case, on=away.BACK.date())
    assert offered.filter(room=room).exists()

    keep_apart(
        case=case, other=other, kind=KeepApart.Kind.values[0], distance=KeepApart.Distance.ROOM,
        reason="冲突", until=None, by=officer, at=away.BACK,
    )  # fmt: skip

    assert not selectors.return_beds(case, on=away.BACK.date()).filter(room=room).exists()


def test_the_roll_says_who_is_at_hospital(facility, case, officer):
    other = zones_make.ready(facility)
    away.out(case, AbsenceKind.HOSPITAL, by=officer)

    roll = roll_call(make.officer("zone_officer", case.unit), case.unit, at=away.BACK)

    assert {other.unit_id} == {case.unit_id}
    assert (roll.people, roll.present, roll.outside) == (2, 1, 1)
    assert roll.out_by_reason == (("离所就医", 1),)
    assert [head.case for head in roll.away] == [case]
    assert roll.balanced
    assert roll.exceptions


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"uncounted_days": 3}, "only_a_proved_escape_is_not_counted"),
        ({"returned_at": away.BACK}, "who_came_back_was_received"),
        ({"ran": True}, "who_came_back_was_received"),
        ({"checked_at": away.BACK}, "a_check_on_return_is_signed"),
        ({"kind": "escape", "ran": True, "returned_at": away.BACK}, "nobody_runs_from_an_escape"),
    ],
    ids=["不计入", "无人接收", "未止", "无人体检", "脱逃中脱逃"],
)
def test_the_database_keeps_it_too(case, officer, changed, constraint):
    away.out(case, AbsenceKind.COURT, by=officer)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Absence.objects.filter(case=case).update(**changed)


def test_nobody_is_out_twice_at_once(case, officer):
    away.out(case, AbsenceKind.COURT, by=officer)

    with pytest.raises(IntegrityError, match="one_open_absence_per_case"), transaction.atomic():
        Absence.objects.create(
            case=case, kind=AbsenceKind.COURT, left_at=away.LEFT, recorded_by=officer
        )


# 加床


@pytest.fixture
def full(case, officer):
    """Somebody who was held elsewhere, and whose zone has no bed left; in one room another one lies."""
    zones_make.ready(case.facility)
    away.out(case, AbsenceKind.HELD, by=officer)
    Bed.objects.free().filter(room__unit__zone=case.zone).update(
        closed_at=away.BACK, closed_for="检修"
    )
    return case


def room_for(case):
    return selectors.return_rooms(case, on=away.BACK.date()).first()


def come_back_to_extra_bed(case, officer, room):
    return actions.come_back_to_extra_bed(
        case=case, back=away.comeback(), room=room, by=officer, at=away.BACK
    )


def test_who_returns_to_a_full_zone_lies_in_an_extra_bed(facility, full, officer):
    room = room_for(full)

    come_back_to_extra_bed(full, officer, room)

    full.refresh_from_db()
    bed = lies(full).bed
    assert (full.status, open_absence(full)) == (CaseStatus.IN_FACILITY, None)
    assert (bed.room, bed.label, bed.extra, bed.closed_at) == (room, "加1", True, None)
    event = Event.objects.get(kind="extra_bed_opened")
    assert (event.by, event.facts["bed"]) == (officer, str(bed.pk))
    roll = roll_call(make.officer("zone_officer", full.unit), full.unit, at=away.BACK)
    assert (roll.people, roll.balanced) == (2, True)


def test_an_extra_bed_is_out_of_use_once_it_is_free_and_opened_again(full, officer):
    room = room_for(full)
    come_back_to_extra_bed(full, officer, room)
    bed, later = lies(full).bed, away.BACK + timedelta(days=1)

    away.out(full, AbsenceKind.HELD, by=officer, at=later)
    bed.refresh_from_db()
    assert (bed.closed_at, bed.closed_for) == (later, "加床腾空")

    actions.come_back_to_extra_bed(
        case=full, back=away.comeback(at=later), room=room, by=officer, at=later
    )
    assert lies(full).bed == bed
    assert room.beds.filter(extra=True).count() == 1


def test_an_extra_bed_that_was_closed_for_a_reason_stays_closed(full, officer):
    room = room_for(full)
    come_back_to_extra_bed(full, officer, room)
    first, later = lies(full).bed, away.BACK + timedelta(days=1)
    away.out(full, AbsenceKind.HELD, by=officer, at=later)
    Bed.objects.filter(pk=first.pk).update(closed_for="床架损坏")

    actions.come_back_to_extra_bed(
        case=full, back=away.comeback(at=later), room=room, by=officer, at=later
    )

    first.refresh_from_db()
    assert (first.closed_at, first.closed_for) == (later, "床架损坏")
    assert lies(full).bed.label == "加2"


def test_no_bed_is_added_in_a_room_that_is_wholly_out_of_use(full, officer):
    room = room_for(full)
    room.beds.filter(extra=False).update(closed_at=away.BACK, closed_for="整修")

    assert room_for(full) is None
    with pytest.raises(Refused, match="适合此人的房间，请另选"):
        come_back_to_extra_bed(full, officer, room)

    assert not Bed.objects.filter(extra=True).exists()


def test_no_bed_is_added_where_one_is_free_or_where_he_may_not_lie(facility, full, officer):
    elsewhere = make.free_bed(make.unit(facility, Stage.CONSOLIDATION)).room

    with pytest.raises(Refused, match="适合此人的房间，请另选"):
        come_back_to_extra_bed(full, officer, elsewhere)
    room = room_for(full)
    room.beds.update(closed_at=None, closed_for="")
    with pytest.raises(Refused, match="请选择床位，不必加床"):
        come_back_to_extra_bed(full, officer, room)

    assert not Bed.objects.filter(extra=True).exists()
    assert open_absence(full) is not None


def test_no_bed_is_added_in_a_unit_that_was_closed(full, officer):
    room = room_for(full)
    Unit.objects.filter(pk=room.unit_id).update(closed_at=away.BACK)

    assert room_for(full) is None
    with pytest.raises(Refused, match="已经撤销"):
        open_extra_bed(room=room, by=officer, at=away.BACK)


def test_a_return_that_is_refused_leaves_no_extra_bed(full, officer):
    with pytest.raises(Refused, match="“送回人”不能为空"):
        actions.come_back_to_extra_bed(
            case=full, back=away.comeback(brought_by=""), room=room_for(full), by=officer,
            at=away.BACK,
        )  # fmt: skip

    assert not Bed.objects.filter(extra=True).exists()
    assert not Event.objects.filter(kind="extra_bed_opened").exists()

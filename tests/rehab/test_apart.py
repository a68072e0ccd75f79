"""分开管理: two people who share no room, or no 大队, whoever places them and however many at once."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab import scope
from rehab.actions import apart as actions
from rehab.actions import placements
from rehab.models import Bed, Event, KeepApart, Notice
from rehab.refusal import Refused
from rehab.rules import apart as rules
from rehab.selectors import apart
from rehab.states import Stage
from tests.factories import rehab as make

TODAY = make.NOON.date()
LATER = make.NOON + timedelta(hours=1)
ROOM, UNIT = KeepApart.Distance.ROOM, KeepApart.Distance.UNIT


def noted(case, other, *, distance=ROOM, until=None, by=None, reason="入所前有纠纷"):
    return actions.keep_apart(
        case=case, other=other, kind=KeepApart.Kind.CONFLICT, distance=distance, reason=reason,
        until=until, by=by or make.officer("zone_officer", case.unit), at=make.NOON,
    )  # fmt: skip


@pytest.fixture
def other(facility):
    """Somebody who lies in another 大队."""
    other = make.case(facility)
    unit = make.unit(facility, Stage.ADAPTATION)
    placements.place(case=other, bed=make.free_bed(unit), at=make.NOON)
    return other


def beds_of(bed):
    """A free bed in the same room, and one of the same 大队 in another room."""
    free = Bed.objects.free()
    beside = free.filter(room=bed.room).first()
    near = free.filter(room__unit=bed.room.unit, room__sex=bed.room.sex).exclude(room=bed.room)
    return beside, near.first()


def lain_in(case):
    return case.placements.get(period__endswith__isnull=True).bed


# Noting and ending ----


def test_keep_apart(case, other):
    record = noted(case, other)

    assert {record.first, record.second} == {case, other}
    assert record.reason == "入所前有纠纷"
    events = Event.objects.filter(kind=Event.Kind.KEPT_APART)
    assert {event.case for event in events} == {case, other}
    assert {event.facts["keep_apart"] for event in events} == {str(record.pk)}
    told = Notice.objects.filter(clock=Event.Kind.KEPT_APART)
    assert {(one.role_id, one.unit) for one in told} == {
        (role, one.unit) for role in ("zone_officer", "zone_leader") for one in (case, other)
    }


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"himself": True}, "就是此人自己", id="本人"),
        pytest.param({"inside": False}, "都是本所未解除的人员", id="不在本所"),
        pytest.param({"known": True}, "已登记分开管理", id="已登记"),
        pytest.param({"until": TODAY - timedelta(days=1)}, "不能早于今天", id="昨天"),
        pytest.param({"until": TODAY}, None, id="今天"),
        pytest.param({}, None, id="长期"),
    ],
)
def test_noting_obstacles(changed, said):
    facts = {"himself": False, "inside": True, "known": False, "until": None, "on": TODAY}

    found = rules.noting_obstacles(**facts | changed)

    assert [said in one.message for one in found] == ([True] if said else [])


def test_keep_apart_twice_is_refused(case, other):
    noted(case, other)

    with pytest.raises(Refused, match="已登记分开管理"):
        noted(other, case)

    assert KeepApart.objects.count() == 1


def test_keep_apart_from_himself_or_without_a_reason_leaves_no_trace(case, other):
    with pytest.raises(Refused, match="就是此人自己"):
        noted(case, case)
    with pytest.raises(Refused, match="“理由”不能为空"):
        noted(case, other, reason=" ")

    assert not KeepApart.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.KEPT_APART).exists()


def test_keep_apart_from_somebody_of_another_facility_is_refused(case):
    stranger = make.case(make.facility("T77"))

    with pytest.raises(Refused, match="本所未解除"):
        noted(case, stranger)
    assert apart.partner(case, stranger.number) is None


def test_the_database_wants_one_record_of_a_pair(case, other):
    record = noted(case, other)
    facts = {
        "facility": case.facility, "kind": "other", "distance": "room", "reason": "x",
        "noted_by": record.noted_by, "noted_at": make.NOON,
    }  # fmt: skip

    with pytest.raises(IntegrityError, match="one_unended"), transaction.atomic():
        KeepApart.objects.create(first=record.first, second=record.second, **facts)
    with pytest.raises(IntegrityError, match="in_one_order"), transaction.atomic():
        KeepApart.objects.create(first=record.second, second=record.first, **facts)


def test_end_keeping_apart(case, other):
    record = noted(case, other)
    by = make.officer("zone_leader", other.unit)

    ended = actions.end_keeping_apart(record=record, reason="已和解", by=by, at=LATER)

    assert (ended.ended_by, ended.ended_at, ended.end_reason) == (by, LATER, "已和解")
    assert Event.objects.filter(kind=Event.Kind.KEEPING_APART_ENDED).count() == 2
    placements.place(case=case, bed=beds_of(lain_in(other))[0], at=LATER)
    with pytest.raises(Refused, match="已经终止"):
        actions.end_keeping_apart(record=record, reason="再次", by=by, at=LATER)
    assert noted(case, other).pk != record.pk


def test_end_keeping_apart_gives_its_reason(case, other):
    record = noted(case, other)

    with pytest.raises(Refused, match="终止理由"):
        actions.end_keeping_apart(record=record, reason="", by=record.noted_by, at=LATER)

    assert KeepApart.objects.get().ended_at is None


# Beds ----


def test_who_is_kept_apart_gets_no_bed_in_the_same_room(case, other):
    beside, _ = beds_of(lain_in(other))
    noted(case, other)

    with (
        pytest.raises(Refused, match="有 1 名须与此人分开的人员，请另选房间"),
        transaction.atomic(),
    ):
        placements.place(case=case, bed=beside, at=LATER)
    with pytest.raises(Refused, match="请另选房间"), transaction.atomic():
        placements.hold(case=case, bed=beside, at=LATER)


def test_another_room_of_the_same_unit_is_near_enough(case, other, facility):
    """Rooms apart, one 大队: allowed where it is the room that is not to be shared."""
    bed = lain_in(other)
    room = bed.room.unit.rooms.create(name="201", sex=bed.room.sex)
    there = room.beds.create(label="1")
    noted(case, other)

    placements.place(case=case, bed=there, at=LATER)

    assert lain_in(case) == there


def test_who_shares_no_unit_gets_no_bed_in_any_of_its_rooms(case, other):
    bed = lain_in(other)
    there = bed.room.unit.rooms.create(name="201", sex=bed.room.sex).beds.create(label="1")
    noted(case, other, distance=UNIT)

    with pytest.raises(Refused, match="有 1 名须与此人不同大队的人员"):
        placements.place(case=case, bed=there, at=LATER)


@pytest.mark.parametrize("days", [0, 3])
def test_it_holds_until_its_last_day(days, case, other):
    beside, _ = beds_of(lain_in(other))
    last = make.NOON + timedelta(days=days)
    noted(case, other, until=last.date())

    with pytest.raises(Refused, match="请另选房间"), transaction.atomic():
        placements.place(case=case, bed=beside, at=last)
    placements.place(case=case, bed=beside, at=last + timedelta(days=1))

    assert lain_in(case) == beside


def test_two_of_one_act_are_kept_apart_too(case, facility):
    other = make.case(facility)
    noted(case, other)
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))
    beside = Bed.objects.free().filter(room=bed.room).exclude(pk=bed.pk).first()

    outcome = placements.hold_all(pairs=[(case, bed), (other, beside)], at=LATER)

    assert [one.case for one in outcome.done] == [case]
    assert "请另选房间" in outcome.refused[other.pk][0].message


# What others read ----


def test_lines_of(case, other):
    record = noted(case, other)

    (line,) = apart.lines_of(case, record.noted_by, on=TODAY)

    assert (line.record, line.other, line.named, line.in_force) == (record, other, False, True)
    assert line.together == ()
    assert str(line) == f"{other.unit}的一名人员"
    (seen,) = apart.lines_of(case, make.officer("facility_leader", case.facility), on=TODAY)
    assert str(seen) == f"{other.person}（{other}）"
    later = TODAY + timedelta(days=1)
    KeepApart.objects.update(until=TODAY)
    assert not apart.lines_of(case, record.noted_by, on=later)[0].in_force


def test_lines_say_that_the_two_share_a_room_now(case, facility):
    beside = make.case(facility)
    record = noted(case, beside)

    (line,) = apart.lines_of(case, record.noted_by, on=TODAY)

    assert "请另选房间" in line.together[0].message


def test_lines_of_somebody_without_a_bed(case, other):
    record = noted(case, other)
    placements.vacate(case=case, at=LATER)

    assert apart.lines_of(case, record.noted_by, on=TODAY)[0].together == ()


def test_only_who_sees_one_of_the_two_sees_the_record(case, other, facility):
    record = noted(case, other)

    def seen(place, role="zone_officer"):
        return KeepApart.objects.visible_to(make.officer(role, place)).filter(pk=record.pk).exists()

    assert seen(case.unit)
    assert seen(other.unit)
    assert not seen(make.unit(facility, Stage.REENTRY))
    assert not seen(make.facility("T78"), "facility_leader")


def test_keeping_apart_is_fenced(case, other):
    noted(case, other)
    stranger = make.officer("facility_leader", make.facility("T79"))

    with scope.within(stranger.scope_at(make.NOON)):
        assert not KeepApart.objects.exists()
    with scope.within(scope.NOBODY):
        assert not KeepApart.objects.exists()


def test_class_cautions(case, other, facility):
    neutral = make.case(facility)

    assert apart.class_cautions(case, [neutral, other], on=TODAY) == ()
    noted(case, other)
    (caution,) = apart.class_cautions(case, [neutral, other], on=TODAY)

    assert (caution.code, "班内有 1 名" in caution.message) == ("kept_apart", True)
    assert apart.class_cautions(case, [neutral], on=TODAY) == ()

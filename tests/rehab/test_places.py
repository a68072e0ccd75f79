"""大队, rooms and beds, opened and closed; nobody is ever placed where nothing stands open."""

import pytest
from django.db import IntegrityError, transaction

from rehab import clock, scope
from rehab.actions import cases, placements, places
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.models import Bed, Bureau, Case, Event, Placement, Unit, User
from rehab.refusal import Refused
from rehab.selectors import houses
from rehab.states import Sex, Stage
from tests.factories import rehab as make

PLAN = UnitPlan(
    "六大队", Stage.REENTRY, [RoomPlan("男区1", Sex.MALE, 6), RoomPlan("女区1", Sex.FEMALE, 2)]
)
LATER = make.at(2026, 11, 22)


@pytest.fixture
def admin(facility):
    return make.officer("system_admin", facility.province)


@pytest.fixture
def unit(facility, admin):
    return places.open_unit(facility=facility, plan=PLAN, by=admin, at=make.NOON)


def as_admin(admin):
    return scope.within(admin.scope_at(clock.real_now()))


def events(kind):
    return list(Event.objects.filter(kind=kind))


def test_open_unit(unit, facility, admin):
    assert (unit.facility, unit.zone.stage, unit.closed_at) == (facility, Stage.REENTRY, None)
    assert sorted(str(bed) for bed in Bed.objects.filter(room__unit=unit)) == [
        *(f"女区1-{n}" for n in (1, 2)),
        *(f"男区1-{n}" for n in range(1, 7)),
    ]
    (event,) = events(Event.Kind.UNIT_OPENED)
    assert (event.by, event.facility, event.facts["beds"]) == (admin, facility, 8)


def test_open_unit_under_a_name_that_is_taken(unit, facility, admin):
    with pytest.raises(Refused, match="已有“六大队”"):
        places.open_unit(facility=facility, plan=PLAN, by=admin, at=make.NOON)

    assert Unit.objects.filter(name="六大队").count() == 1
    assert len(events(Event.Kind.UNIT_OPENED)) == 1


def test_open_unit_stands_or_falls_with_its_event(facility, admin, monkeypatch):
    monkeypatch.setattr(Event, "objects", None)

    with pytest.raises(AttributeError):
        places.open_unit(facility=facility, plan=PLAN, by=admin, at=make.NOON)

    assert not Unit.objects.filter(name="六大队").exists()


def test_an_administrator_opens_under_his_own_scope(facility, admin):
    with as_admin(admin):
        unit = places.open_unit(facility=facility, plan=PLAN, by=admin, at=make.NOON)
        assert Event.objects.get(kind=Event.Kind.UNIT_OPENED).facts["unit"] == str(unit.pk)


def test_an_administrator_writes_nothing_for_a_house_that_is_not_his(facility):
    other = make.officer("system_admin", make.bureau("另一省戒毒管理局"))

    with (
        as_admin(other),
        pytest.raises(Exception, match="row-level security"),
        transaction.atomic(),
    ):
        places.open_unit(facility=facility, plan=PLAN, by=other, at=make.NOON)


def test_open_squad(unit, admin):
    squad = places.open_squad(brigade=unit, name="一中队", by=admin, at=make.NOON)

    assert (squad.parent, squad.zone) == (unit, None)
    assert len(events(Event.Kind.UNIT_OPENED)) == 2


@pytest.mark.parametrize("of", ["closed", "squad"])
def test_open_squad_where_none_may_stand(of, unit, admin):
    if of == "closed":
        places.close_unit(unit=unit, by=admin, at=make.NOON)
    else:
        unit = places.open_squad(brigade=unit, name="一中队", by=admin, at=make.NOON)

    with pytest.raises(Refused, match="设在现有的大队之下"):
        places.open_squad(brigade=unit, name="二中队", by=admin, at=make.NOON)


def test_close_unit(unit, facility, admin):
    places.close_unit(unit=unit, by=admin, at=LATER)

    unit.refresh_from_db()
    assert unit.closed_at == LATER
    assert not Bed.objects.in_use().filter(room__unit=unit).exists()
    assert set(Bed.objects.filter(room__unit=unit).values_list("closed_for", flat=True)) == {
        "六大队撤销"
    }
    (event,) = events(Event.Kind.UNIT_CLOSED)
    assert event.facts == {"unit": str(unit.pk), "beds": 8}
    assert places.open_unit(facility=facility, plan=PLAN, by=admin, at=LATER).name == "六大队"


def lodged(case, unit):
    bed = make.free_bed(unit)
    placements.place(case=cases.lock(case), bed=bed, at=make.at(2026, 11, 21, 13))
    return bed


def test_close_unit_with_people_in_it(unit, case, admin):
    lodged(case, unit)
    make.officer("zone_officer", unit)

    with pytest.raises(Refused, match=r"还有 1 人在住.*1 名民警"):
        places.close_unit(unit=unit, by=admin, at=LATER)

    unit.refresh_from_db()
    assert unit.closed_at is None
    assert not events(Event.Kind.UNIT_CLOSED)


def test_an_administrator_counts_those_whom_he_does_not_see(unit, case, admin):
    lodged(case, unit)

    with as_admin(admin):
        assert not Case.objects.exists()
        assert not Placement.objects.exists()
        assert houses.standing(unit).people == 1
        with pytest.raises(Refused, match="还有 1 人在住"):
            places.close_unit(unit=unit, by=admin, at=LATER)


def test_who_is_away_or_on_the_way_stands_in_the_way(unit, case, facility, admin):
    coming = make.case(facility)
    lodged(case, unit)
    cases.grant_medical_leave(case=case, approval="示例 1 号", by=admin, at=LATER)
    beds = Bed.objects.free().filter(room__unit=unit, room__name="男区1").order_by("label")
    placements.hold(case=cases.lock(coming), bed=beds[1], at=LATER)

    found = houses.standing(unit)

    assert (found.people, found.away, found.on_the_way) == (0, 1, 1)


def test_a_squad_stands_in_the_way(unit, admin):
    squad = places.open_squad(brigade=unit, name="一中队", by=admin, at=make.NOON)
    with pytest.raises(Refused, match="还设有一中队"):
        places.close_unit(unit=unit, by=admin, at=LATER)

    places.close_unit(unit=squad, by=admin, at=LATER)
    places.close_unit(unit=unit, by=admin, at=LATER)

    assert not Unit.objects.open().filter(pk__in=[unit.pk, squad.pk]).exists()
    with pytest.raises(Refused, match="已经撤销"):
        places.close_unit(unit=unit, by=admin, at=LATER)


def test_add_rooms(unit, admin):
    places.add_rooms(unit=unit, rooms=[RoomPlan("男区2", Sex.MALE, 4)], by=admin, at=make.NOON)

    assert unit.rooms.get(name="男区2").beds.count() == 4
    assert len(events(Event.Kind.ROOMS_ADDED)) == 1


@pytest.mark.parametrize(
    ("rooms", "closed", "said"),
    [
        ([], False, "还没有填写"),
        ([RoomPlan("男区1", Sex.MALE, 4)], False, "已有房间 男区1"),
        ([RoomPlan("男区2", Sex.MALE, 0)], False, "至少 1 张床"),
        ([RoomPlan("男区2", Sex.MALE, 4)], True, "已经撤销"),
    ],
)
def test_add_rooms_refused(rooms, closed, said, unit, admin):
    if closed:
        places.close_unit(unit=unit, by=admin, at=make.NOON)

    with pytest.raises(Refused, match=said):
        places.add_rooms(unit=unit, rooms=rooms, by=admin, at=make.NOON)

    assert unit.rooms.count() == 2


def test_a_squad_has_no_rooms_of_its_own(unit, admin):
    squad = places.open_squad(brigade=unit, name="一中队", by=admin, at=make.NOON)
    room = squad.rooms.create(name="旧房", sex=Sex.MALE)

    with pytest.raises(Refused, match="请在六大队增设"):
        places.add_rooms(unit=squad, rooms=[RoomPlan("男区9", Sex.MALE, 4)], by=admin, at=make.NOON)
    with pytest.raises(Refused, match="请在六大队增设"):
        places.add_beds(room=room, number=2, by=admin, at=make.NOON)

    assert (squad.rooms.get(), room.beds.count()) == (room, 0)


def test_add_beds(unit, admin):
    room = unit.rooms.get(name="女区1")
    Bed.objects.create(room=room, label="临1")

    beds = places.add_beds(room=room, number=2, by=admin, at=make.NOON)

    assert [bed.label for bed in beds] == ["3", "4"]
    assert events(Event.Kind.BEDS_ADDED)[0].facts["beds"] == 2


@pytest.mark.parametrize(("number", "closed", "said"), [(0, False, "至少 1"), (1, True, "撤销")])
def test_add_beds_refused(number, closed, said, unit, admin):
    room = unit.rooms.get(name="女区1")
    if closed:
        places.close_unit(unit=unit, by=admin, at=make.NOON)

    with pytest.raises(Refused, match=said):
        places.add_beds(room=room, number=number, by=admin, at=make.NOON)

    assert room.beds.count() == 2


def test_close_and_reopen_beds(unit, admin):
    beds = list(Bed.objects.filter(room__unit=unit, room__sex=Sex.FEMALE))

    places.close_beds(unit=unit, beds=beds, reason=" 维修 ", by=admin, at=make.NOON)
    assert {bed.closed_for for bed in Bed.objects.filter(pk__in=[one.pk for one in beds])} == {
        "维修"
    }
    assert make.free_bed(unit, sex=Sex.FEMALE) is None
    places.reopen_beds(unit=unit, beds=beds, by=admin, at=LATER)

    assert make.free_bed(unit, sex=Sex.FEMALE) in beds
    assert [len(one.facts["beds"]) for one in events(Event.Kind.BEDS_CLOSED)] == [2]
    assert len(events(Event.Kind.BEDS_REOPENED)) == 1


def test_a_bed_that_is_lain_in_is_not_closed(unit, case, admin):
    bed = lodged(case, unit)

    with pytest.raises(Refused, match="有人或者已预留"):
        places.close_beds(unit=unit, beds=[bed], reason="维修", by=admin, at=LATER)

    assert not Bed.objects.filter(closed_at__isnull=False).exists()


def test_beds_of_another_unit_are_left_alone(unit, facility, admin):
    other = make.free_bed(make.unit(facility, Stage.DETOX))

    assert places.close_beds(unit=unit, beds=[other], reason="维修", by=admin, at=LATER) == []
    other.refresh_from_db()
    assert other.closed_at is None


def test_beds_of_a_closed_unit_stay_closed(unit, admin):
    beds = list(Bed.objects.filter(room__unit=unit))
    places.close_unit(unit=unit, by=admin, at=make.NOON)

    with pytest.raises(Refused, match="已经撤销"):
        places.reopen_beds(unit=unit, beds=beds, by=admin, at=LATER)
    with pytest.raises(Refused, match="已经停用"):
        places.close_beds(unit=unit, beds=beds[:1], reason="维修", by=admin, at=LATER)


def test_nobody_is_placed_in_a_bed_out_of_use(unit, case, admin):
    bed = make.free_bed(unit)
    places.close_beds(unit=unit, beds=[bed], reason="维修", by=admin, at=make.NOON)

    with pytest.raises(Refused, match="已停用（维修）"), transaction.atomic():
        placements.place(case=cases.lock(case), bed=bed, at=LATER)
    with pytest.raises(IntegrityError, match="in a bed that is in use"), transaction.atomic():
        Placement.objects.filter(case=case).update(bed=bed)


def test_lines_of_a_house(unit, case, facility, admin, django_assert_num_queries):
    lodged(case, unit)
    make.officer("zone_officer", unit)
    places.open_squad(brigade=unit, name="一中队", by=admin, at=make.NOON)
    closing = [make.free_bed(unit, sex=Sex.FEMALE)]
    places.close_beds(unit=unit, beds=closing, reason="维修", by=admin, at=make.NOON)

    with django_assert_num_queries(3):
        lines = houses.unit_lines(facility)

    names = [line.unit.name for line in lines]
    assert names[0] == "生理脱毒大队"
    assert names[names.index("六大队") + 1] == "一中队"
    mine = lines[names.index("六大队")]
    assert (mine.beds, mine.taken, mine.free, mine.closed, mine.officers) == (7, 1, 6, 1, 1)


def test_what_an_administrator_looks_after(facility, admin):
    ministry = make.officer("system_admin", facility.province.parent)
    own = make.officer("system_admin", facility)
    elsewhere = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    far = make.officer("zone_officer", make.unit(elsewhere, Stage.DETOX))
    near = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    station = make.officer("aftercare_worker", make.station())
    unposted = User(username="x", display_name="x", sex=Sex.MALE)

    assert set(houses.facilities(ministry)) == {facility, elsewhere}
    assert set(houses.facilities(admin)) == set(houses.facilities(own)) == {facility}
    assert not houses.facilities(unposted).exists()
    assert set(houses.accounts(own)) == {own, near}
    assert set(houses.accounts(admin)) == {admin, own, near, station}
    assert {far, ministry} <= set(houses.accounts(ministry))
    assert not houses.stations(own).exists()
    assert houses.stations(admin).count() == 1
    assert Bureau.objects.count() == 3

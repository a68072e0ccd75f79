from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rehab.actions import placements
from rehab.models import Bed, Case, Placement
from rehab.refusal import Refused
from rehab.states import Sex, Stage
from tests.factories import rehab as make

LATER = make.at(2026, 11, 22)


def test_place_frees_the_former_bed(case, facility):
    first = case.placements.get().bed
    second = make.free_bed(case.unit)

    placements.place(case=case, bed=second, at=LATER)

    assert Bed.objects.free().filter(pk=first.pk).exists()
    assert not Bed.objects.free().filter(pk=second.pk).exists()
    assert case.placements.get(period__endswith__isnull=True).bed == second
    assert case.zone_entered_at == make.NOON


def test_place_in_another_zone_starts_its_days(case, facility):
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))

    placements.place(case=case, bed=bed, at=LATER)

    assert (case.unit, case.zone.stage, case.zone_entered_at) == (
        bed.room.unit,
        Stage.ADAPTATION,
        LATER,
    )


def test_place_in_a_taken_bed_is_refused(case, facility):
    taken = case.placements.get().bed
    other = make.case(facility)

    with pytest.raises(Refused, match="已有人或已预留"):
        placements.place(case=other, bed=taken, at=LATER)


def test_place_at_a_moment_when_another_still_lay_there_is_refused(case, facility):
    bed, other = case.placements.get().bed, make.case(facility)
    placements.place(case=case, bed=make.free_bed(case.unit), at=LATER)
    moment = LATER - timedelta(hours=1)

    with (
        pytest.raises(Refused, match="到2026-11-22 12:00才腾空，不能从2026-11-22 11:00起安排"),
        transaction.atomic(),
    ):
        placements.place(case=other, bed=bed, at=moment)
    with pytest.raises(Refused, match="才腾空"), transaction.atomic():
        placements.hold(case=other, bed=bed, at=moment)

    placements.place(case=other, bed=bed, at=LATER)
    assert other.placements.get(period__endswith__isnull=True).bed == bed


def test_place_before_the_bed_the_person_came_to_later_is_refused(case):
    placements.place(case=case, bed=make.free_bed(case.unit), at=LATER)
    lies_in = case.placements.get(period__endswith__isnull=True)

    with (
        pytest.raises(Refused, match=f"2026-11-22 12:00起住在床位 {lies_in.bed}"),
        transaction.atomic(),
    ):
        placements.place(case=case, bed=make.free_bed(case.unit), at=LATER - timedelta(hours=1))

    assert case.placements.get(period__endswith__isnull=True) == lies_in


def test_place_before_the_person_left_his_last_bed_is_refused(case):
    left = case.placements.get().bed
    placements.vacate(case=case, at=LATER)

    with (
        pytest.raises(Refused, match=f"2026-11-22 12:00前住在床位 {left}，不能从2026-11-22 11:00"),
        transaction.atomic(),
    ):
        placements.place(case=case, bed=make.free_bed(case.unit), at=LATER - timedelta(hours=1))


def test_arrive_before_the_held_bed_was_empty_is_refused(case, facility):
    other = make.case(facility)
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))
    placements.place(case=other, bed=bed, at=make.NOON)
    placements.place(case=other, bed=make.free_bed(case.unit), at=LATER)
    placements.hold(case=case, bed=bed, at=LATER)

    with pytest.raises(Refused, match=f"床位 {bed} 到2026-11-22 12:00才腾空"):
        placements.arrive(case=case, at=LATER - timedelta(hours=1))

    assert case.placements.filter(held=True, bed=bed).exists()


@pytest.mark.parametrize(
    ("room", "reason"),
    [
        pytest.param({"sex": Sex.FEMALE}, "女性房间", id="异性房间"),
        pytest.param({"minor": True}, "未成年人房间", id="未成年人房间"),
        pytest.param({"isolation": True}, "隔离房间", id="隔离房间"),
    ],
)
def test_place_apart(case, room, reason):
    with pytest.raises(Refused, match=reason):
        placements.place(case=case, bed=make.free_bed(case.unit, **room), at=LATER)


def test_place_a_minor_among_adults_is_refused(facility):
    minor = make.case(facility, person=make.person_facts(birth_date=make.at(2010, 1, 1).date()))

    with pytest.raises(Refused, match="成年人房间"):
        placements.place(case=minor, bed=make.free_bed(minor.unit), at=LATER)


def test_place_the_isolated_in_a_common_room_is_refused(facility):
    isolated = make.case(facility, needs_isolation=True)

    with pytest.raises(Refused, match="普通房间"):
        placements.place(case=isolated, bed=make.free_bed(isolated.unit), at=LATER)


@pytest.mark.parametrize("room", [{"sex": Sex.FEMALE}, {"minor": True}, {"isolation": True}])
def test_the_database_itself_keeps_apart(case, room):
    bed = make.free_bed(case.unit, **room)
    Placement.objects.filter(case=case).delete()

    with pytest.raises(IntegrityError, match="apart"), transaction.atomic():
        Placement.objects.create(case=case, bed=bed, period=DateTimeTZRange(LATER, None))


def test_the_database_itself_refuses_two_in_one_bed(case, facility):
    other = make.case(facility)

    with pytest.raises(IntegrityError, match="one_person_per_bed"), transaction.atomic():
        Placement.objects.create(
            case=other,
            bed=case.placements.get().bed,
            held=True,
            period=DateTimeTZRange(LATER, None),
        )


def test_the_database_itself_refuses_one_in_two_beds(case):
    with pytest.raises(IntegrityError, match="one_bed_per_person"), transaction.atomic():
        Placement.objects.create(
            case=case, bed=make.free_bed(case.unit), period=DateTimeTZRange(LATER, None)
        )


def test_hold_then_arrive(case, facility):
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))

    placements.hold(case=case, bed=bed, at=make.NOON)
    assert case.receiving_unit == bed.room.unit
    assert not Bed.objects.free().filter(pk=bed.pk).exists()
    placements.arrive(case=case, at=LATER)

    assert case.placements.get(period__endswith__isnull=True).bed == bed
    assert (case.unit, case.receiving_unit) == (bed.room.unit, None)


def test_hold_then_let_go(case, facility):
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))
    placements.hold(case=case, bed=bed, at=make.NOON)

    placements.let_go(case=case, at=LATER)

    assert Bed.objects.free().filter(pk=bed.pk).exists()
    assert Case.objects.get(pk=case.pk).receiving_unit is None
    assert case.placements.filter(held=False, period__endswith__isnull=True).count() == 1


def test_arrive_where_nothing_is_held_is_refused(case):
    with pytest.raises(Refused, match="没有为此人预留床位"):
        placements.arrive(case=case, at=LATER)


def test_hold_the_bed_again_before_it_was_let_go_is_refused(case, facility):
    bed = make.free_bed(make.unit(facility, Stage.ADAPTATION))
    placements.hold(case=case, bed=bed, at=make.NOON)
    placements.let_go(case=case, at=LATER)

    with pytest.raises(Refused, match="2026-11-22 12:00前"):
        placements.hold(case=case, bed=bed, at=LATER - timedelta(hours=1))


def test_vacate_frees_both_beds(case, facility):
    held = make.free_bed(make.unit(facility, Stage.ADAPTATION))
    lain_in = case.placements.get().bed
    placements.hold(case=case, bed=held, at=make.NOON)

    placements.vacate(case=case, at=LATER)

    assert Bed.objects.free().filter(pk__in=[held.pk, lain_in.pk]).count() == 2


def test_vacate_at_the_moment_of_placing_leaves_no_stay(case):
    placements.vacate(case=case, at=make.NOON)

    assert not case.placements.exists()

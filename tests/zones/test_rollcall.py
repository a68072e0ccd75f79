"""点名册: names from the files, numbers from the beds, and the two agree."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.actions import cases, placements
from rehab.models import Case, Placement
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.selectors.rollcall import roll_call, roll_units

LATER = make.NOON + timedelta(hours=1)


@pytest.fixture
def house(facility, crew):
    """One of each: in bed, on leave, proposed, on the way out, leaving today."""
    return {
        "in bed": zones_make.ready(facility),
        "proposed": zones_make.proposed(zones_make.ready(facility), crew).case,
        "on the way": zones_make.in_transit(zones_make.ready(facility), crew).case,
        "on leave": on_leave(zones_make.ready(facility)),
    }


def on_leave(case):
    leader = make.officer("facility_leader", case.facility)
    return actions.grant_leave(case=case, approval="示例", by=leader, at=make.NOON)


def called(user, unit, *, at=LATER):
    return roll_call(user, unit, at=at)


def test_roll_call(house, crew):
    roll = called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX))

    assert {head.case for head in roll.heads} == set(house.values()) - {house["on leave"]}
    assert sum(len(room.heads) for room in roll.rooms) == len(roll.heads) == 3
    assert [one.case for one in roll.leaving] == [house["on the way"]]
    assert [one.case for one in roll.proposed] == [house["proposed"]]
    assert [(one.case, one.since) for one in roll.out] == [(house["on leave"], make.NOON)]
    assert roll.out_by_reason == (("所外就医", 1),)
    assert (roll.people, roll.present, roll.coming, roll.released_today) == (4, 2, (), ())


def test_roll_call_balances_over_the_day(house, crew, facility):
    make.case(facility, entered_at=make.NOON)

    balance = called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX)).balance

    assert (balance.opening, balance.arrived, balance.left, balance.closing) == (4, 1, 1, 4)
    assert balance.adds_up


def test_roll_call_of_both_sides_of_a_move(facility, case, crew):
    detox, next_one = crew.unit(Stage.DETOX), crew.unit(Stage.ADAPTATION)
    sender, receiver = crew.officer(Stage.DETOX), crew.officer(Stage.ADAPTATION)
    move = zones_make.in_transit(case, crew)

    here, there = called(sender, detox), called(receiver, next_one)
    assert ([one.case for one in here.leaving], there.heads) == ([case], ())
    assert [one.case for one in there.coming] == [case]
    assert (here.people, there.people) == (1, 0)

    actions.receive_zone_move(move=move, by=receiver, at=make.NOON + timedelta(minutes=2))

    here, there = called(sender, detox), called(receiver, next_one)
    assert (here.people, here.balance.left, there.people, there.balance.arrived) == (0, 1, 1, 1)
    assert (here.balanced, there.balanced, there.coming) == (True, True, ())


def test_a_change_of_beds_inside_is_neither_in_nor_out(facility, case, crew):
    unit = crew.unit(Stage.DETOX)
    placements.place(case=cases.lock(case), bed=make.free_bed(unit), at=make.NOON)

    balance = called(crew.officer(Stage.DETOX), unit).balance
    assert (balance.opening, balance.arrived, balance.left, balance.closing) == (1, 0, 0, 1)


@pytest.mark.parametrize(
    ("days", "said"),
    [pytest.param(0, True, id="当日期满"), pytest.param(1, False, id="次日期满"),
     pytest.param(-1, True, id="已过期满日")],
)  # fmt: skip
def test_roll_call_says_who_leaves_today(days, said, facility, case, crew):
    away = on_leave(zones_make.ready(facility))
    day = make.NOON.date() + timedelta(days=days)
    Case.objects.filter(pk__in=[case.pk, away.pk]).update(ends_on=day, alarm_on=day)

    roll = called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX))

    assert set(roll.released_today) == ({case, away} if said else set())


def test_who_escaped_is_listed_and_not_counted(case, crew):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)

    roll = called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX))

    assert (roll.out_by_reason, roll.people) == ((("脱逃", 1),), 0)


def test_a_bed_without_a_name_is_out_of_balance(case, crew):
    assert called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX)).balanced

    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)  # and the bed was not freed

    assert Placement.objects.filter(case=case, period__endswith__isnull=True).exists()
    assert not called(crew.officer(Stage.DETOX), crew.unit(Stage.DETOX)).balanced


def test_roll_units(facility, crew):
    officer = crew.officer(Stage.DETOX)
    leader = make.officer("facility_leader", facility)
    bureau = make.officer("bureau_viewer", facility.province)

    assert list(roll_units(officer)) == [crew.unit(Stage.DETOX)]
    assert {unit.zone.stage for unit in roll_units(leader)} == set(Stage)
    assert list(roll_units(bureau)) == []


def test_roll_of_another_unit_shows_nobody(house, crew):
    roll = called(crew.officer(Stage.REENTRY), crew.unit(Stage.DETOX))

    assert (roll.heads, roll.out, roll.coming) == ((), (), ())


# The page ----


def test_roll_detail(client, house, crew):
    client.force_login(crew.officer(Stage.DETOX))

    page = client.get(reverse("zones:roll-detail")).content.decode()

    for case in house.values():
        assert case.person.name in page
    for words in ("点名 4", "已平账", "所外就医", "待大队长审批", "在途"):
        assert words in page


def test_roll_detail_of_a_chosen_unit(client, house, crew, facility):
    client.force_login(make.officer("facility_leader", facility))
    chosen = crew.unit(Stage.ADAPTATION)

    page = client.get(reverse("zones:roll-detail"), {"unit": str(chosen.pk)})

    assert page.context["unit"] == chosen
    assert [move.case for move in page.context["roll"].coming] == [house["on the way"]]


@pytest.mark.parametrize("unit", ["\x00", "一大队", "0" * 36])
def test_roll_detail_of_nonsense_is_the_first(unit, client, house, crew, facility):
    client.force_login(make.officer("facility_leader", facility))

    page = client.get(reverse("zones:roll-detail"), {"unit": unit})

    assert (page.status_code, page.context["unit"]) == (200, crew.unit(Stage.DETOX))


def test_roll_detail_where_there_is_no_unit(client, facility):
    viewer = make.officer("bureau_viewer", facility.province)
    viewer.posting.role.permissions += ["zone_move.view"]
    viewer.posting.role.save()
    client.force_login(viewer)

    assert "没有可以点名的大队" in client.get(reverse("zones:roll-detail")).content.decode()


def test_the_home_of_a_unit_opens_on_its_roll(client, house, crew):
    client.force_login(crew.officer(Stage.DETOX))
    address = reverse("zones:roll-detail")
    assert f'hx-get="{address}"' in client.get(reverse("reporting:worklist-list")).content.decode()

    head = client.get(address, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in head
    for words in (
        f'href="{address}">点名 4</a>',
        house["on leave"].person.name,
        "所外就医",
        "拟转",
    ):
        assert words in head
    assert house["in bed"].person.name not in head


def test_the_home_of_others_calls_no_roll(client, house, facility):
    client.force_login(make.officer("facility_leader", facility))

    page = client.get(reverse("reporting:worklist-list")).content.decode()

    assert reverse("zones:roll-detail") not in page.split("</aside>")[-1].split("<main")[-1]


@pytest.mark.parametrize("people", [1, 20])
def test_roll_detail_queries_do_not_grow(
    people, client, at_noon, db, django_assert_max_num_queries
):
    facility = make.facility(beds=100)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    for _ in range(people):
        zones_make.ready(facility)
    client.force_login(crew.officer(Stage.DETOX))

    with django_assert_max_num_queries(11):
        page = client.get(reverse("zones:roll-detail"))

    assert len(page.context["roll"].heads) == people

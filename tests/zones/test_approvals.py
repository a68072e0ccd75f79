"""转区审批: what has something to it stands open and first; the rest is one tick."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.clock import standing_at
from rehab.models import Bed, Case
from rehab.states import Sex, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.harness.forms import fields_on
from zones import selectors
from zones.models import ZoneMove
from zones.selectors.approvals import approvals
from zones.states import MoveStatus

TODAY = make.NOON.date()
PAGE = "zones:approval-create"


@pytest.fixture
def several(facility, crew):
    """Two of whom nothing is to be said, and one with precautions."""
    clean = [zones_make.proposed(zones_make.ready(facility), crew) for _ in range(2)]
    warned = zones_make.proposed(zones_make.ready(facility), crew)
    warned.case.precautions = "防跌倒"
    warned.case.save(update_fields=["precautions"])
    return clean, warned


def keys(moves):
    return [str(move.pk) for move in moves]


def test_approvals(several, crew):
    clean, warned = several

    shown = approvals(crew.leader(Stage.DETOX), on=TODAY)

    assert [one.move for one in shown.rest] == clean
    assert [(one.move, one.cautions) for one in shown.exceptions] == [
        (warned, ("注意事项：防跌倒",))
    ]
    assert shown.people == 3
    assert approvals(crew.leader(Stage.REENTRY), on=TODAY).people == 0


def test_what_no_longer_holds_stands_open(case, crew):
    move = zones_make.proposed(case, crew)
    Case.objects.filter(pk=case.pk).update(zone_entered_at=make.NOON)

    (one,) = approvals(crew.leader(Stage.DETOX), on=TODAY).exceptions

    assert one.move == move
    assert any("未满最短 7 天" in obstacle.message for obstacle in one.obstacles)


def test_who_proposed_does_not_approve(case, crew):
    move = zones_make.proposed(case, crew)
    leader = crew.leader(Stage.DETOX)
    ZoneMove.objects.filter(pk=move.pk).update(proposed_by=leader)

    (one,) = approvals(leader, on=TODAY).exceptions

    assert "须由另一名民警办理" in one.obstacles[0].message


@pytest.mark.parametrize(
    ("days", "said"),
    [pytest.param(0, (), id="应转当日"), pytest.param(1, ("已过应转日 1 天",), id="次日")],
)
def test_lateness_is_said(days, said, case, crew):
    move = zones_make.proposed(case, crew)

    shown = approvals(crew.leader(Stage.DETOX), on=move.due_on + timedelta(days=days))

    (one,) = (*shown.exceptions, *shown.rest)
    assert one.cautions == said


def test_who_is_isolated_stands_open(facility, crew):
    zones_make.proposed(zones_make.ready(facility, needs_isolation=True), crew)

    (one,) = approvals(crew.leader(Stage.DETOX), on=TODAY).exceptions

    assert "需要隔离" in one.cautions


def test_beds_are_given_out_in_order(facility, crew):
    women = [
        zones_make.proposed(
            zones_make.ready(facility, person=make.person_facts(sex=Sex.FEMALE)), crew
        )
        for _ in range(2)
    ]
    beds = make.free_bed(crew.unit(Stage.ADAPTATION), sex=Sex.FEMALE).room.beds
    for bed in list(beds.all())[1:]:
        bed.delete()

    shown = approvals(crew.leader(Stage.DETOX), on=TODAY)

    assert [one.move for one in shown.rest] == women[:1]
    assert [one.cautions for one in shown.exceptions] == [("接收大队没有适合的空床",)]


def test_a_bed_of_another_unit_of_the_zone_is_none(facility, crew):
    """康复巩固区 has two 大队: the one that is to receive has no bed, the other has."""
    case = zones_make.walked_to(zones_make.ready(facility), Stage.ADAPTATION, crew)
    opens_on = selectors.planned(case).opens_on
    moment = make.at(opens_on.year, opens_on.month, opens_on.day)
    with standing_at(moment):
        move = zones_make.proposed(case, crew, at=moment)
        for bed in Bed.objects.filter(room__unit=move.to_unit):
            bed.delete()

        (one,) = approvals(crew.leader(Stage.ADAPTATION), on=moment.date()).exceptions

    assert "接收大队没有适合的空床" in one.cautions


def shown_to(client, crew):
    client.force_login(crew.leader(Stage.DETOX))
    return client.get(reverse(PAGE)).content.decode()


def test_approval_create_shows_exceptions_first_and_everybody_by_name(client, several, crew):
    clean, warned = several

    page = shown_to(client, crew)

    assert page.index("须逐人查看") < page.index("防跌倒") < page.index("条件都已具备")
    names = page[page.index('id="rest-names"') : page.index("<details")]
    assert all(move.case.person.name in names for move in clean)
    assert warned.case.person.name not in names


def test_approval_create_asks_for_a_tick_of_the_exceptions_alone(client, several, crew):
    clean, warned = several

    fields = fields_on(shown_to(client, crew))

    assert fields.sent["moves"] == keys(clean)  # what one press sends
    assert fields.offered["moves"] == {*keys(clean), str(warned.pk)}


def test_approval_create_of_the_rest_is_one_press(client, several, crew):
    clean, warned = several
    sent = fields_on(shown_to(client, crew)).sent

    client.post(reverse(PAGE), {name: sent[name] for name in ("moves", "clean")})

    in_transit = ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT)
    assert set(in_transit) == set(clean)
    assert ZoneMove.objects.get(pk=warned.pk).status == MoveStatus.PROPOSED


def test_who_is_not_ticked_stays(client, several, crew):
    clean, warned = several
    client.force_login(crew.leader(Stage.DETOX))

    client.post(reverse(PAGE), {"clean": keys(clean), "moves": keys([warned])})

    assert list(ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT)) == [warned]


def test_what_came_up_meanwhile_is_shown_before_it_is_signed(client, several, crew):
    clean, _ = several
    sent = fields_on(shown_to(client, crew)).sent
    case = clean[0].case
    case.precautions = "癫痫"
    case.save(update_fields=["precautions"])

    answer = client.post(reverse(PAGE), {name: sent[name] for name in ("moves", "clean")})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{case.person}（{case}）在您打开以后有新的情况" in page
    assert page.index("癫痫") < page.index("条件都已具备")
    assert not ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT).exists()
    assert fields_on(page).sent["moves"] == keys([clean[0], clean[1]])


def test_a_leader_approves_twenty_in_as_many_acts_as_there_are_exceptions_and_one(
    client, at_noon, db
):
    facility = make.facility(beds=40)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    moves = [zones_make.proposed(zones_make.ready(facility), crew) for _ in range(20)]
    for move in moves[:3]:
        move.case.precautions = "防跌倒"
        move.case.save(update_fields=["precautions"])
    fields = fields_on(shown_to(client, crew))
    unticked = fields.offered["moves"] - {*fields.sent["moves"]}

    client.post(
        reverse(PAGE),
        {"moves": [*fields.sent["moves"], *unticked], "clean": fields.sent["clean"]},
    )

    assert ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT).count() == 20
    assert len(unticked) + 1 == 4


def test_approval_create_where_nothing_waits(client, facility, crew):
    client.force_login(crew.leader(Stage.DETOX))

    assert "没有待审批的转区" in client.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize("people", [1, 20])
def test_approval_create_queries_do_not_grow(
    people, client, at_noon, db, django_assert_max_num_queries
):
    facility = make.facility(beds=40)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    for _ in range(people):
        zones_make.proposed(zones_make.ready(facility), crew)
    client.force_login(crew.leader(Stage.DETOX))

    with django_assert_max_num_queries(12):
        page = client.get(reverse(PAGE))

    assert page.context["approvals"].people == people

"""Several people under one signature: who may not go stays behind, and many cost no more queries than few."""

import pytest
from django.urls import reverse

from rehab import scope
from rehab.actions import cases, placements
from rehab.models import Case, Deadline, Event, Notice, Placement
from rehab.states import Sex, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.models import ZoneMove
from zones.selectors import whereabouts
from zones.states import MoveStatus
from zones.views import moves as pages

PER_HUNDRED = 40  # queries of one act on up to a hundred people, its page included


def propose(cases, crew, *, by=None):
    return actions.propose_zone_moves(
        cases=cases,
        to_unit=crew.unit(Stage.ADAPTATION),
        by=by or crew.officer(Stage.DETOX),
        at=make.NOON,
    )


def approve(moves, crew, *, by=None):
    return actions.approve_zone_moves(
        moves=moves, by=by or crew.leader(Stage.DETOX), at=make.NOON + zones_make.TAKES_OVER
    )


def receive(moves, crew, **more):
    by = crew.officer(Stage.ADAPTATION)
    return actions.receive_zone_moves(
        moves=moves, by=by, at=make.NOON + 2 * zones_make.TAKES_OVER, **more
    )


def reasons(outcome):
    return {key: [str(reason) for reason in said] for key, said in outcome.refused.items()}


@pytest.fixture
def three(facility):
    return [zones_make.ready(facility) for _ in range(3)]


def test_propose_zone_moves_leaves_behind_who_may_not_go(facility, three, crew):
    early = make.case(facility, entered_at=make.NOON)

    outcome = propose([early, *reversed(three)], crew)

    assert [move.case for move in outcome.done] == three
    assert {move.batch for move in outcome.done} == {"LZ2026-1121-01"}
    assert "未满最短 7 天" in reasons(outcome)[early.pk][0]
    assert not ZoneMove.objects.filter(case=early).exists()
    kind = Event.Kind.ZONE_MOVE_PROPOSED
    assert Event.objects.filter(kind=kind).count() == Notice.objects.filter(clock=kind).count() == 3
    assert Deadline.objects.open().filter(clock="zones.approval").count() == 3


def test_approve_zone_moves_holds_a_bed_for_each(facility, three, crew):
    moves = propose(three, crew).done
    gone = zones_make.in_transit(zones_make.ready(facility), crew)

    outcome = approve([*moves, gone], crew)

    assert [move.case for move in outcome.done] == three
    assert reasons(outcome) == {gone.pk: ["此件转区现为“待交接”，不能审批"]}
    held = Placement.objects.filter(held=True, case__in=three)
    assert len({one.bed_id for one in held}) == 3
    of_event = {
        one.case_id: one.facts["bed"]
        for one in Event.objects.filter(kind=Event.Kind.ZONE_MOVE_APPROVED, case__in=three)
    }
    assert of_event == {one.case_id: str(one.bed_id) for one in held}
    assert set(Case.objects.filter(receiving_unit__isnull=False)) == {*three, gone.case}


def test_approve_zone_moves_gives_out_the_last_bed_once(facility, crew):
    woman = make.person_facts(sex=Sex.FEMALE)
    pair = [
        zones_make.ready(facility, person=woman),
        zones_make.ready(facility, person=make.person_facts(sex=Sex.FEMALE)),
    ]
    room = make.free_bed(crew.unit(Stage.ADAPTATION), sex=Sex.FEMALE).room
    for bed in list(room.beds.all())[1:]:
        bed.delete()

    moves = propose(pair, crew).done
    outcome = approve(moves, crew)

    assert [move.case for move in outcome.done] == pair[:1]
    assert "没有适合此人的空床" in reasons(outcome)[moves[1].pk][0]
    assert ZoneMove.objects.get(case=pair[1]).status == MoveStatus.PROPOSED


def test_approve_zone_moves_into_a_named_bed_that_is_taken(facility, three, crew):
    first, second, _ = propose(three, crew).done
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))
    placements.place(case=make.case(facility), bed=bed, at=make.NOON)

    outcome = actions.approve_zone_moves(
        moves=[first, second], named={first.case_id: bed}, by=crew.leader(Stage.DETOX), at=make.NOON
    )

    assert [move.case for move in outcome.done] == [second.case]
    assert "已有人或已预留" in reasons(outcome)[first.pk][0]


def test_a_former_move_of_the_same_person_stays_what_it_is(case, crew):
    former = zones_make.proposed(case, crew)
    actions.withdraw_zone_move(move=former, by=crew.officer(Stage.DETOX), at=make.NOON)
    (move,) = propose([case], crew).done

    outcome = approve([former, move], crew)

    assert outcome.done == (move,)
    assert reasons(outcome) == {former.pk: ["此件转区现为“撤回”，不能审批"]}


def test_receive_zone_moves(facility, three, crew):
    moves = approve(propose(three, crew).done, crew).done
    Case.objects.filter(pk=three[0].pk).update(needs_isolation=True)

    outcome = receive(moves, crew)

    assert [move.case for move in outcome.done] == three[1:]
    assert "已不适合此人" in reasons(outcome)[moves[0].pk][0]
    assert set(Case.objects.filter(zone__stage=Stage.ADAPTATION)) == set(three[1:])
    assert Placement.objects.filter(held=True, period__endswith__isnull=True).count() == 1
    assert Placement.objects.filter(case__in=three, period__endswith__isnull=True).count() == 4
    assert set(ZoneMove.objects.values_list("status", "received_at")) == {
        (MoveStatus.IN_TRANSIT, None),
        (MoveStatus.RECEIVED, make.NOON + 2 * zones_make.TAKES_OVER),
    }


def test_receive_zone_moves_unseen_takes_nobody(three, crew):
    moves = approve(propose(three, crew).done, crew).done

    outcome = receive(moves, crew, seen=frozenset({"alerts"}))

    assert outcome.done == ()
    assert all("当面核对" in said for said, *_ in reasons(outcome).values())
    assert len(outcome.refused) == 3


def test_the_roll_balances_after_each_act_on_several(facility, three, crew):
    counted = []

    def count():
        now = whereabouts(facility, make.NOON + 2 * zones_make.TAKES_OVER)
        assert sum(now.zones.values()) + now.in_transit + now.away == now.in_custody
        counted.append((now.zones[Stage.DETOX], now.in_transit, now.zones[Stage.ADAPTATION]))

    moves = propose(three, crew).done
    count()
    approve(moves, crew)
    count()
    receive(moves, crew)
    count()

    assert counted == [(3, 0, 0), (0, 3, 0), (0, 0, 3)]


def test_lock_all_refuses_what_is_out_of_scope(three):
    with scope.within(scope.NOBODY), pytest.raises(Case.DoesNotExist):
        cases.lock_all([case.pk for case in three])


# From the pages ----


def test_a_page_goes_through_them_in_pieces(client, facility, three, crew, monkeypatch):
    monkeypatch.setattr(pages, "HUNDRED", 2)
    early = make.case(facility, entered_at=make.NOON)
    client.force_login(crew.officer(Stage.DETOX))

    answer = client.post(
        reverse("zones:move-create"),
        {
            "cases": [case.number for case in (*three, early)],
            "to_unit": str(crew.unit(Stage.ADAPTATION).pk),
        },
        follow=True,
    )

    page = answer.content.decode()
    assert "已提请 3 人转区，批次 LZ2026-1121-01" in page
    assert f"{early.person}（{early.number}）未办理：" in page
    assert set(ZoneMove.objects.values_list("batch", flat=True)) == {"LZ2026-1121-01"}


@pytest.mark.parametrize("people", [1, 100])
def test_queries_do_not_grow_with_people(
    people, client, at_noon, db, django_assert_max_num_queries
):
    facility = make.facility(beds=people)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    ready = [zones_make.ready(facility) for _ in range(people)]

    def send(user, name, data):
        client.force_login(user)
        with django_assert_max_num_queries(PER_HUNDRED):
            assert client.post(reverse(f"zones:{name}"), data).status_code == 302
        return {"moves": [str(key) for key in ZoneMove.objects.values_list("pk", flat=True)]}

    ticked = {"cases": [case.number for case in ready]}
    unit = {"to_unit": str(crew.unit(Stage.ADAPTATION).pk)}
    moves = send(crew.officer(Stage.DETOX), "move-create", ticked | unit)
    send(crew.leader(Stage.DETOX), "approval-create", moves)
    send(crew.officer(Stage.ADAPTATION), "receipt-create", moves | {"seen": "on"})

    assert ZoneMove.objects.filter(status=MoveStatus.RECEIVED).count() == people

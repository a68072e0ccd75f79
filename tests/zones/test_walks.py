"""Random walks of real acts: at every step the roll balances and the ledger is what the facts call for."""

from datetime import timedelta

import pytest

from rehab.actions import placements
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Case
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.flows.walk import Walk
from zones import actions
from zones.models import ZoneMove
from zones.selectors import roll, whereabouts
from zones.states import MoveStatus

STEPS = 30


@pytest.fixture
def walk(db, at_noon, request):
    return Walk(request.param)


def assert_everybody_is_somewhere(facility, at):
    now = whereabouts(facility, at)
    assert min(*now.zones.values(), now.in_transit, now.away) >= 0
    assert sum(now.zones.values()) + now.in_transit + now.away == now.in_custody
    return now


@pytest.mark.parametrize("walk", range(4), indirect=True)
def test_the_roll_balances_at_every_instant(walk):
    for _ in range(STEPS):
        walk.step()
        now = assert_everybody_is_somewhere(walk.facility, walk.moment)
        away = Case.objects.unfinished().exclude(status=CaseStatus.IN_FACILITY).count()
        in_transit = ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT).count()
        assert (now.away, now.in_transit) == (away, in_transit)

    instants = [make.NOON, *walk.moments]
    for since, until in zip(instants, instants[3:], strict=False):
        assert_everybody_is_somewhere(walk.facility, until)  # and still says so afterwards
        for line in roll(walk.facility, since=since, until=until).zones:
            assert line.opening + line.arrived - line.left == line.closing


@pytest.mark.parametrize("walk", range(10, 13), indirect=True)
def test_the_ledger_is_what_the_facts_call_for(walk):
    for _ in range(STEPS):
        walk.step()

    with standing_at(walk.moment):
        drift = deadlines.rebuild(Case.objects.order_by("number"))

    assert drift.cases == Case.objects.count() > 0
    assert (drift.mended, drift.failed) == (0, [])


def test_a_walk_reaches_every_state(db, at_noon):
    walk = Walk(3)
    for _ in range(4 * STEPS):
        walk.step()

    assert set(ZoneMove.objects.values_list("status", flat=True)) >= {
        MoveStatus.RECEIVED, MoveStatus.RETURNED, MoveStatus.WITHDRAWN,
    }  # fmt: skip


def test_a_change_of_beds_inside_a_zone_is_no_passage(facility, crew):
    case = zones_make.ready(facility)
    later = make.NOON + timedelta(hours=1)
    placements.place(case=case, bed=make.free_bed(crew.unit(Stage.DETOX)), at=later)

    (detox, *_) = roll(facility, since=make.NOON, until=later).zones

    assert (detox.opening, detox.arrived, detox.left, detox.closing) == (1, 0, 0, 1)


def test_the_roll_of_a_move(facility, crew):
    case = zones_make.ready(facility)
    move = zones_make.in_transit(case, crew)
    on_the_way = roll(facility, since=make.NOON, until=move.approved_at)
    done = move.approved_at + timedelta(hours=1)
    actions.receive_zone_move(move=move, by=crew.officer(Stage.ADAPTATION), at=done)
    arrived = roll(facility, since=move.approved_at, until=done)

    assert [(z.opening, z.arrived, z.left, z.closing) for z in on_the_way.zones[:2]] == [
        (1, 0, 1, 0), (0, 0, 0, 0),
    ]  # fmt: skip
    assert on_the_way.closing.in_transit == 1
    assert [(z.opening, z.arrived, z.left, z.closing) for z in arrived.zones[:2]] == [
        (0, 0, 0, 0), (0, 1, 0, 1),
    ]  # fmt: skip
    assert arrived.closing.in_transit == 0

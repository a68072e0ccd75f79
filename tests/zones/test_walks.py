"""Random walks of real acts: at every step the roll balances and the ledger is what the facts call for."""

import random
from datetime import timedelta

import pytest

from rehab.actions import placements
from rehab.actions.cases import close_case, lock
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Case
from rehab.refusal import Refused
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, selectors
from zones.models import ZoneMove
from zones.selectors import roll, whereabouts
from zones.states import MoveStatus

STEPS = 30
ENOUGH_BEDS = 12


class Walk:
    """A facility under random officers; each step is one act of the product, or a refusal."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.facility = make.facility(beds=ENOUGH_BEDS)
        zones_make.set_rules()
        self.crew = zones_make.Crew(self.facility)
        self.leader = make.officer("facility_leader", self.facility)
        self.moment = make.NOON
        self.moments = []
        for _ in range(3):
            zones_make.ready(self.facility)

    def step(self):
        self.moment += timedelta(hours=self.chance.choice([1, 5, 30, 24 * 9]), minutes=7)
        self.moments.append(self.moment)
        act = self.chance.choice(
            [self.admit, self.propose, self.propose, self.sign, self.sign, self.sign,
             self.give_back, self.withdraw, self.leave, self.come_back, self.release]
        )  # fmt: skip
        with standing_at(self.moment):
            try:
                act()
            except Refused:
                return

    def somebody(self, **among):
        cases = list(
            Case.objects.filter(**among).select_related("zone", "person").order_by("number")
        )
        return self.chance.choice(cases) if cases else None

    def some_move(self, **among):
        moves = list(ZoneMove.objects.filter(**among).order_by("proposed_at", "pk"))
        return self.chance.choice(moves) if moves else None

    def admit(self):
        make.case(self.facility, entered_at=self.moment)

    def propose(self):
        if case := self.somebody(status=CaseStatus.IN_FACILITY):
            stage = Stage(case.zone.stage)
            actions.propose_zone_move(
                case=case,
                to_unit=self.crew.unit(stage.next or stage),
                by=self.crew.officer(stage),
                at=self.moment,
            )

    def sign(self):
        if not (move := self.some_move(status__in=["proposed", "in_transit"])):
            return
        stage = Stage(move.stage)
        if move.status == MoveStatus.PROPOSED:
            leader = self.crew.leader(stage)
            actions.approve_zone_move(move=move, bed=None, by=leader, at=self.moment)
        else:
            officer = self.crew.officer(stage.next)
            actions.receive_zone_move(move=move, by=officer, at=self.moment)

    def give_back(self):
        if move := self.some_move():
            leader = self.crew.leader(Stage(move.stage))
            actions.return_zone_move(move=move, reason="缓转", by=leader, at=self.moment)

    def withdraw(self):
        if move := self.some_move():
            actions.withdraw_zone_move(move=move, by=move.proposed_by, at=self.moment)

    def leave(self):
        if case := self.somebody():
            actions.grant_leave(case=case, approval="示例", by=self.leader, at=self.moment)

    def come_back(self):
        if case := self.somebody(status=CaseStatus.MEDICAL_LEAVE):
            bed = selectors.return_beds(case, on=self.moment.date()).first()
            actions.end_leave(case=case, bed=bed, by=self.leader, at=self.moment)

    def release(self):
        """As the way out does it: the move under way ends, the case closes, the ledger follows."""
        if case := self.somebody():
            case = lock(case)
            if case.ended_at is None and self.chance.random() < 0.3:
                actions.end_open_move(case=case, by=self.leader, at=self.moment)
                close_case(case=case, to=CaseStatus.RELEASED, at=self.moment)
                deadlines.refresh([case])


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
        away = Case.objects.filter(status=CaseStatus.MEDICAL_LEAVE).count()
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

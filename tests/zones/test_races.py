"""Two officers at once: exactly one signs, the other reads why; and the last bed is held once."""

import threading
from datetime import timedelta

import pytest
from django.db import connections

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Placement
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.models import Muster, ZoneMove
from zones.states import MoveStatus

pytestmark = pytest.mark.race


@pytest.fixture
def facility(committed_db, trials):
    """With beds for those of every trial: three at most come in each."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility(beds=3 * trials + 5)
        zones_make.set_rules()
        yield facility


@pytest.fixture
def crew(facility):
    return zones_make.Crew(facility)


def at_once(*acts):
    """Run the acts in threads started together: those that were done, and what the others read."""
    line_up = threading.Barrier(len(acts))
    done, refused, broken = [], [], []

    def run(act):
        try:
            with standing_at(make.NOON), scope.within(make.EVERYTHING):
                line_up.wait()
                done.append(act())
        except Refused as reason:
            refused.append(str(reason))
        except BaseException as error:  # noqa: BLE001  # reported to the test, which fails on it
            broken.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return done, refused


def one_won(*acts):
    done, refused = at_once(*acts)
    assert len(done) == 1, refused
    assert len(refused) == len(acts) - 1
    return refused


def test_two_officers_propose_the_same_person(facility, crew, trials):
    officers = [make.officer("zone_officer", crew.unit(Stage.DETOX)) for _ in range(2)]
    for _ in range(trials):
        case = zones_make.ready(facility)

        (said,) = one_won(
            *(
                lambda case=case, by=by: actions.propose_zone_move(
                    case=case, to_unit=crew.unit(Stage.ADAPTATION), by=by, at=make.NOON
                )
                for by in officers
            )
        )

        assert "已有一件转区正在办理" in said
        assert ZoneMove.objects.filter(case=case).count() == 1


def test_two_leaders_approve_the_same_move(facility, crew, trials):
    leaders = [make.officer("zone_leader", crew.unit(Stage.DETOX)) for _ in range(2)]
    for _ in range(trials):
        move = zones_make.proposed(zones_make.ready(facility), crew)

        (said,) = one_won(
            *(
                lambda move=move, by=by: actions.approve_zone_move(
                    move=move, bed=None, by=by, at=make.NOON
                )
                for by in leaders
            )
        )

        assert "现为“待交接”，不能审批" in said
        assert Placement.objects.filter(case=move.case, held=True).count() == 1


def test_two_officers_receive_the_same_person(facility, crew, trials):
    officers = [make.officer("zone_officer", crew.unit(Stage.ADAPTATION)) for _ in range(2)]
    for case in [zones_make.ready(facility) for _ in range(trials)]:
        move = zones_make.in_transit(case, crew)

        (said,) = one_won(
            *(
                lambda move=move, by=by: actions.receive_zone_move(move=move, by=by, at=make.NOON)
                for by in officers
            )
        )

        assert "现为“已接收”，不能签收" in said


def test_one_receives_while_another_withdraws_and_a_third_returns(facility, crew, trials):
    for case in [zones_make.ready(facility) for _ in range(trials)]:
        move = zones_make.in_transit(case, crew)

        said = one_won(
            lambda move=move: actions.receive_zone_move(
                move=move, by=crew.officer(Stage.ADAPTATION), at=make.NOON
            ),
            lambda move=move: actions.withdraw_zone_move(
                move=move, by=crew.officer(Stage.DETOX), at=make.NOON
            ),
            lambda move=move: actions.return_zone_move(
                move=move, reason="缓转", by=crew.leader(Stage.DETOX), at=make.NOON
            ),
        )

        move.refresh_from_db()
        assert all(f"现为“{move.get_status_display()}”" in sentence for sentence in said)
        open_ones = Placement.objects.filter(case=move.case, period__endswith__isnull=True)
        assert open_ones.count() == 1
        lies_in = open_ones.get().bed.room.unit
        received = move.status == MoveStatus.RECEIVED
        assert lies_in == (move.to_unit if received else move.from_unit)


def test_two_moves_into_the_last_bed(facility, crew, trials):
    leader = crew.leader(Stage.DETOX)
    for _ in range(trials):
        moves = [zones_make.proposed(zones_make.ready(facility), crew) for _ in range(2)]
        bed = make.free_bed(crew.unit(Stage.ADAPTATION))

        (said,) = one_won(
            *(
                lambda move=move, bed=bed: actions.approve_zone_move(
                    move=move, bed=bed, by=leader, at=make.NOON
                )
                for move in moves
            )
        )

        assert "已有人或已预留" in said
        assert Placement.objects.filter(bed=bed).count() == 1


def test_two_leaders_approve_the_same_batch_in_opposite_orders(facility, crew, trials):
    leaders = [make.officer("zone_leader", crew.unit(Stage.DETOX)) for _ in range(2)]
    for _ in range(trials):
        moves = [zones_make.proposed(zones_make.ready(facility), crew) for _ in range(3)]

        done, _ = at_once(
            *(
                lambda some=some, by=by: actions.approve_zone_moves(moves=some, by=by, at=make.NOON)
                for some, by in zip((moves, moves[::-1]), leaders, strict=True)
            )
        )

        assert sorted(len(outcome.done) for outcome in done) == [0, 3]
        held = Placement.objects.filter(case__in=[move.case for move in moves], held=True)
        assert held.count() == 3


def test_two_officers_record_the_same_roll(facility, crew, trials):
    unit = crew.unit(Stage.DETOX)
    zones_make.ready(facility)
    officers = [make.officer("zone_officer", unit) for _ in range(2)]
    for days in range(trials):
        at = make.NOON + timedelta(days=days)

        (said,) = one_won(
            *(lambda by=by, at=at: zones_make.mustered(unit, by, at=at) for by in officers)
        )

        assert "今日早点名已由" in said
        assert Muster.objects.filter(unit=unit, on=at.date()).count() == 1

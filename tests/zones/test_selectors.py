from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from rehab import scope
from rehab.models import Case, Unit
from rehab.states import Sex, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, selectors
from zones.clocks import OF_AGE
from zones.models import StageRule, ZoneMove
from zones.selectors.board import board, units_of_choice
from zones.states import MoveStatus

TODAY = make.NOON.date()


def slips(user, *, days=7, only=None):
    shown = board(user, at=make.NOON, days=days, only=only)
    return {slip.case.number: slip for lane in shown.lanes for slip in lane.slips}


# Facts ----


def test_move_facts_cost_the_same_for_any_number(facility):
    zones_make.needs_an_assessment(facility)
    cases = [zones_make.ready(facility) for _ in range(3)]

    counts = []
    for some in (cases[:1], cases):
        with CaptureQueriesContext(connection) as queries:
            selectors.move_conditions(some, TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[1] == 5


def test_an_assessment_that_is_wanted_holds_the_move(facility, case):
    zones_make.needs_an_assessment(facility)

    (obstacle,) = selectors.move_obstacles(case, on=TODAY)

    assert obstacle.message.startswith("生理脱毒期评估尚未合格")


def test_somebody_without_a_bed_goes_nowhere(case):
    Case.objects.filter(pk=case.pk).update(zone=None, unit=None, zone_entered_at=None)
    case.refresh_from_db()

    assert "安排床位" in selectors.move_obstacles(case, on=TODAY)[0].message
    assert not selectors.receiving_units(case, on=TODAY).exists()
    assert selectors.target_obstacles(case, Unit.objects.first()) == ()
    assert (
        selectors.proposer_obstacles(case, make.officer("zone_officer", Unit.objects.first())) == ()
    )


@pytest.mark.parametrize(
    ("entered_on", "found"),
    [
        pytest.param(date(2026, 5, 31), "2026-01-01", id="新规则施行前一日入区"),
        pytest.param(date(2026, 6, 1), "2026-06-01", id="施行当日入区"),
        pytest.param(date(2025, 12, 1), "2026-01-01", id="首个规则施行前入区"),
        pytest.param(None, None, id="未入区"),
    ],
)
def test_the_rule_in_force_at_entry_governs_the_stay(entered_on, found, facility):
    zones_make.set_rules(facility.province, effective_from=date(2026, 6, 1))
    of_stage = list(StageRule.objects.filter(stage=Stage.DETOX).order_by("effective_from"))

    rule = selectors.rule_for(of_stage, entered_on)

    assert (str(rule.effective_from) if rule else None) == found
    assert selectors.rule_for([], entered_on) is None


def test_receiving_units_count_beds_that_fit(facility, crew, case):
    consolidating = zones_make.walked_to(case, Stage.ADAPTATION, crew)

    units = selectors.receiving_units(consolidating, on=TODAY)

    assert [(unit.name, unit.free_beds) for unit in units] == [
        ("康复巩固二大队", 4), ("康复巩固大队", 4),
    ]  # fmt: skip


def test_acts_open_to(case, crew):
    move = zones_make.in_transit(case, crew)

    def open_to(user):
        return set(selectors.acts_open_to(user, move))

    assert open_to(crew.officer(Stage.DETOX)) == {"withdraw"}
    assert open_to(crew.leader(Stage.DETOX)) == {"give_back"}
    assert open_to(crew.officer(Stage.ADAPTATION)) == {"receive", "give_back"}
    assert open_to(crew.leader(Stage.CONSOLIDATION)) == set()


def test_both_sides_see_a_move_in_transit(case, crew):
    move = zones_make.in_transit(case, crew)

    for stage, sees in (
        (Stage.DETOX, True),
        (Stage.ADAPTATION, True),
        (Stage.CONSOLIDATION, False),
    ):
        assert ZoneMove.objects.visible_to(crew.officer(stage)).exists() is sees
    actions.receive_zone_move(move=move, by=crew.officer(Stage.ADAPTATION), at=make.NOON)
    assert not ZoneMove.objects.visible_to(crew.officer(Stage.DETOX)).exists()
    assert ZoneMove.objects.visible_to(crew.officer(Stage.ADAPTATION)).exists()


def test_without_a_scope_no_move_is_seen(case, crew):
    zones_make.proposed(case, crew)

    with scope.within(scope.NOBODY):
        assert not ZoneMove.objects.exists()
    with scope.within(zones_make.seen_by(crew.officer(Stage.REENTRY))):
        assert ZoneMove.objects.count() == 1  # the facility is the second fence, the 大队 the first


# The board ----


def test_board_of_an_officer(facility, case, crew):
    early = make.case(facility, entered_at=make.NOON - timedelta(days=3))
    soon = make.case(facility, entered_at=make.NOON - timedelta(days=9))

    shown = board(crew.officer(Stage.DETOX), at=make.NOON, days=7)

    detox = shown.lanes[0]
    assert (detox.people, detox.near, detox.elsewhere) == (3, 2, False)
    assert [slip.case for slip in detox.slips] == [case, soon]
    assert all(slip.selectable for slip in detox.slips)
    assert [lane.elsewhere for lane in shown.lanes] == [False, True, True, True]
    assert [choice.name for choice in shown.choices] == ["教育适应大队"]
    assert early.number in slips(crew.officer(Stage.DETOX), days=30)


def test_board_tells_from_when_somebody_may_go(facility, crew):
    case = make.case(facility, entered_at=make.NOON - timedelta(days=3))

    slip = slips(crew.officer(Stage.DETOX), days=30)[case.number]

    assert (slip.opens_on, slip.selectable) == (date(2026, 11, 25), False)


def test_board_shows_what_is_missing_and_whose_it_is(facility, case, crew):
    zones_make.needs_an_assessment(facility)

    slip = slips(crew.officer(Stage.DETOX))[case.number]

    assert not slip.selectable
    assert ("阶段性评估未完成（诊断评估中心）", "unmet") in [(m.text, m.tone) for m in slip.marks]


def test_board_marks_beds_and_long_stays(facility, crew):
    case = make.case(facility, entered_at=make.NOON - timedelta(days=31))

    slip = slips(crew.officer(Stage.DETOX))[case.number]

    assert [(mark.text, mark.tone) for mark in slip.marks] == [
        ("转区条件已具备", "met"), ("已超过本区最长期限", "unmet"), ("有适合床位", "met"),
    ]  # fmt: skip


@pytest.mark.parametrize(("beds", "said"), [(1, "余床 1"), (0, "暂无适合床位")])
def test_board_heeds_few_beds(beds, said, facility, crew):
    *others, waiting = (
        zones_make.ready(facility, person=make.person_facts(sex=Sex.FEMALE)) for _ in range(4)
    )
    for woman in others:
        zones_make.in_transit(woman, crew)
    if not beds:
        make.free_bed(crew.unit(Stage.ADAPTATION), sex=Sex.FEMALE).delete()

    slip = slips(crew.officer(Stage.DETOX))[waiting.number]

    assert (f"教育适应区{said}", "heed") in [(mark.text, mark.tone) for mark in slip.marks]


def test_board_shows_who_leaves_from_the_last_zone(facility, crew):
    case = zones_make.ready(
        facility,
        decision=make.decision_facts(printed_ends_on=date(2026, 11, 25)),
    )
    last = make.free_bed(crew.unit(Stage.REENTRY))
    Case.objects.filter(pk=case.pk).update(zone=last.room.unit.zone, unit=last.room.unit)

    slip = slips(crew.officer(Stage.REENTRY))[case.number]

    assert (slip.to_release, slip.selectable, slip.marks) == (True, False, ())


def test_board_of_a_leader(facility, case, crew):
    zones_make.proposed(case, crew)

    shown = board(crew.leader(Stage.DETOX), at=make.NOON, days=7)

    assert [line.move.case for line in shown.to_approve] == [case]
    assert shown.to_approve[0].obstacles == ()
    assert (shown.to_receive, shown.choices, shown.batches) == ((), (), ())
    assert board(crew.leader(Stage.ADAPTATION), at=make.NOON, days=7).to_approve == ()


def test_board_of_the_receiving_officer(facility, case, crew):
    zones_make.in_transit(case, crew)

    shown = board(crew.officer(Stage.ADAPTATION), at=make.NOON, days=7)

    assert [line.move.case for line in shown.to_receive] == [case]
    assert shown.lanes[1].people == 0  # not yet his


def test_board_of_the_proposer(facility, crew):
    officer = crew.officer(Stage.DETOX)
    first = zones_make.in_transit(zones_make.ready(facility), crew)
    actions.propose_zone_move(
        case=zones_make.ready(facility), to_unit=crew.unit(Stage.ADAPTATION), by=officer,
        at=make.NOON, batch=first.batch,
    )  # fmt: skip
    done = zones_make.received(zones_make.ready(facility), crew)

    batches = board(officer, at=make.NOON, days=7).batches

    assert [(batch.number, batch.people, batch.progress) for batch in batches] == [
        (done.batch, 1, "已接收"),
        (first.batch, 2, "待大队长审批 1 人，已批准 · 待交接 1 人"),
    ]
    assert [len(batch.open_moves) for batch in batches] == [0, 2]


def test_board_of_the_facility(facility, case, crew):
    zones_make.in_transit(case, crew)
    zones_make.ready(facility)

    shown = board(make.officer("facility_leader", facility), at=make.NOON, days=7)

    assert [line.move.status for line in shown.under_way] == [MoveStatus.IN_TRANSIT]
    assert [slip.selectable for slip in shown.lanes[0].slips] == [False]
    assert not any(lane.elsewhere for lane in shown.lanes)


def test_board_of_the_province_counts_no_beds(facility, case):
    shown = board(make.officer("bureau_viewer", facility.province), at=make.NOON, days=7)

    assert [mark.text for mark in shown.lanes[0].slips[0].marks] == ["转区条件已具备"]


def test_board_of_one_zone(facility, case, crew):
    shown = board(crew.officer(Stage.DETOX), at=make.NOON, days=7, only=Stage.ADAPTATION)

    assert [(lane.stage, lane.people) for lane in shown.lanes] == [(Stage.ADAPTATION, 0)]


def test_a_lane_lists_the_most_urgent(facility, case, crew, monkeypatch):
    monkeypatch.setattr("zones.selectors.slips.SLIPS_PER_LANE", 1)
    for days in (10, 9):
        make.case(facility, entered_at=make.NOON - timedelta(days=days))

    lane = board(crew.officer(Stage.DETOX), at=make.NOON, days=7, shown=1).lanes[0]

    assert [slip.case for slip in lane.slips] == [case]
    assert (lane.unlisted, lane.further, lane.tickable) == (2, 1, 1)
    whole = board(crew.officer(Stage.DETOX), at=make.NOON, days=7, shown=3).lanes[0]
    assert (len(whole.slips), whole.further) == (3, 0)


def test_who_comes_of_age_is_not_held_back(facility, crew):
    born = make.NOON.date() - timedelta(days=365 * 18 - 10)
    young = zones_make.ready(facility, person=make.person_facts(birth_date=born))

    assert young.deadlines.filter(clock=OF_AGE).exists()
    assert slips(crew.officer(Stage.DETOX))[young.number].selectable


def test_units_of_choice(facility, crew):
    assert list(units_of_choice(crew.officer(Stage.DETOX))) == [crew.unit(Stage.ADAPTATION)]
    assert not units_of_choice(crew.officer(Stage.REENTRY)).exists()
    assert not units_of_choice(make.officer("facility_leader", facility)).exists()


def test_what_the_board_lets_one_tick_is_what_the_act_allows(facility, crew):
    zones_make.needs_an_assessment(facility)
    people = [
        make.case(facility, entered_at=make.NOON - timedelta(days=days)) for days in (31, 22, 7, 6)
    ]
    officer = crew.officer(Stage.DETOX)

    shown = slips(officer, days=30)

    for case in people:
        free = not selectors.move_obstacles(case, on=TODAY)
        assert shown[case.number].selectable is free

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from centers.states import AssessmentKind
from rehab.actions import placements
from rehab.ledgers import deadlines, events
from rehab.models import Bed, Case, Deadline, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.states import CaseStatus, Sex, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.models import StageRule, ZoneMove
from zones.states import EDGES, MoveStatus

LATER = make.NOON + timedelta(minutes=5)


@pytest.fixture
def crew(crew):
    """What stood before an act is compared with what stands after it."""
    return crew.posted()


def held():
    return Placement.objects.filter(held=True, period__endswith__isnull=True)


def told(kind):
    return [
        (notice.role_id, notice.unit.zone.stage)
        for notice in Notice.objects.filter(clock=kind).order_by("role_id")
    ]


def trace():
    """Everything that an act may have written."""
    return (
        list(ZoneMove.objects.order_by("pk").values("pk", "status", "ended_at", "approved_at")),
        Event.objects.count(),
        Notice.objects.count(),
        list(Placement.objects.order_by("pk").values("pk", "period", "held")),
        list(Deadline.objects.order_by("pk").values("pk", "due_at", "satisfied_at")),
        list(Case.objects.order_by("pk").values("pk", "unit", "receiving_unit", "status")),
    )


def in_state(status, case, crew):
    """A move in this state, made by walking there."""
    match status:
        case MoveStatus.PROPOSED:
            return zones_make.proposed(case, crew)
        case MoveStatus.IN_TRANSIT:
            return zones_make.in_transit(case, crew)
        case MoveStatus.RECEIVED:
            return zones_make.received(case, crew)
        case MoveStatus.RETURNED:
            move = zones_make.in_transit(case, crew)
            leader = crew.leader(Stage.DETOX)
            return actions.return_zone_move(move=move, reason="缓转", by=leader, at=LATER)
        case MoveStatus.WITHDRAWN:
            move = zones_make.proposed(case, crew)
            officer = crew.officer(Stage.DETOX)
            return actions.withdraw_zone_move(move=move, by=officer, at=LATER)


def approve(move, crew, *, by=None, bed=None):
    by = by or crew.leader(Stage.DETOX)
    return actions.approve_zone_move(move=move, bed=bed, by=by, at=LATER)


def receive(move, crew, *, by=None, **more):
    by = by or crew.officer(Stage.ADAPTATION)
    return actions.receive_zone_move(move=move, by=by, at=LATER, **more)


def give_back(move, crew, *, by=None, reason="床位另有安排"):
    by = by or crew.leader(Stage.DETOX)
    return actions.return_zone_move(move=move, reason=reason, by=by, at=LATER)


def withdraw(move, crew, *, by=None):
    by = by or crew.officer(Stage.DETOX)
    return actions.withdraw_zone_move(move=move, by=by, at=LATER)


ACTS = {
    MoveStatus.IN_TRANSIT: approve,
    MoveStatus.RECEIVED: receive,
    MoveStatus.RETURNED: give_back,
    MoveStatus.WITHDRAWN: withdraw,
}


# Each edge ----


def test_propose_zone_move(case, crew):
    move = zones_make.proposed(case, crew)

    assert move.status == MoveStatus.PROPOSED
    assert move.batch == "LZ2026-1121-01"
    assert move.due_on == date(2026, 11, 21)
    event = case.events.get(kind=Event.Kind.ZONE_MOVE_PROPOSED)
    assert event.facts["move"] == str(move.pk)
    assert Deadline.objects.get(case=case, clock="zones.move").satisfied_at == make.NOON
    assert Deadline.objects.get(case=case, clock="zones.approval").owed_by == "zone_leader"
    assert told("zone_move_proposed") == [("zone_leader", "01")]


def test_proposals_of_one_batch_share_its_number(facility, crew):
    first = zones_make.proposed(zones_make.ready(facility), crew)
    together = actions.propose_zone_move(
        case=zones_make.ready(facility), to_unit=crew.unit(Stage.ADAPTATION),
        by=crew.officer(Stage.DETOX), at=make.NOON, batch=first.batch,
    )  # fmt: skip
    alone = zones_make.proposed(zones_make.ready(facility), crew)

    assert (first.batch, together.batch, alone.batch) == (
        "LZ2026-1121-01", "LZ2026-1121-01", "LZ2026-1121-02",
    )  # fmt: skip


def test_approve_zone_move(case, crew):
    move = approve(zones_make.proposed(case, crew), crew)

    case.refresh_from_db()
    assert move.status == MoveStatus.IN_TRANSIT
    assert held().get().bed.room.unit == crew.unit(Stage.ADAPTATION)
    assert case.unit == crew.unit(Stage.DETOX)  # the sending 大队 answers for him
    assert case.receiving_unit == crew.unit(Stage.ADAPTATION)  # and both see the file
    event = case.events.get(kind=Event.Kind.ZONE_MOVE_APPROVED)
    assert event.facts["bed"] == str(held().get().bed_id)
    assert Deadline.objects.get(case=case, clock="zones.receipt").satisfied_at is None
    assert told("zone_move_approved") == [("zone_officer", "02")]


def test_approve_zone_move_into_a_chosen_bed(case, crew):
    beds = Bed.objects.free().filter(
        room__unit=crew.unit(Stage.ADAPTATION), room__sex=Sex.MALE, room__name="101"
    )
    chosen = beds.order_by("-label").first()

    approve(zones_make.proposed(case, crew), crew, bed=chosen)

    assert held().get().bed == chosen


def test_receive_zone_move(case, crew):
    move = receive(zones_make.in_transit(case, crew), crew)

    case.refresh_from_db()
    assert move.status == MoveStatus.RECEIVED
    assert case.zone.stage == Stage.ADAPTATION
    assert case.zone_entered_at == LATER
    assert case.receiving_unit is None
    assert not held().exists()
    event = case.events.get(kind=Event.Kind.ZONE_MOVE_RECEIVED)
    assert event.facts["seen"] == ["alerts", "belongings", "medicines"]
    assert told("zone_move_received") == [("zone_officer", "01")]
    satisfied = Deadline.objects.filter(case=case, satisfied_at__isnull=False)
    assert {row.clock for row in satisfied} == {"zones.move", "zones.approval", "zones.receipt"}
    assert Deadline.objects.open().get(case=case, clock="zones.move").cycle == Stage.ADAPTATION


@pytest.mark.parametrize("side", ["leader", "receiver"])
def test_return_zone_move_in_transit(side, case, crew):
    move = zones_make.in_transit(case, crew)
    by = crew.leader(Stage.DETOX) if side == "leader" else crew.officer(Stage.ADAPTATION)

    give_back(move, crew, by=by)

    case.refresh_from_db()
    move.refresh_from_db()
    assert (move.status, move.reason) == (MoveStatus.RETURNED, "床位另有安排")
    assert not held().exists()
    assert case.receiving_unit is None
    assert case.events.filter(kind=Event.Kind.ZONE_MOVE_RETURNED).exists()
    assert told("zone_move_returned") == [("zone_leader", "01"), ("zone_officer", "01")]
    assert Deadline.objects.open().filter(case=case, clock="zones.move").exists()
    assert not Deadline.objects.filter(case=case, clock="zones.receipt").exists()


def test_return_zone_move_before_approval(case, crew):
    give_back(zones_make.proposed(case, crew), crew)

    assert told("zone_move_returned") == [("zone_officer", "01")]


@pytest.mark.parametrize(
    ("status", "waiting"),
    [
        (MoveStatus.PROPOSED, ("zone_leader", "01")),
        (MoveStatus.IN_TRANSIT, ("zone_officer", "02")),
    ],
)
def test_withdraw_zone_move(status, waiting, case, crew):
    move = withdraw(in_state(status, case, crew), crew)

    case.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN
    assert not held().exists()
    assert case.receiving_unit is None
    assert case.events.filter(kind=Event.Kind.ZONE_MOVE_WITHDRAWN).exists()
    assert told("zone_move_withdrawn") == [waiting]


def test_a_move_that_came_back_can_be_proposed_again(case, crew):
    give_back(zones_make.in_transit(case, crew), crew)

    assert zones_make.received(case, crew, at=LATER).status == MoveStatus.RECEIVED


# Refused from everywhere else ----


@pytest.mark.parametrize("to", ACTS)
@pytest.mark.parametrize("status", MoveStatus)
def test_an_act_is_refused_from_every_other_state(status, to, case, crew):
    if (status, to) in EDGES:
        assert ACTS[to](in_state(status, case, crew), crew).status == to
        return
    move = in_state(status, case, crew)
    before = trace()

    with pytest.raises(Refused, match=f"现为“{status.label}”"):
        ACTS[to](move, crew)

    assert trace() == before


@pytest.mark.parametrize("status", [MoveStatus.PROPOSED, MoveStatus.IN_TRANSIT])
def test_one_move_at_a_time(status, case, crew):
    in_state(status, case, crew)
    before = trace()

    with pytest.raises(Refused, match=f"正在办理（{status.label}）"):
        zones_make.proposed(case, crew)

    assert trace() == before


def test_propose_for_another_unit_leaves_no_trace(case, crew):
    before = trace()

    with pytest.raises(Refused, match="由该大队民警提请"):
        actions.propose_zone_move(
            case=case, to_unit=crew.unit(Stage.ADAPTATION),
            by=crew.officer(Stage.ADAPTATION), at=make.NOON,
        )  # fmt: skip

    assert trace() == before


@pytest.mark.parametrize("to", [Stage.DETOX, Stage.CONSOLIDATION, Stage.REENTRY])
def test_no_zone_is_skipped(to, case, crew):
    with pytest.raises(Refused, match="不在教育适应区"):
        actions.propose_zone_move(
            case=case, to_unit=crew.unit(to), by=crew.officer(Stage.DETOX), at=make.NOON
        )


def test_nobody_is_sent_to_another_facility(case, crew):
    there = make.unit(make.facility("T02"), Stage.ADAPTATION)

    with pytest.raises(Refused, match="请另选接收大队"):
        actions.propose_zone_move(
            case=case, to_unit=there, by=crew.officer(Stage.DETOX), at=make.NOON
        )


def test_from_the_last_zone_nobody_is_moved(facility, crew):
    case = zones_make.walked_to(zones_make.ready(facility), Stage.REENTRY, crew)

    with pytest.raises(Refused, match="最后一区"):
        actions.propose_zone_move(
            case=case, to_unit=crew.unit(Stage.DETOX), by=crew.officer(Stage.REENTRY), at=LATER
        )


def test_without_a_provincial_rule_the_bureau_is_named(facility):
    other = make.facility("T09", province=make.bureau("示例乙省戒毒管理局"))
    crew = zones_make.Crew(other)

    with pytest.raises(Refused, match="请省级戒毒管理局先设定"):
        zones_make.proposed(zones_make.ready(other), crew)


def test_the_proposer_does_not_approve(case, crew):
    move = zones_make.proposed(case, crew)
    before = trace()

    with pytest.raises(Refused, match="已以提请人签字"):
        approve(move, crew, by=crew.officer(Stage.DETOX))

    assert trace() == before


def test_the_leader_of_another_unit_does_not_approve(case, crew):
    move = zones_make.proposed(case, crew)

    with pytest.raises(Refused, match="由生理脱毒大队审批"):
        approve(move, crew, by=crew.leader(Stage.ADAPTATION))


def test_who_signed_before_does_not_receive(case, crew):
    """Even after a transfer to the receiving 大队: three signatures, three people."""
    move = zones_make.in_transit(case, crew)
    for signer, word in ((move.proposed_by, "提请"), (move.approved_by, "审批")):
        moved = make.officer("zone_officer", crew.unit(Stage.ADAPTATION))
        ZoneMove.objects.filter(pk=move.pk).update(
            **{"proposed_by" if word == "提请" else "approved_by": moved}
        )
        with pytest.raises(Refused, match=f"已以{word}人签字"):
            receive(move, crew, by=moved)
        ZoneMove.objects.filter(pk=move.pk).update(
            **{"proposed_by" if word == "提请" else "approved_by": signer}
        )


def test_the_database_wants_three_people(case, crew):
    move = zones_make.received(case, crew)

    for column in ("approved_by", "received_by"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ZoneMove.objects.filter(pk=move.pk).update(**{column: move.proposed_by})


def test_the_sending_unit_does_not_receive(case, crew):
    move = zones_make.in_transit(case, crew)
    colleague = make.officer("zone_officer", crew.unit(Stage.DETOX))

    with pytest.raises(Refused, match="由教育适应大队签收"):
        receive(move, crew, by=colleague)


def test_who_has_not_looked_does_not_receive(case, crew):
    move = zones_make.in_transit(case, crew)
    before = trace()

    with pytest.raises(Refused, match="当面核对随身药品和物品"):
        receive(move, crew, seen=frozenset({"alerts"}))

    assert trace() == before


def test_a_return_gives_its_reason(case, crew):
    move = zones_make.in_transit(case, crew)
    before = trace()

    with pytest.raises(Refused, match="退回理由"):
        give_back(move, crew, reason=" ")

    assert trace() == before


def test_an_officer_of_the_sending_unit_withdraws_and_does_not_return(case, crew):
    move = zones_make.proposed(case, crew)

    with pytest.raises(Refused, match="大队长或者待交接时的接收大队退回"):
        give_back(move, crew, by=crew.officer(Stage.DETOX))


def test_the_receiving_unit_has_no_part_in_what_is_not_approved(case, crew):
    move = zones_make.proposed(case, crew)

    with pytest.raises(Refused, match="退回"):
        give_back(move, crew, by=crew.officer(Stage.ADAPTATION))


def test_only_the_proposer_withdraws(case, crew):
    move = zones_make.proposed(case, crew)
    colleague = make.officer("zone_officer", crew.unit(Stage.DETOX))
    before = trace()

    with pytest.raises(Refused, match="由提请人撤回"):
        withdraw(move, crew, by=colleague)

    assert trace() == before


def test_an_officer_of_a_squad_signs_for_his_unit(facility, case, crew):
    detox = crew.unit(Stage.DETOX)
    squad = facility.units.create(facility=facility, parent=detox, name="一中队")

    move = actions.propose_zone_move(
        case=case, to_unit=crew.unit(Stage.ADAPTATION),
        by=make.officer("zone_officer", squad), at=make.NOON,
    )  # fmt: skip

    assert move.from_unit == detox


# Beds ----


def fill(unit, facility):
    """Take every ordinary bed for men in a 大队 but none."""
    while bed := make.free_bed(unit):
        case = make.case(facility)
        placements.place(case=case, bed=bed, at=make.NOON)


def test_without_a_bed_nothing_is_approved(facility, case, crew):
    fill(crew.unit(Stage.ADAPTATION), facility)
    move = zones_make.proposed(case, crew)
    before = trace()

    with pytest.raises(Refused, match=r"没有适合此人的空床.*第四十四条"):
        approve(move, crew)

    assert trace() == before


def test_a_bed_elsewhere_is_not_held(case, crew):
    move = zones_make.proposed(case, crew)

    with pytest.raises(Refused, match="不在教育适应大队"):
        approve(move, crew, bed=make.free_bed(crew.unit(Stage.CONSOLIDATION)))


def test_a_woman_gets_a_bed_among_women(facility, crew):
    case = zones_make.ready(facility, person=make.person_facts(sex=Sex.FEMALE))

    approve(zones_make.proposed(case, crew), crew)

    assert held().get().bed.room.sex == Sex.FEMALE


def test_a_bed_that_no_longer_fits_is_not_taken(case, crew):
    move = zones_make.in_transit(case, crew)
    Case.objects.filter(pk=case.pk).update(needs_isolation=True)
    before = trace()

    with pytest.raises(Refused, match="已不适合此人"):
        receive(move, crew)

    assert trace() == before


def test_conditions_are_judged_again_at_approval(case, crew):
    move = zones_make.proposed(case, crew)
    Case.objects.filter(pk=case.pk).update(zone_entered_at=make.NOON)

    with pytest.raises(Refused, match="未满最短"):
        approve(move, crew)


@pytest.mark.parametrize("to", ACTS)
def test_an_act_without_its_event_is_undone(to, case, crew, monkeypatch):
    status = MoveStatus.IN_TRANSIT if to == MoveStatus.RECEIVED else MoveStatus.PROPOSED
    move = in_state(status, case, crew)
    before = trace()
    monkeypatch.setattr(events, "record_all", failing)

    with pytest.raises(ConnectionError):
        ACTS[to](move, crew)

    assert trace() == before


def test_a_proposal_without_its_event_is_undone(case, crew, monkeypatch):
    before = trace()
    monkeypatch.setattr(events, "record_all", failing)

    with pytest.raises(ConnectionError):
        zones_make.proposed(case, crew)

    assert trace() == before


def failing(*args, **kwargs):
    raise ConnectionError("the ledger is not reached")


# Leaving the facility ----


@pytest.mark.parametrize("status", [MoveStatus.PROPOSED, MoveStatus.IN_TRANSIT])
def test_leave_ends_the_move_under_way(status, facility, case, crew):
    move = in_state(status, case, crew)
    leader = make.officer("facility_leader", facility)

    gone = actions.grant_leave(case=case, approval="示戒批〔2026〕1号", by=leader, at=LATER)

    move.refresh_from_db()
    assert gone.status == CaseStatus.MEDICAL_LEAVE
    assert move.status == MoveStatus.WITHDRAWN
    assert not held().exists()
    assert not Deadline.objects.open().filter(case=case, clock__startswith="zones.").exists()
    assert case.events.get(kind=Event.Kind.ZONE_MOVE_WITHDRAWN).facts["left"] is True


def test_leave_that_is_refused_leaves_the_move(facility, case, crew):
    zones_make.in_transit(case, crew)
    leader = make.officer("facility_leader", facility)
    before = trace()

    with pytest.raises(Refused, match="批准文号"):
        actions.grant_leave(case=case, approval=" ", by=leader, at=LATER)

    assert trace() == before


def test_end_open_move_without_one(facility, case, crew):
    leader = make.officer("facility_leader", facility)

    assert actions.end_open_move(case=case, by=leader, at=LATER) is None


def test_end_leave(facility, case, crew):
    leader = make.officer("facility_leader", facility)
    gone = actions.grant_leave(case=case, approval="示戒批〔2026〕1号", by=leader, at=LATER)
    assert gone.zone_entered_at == zones_make.ENTERED

    back = actions.end_leave(
        case=gone, bed=make.free_bed(crew.unit(Stage.DETOX)), by=leader, at=LATER
    )

    assert back.status == CaseStatus.IN_FACILITY
    assert back.zone_entered_at == zones_make.ENTERED
    assert Deadline.objects.open().filter(case=case, clock="zones.move").exists()


def test_end_leave_leads_back_into_the_zone_that_was_left(facility, case, crew):
    leader = make.officer("facility_leader", facility)
    actions.grant_leave(case=case, approval="示戒批〔2026〕1号", by=leader, at=LATER)

    with pytest.raises(Refused, match="返回后仍住原区"):
        actions.end_leave(
            case=case, bed=make.free_bed(crew.unit(Stage.ADAPTATION)), by=leader, at=LATER
        )


# The province's rules ----


def test_set_stage_rule(facility, case):
    assert Deadline.objects.get(case=case, clock="zones.move").due_at.date() == date(2026, 11, 21)
    approver = make.officer("bureau_approver", facility.province)

    rule = actions.set_stage_rule(
        province=facility.province, stage=Stage.DETOX, effective_from=date(2026, 11, 1),
        minimum_days=7, target_days=20, maximum_days=30,
        needs_assessment=AssessmentKind.DETOX, by=approver, at=LATER,
    )  # fmt: skip

    assert (rule.set_by, rule.needs_assessment) == (approver, "detox")
    moved = Deadline.objects.get(case=case, clock="zones.move")
    assert moved.due_at.date() == date(2026, 11, 26)
    assert Deadline.objects.filter(case=case, clock="zones.stage_assessment").exists()


def test_a_stage_rule_is_never_edited(facility):
    count = StageRule.objects.count()

    with pytest.raises(Refused, match="已有施行的规则"):
        zones_make.set_rules(facility.province)

    assert StageRule.objects.count() == count


def test_a_later_rule_leaves_stays_begun_before_it(facility, case):
    zones_make.set_rules(facility.province, effective_from=date(2026, 11, 20))

    assert Deadline.objects.get(case=case, clock="zones.move").due_at.date() == date(2026, 11, 21)
    assert deadlines.rebuild([case]).mended == 0

"""转所: asked for, approved, handed over at one gate, received at the other."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from aftercare import actions as dying
from rehab import scope
from rehab.actions import term_decisions
from rehab.actions.apart import keep_apart
from rehab.actions.merging import return_merge
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Bed, Case, Document, Event, KeepApart, Notice, PersonMerge, Placement, Room
from rehab.refusal import Refused
from rehab.rules.days import end_of
from rehab.selectors.apart import number_kept_apart
from rehab.states import AbsenceKind, Sex, Stage
from reporting.selectors import worklist
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import merging
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.factories import zones as rooms
from tests.factories.transfers import Sides
from zones import actions, transfer_clocks
from zones.models import FacilityTransfer
from zones.selectors import transfers as selectors
from zones.selectors.rollcall import roll_call
from zones.states import TRANSFER_EDGES, TRANSFER_OPEN, ToldBy, TransferStatus

K, S = Event.Kind, TransferStatus


@pytest.fixture
def sides(facility):
    return Sides(facility, make.facility("T02"))


def as_(user):
    """Under the fence of this user's posting."""
    return scope.within(rooms.seen_by(user))


def kinds(case):
    return list(case.events.order_by("recorded_at", "id").values_list("kind", flat=True))


def test_one_person_goes_from_gate_to_gate(case, sides):
    """Each act under the signer's own fence; the file is the other facility's from the reception on."""
    sides.posted()
    entered = Case.objects.get(pk=case.pk).zone_entered_at

    with as_(sides.proposer):
        asked = road.proposed(case, sides)
        assert list(FacilityTransfer.objects.visible_to(sides.proposer)) == [asked]
    assert not FacilityTransfer.objects.visible_to(sides.there).exists()
    with as_(sides.there):
        assert not FacilityTransfer.objects.exists()
    with as_(sides.leader):
        actions.approve_transfer(transfer=asked, by=sides.leader, at=make.NOON)
    with as_(sides.there):
        (awaited,) = selectors.transfers(sides.there)
        assert not Case.objects.exists()
        (shown,) = selectors.named([awaited])
        assert shown.who.person.name == case.person.name
        assert not Case.objects.exists()
    with as_(sides.gate):
        gone = actions.hand_over(
            transfer=asked, handover=road.handover(), by=sides.gate, at=make.NOON + road.LATER
        )
        stands = Case.objects.get(pk=case.pk)
        assert (stands.status, stands.facility) == ("in_transit", sides.sender)
        assert not Placement.objects.filter(case=case, period__endswith__isnull=True).exists()
        assert gone.document.number.startswith("（示T01）强戒转所")
    with as_(sides.there):
        assert not Case.objects.exists()
        got = actions.receive_transfer(
            transfer=awaited,
            bed=road.bed_at(sides.receiver),
            reception=road.reception(),
            by=sides.there,
            at=make.NOON + 2 * road.LATER,
        )
        stands = Case.objects.get(pk=case.pk)
        assert (stands.status, stands.facility) == ("in_facility", sides.receiver)
        assert stands.unit.facility == stands.zone.facility == sides.receiver
        assert (stands.zone.stage, stands.zone_entered_at) == ("01", entered)
        assert stands.number == case.number
        assert set(case.deadlines.values_list("facility", flat=True)) == {sides.receiver.pk}
        assert Document.objects.visible_to(sides.there).get() == got.document
    with as_(sides.gate):
        assert not Case.objects.exists()
        (over,) = selectors.named(selectors.transfers(sides.gate))
        assert (over, over.who, over.status) == (got, None, "received")

    assert kinds(case) == [
        K.TRANSFER_PROPOSED, K.TRANSFER_APPROVED, K.TRANSFER_DEPARTED, K.TRANSFER_RECEIVED,
    ]  # fmt: skip
    moved = case.events.get(kind=K.TRANSFER_RECEIVED).facts["changes"]
    assert moved["facility"] == [str(sides.sender.pk), str(sides.receiver.pk)]
    assert moved["status"] == ["in_transit", "in_facility"]


def acts_on(transfer, sides, *, at):
    """Every act, by whoever may do it where it may be done, and what it makes of a transfer."""
    proposed = transfer.status == S.PROPOSED
    back = road.reception()
    return {
        "approve": lambda: actions.approve_transfer(transfer=transfer, by=sides.leader, at=at),
        "depart": lambda: actions.hand_over(
            transfer=transfer, handover=road.handover(), by=sides.gate, at=at
        ),
        "receive": lambda: actions.receive_transfer(
            transfer=transfer,
            bed=road.bed_at(sides.receiver),
            reception=back,
            by=sides.there,
            at=at,
        ),
        "take back": lambda: actions.take_back(
            transfer=transfer, bed=road.bed_at(sides.sender), reception=back, by=sides.gate, at=at
        ),
        "return": lambda: actions.return_transfer(
            transfer=transfer, reason="示例", by=sides.leader if proposed else sides.there, at=at
        ),
        "withdraw": lambda: actions.withdraw_transfer(
            transfer=transfer, reason="示例", by=sides.gate, at=at
        ),
    }


LEGAL = {
    (S.PROPOSED, "approve"): S.APPROVED,
    (S.PROPOSED, "return"): S.RETURNED,
    (S.PROPOSED, "withdraw"): S.WITHDRAWN,
    (S.APPROVED, "depart"): S.DEPARTED,
    (S.APPROVED, "return"): S.RETURNED,
    (S.APPROVED, "withdraw"): S.WITHDRAWN,
    (S.DEPARTED, "receive"): S.RECEIVED,
    (S.DEPARTED, "take back"): S.TAKEN_BACK,
    (S.DEPARTED, "return"): S.SENT_BACK,
    (S.SENT_BACK, "take back"): S.TAKEN_BACK,
}


@pytest.fixture
def in_every_status(at_noon, db):
    """One transfer that stands in each status, and who signs."""
    sides = Sides(make.facility(beds=12), make.facility("T02", beds=12))
    made = {status: make.case(sides.sender) for status in S}
    stand = {
        S.PROPOSED: road.proposed,
        S.APPROVED: road.approved,
        S.DEPARTED: road.departed,
        S.SENT_BACK: road.sent_back,
        S.RECEIVED: road.received,
        S.TAKEN_BACK: road.taken_back,
        S.RETURNED: road.returned,
        S.WITHDRAWN: road.withdrawn,
        S.ENDED: road.ended,
    }
    return sides, {status: stand[status](case, sides) for status, case in made.items()}


def made_of(act):
    """What an act makes of a transfer; None where it is refused. Nothing of it stays, either way."""
    point = transaction.savepoint()
    try:
        return act().status
    except Refused:
        return None
    finally:
        transaction.savepoint_rollback(point)


def traces(transfer):
    """Everything that an act would have left."""
    return (
        FacilityTransfer.objects.values().get(pk=transfer.pk),
        Case.objects.values().get(pk=transfer.case_id),
        transfer.case.events.count(),
        Notice.objects.count(),
        list(transfer.case.deadlines.order_by("pk").values()),
    )


def test_every_edge_and_no_other(in_every_status, monkeypatch):
    """Allowed from each legal status, refused from the complement; no trace when refused or when the event fails."""
    sides, transfers = in_every_status
    at = make.NOON + timedelta(hours=1)
    done = {}
    for status, transfer in transfers.items():
        assert transfer.status == status
        for name, act in acts_on(transfer, sides, at=at).items():
            before = traces(transfer)
            if (status, name) in LEGAL:
                done[status, name] = made_of(act)
                with monkeypatch.context() as patch:
                    patch.setattr(events, "record", no_event)
                    with pytest.raises(RuntimeError):
                        act()
            else:
                with pytest.raises(Refused):
                    act()
            assert traces(transfer) == before, (status, name)

    assert done == LEGAL
    reached = {(start, end) for (start, _), end in done.items()}
    assert reached | {(start, S.ENDED) for start in TRANSFER_OPEN} == set(TRANSFER_EDGES)


def no_event(*args, **kwargs):
    raise RuntimeError("no event")


def test_whose_signature_it_is(in_every_status):
    """Another person, the right side, and the bureau where it leads into another province."""
    sides, transfers = in_every_status
    at = make.NOON + timedelta(hours=1)
    asked, awaited, gone = (transfers[one] for one in (S.PROPOSED, S.APPROVED, S.DEPARTED))
    across = Sides(sides.sender, make.facility("T21", province=make.bureau("另一省戒毒管理局")))
    far = road.proposed(make.case(across.sender, entered_at=at), across, at=at)
    own = make.officer("facility_leader", sides.sender)
    asked_by_leader = road.proposed(make.case(sides.sender, entered_at=at), sides, at=at, by=own)

    def why(act, **more):
        with pytest.raises(Refused) as refused:
            act(at=at, **more)
        return str(refused.value)

    approve = actions.approve_transfer
    assert "审批须由另一人办理" in why(approve, transfer=asked_by_leader, by=own)
    assert "不由您所在单位办理" in why(approve, transfer=asked, by=sides.leader_there)
    assert "（跨省）审批" in why(approve, transfer=far, by=across.leader)
    assert approve(transfer=far, by=across.bureau, at=at).status == S.APPROVED
    assert approve(transfer=asked, by=sides.bureau, at=at).status == S.APPROVED
    assert "示T01移交" in why(
        actions.hand_over, transfer=awaited, handover=road.handover(), by=sides.there
    )
    bed, everything = road.bed_at(sides.receiver), road.reception()
    came = {"transfer": gone, "bed": bed, "reception": everything}
    assert "示T02接收" in why(actions.receive_transfer, **came, by=across.there)
    FacilityTransfer.objects.filter(pk=gone.pk).update(departed_by=sides.there)
    assert "您已以移交人签字" in why(actions.receive_transfer, **came, by=sides.there)
    assert "示T02退回" in why(
        actions.return_transfer, transfer=gone, reason="示例", by=sides.leader
    )
    assert "示T01接收" in why(
        actions.take_back, **came | {"transfer": transfers[S.SENT_BACK]}, by=sides.there
    )
    assert "由示T02告知家属" in why(
        actions.tell_family, transfer=transfers[S.RECEIVED], who="母", means="phone", by=sides.gate
    )


def test_what_may_not_be_asked_for(case, sides):
    """Every sentence that keeps a proposal or a departure from being written down."""

    def asked(**changed):
        with pytest.raises(Refused) as refused:
            road.proposed(case, sides, **changed)
        return str(refused.value)

    assert "就是此人所在场所" in asked(to_facility=sides.sender)
    assert "早于今天" in asked(planned_on=make.NOON.date() - timedelta(days=1))
    assert "晚于期满日 2028-05-31" in asked(planned_on=date(2028, 6, 1))
    assert "“说明”不能为空" in asked(ground="other")
    transfer = road.approved(case, sides)
    assert "已有一件转所正在办理（待移交）" in asked()
    away.out(case, AbsenceKind.COURT)
    with pytest.raises(Refused) as refused:
        actions.hand_over(
            transfer=transfer,
            handover=road.handover(escorts=" ", person_told=False),
            by=sides.gate,
            at=make.NOON,
        )
    assert [str(one) for one in refused.value.obstacles] == [
        "此人已离所（出庭），请先办理回所登记，再移交",
        "“押送民警”不能为空，请填写姓名",
        "请先告知本人转往何处和理由，再勾选“已告知本人”",
    ]
    last = make.at(2028, 5, 31)
    with pytest.raises(Refused, match="不再移交，请办理解除"):
        actions.hand_over(transfer=transfer, handover=road.handover(), by=sides.gate, at=last)


def test_nobody_is_sent_elsewhere_whose_decision_was_revoked(case, sides):
    at = make.NOON
    transfer = road.approved(case, sides, at=at)
    leaving.revocation(case, at=at)
    said = r"决定已登记撤销，不再移交，请立即办理离所.*国家赔偿法"

    with pytest.raises(Refused, match=said):
        actions.hand_over(transfer=transfer, handover=road.handover(), by=sides.gate, at=at)
    actions.withdraw_transfer(transfer=transfer, reason="决定撤销", by=sides.gate, at=at)
    with pytest.raises(Refused, match="决定已登记撤销，不再提请转所"):
        road.proposed(case, sides, at=at)

    other = make.officer("facility_leader", sides.sender)
    dying.withdraw_revocation(case=case, reason="系同名另一人", by=other, at=at)
    assert road.proposed(case, sides, at=at).status == TransferStatus.PROPOSED


def test_nobody_leaves_whom_an_early_release_lets_go(case, sides):
    """Its day has come, and somebody has still to confirm it."""
    at = make.at(2027, 12, 1)
    transfer = road.approved(case, sides, at=at)
    named = at.date() + timedelta(days=1)
    paper = served.early(on=at.date(), ends_on=named)
    term_decisions.propose_term_decision(case=case, paper=paper, by=sides.gate, at=at)

    def why(on):
        return [str(one) for one in selectors.departure_obstacles(transfer, by=sides.gate, on=on)]

    assert why(at.date()) == []
    assert why(named) == ["提前解除决定载明的期满日已到，请先确认并办理解除，不再移交"]


def test_what_did_not_come_is_noted_and_keeps_nobody_out(case, sides):
    """The zone that he left, whatever is missing; the family is told where he is."""
    gone = road.departed(case, sides)
    wrong = road.bed_at(sides.receiver, Stage.ADAPTATION)
    at = make.NOON + 2 * road.LATER
    missing = road.reception(medicines=1)

    def receive(bed, reception):
        return actions.receive_transfer(
            transfer=gone, bed=bed, reception=reception, by=sides.there, at=at
        )

    with pytest.raises(Refused) as refused:
        receive(wrong, missing)
    assert "生理脱毒区，转所不改变所在的期；药品移交 2、实收 1" in str(refused.value)
    with pytest.raises(Refused, match="女性房间"):
        receive(road.bed_at(sides.receiver, sex=Sex.FEMALE), road.reception())
    got = receive(road.bed_at(sides.receiver), replace(missing, differences="药一盒途中破损"))
    assert (got.received_counts["medicines"], got.differences) == (1, "药一盒途中破损")

    owed = case.deadlines.get(clock="transfer.family")
    assert (owed.facility_id, owed.owed_by, owed.article) == (
        sides.receiver.pk, "intake_officer", "FAMILY_NOTICE",
    )  # fmt: skip
    assert owed.due_at == end_of(make.NOON.date() + timedelta(days=5))
    with pytest.raises(Refused, match="“被告知的家属”不能为空"):
        actions.tell_family(transfer=got, who=" ", means=ToldBy.PHONE, by=sides.there, at=at)
    actions.tell_family(transfer=got, who="母亲", means=ToldBy.PHONE, by=sides.there, at=at)
    assert case.deadlines.get(clock="transfer.family").satisfied_at == at
    with pytest.raises(Refused, match="已经告知"):
        actions.tell_family(transfer=got, who="母亲", means=ToldBy.PHONE, by=sides.there, at=at)


def test_a_gate_signs_for_its_own_side_alone(case, sides):
    gone = road.departed(case, sides)
    at, came = make.NOON + 2 * road.LATER, road.reception()
    here, there = road.bed_at(sides.sender), road.bed_at(sides.receiver)
    another = make.officer("intake_officer", sides.sender)

    with pytest.raises(Refused, match=f"由{sides.receiver.short_name}签收"):
        actions.receive_transfer(transfer=gone, bed=there, reception=came, by=another, at=at)
    with pytest.raises(Refused, match=f"由{sides.sender.short_name}签收"):
        actions.take_back(transfer=gone, bed=here, reception=came, by=sides.there, at=at)

    gone.refresh_from_db()
    assert gone.status == S.DEPARTED


def test_the_road_has_its_hours(case, sides):
    """Both sides learn of it: a deadline here, a word each night there; and he is on no roll."""
    sides.posted()
    unit = make.unit(sides.sender, Stage.DETOX)
    assert len(roll_call(sides.leader, unit, at=make.NOON).heads) == 1
    gone = road.departed(case, sides)
    roll = roll_call(sides.leader, unit, at=gone.departed_at)
    assert (roll.people, roll.out, roll.balanced) == (0, (), True)

    due = case.deadlines.get(clock="transfer.road")
    assert due.due_at == gone.departed_at + timedelta(hours=24)
    late = gone.departed_at + timedelta(hours=24, seconds=1)
    assert not selectors.is_late(gone, at=due.due_at)
    assert selectors.is_late(gone, at=late)
    told = Notice.objects.filter(facility=sides.receiver, clock="transfer.road")
    actions.alarm_receivers(facility=sides.receiver, at=due.due_at)
    assert not told.exists()
    with scope.within(scope.system("nightly", sides.receiver.pk)):
        actions.alarm_receivers(facility=sides.receiver, at=late)
        actions.alarm_receivers(facility=sides.receiver, at=late)
    assert (told.get().role_id, told.get().case) == ("facility_leader", None)

    last = make.at(2028, 5, 31)
    assert not Case.objects.filter(facility=sides.receiver).exists()
    assert awaited(sides.there, at=make.NOON) == (1, 0, 0)
    assert awaited(sides.leader_there, at=late) == (1, 1, 0)
    assert awaited(sides.there, at=last) == (1, 1, 1)
    assert awaited(sides.gate, at=late) == (0, 0, 0)
    actions.return_transfer(transfer=gone, reason="示例", by=sides.there, at=late)
    assert awaited(sides.gate, at=late) == (1, 1, 0)
    assert awaited(sides.there, at=late) == (0, 0, 0)


def awaited(user, *, at):
    """What stands on top of his worklist of those who come to his facility."""
    with as_(user):
        counted = worklist.figures(user, at=at)
    return tuple(counted[name].count for name in worklist.FROM_THE_ROAD)


def released(case, sides, at):
    leaving.release(case, by=sides.gate, second=sides.leader, at=at)


def died(case, sides, at):
    leaving.death(case, by=sides.gate, at=at)
    dying.confirm_death(case=case, by=sides.leader, at=at)


def revoked(case, sides, at):
    leaving.revocation(case, by=sides.gate, at=at)
    dying.let_go(case=case, answers={}, by=sides.leader, at=at)


def ran(case, sides, at):
    away.out(case, AbsenceKind.ESCAPE, by=sides.gate, at=at)


@pytest.mark.parametrize(
    ("act", "status"),
    [(released, "released"), (died, "died"), (revoked, "revoked"), (ran, "escaped")],
)
def test_who_is_on_the_road_may_leave_it_otherwise(case, sides, act, status):
    """Whoever holds him does it under his own fence; the other side reads that nobody comes."""
    sides.posted()
    at = make.at(2028, 5, 31)
    gone = road.departed(case, sides, at=at - timedelta(days=1))
    with standing_at(at), as_(sides.gate):
        act(case, sides, at)

    stands = FacilityTransfer.objects.select_related("case").get(pk=gone.pk)
    assert (stands.status, stands.case.status) == (S.ENDED, status)
    assert case.events.get(kind=K.TRANSFER_ENDED).facts["on_the_road"] is True
    letters = Document.objects.filter(case=case, template="escape_report")
    assert [one.facts["ran_from"] for one in letters] == ["在转所途中"] * (act is ran)
    told = Notice.objects.filter(facility=sides.receiver, clock=K.TRANSFER_ENDED)
    assert set(told.values_list("role", flat=True)) == {"intake_officer", "facility_leader"}
    assert not case.deadlines.filter(clock__startswith="transfer.").exists()


def test_nobody_ran_from_the_road_before_he_was_on_it(case, sides):
    gone = road.departed(case, sides)
    early = away.departure(AbsenceKind.ESCAPE, at=gone.departed_at - timedelta(seconds=1))
    with pytest.raises(Refused, match="早于转所移交"):
        actions.leave_facility(case=case, departure=early, by=sides.gate, at=gone.departed_at)
    with pytest.raises(Refused, match="不能办理离所登记"):
        away.out(case, AbsenceKind.COURT, by=sides.gate, at=gone.departed_at)


def test_what_was_under_way_ends_and_who_is_kept_apart_stays_so(facility, crew, case, sides):
    """A move ends at the gate; keeping apart binds again once both are carried on in one facility."""
    other, stays = rooms.ready(facility), rooms.ready(facility)
    for one in (other, stays):
        keep_apart(
            case=case, other=one, kind="conflict", distance="room", reason="示例", until=None,
            by=crew.officer(Stage.DETOX), at=make.NOON,
        )  # fmt: skip
    move = rooms.in_transit(case, crew)
    first = road.received(case, sides)
    move.refresh_from_db()
    assert move.status == "withdrawn"
    lies = Placement.objects.get(case=case, period__endswith__isnull=True).bed
    assert not KeepApart.objects.filter(facility=sides.receiver).exists()

    gone = road.departed(other, sides)
    beside = lies.room.beds.free().first()
    with pytest.raises(Refused, match="分开"):
        actions.receive_transfer(
            transfer=gone, bed=beside, reception=road.reception(), by=sides.there,
            at=first.received_at,
        )  # fmt: skip
    assert set(KeepApart.objects.values_list("facility", flat=True)) == {sides.sender.pk}
    room = Room.objects.create(unit=lies.room.unit, name="106", sex=lies.room.sex)
    actions.receive_transfer(
        transfer=gone, bed=Bed.objects.create(room=room, label="1"), reception=road.reception(),
        by=sides.there, at=first.received_at,
    )  # fmt: skip
    assert dict(KeepApart.objects.values_list("facility", "ended_at")) == {
        sides.sender.pk: None,  # him who stays, for when he comes too
        sides.receiver.pk: None,
    }
    seen = Case.objects.annotate(apart=number_kept_apart("pk", on=make.NOON.date()))
    assert seen.get(pk=case.pk).apart == 2  # to who sees both facilities


def test_who_is_kept_apart_meets_the_other_at_a_third_facility(facility, crew, case):
    """It was noted at the first, and each comes to the third his own way, under the fence of those who sign."""
    other, second, third = rooms.ready(facility), make.facility("T02"), make.facility("T03")
    keep_apart(
        case=case, other=other, kind="conflict", distance="room", reason="示例", until=None,
        by=crew.officer(Stage.DETOX), at=make.NOON,
    )  # fmt: skip
    first_way, direct = Sides(facility, second).posted(), Sides(facility, third).posted()
    onward = Sides(second, third).posted()
    road.received(case, first_way)
    road.received(other, direct)
    gone = road.departed(Case.objects.get(pk=case.pk), onward, at=make.NOON + 5 * road.LATER)

    with as_(onward.there):
        actions.receive_transfer(
            transfer=gone, bed=road.bed_at(third), reception=road.reception(), by=onward.there,
            at=make.NOON + 9 * road.LATER,
        )  # fmt: skip

    assert KeepApart.objects.get().facility == third


def test_a_merge_that_waits_is_decided_where_he_lies(facility, sides):
    """It goes with the file it was asked for on; otherwise none could be asked for again."""
    sides.posted()
    two = merging.two_records(facility, facility)
    merge = merging.propose(two)
    road.received(two.here, sides)
    with as_(sides.leader_there):
        (waits,) = PersonMerge.objects.visible_to(sides.leader_there).open()
        assert (waits, waits.facility) == (merge, sides.receiver)
        returned = return_merge(
            merge=waits, reason="示例", by=sides.leader_there, at=make.NOON + 3 * road.LATER
        )
    assert returned.status == "returned"


def test_the_sheet_says_what_is_to_be_heeded(facility, sides):
    case = make.case(facility, needs_isolation=True)
    Case.objects.filter(pk=case.pk).update(precautions="青霉素过敏")

    gone = road.departed(case, sides)

    assert gone.document.facts["heed"] == "需隔离；青霉素过敏"


def test_a_family_is_told_of_who_is_still_somewhere():
    """What was done stays on the ledger; of whose case is over nothing more is owed."""
    at = make.NOON
    here = transfer_clocks.Way("示例", S.RECEIVED, False, False, at, at, at, at, None)
    over = replace(here, case_ended=True)

    def owed(way):
        return [one.clock for one in transfer_clocks.expected([way])]

    assert transfer_clocks.FAMILY in owed(here)
    assert transfer_clocks.FAMILY not in owed(over)
    assert transfer_clocks.FAMILY in owed(replace(over, family_told_at=at))
    further = transfer_clocks.expected([here, replace(here, key="示例二")])
    owes = [one.cycle for one in further if one.clock == transfer_clocks.FAMILY]
    assert owes == ["示例二"]  # by whom he was received last
    assert transfer_clocks.ROAD not in owed(replace(here, status=S.ENDED, received_at=None))
    (approval, *_) = transfer_clocks.expected([replace(here, across=True)])
    assert (approval.owed_by, approval.due_at) == (
        "bureau_approver", end_of(at.date() + timedelta(days=1)),
    )  # fmt: skip

"""The morning on which the demo opens: what the night planned, and what a few officers have just done."""

from dataclasses import replace
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta

from rehab import clock, scope
from rehab.actions import apart, decision_corrections, merging, persons
from rehab.actions.reading import mark_read
from rehab.ledgers import deadlines
from rehab.models import Case, KeepApart, Notice, User
from rehab.rules.decision_corrections import Correction
from rehab.selectors.decision_corrections import paper_of
from rehab.states import CaseStatus, CorrectionCause
from reporting.demo.world import World, after
from zones import actions as zones
from zones.rules.outings import OutingRequest
from zones.rules.transfers import Handover
from zones.states import Kin, OutingGround, ProofBy, TransferGround

READ_DAYS = 5  # notices older than that were read by whoever holds the post


def tell(world: World, at: datetime) -> None:
    """What happened since midnight, up to `at`."""
    _plan_the_night(world, at)
    _keep_two_apart(world, at)
    _written_twice(world, at)
    _typed_wrongly(world, at)
    _on_the_road(world, at)
    _to_see_his_father(world, at)
    _read_the_old(world, at)


def _plan_the_night(world: World, at: datetime) -> None:
    """What beat would have done last night: every deadline from the facts, every reminder written."""
    for facility in world.places.facilities.values():
        with scope.within(scope.system("seed", facility.pk)):
            deadlines.rebuild_facility(facility)
            deadlines.sweep(facility, at=at)


def _keep_two_apart(world: World, at: datetime) -> None:
    """Two of the 二大队 fell out; its officer notes it in the morning."""
    with world.acting(world.who("SL01", "zone2")) as by:
        own = Case.objects.visible_to(by).filter(unit=by.unit, status=CaseStatus.IN_FACILITY)
        case, other = own.order_by("number")[:2]
        apart.keep_apart(
            case=case,
            other=other,
            kind=KeepApart.Kind.CONFLICT,
            distance=KeepApart.Distance.ROOM,
            reason="昨晚因生活琐事争吵，班组长劝开",
            until=after(clock.day_of(at), 30),
            by=by,
            at=at,
        )


def _written_twice(world: World, at: datetime) -> None:
    """Somebody came under a number that is not his; his fingers say that he left the house weeks ago."""
    with world.acting(world.who("SL01", "intake1")) as by:
        seen = Case.objects.visible_to(by).select_related("person")
        was = seen.filter(status=CaseStatus.RELEASED).order_by("ended_at").first()
        if was is None:
            return
        since = seen.filter(status=CaseStatus.IN_FACILITY, entered_at__gt=was.ended_at)
        case = since.filter(person__sex=was.person.sex).order_by("entered_at").first()
        if case is None:
            return
        persons.correct_particulars(
            case=case,
            corrected={"id_number": None},
            reason="入所时所报号码经公安机关核查属冒用，真实号码不明",
            bed=None,
            by=by,
            at=at,
        )
        merging.propose_merge(
            case=case,
            other=was.person_id,
            chosen=["address"],
            reason="指纹比对与此前解除的为同一人，入所时冒用他人姓名",
            answers={},
            by=by,
            at=at,
        )


def _typed_wrongly(world: World, at: datetime) -> None:
    """The month of a decision was typed wrongly at the gate; the assessor saw it, and a leader is to confirm."""
    with world.acting(world.who("SL01", "assess1")) as by:
        seen = Case.objects.visible_to(by).filter(status=CaseStatus.IN_FACILITY)
        far = seen.filter(ends_on__gt=after(clock.day_of(at), 90)).select_related("decision")
        case = far.order_by("number").first()
        if case is None:
            return
        stands, month = paper_of(case.decision), relativedelta(months=1)
        becomes = replace(
            stands,
            decided_on=stands.decided_on - month,
            printed_starts_on=stands.printed_starts_on and stands.printed_starts_on - month,
            printed_ends_on=stands.printed_ends_on - month,
        )
        correction = Correction(
            cause=CorrectionCause.ENTRY,
            becomes=becomes,
            reason="核对决定书原件，入所登记时月份误录",
        )
        decision_corrections.propose_decision_correction(
            case=case, correction=correction, by=by, at=at
        )


def _on_the_road(world: World, at: datetime) -> None:
    """Somebody of SL02 is on his way to SL01, which awaits him at its gate."""
    with world.acting(world.who("SL02", "intake1")) as by:
        here = Case.objects.visible_to(by).filter(status=CaseStatus.IN_FACILITY)
        case = here.filter(ends_on__gt=after(clock.day_of(at), 1)).order_by("-number").first()
        if case is None:
            return
        asked = zones.propose_transfer(
            case=case, to_facility=world.places.facilities["SL01"], ground=TransferGround.NEARNESS,
            note="家在示例省第一强制隔离戒毒所附近", planned_on=clock.day_of(at), by=by, at=at,
        )  # fmt: skip
    with world.acting(world.who("SL02", "head1")) as by:
        zones.approve_transfer(transfer=asked, by=by, at=at)
    goes = Handover(
        escorts="示例民警甲、示例民警乙", papers=9, belongings=3, medicines=1, person_told=True
    )
    with world.acting(world.who("SL02", "intake1")) as by:
        zones.hand_over(transfer=asked, handover=goes, by=by, at=at)


def _to_see_his_father(world: World, at: datetime) -> None:
    """An outing that was approved this morning; he may leave today."""
    today = clock.day_of(at)
    request = OutingRequest(
        ground=OutingGround.ILLNESS, kin=Kin.PARENT, whom="示例父亲", place="示例市人民医院",
        leaves_on=today, returns_on=after(today, 2), proof_by=ProofBy.HOSPITAL,
        papers="病危通知书", escorts="示例民警丙",
    )  # fmt: skip
    with world.acting(world.who("SL01", "zone3")) as by:
        own = Case.objects.visible_to(by).filter(unit=by.unit, status=CaseStatus.IN_FACILITY)
        case = own.filter(ends_on__gte=request.returns_on).order_by("number").first()
        if case is None:
            return
        asked = zones.propose_outing(case=case, request=request, by=by, at=at)
    with world.acting(world.who("SL01", "head1")) as by:
        zones.approve_outing(case=case, seen=str(asked.pk), by=by, at=at)


def _read_the_old(world: World, at: datetime) -> None:
    """What was said long ago was read when it was said."""
    long_ago = at - timedelta(days=READ_DAYS)
    for user in world.staff.values():
        with world.acting(User.objects.with_posting().get(pk=user.pk)) as reader:
            unread = Notice.objects.unread_by(reader).filter(written_at__lt=long_ago)
            mark_read(notices=unread.only("pk"), by=reader, at=at)

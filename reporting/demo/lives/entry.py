"""The front door: handed over, received, and what is owed after entry."""

from datetime import date, datetime
from decimal import Decimal

from intake import actions as intake
from intake.models import Arrival
from intake.rules.belongings import Brought, Register
from intake.rules.gate import Checks, Papers
from intake.rules.grounds import Ground
from intake.rules.health_sheet import Escort, Found, Sheet
from intake.rules.papers import Check, Disposal
from intake.selectors.arrivals import first_beds
from intake.selectors.sheets import register_of
from rehab.clock import day_of
from rehab.models import Case, User
from rehab.states import Sex
from reporting.demo.lives.stayer import Life, Stayer
from reporting.demo.world import after, moment


def arrive(stayer: Stayer) -> Life:
    plan, person = stayer.plan, stayer.plan.person
    handed_over_at = moment(plan.arrives_on, 7 if plan.only_arrives else 9, person.serial % 50)
    yield handed_over_at
    papers = Papers(
        name=person.name,
        sex=person.sex.value,
        birth_date=person.birth_date,
        id_number=person.id_number,
        ethnicity=person.ethnicity,
        education=person.education,
        household="示例省示例市示例县",
        address="示例省示例市示例县示例街道",
        decision_number=person.decision_number,
        authority="示例市公安局",
        decided_on=plan.decided_on,
        printed_starts_on=plan.decided_on,
        printed_ends_on=plan.ends_on,
        transferred_on=plan.arrives_on,
        basis="5",
        drug=person.drug,
        addiction="成瘾严重",
        relative_name="示例亲属",
        relative_relation="母亲",
        relative_phone="000-00000000",
    )
    officers = _searchers(stayer)
    with stayer.world.acting(officers[0]) as by:
        arrival = intake.register_arrival(
            facility=stayer.world.places.facilities[plan.facility],
            papers=papers,
            by=by,
            at=handed_over_at,
            invented=True,
        )
    if plan.only_arrives:
        return
    at = moment(plan.arrives_on, 10, person.serial % 50)
    yield at
    with stayer.world.acting(officers[0]) as by:
        if plan.turned_away:
            intake.refuse_arrival(
                arrival=arrival, grounds=[Ground.NO_DECISION], explanation="", by=by, at=at
            )
            return
        stayer.case = _admit(stayer, arrival, papers, officers, by=by, at=at)


def _searchers(stayer: Stayer) -> list[User]:
    """Two officers of the person's sex."""
    if stayer.plan.facility != "SL01":
        return [stayer.staff("intake1"), stayer.staff("intake2")]
    if stayer.plan.person.sex == Sex.FEMALE:
        return [stayer.staff("intake2"), stayer.staff("zone1b")]
    return [stayer.staff("intake1"), stayer.staff("zone1")]


def _admit(
    stayer: Stayer,
    arrival: Arrival,
    papers: Papers,
    officers: list[User],
    *,
    by: User,
    at: datetime,
) -> Case:
    on = day_of(at)
    intake.open_admission(arrival=arrival, by=by, at=at)
    beds = first_beds(arrival.facility, sex=papers.sex, birth_date=papers.birth_date, on=on)
    return intake.admit(
        arrival=arrival,
        papers=papers,
        checks=Checks(
            has_decision=True, is_the_person=True, health_checked=True, pregnancy_tested=True
        ),
        searchers=officers,
        bed=beds[0],
        known_person=None,
        answers={"minor": "已安排在未成年人区域，由专人管理"},
        by=by,
        at=at,
    )


def settle_in(stayer: Stayer) -> Life:
    """What is owed after entry."""
    plan = stayer.plan
    at = moment(plan.arrives_on, 11, 5 + plan.person.serial % 40)
    yield at
    with stayer.world.acting(stayer.staff("medic1")) as by:
        intake.record_health_sheet(
            case=stayer.fresh(), sheet=_sheet(plan.person.serial, at), checked_at=at, by=by, at=at
        )
    at = moment(plan.arrives_on, 11, 10 + plan.person.serial % 40)
    yield at
    with stayer.world.acting(stayer.staff("intake1")) as by:
        intake.register_belongings(
            case=stayer.fresh(), register=_register(plan.person.serial), registered_at=at, by=by,
            at=at,
        )  # fmt: skip
    for duty, name, hour in (("entry_register", "intake1", 14),):
        at = moment(plan.arrives_on, hour, 10 + plan.person.serial % 40)
        yield at
        with stayer.world.acting(stayer.staff(name)) as by:
            intake.complete_item(case=stayer.fresh(), duty=duty, note="", done_at=at, by=by, at=at)
    at = moment(plan.arrives_on, 15, 30)
    yield at
    with stayer.world.acting(stayer.staff("zone1")) as by:
        intake.give_rights_notice(
            case=stayer.fresh(), note="已逐条宣读，本人签字", done_at=at, by=by, at=at
        )
    if not plan.slow:
        yield from tell_family(stayer, after(plan.arrives_on, 1))
    at = moment(after(plan.arrives_on, 4), 10)
    yield at
    with stayer.world.acting(stayer.staff("assess1")) as by:
        intake.complete_item(
            case=stayer.fresh(), duty="assessment_handbook", note="", done_at=at, by=by, at=at
        )


def _sheet(serial: int, at: datetime) -> Sheet:
    """What the physician finds; one in seven comes with an injury, which both sides sign for."""
    hurt = serial % 7 == 3
    return Sheet(
        findings=(
            Check("体温", f"36.{serial % 9} ℃"),
            Check("血压", f"{112 + serial % 20}/{70 + serial % 15} mmHg"),
            Check("心率", f"{68 + serial % 20} 次/分"),
        ),
        injuries=(Found("front-right_forearm", "擦伤", "3×1 cm", "已结痂"),) if hurt else (),
        conclusion="可以执行强制隔离戒毒",
        escort=Escort("示例移送民警", "000000", at) if hurt else None,
        signed_by_person=hurt,
    )


def _register(serial: int) -> Register:
    """What he has with him; one in five has nothing."""
    if serial % 5 == 0:
        return Register(items=(), nothing=True)
    return Register(
        items=(
            Brought("手机", "1部", Disposal.KEPT, "黑色", place=f"保管室 {serial % 90 + 1} 号柜"),
            Brought("皮带", "1条", Disposal.COLLECTED),
        ),
        cash=Decimal(serial % 7 * 50),
        collector="示例亲属",
        relation="母亲",
    )


def hand_back(stayer: Stayer, at: datetime) -> None:
    """What was kept, at the gate."""
    with stayer.world.acting(stayer.staff("intake1")) as by:
        register = register_of(stayer.fresh())
        if register is not None and register.keeps:
            intake.hand_back_belongings(case=stayer.fresh(), by=by, at=at)


def tell_family(stayer: Stayer, on: date) -> Life:
    at = moment(on, 9, 20)
    yield at
    with stayer.world.acting(stayer.staff("intake1")) as by:
        intake.send_family_notice(
            case=stayer.fresh(),
            recipient="示例亲属",
            manner="邮寄",
            proof="示例挂号 0001",
            done_at=at,
            by=by,
            at=at,
        )

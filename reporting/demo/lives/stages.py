"""The zones: what each stage asks, done by its centre when it is due."""

from datetime import date
from decimal import Decimal

from centers import actions as centers
from centers.states import AssessmentKind, DetoxCriterion, SocialCriterion
from rehab.clock import day_of
from rehab.rules.term import earliest_early_release
from reporting.demo.lives.conduct import past_the_marks
from reporting.demo.lives.entry import tell_family
from reporting.demo.lives.signed import assess
from reporting.demo.lives.stayer import REENTRY_DAYS, Life, Stayer
from reporting.demo.world import after, moment
from zones import actions as zones
from zones.selectors import return_beds

LEAVE_DAYS = 12
AWAY = 900  # days, more than any story has left


def detox(stayer: Stayer) -> Life:
    plan = stayer.plan
    at = moment(after(plan.arrives_on, 9), 9)
    yield at
    with stayer.world.acting(stayer.staff("medic1")) as by:
        centers.record_drug_test(
            case=stayer.fresh(),
            sample="hair",
            tested_at=at,
            result="negative",
            second=stayer.staff("medic2"),
            by=by,
            at=at,
        )
    if plan.slow:
        yield from tell_family(stayer, after(plan.arrives_on, 12))
    at = moment(after(plan.arrives_on, 15), 10)
    yield at
    with stayer.world.acting(stayer.staff("medic1")) as by:
        centers.conclude_detox(
            case=stayer.fresh(), met=dict.fromkeys(DetoxCriterion.values, True), by=by, at=at
        )
    yield from assess(stayer, AssessmentKind.DETOX, after(plan.arrives_on, 16))


def adapt(stayer: Stayer) -> Life:
    plan = stayer.plan
    at = moment(after(plan.arrives_on, 24), 15)
    yield at
    with stayer.world.acting(stayer.staff("psych")) as by:
        answers = [stayer.world.rng.randint(0, 2) for _ in range(9)]
        centers.screen(case=stayer.fresh(), scale="phq9", answers=answers, by=by, at=at)
    at = moment(after(plan.arrives_on, 28), 16)
    yield at
    with stayer.world.acting(stayer.staff("trainer")) as by:
        centers.record_fitness_test(
            case=stayer.fresh(),
            tested_on=day_of(at),
            cleared=True,
            values=_measured(stayer),
            result="pass",
            by=by,
            at=at,
        )
    started_on = after(plan.arrives_on, 21)
    at = moment(after(stayer.adapted_on, -12), 16)
    yield at
    with stayer.world.acting(stayer.staff("teacher")) as by:
        centers.record_entry_education(
            case=stayer.fresh(),
            started_on=started_on,
            ended_on=day_of(at),
            hours=120,
            result="pass",
            by=by,
            at=at,
        )
    yield from assess(stayer, AssessmentKind.ADAPTATION, after(stayer.adapted_on, -6))


def _measured(stayer: Stayer) -> dict[str, Decimal | int]:
    rng = stayer.world.rng
    return {
        "height_cm": Decimal(rng.randint(155, 182)),
        "weight_kg": Decimal(rng.randint(48, 82)),
        "vital_capacity_ml": rng.randint(2600, 4300),
        "grip_kg": Decimal(rng.randint(24, 48)),
        "sit_and_reach_cm": Decimal(rng.randint(0, 15)),
        "steps_two_minutes": rng.randint(80, 140),
    }


def consolidate(stayer: Stayer) -> Life:
    """Months in 康复巩固区; the one-year assessment and the one before the move come due in it."""
    plan, unit = stayer.plan, stayer.plan.consolidates_in
    one_year = earliest_early_release(plan.decided_on)
    if plan.leave:
        yield from _medical_leave(stayer, after(stayer.adapted_on, 40))
    at = moment(after(one_year, -20), 10)
    yield at
    with stayer.world.acting(stayer.officer(unit)) as by:
        met = dict.fromkeys(SocialCriterion.values, True)
        met[SocialCriterion.INCOME_OR_HOME] = plan.person.serial % 3 != 0
        centers.record_social_form(case=stayer.fresh(), met=met, by=by, at=at)
    yield from assess(stayer, AssessmentKind.ONE_YEAR, past_the_marks(after(one_year, 6)))
    last = after(plan.ends_on, -REENTRY_DAYS - 8)
    yield from assess(stayer, AssessmentKind.CONSOLIDATION, past_the_marks(last, before=True))


def _medical_leave(stayer: Stayer, on: date) -> Life:
    at = moment(on, 15)
    yield at
    with stayer.world.acting(stayer.staff("head1")) as by:
        zones.grant_leave(
            case=stayer.fresh(), approval=f"示医〔{on.year}〕{stayer.plan.person.serial}号", by=by,
            at=at,
        )  # fmt: skip
    if not stayer.plan.comes_back:
        yield moment(after(on, AWAY), 9)  # beyond the demo: he is still away
        return
    at = moment(after(on, LEAVE_DAYS), 10)
    yield at
    with stayer.world.acting(stayer.staff("head1")) as by:
        case = stayer.fresh()
        bed = return_beds(case, on=day_of(at))[0]
        zones.end_leave(case=case, bed=bed, by=by, at=at)

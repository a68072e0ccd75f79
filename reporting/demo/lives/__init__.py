"""Lives, told act by act. A life is a generator: it does something, and yields when it goes on."""

from reporting.demo.lives import entry, leaving, stages
from reporting.demo.lives.conduct import months
from reporting.demo.lives.rolls import rolls
from reporting.demo.lives.signed import move
from reporting.demo.lives.stayer import REENTRY_DAYS, Life, Plan, Stayer
from reporting.demo.lives.tellings import tellings
from reporting.demo.world import World, after

__all__ = ["Life", "Plan", "live", "months", "rolls", "tellings"]


def live(world: World, plan: Plan) -> Life:
    """One person's way through the house, from the handover to the last contact, as far as time goes."""
    stayer = Stayer(world, plan)
    yield from entry.arrive(stayer)
    if plan.only_arrives or plan.turned_away:
        return
    yield from entry.settle_in(stayer)
    yield from stages.detox(stayer)
    yield from move(stayer, "一大队", "二大队", after(plan.arrives_on, 19))
    if plan.stays_proposed or plan.stays_in_transit:
        return
    yield from stages.adapt(stayer)
    yield from move(stayer, "二大队", plan.consolidates_in, after(stayer.adapted_on, 0))
    yield from stages.consolidate(stayer)
    yield from move(
        stayer, plan.consolidates_in, stayer.last_unit, after(plan.ends_on, -REENTRY_DAYS)
    )
    yield from leaving.prepare(stayer)
    yield from leaving.leave(stayer)

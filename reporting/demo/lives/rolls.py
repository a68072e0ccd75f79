"""点名: morning and evening, the roll of a 大队 as its officer called it."""

from datetime import date, datetime

from reporting.demo.lives.stayer import Life
from reporting.demo.world import World, after, moment
from zones import actions as zones
from zones.actions import Missing
from zones.rules.musters import MORNING
from zones.selectors import musters
from zones.states import MusterKind, NotThere, Standing

HOURS = ((MusterKind.MORNING, 7, 10), (MusterKind.EVENING, 20, 40))
SOMEBODY_ILL = 3  # the 大队 in which one was with the doctor every evening


def rolls(world: World, code: str, number: int, *, first: date) -> Life:
    """Day by day from `first` on; the 二大队 is late on its last morning."""
    day = first
    while True:
        for kind, hour, minute in HOURS:
            at = moment(day, hour + 2 * (number == 2 and kind == MORNING), minute)
            yield at
            _call(world, code, number, kind, at)
        day = after(day, 1)


def _call(world: World, code: str, number: int, kind: str, at: datetime) -> None:
    with world.acting(world.who(code, f"zone{number}")) as by:
        assert by.unit is not None
        called = musters.expected(by, by.unit, at=at)
        there = [one.case for one in called if one.standing == Standing.PRESENT]
        ill = there[:1] if number == SOMEBODY_ILL and kind != MORNING else []
        zones.record_muster(
            unit=by.unit,
            kind=kind,
            absences={case.pk: Missing(NotThere.CLINIC, "发热，在医务室留观") for case in ill},
            seen=[one.token for one in called],
            reason="",
            by=by,
            at=at,
        )

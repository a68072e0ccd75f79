"""告知本人: what the officer of a 大队 reads to those who are owed it, all of them at once."""

from datetime import date

from centers import actions as centers
from centers.selectors import owed_tellings
from reporting.demo.lives.stayer import Life
from reporting.demo.world import World, after, moment


def tellings(world: World, code: str, number: int, *, first: date, every: int) -> Life:
    """Every few days from `first` on; everybody signs."""
    day = first
    while True:
        at = moment(day, 17)
        yield at
        with world.acting(world.who(code, f"zone{number}")) as by:
            if people := list(owed_tellings(by, at=at)):
                centers.tell_people(people=people, by=by, at=at)
                centers.record_tellings(people=people, told_at=at, by=by, at=at)
        day = after(day, every)

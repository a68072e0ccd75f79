"""行为表现: the marks of a 大队, month by month, and the days on which they are all there."""

from datetime import date

from centers import actions as centers
from centers.clocks import CONDUCT, CONFIRMATION
from centers.models import ConductMonth
from rehab.models import Case, Deadline
from reporting.demo.lives.stayer import Life
from reporting.demo.world import World, after, moment

FIRST_DAY_MARKED = 5  # of a month: the marks of the month before are confirmed by then


def past_the_marks(on: date, *, before: bool = False) -> date:
    """The day itself or one near it on which every month that is over has its confirmed mark."""
    month_ends = after(on, 1).day == 1
    if month_ends:
        return after(on, -1)
    if on.day >= FIRST_DAY_MARKED:
        return on
    return after(on.replace(day=1), -3) if before else on.replace(day=FIRST_DAY_MARKED)


def months(world: World, code: str, unit: str, number: int, since: date) -> Life:
    """行为表现: every month a 大队's officer marks those who are owed a mark, its leader confirms."""
    place = world.places.unit(code, unit)
    month = since.replace(day=1)
    while True:
        month = after(month, 32).replace(day=1)
        at = moment(after(month, 1), 16)
        yield at
        with world.acting(world.who(code, f"zone{number}")) as by:
            owed = Deadline.objects.open().filter(
                clock=CONDUCT, case__unit=place, opened_at__lte=at
            )
            marks = [
                centers.MonthMark(row.case, _month(row.cycle), _mark(row.case, month))
                for row in owed.select_related("case").order_by("case__number", "cycle")
            ]
            if marks:
                centers.mark_conduct(marks=marks, by=by, at=at)
        at = moment(after(month, 2), 16)
        yield at
        with world.acting(world.who(code, f"lead{number}")) as by:
            waiting = Deadline.objects.open().filter(clock=CONFIRMATION, case__unit=place)
            rows = ConductMonth.objects.filter(
                case__in=waiting.values("case"), confirmed_at__isnull=True
            )
            if found := list(rows.order_by("case__number", "month")):
                centers.confirm_conduct(months=found, by=by, at=at)


def _mark(case: Case, month: date) -> int:
    """70 to 95, the same for the same person and month."""
    return 70 + (int(case.number[-4:]) * 7 + month.month * 5) % 26


def _month(cycle: str) -> date:
    return date.fromisoformat(f"{cycle}-01")

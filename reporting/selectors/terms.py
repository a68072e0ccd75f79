"""期限: why the last day is what it is, and the term as a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rehab import statutes
from rehab.clock import day_of
from rehab.models import Case, Placement
from rehab.refusal import Caution, Obstacle
from rehab.rules.term import ReleaseStatus, Step, earliest_early_release, release_status
from rehab.selectors.term import working
from rehab.states import FINAL, CaseStatus, Stage
from reporting.term_bar import Milestone, Stay, TermBar, term_bar

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Explained:
    """期限 with its working, where it stands today, and what speaks against the printed end."""

    steps: tuple[Step, ...]
    status: ReleaseStatus | None  # None once the case has ended
    cautions: tuple[Caution, ...]
    obstacles: tuple[Obstacle, ...]  # why no last day can be told


def explained(case: Case, *, on: date) -> Explained:
    """Why the last day is what it is, by the served decision."""
    how = working(case, on=on)
    return Explained(
        steps=how.steps,
        status=None if case.status in FINAL else release_status(ends_on=case.alarm_on, on=on),
        cautions=how.cautions,
        obstacles=(*_without_end(case), *how.obstacles),
    )


def _without_end(case: Case) -> tuple[Obstacle, ...]:
    """No last day can be told: it stands still during an escape, and falls with the decision."""
    match case.status:
        case CaseStatus.ESCAPED:
            message = "此人脱逃在外，脱逃期间不计入期限，追回之前不能推算期满日"
            return (Obstacle(message, statutes.ESCAPE),)
        case CaseStatus.REVOKED:
            return (Obstacle("强制隔离戒毒决定已撤销，没有期满日", statutes.REMEDIES),)
        case _:
            return ()


def placements(case: Case) -> list[Placement]:
    """Where he lay, in order, without beds only held for him."""
    lain_in = Placement.objects.filter(case=case, held=False)
    return list(
        lain_in.select_related("bed__room__unit__zone", "bed__room__unit__parent__zone").order_by(
            "period"
        )
    )


@dataclass(frozen=True)
class Lying:
    """A line of 在区记录."""

    stage: Stage
    unit: str
    bed: str
    since: datetime
    until: datetime | None


def lyings(lain_in: Sequence[Placement]) -> list[Lying]:
    """Where he lay, the latest first."""
    return [
        Lying(
            _stage_of(one), one.bed.room.unit.name, str(one.bed), one.period.lower, one.period.upper
        )
        for one in reversed(lain_in)
    ]


def bar(
    case: Case,
    lain_in: Sequence[Placement],
    moves_on: date | None,
    *,
    on: date,
    ever_escaped: bool = False,
) -> TermBar:
    """The term as a picture: with the police, zone by zone, away, and what is still to come.

    `moves_on` is the day by which the next move is due, where one is. Who ever escaped is not released
    early (戒毒条例第三十二条).
    """
    begins_on = case.decision.decided_on
    one_year = earliest_early_release(begins_on)
    until = day_of(case.ended_at) if case.ended_at else on
    words = f"满一年 {one_year.isoformat()}"
    return term_bar(
        begins_on=begins_on,
        ends_on=case.ends_on,
        today=until,
        stays=_with_plan(stays(case, lain_in), moves_on),
        today_label=case.get_status_display() if case.ended_at else "今日",
        milestones=(Milestone(_one_year_words(words, one_year, ever_escaped, on), one_year),),
    )


def _one_year_words(words: str, one_year: date, ever_escaped: bool, on: date) -> str:
    if ever_escaped:
        return f"{words} 曾脱逃，不得提前解除"
    return f"{words} 起可评" if one_year > on else words


def stays(case: Case, lain_in: Sequence[Placement]) -> tuple[Stay, ...]:
    """The stretches of the term so far: a change of bed inside a zone begins no new one."""
    found: list[Stay] = []
    entered_on = day_of(case.entered_at)
    if case.decision.decided_on < entered_on:
        found.append(Stay("公安机关执行", case.decision.decided_on, _day_before(entered_on)))
    for index, placement in enumerate(lain_in):
        stage = _stage_of(placement)
        begins_on = day_of(placement.period.lower)
        ends_on = _last_day(placement, lain_in[index + 1 :])
        before = found[-1] if found else None
        away_from = before.ends_on + ONE_DAY if before and before.ends_on else begins_on
        if away_from < begins_on:
            found.append(Stay("不在区", away_from, _day_before(begins_on)))
        elif before and before.stage == stage:
            found[-1] = Stay(stage.label, before.begins_on, ends_on, stage)
            continue
        found.append(Stay(stage.label, begins_on, ends_on, stage))
    return tuple(found)


def _stage_of(placement: Placement) -> Stage:
    """The stage of the zone to which the bed's 大队 belongs."""
    unit = placement.bed.room.unit
    zone = (unit.parent or unit).zone
    assert zone is not None  # the database says so: a 大队 has a zone
    return Stage(zone.stage)


def _with_plan(lived: tuple[Stay, ...], move: date | None) -> tuple[Stay, ...]:
    """The stay that runs until its move is due, and what follows; later zones are not yet known."""
    last = lived[-1] if lived else None
    if move is None or last is None or last.stage is None or move <= last.begins_on:
        return lived
    following = last.stage.next
    label, stage = (
        (following.label, following) if following == Stage.REENTRY else ("后续各区", None)
    )
    return (
        *lived[:-1],
        Stay(last.label, last.begins_on, _day_before(move), last.stage),
        Stay(label, move, None, stage, planned=True),
    )


def _last_day(placement: Placement, later: Sequence[Placement]) -> date | None:
    """The last day a placement colours: the day before the next begins, or the day it ended."""
    if placement.period.upper is None:
        return None
    ended_on = day_of(placement.period.upper)
    if later and day_of(later[0].period.lower) == ended_on:
        return _day_before(ended_on)
    return ended_on


def _day_before(on: date) -> date:
    return on - ONE_DAY

"""The term as a bar: from dates to percents, and labels that do not run into one another. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from rehab.states import Stage

BAR_WIDTH = 780  # px on which collisions are judged; a narrower page scrolls the bar
WIDE, NARROW = 11.5, 6.5  # px of a Chinese and of a Latin character at 11 px
GAP = 8  # px that two labels keep apart
LINE = 15  # px from one line of text to the next

Anchor = Literal["start", "middle", "end"]
MarkKind = Literal["today", "law", "end"]

COLOURS = {
    None: "police",
    Stage.DETOX: "z1",
    Stage.ADAPTATION: "z2",
    Stage.CONSOLIDATION: "z3",
    Stage.REENTRY: "z4",
}


@dataclass(frozen=True)
class Stay:
    """A stretch of the term: in a zone, or before admission with the police (no stage)."""

    label: str
    begins_on: date
    ends_on: date | None  # last day; None runs on to the end of the term
    stage: Stage | None = None
    planned: bool = False


@dataclass(frozen=True)
class Milestone:
    """A day that matters: today, 满一年, 期满."""

    label: str
    on: date
    kind: MarkKind = "law"


@dataclass(frozen=True)
class Label:
    """A piece of text in the picture: percent across, px down."""

    text: str
    x: str
    y: int
    anchor: Anchor
    second: str = ""
    y_second: int = 0
    dx: int = 0


@dataclass(frozen=True)
class Part:
    """A coloured stretch of the bar; its label is left out where no line has room for it."""

    x: str
    width: str
    css: str
    planned: bool
    spoken: str
    label: Label | None


@dataclass(frozen=True)
class Mark:
    """An upright line across the bar with its words above."""

    x: str
    css: str
    label: Label


@dataclass(frozen=True)
class TermBar:
    """What components/term_bar.html draws; x and width in percent, the rest in px."""

    parts: tuple[Part, ...]
    marks: tuple[Mark, ...]
    top: int
    height: int
    spoken: str

    @property
    def tick_top(self) -> int:
        return self.top - 8


def term_bar(
    *,
    begins_on: date,
    ends_on: date,
    today: date,
    stays: Sequence[Stay],
    milestones: Sequence[Milestone] = (),
    today_label: str = "今日",
) -> TermBar:
    """Lay out a term from its first to its last day, or to today where that is later.

    Of a case that has ended, `today` is the day of its end and `today_label` says so.
    """
    scale = _Scale(begins_on, max(ends_on, today))
    marks = [
        Milestone(today_label, today, "today"),
        *milestones,
        Milestone(f"期满 {ends_on.isoformat()}", ends_on, "end"),
    ]
    drawn_marks, lines_above = _marks(marks, scale)
    top = lines_above * LINE + 11
    parts, lines_below = _parts(stays, ends_on, today, scale, top)
    if today > ends_on:
        parts = (*parts, _overstay(ends_on, today, scale))
    return TermBar(
        parts=parts,
        marks=drawn_marks,
        top=top,
        height=top + 14 + 8 + 2 * LINE * lines_below + 4,
        spoken=_spoken(begins_on, ends_on, f"{today_label} {today.isoformat()}", stays),
    )


@dataclass(frozen=True)
class _Scale:
    begins_on: date
    ends_on: date  # last day

    def at(self, day: date) -> float:
        """Where a day begins, in percent of the bar; days outside it stand at its ends."""
        whole = (self.ends_on - self.begins_on).days + 1
        return min(100.0, max(0.0, 100 * (day - self.begins_on).days / whole))

    def after(self, day: date) -> float:
        """Where a day ends."""
        return self.at(day + timedelta(days=1))


class _Lines:
    """Lines of text on which labels are put where they do not touch."""

    def __init__(self, count: int) -> None:
        self._taken: list[list[tuple[float, float]]] = [[] for _ in range(count)]

    def place(self, left: float, right: float) -> int | None:
        """The first line with room from left to right (px), now taken; None when all are full."""
        for number, spans in enumerate(self._taken):
            if all(right + GAP <= begin or end + GAP <= left for begin, end in spans):
                spans.append((left, right))
                return number
        return None

    @property
    def used(self) -> int:
        return sum(bool(spans) for spans in self._taken)


def _marks(milestones: Sequence[Milestone], scale: _Scale) -> tuple[tuple[Mark, ...], int]:
    """Marks with their words above the bar, each on the lowest line that has room."""
    lines = _Lines(len(milestones))
    placed = []
    for milestone in sorted(milestones, key=lambda m: (m.kind != "end", m.kind != "today", m.on)):
        x = scale.after(milestone.on) if milestone.kind == "end" else scale.at(milestone.on)
        width = text_width(milestone.label)
        anchor = _side(x, width, milestone.kind)
        left = x * BAR_WIDTH / 100 - (width + 6 if anchor == "end" else -6)
        line = lines.place(left, left + width)
        placed.append((milestone, x, anchor, line or 0))
    count = lines.used
    marks = tuple(
        Mark(
            x=_percent(x),
            css=milestone.kind,
            label=Label(
                text=milestone.label,
                x=_percent(x),
                y=(count - line) * LINE - 2,
                anchor=anchor,
                dx=-4 if anchor == "end" else 6,
            ),
        )
        for milestone, x, anchor, line in placed
    )
    return marks, count


def _side(x: float, width: float, kind: MarkKind) -> Anchor:
    """On which side of its mark a label stands: today left, others right, where there is room."""
    at = x * BAR_WIDTH / 100
    room_left, room_right = at >= width + GAP, at + width + GAP <= BAR_WIDTH
    if kind == "law":
        return "start" if room_right else "end"
    return "end" if room_left else "start"


def _parts(
    stays: Sequence[Stay], ends_on: date, today: date, scale: _Scale, top: int
) -> tuple[tuple[Part, ...], int]:
    """The stretches of the bar; what is still to come of the one that runs is drawn as planned."""
    lines = _Lines(2)
    parts: list[Part] = []
    for stay in stays:
        last = stay.ends_on or ends_on
        label = _label_below(stay, last, scale, lines, top)
        passed = not stay.planned and stay.begins_on <= today < last
        if passed:
            parts.append(_part(stay, stay.begins_on, today, scale, label, planned=False))
            parts.append(_part(stay, today + timedelta(days=1), last, scale, None, planned=True))
        else:
            planned = stay.planned or stay.begins_on > today
            parts.append(_part(stay, stay.begins_on, last, scale, label, planned=planned))
    return tuple(parts), max(1, lines.used)


def _part(
    stay: Stay, first: date, last: date, scale: _Scale, label: Label | None, *, planned: bool
) -> Part:
    x, end = scale.at(first), scale.after(last)
    days = f"{first.isoformat()} 至 {last.isoformat()}"
    return Part(
        x=_percent(x),
        width=_percent(max(0.0, end - x)),
        css=COLOURS[stay.stage],
        planned=planned,
        spoken=f"{stay.label} {days}{'（计划）' if planned else ''}",
        label=label,
    )


def _overstay(ends_on: date, today: date, scale: _Scale) -> Part:
    first = ends_on + timedelta(days=1)
    x = scale.at(first)
    return Part(
        x=_percent(x),
        width=_percent(100 - x),
        css="overstay",
        planned=False,
        spoken=f"超过期满日 {(today - ends_on).days} 天",
        label=None,
    )


def _label_below(stay: Stay, last: date, scale: _Scale, lines: _Lines, top: int) -> Label | None:
    second = _day_words(stay, scale)
    width = max(text_width(stay.label), text_width(second))
    x = scale.at(stay.begins_on)
    anchor: Anchor = "start"
    left = x * BAR_WIDTH / 100
    if left + width > BAR_WIDTH:
        x, anchor, left = 100.0, "end", BAR_WIDTH - width
    line = lines.place(left, left + width)
    if line is None:
        return None
    y = top + 14 + 18 + 2 * LINE * line
    return Label(stay.label, _percent(x), y, anchor, second=second, y_second=y + LINE)


def _day_words(stay: Stay, scale: _Scale) -> str:
    """2025-12-01 where a year begins the bar or a plan is meant, else 03-20."""
    if stay.planned:
        return f"计划 {stay.begins_on.isoformat()}"
    if stay.begins_on == scale.begins_on:
        return stay.begins_on.isoformat()
    return stay.begins_on.strftime("%m-%d")


def _spoken(begins_on: date, ends_on: date, today: str, stays: Sequence[Stay]) -> str:
    stretches = "，".join(
        f"{stay.begins_on.isoformat()} {'计划' if stay.planned else '起'}{stay.label}"
        for stay in stays
    )
    return (
        f"期限 {begins_on.isoformat()} 至 {ends_on.isoformat()}，{today}"
        f"{'；' if stretches else ''}{stretches}"
    )


def text_width(text: str) -> float:
    """About how many px a label takes at 11 px."""
    return sum(NARROW if character.isascii() else WIDE for character in text)


def _percent(value: float) -> str:
    return f"{value:.2f}"

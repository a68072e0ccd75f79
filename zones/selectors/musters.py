"""点名: who is expected when the roll is called, what was recorded, and what nobody recorded."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from rehab.models import Case, Unit, User
from rehab.refusal import Obstacle
from rehab.rules.days import day_of
from rehab.states import IN_CUSTODY, AbsenceKind
from zones.models import Muster, MusterLine
from zones.rules import musters as rules
from zones.rules.musters import Missed
from zones.selectors.rollcall import Head, roll_call
from zones.states import MoveStatus, NotThere, Standing, Today


@dataclass(frozen=True)
class Expected:
    """Somebody on the list of a roll-call, and where he stands by the books."""

    case: Case
    standing: Standing
    room: str = ""
    bed: str = ""
    today: str = ""
    since: datetime | None = None  # out since
    away: str = ""  # why he is out whose bed stays his: a code of AbsenceKind

    @property
    def token(self) -> str:
        """What a page says of him, so that the act can tell whether he was looked at as he stands."""
        return f"{self.case.number}:{self.standing}"

    @property
    def out_label(self) -> str:
        """Why he is out."""
        return AbsenceKind(self.away).label if self.away else self.case.get_status_display()


def expected(user: User, unit: Unit, *, at: datetime) -> tuple[Expected, ...]:
    """Everybody for whom the 大队 answers now: by room and bed, those who are out at the end."""
    roll = roll_call(user, unit, at=at)
    heads = [
        Expected(
            one.case,
            _standing(one),
            one.room,
            one.bed,
            _today(one),
            since=one.away.left_at if one.away else None,
            away=one.away.kind if one.away else "",
        )
        for one in roll.heads
    ]
    out = [
        Expected(one.case, Standing.OUT, since=one.since)
        for one in roll.out
        if one.case.status in IN_CUSTODY
    ]
    return (*heads, *out)


def _standing(head: Head) -> Standing:
    if head.away is not None:
        return Standing.OUT
    gone = head.move is not None and head.move.status == MoveStatus.IN_TRANSIT
    return Standing.IN_TRANSIT if gone else Standing.PRESENT


def _today(head: Head) -> str:
    if head.leaves_today:
        return Today.LEAVING
    return Today.MOVING if head.move is not None and head.move.status == MoveStatus.PROPOSED else ""


def counts(lines: Iterable[MusterLine]) -> dict[str, int]:
    """应到 = 在场 + 离所 + 在途 + 不在场, each counted from the lines."""
    found = Counter("absent" if one.absence else str(one.standing) for one in lines)
    parts = {name: found[name] for name in ("present", "out", "in_transit", "absent")}
    return {"expected": sum(parts.values()), **parts}


def recording_obstacles(
    unit: Unit, kind: str, *, reason: str, at: datetime
) -> tuple[Obstacle, ...]:
    """Why this roll of a 大队 may not be recorded now."""
    former = (
        Muster.objects.filter(unit=unit, kind=kind, on=day_of(at), corrects__isnull=True)
        .select_related("by")
        .order_by("-called_at")
        .first()
    )
    known = (former.by.display_name, former.called_at) if former else None
    return rules.recording_obstacles(kind, at=at, former=known, reason=reason)


def changed_obstacles(now: Sequence[Expected], seen: Collection[str]) -> tuple[Obstacle, ...]:
    """Why the list that an officer looked at may not be signed: it is another by now."""
    came = [one.case.person.name for one in now if one.token not in seen]
    here = {one.case.number for one in now}
    left = sum(token.partition(":")[0] not in here for token in seen)
    return rules.changed_obstacles(came=came, left=left)


def today_of(user: User, unit: Unit, *, at: datetime) -> list[Muster]:
    """What was recorded today, as it stands."""
    return list(
        Muster.objects.visible_to(user)
        .standing()
        .filter(unit=unit, on=day_of(at))
        .select_related("by")
        .defer("reason")
        .order_by("called_at", "pk")
    )


@dataclass(frozen=True)
class Gaps:
    """The roll-calls of which there is no record though their hour has passed: today's, and those of before."""

    today: tuple[tuple[Unit, Missed], ...] = ()
    before: tuple[tuple[Unit, Missed], ...] = ()


def missed(user: User, units: Iterable[Unit], *, at: datetime) -> Gaps:
    """What nobody recorded of these 大队; one query."""
    some = list(units)
    near = Q(on__gte=day_of(at) - rules.LOOKED_BACK)
    rows: Any = (
        Muster.objects.visible_to(user)
        .filter(unit__in=some)
        .order_by()
        .values("unit")
        .annotate(
            since=Min("on"),
            recorded=ArrayAgg(JSONObject(on="on", kind="kind"), filter=near, default=[]),
        )
    )
    known = {row["unit"]: (row["since"], _days(row["recorded"])) for row in rows}
    found: list[tuple[Unit, Missed]] = []
    for unit in some:
        since, recorded = known.get(unit.pk, (None, set()))
        found += [(unit, one) for one in rules.missed(recorded, since=since, at=at)]
    return Gaps(
        today=tuple(one for one in found if one[1].on == day_of(at)),
        before=tuple(one for one in found if one[1].on < day_of(at)),
    )


def _days(recorded: Iterable[Any]) -> set[tuple[date, str]]:
    return {(date.fromisoformat(one["on"]), one["kind"]) for one in recorded}


def musters(
    user: User,
    *,
    unit: UUID | None = None,
    kind: str = "",
    first: date | None = None,
    last: date | None = None,
    absent: bool = False,
) -> QuerySet[Muster]:
    """点名记录, the latest first: of each roll-call the last word."""
    found = Muster.objects.visible_to(user).standing()
    if unit:
        found = found.filter(unit=unit)
    if kind:
        found = found.filter(kind=kind)
    if first:
        found = found.filter(on__gte=first)
    if last:
        found = found.filter(on__lte=last)
    if absent:
        found = found.filter(absent__gt=0)
    return (
        found.select_related("unit", "by")
        .defer("reason")
        .order_by("-on", "-called_at", "unit__name", "pk")
    )


def lines_of(muster: Muster, user: User) -> list[Any]:
    """The list of a roll-call; `named` where the user may still see the person's file."""
    seen = Case.objects.visible_to(user).filter(pk=OuterRef("case"))
    lines = muster.lines.select_related("case__person").annotate(named=Exists(seen))
    return sorted(  # who is out and gave up his bed stands at the end
        lines.order_by("room", "bed", "case__number"), key=lambda line: not line.room
    )


def unexplained(line: MusterLine) -> bool:
    """Whether nobody knows why somebody did not answer."""
    return line.absence == NotThere.UNKNOWN

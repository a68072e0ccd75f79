"""行为表现月考核: marked for a whole 大队 in one save, confirmed under a second signature."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from centers.assessment import rules, selectors
from centers.models import ConductMonth
from rehab import clock
from rehab.ledgers import deadlines, events, outbox
from rehab.ledgers.changes import Change
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused


@dataclass(frozen=True)
class MonthMark:
    """The mark of one person for one month, by its first day."""

    case: Case
    month: date
    mark: int


@transaction.atomic
def mark_conduct(
    *,
    marks: Sequence[MonthMark],
    by: User,
    at: datetime,
    seen: Mapping[tuple[UUID, date], int | None] | None = None,
) -> tuple[ConductMonth, ...]:
    """评定月考核: one sheet of people and months; all of it is saved, or none. Each mark once.

    `seen` says what stood there when the sheet was read, by case and month: what a colleague has
    marked since is not overwritten.
    """
    cases = _locked(mark.case.pk for mark in marks)

    on = clock.day_of(at)
    facts = selectors.mark_facts(list(cases.values()), {mark.month for mark in marks})
    Refused.if_any(
        _of(cases[mark.case.pk], obstacle)
        for mark in marks
        for obstacle in rules.mark_obstacles(
            facts[mark.case.pk, mark.month], month=mark.month, mark=mark.mark, on=on
        )
    )
    Refused.if_any(_overtaken(cases, seen or {}))
    before = selectors.marks_of(cases.values(), {mark.month for mark in marks})

    ConductMonth.objects.bulk_create(
        [
            ConductMonth(
                case_id=mark.case.pk, month=mark.month, mark=mark.mark, by=by, marked_at=at
            )
            for mark in marks
        ],
        update_conflicts=True,
        unique_fields=["case", "month"],
        update_fields=["mark", "by", "marked_at"],
    )

    for mark in marks:
        events.record(
            cases[mark.case.pk],
            Event.Kind.CONDUCT_MARKED,
            by=by,
            at=at,
            month=f"{mark.month:%Y-%m}",
            mark=mark.mark,
            changes=_changed(before.get((mark.case.pk, mark.month)), mark),
        )
    deadlines.refresh(list(cases.values()))

    outbox.poke()
    written = ConductMonth.objects.filter(
        case__in=cases, month__in={mark.month for mark in marks}
    ).order_by("case__number", "month")
    asked = {(mark.case.pk, mark.month) for mark in marks}
    return tuple(row for row in written if (row.case_id, row.month) in asked)


@transaction.atomic
def confirm_conduct(
    *, months: Sequence[ConductMonth], by: User, at: datetime
) -> tuple[ConductMonth, ...]:
    """复核月考核: the second signature, by another person; all of the sheet is signed, or none."""
    cases = _locked(month.case_id for month in months)

    rows = tuple(
        ConductMonth.objects.filter(pk__in=[month.pk for month in months]).order_by("month")
    )
    Refused.if_any(
        _of(cases[row.case_id], obstacle)
        for row in rows
        for obstacle in rules.confirm_obstacles(
            confirmed=row.confirmed_at is not None, same_person=row.by_id == by.pk
        )
    )

    ConductMonth.objects.filter(pk__in=[row.pk for row in rows]).update(
        confirmed_by=by, confirmed_at=at
    )

    for row in rows:
        row.confirmed_by, row.confirmed_at = by, at
        events.record(
            cases[row.case_id], Event.Kind.CONDUCT_CONFIRMED, by=by, at=at, month=row.label
        )
    deadlines.refresh(list(cases.values()))

    outbox.poke()
    return rows


def _changed(row: ConductMonth | None, mark: MonthMark) -> tuple[Change, ...]:
    """A month that was marked before, otherwise."""
    if row is None or row.mark == mark.mark:
        return ()
    return (Change("mark", str(row.mark), str(mark.mark)),)


def _overtaken(
    cases: Mapping[UUID, Case], seen: Mapping[tuple[UUID, date], int | None]
) -> Iterator[Obstacle]:
    """Which marks a colleague has given since they were read."""
    if not seen:
        return
    standing = selectors.marks_of(cases.values(), {month for _, month in seen})
    for key, mark in seen.items():
        row = standing.get(key)
        if row is not None and row.mark != mark:
            words = f"{row.label} 刚由 {row.by.display_name} 评为 {row.mark} 分，请核对后再提交"
            yield _of(cases[key[0]], Obstacle(words))


def _locked(keys: Iterable[UUID]) -> dict[UUID, Case]:
    """The cases of a sheet, locked in the order of their numbers."""
    rows = (
        Case.objects.select_for_update(of=("self",))
        .filter(pk__in=set(keys))
        .select_related("person", "facility", "unit__zone", "zone")
        .order_by("number")
    )
    return {case.pk: case for case in rows}


def _of(case: Case, obstacle: Obstacle) -> Obstacle:
    return Obstacle(f"{case.person.name}：{obstacle.message}", obstacle.article)

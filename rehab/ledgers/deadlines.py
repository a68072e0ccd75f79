"""What must happen, by when: a projection of facts, refreshed by every act and rebuilt every night."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import transaction

from rehab import clock, readings
from rehab.db.prepared import Among, Prepared
from rehab.ledgers import notices
from rehab.models import Case, Deadline, Facility, SweepRun
from rehab.net import net
from rehab.rules.timing import Clock, Expected

BATCH = 1_000
FURTHEST_LEAD = timedelta(days=60)
COLUMNS = (
    "facility_id", "opened_at", "due_at", "day_unit", "article", "owed_by", "unit_id", "satisfied_at",
)  # fmt: skip


@cache
def modules() -> tuple[Any, ...]:
    """Every app's `clocks` module, in the order of the ladder."""
    return tuple(import_module(name) for name in settings.CLOCK_MODULES)


@cache
def clocks() -> dict[str, Clock]:
    """Every clock of the house by its code."""
    return {clock_.code: clock_ for module in modules() for clock_ in module.CLOCKS}


def expected_rows(cases: Sequence[Case]) -> dict[tuple[Any, str, str], Deadline]:
    """The rows the facts call for, by (case, clock, cycle). A constant number of queries for any cases."""
    by_key = {case.pk: case for case in cases}
    rows = {}
    with readings.once():
        for module in modules():
            for case_key, facts in module.facts(cases).items():
                for one in module.expected(facts):
                    rows[(case_key, one.clock, one.cycle)] = _row(by_key[case_key], one)
    return rows


def _row(case: Case, one: Expected) -> Deadline:
    return Deadline(
        case=case,
        facility_id=case.facility_id,
        clock=one.clock,
        cycle=one.cycle,
        opened_at=one.opened_at,
        due_at=one.due_at,
        day_unit=Deadline.Unit.WORKING if one.working_days else Deadline.Unit.CALENDAR,
        article=one.article.code if one.article else "",
        owed_by=one.owed_by,
        unit_id=one.unit,
        satisfied_at=one.satisfied_at,
    )


@dataclass
class Drift:
    """What a rebuild had to mend; in a healthy house all of it is empty."""

    cases: int = 0
    created: int = 0
    changed: int = 0
    removed: int = 0
    failed: list[str] = field(default_factory=list)  # numbers of cases that could not be computed

    @property
    def mended(self) -> int:
        return self.created + self.changed + self.removed


@transaction.atomic(savepoint=False)  # the act it closes stands or falls with it
def refresh(cases: Sequence[Case]) -> Drift:
    """Bring the ledger of these cases to what their facts call for, and remind of what is near.

    Closes the record beat of every action; the caller holds the case locks.
    """
    wanted = expected_rows(cases)
    held = {(row.case_id, row.clock, row.cycle): row for row in _held(case.pk for case in cases)}
    drift = Drift(cases=len(cases))
    created, changed, moved = [], [], set()
    for key, row in wanted.items():
        old = held.pop(key, None)
        if old is None:
            created.append(row)
        elif differing := [name for name in COLUMNS if getattr(old, name) != getattr(row, name)]:
            row.pk = old.pk
            changed.append(row)
            if "due_at" in differing:
                moved.add(row.pk)

    if created:
        Deadline.objects.bulk_create(created, batch_size=BATCH)
    if changed:
        Deadline.objects.bulk_update(changed, COLUMNS, batch_size=BATCH)
    if held:
        Deadline.objects.filter(pk__in=[row.pk for row in held.values()]).delete()
    touched = [row for row in (*created, *changed) if row.satisfied_at is None]
    if touched:
        notices.remind(touched, clocks=clocks(), at=clock.now(), changed=frozenset(moved))
    drift.created, drift.changed, drift.removed = len(created), len(changed), len(held)
    return drift


@Prepared
def _held() -> Any:
    return Deadline.objects.filter(Among("case"))


def refresh_or_leave(cases: Sequence[Case]) -> None:
    """As `refresh`, for the act that nothing may stop: what cannot be computed is left to the night."""
    with net("deadlines of a release wait for the rebuild"):
        refresh(cases)


@dataclass(frozen=True)
class Move:
    """An open deadline that would be due at another time, or begin to be, or be no longer."""

    case: Any
    clock: str
    before: datetime | None
    after: datetime | None


def foreseen(cases: Sequence[Case], act: Callable[[], None]) -> list[Move]:
    """Which open deadlines an act would move. The act is done, the facts are read, and it is taken back."""
    before = _open_dues(cases)
    with transaction.atomic():
        act()
        after = _open_dues(cases)
        transaction.set_rollback(True)
    return [
        Move(case, clock_, before.get(key), after.get(key))
        for key in (*before, *(after.keys() - before.keys()))
        for case, clock_, _ in [key]
        if before.get(key) != after.get(key)
    ]


def _open_dues(cases: Sequence[Case]) -> dict[tuple[Any, str, str], datetime]:
    found: dict[tuple[Any, str, str], datetime] = {}
    for first in range(0, len(cases), BATCH):
        rows = expected_rows(cases[first : first + BATCH])
        found |= {key: row.due_at for key, row in rows.items() if row.satisfied_at is None}
    return found


def rebuild(cases: Iterable[Case]) -> Drift:
    """Refresh many cases in batches; one that cannot be computed is reported and the others go on."""
    total = Drift()
    batch: list[Case] = []
    for case in cases:
        batch.append(case)
        if len(batch) == BATCH:
            _add(total, _refresh_each_safely(batch))
            batch = []
    if batch:
        _add(total, _refresh_each_safely(batch))
    return total


def rebuild_facility(facility: Facility) -> Drift:
    """Refresh everybody who is, or was, in a facility."""
    return rebuild(Case.objects.filter(facility=facility).order_by("number").iterator(1_000))


def _refresh_each_safely(batch: list[Case]) -> Drift:
    with net("deadlines of %s cases together could not be computed", len(batch)):
        return _refresh_locked(batch)
    if len(batch) == 1:
        return Drift(cases=1, failed=[batch[0].number])
    total = Drift()
    for case in batch:
        _add(total, _refresh_each_safely([case]))
    return total


@transaction.atomic
def _refresh_locked(batch: list[Case]) -> Drift:
    keys = [case.pk for case in batch]
    return refresh(list(Case.objects.select_for_update().filter(pk__in=keys).order_by("number")))


def _add(total: Drift, part: Drift) -> None:
    total.cases += part.cases
    total.created += part.created
    total.changed += part.changed
    total.removed += part.removed
    total.failed += part.failed


def sweep(facility: Facility, *, at: datetime) -> int:
    """Write every reminder that the open deadlines of a facility call for; safe to run at any time.

    Returns how many were called for. Days that passed without a sweep are an outage, and reminders that fell
    in it say so.
    """
    outage = _outage(facility, on=clock.day_of(at))
    near = (
        Deadline.objects.open()
        .filter(facility=facility, due_at__lte=at + FURTHEST_LEAD)
        .select_related("case")
        .order_by("due_at")
    )
    written = notices.remind(near.iterator(BATCH), clocks=clocks(), at=at, outage=outage)
    SweepRun.objects.update_or_create(
        facility=facility, on=clock.day_of(at), defaults={"finished_at": clock.real_now()}
    )
    return written


def _outage(facility: Facility, *, on: date) -> notices.Outage | None:
    """The days before `on` on which nothing swept, by the wall clock: moving the demo's day is none."""
    last = (
        SweepRun.objects.filter(facility=facility).exclude(on=on).order_by("-finished_at").first()
    )
    if last is None:
        return None
    passed = clock.day_of(clock.real_now()) - clock.day_of(last.finished_at)
    if passed <= timedelta(days=1):
        return None
    return notices.Outage(on - passed + timedelta(days=1), on)

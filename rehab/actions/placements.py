"""Beds: lying in one, holding one for somebody on the way, and leaving it."""

from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from rehab import selectors
from rehab.models import Bed, Case, Placement
from rehab.refusal import Obstacle, Refused


def _judged(case: Case, bed: Bed, *, at: datetime) -> Bed:
    """The bed, locked, once nothing speaks against placing this person in it."""
    bed = (
        Bed.objects.select_for_update(of=("self",))
        .select_related("room__unit__zone")
        .get(pk=bed.pk)
    )
    Refused.if_any(selectors.bed_obstacles(case, bed, at=at))
    return bed


@transaction.atomic(savepoint=False)
def place(*, case: Case, bed: Bed, at: datetime) -> Placement:
    """安排床位: the person lies there from `at`; the former bed is free. The caller holds the case."""
    bed = _judged(case, bed, at=at)

    if case.unit_id is not None:  # a case just opened has lain nowhere yet
        _end(case, at=at, held=False)
    placement = Placement.objects.create(case=case, bed=bed, period=DateTimeTZRange(at, None))
    _stand_in(case, bed, at=at)
    return placement


@transaction.atomic
def hold(*, case: Case, bed: Bed, at: datetime) -> Placement:
    """预留床位 for somebody on the way: the receiving 大队 sees the file from now on."""
    bed = _judged(case, bed, at=at)

    case.receiving_unit = bed.room.unit
    case.save(update_fields=["receiving_unit"])
    return Placement.objects.create(case=case, bed=bed, held=True, period=DateTimeTZRange(at, None))


@transaction.atomic
def arrive(*, case: Case, at: datetime) -> Placement:
    """入住预留床位. Refused when none is held."""
    held = (
        Placement.objects.select_for_update(of=("self",))
        .filter(case=case, held=True, period__endswith__isnull=True)
        .select_related("bed__room__unit__zone")
        .first()
    )
    if held is None:
        raise Refused([Obstacle("没有为此人预留床位")])
    Refused.if_any(selectors.period_obstacles(case, held.bed, at=at, held=held))

    _end(case, at=at, held=False)
    _close(held, at=at)
    placement = Placement.objects.create(case=case, bed=held.bed, period=DateTimeTZRange(at, None))
    _stand_in(case, held.bed, at=at)
    return placement


@transaction.atomic
def let_go(*, case: Case, at: datetime) -> None:
    """取消预留: the bed is free again."""
    _end(case, at=at, held=True)
    case.receiving_unit = None
    case.save(update_fields=["receiving_unit"])


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def vacate(*, case: Case, at: datetime) -> None:
    """腾出床位, held or lain in: release, escape and death free a bed at once."""
    _end(case, at=at, held=False)
    _end(case, at=at, held=True)
    case.receiving_unit = None
    case.save(update_fields=["receiving_unit"])


def _stand_in(case: Case, bed: Bed, *, at: datetime) -> None:
    unit = bed.room.unit
    if case.zone_id != unit.zone_id:
        case.zone_entered_at = at
    case.unit, case.zone, case.receiving_unit = unit, unit.zone, None
    case.save(update_fields=["unit", "zone", "zone_entered_at", "receiving_unit"])


def _end(case: Case, *, at: datetime, held: bool) -> None:
    for open_one in Placement.objects.select_for_update().filter(
        case=case, held=held, period__endswith__isnull=True
    ):
        _close(open_one, at=at)


def _close(placement: Placement, *, at: datetime) -> None:
    """End a placement; one that ended the moment it began leaves no trace of a stay."""
    if placement.period.lower >= at:
        placement.delete()
    else:
        placement.period = DateTimeTZRange(placement.period.lower, at)
        placement.save(update_fields=["period"])

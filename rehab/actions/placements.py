"""Beds: lying in one, holding one for somebody on the way, and leaving it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Func, Value
from django.db.models.functions import Lower

from rehab import clock, selectors
from rehab.models import Bed, Case, KeepApart, Placement
from rehab.refusal import Obstacle, Outcome, Refused
from rehab.rules.places import PUT_AWAY
from rehab.selectors import Pairs
from rehab.selectors.apart import Company, company_of

NONE_HELD = (Obstacle("没有为此人预留床位"),)


def _locked(pairs: Pairs) -> list[tuple[Case, Bed]]:
    """Each person with his bed, the beds locked in one order."""
    beds = Bed.objects.select_for_update(of=("self",)).select_related("room__unit__zone")
    found = {bed.pk: bed for bed in beds.filter(pk__in=[bed.pk for _, bed in pairs]).order_by("pk")}
    return [(case, found[bed.pk]) for case, bed in pairs]


def _company(cases: Sequence[Case], *, at: datetime) -> Company:
    """Of whom they are kept apart, and where those lie; two who are on their way at once wait here."""
    on = clock.day_of(at)
    known = [
        case for case in cases if case.unit_id is not None
    ]  # nothing is noted of a case just opened
    records = KeepApart.objects.in_force(on=on).touching(known).order_by("pk").select_for_update()
    return company_of(known, on=on, records=list(records))


@transaction.atomic(savepoint=False)
def place(*, case: Case, bed: Bed, at: datetime) -> Placement:
    """安排床位: the person lies there from `at`; the former bed is free. The caller holds the case."""
    pairs = _locked([(case, bed)])

    company = _company([case], at=at)
    Refused.if_any(selectors.bed_obstacles(pairs, at=at, company=company)[case.pk])

    if case.unit_id is not None:  # a case just opened has lain nowhere yet
        _end([case], False, at=at)
    (placement,) = _lie_down(pairs, at=at)
    return placement


@transaction.atomic
def hold(*, case: Case, bed: Bed, at: datetime) -> Placement:
    """预留床位 for somebody on the way: the receiving 大队 sees the file from now on."""
    return hold_all(pairs=[(case, bed)], at=at).only()


@transaction.atomic
def hold_all(*, pairs: Pairs, at: datetime) -> Outcome[Placement]:
    """预留床位 for several, each his own; whoever may not have his is left out. The caller holds the cases."""
    pairs = _locked(pairs)

    company = _company([case for case, _ in pairs], at=at)
    refused = _given(selectors.bed_obstacles(pairs, at=at, company=company).items())
    pairs = [(case, bed) for case, bed in pairs if case.pk not in refused]

    for case, bed in pairs:
        case.receiving_unit = bed.room.unit
    Case.objects.bulk_update([case for case, _ in pairs], ["receiving_unit"])
    held = Placement.objects.bulk_create(
        Placement(case=case, bed=bed, held=True, period=DateTimeTZRange(at, None))
        for case, bed in pairs
    )
    return Outcome(tuple(held), refused)


@transaction.atomic
def arrive(*, case: Case, at: datetime) -> Placement:
    """入住预留床位. Refused when none is held."""
    return arrive_all(cases=[case], at=at).only()


@transaction.atomic
def arrive_all(*, cases: Sequence[Case], at: datetime) -> Outcome[Placement]:
    """入住预留床位 of several; whoever has none, or may not have it now, is left out."""
    held = {
        one.case_id: one
        for one in Placement.objects.select_for_update(of=("self",))
        .filter(case__in=cases, held=True, period__endswith__isnull=True)
        .select_related("bed__room__unit__zone")
    }

    pairs = [(case, held[case.pk].bed) for case in cases if case.pk in held]
    refused = {case.pk: NONE_HELD for case in cases if case.pk not in held} | _given(
        selectors.period_obstacles(pairs, at=at, held=held.values()).items()
    )
    pairs = [(case, bed) for case, bed in pairs if case.pk not in refused]

    _end([case for case, _ in pairs], False, at=at)
    _close([held[case.pk] for case, _ in pairs], at=at)
    return Outcome(tuple(_lie_down(pairs, at=at)), refused)


@transaction.atomic
def let_go(*, case: Case, at: datetime) -> None:
    """取消预留: the bed is free again."""
    _end([case], True, at=at)
    case.receiving_unit = None
    case.save(update_fields=["receiving_unit"])


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def vacate(*, case: Case, at: datetime) -> None:
    """腾出床位, held or lain in: release, escape and death free a bed at once."""
    _end([case], True, False, at=at)
    if case.receiving_unit_id is not None:
        case.receiving_unit = None
        case.save(update_fields=["receiving_unit"])


def _given(
    obstacles: Iterable[tuple[UUID, tuple[Obstacle, ...]]],
) -> dict[UUID, tuple[Obstacle, ...]]:
    return {key: reasons for key, reasons in obstacles if reasons}


def _lie_down(pairs: Pairs, *, at: datetime) -> list[Placement]:
    """Each lies in his bed from `at` on and stands in its 大队 and zone."""
    placements = Placement.objects.bulk_create(
        Placement(case=case, bed=bed, period=DateTimeTZRange(at, None)) for case, bed in pairs
    )
    for case, bed in pairs:
        unit = bed.room.unit
        if case.zone_id != unit.zone_id:
            case.zone_entered_at = at
        case.unit, case.zone, case.receiving_unit = unit, unit.zone, None
    Case.objects.bulk_update(
        [case for case, _ in pairs], ["unit", "zone", "zone_entered_at", "receiving_unit"]
    )
    return placements


def _end(cases: Sequence[Case], *held: bool, at: datetime) -> None:
    """End what is open of these cases: beds held, beds lain in, or both."""
    open_ones = Placement.objects.select_for_update(of=("self",)).filter(
        case__in=cases, held__in=held, period__endswith__isnull=True
    )
    _close(list(open_ones.select_related("bed").order_by("pk")), at=at)


def _close(placements: Sequence[Placement], *, at: datetime) -> None:
    """End placements; one that ended the moment it began leaves no trace of a stay."""
    traceless = [one.pk for one in placements if one.period.lower >= at]
    ended = [one.pk for one in placements if one.period.lower < at]
    if traceless:
        Placement.objects.filter(pk__in=traceless).delete()
    if ended:
        Placement.objects.filter(pk__in=ended).update(
            period=Func(
                Lower("period"),
                Value(at),
                function="tstzrange",
                output_field=DateTimeRangeField(),
            )
        )
    if extra := {one.bed_id for one in placements if one.bed.extra}:
        _put_away(extra, at=at)


def _put_away(left: set[UUID], *, at: datetime) -> None:
    """An extra bed that nobody lies in any more is out of use again."""
    Bed.objects.filter(pk__in=left).free().update(closed_at=at, closed_for=PUT_AWAY)

"""转区交接单: one sheet for each 大队 that receives, with everybody who goes there."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from rehab.clock import day_of
from rehab.ledgers import documents
from rehab.models import Case, Document, Unit, User
from rehab.refusal import Obstacle, Refused
from rehab.states import Sex
from zones.models import ZoneMove
from zones.states import MoveStatus

KIND = "zone_handover"
ON_PAPER = frozenset({MoveStatus.IN_TRANSIT, MoveStatus.RECEIVED})


@transaction.atomic
def make_handover_sheets(*, moves: Iterable[ZoneMove], by: User, at: datetime) -> list[Document]:
    """制作转区交接单 for moves that were approved. A sheet that says the same already is taken again."""
    keys = [move.pk for move in moves]
    list(
        Case.objects.select_for_update(of=("self",)).filter(zone_moves__in=keys).order_by("number")
    )
    found = (
        ZoneMove.objects.filter(pk__in=keys)
        .select_related(
            "case__person",
            "case__facility",
            "from_unit__zone",
            "from_unit__parent__zone",
            "to_unit__zone",
            "to_unit__parent__zone",
        )
        .order_by("to_unit__name", "case__number")
    )

    waiting = [move for move in found if move.status not in ON_PAPER]
    Refused.if_any(
        Obstacle(f"{move.case.person}（{move.case}）{move.get_status_display()}，批准后才有交接单")
        for move in waiting
    )

    by_unit: dict[Unit, list[ZoneMove]] = defaultdict(list)
    for move in found:
        by_unit[move.to_unit].append(move)
    return [_sheet(unit, group, by=by, at=at) for unit, group in by_unit.items()]


def _sheet(unit: Unit, moves: Sequence[ZoneMove], *, by: User, at: datetime) -> Document:
    facts = handover_facts(unit, moves)
    cases = [move.case for move in moves]
    formers = Document.objects.filter(
        template=KIND, unit=unit, mentions__case=cases[0], superseded_by__isnull=True
    )
    for former in formers:
        if documents.says(former, facts):
            return former
    return documents.make(
        cases[0].facility, KIND, "转区交接单", facts, by=by, at=at, mentions=cases, unit=unit
    )


def handover_facts(unit: Unit, moves: Sequence[ZoneMove]) -> dict[str, Any]:
    """What a sheet says; `moves` with person, facility and both 大队 with their zones."""
    return {
        "facility": moves[0].case.facility.name,
        "from_unit": "、".join(dict.fromkeys(_place(move.from_unit) for move in moves)),
        "to_unit": _place(unit),
        "batch": "、".join(dict.fromkeys(move.batch for move in moves)),
        "people": [
            {
                "name": move.case.person.name,
                "sex": Sex(move.case.person.sex).label,
                "case_number": move.case.number,
                "entered_on": day_of(move.entered_at),
                "ends_on": move.case.ends_on,
                "heed": "；".join(_to_heed(move.case)),
            }
            for move in moves
        ],
    }


def _place(unit: Unit) -> str:
    brigade = unit.parent or unit
    assert brigade.zone is not None  # a 大队 has one
    return f"{brigade.zone.name}（{unit.name}）"


def _to_heed(case: Case) -> Iterable[str]:
    if case.needs_isolation:
        yield "需隔离"
    if case.precautions:
        yield case.precautions

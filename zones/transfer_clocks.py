"""The clocks of 转所: its approval, the road, and the family that is told where he is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from rehab import statutes
from rehab.rules.days import day_of, end_of
from rehab.rules.timing import Category, Clock, Expected
from zones.models import FacilityTransfer
from zones.rules import transfers as rules
from zones.states import ON_THE_ROAD, TRANSFER_OPEN, TransferStatus

APPROVAL = "transfer.approval"
ROAD = "transfer.road"
FAMILY = "transfer.family"
PAGE = "zones:transfer-create"

CLOCKS = (
    Clock(
        APPROVAL, "转所待审批", Category.MOVE, "审批", PAGE, lead_days=1, alarms="bureau_approver"
    ),
    Clock(
        ROAD, "转所途中，24 小时内接收", Category.MOVE, "查看转所", PAGE, lead_days=1,
        told_on_the_day="facility_leader", alarms="bureau_approver",
    ),
    Clock(FAMILY, "转所后告知家属", Category.PAPER, "告知家属", PAGE),
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """A transfer as far as the clocks care."""

    key: str
    status: str
    across: bool  # into another province
    case_ended: bool
    proposed_at: datetime
    approved_at: datetime | None
    departed_at: datetime | None
    received_at: datetime | None
    family_told_at: datetime | None


def ways(keys: Sequence[UUID]) -> Mapping[UUID, tuple[Way, ...]]:
    """One query; of what came to nothing before he left nobody owes anything."""
    kept = [*TRANSFER_OPEN, TransferStatus.RECEIVED, TransferStatus.TAKEN_BACK]
    rows: Any = (
        FacilityTransfer.objects.filter(case__in=keys, status__in=kept)
        .order_by("proposed_at")
        .values_list(
            "case_id", "pk", "status", "from_facility__province_id", "to_facility__province_id",
            "proposed_at", "approved_at", "departed_at", "received_at", "family_told_at",
            F("case__ended_at"),
        )
    )  # fmt: skip
    found: dict[UUID, list[Way]] = defaultdict(list)
    for case, key, status, sender, receiver, *moments, ended_at in rows:
        found[case].append(
            Way(str(key), status, sender != receiver, ended_at is not None, *moments)
        )
    return {case: tuple(some) for case, some in found.items()}


def expected(some: Iterable[Way]) -> list[Expected]:
    """What each of them calls for; the newest comes last."""
    every = tuple(some)
    here = next((one for one in reversed(every) if one.status == TransferStatus.RECEIVED), None)
    return [
        row
        for way in every
        for row in (*_approval(way), *_road(way), *_family(way, owes=way is here))
    ]


def _approval(way: Way) -> Iterable[Expected]:
    yield Expected(
        APPROVAL,
        opened_at=way.proposed_at,
        due_at=end_of(day_of(way.proposed_at) + rules.APPROVED_WITHIN),
        owed_by="bureau_approver" if way.across else "facility_leader",
        cycle=way.key,
        satisfied_at=way.approved_at,
    )


def _road(way: Way) -> Iterable[Expected]:
    """From gate to gate; sent back, the road goes on until he is here again."""
    if way.departed_at is not None and (way.status in ON_THE_ROAD or way.received_at is not None):
        yield Expected(
            ROAD,
            opened_at=way.departed_at,
            due_at=rules.late_at(way.departed_at),
            owed_by="intake_officer",
            cycle=way.key,
            satisfied_at=way.received_at,
        )


def _family(way: Way, *, owes: bool) -> Iterable[Expected]:
    """By the facility that received him last, as at an entry; of whose case is over it is owed no more."""
    if way.status != TransferStatus.RECEIVED or way.received_at is None:
        return
    if way.family_told_at is not None or (owes and not way.case_ended):
        yield Expected(
            FAMILY,
            opened_at=way.received_at,
            due_at=end_of(rules.family_due_on(day_of(way.received_at))),
            owed_by="intake_officer",
            article=statutes.FAMILY_NOTICE,
            cycle=way.key,
            satisfied_at=way.family_told_at,
        )

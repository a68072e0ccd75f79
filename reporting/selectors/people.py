"""戒毒人员: who is shown on which list."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from django.db.models import Q, QuerySet

from aftercare.selectors import due_today, overstayed
from rehab.clock import day_of
from rehab.ledgers.deadlines import clocks
from rehab.models import Case, Deadline, User
from rehab.states import IN_CUSTODY, CaseStatus

ENDING_DAYS = 30  # calendar days of the list 30 天内解除
RIGHTS = ("intake.rights_notice", "intake.family_notice", "aftercare.release_notice")


@dataclass(frozen=True)
class Presence:
    """A word for where people stand; the figure counts and the list shows by the same condition."""

    label: str
    condition: Callable[[datetime], Q]


def _status(status: CaseStatus) -> Callable[[datetime], Q]:
    return lambda at: Q(status=status)


def _transit(at: datetime) -> Q:
    return Q(status=CaseStatus.IN_FACILITY, receiving_unit__isnull=False)


def _ending(at: datetime) -> Q:
    on = day_of(at)
    span = (on, on + timedelta(days=ENDING_DAYS))
    return Q(status__in=IN_CUSTODY, alarm_on__range=span)


def _late(clock: str) -> Callable[[datetime], Q]:
    return lambda at: Q(pk__in=Deadline.objects.overdue(at=at).filter(clock=clock).values("case"))


@cache
def presences() -> Mapping[str, Presence]:
    """Every word by which people are counted and listed; a right that is late is one of them."""
    late = {
        f"late:{code}": Presence(f"{clocks()[code].label}逾期", _late(code))
        for code in RIGHTS
        if code in clocks()
    }
    return MappingProxyType(
        {
            "custody": Presence("在册", lambda at: Q(status__in=IN_CUSTODY)),
            "in_facility": Presence("在区", _status(CaseStatus.IN_FACILITY)),
            "in_transit": Presence("在途（待交接）", _transit),
            "medical_leave": Presence("所外就医", _status(CaseStatus.MEDICAL_LEAVE)),
            "held_elsewhere": Presence("被拘留、逮捕、收监", _status(CaseStatus.HELD_ELSEWHERE)),
            "on_the_road": Presence("转所途中", _status(CaseStatus.IN_TRANSIT)),
            "escaped": Presence("脱逃", _status(CaseStatus.ESCAPED)),
            "ending": Presence(f"{ENDING_DAYS} 天内解除", _ending),
            "due_today": Presence("今日应解除", lambda at: due_today(day_of(at))),
            "overstayed": Presence("超期在所", lambda at: overstayed(day_of(at))),
            "released": Presence("已解除", _status(CaseStatus.RELEASED)),
            **late,
        }
    )


def shown(user: User) -> QuerySet[Case]:
    """Every case whose file a user may read, with what a line of a list says of it, in the order of names."""
    return (
        Case.objects.opened_to(user)
        .select_related("person", "facility", "unit", "zone")
        .order_by("person__name_pinyin", "number")
    )

"""戒毒人员: who is shown on which list, and who answers to the words of a search."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from types import MappingProxyType

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace

from rehab.clock import day_of
from rehab.ledgers.deadlines import clocks
from rehab.models import Case, Deadline, User
from rehab.rules.identity import NUMBER_LENGTH, clean_number
from rehab.sealed import keyed_index
from rehab.selectors import IDENTITY
from rehab.states import IN_CUSTODY, CaseStatus
from reporting.naming import sees_names

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
    return Q(status__in=IN_CUSTODY, ends_on__range=span)


def _overstayed(at: datetime) -> Q:
    return Q(status__in=IN_CUSTODY, ends_on__lt=day_of(at))


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
            "escaped": Presence("脱逃", _status(CaseStatus.ESCAPED)),
            "ending": Presence(f"{ENDING_DAYS} 天内解除", _ending),
            "overstayed": Presence("超期在所", _overstayed),
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


def found(user: User, words: str) -> QuerySet[Case]:
    """Cases that answer to a name, its pinyin or initials, a case number or an identity number."""
    words = " ".join(words.split())
    if not words:
        return shown(user).none()
    if not sees_names(user):  # a name or a number must not tell who stands behind a masked row
        return shown(user).filter(number__contains=words.upper())
    letters = words.lower().replace(" ", "")
    wanted = Q(person__name__contains=words) | Q(number__contains=words.upper())
    if letters.isascii() and letters.isalpha():
        wanted |= Q(letters__startswith=letters) | Q(person__name_initials__startswith=letters)
    number = clean_number(words)
    if len(number) == NUMBER_LENGTH:
        wanted |= Q(person__id_index=keyed_index(number, purpose=IDENTITY))
    return (
        shown(user)
        .annotate(letters=Replace(F("person__name_pinyin"), Value(" "), Value("")))
        .filter(wanted)
    )

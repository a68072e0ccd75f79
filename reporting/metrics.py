"""The figures of the dashboard. One selector of rows each: the tile counts them, the list shows them,
the export writes them. A changed definition is a new version.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any

from django.db.models import Count, F, QuerySet, Value

from aftercare.models import Agreement
from aftercare.selectors import CONTACTS
from rehab import columns
from rehab.clock import day_of
from rehab.columns import Column, day, minute
from rehab.ledgers.deadlines import clocks
from rehab.lists import Listing
from rehab.models import Case, Deadline, Event, User
from rehab.rules.days import start_of
from rehab.states import CaseStatus, Reach
from reporting.selectors.people import presences
from reporting.selectors.worklist import CUSTODIANS

Rows = QuerySet[Any]

CONTACT_DAYS = 7  # calendar days ahead in which a contact is called due


@dataclass(frozen=True)
class Metric:
    """A figure: what it counts, in which unit, by which version of its definition."""

    code: str
    label: str
    unit: str  # 人, 人次 or 件
    definition: str
    version: int
    rows: Callable[[User, datetime], Rows]
    columns: tuple[Column, ...]
    case_path: str = ""  # from a row to its case; a row may be the case itself
    related: tuple[str, ...] = ()  # what else the columns read
    redline: bool = False  # may not be above nought: shown as a warning, not as a tile
    reaches: frozenset[Reach] = CUSTODIANS  # whose dashboard shows it

    def of(self, user: User, *, at: datetime, facility: str = "", province: str = "") -> Rows:
        """The rows counted for a user at a moment; of one facility (its code) or province (its name)."""
        rows = self.rows(user, at)
        if facility:
            rows = rows.filter(**{f"{self.to('facility')}__code": facility})
        if province:
            rows = rows.filter(**{f"{self.to('facility')}__province__name": province})
        return rows

    @property
    def listing(self) -> Listing:
        """The list that the figure opens."""
        return Listing(
            title=self.label, unit=self.unit, definition=self.definition, columns=self.columns,
            address=self._case_url, version=self.version, empty="没有",
        )  # fmt: skip

    def _case_url(self, row: Any) -> str:
        case = columns.followed(row, self.case_path) if self.case_path else row
        return str(case.get_absolute_url())

    def to(self, field: str) -> str:
        """The lookup of a field of the case from a row."""
        return f"{self.case_path}__{field}" if self.case_path else field

    def listed(self, user: User, *, at: datetime, **where: str) -> Rows:
        """The same rows with everything their columns say, in the order of names."""
        related = (
            *self.related,
            *(self.to(one) for one in ("person", "facility", "unit", "zone")),
        )
        rows = self.of(user, at=at, **where).select_related(*related)
        return rows.order_by(self.to("person__name_pinyin"), self.to("number"), "pk")


def _month_start(at: datetime) -> datetime:
    return start_of(day_of(at).replace(day=1))


def _in_custody(user: User, at: datetime) -> Rows:
    return Case.objects.visible_to(user).in_custody()


def _admitted(user: User, at: datetime) -> Rows:
    return Case.objects.visible_to(user).filter(
        entered_at__gte=_month_start(at), entered_at__lte=at
    )


def _moved(user: User, at: datetime) -> Rows:
    return Event.objects.filter(
        case__in=Case.objects.visible_to(user),
        kind=Event.Kind.ZONE_MOVE_RECEIVED,
        happened_at__gte=_month_start(at),
        happened_at__lte=at,
    )


def _overstayed(user: User, at: datetime) -> Rows:
    return Case.objects.visible_to(user).filter(presences()["overstayed"].condition(at))


def _overdue(user: User, at: datetime) -> Rows:
    return Deadline.objects.overdue(at=at).filter(case__in=Case.objects.visible_to(user))


def _released(user: User, at: datetime) -> Rows:
    return Case.objects.visible_to(user).filter(
        status=CaseStatus.RELEASED, ended_at__gte=_month_start(at), ended_at__lte=at
    )


def _agreed(user: User, at: datetime) -> Rows:
    on = day_of(at)
    agreements = Agreement.objects.filter(case__in=Case.objects.opened_to(user))
    return agreements.in_force(on=on).filter(starts_on__lte=on)


def _contacts(user: User, at: datetime) -> Rows:
    until = start_of(day_of(at) + timedelta(days=CONTACT_DAYS + 1))
    return Deadline.objects.open().filter(
        case__in=Case.objects.opened_to(user), clock__in=CONTACTS, due_at__lt=until
    )


WHO = (columns.NUMBER, columns.NAME, columns.FACILITY, columns.ZONE)

METRICS: tuple[Metric, ...] = (
    Metric(
        "in-custody", "在所人数", "人",
        "期限在本所执行的人：在区、所外就医和被拘留、逮捕、收监的都计入；脱逃的不计",
        1, _in_custody,
        (*WHO, columns.UNIT, columns.STATUS, columns.ENTERED, columns.ENDS),
    ),
    Metric(
        "admitted", "本月收治", "人次", "本月一日零时至数据截至时入所的戒治档案",
        1, _admitted,
        (*WHO, columns.UNIT, columns.STATUS, columns.ENTERED, columns.ENDS),
    ),
    Metric(
        "moved", "本月转区", "人次", "本月一日零时至数据截至时由接收大队签收的转区",
        1, _moved,
        (
            *columns.of("case", *WHO, columns.UNIT),
            Column("签收时间", lambda event, user: minute(event.happened_at), 18, "at", ("happened_at",)),
        ),
        case_path="case",
    ),
    Metric(
        "overdue", "逾期时限", "件", "数据截至时已过应办结时间而没有办结的时限，一人可有多件",
        1, _overdue,
        (
            *columns.of("case", *WHO),
            Column("事项", lambda row, user: clocks()[row.clock].label, 24, "clock", ("clock",)),
            Column("应办结", lambda row, user: minute(row.due_at), 18, "due", ("due_at",)),
        ),
        case_path="case",
    ),
    Metric(
        "released", "本月解除", "人", "本月一日零时至数据截至时办理解除出所的人",
        1, _released,
        (*WHO, columns.STATUS, columns.ENTERED, columns.ENDS, columns.ENDED),
    ),
    Metric(
        "agreed", "照管协议在册", "件", "数据截至之日在有效期内的后续照管协议；续签的只计当年一份",
        1, _agreed,
        (
            *columns.of("case", *WHO),
            Column("照管站", lambda row, user: row.station.name, 24, "station", ("station__name",)),
            Column("起", lambda row, user: day(row.starts_on), 12, "from", ("starts_on",)),
            Column("止", lambda row, user: day(row.ends_on), 12, "until", ("ends_on",)),
        ),
        case_path="case", related=("station",), reaches=CUSTODIANS | {Reach.STATION},
    ),
    Metric(
        "contacts", "应联系", "件",
        f"首次联系和照管联系中，数据截至之日起 {CONTACT_DAYS} 天内到期的，和已经逾期的",
        1, _contacts,
        (
            *columns.of("case", *WHO),
            Column("事项", lambda row, user: clocks()[row.clock].label, 24, "clock", ("clock",)),
            Column("应办结", lambda row, user: minute(row.due_at), 18, "due", ("due_at",)),
        ),
        case_path="case", reaches=frozenset({Reach.STATION}),
    ),
    Metric(
        "overstayed", "超期在所", "人",
        "期满日已过而没有解除的在册人员；推算的期满日早于决定书载明的，自推算的次日起计",
        2, _overstayed,
        (*WHO, columns.UNIT, columns.STATUS, columns.ENTERED, columns.ENDS),
        redline=True,
    ),
)  # fmt: skip

BY_CODE: Mapping[str, Metric] = MappingProxyType({metric.code: metric for metric in METRICS})


def shown_to(user: User) -> tuple[Metric, ...]:
    """The figures on this user's dashboard."""
    return tuple(metric for metric in METRICS if user.reach in metric.reaches)


def counts(user: User, *, at: datetime) -> dict[str, dict[Any, int]]:
    """How many rows each metric has, by the key of the facility: one query for all of them."""
    shown = shown_to(user)
    grouped = [
        metric.of(user, at=at)
        .order_by()
        .annotate(metric=Value(metric.code), place=F(metric.to("facility")))
        .values_list("metric", "place")
        .annotate(Count("pk"))
        for metric in shown
    ]
    found: dict[str, dict[Any, int]] = {metric.code: {} for metric in shown}
    for code, facility, number in grouped[0].union(*grouped[1:], all=True):
        found[code][facility] = number
    return found

"""Reads of aftercare: what speaks against an act on an agreement, which link runs, who is due."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from aftercare import rules
from aftercare.clocks import STATION_CLOCKS
from aftercare.models import Agreement, Contact, ContactRule
from aftercare.states import EDGES, IN_FORCE, AgreementStatus
from rehab.ledgers import deadlines
from rehab.models import Bureau, Case, Deadline, Station, User
from rehab.refusal import Obstacle
from rehab.states import CaseStatus

STATIONS_SHOWN = 50


def offer_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why no agreement is offered now. Nothing of the stay counts: only one that is open or runs."""
    if case.status in (CaseStatus.DIED, CaseStatus.ESCAPED):
        return (Obstacle(f"此人现为“{CaseStatus(case.status).label}”，不能征询照管协议"),)
    for agreement in Agreement.objects.filter(case=case).select_related("station"):
        if agreement.status == AgreementStatus.OFFERED:
            return (Obstacle(f"已有征询中的协议（{agreement.station}），请先记录签订或者不签"),)
        if agreement.status in IN_FORCE and agreement.last_day >= on:
            return (Obstacle(f"已有协议，至 {agreement.ends_on} 期满"),)
    return ()


def edge_obstacles(agreement: Agreement, to: AgreementStatus) -> tuple[Obstacle, ...]:
    """Why an agreement may not take this status now."""
    at = AgreementStatus(agreement.status)
    if (at, to) in EDGES:
        return ()
    return (Obstacle(f"协议现为“{at.label}”，不能改为“{to.label}”"),)


def renewal_obstacles(agreement: Agreement, *, applied_on: date, on: date) -> tuple[Obstacle, ...]:
    if obstacles := edge_obstacles(agreement, AgreementStatus.RENEWED):
        return obstacles
    return rules.renewal_obstacles(
        starts_on=agreement.first_day, ends_on=agreement.last_day, applied_on=applied_on, on=on
    )


def withdrawal_obstacles(agreement: Agreement, *, on: date) -> tuple[Obstacle, ...]:
    if obstacles := edge_obstacles(agreement, AgreementStatus.WITHDRAWN):
        return obstacles
    if agreement.last_day < on:
        return (Obstacle(f"协议已于 {agreement.ends_on} 期满，不必退出"),)
    return ()


def contact_obstacles(
    agreement: Agreement, *, contacted_at: datetime, next_on: date, reached: bool,
    renewal_discussed: bool, at: datetime,
) -> tuple[Obstacle, ...]:  # fmt: skip
    """Why a contact cannot be recorded: no agreement carries it, or its days do not fit."""
    if agreement.status not in IN_FORCE:
        label = AgreementStatus(agreement.status).label
        return (Obstacle(f"协议现为“{label}”，不记录联系"),)
    return rules.contact_obstacles(
        starts_on=agreement.first_day, ends_on=agreement.last_day,
        written_until=agreement.case.station_sees_until, contacted_at=contacted_at,
        next_on=next_on, reached=reached, renewal_discussed=renewal_discussed, at=at,
    )  # fmt: skip


def running_agreement(case: Case, *, on: date) -> Agreement | None:
    """The link under which a contact is made: the latest that has begun, ended ones included."""
    return (
        Agreement.objects.filter(case=case, status__in=IN_FORCE, starts_on__lte=on)
        .select_related("station", "case__person", "case__facility")
        .order_by("-starts_on")
        .first()
    )


def link_of(agreement: Agreement, *, on: date) -> Agreement:
    """The link of the chain in which a day falls: what was done before a renewal belongs before it."""
    while agreement.renews is not None and on < agreement.first_day:
        agreement = agreement.renews
    return agreement


def in_write_up(agreement: Agreement, *, on: date) -> bool:
    """Whether its end is past and what was done before is still written down."""
    return agreement.last_day < on <= rules.write_up_ends_on(agreement.last_day)


def contacts_of(agreement: Agreement, user: User) -> QuerySet[Contact]:
    """All contacts with this person under any agreement this user sees, the latest first."""
    seen = Agreement.objects.visible_to(user).filter(case=agreement.case_id)
    return (
        Contact.objects.filter(agreement__in=seen)
        .select_related("by")
        .order_by("-contacted_at", "-pk")
    )


def contact_rule_obstacles(
    province: Bureau, effective_from: date, interval_days: int
) -> tuple[Obstacle, ...]:
    """Why a province may not set this interval from this day on."""
    known = ContactRule.objects.filter(province=province, effective_from=effective_from).exists()
    return rules.contact_rule_obstacles(interval_days=interval_days, known=known)


def contact_interval(province: Bureau, *, on: date) -> int:
    """Calendar days from a contact to the next: the province's rule in force, or the house's own."""
    rule = (
        ContactRule.objects.filter(province=province, effective_from__lte=on)
        .order_by("-effective_from")
        .first()
    )
    return rule.interval_days if rule else rules.CONTACT_INTERVAL_DAYS


def stations_matching(words: str, *, province: Bureau) -> QuerySet[Station]:
    """Stations whose name or division (or the one above it) holds the words; first those of the province."""
    found = Station.objects.open().select_related("division__parent__parent")
    if words := words.strip():
        found = found.filter(
            Q(name__contains=words)
            | Q(division__name__contains=words)
            | Q(division__parent__name__contains=words)
            | Q(division__code__startswith=words)
        )
    else:
        found = found.filter(province=province)
    return found.order_by("division__code", "level", "name")


def act_obstacles(agreement: Agreement, to: AgreementStatus, *, on: date) -> tuple[Obstacle, ...]:
    """What the page of an act shows beside its button."""
    if to == AgreementStatus.WITHDRAWN:
        return withdrawal_obstacles(agreement, on=on)
    return edge_obstacles(agreement, to)


def latest_agreement(case: Case) -> Agreement | None:
    """The one that a page about the person speaks of."""
    return (
        Agreement.objects.filter(case=case)
        .select_related("station")
        .order_by("-offered_at", "-pk")
        .first()
    )


@dataclass(frozen=True)
class Standing:
    """Where an agreement stands on a day, in words; `tone` is that of a due label."""

    label: str
    tone: str = "later"


def standing(agreement: Agreement, *, on: date) -> Standing:
    """期满 and 将期满 follow from the day; the rest is the status."""
    if agreement.status != AgreementStatus.SIGNED:
        return Standing(AgreementStatus(agreement.status).label)
    if agreement.last_day < on:
        return Standing("期满")
    if rules.renewal_talk_opens_on(agreement.last_day) <= on:
        return Standing("将期满", "today")
    return Standing("履行中", "kept")


AGREEMENT_VIEWS = {
    "running": "履行中",
    "offered": "征询中",
    "ended": "期满",
    "closed": "不签、退出",
}


def _views(on: date) -> dict[str, Q]:
    return {
        "running": Q(status=AgreementStatus.SIGNED, ends_on__gte=on),
        "offered": Q(status=AgreementStatus.OFFERED),
        "ended": Q(status=AgreementStatus.SIGNED, ends_on__lt=on),
        "closed": Q(status__in=(AgreementStatus.DECLINED, AgreementStatus.WITHDRAWN)),
    }


def agreements_in(user: User, *, view: str, on: date) -> QuerySet[Agreement]:
    """Agreements of one of `AGREEMENT_VIEWS`, one row per chain, what is due first on top."""
    due = (
        Deadline.objects.open()
        .filter(case=OuterRef("case"), clock__in=STATION_CLOCKS)
        .order_by("due_at")
    )
    return (
        Agreement.objects.visible_to(user)
        .latest_links()
        .filter(_views(on)[view])
        .select_related("case__person", "station")
        .annotate(
            next_due=Subquery(due.values("due_at")[:1]),
            next_clock=Subquery(due.values("clock")[:1]),
        )
        .order_by(F("next_due").asc(nulls_last=True), "ends_on", "offered_at", "pk")
    )


def agreement_counts(user: User, *, on: date) -> dict[str, int]:
    """件, by view, in one query."""
    counts = {name: Count("pk", filter=wanted) for name, wanted in _views(on).items()}
    return Agreement.objects.visible_to(user).latest_links().aggregate(**counts)


def station_deadlines(case: Case) -> list[tuple[str, datetime]]:
    """What the station owes this person now: the words of the clock and when."""
    rows = Deadline.objects.open().filter(case=case, clock__in=STATION_CLOCKS).order_by("due_at")
    return [(clock_label(row.clock), row.due_at) for row in rows]


def clock_label(code: str | None) -> str:
    return deadlines.clocks()[code].label if code else ""

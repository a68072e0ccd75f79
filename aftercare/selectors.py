"""Reads of the back door: what speaks against an act, what is outstanding, who is due, which link runs."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from aftercare import rules
from aftercare.models import Agreement, Contact, ContactRule, ReleaseNotice
from aftercare.states import EDGES, IN_FORCE, AgreementStatus
from rehab.clocks import EXPIRY
from rehab.ledgers import deadlines
from rehab.models import Bureau, Case, Deadline, Facility, Person, Station, User
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import calendar_days_after, day_of
from rehab.rules.timing import Category
from rehab.states import IN_CUSTODY, CaseStatus
from zones.models import ZoneMove

STATIONS_SHOWN = 50

# The last day ---------------------------------------------------------------------------------


def release_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Gather the facts, ask the rule. Shared by the list, the page and the action."""
    return rules.release_obstacles(
        in_custody=case.status in IN_CUSTODY,
        status=CaseStatus(case.status).label,
        ends_on=case.ends_on,
        on=on,
    )


def notice_given(case: Case) -> bool:
    """Whether 解除通知 was sent for the last day as it stands now."""
    return ReleaseNotice.objects.filter(case=case, release_on=case.ends_on).exists()


def notice_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    return rules.notice_obstacles(
        in_custody=case.status in IN_CUSTODY,
        status=CaseStatus(case.status).label,
        given=notice_given(case),
        ends_on=case.ends_on,
        on=on,
    )


def compared(case: Case, gate: rules.Gate) -> rules.Compared:
    """What was read at the gate, held against the decision and the person of the case."""
    return rules.compare(
        gate,
        decision_number=case.decision.number,
        id_number=case.person.id_number,
        other_document=case.person.other_document,
    )


def gate_cautions(
    case: Case, compared: rules.Compared, *, second_officer: User | None, on: date
) -> tuple[Caution, ...]:
    """What the officer at the gate must give a reason for."""
    return rules.gate_cautions(
        compared, second_officer=second_officer is not None, ends_on=case.ends_on, on=on
    )


def next_of_kin(person: Person) -> str:
    """The name of the first relative on file; empty when none is."""
    relatives = person.relatives or []
    return str(relatives[0].get("name", "")) if relatives else ""


def address_of(facility: Facility) -> str:
    """Where to come to: the division and the name of the facility."""
    return f"{facility.division or ''}{facility.name}"


def second_officers(case: Case, *, first: User) -> QuerySet[User]:
    """Who may stand as the second officer at the gate: anybody else posted to the facility."""
    return (
        User.objects.filter(is_active=True, posting__facility=case.facility_id)
        .exclude(pk=first.pk)
        .select_related("posting__role", "posting__unit")
        .order_by("display_name", "username")
    )


@dataclass(frozen=True)
class Outstanding:
    """Something that is owed and not done. It never stops a release."""

    code: str
    label: str
    due_on: date | None = None


OPEN_MOVE = "zones.open_move"


def outstanding(case: Case) -> tuple[Outstanding, ...]:
    """What stands open about a person as he leaves: an open move first, then what is due, in order."""
    known = deadlines.clocks()
    rows = Deadline.objects.open().filter(case=case).exclude(clock=EXPIRY).order_by("due_at")
    owed = tuple(
        Outstanding(row.clock, known[row.clock].label, day_of(row.due_at))
        for row in rows
        if known[row.clock].category != Category.AFTERCARE
    )
    if ZoneMove.objects.open().filter(case=case).exists():
        return (Outstanding(OPEN_MOVE, "转区未办结，解除时自动终止"), *owed)
    return owed


def leaving(user: User, *, on: date, within_days: int) -> QuerySet[Case]:
    """Everyone whose last day is past, today or within so many days; the longest overstayed first."""
    latest = Agreement.objects.filter(case=OuterRef("pk")).order_by("-offered_at")
    return (
        Case.objects.visible_to(user)
        .in_custody()
        .filter(ends_on__lte=calendar_days_after(on, within_days))
        .select_related("person", "unit", "zone", "facility")
        .annotate(
            notified=Exists(
                ReleaseNotice.objects.filter(case=OuterRef("pk"), release_on=OuterRef("ends_on"))
            ),
            agreement_status=Subquery(latest.values("status")[:1]),
        )
        .order_by("ends_on", "number")
    )


# Agreements -----------------------------------------------------------------------------------


def offer_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why no agreement is offered now. Nothing of the stay counts: only one that is open or runs."""
    if case.status in (CaseStatus.DIED, CaseStatus.ESCAPED):
        return (Obstacle(f"此人现为“{CaseStatus(case.status).label}”，不能征询照管协议"),)
    for agreement in Agreement.objects.filter(case=case).select_related("station"):
        if agreement.status == AgreementStatus.OFFERED:
            return (Obstacle(f"已有征询中的协议（{agreement.station}），请先记录签订或者不签"),)
        if agreement.status in IN_FORCE and agreement.ends_on >= on:
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
        starts_on=agreement.starts_on, ends_on=agreement.ends_on, applied_on=applied_on, on=on
    )


def withdrawal_obstacles(agreement: Agreement, *, on: date) -> tuple[Obstacle, ...]:
    if obstacles := edge_obstacles(agreement, AgreementStatus.WITHDRAWN):
        return obstacles
    if agreement.ends_on < on:
        return (Obstacle(f"协议已于 {agreement.ends_on} 期满，不必退出"),)
    return ()


def contact_obstacles(
    agreement: Agreement, *, contacted_at: datetime, next_on: date, reached: bool,
    renewal_discussed: bool, at: datetime,
) -> tuple[Obstacle, ...]:  # fmt: skip
    """Why a contact cannot be recorded: no agreement carries it, or its days do not fit."""
    if agreement.status not in IN_FORCE or agreement.starts_on is None:
        label = AgreementStatus(agreement.status).label
        return (Obstacle(f"协议现为“{label}”，不记录联系"),)
    return rules.contact_obstacles(
        starts_on=agreement.starts_on, contacted_at=contacted_at, next_on=next_on,
        reached=reached, renewal_discussed=renewal_discussed, at=at,
    )  # fmt: skip


def running_agreement(case: Case, *, on: date) -> Agreement | None:
    """The link under which a contact is made: the latest that has begun, ended ones included."""
    return (
        Agreement.objects.filter(case=case, status__in=IN_FORCE, starts_on__lte=on)
        .select_related("station", "case__person", "case__facility")
        .order_by("-starts_on")
        .first()
    )


def contacts_of(agreement: Agreement) -> QuerySet[Contact]:
    """All contacts with this person under any agreement, the latest first."""
    return (
        Contact.objects.filter(agreement__case=agreement.case_id)
        .select_related("by")
        .order_by("-contacted_at", "-pk")
    )


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
    found = Station.objects.select_related("division__parent")
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

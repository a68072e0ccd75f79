"""Reads of the way out: what speaks against a release, what is outstanding, who leaves when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from aftercare import rules
from aftercare.models import Agreement, Release, ReleaseNotice, ReleaseNoticeCopy
from rehab.clocks import EXPIRY
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Document, Facility, Person, User
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import calendar_days_after, day_of
from rehab.rules.timing import Category
from rehab.selectors import police_serving
from rehab.states import IN_CUSTODY, CaseStatus
from zones.models import ZoneMove

DAYS_AHEAD = 30  # how far 待解除 looks unless asked


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
    decision: Any = case.decision
    person: Any = case.person
    return rules.compare(
        gate,
        decision_number=decision.number,
        id_number=person.id_number,
        other_document=person.other_document,
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
    relatives: Any = person.relatives or []
    return str(relatives[0].get("name", "")) if relatives else ""


def address_of(facility: Facility) -> str:
    """Where to come to: the division and the name of the facility."""
    return f"{facility.division or ''}{facility.name}"


def second_officers(case: Case, *, first: User) -> QuerySet[User]:
    """Who may stand as the second officer at the gate: anybody else posted to the facility."""
    return police_serving(case.facility_id).exclude(pk=first.pk)


@dataclass(frozen=True)
class Outstanding:
    """Something that is owed and not done. It never stops a release."""

    code: str
    label: str
    due_on: date | None = None


OPEN_MOVE = "zones.open_move"


def on_the_way(case: Case) -> bool:
    """Whether a zone move of this person is under way."""
    return ZoneMove.objects.open().filter(case=case).exists()


def outstanding(case: Case, *, moving: bool) -> tuple[Outstanding, ...]:
    """What stands open about a person as he leaves: an open move first, then what is due, in order."""
    known = deadlines.clocks()
    rows = Deadline.objects.open().filter(case=case).exclude(clock=EXPIRY).order_by("due_at")
    owed = tuple(
        Outstanding(row.clock, known[row.clock].label, day_of(row.due_at))
        for row in rows  # a clock that is no longer there keeps nobody
        if row.clock in known and known[row.clock].category != Category.AFTERCARE
    )
    if moving:
        return (Outstanding(OPEN_MOVE, "转区未办结，解除时自动终止"), *owed)
    return owed


def due_today(on: date) -> Q:
    """今日应解除: in custody on the last lawful day, the earlier where the printed and the computed differ."""
    return Q(status__in=IN_CUSTODY, alarm_on=on)


def overstayed(on: date) -> Q:
    """超期在所: in custody after that day."""
    return Q(status__in=IN_CUSTODY, alarm_on__lt=on)


def leaving(user: User, *, on: date, within_days: int) -> QuerySet[Case]:
    """Everyone whose last day is past, today or within so many days; the longest overstayed first."""
    latest = Agreement.objects.filter(case=OuterRef("pk")).order_by("-offered_at")
    return (
        Case.objects.visible_to(user)
        .in_custody()
        .filter(alarm_on__lte=calendar_days_after(on, within_days))
        .select_related("person", "unit", "zone", "facility")
        .annotate(
            notified=Exists(
                ReleaseNotice.objects.filter(case=OuterRef("pk"), release_on=OuterRef("ends_on"))
            ),
            agreement_status=Subquery(latest.values("status")[:1]),
        )
        .order_by("alarm_on", "number")
    )


def notice_of(case: Case) -> ReleaseNotice | None:
    """The notice for the last day as it stands, with its letters; their sealed bytes stay closed."""
    letters = (
        ReleaseNoticeCopy.objects.select_related("document")
        .defer("document__body", "document__facts")
        .order_by("document__number")
    )
    return (
        ReleaseNotice.objects.filter(case=case, release_on=case.ends_on)
        .select_related("given_by")
        .prefetch_related(Prefetch("copies", queryset=letters))
        .first()
    )


def release_of(case: Case) -> Release | None:
    return (
        Release.objects.filter(case=case)
        .select_related("officer", "second_officer", "certificate")
        .defer("certificate__body", "certificate__facts")
        .first()
    )


def waiting_certificate(case: Case) -> Document | None:
    """The certificate that was numbered as he left and could not be typeset."""
    release = (
        Release.objects.filter(case=case, certificate__sha256="")
        .select_related("certificate")
        .first()
    )
    return release.certificate if release else None


@dataclass(frozen=True)
class GateLine:
    """One thing compared at the gate, or the reason why it was not."""

    label: str
    result: str
    reason: str


def gate_lines(release: Release) -> tuple[GateLine, ...]:
    """What was compared as he left, and what was said about what was missing."""
    reasons: Any = release.answers
    second = release.second_officer.display_name if release.second_officer else "没有"
    lines = [
        ("决定书文号", release.get_decision_mark_display(), "no_decision"),
        ("身份证件号码", release.get_identity_mark_display(), "no_identity"),
        ("人像", release.get_face_mark_display(), "no_face"),
        ("第二名民警", second, "no_second_officer"),
    ]
    if (late := (day_of(release.released_at) - release.last_lawful_day).days) > 0:
        lines.append(("超期", f"{late} 日", "overstayed"))
    return tuple(GateLine(label, result, reasons.get(code, "")) for label, result, code in lines)

"""审计: who opened what is sealed, and what administrators did. Never whose file it was: its key alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from rehab.models import (
    AccessRecord,
    Bureau,
    Event,
    Facility,
    ListTaking,
    Role,
    Station,
    Subject,
    Unit,
    User,
)
from rehab.provincial import rule_sets
from rehab.rules.days import end_of, start_of
from rehab.selectors import houses

K = Event.Kind
ADMINISTRATION = (
    K.ACCOUNT_OPENED, K.ACCOUNT_LOCKED, K.ACCOUNT_UNLOCKED, K.SECRET_RESET, K.PASSWORD_CHANGED,
    K.FACTOR_SET_UP, K.FACTOR_CHANGED, K.FACTOR_RESET,
    K.POSTED, K.POSTING_ENDED, K.ROLE_SHAPED, K.GRANTED, K.GRANT_ENDED, K.DELEGATED,
    K.DELEGATION_ENDED, K.UNIT_OPENED, K.UNIT_CLOSED, K.ROOMS_ADDED, K.BEDS_ADDED, K.BEDS_CLOSED,
    K.EXTRA_BED_OPENED,
    K.BEDS_REOPENED, K.STATION_OPENED, K.STATION_CLOSED, K.RULE_PROPOSED, K.RULE_RETURNED,
    K.RULE_WITHDRAWN, K.RULE_SET,
)  # fmt: skip


def _by(who: str, path: str) -> Q:
    if not (who := who.strip()):
        return Q()
    return Q(**{f"{path}__display_name__contains": who}) | Q(**{f"{path}__username": who})


def _between(first: date | None, last: date | None, path: str) -> Q:
    wanted = Q(**{f"{path}__gte": start_of(first)}) if first else Q()
    return wanted & Q(**{f"{path}__lte": end_of(last)}) if last else wanted


def accesses(
    user: User, *, who: str, first: date | None, last: date | None
) -> QuerySet[AccessRecord]:
    """查阅留痕 of the houses that an auditor looks after, the latest first."""
    return (
        AccessRecord.objects.filter(
            _by(who, "user"),
            _between(first, last, "at"),
            facility__in=Facility.objects.looked_after_by(user),
        )
        .select_related("user__posting__role", "facility")
        .order_by("-at", "-pk")
    )


def takings(user: User, *, who: str, first: date | None, last: date | None) -> QuerySet[ListTaking]:
    """导出、打印留痕 of those whom an auditor looks after, the latest first."""
    return (
        ListTaking.objects.filter(
            _by(who, "user"), _between(first, last, "at"), user__in=houses.accounts(user)
        )
        .select_related("user__posting__role", "user__posting__facility")
        .order_by("-at", "-pk")
    )


def administration(
    user: User, *, who: str, first: date | None, last: date | None, kind: str
) -> QuerySet[Event]:
    """What was done to accounts, places, stations and rules that an auditor looks after."""
    bureaus = (
        Bureau.objects.filter(Q(pk=user.bureau.pk) | Q(parent=user.bureau)) if user.bureau else ()
    )
    about = (
        Q(subject_type=Subject.ACCOUNT, subject_id__in=houses.accounts(user).values("pk"))
        | Q(subject_type=Subject.FACILITY, subject_id__in=Facility.objects.looked_after_by(user))
        | Q(subject_type=Subject.STATION, subject_id__in=houses.stations(user).values("pk"))
        | Q(subject_type=Subject.BUREAU, subject_id__in=bureaus)
    )
    kinds = [kind] if kind else list(ADMINISTRATION)
    return (
        Event.objects.filter(about, _by(who, "by"), _between(first, last, "recorded_at"))
        .filter(kind__in=kinds)
        .select_related("by")
        .order_by("-recorded_at", "-pk")
    )


@dataclass(frozen=True)
class Done:
    """An act of administration in words."""

    at: datetime
    recorded_at: datetime
    kind: str
    about: str
    text: str
    by: str


def said(events: Iterable[Event]) -> list[Done]:
    """The acts in words; names are asked for once for all of them."""
    events = list(events)
    names = _names(events)
    return [
        Done(
            at=event.happened_at,
            recorded_at=event.recorded_at,
            kind=event.get_kind_display(),
            about=names.get(str(event.subject_id), ""),
            text=_text(event, names),
            by=event.by.display_name if event.by else "系统",
        )
        for event in events
    ]


def _names(events: list[Event]) -> Mapping[str, str]:
    """What the keys of these events are called, in one query for any number."""
    keys = {event.subject_id for event in events}
    units = {event.facts["unit"] for event in events if "unit" in event.facts}
    roles, *others = (
        rows.annotate(key=Cast("pk", TextField())).order_by().values_list("key", name)
        for rows, name in (
            (Role.objects.all(), "display_name"),
            (User.objects.filter(pk__in=keys), "display_name"),
            (Facility.objects.filter(pk__in=keys), "name"),
            (Station.objects.filter(pk__in=keys), "name"),
            (Bureau.objects.filter(pk__in=keys), "name"),
            (Unit.objects.filter(pk__in=units), "name"),
        )
    )
    return dict(roles.union(*others, all=True))


def _text(event: Event, names: Mapping[str, str]) -> str:
    facts = event.facts
    words = [names[facts[key]] for key in ("unit", "role") if facts.get(key) in names]
    if "rule" in facts:
        words.append(rule_sets()[facts["rule"]].label)
    for key, label in (("added", "增"), ("removed", "减")):
        if facts.get(key):
            words.append(f"{label}{len(facts[key])} 项权限")
    for key, label in (("until", "至"), ("ends_on", "至")):
        if facts.get(key):
            words.append(f"{label} {str(facts[key])[:10]}")
    if event.kind in (
        K.UNIT_OPENED,
        K.ROOMS_ADDED,
        K.BEDS_ADDED,
        K.EXTRA_BED_OPENED,
    ) and facts.get("beds"):
        words.append(f"{facts['beds']} 张床")
    return " · ".join(words)

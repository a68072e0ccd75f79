"""变更 in words: of every event that changed something, from what to what, who, and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from centers.states import Grade
from rehab.ledgers.changes import Change, told
from rehab.models import Bed, Event, Facility, Station, Unit, User
from rehab.naming import sees_names
from rehab.permissions import Permission
from rehab.rules.identity import mask_name, mask_number
from rehab.states import CaseStatus, Sex
from rehab.templatetags.house import short_key
from zones.states import BedGround

K = Event.Kind

NOTHING, KEPT = "—", "（封存）"
LABELS: Mapping[str, str] = {
    "facility": "场所",
    "status": "状态",
    "unit": "大队",
    "receiving_unit": "接收大队",
    "bed": "床位",
    "isolation": "隔离",
    "ends_on": "期满日",
    "station": "照管站",
    "mark": "月考核分",
    "result": "评估结论",
    "name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "id_number": "公民身份号码",
    "other_document": "其他证件",
    "ethnicity": "民族",
    "education": "文化程度",
    "household": "户籍所在地",
    "address": "现住址",
    "relatives": "亲属",
    "precautions": "注意事项",
    "person": "人员登记",
    "escape": "脱逃登记",
}
ORDER = tuple(LABELS)
PLACES: Mapping[str, Any] = {
    "facility": Facility.objects.all(),
    "unit": Unit.objects.all(),
    "receiving_unit": Unit.objects.all(),
    "bed": Bed.objects.select_related("room__unit"),
    "station": Station.objects.all(),
}
OPENED_BY = {
    "mark": Permission.CONDUCT_VIEW,
    "result": Permission.ASSESSMENT_VIEW,
    "isolation": Permission.ZONE_MOVE_VIEW,
}
SEALED = frozenset({"other_document", "household", "address", "relatives"})
OF_NAMES = frozenset({"birth_date", "id_number"})  # who sees no names sees none of these either

# What an event says that was written before events kept their changes
BEFORE: Mapping[str, tuple[str | None, str]] = {
    K.ADMITTED: (None, CaseStatus.IN_FACILITY),
    K.LEAVE_GRANTED: (CaseStatus.IN_FACILITY, CaseStatus.MEDICAL_LEAVE),
    K.LEAVE_ENDED: (CaseStatus.MEDICAL_LEAVE, CaseStatus.IN_FACILITY),
    K.RELEASED: (None, CaseStatus.RELEASED),
}


@dataclass(frozen=True)
class Line:
    """A field that was changed."""

    label: str
    was: str
    now: str


@dataclass(frozen=True)
class Alteration:
    """An act that changed something, and what."""

    at: datetime
    time_unknown: bool
    kind: str
    lines: tuple[Line, ...]
    by: str
    why: str


def altered(events: Sequence[Event], user: User) -> list[Alteration]:
    """What each of these events changed, in the order given; places are asked for once of each kind."""
    found = [(event, changes) for event in events if (changes := _changes(event, user))]
    places = _places(change for _, changes in found for change in changes)
    return [
        Alteration(
            at=event.happened_at,
            time_unknown=not event.time_known,
            kind=event.get_kind_display(),
            lines=tuple(_line(change, places, user) for change in changes),
            by=event.by.display_name if event.by else "系统",
            why=_why(event, user),
        )
        for event, changes in found
    ]


def _changes(event: Event, user: User) -> tuple[Change, ...]:
    """What an event changed, as far as this user may open it, in the order of `LABELS`."""
    changes = told(event) or _as_was(event)
    arrived = any(one.field == "unit" for one in changes)  # whose way there is thereby over
    opened = (
        one
        for one in changes
        if (one.field not in OPENED_BY or user.may(OPENED_BY[one.field]))
        and not (arrived and one.field == "receiving_unit")
    )
    return tuple(sorted(opened, key=lambda one: ORDER.index(one.field)))


def _as_was(event: Event) -> tuple[Change, ...]:
    if event.kind in BEFORE:
        return (Change("status", *BEFORE[event.kind]),)
    if event.kind == K.ZONE_MOVE_RECEIVED:
        return (Change("unit", event.facts["from_unit"], event.facts["to_unit"]),)
    return ()


def _places(changes: Iterable[Change]) -> dict[str, str]:
    """Names of all places that these changes mention, by key; one query for each kind of place."""
    keys: dict[str, set[str]] = {}
    for one in changes:
        if one.field in PLACES:
            kind = "unit" if one.field == "receiving_unit" else one.field
            keys.setdefault(kind, set()).update(filter(None, (one.was, one.now)))
    return {
        str(place.pk): str(place)
        for field, wanted in keys.items()
        for place in PLACES[field].filter(pk__in=wanted)
    }


def _line(change: Change, places: Mapping[str, str], user: User) -> Line:
    was, now = (_words(change.field, value, places, user) for value in (change.was, change.now))
    return Line(LABELS[change.field], was, now)


def _words(field: str, value: str | None, places: Mapping[str, str], user: User) -> str:
    """A value as this user may read it."""
    if not value:
        return NOTHING
    if field in SEALED or (field in OF_NAMES and not sees_names(user)):
        return KEPT
    match field:
        case "name":
            return value if sees_names(user) else mask_name(value)
        case "id_number":
            return mask_number(value)
        case "status":
            return CaseStatus(value).label
        case "isolation":
            return "须隔离"
        case "sex":
            return Sex(value).label
        case "result":
            return Grade(value).label
        case "person":
            return f"…{short_key(value)}"
        case _ if field in PLACES:
            return places.get(value, KEPT)
        case _:
            return value


def _may_read_why(event: Event, user: User) -> bool:
    """Why somebody is isolated says what he is ill with."""
    if event.facts.get("ground") in (BedGround.ISOLATE, BedGround.ISOLATED_NO_MORE):
        return user.may(Permission.MEDICAL_VIEW) or user.may(Permission.BED_CHANGE)
    return True


def _why(event: Event, user: User) -> str:
    """The reason, where one was asked for; it may name people."""
    said = event.words or {}
    if "why" in said:
        return said["why"] if sees_names(user) and _may_read_why(event, user) else KEPT
    if "approval" in said:
        return f"批准文号 {said['approval']}"
    if "month" in event.facts:
        return f"{event.facts['month']} 月考核"
    return f"批次 {event.facts['batch']}" if event.facts.get("batch") else ""

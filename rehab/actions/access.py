"""查阅留痕: opening what is sealed about a person, for a purpose that is kept."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction

from rehab.clock import day_of
from rehab.ledgers import events
from rehab.ledgers.changes import CHANGES, told
from rehab.models import AccessRecord, Case, Event, ListTaking, User
from rehab.refusal import Obstacle, Refused

# code → 名称; relatives are told line by line
SEALED: Mapping[str, str] = MappingProxyType(
    {
        "identity": "身份证件号码",
        "decision": "决定书文号",
        "address": "户籍所在地和现住址",
        "relatives": "亲属",
        "changes": "变更前后的封存内容",
    }
)


def _lines(case: Case, field: str) -> tuple[tuple[str, str], ...]:
    person = case.person
    match field:
        case "identity":
            found = [("公民身份号码", person.id_number), ("其他证件", person.other_document)]
        case "decision":
            found = [("决定书文号", case.decision.number)]
        case "address":
            found = [("户籍所在地", person.household), ("现住址", person.address)]
        case "changes":
            found = [*_changed(case)]
        case _:
            found = [
                (one.get("relation") or "亲属", f"{one.get('name', '')} {one.get('phone', '')}")
                for one in person.relatives or ()
            ]
    return tuple((label, words.strip()) for label, words in found if words and words.strip())


# what of a person is sealed, and hence its changes too
OF_PERSON: Mapping[str, str] = MappingProxyType(
    {
        "id_number": "公民身份号码",
        "other_document": "其他证件",
        "household": "户籍所在地",
        "address": "现住址",
        "relatives": "亲属",
    }
)


def _changed(case: Case) -> Iterator[tuple[str, str]]:
    """Each change of what is sealed, the newest first."""
    for event in case.events.filter(facts__has_key=CHANGES).order_by("-happened_at"):
        for one in told(event):
            if one.field in OF_PERSON:
                label = f"{day_of(event.happened_at)} {OF_PERSON[one.field]}"
                yield label, f"{one.was or '未登记'} → {one.now or '未登记'}"


@transaction.atomic
def open_sealed(
    *, case: Case, field: str, purpose: str, by: User, at: datetime, really_at: datetime
) -> tuple[tuple[str, str], ...]:
    """查看封存内容: what the papers say, label by label; who looked, and why, is kept in real time.

    `field` is a key of `SEALED`. Raises `KeyError` for any other.
    """
    title = SEALED[field]
    lines = _lines(case, field)

    if not lines:
        raise Refused([Obstacle(f"档案中没有登记{title}")])

    AccessRecord.objects.create(
        user=by, case=case, facility=case.facility, field=field, purpose=purpose, at=really_at
    )

    events.record(case, Event.Kind.IDENTITY_VIEWED, by=by, at=at, field=field)
    return lines


def record_taking(
    *, title: str, address: str, way: str, rows: int, by: User, really_at: datetime
) -> ListTaking:
    """导出、打印留痕: which list left the system, under which filters, and how many rows of it."""
    return ListTaking.objects.create(
        user=by, title=title, address=address, way=way, rows=rows, at=really_at
    )

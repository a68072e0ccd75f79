"""分开管理: noted by who knows why, ended by who answers for it."""

from datetime import date, datetime

from django.db import transaction

from rehab import clock
from rehab.actions import cases
from rehab.ledgers import events, notices, outbox
from rehab.models import Case, Event, KeepApart, User
from rehab.refusal import Obstacle, Refused
from rehab.selectors import apart


@transaction.atomic
def keep_apart(
    *,
    case: Case,
    other: Case,
    kind: str,
    distance: str,
    reason: str,
    until: date | None,
    by: User,
    at: datetime,
) -> KeepApart:
    """登记分开管理: from now on the two share no room, or no 大队."""
    locked = {one.pk: one for one in cases.lock_all([case.pk, other.pk])}
    case, other = locked[case.pk], locked[other.pk]

    obstacles = list(apart.noting_obstacles(case, other, until=until, on=clock.day_of(at)))
    if not reason.strip():
        obstacles.append(Obstacle("“理由”不能为空，请填写"))
    Refused.if_any(obstacles)

    first, second = sorted((case, other), key=lambda one: one.pk)
    record = KeepApart.objects.create(
        facility=case.facility,
        first=first,
        second=second,
        kind=kind,
        distance=distance,
        reason=reason.strip(),
        until=until,
        noted_by=by,
        noted_at=at,
    )

    _record(record, Event.Kind.KEPT_APART, by=by, at=at)
    outbox.poke()
    return record


@transaction.atomic
def end_keeping_apart(*, record: KeepApart, reason: str, by: User, at: datetime) -> KeepApart:
    """终止分开管理, with the reason."""
    cases.lock_all([record.first_id, record.second_id])
    record = KeepApart.objects.select_related("first__unit", "second__unit").get(pk=record.pk)

    obstacles = []
    if record.ended_at is not None:
        obstacles.append(Obstacle("这一条分开管理已经终止，请刷新页面查看"))
    if not reason.strip():
        obstacles.append(Obstacle("“终止理由”不能为空，请填写"))
    Refused.if_any(obstacles)

    record.ended_by, record.ended_at, record.end_reason = by, at, reason.strip()
    record.save(update_fields=["ended_by", "ended_at", "end_reason"])

    _record(record, Event.Kind.KEEPING_APART_ENDED, by=by, at=at)
    outbox.poke()
    return record


def _record(record: KeepApart, kind: Event.Kind, *, by: User, at: datetime) -> None:
    """On the file of each, and said to the 大队 of each: both have to see to it."""
    for case in (record.first, record.second):
        events.record(case, kind, by=by, at=at, keep_apart=str(record.pk))
        posts = (notices.post_for(role, case) for role in ("zone_officer", "zone_leader"))
        for post in filter(None, posts):
            notices.tell(case, kind, to=post, cycle=str(record.pk))

"""What we said: outbox rows written with the act; the recipient is a post, never a person."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q

from rehab import clock
from rehab.ledgers.events import facility_key, subject_of
from rehab.models import AccountNotice, Case, Deadline, Event, Facility, Notice, Subject, User
from rehab.rules.timing import Clock
from rehab.states import Reach

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Post:
    """A recipient: a role in a place."""

    role: str
    facility: UUID
    unit: UUID | None = None
    station: UUID | None = None


UNIT_ROLES = frozenset({"zone_officer", "zone_leader"})
STATION_ROLES = frozenset({"aftercare_worker"})


def post_for(role: str, case: Case, *, unit: UUID | None = None) -> Post | None:
    """Who holds `role` for a case now; None where a case has no such post (no unit, no station).

    `unit` is the 大队 that owes something for a case of another.
    """
    if role in UNIT_ROLES:
        place = unit or case.unit_id
        return Post(role, case.facility_id, unit=place) if place else None
    if role in STATION_ROLES:
        return Post(role, case.facility_id, station=case.station_id) if case.station_id else None
    return Post(role, case.facility_id)


def tell(subject: Any, what: str, *, to: Post, cycle: str = "") -> None:
    """Tell a post that something happened; `what` is the event's kind. Said once per (what, cycle)."""
    tell_all([word(subject, what, to=to, cycle=cycle)])


def tell_all(words: Iterable[Notice]) -> None:
    """Tell what happened to several at once."""
    Notice.objects.bulk_create(words, ignore_conflicts=True)


def word(subject: Any, what: str, *, to: Post, cycle: str = "") -> Notice:
    """What a post is to be told: see `tell`."""
    return Notice(
        **subject_of(subject),
        case=subject if isinstance(subject, Case) else None,
        clock=what,
        cycle=cycle,
        kind=Notice.Kind.TOLD,
        role_id=to.role,
        facility_id=to.facility or facility_key(subject),
        unit_id=to.unit,
        station_id=to.station,
        written_at=clock.now(),
    )


def tell_owner(user: User, what: Event.Kind) -> None:
    """Tell somebody what another did to his account: the one word that is for a person, not for a post."""
    AccountNotice.objects.create(user=user, kind=what, written_at=clock.now())


@dataclass(frozen=True)
class Outage:
    """Business days on which no sweep ran."""

    from_day: date
    to_day: date


def remind(
    deadlines: Iterable[Deadline],
    *,
    clocks: Mapping[str, Clock],
    at: datetime,
    changed: frozenset[UUID] = frozenset(),
    outage: Outage | None = None,
) -> int:
    """Write the reminders that open deadlines call for at `at`, each once, and say how many were asked.

    `clocks` says how many days ahead each is reminded and who else is told. Whether a reminder is due
    follows from the deadline alone, so one that a missed night left out is written the next time, and
    says which outage it fell in.
    """
    rows = []
    for deadline in deadlines:
        clock_ = clocks[deadline.clock]
        kind, since = _called_for(deadline, lead=clock_.lead_days, at=at)
        if kind is None:
            continue
        late = outage if outage and since < outage.to_day else None
        kinds = [(kind, deadline.owed_by)]
        if deadline.pk in changed:
            kinds.append((Notice.Kind.CHANGED, deadline.owed_by))
        kinds += _also_told(kind, clock_)
        for said, role in kinds:
            if role and (post := post_for(role, deadline.case, unit=deadline.unit_id)):
                rows.append(_reminder(deadline, said, post, late))
    Notice.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return len(rows)


def _also_told(kind: Notice.Kind, clock_: Clock) -> list[tuple[Notice.Kind, str]]:
    """Who hears of it beside the post that owes it."""
    if kind == Notice.Kind.OVERDUE:
        return [
            (Notice.Kind.ESCALATED, clock_.escalates_to),
            (Notice.Kind.ALARMED, clock_.alarms),
        ]
    return [(kind, clock_.told_on_the_day)] if kind == Notice.Kind.DUE else []


def _called_for(deadline: Deadline, *, lead: int, at: datetime) -> tuple[Notice.Kind | None, date]:
    due_day, today = clock.day_of(deadline.due_at), clock.day_of(at)
    if at > deadline.due_at:
        return Notice.Kind.OVERDUE, due_day + timedelta(days=1)
    if due_day == today:
        return Notice.Kind.DUE, due_day
    if due_day - timedelta(days=lead) <= today:
        return Notice.Kind.COMING, due_day - timedelta(days=lead)
    return None, today


def _reminder(deadline: Deadline, kind: Notice.Kind, post: Post, late: Outage | None) -> Notice:
    return Notice(
        subject_type=Subject.CASE,
        subject_id=deadline.case_id,
        case_id=deadline.case_id,
        clock=deadline.clock,
        cycle=deadline.cycle,
        due_at=deadline.due_at,
        kind=kind,
        role_id=post.role,
        facility_id=post.facility,
        unit_id=post.unit,
        station_id=post.station,
        written_at=clock.now(),
        outage_from=late.from_day if late else None,
        outage_to=late.to_day if late else None,
    )


def deliver(facility: Facility) -> int:
    """Deliver what waits for the posts of a facility; returns how many. What fails waits for the next run."""
    waiting = Notice.objects.undelivered().filter(facility=facility).order_by("written_at")
    return sum(_deliver(key) for key in list(waiting.values_list("pk", flat=True)))


def _deliver(key: UUID) -> bool:
    """Send one notice by mail to those who hold the post, unless another worker has it.

    The row is locked while it is sent and marked in the same transaction, so two workers never send one
    twice. The mail names no person: it says that something waits behind the sign-in.
    """
    with transaction.atomic():
        undelivered = Notice.objects.undelivered().select_for_update(skip_locked=True)
        notice = undelivered.filter(pk=key).first()
        if notice is None:
            return False
        addresses = list(_holders(notice).exclude(email="").values_list("email", flat=True))
        if addresses and not _mailed(
            notice.get_kind_display(), "您的岗位有一条新的提醒，请登录平台查看。", addresses
        ):
            return False
        Notice.objects.filter(pk=notice.pk).update(delivered_at=clock.real_now())
        return True


def deliver_to_owners() -> int:
    """Deliver what waits for the owners of accounts; returns how many."""
    waiting = AccountNotice.objects.filter(delivered_at__isnull=True).order_by("written_at")
    return sum(_deliver_to_owner(key) for key in list(waiting.values_list("pk", flat=True)))


def _deliver_to_owner(key: UUID) -> bool:
    """As `_deliver`; the account's own row is not locked, so that a slow mail server keeps nobody from signing in."""
    with transaction.atomic():
        undelivered = AccountNotice.objects.filter(pk=key, delivered_at__isnull=True)
        notice = (
            undelivered.select_related("user")
            .select_for_update(skip_locked=True, of=("self",))
            .first()
        )
        if notice is None:
            return False
        done = notice.get_kind_display()
        said = f"您的账号已由安全管理员{done}。不是您要求的，请立即向本单位报告。"
        if notice.user.email and not _mailed(done, said, [notice.user.email]):
            return False
        AccountNotice.objects.filter(pk=notice.pk).update(delivered_at=clock.real_now())
        return True


def _mailed(title: str, message: str, addresses: list[str]) -> bool:
    try:
        send_mail(
            subject=f"【戒毒矫治业务平台】{title}",
            message=message,
            from_email=None,
            recipient_list=addresses,
        )
    except (SMTPException, OSError) as error:
        logger.warning("a notice could not be mailed, it waits: %s", type(error).__name__)
        return False
    return True


def _holders(notice: Notice) -> Any:
    """The active users who hold the post that a notice is addressed to."""
    holders = User.objects.filter(is_active=True, posting__role=notice.role_id)
    reach = notice.role.reach
    if reach == Reach.STATION:
        return holders.filter(posting__station=notice.station_id)
    if reach == Reach.UNIT:
        return holders.filter(
            Q(posting__unit=notice.unit_id) | Q(posting__unit__parent=notice.unit_id)
        )
    if reach == Reach.PROVINCE:
        return holders.filter(
            posting__bureau__in=(notice.facility.province_id, notice.facility.bureau_id)
        )
    return holders.filter(posting__facility=notice.facility_id)

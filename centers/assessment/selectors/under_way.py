"""Opinions as far as the clocks care: whose turn it is, and what is owed to the person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Subquery

from centers.assessment.selectors.opinions import Recipient, recorded, served_on
from centers.models import Objection, Opinion
from rehab.models import Document

REPLY = "opinion_reply"


@dataclass(frozen=True)
class Reviewing:
    """An objection as far as the clocks care."""

    key: str
    lodged_at: datetime
    recorded_at: datetime
    due_on: date
    reviewed_at: datetime | None
    served_at: datetime | None
    organ_served_at: datetime | None


@dataclass(frozen=True)
class Correction:
    """A paper that takes back another which the person holds."""

    key: str
    opened_at: datetime  # from when he holds what is wrong, and the other is there
    served_at: datetime | None


@dataclass(frozen=True)
class UnderWay:
    """An opinion as far as the clocks care."""

    key: str
    status: str
    kind: str
    proposed_at: datetime
    notice_until: date | None
    signed_at: datetime | None
    sent_on: date | None
    received_on: date | None
    answered_at: datetime | None
    decided_ends_on: date | None  # of an early release
    closed_at: datetime | None
    reply: UUID | None  # that it was refused, or was not sent
    recorded: bool  # what was decided was served and written down
    told_at: datetime | None
    objections: tuple[Reviewing, ...] = ()


def under_way(cases: Iterable[Any]) -> dict[UUID, tuple[UnderWay, ...]]:
    """Of each case every opinion: a new one settles nothing that is owed of one before. Two queries."""
    keys = [getattr(case, "pk", case) for case in cases]
    rows: Any = (
        Opinion.objects.filter(case__in=keys)
        .order_by("proposed_at", "pk")
        .annotate(recorded=recorded(), told_at=_served_at("reply"))
        .values_list(
            "case", "pk", "status", "kind", "proposed_at", "notice_until", "signed_at", "sent_on", "received_on",
            "answered_at", "decided_ends_on", "closed_at", "reply", "recorded", "told_at",
        )
    )  # fmt: skip
    found = [(case, pk, UnderWay(str(pk), *rest)) for case, pk, *rest in rows]
    if not found:
        return {}
    objections: dict[UUID, list[Reviewing]] = defaultdict(list)
    lines: Any = (
        Objection.objects.filter(opinion__in=[pk for _, pk, _ in found])
        .annotate(
            served_at=_served_at("reply"),
            organ_served_at=_served_at("reply", Recipient.DECIDING_AUTHORITY),
        )
        .order_by("lodged_at", "pk")
        .values_list(
            "opinion", "pk", "lodged_at", "recorded_at", "review_due_on", "reviewed_at",
            "served_at", "organ_served_at",
        )
    )  # fmt: skip
    for opinion, pk, *rest in lines:
        objections[opinion].append(Reviewing(str(pk), *rest))
    of_case: dict[UUID, list[UnderWay]] = defaultdict(list)
    for case, pk, one in found:
        of_case[case].append(replace(one, objections=tuple(objections[pk])))
    return {case: tuple(every) for case, every in of_case.items()}


def corrections(cases: Iterable[Any]) -> dict[UUID, tuple[Correction, ...]]:
    """Of each case the papers that take back what was served on him. One query."""
    rows: Any = (
        Document.objects.filter(case__in=[*cases], template=REPLY, supersedes__isnull=False)
        .order_by("made_at", "pk")
        .annotate(former_at=_served_at("supersedes"), told_at=_served_at("pk"))
        .filter(former_at__isnull=False)
        .values_list("case", "pk", "made_at", "former_at", "told_at")
    )
    found: dict[UUID, list[Correction]] = defaultdict(list)
    for case, pk, made_at, former_at, told_at in rows:
        found[case].append(Correction(str(pk), max(made_at, former_at), told_at))
    return {case: tuple(every) for case, every in found.items()}


def _served_at(document: str, recipient: Recipient = Recipient.PERSON) -> Subquery:
    """When a paper beside the row was first served on the person, or on another."""
    times = served_on(document, recipient).order_by("served_at")
    return Subquery(times.values("served_at")[:1])

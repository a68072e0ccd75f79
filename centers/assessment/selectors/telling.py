"""Who is owed a telling and because of what, what was told, and why a telling cannot be recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, Min, OuterRef, QuerySet, Subquery

from centers.assessment.rules import telling as rules
from centers.assessment.rules.telling import CLOCK, Sheet, Told
from centers.assessment.selectors.conduct import own_people
from centers.assessment.selectors.told import facts_told
from centers.models import Telling, TellingScan
from rehab.clock import day_of
from rehab.ledgers import documents, wordings
from rehab.models import Case, Deadline, Document, User
from rehab.refusal import Obstacle
from rehab.rules.days import end_of, start_of
from rehab.states import IN_CUSTODY

KIND = "own_account"
IN_WHICH = ("language", "foreign_language")  # facts of a sheet that are not about him


def owed_tellings(user: User, *, at: datetime) -> QuerySet[Case]:
    """Those of whom the user's post must tell somebody now, the most urgent first."""
    due = Deadline.objects.open().filter(case=OuterRef("pk"), clock=CLOCK, opened_at__lte=at)
    seen: Any = Case.objects.visible_to(user)
    first = due.order_by().values("case").annotate(first=Min("due_at")).values("first")
    rows: QuerySet[Case] = own_people(seen.filter(Exists(due)), user)
    made = Document.objects.filter(case=OuterRef("pk"), template=KIND, superseded_by__isnull=True)
    return rows.annotate(
        told_by=Subquery(first),
        sheet_made_at=Subquery(made.order_by("-made_at").values("made_at")[:1]),
    ).order_by("told_by", "number")


def causes(cases: Collection[Case], *, at: datetime) -> dict[UUID, list[Deadline]]:
    """Because of what each of them is told, soonest first; one query."""
    found: dict[UUID, list[Deadline]] = {case.pk: [] for case in cases}
    rows = Deadline.objects.open().filter(case__in=list(found), clock=CLOCK, opened_at__lte=at)
    for row in rows.order_by("due_at", "cycle"):
        found[row.case_id].append(row)
    return found


def sheets_of(cases: Collection[Case]) -> dict[UUID, Document]:
    """The sheet of each that nothing has superseded; nothing for whom none was made."""
    standing = Document.objects.filter(
        case__in=[case.pk for case in cases], template=KIND, superseded_by__isnull=True
    )
    rows = standing.defer("body").order_by("made_at", "number")
    return {row.case_id: row for row in rows if row.case_id is not None}


def sheet_of(case: Case, key: UUID | None) -> Document | None:
    """One sheet of this case by its key."""
    if key is None:
        return None
    rows = Document.objects.filter(case=case, template=KIND, pk=key).defer("body")
    return rows.select_related("superseded_by").first()


def tellings_of(case: Case) -> QuerySet[Telling]:
    """Everything he was told, the newest first, with the keys of what was scanned."""
    scans = TellingScan.objects.filter(telling=OuterRef("pk")).order_by("uploaded_at")
    rows: QuerySet[Telling] = Telling.objects.filter(case=case)
    rows = rows.select_related("by", "witness", "withdrawn_by", "sheet")
    rows = rows.defer("sheet__body", "sheet__facts")
    return rows.annotate(scanned=ArraySubquery(scans.values("pk"))).order_by("-told_at", "-id")


def scans_seen(user: User) -> QuerySet[TellingScan]:
    """Of those whom the user sees; who may open the sheet is asked of his post."""
    rows = TellingScan.objects.filter(telling__case__in=Case.objects.visible_to(user))
    return rows.select_related("telling__sheet")


def has_text(sheet: Document, language: str) -> bool:
    """Whether a sheet says what it says in this language."""
    if language == wordings.CHINESE:
        return True
    facts: Any = sheet.facts
    if facts.get("foreign_language") != wordings.LANGUAGES[language]:
        return False
    on = day_of(sheet.made_at)
    return wordings.chosen(KIND, sheet.facility, on=on, language=language).translation is not None


@dataclass(frozen=True)
class Person:
    """One who was told, from which sheet, and how."""

    case: Case
    sheet: Document | None
    told: Told


def tellings_obstacles(
    people: Sequence[Person], *, by: User, at: datetime
) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why each telling cannot be recorded; `case` with person, decision and facility."""
    told_on = {one.case.pk: day_of(one.told.told_at) for one in people}
    said = _said_on(people)
    found = {}
    holds: dict[UUID, Mapping[str, Any]] = {}
    for on in set(told_on.values()):
        cases = [one.case for one in people if told_on[one.case.pk] == on and _stands(one.sheet)]
        holds |= facts_told(cases, {one.case.pk: one.told.language for one in people}, on=on)
    for one in people:
        key, language = one.case.pk, one.told.language
        found[key] = (
            *_not_here(one.case),
            *rules.telling_obstacles(
                one.told,
                _sheet(one.sheet, holds.get(key), said.get(key, ""), language)
                if one.sheet
                else None,
                spoken=wordings.LANGUAGES[language],
                entered_at=one.case.entered_at,
                by=by.pk,
                at=at,
            ),
        )
    return found


def _not_here(case: Case) -> tuple[Obstacle, ...]:
    if case.status in IN_CUSTODY:
        return ()
    return (Obstacle(f"此人现为“{case.get_status_display()}”，不能登记告知"),)


def _stands(sheet: Document | None) -> bool:
    return sheet is not None and _successor(sheet) is None


def _successor(sheet: Document) -> Document | None:
    found: Document | None = getattr(sheet, "superseded_by", None)
    return found


def _sheet(sheet: Document, holds: Mapping[str, Any] | None, said: str, language: str) -> Sheet:
    successor = _successor(sheet)
    about_him = {key: value for key, value in (holds or {}).items() if key not in IN_WHICH}
    return Sheet(
        made_at=sheet.made_at,
        superseded_at=successor.made_at if successor else None,
        says_what_holds=documents.says(sheet, about_him),
        has_text=has_text(sheet, language),
        told_that_day=said,
    )


def _said_on(people: Sequence[Person]) -> dict[UUID, str]:
    """By whom each was told from this sheet on that day already."""
    days = {one.sheet.pk: day_of(one.told.told_at) for one in people if one.sheet}
    if not days:
        return {}
    rows = Telling.objects.standing().filter(
        sheet__in=list(days),
        told_at__range=(start_of(min(days.values())), end_of(max(days.values()))),
    )
    return {
        row.case_id: row.by.display_name
        for row in rows.select_related("by")
        if day_of(row.told_at) == days[row.sheet_id]
    }

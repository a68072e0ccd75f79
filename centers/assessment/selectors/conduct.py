"""行为表现: who is owed a mark, and the marks of the months."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from centers.assessment import rules
from centers.models import ConductMonth
from rehab.models import Case, User
from rehab.rules.days import day_of, start_of
from rehab.states import IN_CUSTODY, Reach, Stage


def to_mark(cases: QuerySet[Case], month: date) -> QuerySet[Case]:
    """Of these cases, those in zones 02 to 04 who had entered before the month ended."""
    begins_after = start_of(rules.month_after(month))
    out_of_detox = cases.exclude(zone__stage=Stage.DETOX)
    return out_of_detox.filter(zone__isnull=False, zone_entered_at__lt=begins_after)


def is_part_of(case: Case, month: date) -> bool:
    """Whether somebody came to 教育适应区 within the month, so that nobody owes him a mark for it."""
    came_on = case.zone_entered_at
    first_zone = case.zone is not None and case.zone.stage == Stage.ADAPTATION
    return first_zone and came_on is not None and came_on > start_of(month)


def own_people(cases: QuerySet[Case], user: User) -> QuerySet[Case]:
    """Those for whom the user's own 大队 answers: not the ones still on the way to it."""
    if user.reach != Reach.UNIT:
        return cases
    return cases.filter(Q(unit=user.unit) | Q(unit__parent=user.unit))


def mark_facts(
    cases: Sequence[Case], months: Collection[date]
) -> dict[tuple[UUID, date], rules.MarkFacts]:
    """What the marks of these months are judged on, by case and month; one query."""
    confirmed = set(
        ConductMonth.objects.filter(
            case__in=[case.pk for case in cases], month__in=months, confirmed_at__isnull=False
        ).values_list("case", "month")
    )
    return {
        (case.pk, month): rules.MarkFacts(
            in_custody=case.status in IN_CUSTODY,
            entered_on=day_of(case.entered_at),
            already_confirmed=(case.pk, month) in confirmed,
        )
        for case in cases
        for month in months
    }


def marks_of(
    cases: Iterable[Case], months: Collection[date]
) -> dict[tuple[UUID, date], ConductMonth]:
    """The marks of these people in these months, by case and month."""
    rows = ConductMonth.objects.filter(
        case__in=[case.pk for case in cases], month__in=months
    ).select_related("by", "confirmed_by")
    return {(row.case_id, row.month): row for row in rows}


def unconfirmed(cases: Iterable[Case], month: date) -> QuerySet[ConductMonth]:
    """The marks of one month that wait for their second signature."""
    rows: QuerySet[ConductMonth] = ConductMonth.objects.filter(
        case__in=[case.pk for case in cases], month=month, confirmed_at=None
    )
    return rows


def months_of(case: Case) -> QuerySet[ConductMonth]:
    """Every month of this person that was marked, the newest first."""
    rows: QuerySet[ConductMonth] = ConductMonth.objects.filter(case=case)
    return rows.select_related("by", "confirmed_by").order_by("-month")

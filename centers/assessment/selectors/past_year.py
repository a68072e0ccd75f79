"""已满一年的人员: everyone whose year is executed, how far towards early release, and what bars whom."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import models
from django.db.models import CharField, Count, Exists, OuterRef, QuerySet, Subquery, Value, When

from centers.assessment.rules import opinions as rules
from centers.assessment.selectors.opinions import recorded
from centers.assessment.selectors.readiness import Readiness, readiness
from centers.models import Assessment, Opinion
from centers.states import OPINION_OPEN, AssessmentKind, OpinionStatus
from rehab.models import Absence, Case, TermDecision, User
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition
from rehab.selectors.early_release import bar_of
from rehab.states import AbsenceKind, TermDecisionKind

ASSESSED = AssessmentKind.ONE_YEAR.label


class Stand(models.TextChoices):
    """How far somebody is whose year is executed."""

    MAY = "may", "可以提出"
    UNDER_WAY = "under_way", "意见在办"
    LACKING = "lacking", "待评估"
    NOT_GOOD = "not_good", "评估未达良好"
    DECIDED = "decided", "已决定提前解除"
    BARRED = "barred", "不得提前解除"
    OVER = "over", "期满待解除"


def past_year(user: User, *, on: date) -> QuerySet[Any, Any]:
    """Everyone in custody who has executed a full year, whom the user sees; whose end is nearest comes first.

    The first day after the year is the term engine's; on it the decision is a year old.
    """
    cases = Case.objects.visible_to(user).in_custody()
    full = cases.filter(decision__decided_on__lte=on - relativedelta(years=1))
    of_case = {"case": OuterRef("pk")}
    assessed = Assessment.objects.standing().filter(**of_case, kind=AssessmentKind.ONE_YEAR)
    good = assessed.filter(parts__contains=rules.WANTED)
    under_way = Opinion.objects.filter(**of_case, status__in=sorted(OPINION_OPEN)) | (
        Opinion.objects.filter(**of_case, status=OpinionStatus.APPROVED).exclude(recorded())
    )
    newest = under_way.order_by("-proposed_at")
    early = TermDecision.objects.standing().filter(**of_case, kind=TermDecisionKind.EARLY_RELEASE)
    ran = Absence.objects.standing().filter(**of_case, kind=AbsenceKind.ESCAPE)
    stand = models.Case(
        When(Exists(under_way), then=Value(Stand.UNDER_WAY)),
        When(ends_on__lte=on, then=Value(Stand.OVER)),
        When(Exists(early), then=Value(Stand.DECIDED)),
        When(Exists(ran), then=Value(Stand.BARRED)),
        When(Exists(good), then=Value(Stand.MAY)),
        When(Exists(assessed), then=Value(Stand.NOT_GOOD)),
        default=Value(Stand.LACKING),
        output_field=CharField(),
    )
    found: QuerySet[Any, Any] = full.annotate(
        assessed=Exists(assessed),
        escaped=Exists(ran),
        good=Exists(good),
        stand=stand,
        opinion_status=Subquery(newest.values("status")[:1]),
        opinion_kind=Subquery(newest.values("kind")[:1]),
    ).order_by("ends_on", "number")
    return found


def counts(cases: QuerySet[Any, Any]) -> dict[str, int]:
    """How many stand where: the figures are of the rows of the list."""
    rows = cases.order_by().values_list("stand").annotate(Count("pk"))
    return dict(rows)


@dataclass(frozen=True)
class Way:
    """What a row says beyond the case: each condition, what bars him, and the stage of an opinion."""

    conditions: tuple[Condition, ...]
    bar: Obstacle | None
    stage: str

    @property
    def missing(self) -> tuple[Condition, ...]:
        return tuple(one for one in self.conditions if not one.met)


def ways(cases: Sequence[Any], *, records: bool, on: date) -> Iterable[tuple[Any, Way]]:
    """Each case, from `past_year` and with its decision, with its way; two queries for any number.

    Without `records`, for who has none of them to bring, the assessment alone is said; no query.
    """
    kinds = {case.pk: AssessmentKind.ONE_YEAR for case in cases} if records else {}
    found = readiness(kinds, on=on) if kinds else {}
    for case in cases:
        bar = bar_of(case, escaped=case.escaped)
        yield case, Way(_conditions(case, found.get(case.pk)), bar, _stage(case))


def _conditions(case: Any, ready: Readiness | None) -> tuple[Condition, ...]:
    """The records until it is assessed; then the assessment and what it says."""
    concluded: bool = case.assessed
    waits = ready is not None and ready.drafted and not concluded
    detail = "待他人结论" if waits else ""
    assessed = Condition(
        "assessed", ASSESSED, concluded, "assessor", "centers:assessment-create", detail
    )
    if not concluded:
        return (*(ready.conditions if ready else ()), assessed)
    good = Condition(
        "good", "三项合格、社会环境与适应能力良好", case.good, "assessor",
        "centers:assessment-create",
    )  # fmt: skip
    return (assessed, good)


def _stage(case: Any) -> str:
    """提前解除意见 待决定; nothing where none is under way."""
    status: str | None = case.opinion_status
    if status is None:
        return ""
    kind = TermDecisionKind(case.opinion_kind)
    return f"{kind.label}意见：{OpinionStatus(status).label}"

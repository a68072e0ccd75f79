"""What the centres have on file, and what an assessment still lacks: facts gathered, rules asked."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from centers.assessment import needs, rules
from centers.assessment.needs import Task
from centers.assessment.rules import Evidence, Stay
from centers.models import (
    Assessment,
    AssessmentRule,
    ConductMonth,
    DetoxConclusion,
    EntryEducation,
    FitnessTest,
    Screening,
    SocialForm,
)
from centers.states import AssessmentKind, AssessmentStatus, Need
from rehab import statutes
from rehab.models import Case, Placement, User
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition
from rehab.rules.days import day_of, start_of
from rehab.states import IN_CUSTODY, Reach, Stage

STAGE_OF = {
    AssessmentKind.DETOX: Stage.DETOX,
    AssessmentKind.ADAPTATION: Stage.ADAPTATION,
    AssessmentKind.CONSOLIDATION: Stage.CONSOLIDATION,
}


# What is on file ----


@dataclass(frozen=True)
class Mark:
    """The mark of one month."""

    mark: int
    marked_at: datetime
    confirmed_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """One assessment of a kind that was written and not returned."""

    kind: str
    status: str
    result: str
    concluded_at: datetime | None


@dataclass(frozen=True)
class File:
    """What the five centres have on file about one case. Marks and days only, no content."""

    province: UUID
    stage: str
    status: str
    decided_on: date
    ends_on: date
    entered_at: datetime
    ended_at: datetime | None
    detox_passed: bool | None = None
    detox_at: datetime | None = None
    education: str | None = None
    educated_until: date | None = None
    fitness_on: date | None = None
    screened_at: datetime | None = None
    social: str | None = None
    social_at: datetime | None = None
    marks: Mapping[date, Mark] = field(default_factory=dict)
    stays: tuple[Stay, ...] = ()
    assessments: tuple[Standing, ...] = ()

    def passed(self, kind: str) -> bool:
        return any(
            one.kind == kind
            and one.status == AssessmentStatus.CONCLUDED
            and one.result == rules.PASS
            for one in self.assessments
        )

    def concluded(self, kind: str) -> bool:
        """Whether there is a standing conclusion of this kind, whatever it says."""
        return any(
            one.kind == kind and one.status == AssessmentStatus.CONCLUDED
            for one in self.assessments
        )

    def drafted(self, kind: str) -> bool:
        return any(
            one.kind == kind and one.status == AssessmentStatus.DRAFTED for one in self.assessments
        )


def _latest(model: Any, column: str) -> Subquery:
    rows = model.objects.filter(case=OuterRef("pk")).order_by(f"-{model.moment}", "-id")
    return Subquery(rows.values(column)[:1])


def _array(rows: QuerySet[Any], **columns: Any) -> ArraySubquery:
    return ArraySubquery(rows.filter(case=OuterRef("pk")).values(one=JSONObject(**columns)))


def files(cases: Iterable[Any]) -> dict[UUID, File]:
    """The files of these cases (or of these keys), in one query."""
    keys = [getattr(case, "pk", case) for case in cases]
    stays = (
        Placement.objects.filter(held=False)
        .exclude(bed__room__unit__zone__stage=Stage.DETOX)
        .order_by("period")
    )
    rows: Any = Case.objects.filter(pk__in=keys).values(
        "pk",
        "ends_on",
        "entered_at",
        "ended_at",
        "status",
        province=F("facility__province"),
        stage=F("zone__stage"),
        decided_on=F("decision__decided_on"),
        detox_passed=_latest(DetoxConclusion, "passed"),
        detox_at=_latest(DetoxConclusion, "concluded_at"),
        education=_latest(EntryEducation, "result"),
        educated_until=_latest(EntryEducation, "ended_on"),
        fitness_on=_latest(FitnessTest, "tested_on"),
        screened_at=_latest(Screening, "screened_at"),
        social=_latest(SocialForm, "result"),
        social_at=_latest(SocialForm, "recorded_at"),
        marks=_array(
            ConductMonth.objects.order_by("month"),
            month="month",
            mark="mark",
            marked_at="marked_at",
            confirmed_at="confirmed_at",
        ),
        stays=_array(stays, begin="period__startswith", end="period__endswith"),
        assessed=_array(
            Assessment.objects.exclude(status=AssessmentStatus.RETURNED).order_by("drafted_at"),
            kind="kind",
            status="status",
            result="result",
            concluded_at="concluded_at",
        ),
    )
    return {row.pop("pk"): _file(row) for row in rows}


def _file(row: dict[str, Any]) -> File:
    marks = {
        date.fromisoformat(one["month"]): Mark(
            one["mark"], _read(one["marked_at"]), _read_or_none(one["confirmed_at"])
        )
        for one in row.pop("marks")
    }
    stays = tuple((_read(one["begin"]), _read_or_none(one["end"])) for one in row.pop("stays"))
    assessments = tuple(
        Standing(one["kind"], one["status"], one["result"], _read_or_none(one["concluded_at"]))
        for one in row.pop("assessed")
    )
    return File(**row, marks=marks, stays=stays, assessments=assessments)


def _read(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _read_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


# The province's rules ----

Rules = Mapping[tuple[UUID, str], AssessmentRule]


def rules_in_force(provinces: Iterable[UUID], *, on: date | None = None) -> Rules:
    """By province and kind, the rule of a day; the newest one where no day is asked about."""
    rows = AssessmentRule.objects.filter(province__in=set(provinces)).in_force(on=on or date.max)
    return {(rule.province_id, rule.kind): rule for rule in rows}


# Evidence ----


def evidence(file: File, rule: AssessmentRule, *, on: date | None) -> dict[str, Evidence]:
    """What is on file for each need of a rule. Without a day, no month of conduct is yet missing."""
    return {need: _evidence(Need(need), file, rule, on=on) for need in rule.needs}


def _evidence(need: Need, file: File, rule: AssessmentRule, *, on: date | None) -> Evidence:
    match need:
        case Need.MEDICAL | Need.DETOX:
            if file.detox_passed is None:
                return Evidence(False)
            return Evidence(True, rules.PASS if file.detox_passed else rules.FAIL)
        case Need.EDUCATION:
            return Evidence(file.education is not None, file.education or "")
        case Need.TRAINING:
            return Evidence(file.fitness_on is not None, rules.DONE)
        case Need.SCREENING:
            return Evidence(file.screened_at is not None, rules.DONE)
        case Need.RECOVERY:
            return Evidence(
                file.fitness_on is not None and file.screened_at is not None, rules.PASS
            )
        case Need.CONDUCT:
            return rules.conduct_evidence(
                owed=_owed_months(file, rule, until=on) if on else (),
                marks={
                    month: (one.mark, one.confirmed_at is not None)
                    for month, one in file.marks.items()
                },
                pass_mark=rule.conduct_pass_mark,
            )
        case _:  # SOCIAL
            return Evidence(file.social is not None, file.social or "")


def _owed_months(file: File, rule: AssessmentRule, *, until: date) -> tuple[date, ...]:
    """Full months lived through in zones 02 to 04 since the rule is in force."""
    months = rules.full_months(file.stays, until=until)
    return tuple(month for month in months if rules.last_day(month) >= rule.effective_from)


def _conditions(
    kind: AssessmentKind, file: File, rule: AssessmentRule | None, *, on: date | None
) -> tuple[Condition, ...]:
    if rule is None:
        return (
            Condition(
                code="rule",
                label=f"{kind.label}的省级规则",
                met=False,
                owner="bureau_approver",
                url_name="centers:assessment-create",
                detail="省局尚未设定",
            ),
        )
    found = evidence(file, rule, on=on)
    lines: dict[str, Condition] = {}
    for need in map(Need, rule.needs):
        for code, task, of in _tasks(need, file, found[need]):
            lines.setdefault(
                code,
                Condition(code, task.label, of.there, task.owner, task.url_name, of.detail),
            )
    return tuple(lines.values())


def _tasks(need: Need, file: File, of: Evidence) -> list[tuple[str, Task, Evidence]]:
    """The records behind a need, each with its own state; 身心康复 stands on two."""
    if need == Need.RECOVERY:
        return [
            (Need.TRAINING, needs.FITNESS, Evidence(file.fitness_on is not None)),
            (Need.SCREENING, needs.SCREENING, Evidence(file.screened_at is not None)),
        ]
    if of.unsigned:
        return [(need, needs.CONFIRMATION, of)]
    (task,) = needs.TASKS[need]
    return [(need, task, of)]


# What the rooms above ask ----


@dataclass(frozen=True)
class Readiness:
    """How far a case is towards one assessment."""

    conditions: tuple[Condition, ...]
    passed: bool  # concluded, 合格, and not superseded
    drafted: bool  # waiting for the second person


def readiness(
    kinds: Mapping[UUID, AssessmentKind], *, on: date | None = None
) -> dict[UUID, Readiness]:
    """For each case its own kind of assessment; two queries for any number of cases."""
    found = files(kinds)
    in_force = rules_in_force((file.province for file in found.values()), on=on)
    return {
        key: Readiness(
            _conditions(kinds[key], file, in_force.get((file.province, kinds[key])), on=on),
            file.passed(kinds[key]),
            file.drafted(kinds[key]),
        )
        for key, file in found.items()
    }


@dataclass(frozen=True)
class Next:
    """The assessment that comes next for a case, and how far it is."""

    kind: AssessmentKind
    opens_on: date | None
    readiness: Readiness

    @property
    def missing(self) -> tuple[Condition, ...]:
        return tuple(one for one in self.readiness.conditions if not one.met)

    def state(self, on: date) -> str:
        """drafted, settled, early, lacking or ready: the words of the list's filter."""
        if self.readiness.drafted:
            return "drafted"
        if self.readiness.passed:
            return "settled"
        if self.opens_on is not None and on < self.opens_on:
            return "early"
        return "lacking" if self.missing else "ready"


def next_assessments(cases: Iterable[Any], *, on: date) -> dict[UUID, Next]:
    """For each case what is to be assessed next; two queries for any number of cases."""
    found = files(cases)
    in_force = rules_in_force((file.province for file in found.values()), on=on)
    return {key: _next(file, in_force, on=on) for key, file in found.items()}


def _next(file: File, in_force: Rules, *, on: date) -> Next:
    settled = {kind for kind in AssessmentKind if file.passed(kind)}
    settled |= {kind for kind in (AssessmentKind.ONE_YEAR,) if file.concluded(kind)}
    kind = AssessmentKind(
        rules.next_kind(
            stage=file.stage,
            on=on,
            decided_on=file.decided_on,
            ends_on=file.ends_on,
            settled=settled,
        )
    )
    rule = in_force.get((file.province, kind))
    return Next(
        kind,
        _opening(kind, file)[0],
        Readiness(_conditions(kind, file, rule, on=on), file.passed(kind), file.drafted(kind)),
    )


def assessment_conditions(
    cases: Iterable[Case], kind: AssessmentKind, *, on: date | None = None
) -> dict[UUID, tuple[Condition, ...]]:
    """What this assessment needs, and whether it is there. Two queries for any number of cases."""
    found = readiness({case.pk: kind for case in cases}, on=on)
    return {key: one.conditions for key, one in found.items()}


def passed(cases: Iterable[Case], kind: AssessmentKind) -> set[UUID]:
    """Keys of the cases whose standing assessment of this kind is 合格."""
    rows = Assessment.objects.standing().filter(
        case__in=[case.pk for case in cases], kind=kind, result=rules.PASS
    )
    return set(rows.values_list("case", flat=True))


# Why one may not assess ----


def allowed_parts(case: Case, kind: AssessmentKind, *, on: date) -> dict[str, str]:
    """For each need on file, the best grade that it allows: what a new draft starts from."""
    _, found = assessment_facts(case, kind, on=on)
    return {code: of.ceiling for code, of in found.items() if of.there}


def owed_months(case: Case, kind: AssessmentKind, *, on: date) -> list[date]:
    """The months of conduct that an assessment of this kind asks for today."""
    file = files([case])[case.pk]
    rule = rules_in_force([file.province], on=on).get((file.province, kind))
    if rule is None or Need.CONDUCT not in rule.needs:
        return []
    return list(_owed_months(file, rule, until=on))


def assessment_facts(
    case: Case, kind: AssessmentKind, *, on: date
) -> tuple[rules.AssessmentFacts, dict[str, Evidence]]:
    """What an assessment of this case is judged on, and the evidence for each part."""
    file = files([case])[case.pk]
    rule = rules_in_force([file.province], on=on).get((file.province, kind))
    stage = STAGE_OF.get(kind)
    opens_on, article = _opening(kind, file)
    facts = rules.AssessmentFacts(
        in_custody=file.status in IN_CUSTODY,
        stage_fits=stage is None or file.stage == stage,
        stage_label=f"{stage.label}期" if stage else "",
        opens_on=opens_on,
        opens_article=article,
        conditions=_conditions(kind, file, rule, on=on),
        draft_open=file.drafted(kind),
        passed_already=file.passed(kind),
    )
    return facts, evidence(file, rule, on=on) if rule else {}


def correction_facts(
    assessment: Assessment, *, on: date
) -> tuple[rules.AssessmentFacts, dict[str, Evidence]]:
    """As `assessment_facts`; a correction asks neither for the stage nor whether it was passed."""
    facts, found = assessment_facts(assessment.case, AssessmentKind(assessment.kind), on=on)
    return replace(facts, stage_fits=True, passed_already=False), found


def _opening(kind: AssessmentKind, file: File) -> tuple[date | None, statutes.Article | None]:
    if kind == AssessmentKind.ONE_YEAR:
        return rules.one_year_opens_on(file.decided_on), statutes.EARLY_RELEASE
    if kind == AssessmentKind.PRE_EXPIRY:
        return rules.pre_expiry_opens_on(file.ends_on), None
    return None, None


def grade_obstacles(
    parts: Mapping[str, str], found: Mapping[str, Evidence]
) -> tuple[Obstacle, ...]:
    """Why these grades may not stand on this evidence."""
    return rules.grade_obstacles(parts, found, dict(Need.choices))


def conclusion_obstacles(assessment: Assessment, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why this officer may not conclude this draft today. Judged anew on what is on file now."""
    own = rules.conclusion_obstacles(
        drafted=assessment.status == AssessmentStatus.DRAFTED, same_person=assessment.by_id == by.pk
    )
    if assessment.status != AssessmentStatus.DRAFTED:
        return own
    if assessment.corrects_for is not None:
        facts, found = correction_facts(assessment, on=on)
    else:
        facts, found = assessment_facts(assessment.case, AssessmentKind(assessment.kind), on=on)
    waiting = rules.assessment_obstacles(facts, on=on)
    return own + (waiting or grade_obstacles(assessment.parts, found))


# Conduct ----


def to_mark(cases: QuerySet[Case], month: date) -> QuerySet[Case]:
    """Of these cases, those in zones 02 to 04 who had entered before the month ended."""
    begins_after = start_of(rules.month_after(month))
    out_of_detox = cases.exclude(zone__stage=Stage.DETOX)
    return out_of_detox.filter(zone__isnull=False, zone_entered_at__lt=begins_after)


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

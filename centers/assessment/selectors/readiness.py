"""How far a case is towards an assessment: what the rooms above ask."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from centers.assessment import needs, rules
from centers.assessment.needs import Task
from centers.assessment.rules import Evidence
from centers.assessment.selectors.evidence import Rules, evidence, rules_in_force
from centers.assessment.selectors.files import File, files
from centers.models import Assessment, AssessmentRule
from centers.states import AssessmentKind, Need
from rehab import statutes
from rehab.models import Case
from rehab.rules.conditions import Condition


def conditions_of(
    kind: AssessmentKind, file: File, rule: AssessmentRule | None, *, on: date | None
) -> tuple[Condition, ...]:
    """What an assessment of this kind asks for, line by line, and who brings it."""
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
            conditions_of(kinds[key], file, in_force.get((file.province, kinds[key])), on=on),
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
        opening(kind, file)[0],
        Readiness(conditions_of(kind, file, rule, on=on), file.passed(kind), file.drafted(kind)),
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


def opening(kind: AssessmentKind, file: File) -> tuple[date | None, statutes.Article | None]:
    """From which day an assessment of this kind may be made, and by which article."""
    if kind == AssessmentKind.ONE_YEAR:
        return rules.one_year_opens_on(file.decided_on), statutes.EARLY_RELEASE
    if kind == AssessmentKind.PRE_EXPIRY:
        return rules.pre_expiry_opens_on(file.ends_on), None
    return None, None

"""What somebody is told of himself: his last day and why, his marks, what was assessed and what comes next."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from centers.assessment.selectors.files import File, files
from centers.assessment.selectors.readiness import Next, next_assessments
from centers.states import AssessmentKind, AssessmentStatus, Grade
from rehab import statutes
from rehab.clock import day_of
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.models import Case
from rehab.refusal import Obstacle
from rehab.rules.term import earliest_early_release
from rehab.selectors.absences import ever_escaped
from rehab.selectors.term import working
from rehab.states import IN_CUSTODY
from rehab.typeset import cite

MONTHS = 6  # the latest marks; the earlier ones he has on earlier sheets


def told_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why nobody can be told: he is not under this measure here, or his records contradict one another."""
    if case.status not in IN_CUSTODY:
        return (Obstacle(f"此人现为“{case.get_status_display()}”，不能制作本人情况告知单"),)
    if case.ends_on < on:
        message = f"期满日 {case.ends_on} 已过，请立即办理解除"
        return (Obstacle(message, statutes.UNLAWFUL_CUSTODY),)
    return working(case, on=on).obstacles


def told_facts(case: Case, *, on: date, language: str = CHINESE) -> dict[str, Any]:
    """What the sheet says on a day, in a language; `case` with its person, decision and facility."""
    return facts_told([case], {case.pk: language}, on=on)[case.pk]


def facts_told(
    cases: Sequence[Case], languages: Mapping[UUID, str], *, on: date
) -> dict[UUID, dict[str, Any]]:
    """The same for several, each in a language of his own."""
    of, following = files(cases), next_assessments(cases, on=on)
    return {
        case.pk: _facts(case, of[case.pk], following[case.pk], languages[case.pk], on=on)
        for case in cases
    }


def _facts(case: Case, file: File, following: Next, language: str, *, on: date) -> dict[str, Any]:
    found: dict[str, Any] = {
        "facility": case.facility.name,
        "case_number": case.number,
        "name": case.person.name,
        "language": LANGUAGES[language],
        "ends_on": case.ends_on,
        "steps": [
            {"says": step.label, "article": cite(step.article), "ends_on": step.ends_on}
            for step in working(case, on=on).steps
        ],
        "early": _early(case),
        "marks": _marks(file),
        "assessments": _assessments(file),
    }
    if language != CHINESE:
        found["foreign_language"] = LANGUAGES[language]
    if following.readiness.passed:
        return found
    found["next_kind"] = following.kind.label
    if following.opens_on is not None and following.opens_on > on:
        found["next_on"] = following.opens_on
    return found


def _early(case: Case) -> str:
    """From when an early release may be proposed, or why never."""
    if ever_escaped(case):
        return f"你曾脱逃，依法不得提前解除（{cite(statutes.ESCAPE)}）。"
    earliest = earliest_early_release(case.decision.decided_on)
    since = f"{earliest.year}年{earliest.month}月{earliest.day}日"
    return (
        f"{since}起，诊断评估戒毒情况良好的，可以由本所提出提前解除的意见，由决定机关决定"
        f"（{cite(statutes.EARLY_RELEASE)}）；依法不得提前解除的除外。"
    )


def _marks(file: File) -> list[dict[str, str]]:
    """The marks under two signatures: before that they are none."""
    signed = [(month, one.mark) for month, one in sorted(file.marks.items()) if one.confirmed_at]
    return [{"month": f"{month:%Y-%m}", "mark": str(mark)} for month, mark in signed[-MONTHS:]]


def _assessments(file: File) -> list[dict[str, Any]]:
    return [
        {
            "kind": AssessmentKind(one.kind).label,
            "result": Grade(one.result).label,
            "on": day_of(one.concluded_at),
        }
        for one in file.assessments
        if one.status == AssessmentStatus.CONCLUDED and one.concluded_at
    ]

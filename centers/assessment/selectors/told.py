"""What somebody is told of himself: his last day and why, his marks, what was assessed and what comes next."""

from datetime import date
from typing import Any

from centers.assessment.selectors.files import File, files
from centers.assessment.selectors.readiness import next_assessments
from centers.states import AssessmentKind, AssessmentStatus, Grade
from rehab.clock import day_of
from rehab.models import Case
from rehab.refusal import Obstacle
from rehab.selectors.term import working
from rehab.states import IN_CUSTODY

MONTHS = 6  # the latest marks; the earlier ones he has on earlier sheets


def told_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why nobody can be told: he is not under this measure here, or his records contradict one another."""
    if case.status not in IN_CUSTODY:
        return (Obstacle(f"此人现为“{case.get_status_display()}”，不能制作本人情况告知单"),)
    return working(case, on=on).obstacles


def told_facts(case: Case, *, on: date) -> dict[str, Any]:
    """What the sheet says on a day; `case` with its person, decision and facility."""
    file = files([case])[case.pk]
    following = next_assessments([case], on=on)[case.pk]
    found: dict[str, Any] = {
        "facility": case.facility.name,
        "case_number": case.number,
        "name": case.person.name,
        "ends_on": case.ends_on,
        "steps": [
            {"says": step.label, "article": str(step.article), "ends_on": step.ends_on}
            for step in working(case, on=on).steps
        ],
        "marks": _marks(file),
        "assessments": _assessments(file),
    }
    if following.readiness.passed:
        return found
    found["next_kind"] = following.kind.label
    if following.opens_on is not None and following.opens_on > on:
        found["next_on"] = following.opens_on
    return found


def _marks(file: File) -> list[dict[str, str]]:
    latest = sorted(file.marks.items())[-MONTHS:]
    return [
        {
            "month": f"{month:%Y-%m}",
            "mark": str(one.mark),
            "signed": "已复核" if one.confirmed_at else "待复核",
        }
        for month, one in latest
    ]


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

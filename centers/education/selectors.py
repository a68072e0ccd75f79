"""What the education centre has on file of a case."""

from datetime import date

from centers.education import rules
from centers.models import EntryEducation
from rehab.models import Case
from rehab.refusal import Obstacle
from rehab.rules.days import day_of
from rehab.states import CaseStatus


def entry_education_obstacles(
    case: Case, *, started_on: date, ended_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why this entry education may not be recorded."""
    facts = rules.EntryEducationFacts(
        in_facility=case.status == CaseStatus.IN_FACILITY,
        entered_on=day_of(case.entered_at),
        started_on=started_on,
        ended_on=ended_on,
        passed_already=passed_already(case),
    )
    return rules.entry_education_obstacles(facts, on=on)


def passed_already(case: Case) -> bool:
    """Whether entry education is behind this person."""
    passed = EntryEducation.objects.filter(case=case, result=EntryEducation.Result.PASS)
    return bool(passed.exists())

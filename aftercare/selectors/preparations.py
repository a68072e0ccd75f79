"""Reads of 解除准备: what was arranged, and what speaks against writing it down."""

from datetime import date
from typing import Any

from aftercare.models import ReleasePlan
from aftercare.rules import preparing
from aftercare.rules.preparing import Preparation
from rehab.models import Case, Person
from rehab.refusal import Obstacle
from rehab.rules.days import day_of
from rehab.states import IN_CUSTODY, CaseStatus

AS_IT_IS = Preparation(
    fetched_by=preparing.NOBODY, way="alone"
)  # in order: what is left is the day


def plan_of(case: Case) -> ReleasePlan | None:
    """What was arranged for the last day as it stands; None where nothing was.

    Asks nothing where it was fetched with the case.
    """
    plan: ReleasePlan | None = getattr(case, "release_plan", None)
    if plan is None or day_of(plan.recorded_at) < preparing.opens_on(case.ends_on):
        return None
    return plan


def plan_obstacles(case: Case, one: Preparation = AS_IT_IS, *, on: date) -> tuple[Obstacle, ...]:
    """Why this is not written down; without one, why nothing can be."""
    return preparing.preparation_obstacles(
        one,
        in_custody=case.status in IN_CUSTODY,
        status=CaseStatus(case.status).label,
        ends_on=case.ends_on,
        on=on,
    )


def relative_words(person: Person) -> str:
    """The first relative on file, as he is called and reached; empty when none is."""
    relatives: Any = person.relatives or [{}]
    said = relatives[0]
    relation = f"（{said['relation']}）" if said.get("relation") else ""
    name = said.get("name", "")
    return f"{name}{relation} {said.get('phone', '')}".strip() if name else ""

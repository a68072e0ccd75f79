"""What the medical centre has on file of a case."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Case as Case_
from django.db.models import F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from centers.medical import rules
from centers.models import DrugTest
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle
from rehab.states import CaseStatus, Sex


def drug_test_obstacles(
    case: Case, *, sample: str, tested_at: datetime, second: User, by: User, at: datetime
) -> tuple[Obstacle, ...]:
    """Why this test may not be recorded."""
    facts = rules.DrugTestFacts(
        in_facility=case.status == CaseStatus.IN_FACILITY,
        entered_at=case.entered_at,
        tested_at=tested_at,
        same_person=by.pk == second.pk,
        second_works_here=second.is_active and second.facility == case.facility,
        womans_urine=sample == DrugTest.Sample.URINE and case.person.sex == Sex.FEMALE,
        both_women=by.sex == Sex.FEMALE and second.sex == Sex.FEMALE,
    )
    return rules.drug_test_obstacles(facts, at=at)


def latest_result(case: Case) -> str | None:
    """The result of the last own test that was valid."""
    valid = DrugTest.objects.filter(case=case).exclude(result=DrugTest.Result.INVALID)
    result: str | None = valid.order_by("-tested_at").values_list("result", flat=True).first()
    return result


def detox_obstacles(case: Case, *, met: Mapping[str, bool]) -> tuple[Obstacle, ...]:
    """Why this conclusion may not be recorded."""
    return rules.detox_obstacles(
        in_facility=case.status == CaseStatus.IN_FACILITY,
        met=met,
        latest_result=latest_result(case),
    )


def isolation() -> dict[str, Any]:
    """From when each is isolated (who came so, from his admission), and when it last ended."""
    return {
        "isolated_at": Case_(
            When(needs_isolation=True, then=Coalesce(_last("isolate"), F("entered_at")))
        ),
        "isolation_ended_at": _last("isolated_no_more"),
    }


def _last(ground: str) -> Subquery:
    """When the bed was changed last on this ground."""
    of_case = Event.objects.filter(case=OuterRef("pk"))
    found = of_case.filter(kind=Event.Kind.PLACED, facts__ground=ground)
    return Subquery(found.order_by("-happened_at").values("happened_at")[:1])


def isolated(cases: QuerySet[Any], choice: str) -> QuerySet[Any]:
    """Only those who are isolated now, or those of whom it is over, where one was chosen."""
    if choice == "now":
        return cases.filter(needs_isolation=True)
    if choice == "over":
        return cases.filter(needs_isolation=False, isolation_ended_at__isnull=False)
    return cases

"""What the medical centre has on file of a case."""

from collections.abc import Mapping
from datetime import datetime

from centers.medical import rules
from centers.models import DrugTest
from rehab.models import Case, User
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

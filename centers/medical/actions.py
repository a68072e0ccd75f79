"""What the medical centre records."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from centers.medical import rules, selectors
from centers.models import DetoxConclusion, DrugTest
from centers.states import DetoxCriterion
from rehab.actions import absences, cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Refused


@transaction.atomic
def record_drug_test(
    *,
    case: Case,
    sample: str,
    tested_at: datetime,
    result: str,
    second: User,
    note: str = "",
    by: User,
    at: datetime,
) -> DrugTest:
    """登记所内毒品检测: taken by `by` and `second` at `tested_at`.

    One that is valid is also the test that is owed of who came back from his family.
    """
    case = cases.lock(case)

    Refused.if_any(
        selectors.drug_test_obstacles(
            case, sample=sample, tested_at=tested_at, second=second, by=by, at=at
        )
    )

    test: DrugTest = DrugTest.objects.create(
        case=case, sample=sample, tested_at=tested_at, result=result, second=second, by=by,
        note=note.strip() or None,
    )  # fmt: skip

    events.record(case, Event.Kind.DRUG_TESTED, by=by, at=tested_at, drug_test=str(test.pk))
    if result != DrugTest.Result.INVALID:
        positive = result == DrugTest.Result.POSITIVE
        absences.note_return_test(case=case, tested_at=tested_at, positive=positive, by=by)
    deadlines.refresh([case])

    outbox.poke()
    return test


@transaction.atomic
def conclude_detox(
    *,
    case: Case,
    met: Mapping[str, bool],
    notes: Mapping[str, str] | None = None,
    by: User,
    at: datetime,
) -> DetoxConclusion:
    """作出生理脱毒结论: `met` and `notes` by the code of states.DetoxCriterion, all five."""
    case = cases.lock(case)

    findings = {criterion: met[criterion] for criterion in DetoxCriterion.values}
    Refused.if_any(selectors.detox_obstacles(case, met=findings))

    conclusion: DetoxConclusion = DetoxConclusion.objects.create(
        case=case, **findings, notes=_said(notes or {}), passed=rules.detox_passed(findings),
        concluded_at=at, by=by,
    )  # fmt: skip

    events.record(case, Event.Kind.DETOX_CONCLUDED, by=by, at=at, conclusion=str(conclusion.pk))
    deadlines.refresh([case])

    outbox.poke()
    return conclusion


def _said(notes: Mapping[str, str]) -> dict[str, str] | None:
    said = {code: note.strip() for code, note in notes.items() if note.strip()}
    return said or None

"""What the training centre records."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from centers.models import FitnessTest
from centers.training import rules
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Refused
from rehab.states import CaseStatus


@transaction.atomic
def record_fitness_test(
    *,
    case: Case,
    tested_on: date,
    cleared: bool,
    values: Mapping[str, Decimal | int],
    result: str,
    by: User,
    at: datetime,
) -> FitnessTest:
    """登记体能测试: `values` by the code of measures.MEASURES, all of them."""
    case = cases.lock(case)

    facts = rules.FitnessFacts(
        in_facility=case.status == CaseStatus.IN_FACILITY,
        cleared=cleared,
        entered_on=clock.day_of(case.entered_at),
        tested_on=tested_on,
        values=values,
    )
    Refused.if_any(rules.fitness_obstacles(facts, on=clock.day_of(at)))

    test: FitnessTest = FitnessTest.objects.create(
        case=case, tested_on=tested_on, cleared=cleared, **values, result=result, recorded_at=at,
        by=by,
    )  # fmt: skip

    events.record(
        case, Event.Kind.FITNESS_TESTED, by=by, at=at, fitness_test=str(test.pk), result=result
    )
    deadlines.refresh([case])

    outbox.poke()
    return test

"""What the psychology centre records, and the one way to open it again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db import transaction

from centers.models import Screening
from centers.psychology import rules
from centers.psychology.scales import ANSWERS, SCALES, Scale
from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import AccessRecord, Case, Event, User
from rehab.refusal import Refused
from rehab.states import CaseStatus


@transaction.atomic
def screen(*, case: Case, scale: str, answers: Sequence[int], by: User, at: datetime) -> Screening:
    """登记心理测评: the answers, 0 to 3 each in the order of the items, are sealed with their sum."""
    case = cases.lock(case)

    used = SCALES[scale]
    Refused.if_any(
        rules.screening_obstacles(used, answers, in_facility=case.status == CaseStatus.IN_FACILITY)
    )

    screening: Screening = Screening.objects.create(
        case=case, scale=scale, screened_at=at, by=by,
        sheet={"answers": list(answers), "score": used.score(answers)},
    )  # fmt: skip

    events.record(case, Event.Kind.SCREENED, by=by, at=at, screening=str(screening.pk))
    deadlines.refresh([case])

    outbox.poke()
    return screening


@dataclass(frozen=True)
class Sheet:
    """An opened screening."""

    scale: Scale
    lines: tuple[tuple[str, str], ...]  # item, answer
    score: int


@transaction.atomic
def open_screening(*, screening: Screening, purpose: str, by: User, at: datetime) -> Sheet:
    """查阅封存的测评: leaves a record of who, of whom, for what and when. `at` is real time."""
    Refused.if_any(rules.opening_obstacles(purpose))

    AccessRecord.objects.create(
        user=by,
        case=screening.case,
        facility_id=screening.case.facility_id,
        field="screening.sheet",
        purpose=purpose.strip(),
        at=at,
    )

    scale, sheet = SCALES[screening.scale], cast(dict[str, Any], screening.sheet)
    answers = (ANSWERS[answer] for answer in sheet["answers"])
    return Sheet(scale, tuple(zip(scale.items, answers, strict=True)), sheet["score"])

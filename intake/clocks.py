"""The clocks of entry: what must be completed within hours and days of an admission."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from intake.models import Admission
from intake.rules.completion import DUTIES
from rehab.models import Case
from rehab.rules.timing import Category, Clock, Expected

_ACTS = {
    "health_check": "登记检查",
    "belongings": "登记物品",
    "entry_register": "填写登记表",
    "rights_notice": "谈话告知",
    "family_notice": "通知家属",
    "assessment_handbook": "建立手册",
}


def clock_code(duty: str) -> str:
    return f"intake.{duty}"


CLOCKS = tuple(
    Clock(
        clock_code(duty.code), duty.label, Category.PAPER, _ACTS[duty.code],
        "intake:completion-record",
    )
    for duty in DUTIES
)  # fmt: skip


@dataclass(frozen=True)
class EntryFacts:
    entered_at: datetime
    ended: bool
    done: dict[str, datetime]  # by code of the duty


def facts(cases: Sequence[Case]) -> Mapping[UUID, EntryFacts]:
    """One query for the admissions of any number of cases; nothing for those not admitted here."""
    rows = Admission.objects.filter(case__in=[case.pk for case in cases]).values_list(
        "case",
        "entered_at",
        "case__ended_at",
        "case__completion_items__duty",
        "case__completion_items__done_at",
    )
    found: dict[UUID, EntryFacts] = {}
    for key, entered_at, ended_at, duty, done_at in rows:
        one = found.setdefault(key, EntryFacts(entered_at, ended_at is not None, {}))
        if duty is not None:
            one.done[duty] = done_at
    return found


def expected(facts: EntryFacts) -> tuple[Expected, ...]:
    """Each duty until it is done; what was not done when the case ended is owed no more."""
    return tuple(
        Expected(
            clock_code(duty.code),
            opened_at=facts.entered_at,
            due_at=duty.due_at(facts.entered_at),
            owed_by=duty.role,
            article=duty.article,
            satisfied_at=facts.done.get(duty.code),
        )
        for duty in DUTIES
        if duty.code in facts.done or not facts.ended
    )

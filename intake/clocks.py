"""The clocks of entry: what must be completed within hours and days of an admission."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from intake.models import Admission
from intake.rules.completion import DUTIES
from rehab import statutes
from rehab.models import Absence, Case
from rehab.rules.days import day_of, end_of
from rehab.rules.timing import Category, Clock, Expected

_ACTS = {
    "health_check": "登记检查",
    "belongings": "登记物品",
    "entry_register": "填写登记表",
    "rights_notice": "谈话告知",
    "family_notice": "通知家属",
    "assessment_handbook": "建立手册",
}
KEPT = "intake.kept_belongings"
RETURN_CHECK = "intake.return_check"


def clock_code(duty: str) -> str:
    return f"intake.{duty}"


CLOCKS = (
    *(
        Clock(
            clock_code(duty.code), duty.label, Category.PAPER, _ACTS[duty.code],
            "intake:completion-record",
        )
        for duty in DUTIES
    ),
    Clock(KEPT, "发还代管物品", Category.PAPER, "发还物品", "intake:belongings-detail"),
    Clock(RETURN_CHECK, "回所体检", Category.CENTER, "体检", "intake:return-check"),
)  # fmt: skip


@dataclass(frozen=True)
class EntryFacts:
    entered_at: datetime
    ended: bool
    done: dict[str, datetime]  # by code of the duty
    kept: "Kept | None" = None
    returns: "tuple[Return, ...]" = ()


@dataclass(frozen=True)
class Kept:
    """What is kept of somebody's things, until it is handed back on his last day."""

    since: datetime
    until: date
    handed_back_at: datetime | None


@dataclass(frozen=True)
class Return:
    """Somebody came back injured, or before anybody had looked at him."""

    absence: str
    returned_at: datetime
    checked_at: datetime | None


def facts(cases: Sequence[Case]) -> Mapping[UUID, EntryFacts]:
    """One query for any number of cases, two where a check is owed; nothing for those not admitted here."""
    standing = {"case__belongings_registers__corrected_by__isnull": True}  # or none at all
    owed = Absence.objects.filter(check_owed=True)
    ours = Admission.objects.filter(case__in=[case.pk for case in cases], **standing)
    rows = ours.annotate(owed=Exists(owed.filter(case=OuterRef("case")))).values_list(
        "case",
        "entered_at",
        "case__ended_at",
        "case__completion_items__duty",
        "case__completion_items__done_at",
        "case__ends_on",
        "case__belongings_registers__keeps",
        "case__belongings_registers__registered_at",
        "case__belongings_registers__handed_back_at",
        "owed",
    )
    checked = set()
    found: dict[UUID, EntryFacts] = {}
    for key, entered_at, ended_at, duty, done_at, ends_on, keeps, since, back, owes in rows:
        kept = Kept(since, ends_on, back) if keeps else None
        one = found.setdefault(key, EntryFacts(entered_at, ended_at is not None, {}, kept))
        if duty is not None:
            one.done[duty] = done_at
        if owes:
            checked.add(key)
    returns = owed.filter(case__in=checked).order_by("returned_at")
    for absence in returns.only("case", "returned_at", "checked_at") if checked else ():
        assert absence.returned_at is not None  # nobody is owed a check before he is here again
        one = found[absence.case_id]
        came = Return(str(absence.pk), absence.returned_at, absence.checked_at)
        found[absence.case_id] = replace(one, returns=(*one.returns, came))
    return found


def expected(facts: EntryFacts) -> tuple[Expected, ...]:
    """Each duty until it is done; what was not done when the case ended is owed no more. What is kept
    of somebody's things is owed until he has it back, whoever he is by then."""
    return (*_duties(facts), *_kept(facts.kept), *_returns(facts))


def _duties(facts: EntryFacts) -> Iterator[Expected]:
    for duty in DUTIES:
        if duty.code in facts.done or not facts.ended:
            yield Expected(
                clock_code(duty.code),
                opened_at=facts.entered_at,
                due_at=duty.due_at(facts.entered_at),
                owed_by=duty.role,
                article=duty.article,
                satisfied_at=facts.done.get(duty.code),
            )


def _kept(kept: Kept | None) -> Iterator[Expected]:
    if kept is not None:
        yield Expected(
            KEPT,
            opened_at=kept.since,
            due_at=end_of(kept.until),
            owed_by="intake_officer",
            article=statutes.BELONGINGS,
            satisfied_at=kept.handed_back_at,
        )


def _returns(facts: EntryFacts) -> Iterator[Expected]:
    """A physician looks at him on the same day; once the case has ended it is owed no more."""
    for one in facts.returns:
        if one.checked_at or not facts.ended:
            yield Expected(
                RETURN_CHECK,
                opened_at=one.returned_at,
                due_at=end_of(day_of(one.returned_at)),
                owed_by="clinician",
                cycle=one.absence,
                satisfied_at=one.checked_at,
            )

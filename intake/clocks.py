"""The clocks of entry and of coming back: what is owed within hours and days of an admission or a return."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from intake.models import Admission
from intake.rules.completion import DUTIES
from rehab import statutes
from rehab.db.prepared import Among, Prepared
from rehab.models import Absence, Case
from rehab.rules.days import day_of, end_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import AbsenceKind, CaseStatus
from zones.models import Outing
from zones.rules.outings import APPROVED_WITHIN
from zones.states import OutingStatus

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
RETURN_TEST = "intake.return_test"
HOME_VISIT = "intake.home_visit"
OUTING = "intake.outing"


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
    Clock(OUTING, "外出探视待批准", Category.MOVE, "审批", "zones:outing-detail", lead_days=1),
    Clock(
        RETURN_TEST, "外出探视回所检测", Category.CENTER, "登记检测", "centers:drug-test-create"
    ),
    Clock(
        HOME_VISIT, "外出探视回所", Category.MOVE, "回所登记", "intake:return-create", lead_days=1,
        told_on_the_day="zone_officer", alarms="bureau_approver",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class EntryFacts:
    entered_at: datetime
    ended: bool
    done: dict[str, datetime]  # by code of the duty
    kept: "Kept | None" = None
    returns: "tuple[Return, ...]" = ()
    in_facility: bool = True
    outings: "tuple[Asked, ...]" = ()


@dataclass(frozen=True)
class Kept:
    """What is kept of somebody's things, until it is handed back on his last day."""

    since: datetime
    until: date
    handed_back_at: datetime | None


@dataclass(frozen=True)
class Return:
    """Somebody came back injured, or before anybody had looked at him; or he went to his family."""

    absence: str
    left_at: datetime
    expected_on: date | None  # of an outing to his family
    returned_at: datetime | None
    ran: bool
    check_owed: bool
    checked_at: datetime | None
    test_owed: bool
    tested_at: datetime | None


@dataclass(frozen=True)
class Asked:
    """An outing to his family that was asked for, and when it was answered."""

    key: str
    proposed_at: datetime
    decided_at: datetime | None


def facts(cases: Sequence[Case]) -> Mapping[UUID, EntryFacts]:
    """One query for any number of cases; another where a return is owed something, and where an outing was asked for.

    Nothing for those not admitted here.
    """
    checked, asking = set(), set()
    found: dict[UUID, EntryFacts] = {}
    for key, entered_at, ended_at, duty, done_at, ends_on, keeps, since, back, *more in _entries(
        case.pk for case in cases
    ):
        status, owes, asks = more
        kept = Kept(since, ends_on, back) if keeps else None
        here = status == CaseStatus.IN_FACILITY
        new = EntryFacts(entered_at, ended_at is not None, {}, kept, in_facility=here)
        one = found.setdefault(key, new)
        if duty is not None:
            one.done[duty] = done_at
        if owes:
            checked.add(key)
        if asks:
            asking.add(key)
    for absence in _owed().filter(case__in=checked).order_by("left_at") if checked else ():
        one = found[absence.case_id]
        came = Return(
            absence=str(absence.pk),
            left_at=absence.left_at,
            expected_on=absence.expected_on if absence.kind == AbsenceKind.HOME_VISIT else None,
            returned_at=absence.returned_at,
            ran=absence.ran,
            check_owed=absence.check_owed,
            checked_at=absence.checked_at,
            test_owed=absence.test_owed,
            tested_at=absence.tested_at,
        )
        found[absence.case_id] = replace(one, returns=(*one.returns, came))
    for outing in _asked().filter(case__in=asking).order_by("proposed_at") if asking else ():
        one = found[outing.case_id]
        new_one = Asked(str(outing.pk), outing.proposed_at, outing.decided_at)
        found[outing.case_id] = replace(one, outings=(*one.outings, new_one))
    return found


@Prepared
def _entries() -> Any:
    standing = {"case__belongings_registers__corrected_by__isnull": True}  # or none at all
    ours = Admission.objects.filter(Among("case"), **standing)
    return ours.annotate(
        owed=Exists(_owed().filter(case=OuterRef("case"))),
        asked=Exists(_asked().filter(case=OuterRef("case"))),
    ).values_list(
        "case",
        "entered_at",
        "case__ended_at",
        "case__completion_items__duty",
        "case__completion_items__done_at",
        "case__ends_on",
        "case__belongings_registers__keeps",
        "case__belongings_registers__registered_at",
        "case__belongings_registers__handed_back_at",
        "case__status",
        "owed",
        "asked",
    )


def _owed() -> Any:
    return Absence.objects.filter(Q(check_owed=True) | Q(kind=AbsenceKind.HOME_VISIT))


def _asked() -> Any:
    return Outing.objects.exclude(status=OutingStatus.WITHDRAWN, decided_at__isnull=True)


def expected(facts: EntryFacts) -> tuple[Expected, ...]:
    """Each duty until it is done; what was not done when the case ended is owed no more. What is kept
    of somebody's things is owed until he has it back, whoever he is by then."""
    return (*_duties(facts), *_kept(facts.kept), *_returns(facts), *_outings(facts))


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
        if one.returned_at and one.check_owed and (one.checked_at or not facts.ended):
            yield Expected(
                RETURN_CHECK,
                opened_at=one.returned_at,
                due_at=end_of(day_of(one.returned_at)),
                owed_by="clinician",
                cycle=one.absence,
                satisfied_at=one.checked_at,
            )
        if one.expected_on is not None:
            yield from _of_home_visit(one, one.expected_on, ended=facts.ended)


def _of_home_visit(one: Return, expected_on: date, *, ended: bool) -> Iterator[Expected]:
    """He is back on the day that was approved, and is tested on the day on which he is.

    Late, it alarms; that he escaped only a person says, and then he is expected no more. Nor is who was released there.
    """
    if not one.ran and (one.returned_at or not ended):
        yield Expected(
            HOME_VISIT,
            opened_at=one.left_at,
            due_at=end_of(expected_on),
            owed_by="intake_officer",
            article=statutes.OUTING_LIMIT,
            cycle=one.absence,
            satisfied_at=one.returned_at,
        )
    if one.returned_at and one.test_owed and (one.tested_at or not ended):
        yield Expected(
            RETURN_TEST,
            opened_at=one.returned_at,
            due_at=end_of(day_of(one.returned_at)),
            owed_by="clinician",
            article=statutes.OUTING_TEST,
            cycle=one.absence,
            satisfied_at=one.tested_at,
        )


def _outings(facts: EntryFacts) -> Iterator[Expected]:
    """A leader answers on the next day at the latest: his family waits."""
    for one in facts.outings:
        if one.decided_at or facts.in_facility:
            yield Expected(
                OUTING,
                opened_at=one.proposed_at,
                due_at=end_of(day_of(one.proposed_at) + APPROVED_WITHIN),
                owed_by="facility_leader",
                article=statutes.VISITS,
                cycle=one.key,
                satisfied_at=one.decided_at,
            )

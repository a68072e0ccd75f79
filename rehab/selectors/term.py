"""Why the last day of a case is what it is, from what is recorded of it."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

from rehab.clock import day_of
from rehab.models import (
    Absence,
    Bureau,
    Case,
    DecisionCorrection,
    EndConvention,
    EndInquiry,
    Facility,
    TermDecision,
    User,
)
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules.explaining import ALARM_FROM_EARLIER, BEYOND_TWO_YEARS, explain
from rehab.rules.term import (
    PRINTED_END_DIFFERS,
    Convention,
    Step,
    printed_end_caution,
    two_years_end,
)
from rehab.rules.term_facts import (
    EarlyRelease,
    Extension,
    Interval,
    ServedDecision,
    TermFacts,
)
from rehab.states import IN_CUSTODY, AbsenceKind, TermDecisionKind

OF_THE_PRINT = frozenset({PRINTED_END_DIFFERS, BEYOND_TWO_YEARS, ALARM_FROM_EARLIER})
ONE_DAY = timedelta(days=1)


class Printed(Protocol):
    """The two days of a decision, on file or still on paper."""

    @property
    def decided_on(self) -> date: ...
    @property
    def printed_ends_on(self) -> date: ...


@dataclass(frozen=True)
class Working:
    """The steps to a last day, what speaks against the printed one, and why there are no steps."""

    steps: tuple[Step, ...]
    cautions: tuple[Caution, ...]
    obstacles: tuple[Obstacle, ...] = ()


def term_facts(case: Case, *, on: date) -> TermFacts:
    """What the term of a case is computed from: the decision, the proved escapes, what was served since."""
    return replace(
        printed_facts(case.decision, case.facility_id, case.pk, on=on),
        escapes=_proved_escapes(case),
        decisions=tuple(map(says, TermDecision.objects.standing().filter(case=case))),
    )


def printed_facts(
    decision: Printed, facility: UUID, case: UUID | None = None, *, on: date
) -> TermFacts:
    """What the decision alone says of the term, and whether somebody explained the last day that it prints."""
    return TermFacts(
        decided_on=decision.decided_on,
        on=max(on, decision.decided_on),
        printed_ends_on=decision.printed_ends_on,
        ends_on_anniversary=ends_on_anniversary(
            decision.decided_on, decision.printed_ends_on, facility, case
        ),
    )


def ends_on_anniversary(
    decided_on: date | None, printed_ends_on: date | None, facility: UUID, case: UUID | None = None
) -> bool:
    """Whether the one day by which the printed end is later is explained; asked only where there is such a day.

    By what the province recorded of its decisions, in the version that holds on the day of the decision, or
    by the answer of the deciding organ in this case.
    """
    if decided_on is None or printed_ends_on != two_years_end(decided_on) + ONE_DAY:
        return False
    answers = DecisionCorrection.objects.upholding().filter(printed_ends_on=printed_ends_on)
    if case is not None and answers.filter(case=case).exists():
        return True
    province = Facility.objects.filter(pk=facility).values("province")
    versions = EndConvention.objects.filter(province__in=province, effective_from__lte=decided_on)
    newest = versions.order_by("-effective_from").values_list("prints", flat=True).first()
    return EndConvention.Print.ANNIVERSARY in (newest or ())


def end_convention(user: User) -> Convention:
    """What the decisions of the user's province print as the last day, version by version; none of a ministry's."""
    facility = user.facility
    province = facility.province_id if facility else user.bureau and user.bureau.pk
    versions = EndConvention.objects.filter(province=province).values_list(
        "effective_from", "prints"
    )
    return tuple((since, EndConvention.Print.ANNIVERSARY in prints) for since, prints in versions)


def says(decision: TermDecision) -> ServedDecision:
    """What a recorded decision does to a term."""
    if decision.kind == TermDecisionKind.EXTENSION:
        assert decision.months is not None  # a constraint of the table
        return Extension(decision.served_on, decision.months)
    assert decision.ends_on is not None
    return EarlyRelease(decision.served_on, decision.ends_on)


def end_convention_obstacles(province: Bureau, effective_from: date) -> tuple[Obstacle, ...]:
    """Why a province may not record what its decisions print from this day on."""
    if EndConvention.objects.filter(province=province, effective_from=effective_from).exists():
        return (Obstacle("同一日施行的规则已经设定，请另定施行日期"),)
    return ()


def inquiry_obstacles(case: Case, *, on: date) -> tuple[Obstacle, ...]:
    """Why the deciding organ is not asked which last day is right."""
    if case.status not in IN_CUSTODY:
        return (Obstacle(f"此人现为“{case.get_status_display()}”，不再致函核实期限"),)
    if computed_end(case, on=on) == case.ends_on:
        return (Obstacle("载明的期满日与推算的一致，不必致函核实"),)
    if (asked := inquiry_of(case, on=on)) is not None:
        message = f"核实函 {asked.document.number} 已经制作，请送达决定机关、催要书面答复"
        return (Obstacle(message),)
    return ()


def inquiry_of(case: Case, *, on: date) -> EndInquiry | None:
    """The letter about the two last days as they stand; its sealed bytes stay closed."""
    computed = computed_end(case, on=on)
    if computed == case.ends_on:
        return None
    return (
        EndInquiry.objects.filter(case=case, ends_on=case.ends_on, alarm_on=computed)
        .select_related("document")
        .defer("document__body", "document__facts")
        .first()
    )


def computed_end(case: Case, *, on: date) -> date:
    """The last day by the law alone, which a decision that prints another does not name; else the last day."""
    by_law = two_years_end(case.decision.decided_on)
    if case.alarm_on != case.ends_on or case.decision.printed_ends_on >= by_law:
        return case.alarm_on
    facts = term_facts(case, on=on)
    if any(isinstance(one, EarlyRelease) for one in facts.decisions):
        return case.ends_on  # what was printed no longer governs
    try:
        return ends_of(replace(facts, printed_ends_on=None)).ends_on
    except Refused:
        return case.ends_on


@dataclass(frozen=True)
class Ends:
    """The last day that governs, and the one from which the alarm of over-detention runs."""

    ends_on: date
    alarm_on: date


def ends_of(facts: TermFacts) -> Ends:
    """Both as the facts give them. Raises `Refused` where these contradict themselves."""
    found = explain(facts)
    # an escape that goes on is no fact of the term before its days are proved
    assert found.ends_on is not None
    assert found.alarm_on is not None
    return Ends(found.ends_on, found.alarm_on)


def working(case: Case, *, on: date) -> Working:
    """How the last day of a case comes about; records that contradict one another are named instead.

    Escapes and decisions are asked for only where something has moved the end.
    """
    decision = case.decision
    moved = case.ends_on != decision.printed_ends_on
    facts = (
        term_facts(case, on=on)
        if moved
        else printed_facts(decision, case.facility_id, case.pk, on=on)
    )
    try:
        found = explain(facts)
    except Refused as refused:
        cautions = printed_end_caution(
            decided_on=decision.decided_on, printed_ends_on=decision.printed_ends_on
        )
        return Working((), cautions, refused.obstacles)
    return Working(found.steps, tuple(one for one in found.warnings if one.code in OF_THE_PRINT))


def _proved_escapes(case: Case) -> tuple[Interval, ...]:
    """The escapes whose days two officers took out of the term (戒毒条例第三十二条)."""
    proved = Absence.objects.standing().filter(
        case=case, kind=AbsenceKind.ESCAPE, uncounted_days__gt=0
    )
    return tuple(
        Interval(left_on, left_on + timedelta(days=one.uncounted_days))
        for one in proved.order_by("left_at")
        for left_on in [day_of(one.left_at)]
    )

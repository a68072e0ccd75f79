"""决定书更正: what stands, what it would move, and why somebody may not propose or decide it."""

from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, F, OuterRef, Subquery

from rehab.clock import day_of
from rehab.models import Case, Decision, DecisionCorrection, User
from rehab.models.decision_corrections import DecisionCorrectionQuerySet
from rehab.permissions import Permission
from rehab.refusal import Obstacle, Refused
from rehab.rules import decision_corrections as rules
from rehab.rules.decision_corrections import Correction, Letter, Paper
from rehab.rules.explaining import explain
from rehab.rules.term import Step, two_years_end
from rehab.rules.term_facts import TermFacts
from rehab.selectors.escapes import ended_obstacles
from rehab.selectors.term import ONE_DAY, Ends, ends_of, ends_on_anniversary, term_facts
from rehab.states import PROPOSAL_EDGES, CorrectionCause, ProposalStatus

LABELS = {
    "number": "决定书文号",
    "authority": "决定机关",
    "decided_on": "决定日期",
    "printed_starts_on": "载明起日",
    "printed_ends_on": "载明止日",
}
UNSAID = "未载明"


def corrections(user: User) -> DecisionCorrectionQuerySet:
    """Those the user sees; what waits for somebody first, then the newest."""
    found = DecisionCorrection.objects.visible_to(user).select_related(
        "case__person", "case__facility", "case__decision", "proposed_by__posting", "decided_by"
    )
    waiting_first: DecisionCorrectionQuerySet = found.order_by(
        F("decided_at").desc(nulls_first=True), "-proposed_at", "pk"
    )
    return waiting_first


def number_waiting(path: str) -> Subquery:
    """How many corrections of the decision on the case at `path` wait for somebody; None where none does."""
    waiting = DecisionCorrection.objects.waiting().filter(case=OuterRef(path)).order_by()
    return Subquery(waiting.values("case").annotate(count=Count("pk")).values("count"))


def key_waiting(path: str) -> Subquery:
    """The one on the decision of the case at `path` that waits for somebody, as its key."""
    waiting = DecisionCorrection.objects.waiting().filter(case=OuterRef(path))
    return Subquery(waiting.values("pk")[:1])


def waiting_of(case: Case) -> DecisionCorrection | None:
    """The one on this person's decision that waits for somebody."""
    return DecisionCorrection.objects.waiting().filter(case=case).first()


def paper_of(decision: Decision | DecisionCorrection) -> Paper:
    """What a decision says, as it stands or as it is to stand."""
    return Paper(**{name: getattr(decision, name) for name in LABELS})


def correction_of(one: DecisionCorrection) -> Correction:
    """What was proposed, as the rules judge it."""
    letter = None
    if one.letter is not None:
        assert one.written_on is not None  # a constraint of the table
        assert one.received_on is not None
        letter = Letter(number=one.letter, written_on=one.written_on, received_on=one.received_on)
    return Correction(
        cause=CorrectionCause(one.cause), becomes=paper_of(one), reason=one.reason, letter=letter
    )


@dataclass(frozen=True)
class Line:
    """A fact of the decision, as it was and as it is to be."""

    label: str
    was: str
    becomes: str

    @property
    def changes(self) -> bool:
        return self.was != self.becomes


@dataclass(frozen=True)
class Facts:
    """What the page of a correction says beyond its row: both sides, and the last days there would be."""

    lines: tuple[Line, ...]
    late: bool
    was: Ends
    ends: Ends | None  # as they would be; None: it would be refused, or nothing waits
    steps: tuple[Step, ...]


def facts_of(one: DecisionCorrection, *, on: date) -> Facts:
    """`one` with its case and the decision carried out."""
    case, was = one.case, one.was or {}
    ends, steps = _foretold(one, on=on)
    return Facts(
        lines=tuple(
            Line(label, was.get(name) or UNSAID, str(getattr(one, name) or UNSAID))
            for name, label in LABELS.items()
        ),
        late=is_late(one, on=on),
        was=Ends(case.ends_on, case.alarm_on),
        ends=ends,
        steps=steps,
    )


def _foretold(one: DecisionCorrection, *, on: date) -> tuple[Ends | None, tuple[Step, ...]]:
    if one.status != ProposalStatus.PROPOSED:
        return None, ()
    try:
        facts = facts_after(one.case, correction_of(one), on=on)
        return ends_of(facts), explain(facts).steps
    except Refused:
        return None, ()


def facts_after(case: Case, one: Correction, *, on: date) -> TermFacts:
    """The facts of the term once the decision says this."""
    says = one.becomes
    explained = one.cause == CorrectionCause.UPHELD or ends_on_anniversary(
        says.decided_on, says.printed_ends_on, case.facility_id, case.pk
    )
    return replace(
        term_facts(case, on=on),
        decided_on=says.decided_on,
        on=max(on, says.decided_on),
        printed_ends_on=says.printed_ends_on,
        ends_on_anniversary=explained,
    )


def is_late(one: DecisionCorrection, *, on: date) -> bool:
    """Whether it would silence an alarm that rings, so that the bureau is asked."""
    if on <= one.case.alarm_on:
        return False
    ends, _ = _foretold(one, on=on)
    return ends is not None and ends.alarm_on > one.case.alarm_on


def open_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Why nothing can be proposed of the decision on this case now, whatever it says."""
    if found := ended_obstacles(case):
        return found
    if waiting_of(case) is not None:
        return (Obstacle("此人的决定书更正已登记一件，尚待确认，请等待办结"),)
    return ()


def proposal_obstacles(case: Case, one: Correction, *, on: date) -> tuple[Obstacle, ...]:
    """Why this may not be proposed; `case` with its decision, locked."""
    return open_obstacles(case) or _wrong(case, one, on=on)


def _wrong(case: Case, one: Correction, *, on: date) -> tuple[Obstacle, ...]:
    """What its papers, the law or another record have against it."""
    found = rules.correction_obstacles(
        one,
        paper_of(case.decision),
        entered_on=day_of(case.entered_at),
        one_day_late=_is_one_day_late(case),
        on=on,
    )
    try:
        explain(facts_after(case, one, on=on))
    except Refused as refused:
        return tuple(dict.fromkeys((*found, *refused.obstacles)))
    return found


def _is_one_day_late(case: Case) -> bool:
    """Whether the printed end is the anniversary, and nobody has explained that day yet."""
    decided_on, printed = case.decision.decided_on, case.decision.printed_ends_on
    is_anniversary = printed == two_years_end(decided_on) + ONE_DAY
    return is_anniversary and not ends_on_anniversary(
        decided_on, printed, case.facility_id, case.pk
    )


def step_obstacles(one: DecisionCorrection, *, by: User, act: str) -> tuple[Obstacle, ...]:
    """Why this officer may not decide it: it was decided, or it is his own."""
    if (ProposalStatus(one.status), ProposalStatus.CONFIRMED) not in PROPOSAL_EDGES:
        return (Obstacle(f"此件{one.get_status_display()}，不能再{act}，请刷新页面查看"),)
    if one.proposed_by_id == by.pk:
        return (Obstacle(f"提请人不得自己{act}，请由另一人办理"),)
    return ()


def confirmation_obstacles(one: DecisionCorrection, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why it may not be confirmed; `one` with its case and the decision as they stand."""
    case = one.case
    if found := step_obstacles(one, by=by, act="确认") or ended_obstacles(case):
        return found
    return (
        *rules.confirmer_obstacles(
            late=is_late(one, on=on),
            alarm_on=case.alarm_on,
            may_confirm=by.may(Permission.TERM_CONFIRM),
            may_review=by.may(Permission.TERM_REVIEW),
        ),
        *_wrong(case, correction_of(one), on=on),
    )

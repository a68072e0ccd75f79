"""期限决定: what was served and recorded, what it would move, and why somebody may not record or decide it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Count, F, OuterRef, Subquery

from rehab import statutes
from rehab.clocks import DECISION
from rehab.ledgers import deadlines
from rehab.models import Absence, Case, TermDecision, User
from rehab.models.term_decisions import TermDecisionQuerySet
from rehab.permissions import Permission
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules import term_decisions as rules
from rehab.rules.decisions import decision_key
from rehab.rules.explaining import explain
from rehab.rules.term import Step
from rehab.rules.term_decisions import Paper
from rehab.rules.term_facts import Bar, EarlyRelease, TermFacts
from rehab.sealed import keyed_index
from rehab.selectors.escapes import ended_obstacles
from rehab.selectors.term import Ends, ends_of, says, term_facts
from rehab.states import (
    PROPOSAL_EDGES,
    PROPOSAL_STANDS,
    AbsenceKind,
    CaseStatus,
    ProposalStatus,
)

NUMBER = "term_decision.number"


def index_of(number: str) -> str:
    """By what the number of a decision is found again."""
    return keyed_index(decision_key(number), purpose=NUMBER)


def decisions(user: User) -> TermDecisionQuerySet:
    """Those the user sees; what waits for somebody first, then the newest."""
    found = TermDecision.objects.visible_to(user).select_related(
        "case__person", "case__facility", "case__decision", "proposed_by__posting", "decided_by",
        "undo_proposed_by", "undone_by",
    )  # fmt: skip
    waiting_first: TermDecisionQuerySet = found.order_by(
        F("decided_at").desc(nulls_first=True), "-proposed_at", "pk"
    )
    return waiting_first


def waiting_of(case: Case) -> list[TermDecision]:
    """Those on the term of one person that wait for somebody, in the order in which they were served."""
    return list(TermDecision.objects.waiting().filter(case=case).order_by("served_on", "pk"))


def number_waiting(path: str) -> Subquery:
    """How many decisions on the term of the case at `path` wait for somebody; None where none does."""
    waiting = TermDecision.objects.waiting().filter(case=OuterRef(path)).order_by().values("case")
    return Subquery(waiting.annotate(count=Count("pk")).values("count"))


def number_overrun(path: str, *, on: date) -> Subquery:
    """How many early releases of the case at `path` name a day that has come, and nobody confirmed them."""
    due = (
        TermDecision.objects.proposed()
        .filter(case=OuterRef(path), ends_on__lte=on)
        .order_by()
        .values("case")
    )
    return Subquery(due.annotate(count=Count("pk")).values("count"))


@dataclass(frozen=True)
class Facts:
    """What the page of a decision says beyond its row: how it was served, and the last day there would be."""

    words: str
    served_by: str
    unsigned_why: str
    told: str
    proof: str
    proof_paper: str
    late: bool
    was: date
    ends: Ends | None  # as they would be; None: it would be refused, or nothing waits
    steps: tuple[Step, ...]
    warnings: tuple[Caution, ...]

    @property
    def would_be(self) -> date | None:
        return self.ends.ends_on if self.ends else None


def facts_of(decision: TermDecision, *, on: date) -> Facts:
    """`decision` with its case and the decision carried out."""
    case, what = decision.case, says(decision)
    kept: Mapping[str, str] = decision.service or {}
    ends, steps, warnings = _foretold(decision, on=on)
    return Facts(
        words=rules.said(what),
        served_by=kept.get("served_by", ""),
        unsigned_why=kept.get("unsigned_why", ""),
        told=kept.get("told", ""),
        proof=kept.get("proof", ""),
        proof_paper=kept.get("proof_paper", ""),
        late=is_late(decision, on=on),
        was=case.ends_on,
        ends=ends,
        steps=steps,
        warnings=warnings,
    )


def _foretold(
    decision: TermDecision, *, on: date
) -> tuple[Ends | None, tuple[Step, ...], tuple[Caution, ...]]:
    if not decision.waits:
        return None, (), ()
    try:
        facts = facts_after(decision, on=on)
        ends, found = ends_of(facts), explain(facts)
    except Refused:
        return None, (), ()
    return ends, found.steps, found.warnings


def facts_after(decision: TermDecision, *, on: date) -> TermFacts:
    """The facts of the term once this is confirmed, or taken back."""
    facts, what = term_facts(decision.case, on=on), says(decision)
    if decision.status == ProposalStatus.PROPOSED:
        return replace(facts, decisions=(*facts.decisions, what))
    return replace(facts, decisions=tuple(one for one in facts.decisions if one != what))


def is_late(decision: TermDecision, *, on: date) -> bool:
    """Whether to confirm it would lengthen a term whose last day has passed, so that the bureau is asked."""
    case = decision.case
    if decision.status == ProposalStatus.PROPOSED:
        return rules.is_late(says(decision), ends_on=case.alarm_on, on=on)
    return isinstance(says(decision), EarlyRelease) and on > case.alarm_on


@dataclass(frozen=True)
class Moved:
    """An open deadline that the decision moves."""

    label: str
    before: datetime | None
    after: datetime | None


def foreseen(case: Case, ends: Ends) -> list[Moved]:
    """Which open deadlines other last days would move, but that to confirm it: it is tried, and taken back."""

    def move() -> None:
        Case.objects.filter(pk=case.pk).update(ends_on=ends.ends_on, alarm_on=ends.alarm_on)

    known = deadlines.clocks()
    return [
        Moved(known[one.clock].label, one.before, one.after)
        for one in deadlines.foreseen([case], move)
        if one.clock != DECISION
    ]


def open_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Why no decision on the term of this case can be recorded now, whatever it says."""
    if found := ended_obstacles(case):
        return found
    if case.status == CaseStatus.ESCAPED:
        message = "此人脱逃在外，决定书不能送达本人，追回以后再送达、登记"
        return (Obstacle(message, statutes.ESCAPE),)
    return ()


def proposal_obstacles(case: Case, paper: Paper, *, on: date) -> tuple[Obstacle, ...]:
    """Why this paper may not be recorded."""
    if found := open_obstacles(case):
        return found
    facts = term_facts(case, on=on)
    barred = frozenset({Bar.COMMUNITY_REFUSAL}) if paper.community_refusal else frozenset()
    facts = replace(facts, decisions=(*facts.decisions, paper.says), barred=barred)
    found = (
        *rules.paper_obstacles(paper, ends_on=case.alarm_on, on=on),
        *_refused(case, facts, early=isinstance(paper.says, EarlyRelease)),
    )
    if known(paper.number):
        found = (*found, Obstacle("“决定书文号”已经登记过，请核对文号，不要重复登记"))
    return found


def known(number: str) -> bool:
    """Whether a decision of this number is recorded within reach and was not given or taken back."""
    rows = TermDecision.objects.filter(number_index=index_of(number), undone_at__isnull=True)
    return rows.filter(status__in=PROPOSAL_STANDS).exists()


def _refused(case: Case, facts: TermFacts, *, early: bool) -> tuple[Obstacle, ...]:
    """What the law or another record has against the term that these facts would give."""
    ran = Obstacle("曾脱逃的人员不得提前解除", statutes.ESCAPE)
    escaped = Absence.objects.standing().filter(case=case, kind=AbsenceKind.ESCAPE)
    bar = (ran,) if early and escaped.exists() else ()
    try:
        explain(facts)
    except Refused as refused:
        return tuple(dict.fromkeys((*bar, *refused.obstacles)))
    return bar


def step_obstacles(decision: TermDecision, *, by: User, act: str) -> tuple[Obstacle, ...]:
    """Why this officer may not decide what waits of it: nothing does, or he proposed it himself."""
    if decision.undo_waits:
        proposer = decision.undo_proposed_by_id
    elif (ProposalStatus(decision.status), ProposalStatus.CONFIRMED) in PROPOSAL_EDGES:
        proposer = decision.proposed_by_id
    else:
        stands = "登记已撤销" if decision.is_undone else decision.get_status_display()
        return (Obstacle(f"此件{stands}，不能再{act}，请刷新页面查看"),)
    if proposer == by.pk:
        return (Obstacle(f"提请人不得自己{act}，请由另一人办理"),)
    return ()


def withdrawal_obstacles(decision: TermDecision, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not take it back: nothing waits, it is another's, or it would keep somebody.

    A release that was served is silenced by no single officer: a leader gives it back.
    """
    if decision.undo_waits:
        proposer = decision.undo_proposed_by_id
    elif (ProposalStatus(decision.status), ProposalStatus.WITHDRAWN) in PROPOSAL_EDGES:
        proposer = decision.proposed_by_id
    else:
        stands = "登记已撤销" if decision.is_undone else decision.get_status_display()
        return (Obstacle(f"此件{stands}，不能再撤回，请刷新页面查看"),)
    if proposer != by.pk:
        return (Obstacle("只有提请人可以撤回；有误的请所领导退回"),)
    if not decision.undo_waits and decision.ends_on is not None:
        message = "提前解除决定已登记送达，不得由一人撤回；登记有误的，请所领导退回"
        return (Obstacle(message, statutes.EARLY_RELEASE),)
    return ()


def confirmation_obstacles(decision: TermDecision, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why it may not be confirmed; `decision` with its case as they stand."""
    case = decision.case
    if found := step_obstacles(decision, by=by, act="确认") or ended_obstacles(case):
        return found
    early = decision.status == ProposalStatus.PROPOSED and decision.ends_on is not None
    return (
        *rules.confirmer_obstacles(
            late=is_late(decision, on=on),
            ends_on=case.alarm_on,
            may_confirm=by.may(Permission.TERM_CONFIRM),
            may_review=by.may(Permission.TERM_REVIEW),
        ),
        *_refused(case, facts_after(decision, on=on), early=early),
    )


def undo_obstacles(decision: TermDecision) -> tuple[Obstacle, ...]:
    """Why it cannot be proposed that it was recorded wrongly."""
    if decision.is_undone:
        return (Obstacle("此件登记已撤销，无须提请"),)
    if decision.undo_waits:
        return (Obstacle("撤销登记已提请，尚待确认，请等待办结"),)
    if decision.status != ProposalStatus.CONFIRMED:
        return (Obstacle(f"此件{decision.get_status_display()}，没有改变期满日，无须撤销"),)
    return ended_obstacles(decision.case)

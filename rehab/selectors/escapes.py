"""脱逃事项: what is proposed of an escape that is over, and why somebody may not propose or decide it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, QuerySet, Subquery

from rehab.models import Absence, Case, EscapeProposal, Event, User
from rehab.models.escapes import EscapeProposalQuerySet
from rehab.refusal import Obstacle
from rehab.rules import escapes as rules
from rehab.rules.days import day_of
from rehab.rules.escapes import Proof
from rehab.states import PROPOSAL_EDGES, AbsenceKind, EscapeQuestion, ProposalStatus


def proposals(user: User) -> EscapeProposalQuerySet:
    """Those the user sees; what waits for a leader first, then the newest."""
    found = EscapeProposal.objects.visible_to(user).select_related(
        "case__person", "case__facility", "absence__received_by", "absence__recorded_by",
        "proposed_by", "decided_by",
    )  # fmt: skip
    waiting_first: EscapeProposalQuerySet = found.order_by(
        F("decided_at").desc(nulls_first=True), "-proposed_at", "pk"
    )
    return waiting_first


def number_waiting(path: str) -> Subquery:
    """How many proposals about the escapes of the case at `path` wait for a leader; None where none does."""
    waiting = EscapeProposal.objects.waiting().filter(case=OuterRef(path)).order_by().values("case")
    return Subquery(waiting.annotate(count=Count("pk")).values("count"))


def escapes(user: User) -> QuerySet[Absence]:
    """脱逃 of those the user sees, taken back or not."""
    seen = Absence.objects.visible_to(user).filter(kind=AbsenceKind.ESCAPE)
    return seen.select_related("case__person", "case__facility", "recorded_by", "received_by")


@dataclass(frozen=True)
class Facts:
    """What the page of a proposal says: both ends of the escape, the grounds, and the last day there would be."""

    told_at: datetime | None
    told: str
    why_escape: str  # of who was out with approval
    brought_by: str
    recaptured_at: datetime | None
    receipt: str
    why: str
    ends_on: date  # as it stands
    would_be: date  # once it is confirmed


def facts_of(proposal: EscapeProposal) -> Facts:
    """`proposal` with its case and absence."""
    case, absence, grounds = proposal.case, proposal.absence, _words(proposal.grounds)
    leaving, coming = _words(absence.leaving), _words(absence.coming)
    days = proposal.days or -absence.uncounted_days
    waits = proposal.status == ProposalStatus.PROPOSED
    return Facts(
        told_at=_moment(leaving.get("told_at")),
        told=leaving.get("where", ""),
        why_escape=leaving.get("facts", ""),
        brought_by=coming.get("brought_by", ""),
        recaptured_at=_moment(grounds.get("recaptured_at")),
        receipt=grounds.get("receipt", ""),
        why=grounds.get("why", ""),
        ends_on=case.ends_on,
        would_be=case.ends_on + timedelta(days=days) if waits else case.ends_on,
    )


def _words(sealed: Any) -> Mapping[str, str]:
    return sealed or {}


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


def proposal_obstacles(absence: Absence) -> tuple[Obstacle, ...]:
    """Why nothing can be proposed of this escape now."""
    if absence.reversed_at is not None:
        return (Obstacle("此次脱逃登记已撤销，无须提请"),)
    if absence.returned_at is None:
        return (
            Obstacle("此人仍登记为脱逃，请先办理回所登记；未曾离所的，送回人写“未离所，系误登记”"),
        )
    if EscapeProposal.objects.open().filter(absence=absence).exists():
        return (Obstacle("此次脱逃的事项已提请，尚待所领导确认，请等待办结"),)
    return ()


def uncounted_obstacles(case: Case, absence: Absence) -> tuple[Obstacle, ...]:
    """Why it cannot be proposed that days are not counted, whatever the proof."""
    if found := proposal_obstacles(absence):
        return found
    if absence.uncounted_days:
        return (Obstacle(f"此次脱逃 {absence.uncounted_days} 日不计入期限已经确认，不再提请"),)
    return ended_obstacles(case)


def proved_obstacles(
    case: Case, absence: Absence, proof: Proof, *, on: date
) -> tuple[Obstacle, ...]:
    """Why not on this proof: it lacks something, proves no whole day, or comes too late."""
    assert absence.returned_at is not None
    found = rules.proof_obstacles(
        proof, left_at=absence.left_at, returned_at=absence.returned_at
    ) + _too_late(case, absence, on=on)
    if found or rules.uncounted_days(proof, left_at=absence.left_at):
        return found
    return (Obstacle("脱逃当日、追回当日都计入期限，没有可以不计入的整日，无须提请"),)


def ended_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Whose case has ended has no term that could move."""
    if case.ended_at is None:
        return ()
    day, how = day_of(case.ended_at), case.get_status_display()
    return (Obstacle(f"此人已于 {day} {how}，期限不再变动"),)


def step_obstacles(
    proposal: EscapeProposal, to: ProposalStatus, *, by: User, act: str
) -> tuple[Obstacle, ...]:
    """Why this officer may not decide: it was decided, or it is his own."""
    if (ProposalStatus(proposal.status), to) not in PROPOSAL_EDGES:
        return (Obstacle(f"此件{proposal.get_status_display()}，不能再{act}，请刷新页面查看"),)
    if proposal.proposed_by_id == by.pk:
        return (Obstacle(f"提请人不得自己{act}，请由另一名所领导办理"),)
    return ()


def withdrawal_obstacles(proposal: EscapeProposal, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not take it back: it was decided, or another proposed it."""
    if (ProposalStatus(proposal.status), ProposalStatus.WITHDRAWN) not in PROPOSAL_EDGES:
        return (Obstacle(f"此件{proposal.get_status_display()}，不能再撤回，请刷新页面查看"),)
    if proposal.proposed_by_id != by.pk:
        return (Obstacle("只有提请人可以撤回；有误的请所领导退回"),)
    return ()


def confirmation_obstacles(proposal: EscapeProposal, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why it may not be confirmed; `proposal` with its case and absence as they stand."""
    case, absence = proposal.case, proposal.absence
    found = step_obstacles(proposal, ProposalStatus.CONFIRMED, by=by, act="确认")
    if found:
        return found
    if absence.received_by_id == by.pk:
        return (Obstacle("办理回所的民警不得确认，请由另一名所领导办理"),)
    if proposal.question == EscapeQuestion.REVERSAL:
        return ()
    return ended_obstacles(case) or _too_late(case, absence, on=on)


def _too_late(case: Case, absence: Absence, *, on: date) -> tuple[Obstacle, ...]:
    assert absence.returned_at is not None
    own = Event.objects.filter(case=case, kind=Event.Kind.ESCAPED, facts__absence=str(absence.pk))
    written = own.values_list("recorded_at", flat=True).first() or absence.left_at
    return rules.extension_obstacles(
        ends_on=case.ends_on,
        alarm_on=case.alarm_on,
        recorded_on=day_of(written),
        returned_on=day_of(absence.returned_at),
        on=on,
    )

"""Reads of a revoked decision: what is recorded of it, and what speaks against an act."""

from datetime import datetime

from aftercare.models import Revocation
from aftercare.rules import endings
from rehab import statutes
from rehab.models import Case, User
from rehab.permissions import Permission
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import day_of
from rehab.states import EDGES, PROPOSAL_EDGES, CaseStatus, ProposalStatus

NO_RECORD = Obstacle("此人没有决定撤销登记", statutes.REMEDIES)


def revocation_of(case: Case) -> Revocation | None:
    """The record that stands; one that was taken back stands no more."""
    found = Revocation.objects.standing().filter(case=case)
    return found.select_related("recorded_by__posting", "decided_by").first()


def revocation_status_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Why no decision is revoked of somebody in this status; his case is over."""
    at = CaseStatus(case.status)
    if (at, CaseStatus.REVOKED) in EDGES:
        return ()
    return (Obstacle(f"此人现为“{at.label}”，不能办理决定撤销", statutes.REMEDIES),)


def revocation_record_obstacles(case: Case, revocation: Revocation | None) -> tuple[Obstacle, ...]:
    """Why no revocation is recorded now: his case is over, or it is recorded."""
    if found := revocation_status_obstacles(case):
        return found
    if revocation is not None:
        return (Obstacle("决定撤销已登记，请立即办理离所", statutes.REMEDIES),)
    return ()


def revocation_obstacles(
    case: Case, revocation: Revocation | None, facts: endings.RevocationFacts, *, at: datetime
) -> tuple[Obstacle, ...]:
    """Gather the facts, ask the rule; `case` with its decision."""
    return (
        *revocation_record_obstacles(case, revocation),
        *endings.revocation_obstacles(facts, decided_on=case.decision.decided_on, at=at),
    )


def revoked_departure_obstacles(case: Case, revocation: Revocation | None) -> tuple[Obstacle, ...]:
    """Why nobody leaves on it: nothing is recorded, or his case is over. Nothing else keeps him."""
    if found := _step_obstacles(revocation, ProposalStatus.CONFIRMED, "办理离所"):
        return found
    return revocation_status_obstacles(case)


def departure_cautions(
    revocation: Revocation | None, *, by: User, at: datetime
) -> tuple[Caution, ...]:
    """What who lets him go must answer; `by` is the second of two, where he leads and did not record it."""
    if revocation is None:
        return ()
    leads = by.may(Permission.ENDING_CONFIRM) and revocation.recorded_by_id != by.pk
    received_on = day_of(revocation.received_at)
    return endings.departure_cautions(leader=leads, received_on=received_on, on=day_of(at))


def revocation_withdrawal_obstacles(
    revocation: Revocation | None, *, by: User
) -> tuple[Obstacle, ...]:
    """Why this leader may not take it back: nothing is recorded, he left on it, or it is his own record."""
    if found := _step_obstacles(revocation, ProposalStatus.WITHDRAWN, "撤回"):
        return found
    assert revocation is not None
    if revocation.recorded_by_id == by.pk:
        return (Obstacle("本人登记的决定撤销须由另一名所领导撤回", statutes.REMEDIES),)
    return ()


def _step_obstacles(
    revocation: Revocation | None, to: ProposalStatus, act: str
) -> tuple[Obstacle, ...]:
    if revocation is None:
        return (NO_RECORD,)
    at = ProposalStatus(revocation.status)
    if (at, to) in PROPOSAL_EDGES:
        return ()
    return (Obstacle(f"此人已按决定撤销离所，不能再{act}", statutes.REMEDIES),)

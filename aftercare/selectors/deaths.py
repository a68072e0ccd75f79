"""Reads of a death: what is recorded of it, who is still to be told, and what speaks against an act."""

from datetime import datetime

from django.db.models import Prefetch

from aftercare.models import Death, DeathNotice
from aftercare.rules import endings
from rehab import statutes
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.states import EDGES, PROPOSAL_EDGES, CaseStatus, ProposalStatus

NO_RECORD = Obstacle("此人没有死亡登记", statutes.DEATH)


def death_of(case: Case) -> Death | None:
    """The record that stands, with its letters; one that was taken back stands no more."""
    letters = (
        DeathNotice.objects.select_related("document", "told_by")
        .defer("document__body", "document__facts")
        .order_by("document__number")
    )
    return (
        Death.objects.standing()
        .filter(case=case)
        .select_related("recorded_by__posting", "decided_by")
        .prefetch_related(Prefetch("notices", queryset=letters))
        .first()
    )


def death_status_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """Why nobody in this status dies; his case is over."""
    at = CaseStatus(case.status)
    if (at, CaseStatus.DIED) in EDGES:
        return ()
    return (Obstacle(f"此人现为“{at.label}”，不能办理死亡登记", statutes.DEATH),)


def death_record_obstacles(case: Case, death: Death | None) -> tuple[Obstacle, ...]:
    """Why no death is recorded now: his case is over, or it is recorded."""
    if found := death_status_obstacles(case):
        return found
    if death is not None:
        return (Obstacle("此人已有死亡登记；登记有误的，先撤回再登记", statutes.DEATH),)
    return ()


def death_obstacles(
    case: Case, death: Death | None, facts: endings.DeathFacts, *, at: datetime
) -> tuple[Obstacle, ...]:
    """Gather the facts, ask the rule."""
    return (
        *death_record_obstacles(case, death),
        *endings.death_obstacles(facts, entered_at=case.entered_at, at=at),
    )


def death_confirmation_obstacles(
    case: Case, death: Death | None, *, by: User
) -> tuple[Obstacle, ...]:
    """Why this leader may not confirm it: nothing waits, or he recorded it himself."""
    if found := _step_obstacles(death, ProposalStatus.CONFIRMED, "确认"):
        return found
    assert death is not None
    if found := death_status_obstacles(case):
        return found
    if death.recorded_by_id == by.pk:
        return (Obstacle("本人登记的死亡须由另一名所领导确认", statutes.DEATH),)
    return ()


def death_withdrawal_obstacles(death: Death | None) -> tuple[Obstacle, ...]:
    """Why a record is not taken back: there is none, or a leader has confirmed it."""
    return _step_obstacles(death, ProposalStatus.WITHDRAWN, "撤回")


def _step_obstacles(death: Death | None, to: ProposalStatus, act: str) -> tuple[Obstacle, ...]:
    if death is None:
        return (NO_RECORD,)
    at = ProposalStatus(death.status)
    if (at, to) in PROPOSAL_EDGES:
        return ()
    return (Obstacle(f"死亡登记{at.label}，不能再{act}", statutes.DEATH),)


def telling_obstacles(death: Death | None) -> tuple[Obstacle, ...]:
    """Why nothing is written down of who was told: there is no death, or everybody knows."""
    if death is None:
        return (NO_RECORD,)
    if not untold(death):
        return (Obstacle("各告知对象都已告知", statutes.DEATH),)
    return ()


def untold(death: Death) -> list[DeathNotice]:
    """Who is still to be told."""
    return [one for one in death.notices.all() if one.told_at is None]

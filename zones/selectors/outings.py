"""Reads of 外出探视: where it stands, and what speaks against an act."""

from datetime import date

from rehab import statutes
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.states import CaseStatus
from zones.models import Outing
from zones.rules.outings import OutingRequest, going_obstacles
from zones.states import OUTING_EDGES, OUTING_OPEN, OutingStatus

NO_OUTING = Obstacle("此人没有提请外出探视", statutes.VISITS)


def outings_of(case: Case) -> list[Outing]:
    """Every one of a case, the newest first."""
    found = Outing.objects.filter(case=case).order_by("-proposed_at", "-pk")
    related = ("proposed_by__posting", "decided_by", "withdrawn_by", "document", "absence")
    return list(found.select_related(*related).defer("document__body", "document__facts"))


def outing_of(case: Case) -> Outing | None:
    """The newest."""
    return next(iter(outings_of(case)), None)


def outing_to_use(case: Case, *, on: date) -> Outing | None:
    """The one with which he may leave on this day."""
    found = Outing.objects.filter(
        case=case, status=OutingStatus.APPROVED, leaves_on__lte=on, returns_on__gte=on
    )
    return found.select_related("document").defer("document__body", "document__facts").first()


def request_of(outing: Outing) -> OutingRequest:
    """What was asked for, as the rule reads it."""
    return OutingRequest(
        ground=outing.ground,
        kin=outing.kin,
        whom=outing.whom,
        place=outing.place,
        leaves_on=outing.leaves_on,
        returns_on=outing.returns_on,
        proof_by=outing.proof_by,
        papers=outing.papers or "",
        escorts=outing.escorts or "",
    )


def outing_proposal_obstacles(case: Case, outing: Outing | None) -> tuple[Obstacle, ...]:
    """Why none is proposed now: he is not here, or one is on its way."""
    if found := _status_obstacles(case):
        return found
    if outing is not None and outing.status in OUTING_OPEN:
        at = OutingStatus(outing.status).label
        return (Obstacle(f"已有一次外出探视{at}；不再需要的，请先撤回"),)
    return ()


def outing_answer_obstacles(
    case: Case, outing: Outing | None, *, seen: str, by: User
) -> tuple[Obstacle, ...]:
    """Why this officer may not answer it: he read another, it does not wait for that, or it is his own proposal.

    `seen` is the key of the one that was looked at.
    """
    found = _another(outing, seen) or _of_edge(outing, OutingStatus.APPROVED)
    if found := (*found, *_status_obstacles(case)):
        return found
    assert outing is not None
    if outing.proposed_by_id == by.pk:
        return (Obstacle("本人提请的外出探视须由另一名所领导批准", statutes.VISITS),)
    return ()


def outing_withdrawal_obstacles(outing: Outing | None, *, seen: str) -> tuple[Obstacle, ...]:
    """Why it is not taken back: there is none or another, or he has been out, or it was answered with no."""
    return _another(outing, seen) or _of_edge(outing, OutingStatus.WITHDRAWN)


def outing_departure_obstacles(
    case: Case, outing: Outing | None, *, left_on: date
) -> tuple[Obstacle, ...]:
    """Why nobody leaves with it: it is not approved, by another facility, not for this day, or beyond his last."""
    if found := _of_edge(outing, OutingStatus.GONE):
        return found
    assert outing is not None
    assert outing.document is not None  # a constraint of the table
    if outing.document.facility_id != case.facility_id:
        message = "这次外出探视由转所以前的场所批准，不能凭此外出，请撤回后另行提请"
        return (Obstacle(message, statutes.VISITS),)
    return going_obstacles(
        leaves_on=outing.leaves_on,
        returns_on=outing.returns_on,
        left_on=left_on,
        ends_on=case.ends_on,
    )


def outing_warnings(case: Case, outing: Outing | None) -> tuple[Obstacle, ...]:
    """What is to be seen of an outing since the last day moved: he is expected only after it. It changes nothing."""
    if outing is None or case.ended_at is not None or outing.returns_on <= case.ends_on:
        return ()
    days = f"期满日现为 {case.ends_on}，早于这次外出的回所日期 {outing.returns_on}"
    if outing.status in OUTING_OPEN:
        said = f"{days}，不能凭此外出；仍要外出的，请撤回后另行提请"
    elif outing.absence is not None and outing.absence.returned_at is None:
        said = f"{days}，{case.ends_on} 当日在外办理解除，请告知本人和陪同民警"
    else:
        return ()
    return (Obstacle(said, statutes.RELEASE_ON_EXPIRY),)


def _status_obstacles(case: Case) -> tuple[Obstacle, ...]:
    if case.status == CaseStatus.IN_FACILITY:
        return ()
    message = f"此人现为“{case.get_status_display()}”，不能办理外出探视"
    return (Obstacle(message, statutes.VISITS),)


def _another(outing: Outing | None, seen: str) -> tuple[Obstacle, ...]:
    """What is answered is what was read: since then another may have been asked for."""
    if outing is None or str(outing.pk) == seen:
        return ()
    return (Obstacle("这件外出探视已有变化，请重新打开本页核对"),)


def _of_edge(outing: Outing | None, to: OutingStatus) -> tuple[Obstacle, ...]:
    if outing is None:
        return (NO_OUTING,)
    at = OutingStatus(outing.status)
    if (at, to) in OUTING_EDGES:
        return ()
    return (Obstacle(f"外出探视现为“{at.label}”，不能改为“{to.label}”", statutes.VISITS),)

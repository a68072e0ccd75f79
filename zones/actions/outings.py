"""外出探视: proposed by his officer, approved by a leader, used once. 禁毒法第四十六条."""

from datetime import datetime

from django.db import transaction

from rehab import clock, statutes
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, notices, outbox
from rehab.ledgers.notices import post_for
from rehab.models import Absence, Case, Document, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.rules.absences import Departure
from zones import selectors
from zones.models import Outing
from zones.rules.outings import OutingRequest, request_obstacles
from zones.states import OutingStatus

K, S = Event.Kind, OutingStatus
LEADER, GATE, OFFICER = "facility_leader", "intake_officer", "zone_officer"
MOVED = "转所移交，外出探视终止；仍需外出的由接收场所另行提请"


@transaction.atomic
def propose_outing(*, case: Case, request: OutingRequest, by: User, at: datetime) -> Outing:
    """提请外出探视."""
    case = cases.lock(case)

    found = selectors.outing_proposal_obstacles(case, selectors.outing_of(case))
    Refused.if_any((*found, *request_obstacles(request, ends_on=case.ends_on, on=clock.day_of(at))))

    outing = Outing.objects.create(
        case=case,
        status=S.PROPOSED,
        ground=request.ground,
        kin=request.kin,
        whom=request.whom.strip(),
        place=request.place.strip(),
        proof_by=request.proof_by,
        papers=request.papers.strip() or None,
        escorts=request.escorts.strip() or None,
        leaves_on=request.leaves_on,
        returns_on=request.returns_on,
        proposed_by=by,
        proposed_at=at,
    )

    events.record(case, K.OUTING_PROPOSED, by=by, at=at, outing=str(outing.pk))
    deadlines.refresh([case])

    _tell(outing, K.OUTING_PROPOSED, LEADER)
    outbox.poke()
    return outing


@transaction.atomic
def approve_outing(*, case: Case, seen: str, by: User, at: datetime) -> Outing:
    """批准外出探视, by another than who proposed it: the certificate is numbered. `seen` is the key of what he read."""
    case = cases.lock(case)
    outing = selectors.outing_of(case)

    Refused.if_any(selectors.outing_answer_obstacles(case, outing, seen=seen, by=by))
    assert outing is not None
    asked = selectors.request_of(outing)
    Refused.if_any(request_obstacles(asked, ends_on=case.ends_on, on=clock.day_of(at)))

    outing.case = case
    outing.status, outing.decided_by, outing.decided_at = S.APPROVED, by, at
    outing.document = _paper(outing, by=by, at=at)
    outing.save()

    events.record(case, K.OUTING_APPROVED, by=by, at=at, outing=str(outing.pk))
    deadlines.refresh([case])

    _tell(outing, K.OUTING_APPROVED, OFFICER, GATE)
    outbox.poke()
    return outing


def _paper(outing: Outing, *, by: User, at: datetime) -> Document:
    case = outing.case
    proof = (
        f"{outing.get_proof_by_display()}：{outing.papers}" if outing.papers else "奖励，无须证明"
    )
    facts = {
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "case_number": case.number,
        "ground": outing.get_ground_display(),
        "kin": outing.get_kin_display(),
        "whom": outing.whom,
        "place": outing.place,
        "proof": proof,
        "escorts": outing.escorts or "",
        "leaves_on": outing.leaves_on,
        "returns_on": outing.returns_on,
        "days": str(selectors.request_of(outing).days),
        "proposed_by": outing.proposed_by.display_name,
        "proposed_on": clock.day_of(outing.proposed_at),
        "approved_by": by.display_name,
        "basis": [statutes.VISITS],
        "facility": case.facility.name,
        "phone": case.facility.duty_phone or "见所外公示",
    }
    return documents.make(case, "outing", "外出探视证明", facts, by=by, at=at)


@transaction.atomic
def return_outing(*, case: Case, seen: str, reason: str, by: User, at: datetime) -> Outing:
    """不批准外出探视, with the reason."""
    case = cases.lock(case)
    outing = selectors.outing_of(case)

    Refused.if_any(selectors.outing_answer_obstacles(case, outing, seen=seen, by=by))
    assert outing is not None
    Refused.if_any(_said(reason))

    outing.status, outing.decided_by, outing.decided_at = S.RETURNED, by, at
    outing.reason = reason.strip()
    outing.save()

    words = {"why": reason.strip()}
    events.record(case, K.OUTING_RETURNED, by=by, at=at, words=words, outing=str(outing.pk))
    deadlines.refresh([case])

    _tell(outing, K.OUTING_RETURNED, OFFICER)
    outbox.poke()
    return outing


@transaction.atomic
def withdraw_outing(*, case: Case, seen: str, reason: str, by: User, at: datetime) -> Outing:
    """撤回外出探视 that was not used: it is not needed any more, or there is another."""
    case = cases.lock(case)
    outing = selectors.outing_of(case)

    Refused.if_any(selectors.outing_withdrawal_obstacles(outing, seen=seen))
    assert outing is not None
    Refused.if_any(_said(reason))

    _withdraw(outing, reason, by=by, at=at)
    deadlines.refresh([case])

    _tell(outing, K.OUTING_WITHDRAWN, LEADER, GATE)
    outbox.poke()
    return outing


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def end_open_outing(*, case: Case, by: User, at: datetime) -> Outing | None:
    """Withdraw what was asked for or approved of somebody who goes to another facility; None where there is none.

    Part of the handover: the caller holds the case and refreshes its deadlines.
    """
    found: Outing | None = Outing.objects.open().filter(case=case).first()
    if found is None:
        return None
    found.case = case
    _withdraw(found, MOVED, by=by, at=at)
    _tell(found, K.OUTING_WITHDRAWN, OFFICER, LEADER, GATE)
    return found


def _withdraw(outing: Outing, reason: str, *, by: User, at: datetime) -> None:
    outing.status, outing.withdrawn_by, outing.withdrawn_at = S.WITHDRAWN, by, at
    outing.reason = reason.strip()
    outing.save()

    words = {"why": outing.reason}
    events.record(outing.case, K.OUTING_WITHDRAWN, by=by, at=at, words=words, outing=str(outing.pk))


def outing_for(case: Case, departure: Departure) -> Outing:
    """The outing with which somebody leaves for his family. Part of 离所登记; the caller holds the case."""
    outing = selectors.outing_of(case)

    left_on = clock.day_of(departure.left_at)
    Refused.if_any(selectors.outing_departure_obstacles(case, outing, left_on=left_on))

    assert outing is not None
    return outing


def use_outing(outing: Outing, absence: Absence) -> None:
    """It was used. Part of 离所登记, which records and announces."""
    outing.status, outing.absence = S.GONE, absence
    outing.save(update_fields=["status", "absence"])


def _said(reason: str) -> tuple[Obstacle, ...]:
    return () if reason.strip() else (Obstacle("“理由”不能为空，请填写"),)


def _tell(outing: Outing, kind: Event.Kind, *roles: str) -> None:
    for post in filter(None, (post_for(role, outing.case) for role in roles)):
        notices.tell(outing.case, kind, to=post, cycle=str(outing.pk))

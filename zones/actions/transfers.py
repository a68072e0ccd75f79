"""转所: asked for and approved on the sending side, handed over at its gate; and the family told of where he is.

Each act holds the case under a scope as wide as the two facilities: whoever receives does not see the file
before he has signed (`transfer_arrivals`). What did not come about is in `transfer_endings`.
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db import transaction

from rehab import clock
from rehab.actions import cases, placements
from rehab.ledgers import changes, deadlines, documents, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, Document, Event, Facility, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus, Sex, Stage
from zones.actions.endings import end_open_move
from zones.actions.outings import end_open_outing
from zones.actions.transfer_traces import BUREAU, GATE, LEADER, held, tell, write_down
from zones.models import FacilityTransfer
from zones.rules import transfers as rules
from zones.rules.transfers import Handover, Plan
from zones.selectors import transfers as selectors
from zones.states import ToldBy, TransferGround, TransferStatus
from zones.transfer_clocks import ROAD

K, S = Event.Kind, TransferStatus
SHEET = "transfer_handover"


@transaction.atomic
def propose_transfer(
    *,
    case: Case,
    to_facility: Facility,
    ground: str,
    note: str,
    planned_on: date,
    by: User,
    at: datetime,
) -> FacilityTransfer:
    """提请转所."""
    case = cases.lock(case, "facility__province")
    on = clock.day_of(at)

    plan = Plan(
        note=note,
        planned_on=planned_on,
        same_facility=to_facility.pk == case.facility_id,
        needs_note=ground == TransferGround.OTHER,
    )
    Refused.if_any(
        rules.proposal_obstacles(selectors.standing(case))
        or rules.plan_obstacles(plan, ends_on=case.ends_on, on=on)
    )

    assert case.zone is not None  # who is in a facility lies in one
    transfer = FacilityTransfer.objects.create(
        case=case,
        from_facility=case.facility,
        to_facility=to_facility,
        stage=case.zone.stage,
        ground=ground,
        note=note.strip() or None,
        planned_on=planned_on,
        status=S.PROPOSED,
        proposed_by=by,
        proposed_at=at,
    )

    write_down(transfer=transfer, kind=K.TRANSFER_PROPOSED, by=by, at=at, also={"ground": ground})
    deadlines.refresh([case])

    across = selectors.across(transfer)
    tell(transfer, K.TRANSFER_PROPOSED, BUREAU if across else LEADER, case.facility)
    outbox.poke()
    return transfer


@transaction.atomic
def approve_transfer(*, transfer: FacilityTransfer, by: User, at: datetime) -> FacilityTransfer:
    """批准转所, never by who asked for it: from now on the other facility awaits him."""
    with held(transfer) as transfer:
        Refused.if_any(
            (
                *selectors.approval_obstacles(transfer, by=by),
                *_no_longer_here(transfer.case),
            )
        )

        transfer.status, transfer.approved_by, transfer.approved_at = S.APPROVED, by, at
        transfer.save(update_fields=["status", "approved_by", "approved_at"])

        write_down(transfer=transfer, kind=K.TRANSFER_APPROVED, by=by, at=at)
        deadlines.refresh([transfer.case])

        tell(transfer, K.TRANSFER_APPROVED, GATE, transfer.from_facility)
        for role in (GATE, LEADER):
            tell(transfer, K.TRANSFER_APPROVED, role, transfer.to_facility)
        outbox.poke()
    return transfer


def _no_longer_here(case: Case) -> tuple[Obstacle, ...]:
    if case.status == CaseStatus.IN_FACILITY:
        return ()
    return (Obstacle(f"此人现为“{case.get_status_display()}”，不在所内，不能转所"),)


@transaction.atomic
def hand_over(
    *, transfer: FacilityTransfer, handover: Handover, by: User, at: datetime
) -> FacilityTransfer:
    """移交, the sending signature: he leaves bed and roll; a move between zones and an outing under way end."""
    with held(transfer, "decision") as transfer:
        case = transfer.case

        Refused.if_any(
            (
                *selectors.departure_obstacles(transfer, by=by, on=clock.day_of(at)),
                *rules.handover_obstacles(handover),
            )
        )

        end_open_move(case=case, by=by, at=at)
        end_open_outing(case=case, by=by, at=at)
        before = changes.standing([case])
        assert case.zone is not None
        transfer.stage = case.zone.stage
        case.status = CaseStatus.IN_TRANSIT
        case.save(update_fields=["status"])
        placements.vacate(case=case, at=at)
        transfer.status, transfer.departed_by, transfer.departed_at = S.DEPARTED, by, at
        transfer.escorts = handover.escorts.strip()
        for name, count in handover.counts.items():
            setattr(transfer, name, count)
        transfer.document = _sheet(transfer, by=by, at=at)
        transfer.save()

        changed = changes.since(before, [case])[case.pk]
        write_down(
            transfer=transfer,
            kind=K.TRANSFER_DEPARTED,
            by=by,
            at=at,
            also={"changes": changed, "person_told": True},
        )
        deadlines.refresh([case])

        for role in (GATE, LEADER):
            tell(transfer, K.TRANSFER_DEPARTED, role, transfer.to_facility)
        outbox.poke()
    return transfer


def _sheet(transfer: FacilityTransfer, *, by: User, at: datetime) -> Document:
    """转所交接单, numbered by the facility that issues it."""
    case = transfer.case
    facts = {
        "from_facility": transfer.from_facility.name,
        "to_facility": transfer.to_facility.name,
        "ground": transfer.get_ground_display(),
        "name": case.person.name,
        "sex": Sex(case.person.sex).label,
        "birth_on": case.person.birth_date,
        "case_number": case.number,
        "decision_number": case.decision.number,
        "ends_on": case.ends_on,
        "stage": Stage(transfer.stage).zone_label,
        "heed": "；".join(_to_heed(case)),
        "escorts": transfer.escorts,
        "papers": transfer.papers,
        "belongings": transfer.belongings,
        "medicines": transfer.medicines,
        "facility": transfer.from_facility.name,
    }
    return documents.make(case, SHEET, "转所交接单", facts, by=by, at=at)


def _to_heed(case: Case) -> Iterator[str]:
    if case.needs_isolation:
        yield "需隔离"
    if case.precautions:
        yield case.precautions


@transaction.atomic
def tell_family(
    *, transfer: FacilityTransfer, who: str, means: ToldBy, by: User, at: datetime
) -> FacilityTransfer:
    """告知家属 where he is now."""
    with held(transfer) as transfer:
        found = list(selectors.family_obstacles(transfer, by=by))
        if not who.strip():
            found.append(Obstacle("“被告知的家属”不能为空，请填写姓名和关系；联系不上的写明"))
        Refused.if_any(found)

        transfer.family_told_by, transfer.family_told_at = by, at
        transfer.family_means, transfer.family_who = means, who.strip()
        transfer.save()

        write_down(
            transfer=transfer, kind=K.TRANSFER_FAMILY_TOLD, by=by, at=at, also={"means": str(means)}
        )
        deadlines.refresh([transfer.case])

        outbox.poke()
    return transfer


def alarm_receivers(*, facility: Facility, at: datetime) -> None:
    """Every night: the leader learns of whom his facility awaits from the road for too long."""
    awaited = FacilityTransfer.objects.coming_to(facility)
    for transfer in awaited.left_before(at - rules.ROAD_HOURS):
        post = Post(LEADER, facility.pk)
        notices.tell(facility, ROAD, to=post, cycle=str(transfer.pk))

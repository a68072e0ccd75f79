"""转所 at the gate that is reached: received at the other, or taken back at the first."""

from datetime import datetime

from django.db import transaction

from rehab import clock, scope
from rehab.actions import placements, places
from rehab.ledgers import changes, deadlines, outbox
from rehab.ledgers.changes import of_key
from rehab.models import Bed, Event, Room, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus
from zones.actions.transfer_traces import GATE, LEADER, held, tell, write_down
from zones.models import FacilityTransfer
from zones.rules import transfers as rules
from zones.rules.transfers import Reception
from zones.selectors import arrivals
from zones.selectors import transfers as selectors
from zones.states import TransferStatus

K, S = Event.Kind, TransferStatus


@transaction.atomic
def receive_transfer(
    *, transfer: FacilityTransfer, bed: Bed, reception: Reception, by: User, at: datetime
) -> FacilityTransfer:
    """接收, the receiving signature: the file, its clocks and what is open of it are this facility's from now on."""
    with held(transfer) as transfer:
        Refused.if_any(_arrival_obstacles(transfer, S.RECEIVED, bed, reception, by))

        case = transfer.case
        before, entered = changes.standing([case]), case.zone_entered_at
        case.facility, case.status = transfer.to_facility, CaseStatus.IN_FACILITY
        case.save(update_fields=["facility", "status"])
        case.merges.update(facility=transfer.to_facility)
        _arrive(transfer, bed, reception, S.RECEIVED, by=by, at=at)
        case.zone_entered_at = entered  # his days in the stage go on
        case.save(update_fields=["zone_entered_at"])
        with scope.within(
            scope.system("apart")
        ):  # noted further back, it stands in another's books
            for record in arrivals.kept_apart(case, transfer.to_facility):  # locked after the beds
                record.facility = transfer.to_facility
                record.save(update_fields=["facility"])

        moved = of_key("facility", transfer.from_facility_id, transfer.to_facility_id)
        changed = (*moved, *changes.since(before, [case])[case.pk])
        write_down(
            transfer=transfer, kind=K.TRANSFER_RECEIVED, by=by, at=at, also={"changes": changed}
        )
        deadlines.refresh([case])

        for role in (GATE, LEADER):
            tell(transfer, K.TRANSFER_RECEIVED, role, transfer.from_facility)
        outbox.poke()
    return transfer


@transaction.atomic
def take_back(
    *, transfer: FacilityTransfer, bed: Bed, reception: Reception, by: User, at: datetime
) -> FacilityTransfer:
    """接回: sent back by the other side, or turned round on the way; into a bed of the zone that he left."""
    with held(transfer) as transfer:
        Refused.if_any(_arrival_obstacles(transfer, S.TAKEN_BACK, bed, reception, by))

        case = transfer.case
        before, entered = changes.standing([case]), case.zone_entered_at
        case.status = CaseStatus.IN_FACILITY
        case.save(update_fields=["status"])
        _arrive(transfer, bed, reception, S.TAKEN_BACK, by=by, at=at)
        case.zone_entered_at = entered
        case.save(update_fields=["zone_entered_at"])

        changed = changes.since(before, [case])[case.pk]
        write_down(
            transfer=transfer, kind=K.TRANSFER_TAKEN_BACK, by=by, at=at, also={"changes": changed}
        )
        deadlines.refresh([case])

        for role in (GATE, LEADER):
            tell(transfer, K.TRANSFER_TAKEN_BACK, role, transfer.to_facility)
        outbox.poke()
    return transfer


def _arrival_obstacles(
    transfer: FacilityTransfer, to: TransferStatus, bed: Bed, reception: Reception, by: User
) -> tuple[Obstacle, ...]:
    facility = transfer.to_facility if to == S.RECEIVED else transfer.from_facility
    if found := selectors.reception_obstacles(transfer, by=by):
        return found
    if selectors.arrival_status(transfer, by) != to:
        return (Obstacle(f"此人到{facility.short_name}，由{facility.short_name}签收"),)
    handed = {name: getattr(transfer, name) for name in rules.COUNTED}
    return (
        *arrivals.arrival_bed_obstacles(transfer, facility, bed),
        *rules.reception_obstacles(reception, handed=handed),
    )


def _arrive(
    transfer: FacilityTransfer,
    bed: Bed,
    reception: Reception,
    to: TransferStatus,
    *,
    by: User,
    at: datetime,
) -> None:
    placements.place(case=transfer.case, bed=bed, at=at)
    transfer.status, transfer.received_by, transfer.received_at = to, by, at
    transfer.received_counts = reception.counts
    transfer.differences = reception.differences.strip() or None
    transfer.save()


@transaction.atomic
def arrive_at_extra_bed(
    *, transfer: FacilityTransfer, room: Room, reception: Reception, by: User, at: datetime
) -> FacilityTransfer:
    """接收 or 接回 into a zone that is full: a bed is added, so that nobody stays on the road for want of one."""
    with held(transfer) as transfer:
        Refused.if_any(
            selectors.reception_obstacles(transfer, by=by)
            or arrivals.arrival_room_obstacles(transfer, room, by=by, on=clock.day_of(at))
        )

        bed = places.open_extra_bed(room=room, by=by, at=at)
    back = selectors.arrival_status(transfer, by) == S.TAKEN_BACK
    arrive = take_back if back else receive_transfer
    return arrive(transfer=transfer, bed=bed, reception=reception, by=by, at=at)

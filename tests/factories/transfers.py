"""People on their way from one facility to another, carried there by the real acts."""

from datetime import datetime, timedelta
from functools import cached_property

from rehab import scope
from rehab.models import Bed, Case, Facility, Room, User
from rehab.states import Sex, Stage
from tests.factories import rehab as make
from zones import actions
from zones.models import FacilityTransfer
from zones.rules.transfers import Handover, Reception
from zones.states import TransferGround

LATER = timedelta(minutes=1)  # between one signature and the next
HANDED = {"papers": 12, "belongings": 3, "medicines": 2}


class Sides:
    """Two facilities and who signs at each."""

    def __init__(self, sender: Facility, receiver: Facility):
        self.sender, self.receiver = sender, receiver

    @cached_property
    def proposer(self) -> User:
        return self._posted("zone_officer", make.unit(self.sender, Stage.DETOX))

    @cached_property
    def gate(self) -> User:
        return self._posted("intake_officer", self.sender)

    @cached_property
    def leader(self) -> User:
        return self._posted("facility_leader", self.sender)

    @cached_property
    def bureau(self) -> User:
        return self._posted("bureau_approver", self.sender.province)

    @cached_property
    def there(self) -> User:
        return self._posted("intake_officer", self.receiver)

    @cached_property
    def leader_there(self) -> User:
        return self._posted("facility_leader", self.receiver)

    @property
    def across(self) -> bool:
        return self.sender.province_id != self.receiver.province_id

    def posted(self) -> "Sides":
        """With everybody in his post."""
        for name in ("proposer", "gate", "leader", "bureau", "there", "leader_there"):
            getattr(self, name)
        return self

    def _posted(self, role: str, place) -> User:
        with scope.within(make.EVERYTHING):
            return make.officer(role, place)


def handover(**changed) -> Handover:
    """What goes with him."""
    return Handover(**{"escorts": "示例警官", "person_told": True, **HANDED} | changed)


def reception(**changed) -> Reception:
    """Everything came that left."""
    return Reception(**{"differences": "", **HANDED} | changed)


def proposed(case: Case, sides: Sides, *, at: datetime = make.NOON, **changed) -> FacilityTransfer:
    facts = {
        "to_facility": sides.receiver, "ground": TransferGround.NEARNESS, "note": "",
        "planned_on": at.date(), "by": changed.get("by") or sides.proposer,
    }  # fmt: skip
    return actions.propose_transfer(case=case, at=at, **facts | changed)


def approved(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    decider = sides.bureau if sides.across else sides.leader
    return actions.approve_transfer(transfer=proposed(case, sides, at=at), by=decider, at=at)


def departed(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    return actions.hand_over(
        transfer=approved(case, sides, at=at), handover=handover(), by=sides.gate, at=at + LATER
    )


def sent_back(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    gone = departed(case, sides, at=at)
    return actions.return_transfer(
        transfer=gone, reason="示例理由", by=sides.there, at=at + 2 * LATER
    )


def taken_back(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    return actions.take_back(
        transfer=sent_back(case, sides, at=at), bed=bed_at(sides.sender), reception=reception(),
        by=sides.gate, at=at + 3 * LATER,
    )  # fmt: skip


def returned(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    asked = proposed(case, sides, at=at)
    return actions.return_transfer(transfer=asked, reason="示例理由", by=sides.leader, at=at)


def withdrawn(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    asked = proposed(case, sides, at=at)
    return actions.withdraw_transfer(transfer=asked, reason="示例理由", by=sides.gate, at=at)


def withdrawn_late(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    """After the other side had been shown who comes."""
    known = approved(case, sides, at=at)
    return actions.withdraw_transfer(transfer=known, reason="示例理由", by=sides.gate, at=at)


def ended(case: Case, sides: Sides, *, at: datetime = make.NOON) -> FacilityTransfer:
    """He went on medical leave before anybody had approved."""
    asked = proposed(case, sides, at=at)
    actions.grant_leave(case=case, approval="示批 1 号", by=sides.leader, at=at)
    return FacilityTransfer.objects.select_related("case").get(pk=asked.pk)


def received(
    case: Case, sides: Sides, *, at: datetime = make.NOON, sex: Sex = Sex.MALE, **changed
) -> FacilityTransfer:
    gone = departed(case, sides, at=at)
    bed = bed_at(sides.receiver, sex=sex)
    return actions.receive_transfer(
        transfer=gone, bed=bed, reception=reception(**changed), by=sides.there, at=at + 2 * LATER
    )


def bed_at(facility: Facility, stage: Stage = Stage.DETOX, *, sex: Sex = Sex.MALE) -> Bed:
    """A free bed in a zone."""
    return make.free_bed(make.unit(facility, stage), sex=sex)


def full(facility: Facility) -> Room:
    """The room of the men of its first zone, in which no bed is free."""
    room: Room = make.unit(facility, Stage.DETOX).rooms.get(name="101")
    while Bed.objects.free().filter(room=room).exists():
        make.case(facility)
    return room

"""Two at once on either side of the road: exactly one signs, and nobody is released and received."""

import pytest
from django.db import transaction

from rehab import scope
from rehab.actions.cases import close_case, lock
from rehab.clock import standing_at
from rehab.models import Case, Placement
from rehab.states import CaseStatus
from tests.factories import rehab as make
from tests.factories import transfers as road
from tests.factories import zones as rooms
from tests.factories.transfers import Sides
from tests.zones.test_races import at_once, one_won
from zones import actions
from zones.models import FacilityTransfer
from zones.states import TransferStatus

pytestmark = pytest.mark.race

AT = make.NOON + 2 * road.LATER


@pytest.fixture
def sides(committed_db, trials):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        here, there = (make.facility(code, beds=2 * trials + 5) for code in ("T01", "T02"))
        yield Sides(here, there).posted()


@pytest.fixture
def few(trials):
    """Each trial carries somebody to the gate first."""
    return max(2, trials // 5)


@pytest.fixture
def second(sides):
    """Another who signs at the other gate."""
    return make.officer("intake_officer", sides.receiver)


def on_the_road(sides, people):
    """They all came before the first of them left: a bed just left is not given for an hour before."""
    cases = [make.case(sides.sender) for _ in range(people)]
    return [road.departed(case, sides) for case in cases]


def receiving(transfer, by, bed):
    return lambda: actions.receive_transfer(
        transfer=transfer, bed=bed, reception=road.reception(), by=by, at=AT
    )


def stands(transfer):
    return FacilityTransfer.objects.select_related("case").get(pk=transfer.pk)


def test_two_receive_at_once(sides, second, few):
    for gone in on_the_road(sides, few):
        free = make.unit(sides.receiver, "01").rooms.get(name="101").beds.free()[:2]
        (said,) = one_won(
            *(receiving(gone, by, bed) for by, bed in zip((sides.there, second), free, strict=True))
        )

        assert "现为“已接收”，不能接收" in said
        assert Placement.objects.filter(case=gone.case, period__endswith__isnull=True).count() == 1
        assert gone.case.events.filter(kind="transfer_received").count() == 1


def test_one_receives_while_another_sends_back(sides, second, few):
    for gone in on_the_road(sides, few):
        one_won(
            receiving(gone, sides.there, road.bed_at(sides.receiver)),
            lambda gone=gone: actions.return_transfer(
                transfer=gone, reason="示例", by=second, at=AT
            ),
        )

        now = stands(gone)
        here = now.status == TransferStatus.RECEIVED
        assert here or now.status == TransferStatus.SENT_BACK
        assert now.case.facility_id == (sides.receiver if here else sides.sender).pk
        assert now.case.status == ("in_facility" if here else "in_transit")


def test_one_receives_while_he_is_released_on_the_road(sides, few):
    """Under the fence of each: whoever comes second reads that the file went, or that the road is over."""

    def releasing(case):
        @transaction.atomic
        def release():
            with scope.within(rooms.seen_by(sides.gate)):
                held = lock(case)
                actions.end_open_transfer(case=held, by=sides.gate, at=AT)
                return close_case(case=held, to=CaseStatus.RELEASED, at=AT)

        return release

    for gone in on_the_road(sides, few):
        (said,) = one_won(
            receiving(gone, sides.there, road.bed_at(sides.receiver)), releasing(gone.case)
        )

        now = stands(gone)
        if now.case.status == CaseStatus.RELEASED:
            assert now.status == TransferStatus.ENDED
            assert "现为“终止”，不能接收" in said
        else:
            assert (now.status, now.case.facility) == ("received", sides.receiver)
            assert "不在您的可见范围内" in said


def test_two_are_received_into_the_last_bed(sides, second, few):
    gone = on_the_road(sides, 2 * few)
    for both in zip(gone[::2], gone[1::2], strict=True):
        last = road.bed_at(sides.receiver)
        (said,) = one_won(
            *(
                receiving(gone, by, last)
                for gone, by in zip(both, (sides.there, second), strict=True)
            )
        )

        assert "已有人" in said
        assert Placement.objects.filter(bed=last, period__endswith__isnull=True).count() == 1
        waits = Case.objects.filter(pk__in=[gone.case_id for gone in both], status="in_transit")
        assert waits.get().facility == sides.sender


def test_two_approve_at_once(sides, few):
    for _ in range(few):
        asked = road.proposed(make.case(sides.sender), sides)
        done, refused = at_once(
            *(
                lambda asked=asked, by=by: actions.approve_transfer(transfer=asked, by=by, at=AT)
                for by in (sides.leader, sides.bureau)
            )
        )

        assert len(done) == len(refused) == 1
        assert stands(asked).approved_by_id == done[0].approved_by_id

"""What every act on a transfer begins and ends with: the case held from both sides, the act recorded, posts told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from rehab import scope
from rehab.actions import cases
from rehab.ledgers import events, notices
from rehab.ledgers.notices import Post
from rehab.models import Event, Facility, User
from zones.models import FacilityTransfer
from zones.selectors import transfers as selectors

LEADER, GATE, BUREAU = "facility_leader", "intake_officer", "bureau_approver"


@contextmanager
def held(transfer: FacilityTransfer, *related: str) -> Iterator[FacilityTransfer]:
    """The case, locked, and the transfer as it stands under that lock, seen from both sides."""
    with scope.within(selectors.both_sides(transfer)):
        (case,) = cases.lock_all([transfer.case_id], *related)
        fresh = FacilityTransfer.objects.select_related(
            "from_facility__province", "to_facility__province", "proposed_by__posting"
        ).get(pk=transfer.pk)
        fresh.case = case
        yield fresh


def write_down(
    *,
    transfer: FacilityTransfer,
    kind: Event.Kind,
    by: User,
    at: datetime,
    also: Mapping[str, Any] | None = None,
) -> None:
    """On the file: what was done, between which two facilities; `also` is said beside what every act says."""
    events.record(
        transfer.case,
        kind,
        by=by,
        at=at,
        transfer=str(transfer.pk),
        from_facility=str(transfer.from_facility_id),
        to_facility=str(transfer.to_facility_id),
        **(also or {}),
    )


def tell(transfer: FacilityTransfer, kind: Event.Kind, role: str, at_facility: Facility) -> None:
    """Tell a post at either side; nothing of the person stands in it."""
    post = Post(role, at_facility.pk)
    notices.tell(at_facility, kind, to=post, cycle=str(transfer.pk))

"""离所、回所 as the rooms see it: a move under way ends with whoever gives up his bed; back into his zone."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from rehab import clock
from rehab.actions import absences, cases, places
from rehab.models import Absence, Bed, Case, Room, User
from rehab.refusal import Refused
from rehab.rules.absences import Comeback, Departure
from rehab.states import AbsenceKind
from zones import selectors
from zones.actions import outings
from zones.actions.endings import end_open_move
from zones.actions.transfer_endings import end_open_transfer
from zones.selectors.transfers import before_the_road_obstacles


@transaction.atomic
def leave_facility(*, case: Case, departure: Departure, by: User, at: datetime) -> Absence:
    """离所登记. 戒毒条例第三十二条、第三十六条. To his family only as it was approved, 禁毒法第四十六条."""
    case = cases.lock(case)
    if departure.kind == AbsenceKind.HOME_VISIT:
        return _to_his_family(case, departure, by=by, at=at)
    if AbsenceKind(departure.kind).status:
        Refused.if_any(before_the_road_obstacles(case, departure.left_at))
        end_open_move(case=case, by=by, at=at)
        end_open_transfer(case=case, by=by, at=at)
    return absences.record_departure(case=case, departure=departure, by=by, at=at)


def _to_his_family(case: Case, departure: Departure, *, by: User, at: datetime) -> Absence:
    outing = outings.outing_for(case, departure)
    assert outing.document is not None  # a constraint of the table
    approved = replace(
        departure,
        where=outing.place,
        escorts=outing.escorts or "",
        paper=outing.document.number,
        expected_on=outing.returns_on,
    )
    absence = absences.record_departure(case=case, departure=approved, by=by, at=at)
    outings.use_outing(outing, absence)
    return absence


@transaction.atomic
def come_back(
    *,
    case: Case,
    back: Comeback,
    bed: Bed | None,
    by: User,
    at: datetime,
) -> Absence:
    """回所登记, into a bed of the zone that was left where his own was given up."""
    case = cases.lock(case)

    Refused.if_any(selectors.return_bed_obstacles(case, bed) if bed else ())

    return absences.record_return(case=case, back=back, bed=bed, by=by, at=at)


@transaction.atomic
def come_back_to_extra_bed(
    *, case: Case, back: Comeback, room: Room, by: User, at: datetime
) -> Absence:
    """回所登记 into a zone that is full: a bed is added, so that nobody is here at night outside the record."""
    case = cases.lock(case)

    Refused.if_any(selectors.extra_bed_obstacles(case, room, on=clock.day_of(at)))

    bed = places.open_extra_bed(room=room, by=by, at=at)
    return absences.record_return(case=case, back=back, bed=bed, by=by, at=at)

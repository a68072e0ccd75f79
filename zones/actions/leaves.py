"""所外就医: away with the bed free, and back into the zone that was left."""

from datetime import datetime

from django.db import transaction

from rehab.actions import cases
from rehab.models import Bed, Case, User
from rehab.refusal import Refused
from zones import selectors
from zones.actions.endings import end_open_move
from zones.actions.transfer_endings import end_open_transfer


@transaction.atomic
def grant_leave(
    *,
    case: Case,
    approval: str,
    hospital: str = "",
    diagnosed_by: str = "",
    by: User,
    at: datetime,
) -> Case:
    """批准所外就医: a move under way ends first. 戒毒条例第三十一条."""
    case = cases.lock(case)
    end_open_move(case=case, by=by, at=at)
    end_open_transfer(case=case, by=by, at=at)
    return cases.grant_medical_leave(
        case=case, approval=approval, hospital=hospital, diagnosed_by=diagnosed_by, by=by, at=at
    )


@transaction.atomic
def end_leave(*, case: Case, bed: Bed, by: User, at: datetime) -> Case:
    """所外就医返回, into a bed of the zone that was left. 戒毒条例第三十一条."""
    case = cases.lock(case)

    Refused.if_any(selectors.return_bed_obstacles(case, bed))

    return cases.end_medical_leave(case=case, bed=bed, by=by, at=at)

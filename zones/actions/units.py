"""撤销大队、中队: what the ground floor judges, and the moves that still lead in or out."""

from datetime import datetime

from django.db import transaction

from rehab.actions import places
from rehab.models import Unit, User
from rehab.refusal import Refused
from zones import selectors


@transaction.atomic
def close_unit(*, unit: Unit, by: User, at: datetime) -> Unit:
    """撤销大队、中队, once nobody is proposed to leave it or to come."""
    Refused.if_any(selectors.closing_obstacles(unit))

    return places.close_unit(unit=unit, by=by, at=at)

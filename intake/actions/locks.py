"""The lock on a facility's list of arrivals."""

from rehab.actions.locks import hold
from rehab.models import Facility


def hold_list(facility: Facility) -> None:
    """Until the transaction ends, nobody else adds to the list of arrivals of a facility."""
    hold(f"arrivals of {facility.pk}")

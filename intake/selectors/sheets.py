"""What the sheets of an entry print, and what was said at the gate before they were written."""

from datetime import datetime
from typing import Any

from intake.models import Admission
from intake.rules.health_sheet import Sheet
from intake.rules.papers import HealthCheck
from rehab.models import Case, User
from rehab.states import Sex


def admission_of(case: Case) -> Admission | None:
    """The admission with its arrival; None for somebody who was not admitted here."""
    return Admission.objects.filter(case=case).select_related("arrival").first()


def health_check_facts(
    case: Case, sheet: Sheet, *, checked_at: datetime, by: User
) -> dict[str, Any]:
    """入所健康状况检查表, from what was just found."""
    return HealthCheck(
        facility=case.facility.name,
        case_number=case.number,
        name=case.person.name,
        sex=Sex(case.person.sex).label,
        birth_on=case.person.birth_date,
        checked_at=checked_at,
        doctor=by.display_name,
        checks=sheet.findings,
        injuries=[one.on_paper() for one in sheet.injuries],
        conclusion=sheet.conclusion,
        escort=sheet.escort.words() if sheet.escort else "",
        unsigned=sheet.why_unsigned,
    ).facts()

"""脱逃通报 and 所外就医证明: the papers of who is away. Part of the acts that write him out, which hold the case.

Neither waits for a font: what cannot be typeset now keeps its number, and nobody stays on the roll because of it.
"""

from datetime import datetime
from typing import Any

from rehab import statutes
from rehab.ledgers import documents
from rehab.models import Absence, Case, Document, User
from rehab.rules.absences import Departure


def report_escape(
    *,
    case: Case,
    departure: Departure,
    ran_from: Absence | None,
    on_the_road: bool,
    by: User,
    at: datetime,
) -> Document:
    """脱逃通报 to the county police, with copies for the competent authority and the deciding organ."""
    where = "在转所途中" if on_the_road else "从我所"
    person = case.person
    facts = _about(case) | {
        "recipient": departure.where,
        "copies_to": [case.facility.bureau.name, case.decision.authority],
        "id_number": person.id_number or "",
        "household": person.household or "",
        "escaped_at": departure.left_at,
        "told_at": departure.told_at,
        "ran_from": f"在{ran_from.get_kind_display()}期间" if ran_from else where,
        "basis": [statutes.ESCAPE],
    }
    return documents.make(case, "escape_report", "脱逃通报", facts, by=by, at=at, may_wait=True)


def certify_leave(
    *, case: Case, approval: str, hospital: str, diagnosed_by: str, by: User, at: datetime
) -> Document:
    """所外就医审批表 and 所外就医证明, on one sheet: the certificate tells nothing of the illness."""
    facts = _about(case) | {
        "case_number": case.number,
        "approval": approval,
        "authority_in_charge": case.facility.bureau.name,
        "hospital": hospital,
        "diagnosed_by": diagnosed_by,
        "leaves_at": at,
        "recorded_by": by.display_name,
        "basis": [statutes.MEDICAL_LEAVE],
    }
    return documents.make(case, "medical_leave", "所外就医证明", facts, by=by, at=at, may_wait=True)


def _about(case: Case) -> dict[str, Any]:
    return {
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "authority": case.decision.authority,
        "decision_number": case.decision.number,
        "decided_on": case.decision.decided_on,
        "ends_on": case.ends_on,
        "facility": case.facility.name,
        "phone": case.facility.duty_phone or "见所外公示",
    }

"""What the papers of an admission say: facts gathered from the case, ready to be printed."""

from typing import Any

from intake.models import Admission, Arrival
from rehab.clock import day_of
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.models import Case, Placement
from rehab.states import Sex


def entry_register_facts(case: Case) -> dict[str, Any]:
    """入所登记表; what is not known is left out, to be written in by hand. `case` with its decision."""
    person, decision = case.person, case.decision
    admission = Admission.objects.select_related("searched_by", "searched_with").get(case=case)
    # not joined: after a transfer the arrival stays in the books of the facility that admitted him
    arrival = Arrival.objects.filter(pk=admission.arrival_id)
    searchers = [one for one in (admission.searched_by, admission.searched_with) if one]
    known: dict[str, Any] = {
        "birth_on": person.birth_date,
        "ethnicity": person.ethnicity,
        "education": person.education,
        "id_number": person.id_number,
        "other_document": person.other_document,
        "household": person.household,
        "address": person.address,
        "starts_on": decision.printed_starts_on,
        "basis": decision.get_basis_display(),
        "drug": decision.drug,
        "addiction": decision.addiction,
        "bed": _first_bed(case),
        "searchers": "、".join(one.display_name for one in searchers),
        "relatives": person.relatives,
        "transferred_on": arrival.values_list("transferred_on", flat=True).first(),
    }
    return {
        "facility": case.facility.name,
        "case_number": case.number,
        "name": person.name,
        "sex": Sex(person.sex).label,
        "authority": decision.authority,
        "decision_number": decision.number,
        "decided_on": decision.decided_on,
        "ends_on": case.ends_on,
        "admitted_at": admission.entered_at,
        "times": "再次收治" if admission.returning else "首次收治",
        "injured": "有，见健康状况检查表" if admission.checks["injured"] else "未见",
        **{key: value for key, value in known.items() if value},
    }


def _first_bed(case: Case) -> str:
    """The bed of the admission, by which everybody begins."""
    lain_in = Placement.objects.filter(case=case).select_related("bed__room__unit")
    first = lain_in.order_by("period")[0].bed
    return f"{first.room.unit.name} {first}"


def rights_facts(case: Case, language: str = "") -> dict[str, Any]:
    """权利义务告知书, read out in a language; left to the pen where none is named yet. `case` with its
    decision."""
    spoken = {"language": LANGUAGES[language]} if language else {}
    if language not in ("", CHINESE):
        spoken["foreign_language"] = LANGUAGES[language]
    return spoken | {
        "facility": case.facility.name,
        "name": case.person.name,
        "admitted_on": day_of(case.entered_at),
        "decided_on": case.decision.decided_on,
        "ends_on": case.ends_on,
    }


def family_notice_facts(case: Case, recipient: str) -> dict[str, Any]:
    """入所通知书 to one relative. `case` with its decision."""
    return {
        "recipient": recipient,
        "name": case.person.name,
        "sex": Sex(case.person.sex).label,
        "authority": case.decision.authority,
        "decided_on": case.decision.decided_on,
        "decision_number": case.decision.number,
        "ends_on": case.ends_on,
        "admitted_on": day_of(case.entered_at),
        "facility": case.facility.name,
        "address": f"{case.facility.division or ''}{case.facility.name}",
        "phone": case.facility.duty_phone or "（见信封）",
    }

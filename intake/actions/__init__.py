"""What officers do at the front door."""

from intake.actions.admission import admit, defer_arrival, open_admission, refuse_arrival
from intake.actions.completion import (
    complete_item,
    explain_no_family_notice,
    give_rights_notice,
    send_family_notice,
)
from intake.actions.corrections import correct_belongings, correct_health_sheet
from intake.actions.papers import prepare_admission_papers
from intake.actions.rosters import (
    import_roster,
    register_arrival,
    upload_roster,
    withdraw_roster,
)
from intake.actions.sheets import (
    hand_back_belongings,
    record_health_sheet,
    register_belongings,
)

__all__ = [
    "admit",
    "complete_item",
    "correct_belongings",
    "correct_health_sheet",
    "defer_arrival",
    "explain_no_family_notice",
    "give_rights_notice",
    "hand_back_belongings",
    "import_roster",
    "open_admission",
    "prepare_admission_papers",
    "record_health_sheet",
    "refuse_arrival",
    "register_arrival",
    "register_belongings",
    "send_family_notice",
    "upload_roster",
    "withdraw_roster",
]

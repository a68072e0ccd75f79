"""What officers and stations do at the back door."""

from aftercare.actions.agreements import (
    decline_agreement,
    end_lapsed_agreements,
    offer_agreement,
    record_contact,
    renew_agreement,
    set_contact_rule,
    sign_agreement,
    withdraw_agreement,
)
from aftercare.actions.conversions import (
    propose_conversion,
    record_conversion_answer,
    send_conversion,
    withdraw_conversion,
)
from aftercare.actions.deaths import (
    confirm_death,
    record_death,
    record_told_of_death,
    withdraw_death,
)
from aftercare.actions.preparations import prepare_release
from aftercare.actions.releases import (
    WrongPerson,
    give_release_notice,
    print_certificate,
    release,
)
from aftercare.actions.revocations import (
    let_go,
    record_revocation,
    withdraw_revocation,
)
from aftercare.actions.stations import close_station, open_station

__all__ = [
    "WrongPerson",
    "close_station",
    "confirm_death",
    "decline_agreement",
    "end_lapsed_agreements",
    "give_release_notice",
    "let_go",
    "offer_agreement",
    "open_station",
    "prepare_release",
    "print_certificate",
    "propose_conversion",
    "record_contact",
    "record_conversion_answer",
    "record_death",
    "record_revocation",
    "record_told_of_death",
    "release",
    "renew_agreement",
    "send_conversion",
    "set_contact_rule",
    "sign_agreement",
    "withdraw_agreement",
    "withdraw_conversion",
    "withdraw_death",
    "withdraw_revocation",
]

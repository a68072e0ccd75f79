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
from aftercare.actions.releases import (
    WrongPerson,
    give_release_notice,
    print_certificate,
    release,
)
from aftercare.actions.stations import close_station, open_station

__all__ = [
    "WrongPerson",
    "close_station",
    "decline_agreement",
    "end_lapsed_agreements",
    "give_release_notice",
    "offer_agreement",
    "open_station",
    "print_certificate",
    "record_contact",
    "release",
    "renew_agreement",
    "set_contact_rule",
    "sign_agreement",
    "withdraw_agreement",
]

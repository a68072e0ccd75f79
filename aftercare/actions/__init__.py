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

__all__ = [
    "WrongPerson",
    "decline_agreement",
    "end_lapsed_agreements",
    "give_release_notice",
    "offer_agreement",
    "print_certificate",
    "record_contact",
    "release",
    "renew_agreement",
    "set_contact_rule",
    "sign_agreement",
    "withdraw_agreement",
]

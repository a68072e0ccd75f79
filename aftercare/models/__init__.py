"""The way out: notice, release, the agreement that may follow, and the other ways in which a case ends."""

from aftercare.models.agreements import Agreement, Contact, ContactRule, Period
from aftercare.models.conversions import Conversion
from aftercare.models.deaths import Death, DeathNotice
from aftercare.models.preparations import ReleasePlan
from aftercare.models.releases import Release, ReleaseNotice, ReleaseNoticeCopy
from aftercare.models.revocations import Revocation

__all__ = [
    "Agreement",
    "Contact",
    "ContactRule",
    "Conversion",
    "Death",
    "DeathNotice",
    "Period",
    "Release",
    "ReleaseNotice",
    "ReleaseNoticeCopy",
    "ReleasePlan",
    "Revocation",
]

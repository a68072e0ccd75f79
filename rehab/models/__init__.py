"""Rows of the ground floor."""

from rehab.models.access import (
    AccessRecord,
    CaseGrant,
    FacilityGrant,
    Posting,
    Role,
    StationGrant,
    User,
)
from rehab.models.ledgers import (
    Deadline,
    DemoClock,
    Document,
    Draft,
    Event,
    MatchCall,
    Notice,
    NoticeRead,
    ServiceOfDocument,
    Subject,
    SweepRun,
)
from rehab.models.organisation import (
    Bed,
    Bureau,
    Division,
    Facility,
    Room,
    Sequence,
    Station,
    Unit,
    Zone,
)
from rehab.models.papers import DocumentMention, DocumentPrint, DocumentWording
from rehab.models.people import Case, Decision, Person, Placement

__all__ = [
    "AccessRecord", "Bed", "Bureau", "Case", "CaseGrant", "Deadline", "Decision", "DemoClock",
    "Division", "Document", "DocumentMention", "DocumentPrint",
    "DocumentWording", "Draft", "Event", "Facility", "FacilityGrant", "MatchCall", "Notice",
    "NoticeRead", "Person", "Placement", "Posting", "Role", "Room", "Sequence", "ServiceOfDocument",
    "Station", "StationGrant", "Subject", "SweepRun", "Unit", "User", "Zone",
]  # fmt: skip

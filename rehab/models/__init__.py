"""Rows of the ground floor."""

from rehab.models.absences import Absence
from rehab.models.access import (
    AccessRecord,
    Delegation,
    Posting,
    Role,
    User,
)
from rehab.models.apart import KeepApart
from rehab.models.deadlines import Deadline
from rehab.models.decision_corrections import DecisionCorrection
from rehab.models.documents import Document, ServiceOfDocument
from rehab.models.escapes import EscapeProposal
from rehab.models.events import Event, Subject
from rehab.models.factors import SecondFactor
from rehab.models.grants import CaseGrant, FacilityGrant, StationGrant
from rehab.models.lists import CaseWords, ListTaking, SavedList
from rehab.models.merging import PersonMerge
from rehab.models.notices import AccountNotice, Notice, NoticeRead
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
from rehab.models.provincial import RuleProposal
from rehab.models.runs import DemoClock, MatchCall, SweepRun
from rehab.models.term_decisions import TermDecision
from rehab.models.term_ends import EndConvention, EndInquiry
from rehab.models.typed import Draft, Submission

__all__ = [
    "Absence",
    "AccessRecord",
    "AccountNotice",
    "Bed",
    "Bureau",
    "Case",
    "CaseGrant",
    "CaseWords",
    "Deadline",
    "Decision",
    "DecisionCorrection",
    "Delegation",
    "DemoClock",
    "Division",
    "Document",
    "DocumentMention",
    "DocumentPrint",
    "DocumentWording",
    "Draft",
    "EndConvention",
    "EndInquiry",
    "EscapeProposal",
    "Event",
    "Facility",
    "FacilityGrant",
    "KeepApart",
    "ListTaking",
    "MatchCall",
    "Notice",
    "NoticeRead",
    "Person",
    "PersonMerge",
    "Placement",
    "Posting",
    "Role",
    "Room",
    "RuleProposal",
    "SavedList",
    "SecondFactor",
    "Sequence",
    "ServiceOfDocument",
    "Station",
    "StationGrant",
    "Subject",
    "Submission",
    "SweepRun",
    "TermDecision",
    "Unit",
    "User",
    "Zone",
]  # fmt: skip

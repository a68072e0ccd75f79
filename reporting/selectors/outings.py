"""离所与回所: every time out of one case, with both ends, its proofs and who confirmed them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rehab.models import Absence, Case, EscapeProposal, User
from rehab.naming import sees_names
from rehab.permissions import Permission
from rehab.selectors import absences
from rehab.states import AbsenceKind, ProposalStatus


@dataclass(frozen=True)
class Outing:
    """One time out: what was written down when he left and when he came back."""

    absence: Absence
    leaving: Mapping[str, Any]
    told_at: datetime | None
    coming: Mapping[str, Any]
    injuries: str
    findings: str
    tested: bool  # the result of a test after an outing is for this user's eyes
    ran: bool  # from there, by an escape that stands
    proposals: Sequence[EscapeProposal]
    may_open: bool  # what was proposed
    may_propose: bool  # that days are not counted
    may_reverse: bool


def outings(case: Case, user: User) -> list[Outing]:
    """The last first; who sees no names reads when and why, and none of the words."""
    found = list(absences.of_case(case))
    no_escape = {one.left_at for one in found if one.reversed_at}
    return [_outing(one, case, user, no_escape) for one in found]


def _outing(one: Absence, case: Case, user: User, no_escape: Collection[datetime]) -> Outing:
    words: Mapping[str, Any] = {}
    named, records = sees_names(user), user.may(Permission.ABSENCE_RECORD)
    leaving: Any = one.leaving if named else None
    coming: Any = one.coming if named else None
    proposals = list(one.proposals.all())
    over = one.kind == AbsenceKind.ESCAPE and one.returned_at is not None and not one.reversed_at
    free = over and not any(each.status == ProposalStatus.PROPOSED for each in proposals)
    told = (leaving or words).get("told_at")
    return Outing(
        absence=one,
        leaving=leaving or words,
        told_at=datetime.fromisoformat(told) if told else None,
        coming=coming or words,
        injuries=_injuries(coming or words, user),
        findings=(one.findings or "") if user.may(Permission.MEDICAL_VIEW) else "",
        tested=user.may(Permission.MEDICAL_VIEW),
        ran=one.ran and one.returned_at not in no_escape,
        proposals=proposals,
        may_open=records or user.may(Permission.ESCAPE_CONFIRM),
        may_propose=records and free and not one.uncounted_days and not case.ended_at,
        may_reverse=records and free,
    )


def _injuries(coming: Mapping[str, Any], user: User) -> str:
    """In words for the gate and the physicians; for others, that there were some."""
    found = str(coming.get("injuries") or "")
    opened = user.may(Permission.ABSENCE_RECORD) or user.may(Permission.MEDICAL_VIEW)
    return found if opened or not found else "有（内容封存）"

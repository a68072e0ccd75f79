"""Two records of one human being, for tests: an open case here, and a finished one in another province."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from rehab import clock, scope
from rehab.actions import cases, merging
from rehab.ledgers import deadlines
from rehab.models import Case, Facility, PersonMerge, User
from rehab.states import CaseStatus
from tests.factories import rehab as make

NUMBER = "990100199003070019"
BORN = date(1990, 3, 7)
LONG_AGO = make.NOON - timedelta(days=700)
LATER = make.NOON + timedelta(hours=1)


@dataclass
class Two:
    """An open case here and a finished one elsewhere, and who puts them together."""

    here: Case
    elsewhere: Case
    proposer: User
    leader: User


def finished(
    at_facility: Facility, *, entered_at: datetime = LONG_AGO, days: int = 300, **person: Any
) -> Case:
    """Somebody who came and was released after so many days."""
    case = make.case(at_facility, person=make.person_facts(**person), entered_at=entered_at)
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=entered_at + timedelta(days=days))
    deadlines.refresh([case])
    return case


def two_records(here: Facility, elsewhere: Facility, **now: Any) -> Two:
    """He came back under a slip of the name and without his number."""
    was = finished(
        elsewhere, name="示例旧名", id_number=NUMBER, birth_date=BORN, address="示例旧址",
        other_document=None,
    )  # fmt: skip
    papers = {
        "name": "示例新名", "birth_date": BORN, "address": "示例新址", "ethnicity": "回族",
    }  # fmt: skip
    return Two(
        make.case(here, person=make.person_facts(**papers | now)),
        was,
        make.officer("intake_officer", here),
        make.officer("facility_leader", here),
    )


def as_seen_by(user: User) -> Any:
    """Under the scope of a signed-in user."""
    return scope.within(user.scope_at(clock.real_now()))


def propose(two: Two, **changed: Any) -> PersonMerge:
    """The proposal of the two, or of others in their place."""
    how = {
        "case": two.here, "other": two.elsewhere.person_id, "chosen": None, "reason": " 指纹一致 ",
        "answers": {}, "by": two.proposer, "at": make.NOON,
    } | changed  # fmt: skip
    with as_seen_by(how["by"]):
        return merging.propose_merge(**how)


def confirm(merge: PersonMerge, by: User, *, at: datetime = LATER) -> PersonMerge:
    with as_seen_by(by):
        return merging.confirm_merge(merge=merge, by=by, at=at)


def merged(two: Two, **changed: Any) -> PersonMerge:
    """The two, put together."""
    return confirm(propose(two, **changed), two.leader)


def undo(
    merge: PersonMerge,
    by: User,
    *,
    later: Any = None,
    reason: str = "不是同一人",
    at: datetime = LATER,
) -> PersonMerge:
    with as_seen_by(by):
        return merging.undo_merge(merge=merge, later=later or {}, reason=reason, by=by, at=at)

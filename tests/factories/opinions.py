"""Opinions, walked to where they stand by the acts of those whose steps they are."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from centers import actions
from centers.assessment import selectors
from centers.assessment.rules.opinions import Answer, Discussion
from centers.models import Opinion
from centers.states import OpinionStatus
from rehab.actions.serving import serve_document
from rehab.clock import day_of
from rehab.models import Case, Facility, ServiceOfDocument, User
from rehab.states import Stage, TermDecisionKind
from tests.factories import rehab as make

S = OpinionStatus
EARLY, EXTENSION = TermDecisionKind.EARLY_RELEASE, TermDecisionKind.EXTENSION
NOTICE = timedelta(days=5)


@dataclass
class Panel:
    """Those who make, discuss, review and sign an opinion."""

    facility: Facility

    @cached_property
    def proposer(self) -> User:
        return make.officer("assessor", self.facility)

    @cached_property
    def second(self) -> User:
        return make.officer("assessor", self.facility)

    @cached_property
    def third(self) -> User:
        return make.officer("committee_member", self.facility)

    @cached_property
    def reviewer(self) -> User:
        return make.officer("committee_member", self.facility)

    @cached_property
    def leader(self) -> User:
        return make.officer("facility_leader", self.facility)

    def __post_init__(self) -> None:
        """All are there before anything begins."""
        for name in ("proposer", "second", "third", "reviewer", "leader", "zone_officer"):
            getattr(self, name)

    @cached_property
    def zone_officer(self) -> User:
        return make.officer("zone_officer", make.unit(self.facility, Stage.DETOX))


def discussion(panel: Panel, *, on: date, **changed: Any) -> Discussion:
    """Three who agreed, and a notice from the same day on."""
    facts: dict[str, Any] = {
        "discussed_on": on,
        "participants": (panel.proposer.pk, panel.second.pk, panel.third.pk),
        "agreed": True,
        "conclusion": "示例讨论情况",
        "notice_from": on,
    }
    return Discussion(**facts | changed)


def answer(kind: str, *, on: date, **changed: Any) -> Answer:
    """What the deciding organ grants."""
    facts: dict[str, Any] = {"granted": True, "number": "示决〔2027〕1号", "decided_on": on}
    facts |= {"months": 3} if kind == EXTENSION else {"ends_on": on + timedelta(days=20)}
    return Answer(**facts | changed)


def propose(case: Case, panel: Panel, kind: TermDecisionKind = EARLY, *, at: datetime) -> Opinion:
    return actions.propose_opinion(
        case=case, kind=kind, months=3, grounds="示例理由", by=panel.proposer, at=at
    )


def walked(
    case: Case, panel: Panel, to: OpinionStatus, kind: TermDecisionKind = EARLY, *, at: datetime
) -> Opinion:
    """An opinion proposed at `at` and taken to a status; past its notice, five days later."""
    opinion, who, later = propose(case, panel, kind, at=at), {"case": case}, at + NOTICE
    on, then = day_of(at), day_of(at + NOTICE)
    for status, act in (
        (S.NOTICED, lambda: actions.discuss_opinion(
            **who, discussion=discussion(panel, on=on), by=panel.second, at=at)),
        (S.SIGNED, lambda: actions.sign_opinion(**who, by=panel.leader, at=later)),
        (S.SENT, lambda: actions.send_opinion(**who, sent_on=then, by=panel.second, at=later)),
        (S.RECEIVED, lambda: actions.receive_opinion(
            **who, received_on=then, receipt="示例签收人", by=panel.second, at=later)),
        (S.APPROVED, lambda: actions.record_opinion_answer(
            **who, answer=answer(kind, on=then), by=panel.second, at=later)),
    ):  # fmt: skip
        if opinion.status == to:
            break
        if to == S.REFUSED and status == S.APPROVED:
            no = answer(kind, on=then, granted=False, reason="示例不批准")
            return actions.record_opinion_answer(**who, answer=no, by=panel.second, at=later)
        opinion = act()
    return opinion


def object_to(case: Case, panel: Panel, *, at: datetime, words: str = "示例异议") -> Any:
    return actions.lodge_objection(
        case=case, words=words, lodged_at=at, by=panel.zone_officer, at=at
    )


def review(case: Case, panel: Panel, *, at: datetime, upheld: bool = False) -> Any:
    return actions.review_objection(
        case=case, seen=first_objection(case), upheld=upheld, findings="示例复核意见",
        by=panel.reviewer, at=at,
    )  # fmt: skip


def first_objection(case: Case) -> str:
    """The key of the objection that is reviewed next, as the page sends it along."""
    opinion = selectors.opinion_of(case)
    waiting = selectors.open_objections(opinion) if opinion else []
    return str(waiting[0].pk) if waiting else ""


def serve(document: Any, case: Case, *, at: datetime, by: User) -> Any:
    """On the person, face to face."""
    return serve_document(
        case=case, document=document, recipient=ServiceOfDocument.Recipient.PERSON,
        received_by="", manner=ServiceOfDocument.Manner.IN_PERSON, served_at=at, by=by, at=at,
    )  # fmt: skip


def newest(case: Case) -> Opinion:
    found = selectors.opinion_of(case)
    assert found is not None
    return found

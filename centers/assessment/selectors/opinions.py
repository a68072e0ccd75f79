"""Reads of an opinion: where it stands, on what it rests, and why a step may not be taken by this officer now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)

from centers.assessment.rules import one_year_opens_on
from centers.assessment.rules import opinions as rules
from centers.models import Assessment, Objection, Opinion, OpinionRule
from centers.states import (
    OBJECTABLE,
    OPINION_BACK,
    OPINION_EDGES,
    OPINION_OPEN,
    REVIEWABLE,
    AssessmentKind,
    ObjectionStatus,
    OpinionStatus,
    OpinionStep,
)
from rehab import statutes
from rehab.models import Bureau, Case, ServiceOfDocument, TermDecision, User
from rehab.permissions import Permission
from rehab.refusal import Obstacle, Refused
from rehab.rules.explaining import explain
from rehab.rules.term_facts import Extension
from rehab.selectors.absences import ever_escaped
from rehab.selectors.early_release import bar_of
from rehab.selectors.escapes import ended_obstacles
from rehab.selectors.term import term_facts
from rehab.states import IN_CUSTODY, PROPOSAL_STANDS, TermDecisionKind

S, Step = OpinionStatus, OpinionStep
Recipient = ServiceOfDocument.Recipient
RESTS_ON = {
    TermDecisionKind.EARLY_RELEASE: AssessmentKind.ONE_YEAR,
    TermDecisionKind.EXTENSION: AssessmentKind.PRE_EXPIRY,
}
NO_OPINION = Obstacle("此人没有正在办理的意见，请刷新页面查看")
TO = {  # where a step leads, for those that lead somewhere in any case
    Step.DISCUSS: S.NOTICED,
    Step.SIGN: S.SIGNED,
    Step.SEND: S.SENT,
    Step.RECEIVE: S.RECEIVED,
    Step.ANSWER: S.APPROVED,
    Step.WITHDRAW: S.WITHDRAWN,
}
RECORDER = {  # who recorded what may be taken back
    S.SENT: "sent_by_id",
    S.RECEIVED: "received_by_id",
    S.APPROVED: "answered_by_id",
    S.REFUSED: "answered_by_id",
}
WHO: Mapping[OpinionStep, tuple[Permission, ...]] = {
    Step.PROPOSE: (Permission.OPINION_PROPOSE,),
    Step.DISCUSS: (Permission.OPINION_REVIEW,),
    Step.OBJECT: (Permission.OPINION_OBJECT,),
    Step.REVIEW: (Permission.OPINION_REVIEW,),
    Step.SIGN: (Permission.OPINION_SIGN,),
    Step.SEND: (Permission.OPINION_PROPOSE,),
    Step.RECEIVE: (Permission.OPINION_PROPOSE,),
    Step.ANSWER: (Permission.OPINION_PROPOSE,),
    Step.UNDO: (Permission.OPINION_PROPOSE, Permission.OPINION_SIGN),
    Step.WITHDRAW: (Permission.OPINION_PROPOSE, Permission.OPINION_SIGN),
}


# Where it stands ----


def opinions_of(case: Case) -> QuerySet[Opinion]:
    """Every opinion on a case with its objections, the newest first."""
    objections = Objection.objects.select_related("by", "reviewed_by", "reply").defer(
        "reply__body", "reply__facts"
    )
    replied = objections.annotate(
        served=served("reply"),
        organ_served=Exists(served_on("reply", Recipient.DECIDING_AUTHORITY)),
    ).order_by("lodged_at", "pk")
    found: QuerySet[Opinion] = Opinion.objects.filter(case=case).order_by("-proposed_at", "-pk")
    related = (
        "by__posting", "assessment", "discussed_by", "notice", "signed_by", "document", "sent_by",
        "received_by", "answered_by", "reply", "closed_by",
    )  # fmt: skip
    papers = [
        f"{one}__{part}" for one in ("notice", "document", "reply") for part in ("body", "facts")
    ]
    whole = found.select_related(*related).defer(*papers).annotate(recorded=recorded())
    return whole.prefetch_related(Prefetch("objections", replied))


def opinion_of(case: Case) -> Opinion | None:
    """The newest opinion."""
    return opinions_of(case).first()


def served(document: str) -> Exists:
    """Whether a paper beside the row was served on the person."""
    return Exists(served_on(document))


def served_on(
    document: str, recipient: Recipient = Recipient.PERSON
) -> QuerySet[ServiceOfDocument]:
    """The times that a paper beside the row was served on the person, or on another."""
    return ServiceOfDocument.objects.filter(document=OuterRef(document), recipient=recipient)


def recorded(of: str = "") -> Exists:
    """Whether what the deciding organ decided of an opinion was served and written down."""
    rows = TermDecision.objects.filter(
        case=OuterRef(f"{of}case"), number_index=OuterRef(f"{of}decision_index"), undone_at=None
    )
    return Exists(rows.filter(status__in=PROPOSAL_STANDS))


def is_awaited(opinion: Any) -> bool:
    """Whether an opinion from `opinions_of` was approved and its decision is not written down as served."""
    return opinion is not None and opinion.status == S.APPROVED and not opinion.recorded


def awaited_decision(case: Case) -> Opinion | None:
    """The opinion that was approved and whose decision nobody has written down as served."""
    approved = Opinion.objects.filter(case=case, status=S.APPROVED)
    found: Opinion | None = approved.exclude(recorded()).order_by("-answered_at").first()
    return found


@dataclass(frozen=True)
class Terms:
    """How long a notice and a review take; `confirmed` where the province has said so."""

    notice_days: int
    review_days: int
    confirmed: bool


def terms(province: Bureau | Any, *, on: date) -> Terms:
    """The days of a province in force on a day, or the house's own, 未经确认."""
    rows = OpinionRule.objects.filter(province=province, effective_from__lte=on)
    rule = rows.order_by("-effective_from").first()
    if rule is None:
        return Terms(rules.NOTICE_DAYS, rules.REVIEW_DAYS, confirmed=False)
    return Terms(rule.notice_days, rule.review_days, confirmed=True)


def opinion_rule_obstacles(
    province: Bureau, effective_from: date, *, notice_days: int, review_days: int
) -> tuple[Obstacle, ...]:
    """Why a province may not set these days from a day on."""
    same = OpinionRule.objects.filter(province=province, effective_from=effective_from)
    return rules.rule_obstacles(
        notice_days=notice_days, review_days=review_days, known=same.exists()
    )


def discussants(case: Case) -> QuerySet[User]:
    """Who may have taken part in a discussion: whoever serves in the facility and reads assessments."""
    here = Q(posting__facility=case.facility_id) | Q(posting__unit__facility=case.facility_id)
    reads = Q(posting__role__permissions__contains=[Permission.ASSESSMENT_VIEW.value])
    found = User.objects.filter(here & reads, is_active=True).select_related("posting__role")
    concerned = Q(
        posting__role__permissions__overlap=[*map(str, (*WHO[Step.REVIEW], *WHO[Step.SIGN]))]
    )
    return found.order_by(
        ExpressionWrapper(concerned, BooleanField()).desc(), "posting__role", "display_name", "pk"
    )


def names_of(opinion: Opinion) -> str:
    """Who took part in the discussion."""
    found = User.objects.filter(pk__in=opinion.participants).order_by("display_name", "pk")
    return "、".join(found.values_list("display_name", flat=True))


# On what it rests ----


def assessment_for(case: Case, kind: str) -> Assessment | None:
    """The standing conclusion that an opinion of this kind rests on."""
    rests_on = RESTS_ON[TermDecisionKind(kind)]
    found: Assessment | None = (
        Assessment.objects.standing().filter(case=case, kind=rests_on).first()
    )
    return found


def ground_obstacles(
    case: Case, kind: str, *, months: int | None, on: date
) -> tuple[Obstacle, ...]:
    """Why no such opinion may be made, or go on, today; `case` with its decision. The term engine is asked."""
    if found := ended_obstacles(case):
        return found
    assessment = assessment_for(case, kind)
    extends = kind == TermDecisionKind.EXTENSION
    return rules.ground_obstacles(
        rules.Grounding(
            kind=kind,
            on=on,
            ends_on=case.ends_on,
            status_label=case.get_status_display(),
            in_custody=case.status in IN_CUSTODY,
            opens_on=one_year_opens_on(case.decision.decided_on),
            never=None if extends else _bar(case),
            beyond=_beyond(case, months or 1, on=on) if extends else (),
            parts=assessment.parts if assessment else None,
        )
    )


def _bar(case: Case) -> Obstacle | None:
    return bar_of(case, escaped=ever_escaped(case))


def _beyond(case: Case, months: int, *, on: date) -> tuple[Obstacle, ...]:
    """What the term engine has against an extension of these months, served today."""
    facts = term_facts(case, on=on)
    try:
        explain(replace(facts, decisions=(*facts.decisions, Extension(facts.on, months))))
    except Refused as refused:
        return refused.obstacles
    return ()


def proposable(case: Case, *, on: date) -> dict[TermDecisionKind, tuple[Obstacle, ...]]:
    """Of each kind, why it may not be proposed today; empty means it may."""
    return {kind: ground_obstacles(case, kind, months=None, on=on) for kind in RESTS_ON}


# Why a step may not be taken ----


def open_objections(opinion: Opinion) -> list[Objection]:
    """Those that nobody has reviewed, the first first."""
    return [one for one in opinion.objections.all() if one.status == ObjectionStatus.LODGED]


def is_told(opinion: Opinion) -> bool:
    """Whether the person is told in writing that it ends unsent; of what was only proposed he does not know."""
    if opinion.discussed_on is None:
        return False
    return opinion.kind == TermDecisionKind.EARLY_RELEASE or bool(open_objections(opinion))


def step_obstacles(
    case: Case, opinion: Opinion | None, step: OpinionStep, *, by: User, on: date
) -> tuple[Obstacle, ...]:
    """Why this officer may not take this step now, whatever he writes."""
    if not any(map(by.may, WHO[step])):
        return (Obstacle(f"您的岗位不办理“{step.label}”"),)
    if found := ended_obstacles(case):
        return found
    if step == Step.PROPOSE:
        return _proposing(opinion)
    if opinion is None:
        return (NO_OPINION,)
    return _edge(opinion, step) or _of_step(case, opinion, step, by=by, on=on)


def _proposing(opinion: Opinion | None) -> tuple[Obstacle, ...]:
    if opinion is not None and opinion.status in OPINION_OPEN:
        return (Obstacle("已有意见正在办理，办结以后再提出"),)
    if is_awaited(opinion):
        message = "决定机关已批准的意见还没有登记送达，登记送达或者撤销登记以后再提出"
        return (Obstacle(message, statutes.OPINION_ANSWER),)
    return ()


def _edge(opinion: Opinion, step: OpinionStep) -> tuple[Obstacle, ...]:
    at = S(opinion.status)
    if step == Step.UNDO:
        open_ = at in OPINION_BACK
    elif step == Step.OBJECT:
        open_ = at in OBJECTABLE
    elif step == Step.REVIEW:
        open_ = at in REVIEWABLE
    else:
        open_ = (at, TO[step]) in OPINION_EDGES and OPINION_BACK.get(at) != TO[step]
    if open_:
        return ()
    return (
        Obstacle(f"意见现为“{at.label}”，不能办理“{step.label}”", rules.ARTICLES[opinion.kind]),
    )


def _of_step(
    case: Case, opinion: Opinion, step: OpinionStep, *, by: User, on: date
) -> tuple[Obstacle, ...]:
    match step:
        case Step.DISCUSS:
            return _another(opinion, by, "登记集体讨论") + still_grounded(case, opinion, on=on)
        case Step.REVIEW:
            return _reviewing(opinion, by)
        case Step.SIGN:
            return _another(opinion, by, "审批")
        case Step.SEND:
            said = rules.waiting_obstacles("报送", **waiting(opinion))
            return said + still_grounded(case, opinion, on=on)
        case Step.UNDO:
            return _undoing(opinion, by)
    return ()


def _another(opinion: Opinion, by: User, act: str) -> tuple[Obstacle, ...]:
    if opinion.by_id != by.pk:
        return ()
    return (Obstacle(f"本人提出的意见不能由本人{act}，请由另一人办理", statutes.ASSESSMENT_FAIR),)


def still_grounded(case: Case, opinion: Opinion, *, on: date) -> tuple[Obstacle, ...]:
    """Why it cannot go on: what it rests on has changed since."""
    found = ground_obstacles(case, opinion.kind, months=opinion.months, on=on)
    now = assessment_for(case, opinion.kind)
    if now is not None and now.pk != opinion.assessment_id:
        message = "所依据的诊断评估结论已被更正，请撤回后按新的结论重新提出"
        found = (*found, Obstacle(message, statutes.ASSESSMENT_BASIS))
    return found


def signing_obstacles(case: Case, opinion: Opinion, *, on: date) -> tuple[Obstacle, ...]:
    """Why no leader agrees to it yet; that he does not agree is always open to him."""
    assert opinion.notice_until is not None
    return (
        *rules.leader_obstacles(notice_until=opinion.notice_until, on=on, **waiting(opinion)),
        *still_grounded(case, opinion, on=on),
    )


def waiting(opinion: Opinion) -> dict[str, int]:
    """For how many reviews the person waits, and for how many answers in writing."""
    lines: Any = opinion.objections.all()
    return {
        "open_objections": len(open_objections(opinion)),
        "unserved": len([one for one in lines if one.reply_id and not one.served]),
    }


def _reviewing(opinion: Opinion, by: User) -> tuple[Obstacle, ...]:
    lodged = open_objections(opinion)
    if not lodged:
        return (Obstacle("没有待复核的异议，请刷新页面查看"),)
    assessed = opinion.assessment
    parties = {
        assessed.by_id, assessed.concluded_by_id, opinion.by_id, opinion.discussed_by_id,
        opinion.signed_by_id, lodged[0].by_id, *opinion.participants,
    }  # fmt: skip
    return rules.reviewer_obstacles(took_part=by.pk in parties)


def _undoing(opinion: Opinion, by: User) -> tuple[Obstacle, ...]:
    whose = RECORDER[S(opinion.status)]
    stands: Any = opinion
    if getattr(opinion, whose) == by.pk:
        return (Obstacle("登记人不得自己撤销登记，请由另一人办理"),)
    if opinion.status == S.APPROVED and stands.recorded:
        return (Obstacle("决定书已登记送达，须先撤销期限决定的登记"),)
    newer = Opinion.objects.open().filter(case=opinion.case_id).exclude(pk=opinion.pk)
    if opinion.status not in OPINION_OPEN and newer.exists():
        return (Obstacle("此人另有意见正在办理，不能恢复这一份"),)
    return ()

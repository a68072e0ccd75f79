"""意见 inside the house: proposed by one, discussed by several, on public notice, signed by a leader."""

from datetime import datetime

from django.db import transaction

from centers.assessment import selectors
from centers.assessment.actions import opinion_papers as papers
from centers.assessment.rules import opinions as rules
from centers.models import Opinion
from centers.states import OPINION_EDGES, OpinionStatus, OpinionStep
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, events, notices, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import TermDecisionKind

K, S, Step = Event.Kind, OpinionStatus, OpinionStep
ASSESSOR, COMMITTEE, LEADER, ZONE = (
    "assessor",
    "committee_member",
    "facility_leader",
    "zone_officer",
)
BUREAU = "bureau_approver"
LEFT = "此人离所结案，意见终止"


@transaction.atomic
def propose_opinion(
    *,
    case: Case,
    kind: TermDecisionKind,
    months: int,
    grounds: str,
    community_refusal: bool = False,
    by: User,
    at: datetime,
) -> Opinion:
    """提出意见 on a concluded comprehensive assessment: it moves nothing."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(
        (
            *selectors.step_obstacles(case, opinion, Step.PROPOSE, by=by, on=on),
            *rules.proposal_obstacles(
                kind=kind, months=months, grounds=grounds, community_refusal=community_refusal
            ),
            *selectors.ground_obstacles(case, kind, months=months, on=on),
        )
    )

    assessment = selectors.assessment_for(case, kind)
    assert assessment is not None  # else it has no ground
    made: Opinion = Opinion.objects.create(
        case=case,
        kind=kind,
        status=S.PROPOSED,
        assessment=assessment,
        months=months,
        grounds=grounds.strip(),
        by=by,
        proposed_at=at,
    )

    record(made, K.OPINION_PROPOSED, ASSESSOR, COMMITTEE, by=by, at=at)
    return made


@transaction.atomic
def discuss_opinion(*, case: Case, discussion: rules.Discussion, by: User, at: datetime) -> Opinion:
    """登记集体讨论, by another than who proposed it: agreed, it goes on public notice; else it is closed."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.DISCUSS, by=by, on=on))
    assert opinion is not None
    Refused.if_any(
        rules.discussion_obstacles(
            discussion,
            proposed_on=clock.day_of(opinion.proposed_at),
            known=set(selectors.discussants(case).values_list("pk", flat=True)),
            on=on,
        )
    )

    opinion.discussed_on, opinion.discussed_by = discussion.discussed_on, by
    opinion.participants = list(discussion.participants)
    opinion.conclusion = discussion.conclusion.strip()
    opinion.dissent = discussion.dissent.strip() or None
    if not discussion.agreed:
        end_unsent(opinion, S.REJECTED, opinion.conclusion, by=by, at=at)
        record(opinion, K.OPINION_REJECTED, ASSESSOR, by=by, at=at)
        return opinion
    assert discussion.notice_from is not None
    days = selectors.terms(case.facility.province_id, on=on).notice_days
    opinion.notice_from = discussion.notice_from
    opinion.notice_until = rules.notice_until(discussion.notice_from, days)
    opinion.notice = papers.notice(opinion, by=by, at=at)
    move(opinion, S.NOTICED)

    record(opinion, K.OPINION_DISCUSSED, ASSESSOR, LEADER, ZONE, by=by, at=at)
    return opinion


@transaction.atomic
def sign_opinion(*, case: Case, by: User, at: datetime) -> Opinion:
    """所领导审批同意: after the notice, with no objection open, on grounds that still stand."""
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.SIGN, by=by, on=on))
    assert opinion is not None
    Refused.if_any(selectors.signing_obstacles(case, opinion, on=on))

    opinion.signed_by, opinion.signed_at = by, at
    opinion.document = papers.letter(opinion, by=by, at=at)
    move(opinion, S.SIGNED)

    record(opinion, K.OPINION_SIGNED, ASSESSOR, by=by, at=at)
    return opinion


@transaction.atomic
def decline_opinion(*, case: Case, reason: str, by: User, at: datetime) -> Opinion:
    """所领导不同意, with the reason: it ends here."""
    case, opinion = locked(case)

    Refused.if_any(
        reasoned(
            selectors.step_obstacles(case, opinion, Step.SIGN, by=by, on=clock.day_of(at)),
            reason,
            "不同意的理由",
        )
    )
    assert opinion is not None

    end_unsent(opinion, S.DECLINED, reason, by=by, at=at)

    record(opinion, K.OPINION_DECLINED, ASSESSOR, by=by, at=at, why=reason)
    return opinion


@transaction.atomic
def withdraw_opinion(*, case: Case, reason: str, by: User, at: datetime) -> Opinion:
    """撤回意见 that was not sent."""
    case, opinion = locked(case)

    Refused.if_any(
        reasoned(
            selectors.step_obstacles(case, opinion, Step.WITHDRAW, by=by, on=clock.day_of(at)),
            reason,
            "撤回的理由",
        )
    )
    assert opinion is not None

    end_unsent(opinion, S.WITHDRAWN, reason, by=by, at=at)

    record(opinion, K.OPINION_WITHDRAWN, ASSESSOR, LEADER, by=by, at=at, why=reason)
    return opinion


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def end_open_opinion(*, case: Case, by: User, at: datetime) -> Opinion | None:
    """End what is under way of somebody whose case ends; None when there is nothing.

    Part of release, death, revocation and conversion: the caller holds the case and refreshes its deadlines.
    """
    found: Opinion | None = Opinion.objects.open().filter(case=case).first()
    if found is None:
        return None
    found.case = case
    close(found, S.ENDED, LEFT, by=by, at=at)
    events.record(case, K.OPINION_ENDED, by=by, at=at, opinion=str(found.pk), of=found.kind)
    tell(found, K.OPINION_ENDED, ASSESSOR)
    return found


# The beats they share ----


def locked(case: Case) -> tuple[Case, Opinion | None]:
    """The case, locked, and its newest opinion as it stands under that lock."""
    case = cases.lock(case, "decision", "facility__province", "facility__division")
    opinion = selectors.opinion_of(case)
    if opinion is not None:
        opinion.case = case
    return case, opinion


def reasoned(found: tuple[Obstacle, ...], reason: str, label: str) -> tuple[Obstacle, ...]:
    """The same, and that a reason is missing."""
    return found if reason.strip() else (*found, Obstacle(f"“{label}”不能为空，请填写"))


def move(opinion: Opinion, to: OpinionStatus) -> None:
    """Along an edge of the table, and along no other."""
    at = S(opinion.status)
    if (at, to) not in OPINION_EDGES:
        raise ValueError(f"{at} does not lead to {to}")
    opinion.status = to
    opinion.save()


def close(opinion: Opinion, to: OpinionStatus, reason: str, *, by: User, at: datetime) -> None:
    """To an end, with who ended it and why."""
    opinion.reason, opinion.closed_by, opinion.closed_at = reason.strip(), by, at
    move(opinion, to)


def end_unsent(opinion: Opinion, to: OpinionStatus, reason: str, *, by: User, at: datetime) -> None:
    """To an end inside the house; who hoped for it, or waits for a review, is told in writing."""
    if selectors.is_told(opinion):
        opinion.reply = papers.unsent(opinion, reason, by=by, at=at)
    close(opinion, to, reason, by=by, at=at)


def record(
    opinion: Opinion,
    kind: Event.Kind,
    *roles: str,
    by: User,
    at: datetime,
    why: str = "",
    corrects: Event | None = None,
    **facts: str,
) -> None:
    """The event, the deadlines, and the word to the posts concerned."""
    events.record(
        opinion.case,
        kind,
        by=by,
        at=at,
        words={"why": why.strip()} if why else None,
        corrects=corrects,
        opinion=str(opinion.pk),
        of=opinion.kind,
        **facts,
    )
    deadlines.refresh([opinion.case])

    tell(opinion, kind, *roles)
    outbox.poke()


def tell(opinion: Opinion, kind: Event.Kind, *roles: str) -> None:
    """Tell the posts of the facility, of the 大队 or of the bureau."""
    posts = (notices.post_for(role, opinion.case) for role in dict.fromkeys(roles))
    for post in filter(None, posts):
        notices.tell(opinion.case, kind, to=post, cycle=str(opinion.pk))

"""异议: what the person says against an opinion, reviewed by who had no part in it, answered in writing."""

from datetime import datetime

from django.db import transaction

from centers.assessment import selectors
from centers.assessment.actions import opinion_papers as papers
from centers.assessment.actions.opinions import (
    ASSESSOR,
    COMMITTEE,
    LEADER,
    ZONE,
    close,
    locked,
    reasoned,
    record,
)
from centers.assessment.rules import opinions as rules
from centers.models import Objection
from centers.states import OPINION_EDGES, ObjectionStatus, OpinionStatus, OpinionStep
from rehab import clock
from rehab.models import Case, Event, User
from rehab.refusal import Refused
from rehab.rules.days import calendar_days_after

K, Step = Event.Kind, OpinionStep


@transaction.atomic
def lodge_objection(
    *, case: Case, words: str, lodged_at: datetime, behalf: str = "", by: User, at: datetime
) -> Objection:
    """登记异议 of the person, or of somebody for him: no leader signs, and nothing is sent, before it was reviewed.

    What was said before the leader signed is taken after it as well: his signature stands, all are told at once.
    """
    case, opinion = locked(case)
    on = clock.day_of(at)

    Refused.if_any(selectors.step_obstacles(case, opinion, Step.OBJECT, by=by, on=on))
    assert opinion is not None
    assert opinion.discussed_on is not None
    Refused.if_any(
        rules.objection_obstacles(
            words=words,
            lodged_at=lodged_at,
            discussed_on=opinion.discussed_on,
            signed_at=opinion.signed_at,
            at=at,
        )
    )

    days = selectors.terms(case.facility.province_id, on=on).review_days
    made: Objection = Objection.objects.create(
        case=case,
        opinion=opinion,
        status=ObjectionStatus.LODGED,
        lodged_at=lodged_at,
        recorded_at=at,
        behalf=behalf.strip() or None,
        words=words.strip(),
        review_due_on=calendar_days_after(clock.day_of(lodged_at), days),
        by=by,
    )

    told = (COMMITTEE, ASSESSOR, LEADER)
    record(opinion, K.OBJECTION_LODGED, *told, by=by, at=lodged_at, objection=str(made.pk))
    return made


@transaction.atomic
def review_objection(
    *, case: Case, seen: str, upheld: bool, findings: str, by: User, at: datetime
) -> Objection:
    """复核异议, the first that waits, by who had no part: upheld, the opinion ends; he is told in writing.

    What the deciding organ has already it keeps, and reads the answer beside it.
    `seen` is the key of the objection that the officer read: no review lands on another.
    """
    case, opinion = locked(case)

    Refused.if_any(
        reasoned(
            selectors.step_obstacles(case, opinion, Step.REVIEW, by=by, on=clock.day_of(at)),
            findings,
            "复核意见",
        )
    )
    assert opinion is not None

    objection = selectors.open_objections(opinion)[0]
    Refused.if_any(rules.seen_obstacles(seen=seen, first=str(objection.pk)))

    objection.status = ObjectionStatus.UPHELD if upheld else ObjectionStatus.DISMISSED
    objection.findings, objection.reviewed_by, objection.reviewed_at = findings.strip(), by, at
    objection.reply = papers.reply(opinion, objection, by=by, at=at)
    objection.save()
    if upheld and (opinion.status, OpinionStatus.UPHELD) in OPINION_EDGES:
        close(opinion, OpinionStatus.UPHELD, findings, by=by, at=at)

    kind = K.OBJECTION_UPHELD if upheld else K.OBJECTION_DISMISSED
    record(opinion, kind, ASSESSOR, LEADER, ZONE, by=by, at=at, objection=str(objection.pk))
    return objection

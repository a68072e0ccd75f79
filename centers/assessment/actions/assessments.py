"""诊断评估: drafted by one, concluded or returned by another, corrected by a new conclusion."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from centers.assessment import rules, selectors
from centers.models import Assessment
from centers.states import AssessmentKind, AssessmentStatus
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, events, notices, outbox
from rehab.ledgers.changes import Change
from rehab.models import Case, Event, User
from rehab.refusal import Refused


@transaction.atomic
def draft_assessment(
    *,
    case: Case,
    kind: AssessmentKind,
    parts: Mapping[str, str],
    reasons: str = "",
    by: User,
    at: datetime,
) -> Assessment:
    """拟定诊断评估: a grade for each need of the province's rule; the result follows from them."""
    case = cases.lock(case)

    facts, found = selectors.assessment_facts(case, kind, on=clock.day_of(at))
    Refused.if_any(
        rules.draft_obstacles(facts, on=clock.day_of(at))
        or selectors.grade_obstacles(parts, found) + rules.reason_obstacles(parts, reasons)
    )

    assessment = _write(case, kind, parts, reasons, by=by, at=at)

    _record_draft(case, assessment, by=by, at=at)
    return assessment


@transaction.atomic
def correct_assessment(
    *,
    assessment: Assessment,
    parts: Mapping[str, str],
    reasons: str = "",
    why: str,
    by: User,
    at: datetime,
) -> Assessment:
    """更正诊断评估: a new draft that, once concluded, takes the place of a standing conclusion."""
    case = cases.lock(assessment.case)

    assessment = Assessment.objects.select_related("case").get(pk=assessment.pk)
    facts, found = selectors.correction_facts(assessment, on=clock.day_of(at))
    Refused.if_any(
        rules.correction_obstacles(
            standing=assessment.status == AssessmentStatus.CONCLUDED, why=why
        )
        + (
            rules.draft_obstacles(facts, on=clock.day_of(at))
            or selectors.grade_obstacles(parts, found) + rules.reason_obstacles(parts, reasons)
        )
    )

    draft = _write(case, assessment.kind, parts, reasons, by=by, at=at, corrects_for=why.strip())

    _record_draft(case, draft, by=by, at=at)
    return draft


@transaction.atomic
def conclude_assessment(*, assessment: Assessment, by: User, at: datetime) -> Assessment:
    """作出诊断评估结论: the second person signs; a former conclusion of the kind is superseded."""
    case = cases.lock(assessment.case)

    assessment = Assessment.objects.select_related("case").get(pk=assessment.pk)
    Refused.if_any(selectors.conclusion_obstacles(assessment, by=by, on=clock.day_of(at)))

    former = Assessment.objects.standing().filter(case=case, kind=assessment.kind).first()
    if former is not None:
        former.status = AssessmentStatus.SUPERSEDED
        former.save(update_fields=["status"])
    assessment.status, assessment.supersedes = AssessmentStatus.CONCLUDED, former
    assessment.concluded_by, assessment.concluded_at = by, at
    assessment.save(update_fields=["status", "supersedes", "concluded_by", "concluded_at"])

    events.record(
        case,
        Event.Kind.ASSESSMENT_CONCLUDED,
        by=by,
        at=at,
        corrects=_event_of(former) if former and assessment.corrects_for else None,
        assessment=str(assessment.pk),
        assessed=assessment.kind,
        result=assessment.result,
        changes=_changed(former, assessment),
        words={"why": assessment.corrects_for} if assessment.corrects_for else None,
    )
    deadlines.refresh([case])

    _tell(case, Event.Kind.ASSESSMENT_CONCLUDED, "zone_officer", assessment)
    outbox.poke()
    return assessment


@transaction.atomic
def return_assessment(*, assessment: Assessment, reason: str, by: User, at: datetime) -> Assessment:
    """退回拟定的评估 with a reason; what was written stays on file."""
    case = cases.lock(assessment.case)

    assessment = Assessment.objects.get(pk=assessment.pk)
    Refused.if_any(
        rules.return_obstacles(drafted=assessment.status == AssessmentStatus.DRAFTED, reason=reason)
    )

    assessment.status, assessment.returned_for = AssessmentStatus.RETURNED, reason.strip()
    assessment.save(update_fields=["status", "returned_for"])

    events.record(
        case,
        Event.Kind.ASSESSMENT_RETURNED,
        by=by,
        at=at,
        assessment=str(assessment.pk),
        assessed=assessment.kind,
    )
    deadlines.refresh([case])

    _tell(case, Event.Kind.ASSESSMENT_RETURNED, "assessor", assessment)
    outbox.poke()
    return assessment


def _write(
    case: Case,
    kind: str,
    parts: Mapping[str, str],
    reasons: str,
    *,
    by: User,
    at: datetime,
    corrects_for: str | None = None,
) -> Assessment:
    draft: Assessment = Assessment.objects.create(
        case=case, kind=kind, status=AssessmentStatus.DRAFTED, parts=dict(parts),
        result=rules.result_of(parts), reasons=reasons.strip() or None, by=by, drafted_at=at,
        corrects_for=corrects_for,
    )  # fmt: skip
    return draft


def _record_draft(case: Case, assessment: Assessment, *, by: User, at: datetime) -> None:
    events.record(
        case,
        Event.Kind.ASSESSMENT_DRAFTED,
        by=by,
        at=at,
        assessment=str(assessment.pk),
        assessed=assessment.kind,
    )
    deadlines.refresh([case])

    _tell(case, Event.Kind.ASSESSMENT_DRAFTED, "assessor", assessment)
    outbox.poke()


def _tell(case: Case, what: Event.Kind, role: str, assessment: Assessment) -> None:
    if post := notices.post_for(role, case):
        notices.tell(case, what, to=post, cycle=str(assessment.pk))


def _changed(former: Assessment | None, assessment: Assessment) -> tuple[Change, ...]:
    """The standing result of a kind, when it is another from now on."""
    if former is None or former.result == assessment.result:
        return ()
    return (Change("result", former.result, assessment.result),)


def _event_of(assessment: Assessment) -> Event | None:
    """The event of a conclusion, which its correction names."""
    return Event.objects.filter(
        case=assessment.case_id,
        kind=Event.Kind.ASSESSMENT_CONCLUDED,
        facts__assessment=str(assessment.pk),
    ).first()

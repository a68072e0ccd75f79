"""The clocks of the centres: comprehensive assessments, the mark of conduct, opinions on their way."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

from centers import told_clocks
from centers.assessment import rules, selectors
from centers.assessment.rules import opinions
from centers.assessment.selectors import Correction, File, Reviewing, UnderWay
from centers.models import AssessmentRule
from centers.states import REVIEWABLE, AssessmentKind, AssessmentStatus, Need, OpinionStatus
from rehab import statutes
from rehab.db.prepared import Among, Prepared
from rehab.models import Case
from rehab.rules.days import calendar_days_after, calendar_days_before, day_of, end_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import FINAL, CaseStatus

ONE_YEAR = "centers.one_year"
PRE_EXPIRY = "centers.pre_expiry"
CONDUCT = "centers.conduct"
CONFIRMATION = "centers.conduct_confirmation"
OBJECTION = "centers.objection"
REPLY = "centers.objection_reply"
ORGAN = "centers.objection_organ"
DISCUSSION = "centers.opinion_discussion"
SIGNATURE = "centers.opinion_signature"
SENDING = "centers.opinion_sending"
RECEIPT = "centers.opinion_receipt"
ANSWER = "centers.opinion_answer"
SERVICE = "centers.opinion_service"
REFUSAL = "centers.opinion_refusal"
CORRECTION = "centers.opinion_correction"
TOLD = frozenset(
    {
        OpinionStatus.REFUSED,
        OpinionStatus.REJECTED,
        OpinionStatus.DECLINED,
        OpinionStatus.WITHDRAWN,
    }
)
OPINION_PAGE = "centers:opinion-detail"

CLOCKS = (
    Clock(
        ONE_YEAR, "满一年综合诊断评估", Category.ASSESSMENT, "评估", "centers:assessment-create",
        lead_days=30,
    ),
    Clock(
        PRE_EXPIRY, "期满前综合诊断评估", Category.ASSESSMENT, "评估", "centers:assessment-create",
        lead_days=30,
    ),
    Clock(CONDUCT, "行为表现月考核", Category.CENTER, "评分", "centers:conduct-create", lead_days=5),
    Clock(
        CONFIRMATION, "行为表现月考核复核", Category.CENTER, "复核", "centers:conduct-confirm",
        lead_days=5,
    ),
    Clock(OBJECTION, "异议复核", Category.ASSESSMENT, "复核", OPINION_PAGE),
    Clock(REPLY, "异议复核答复送达本人", Category.PAPER, "查看", OPINION_PAGE),
    Clock(ORGAN, "异议复核答复送决定机关", Category.PAPER, "查看", OPINION_PAGE),
    Clock(DISCUSSION, "期限意见待集体讨论", Category.ASSESSMENT, "登记讨论", OPINION_PAGE),
    Clock(SIGNATURE, "期限意见待所领导审批", Category.ASSESSMENT, "审批", OPINION_PAGE),
    Clock(SENDING, "期限意见待报送", Category.PAPER, "登记报送", OPINION_PAGE),
    Clock(RECEIPT, "期限意见待决定机关签收", Category.PAPER, "登记签收", OPINION_PAGE),
    Clock(ANSWER, "期限意见待决定", Category.PAPER, "登记决定", OPINION_PAGE),
    Clock(
        SERVICE, "期限决定书待送达本人", Category.PAPER, "登记送达", "aftercare:term-decision-create",
        told_on_the_day="facility_leader",
    ),
    Clock(REFUSAL, "期限意见没有批准或者没有报送，待告知本人", Category.PAPER, "查看", OPINION_PAGE),
    Clock(CORRECTION, "“不批准”告知书作废，待告知本人", Category.PAPER, "查看", OPINION_PAGE),
    *told_clocks.CLOCKS,
)  # fmt: skip


@dataclass(frozen=True)
class CenterFacts:
    """What the clocks of the centres ask about one case."""

    file: File
    one_year_days: int
    pre_expiry_days: int
    conduct_from: date | None  # from when the province wants conduct marked; None: it does not
    opinions: tuple[UnderWay, ...] = ()
    corrections: tuple[Correction, ...] = ()


def facts(cases: Sequence[Case]) -> Mapping[UUID, CenterFacts]:
    """Two queries for any number of cases, and three more where there are opinions."""
    files = selectors.files(cases)
    opined = [key for key, file in files.items() if file.opined]
    under_way, corrections = selectors.under_way(opined), selectors.corrections(opined)
    of_kind: dict[tuple[UUID, str], list[AssessmentRule]] = defaultdict(list)
    conduct_from: dict[UUID, date] = {}
    for rule in _rules({file.province for file in files.values()}):
        of_kind[rule.province_id, rule.kind].append(rule)
        if Need.CONDUCT in rule.needs:
            conduct_from.setdefault(rule.province_id, rule.effective_from)
    return {
        key: CenterFacts(
            file,
            one_year_days=_due_days(
                of_kind[file.province, AssessmentKind.ONE_YEAR],
                opens_on=rules.one_year_opens_on(file.decided_on),
            ),
            pre_expiry_days=_due_days(
                of_kind[file.province, AssessmentKind.PRE_EXPIRY],
                opens_on=rules.pre_expiry_opens_on(file.ends_on),
            ),
            conduct_from=conduct_from.get(file.province),
            opinions=under_way.get(key, ()),
            corrections=corrections.get(key, ()),
        )
        for key, file in files.items()
    }


@Prepared
def _rules() -> Any:
    return AssessmentRule.objects.filter(Among("province")).order_by("effective_from")


def _due_days(of_kind: Sequence[AssessmentRule], *, opens_on: date) -> int:
    """By the rule in force when the assessment opens, or, where none was yet, the first after that."""
    if not of_kind:
        return rules.DUE_DAYS
    in_force = [rule for rule in of_kind if rule.effective_from <= opens_on]
    return (in_force[-1] if in_force else of_kind[0]).due_days


def expected(facts: CenterFacts) -> tuple[Expected, ...]:
    """What stands open ends with the case, and rests while somebody has escaped."""
    rows = (
        *_assessments(facts),
        *_conduct(facts),
        *chain.from_iterable(map(_opinion, facts.opinions)),
        *map(_correction, facts.corrections),
        *told_clocks.expected(facts.file),
    )
    if facts.file.status in FINAL or facts.file.status == CaseStatus.ESCAPED:
        return tuple(row for row in rows if row.satisfied_at is not None)
    return rows


def _assessments(facts: CenterFacts) -> Iterator[Expected]:
    file = facts.file
    entered_on = day_of(file.entered_at)
    opens_on = max(rules.one_year_opens_on(file.decided_on), entered_on)
    if opens_on <= file.ends_on:
        yield Expected(
            ONE_YEAR,
            opened_at=start_of(opens_on),
            due_at=end_of(calendar_days_after(opens_on, facts.one_year_days)),
            owed_by="assessor",
            article=statutes.EARLY_RELEASE,
            satisfied_at=_first_conclusion(file, AssessmentKind.ONE_YEAR),
        )
    due_on = calendar_days_before(file.ends_on, facts.pre_expiry_days)
    yield Expected(
        PRE_EXPIRY,
        opened_at=start_of(max(rules.pre_expiry_opens_on(file.ends_on), entered_on)),
        due_at=end_of(max(due_on, entered_on)),
        owed_by="assessor",
        article=statutes.EXTENSION,
        satisfied_at=_first_conclusion(file, AssessmentKind.PRE_EXPIRY),
    )


def _first_conclusion(file: File, kind: AssessmentKind) -> datetime | None:
    done = [
        one.concluded_at
        for one in file.assessments
        if one.kind == kind and one.status != AssessmentStatus.DRAFTED and one.concluded_at
    ]
    return min(done, default=None)


def _conduct(facts: CenterFacts) -> Iterator[Expected]:
    """A mark for each full month spent in zones 02 to 04, and its second signature."""
    if facts.conduct_from is None:
        return
    file = facts.file
    owed = rules.full_months(file.stays, until=file.ends_on)
    for month in sorted({*owed, *file.marks}):
        if rules.last_day(month) < facts.conduct_from:
            continue
        mark = file.marks.get(month)
        yield Expected(
            CONDUCT,
            opened_at=start_of(rules.marking_opens_on(month)),
            due_at=rules.mark_due_at(month),
            owed_by="zone_officer",
            article=statutes.CONDUCT_CRITERIA,
            cycle=f"{month:%Y-%m}",
            satisfied_at=mark.marked_at if mark else None,
        )
        if mark:
            yield Expected(
                CONFIRMATION,
                opened_at=mark.marked_at,
                due_at=rules.confirm_due_at(month),
                owed_by="zone_leader",
                article=statutes.CONDUCT_CRITERIA,
                cycle=f"{month:%Y-%m}",
                satisfied_at=mark.confirmed_at,
            )


def _opinion(opinion: UnderWay) -> Iterator[Expected]:
    """Whose turn it is with an opinion. None of it keeps anybody a day."""
    yield from _objections(opinion)
    article = opinions.ARTICLES[opinion.kind]
    match opinion.status:
        case OpinionStatus.PROPOSED:
            due = calendar_days_after(day_of(opinion.proposed_at), opinions.DISCUSS_DAYS)
            yield _owed(opinion, DISCUSSION, opinion.proposed_at, due, "assessor", article)
        case OpinionStatus.NOTICED if opinion.notice_until and not _is_waited_for(opinion):
            opens = calendar_days_after(opinion.notice_until, 1)
            due = calendar_days_after(opens, opinions.SIGN_DAYS)
            yield _owed(opinion, SIGNATURE, start_of(opens), due, "facility_leader", article)
        case OpinionStatus.SIGNED if opinion.signed_at and not _is_waited_for(opinion):
            due = calendar_days_after(day_of(opinion.signed_at), opinions.SEND_DAYS)
            yield _owed(opinion, SENDING, opinion.signed_at, due, "assessor", article)
        case OpinionStatus.SENT if opinion.sent_on:
            due = calendar_days_after(opinion.sent_on, opinions.RECEIPT_DAYS)
            yield _owed(opinion, RECEIPT, start_of(opinion.sent_on), due, "assessor", article)
        case OpinionStatus.RECEIVED if opinion.received_on:
            opened, due = start_of(opinion.received_on), opinions.answer_due_on(opinion.received_on)
            yield _owed(opinion, ANSWER, opened, due, "assessor", statutes.OPINION_ANSWER)
        case OpinionStatus.APPROVED if opinion.answered_at and not opinion.recorded:
            due = calendar_days_after(day_of(opinion.answered_at), opinions.SERVE_DAYS)
            due = min(due, opinion.decided_ends_on or due)
            answer = statutes.OPINION_ANSWER
            yield _owed(opinion, SERVICE, opinion.answered_at, due, "assessor", answer)
        case status if status in TOLD and opinion.reply and opinion.closed_at:
            due = calendar_days_after(day_of(opinion.closed_at), opinions.REPLY_DAYS)
            told = opinion.told_at
            yield _owed(opinion, REFUSAL, opinion.closed_at, due, "assessor", article, told)


def _correction(paper: Correction) -> Expected:
    """Who was told in writing that it was refused is told in writing that it was not."""
    due_on = calendar_days_after(day_of(paper.opened_at), opinions.REPLY_DAYS)
    return Expected(
        CORRECTION,
        opened_at=paper.opened_at,
        due_at=end_of(due_on),
        owed_by="assessor",
        article=statutes.OPINION_ANSWER,
        cycle=paper.key,
        satisfied_at=paper.served_at,
    )


def _is_waited_for(opinion: UnderWay) -> bool:
    """Whether the person waits for a review, or for its answer in writing."""
    return any(one.served_at is None for one in opinion.objections)


def _objections(opinion: UnderWay) -> Iterator[Expected]:
    """A review by its day, and its answer served on the person; of who was withdrawn from nothing is owed."""
    for one in opinion.objections:
        if one.reviewed_at is None and opinion.status not in REVIEWABLE:
            continue
        yield Expected(
            OBJECTION,
            opened_at=one.lodged_at,
            due_at=end_of(one.due_on),
            owed_by="committee_member",
            article=statutes.OBJECTION,
            cycle=one.key,
            satisfied_at=one.reviewed_at,
        )
        if one.reviewed_at is not None:
            due = calendar_days_after(day_of(one.reviewed_at), opinions.REPLY_DAYS)
            yield Expected(
                REPLY,
                opened_at=one.reviewed_at,
                due_at=end_of(due),
                owed_by="assessor",
                article=statutes.OBJECTION,
                cycle=one.key,
                satisfied_at=one.served_at,
            )
            yield from _to_the_organ(opinion, one, day_of(one.reviewed_at))


def _to_the_organ(opinion: UnderWay, objection: Reviewing, reviewed_on: date) -> Iterator[Expected]:
    """The letter that was sent knows nothing of an objection written down after its signature."""
    late = opinion.signed_at is not None and objection.recorded_at > opinion.signed_at
    if late and opinion.sent_on is not None:
        opened_on = max(reviewed_on, opinion.sent_on)
        yield Expected(
            ORGAN,
            opened_at=start_of(opened_on),
            due_at=end_of(calendar_days_after(opened_on, opinions.REPLY_DAYS)),
            owed_by="assessor",
            article=statutes.OBJECTION,
            cycle=objection.key,
            satisfied_at=objection.organ_served_at,
        )


def _owed(
    opinion: UnderWay,
    clock: str,
    opened_at: datetime,
    due_on: date,
    owed_by: str,
    article: statutes.Article,
    satisfied_at: datetime | None = None,
) -> Expected:
    return Expected(
        clock,
        opened_at=opened_at,
        due_at=end_of(due_on),
        owed_by=owed_by,
        article=article,
        cycle=opinion.key,
        satisfied_at=satisfied_at,
    )

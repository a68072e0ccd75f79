"""The clocks of the centres: the two comprehensive assessments, and the monthly mark of conduct."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from centers.assessment import rules, selectors
from centers.assessment.selectors import File
from centers.models import AssessmentRule
from centers.states import AssessmentKind, AssessmentStatus, Need
from rehab import statutes
from rehab.models import Case
from rehab.rules.days import calendar_days_after, calendar_days_before, day_of, end_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import FINAL, CaseStatus

ONE_YEAR = "centers.one_year"
PRE_EXPIRY = "centers.pre_expiry"
CONDUCT = "centers.conduct"
CONFIRMATION = "centers.conduct_confirmation"

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
)  # fmt: skip


@dataclass(frozen=True)
class CenterFacts:
    """What the clocks of the centres ask about one case."""

    file: File
    one_year_days: int
    pre_expiry_days: int
    conduct_from: date | None  # from when the province wants conduct marked; None: it does not


def facts(cases: Sequence[Case]) -> Mapping[UUID, CenterFacts]:
    """Two queries for any number of cases."""
    files = selectors.files(cases)
    every = AssessmentRule.objects.filter(province__in={file.province for file in files.values()})
    of_kind: dict[tuple[UUID, str], list[AssessmentRule]] = defaultdict(list)
    conduct_from: dict[UUID, date] = {}
    for rule in every.order_by("effective_from"):
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
        )
        for key, file in files.items()
    }


def _due_days(of_kind: Sequence[AssessmentRule], *, opens_on: date) -> int:
    """By the rule in force when the assessment opens, or, where none was yet, the first after that."""
    if not of_kind:
        return rules.DUE_DAYS
    in_force = [rule for rule in of_kind if rule.effective_from <= opens_on]
    return (in_force[-1] if in_force else of_kind[0]).due_days


def expected(facts: CenterFacts) -> tuple[Expected, ...]:
    """What stands open ends with the case, and rests while somebody has escaped."""
    rows = (*_assessments(facts), *_conduct(facts))
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

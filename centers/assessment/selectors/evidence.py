"""A province's rules, and what of their needs is on file."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from centers.assessment import rules
from centers.assessment.rules import Evidence
from centers.assessment.selectors.files import File, files
from centers.models import AssessmentRule
from centers.states import AssessmentKind, Need
from rehab.models import Bureau, Case
from rehab.refusal import Obstacle

Rules = Mapping[tuple[UUID, str], AssessmentRule]


def rules_in_force(provinces: Iterable[UUID], *, on: date | None = None) -> Rules:
    """By province and kind, the rule of a day; the newest one where no day is asked about."""
    rows = AssessmentRule.objects.filter(province__in=set(provinces)).in_force(on=on or date.max)
    return {(rule.province_id, rule.kind): rule for rule in rows}


def rule_obstacles(
    province: Bureau,
    kind: AssessmentKind,
    effective_from: date,
    *,
    needs: Sequence[str],
    pass_mark: int,
) -> tuple[Obstacle, ...]:
    """Why a province may not set this rule for an assessment from this day on."""
    known = AssessmentRule.objects.filter(
        province=province, kind=kind, effective_from=effective_from
    ).exists()
    return rules.rule_obstacles(needs=needs, known=known, pass_mark=pass_mark)


def evidence(file: File, rule: AssessmentRule, *, on: date | None) -> dict[str, Evidence]:
    """What is on file for each need of a rule. Without a day, no month of conduct is yet missing."""
    return {need: _evidence(Need(need), file, rule, on=on) for need in rule.needs}


def _evidence(need: Need, file: File, rule: AssessmentRule, *, on: date | None) -> Evidence:
    match need:
        case Need.MEDICAL | Need.DETOX:
            if file.detox_passed is None:
                return Evidence(False)
            return Evidence(True, rules.PASS if file.detox_passed else rules.FAIL)
        case Need.EDUCATION:
            return Evidence(file.education is not None, file.education or "")
        case Need.TRAINING:
            return Evidence(file.fitness_on is not None, rules.DONE)
        case Need.SCREENING:
            return Evidence(file.screened_at is not None, rules.DONE)
        case Need.RECOVERY:
            return Evidence(
                file.fitness_on is not None and file.screened_at is not None, rules.PASS
            )
        case Need.CONDUCT:
            return rules.conduct_evidence(
                owed=owed_in(file, rule, until=on) if on else (),
                marks={
                    month: (one.mark, one.confirmed_at is not None)
                    for month, one in file.marks.items()
                },
                pass_mark=rule.conduct_pass_mark,
            )
        case _:  # SOCIAL
            return Evidence(file.social is not None, file.social or "")


def owed_in(file: File, rule: AssessmentRule, *, until: date) -> tuple[date, ...]:
    """Full months lived through in zones 02 to 04 since the rule is in force."""
    months = rules.full_months(file.stays, until=until)
    return tuple(month for month in months if rules.last_day(month) >= rule.effective_from)


def owed_months(case: Case, kind: AssessmentKind, *, on: date) -> list[date]:
    """The months of conduct that an assessment of this kind asks for today."""
    file = files([case])[case.pk]
    rule = rules_in_force([file.province], on=on).get((file.province, kind))
    if rule is None or Need.CONDUCT not in rule.needs:
        return []
    return list(owed_in(file, rule, until=on))

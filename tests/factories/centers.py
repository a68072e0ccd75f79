"""Records of the centres, made by the acts that make them in life."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from centers import actions, selectors
from centers.assessment.rules.telling import Told
from centers.models import Assessment, AssessmentRule, ConductMonth, Telling
from centers.states import AssessmentKind, DetoxCriterion, Need, SocialCriterion
from rehab.actions import papers, placements
from rehab.document_kinds import kind
from rehab.ledgers import deadlines
from rehab.models import Bureau, Case, Facility, User
from rehab.rules.days import day_of
from rehab.states import Sex, Stage
from tests.factories import rehab as make

NEEDS: Mapping[AssessmentKind, tuple[Need, ...]] = {
    AssessmentKind.DETOX: (Need.MEDICAL,),
    AssessmentKind.ADAPTATION: (Need.MEDICAL, Need.EDUCATION, Need.TRAINING, Need.SCREENING),
    AssessmentKind.CONSOLIDATION: (Need.DETOX, Need.RECOVERY, Need.CONDUCT, Need.SOCIAL),
    AssessmentKind.ONE_YEAR: (Need.DETOX, Need.RECOVERY, Need.CONDUCT, Need.SOCIAL),
    AssessmentKind.PRE_EXPIRY: (Need.DETOX, Need.RECOVERY, Need.CONDUCT, Need.SOCIAL),
}
MEASURED: Mapping[str, Decimal | int] = {
    "height_cm": Decimal("172.0"),
    "weight_kg": Decimal("65.5"),
    "vital_capacity_ml": 3600,
    "grip_kg": Decimal("41.2"),
    "sit_and_reach_cm": Decimal("8.5"),
    "steps_two_minutes": 118,
}
RULES_FROM = date(2026, 1, 1)


def rules(
    province: Bureau, *, by: User, effective_from: date = RULES_FROM, at: datetime = make.NOON
) -> list[AssessmentRule]:
    """The rules of an example province, for all five kinds."""
    return [
        actions.set_assessment_rule(
            province=province, kind=kind, needs=needs, effective_from=effective_from, by=by, at=at
        )
        for kind, needs in NEEDS.items()
    ]


@dataclass
class Staff:
    """The officers of a facility who make the records, opened when first needed."""

    facility: Facility

    @cached_property
    def clinician(self) -> User:
        return make.officer("clinician", self.facility)

    @cached_property
    def second_clinician(self) -> User:
        return make.officer("clinician", self.facility)

    @cached_property
    def educator(self) -> User:
        return make.officer("educator", self.facility)

    @cached_property
    def counsellor(self) -> User:
        return make.officer("counsellor", self.facility)

    @cached_property
    def trainer(self) -> User:
        return make.officer("trainer", self.facility)

    @cached_property
    def assessor(self) -> User:
        return make.officer("assessor", self.facility)

    @cached_property
    def second_assessor(self) -> User:
        return make.officer("assessor", self.facility)

    @cached_property
    def zone_officer(self) -> User:
        return make.officer("zone_officer", self.facility.units.order_by("name").first())

    @cached_property
    def zone_leader(self) -> User:
        return make.officer("zone_leader", self.facility.units.order_by("name").first())


def drug_test(case: Case, staff: Staff, *, result: str = "negative", at: datetime):
    """An own test of hair, which anybody may take."""
    return actions.record_drug_test(
        case=case, sample="hair", tested_at=at, result=result, second=staff.second_clinician,
        by=staff.clinician, at=at,
    )  # fmt: skip


def detox_conclusion(case: Case, staff: Staff, *, passed: bool = True, at: datetime):
    """A conclusion on the five criteria, after a negative test when it is passed."""
    if passed:
        drug_test(case, staff, at=at)
    return actions.conclude_detox(
        case=case, met=dict.fromkeys(DetoxCriterion.values, passed), by=staff.clinician, at=at
    )


def entry_education(case: Case, staff: Staff, *, at: datetime, result: str = "pass"):
    """Entry education from the day of entry until the day before `at`."""
    return actions.record_entry_education(
        case=case, started_on=day_of(case.entered_at), ended_on=day_of(at), hours=48,
        result=result, by=staff.educator, at=at,
    )  # fmt: skip


def screening(case: Case, staff: Staff, *, at: datetime):
    """A filled PHQ-9."""
    return actions.screen(
        case=case, scale="phq9", answers=[1, 0, 2, 1, 0, 0, 1, 0, 0], by=staff.counsellor, at=at
    )


def fitness_test(case: Case, staff: Staff, *, at: datetime):
    """A fitness test of the day."""
    return actions.record_fitness_test(
        case=case, tested_on=day_of(at), cleared=True, values=MEASURED, result="pass",
        by=staff.trainer, at=at,
    )  # fmt: skip


def social_form(case: Case, staff: Staff, *, good: bool = True, at: datetime):
    """The five social criteria, all met or none."""
    return actions.record_social_form(
        case=case, met=dict.fromkeys(SocialCriterion.values, good), by=staff.zone_officer, at=at
    )


def conduct(
    case: Case, staff: Staff, months: list[date], *, mark: int = 80, confirmed: bool = True,
    at: datetime,
) -> tuple[ConductMonth, ...]:  # fmt: skip
    """Months marked by the zone officer and, unless told otherwise, confirmed by the leader."""
    rows = actions.mark_conduct(
        marks=[actions.MonthMark(case, month, mark) for month in months],
        by=staff.zone_officer,
        at=at,
    )
    return actions.confirm_conduct(months=rows, by=staff.zone_leader, at=at) if confirmed else rows


def draft(
    case: Case, staff: Staff, kind: AssessmentKind, *, at: datetime, **changed: object
) -> Assessment:
    """A draft with the best grade that the evidence allows in every part."""
    return actions.draft_assessment(
        **{"case": case, "kind": kind, "parts": best_parts(case, kind, on=day_of(at))}
        | changed
        | {"by": changed.get("by", staff.assessor), "at": at}
    )


def best_parts(case: Case, kind: AssessmentKind, *, on: date) -> dict[str, str]:
    """The best grades that what is on file allows."""
    return selectors.allowed_parts(case, kind, on=on)


def assessment(
    case: Case, staff: Staff, kind: AssessmentKind, *, at: datetime, **changed: object
) -> Assessment:
    """A conclusion, signed by the second assessor."""
    return actions.conclude_assessment(
        assessment=draft(case, staff, kind, at=at, **changed), by=staff.second_assessor, at=at
    )


def records_for(case: Case, staff: Staff, kind: AssessmentKind, *, at: datetime) -> None:
    """Everything that an assessment of this kind asks for and that is not on file yet."""
    file = selectors.files([case])[case.pk]
    needs = NEEDS[kind]
    if {Need.MEDICAL, Need.DETOX} & set(needs) and not file.detox_passed:
        detox_conclusion(case, staff, at=at)
    if Need.EDUCATION in needs and file.education is None:
        entry_education(case, staff, at=at)
    if {Need.TRAINING, Need.RECOVERY} & set(needs) and file.fitness_on is None:
        fitness_test(case, staff, at=at)
    if {Need.SCREENING, Need.RECOVERY} & set(needs) and file.screened_at is None:
        screening(case, staff, at=at)
    if Need.CONDUCT in needs:
        owed = selectors.owed_months(case, kind, on=day_of(at)) or [_last_month(at)]
        if missing := [month for month in owed if month not in file.marks]:
            conduct(case, staff, missing, at=at)
    if Need.SOCIAL in needs and file.social is None:
        social_form(case, staff, at=at)


def _last_month(at: datetime) -> date:
    return (day_of(at).replace(day=1) - timedelta(days=1)).replace(day=1)


def assessed(case: Case, staff: Staff, kind: AssessmentKind, *, at: datetime) -> Assessment:
    """A case that has passed this assessment, with all that it stands on."""
    case.refresh_from_db()
    records_for(case, staff, kind, at=at)
    return assessment(case, staff, kind, at=at)


def told(
    case: Case, by: User, *, at: datetime, scan: bytes | None = None, **changed: object
) -> Telling:
    """Somebody to whom an officer read his sheet of the same moment, and who signed it."""
    sheet = actions.tell_person(case=case, by=by, at=at)
    how = Told(**{"told_at": at, "language": "zh"} | changed)
    return actions.record_telling(case=case, sheet=sheet, told=how, by=by, at=at, scan=scan)


def worded(case: Case, code: str, language: str) -> None:
    """A text of a 文书 in a language, set and confirmed in the province of a case."""
    province = case.facility.province
    first, second = (make.officer("bureau_approver", province) for _ in range(2))
    row = papers.set_document_wording(
        province=province, code=code, language=language, wording=kind(code).wording,
        effective_from=day_of(make.NOON), by=first, at=make.NOON,
    )  # fmt: skip
    papers.confirm_document_wording(row=row, by=second, at=make.NOON)


def moved(case: Case, stage: Stage, *, at: datetime) -> Case:
    """The case in a bed of another zone, as the last step of a zone move places it."""
    case.refresh_from_db()
    bed = make.free_bed(make.unit(case.facility, stage), sex=Sex(case.person.sex))
    placements.place(case=case, bed=bed, at=at)
    deadlines.refresh([case])
    return case

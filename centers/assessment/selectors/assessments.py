"""Why one may not assess, and what an assessment is judged on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db.models import OuterRef, QuerySet, Subquery

from centers.assessment import rules
from centers.assessment.rules import Evidence
from centers.assessment.selectors.evidence import evidence, rules_in_force
from centers.assessment.selectors.files import files
from centers.assessment.selectors.readiness import conditions_of, opening
from centers.models import Assessment
from centers.states import AssessmentKind, AssessmentStatus, Need
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.states import IN_CUSTODY, Stage

STAGE_OF = {
    AssessmentKind.DETOX: Stage.DETOX,
    AssessmentKind.ADAPTATION: Stage.ADAPTATION,
    AssessmentKind.CONSOLIDATION: Stage.CONSOLIDATION,
}


def allowed_parts(case: Case, kind: AssessmentKind, *, on: date) -> dict[str, str]:
    """For each need on file, the best grade that it allows: what a new draft starts from."""
    _, found = assessment_facts(case, kind, on=on)
    return {code: of.ceiling for code, of in found.items() if of.there}


def assessment_facts(
    case: Case, kind: AssessmentKind, *, on: date
) -> tuple[rules.AssessmentFacts, dict[str, Evidence]]:
    """What an assessment of this case is judged on, and the evidence for each part."""
    file = files([case])[case.pk]
    rule = rules_in_force([file.province], on=on).get((file.province, kind))
    stage = STAGE_OF.get(kind)
    opens_on, article = opening(kind, file)
    facts = rules.AssessmentFacts(
        in_custody=file.status in IN_CUSTODY,
        stage_fits=stage is None or file.stage == stage,
        stage_label=f"{stage.label}期" if stage else "",
        opens_on=opens_on,
        opens_article=article,
        conditions=conditions_of(kind, file, rule, on=on),
        draft_open=file.drafted(kind),
        passed_already=file.passed(kind),
    )
    return facts, evidence(file, rule, on=on) if rule else {}


def correction_facts(
    assessment: Assessment, *, on: date
) -> tuple[rules.AssessmentFacts, dict[str, Evidence]]:
    """As `assessment_facts`; a correction asks neither for the stage nor whether it was passed."""
    facts, found = assessment_facts(assessment.case, AssessmentKind(assessment.kind), on=on)
    return replace(facts, stage_fits=True, passed_already=False), found


def grade_obstacles(
    parts: Mapping[str, str], found: Mapping[str, Evidence]
) -> tuple[Obstacle, ...]:
    """Why these grades may not stand on this evidence."""
    return rules.grade_obstacles(parts, found, dict(Need.choices))


def conclusion_obstacles(assessment: Assessment, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why this officer may not conclude this draft today. Judged anew on what is on file now."""
    own = rules.conclusion_obstacles(
        drafted=assessment.status == AssessmentStatus.DRAFTED, same_person=assessment.by_id == by.pk
    )
    if assessment.status != AssessmentStatus.DRAFTED:
        return own
    if assessment.corrects_for is not None:
        facts, found = correction_facts(assessment, on=on)
    else:
        facts, found = assessment_facts(assessment.case, AssessmentKind(assessment.kind), on=on)
    waiting = rules.assessment_obstacles(facts, on=on)
    return own + (waiting or grade_obstacles(assessment.parts, found))


# The lists ----


def with_draft(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Each case with its draft that waits for the second person, and who drafted it."""
    drafts = Assessment.objects.drafted().filter(case=OuterRef("pk"))
    return cases.annotate(
        draft=Subquery(drafts.values("pk")[:1]), draft_by=Subquery(drafts.values("by")[:1])
    )


def concluded(user: User) -> QuerySet[Assessment]:
    """The conclusions that stand, of the cases that the user may see; the newest first."""
    rows: QuerySet[Assessment] = Assessment.objects.standing().visible_to(user)
    related = ("case__person", "case__zone", "case__unit", "by", "concluded_by")
    return rows.select_related(*related).order_by("-concluded_at", "pk")

"""What the two example provinces ask for: how long a stage lasts, and what an assessment needs."""

from collections.abc import Mapping
from datetime import date, datetime

from aftercare import actions as aftercare
from centers import actions as centers
from centers.states import AssessmentKind, Need
from rehab.models import Bureau, User
from rehab.states import Stage
from zones import actions as zones

DAYS: Mapping[Stage, tuple[int, int, int]] = {  # shortest, target, longest, in calendar days
    Stage.DETOX: (7, 20, 60),
    Stage.ADAPTATION: (30, 60, 90),
    Stage.CONSOLIDATION: (180, 480, 600),
    Stage.REENTRY: (30, 45, 90),
}
ASSESSED = {
    Stage.DETOX: AssessmentKind.DETOX,
    Stage.ADAPTATION: AssessmentKind.ADAPTATION,
    Stage.CONSOLIDATION: AssessmentKind.CONSOLIDATION,
}
FOUR_PARTS = (Need.DETOX, Need.RECOVERY, Need.CONDUCT, Need.SOCIAL)
NEEDS: Mapping[AssessmentKind, tuple[Need, ...]] = {
    AssessmentKind.DETOX: (Need.MEDICAL,),
    AssessmentKind.ADAPTATION: (Need.MEDICAL, Need.EDUCATION, Need.TRAINING, Need.SCREENING),
    AssessmentKind.CONSOLIDATION: FOUR_PARTS,
    AssessmentKind.ONE_YEAR: FOUR_PARTS,
    AssessmentKind.PRE_EXPIRY: FOUR_PARTS,
}
CONTACT_EVERY = 30  # calendar days


def set_rules(province: Bureau, *, by: User, effective_from: date, at: datetime) -> None:
    """Everything a province sets before the first person arrives."""
    for stage, (shortest, target, longest) in DAYS.items():
        zones.set_stage_rule(
            province=province,
            stage=stage,
            effective_from=effective_from,
            minimum_days=shortest,
            target_days=target,
            maximum_days=longest,
            needs_assessment=ASSESSED.get(stage),
            by=by,
            at=at,
        )
    for kind, needs in NEEDS.items():
        centers.set_assessment_rule(
            province=province, kind=kind, needs=needs, effective_from=effective_from, by=by, at=at
        )
    aftercare.set_contact_rule(
        province=province,
        effective_from=effective_from,
        interval_days=CONTACT_EVERY,
        by=by,
        at=at,
    )

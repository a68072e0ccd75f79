"""The life of an assessment, and the codes that are written twice."""

from centers.assessment import rules
from centers.models import DetoxConclusion, Screening, SocialForm
from centers.psychology.scales import SCALES
from centers.states import (
    EDGES,
    FINAL,
    AssessmentKind,
    AssessmentStatus,
    DetoxCriterion,
    Grade,
    SocialCriterion,
)
from rehab.states import Stage


def test_every_status_is_reachable_and_every_unfinished_one_can_be_left():
    assert {to for _, to in EDGES} | {AssessmentStatus.DRAFTED} == set(AssessmentStatus)
    assert {at for at, _ in EDGES} == set(AssessmentStatus) - FINAL


def test_the_words_of_the_pure_rules_are_those_of_the_states():
    assert {rules.PASS, rules.FAIL, rules.GOOD, rules.FAIR, rules.DONE} == set(Grade.values)
    assert set(rules.STAGE_KINDS) < set(Stage.values)
    kinds = {*rules.STAGE_KINDS.values(), rules.ONE_YEAR, rules.PRE_EXPIRY}
    assert kinds == set(AssessmentKind.values)


def test_every_criterion_is_a_column():
    for criteria, model in ((DetoxCriterion, DetoxConclusion), (SocialCriterion, SocialForm)):
        assert set(criteria.values) <= {field.name for field in model._meta.get_fields()}


def test_every_scale_may_be_kept():
    assert set(SCALES) == set(Screening.Scale.values)

"""Whatever is done in whatever order, the ledger of deadlines is what the facts call for."""

from collections import Counter

import pytest

from centers.states import AssessmentKind
from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline
from rehab.states import Stage
from tests.factories import rehab as make
from tests.flows.walk import WholeWalk

STEPS, MOST = 150, 600
LOOKS = 3  # acts between two looks at every row of everybody
TERMS = 12  # acts about decisions on a term, at the end of each
NEEDS = {  # what the province asks for before a zone is left
    Stage.DETOX: AssessmentKind.DETOX,
    Stage.ADAPTATION: AssessmentKind.ADAPTATION,
    Stage.CONSOLIDATION: AssessmentKind.CONSOLIDATION,
}
LATER_NEEDS = {stage: kind for stage, kind in NEEDS.items() if stage != Stage.DETOX}
SELDOM = {  # a font that fails; nobody who walks here is a minor, dies, or is the subject of an opinion
    "aftercare.certificate", "zones.need.detox", "zones.of_age",
    "aftercare.death_told", "aftercare.death_confirmed", "aftercare.revocation", "aftercare.conversion",
    "transfer.approval", "transfer.road", "transfer.family",  # they all stay in one facility
    "centers.objection", "centers.objection_reply", "centers.opinion_signature", "centers.opinion_sending",
    "centers.objection_organ", "centers.opinion_discussion", "centers.opinion_receipt",
    "centers.opinion_answer", "centers.opinion_service", "centers.opinion_refusal",
    "centers.opinion_correction", "aftercare.conversion_sending",
}  # fmt: skip
COLUMNS = ("case", "clock", "cycle", *deadlines.COLUMNS)


@pytest.fixture
def noon(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


def wanting(done):
    """The acts that nobody has done."""
    return {name for name in WholeWalk.ACTS if name not in done} - {"lapse"}  # seldom in a year


def adrift(walk):
    """How many rows the last act left other than the facts call for."""
    with standing_at(walk.moment):
        return deadlines.refresh(list(Case.objects.filter(facility=walk.facility))).mended


def ledger():
    return set(Deadline.objects.values_list(*COLUMNS))


def test_the_ledger_rebuilt_is_the_ledger_refreshed(noon):
    done, owed = Counter(), set()
    for seed, needs in enumerate((NEEDS, LATER_NEEDS)):
        walk = WholeWalk(seed, f"W{seed}", needs)
        while walk.steps < STEPS or (seed and walk.steps < MOST and wanting(done + walk.done)):
            acts = [walk.step() for _ in range(LOOKS)]
            assert adrift(walk) == 0, acts
            owed |= set(Deadline.objects.values_list("clock", flat=True).distinct())
        for _ in range(TERMS):
            act = walk.step(walk.judge_term)
            assert act is None or adrift(walk) == 0, act
            owed |= set(Deadline.objects.values_list("clock", flat=True).distinct())
        done += walk.done
    refreshed = ledger()

    with standing_at(walk.moment):
        drift = deadlines.rebuild(Case.objects.order_by("number"))
        Deadline.objects.all().delete()
        deadlines.rebuild(Case.objects.order_by("number"))

    assert (drift.mended, drift.failed) == (0, [])
    assert ledger() == refreshed
    assert set(deadlines.clocks()) - owed <= SELDOM
    assert done["judge_term"] >= TERMS
    assert wanting(done) == set()

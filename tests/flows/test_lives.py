"""A thousand lives at random: whatever officers do in whatever order, the house says what the oracle says."""

import os
from collections import Counter

import pytest
import typst
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from rehab import scope
from rehab.clock import standing_at
from tests.factories import rehab as make
from tests.flows.lives import ACTS, House, Lives

SEQUENCES = int(os.environ.get("LIVES", "50"))
ACTS_EACH = 40
SOAKED = "LIVES" in os.environ


@pytest.fixture
def _unset(monkeypatch):
    """Papers have tests of their own: here nobody looks at one, and to set it costs as much as the act."""
    monkeypatch.setattr(typst, "compile", lambda *args, **kwargs: b"%PDF-1.7")


@pytest.mark.lives
@pytest.mark.usefixtures("_unset")
def test_the_house_agrees_with_the_oracle_after_every_act(db):
    done = Counter()
    with scope.within(make.EVERYTHING), standing_at(make.NOON):
        house = House()
        straight = Lives(house, done)
        straight.walk()
        straight.teardown()
        run_state_machine_as_test(
            lambda: Lives(house, done),
            settings=settings(
                max_examples=SEQUENCES, stateful_step_count=ACTS_EACH, deadline=None, database=None,
                derandomize=not SOAKED, suppress_health_check=list(HealthCheck),
                phases=[Phase.generate, *([Phase.shrink] if SEQUENCES > 1000 else [])],
            ),
        )  # fmt: skip

    assert {name for name in ACTS if not done[name, True]} == set()
    assert len({name for name in ACTS if done[name, False]}) > 0.75 * len(ACTS)

from pathlib import Path

import pytest

ROSTERS = Path(__file__).resolve().parent.parent / "data"


@pytest.fixture
def clean_roster() -> bytes:
    """The published roster of sixty, without a fault."""
    return (ROSTERS / "roster-60-clean.xlsx").read_bytes()


@pytest.fixture
def messy_roster() -> bytes:
    """The published roster of ninety, with every fault."""
    return (ROSTERS / "roster-90-messy.xlsx").read_bytes()

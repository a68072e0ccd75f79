"""The demo's number ranges: nobody in a published roster can be taken for somebody invented."""

import unicodedata
from pathlib import Path
from random import Random

import pytest

from intake import reading
from intake.rules import cells
from intake.rules.rows import Column
from rehab.rules.decisions import decision_key
from reporting.demo import people, story
from tests.factories import rehab as make

DATA = Path(__file__).resolve().parent.parent / "data"
ROSTERS = sorted(
    path
    for path in DATA.iterdir()
    if path.stem.startswith("roster-") and ".expected" not in path.name
)
SERIES = decision_key("演公（禁）强戒决字")


def number_key(text):
    """An identity number however it was typed."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()


def column(path, title, key):
    """Every value of a column, faulty ones too."""
    rows = reading.read(path.read_bytes()).rows
    return {key(said) for row in rows if (said := cells.text_or_none(row.cell(title)))}


@pytest.fixture(scope="module")
def invented():
    """Everybody whom a large demo invents, under three numbers."""
    today = make.NOON.date()
    return [
        plan.person
        for seed in (1, 2, 3)
        for plan in story.plans(Random(seed), cases=300, today=today)
    ]


def test_the_demo_keeps_to_its_ranges(invented):
    assert len(invented) == 900
    assert {one.id_number[: len(people.AREA)] for one in invented} == {people.AREA}
    assert all(decision_key(one.decision_number).startswith(SERIES) for one in invented)


def test_all_rosters_are_looked_at():
    assert [path.name for path in ROSTERS] == [
        "roster-5000.xlsx", "roster-60-clean.xlsx", "roster-90-gb18030.csv", "roster-90-messy.xlsx",
    ]  # fmt: skip


@pytest.mark.parametrize("path", ROSTERS, ids=lambda path: path.name)
def test_no_roster_uses_the_demos_identity_numbers(path, invented):
    listed = column(path, Column.ID_NUMBER, number_key)

    assert len(listed) >= 50
    assert {number for number in listed if number.startswith(people.AREA)} == set()
    assert listed & {one.id_number for one in invented} == set()


@pytest.mark.parametrize("path", ROSTERS, ids=lambda path: path.name)
def test_no_roster_uses_the_demos_decision_numbers(path, invented):
    listed = column(path, Column.DECISION_NUMBER, decision_key)

    assert len(listed) >= 50
    assert {number for number in listed if number.startswith(SERIES)} == set()
    assert listed & {decision_key(one.decision_number) for one in invented} == set()

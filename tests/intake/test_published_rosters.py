"""The four published rosters give the outcomes published with them, line by line."""

import csv
from datetime import date
from pathlib import Path

import pytest

from intake import reading
from intake.rules import roster

DATA = Path(__file__).parents[1] / "data"
AS_OF = date(2026, 11, 21)
FACILITY = "示例省第一强制隔离戒毒所"
FILES = [
    "roster-60-clean.xlsx",
    "roster-90-messy.xlsx",
    "roster-90-gb18030.csv",
    "roster-5000.xlsx",
]


@pytest.fixture(params=FILES)
def published(request):
    file = reading.read((DATA / request.param).read_bytes())
    with (DATA / request.param).with_suffix(".expected.csv").open(encoding="utf-8-sig") as lines:
        return file, list(csv.DictReader(lines))


def test_published_roster(published):
    file, expected = published

    verdicts = roster.judge(file.rows, as_of=AS_OF)

    assert [
        (verdict.line, verdict.outcome, [problem.field for problem in verdict.problems])
        for verdict in verdicts
    ] == [
        (int(line["line"]), line["outcome"], [line["field"]] if line["field"] else [])
        for line in expected
    ]


def test_pregnant_and_nursing_people_of_a_published_roster_can_only_be_refused(published):
    file, expected = published

    verdicts = roster.judge(file.rows, as_of=AS_OF)

    barred = [int(line["line"]) for line in expected if line["field"] == "健康状况"]
    assert [verdict.line for verdict in verdicts if verdict.only_refusable] == barred
    back = [
        line for line in expected if line["outcome"] == "reject" and line["field"] != "健康状况"
    ]
    assert sum(not verdict.becomes_arrival for verdict in verdicts) == len(back)


def test_published_roster_is_for_the_first_facility(published):
    file, _ = published

    assert (file.sent_by, file.sent_to) == ("示例市公安局强制隔离戒毒所", FACILITY)
    assert roster.file_cautions(file, facility_name=FACILITY) == ()
    elsewhere = roster.file_cautions(file, facility_name="示例省第二强制隔离戒毒所")
    assert [caution.code for caution in elsewhere] == ["other_facility"]

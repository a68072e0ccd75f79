import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from intake.models import Arrival, Roster
from intake.selectors import rosters
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Event
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility("SL01")


def run(*more, file="roster-90-messy.xlsx"):
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command(
            "import_roster", DATA / file, "--facility", "SL01", "--as-of", "2026-11-21",
            *more, "--json", stdout=out, stderr=err,
        )  # fmt: skip
    except SystemExit as end:
        return end.code, out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    "file",
    ["roster-60-clean.xlsx", "roster-90-messy.xlsx", "roster-90-gb18030.csv", "roster-5000.xlsx"],
)
def test_dry_run_gives_the_published_outcomes_and_writes_nothing(facility, file):
    code, out, _ = run(file=file)

    expected = (DATA / file).with_suffix(".expected.csv").open(encoding="utf-8-sig")
    with expected as lines:
        wanted = {int(row["line"]): row["outcome"] for row in csv.DictReader(lines)}
    assert code == 0
    assert {row["line"]: row["outcome"] for row in json.loads(out)["rows"]} == wanted
    assert not Roster.objects.exists()
    assert not Arrival.objects.exists()


def test_dry_run_names_every_problem_by_its_column(facility):
    _, out, err = run()

    rows = json.loads(out)["rows"]
    titles = {problem["field"] for row in rows for problem in row["problems"]}
    assert "公民身份号码" in titles
    assert all(problem["message"] for row in rows for problem in row["problems"])
    assert "接收单位" in err  # the roster was written for another facility


def test_commit(facility):
    officer = make.officer("intake_officer", facility)

    code, out, _ = run("--commit", "--by", officer.username)

    said = json.loads(out)
    roster = Roster.objects.get()
    becoming = said["counts"]["accepted"] + said["counts"]["warned"] + said["counts"]["refusable"]
    assert code == 0
    assert roster.receipt == said["receipt"] == "SL01-MC-2026-0001"
    assert Arrival.objects.filter(row__roster=roster).count() == becoming
    assert Event.objects.get(kind="roster_imported").facts["arrivals"] == becoming


def test_commit_twice_is_refused_with_who_and_when(facility):
    officer = make.officer("intake_officer", facility)
    run("--commit", "--by", officer.username)

    code, out, err = run("--commit", "--by", officer.username)

    assert (code, out) == (1, "")
    assert f"已由{officer.display_name}于 2026-11-21 12:00 导入" in err
    assert Roster.objects.count() == 1


def test_people_on_the_list_are_sent_back(facility, tmp_path):
    """The same people in a file that was saved again: each is waiting already."""
    officer = make.officer("intake_officer", facility)
    saved_again = tmp_path / "again.csv"
    saved_again.write_bytes((DATA / "roster-90-gb18030.csv").read_bytes() + b"\r\n")
    run("--commit", "--by", officer.username, file="roster-90-gb18030.csv")
    before = Arrival.objects.count()

    code, out, _ = run("--commit", "--by", officer.username, file=saved_again)

    assert code == 0
    assert {row["outcome"] for row in json.loads(out)["rows"]} == {"reject"}
    assert Arrival.objects.count() == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--commit",), "--by"),
        (("--commit", "--by", "nobody"), "--by"),
    ],
    ids=["没有写明", "没有此人"],
)
def test_commit_names_an_officer(facility, arguments, sentence):
    code, out, err = run(*arguments)

    assert (code, out) == (1, "")
    assert sentence in err
    assert not Roster.objects.exists()


def test_commit_by_an_officer_of_another_facility_is_refused(facility):
    stranger = make.officer("intake_officer", make.facility("T02"))

    code, _, err = run("--commit", "--by", stranger.username)

    assert code == 1
    assert "不是" in err
    assert not Roster.objects.exists()


def test_no_roster_is_one_sentence(facility, tmp_path):
    (tmp_path / "letter.csv").write_text("您好,再见\n", encoding="utf-8")

    code, out, err = run(file=tmp_path / "letter.csv")

    assert (code, out) == (1, "")
    assert err.strip().count("\n") == 0
    assert "名册" in err


def test_a_file_that_is_not_there_is_one_sentence(facility):
    code, out, err = run(file="nothing.xlsx")

    assert (code, out) == (1, "")
    assert "不能读取" in err


def test_an_unknown_facility_is_one_sentence():
    code, out, err = run()

    assert (code, out) == (1, "")
    assert "SL01" in err


def test_a_day_that_is_none_is_said(facility):
    code, out, err = run("--as-of", "2026-02-30")

    assert (code, out) == (1, "")
    assert "“2026-02-30”不是日期" in err


def test_in_custody_is_known_by_number(facility):
    """A line about somebody whose case is open elsewhere is warned about, not taken as new."""
    file = rosters.reading.read((DATA / "roster-60-clean.xlsx").read_bytes())
    number = str(file.rows[0].cells["公民身份号码"])
    elsewhere = make.facility("T02")
    make.case(elsewhere, person=make.person_facts(id_number=number))

    _, out, _ = run(file="roster-60-clean.xlsx")

    first = json.loads(out)["rows"][0]
    assert first["outcome"] == "warn"
    assert "未结档案" in first["problems"][0]["message"]


def test_a_decision_carried_out_elsewhere_is_known(facility):
    file = rosters.reading.read((DATA / "roster-60-clean.xlsx").read_bytes())
    number = str(file.rows[0].cells["强制隔离戒毒决定书文号"])
    retyped = number.replace("〔", "[").replace("〕", "]")
    make.case(
        make.facility("T02"),
        decision=make.decision_facts(number=retyped, decided_on=date(2026, 5, 1)),
    )

    _, out, _ = run(file="roster-60-clean.xlsx")

    assert json.loads(out)["rows"][0]["outcome"] == "reject"

"""期限推演: examples, a day-by-day oracle, and what is refused with its article."""

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from rehab.refusal import Refused
from rehab.rules.explaining import explain
from rehab.rules.term_facts import Interval
from rehab.services import CHECKOUT
from reporting import term_input
from tests.rehab import term_oracle

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "term").glob("*.toml"))
CASES = int(os.environ.get("TERM_CASES", "2000"))


def read(path):
    """An example with its days as JSON has them; what goes on ends with "null", which TOML has not."""
    example = tomllib.loads(path.read_text())
    return json.loads(json.dumps(example, default=date.isoformat).replace('"null"', "null"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path):
    example = read(path)
    sent, then = example["facts"], example["then"]

    try:
        answer = term_input.answer(sent)
    except Refused as refused:
        wanted = [(one["message"], one.get("article")) for one in then["refused"]]
        told = term_input.refusal(refused)["refused"]
        assert [(one["message"], one["article"]) for one in told] == wanted
        return

    assert "refused" not in then
    assert answer["ends_on"] == then.get("ends_on")
    if "alarm_on" in then:
        alarm_on = explain(term_input.term_facts(sent)).alarm_on
        assert (alarm_on and alarm_on.isoformat()) == then["alarm_on"]
    assert [(one["article"], one["ends_on"]) for one in answer["steps"]] == [
        (one["article"], one.get("ends_on")) for one in then["steps"]
    ]
    assert answer["earliest_early_release"] == then.get("earliest_early_release")
    assert (answer["early_release_reason"] or {}).get("article") == then.get("never_early")
    assert [one["article"] for one in answer["warnings"]] == then.get("warnings", [])


def test_there_are_a_hundred_and_fifty_examples_and_each_says_what_it_is_about():
    assert len(EXAMPLES) >= 150
    names = [tomllib.loads(path.read_text())["name"] for path in EXAMPLES]
    assert len(set(names)) == len(names)


# Random cases against the oracle ----------------------------------------------------------------


def some_case(random):
    """Facts as another system might hold them: most of them possible, many at an edge, some impossible."""
    decided = date(2008, 6, 1) + timedelta(days=random.randrange(9000))
    if random.random() < 0.1:
        decided = date(random.choice((2012, 2016, 2020, 2024)), 2, 29)
    day = decided + timedelta(days=random.randrange(400))
    sent = {"decided_on": decided, "barred": [], "decisions": [], "printed_ends_on": None}
    sent |= {kind: [] for kind in term_oracle.SPANS}
    for _ in range(random.choice((0, 0, 1, 1, 2, 3, 4))):
        kind = random.choice((*term_oracle.SPANS, "escapes"))
        day += timedelta(days=random.choice((-1, 0, 0, 1, random.randrange(200))))
        to = day + timedelta(days=random.choice((0, 1, random.randrange(1, 200))))
        if random.random() < 0.1:
            to = None
        sent[kind].append({"from": day, "to": to})
        day = to or day + timedelta(days=random.randrange(30))
    if random.random() < 0.05:
        sent["barred"].append("community_refusal")
    if random.random() < 0.4:
        usual = decided + timedelta(days=730)
        sent["printed_ends_on"] = usual + timedelta(days=random.choice((-30, -2, -1, 0, 1, 2, 200)))
    for _ in range(random.choice((0, 0, 1, 1, 2))):
        served = decided + timedelta(
            days=random.choice((300, 364, 365, 366, random.randrange(300, 800)))
        )
        if random.random() < 0.7:
            one = {
                "kind": "extension",
                "served_on": served,
                "months": random.choice((1, 2, 3, 6, 6, 12, 13)),
            }
        else:
            ends = served + timedelta(days=random.choice((-1, 0, 1, 30, random.randrange(300))))
            one = {"kind": "early_release", "served_on": served, "ends_on": ends}
        sent["decisions"].append(one)
    sent["on"] = day + timedelta(days=random.choice((-1, 0, 400, 1000, 1000, 1000, 1000, 1000)))
    return sent


REFUSED = object()


def _refused(sent):
    try:
        explain(term_input.term_facts(sent))
    except Refused:
        return True
    return False


@pytest.mark.term_oracle
def test_the_oracle_agrees():
    random = Random(1)
    possible = impossible = gone = 0
    for number in range(CASES):
        sent = some_case(random)
        try:
            wanted, alarm = term_oracle.last_day(sent), term_oracle.alarm_day(sent)
        except term_oracle.Impossible:
            impossible += 1
            wanted = REFUSED
        if wanted is REFUSED:
            assert _refused(sent), (number, sent)
            continue
        explanation = explain(term_input.term_facts(sent))
        assert explanation.ends_on == wanted, (number, sent)
        assert explanation.steps[-1].ends_on == wanted
        assert explanation.alarm_on == alarm, (number, sent)
        possible += wanted is not None
        gone += wanted is None
    assert min(possible, impossible, 20 * gone) > CASES / 5, "the cases are of one kind"


# What only the database knows -------------------------------------------------------------------


def test_a_convention_of_the_province_is_no_difference():
    printed = {"decided_on": "2026-03-05", "on": "2026-03-06", "printed_ends_on": "2028-03-05"}
    facts = term_input.term_facts(printed)

    apart = explain(facts)
    agreed = explain(replace(facts, ends_on_anniversary=True))

    assert (apart.ends_on, apart.alarm_on) == (date(2028, 3, 5), date(2028, 3, 4))
    assert len(apart.warnings) == 2
    assert (agreed.ends_on, agreed.alarm_on) == (date(2028, 3, 5), date(2028, 3, 5))
    assert agreed.warnings == ()


def test_an_open_interval_has_no_days():
    with pytest.raises(ValueError, match="goes on"):
        _ = Interval(date(2026, 3, 5)).days


# The command line -------------------------------------------------------------------------------


def told(sent, **environment):
    """What `manage.py explain_term` answers, and how it ends: in an environment that names no service."""
    done = subprocess.run(
        [sys.executable, "manage.py", "explain_term"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], **environment},
        input=sent if isinstance(sent, bytes) else sent.encode(),
        capture_output=True,
    )
    return done.returncode, json.loads(done.stdout), done.stderr.decode()


def test_the_command_asks_no_database():
    sent = {"decided_on": "2021-09-01", "on": "2023-01-02"}
    sent["decisions"] = [{"kind": "extension", "served_on": "2023-01-02", "months": 6}]

    status, answer, said = told(json.dumps(sent))

    assert (status, said) == (0, "")
    assert answer["ends_on"] == "2024-02-29"
    assert answer["earliest_early_release"] == "2022-09-01"
    assert answer["early_release_reason"] is None
    assert answer["warnings"] == []
    assert answer["steps"][-1] == {
        "article": "《禁毒法》第四十七条第三款",
        "says": "2023-01-02 送达延长决定，延长 6 个月",
        "ends_on": "2024-02-29",
    }


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        pytest.param("{", "标准输入不是 JSON（UTF-8），请核对", id="不是 JSON"),
        pytest.param('{"on": "2023-02-30"}', "decided_on：", id="缺决定日期"),
        pytest.param('{"on": "2023-02-01", "on": "2024-02-01"}', "on：写了两次", id="写了两次"),
        pytest.param("[" * 200_000, "标准输入不是 JSON", id="层数太多"),
        pytest.param("[]", "内容：应为一个 JSON 对象", id="不是对象"),
        pytest.param("null", "内容：应为一个 JSON 对象", id="空值"),
        pytest.param('{"\\ud800": 1}', "\ud800：没有这一项", id="不成字的字"),
    ],
)
def test_the_command_refuses(sent, message):
    status, answer, said = told(sent)

    assert (status, said) == (2, "")
    assert answer["refused"][0]["message"].startswith(message)
    assert answer["refused"][0]["article"] is None


def test_the_command_works_where_the_house_is_in_earnest_and_on_a_file_from_windows():
    sent = {"decided_on": "2021-03-01", "on": "2021-03-01"}

    status, answer, said = told(
        b"\xef\xbb\xbf" + json.dumps(sent).encode(), PRODUCTION="1", PYTHONIOENCODING="ascii"
    )

    assert (status, said) == (0, "")
    assert answer["ends_on"] == "2023-02-28"

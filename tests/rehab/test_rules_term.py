import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab import statutes
from rehab.rules import term as rules
from rehab.rules.term import ReleasePhase

EXAMPLES = sorted((Path(__file__).parents[1] / "examples" / "term").glob("*.toml"))
DAYS = st.dates(date(2008, 6, 1), date(2120, 12, 31))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_term_example(path):
    example = tomllib.loads(path.read_text())
    facts, then = example["facts"], example["then"]
    escaped_days = facts.get("escaped_days", 0)

    term = rules.term(**facts)

    assert [(step.article.code, step.ends_on) for step in term.steps] == [
        (step["article"], step["ends_on"]) for step in example["steps"]
    ]
    decided_on = facts["decided_on"]
    assert rules.earliest_early_release(decided_on) == then["earliest_early_release"]
    latest = rules.latest_possible_end(decided_on, escaped_days=escaped_days)
    assert latest == then["latest_possible_end"]
    due_on = rules.release_notice_due_on(ends_on=term.ends_on, known_on=decided_on)
    assert due_on == then["release_notice_due_on"]
    printed = facts.get("printed_ends_on", rules.term(decided_on=decided_on).ends_on)
    cautions = rules.printed_end_caution(decided_on=decided_on, printed_ends_on=printed)
    assert [caution.code for caution in cautions] == then["cautions"]


def test_there_are_examples():
    assert len(EXAMPLES) >= 12


@pytest.mark.parametrize(
    ("decided_on", "ends_on"),
    [
        pytest.param(date(2020, 2, 28), date(2022, 2, 27), id="闰日前一日"),
        pytest.param(date(2020, 2, 29), date(2022, 2, 28), id="闰日"),
        pytest.param(date(2020, 3, 1), date(2022, 2, 28), id="闰日后一日"),
        pytest.param(date(2022, 2, 28), date(2024, 2, 27), id="期满在闰年二月"),
        pytest.param(date(2022, 3, 1), date(2024, 2, 29), id="期满在闰日"),
        pytest.param(date(2022, 3, 2), date(2024, 3, 1), id="期满在闰日后一日"),
        pytest.param(date(2026, 12, 31), date(2028, 12, 30), id="年末"),
    ],
)
def test_last_day_before_anniversary(decided_on, ends_on):
    assert rules.last_day_before_anniversary(decided_on, years=2) == ends_on


@given(DAYS)
def test_the_term_ends_the_day_before_the_anniversary_or_with_the_month(decided_on):
    ends_on = rules.term(decided_on=decided_on).ends_on

    next_day = ends_on + timedelta(days=1)
    anniversary = (decided_on.year + 2, decided_on.month, decided_on.day)
    assert (next_day.year, next_day.month, next_day.day) == anniversary or (
        (decided_on.month, decided_on.day) == (2, 29) and next_day.day == 1
    )
    assert 729 <= (ends_on - decided_on).days <= 730


@given(DAYS, st.integers(0, 30))
def test_a_later_decision_never_ends_earlier(decided_on, days):
    later = decided_on + timedelta(days=days)

    assert rules.term(decided_on=decided_on).ends_on <= rules.term(decided_on=later).ends_on


@given(DAYS, DAYS, st.integers(0, 2000))
def test_escape_moves_the_end_by_its_days_and_the_printed_end_governs(
    decided_on, printed_ends_on, escaped_days
):
    term = rules.term(
        decided_on=decided_on, printed_ends_on=printed_ends_on, escaped_days=escaped_days
    )

    assert term.ends_on == printed_ends_on + timedelta(days=escaped_days)
    assert term.steps[0].ends_on == rules.term(decided_on=decided_on).ends_on


@given(DAYS, st.integers(0, 2000))
def test_milestones_are_in_order_and_within_the_term(decided_on, escaped_days):
    ends_on = rules.term(decided_on=decided_on, escaped_days=escaped_days).ends_on

    marks = rules.milestones(decided_on=decided_on, ends_on=ends_on)

    assert [mark.code for mark in marks] == ["decided", "one_year", "release_notice", "ends"]
    assert [mark.on for mark in marks] == sorted(mark.on for mark in marks)
    assert (marks[0].on, marks[-1].on) == (decided_on, ends_on)


def test_milestones_of_a_shortened_term_leave_out_the_year():
    marks = rules.milestones(decided_on=date(2026, 3, 5), ends_on=date(2026, 3, 6))

    assert [mark.code for mark in marks] == ["decided", "ends"]


def test_negative_escape_is_a_programming_error():
    with pytest.raises(ValueError, match="negative"):
        rules.term(decided_on=date(2026, 3, 5), escaped_days=-1)


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        pytest.param(date(2028, 3, 3), "早 1 日", id="早一日"),
        pytest.param(date(2028, 3, 4), None, id="一致"),
        pytest.param(date(2028, 3, 5), "晚 1 日", id="晚一日"),
    ],
)
def test_printed_end_caution(printed, words):
    cautions = rules.printed_end_caution(decided_on=date(2026, 3, 5), printed_ends_on=printed)

    assert [words in caution.message for caution in cautions] == ([True] if words else [])


@pytest.mark.parametrize(
    ("on", "number"),
    [
        pytest.param(date(2026, 3, 4), 0, id="前一日"),
        pytest.param(date(2026, 3, 5), 1, id="当日"),
        pytest.param(date(2026, 3, 6), 2, id="次日"),
        pytest.param(date(2028, 3, 4), 731, id="期满日"),
    ],
)
def test_day_of_term(on, number):
    assert rules.day_of_term(decided_on=date(2026, 3, 5), on=on) == number


@pytest.mark.parametrize(
    ("on", "phase", "label", "article", "must_release"),
    [
        pytest.param(
            date(2028, 2, 29), ReleasePhase.BEFORE, "期限内", statutes.TWO_YEAR_TERM, False,
            id="四日前",
        ),
        pytest.param(
            date(2028, 3, 1), ReleasePhase.NOTICE, "应发解除通知", statutes.RELEASE_NOTICE, False,
            id="三日前",
        ),
        pytest.param(
            date(2028, 3, 3), ReleasePhase.NOTICE, "应发解除通知", statutes.RELEASE_NOTICE, False,
            id="前一日",
        ),
        pytest.param(
            date(2028, 3, 4), ReleasePhase.DUE_TODAY, "今日应解除", statutes.RELEASE_ON_EXPIRY,
            True, id="期满日",
        ),
        pytest.param(
            date(2028, 3, 5), ReleasePhase.OVERSTAYED, "超期在所", statutes.UNLAWFUL_CUSTODY,
            True, id="次日",
        ),
    ],
)  # fmt: skip
def test_release_status(on, phase, label, article, must_release):
    status = rules.release_status(ends_on=date(2028, 3, 4), on=on)

    assert status.phase is phase
    assert status.days_left == (date(2028, 3, 4) - on).days
    assert (status.label, status.article, status.must_release) == (label, article, must_release)


@pytest.mark.parametrize(
    ("known_on", "due_on"),
    [
        pytest.param(date(2028, 2, 29), date(2028, 3, 1), id="尚有四日"),
        pytest.param(date(2028, 3, 1), date(2028, 3, 1), id="尚有三日"),
        pytest.param(date(2028, 3, 2), date(2028, 3, 2), id="不足三日，立即"),
    ],
)
def test_release_notice_due_on(known_on, due_on):
    assert rules.release_notice_due_on(ends_on=date(2028, 3, 4), known_on=known_on) == due_on

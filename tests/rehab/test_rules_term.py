from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab import statutes
from rehab.rules import term as rules
from rehab.rules.term import ReleasePhase

DAYS = st.dates(date(2008, 6, 1), date(2120, 12, 31))


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
    ends_on = rules.two_years_end(decided_on)

    next_day = ends_on + timedelta(days=1)
    anniversary = (decided_on.year + 2, decided_on.month, decided_on.day)
    assert (next_day.year, next_day.month, next_day.day) == anniversary or (
        (decided_on.month, decided_on.day) == (2, 29) and next_day.day == 1
    )
    assert 729 <= (ends_on - decided_on).days <= 730


@given(DAYS, st.integers(0, 30))
def test_a_later_decision_never_ends_earlier(decided_on, days):
    later = decided_on + timedelta(days=days)

    assert rules.two_years_end(decided_on) <= rules.two_years_end(later)


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

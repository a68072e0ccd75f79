from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.rules import days, holidays
from rehab.rules.days import CalendarNotMaintained

MAINTAINED = sorted(holidays.DAYS_OFF)


@pytest.mark.parametrize("year", MAINTAINED)
def test_the_table_of_holidays_is_that_of_the_published_notices(year):
    day = date(year, 1, 1)
    while day.year == year:
        assert days.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_a_year_without_a_table_says_so():
    with pytest.raises(CalendarNotMaintained, match="2027 年的法定节假日表尚未维护") as error:
        days.working_days_after(date(2026, 12, 31), 1)

    assert error.value.year == 2027
    assert not days.is_maintained(2027)
    assert days.is_maintained(2026)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        pytest.param(date(2026, 11, 20), 1, date(2026, 11, 23), id="周五后一个工作日"),
        pytest.param(date(2026, 9, 30), 3, date(2026, 10, 10), id="国庆后调休上班的周六也算"),
        pytest.param(date(2026, 2, 13), 1, date(2026, 2, 14), id="春节前调休上班"),
        pytest.param(date(2026, 11, 20), 0, date(2026, 11, 20), id="零日"),
    ],
)
def test_working_days_after(start, count, due):
    assert days.working_days_after(start, count) == due


def test_working_days_before():
    assert days.working_days_before(date(2026, 10, 10), 3) == date(2026, 9, 30)


@given(st.dates(date(2024, 2, 1), date(2026, 11, 1)), st.integers(1, 15))
def test_working_days_there_and_back(day, count):
    due = days.working_days_after(day, count)

    assert days.is_working_day(due)
    back = days.working_days_before(due, count)
    assert back == day or not days.is_working_day(day)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        pytest.param(date(2026, 9, 30), 5, date(2026, 10, 5), id="节假日照算"),
        pytest.param(date(2028, 2, 27), 3, date(2028, 3, 1), id="经过闰日"),
    ],
)
def test_calendar_days(start, count, due):
    assert days.calendar_days_after(start, count) == due
    assert days.calendar_days_before(due, count) == start


def test_a_day_begins_and_ends_in_shanghai():
    day = date(2026, 3, 5)

    assert days.start_of(day) == datetime(2026, 3, 4, 16, tzinfo=UTC)
    assert days.end_of(day) == datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        pytest.param(datetime(2026, 3, 4, 15, 59, tzinfo=UTC), date(2026, 3, 4), id="零时前"),
        pytest.param(datetime(2026, 3, 4, 16, 0, tzinfo=UTC), date(2026, 3, 5), id="零时"),
    ],
)
def test_day_of(moment, day):
    assert days.day_of(moment) == day


def test_hours_after():
    moment = datetime(2026, 3, 5, 2, 30, tzinfo=days.SHANGHAI)

    assert days.hours_after(moment, 24) == datetime(2026, 3, 6, 2, 30, tzinfo=days.SHANGHAI)

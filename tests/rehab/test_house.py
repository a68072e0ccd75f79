"""The words that templates ask of a value."""

from datetime import UTC, date, datetime

import pytest
from django.template.loader import render_to_string

from rehab.clock import SHANGHAI
from rehab.states import Stage
from rehab.templatetags import house

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("due", "text", "tone"),
    [
        pytest.param(date(2026, 11, 19), "逾期 2 天", "overdue", id="前两日"),
        pytest.param(date(2026, 11, 20), "逾期 1 天", "overdue", id="前一日"),
        pytest.param(date(2026, 11, 21), "今天", "today", id="当日"),
        pytest.param(date(2026, 11, 22), "剩 1 天", "soon", id="次日"),
        pytest.param(date(2026, 11, 28), "剩 7 天", "soon", id="七日"),
        pytest.param(date(2026, 11, 29), "剩 8 天", "later", id="八日"),
        pytest.param(
            datetime(2026, 11, 21, 17, 0, tzinfo=SHANGHAI), "今天 17:00", "today", id="当日有时刻"
        ),
        pytest.param(datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC), "今天", "today", id="当日末"),
        pytest.param(
            datetime(2026, 11, 21, 16, 0, tzinfo=UTC), "剩 1 天", "soon", id="已是北京次日"
        ),
        pytest.param(None, "未定", "later", id="未定"),
    ],
)
def test_due(due, text, tone):
    assert house.due_text(due, TODAY) == text
    assert house.due_tone(due, TODAY) == tone


def test_due_label_of_an_act_that_is_not_yet_possible():
    html = render_to_string(
        "components/due_label.html",
        {"due": date(2026, 12, 20), "opens": date(2026, 12, 1), "today": TODAY},
    )

    assert "12-01 起" in html


def test_due_label_once_the_act_is_possible():
    html = render_to_string(
        "components/due_label.html", {"due": TODAY, "opens": TODAY, "today": TODAY}
    )

    assert '<span class="due t"' in html
    assert "今天" in html


@pytest.mark.parametrize(
    ("stage", "mark", "name"),
    [
        (Stage.DETOX, "脱", "生理脱毒区"),
        ("02", "教", "教育适应区"),
        (Stage.CONSOLIDATION, "康", "康复巩固区"),
        ("04", "归", "回归指导区"),
    ],
)
def test_zone_tag(stage, mark, name):
    whole = render_to_string("components/zone_tag.html", {"stage": stage})
    short = render_to_string("components/zone_tag.html", {"stage": stage, "short": True})

    assert f"<b>{mark}</b>{name}" in whole
    assert f'title="{name}"' in short
    assert f"<b>{mark}</b>" in short


def test_dates():
    late = datetime(2026, 11, 20, 18, 5, tzinfo=UTC)

    assert house.iso(late) == "2026-11-21"
    assert house.short_day(late) == "11-21"
    assert house.moment(late) == "2026-11-21 02:05"
    assert house.short_moment(late) == "11-21 02:05"
    assert house.cn_day(date(2026, 3, 5)) == "2026年3月5日"
    assert house.weekday(TODAY) == "星期六"


@pytest.mark.parametrize(
    "words",
    [house.iso, house.short_day, house.moment, house.short_moment, house.cn_day, house.weekday],
)
def test_no_date_is_no_word(words):
    assert words(None) == ""


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(38, 60, "63.3"), (70, 60, "100.0"), (0, 60, "0.0"), (3, 0, "0.0")],
)
def test_percent(part, whole, percent):
    assert house.percent(part, whole) == percent


def test_masked_number():
    assert house.masked_number("11010119920417123X") == "1101**********123X"
    assert house.masked_number("E1234567") == "********"

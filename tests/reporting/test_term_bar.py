"""The term as a bar: percents that add up, and labels that do not run into one another."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rehab.states import Stage
from reporting.term_bar import BAR_WIDTH, Milestone, Stay, term_bar, text_width

BEGINS, ENDS = date(2025, 12, 1), date(2027, 11, 30)
STAYS = (
    Stay("公安机关执行", BEGINS, date(2026, 3, 19)),
    Stay("生理脱毒", date(2026, 3, 20), date(2026, 4, 11), Stage.DETOX),
    Stay("教育适应", date(2026, 4, 12), date(2026, 6, 14), Stage.ADAPTATION),
    Stay("康复巩固", date(2026, 6, 15), date(2027, 9, 29), Stage.CONSOLIDATION),
    Stay("回归指导", date(2027, 9, 30), None, Stage.REENTRY, planned=True),
)
ONE_YEAR = Milestone("满一年 2026-12-01 起可评", date(2026, 12, 1))


def bar(*, today=date(2026, 11, 21), stays=STAYS, milestones=(ONE_YEAR,)):
    return term_bar(begins_on=BEGINS, ends_on=ENDS, today=today, stays=stays, milestones=milestones)


def test_parts_fill_the_bar():
    parts = bar().parts

    assert [part.css for part in parts] == ["police", "z1", "z2", "z3", "z3", "z4"]
    assert [part.planned for part in parts] == [False, False, False, False, True, True]
    assert parts[0].x == "0.00"
    assert sum(float(part.width) for part in parts) == pytest.approx(100, abs=0.1)


def test_marks_stand_on_their_days():
    marks = {mark.css: mark for mark in bar().marks}

    assert marks["end"].x == "100.00"
    assert float(marks["law"].x) == pytest.approx(50, abs=0.1)
    assert float(marks["today"].x) < float(marks["law"].x)
    assert marks["today"].label.anchor == "end"
    assert marks["law"].label.anchor == "start"


def test_first_day_puts_today_to_the_right():
    marks = {mark.css: mark for mark in bar(today=BEGINS).marks}

    assert marks["today"].label.anchor == "start"


def test_mark_without_room_on_the_right_turns_round():
    late = Milestone("解除前通知 2027-11-27 前", date(2027, 11, 27))

    (mark,) = (m for m in bar(milestones=(late,)).marks if m.css == "law")

    assert mark.label.anchor == "end"


@pytest.mark.parametrize(
    ("today", "overstayed"),
    [
        pytest.param(date(2027, 11, 29), False, id="期满前一日"),
        pytest.param(date(2027, 11, 30), False, id="期满日"),
        pytest.param(date(2027, 12, 1), True, id="期满次日"),
    ],
)
def test_overstay_is_drawn_beyond_the_end(today, overstayed):
    parts = bar(today=today).parts

    assert any(part.css == "overstay" for part in parts) == overstayed


def test_overstay_says_how_many_days():
    assert bar(today=date(2027, 12, 2)).parts[-1].spoken == "超过期满日 2 天"


def test_bar_speaks():
    assert bar(stays=STAYS[:2]).spoken == (
        "期限 2025-12-01 至 2027-11-30，今日 2026-11-21；"
        "2025-12-01 起公安机关执行，2026-03-20 起生理脱毒"
    )


def test_label_without_room_is_left_out():
    crowd = tuple(
        Stay("公安机关执行", BEGINS + timedelta(days=n), BEGINS + timedelta(days=n))
        for n in range(5)
    )

    labels = [part.label for part in bar(stays=crowd).parts]

    assert labels[0] is not None
    assert None in labels


@given(
    st.lists(st.integers(0, 729), min_size=1, max_size=8, unique=True),
    st.integers(0, 800),
    st.lists(st.integers(0, 729), max_size=4),
)
def test_labels_never_touch(starts, today, milestones):
    days = sorted(starts)
    stays = [
        Stay(
            "教育适应", BEGINS + timedelta(days=day), BEGINS + timedelta(days=following - 1), stage
        )
        for day, following, stage in zip(
            days, [*days[1:], 730], [None, *Stage, *Stage], strict=False
        )
    ]
    marks = [Milestone("满一年 2026-12-01", BEGINS + timedelta(days=day)) for day in milestones]

    drawn = bar(today=BEGINS + timedelta(days=today), stays=stays, milestones=marks)

    above = [_span(mark.label) for mark in drawn.marks]
    below = [_span(part.label) for part in drawn.parts if part.label]
    assert _apart(above)
    assert _apart(below)
    assert all(float(part.x) + float(part.width) <= 100.02 for part in drawn.parts)


def _span(label):
    """Line, left and right of a label in px."""
    width = max(text_width(label.text), text_width(label.second))
    at = float(label.x) * BAR_WIDTH / 100 + label.dx
    return (label.y, at - width, at) if label.anchor == "end" else (label.y, at, at + width)


def _apart(spans):
    spans = sorted(spans)
    return all(one[0] != other[0] or one[2] <= other[1] for one, other in pairwise(spans))

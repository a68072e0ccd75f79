from datetime import date, datetime, time

import pytest

from intake.rules import cells, health
from intake.rules.cells import BadCell
from intake.rules.health import Bar


@pytest.mark.parametrize(
    "cell",
    [
        pytest.param("2026-03-05", id="短横"),
        pytest.param("2026.3.5", id="点"),
        pytest.param("2026/3/5", id="斜线"),
        pytest.param("2026年3月5日", id="年月日"),
        pytest.param(" 2026 年 03 月 05 日 ", id="空白"),
        pytest.param("２０２６．３．５", id="全角"),
        pytest.param("20260305", id="八位"),
        pytest.param(20260305.0, id="八位数值"),
        pytest.param("2026-03-05 00:00:00", id="带时刻"),
        pytest.param(date(2026, 3, 5), id="日期单元格"),
        pytest.param(datetime(2026, 3, 5, 8), id="日期时间单元格"),  # noqa: DTZ001
    ],
)
def test_day(cell):
    assert cells.day(cell) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        pytest.param("", "未填写", id="空"),
        pytest.param(None, "未填写", id="没有这一列"),
        pytest.param("2026-02-30", "这一天不存在", id="二月三十日"),
        pytest.param("20261301", "这一天不存在", id="十三月"),
        pytest.param("2026年3月", "不是日期", id="缺日"),
        pytest.param(46086.0, "不是日期", id="序列号"),
        pytest.param("待定", "不是日期", id="文字"),
    ],
)
def test_bad_day(cell, words):
    with pytest.raises(BadCell, match=words):
        cells.day(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-08-12至2028-08-11",
        "2026.8.12-2028.8.11",
        "2026年8月12日 至 2028年8月11日",
        "20260812～20280811",
        "2026-08-12 — 2028-08-11",
        "2026-08-12到2028-08-11",
    ],
)
def test_span(cell):
    assert cells.span(cell) == (date(2026, 8, 12), date(2028, 8, 11))


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        pytest.param("", "未填写", id="空"),
        pytest.param("2026-08-12", "不是起止日期", id="只有一天"),
        pytest.param("2026-08-12至2028-02-30", "这一天不存在", id="末日不存在"),
    ],
)
def test_bad_span(cell, words):
    with pytest.raises(BadCell, match=words):
        cells.span(cell)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        pytest.param('=HYPERLINK("x","点此")', '=HYPERLINK("x","点此")', id="公式是文本"),
        pytest.param("<script>alert(1)</script>", "<script>alert(1)</script>", id="标记是文本"),
        pytest.param("\u200b 张三\ufeff ", "张三", id="不可见字符"),
        pytest.param(13900001391.0, "13900001391", id="整数"),
        pytest.param(1.5, "1.5", id="小数"),
        pytest.param(True, "True", id="逻辑值"),
        pytest.param(None, "", id="没有"),
        pytest.param(date(2026, 3, 5), "2026-03-05", id="日期"),
        pytest.param(datetime(2026, 3, 5), "2026-03-05", id="零时"),  # noqa: DTZ001
        pytest.param(datetime(2026, 3, 5, 8), "2026-03-05 08:00:00", id="有时刻"),  # noqa: DTZ001
        pytest.param(time(8, 30), "08:30:00", id="时刻"),
    ],
)
def test_text(cell, text):
    assert cells.text(cell) == text


@pytest.mark.parametrize(("cell", "text"), [("无", ""), (" — ", ""), ("无锡", "无锡"), ("", "")])
def test_text_or_none(cell, text):
    assert cells.text_or_none(cell) == text


@pytest.mark.parametrize(
    ("cell", "is_number"), [(1.0, True), (1, True), (True, False), ("1", False)]
)
def test_is_number(cell, is_number):
    assert cells.is_number(cell) is is_number


@pytest.mark.parametrize(
    "said",
    [
        "怀孕 16 周",
        "怀孕16周无不适",
        "未婚怀孕3个月",
        "妊娠试验阳性",
        "孕16周",
        "孕 4 个月",
        "孕检阳性",
        "良好，早孕",
        "非首次怀孕",
    ],
)
def test_pregnant(said):
    assert health.bar_of(said) is Bar.PREGNANT


@pytest.mark.parametrize(
    "said",
    [
        "哺乳期,婴儿 5 个月",
        "哺乳期",
        "哺乳期（婴儿１１个月２０天）",
        "哺乳不满一周岁婴儿",
        "哺乳一周岁以下婴儿",
        "28岁，哺乳期",
        "大儿子3岁，婴儿五个月，哺乳期",
        "哺乳期，婴儿十个月",
        "哺乳期，婴儿半岁",
    ],
)
def test_nursing(said):
    assert health.bar_of(said) is Bar.NURSING


@pytest.mark.parametrize(
    "said",
    [
        "",
        "良好",
        "乙肝",
        "未怀孕",
        "否认怀孕",
        "未发现妊娠",
        "妊娠试验阴性",
        "妊娠试验（-）",
        "怀孕史",
        "曾怀孕",
        "孕2产1",
        "非哺乳期",
        "不在哺乳期",
        "已停止哺乳",
        "哺乳期，孩子14个月",
        "哺乳期，婴儿十四个月",
        "哺乳期，孩子1岁2个月",
        "哺乳期，孩子一周岁",
    ],
)
def test_no_bar(said):
    assert health.bar_of(said) is None

"""What a province may word and what it may not leave out; how a paragraph is filled."""

from dataclasses import replace

import pytest

from rehab.document_kinds import kinds
from rehab.rules.wording import (
    BadWording,
    Bounds,
    Wording,
    filled,
    wording_obstacles,
)

WORDING = Wording(
    heading="入所通知书",
    mark="强戒通",
    number="（{所简称}）{字}〔{年}〕{号}号",
    sections={"body": ("{姓名}已入所（{《禁毒法》第四十条}）。",), "short": ("{姓名}离所。",)},
    copies=("存档",),
    signers=("承办人",),
)
BOUNDS = Bounds(
    labels={"body": "正文", "short": "致单位"},
    words=frozenset({"姓名", "毒品", "《禁毒法》第四十条"}),
    must_say={"body": ("姓名",)},
    only={"short": ("姓名",)},
)


def body(*paragraphs):
    return {"sections": {**WORDING.sections, "body": paragraphs}}


def short(*paragraphs):
    return {"sections": {**WORDING.sections, "short": paragraphs}}


def test_wording_obstacles_of_a_sound_wording():
    assert wording_obstacles(WORDING, BOUNDS) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({"heading": "书"}, "“标题”须有 2 至 40 个字", id="标题太短"),
        pytest.param({"heading": "{性别}通知"}, "“标题”中的 {性别} 不能用在这里", id="标题不识"),
        pytest.param({"mark": "ABC"}, "“机关代字”须是", id="代字不是汉字"),
        pytest.param({"mark": "强戒第"}, "“机关代字”须是", id="代字有第"),
        pytest.param({"number": "{字}〔{年}〕{号}号"}, "各写一次", id="文号缺所简称"),
        pytest.param({"number": "{所简称}{字}{号}〔{年}〕"}, "年在号前", id="号在年前"),
        pytest.param({"number": "{所简称}{字}{年}{号}"}, "要隔开", id="年号相连"),
        pytest.param({"number": "{所简称}{字}{年}1{号}"}, "请删去其他文字", id="文号有数字"),
        pytest.param({"number": "{所简称}强{字}〔{年}〕{号}"}, "请删去其他文字", id="文号有字"),
        pytest.param({"sections": {"body": ("{姓名}",)}}, "各部分与此种文书不符", id="缺一部分"),
        pytest.param(body("他已入所。"), "“正文”必须写明 {姓名}", id="没有姓名"),
        pytest.param(body("{姓名}，{年龄}岁。"), "{年龄} 不能用在这里", id="不识的用语"),
        pytest.param(body("{姓名}，{性别"), "花括号不成对", id="花括号"),
        pytest.param(body("{姓名}[，[{毒品}]]"), "方括号不成对或者套用", id="方括号"),
        pytest.param(body("{姓名}依《禁毒法》第四十条入所。"), "请放进花括号", id="条文不在花括号"),
        pytest.param(body("{姓名}", " "), "“正文”第 2 行是空的", id="空行"),
        pytest.param(body("{姓名}" + "长" * 600), "超过 600 个字", id="太长"),
        pytest.param(body(*["{姓名}"] * 61), "最多 60 行", id="太多段"),
        pytest.param(short("{姓名}吸食{毒品}。"), "“致单位”中的 {毒品} 不能用在这里", id="多说了"),
        pytest.param({"copies": ("存",) * 9}, "“份数和去向”最多 8 行", id="份数太多"),
        pytest.param({"signers": ("长" * 17,)}, "“签名栏”第 1 行超过 16 个字", id="签名栏太长"),
    ],
)
def test_wording_obstacles(changed, said):
    obstacles = wording_obstacles(replace(WORDING, **changed), BOUNDS)

    assert any(said in str(one) for one in obstacles), obstacles


def test_a_section_for_few_may_still_name_an_article():
    wording = replace(WORDING, **short("{姓名}依{《禁毒法》第四十条}离所。"))

    assert wording_obstacles(wording, BOUNDS) == ()


@pytest.mark.parametrize(
    ("paragraph", "pieces"),
    [
        ("{姓名}，{性别}。", ("示例", "，", None, "。")),
        ("{姓名}[，{出生}出生]。", ("示例", "。")),
        ("{姓名}[，{日期}入所]。", ("示例", "，", "2026年9月1日", "入所。")),
        ("没有用语", ("没有用语",)),
        ("", ()),
    ],
)
def test_filled(paragraph, pieces):
    words = {"姓名": "示例", "性别": "", "出生": None, "日期": "2026年9月1日"}

    assert filled(paragraph, words) == pieces


@pytest.mark.parametrize("paragraph", ["{年龄}", "[{年龄}]"])
def test_filled_with_what_is_not_known(paragraph):
    with pytest.raises(BadWording, match="年龄"):
        filled(paragraph, {"姓名": "示例"})


def test_wording_is_read_as_it_was_kept():
    assert Wording.read(WORDING.parts()) == WORDING


@pytest.mark.parametrize("values", [{}, {"heading": "x"}, WORDING.parts() | {"sections": None}])
def test_a_wording_that_is_not_whole(values):
    with pytest.raises(BadWording, match="不完整"):
        Wording.read(values)


def test_numbered():
    number = WORDING.numbered(facility="示一所", year=2026, serial=7)

    assert number == "（示一所）强戒通〔2026〕7号"


@pytest.mark.parametrize("one", kinds().values(), ids=lambda one: one.code)
def test_the_wording_of_the_product_is_sound(one):
    assert wording_obstacles(one.wording, one.bounds) == ()


def test_no_two_kinds_of_the_product_share_a_series():
    marks = [one.wording.mark for one in kinds().values()]

    assert len(set(marks)) == len(marks)

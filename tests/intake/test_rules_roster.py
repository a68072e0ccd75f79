import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules import roster
from intake.rules.health import Bar
from intake.rules.line import decision_keys, person_key, person_keys
from intake.rules.roster import Known, Outcome
from intake.rules.rows import REQUIRED_COLUMNS, Column, RosterFile, RosterRow
from rehab import statutes
from rehab.rules import codes, identity
from rehab.rules.decisions import decision_key

AS_OF = date(2026, 11, 21)
SOUND = {
    "序号": 1.0,
    "姓名": "卢安",
    "性别": "男",
    "出生日期": "1997-07-08",
    "公民身份号码": "440902199707085015",
    "民族": "汉族",
    "文化程度": "初中",
    "户籍所在地": "广东省茂名市茂南区",
    "现住址": "辽宁省阜新市新邱区",
    "强制隔离戒毒决定书文号": "示公(禁)强戒决字〔2026〕230054号",
    "决定机关": "示例市公安局南城分局",
    "决定日期": "2026-08-20",
    "强制隔离戒毒起止日期": "2026-08-20至2028-08-19",
    "移交日期": "2026-11-20",
    "主要吸食毒品种类": "大麻",
    "成瘾认定": "成瘾严重",
    "健康状况": "一般",
    "体表伤情": "无",
    "家属姓名": "尹敬",
    "与本人关系": "兄弟",
    "家属联系电话": "13900007283",
    "备注": "",
}


def row(line=4, **changed):
    return RosterRow(line, SOUND | changed)


def judged(**changed):
    (verdict,) = roster.judge([row(**changed)], as_of=AS_OF)
    return verdict


def number_of(born, sex):
    first = f"440902{born:%Y%m%d}50{1 if sex == '男' else 2}"
    return first + identity.check_digit(first)


def woman(**changed):
    number = number_of(date(1997, 7, 8), "女")
    return {"性别": "女", "公民身份号码": number} | changed


def born(day):
    return {"出生日期": str(day), "公民身份号码": number_of(day, "男")}


def test_a_sound_line_is_accepted_with_clean_values():
    verdict = judged(
        姓名=" 卢\u200b安 ", 公民身份号码="４４０９０２ 199707085015", 家属联系电话=13900007283.0
    )

    assert (verdict.line, verdict.outcome, verdict.problems) == (4, Outcome.ACCEPT, ())
    assert verdict.becomes_arrival
    assert not verdict.only_refusable
    assert verdict.person == roster.RosterLine(
        name="卢安",
        sex=codes.MALE,
        birth_date=date(1997, 7, 8),
        id_number="440902199707085015",
        other_document="",
        ethnicity="汉族",
        education="初中",
        household="广东省茂名市茂南区",
        address="辽宁省阜新市新邱区",
        decision_number="示公(禁)强戒决字〔2026〕230054号",
        authority="示例市公安局南城分局",
        decided_on=date(2026, 8, 20),
        printed_starts_on=date(2026, 8, 20),
        printed_ends_on=date(2028, 8, 19),
        transferred_on=date(2026, 11, 20),
        drug="大麻",
        addiction="成瘾严重",
        health="一般",
        injury="",
        relative_name="尹敬",
        relative_relation="兄弟",
        relative_phone="13900007283",
        remark="",
    )


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"姓名": "阿不都·热合曼"}, id="间隔号"),
        pytest.param({"姓名": "𠮷野"}, id="基本平面以外的字"),
        pytest.param({"姓名": "长" * 50}, id="五十字"),
        pytest.param({"备注": '=HYPERLINK("x","点此")'}, id="公式是文本"),
        pytest.param({"现住址": "青山区<script>alert(1)</script>"}, id="标记是文本"),
        pytest.param({"体表伤情": "未见异常"}, id="未见伤情"),
        pytest.param({"移交日期": "2026-11-21"}, id="名册当日移交"),
        pytest.param({"移交日期": "2026-08-20"}, id="决定当日移交"),
        pytest.param({"主要吸食毒品种类": "大麻、地西泮，甲基苯丙胺（片剂）"}, id="多种毒品"),
        pytest.param(woman(健康状况="未怀孕"), id="未怀孕"),
        pytest.param(woman(健康状况="哺乳期，孩子14个月"), id="孩子满一周岁"),
        pytest.param(born(date(2008, 11, 21)), id="十八岁生日"),
    ],
)
def test_accepted(changed):
    assert judged(**changed).outcome is Outcome.ACCEPT


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        pytest.param({"姓名": "\u200b "}, "姓名", "未填写", id="无姓名"),
        pytest.param({"姓名": "长" * 51}, "姓名", "51 个字", id="五十一字"),
        pytest.param({"性别": ""}, "性别", "未填写", id="无性别"),
        pytest.param({"性别": "未知"}, "性别", "应填“男”或“女”", id="性别不明"),
        pytest.param({"性别": "女"}, "性别", "第 17 位", id="性别不符"),
        pytest.param({"出生日期": "1997-07-09"}, "出生日期", "1997-07-08", id="出生日期不符"),
        pytest.param({"出生日期": ""}, "出生日期", "未填写", id="无出生日期"),
        pytest.param(born(date(2026, 11, 22)), "出生日期", "晚于名册日期", id="名册后出生"),
        pytest.param({"公民身份号码": 4.4090219970708502e17}, "公民身份号码", "数值", id="数值"),
        pytest.param(
            {"公民身份号码": "4.40902E+17"}, "公民身份号码", "科学计数|数值", id="科学计数"
        ),
        pytest.param({"公民身份号码": "440902970708501"}, "公民身份号码", "15 位", id="十五位"),
        pytest.param({"公民身份号码": "44090219970708501"}, "公民身份号码", "17 位", id="十七位"),
        pytest.param({"公民身份号码": "440902199707085016"}, "公民身份号码", "校验码", id="校验码"),
        pytest.param(
            {"强制隔离戒毒决定书文号": ""}, "强制隔离戒毒决定书文号", "未填写", id="无文号"
        ),
        pytest.param({"决定日期": "2026-02-30"}, "决定日期", "不存在", id="决定日期不存在"),
        pytest.param({"强制隔离戒毒起止日期": ""}, "强制隔离戒毒起止日期", "未填写", id="无起止"),
        pytest.param({"移交日期": "2026-11-22"}, "移交日期", "晚于名册", id="移交在名册后"),
        pytest.param({"移交日期": "2026-08-19"}, "移交日期", "早于决定", id="移交在决定前"),
        pytest.param({"移交日期": ""}, "移交日期", "未填写", id="无移交日期"),
        pytest.param({"健康状况": "怀孕 3 个月"}, "健康状况", "性别为男", id="男性怀孕"),
    ],
)
def test_rejected(changed, field, words):
    verdict = judged(**changed)

    assert verdict.outcome is Outcome.REJECT
    assert [problem.field for problem in verdict.problems] == [field]
    assert re.search(words, verdict.problems[0].message)
    assert not verdict.becomes_arrival
    assert not verdict.only_refusable


@pytest.mark.parametrize(
    ("changed", "field", "article"),
    [
        pytest.param(
            {"公民身份号码": ""}, "公民身份号码", statutes.DECISION_SERVED, id="无号码无证件"
        ),
        pytest.param(
            {"公民身份号码": "无", "备注": "护照 E12345678"}, "公民身份号码",
            statutes.DECISION_SERVED, id="无号码有护照",
        ),
        pytest.param(born(date(2008, 11, 22)), "出生日期", statutes.SEPARATION, id="差一日十八岁"),
        pytest.param(born(date(2010, 11, 21)), "出生日期", statutes.SEPARATION, id="十六岁生日"),
        pytest.param(
            born(date(2010, 11, 22)), "出生日期", statutes.NOT_APPLICABLE, id="差一日十六岁"
        ),
        pytest.param(
            {"体表伤情": "左前臂划伤"}, "体表伤情", statutes.ENTRY_INJURY, id="有伤"
        ),
        pytest.param({"家属姓名": "无"}, "家属姓名", statutes.FAMILY_NOTICE, id="无家属"),
        pytest.param({"主要吸食毒品种类": "不详"}, "主要吸食毒品种类", None, id="表外毒品"),
        pytest.param({"主要吸食毒品种类": ""}, "主要吸食毒品种类", None, id="未填毒品"),
        pytest.param(
            {"强制隔离戒毒起止日期": "2026-08-21至2028-08-19"}, "强制隔离戒毒起止日期",
            statutes.TERM_STARTS, id="起日不是决定日期",
        ),
    ],
)  # fmt: skip
def test_warned(changed, field, article):
    verdict = judged(**changed)

    assert verdict.outcome is Outcome.WARN
    assert [(p.field, p.article) for p in verdict.problems] == [(field, article)]
    assert verdict.becomes_arrival


@pytest.mark.parametrize(
    ("ends_on", "outcome"),
    [
        pytest.param("2028-08-18", Outcome.WARN, id="早一日"),
        pytest.param("2028-08-19", Outcome.ACCEPT, id="一致"),
        pytest.param("2028-08-20", Outcome.WARN, id="晚一日"),
        pytest.param("2028-08-21", Outcome.REJECT, id="晚二日"),
        pytest.param("2026-11-20", Outcome.REJECT, id="前一日已届满"),
        pytest.param("2026-11-21", Outcome.WARN, id="名册当日届满"),
    ],
)
def test_printed_term(ends_on, outcome):
    verdict = judged(强制隔离戒毒起止日期=f"2026-08-20至{ends_on}")

    assert verdict.outcome is outcome
    assert {p.field for p in verdict.problems} <= {"强制隔离戒毒起止日期"}


def test_a_printed_term_is_not_compared_with_a_decision_that_cannot_be_read():
    verdict = judged(决定日期="待定", 强制隔离戒毒起止日期="2026-08-20至2029-08-19")

    assert [problem.field for problem in verdict.problems] == ["决定日期"]


def test_a_decision_after_the_roster_is_rejected():
    verdict = judged(决定日期="2026-11-22", 强制隔离戒毒起止日期="2026-11-22至2028-11-21")

    assert [problem.field for problem in verdict.problems] == ["决定日期", "移交日期"]


@pytest.mark.parametrize(
    ("said", "bar"), [("怀孕 16 周", Bar.PREGNANT), ("哺乳期,婴儿 5 个月", Bar.NURSING)]
)
def test_a_barred_person_with_sound_data_can_only_be_refused(said, bar):
    verdict = judged(**woman(健康状况=said, 体表伤情="擦伤"))

    assert (verdict.outcome, verdict.bar) == (Outcome.REJECT, bar)
    assert verdict.only_refusable
    assert [problem.article for problem in verdict.problems] == [
        statutes.NOT_APPLICABLE,
        statutes.ENTRY_INJURY,
    ]


def test_a_barred_person_with_faulty_data_goes_back():
    verdict = judged(**woman(健康状况="怀孕", 姓名=""))

    assert not verdict.becomes_arrival
    assert not verdict.only_refusable


def test_rejecting_problems_come_first():
    verdict = judged(体表伤情="擦伤", 公民身份号码="", 移交日期="")

    assert [p.outcome for p in verdict.problems] == [Outcome.REJECT, Outcome.WARN, Outcome.WARN]


def test_of_two_lines_for_one_person_the_first_stands():
    first, second = row(4), row(5, 强制隔离戒毒决定书文号="示公(禁)强戒决字〔2026〕230055号")

    one, two = roster.judge([first, second], as_of=AS_OF)

    assert one.outcome is Outcome.ACCEPT
    assert [(p.field, p.message) for p in two.problems] == [("公民身份号码", "与第 4 行是同一人")]


@pytest.mark.parametrize(
    ("remarks", "fields"),
    [
        pytest.param(("护照 E12345678", "护照：e12345678"), ["备注"], id="同一证件"),
        pytest.param(("护照 E12345678", "护照 E12345679"), [], id="不同证件"),
        pytest.param(("", ""), ["姓名"], id="同名同日生，都无证件"),
    ],
)
def test_people_without_a_number_are_told_apart_by_document_or_name(remarks, fields):
    rows = [
        row(line, 公民身份号码="", 备注=remark, 强制隔离戒毒决定书文号=f"〔2026〕{line}号")
        for line, remark in enumerate(remarks, start=4)
    ]

    _, second = roster.judge(rows, as_of=AS_OF)

    assert [p.field for p in second.problems if p.outcome is Outcome.REJECT] == fields


def test_of_two_lines_for_one_decision_the_first_stands():
    other = row(
        5,
        **born(date(1990, 1, 1)),
        强制隔离戒毒决定书文号="示公（禁）强戒决字[2026] 230054号",
    )

    _, second = roster.judge([row(4), other], as_of=AS_OF)

    assert [p.field for p in second.problems] == ["强制隔离戒毒决定书文号"]


@pytest.mark.parametrize(
    ("known", "outcome", "field"),
    [
        pytest.param(
            Known(waiting=person_keys([row()])), Outcome.REJECT, "公民身份号码", id="已在待收"
        ),
        pytest.param(
            Known(in_custody=person_keys([row()])), Outcome.WARN, "公民身份号码", id="有未结档案"
        ),
        pytest.param(
            Known(decisions=decision_keys([row()])), Outcome.REJECT, "强制隔离戒毒决定书文号",
            id="文号已录入",
        ),
    ],
)  # fmt: skip
def test_what_is_known_already(known, outcome, field):
    (verdict,) = roster.judge([row()], as_of=AS_OF, known=known)

    assert verdict.outcome is outcome
    assert [problem.field for problem in verdict.problems] == [field]


def test_keys():
    assert person_key(id_number="1", other_document="", name="", birth_date=None) == "1"
    assert (
        person_key(id_number=None, other_document="护照 Ｅ1", name="", birth_date=None) == "护照E1"
    )
    assert person_key(id_number=None, other_document="", name="卢安", birth_date=None) == ""
    assert person_keys([row(公民身份号码="123")]) == frozenset()
    assert decision_keys([row(强制隔离戒毒决定书文号="无")]) == frozenset()
    assert decision_key("字〔2026〕 1号") == decision_key("字（2026）1号") == "字(2026)1号"


def test_an_empty_roster_is_cautioned():
    cautions = roster.file_cautions(RosterFile(()), facility_name="某所")

    assert [caution.code for caution in cautions] == ["no_lines"]


def test_a_row_as_texts():
    texts = row(移交日期=date(2026, 11, 20)).texts()

    assert texts["移交日期"] == "2026-11-20"
    assert texts["序号"] == "1"


CELLS = st.one_of(
    st.none(), st.text(max_size=60), st.floats(), st.integers(), st.booleans(), st.dates()
)


@given(st.fixed_dictionaries({column.value: CELLS for column in Column}))
def test_any_cells_get_a_verdict_in_words(cells):
    (verdict,) = roster.judge([RosterRow(4, cells)], as_of=AS_OF)

    assert (verdict.outcome is Outcome.ACCEPT) == (not verdict.problems)
    for problem in verdict.problems:
        assert problem.field in set(Column)
        assert problem.message


def test_the_required_columns_are_columns():
    assert set(REQUIRED_COLUMNS) < set(Column)

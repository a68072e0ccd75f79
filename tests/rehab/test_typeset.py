"""Documents: the right words on the right number of pages, in fonts that travel with them."""

import io
from datetime import UTC, date, datetime

import pytest
import typst
from pypdf import PdfReader

from rehab import statutes
from rehab.document_kinds import kind, kinds
from rehab.typeset import FONTS, MissingGlyph, missing_glyphs, printed, typeset, with_stand_ins

NAME = "阿卜杜·热合曼𠮷"
ISSUED_ON = date(2028, 6, 10)
PERSON = {
    "name": NAME,
    "sex": "男",
    "birth_on": date(1990, 2, 28),
    "authority": "示例市公安局城东分局",
    "decision_number": "城公（禁）强戒决字〔2026〕第0123号",
    "decided_on": date(2026, 6, 11),
    "ends_on": date(2028, 6, 10),
}
FACILITY = {
    "facility": "示例省第一强制隔离戒毒所",
    "address": "示例省示例市青年路128号",
    "phone": "0000-8888888",
    "issued_on": ISSUED_ON,
}
FACTS = {
    "certificate": PERSON
    | FACILITY
    | {
        "number": "示一所强戒解证〔2028〕第17号",
        "released_on": date(2028, 6, 10),
        "reason": "期限届满",
        "basis": [statutes.RELEASE],
    },
    "release_notice": PERSON
    | FACILITY
    | {
        "number": "示一所强戒解通〔2028〕第17号",
        "audience": "family",
        "recipient": "古丽·热合曼",
        "release_on": date(2028, 6, 10),
        "reason": "期限届满",
        "basis": [statutes.RELEASE_NOTICE],
    },
    "end_inquiry": PERSON
    | FACILITY
    | {
        "number": "示一所强戒核函〔2028〕第1号",
        "recipient": "示例市公安局城东分局",
        "case_number": "SL01-2026-0017",
        "printed_on": date(2028, 6, 15),
        "ends_on": date(2028, 6, 15),
        "alarm_on": date(2028, 6, 10),
        "steps": [
            {
                "says": "自作出决定之日起满二年",
                "article": "《戒毒条例》第二十七条",
                "ends_on": date(2028, 6, 10),
            }
        ],
        "basis": [statutes.TWO_YEAR_TERM],
    },
    "conversion": PERSON
    | FACILITY
    | {
        "number": "示一所强戒变建〔2028〕第1号",
        "recipient": "示例市公安局城东分局",
        "grounds": "肝硬化失代偿期",
        "diagnosed_by": "示例医院",
        "basis": [statutes.CONVERTED],
    },
    "conversion_barred": PERSON
    | FACILITY
    | {
        "number": "示一所强戒变建〔2026〕第2号",
        "recipient": "示例市公安局城东分局",
        "bar": "怀孕",
        "found_on": date(2026, 9, 1),
        "grounds": "宫内早孕8周",
        "diagnosed_by": "示例医院",
        "basis": [statutes.NOT_APPLICABLE],
    },
    "outing": PERSON
    | FACILITY
    | {
        "number": "示一所强戒探〔2027〕第3号",
        "case_number": "T01-2026-0001",
        "ground": "配偶、直系亲属病危",
        "kin": "父母",
        "whom": "示例父亲",
        "place": "示例市第一人民医院",
        "proof": "医院：病危通知书",
        "escorts": "示例民警",
        "leaves_on": date(2027, 3, 3),
        "returns_on": date(2027, 3, 5),
        "days": "3",
        "proposed_by": "示例民警丙",
        "proposed_on": date(2027, 3, 2),
        "approved_by": "示例所长",
        "basis": [statutes.VISITS],
    },
    "escape_report": PERSON
    | FACILITY
    | {
        "number": "示一所强戒逃通〔2027〕第1号",
        "recipient": "示例县公安局",
        "copies_to": ["示例省戒毒管理局", "示例市公安局城东分局"],
        "id_number": "示例证件号码",
        "household": "示例省示例市",
        "escaped_at": datetime(2027, 3, 2, 18, 10, tzinfo=UTC),
        "told_at": datetime(2027, 3, 2, 18, 25, tzinfo=UTC),
        "ran_from": "从我所",
        "basis": [statutes.ESCAPE],
    },
    "medical_leave": PERSON
    | FACILITY
    | {
        "number": "示一所强戒医〔2027〕第2号",
        "case_number": "T01-2026-0001",
        "approval": "示戒批〔2027〕8号",
        "authority_in_charge": "示例省戒毒管理局",
        "hospital": "示例市第一人民医院",
        "diagnosed_by": "示例市第一人民医院 2027年3月1日",
        "leaves_at": datetime(2027, 3, 2, 2, 20, tzinfo=UTC),
        "recorded_by": "示例所长",
        "basis": [statutes.MEDICAL_LEAVE],
    },
    "death_notice": PERSON
    | FACILITY
    | {
        "number": "示一所强戒亡通〔2028〕第1号",
        "audience": "family",
        "recipient": "古丽·热合曼",
        "died_at": datetime(2028, 6, 9, 19, 20, tzinfo=UTC),
        "place": "示例市第一人民医院",
        "manner": "突发心肌梗死，经抢救无效",
        "established_by": "示例医师",
        "basis": [statutes.DEATH],
    },
    "refusal": PERSON
    | FACILITY
    | {
        "number": "示一所不收〔2028〕第3号",
        "arrived_at": datetime(2028, 6, 10, 15, 5, tzinfo=UTC),
        "reasons": [
            {"message": "怀孕", "article": statutes.NOT_APPLICABLE},
            {"message": "决定书未随人移送"},
        ],
    },
    "family_notice": PERSON
    | FACILITY
    | {
        "number": "示一所入通〔2026〕第8号",
        "recipient": "古丽·热合曼",
        "admitted_on": date(2026, 9, 1),
    },
    "admission_receipt": FACILITY
    | {
        "number": "示一所入回〔2026〕第8号",
        "authority": PERSON["authority"],
        "people": [
            {
                "name": NAME,
                "sex": "男",
                "decision_number": PERSON["decision_number"],
                "admitted_at": datetime(2026, 9, 1, 2, 5, tzinfo=UTC),
            }
        ],
        "documents": [{"name": "强制隔离戒毒决定书", "copies": 1}],
    },
    "rights": PERSON
    | FACILITY
    | {"number": "示一所告〔2026〕第8号", "admitted_on": date(2026, 9, 1)},
    "agreement": PERSON
    | {
        "number": "城照〔2028〕第8号",
        "label": "后续照管",
        "station": "示例市城东区后续照管工作站",
        "station_phone": "0000-7777777",
        "starts_on": date(2028, 6, 10),
        "ends_on": date(2029, 6, 9),
        "first_contact_on": date(2028, 6, 17),
        "issued_on": ISSUED_ON,
    },
}
FACTS |= {
    code: kind(code).sample | {"name": NAME, "issued_on": ISSUED_ON}
    for code in (
        "transfer_handover",
        "deferral",
        "entry_register",
        "health_check",
        "belongings",
        "own_account",
        "early_release_opinion",
        "extension_opinion",
        "opinion_notice",
        "opinion_reply",
    )
}
FACTS["zone_handover"] = kind("zone_handover").sample | {
    "issued_on": ISSUED_ON,
    "people": [kind("zone_handover").sample["people"][0] | {"name": NAME}],
}
WORDS = {
    "transfer_handover": [
        "示例省第二强制隔离戒毒所",
        "T01-2026-0008",
        "档案材料（份）",
        "青霉素过敏",
        "期限连续计算，期满日不变",
        "一式二份：移交场所；接收场所。",
    ],
    "deferral": ["暂不接收，理由如下", "缺少骑缝章", "0000-8888888"],
    "entry_register": ["T01-2026-0008", "古丽·热合曼", "本人核对签名、捺印"],
    "health_check": ["青霉素", "共2处", "右前臂", "正面", "背面"],
    "own_account": [
        "你的期满日是2028年6月10日",
        "2027年6月11日起，诊断评估戒毒情况良好的",
        "满一年综合诊断评估，自2027年6月11日起",
    ],
    "early_release_opinion": ["建议提前3个月解除", "七日内决定", "示例市公安局城东分局："],
    "extension_opinion": ["建议延长强制隔离戒毒期限3个月", "七日内决定"],
    "opinion_notice": ["2028年2月18日至2028年2月22日", "由没有参加评估和讨论的人员复核"],
    "opinion_reply": ["结果：经复核，异议不成立", "你的期满日仍是2028年6月10日"],
    "belongings": ["共3项", "尾号0000", "凭这张单子全部领回", "领取人签名"],
    "zone_handover": [
        "人数：1人",
        "LZ2026-1121-01",
        "青霉素过敏",
        "一式二份：转出大队；接收大队。",
    ],
    "certificate": [
        "解除强制隔离戒毒证明书（存根）",
        "1990年2月28日出生",
        "期限自2026年6月11日起至2028年6月10日止",
        "现因期限届满，根据《戒毒条例》第三十四条，于2028年6月10日解除强制隔离戒毒。",
        "特此证明。",
        "骑缝",
    ],
    "release_notice": ["古丽·热合曼：", "将于2028年6月10日解除强制隔离戒毒", "仍于当日按时解除"],
    "end_inquiry": [
        "示例市公安局城东分局：",
        "决定书载明的截止日期为2028年6月15日",
        "期限的最后一日为2028年6月10日，二者不一致",
        "自作出决定之日起满二年",
        "不自行变更期限",
    ],
    "conversion": ["示例市公安局城东分局：", "肝硬化失代偿期", "建议变更为社区戒毒"],
    "conversion_barred": ["示例市公安局城东分局：", "查明该人怀孕", "不适用强制隔离戒毒"],
    "outing": [
        "外出探视审批表",
        "共3日",
        "自2027年3月3日起至2027年3月5日止",
        "探视其父母示例父亲",
        "骑缝",
    ],
    "escape_report": [
        "示例县公安局：",
        "于2027年3月3日2时10分从我所脱逃",
        "公民身份号码示例证件号码",
        "抄送：示例省戒毒管理局、示例市公安局城东分局",
    ],
    "medical_leave": [
        "所外就医审批表",
        "经诊断患严重疾病",
        "（批准文号：示戒批〔2027〕8号）",
        "期限连续计算至",
    ],
    "death_notice": [
        "古丽·热合曼：",
        "于2028年6月10日3时20分在示例市第一人民医院死亡",
        "可以委托鉴定",
    ],
    "refusal": [
        "2028年6月10日23时05分",
        "（一）怀孕（《禁毒法》第三十九条）；",
        "（二）决定书未随人移送。",
        "决定不予接收",
    ],
    "family_notice": ["已于2026年9月1日由我所接收执行", "六十日内申请行政复议", "法律援助"],
    "admission_receipt": ["共1名", "2026年9月1日10时05分", "强制隔离戒毒决定书"],
    "rights": ["你的权利", "你的义务", "期限届满按时解除", "本人签名、捺印"],
    "agreement": [
        "后续照管服务协议",
        "不是解除的条件",
        "自2028年6月10日起至2029年6月9日止",
        "首次联系不迟于2028年6月17日",
        "可以随时以口头或者书面方式撤回",
    ],
}
PAGES = {"rights": 2, "agreement": 2, "own_account": 2}  # a sheet, both sides


def read(pdf):
    return PdfReader(io.BytesIO(pdf))


def words(pdf):
    """The text of all pages without the breaks of the layout."""
    return "".join("".join(page.extract_text().split()) for page in read(pdf).pages)


def fonts(pdf):
    """Base name → whether the font program is inside the file."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"]["/Font"].values():
            for descendant in font.get_object()["/DescendantFonts"]:
                descriptor = descendant.get_object()["/FontDescriptor"]
                found[font.get_object()["/BaseFont"]] = bool(
                    {"/FontFile2", "/FontFile3"} & set(descriptor)
                )
    return found


def test_every_kind_is_typeset_here():
    assert set(FACTS) == set(kinds())


@pytest.mark.parametrize("template", FACTS)
def test_typeset(template):
    pdf = typeset(template, FACTS[template])

    text = words(pdf)
    for expected in (NAME, FACTS[template]["number"], "2028年6月10日", *WORDS[template]):
        assert expected in text
    assert len(read(pdf).pages) == PAGES.get(template, 1)


@pytest.mark.parametrize("template", FACTS)
def test_typeset_embeds_its_fonts_and_no_others(template):
    embedded = fonts(typeset(template, FACTS[template]))

    assert all(embedded.values())
    assert {name.partition("+")[2].split("-")[0] for name in embedded} == {
        "NotoSerifSC",
        "NotoSerifJP",  # 𠮷 is not in the first
    }


def test_typeset_is_the_same_every_time():
    first = typeset("certificate", FACTS["certificate"])

    assert typeset("certificate", FACTS["certificate"]) == first
    assert typeset("certificate", FACTS["certificate"] | {"sex": "女"}) != first
    assert read(first).metadata.creation_date.date() == ISSUED_ON
    assert read(first).metadata.title == "解除强制隔离戒毒证明书"


@pytest.mark.parametrize(
    "hostile",
    [
        '#import "lib.typ": facts',
        "*粗*_斜_$x$",
        "<script>alert(1)</script>",
        '"]; #panic("x") //',
        r"\u{41}@ref=标题",
        "{{ name }}",
    ],
)
def test_typeset_leaves_markup_in_a_name_as_text(hostile):
    pdf = typeset("certificate", FACTS["certificate"] | {"name": hostile})

    assert "".join(hostile.split()) in words(pdf)


def test_typeset_certificate_tells_no_more_than_it_certifies():
    more = {"drug": "海洛因", "hiv": "阳性", "document_number": "110101199002280000"}

    text = words(typeset("certificate", FACTS["certificate"] | more))

    assert not [told for told in more.values() if told in text]


def test_typeset_certificate_of_the_longest_facts_stays_on_one_page():
    long = {
        "name": "阿卜杜热合曼·买买提吐尔逊·阿不都克里木江",
        "authority": "示例省示例自治州公安局示例经济技术开发区分局禁毒大队",
        "reason": "决定机关批准提前三个月解除强制隔离戒毒",
        "facility": "示例省示例自治州示例强制隔离戒毒所（示例戒毒康复所）",
        "basis": [statutes.EARLY_RELEASE, statutes.OPINION_ANSWER, statutes.RELEASE],
    }

    assert len(read(typeset("certificate", FACTS["certificate"] | long)).pages) == 1


def test_typeset_certificate_of_a_person_whose_birth_is_unknown():
    text = words(typeset("certificate", FACTS["certificate"] | {"birth_on": None}))

    assert f"{NAME}，男，于2026年6月11日" in text


@pytest.mark.parametrize(
    ("audience", "told", "not_told"),
    [
        ("deciding_authority", "责令其接受社区康复", "领回"),
        ("family", "请届时到我所领回", "责令"),
        ("police_station", "请届时到我所领回", "责令"),
        ("employer", "将于2028年6月10日离开我所", "城公（禁）强戒决字"),
    ],
)
def test_typeset_release_notice_tells_each_only_what_is_theirs(audience, told, not_told):
    text = words(typeset("release_notice", FACTS["release_notice"] | {"audience": audience}))

    assert told in text
    assert not_told not in text


def test_typeset_release_notice_to_nobody_known():
    with pytest.raises(typst.TypstError, match="不识的收件人"):
        typeset("release_notice", FACTS["release_notice"] | {"audience": "press"})


@pytest.mark.parametrize(
    ("audience", "told", "not_told"),
    [
        ("authority", "突发心肌梗死", "委托鉴定"),
        ("family", "委托鉴定", "城公（禁）强戒决字"),
        ("deciding_authority", "城公（禁）强戒决字", "突发心肌梗死"),
        ("procuratorate", "突发心肌梗死", "委托鉴定"),
    ],
)
def test_typeset_death_notice_tells_each_only_what_is_theirs(audience, told, not_told):
    text = words(typeset("death_notice", FACTS["death_notice"] | {"audience": audience}))

    assert told in text
    assert not_told not in text


def test_typeset_death_notice_to_nobody_known():
    with pytest.raises(typst.TypstError, match="不识的收件人"):
        typeset("death_notice", FACTS["death_notice"] | {"audience": "press"})


def test_typeset_admission_receipt_of_a_full_bus_repeats_the_header():
    facts = FACTS["admission_receipt"]
    people = facts["people"] * 60

    pages = [
        "".join(page.extract_text().split())
        for page in read(typeset("admission_receipt", facts | {"people": people})).pages
    ]

    listed = [page for page in pages if NAME in page]
    assert len(listed) > 1
    assert all("序号姓名性别决定书文号接收时间" in page for page in listed)
    assert sum(page.count(NAME) for page in pages) == 60
    assert [f"第{n}页共{len(pages)}页" in page for n, page in enumerate(pages, 1)] == [True] * len(
        pages
    )


def test_typeset_admission_receipt_without_papers():
    facts = {k: v for k, v in FACTS["admission_receipt"].items() if k != "documents"}

    assert "随案接收的材料" not in words(typeset("admission_receipt", facts))


@pytest.mark.parametrize("empty", [None, "", []])
def test_typeset_refuses_a_document_whose_basis_is_missing(empty):
    with pytest.raises(typst.TypstError, match="文书缺少事实：basis"):
        typeset("certificate", FACTS["certificate"] | {"basis": empty})


@pytest.mark.parametrize(
    ("character", "named"),
    [
        pytest.param("\U0002cea1", "“\U0002cea1”U+2CEA1", id="字库未收"),
        pytest.param("\u202e", "U+202E", id="改变方向"),
        pytest.param("\u200b", "U+200B", id="看不见"),
        pytest.param("\x07", "U+0007", id="控制符"),
        pytest.param("\ue000", "U+E000", id="自造字"),
    ],
)
def test_typeset_refuses_a_character_it_cannot_draw(character, named):
    facts = FACTS["certificate"] | {"name": f"张{character}三"}

    with pytest.raises(MissingGlyph) as refused:
        typeset("certificate", facts)

    assert refused.value.characters == (character,)
    assert named in str(refused.value)


def test_missing_glyphs_are_looked_for_everywhere_and_told_once():
    facts = {"a": ["\U0002cea1", {"b": ("\U0002cea1\ue000",)}], "c": 7, "d": "第一行\n第二行"}

    assert missing_glyphs(facts) == ("\ue000", "\U0002cea1")


def test_with_stand_ins():
    facts = FACTS["admission_receipt"] | {"people": [FACTS["admission_receipt"]["people"][0]]}
    facts["people"] = [facts["people"][0] | {"name": "张\U0002cea1"}]

    text = words(typeset("admission_receipt", with_stand_ins(facts)))

    assert "张〓" in text
    assert "U+2CEA1" in text
    assert "手写补正" in text


def test_with_stand_ins_where_none_is_needed():
    assert "手写补正" not in words(typeset("certificate", with_stand_ins(FACTS["certificate"])))


def test_an_unconfirmed_article_is_served_without_its_number():
    reasons = [{"message": "怀孕", "article": statutes.NOT_RECEIVED}]

    text = words(typeset("refusal", FACTS["refusal"] | {"reasons": reasons}))

    assert "怀孕（《司法行政机关强制隔离戒毒工作规定》有关规定）。" in text
    assert "未经确认" not in text


def test_printed_facts_are_plain_words():
    kept = printed(FACTS["refusal"])

    assert kept["arrived_at"] == "2028年6月10日23时05分"
    assert kept["issued_on"] == "2028年6月10日"
    assert kept["reasons"][0] == {"message": "怀孕", "article": "《禁毒法》第三十九条"}


@pytest.mark.parametrize(
    ("wrong", "raised"),
    [
        pytest.param({"arrived_at": datetime(2028, 6, 10, 8, 0)}, ValueError, id="无时区"),  # noqa: DTZ001
        pytest.param({"arrived_at": object()}, TypeError, id="印不出的事实"),
        pytest.param({"issued_on": "2028-06-10"}, TypeError, id="落款不是日期"),
    ],
)
def test_typeset_of_facts_that_cannot_be_printed(wrong, raised):
    with pytest.raises(raised):
        typeset("refusal", FACTS["refusal"] | wrong)


def test_the_fonts_are_free_to_pass_on():
    for package in FONTS.iterdir():
        assert "OFL" in (package / "package.json").read_text(encoding="utf-8")

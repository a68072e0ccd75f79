from datetime import date, timedelta
from uuid import uuid4

import pytest

from intake.rules import answers, gate, grounds, matching
from intake.rules.gate import Checks, Papers
from intake.rules.grounds import Ground
from intake.rules.matching import Stay
from intake.rules.moments import ago_words
from rehab import statutes
from rehab.refusal import Caution
from rehab.rules import codes
from rehab.rules.days import moment_words
from rehab.rules.identity import check_digit
from tests.factories.rehab import at

ON = date(2026, 11, 21)
SOUND = {
    "name": "示例甲",
    "sex": codes.MALE,
    "birth_date": date(1992, 4, 17),
    "decision_number": "示公〔2026〕1号",
    "authority": "示例市公安局",
    "decided_on": date(2026, 6, 1),
    "printed_ends_on": date(2028, 5, 31),
    "transferred_on": date(2026, 11, 21),
}


def papers(**changed):
    return Papers(**SOUND | changed)


def valid_number(first_seventeen="11010119920417123"):
    return first_seventeen + check_digit(first_seventeen)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"other_document": "护照", "relative_name": "母"}, ()),
        ({"id_number": "1", "relative_name": "母", "birth_date": date(2010, 1, 1)}, ("未成年",)),
        ({"birth_date": None, "injury": "左臂擦伤"}, ("体表有伤", "身份不明", "无家属")),
    ],
)
def test_who_needs_care_is_said_on_the_list(changed, words):
    plain = {"id_number": None, "other_document": "", "relative_name": "", "injury": ""}

    assert gate.care_marks(papers(**plain | changed), on=ON) == words


def test_papers_come_back_from_json_as_they_were():
    full = papers(id_number=valid_number(), health="乙肝", printed_starts_on=date(2026, 6, 1))

    assert Papers.from_json(full.as_json()) == full
    assert "remark" not in full.as_json()


def test_sound_papers_have_no_obstacle():
    assert gate.papers_obstacles(papers(id_number=valid_number()), on=ON) == ()


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"name": ""}, "姓名"),
        ({"decision_number": ""}, "决定书文号"),
        ({"authority": ""}, "决定机关"),
        ({"decided_on": None}, "决定日期"),
        ({"printed_ends_on": None}, "期限止日"),
        ({"name": "名" * 51}, "超过 50 个字"),
        ({"authority": "局" * 61}, "超过 60 个字"),
        ({"id_number": "110101"}, "18 位"),
        ({"id_number": valid_number(), "sex": codes.FEMALE}, "第 17 位"),
        ({"id_number": valid_number(), "birth_date": date(1992, 4, 18)}, "1992-04-17"),
        ({"birth_date": date(2026, 11, 22)}, "晚于今日"),
        ({"transferred_on": date(2026, 5, 31)}, "早于决定日期"),
        ({"printed_ends_on": date(2026, 6, 1)}, "不晚于决定日期"),
        ({"printed_ends_on": date(2028, 6, 2)}, "超过二年"),
    ],
)
def test_papers_obstacles(changed, word):
    (obstacle,) = gate.papers_obstacles(papers(**changed), on=ON)

    assert word in obstacle.message


@pytest.mark.parametrize(
    "changed",
    [
        {"birth_date": ON},
        {"birth_date": None},
        {"transferred_on": date(2026, 6, 1)},
        {"transferred_on": None},
        {"printed_ends_on": date(2026, 6, 2)},
        {"id_number": valid_number(), "birth_date": None},
        {"name": "名" * 50},
    ],
)
def test_papers_obstacles_at_the_edge(changed):
    assert gate.papers_obstacles(papers(**changed), on=ON) == ()


@pytest.mark.parametrize(
    ("searchers", "officers", "by_woman"),
    [
        ([], None, None),
        ([codes.FEMALE], 1, True),
        ([codes.FEMALE, codes.FEMALE], 2, True),
        ([codes.FEMALE, codes.MALE], 2, False),
    ],
    ids=["尚未检查", "一名女民警", "两名女民警", "其中一名男民警"],
)
def test_reception_facts_count_the_searchers(searchers, officers, by_woman):
    facts = gate.reception_facts(papers(), Checks(), searchers=searchers, on=ON)

    assert (facts.search_officers, facts.searched_by_woman) == (officers, by_woman)


def test_reception_facts_take_what_papers_and_gate_say():
    checks = Checks(has_decision=True, pregnant=True, injured=True)

    facts = gate.reception_facts(
        papers(id_number=valid_number(), relative_name="示例母"), checks, searchers=[], on=ON
    )

    assert facts.has_decision
    assert facts.pregnant
    assert facts.injured
    assert facts.has_id_number
    assert facts.has_relative
    assert not facts.is_the_person


HE, SHE = uuid4(), uuid4()


def stay(person=HE, *, by_number=True, is_open=False, phone="0000-1", **agrees):
    return Stay(person, by_number, is_open, "示例二所", phone, **agrees)


@pytest.mark.parametrize(
    ("stays", "chosen", "person"),
    [
        ([], None, None),
        ([stay()], None, HE),
        ([stay(SHE, by_number=False)], None, None),
        ([stay(SHE, by_number=False)], SHE, SHE),
        ([stay(HE), stay(SHE, by_number=False)], SHE, HE),
    ],
    ids=["无记录", "同号码即同一人", "仅同名不自动关联", "由民警关联", "号码优先"],
)
def test_same_person(stays, chosen, person):
    assert matching.same_person(stays, chosen) == person


@pytest.mark.parametrize(
    ("stays", "words"),
    [
        ([stay(same_name=False)], "姓名不一致"),
        ([stay(same_name=False, same_birth=False)], "姓名、出生日期不一致"),
        ([stay(same_sex=False), stay(same_sex=False)], "但性别不一致"),
    ],
)
def test_the_number_of_somebody_else_is_asked_about(stays, words):
    (caution,) = matching.match_cautions(stays, chosen=None)

    assert caution.code == "number_of_another"
    assert words in caution.message


@pytest.mark.parametrize(
    "stays",
    [[stay()], [stay(same_birth=None)], [stay(by_number=False, same_sex=False)]],
    ids=["都一致", "出生日期不知", "不同号码"],
)
def test_who_agrees_is_not_asked_about(stays):
    assert matching.match_cautions(stays, chosen=stays[0].person) == ()


def test_an_open_case_names_whom_to_call():
    (obstacle,) = matching.match_obstacles([stay(is_open=True)], chosen=None)

    assert "示例二所" in obstacle.message
    assert "0000-1" in obstacle.message


def test_an_open_case_of_a_namesake_is_an_obstacle_only_when_he_was_chosen():
    namesake = [stay(SHE, by_number=False, is_open=True, phone="")]

    assert matching.match_obstacles(namesake, chosen=None) == ()
    (obstacle,) = matching.match_obstacles(namesake, chosen=SHE)
    assert "未登记" in obstacle.message


@pytest.mark.parametrize(
    ("stays", "word"),
    [([], "不在比对结果"), ([stay(HE), stay(SHE, by_number=False)], "不能关联")],
)
def test_choosing_another_person_is_refused(stays, word):
    (obstacle,) = matching.match_obstacles(stays, chosen=SHE)

    assert word in obstacle.message


def test_namesakes_are_asked_about():
    closed = [stay(SHE, by_number=False)]
    open_one = [stay(SHE, by_number=False, is_open=True)]

    assert matching.match_cautions([], chosen=None) == ()
    assert matching.match_cautions(closed, chosen=SHE) == ()
    (caution,) = matching.match_cautions(closed, chosen=None)
    assert caution.code == "namesake"
    assert "未结" not in caution.message
    (caution,) = matching.match_cautions(open_one, chosen=None)
    assert "0000-1" in caution.message


CAUTION = Caution("minor", "未成年人", statutes.SEPARATION)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        ({}, "请答复"),
        ({"minor": "  "}, "请答复"),
        ({"minor": "字" * 201}, "超过 200 个字"),
        ({"minor": "其母电话 13900000000"}, "不要写"),
    ],
    ids=["未答复", "空白", "过长", "写了电话"],
)
def test_answer_obstacles(answer, word):
    (obstacle,) = answers.answer_obstacles([CAUTION], answer)

    assert word in obstacle.message


def test_answered():
    said = {"minor": " 已安排未成年人房间 ", "not_asked": "无"}

    assert answers.answer_obstacles([CAUTION], said) == ()
    assert answers.kept([CAUTION], said) == {"minor": "已安排未成年人房间"}


def test_grounds():
    assert grounds.ground_obstacles([Ground.PREGNANT], "", sex=codes.FEMALE) == ()
    assert grounds.ground_obstacles([Ground.OTHER], "名册与人不符", sex=codes.MALE) == ()
    assert "请至少选择一项" in grounds.ground_obstacles([], "", sex=codes.MALE)[0].message
    assert "写明" in grounds.ground_obstacles([Ground.OTHER], " ", sex=codes.MALE)[0].message


@pytest.mark.parametrize("ground", sorted(grounds.OF_WOMEN))
def test_a_man_is_not_refused_for_pregnancy(ground):
    given = [Ground.NO_DECISION, ground]

    assert "只用于女性" in grounds.ground_obstacles(given, "", sex=codes.MALE)[0].message
    assert set(grounds.open_to(codes.FEMALE)) - set(grounds.open_to(codes.MALE)) == grounds.OF_WOMEN


def test_stated_grounds_carry_their_articles():
    said = grounds.stated([Ground.PREGNANT, Ground.OTHER], "名册与人不符")

    assert [reason.article for reason in said] == [statutes.NOT_APPLICABLE, None]
    assert said[1].message == "名册与人不符"
    assert set(grounds.STATED) == set(Ground)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "刚刚"),
        (3, " 3 分钟前"),
        (59, " 59 分钟前"),
        (60, "于 2026-11-21 12:00 "),
        (-1, "于 2026-11-21 12:00 "),
    ],
)
def test_ago_words(minutes, words):
    then = at(2026, 11, 21)

    assert ago_words(then, then + timedelta(minutes=minutes)) == words
    assert moment_words(then) == "2026-11-21 12:00"

from datetime import date

import pytest

from rehab.rules import provincial as rules
from rehab.rules.provincial import Change, Effect, Part

DAYS = Part("days", "最长天数", "天")
MARK = Part("mark", "合格分", "分", more=Effect.HEAVIER, less=Effect.LIGHTER)
NEEDS = Part(
    "needs", "所需事项", choices=(("a", "甲"), ("b", "乙")), several=True,
    more=Effect.HEAVIER, less=Effect.LOOSER,
)  # fmt: skip
ONE = Part("one", "所需评估", choices=(("a", "甲"), ("b", "乙")), required=False)
PARTS = (DAYS, MARK, NEEDS)
BEFORE = {"days": 60, "mark": 60, "needs": ["a"]}
ON = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({}, [], id="未变"),
        pytest.param({"days": 90}, [("60 天", "90 天", ["对场所放宽"], True)], id="放宽"),
        pytest.param({"days": 30}, [("60 天", "30 天", ["对场所从严"], False)], id="从严"),
        pytest.param({"mark": 70}, [("60 分", "70 分", ["对本人加重"], True)], id="加重"),
        pytest.param({"mark": 50}, [("60 分", "50 分", ["对本人减轻"], False)], id="减轻"),
        pytest.param({"needs": ["a", "b"]}, [("甲", "甲、乙", ["对本人加重"], True)], id="加项"),
        pytest.param({"needs": []}, [("甲", "无", ["对场所放宽"], True)], id="减项"),
        pytest.param(
            {"needs": ["b"]}, [("甲", "乙", ["对本人加重", "对场所放宽"], True)], id="换项"
        ),
    ],
)
def test_changes(changed, expected):
    found = rules.changes(PARTS, BEFORE, BEFORE | changed)

    assert [
        (one.before, one.after, [str(effect) for effect in one.effects], one.needs_document)
        for one in found
    ] == expected


def test_a_first_version_is_all_new_and_neither_stricter_nor_looser():
    found = rules.changes(PARTS, None, BEFORE)

    assert [(one.before, one.after, one.effects) for one in found] == [
        ("未设", "60 天", ()), ("未设", "60 分", ()), ("未设", "甲", ()),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "effects"),
    [
        ("", "a", (Effect.LOOSER,)),
        ("a", "", (Effect.STRICTER,)),
        ("a", "b", (Effect.LOOSER, Effect.STRICTER)),
    ],
)
def test_changes_of_one_choice(before, after, effects):
    (found,) = rules.changes((ONE,), {"one": before}, {"one": after})

    assert found.effects == effects
    assert ONE.words("") == "无"
    assert ONE.words("z") == "z"


LOOSER = Change("最长天数", "60 天", "90 天", (Effect.LOOSER,))
STRICTER = Change("最长天数", "60 天", "30 天", (Effect.STRICTER,))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, [], id="从严"),
        pytest.param({"found": []}, ["没有要改的内容"], id="没改"),
        pytest.param({"open_already": True}, ["已有一份待确认"], id="已有"),
        pytest.param({"found": [LOOSER]}, ["“最长天数”对场所放宽"], id="放宽无文号"),
        pytest.param({"found": [LOOSER], "document_number": "1 号"}, [], id="放宽有文号"),
        pytest.param({"effective_from": date(2026, 11, 20)}, ["早于今天"], id="昨天"),
        pytest.param({"effective_from": ON}, [], id="今天"),
        pytest.param({"effective_from": date(2026, 11, 22)}, [], id="明天"),
        pytest.param(
            {"effective_from": date(2026, 11, 20), "document_number": "1 号"}, [], id="昨天有文号"
        ),
    ],
)
def test_proposal_obstacles(changed, said):
    right = {
        "found": [STRICTER], "effective_from": ON, "on": ON, "document_number": " ",
        "open_already": False,
    }  # fmt: skip

    found = rules.proposal_obstacles(**right | changed)

    assert len(found) == len(said)
    assert all(words in one.message for words, one in zip(said, found, strict=True))


@pytest.mark.parametrize(
    ("open_", "same", "own_act", "said"),
    [
        (True, False, False, []),
        (True, True, True, []),
        (False, False, False, ["已经有人处理"]),
        (False, True, True, ["已经有人处理"]),
        (True, True, False, ["本人拟定的不能由本人确认"]),
        (True, False, True, ["由拟定人撤回"]),
    ],
)
def test_decision_obstacles(open_, same, own_act, said):
    found = rules.decision_obstacles(open_=open_, same_person=same, act="确认", own_act=own_act)

    assert len(found) == len(said)
    assert all(words in one.message for words, one in zip(said, found, strict=True))

"""The typed facts of the health check and of the belongings give the papers they are for."""

from datetime import date

import pytest

from intake.rules.papers import Belongings, Check, Disposal, HealthCheck, Injury, Item, Side
from rehab.typeset import typeset
from tests.factories.rehab import at
from tests.rehab.test_typeset import words

PERSON = {"facility": "示例所", "case_number": "T01-2026-0001", "name": "示例·𠮷", "sex": "男"}
SERVED = {"number": "（示）强戒〔2026〕1号", "issued_on": date(2026, 11, 21)}


def health(**changed):
    facts = PERSON | {
        "birth_on": None,
        "checked_at": at(2026, 11, 21, 9, 5),
        "doctor": "示例医师",
        "checks": [Check("体温", "36.5℃")],
        "injuries": [],
        "conclusion": "可以收治",
    }
    return HealthCheck(**facts | changed)


def test_health_check():
    injuries = [
        Injury(Side.FRONT, 25, 40, "右前臂", "擦伤"),
        Injury(Side.BACK, 50, 20, "背", "淤青"),
    ]

    facts = health(injuries=injuries).facts()

    assert [one["number"] for one in facts["injuries"]] == [1, 2]
    said = words(typeset("health_check", facts | SERVED))
    for word in ("共2处", "右前臂", "淤青", "36.5℃", "可以收治", "检查医师：示例医师"):
        assert word in said


def test_health_check_without_injuries():
    assert "检查时未见伤情" in words(typeset("health_check", health().facts() | SERVED))


@pytest.mark.parametrize(("x", "y"), [(-1, 5), (101, 5), (5, -1), (5, 101)])
def test_an_injury_lies_on_the_figure(x, y):
    with pytest.raises(ValueError, match="figure"):
        Injury(Side.FRONT, x, y, "手", "擦伤")


def test_belongings():
    items = [Item("手机", "1部", Disposal.KEPT, "黑色"), Item("皮带", "1条", Disposal.COLLECTED)]
    register = Belongings(
        **PERSON, registered_at=at(2026, 11, 21), items=items, collector="示例母", relation="母亲"
    )

    facts = register.facts()

    assert "cash" not in facts
    said = words(typeset("belongings", facts | SERVED))
    for word in ("手机黑色1部代管", "皮带1条交家属", "共2项", "由示例母（与本人关系：母亲）领取"):
        assert word in said


def test_nothing_to_keep():
    nothing = Belongings(**PERSON, registered_at=at(2026, 11, 21), items=[])

    assert "没有需要代管的物品" in words(typeset("belongings", nothing.facts() | SERVED))

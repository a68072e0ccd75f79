"""更正信息: what speaks against writing somebody's particulars so."""

from datetime import date

import pytest

from rehab.rules import particulars

NUMBER = "990100199003070019"
BORN = date(1990, 3, 7)
MAY = {
    "changed": True,
    "name": "示例某",
    "birth_date": BORN,
    "reason": "核对户口簿",
    "on": date(2026, 11, 21),
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "", id="可以"),
        pytest.param({"birth_date": None}, "", id="不知出生日期"),
        pytest.param({"changed": False}, "没有改动", id="无改动"),
        pytest.param({"name": " "}, "“姓名”不能为空", id="无姓名"),
        pytest.param({"reason": "\n"}, "“更正理由”不能为空", id="无理由"),
        pytest.param({"birth_date": date(2026, 11, 22)}, "晚于今日", id="未来出生"),
    ],
)
def test_correction_obstacles(changed, said):
    obstacles = particulars.correction_obstacles(**MAY | changed)

    assert len(obstacles) == bool(said)
    assert said in "".join(map(str, obstacles))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "", id="相符"),
        pytest.param({"birth_date": None}, "", id="不知出生日期"),
        pytest.param({"id_number": None, "sex": "2"}, "", id="没有号码"),
        pytest.param({"sex": "2"}, "“性别”", id="性别不符"),
        pytest.param({"birth_date": date(1990, 3, 8)}, "号码中为 1990-03-07", id="生日不符"),
        pytest.param({"id_number": "990100199003070011"}, "校验码", id="校验码"),
    ],
)
def test_identity_obstacles(changed, said):
    facts = {"id_number": NUMBER, "sex": "1", "birth_date": BORN} | changed

    assert said in "".join(map(str, particulars.identity_obstacles(**facts)))
    assert len(list(particulars.identity_obstacles(**facts))) == bool(said)


@pytest.mark.parametrize(
    ("phone", "is_open", "said"),
    [
        pytest.param("000", True, "现在示例所收治，请联系其值班电话 000", id="在所"),
        pytest.param("", False, "此后又在示例所收治，请联系其值班电话 未登记", id="此后"),
    ],
)
def test_elsewhere_obstacle(phone, is_open, said):
    obstacle = particulars.elsewhere_obstacle(facility="示例所", duty_phone=phone, is_open=is_open)

    assert said in str(obstacle)

import pytest

from rehab.rules import places as rules
from rehab.rules.places import Standing


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        pytest.param(Standing(), [], id="空"),
        pytest.param(Standing(people=3), ["一大队还有 3 人在住"], id="有人"),
        pytest.param(Standing(away=1), ["一大队还有 1 人离所未归"], id="离所"),
        pytest.param(Standing(on_the_way=2), ["还有 2 人正在转入一大队途中"], id="在途"),
        pytest.param(Standing(posted=("甲", "乙")), ["2 名民警在一大队任职：甲、乙，"], id="民警"),
        pytest.param(Standing(posted=tuple("甲乙丙丁戊己")), ["甲、乙、丙、丁、戊等"], id="民警多"),
        pytest.param(Standing(squads=("一中队",)), ["还设有一中队"], id="中队"),
        pytest.param(Standing(1, 1, 1), ["1 人在住", "1 人离所", "1 人正在"], id="都有"),
    ],
)
def test_unit_closing_obstacles(standing, said):
    found = rules.unit_closing_obstacles(standing, name="一大队", closed=False)

    assert len(found) == len(said)
    assert all(words in one.message for one, words in zip(found, said, strict=True))
    assert standing.is_empty is (not said)


def test_a_closed_unit_is_not_closed_again():
    (found,) = rules.unit_closing_obstacles(Standing(people=1), name="一大队", closed=True)

    assert found.message == "一大队已经撤销"


@pytest.mark.parametrize(
    ("known", "beds", "said"),
    [
        (False, [6, 6], []),
        (False, [], []),
        (False, [500], []),
        (True, [6], ["已有“六大队”"]),
        (False, [6, 0], ["至少 1 张床"]),
        (False, [250, 251], ["最多设 500 张床，现为 501 张"]),
    ],
)
def test_unit_opening_obstacles(known, beds, said):
    found = rules.unit_opening_obstacles(name="六大队", known=known, beds=beds)

    assert len(found) == len(said)
    assert all(words in one.message for one, words in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"taken": ["101-1", "101-2"]}, ["101-1、101-2 有人或者已预留"]),
        ({"closed": ["101-3"]}, ["101-3 已经停用"]),
        ({"reason": " "}, ["“停用原因”不能为空"]),
    ],
)
def test_beds_closing_obstacles(changed, said):
    found = rules.beds_closing_obstacles(**{"taken": [], "closed": [], "reason": "维修"} | changed)

    assert len(found) == len(said)
    assert all(words in one.message for one, words in zip(found, said, strict=True))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"closed": True, "cases": 2}, ["已经撤销"]),
        ({"cases": 2}, ["还在照管 2 人"]),
        ({"posted": ["甲"]}, ["1 名工作人员在此站任职：甲"]),
        ({"children": ["甲站"]}, ["下面还有甲站"]),
    ],
)
def test_station_closing_obstacles(changed, said):
    nothing = {"closed": False, "cases": 0, "posted": [], "children": []}

    found = rules.station_closing_obstacles(**nothing | changed)

    assert [words in one.message for one, words in zip(found, said, strict=True)] == [True] * len(
        said
    )


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"level_fits": False}, ["指导站设在地级市"]),
        ({"needs_parent": True}, ["须选择上级工作站"]),
        ({"parent_fits": False}, ["上级站须高一级"]),
        ({"known": True}, ["已有同名"]),
    ],
)
def test_station_opening_obstacles(changed, said):
    right = {"level_fits": True, "needs_parent": False, "parent_fits": True, "known": False}

    found = rules.station_opening_obstacles(**right | changed)

    assert [words in one.message for one, words in zip(found, said, strict=True)] == [True] * len(
        said
    )

"""转所的规则: pure, no database."""

from datetime import date, datetime, timedelta

import pytest

from rehab.clock import SHANGHAI
from zones.rules import transfers as rules
from zones.rules.transfers import Handover, Plan, Reception, Standing, Step

ON, ENDS = date(2026, 11, 21), date(2028, 5, 31)


def said(obstacles):
    return [one.message for one in obstacles]


def plan(**changed):
    plain = {
        "note": "", "planned_on": ON, "same_facility": False, "needs_note": False,
    }  # fmt: skip
    return Plan(**plain | changed)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, None),
        ({"planned_on": ENDS}, None),
        ({"needs_note": True, "note": "示例"}, None),
        ({"planned_on": ON - timedelta(days=1)}, "“计划移交日期”早于今天，请改正"),
        (
            {"planned_on": ENDS + timedelta(days=1)},
            "“计划移交日期”晚于期满日 2028-05-31，到期从本所解除，请改正",
        ),
        ({"same_facility": True}, "“接收场所”就是此人所在场所，请另选"),
        ({"needs_note": True, "note": " "}, "事由为“其他”的，“说明”不能为空，请填写"),
    ],
)
def test_what_is_asked_for(changed, reason):
    assert said(rules.plan_obstacles(plan(**changed), ends_on=ENDS, on=ON)) == (
        [reason] if reason else []
    )


def standing(**changed):
    plain = {"status_label": "在所", "in_facility": True, "out_for": "", "open_transfer": ""}
    return Standing(**plain | changed)


@pytest.mark.parametrize(
    ("changed", "proposing", "leaving"),
    [
        ({}, [], []),
        ({"open_transfer": "待移交"}, ["已有一件转所正在办理（待移交）"], []),
        ({"out_for": "出庭"}, [], ["此人已离所（出庭），请先办理回所登记，再移交"]),
        (
            {"in_facility": False, "status_label": "脱逃"},
            ["此人现为“脱逃”，不在所内，不能提请转所"],
            ["此人现为“脱逃”，不在所内，不能移交"],
        ),
    ],
)
def test_how_he_stands(changed, proposing, leaving):
    stands = standing(**changed)
    before = ENDS - timedelta(days=1)

    assert said(rules.proposal_obstacles(stands)) == proposing
    assert (
        said(rules.departure_obstacles(stands, ends_on=ENDS, released_early=False, on=before))
        == leaving
    )


@pytest.mark.parametrize("late", [0, 1])
def test_nobody_leaves_on_the_road_on_his_last_day_or_after_it(late):
    on = ENDS + timedelta(days=late)

    (found,) = said(rules.departure_obstacles(standing(), ends_on=ENDS, released_early=True, on=on))
    assert found == "期满日为 2028-05-31，不再移交，请办理解除"


def test_the_road_takes_a_day_and_the_family_is_told_within_five():
    left = datetime(2026, 11, 21, 23, 30, tzinfo=SHANGHAI)

    assert rules.late_at(left) == datetime(2026, 11, 22, 23, 30, tzinfo=SHANGHAI)
    assert rules.family_due_on(ON) == date(2026, 11, 26)


def test_who_takes_him_and_what_he_was_told():
    counts = {"papers": 1, "belongings": 2, "medicines": 0}

    assert Handover(escorts="示例", person_told=True, **counts).counts == counts
    assert not rules.handover_obstacles(Handover(escorts="示例", person_told=True, **counts))
    missing = rules.handover_obstacles(Handover(escorts=" ", person_told=False, **counts))
    assert [one[:7] for one in said(missing)] == ["“押送民警”不", "请先告知本人转"]


@pytest.mark.parametrize(
    ("found", "note", "refused"),
    [
        ((1, 2, 0), "", False),
        ((1, 1, 0), "少一件外套", False),
        ((1, 1, 0), " ", True),
        ((2, 2, 0), "", True),
    ],
)
def test_what_differs_is_noted(found, note, refused):
    handed = dict(zip(rules.COUNTED, (1, 2, 0), strict=True))
    came = Reception(**dict(zip(rules.COUNTED, found, strict=True)), differences=note)

    obstacles = said(rules.reception_obstacles(came, handed=handed))
    assert bool(obstacles) is refused
    assert all("件数不符不影响接收" in one for one in obstacles)


@pytest.mark.parametrize(
    ("changed", "reasons"),
    [
        ({}, []),
        ({"legal": False, "of_that_side": False}, ["此件转所现为“途中”，不能审批，请刷新页面查看"]),
        ({"of_that_side": False}, ["此件转所由示一所审批，不由您所在单位办理"]),
        ({"signed_as": "提请"}, ["您已以提请人签字，审批须由另一人办理"]),
    ],
)
def test_whose_step_it_is(changed, reasons):
    plain = {
        "act": "审批",
        "legal": True,
        "state_label": "途中",
        "of_that_side": True,
        "side": "示一所",
    }

    assert said(rules.step_obstacles(Step(**plain | changed))) == reasons

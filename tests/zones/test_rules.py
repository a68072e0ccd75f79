from datetime import date, timedelta

import pytest

from rehab import statutes
from rehab.rules.conditions import Condition
from zones import rules
from zones.rules import MoveFacts, Signing, StageDays

ENTERED = date(2026, 10, 1)
EDUCATION = Condition("education", "入所教育", False, "educator", "centers:entry-education-create")
TRAINING = Condition("training", "体能测试", True, "trainer", "centers:fitness-test-create")

MAY = {
    "status_label": "在所",
    "in_facility": True,
    "stage": "01",
    "stage_label": "生理脱毒",
    "next_label": "教育适应区",
    "entered_on": ENTERED,
    "ends_on": date(2028, 5, 31),
    "days": StageDays(7, 15, 30),
    "reentry_days": None,
    "assessment": "生理脱毒期评估",
    "passed": True,
    "parts": (),
    "open_move": "",
}
IN_ADAPTATION = {"stage": "02", "stage_label": "教育适应", "next_label": "康复巩固区"}
IN_CONSOLIDATION = {
    "stage": "03",
    "stage_label": "康复巩固",
    "next_label": "回归指导区",
    "days": StageDays(180, 400, 540),
}
REENTRY_DAYS = StageDays(10, 60, 90)
IN_REENTRY = {"stage": "04", "stage_label": "回归指导", "next_label": ""}


def facts(**changed):
    return MoveFacts(**MAY | changed)


@pytest.mark.parametrize(
    ("changed", "on", "said"),
    [
        pytest.param({}, date(2026, 10, 8), [], id="满最短天数"),
        pytest.param({}, date(2026, 10, 9), [], id="过一日"),
        pytest.param({}, date(2026, 10, 7), ["未满最短 7 天，2026-10-08 起"], id="差一日"),
        pytest.param({"in_facility": False, "status_label": "所外就医"}, date(2026, 12, 1),
                     ["所外就医"], id="不在所内"),
        pytest.param({"stage": "", "next_label": ""}, date(2026, 12, 1), ["尚未安排床位"], id="没有床位"),
        pytest.param(IN_REENTRY, date(2026, 12, 1), ["最后一区"], id="最后一区"),
        pytest.param({"open_move": "待交接"}, date(2026, 12, 1), ["正在办理（待交接）"], id="已在办理"),
        pytest.param({"days": None}, date(2026, 12, 1), ["本省尚未设定生理脱毒期"], id="没有规则"),
        pytest.param({"entered_on": None}, date(2026, 12, 1), ["本省尚未设定"], id="入区时间不明"),
        pytest.param({"passed": False, "parts": (EDUCATION, TRAINING)}, date(2026, 12, 1),
                     ["还缺：入所教育（教育矫正中心）"], id="评估缺项"),
        pytest.param({"passed": False, "parts": (TRAINING,)}, date(2026, 12, 1),
                     ["由诊断评估中心作出结论"], id="评估未结论"),
        pytest.param({"passed": False, "assessment": ""}, date(2026, 12, 1), [], id="不需评估"),
        pytest.param({"passed": False, "open_move": "拟转区"}, date(2026, 10, 2),
                     ["正在办理", "未满最短", "作出结论"], id="一次说全"),
    ],
)  # fmt: skip
def test_move_obstacles(changed, on, said):
    obstacles = rules.move_obstacles(facts(**changed), on=on)

    assert len(obstacles) == len(said)
    for obstacle, words in zip(obstacles, said, strict=True):
        assert words in obstacle.message


@pytest.mark.parametrize(
    ("minimum", "on", "articles"),
    [
        pytest.param(20, date(2026, 10, 31), [statutes.ENTRY_EDUCATION], id="差一日满一个月"),
        pytest.param(20, date(2026, 11, 1), [], id="满一个月"),
        pytest.param(20, date(2026, 11, 2), [], id="过一日"),
        pytest.param(40, date(2026, 10, 20), [statutes.ENTRY_EDUCATION, None], id="两样都不满"),
        pytest.param(40, date(2026, 11, 5), [None], id="满一个月，未满本省天数"),
    ],
)
def test_entry_education_lasts_a_month(minimum, on, articles):
    days = StageDays(minimum, 45, 60)

    obstacles = rules.move_obstacles(facts(**IN_ADAPTATION, days=days), on=on)

    assert [obstacle.article for obstacle in obstacles] == articles


def test_entry_education_begun_on_the_31st_ends_with_a_shorter_month():
    adaptation = facts(
        **IN_ADAPTATION, **{"entered_on": date(2026, 1, 31)}, days=StageDays(0, 10, 60)
    )

    planned = rules.schedule(adaptation)

    assert (planned.opens_on, planned.due_on) == (date(2026, 2, 28), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("changed", "days"),
    [
        pytest.param({}, ("2026-10-08", "2026-10-16", "2026-10-31"), id="依天数"),
        pytest.param({**IN_CONSOLIDATION}, ("2027-03-30", "2027-11-05", "2028-03-24"),
                     id="没有末区规则时依天数"),
        pytest.param({**IN_CONSOLIDATION, "reentry_days": REENTRY_DAYS},
                     ("2028-03-02", "2028-04-01", "2028-05-21"), id="进入末区依期满日"),
        pytest.param({**IN_CONSOLIDATION, "reentry_days": REENTRY_DAYS, "entered_on": date(2027, 12, 15)},
                     ("2028-04-01", "2028-04-01", "2028-05-21"), id="最短天数不妨碍回归准备"),
        pytest.param({**IN_CONSOLIDATION, "reentry_days": REENTRY_DAYS, "entered_on": date(2028, 4, 20)},
                     ("2028-04-20", "2028-04-20", "2028-05-21"), id="入区时已到期"),
        pytest.param({**IN_CONSOLIDATION, "reentry_days": REENTRY_DAYS, "entered_on": date(2028, 5, 25)},
                     ("2028-05-25", "2028-05-25", "2028-05-25"), id="入区时所余不足最短"),
    ],
)  # fmt: skip
def test_schedule(changed, days):
    planned = rules.schedule(facts(**changed))

    said = tuple(map(str, (planned.opens_on, planned.due_on, planned.latest_on)))
    assert said == days


@pytest.mark.parametrize("changed", [{"days": None}, {"entered_on": None}, IN_REENTRY])
def test_without_a_rule_or_a_next_zone_there_is_no_schedule(changed):
    assert rules.schedule(facts(**changed)) is None


def test_records_precede_the_assessment_and_it_precedes_the_move():
    planned = rules.schedule(facts())

    assert planned.assessment_due_on == planned.due_on - timedelta(days=2)
    assert planned.needs_due_on == planned.due_on - timedelta(days=4)


def test_nothing_is_due_before_the_zone_was_entered():
    planned = rules.schedule(facts(days=StageDays(0, 1, 5)))

    assert planned.assessment_due_on == ENTERED
    assert planned.needs_due_on == ENTERED


def test_it_is_too_early_for_the_last_zone_only_by_the_date():
    consolidation = facts(**IN_CONSOLIDATION, reentry_days=REENTRY_DAYS)

    early = rules.move_obstacles(consolidation, on=date(2028, 3, 1))

    assert [obstacle.message for obstacle in early] == ["距期满尚早，2028-03-02 起可进入回归指导区"]
    assert rules.move_obstacles(consolidation, on=date(2028, 3, 2)) == ()


def test_a_stay_that_is_too_short_names_the_day_on_which_the_term_opens_the_way():
    late = facts(**IN_CONSOLIDATION | {"entered_on": date(2027, 12, 15)}, reentry_days=REENTRY_DAYS)

    (obstacle,) = rules.move_obstacles(late, on=date(2028, 3, 20))

    assert "2028-04-01 起" in obstacle.message


def test_move_conditions():
    conditions = rules.move_conditions(
        facts(passed=False, parts=(EDUCATION, TRAINING)), on=date(2026, 10, 8)
    )

    assert [(c.code, c.met) for c in conditions] == [
        ("days", True), ("assessment", False), ("education", False), ("training", True),
    ]  # fmt: skip
    assert "2026-10-08 起，应于 2026-10-16 前" in conditions[0].detail


def test_move_conditions_met():
    conditions = rules.move_conditions(facts(parts=(TRAINING,)), on=date(2026, 10, 8))

    assert [(c.code, c.met) for c in conditions] == [("days", True), ("assessment", True)]


def test_move_conditions_without_a_rule_name_the_bureau():
    (condition,) = rules.move_conditions(facts(days=None, assessment=""), on=ENTERED)

    assert (condition.met, condition.owner) == (False, "bureau_approver")


def test_move_conditions_of_the_last_zone():
    assert rules.move_conditions(facts(**IN_REENTRY), on=ENTERED) == ()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, [], id="可以签字"),
        pytest.param({"legal": False, "of_that_unit": False}, ["现为“待交接”，不能审批"], id="状态不对"),
        pytest.param({"of_that_unit": False}, ["由一大队审批"], id="不是本大队"),
        pytest.param({"signed_as": "提请"}, ["已以提请人签字"], id="已签过字"),
        pytest.param({"of_that_unit": False, "signed_as": "提请"}, ["由一大队", "已以提请人"], id="两样"),
    ],
)  # fmt: skip
def test_signing_obstacles(changed, said):
    may = {
        "act": "审批",
        "legal": True,
        "state_label": "待交接",
        "unit_name": "一大队",
        "of_that_unit": True,
    }

    obstacles = rules.signing_obstacles(Signing(**may | changed))

    assert len(obstacles) == len(said)
    for obstacle, words in zip(obstacles, said, strict=True):
        assert words in obstacle.message


def test_the_receiver_has_seen_everything():
    assert rules.seen_obstacles(rules.SEEN) == ()
    for one in rules.SEEN:
        assert rules.seen_obstacles(rules.SEEN - {one})


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 0),
        ({"minimum": 15, "maximum": 15}, 0),
        ({"minimum": 16}, 1),
        ({"maximum": 14}, 1),
        ({"minimum": -1}, 1),
        ({"known": True}, 1),
        ({"known": True, "minimum": 16}, 2),
    ],
)
def test_stage_rule_obstacles(changed, count):
    days = {"minimum": 7, "target": 15, "maximum": 30, "known": False}

    assert len(rules.stage_rule_obstacles(**days | changed)) == count


def test_an_unknown_post_is_called_by_its_code():
    assert rules.owner_label("assessor") == "诊断评估中心"
    assert rules.owner_label("trainer_of_trainers") == "trainer_of_trainers"

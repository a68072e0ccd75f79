"""The rules of the five centres, as tables; no database."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from centers.assessment import rules
from centers.education import rules as education
from centers.measures import MEASURES
from centers.medical import rules as medical
from centers.presence import presence_obstacles
from centers.psychology import rules as psychology
from centers.psychology.scales import ANSWERS, GAD7, PHQ9
from centers.training import rules as training
from rehab import statutes
from rehab.rules.conditions import Condition
from rehab.rules.days import day_of, start_of
from tests.factories.centers import MEASURED
from tests.factories.rehab import at


def messages(obstacles):
    return "；".join(obstacle.message for obstacle in obstacles)


def test_presence():
    assert presence_obstacles(in_facility=True) == ()
    assert "不在所" in messages(presence_obstacles(in_facility=False))


# Medical ----

TEST = {
    "in_facility": True,
    "entered_at": at(2026, 11, 1),
    "tested_at": at(2026, 11, 20),
    "same_person": False,
    "second_works_here": True,
    "womans_urine": False,
    "both_women": False,
}


@pytest.mark.parametrize(
    ("changed", "words", "article"),
    [
        pytest.param({"in_facility": False}, "不在所", None, id="不在所"),
        pytest.param({"tested_at": at(2026, 11, 21, 12, 1)}, "不能晚于现在", None, id="未来"),
        pytest.param({"tested_at": at(2026, 10, 31)}, "早于入所", None, id="入所之前"),
        pytest.param({"same_person": True}, "两人", statutes.TWO_TESTERS, id="一人检测"),
        pytest.param({"second_works_here": False}, "在岗", statutes.TWO_TESTERS, id="外所人员"),
        pytest.param({"womans_urine": True}, "女性工作人员", statutes.TWO_TESTERS, id="男性采女尿"),
    ],
)
def test_drug_test_obstacles(changed, words, article):
    (obstacle,) = medical.drug_test_obstacles(
        medical.DrugTestFacts(**TEST | changed), at=at(2026, 11, 21)
    )

    assert words in obstacle.message
    assert obstacle.article == article


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"womans_urine": True, "both_women": True},
        {"tested_at": at(2026, 11, 21)},
        {"tested_at": at(2026, 11, 1)},
    ],
    ids=["两人检测", "女性采女尿", "此刻", "入所之时"],
)
def test_a_drug_test_may_be_recorded(changed):
    facts = medical.DrugTestFacts(**TEST | changed)

    assert medical.drug_test_obstacles(facts, at=at(2026, 11, 21)) == ()


@pytest.mark.parametrize(
    ("negative", "latest", "words"),
    [
        pytest.param(True, "negative", "", id="检测阴性"),
        pytest.param(True, None, "没有所内检测记录", id="未检测"),
        pytest.param(True, "positive", "不符", id="检测阳性"),
        pytest.param(False, None, "", id="本项不合格"),
        pytest.param(False, "positive", "", id="阳性且本项不合格"),
    ],
)
def test_detox_obstacles(negative, latest, words):
    met = {"test_negative": negative, "acute_gone": True}

    obstacles = medical.detox_obstacles(in_facility=True, met=met, latest_result=latest)

    assert words in messages(obstacles)
    assert bool(words) == bool(obstacles)
    assert all(obstacle.article == statutes.DETOX_CRITERIA for obstacle in obstacles)


def test_detox_asks_for_presence():
    met = {"test_negative": False}

    assert medical.detox_obstacles(in_facility=False, met=met, latest_result=None)


def test_detox_is_passed_when_every_criterion_is_met():
    assert medical.detox_passed({"a": True, "b": True})
    assert not medical.detox_passed({"a": True, "b": False})


# Education ----


@pytest.mark.parametrize(
    ("started_on", "ends_on"),
    [
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 1, 15)),
    ],
)
def test_earliest_end(started_on, ends_on):
    assert education.earliest_end(started_on) == ends_on


EDUCATION = {
    "in_facility": True,
    "entered_on": date(2026, 3, 1),
    "started_on": date(2026, 3, 1),
    "ended_on": date(2026, 4, 1),
    "passed_already": False,
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"ended_on": date(2026, 3, 31)}, "不满一个月", id="差一日"),
        pytest.param({}, "", id="满一个月"),
        pytest.param({"ended_on": date(2026, 4, 2)}, "", id="多一日"),
        pytest.param({"ended_on": date(2026, 4, 4)}, "尚未结束", id="未结束"),
        pytest.param({"entered_on": date(2026, 3, 2)}, "早于入所日期", id="入所之前"),
        pytest.param({"passed_already": True}, "已有合格", id="已合格"),
        pytest.param({"in_facility": False}, "不在所", id="不在所"),
    ],
)
def test_entry_education_obstacles(changed, words):
    facts = education.EntryEducationFacts(**EDUCATION | changed)

    obstacles = education.entry_education_obstacles(facts, on=date(2026, 4, 3))

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)
    if words == "不满一个月":
        assert obstacles[0].article == statutes.ENTRY_EDUCATION


# Psychology ----


@pytest.mark.parametrize(("scale", "items", "highest"), [(PHQ9, 9, 27), (GAD7, 7, 21)])
def test_scales(scale, items, highest):
    assert (len(scale.items), scale.highest) == (items, highest)
    assert scale.score([0] * items) == 0
    assert scale.score([len(ANSWERS) - 1] * items) == highest


@pytest.mark.parametrize("answers", [[1] * 8, [1] * 8 + [4], [1] * 8 + [-1]])
def test_score_of_a_sheet_that_is_not_whole(answers):
    with pytest.raises(ValueError, match="phq9"):
        PHQ9.score(answers)


@pytest.mark.parametrize(
    ("answers", "here", "words"),
    [
        ([1] * 9, True, ""),
        ([1] * 8, True, "逐题作答"),
        ([1] * 8 + [4], True, "不在可选范围"),
        ([1] * 9, False, "不在所"),
    ],
)
def test_screening_obstacles(answers, here, words):
    obstacles = psychology.screening_obstacles(PHQ9, answers, in_facility=here)

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


def test_opening_needs_a_purpose():
    assert psychology.opening_obstacles("复测前查阅") == ()
    assert psychology.opening_obstacles("  ")[0].article == statutes.CONFIDENTIALITY


# Training ----

FITNESS = {
    "in_facility": True,
    "cleared": True,
    "entered_on": date(2026, 11, 1),
    "tested_on": date(2026, 11, 20),
    "values": MEASURED,
}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, "", id="可测"),
        pytest.param({"cleared": False}, "医疗筛查", id="未经筛查"),
        pytest.param({"tested_on": date(2026, 11, 22)}, "不能晚于今天", id="未来"),
        pytest.param({"tested_on": date(2026, 10, 31)}, "早于入所", id="入所之前"),
        pytest.param({"in_facility": False}, "不在所", id="不在所"),
    ],
)
def test_fitness_obstacles(changed, words):
    obstacles = training.fitness_obstacles(
        training.FitnessFacts(**FITNESS | changed), on=date(2026, 11, 21)
    )

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.label)
def test_fitness_measures_are_plausible(measure):
    def obstacles(value):
        facts = FITNESS | {"values": {**MEASURED, measure.code: value}}
        return training.fitness_obstacles(training.FitnessFacts(**facts), on=date(2026, 11, 21))

    assert obstacles(measure.lowest) == ()
    assert obstacles(measure.highest) == ()
    assert measure.label in messages(obstacles(measure.lowest - Decimal("0.1")))
    assert measure.label in messages(obstacles(measure.highest + Decimal("0.1")))


# Assessment: grades ----


@pytest.mark.parametrize(
    ("parts", "result"),
    [
        ({"detox": "pass", "social": "fair"}, "pass"),
        ({"detox": "pass", "conduct": "fail"}, "fail"),
        ({"screening": "done"}, "pass"),
    ],
)
def test_result_of(parts, result):
    assert rules.result_of(parts) == result


@pytest.mark.parametrize(
    ("ceiling", "allowed"),
    [
        ("pass", ("pass", "fail")),
        ("fail", ("fail",)),
        ("good", ("good", "fair")),
        ("fair", ("fair",)),
        ("done", ("done",)),
    ],
)
def test_allowed_grades(ceiling, allowed):
    assert rules.allowed_grades(ceiling) == allowed


EVIDENCE = {"medical": rules.Evidence(True, "pass"), "education": rules.Evidence(True, "fail")}
LABELS = {"medical": "戒毒医疗", "education": "入所教育", "social": "社会"}


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"medical": "pass", "education": "fail"}, ""),
        ({"medical": "fail", "education": "fail"}, ""),
        ({"medical": "pass"}, "入所教育没有评定"),
        ({"medical": "pass", "education": "pass"}, "入所教育的评定与在案记录不符"),
        ({"medical": "pass", "education": "fail", "social": "good"}, "1 项不属于"),
    ],
)
def test_grade_obstacles(parts, words):
    obstacles = rules.grade_obstacles(parts, EVIDENCE, LABELS)

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


def test_social_result():
    assert rules.social_result([True] * 5) == "good"
    assert rules.social_result([True] * 4 + [False]) == "fair"


# Assessment: when and by whom ----

UNMET = Condition("medical", "生理脱毒结论", False, "clinician", "centers:detox-create")
MET = Condition("medical", "生理脱毒结论", True, "clinician", "centers:detox-create")
FACTS = {
    "in_custody": True,
    "stage_fits": True,
    "stage_label": "生理脱毒期",
    "opens_on": None,
    "opens_article": None,
    "conditions": (MET,),
    "draft_open": False,
    "passed_already": False,
}
OPENS = {"opens_on": date(2027, 6, 1), "opens_article": statutes.EARLY_RELEASE}


@pytest.mark.parametrize(
    ("changed", "on", "words"),
    [
        pytest.param({}, date(2026, 12, 1), "", id="可评"),
        pytest.param({"in_custody": False}, date(2026, 12, 1), "不在执行", id="不在执行"),
        pytest.param({"stage_fits": False}, date(2026, 12, 1), "不在该区", id="期别不符"),
        pytest.param({"conditions": (UNMET,)}, date(2026, 12, 1), "缺生理脱毒结论", id="缺项"),
        pytest.param(OPENS, date(2027, 5, 31), "2027-06-01 起可评", id="差一日"),
        pytest.param(OPENS, date(2027, 6, 1), "", id="满一年"),
        pytest.param(OPENS, date(2027, 6, 2), "", id="过一日"),
    ],
)
def test_assessment_obstacles(changed, on, words):
    facts = rules.AssessmentFacts(**FACTS | changed)

    obstacles = rules.assessment_obstacles(facts, on=on)

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


def test_a_missing_need_says_what_of_it_is_missing():
    unmet = Condition("conduct", "行为表现月考核", False, "zone_officer", "", "2026-12未评定")

    (obstacle,) = rules.assessment_obstacles(
        rules.AssessmentFacts(**FACTS | {"conditions": (unmet,)}), on=date(2027, 1, 1)
    )

    assert obstacle.message == "缺行为表现月考核：2026-12未评定"


def test_early_assessment_quotes_its_article():
    (obstacle,) = rules.assessment_obstacles(
        rules.AssessmentFacts(**FACTS | OPENS), on=date(2027, 5, 31)
    )

    assert obstacle.article == statutes.EARLY_RELEASE


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"draft_open": True}, "已有一份拟定"),
        ({"passed_already": True}, "已有合格的结论"),
    ],
)
def test_draft_obstacles(changed, words):
    obstacles = rules.draft_obstacles(
        rules.AssessmentFacts(**FACTS | changed), on=date(2026, 12, 1)
    )

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


def test_a_failing_result_has_reasons():
    assert rules.reason_obstacles({"detox": "fail"}, " ")[0].article == statutes.ASSESSMENT_FAIR
    assert rules.reason_obstacles({"detox": "fail"}, "仍有稽延症状") == ()
    assert rules.reason_obstacles({"detox": "pass"}, "") == ()


@pytest.mark.parametrize(
    ("drafted", "same_person", "count"),
    [(True, False, 0), (False, False, 1), (True, True, 1), (False, True, 2)],
)
def test_conclusion_obstacles(drafted, same_person, count):
    assert len(rules.conclusion_obstacles(drafted=drafted, same_person=same_person)) == count


@pytest.mark.parametrize(
    ("drafted", "reason", "count"), [(True, "请补充", 0), (False, "请补充", 1), (True, " ", 1)]
)
def test_return_obstacles(drafted, reason, count):
    assert len(rules.return_obstacles(drafted=drafted, reason=reason)) == count


@pytest.mark.parametrize(
    ("standing", "why", "count"), [(True, "登记有误", 0), (False, "登记有误", 1), (True, "", 1)]
)
def test_correction_obstacles(standing, why, count):
    assert len(rules.correction_obstacles(standing=standing, why=why)) == count


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"known": True}, "同一日"),
        ({"needs": ()}, "不能为空"),
        ({"needs": ("detox", "detox")}, "不能重复"),
        ({"pass_mark": 101}, "0 到 100"),
        ({"pass_mark": -1}, "0 到 100"),
    ],
)
def test_rule_obstacles(changed, words):
    asked = {"needs": ("detox", "social"), "known": False, "pass_mark": 60} | changed

    obstacles = rules.rule_obstacles(**asked)

    assert len(obstacles) == bool(words)
    assert words.replace("不能重复", "也不能重复") in messages(obstacles)


NEXT = {"decided_on": date(2026, 6, 1), "ends_on": date(2028, 5, 31)}


@pytest.mark.parametrize(
    ("stage", "on", "settled", "kind"),
    [
        ("01", date(2026, 12, 1), (), "detox"),
        ("01", date(2027, 7, 1), (), "detox"),
        ("02", date(2026, 12, 1), ("detox",), "adaptation"),
        ("03", date(2027, 5, 31), (), "consolidation"),
        ("03", date(2027, 6, 1), (), "one_year"),
        ("03", date(2027, 6, 1), ("one_year",), "consolidation"),
        ("03", date(2026, 12, 1), ("consolidation",), "one_year"),
        ("03", date(2027, 7, 1), ("one_year", "consolidation"), "pre_expiry"),
        ("04", date(2028, 3, 31), (), "one_year"),
        ("04", date(2028, 4, 1), (), "pre_expiry"),
        ("04", date(2028, 4, 2), ("pre_expiry", "one_year"), "pre_expiry"),
    ],
)
def test_next_kind(stage, on, settled, kind):
    assert rules.next_kind(stage=stage, on=on, settled=settled, **NEXT) == kind


def test_when_the_comprehensive_assessments_open():
    assert rules.one_year_opens_on(date(2026, 6, 1)) == date(2027, 6, 1)
    assert rules.pre_expiry_opens_on(date(2028, 5, 31)) == date(2028, 4, 1)


# Conduct ----


@pytest.mark.parametrize(
    ("stays", "until", "months"),
    [
        pytest.param([], date(2027, 1, 31), [], id="未入区"),
        pytest.param([(at(2026, 12, 1, 0), None)], date(2027, 1, 30), [12], id="月未满"),
        pytest.param([(at(2026, 12, 1, 0), None)], date(2027, 1, 31), [12, 1], id="月满"),
        pytest.param([(at(2026, 12, 1, 0, 1), None)], date(2027, 1, 31), [1], id="月中入区"),
        pytest.param(
            [(at(2026, 12, 1, 0), at(2027, 2, 1, 0))], date(2027, 5, 1), [12, 1], id="月末离区"
        ),
        pytest.param(
            [(at(2026, 12, 1, 0), at(2027, 1, 31, 23))], date(2027, 5, 1), [12], id="差一小时"
        ),
        pytest.param(
            [(at(2026, 12, 10), at(2027, 1, 15)), (at(2027, 1, 15), None)],
            date(2027, 2, 28),
            [1, 2],
            id="换床不断",
        ),
        pytest.param(
            [(at(2027, 1, 20), None), (at(2026, 11, 30), at(2027, 1, 10))],
            date(2027, 2, 28),
            [12, 2],
            id="所外就医断开",
        ),
    ],
)
def test_full_months(stays, until, months):
    assert [month.month for month in rules.full_months(stays, until=until)] == months


@given(
    begin=some.datetimes(min_value=at(2026, 1, 1).replace(tzinfo=None)).filter(
        lambda moment: moment.year < 2090
    ),
    cuts=some.lists(some.integers(1, 400), max_size=4),
    length=some.integers(0, 900),
)
def test_full_months_do_not_depend_on_changes_of_bed(begin, cuts, length):
    begin = begin.replace(tzinfo=at(2026, 1, 1).tzinfo)
    end = begin + timedelta(days=length)
    points = [begin, *sorted(begin + timedelta(days=cut) for cut in cuts if cut < length), end]
    pieces = [(a, b) for a, b in pairwise(points) if a < b]

    months = rules.full_months(pieces, until=date(2099, 12, 31))

    assert months == rules.full_months([(begin, end)], until=date(2099, 12, 31))
    for month in months:
        assert begin <= start_of(month)
        assert start_of(rules.month_after(month)) <= end
        assert day_of(begin) <= month


MONTHS = [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("marks", "there", "grade", "words"),
    [
        ({}, False, "", "2026-12、2027-01未评定"),
        ({MONTHS[0]: (90, True)}, False, "", "2027-01未评定"),
        ({MONTHS[0]: (90, True), MONTHS[1]: (80, False)}, False, "", "2027-01未复核"),
        ({MONTHS[0]: (50, True), MONTHS[1]: (70, True)}, True, "pass", "平均 60.0 分"),
        ({MONTHS[0]: (50, True), MONTHS[1]: (69, True)}, True, "fail", "平均 59.5 分"),
    ],
)
def test_conduct_evidence(marks, there, grade, words):
    evidence = rules.conduct_evidence(owed=MONTHS, marks=marks, pass_mark=60)

    assert (evidence.there, evidence.ceiling) == (there, grade)
    assert words in evidence.detail
    assert evidence.unsigned == ("未复核" in words)


def test_conduct_evidence_without_any_month():
    assert rules.conduct_evidence(owed=[], marks={}, pass_mark=60).detail == "尚无月考核"


MARK = {"in_custody": True, "entered_on": date(2026, 11, 21), "already_confirmed": False}


@pytest.mark.parametrize(
    ("changed", "month", "mark", "on", "words"),
    [
        pytest.param({}, date(2026, 12, 1), 90, date(2026, 12, 29), "", id="月末三日"),
        pytest.param({}, date(2026, 12, 1), 90, date(2026, 12, 28), "2026-12-29 起可评", id="过早"),
        pytest.param({}, date(2026, 12, 1), 0, date(2027, 2, 1), "", id="零分"),
        pytest.param({}, date(2026, 12, 1), 101, date(2027, 2, 1), "0 到 100", id="超出"),
        pytest.param({}, date(2026, 12, 1), -1, date(2027, 2, 1), "0 到 100", id="负分"),
        pytest.param({}, date(2026, 10, 1), 90, date(2027, 2, 1), "尚未入所", id="入所之前"),
        pytest.param({}, date(2026, 11, 1), 90, date(2027, 2, 1), "", id="入所当月"),
        pytest.param(
            {"already_confirmed": True}, date(2026, 12, 1), 90, date(2027, 2, 1), "已经复核", id="已复核"
        ),
        pytest.param(
            {"in_custody": False}, date(2026, 12, 1), 90, date(2027, 2, 1), "不评月考核", id="已出所"
        ),
    ],
)  # fmt: skip
def test_mark_obstacles(changed, month, mark, on, words):
    obstacles = rules.mark_obstacles(
        rules.MarkFacts(**MARK | changed), month=month, mark=mark, on=on
    )

    assert len(obstacles) == bool(words)
    assert words in messages(obstacles)


@pytest.mark.parametrize(
    ("confirmed", "same_person", "count"),
    [(False, False, 0), (True, False, 1), (False, True, 1)],
)
def test_confirm_obstacles(confirmed, same_person, count):
    assert len(rules.confirm_obstacles(confirmed=confirmed, same_person=same_person)) == count


def test_social_obstacles():
    assert rules.social_obstacles(in_custody=True) == ()
    assert len(rules.social_obstacles(in_custody=False)) == 1


@pytest.mark.parametrize(
    ("on", "month"),
    [
        (date(2026, 12, 28), date(2026, 11, 1)),
        (date(2026, 12, 29), date(2026, 12, 1)),
        (date(2027, 1, 1), date(2026, 12, 1)),
    ],
)
def test_markable_month(on, month):
    assert rules.markable_month(on) == month


def test_markable_months():
    stays = [(at(2026, 11, 21), None)]

    assert rules.markable_months([], on=date(2027, 1, 5)) == ()
    assert rules.markable_months(stays, on=date(2027, 1, 5)) == (
        date(2026, 12, 1),
        date(2026, 11, 1),
    )


def test_when_a_month_is_due():
    assert day_of(rules.mark_due_at(date(2026, 12, 1))) == date(2027, 1, 5)
    assert day_of(rules.confirm_due_at(date(2026, 12, 1))) == date(2027, 1, 10)

"""本人情况告知单: what somebody is told of himself, in his own hands."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from centers import actions
from centers.assessment.selectors import told_facts, told_obstacles
from centers.models import Assessment, ConductMonth
from centers.states import AssessmentKind, AssessmentStatus
from rehab.clock import standing_at
from rehab.models import Case, Document, Event
from rehab.refusal import Refused
from rehab.states import CaseStatus, Stage
from tests.factories import absences as away
from tests.factories import centers as made
from tests.factories import rehab as make

LATER = make.at(2026, 12, 22)
DAY = LATER.date()
MONTH = date(2026, 11, 1)


@pytest.fixture
def officer(case):
    return make.officer("zone_officer", case.unit)


@pytest.fixture
def assessed(case, staff, rules):
    """Out of 生理脱毒区, with an assessment and a month that waits for its second signature."""
    made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    at = make.at(2026, 12, 1)
    with standing_at(at):
        made.conduct(case, staff, [MONTH], mark=86, confirmed=False, at=at)
    return case


def test_who_is_new_has_his_day_and_its_reason(case, rules):
    said = told_facts(case, on=make.NOON.date())

    assert (said["name"], said["ends_on"]) == (case.person.name, case.ends_on)
    assert [step["ends_on"] for step in said["steps"]][-1] == case.ends_on
    assert (said["marks"], said["assessments"]) == ([], [])
    assert said["next_kind"] == "生理脱毒期评估"
    assert "next_on" not in said


def test_marks_assessments_and_what_comes_next(assessed):
    said = told_facts(assessed, on=DAY)

    assert said["marks"] == []  # its second signature is missing
    assert said["early"].startswith("2027年6月1日起")
    assert said["assessments"] == [
        {"kind": "生理脱毒期评估", "result": "合格", "on": make.NOON.date()}
    ]
    assert said["next_kind"] == "教育适应期评估"


def test_nobody_is_told_who_is_not_here(case):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)
    case.refresh_from_db()

    (obstacle,) = told_obstacles(case, on=DAY)

    assert obstacle.message == "此人现为“脱逃”，不能制作本人情况告知单"


def test_who_is_held_too_long_is_released_and_not_told(case):
    (obstacle,) = told_obstacles(case, on=case.ends_on + timedelta(days=1))

    assert str(obstacle) == f"期满日 {case.ends_on} 已过，请立即办理解除（《国家赔偿法》第三条）"


def test_who_ran_hears_that_he_is_not_released_early(case, officer):
    away.proposed(case, by=officer)
    case.refresh_from_db()

    said = told_facts(case, on=case.ends_on)

    assert said["early"] == "你曾脱逃，依法不得提前解除（《戒毒条例》第三十二条）。"


def test_the_same_is_told_once_and_what_changed_anew(assessed, officer, staff):
    def tell():
        return actions.tell_person(case=assessed, by=officer, at=LATER)

    with standing_at(LATER):
        first, again = tell(), tell()
        actions.confirm_conduct(months=ConductMonth.objects.all(), by=staff.zone_leader, at=LATER)
        then = tell()

    assert first == again
    assert then.supersedes == first
    assert then.facts["marks"] == [{"month": "2026-11", "mark": "86"}]
    assert Event.objects.filter(kind="person_told").count() == 2


def test_told_print(assessed, officer, client):
    client.force_login(officer)
    url = reverse("centers:told-print", args=[assessed.number])

    with standing_at(LATER):
        page = client.get(url).content.decode()
        paper = client.post(url)

    for words in (
        "自作出决定之日起满二年",
        "提前解除的意见",
        "生理脱毒期评估",
        "下一次：教育适应期评估",
    ):
        assert words in page
    assert paper["Content-Type"] == "application/pdf"
    assert Document.objects.get(template="own_account").case == assessed


def test_told_print_of_who_is_gone_by_now(case, officer, client):
    client.force_login(officer)
    url = reverse("centers:told-print", args=[case.number])
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)

    answer = client.post(url)

    assert answer.status_code == 409
    assert "不能制作本人情况告知单" in answer.content.decode()
    assert not Document.objects.filter(template="own_account").exists()
    with pytest.raises(Refused):
        actions.tell_person(case=case, by=officer, at=make.NOON)


def test_who_is_through_with_all_of_them_has_none_to_come(case, staff, rules):
    made.moved(case, Stage.REENTRY, at=make.NOON)
    for kind in (AssessmentKind.ONE_YEAR, AssessmentKind.PRE_EXPIRY):
        Assessment.objects.create(
            case=case, kind=kind, status=AssessmentStatus.CONCLUDED, result="pass", parts={},
            by=staff.assessor, drafted_at=make.NOON, concluded_by=staff.zone_leader,
            concluded_at=make.NOON,
        )  # fmt: skip

    assert "next_kind" not in told_facts(case, on=case.ends_on)


def test_what_comes_next_has_its_first_day(case, staff, rules):
    made.moved(case, Stage.REENTRY, at=make.NOON)

    said = told_facts(case, on=make.NOON.date())

    assert said["next_kind"] in ("满一年综合诊断评估", "期满前综合诊断评估")
    assert said["next_on"] > make.NOON.date()

"""The pages: opened, refused, done; out of reach; and never more queries than people grow."""

import re
from contextlib import contextmanager
from datetime import date

import pytest
from django.db import connection
from django.urls import reverse

from centers.models import (
    Assessment,
    ConductMonth,
    DetoxConclusion,
    DrugTest,
    EntryEducation,
    FitnessTest,
    Screening,
    SocialForm,
)
from centers.states import AssessmentKind, AssessmentStatus, DetoxCriterion, SocialCriterion
from rehab.actions.cases import close_case, grant_medical_leave
from rehab.clock import standing_at
from rehab.models import AccessRecord
from rehab.states import CaseStatus, Sex, Stage
from tests.centers.conftest import LATER
from tests.factories import centers as made
from tests.factories import rehab as make

LISTS = {
    "centers:medical-list": "clinician",
    "centers:education-list": "educator",
    "centers:psychology-list": "counsellor",
    "centers:training-list": "trainer",
    "centers:assessment-list": "assessor",
}
PAGES = {
    "centers:detox-create": "clinician",
    "centers:drug-test-create": "clinician",
    "centers:entry-education-create": "educator",
    "centers:screening-create": "counsellor",
    "centers:fitness-test-create": "trainer",
    "centers:assessment-create": "assessor",
}
UNIT_PAGES = {
    "centers:conduct-create": "zone_officer",
    "centers:conduct-confirm": "zone_leader",
    "centers:social-create": "zone_officer",
}


CANNOT = '" disabled>'  # a button whose reasons stand beside it


@pytest.fixture
def sign_in(client):
    def signed_in(user):
        client.force_login(user)
        return client

    return signed_in


def own_officer(case, role):
    """Somebody in the 大队 in which the person lies."""
    case.refresh_from_db()
    return make.officer(role, case.unit)


def text(response):
    return response.content.decode()


# Every page: opens for its role, is closed to another, is not there for another facility ----


@pytest.mark.parametrize(("name", "role"), [*PAGES.items(), *UNIT_PAGES.items()])
def test_page_opens_for_its_role_and_no_other(name, role, rules, case, sign_in):
    url = reverse(name, args=[case.number])
    elsewhere = make.facility("T02")

    at_home = own_officer(case, role) if name in UNIT_PAGES else make.officer(role, case.facility)
    abroad = make.officer(
        role, make.unit(elsewhere, Stage.DETOX) if name in UNIT_PAGES else elsewhere
    )
    stranger = make.officer("intake_officer", case.facility)

    assert sign_in(at_home).get(url).status_code == 200
    assert sign_in(at_home).get(url, headers={"HX-Request": "true"}).status_code == 200
    assert sign_in(abroad).get(url).status_code == 404
    assert sign_in(stranger).get(url).status_code == 403


@pytest.mark.parametrize(("name", "role"), UNIT_PAGES.items())
def test_page_is_not_there_for_another_unit_of_the_facility(name, role, case, sign_in):
    next_door = make.officer(role, make.unit(case.facility, Stage.REENTRY))

    assert sign_in(next_door).get(reverse(name, args=[case.number])).status_code == 404


@pytest.mark.parametrize(("name", "role"), [*LISTS.items(), ("centers:conduct-list", "assessor")])
def test_list_shows_the_own_facility_only(name, role, rules, case, staff, sign_in):
    made.moved(case, Stage.ADAPTATION, at=make.NOON)
    stranger = made.moved(make.case(make.facility("T02")), Stage.ADAPTATION, at=make.NOON)

    with standing_at(make.at(2026, 11, 30)):
        page = sign_in(make.officer(role, case.facility)).get(reverse(name))

    assert case.number in text(page)
    assert stranger.number not in text(page)
    assert (
        sign_in(make.officer("intake_officer", case.facility)).get(reverse(name)).status_code == 403
    )


# Medical ----


def drug_test_data(second, **changed):
    return {
        "tested_at": "2026-11-21 12:00", "sample": "urine", "result": "negative",
        "second": second.pk, "note": "",
    } | changed  # fmt: skip


def test_drug_test_create(case, staff, sign_in, django_assert_max_num_queries):
    client = sign_in(staff.clinician)
    second = staff.second_clinician

    with django_assert_max_num_queries(40):
        done = client.post(
            reverse("centers:drug-test-create", args=[case.number]), drug_test_data(second)
        )

    assert done.status_code == 302
    assert DrugTest.objects.get().by == staff.clinician


def test_drug_test_create_refused(facility, staff, sign_in):
    woman = make.case(facility, person=make.person_facts(sex=Sex.FEMALE))

    refused = sign_in(staff.clinician).post(
        reverse("centers:drug-test-create", args=[woman.number]),
        drug_test_data(staff.second_clinician, note="仍在"),
    )

    assert refused.status_code == 422
    assert "女性工作人员" in text(refused)
    assert "仍在" in text(refused)
    assert not DrugTest.objects.exists()


def detox_data(**changed):
    return dict.fromkeys(DetoxCriterion.values, "yes") | changed


def test_detox_create(case, staff, sign_in):
    made.drug_test(case, staff, at=make.NOON)

    done = sign_in(staff.clinician).post(
        reverse("centers:detox-create", args=[case.number]),
        detox_data(mind_stable="no", mind_stable_note="仍有幻听"),
        headers={"HX-Request": "true"},
    )

    conclusion = DetoxConclusion.objects.get()
    assert done.headers["HX-Redirect"] == reverse("centers:medical-list")
    assert (conclusion.passed, conclusion.notes) == (False, {"mind_stable": "仍有幻听"})


def test_detox_create_refused_without_a_test(case, staff, sign_in):
    refused = sign_in(staff.clinician).post(
        reverse("centers:detox-create", args=[case.number]), detox_data()
    )

    assert refused.status_code == 422
    assert "先登记检测" in text(refused)


def test_detox_create_shows_what_was_found_before(case, staff, sign_in):
    made.detox_conclusion(case, staff, at=make.NOON)

    page = sign_in(staff.clinician).get(reverse("centers:detox-create", args=[case.number]))

    assert "以往记录" in text(page)


def test_medical_list_filters_by_what_is_done(case, facility, staff, sign_in):
    made.detox_conclusion(case, staff, at=make.NOON)
    other = make.case(facility)
    client = sign_in(staff.clinician)
    url = reverse("centers:medical-list")

    done, missing = (
        text(client.get(url, {"done": "done"})),
        text(client.get(url, {"done": "missing"})),
    )

    assert (case.number in done, other.number in done) == (True, False)
    assert (case.number in missing, other.number in missing) == (False, True)
    assert case.number not in text(client.get(url, {"zone": "04"}))
    assert case.number in text(client.get(url, {"zone": "没有的区"}))


# Education ----


EDUCATION = {"started_on": "2026-11-21", "ended_on": "2026-12-21", "hours": "48", "result": "pass"}


def test_entry_education_create(case, staff, sign_in):
    with standing_at(LATER):
        done = sign_in(staff.educator).post(
            reverse("centers:entry-education-create", args=[case.number]), EDUCATION
        )
        page = sign_in(staff.educator).get(
            reverse("centers:entry-education-create", args=[case.number])
        )

    assert done.status_code == 302
    assert EntryEducation.objects.get().hours == 48
    assert "已有合格的入所教育记录" in text(page)


def test_entry_education_create_refused_before_a_month(case, staff, sign_in):
    with standing_at(LATER):
        refused = sign_in(staff.educator).post(
            reverse("centers:entry-education-create", args=[case.number]),
            EDUCATION | {"ended_on": "2026-12-20"},
        )

    assert refused.status_code == 422
    assert "第四十五条" in text(refused)


def test_education_list_filters_by_what_is_done(case, staff, sign_in):
    made.entry_education(case, staff, at=LATER)
    client = sign_in(staff.educator)
    url = reverse("centers:education-list")

    assert case.number in text(client.get(url, {"done": "done"}))
    assert case.number not in text(client.get(url, {"done": "missing"}))


# Psychology ----


def test_screening_create(case, staff, sign_in):
    answers = {f"item_{number}": "1" for number in range(1, 8)}

    done = sign_in(staff.counsellor).post(
        reverse("centers:screening-create", args=[case.number]) + "?scale=gad7", answers
    )

    assert done.status_code == 302
    assert Screening.objects.get().sheet == {"answers": [1] * 7, "score": 7}


def test_screening_create_refused_when_an_item_is_left_out(case, staff, sign_in):
    refused = sign_in(staff.counsellor).post(
        reverse("centers:screening-create", args=[case.number]), {"item_1": "2"}
    )

    assert refused.status_code == 422
    assert "2. 感到心情低落、沮丧或绝望" in text(refused)


def test_screening_create_of_no_scale(case, staff, sign_in):
    url = reverse("centers:screening-create", args=[case.number])

    assert sign_in(staff.counsellor).get(f"{url}?scale=mmpi").status_code == 404


def test_screening_detail_is_sealed_until_a_purpose_is_given(case, staff, sign_in):
    screening = made.screening(case, staff, at=make.NOON)
    url = reverse("centers:screening-detail", args=[screening.pk])
    client = sign_in(staff.counsellor)

    sealed, refused = client.get(url), client.post(url, {"purpose": ""})
    opened = client.post(url, {"purpose": "复测前查阅"})

    assert "几乎每天" not in text(sealed) + text(refused)
    assert (sealed.status_code, refused.status_code, opened.status_code) == (200, 422, 200)
    assert "一半以上的天数" in text(opened)
    assert "no-store" in opened.headers["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.user, record.case, record.purpose) == (staff.counsellor, case, "复测前查阅")


def test_psychology_list_tells_only_that_it_was_done(case, staff, sign_in):
    made.screening(case, staff, at=make.NOON)
    client = sign_in(staff.counsellor)
    url = reverse("centers:psychology-list")

    page = text(client.get(url, {"done": "done"}))

    assert "已完成" in page
    assert "PHQ" not in page
    assert case.number not in text(client.get(url, {"done": "missing"}))


# Training ----


def fitness_data(**changed):
    return {
        **{code: str(value) for code, value in made.MEASURED.items()},
        "tested_on": "2026-11-21", "cleared": "on", "result": "good",
    } | changed  # fmt: skip


def test_fitness_test_create(case, staff, sign_in):
    client = sign_in(staff.trainer)
    url = reverse("centers:fitness-test-create", args=[case.number])

    done = client.post(url, fitness_data())

    assert done.status_code == 302
    assert str(FitnessTest.objects.get().bmi) == "22.1"
    assert "22.1" in text(client.get(url))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"height_cm": "17"}, "“身高”不能小于 120"),
        ({"cleared": ""}, "须勾选"),
        ({"tested_on": "2026-11-22"}, "测试日期不能晚于今天"),
    ],
)
def test_fitness_test_create_refused(changed, sentence, case, staff, sign_in):
    refused = sign_in(staff.trainer).post(
        reverse("centers:fitness-test-create", args=[case.number]), fitness_data(**changed)
    )

    assert refused.status_code == 422
    assert sentence in text(refused)


def test_training_list_filters_by_what_is_done(case, staff, sign_in):
    made.fitness_test(case, staff, at=make.NOON)
    client = sign_in(staff.trainer)
    url = reverse("centers:training-list")

    assert case.number in text(client.get(url, {"done": "done"}))
    assert case.number not in text(client.get(url, {"done": "missing"}))


# Conduct ----

DEC_END = make.at(2026, 12, 30)


@pytest.fixture
def adapting(case):
    return made.moved(case, Stage.ADAPTATION, at=make.NOON)


def test_conduct_list_saves_a_whole_sheet(adapting, facility, rules, sign_in):
    other = made.moved(make.case(facility), Stage.ADAPTATION, at=make.NOON)
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-list")

    with standing_at(DEC_END):
        done = sign_in(officer).post(
            f"{url}?month=2026-12", {"act": "mark", adapting.number: "88", other.number: "91"}
        )

    assert done.status_code == 302
    assert {row.mark for row in ConductMonth.objects.all()} == {88, 91}
    assert {row.month for row in ConductMonth.objects.all()} == {date(2026, 12, 1)}


@pytest.mark.parametrize(
    ("mark", "sentence"),
    [
        ("101", "不能大于 100"),
        ("九十", "应为数字"),
        ("", "没有填写或者改动任何得分"),
    ],
)
def test_conduct_list_refused(mark, sentence, adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")

    with standing_at(DEC_END):
        refused = sign_in(officer).post(
            reverse("centers:conduct-list"), {"act": "mark", adapting.number: mark}
        )

    assert refused.status_code == 422
    assert sentence in text(refused)
    assert mark in text(refused)


def test_conduct_list_does_not_forget_a_mark(adapting, staff, sign_in):
    officer = own_officer(adapting, "zone_officer")
    made.conduct(adapting, staff, [date(2026, 12, 1)], confirmed=False, at=DEC_END)

    with standing_at(DEC_END):
        refused = sign_in(officer).post(
            reverse("centers:conduct-list"), {"act": "mark", adapting.number: ""}
        )

    assert refused.status_code == 422
    assert "不能清空" in text(refused)


def test_conduct_list_signs_what_another_marked(adapting, staff, sign_in):
    (row,) = made.conduct(adapting, staff, [date(2026, 12, 1)], confirmed=False, at=DEC_END)
    leader = own_officer(adapting, "zone_leader")
    url = reverse("centers:conduct-list")

    with standing_at(DEC_END):
        nothing = sign_in(leader).post(url, {"act": "confirm"})
        done = sign_in(leader).post(url, {"act": "confirm", "months": [str(row.pk)]})

    row.refresh_from_db()
    assert (nothing.status_code, done.status_code) == (422, 302)
    assert row.confirmed_by == leader


def test_conduct_list_refuses_the_own_signature(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-list")

    with standing_at(DEC_END):
        client = sign_in(officer)
        client.post(url, {"act": "mark", adapting.number: "88"})
        row = ConductMonth.objects.get()
        refused = client.post(url, {"act": "confirm", "months": [str(row.pk)]})

    assert refused.status_code == 422
    assert "两人" in text(refused)


def test_conduct_list_acts_ask_for_their_permission(adapting, sign_in):
    leader = own_officer(adapting, "zone_leader")

    answer = sign_in(leader).post(
        reverse("centers:conduct-list"), {"act": "mark", adapting.number: "88"}
    )

    assert answer.status_code == 403


def test_conduct_list_posts_to_the_month_it_shows(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")

    with standing_at(make.at(2026, 12, 28, 23)):
        page = text(sign_in(officer).get(reverse("centers:conduct-list")))

    assert f'action="{reverse("centers:conduct-list")}?month=2026-11"' in page


def test_conduct_list_of_another_month(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-list")

    with standing_at(DEC_END):
        client = sign_in(officer)
        earlier = text(client.get(url, {"month": "2026-10"}))
        odd = text(client.get(url, {"month": "去年"}))
        ahead = text(client.get(url, {"month": "2027-05"}))

    assert "没有应考核的人员" in earlier
    assert "2026-12 考核表" in odd
    assert "2026-12 考核表" in ahead


def test_conduct_create_marks_several_months(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-create", args=[adapting.number])

    with standing_at(DEC_END):
        done = sign_in(officer).post(url, {"2026-11-01": "80", "2026-12-01": "90"})
        page = sign_in(officer).get(url)

    assert done.status_code == 302
    assert [row.mark for row in ConductMonth.objects.order_by("month")] == [80, 90]
    assert "待复核" in text(page)


def test_conduct_create_refused(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")

    with standing_at(DEC_END):
        refused = sign_in(officer).post(
            reverse("centers:conduct-create", args=[adapting.number]), {"2026-12-01": "-1"}
        )

    assert refused.status_code == 422
    assert "“2026-12”不能小于 0" in text(refused)


def test_conduct_confirm(adapting, staff, sign_in):
    (row,) = made.conduct(adapting, staff, [date(2026, 12, 1)], confirmed=False, at=DEC_END)
    url = reverse("centers:conduct-confirm", args=[adapting.number])
    client = sign_in(own_officer(adapting, "zone_leader"))

    with standing_at(DEC_END):
        done = client.post(url, {"months": [str(row.pk)]})
        late = client.post(url, {"months": [str(row.pk)]})

    assert (done.status_code, late.status_code) == (302, 422)
    assert "没有待复核的月考核" in text(late)


def test_conduct_confirm_refuses_the_own_signature(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-confirm", args=[adapting.number])
    client = sign_in(officer)

    with standing_at(DEC_END):
        client.post(reverse("centers:conduct-create", args=[adapting.number]), {"2026-12-01": "90"})
        page = client.get(url)
        refused = client.post(url, {"months": [str(ConductMonth.objects.get().pk)]})

    assert CANNOT in text(page)
    assert refused.status_code == 422
    assert "两人" in text(refused)


def test_conduct_confirm_shows_what_another_marked(adapting, staff, sign_in):
    made.conduct(adapting, staff, [date(2026, 12, 1)], confirmed=False, at=DEC_END)

    page = sign_in(own_officer(adapting, "zone_leader")).get(
        reverse("centers:conduct-confirm", args=[adapting.number])
    )

    assert "2026-12" in text(page)
    assert CANNOT not in text(page)


@contextmanager
def quicker(colleague_acts):
    """A colleague does something just before the request locks the cases that it is about."""
    acted = []

    def look(execute, sql, params, many, context):
        if not acted and "FOR UPDATE" in sql and "rehab_case" in sql:
            acted.append(sql)
            colleague_acts()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield acted


def test_conduct_list_says_why_a_sheet_was_refused(adapting, staff, sign_in):
    client = sign_in(own_officer(adapting, "zone_officer"))

    def confirm_another_mark():
        made.conduct(adapting, staff, [date(2026, 12, 1)], mark=60, at=DEC_END)

    with standing_at(DEC_END), quicker(confirm_another_mark) as acted:
        refused = client.post(
            reverse("centers:conduct-list"), {"act": "mark", adapting.number: "77"}
        )

    assert acted
    assert refused.status_code == 422
    assert "已经复核" in text(refused)
    assert 'value="77"' in text(refused)
    assert not ConductMonth.objects.filter(mark=77).exists()


# Whoever has left, or is away ----


def test_forms_of_somebody_who_is_away(case, staff, sign_in):
    leader = make.officer("facility_leader", case.facility)
    grant_medical_leave(case=case, approval="示批〔2026〕1号", by=leader, at=make.NOON)
    answers = {f"item_{number}": "1" for number in range(1, 10)}

    refused = sign_in(staff.counsellor).post(
        reverse("centers:screening-create", args=[case.number]), answers
    )

    assert refused.status_code == 422
    assert "不在所" in text(refused)


def test_forms_of_somebody_who_has_left(adapting, sign_in):
    officer = own_officer(adapting, "zone_officer")
    close_case(case=adapting, to=CaseStatus.RELEASED, at=DEC_END)
    client = sign_in(officer)

    with standing_at(DEC_END):
        social = client.post(
            reverse("centers:social-create", args=[adapting.number]),
            dict.fromkeys(SocialCriterion.values, "yes"),
        )
        conduct = client.post(
            reverse("centers:conduct-create", args=[adapting.number]), {"2026-12-01": "80"}
        )

    assert (social.status_code, conduct.status_code) == (422, 422)
    assert "不评月考核" in text(conduct)


# Social ----


def test_social_create(case, sign_in):
    officer = own_officer(case, "zone_officer")
    url = reverse("centers:social-create", args=[case.number])
    client = sign_in(officer)

    done = client.post(url, dict.fromkeys(SocialCriterion.values, "yes"))
    refused = client.post(url, {"agreement": "yes"})

    assert done.status_code == 302
    assert SocialForm.objects.get().result == "good"
    assert refused.status_code == 422
    assert "以往填写" in text(client.get(url))


# Assessment ----


def test_assessment_create(case, staff, rules, sign_in, django_assert_max_num_queries):
    made.detox_conclusion(case, staff, at=make.NOON)
    url = reverse("centers:assessment-create", args=[case.number])
    client = sign_in(staff.assessor)

    with django_assert_max_num_queries(12):
        page = client.get(url)
    with django_assert_max_num_queries(40):
        done = client.post(f"{url}?kind=detox", {"part_medical": "pass", "reasons": ""})

    assert "生理脱毒期评估" in text(page)
    assert done.status_code == 302
    assert Assessment.objects.get().status == AssessmentStatus.DRAFTED


def test_assessment_create_refused(case, staff, rules, sign_in):
    made.detox_conclusion(case, staff, at=make.NOON)

    refused = sign_in(staff.assessor).post(
        reverse("centers:assessment-create", args=[case.number]), {"part_medical": "fail"}
    )

    assert refused.status_code == 422
    assert "须写明理由" in text(refused)


def test_assessment_create_shows_what_is_missing(case, staff, rules, sign_in):
    page = sign_in(staff.assessor).get(
        reverse("centers:assessment-create", args=[case.number]), {"kind": "adaptation"}
    )

    for label in ("生理脱毒结论", "入所教育", "体能测试", "心理测评"):
        assert f"缺{label}" in text(page)
    assert CANNOT in text(page)


def test_assessment_create_of_no_kind(case, staff, sign_in):
    page = sign_in(staff.assessor).get(
        reverse("centers:assessment-create", args=[case.number]), {"kind": "weekly"}
    )

    assert page.status_code == 404


@pytest.fixture
def draft(case, staff, rules):
    made.detox_conclusion(case, staff, at=make.NOON)
    return made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)


def test_assessment_conclude(draft, staff, sign_in, django_assert_max_num_queries):
    url = reverse("centers:assessment-conclude", args=[draft.pk])
    client = sign_in(staff.second_assessor)

    with django_assert_max_num_queries(12):
        client.get(url)
    with django_assert_max_num_queries(40):
        done = client.post(url)
    late = client.post(url)

    assert done.url == reverse("centers:assessment-detail", args=[draft.pk])
    assert late.status_code == 422
    assert "已有结论" in text(late)


def test_assessment_conclude_by_a_committee_member(draft, facility, sign_in):
    member = make.officer("committee_member", facility)

    done = sign_in(member).post(reverse("centers:assessment-conclude", args=[draft.pk]))

    assert done.status_code == 302


def test_assessment_conclude_refuses_the_drafter(draft, staff, sign_in):
    url = reverse("centers:assessment-conclude", args=[draft.pk])
    client = sign_in(staff.assessor)

    assert "不能由本人结论" in text(client.get(url))
    assert client.post(url).status_code == 422


def test_assessment_pages_are_not_there_for_another_facility(draft, sign_in):
    stranger = make.officer("assessor", make.facility("T02"))

    for name in ("detail", "conclude", "return", "correct"):
        url = reverse(f"centers:assessment-{name}", args=[draft.pk])
        assert sign_in(stranger).get(url).status_code == 404


def test_assessment_return(draft, staff, sign_in):
    url = reverse("centers:assessment-return", args=[draft.pk])
    client = sign_in(staff.second_assessor)

    nothing = client.post(url, {"reason": ""})
    done = client.post(url, {"reason": "请补充说明"})
    late = client.post(url, {"reason": "再退"})

    assert (nothing.status_code, done.status_code, late.status_code) == (422, 302, 422)
    assert Assessment.objects.get().returned_for == "请补充说明"


def test_assessment_detail_and_correction(case, staff, rules, sign_in):
    standing = made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    client = sign_in(staff.assessor)
    url = reverse("centers:assessment-correct", args=[standing.pk])

    page = client.get(reverse("centers:assessment-detail", args=[standing.pk]))
    form = client.get(url)
    refused = client.post(url, {"part_medical": "fail", "reasons": "", "why": "登记有误"})
    done = client.post(url, {"part_medical": "fail", "reasons": "复查未达标", "why": "登记有误"})

    assert "异议" in text(page)
    assert "原结论 合格" in text(form)
    assert (refused.status_code, done.status_code) == (422, 302)
    draft = Assessment.objects.get(status=AssessmentStatus.DRAFTED)
    sign_in(staff.second_assessor).post(reverse("centers:assessment-conclude", args=[draft.pk]))
    assert "替代" in text(client.get(reverse("centers:assessment-detail", args=[standing.pk])))
    assert "替代" in text(client.get(reverse("centers:assessment-detail", args=[draft.pk])))


def test_assessment_list_by_state(case, facility, staff, rules, sign_in):
    made.detox_conclusion(case, staff, at=make.NOON)
    other = make.case(facility)
    client = sign_in(staff.second_assessor)
    url = reverse("centers:assessment-list")

    ready, lacking = (
        text(client.get(url, {"state": "ready"})),
        text(client.get(url, {"state": "lacking"})),
    )
    made.draft(case, staff, AssessmentKind.DETOX, at=make.NOON)
    drafted = text(client.get(url, {"state": "drafted"}))

    assert (case.number in ready, other.number in ready) == (True, False)
    assert (case.number in lacking, other.number in lacking) == (False, True)
    assert (case.number in drafted, ">结论</a>" in drafted) == (True, True)
    assert ">待他人结论</a>" in text(sign_in(staff.assessor).get(url))


def test_assessment_list_of_conclusions(case, staff, rules, sign_in, django_assert_max_num_queries):
    made.assessed(case, staff, AssessmentKind.DETOX, at=make.NOON)
    client = sign_in(staff.assessor)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("centers:assessment-list"), {"show": "concluded"})

    assert case.number in text(page)


def sheet_of(answer, **marks):
    """The sheet as it was opened, filled in."""
    opened = re.search(r'name="opened" value="([^"]+)"', text(answer))[1]
    return {"act": "mark", "opened": opened} | marks


def test_conduct_list_asks_when_a_colleague_was_faster(adapting, staff, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-list")
    number = adapting.number
    with standing_at(DEC_END):
        mine = sheet_of(sign_in(officer).get(url), **{number: "88"})
        made.conduct(adapting, staff, [date(2026, 12, 1)], mark=75, confirmed=False, at=DEC_END)

        asked = sign_in(officer).post(url, mine)
        kept = ConductMonth.objects.get().mark
        chosen = sheet_of(asked, **{number: "88", f"choice_{number}": "mine"})
        done = sign_in(officer).post(url, chosen)

    assert (asked.status_code, kept) == (409, 75)
    assert "同事改过" in text(asked)
    assert staff.zone_officer.display_name in text(asked)
    assert "您填的" in text(asked)
    assert done.status_code == 302
    assert ConductMonth.objects.get().mark == 88


def test_conduct_list_leaves_what_only_a_colleague_marked(adapting, facility, staff, sign_in):
    other = made.moved(make.case(facility), Stage.ADAPTATION, at=make.NOON)
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-list")
    with standing_at(DEC_END):
        mine = sheet_of(sign_in(officer).get(url), **{adapting.number: "88", other.number: ""})
        made.conduct(other, staff, [date(2026, 12, 1)], mark=75, confirmed=False, at=DEC_END)

        done = sign_in(officer).post(url, mine)
        page = text(sign_in(officer).get(url))

    assert done.status_code == 302
    assert ConductMonth.objects.get(case=other).mark == 75
    assert f"您打开后同事改过的内容予以保留：{other.person.name} （空） → 75" in page


def test_conduct_create_asks_when_a_colleague_was_faster(adapting, staff, sign_in):
    officer = own_officer(adapting, "zone_officer")
    url = reverse("centers:conduct-create", args=[adapting.number])
    with standing_at(DEC_END):
        mine = sheet_of(sign_in(officer).get(url), **{"2026-12-01": "88"})
        made.conduct(adapting, staff, [date(2026, 12, 1)], mark=75, confirmed=False, at=DEC_END)

        asked = sign_in(officer).post(url, mine)

    assert asked.status_code == 409
    assert ConductMonth.objects.get().mark == 75

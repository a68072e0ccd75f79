"""人员档案: one page per person, read by each as far as he may."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from aftercare.actions import sign_agreement
from aftercare.selectors import release_obstacles
from rehab import statutes
from rehab.actions import access, cases, placements
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Absence, AccessRecord, Case, Event
from rehab.refusal import Refused
from rehab.rules.days import start_of
from rehab.states import AbsenceKind, CaseStatus, Stage
from reporting import sayings
from reporting.selectors import casefile, terms, worklist
from tests.factories import aftercare as leaving
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as moving

pytestmark = pytest.mark.django_db

TODAY = make.NOON.date()


@pytest.fixture
def case(noon):
    return make.case(make.facility())


def page_of(case, user, **asked):
    client = Client()
    client.force_login(user)
    return client.get(reverse("reporting:case-detail", args=[case.number]), asked)


# Who may open it


@pytest.mark.parametrize(
    ("role", "status"),
    [
        pytest.param("intake_officer", 200, id="本所"),
        pytest.param("system_admin", 403, id="不涉案件"),
    ],
)
def test_case_detail(role, status, case):
    place = case.facility if status == 200 else case.facility.province

    assert page_of(case, make.officer(role, place)).status_code == status


def test_case_detail_elsewhere_is_not_found(case):
    other = make.facility("T02")

    assert page_of(case, make.officer("intake_officer", other)).status_code == 404
    unit = make.unit(case.facility, Stage.REENTRY)
    assert page_of(case, make.officer("zone_officer", unit)).status_code == 404


def test_case_detail_of_the_anonymous(case):
    answer = Client().get(reverse("reporting:case-detail", args=[case.number]))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_unknown_tab_is_the_first(case):
    answer = page_of(case, make.officer("intake_officer", case.facility), tab="\0")

    assert answer.status_code == 200
    assert answer.context["tabs"][0]["current"]


# What it says


def test_header_masks_the_number(noon):
    number = "990100199001010014"
    facility = make.facility()
    case = make.case(facility, person=make.person_facts(id_number=number))

    shown = page_of(case, make.officer("intake_officer", facility)).content.decode()

    assert number not in shown
    assert "9901**********0014" in shown


def test_bureau_reads_no_name_and_no_number(case):
    shown = page_of(
        case, make.officer("bureau_viewer", case.facility.province), tab="facts"
    ).content.decode()

    assert case.person.name not in shown
    assert 'class="masked"' not in shown
    assert "示*" in shown


def sign(case):
    agreement = case.agreements.get()
    worker = make.officer("aftercare_worker", agreement.station)
    sign_agreement(agreement=agreement, phone="", by=worker, at=make.NOON)
    return worker


def test_a_station_that_was_only_asked_reads_the_name_and_the_day(walked):
    agreement = walked.agreements.get()
    worker = make.officer("aftercare_worker", agreement.station)
    client = Client()
    client.force_login(worker)

    sent_on = client.get(walked.get_absolute_url())
    shown = client.get(sent_on.headers["Location"]).content.decode()
    everybody = client.get(reverse("reporting:case-list")).content.decode()
    found = client.post(reverse("reporting:search"), {"q": walked.person.name}).content.decode()
    board = worklist.figures(worker, at=make.NOON)

    assert sent_on.headers["Location"] == agreement.get_absolute_url()
    assert walked.person.name in shown
    assert "将于 2028-05-31 解除" in shown
    for kept in (walked.decision.authority, str(walked.unit), "男"):
        assert kept not in shown
    assert walked.number not in everybody + found
    assert board["custody"].count == 0


def test_a_station_reads_no_file_when_the_year_is_over(walked):
    worker = sign(walked)

    with standing_at(make.at(2027, 11, 21)):
        sent_on = page_of(walked, worker)
    with standing_at(make.at(2027, 11, 28)):
        gone = page_of(walked, worker)

    assert sent_on.headers["Location"] == walked.agreements.get().get_absolute_url()
    assert gone.status_code == 404


def test_station_reads_only_what_concerns_it(walked):
    worker = sign(walked)
    events.record(walked, Event.Kind.SCREENED, by=None, at=make.NOON)

    answer = page_of(walked, worker)

    assert [tab["label"] for tab in answer.context["tabs"]] == ["经过", "基本信息", "后续照管"]
    assert answer.context["centers"] == ()
    kinds = {line.kind for line in answer.context["lines"]}
    assert kinds == {"收治入所", "照管协议征询", "照管协议签订"}


def test_why_the_date(case):
    answer = page_of(case, make.officer("intake_officer", case.facility))

    shown = answer.content.decode()
    assert "为什么期满日是 2028-05-31？" in shown
    assert "第二十七条" in shown


def test_printed_end_that_differs_is_said(noon):
    facility = make.facility()
    decision = make.decision_facts(printed_ends_on=date(2028, 6, 1))
    case = make.case(facility, decision=decision)

    shown = page_of(case, make.officer("intake_officer", facility)).content.decode()

    assert "晚 1 日" in shown


@pytest.mark.parametrize(
    ("days", "words"),
    [
        pytest.param(1, None, id="前一日"),
        pytest.param(0, "今日应解除", id="当日"),
        pytest.param(-1, "超期在所", id="后一日"),
    ],
)
def test_release_status_is_said(days, words, noon):
    facility = make.facility()
    ends_on = TODAY + timedelta(days=days)
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=ends_on))

    answer = page_of(case, make.officer("intake_officer", facility))

    status = answer.context["explained"].status
    assert status.must_release is (words is not None)
    assert words is None or f"<b>{words}</b>" in answer.content.decode()


def test_escaped_has_no_end(case):
    case.status = CaseStatus.ESCAPED
    case.save()

    shown = page_of(case, make.officer("intake_officer", case.facility)).content.decode()

    assert "追回之前不能推算期满日" in shown


def test_tabs_show_their_rows(walked):
    leader = make.officer("facility_leader", walked.facility)

    zones = page_of(walked, leader, tab="zones")
    documents = page_of(walked, leader, tab="documents")
    agreements = page_of(walked, leader, tab="aftercare")

    assert [move.get_status_display() for move in zones.context["moves"]] == ["已接收"]
    assert [one.stage for one in zones.context["lain_in"]] == [Stage.ADAPTATION, Stage.DETOX]
    assert [one.title for one in documents.context["documents"]] == ["入所回执"]
    assert [one.get_status_display() for one in agreements.context["agreements"]] == ["征询中"]
    assert "示例服务站" in agreements.content.decode()


def test_documents_are_for_those_who_may_open_them(walked):
    trainer = make.officer("trainer", walked.facility)

    answer = page_of(walked, trainer, tab="documents")

    assert "文书" not in [tab["label"] for tab in answer.context["tabs"]]
    assert answer.context["tabs"][0]["current"]


def test_centers_say_done_and_due_and_nothing_else(walked):
    events.record(walked, Event.Kind.DRUG_TESTED, by=None, at=make.NOON, drug_test="x")
    clinician = make.officer("clinician", walked.facility)

    centers = page_of(walked, clinician, tab="centers").context["centers"]

    medical, education = centers[0], centers[1]
    assert [words for words, _ in medical.done] == ["毒品检测"]
    assert [page.label for page in medical.pages] == ["脱毒结论", "毒品检测"]
    assert (education.done, education.pages) == ((), ())


# Acts


def test_acts_are_those_of_the_post(walked):
    def labels(role, place):
        user = make.officer(role, place)
        return [act.label for act in page_of(walked, user).context["acts"]]

    assert labels("zone_officer", walked.unit) == [
        "入所事项", "转区", "调整床位", "分开管理", "外出探视", "转所", "告知本人", "期限意见", "照管协议",
        "解除",
    ]  # fmt: skip
    assert labels("facility_leader", walked.facility) == [
        "转区",
        "调整床位",
        "分开管理",
        "外出探视",
        "所外就医",
        "转所",
        "离所登记",
        "告知本人",
        "期限意见",
        "解除",
        "决定撤销",
        "死亡",
    ]
    assert labels("trainer", walked.facility) == ["转区"]


def test_act_that_is_too_early_says_from_when(walked):
    user = make.officer("zone_officer", walked.unit)

    page = page_of(walked, user)
    acts = {act.label: act.opens for act in page.context["acts"]}

    assert acts["转区"] == "12-20 起"  # a month of entry education
    assert acts["解除"] == "期满 2028-05-31"
    assert acts["照管协议"] == ""


def test_act_that_is_too_early_says_why_and_on_what_authority(walked):
    page = page_of(walked, make.officer("zone_officer", walked.unit))

    obstacles = {act.label: act.obstacles for act in page.context["acts"]}
    assert obstacles["解除"] == release_obstacles(walked, on=TODAY)
    assert [one.article for one in obstacles["解除"]] == [statutes.TWO_YEAR_TERM]
    assert [one.message for one in obstacles["转区"]] == ["转入下一区 2026-12-20 起可办"]
    assert obstacles["照管协议"] == ()
    said = page.content.decode()
    for label in ("解除", "转区"):
        assert f'aria-label="不能{label}的原因"' in said
    assert obstacles["解除"][0].message in said
    assert str(statutes.TWO_YEAR_TERM) in said


def test_release_is_open_on_the_last_day(noon):
    facility = make.facility()
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=TODAY))

    acts = page_of(case, make.officer("intake_officer", facility)).context["acts"]

    assert {act.label: act.opens for act in acts}["解除"] == ""


def test_every_clock_is_one_line(walked):
    dues = casefile.due(walked, make.officer("assessor", walked.facility), on=TODAY)

    lines = casefile.next_of_each(dues + dues)

    assert len(lines) == len({one.clock for one in dues})


# The bar of the term


def test_stays_follow_the_zones(walked):
    found = terms.stays(walked, terms.placements(walked))

    assert [(stay.label, stay.begins_on, stay.ends_on) for stay in found] == [
        ("公安机关执行", date(2026, 6, 1), date(2026, 11, 4)),
        ("生理脱毒", date(2026, 11, 5), date(2026, 11, 19)),
        ("教育适应", date(2026, 11, 20), None),
    ]


def test_stays_of_who_came_on_the_day_of_the_decision(noon):
    decision = make.decision_facts(decided_on=TODAY, printed_ends_on=date(2028, 11, 20))
    case = make.case(make.facility(), decision=decision)

    (stay,) = terms.stays(case, terms.placements(case))

    assert (stay.label, stay.begins_on) == ("生理脱毒", TODAY)


def test_stays_join_beds_of_one_zone_and_show_a_leave(case):
    unit = make.unit(case.facility, Stage.DETOX)
    leader = make.officer("facility_leader", case.facility)
    placements.place(case=case, bed=make.free_bed(unit), at=make.NOON + timedelta(days=2))
    left_at = make.NOON + timedelta(days=4)
    cases.grant_medical_leave(case=case, approval="示〔2026〕1号", by=leader, at=left_at)
    back = make.free_bed(unit)
    cases.end_medical_leave(case=case, bed=back, by=leader, at=make.NOON + timedelta(days=9))

    found = terms.stays(case, terms.placements(case))

    assert [(stay.label, stay.begins_on.day, stay.ends_on and stay.ends_on.day) for stay in found][
        1:
    ] == [("生理脱毒", 21, 25), ("不在区", 26, 29), ("生理脱毒", 30, None)]


def test_bar_shows_what_is_planned(walked):
    lain_in = terms.placements(walked)

    planned = terms.bar(walked, lain_in, date(2027, 1, 4), on=TODAY)
    unknown = terms.bar(walked, lain_in, None, on=TODAY)

    assert [part.label.text for part in planned.parts if part.label][-1] == "后续各区"
    assert "后续各区" not in [part.label.text for part in unknown.parts if part.label]


def test_bar_of_the_last_zone_but_one_shows_the_last(noon):
    facility = make.facility()
    moving.set_rules(facility.province)
    crew = moving.Crew(facility)
    case = moving.walked_to(moving.ready(facility), Stage.CONSOLIDATION, crew)
    case = Case.objects.select_related("decision").get(pk=case.pk)

    bar = terms.bar(case, terms.placements(case), date(2028, 4, 1), on=TODAY)

    assert [part.label.text for part in bar.parts if part.label][-1] == "回归指导"


def test_bar_of_a_move_that_is_overdue_plans_nothing(walked):
    lain_in = terms.placements(walked)

    bar = terms.bar(walked, lain_in, date(2026, 11, 20), on=TODAY)

    assert "后续各区" not in [part.label.text for part in bar.parts if part.label]


def test_bar_of_an_ended_case_says_when_it_ended(noon):
    decision = make.decision_facts(printed_ends_on=TODAY)
    case = make.case(make.facility(), decision=decision, entered_at=make.at(2026, 11, 1))
    leaving.release(case, at=make.NOON)
    case = Case.objects.select_related("decision").get(pk=case.pk)

    with standing_at(make.NOON + timedelta(days=30)):
        bar = terms.bar(case, terms.placements(case), None, on=TODAY + timedelta(days=30))

    assert "解除" in [mark.label.text for mark in bar.marks]
    assert "今日" not in [mark.label.text for mark in bar.marks]


@pytest.mark.parametrize(
    ("status", "count"),
    [(CaseStatus.ESCAPED, 1), (CaseStatus.REVOKED, 1), (CaseStatus.IN_FACILITY, 0)],
)
def test_why_no_last_day_can_be_told(status, count, case):
    case.status = status

    assert len(terms.explained(case, on=TODAY).obstacles) == count


def test_records_that_contradict_one_another_are_named_instead_of_a_working(case):
    ends_on = case.ends_on
    by = make.officer("intake_officer", case.facility)
    for day in (2, 40):  # the second time he ran was lawful only by days that no longer count
        gone = start_of(ends_on + timedelta(days=day))
        Absence.objects.create(
            case=case,
            kind=AbsenceKind.ESCAPE,
            left_at=gone,
            recorded_by=by,
            returned_at=gone + timedelta(days=1),
            received_by=by,
            confirmed_by=make.officer("facility_leader", case.facility),
            uncounted_days=1,
        )
    Case.objects.filter(pk=case.pk).update(
        ends_on=ends_on + timedelta(days=2), alarm_on=ends_on + timedelta(days=2)
    )
    case.refresh_from_db()

    explained = terms.explained(case, on=ends_on + timedelta(days=60))

    assert explained.steps == ()
    assert len(explained.obstacles) == 2
    assert f"晚于当时的期满日 {ends_on}" in explained.obstacles[0].message


# 经过


def lines_of(case, user):
    return {line.kind: line.text for line in sayings.said(casefile.happened(case, user), user)}


def test_sayings_of_a_move(walked):
    said = lines_of(walked, make.officer("facility_leader", walked.facility))

    assert said["接收转区"] == "生理脱毒区（生理脱毒大队） → 教育适应区（教育适应大队）"
    assert said["收治入所"] == "首次收治"


@pytest.mark.parametrize(
    ("kind", "facts", "words"),
    [
        (Event.Kind.COMPLETED, {"duty": "family_notice"}, "书面通知家属"),
        (Event.Kind.LEAVE_GRANTED, {"words": {"approval": "示〔1〕"}}, "批准文号 示〔1〕"),
        (Event.Kind.LEAVE_GRANTED, {"approval": "A-1"}, "批准文号 A-1"),  # as it once was written
        (Event.Kind.DETOX_CONCLUDED, {}, "已作出结论（内容封存）"),
        (Event.Kind.DRUG_TESTED, {}, "已检测（结果封存）"),
        (Event.Kind.ENTRY_EDUCATION_RECORDED, {"result": "pass"}, "合格"),
        (Event.Kind.SCREENED, {}, "已测评（结果封存，仅心理矫治中心可见）"),
        (Event.Kind.FITNESS_TESTED, {"result": "pass"}, "已测试"),
        (Event.Kind.CONDUCT_CONFIRMED, {"month": "2026-10"}, "2026-10 月考核"),
        (Event.Kind.SOCIAL_RECORDED, {"result": "good"}, "良好"),
        (Event.Kind.ASSESSMENT_DRAFTED, {"assessed": "one_year"}, "满一年综合诊断评估"),
        (Event.Kind.ASSESSMENT_RETURNED, {"assessed": "detox"}, "生理脱毒期评估"),
        (Event.Kind.PERSON_TOLD, {}, "期限、考核、评估和异议、救济途径"),
        (
            Event.Kind.END_INQUIRED,
            {"ends_on": "2028-06-05", "alarm_on": "2028-05-31"},
            "载明 2028-06-05，推算 2028-05-31",
        ),
        (Event.Kind.RELEASE_NOTIFIED, {"release_on": "2028-05-31"}, "2028-05-31 解除"),
        (Event.Kind.GATE_MARK_MISSING, {}, "出所核验缺项，已告知所领导"),
        (Event.Kind.AGREEMENT_RENEWED, {"applied_on": "2028-05-01"}, "本人 2028-05-01 申请"),
        (Event.Kind.CONTACTED, {"reached": True}, "联系上"),
        (Event.Kind.CONTACTED, {"reached": False}, "未联系上"),
        (Event.Kind.IDENTITY_VIEWED, {"field": "relatives"}, "查看亲属（已留痕）"),
        (Event.Kind.ADMITTED, {"returning": True}, "再次收治"),
        (Event.Kind.ADMITTED, {"returning": True, "stay": 3}, "第 3 次收治"),
        (Event.Kind.WENT_OUT, {"reason": "court"}, "出庭"),
        (Event.Kind.CAME_BACK, {"reason": "court"}, "出庭返回"),
        (Event.Kind.ESCAPED, {"reason": "escape"}, "已通知公安机关"),
        (Event.Kind.RECAPTURED, {"uncounted": 2}, "脱逃 2 日不计入期限"),
        (Event.Kind.RECAPTURED, {"uncounted": 0}, "期满日不变"),
        (Event.Kind.RELEASED, {}, ""),
    ],
)
def test_sayings(kind, facts, words, case):
    events.record(case, kind, by=None, at=make.NOON, **facts)

    (line,) = sayings.said(list(case.events.all()), make.officer("assessor", case.facility))

    assert (line.text, line.by) == (words, "系统")


@pytest.mark.parametrize(
    ("role", "mark", "result"),
    [
        ("assessor", "2026-10 月考核 88 分", "生理脱毒期评估：合格"),
        ("intake_officer", "2026-10 月考核", "生理脱毒期评估"),
    ],
)
def test_marks_and_results_are_for_those_who_may_open_them(role, mark, result, case):
    events.record(case, Event.Kind.CONDUCT_MARKED, by=None, at=make.NOON, month="2026-10", mark=88)
    events.record(
        case, Event.Kind.ASSESSMENT_CONCLUDED, by=None, at=make.NOON, assessed="detox",
        result="pass",
    )  # fmt: skip

    said = lines_of(case, make.officer(role, case.facility))

    assert said["行为表现月考核"] == mark
    assert said["诊断评估结论"] == result


# What is sealed


def address(case, field=None):
    url = reverse("reporting:access-create", args=[case.number])
    return f"{url}?field={field}" if field else url


@pytest.fixture
def known(noon):
    """Somebody of whom everything is on file."""
    person = make.person_facts(
        id_number="990100199001010014",
        household="示例省示例县",
        address="示例街道",
        relatives=({"name": "示例亲属", "relation": "母亲", "phone": "000"},),
    )
    return make.case(make.facility(), person=person)


@pytest.mark.parametrize(
    ("field", "shown"),
    [
        ("identity", "990100199001010014"),
        ("decision", "强戒决字"),
        ("address", "示例省示例县"),
        ("relatives", "示例亲属 000"),
    ],
)
def test_access_create(field, shown, known, signed_in):
    officer = make.officer("intake_officer", known.facility)

    answer = signed_in(officer).post(address(known), {"field": field, "purpose": "核对身份"})

    assert answer.status_code == 200
    assert shown in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    record = AccessRecord.objects.get()
    assert (record.user, record.case, record.field, record.purpose) == (
        officer, known, field, "核对身份",
    )  # fmt: skip
    event = known.events.get(kind=Event.Kind.IDENTITY_VIEWED)
    assert (event.facts, event.by) == ({"field": field}, officer)


def test_access_is_shown_once(known, signed_in):
    client = signed_in(make.officer("intake_officer", known.facility))
    client.post(address(known), {"field": "identity", "purpose": "就医"})

    again = client.get(address(known, "identity")).content.decode()

    assert "990100199001010014" not in again


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"field": "identity"}, "“用途”还没有选"),
        ({"field": "nothing", "purpose": "就医"}, "“内容”不在可选范围内"),
        ({"field": "identity", "purpose": "其他"}, "“说明”不能为空"),
        ({"field": "identity", "purpose": "就医", "detail": "长" * 81}, "“说明”最多 80 个字"),
    ],
)
def test_access_create_refused(data, sentence, known, signed_in):
    answer = signed_in(make.officer("intake_officer", known.facility)).post(address(known), data)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not AccessRecord.objects.exists()


def test_access_with_words_of_its_own(known, signed_in):
    signed_in(make.officer("intake_officer", known.facility)).post(
        address(known), {"field": "identity", "purpose": "其他", "detail": "示例用途"}
    )

    assert AccessRecord.objects.get().purpose == "其他：示例用途"


def test_access_to_what_is_not_on_file(case, signed_in):
    answer = signed_in(make.officer("intake_officer", case.facility)).post(
        address(case), {"field": "relatives", "purpose": "联系家属"}
    )

    assert answer.status_code == 422
    assert "档案中没有登记亲属" in answer.content.decode()
    assert not AccessRecord.objects.exists()


def test_access_leaves_both_traces_or_none(known, monkeypatch):
    def fail(*args, **kwargs):
        raise Refused([])

    monkeypatch.setattr(access.events, "record", fail)

    with pytest.raises(Refused):
        access.open_sealed(
            case=known, field="identity", purpose="就医", by=make.officer("intake_officer", known.facility),
            at=make.NOON, really_at=make.NOON,
        )  # fmt: skip

    assert not AccessRecord.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"), [("trainer", 403), ("bureau_viewer", 403), ("zone_leader", 200)]
)
def test_access_is_for_those_who_may(role, status, known, signed_in):
    place = {
        "trainer": known.facility,
        "bureau_viewer": known.facility.province,
        "zone_leader": make.unit(known.facility, Stage.DETOX),
    }[role]

    assert signed_in(make.officer(role, place)).get(address(known)).status_code == status


def test_access_elsewhere_is_not_found(known, signed_in):
    client = signed_in(make.officer("intake_officer", make.facility("T02")))

    answer = client.post(address(known), {"field": "identity", "purpose": "就医"})

    assert answer.status_code == 404
    assert not AccessRecord.objects.exists()


# 第几次, and what he was told


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"returning": True, "stay": 3}, "第 3 次强制隔离戒毒"),
        ({"returning": True}, "再次强制隔离戒毒"),  # as it once was written
        ({"returning": False, "stay": 1}, ""),
    ],
    ids=["有次数", "旧记录", "首次"],
)
def test_which_stay_it_is(facts, words, case):
    events.record(case, Event.Kind.ADMITTED, by=None, at=make.NOON, **facts)

    assert (
        casefile.stay_words(casefile.happened(case, make.officer("educator", case.facility)))
        == words
    )


def test_facts_say_what_he_was_told_and_who_knows(noon):
    case = door.case(make.facility())
    page = page_of(case, make.officer("educator", case.facility), tab="facts").content.decode()

    assert "权利义务告知" in page
    assert page.count("尚未办理，应于") == 2

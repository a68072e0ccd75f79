"""变更: from what to what, who and why, read by each as far as he may; and the page that corrects."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.actions import cases, persons
from rehab.ledgers import events
from rehab.ledgers.changes import Change
from rehab.models import Event, Person
from rehab.states import Sex
from reporting import alterations, sayings
from reporting.alterations import KEPT, NOTHING
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

K = Event.Kind
LATER = make.NOON + timedelta(days=1)
NUMBER = "990100199001010012"
URL = "reporting:correction-create"


@pytest.fixture
def case(noon):
    return make.case(make.facility())


@pytest.fixture
def officer(case):
    return make.officer("intake_officer", case.facility)


def correct(case, officer, **corrected):
    return persons.correct_particulars(
        case=case, corrected=corrected, reason="核对户口簿", bed=None, by=officer, at=LATER
    )


def shown(case, user):
    """Of each field that was changed: what it was and is, as this user reads it."""
    newest_first = list(case.events.order_by("-happened_at", "-recorded_at"))
    found = alterations.altered(newest_first, user)
    return {line.label: (line.was, line.now) for one in found for line in one.lines}


def test_altered(case, officer):
    was = case.person.name
    correct(
        case, officer, name="示例新名", id_number=NUMBER, household="示例省", precautions="防自伤"
    )

    (one,) = alterations.altered(list(case.events.filter(kind=K.CORRECTED)), officer)

    assert (one.at, one.kind, one.by, one.why) == (
        LATER, "更正信息", officer.display_name, "核对户口簿",
    )  # fmt: skip
    assert {line.label: (line.was, line.now) for line in one.lines} == {
        "姓名": (was, "示例新名"),
        "公民身份号码": (NOTHING, "9901**********0012"),
        "户籍所在地": (NOTHING, KEPT),
        "注意事项": (NOTHING, "防自伤"),
    }


def test_bureau_reads_that_a_name_was_changed_and_not_which(case, officer):
    correct(case, officer, name="示例新名", id_number=NUMBER)
    viewer = make.officer("bureau_viewer", case.facility.province)

    (one,) = alterations.altered(list(case.events.filter(kind=K.CORRECTED)), viewer)

    assert one.why == KEPT
    name, number = one.lines
    assert (name.was[1:], name.now) == ("*" * (len(case.person.name) - 1), "示***")
    assert (number.was, number.now) == (NOTHING, KEPT)


def test_sex_status_and_places_stand_in_words(case, officer):
    leader = make.officer("facility_leader", case.facility)
    here = case.placements.get().bed
    cases.grant_medical_leave(case=case, approval="示批 1 号", by=leader, at=LATER)
    correct(case, officer, sex=Sex.FEMALE)

    told = alterations.altered(list(case.events.order_by("recorded_at")), officer)
    found = shown(case, officer)

    assert found["状态"] == ("在所", "所外就医")
    assert found["床位"] == (str(here), NOTHING)
    assert found["性别"] == ("男", "女")
    assert told[0].why == "批准文号 示批 1 号"


@pytest.mark.parametrize(
    ("role", "opens"),
    [pytest.param("assessor", True, id="可见"), pytest.param("intake_officer", False, id="不可见")],
)
def test_marks_and_results_are_read_by_those_who_may_open_them(role, opens, case):
    by = make.officer("assessor", case.facility)
    for kind, change, more in (
        (K.CONDUCT_MARKED, Change("mark", "80", "90"), {"month": "2026-10", "mark": 90}),
        (K.ASSESSMENT_CONCLUDED, Change("result", "fail", "pass"), {}),
    ):
        events.record(case, kind, by=by, at=LATER, changes=[change], **more)

    user = make.officer(role, case.facility)
    told = alterations.altered(list(case.events.all()), user)

    assert [one.lines[0].was for one in told] == (["80", "不合格"] if opens else [])
    assert [one.why for one in told] == (["2026-10 月考核", ""] if opens else [])


@pytest.mark.parametrize(
    ("role", "reads"),
    [("clinician", True), ("zone_officer", True), ("educator", False), ("counsellor", False)],
)
def test_why_somebody_is_isolated_is_read_by_those_who_look_after_it(role, reads, case):
    place = case.unit if role == "zone_officer" else case.facility
    events.record(
        case, K.PLACED, by=None, at=LATER, words={"why": "开放性肺结核，医师意见"},
        changes=[Change("bed", None, str(case.pk))], ground="isolate",
    )  # fmt: skip

    (one,) = alterations.altered(list(case.events.filter(kind=K.PLACED)), make.officer(role, place))

    assert one.why == ("开放性肺结核，医师意见" if reads else KEPT)


def test_events_of_before_are_understood(case):
    """They kept no changes; what they meant is known by their kind."""
    unit = str(case.unit_id)
    events.record(case, K.LEAVE_GRANTED, by=None, at=LATER, time_known=False)
    events.record(
        case, K.ZONE_MOVE_RECEIVED, by=None, at=LATER, batch="LZ2026-1121-01",
        from_unit=unit, to_unit=unit,
    )  # fmt: skip

    left, moved = alterations.altered(
        list(case.events.order_by("recorded_at")), make.officer("intake_officer", case.facility)
    )

    assert [(one.was, one.now) for one in left.lines] == [("在所", "所外就医")]
    assert (left.by, left.time_unknown) == ("系统", True)
    assert [(one.label, one.now) for one in moved.lines] == [("大队", str(case.unit))]
    assert moved.why == "批次 LZ2026-1121-01"


def test_place_out_of_sight_is_kept(case):
    gone = "00000000-0000-7000-8000-000000000000"
    events.record(
        case, K.AGREEMENT_OFFERED, by=None, at=LATER, changes=[Change("station", None, gone)]
    )

    assert shown(case, make.officer("intake_officer", case.facility)) == {"照管站": (NOTHING, KEPT)}


def test_station_is_named(walked):
    agreement = walked.agreements.select_related("station").get()

    user = make.officer("intake_officer", walked.facility)

    assert shown(walked, user)["照管站"] == (NOTHING, str(agreement.station))
    (received,) = alterations.altered(list(walked.events.filter(kind=K.ZONE_MOVE_RECEIVED)), user)
    assert [line.label for line in received.lines] == ["大队", "床位"]
    assert received.lines[0].now == "教育适应大队"


def test_timeline_names_what_was_corrected(case, officer):
    correct(case, officer, name="示例新名", ethnicity="回族")

    (line,) = sayings.said(list(case.events.filter(kind=K.CORRECTED)), officer)

    assert line.text == "更正姓名、民族"


# The pages


def test_changes_tab(case, officer, signed_in):
    correct(case, officer, household="示例省示例市")
    url = case.get_absolute_url()

    shown = signed_in(officer).get(url, {"tab": "changes"}).content.decode()

    assert "核对户口簿" in shown
    assert "示例省示例市" not in shown
    assert reverse(URL, args=[case.number]) in shown
    assert f"{reverse('reporting:access-create', args=[case.number])}?field=changes" in shown


def test_changes_tab_of_who_may_not_correct(case, signed_in):
    trainer = make.officer("trainer", case.facility)

    shown = signed_in(trainer).get(case.get_absolute_url(), {"tab": "changes"}).content.decode()

    assert reverse(URL, args=[case.number]) not in shown
    assert "没有变更" in shown


def test_station_has_no_such_tab(walked, signed_in):
    worker = make.officer("aftercare_worker", walked.agreements.get().station)

    answer = signed_in(worker).get(walked.get_absolute_url(), {"tab": "changes"})

    assert answer.status_code == 302


def sheet(case, **changed):
    person = case.person
    return {
        "name": person.name, "sex": person.sex, "birth_date": person.birth_date.isoformat(),
        "ethnicity": person.ethnicity, "education": person.education, "precautions": "",
        "reason": "核对户口簿",
    } | changed  # fmt: skip


def test_correction_create(case, officer, signed_in):
    client, url = signed_in(officer), reverse(URL, args=[case.number])

    page = client.get(url).content.decode()
    answer = client.post(url, sheet(case, name=" 示例 新名", id_number=NUMBER, household="示例省"))

    person = Person.objects.get(pk=case.person_id)
    assert case.person.name in page
    assert (answer.status_code, answer["Location"]) == (
        302, f"{case.get_absolute_url()}?tab=changes",
    )  # fmt: skip
    assert (person.name, person.id_number, person.household) == ("示例新名", NUMBER, "示例省")


def test_correction_create_shows_nothing_sealed(noon, signed_in):
    facts = make.person_facts(id_number=NUMBER, household="示例省示例市", address="示例街道")
    case = make.case(make.facility(), person=facts)
    officer = make.officer("intake_officer", case.facility)

    page = signed_in(officer).get(reverse(URL, args=[case.number])).content.decode()

    assert not {one for one in (NUMBER, "示例省示例市", "示例街道") if one in page}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        pytest.param({}, "没有改动", id="无改动"),
        pytest.param({"reason": ""}, "“更正理由”不能为空", id="无理由"),
        pytest.param({"id_number": "1"}, "应为 18 位", id="号码"),
        pytest.param({"id_number": NUMBER, "no_number": "on"}, "请二选一", id="二选一"),
        pytest.param({"relative_phone": "000-1"}, "请同时填写亲属姓名", id="亲属无姓名"),
        pytest.param({"relative_name": "示例甲", "no_relative": "on"}, "请二选一", id="有无亲属"),
        pytest.param({"no_relative": "on"}, "没有改动", id="本无亲属"),
        pytest.param({"sex": "2"}, "请选“改住床位”", id="床位"),
    ],
)
def test_correction_create_refused(changed, said, case, officer, signed_in):
    answer = signed_in(officer).post(reverse(URL, args=[case.number]), sheet(case, **changed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not case.events.filter(kind=K.CORRECTED).exists()


def test_correction_create_takes_a_wrong_number_away_and_another_bed(noon, signed_in):
    case = make.case(make.facility(), person=make.person_facts(id_number=NUMBER))
    officer = make.officer("intake_officer", case.facility)
    bed = make.free_bed(case.unit, sex=Sex.FEMALE)

    answer = signed_in(officer).post(
        reverse(URL, args=[case.number]), sheet(case, no_number="on", sex="2", bed=str(bed.pk))
    )

    person = Person.objects.get(pk=case.person_id)
    assert answer.status_code == 302
    assert (person.id_number, person.sex) == (None, Sex.FEMALE)
    assert case.placements.get(period__endswith__isnull=True).bed == bed


def test_correction_create_names_another_relative_and_none(case, officer, signed_in):
    client, url = signed_in(officer), reverse(URL, args=[case.number])
    kin = {"relative_name": "示例甲", "relative_relation": "配偶", "relative_phone": "000-1"}

    client.post(url, sheet(case, **kin))
    named = Person.objects.get(pk=case.person_id).relatives
    client.post(url, sheet(case, household="示例省"))
    left = Person.objects.get(pk=case.person_id).relatives
    client.post(url, sheet(case, no_relative="on"))

    assert named == left == [{"name": "示例甲", "relation": "配偶", "phone": "000-1"}]
    assert Person.objects.get(pk=case.person_id).relatives is None
    assert shown(case, officer)["亲属"] == (KEPT, NOTHING)


def test_what_a_colleague_corrected_meanwhile_stays(case, officer, signed_in):
    client, url = signed_in(officer), reverse(URL, args=[case.number])
    opened = client.get(url).context["form"]
    correct(case, officer, education="大专")

    answer = client.post(
        url, sheet(case, ethnicity="回族") | {opened.opened_name: opened.opened}, follow=True
    )

    person = Person.objects.get(pk=case.person_id)
    assert (person.education, person.ethnicity) == ("大专", "回族")
    assert "您打开后同事改过的内容予以保留" in answer.content.decode()


def test_correction_create_elsewhere_is_not_found(case, signed_in):
    other = make.officer("intake_officer", make.facility("T02"))

    assert signed_in(other).get(reverse(URL, args=[case.number])).status_code == 404

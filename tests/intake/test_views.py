from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from intake import actions, reading, sheets
from intake.models import Arrival, CompletionItem, Roster
from intake.states import ArrivalStatus
from rehab import scope, statutes
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.models import Case, Document
from rehab.rules.identity import check_digit
from rehab.states import CaseStatus, Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.harness.forms import drafts_of, key_on

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
A_MANS_NUMBER = "99999919900101001" + check_digit("99999919900101001")


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def typed(arrival, by, **changed) -> dict:
    """The admission form as an officer fills it, all in order."""
    papers = door.arrivals.papers_of(arrival).as_json()
    second = make.officer("intake_officer", arrival.facility, sex=Sex(arrival.sex))
    bed = make.free_bed(make.unit(arrival.facility, Stage.DETOX), sex=Sex(arrival.sex))
    checks = dict.fromkeys(("has_decision", "is_the_person", "health_checked"), "on")
    return {
        **papers, **checks, "searched_by": by.pk, "searched_with": second.pk, "bed": bed.pk,
    } | changed  # fmt: skip


def test_arrival_list(desk, facility):
    arrival = door.arrival(facility)

    page = desk.get(reverse("intake:arrival-list"))

    assert page.status_code == 200
    assert arrival.name in page.content.decode()
    assert reverse("intake:arrival-admit", args=[arrival.pk]) in page.content.decode()


def test_arrival_admit(desk, facility, officer):
    arrival = door.arrival(facility)

    page = desk.get(reverse("intake:arrival-admit", args=[arrival.pk]))
    answer = desk.post(reverse("intake:arrival-admit", args=[arrival.pk]), typed(arrival, officer))

    assert page.status_code == 200
    case = Case.objects.get()
    assert answer.url == reverse("intake:completion-record", args=[case.number])
    assert desk.get(answer.url).status_code == 200


def test_arrival_admit_as_neither_man_nor_woman(desk, facility, officer):
    """No page sends it; beds are offered all the same, and nobody is let in."""
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-admit", args=[arrival.pk])

    answer = desk.post(url, typed(arrival, officer, sex="\x00"))

    assert answer.status_code == 422
    assert "性别" in answer.content.decode()
    assert not Case.objects.exists()


def test_arrival_admit_with_too_long_precautions(desk, facility, officer):
    """What cannot be read of the checks is said by its field; the rest is judged."""
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-admit", args=[arrival.pk])

    answer = desk.post(url, typed(arrival, officer, precautions="长" * 3000))

    assert answer.status_code == 422
    assert "长" * 3000 in answer.content.decode()
    assert not Case.objects.exists()


def test_arrival_detail(desk, facility):
    arrival = door.arrival(facility)

    page = desk.get(arrival.get_absolute_url())

    assert page.status_code == 200
    assert door.arrivals.papers_of(arrival).decision_number in page.content.decode()


def test_arrival_create(desk):
    url = reverse("intake:arrival-create")

    page = desk.get(url)
    answer = desk.post(url, {"name": "不详", "sex": "2"})

    assert page.status_code == 200
    arrival = Arrival.objects.get()
    assert answer.url == reverse("intake:arrival-admit", args=[arrival.pk])
    assert desk.get(answer.url).status_code == 200


def test_arrival_defer(desk, facility):
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-defer", args=[arrival.pk])

    page = desk.get(url)
    answer = desk.post(url, {"reason": "决定书原件未到"})

    arrival.refresh_from_db()
    assert page.status_code == 200
    assert answer.status_code == 302
    assert arrival.status == ArrivalStatus.DEFERRED
    assert "决定书原件未到" in desk.get(arrival.get_absolute_url()).content.decode()


def test_arrival_refuse(desk, facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)
    url = reverse("intake:arrival-refuse", args=[arrival.pk])

    page = desk.get(url)
    answer = desk.post(url, {"grounds": ["pregnant"], "explanation": ""})

    arrival.refresh_from_db()
    assert page.status_code == 200
    assert answer.url == arrival.get_absolute_url()
    assert arrival.status == ArrivalStatus.REFUSED
    assert Document.objects.get().title in desk.get(answer.url).content.decode()


@pytest.mark.parametrize(
    ("act", "sent", "button"),
    [
        ("refuse", {"grounds": ["no_decision"], "explanation": ""}, "打印不予接收通知书"),
        ("defer", {"reason": "决定书原件未到"}, "打印暂不接收通知书"),
    ],
)
def test_the_paper_for_the_police_prints_at_once(desk, facility, act, sent, button):
    arrival = door.arrival(facility)

    done = desk.post(reverse(f"intake:arrival-{act}", args=[arrival.pk]), sent)
    page = desk.get(done.url).content.decode()
    paper = desk.post(reverse("document-print", args=[Document.objects.get().pk]))

    assert f"{button}</button>" in page
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")


def test_who_only_looks_prints_no_refusal(client, desk, facility):
    arrival = door.arrival(facility)
    sent = {"grounds": ["no_decision"], "explanation": ""}
    desk.post(reverse("intake:arrival-refuse", args=[arrival.pk]), sent)
    client.force_login(make.officer("facility_leader", facility))

    assert (
        "打印不予接收通知书</button>" not in client.get(arrival.get_absolute_url()).content.decode()
    )


def test_a_man_is_not_asked_about_pregnancy(desk, facility):
    arrival = door.arrival(facility, sex=Sex.MALE.value)
    url = reverse("intake:arrival-refuse", args=[arrival.pk])

    page = desk.get(url).content.decode()
    answer = desk.post(url, {"grounds": ["pregnant"], "explanation": ""})

    arrival.refresh_from_db()
    assert "没有县级以上公安机关" in page
    assert "怀孕" not in page
    assert answer.status_code == 422
    assert arrival.is_undecided


@pytest.mark.parametrize(
    ("health", "chosen"), [("怀孕 12 周", "pregnant"), ("哺乳期，婴儿 3 个月", "nursing")]
)
def test_who_can_only_be_refused_has_no_other_button(desk, facility, health, chosen):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value, health=health)
    Arrival.objects.filter(pk=arrival.pk).update(only_refusable=True)
    urls = [reverse(f"intake:arrival-{act}", args=[arrival.pk]) for act in ("admit", "defer")]

    forms = [desk.get(url).content.decode() for url in urls]
    detail = desk.get(arrival.get_absolute_url()).content.decode()
    refusal = desk.get(reverse("intake:arrival-refuse", args=[arrival.pk]))

    for page, label in zip(forms, ("同意接收", "暂不接收"), strict=True):
        button, reason = page.split(f"disabled>{label}</button>")
        assert button.endswith('<button type="submit" class="btn-x" ')
        assert "只能不予接收" in reason
        assert str(statutes.NOT_APPLICABLE) in reason
    assert not any(url in detail for url in urls)
    assert "disabled" in detail
    assert str(statutes.NOT_APPLICABLE) in detail
    assert refusal.context["form"].initial == {"grounds": [chosen]}
    assert "disabled>" not in refusal.content.decode()


def test_roster_create_and_commit(desk, clean_roster):
    url = reverse("intake:roster-create")

    page = desk.get(url)
    file = SimpleUploadedFile("名册.xlsx", clean_roster)
    answer = desk.post(url, {"file": file, "as_of": "2026-11-21"})
    dry_run = desk.get(answer.url)
    roster = Roster.objects.get()
    done = desk.post(
        reverse("intake:roster-commit", args=[roster.pk]), {"answer_other_facility": "送错，已核实"}
    )

    assert page.status_code == dry_run.status_code == 200
    assert done.url == answer.url
    receipt = desk.get(done.url)
    roster.refresh_from_db()
    assert roster.receipt in receipt.content.decode()
    assert Arrival.objects.count() == roster.arrivals_made == 60
    assert desk.get(reverse("intake:roster-list")).status_code == 200


def test_completion_record(desk, facility):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])

    answer = desk.post(
        url,
        {
            "duty": "entry_register",
            "entry_register-done_at": "2026-11-21 12:00",
            "entry_register-note": "",
        },
    )

    assert answer.url == url
    assert CompletionItem.objects.get().duty == "entry_register"


# What is outside


def act_urls(arrival):
    return [
        reverse(f"intake:arrival-{act}", args=[arrival.pk])
        for act in ("detail", "admit", "defer", "refuse")
    ]


def test_arrivals_of_another_facility_are_not_found(desk):
    elsewhere = door.arrival(make.facility("T02"))

    assert {desk.get(url).status_code for url in act_urls(elsewhere)} == {404}
    assert elsewhere.name not in desk.get(reverse("intake:arrival-list")).content.decode()


def test_rosters_of_another_facility_are_not_found(desk, clean_roster):
    other = door.roster(make.facility("T02"), clean_roster, as_of=date(2026, 11, 21))
    urls = [
        reverse(f"intake:roster-{act}", args=[other.pk])
        for act in ("detail", "commit", "corrections")
    ]

    assert {desk.get(url).status_code for url in urls} == {404}


def test_cases_of_another_facility_are_not_found(desk):
    case = door.case(make.facility("T02"))

    assert desk.get(reverse("intake:completion-record", args=[case.number])).status_code == 404


@pytest.mark.parametrize(
    ("role", "seen"),
    [("facility_leader", 200), ("clinician", 200), ("assessor", 403), ("system_admin", 403)],
)
def test_who_sees_the_list(client, facility, role, seen):
    place = facility.province if role == "system_admin" else facility
    client.force_login(make.officer(role, place))

    assert client.get(reverse("intake:arrival-list")).status_code == seen


def test_who_only_looks_does_not_decide(client, facility):
    arrival = door.arrival(facility)
    client.force_login(make.officer("facility_leader", facility))

    page = client.get(arrival.get_absolute_url()).content.decode()
    answers = {client.get(url).status_code for url in act_urls(arrival)[1:]}

    assert answers == {403}
    assert "收治登记" not in page
    assert "健康状况" not in page


def test_the_bureau_sees_rosters_of_its_province_only(client, facility, clean_roster):
    ours = door.roster(facility, clean_roster, as_of=date(2026, 11, 21))
    far = make.facility("T09", province=make.bureau("另一省戒毒管理局"))
    theirs = door.roster(far, clean_roster, as_of=date(2026, 11, 21))
    viewer = make.officer("bureau_viewer", facility.province)
    client.force_login(viewer)

    assert list(Roster.objects.visible_to(viewer)) == [ours]
    for roster in (ours, theirs):  # its page shows names, which a bureau need not know
        assert client.get(roster.get_absolute_url()).status_code == 403


@pytest.mark.parametrize(
    ("role", "seen"),
    [("intake_officer", 1), ("bureau_viewer", 2), ("ministry_viewer", 3), ("zone_officer", 0)],
)
def test_arrivals_visible_to(facility, role, seen):
    far = make.facility("T09", province=make.bureau("另一省戒毒管理局"))
    for one in (facility, make.facility("T02"), far):
        door.arrival(one)
    place = {
        "intake_officer": facility,
        "bureau_viewer": facility.province,
        "ministry_viewer": facility.province.parent,
        "zone_officer": make.unit(facility, Stage.DETOX),
    }[role]
    user = make.officer(role, place)

    assert Arrival.objects.visible_to(user).count() == seen
    user.is_active = False
    assert not Arrival.objects.visible_to(user).exists()


# Filters


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"待", "暂"}),
        ("status=expected", {"待"}),
        ("status=deferred", {"暂"}),
        ("status=refused", {"拒"}),
        ("status=nonsense", {"待", "暂"}),
        ("sex=2", {"暂"}),
        ("source=desk", {"待", "暂"}),
        ("source=roster", set()),
    ],
)
def test_arrival_list_filters(desk, facility, officer, query, shown):
    men = [door.arrival(facility, by=officer, name=f"示例{mark}") for mark in ("待", "拒")]
    woman = door.arrival(facility, by=officer, name="示例暂", sex=Sex.FEMALE.value)
    actions.defer_arrival(arrival=woman, reason="缺", by=officer, at=make.NOON)
    actions.refuse_arrival(
        arrival=men[1], grounds=["no_decision"], explanation="", by=officer, at=make.NOON
    )

    page = desk.get(f"{reverse('intake:arrival-list')}?{query}").content.decode()

    assert {mark for mark in "待暂拒" if f"<b>示例{mark}</b>" in page} == shown


def test_decided_arrivals_lead_to_the_case(desk, facility):
    case = door.case(facility)

    page = desk.get(reverse("intake:arrival-list") + "?status=admitted").content.decode()

    assert case.get_absolute_url() in page


def test_an_admitted_arrival_has_no_form_any_more(desk, facility):
    arrival = door.arrival(facility)
    door.admit(arrival)

    answer = desk.get(reverse("intake:arrival-admit", args=[arrival.pk]))

    assert answer.url == arrival.get_absolute_url()
    assert "入所回执" in desk.get(answer.url).content.decode()


# Refused: 422, one sentence, nothing typed is lost


def test_arrival_admit_refused_asks_and_keeps_what_was_typed(desk, facility, officer):
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-admit", args=[arrival.pk])
    sent = typed(arrival, officer, precautions="用药须按时", health_checked="")

    answer = desk.post(url, sent, headers=HTMX)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "请答复提示“尚未进行入所健康检查" in page
    assert 'name="answer_health_unchecked"' in page
    assert 'value="用药须按时"' in page
    assert "<html" not in page
    done = desk.post(url, sent | {"answer_health_unchecked": "医生在途，天亮补查"})
    assert done.status_code == 302


def test_arrival_admit_says_all_that_is_wrong_at_once(desk, facility, officer):
    """A number that is none, no bed, no decision, a term that starts another day: one round, not three."""
    arrival = door.arrival(facility)
    wrong = {"id_number": "123", "bed": "", "printed_starts_on": "2026-10-01"}
    sent = typed(arrival, officer, **wrong)
    del sent["has_decision"]

    answer = desk.post(reverse("intake:arrival-admit", args=[arrival.pk]), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "公民身份号码" in page
    assert "“生理脱毒区床位”还没有选" in page
    assert "没有县级以上公安机关的强制隔离戒毒决定书" in page
    assert 'name="answer_printed_start_differs"' in page


def test_the_number_of_another_is_answered_before_it_is_his(desk, facility, officer):
    known = make.case(
        make.facility("T02"), person=make.person_facts(name="示例旧人", id_number=A_MANS_NUMBER)
    )
    with transaction.atomic():
        cases.close_case(case=known, to=CaseStatus.RELEASED, at=make.NOON)
    arrival = door.arrival(facility, name="示例新人", id_number=A_MANS_NUMBER)
    url, sent = reverse("intake:arrival-admit", args=[arrival.pk]), typed(arrival, officer)

    asked = desk.post(url, sent)

    assert asked.status_code == 422
    assert "姓名不一致" in asked.content.decode()
    assert Case.objects.count() == 1
    done = desk.post(url, sent | {"answer_number_of_another": "已更名，户籍证明已核"})
    assert done.status_code == 302
    assert Case.objects.exclude(pk=known.pk).get().person_id == known.person_id


def test_arrival_admit_with_missing_fields_names_them(desk, facility):
    arrival = door.arrival(facility)

    answer = desk.post(reverse("intake:arrival-admit", args=[arrival.pk]), {"sex": "2"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“姓名”不能为空" in page
    assert "“生理脱毒区床位”还没有选" in page
    assert "正在哺乳" in page  # she was typed to be a woman


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"searched_by": ""}, "请先选第一名检查民警"),
        ({"searched_with": "same"}, "须是另一名民警"),
        ({"id_number": "110101"}, "应为 18 位"),
        ({"known_person": "x"}, "“既往人员”不在可选范围内"),
        ({"bed": "x"}, "“生理脱毒区床位”不在可选范围内"),
        ({"answer_minor": "\x00"}, "不能保存的字符"),
    ],
)
def test_arrival_admit_form_errors(desk, facility, officer, changed, sentence):
    arrival = door.arrival(facility)
    if changed.get("searched_with") == "same":
        changed = {"searched_with": officer.pk}

    answer = desk.post(
        reverse("intake:arrival-admit", args=[arrival.pk]), typed(arrival, officer, **changed)
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Case.objects.exists()


def test_a_bed_taken_meanwhile_is_said(desk, facility, officer):
    arrival = door.arrival(facility)
    sent = typed(arrival, officer)
    door.admit(door.arrival(facility))

    answer = desk.post(reverse("intake:arrival-admit", args=[arrival.pk]), sent)

    assert answer.status_code == 422
    assert "已有人或已预留，请另选床位" in answer.content.decode()


def test_a_namesake_is_offered_on_the_form(desk, facility, officer):
    known = {"name": "示例同名", "birth_date": date(1990, 1, 1)}
    old = make.case(make.facility("T02"), person=make.person_facts(**known))
    arrival = door.arrival(facility, **known)
    url = reverse("intake:arrival-admit", args=[arrival.pk])

    page = desk.get(url).content.decode()
    answer = desk.post(url, typed(arrival, officer, known_person=old.person_id))

    assert f'value="{old.person_id}"' in page
    assert "示***" in page
    assert answer.status_code == 422
    assert "有未结档案" in answer.content.decode()


def test_acts_on_what_a_colleague_decided_say_so(desk, facility):
    arrival = door.arrival(facility)
    colleague = make.officer("intake_officer", facility)
    defer, refuse = act_urls(arrival)[2:]
    door.admit(arrival, by=colleague)

    pages = [
        desk.get(defer),
        desk.get(refuse),
        desk.post(defer, {"reason": "缺"}),
        desk.post(refuse, {"grounds": ["no_decision"]}),
    ]

    assert [page.status_code for page in pages] == [200, 200, 422, 422]
    assert all(f"{colleague.display_name}刚刚已对此人" in page.content.decode() for page in pages)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"name": "", "sex": "1"}, "“姓名”不能为空"),
        ({"name": "​", "sex": "1"}, "不肯说的写“不详”"),
        ({"name": "示例", "sex": "9"}, "“性别”不在可选范围内"),
        ({"name": "示例", "sex": "1", "birth_date": "2026-02-30"}, "“出生日期”不是有效的日期"),
        ({"name": "示例", "sex": "2", "id_number": A_MANS_NUMBER}, "第 17 位不符"),
    ],
)
def test_arrival_create_refused(desk, sent, sentence):
    answer = desk.post(reverse("intake:arrival-create"), sent)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Arrival.objects.exists()


def test_arrival_create_of_somebody_already_listed(desk, facility, officer):
    sent = {"name": "示例甲", "sex": "1", "birth_date": "1990-01-01"}
    url = reverse("intake:arrival-create")
    desk.post(url, sent)

    answer = desk.post(url, sent)

    assert answer.status_code == 422
    assert f"{officer.display_name}刚刚已登记此人" in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("名册.xlsx", b"", "空文件"),
        ("名册.xlsx", b"PK\x03\x04broken", "已损坏"),
        ("名册.txt", b"x", "文件类型不对"),
        ("名册.csv", "您好".encode(), "没有找到名册的表头"),
    ],
)
def test_roster_create_refused(desk, name, content, sentence):
    answer = desk.post(
        reverse("intake:roster-create"),
        {"file": SimpleUploadedFile(name, content), "as_of": "2026-11-21"},
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Roster.objects.exists()


def test_a_file_that_is_too_large_is_refused(desk, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_FILE_BYTES", 10)

    answer = desk.post(
        reverse("intake:roster-create"),
        {"file": SimpleUploadedFile("名册.csv", b"x" * 11), "as_of": "2026-11-21"},
    )

    assert "超过" in answer.content.decode()


def test_roster_commit_asks_about_the_file(desk, facility, clean_roster):
    roster = door.roster(facility, clean_roster, as_of=date(2026, 11, 21))
    url = reverse("intake:roster-commit", args=[roster.pk])

    silent = desk.post(url, {}, headers=HTMX)
    bad = desk.post(url, {"answer_other_facility": "\x00"})

    assert silent.status_code == bad.status_code == 422
    assert "请答复提示" in silent.content.decode()
    assert desk.get(url).url == roster.get_absolute_url()
    assert not Arrival.objects.exists()


def test_roster_commit_twice_says_who(desk, facility, officer, clean_roster):
    roster = door.roster(facility, clean_roster, as_of=date(2026, 11, 21))
    url = reverse("intake:roster-commit", args=[roster.pk])
    sent = {"answer_other_facility": "已核实"}
    desk.post(url, sent)

    answer = desk.post(url, sent)

    assert answer.status_code == 422
    assert f"此名册已由{officer.display_name}于" in answer.content.decode()


@pytest.mark.parametrize("outcome", ["", "accept", "warn", "reject", "nonsense"])
@pytest.mark.parametrize("committed", [False, True], ids=["核对", "回执"])
def test_roster_detail_by_outcome(desk, facility, messy_roster, outcome, committed):
    roster = door.roster(facility, messy_roster, as_of=date(2026, 11, 21))
    if committed:
        url = reverse("intake:roster-commit", args=[roster.pk])
        desk.post(url, {"answer_other_facility": "已核实"})

    page = desk.get(f"{roster.get_absolute_url()}?outcome={outcome}")

    assert page.status_code == 200
    sent_back = "公民身份号码应为 18 位，实为 17 位"
    assert (sent_back in page.content.decode()) == (outcome in ("", "reject", "nonsense"))


@pytest.mark.parametrize("committed", [False, True], ids=["导入前", "导入后"])
def test_corrections_are_text_and_can_be_handed_over_again(desk, facility, messy_roster, committed):
    roster = door.roster(facility, messy_roster, as_of=date(2026, 11, 21))
    if committed:
        url = reverse("intake:roster-commit", args=[roster.pk])
        desk.post(url, {"answer_other_facility": "已核实"})

    answer = desk.get(reverse("intake:roster-corrections", args=[roster.pk]))

    again = reading.read(answer.content)
    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert len(again.rows) == 13
    assert {row.cells["姓名"] for row in again.rows} >= {"黄祥", "罗仁"}


def test_completion_record_refused(desk, facility):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])

    future = desk.post(
        url, {"duty": "entry_register", "entry_register-done_at": "2026-11-22 12:00"}
    )
    blank = desk.post(url, {"duty": "entry_register"}, headers=HTMX)
    unknown = desk.post(url, {"duty": "nonsense"})

    assert {future.status_code, blank.status_code, unknown.status_code} == {422}
    assert "晚于现在" in future.content.decode()
    assert "“办结时间”不能为空" in blank.content.decode()
    assert "请从下表选择" in unknown.content.decode()


@pytest.mark.parametrize(("role", "opens"), [("intake_officer", True), ("clinician", False)])
def test_a_paper_is_a_link_for_whoever_may_open_it(client, facility, role, opens):
    case = door.admit(door.arrival(facility))
    actions.send_family_notice(
        case=case, recipient="示例亲属", manner="邮寄", proof="示例挂号 0001", done_at=make.NOON,
        by=make.officer("intake_officer", facility), at=make.NOON,
    )  # fmt: skip
    document = Document.objects.get(template="family_notice")
    client.force_login(make.officer(role, facility))

    page = client.get(reverse("intake:completion-record", args=[case.number])).content.decode()

    assert document.title in page
    assert (reverse("document-detail", args=[document.pk]) in page) is opens


def test_completion_record_of_another_posts_duty(desk, facility):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])

    answer = desk.post(url, {"duty": "health_check", "health_check-done_at": "2026-11-21 11:00"})

    assert answer.status_code == 422
    assert not case.completion_items.exists()


@pytest.mark.parametrize(
    ("manner", "documents"), [("邮寄", 1), ("无法通知", 0)], ids=["已寄出", "无法通知"]
)
def test_completion_record_family_notice(desk, facility, manner, documents):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])
    sent = {
        "done_at": "2026-11-21 12:00", "manner": manner, "recipient": "示例亲属", "reason": "失联",
        "proof": "示例挂号 0001", "ground": "unreachable",
        "confirmed_by": make.officer("intake_officer", facility).pk,
    }  # fmt: skip

    answer = desk.post(
        url, {"duty": "family_notice", **{f"family_notice-{k}": v for k, v in sent.items()}}
    )

    assert answer.status_code == 302
    assert CompletionItem.objects.get().manner == manner
    assert Document.objects.filter(template="family_notice").count() == documents
    assert manner in desk.get(url).content.decode()


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"manner": "邮寄", "recipient": "示例亲属"}, "寄送凭证"),
        ({"manner": "无法通知", "reason": "失联"}, "“不能通知的情形”还没有选"),
        ({"manner": "无法通知", "reason": "失联", "ground": "unknown"}, "请选择“核实民警”"),
    ],
)
def test_completion_record_family_notice_refused(desk, facility, sent, word):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])
    sent = {"done_at": "2026-11-21 12:00"} | sent

    answer = desk.post(
        url, {"duty": "family_notice", **{f"family_notice-{k}": v for k, v in sent.items()}}
    )

    assert answer.status_code == 422
    assert word in answer.content.decode()
    assert not CompletionItem.objects.exists()


def test_completion_record_rights_notice(client, facility):
    case = door.case(facility)
    client.force_login(make.officer("zone_officer", case.unit))
    url = reverse("intake:completion-record", args=[case.number])

    answer = client.post(
        url,
        {
            "duty": "rights_notice", "rights_notice-done_at": "2026-11-21 12:00",
            "rights_notice-language": "bo", "rights_notice-interpreter": "示例翻译",
        },
    )  # fmt: skip

    assert answer.status_code == 302
    assert CompletionItem.objects.get().document.template == "rights"


# Drafts


def test_a_draft_is_restored_and_forgotten_on_success(desk, facility, officer):
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-admit", args=[arrival.pk])
    key = key_on(desk.get(url))
    sent = typed(arrival, officer, precautions="用药须按时")
    unticked = {name: value for name, value in sent.items() if name != "health_checked"}
    saved = desk.post(reverse("draft-save"), unticked | {"form_key": key})

    restored = desk.get(url)
    page = restored.content.decode()
    done = desk.post(url, sent | {"form_key": key_on(restored)})

    assert saved.status_code == 204
    assert 'value="用药须按时"' in page
    assert restored.context["form"]["has_decision"].value() is True
    assert restored.context["form"]["health_checked"].value() is False
    assert "的草稿，请核对后提交" in page
    assert "弃用草稿" in page
    assert done.status_code == 302
    assert drafts_of(officer) == []
    assert "的草稿" not in desk.get(reverse("intake:arrival-create")).content.decode()


def test_answers_to_cautions_come_back_from_a_draft(desk, facility, officer):
    arrival = door.arrival(facility)
    url = reverse("intake:arrival-admit", args=[arrival.pk])
    sent = typed(arrival, officer, answer_unasked="已核实，见来函")

    desk.post(reverse("draft-save"), sent | {"form_key": key_on(desk.get(url))})

    hidden = '<input type="hidden" name="answer_unasked" value="已核实，见来函"'
    assert hidden in desk.get(url).content.decode()


# Counts of queries


def test_detail_queries(desk, facility, messy_roster, django_assert_max_num_queries):
    roster = door.roster(facility, messy_roster, as_of=date(2026, 11, 21))
    with django_assert_max_num_queries(12):
        desk.get(roster.get_absolute_url())
    desk.post(
        reverse("intake:roster-commit", args=[roster.pk]), {"answer_other_facility": "已核实"}
    )
    arrival = Arrival.objects.filter(only_refusable=False).oldest_first().first()

    for url in (roster.get_absolute_url(), *act_urls(arrival)):
        with django_assert_max_num_queries(12):
            assert desk.get(url).status_code == 200


def test_completion_queries(desk, facility, django_assert_max_num_queries):
    case = door.case(facility)
    url = reverse("intake:completion-record", args=[case.number])

    with django_assert_max_num_queries(12):
        assert desk.get(url).status_code == 200
    with django_assert_max_num_queries(40):
        sent = {"duty": "entry_register", "entry_register-done_at": "2026-11-21 12:00"}
        assert desk.post(url, sent).status_code == 302

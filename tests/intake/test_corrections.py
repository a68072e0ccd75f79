"""Sheets put right: a further version beside the former, with the reason, by whom it concerns."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from intake import actions, clocks
from intake.correction_forms import initial_of_register, initial_of_sheet
from intake.models import Belonging, BelongingsRegister, HealthSheet, InjuryPhoto
from intake.rules.belongings import Brought, Register
from intake.rules.health_sheet import Escort, Found, Sheet, signatures_elsewhere
from intake.rules.papers import Check, Disposal
from intake.selectors import sheets
from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Case, Deadline, Document, Event
from rehab.refusal import Refused
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.rehab.test_typeset import words

LATER = make.NOON + timedelta(hours=1)
HURT = Found("front-right_forearm", "擦伤", "3 cm", "自述摔倒", door.A_PHOTO)
SHEET = Sheet(
    findings=(Check("体温", "37.2 ℃"), Check("血压", "128/82")),
    injuries=(HURT, Found("back-head", "肿胀")),
    conclusion="可以执行，伤口换药",
    escort=Escort("示例移送人", "000000", make.NOON),
    signed_by_person=True,
)
PHONE = Brought("手机", "2部", Disposal.KEPT, "黑色", place="1 号柜", photo=door.A_PHOTO)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(LATER), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def case(facility):
    return door.case(facility)


@pytest.fixture
def clinician(facility):
    return make.officer("clinician", facility)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def second(facility):
    return make.officer("intake_officer", facility)


def correct_sheet(case, by, **changed):
    given = {"sheet": SHEET, "checked_at": make.NOON, "opened": 1, "why": "体温填错"}
    return actions.correct_health_sheet(case=case, by=by, at=LATER, **given | changed)


def correct_things(case, by, second, **changed):
    given = {
        "register": Register(items=(PHONE,)), "registered_at": make.NOON, "opened": 1,
        "why": "漏登一部手机", "second": second,
    }  # fmt: skip
    return actions.correct_belongings(case=case, by=by, at=LATER, **given | changed)


# 健康检查表


def test_correct_health_sheet(case, clinician):
    former = door.health_sheet(case, by=clinician)

    row = correct_sheet(case, clinician, why=" 体温填错 ")

    former.refresh_from_db()
    assert (row.version, row.corrects, row.why_corrected) == (2, former, "体温填错")
    assert former.findings == [{"item": "体温", "result": "36.5 ℃", "remark": ""}]
    assert row.findings[0]["result"] == "37.2 ℃"
    assert sheets.health_sheet_of(case) == row
    assert [one.version for one in sheets.health_sheets(case)] == [2, 1]
    event = case.events.get(kind=Event.Kind.HEALTH_SHEET_CORRECTED)
    assert (event.facts["version"], event.words["reason"]) == (2, "体温填错")
    papers = Document.objects.filter(case=case, template="health_check").order_by(
        "made_at", "number"
    )
    old, new = papers
    assert (new.supersedes, row.document) == (old, new)
    assert "correction" not in old.facts
    assert new.facts["correction"] == "第 1 次更正"


def on_paper(row):
    return words(bytes(row.document.body))


def unsigned(**changed):
    return replace(SHEET, escort=None, signed_by_person=False, **changed)


def test_a_correction_carries_no_signature_of_an_earlier_version(case, clinician):
    former = door.health_sheet(case, by=clinician)

    second = correct_sheet(case, clinician, sheet=unsigned())
    third = correct_sheet(case, clinician, sheet=unsigned(), opened=2)
    anew = correct_sheet(case, clinician, opened=3)

    assert "签名确认" in on_paper(former)
    for row in (second, third):
        assert "签名见第1版；本版更正未经移送民警、本人签名。" in on_paper(row)
        assert "签名确认" not in on_paper(row)
        assert "移送民警：" not in on_paper(row)
    assert "签名确认" in on_paper(anew)
    assert "签名见第" not in on_paper(anew)


def test_a_sheet_that_nobody_signed_does_not_say_so(case, clinician):
    row = actions.record_health_sheet(
        case=case, sheet=unsigned(why_unsigned="移送民警已返程"), checked_at=make.NOON,
        by=clinician, at=LATER,
    )  # fmt: skip

    assert "签名确认" not in on_paper(row)
    assert "本版更正" not in on_paper(row)
    with pytest.raises(Refused, match="缺移送民警和本人的签名"):
        correct_sheet(case, clinician, sheet=unsigned())


@pytest.mark.parametrize(
    ("unsigned_by", "signed_on", "said"),
    [
        ((), {"移送民警": 1}, ""),
        (("移送民警", "本人"), {}, "本版更正未经移送民警、本人签名"),
        (
            ("移送民警", "本人"), {"移送民警": 1, "本人": 2},
            "移送民警签名见第 1 版，本人签名见第 2 版；本版更正未经移送民警、本人签名",
        ),
        (("移送民警",), {"移送民警": 1, "本人": 1}, "移送民警签名见第 1 版；本版更正未经移送民警签名"),
    ],
    ids=["都签", "从未", "两版", "一方"],
)  # fmt: skip
def test_signatures_elsewhere(unsigned_by, signed_on, said):
    assert signatures_elsewhere(unsigned_by, signed_on) == said


def test_the_duty_stays_done_as_it_was(case, clinician):
    door.health_sheet(case, by=clinician)
    before = Deadline.objects.get(case=case, clock=clocks.clock_code("health_check"))

    correct_sheet(case, clinician)
    deadlines.rebuild(Case.objects.filter(pk=case.pk))

    after = Deadline.objects.get(case=case, clock=clocks.clock_code("health_check"))
    assert (after.pk, after.satisfied_at) == (before.pk, make.NOON)


def test_photos_of_injuries_belong_to_their_version(case, clinician):
    former = door.health_sheet(case, by=clinician)
    row = correct_sheet(case, clinician)

    kept = {1: (HURT.region, HURT.kind, door.A_PHOTO)}
    assert sheets.photos_of(former) == kept == sheets.photos_of(row)
    assert InjuryPhoto.objects.count() == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"why": " "}, "“更正理由”不能为空"),
        ({"checked_at": LATER + timedelta(minutes=1)}, "“检查时间”晚于现在"),
        ({"sheet": replace(SHEET, findings=())}, "检查项目至少填写一项"),
        ({"opened": 3}, "打开以后已有第 0 次更正"),
    ],
    ids=["无理由", "将来", "无项目", "版次不符"],
)
def test_correct_health_sheet_refused(case, clinician, changed, words):
    door.health_sheet(case, by=clinician)

    with pytest.raises(Refused, match=words):
        correct_sheet(case, clinician, **changed)

    assert HealthSheet.objects.count() == 1
    assert not case.events.filter(kind=Event.Kind.HEALTH_SHEET_CORRECTED).exists()


def test_only_the_clinic_corrects_what_it_found(case, clinician, officer):
    with pytest.raises(Refused, match="尚未登记，请先登记"):
        correct_sheet(case, clinician)
    door.health_sheet(case, by=clinician)

    with pytest.raises(Refused, match="不由您的岗位更正"):
        correct_sheet(case, officer)


def test_a_colleagues_correction_is_not_written_over(case, clinician):
    door.health_sheet(case, by=clinician)
    correct_sheet(case, clinician)

    with pytest.raises(Refused, match="打开以后已有第 1 次更正，请重新打开"):
        correct_sheet(case, clinician)

    third = correct_sheet(case, clinician, opened=2)
    assert third.document.facts["correction"] == "第 2 次更正"


def test_what_was_found_is_never_changed(case, clinician, officer):
    row = door.health_sheet(case, by=clinician)
    door.belongings(case)

    for rows in (
        InjuryPhoto.objects.all(),
        Belonging.objects.all(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rows.delete()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        HealthSheet.objects.filter(pk=row.pk).update(conclusion="另一个")


def test_correction_is_one_with_its_event(case, clinician, monkeypatch):
    door.health_sheet(case, by=clinician)

    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        correct_sheet(case, clinician)

    assert HealthSheet.objects.count() == 1


@pytest.mark.parametrize("model", [HealthSheet, BelongingsRegister])
def test_a_first_version_corrects_nothing(case, officer, model):
    paper = make_paper(case, officer)
    own = (
        {
            "checked_at": LATER,
            "checked_by": officer,
            "findings": [],
            "injuries": [],
            "conclusion": "",
        }
        if model is HealthSheet
        else {"registered_at": LATER, "registered_by": officer}
    )

    with pytest.raises(IntegrityError, match="say"), transaction.atomic():
        model.objects.create(case=case, version=2, document=paper, **own)


def make_paper(case, officer):
    door.belongings(case)
    return Document.objects.get(case=case, template="admission_receipt")


# 物品


def test_correct_belongings(case, officer, second):
    door.belongings(case)
    former = sheets.register_of(case)

    row = correct_things(case, officer, second)

    assert (row.version, row.corrects, row.corrected_with) == (2, former, second)
    assert sheets.register_of(case) == row
    assert [one.item["quantity"] for one in sheets.belongings_of(row)] == ["2部"]
    assert [one.item["name"] for one in sheets.belongings_of(former)] == ["手机", "皮带"]
    event = case.events.get(kind=Event.Kind.BELONGINGS_CORRECTED)
    assert event.words["reason"] == "漏登一部手机"
    assert row.document.facts["correction"] == "第 1 次更正"
    assert row.document.supersedes == former.document


def test_what_is_owed_follows_the_version_that_stands(case, officer, second):
    door.belongings(case)
    nothing = Register(items=(), nothing=True)

    correct_things(case, officer, second, register=nothing)
    assert not Deadline.objects.filter(case=case, clock=clocks.KEPT).exists()

    correct_things(case, officer, second, opened=2)
    assert Deadline.objects.filter(case=case, clock=clocks.KEPT).count() == 1
    actions.hand_back_belongings(case=case, by=officer, at=LATER)
    assert sheets.register_of(case).handed_back_at == LATER
    assert Deadline.objects.get(case=case, clock=clocks.KEPT).satisfied_at == LATER


def test_belongings_are_corrected_by_two_of_this_facility(case, officer, second):
    door.belongings(case)
    stranger = make.officer("intake_officer", make.facility("T02"))
    nowhere = make.officer("intake_officer", case.facility)
    nowhere.posting = None

    for one in (None, officer):
        with pytest.raises(Refused, match="须由两名民警办理"):
            correct_things(case, officer, one)
    for one in (stranger, nowhere):
        with pytest.raises(Refused, match="不在本所任职"):
            correct_things(case, officer, one)

    assert BelongingsRegister.objects.count() == 1


def test_the_database_asks_for_two(case, officer, second):
    door.belongings(case)
    row = correct_things(case, officer, second)

    for one in (None, officer):
        with (
            pytest.raises(IntegrityError, match="belongings_are_corrected_by_two"),
            transaction.atomic(),
        ):
            BelongingsRegister.objects.filter(pk=row.pk).update(corrected_with=one)


def test_nothing_is_corrected_once_it_was_handed_back(case, officer, second):
    door.belongings(case)
    actions.hand_back_belongings(case=case, by=officer, at=LATER)

    with pytest.raises(Refused, match="已经发还，不能再更正"):
        correct_things(case, officer, second)


def test_correct_belongings_before_they_were_registered(case, officer, second):
    with pytest.raises(Refused, match="尚未登记，请先登记"):
        correct_things(case, officer, second)


# The pages


def page(case, name):
    return reverse(f"intake:{name}", args=[case.number])


def photo(content=door.A_PHOTO, name="伤情.png"):
    return SimpleUploadedFile(name, content)


def test_health_sheet_correct_starts_from_what_stands(client, case, clinician):
    former = door.health_sheet(case, by=clinician)
    client.force_login(clinician)
    opened = client.get(page(case, "health-sheet-correct"))
    assert "已有照片，部位、种类不改，不选新的就保留" in opened.content.decode()
    sent = {key: value for key, value in initial_of_sheet(former).items() if value}

    refused = client.post(page(case, "health-sheet-correct"), sent)
    done = client.post(
        page(case, "health-sheet-correct"), sent | {"why": "体温填错", "temperature": "37.2"},
        follow=True,
    )  # fmt: skip

    assert refused.status_code == 422
    assert "更正理由" in refused.content.decode()
    shown = done.content.decode()
    assert "检查表第 1 次更正，请重新打印" in shown
    assert "37.2" in shown
    assert "更正理由：体温填错" in shown
    row = sheets.health_sheet_of(case)
    assert row.injuries == former.injuries
    assert sheets.photos_of(row) == sheets.photos_of(former)
    old = client.get(page(case, "health-sheet-detail"), {"version": 1}).content.decode()
    assert "36.5" in old


def test_the_form_of_a_correction_starts_unsigned(client, case, clinician):
    former = door.health_sheet(case, by=clinician)
    client.force_login(clinician)
    opened = client.get(page(case, "health-sheet-correct")).content.decode()
    sent = {key: value for key, value in initial_of_sheet(former).items() if value}

    done = client.post(
        page(case, "health-sheet-correct"), sent | {"why": "体温填错"}, follow=True
    ).content.decode()

    assert "示例移送人" not in opened
    row = sheets.health_sheet_of(case)
    assert (row.version, row.escort, row.escort_signed_at, row.signed_by_person) == (
        2, None, None, False,
    )  # fmt: skip
    assert "签名见第 1 版；本版更正未经移送民警、本人签名" in done
    first = client.get(page(case, "health-sheet-detail"), {"version": 1}).content.decode()
    assert "签名见第" not in first


@pytest.mark.parametrize(
    "changed",
    [{"injury_1_region": "back-head"}, {"injury_1_kind": "肿胀"}],
    ids=["部位", "种类"],
)
def test_the_photo_of_one_injury_is_no_photo_of_another(client, case, clinician, changed):
    former = door.health_sheet(case, by=clinician)
    client.force_login(clinician)
    sent = {key: value for key, value in initial_of_sheet(former).items() if value}

    client.post(page(case, "health-sheet-correct"), sent | {"why": "写错一行"} | changed)

    row = sheets.health_sheet_of(case)
    assert row.version == 2
    assert not row.photos.exists()


def test_health_sheet_detail_before_there_is_one(client, case, clinician):
    client.force_login(clinician)

    assert "检查表还没有登记" in client.get(page(case, "health-sheet-detail")).content.decode()
    answer = client.get(page(case, "health-sheet-correct"))
    assert answer.url == page(case, "health-sheet-detail")


def test_a_colleague_was_first(client, case, clinician):
    former = door.health_sheet(case, by=clinician)
    sent = {key: value for key, value in initial_of_sheet(former).items() if value}
    correct_sheet(case, clinician)
    client.force_login(clinician)

    answer = client.post(page(case, "health-sheet-correct"), sent | {"why": "体温填错"})

    assert answer.status_code == 422
    assert "打开以后已有第 1 次更正" in answer.content.decode()


def test_an_injury_is_registered_with_its_photo(client, case, clinician):
    client.force_login(clinician)
    sent = {
        "checked_at": "2026-11-21T12:30", "conclusion": "可以执行", "temperature": "36.5",
        "injury_1_region": "front-right_forearm", "injury_1_kind": "擦伤",
        "why_unsigned": "移送民警已离开",
    }  # fmt: skip

    odd = client.post(
        page(case, "health-sheet-create"), sent | {"injury_1_photo": photo(b"GIF89a")}
    )
    bare = client.post(
        page(case, "health-sheet-create"),
        {"checked_at": sent["checked_at"], "conclusion": "可以执行", "injury_1_photo": photo()},
    )
    done = client.post(page(case, "health-sheet-create"), sent | {"injury_1_photo": photo()})

    assert (odd.status_code, bare.status_code, done.status_code) == (422, 422, 302)
    assert "“伤情 1 照片”：只收 jpg、png 照片" in odd.content.decode()
    assert "“伤情 1 部位”还没有选" in bare.content.decode()
    one = InjuryPhoto.objects.get()
    answer = client.get(reverse("intake:injury-photo-detail", args=[one.pk]))
    assert (answer.content, answer["Content-Type"]) == (door.A_PHOTO, "image/png")
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("role", "status"),
    [("clinician", 200), ("intake_officer", 200), ("facility_leader", 403), ("educator", 403)],
)
def test_only_those_who_may_see_the_sheet_see_its_photos(client, case, clinician, role, status):
    one = door.health_sheet(case, by=clinician).photos.get()
    client.force_login(make.officer(role, case.facility))

    for url in (
        reverse("intake:injury-photo-detail", args=[one.pk]),
        page(case, "health-sheet-detail"),
    ):
        assert client.get(url).status_code == status


def test_photos_of_another_facility_are_not_found(client, case, clinician):
    one = door.health_sheet(case, by=clinician).photos.get()
    client.force_login(make.officer("clinician", make.facility("T02")))

    assert client.get(reverse("intake:injury-photo-detail", args=[one.pk])).status_code == 404


def test_belongings_correct_starts_from_what_stands(client, case, officer, second):
    door.belongings(case)
    client.force_login(officer)
    register = sheets.register_of(case)
    typed = initial_of_register(register, sheets.belongings_of(register))
    sent = {key: value for key, value in typed.items() if value} | {"second": str(second.pk)}
    opened = client.get(page(case, "belongings-correct")).content.decode()
    assert "已有照片，名称不改、不选新的就保留" in opened
    assert officer.display_name + "</option>" not in opened

    refused = client.post(page(case, "belongings-correct"), sent)
    done = client.post(
        page(case, "belongings-correct"),
        sent | {"why": "漏登一部手机", "item_1_quantity": "2部", "item_2_name": "腰带"},
        follow=True,
    )

    assert refused.status_code == 422
    shown = done.content.decode()
    assert "物品登记第 1 次更正，请重新打印清单" in shown
    assert "2部" in shown
    assert second.display_name in shown
    phone, belt = sheets.belongings_of(sheets.register_of(case))
    assert (phone.has_photo, belt.has_photo) == (True, False)
    former = client.get(page(case, "belongings-detail"), {"version": "1"}).content.decode()
    assert "1部" in former
    assert "全部发还" not in former


def test_the_photo_of_one_thing_is_no_photo_of_another(client, case, officer, second):
    door.belongings(case)
    client.force_login(officer)
    register = sheets.register_of(case)
    typed = initial_of_register(register, sheets.belongings_of(register))
    sent = {key: value for key, value in typed.items() if value}

    client.post(
        page(case, "belongings-correct"),
        sent | {"second": str(second.pk), "why": "不是手机", "item_1_name": "收音机"},
    )

    radio, _ = sheets.belongings_of(sheets.register_of(case))
    assert (radio.item["name"], radio.has_photo) == ("收音机", False)


def test_belongings_correct_before_they_were_registered(client, case, officer):
    client.force_login(officer)

    assert client.get(page(case, "belongings-correct")).url == page(case, "belongings-detail")


def test_belongings_correct_refused_by_the_act(client, case, officer, second):
    door.belongings(case)
    register = sheets.register_of(case)
    typed = initial_of_register(register, sheets.belongings_of(register))
    sent = {key: value for key, value in typed.items() if value}
    actions.hand_back_belongings(case=case, by=officer, at=LATER)
    client.force_login(officer)

    answer = client.post(
        page(case, "belongings-correct"), sent | {"second": str(second.pk), "why": "漏登"}
    )

    assert answer.status_code == 422
    assert "已经发还，不能再更正" in answer.content.decode()


def test_completion_leads_to_what_was_found(client, case, clinician):
    door.health_sheet(case, by=clinician)
    client.force_login(clinician)

    listed = client.get(page(case, "completion-record")).content.decode()

    assert page(case, "health-sheet-detail") in listed

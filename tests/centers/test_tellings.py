"""告知本人: that it was told, in which language, by whom, what was signed; the scan; and many at once."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from centers import actions
from centers.assessment.rules.telling import Told
from centers.models import Telling, TellingScan
from intake import actions as intake
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import AccessRecord, Case, Deadline, Document, Event
from rehab.refusal import Refused
from rehab.rules import scans
from rehab.states import CaseStatus
from tests.factories import centers as made
from tests.factories import intake as door
from tests.factories import rehab as make

AT = make.NOON + timedelta(hours=1)


def pdf(pages=1, password=""):
    writer, body = PdfWriter(), io.BytesIO()
    for _ in range(pages):
        writer.add_blank_page(72, 72)
    writer.add_uri(0, "https://example.invalid/", RectangleObject((0, 0, 9, 9)))
    writer.add_attachment("示例.txt", b"x")
    if password:
        writer.encrypt(password)
    writer.write(body)
    return body.getvalue()


SCAN = scans.cleaned(pdf())


@pytest.fixture
def officer(case):
    return make.officer("zone_officer", case.unit)


@pytest.fixture
def colleague(case):
    return make.officer("zone_officer", case.unit)


@pytest.fixture
def sheet(case, officer):
    return actions.tell_person(case=case, by=officer, at=make.NOON)


def record(case, sheet, officer, *, at=AT, **changed):
    told = Told(**{"told_at": AT, "language": "zh"} | changed)
    return actions.record_telling(case=case, sheet=sheet, told=told, by=officer, at=at)


def test_record_telling(case, sheet, officer):
    telling = record(case, sheet, officer)

    assert (telling.sheet, telling.by, telling.signed) == (sheet, officer, True)
    assert (telling.told_at, telling.recorded_at) == (AT, AT)
    event = case.events.get(kind=Event.Kind.TELLING_RECORDED)
    assert event.facts == {
        "telling": str(telling.pk), "document": str(sheet.pk), "language": "zh",
        "manner": "officer", "signed": True,
    }  # fmt: skip
    entry = Deadline.objects.get(case=case, clock="centers.told", cycle="entry")
    assert entry.satisfied_at == AT


def test_record_telling_of_who_refused_to_sign(case, sheet, officer, colleague):
    telling = record(
        case, sheet, officer, signed=False, witness=colleague.pk, refusal="本人称不识字"
    )

    assert (telling.signed, telling.witness, telling.refusal) == (False, colleague, "本人称不识字")
    assert not Deadline.objects.open().filter(case=case, cycle="entry").exists()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({"told_at": AT + timedelta(minutes=1)}, "“告知时间”晚于现在", id="将来"),
        pytest.param({"told_at": make.NOON - timedelta(minutes=1)}, "早于入所时间", id="入所前"),
        pytest.param({"signed": False, "witness": None, "refusal": "不签"}, "选择“在场民警”", id="无人在场"),
        pytest.param({"signed": False, "refusal": " "}, "“拒绝签名的情况”不能为空", id="没有情况"),
        pytest.param({"refusal": "不签"}, "本人已签名的，不填", id="既签又拒"),
        pytest.param({"manner": "interpreter"}, "请填写“翻译人员”", id="没有翻译"),
        pytest.param({"interpreter": "示例"}, "请选“翻译人员宣读”", id="翻译未读"),
        pytest.param({"language": "ug"}, "告知单没有维吾尔语文本", id="没有文本"),
        pytest.param({"language": "ug", "manner": "alone"}, "告知单没有维吾尔语文本", id="没有文本自读"),
    ],
)  # fmt: skip
def test_telling_that_cannot_be_leaves_no_trace(case, sheet, officer, changed, words):
    before = Event.objects.count()

    with pytest.raises(Refused, match=words):
        record(case, sheet, officer, **changed)

    assert (Telling.objects.count(), Event.objects.count()) == (0, before)
    assert Deadline.objects.open().filter(case=case, cycle="entry").exists()


def test_nobody_witnesses_his_own_telling(case, sheet, officer):
    with pytest.raises(Refused, match="须是另一名民警"):
        record(case, sheet, officer, signed=False, witness=officer.pk, refusal="不签")
    with pytest.raises(IntegrityError, match="another_witnesses"), transaction.atomic():
        Telling.objects.create(
            case=case, sheet=sheet, by=officer, told_at=AT, recorded_at=AT, language="zh",
            manner="officer", signed=False, witness=officer, refusal="不签",
        )  # fmt: skip


def test_a_telling_before_its_sheet_was_made_is_none(case, officer):
    sheet = actions.tell_person(case=case, by=officer, at=AT)

    with pytest.raises(Refused, match="早于这份告知单的制作时间 2026-11-21 13:00"):
        record(case, sheet, officer, told_at=make.NOON)


def test_the_sheet_of_somebody_else_is_none_of_his(case, sheet, officer):
    other = make.case(case.facility)

    for none in (sheet, None):
        with pytest.raises(Refused, match="还没有给本人制作告知单"):
            record(other, none, officer)


def test_a_sheet_that_was_replaced_tells_what_held_until_then(case, sheet, officer):
    later = AT + timedelta(hours=1)
    ug = actions.tell_person(case=case, by=officer, at=later, language="ug")
    assert ug.supersedes == sheet

    with pytest.raises(Refused, match="已于 2026-11-21 14:00 另制替代"):
        record(case, sheet, officer, told_at=later, at=later)
    assert record(case, sheet, officer, told_at=AT, at=later).sheet == sheet


def test_a_sheet_that_no_longer_holds_is_not_told(case, sheet, officer):
    Case.objects.filter(pk=case.pk).update(ends_on=case.ends_on + timedelta(days=30))

    with pytest.raises(Refused, match="请重新打印、重新告知"):
        record(case, sheet, officer)


@pytest.mark.parametrize("status", [CaseStatus.ESCAPED, CaseStatus.RELEASED])
def test_who_is_not_in_custody_is_told_nothing(case, sheet, officer, status):
    ended_at = AT if status == CaseStatus.RELEASED else None
    Case.objects.filter(pk=case.pk).update(status=status, ended_at=ended_at)

    with pytest.raises(Refused, match="不能登记告知"):
        record(case, sheet, officer)


def test_the_same_sheet_is_told_once_a_day(case, sheet, officer):
    record(case, sheet, officer)
    later = AT + timedelta(days=1)

    with pytest.raises(Refused, match=f"当日已由{officer.display_name}登记告知"):
        record(case, sheet, officer, told_at=AT - timedelta(minutes=5))
    assert record(case, sheet, officer, told_at=later, at=later).sheet == sheet


def test_telling_is_one_with_its_event(case, sheet, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record_all", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        record(case, sheet, officer)

    assert not Telling.objects.exists()


# In his language


@pytest.fixture
def speaks_uyghur(case, officer):
    one = door.case(case.facility)
    intake.give_rights_notice(
        case=one, note="", done_at=make.NOON, by=officer, at=make.NOON, language="ug",
        interpreter="示例翻译",
    )  # fmt: skip
    return one


def test_the_sheet_is_in_the_language_of_his_rights(speaks_uyghur, officer):
    sheet = actions.tell_person(case=speaks_uyghur, by=officer, at=AT)

    assert (sheet.facts["language"], sheet.facts["foreign_language"]) == ("维吾尔语", "维吾尔语")
    assert actions.tell_person(case=speaks_uyghur, by=officer, at=AT, language="zh") != sheet


def test_an_interpreter_reads_what_there_is_no_text_for(speaks_uyghur, officer):
    sheet = actions.tell_person(case=speaks_uyghur, by=officer, at=AT)

    telling = record(
        speaks_uyghur, sheet, officer, language="ug", manner="interpreter", interpreter="示例翻译"
    )

    assert (telling.language, telling.interpreter) == ("ug", "示例翻译")


def test_where_the_province_has_a_text_he_reads_it_himself(speaks_uyghur, officer):
    made.worded(case := speaks_uyghur, "own_account", "ug")
    sheet = actions.tell_person(case=case, by=officer, at=AT)
    chinese = make.case(case.facility)
    other = actions.tell_person(case=chinese, by=officer, at=AT)

    assert record(case, sheet, officer, language="ug", manner="alone").manner == "alone"
    with pytest.raises(Refused, match="没有维吾尔语文本"):  # that sheet carries none
        record(chinese, other, officer, language="ug", manner="alone")


# Withdrawal


def test_withdraw_telling(case, sheet, officer, colleague):
    telling = record(case, sheet, officer)

    actions.withdraw_telling(telling=telling, reason="登记错了人", by=colleague, at=AT)

    telling.refresh_from_db()
    assert (telling.withdrawn_by, telling.why_withdrawn) == (colleague, "登记错了人")
    assert case.events.get(kind=Event.Kind.TELLING_WITHDRAWN).facts == {"telling": str(telling.pk)}
    assert Deadline.objects.open().filter(case=case, cycle="entry").exists()
    with pytest.raises(Refused, match="已经撤回"):
        actions.withdraw_telling(telling=telling, reason="再次", by=officer, at=AT)
    assert record(case, sheet, officer).pk != telling.pk  # and he is told


def test_a_withdrawal_says_why(case, sheet, officer):
    telling = record(case, sheet, officer)

    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        actions.withdraw_telling(telling=telling, reason=" ", by=officer, at=AT)


def test_a_telling_is_never_changed(case, sheet, officer):
    made.told(make.case(case.facility), officer, at=AT, scan=SCAN)
    telling = record(case, sheet, officer)
    changes = (
        lambda: Telling.objects.update(told_at=make.NOON),
        lambda: Telling.objects.filter(pk=telling.pk).delete(),
        lambda: TellingScan.objects.all().delete(),
    )

    for change in changes:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    actions.withdraw_telling(telling=telling, reason="登记错了人", by=officer, at=AT)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Telling.objects.filter(pk=telling.pk).update(
            withdrawn_at=None, withdrawn_by=None, why_withdrawn=None
        )


# The scan


def test_only_the_pages_of_a_scan_are_kept():
    kept = PdfReader(io.BytesIO(scans.cleaned(pdf(2))))

    assert len(kept.pages) == 2
    assert (dict(kept.attachments), "/Names" in kept.trailer["/Root"]) == ({}, False)
    assert "/Annots" not in kept.pages[0]
    assert scans.cleaned(door.A_PHOTO) == door.A_PHOTO
    assert (scans.media_type(SCAN), scans.media_type(door.A_PHOTO)) == (
        "application/pdf", "image/png",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "只收 pdf"),
        (b"GIF89a", "只收 pdf"),
        (b"<html>", "只收 pdf"),
        (b"%PDF-1.7", "打不开"),
        (pdf()[:300], "打不开"),
        (pdf(password="x"), "有密码"),
        (pdf(scans.MAX_PAGES + 1), "1 至 20 页"),
        (b"%PDF-" + b"0" * scans.MAX_BYTES, "超过 8 MB"),
        (b"\xff\xd8\x00", "不完整|已损坏"),
    ],
)
def test_what_is_no_scan_is_refused(content, words):
    with pytest.raises(scans.BadScan, match=words):
        scans.cleaned(content)


def test_a_scan_is_added_later_and_once(case, sheet, officer):
    telling = record(case, sheet, officer)

    scan = actions.add_telling_scan(telling=telling, scan=SCAN, by=officer, at=AT)

    assert bytes(TellingScan.objects.get().scan) == SCAN
    assert case.events.get(kind=Event.Kind.TELLING_SCANNED).facts["scan"] == str(scan.pk)
    with pytest.raises(Refused, match="已经上传"):
        actions.add_telling_scan(telling=telling, scan=SCAN, by=officer, at=AT)
    for serial in range(9):
        actions.add_telling_scan(telling=telling, scan=SCAN + b"%d" % serial, by=officer, at=AT)
    with pytest.raises(Refused, match="最多上传 10 份"):
        actions.add_telling_scan(telling=telling, scan=SCAN + b"x", by=officer, at=AT)


def test_no_scan_of_what_was_taken_back(case, sheet, officer):
    telling = record(case, sheet, officer)
    actions.withdraw_telling(telling=telling, reason="登记错了人", by=officer, at=AT)

    with pytest.raises(Refused, match="不能再上传"):
        actions.add_telling_scan(telling=telling, scan=SCAN, by=officer, at=AT)


# The pages


def page(case, name="told-print"):
    return reverse(f"centers:{name}", args=[case.number])


@pytest.fixture
def ask(client, officer):
    """The officer's browser, an hour past noon."""
    client.force_login(officer)
    with standing_at(AT):
        yield client


def test_telling_create(ask, case, sheet):
    sent = {
        "sheet": sheet.pk, "told_at": "2026-11-21T12:30", "language": "zh", "manner": "officer",
        "signed": "yes",
    }  # fmt: skip
    odd = ask.post(page(case, "telling-create"), sent | {"scan": upload(b"GIF89a", "a.png")})
    done = ask.post(page(case, "telling-create"), sent | {"scan": upload(pdf())})
    again = ask.post(page(case, "telling-create"), sent)

    assert (odd.status_code, done.status_code, again.status_code) == (422, 302, 422)
    assert "“签名扫描件”：只收 pdf、jpg、png 扫描件" in odd.content.decode()
    assert "当日已由" in again.content.decode()
    telling = Telling.objects.get()
    assert telling.scans.count() == 1
    shown = ask.get(page(case)).content.decode()
    for words in ("本人已签名", "汉语，民警宣读", "上传扫描件", "没有待告知的事项"):
        assert words in shown


def upload(content, name="告知单.pdf"):
    return SimpleUploadedFile(name, content)


def test_telling_create_without_a_sheet_says_what_to_do(ask, case):
    shown = ask.get(page(case)).content.decode()
    answer = ask.post(
        page(case, "telling-create"),
        {"told_at": "2026-11-21T12:30", "language": "zh", "manner": "officer", "signed": "yes"},
    )

    assert "还没有给本人制作告知单，请先打印告知单" in shown
    assert "入所" in shown
    assert answer.status_code == 422
    assert not Telling.objects.exists()


def test_telling_create_of_who_refuses(ask, case, sheet, colleague):
    sent = {
        "sheet": sheet.pk, "told_at": "2026-11-21T12:30", "language": "zh", "manner": "officer",
        "signed": "no", "refusal": "本人不说话", "witness": colleague.pk,
    }  # fmt: skip
    assert ask.post(page(case, "telling-create"), sent).status_code == 302

    shown = ask.get(page(case)).content.decode()
    assert f"：本人不说话（在场 {colleague.display_name}）" in shown


def test_scan_create_and_scan_detail(ask, case, sheet, officer):
    telling = record(case, sheet, officer)
    url = reverse("centers:scan-create", args=[telling.pk])

    assert ask.get(url).status_code == 200
    assert ask.post(url).status_code == 422
    assert ask.post(url, {"scan": upload(pdf())}).status_code == 302
    again = ask.post(url, {"scan": upload(pdf())})

    assert "已经上传" in again.content.decode()
    scan = TellingScan.objects.get()
    answer = ask.get(reverse("centers:scan-detail", args=[scan.pk]))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/pdf", "no-store")
    assert answer.content == bytes(scan.scan)
    seen = AccessRecord.objects.get(case=case, field="document", user=officer)
    assert seen.purpose == f"查阅{sheet.number}签名扫描件"


@pytest.mark.parametrize(
    ("role", "status"), [("zone_leader", 200), ("clinician", 403), ("intake_officer", 403)]
)
def test_only_those_who_may_tell_him_see_what_he_signed(client, case, officer, role, status):
    made.told(case, officer, at=AT, scan=SCAN)
    place = case.unit if role == "zone_leader" else case.facility
    client.force_login(make.officer(role, place))

    for url in (
        reverse("centers:scan-detail", args=[TellingScan.objects.get().pk]),
        reverse("centers:telling-withdraw", args=[Telling.objects.get().pk]),
        page(case),
    ):
        assert client.get(url).status_code == status


def test_what_another_facility_told_is_not_there(client, case, officer):
    telling = made.told(case, officer, at=AT, scan=SCAN)
    client.force_login(make.officer("facility_leader", make.facility("T77")))

    for name, key in (
        ("scan-detail", telling.scans.get().pk),
        ("scan-create", telling.pk),
        ("telling-withdraw", telling.pk),
        ("telling-create", case.number),
    ):
        assert client.get(reverse(f"centers:{name}", args=[key])).status_code == 404


def test_telling_withdraw(ask, case, sheet, officer):
    telling = record(case, sheet, officer)
    url = reverse("centers:telling-withdraw", args=[telling.pk])

    assert ask.post(url, {"reason": ""}).status_code == 422
    assert ask.post(url, {"reason": "登记错了人"}).status_code == 302
    assert "已经撤回" in ask.post(url, {"reason": "登记错了人"}).content.decode()
    assert "撤回：登记错了人" in ask.get(page(case)).content.decode()


# Many at once


LIST = "/centers/told/"


@pytest.fixture
def people(case):
    return [case, make.case(case.facility), make.case(case.facility)]


def keys(cases):
    return {"cases": [one.pk for one in cases]}


def test_telling_list(ask, people, officer):
    made.told(people[0], officer, at=AT)

    shown = ask.get(LIST).content.decode()

    assert "2 人 · " in shown
    assert people[0].number not in shown
    assert all(one.number in shown for one in people[1:])
    assert "入所" in shown


def test_telling_list_is_of_the_own_unit_and_of_what_has_opened(client, people, officer):
    for one in people:
        made.told(one, officer, at=AT)  # the telling before the end is owed, and not yet
    elsewhere = make.officer("zone_officer", make.unit(people[0].facility, "03"))
    new = make.case(people[0].facility)

    with standing_at(AT):
        client.force_login(elsewhere)
        assert "没有待告知的人员" in client.get(LIST).content.decode()
        client.force_login(officer)
        assert "1 人 · " in (shown := client.get(LIST).content.decode())
    assert new.number in shown


def test_sheets_print_and_telling_batch(ask, people):
    paper = ask.post(f"{LIST}sheets/", keys(people))
    assert paper["Content-Type"] == "application/pdf"
    assert len(PdfReader(io.BytesIO(paper.content)).pages) >= 3
    assert Document.objects.filter(template="own_account").count() == 3

    done = ask.post(f"{LIST}tellings/", keys(people) | {"told_at": "2026-11-21T13:00"})

    assert done.status_code == 302
    assert set(Telling.objects.values_list("case", "signed", "manner")) == {
        (one.pk, True, "officer") for one in people
    }
    assert "没有待告知的人员" in ask.get(LIST).content.decode()
    twice = ask.post(f"{LIST}tellings/", keys(people) | {"told_at": "2026-11-21T13:00"})
    assert (twice.status_code, Telling.objects.count()) == (422, 3)


def test_telling_batch_leaves_those_out_who_are_done_alone(ask, people, speaks_uyghur, officer):
    ask.post(f"{LIST}sheets/", keys([people[0], speaks_uyghur]))

    sent = keys([*people[:2], speaks_uyghur]) | {"told_at": "2026-11-21T13:00"}
    answer = ask.post(f"{LIST}tellings/", sent, follow=True).content.decode()

    assert Telling.objects.get().case == people[0]
    assert "已登记告知 1 人" in answer
    assert f"{people[1].person}（{people[1]}）未办理：还没有给本人制作告知单" in answer
    assert "告知单没有维吾尔语文本" in answer


def test_telling_batch_of_nobody(ask, people):
    for body in ({}, {"told_at": "2026-11-21T13:00"}, {"cases": ["x"], "told_at": ""}):
        answer = ask.post(f"{LIST}tellings/", body)
        assert answer.status_code == 422
    assert ask.get(f"{LIST}tellings/").status_code == 302
    assert ask.get(f"{LIST}sheets/").status_code == 302
    assert ask.post(f"{LIST}sheets/", {}).status_code == 422


def test_sheets_print_names_who_cannot_be_told(ask, people):
    Case.objects.filter(pk=people[0].pk).update(status=CaseStatus.ESCAPED)

    alone = ask.post(f"{LIST}sheets/", keys(people[:1]))
    both = ask.post(f"{LIST}sheets/", keys(people[:2]))

    assert alone.status_code == 422
    assert "不能制作本人情况告知单" in alone.content.decode()
    assert both["Content-Type"] == "application/pdf"
    assert "不能制作本人情况告知单" in ask.get(LIST).content.decode()

"""随身物品: the rule, the photo, the act, handing back, the pages."""

import struct
import zlib
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from intake import actions, clocks
from intake.models import Belonging, BelongingsRegister, CompletionItem
from intake.rules.belongings import Brought, Register, in_capitals, register_obstacles
from intake.rules.papers import Disposal
from intake.selectors import sheets
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Deadline, Document, Event
from rehab.refusal import Refused
from rehab.rules import photos
from rehab.rules.days import end_of
from rehab.states import CaseStatus
from tests.factories import intake as door
from tests.factories import rehab as make

LATER = make.NOON + timedelta(hours=1)
PHONE = Brought("手机", "1部", Disposal.KEPT, "黑色", place="1 号柜", photo=door.A_PHOTO)
BELT = Brought("皮带", "1条", Disposal.COLLECTED)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(LATER), scope.within(make.EVERYTHING):
        yield


# The rule


@pytest.mark.parametrize(
    ("facts", "word"),
    [
        ({"items": (PHONE,)}, None),
        ({"items": (), "nothing": True}, None),
        ({"items": (), "cash": Decimal(5)}, None),
        ({"items": ()}, "物品还没有登记"),
        ({"items": (PHONE,), "nothing": True}, "又登记了物品"),
        ({"items": (Brought("手机", "1部", Disposal.KEPT),)}, "请填写“存放处”"),
        ({"items": (Brought("针管", "1支", Disposal.CONFISCATED),)}, "写明依据和批准人"),
        ({"items": (Brought("针管", "1支", Disposal.DESTROYED, remark="过期，所领导批"),)}, None),
        ({"items": (BELT,)}, "请填写“领取人”"),
        ({"items": (BELT,), "collector": "示例母"}, "与本人关系"),
        ({"items": (BELT,), "collector": "示例母", "relation": "母亲"}, None),
        ({"items": (Brought("眼镜", "1副", Disposal.RETURNED),)}, None),
    ],
)
def test_register_obstacles(facts, word):
    found = register_obstacles(Register(**facts))

    assert [word in str(one) for one in found] == ([True] if word else [])


@pytest.mark.parametrize(
    ("yuan", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1.05", "壹元零伍分"),
        ("320", "叁佰贰拾元整"),
        ("1001", "壹仟零壹元整"),
        ("10001", "壹万零壹元整"),
        ("1000100", "壹佰万零壹佰元整"),
        ("12345.67", "壹万贰仟叁佰肆拾伍元陆角柒分"),
    ],
)
def test_in_capitals(yuan, words):
    assert in_capitals(Decimal(yuan)) == words


# The photo


def png_chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(wide=1, tall=1, *more, pixels=b"\x00\xff\x00\x00"):
    chunks = [
        png_chunk(b"IHDR", struct.pack(">IIBBBBB", wide, tall, 8, 2, 0, 0, 0)),
        *more,
        png_chunk(b"IDAT", zlib.compress(pixels)),
        png_chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def segment(marker, body):
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg(wide=1, tall=1, *more):
    frame = segment(0xC0, b"\x08" + struct.pack(">HH", tall, wide) + b"\x01\x01\x11\x00")
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00") + b"\x12\xff\x00\x34"
    return b"\xff\xd8" + b"".join(more) + frame + scan + b"\xff\xd9"


def test_a_photo_is_kept_without_what_a_camera_adds():
    exif, comment = segment(0xE1, b"Exif\x00\x00GPS"), segment(0xFE, b"owner")
    adobe = segment(0xEE, b"Adobe")

    assert photos.cleaned(jpeg(1, 1, exif, adobe, comment) + b"<script>") == jpeg(1, 1, adobe)
    assert photos.cleaned(png(1, 1, png_chunk(b"tEXt", b"GPS")) + b"<script>") == png()
    assert photos.media_type(jpeg()) == "image/jpeg"
    assert photos.media_type(png()) == "image/png"


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"GIF89a", "只收 jpg、png"),
        (b"<svg/>", "只收 jpg、png"),
        (b"", "只收 jpg、png"),
        (b"\xff\xd8" + b"0" * photos.MAX_BYTES, "超过 8 MB"),
        (png()[:-4], "不完整"),
        (png().replace(b"IDAT", b"IDAX"), "已损坏"),
        (b"\x89PNG\r\n\x1a\n" + png_chunk(b"IEND", b""), "不完整"),
        (png(0), "边长"),
        (png(1, photos.MAX_SIDE + 1), "边长"),
        (jpeg(0), "边长"),
        (jpeg(1, photos.MAX_SIDE + 1), "边长"),
        (jpeg()[:-2], "不完整"),
        (jpeg()[:6], "不完整"),
        (b"\xff\xd8\x00\x00", "已损坏"),
        (b"\xff\xd8" + segment(0xDA, b"") + b"\xff\xd9", "不完整"),
    ],
)
def test_what_is_no_photo_is_refused(content, word):
    with pytest.raises(photos.BadPhoto, match=word):
        photos.cleaned(content)


# The act


@pytest.fixture
def facility(db):
    return make.facility()


@pytest.fixture
def case(facility):
    return door.case(facility)


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def registered(case, by, **changed):
    facts = {"items": (PHONE, BELT), "collector": "示例母", "relation": "母亲"}
    return actions.register_belongings(
        case=case, register=Register(**facts | changed), registered_at=LATER, by=by, at=LATER
    )


def test_register_belongings(case, officer):
    row = registered(case, officer, cash=Decimal("320"))

    facts = row.document.facts
    assert [one["name"] for one in facts["items"]] == ["手机", "皮带"]
    assert (facts["cash"], facts["collector"]) == ("叁佰贰拾元整", "示例母")
    row.refresh_from_db()
    assert (row.cash, row.collector, row.keeps) == (
        "320", {"name": "示例母", "relation": "母亲"}, True,
    )  # fmt: skip
    phone, belt = sheets.belongings_of(sheets.register_of(case))
    assert (phone.item["place"], phone.get_disposal_display(), phone.has_photo) == (
        "1 号柜", "代管", True,
    )  # fmt: skip
    assert (belt.disposal, belt.has_photo) == ("collected", False)
    item = CompletionItem.objects.get(case=case, duty="belongings")
    assert item.document == row.document
    owed = Deadline.objects.get(case=case, clock=clocks.KEPT)
    assert (owed.due_at, owed.owed_by, owed.satisfied_at) == (
        end_of(case.ends_on), "intake_officer", None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({"items": (), "nothing": True, "collector": "", "relation": ""}, False),
        ({"items": (BELT,)}, False),
        ({"items": (BELT,), "cash": Decimal(1)}, True),
    ],
    ids=["没有物品", "都交家属", "只有现金"],
)
def test_only_what_is_kept_is_owed(case, officer, changed, kept):
    row = registered(case, officer, **changed)

    assert row.keeps is kept
    assert Deadline.objects.filter(case=case, clock=clocks.KEPT).exists() is kept


def test_what_was_brought_is_sealed(case, officer):
    registered(case, officer, cash=Decimal("8765432"))

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT b::text || r::text FROM intake_belonging b, intake_belongingsregister r"
        )
        stored = "".join(row[0] for row in cursor.fetchall())

    assert not any(word in stored for word in ("手机", "示例母", "8765432", b"IHDR".hex()))


@pytest.mark.parametrize(
    ("role", "changed", "word"),
    [("clinician", {}, "不由您的岗位办理"), ("intake_officer", {"relation": ""}, "与本人关系")],
)
def test_register_belongings_refused(facility, case, role, changed, word):
    with pytest.raises(Refused, match=word):
        registered(case, make.officer(role, facility), **changed)

    assert not BelongingsRegister.objects.exists()
    assert not Belonging.objects.exists()
    assert not Document.objects.filter(template="belongings").exists()


def test_belongings_are_registered_once(case, officer):
    registered(case, officer)

    with pytest.raises(Refused, match=f"已由{officer.display_name}于"):
        registered(case, officer)

    assert Belonging.objects.count() == 2


def test_registering_is_one_with_its_event(case, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        registered(case, officer)

    assert not BelongingsRegister.objects.exists()


def test_hand_back_belongings(case, officer):
    registered(case, officer)

    row = actions.hand_back_belongings(case=case, by=officer, at=LATER)

    assert (row.handed_back_at, row.handed_back_by) == (LATER, officer)
    assert Deadline.objects.get(case=case, clock=clocks.KEPT).satisfied_at == LATER
    event = Event.objects.get(case=case, kind=Event.Kind.BELONGINGS_HANDED_BACK)
    assert event.facts == {"register": str(row.pk)}


def test_what_is_kept_is_owed_after_the_release_too(case, officer):
    registered(case, officer)

    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    deadlines.refresh([case])

    owed = Deadline.objects.filter(case=case, clock__startswith="intake.").open()
    assert [one.clock for one in owed] == [clocks.KEPT]


def test_hand_back_belongings_refused(facility, case, officer):
    nothing_kept = door.case(facility)
    registered(nothing_kept, officer, items=(BELT,))
    with pytest.raises(Refused, match="没有由本所代管的物品"):
        actions.hand_back_belongings(case=case, by=officer, at=LATER)
    with pytest.raises(Refused, match="没有由本所代管的物品"):
        actions.hand_back_belongings(case=nothing_kept, by=officer, at=LATER)
    registered(case, officer)
    actions.hand_back_belongings(case=case, by=officer, at=LATER)

    with pytest.raises(Refused, match=f"已由{officer.display_name}于 2026-11-21 13:00 发还"):
        actions.hand_back_belongings(case=case, by=officer, at=LATER)

    assert Event.objects.filter(kind=Event.Kind.BELONGINGS_HANDED_BACK).count() == 1


def test_what_was_kept_is_handed_back_by_somebody(case, officer):
    row = registered(case, officer)

    with pytest.raises(IntegrityError, match="handed_back_by_somebody"), transaction.atomic():
        BelongingsRegister.objects.filter(pk=row.pk).update(handed_back_at=LATER)


# The pages


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def address(case, act="create"):
    return reverse(f"intake:belongings-{act}", args=[case.number])


def filled(**changed):
    return {
        "registered_at": "2026-11-21 13:00",
        "item_1_name": "手机",
        "item_1_quantity": "1部",
        "item_1_disposal": "kept",
        "item_1_place": "1 号柜",
        "cash": "12.5",
    } | changed


def photo(content=None, name="手机.jpg"):
    return SimpleUploadedFile(name, content or jpeg(2, 2, segment(0xE1, b"GPS")))


def test_belongings_create(desk, case):
    listed = desk.get(reverse("intake:completion-record", args=[case.number])).content.decode()
    page = desk.get(address(case))
    answer = desk.post(address(case), filled(item_1_photo=photo()))
    detail = desk.get(answer.url).content.decode()

    assert address(case) in listed
    assert page.status_code == 200
    assert answer.url == address(case, "detail")
    kept = Belonging.objects.get()
    assert bytes(kept.photo) == jpeg(2, 2)
    listed = desk.get(reverse("intake:completion-record", args=[case.number])).content.decode()
    assert answer.url in listed
    url = reverse("intake:photo-detail", args=[kept.pk])
    assert url in detail
    assert "1 号柜" in detail
    assert "全部发还" in detail
    picture = desk.get(url)
    assert (picture.content, picture["Content-Type"]) == (jpeg(2, 2), "image/jpeg")
    assert (picture["X-Content-Type-Options"], picture["Cache-Control"]) == ("nosniff", "no-store")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"item_1_quantity": ""}, "“物品 1 数量”不能为空"),
        ({"item_1_name": ""}, "“物品 1 名称”不能为空"),
        ({"item_2_disposal": "sold"}, "“物品 2 处理”不在可选范围内"),
        ({"item_1_place": ""}, "请填写“存放处”"),
        ({"item_7_features": "黑色"}, "“物品 7 名称”不能为空"),
        ({"cash": "-1"}, "“现金（元）”不能小于 0"),
        ({"registered_at": "2026-11-21 13:01"}, "“登记时间”晚于现在"),
        ({"item_1_photo": "gif"}, "“物品 1 照片”：只收 jpg、png 照片。"),
        ({"item_1_photo": "svg"}, "“物品 1 照片”的文件类型不对"),
    ],
)
def test_belongings_refused_keeps_what_was_typed(desk, case, changed, word):
    files = {"gif": ("a.jpg", b"GIF89a"), "svg": ("a.svg", b"<svg/>")}
    sent = filled(**changed)
    if (kind := sent.get("item_1_photo")) in files:
        name, content = files[kind]
        sent["item_1_photo"] = SimpleUploadedFile(name, content)

    answer = desk.post(address(case), sent)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert word in page
    assert 'value="kept" selected' in page
    assert ("<details open>" in page) is ("item_7_features" in changed)
    assert not BelongingsRegister.objects.exists()


def test_somebody_with_nothing(desk, case):
    sent = {"registered_at": "2026-11-21 13:00", "nothing": "on"}

    answer = desk.post(address(case), sent)

    assert "没有登记物品" in desk.get(answer.url).content.decode()
    assert BelongingsRegister.objects.get().keeps is False


def test_belongings_return(desk, case):
    door.belongings(case, at=make.NOON)

    answer = desk.post(address(case, "return"))
    again = desk.post(address(case, "return"))

    assert answer.url == address(case, "detail")
    assert "已全部发还" in desk.get(answer.url).content.decode()
    assert again.status_code == 422
    assert "代管物品已由" in again.content.decode()


def test_before_the_register(desk, case):
    page = desk.get(address(case, "detail")).content.decode()

    assert "物品还没有登记" in page
    assert address(case) in page


def test_things_of_another_facility_are_not_found(desk):
    other = door.case(make.facility("T02"))
    phone = door.belongings(other).first()
    urls = [
        address(other), address(other, "detail"),
        reverse("intake:photo-detail", args=[phone.pk]),
    ]  # fmt: skip

    assert {desk.get(url).status_code for url in urls} == {404}
    assert desk.post(address(other, "return")).status_code == 404


def test_an_item_without_a_photo_has_none_to_show(desk, case):
    belt = door.belongings(case).last()

    assert desk.get(reverse("intake:photo-detail", args=[belt.pk])).status_code == 404


def test_a_zone_officer_looks_and_hands_nothing_back(client, case):
    door.belongings(case)
    client.force_login(make.officer("zone_officer", case.unit))

    page = client.get(address(case, "detail")).content.decode()

    assert "手机" in page
    assert "全部发还" not in page
    assert client.post(address(case, "return")).status_code == 403

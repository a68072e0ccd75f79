"""文书格式: worded by the bureau, looked at on an invented person, set from a day on."""

import re

import pytest
from django.urls import reverse

from rehab import scope
from rehab.clock import standing_at
from rehab.document_kinds import kind, kinds
from rehab.models import Bureau, Document, DocumentWording
from rehab.wording_forms import initial_of
from tests.factories import rehab as make
from tests.harness.forms import key_on


@pytest.fixture(autouse=True)
def _noon(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def approver():
    return make.officer("bureau_approver", make.bureau())


@pytest.fixture
def desk(client, approver):
    client.force_login(approver)
    return client


def typed(code="deferral", **changed):
    return initial_of(kind(code).wording) | {"effective_from": "2026-12-01"} | changed


def url(name, *args):
    return reverse(name, args=args)


def test_wording_list(desk):
    desk.post(url("wording-create", "rights"), typed("rights", effective_from="2026-11-21"))
    desk.post(url("wording-create", "deferral"), typed(effective_from="2026-11-21"))
    row = DocumentWording.objects.get(kind="rights")
    desk.force_login(make.officer("bureau_approver", make.bureau()))
    desk.post(url("wording-confirm", row.pk))

    page = desk.get(url("wording-list")).content.decode()

    assert all(one.title in page for one in kinds().values())
    assert page.count("本省第 1 版") == 1
    assert page.count("系统自带</span>") == len(kinds()) - 1


def test_wording_create(desk, approver):
    page = desk.get(url("wording-create", "deferral"))
    answer = desk.post(url("wording-create", "deferral"), typed(heading="暂缓接收通知书"))

    row = DocumentWording.objects.get()
    assert "再次移送" in page.content.decode()
    assert answer.url == url("wording-create", "deferral")
    assert (row.province, row.kind, row.language, row.set_by) == (
        approver.bureau, "deferral", "zh", approver,
    )  # fmt: skip
    assert row.parts["heading"] == "暂缓接收通知书"
    again = desk.get(url("wording-create", "deferral")).content.decode()
    assert "暂缓接收通知书" in again
    assert "第 1 版" in again


def as_sent(page, **changed):
    """The form as a browser sends it back, its lines ended as browsers end them."""
    opened = re.search(r'name="opened" value="([^"]+)"', page.content.decode())[1]
    kept = {name: text.replace("\n", "\r\n") for name, text in typed(**changed).items()}
    return kept | {"opened": opened}


def test_wording_create_asks_when_a_colleague_was_faster(desk):
    mine = as_sent(desk.get(url("wording-create", "deferral")), heading="暂缓接收通知书")
    desk.post(url("wording-create", "deferral"), typed(heading="暂停接收通知书"))

    asked = desk.post(url("wording-create", "deferral"), mine)

    page = asked.content.decode()
    assert asked.status_code == 409
    assert DocumentWording.objects.count() == 1
    assert all(words in page for words in ("暂缓接收通知书", "暂停接收通知书", "打开时的"))
    assert page.count('type="radio"') == 2  # no other field was touched


def test_wording_create_keeps_what_only_a_colleague_changed(desk):
    mine = as_sent(desk.get(url("wording-create", "deferral")), heading="暂缓接收通知书")
    colleague = typed(signers="接收民警\n移送的民警")
    assert desk.post(url("wording-create", "deferral"), colleague).status_code == 302

    done = desk.post(url("wording-create", "deferral"), mine)

    row = DocumentWording.objects.order_by("version").last()
    assert done.status_code == 302
    assert row.parts["heading"] == "暂缓接收通知书"
    assert (row.version, row.parts["signers"]) == (2, ["接收民警", "移送的民警"])
    assert "您打开后同事改过的内容予以保留：签名栏" in desk.get(done.url).content.decode()


def test_a_draft_of_a_wording_comes_back_whole(desk):
    page = desk.get(url("wording-create", "deferral"))
    half = typed(section_opening="今有{姓名}一案，")
    desk.post(url("draft-save"), half | {"form_key": key_on(page)})

    assert "今有{姓名}一案，" in desk.get(url("wording-create", "deferral")).content.decode()


def test_wording_confirm(desk):
    desk.post(url("wording-create", "deferral"), typed())
    row = DocumentWording.objects.get()
    own = desk.get(url("wording-create", "deferral")).content.decode()

    refused = desk.post(url("wording-confirm", row.pk))
    second = make.officer("bureau_approver", make.bureau())
    desk.force_login(second)
    page = desk.get(url("wording-create", "deferral")).content.decode()
    answer = desk.post(url("wording-confirm", row.pk))

    assert refused.status_code == 422
    assert "本人拟定的不能由本人确认" in refused.content.decode()
    assert "待确认" in own
    assert "确认第 1 版" not in own
    assert "确认第 1 版" in page
    assert answer.url == url("wording-create", "deferral")
    row.refresh_from_db()
    assert row.confirmed_by == second


@pytest.mark.parametrize("act", ["wording-create", "wording-preview"])
@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"section_opening": "有人来过。"}, "“事由”必须写明 {姓名}"),
        ({"number": "第{号}号"}, "“文号格式”须把"),
        ({"heading": ""}, "标题"),
        ({"signers": "\u202e民警"}, "字库中没有这些字"),
    ],
)
def test_a_wording_is_refused_and_nothing_typed_is_lost(desk, act, changed, said):
    answer = desk.post(url(act, "deferral"), typed(section_decision="改过的一段话") | changed)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "改过的一段话" in page
    assert not DocumentWording.objects.exists()


def test_a_wording_begins_no_earlier_than_today(desk):
    answer = desk.post(url("wording-create", "deferral"), typed(effective_from="2026-11-20"))

    assert answer.status_code == 422
    assert "“施行日期”早于今日" in answer.content.decode()


def test_wording_preview_keeps_nothing(desk):
    answer = desk.post(url("wording-preview", "deferral"), typed(heading="暂缓接收通知书"))

    assert answer["Content-Type"] == "application/pdf"
    assert not DocumentWording.objects.exists()
    assert not Document.objects.exists()


def test_a_translation_is_a_version_of_its_own(desk):
    page = desk.get(url("wording-create", "rights") + "?language=za").content.decode()
    body = typed("rights", language="za", heading="Cienzleix", effective_from="2026-11-21")
    preview = desk.post(url("wording-preview", "rights"), body)
    desk.post(url("wording-create", "rights"), body)

    assert "请把壮语译文填入各栏" in page
    assert "得到决定书" not in page  # no Chinese passes for a translation
    assert preview["Content-Type"] == "application/pdf"
    assert DocumentWording.objects.get().language == "za"
    shown = desk.get(url("wording-create", "rights") + "?language=za").content.decode()
    assert "Cienzleix" in shown
    assert "Cienzleix" not in desk.get(url("wording-create", "rights")).content.decode()


def test_a_kind_that_is_not_translated_stays_chinese(desk):
    desk.post(url("wording-create", "deferral"), typed(language="ug"))

    assert DocumentWording.objects.get().language == "zh"


def test_wording_detail(desk, client):
    desk.post(url("wording-create", "deferral"), typed())
    row = DocumentWording.objects.get()

    assert desk.get(url("wording-detail", row.pk))["Content-Type"] == "application/pdf"
    DocumentWording.objects.update(parts={})
    assert desk.get(url("wording-detail", row.pk)).status_code == 404
    client.force_login(make.officer("bureau_approver", make.bureau("示例乙省戒毒管理局")))
    assert client.get(url("wording-detail", row.pk)).status_code == 404


def test_a_kind_nobody_knows(desk):
    assert desk.get(url("wording-create", "diploma")).status_code == 404
    assert desk.post(url("wording-preview", "diploma")).status_code == 404


def test_only_a_province_words_its_papers(client):
    ministry = Bureau.objects.get(level=Bureau.Level.MINISTRY) if make.bureau() else None
    client.force_login(make.officer("bureau_approver", ministry))

    assert client.get(url("wording-list")).status_code == 404


def test_a_broken_version_is_not_what_is_begun_from(desk, approver):
    desk.post(url("wording-create", "deferral"), typed())
    DocumentWording.objects.update(parts={"heading": "坏"})

    page = desk.get(url("wording-create", "deferral"))

    assert kind("deferral").wording.heading in page.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_the_pages_take_no_more_queries_with_more_versions(
    desk, approver, django_assert_max_num_queries, count
):
    for version in range(1, count + 1):
        DocumentWording.objects.create(
            province=approver.bureau, kind="deferral", version=version,
            effective_from=make.NOON.date(), parts=kind("deferral").wording.parts(),
            set_by=approver, set_at=make.NOON,
        )  # fmt: skip

    with django_assert_max_num_queries(8):
        desk.get(url("wording-list"))
    with django_assert_max_num_queries(12):
        desk.get(url("wording-create", "deferral"))

"""人员合并 on the page: the two side by side before each act, and no more of the other than one may know."""

import pytest
from django.urls import reverse

from rehab.ledgers import deadlines
from rehab.models import MatchCall, PersonMerge
from rehab.selectors import merge_pages
from rehab.states import MergeStatus
from tests.factories import merging as same
from tests.factories import rehab as make
from tests.factories.merging import BORN, LATER, NUMBER, confirm, merged, propose, undo


@pytest.fixture
def desk(client, two):
    """The intake officer's."""
    client.force_login(two.proposer)
    return client


@pytest.fixture
def head(client, two):
    """The leader's."""
    client.force_login(two.leader)
    return client


def url(name, *args):
    return reverse(f"rehab:merge-{name}", args=args)


def sent(two, **changed):
    return {
        "other": two.elsewhere.number, "reason": "指纹一致", "take_name": "absorbed",
        "take_address": "kept", "compared": "on", "seen": two.elsewhere.number,
    } | changed  # fmt: skip


def test_merge_create(desk, two):
    page = url("create", two.here.number)
    assert "核对" in desk.get(page).content.decode()

    compared = desk.post(page, {"other": two.elsewhere.number, "reason": "指纹一致"})

    assert compared.status_code == 422
    assert not PersonMerge.objects.exists()
    assert not compared.context["form"].errors  # he only looked
    assert compared.context["form"]["reason"].value() == "指纹一致"
    assert compared.context["form"]["take_name"].value() == "absorbed"  # as the newest papers say
    unticked = desk.post(page, sent(two, compared=""))
    assert unticked.context["form"].errors.keys() == {"compared"}
    done = desk.post(page, sent(two))
    merge = PersonMerge.objects.get()
    assert done.url == merge.get_absolute_url()
    assert (merge.chosen, merge.reason) == (["name"], "指纹一致")


def test_merge_create_tells_no_more_than_whether_it_agrees(desk, two):
    answer = desk.post(url("create", two.here.number), {"other": NUMBER, "reason": "指纹一致"})

    page = answer.content.decode()
    for hidden in ("示例旧名", "示例旧址", two.elsewhere.number):
        assert hidden not in page
    assert NUMBER not in page.replace(f'value="{NUMBER}"', "")  # what he typed himself stays
    assert "示***" in page
    assert "不在本人查阅范围" in page
    assert "在该所，值班电话 0000-0000000" in page
    lines = {line.field: line for line in answer.context["preview"].lines}
    assert (lines["name"].verdict, lines["birth_date"].verdict) == ("不一致", "一致")
    assert (lines["birth_date"].kept, lines["sex"].kept) == ("已登记", "已登记")
    assert (lines["id_number"].kept, lines["id_number"].verdict) == (
        "已登记（封存）",
        "只有一份登记",
    )
    assert lines["address"].stands == "按并入的登记"
    assert (lines["birth_date"].stands, lines["sex"].stands) == ("1990-03-07", "男")
    assert lines["ethnicity"].stands == "回族"
    assert MatchCall.objects.get(purpose="merge").by_number


def test_merge_create_takes_no_tick_for_what_was_not_seen(desk, two, elsewhere):
    """The other was changed after the two had stood side by side."""
    another = same.finished(elsewhere, birth_date=BORN, entered_at=make.at(2025, 11, 1))

    answer = desk.post(url("create", two.here.number), sent(two, other=another.number))

    assert answer.status_code == 422
    assert not answer.context["form"].errors
    assert not PersonMerge.objects.exists()


def test_merge_create_shows_what_is_within_reach(client, facility):
    was = same.finished(facility, name="示例旧名", id_number=NUMBER, birth_date=BORN)
    here = make.case(facility, person=make.person_facts(name="示例新名", birth_date=BORN))
    client.force_login(make.officer("intake_officer", facility))

    answer = client.get(f"{url('create', here.number)}?with={was.number}")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "示例旧名" in page
    assert "1990-03-07" in page
    assert "9901**********0019" in page
    assert was.number in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param("T99-2026-0001", "没有这个档案编号或者公民身份号码", id="没有"),
        pytest.param("\0示例\0", "没有这个档案编号或者公民身份号码", id="乱写"),
        pytest.param("T01-2026-0001", "就是此人自己的编号", id="自己"),
    ],
)
def test_merge_create_of_nobody_else(desk, two, words, said):
    answer = desk.post(url("create", two.here.number), {"other": words, "reason": "指纹一致"})

    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_merge_create_of_somebody_merged_while_the_page_was_on_its_way(two, facility):
    merged(two)
    third = same.finished(facility, birth_date=BORN, days=1)

    asked = merge_pages.asked_for(
        two.here, third.number, sent=None, user=two.proposer, on=make.NOON.date()
    )

    assert "此间已经合并" in str(asked.obstacles[0])


def test_merge_create_refused(desk, two):
    propose(two)

    answer = desk.post(url("create", two.here.number), sent(two))

    assert answer.status_code == 422
    assert "已提请合并其中一份登记" in answer.content.decode()
    assert PersonMerge.objects.count() == 1


def test_merge_create_asks_about_stays_at_one_time(desk, two, elsewhere):
    """The other was still there when he was received here."""
    at_once = same.finished(elsewhere, birth_date=BORN, entered_at=make.at(2026, 9, 1))
    page = url("create", two.here.number)
    typed = sent(two, other=at_once.number, seen=at_once.number, take_other_document="kept")

    asked = desk.post(page, typed)
    assert "answer_overlap" in asked.context["form"].errors
    desk.post(page, typed | {"answer_overlap": "冒名"})

    event = two.here.events.get(kind="merge_proposed")
    assert event.words["overlap"] == "冒名"


def test_leader_reads_the_answer_before_he_confirms(head, two, elsewhere):
    at_once = same.finished(elsewhere, birth_date=BORN, entered_at=make.at(2026, 9, 1))
    merge = propose(two, other=at_once.person_id, answers={"overlap": "前次冒用他人姓名"})

    page = head.get(merge.get_absolute_url()).content.decode()

    asked, said = page.index("同一人不会同时在两处"), page.index("答复：前次冒用他人姓名")
    assert asked < said


def test_merge_list_and_detail(head, two):
    merge = propose(two)

    assert merge.get_absolute_url() in head.get(url("list")).content.decode()
    assert merge.get_absolute_url() not in (
        head.get(f"{url('list')}?status=merged").content.decode()
    )
    page = head.get(merge.get_absolute_url()).content.decode()
    assert "确认合并" in page
    assert "示例旧名" not in page
    assert "示例新名" in page
    assert "指纹一致" in page


def test_merge_confirm(head, two):
    merge = propose(two)
    assert "确认合并" in head.get(url("confirm", merge.pk)).content.decode()

    done = head.post(url("confirm", merge.pk))

    assert done.url == merge.get_absolute_url()
    merge.refresh_from_db()
    assert merge.status == MergeStatus.MERGED
    page = head.get(done.url).content.decode()
    assert "可撤销至" in page
    assert "2026-12-21" in page
    assert "撤销合并" in page
    assert "2026-12-21" in head.get(url("list")).content.decode()


def test_merge_confirm_refused(head, two):
    merge = merged(two)

    answer = head.post(url("confirm", merge.pk))

    assert answer.status_code == 422
    assert "此件已合并，不能再确认" in answer.content.decode()


def test_merge_return(head, two):
    merge = propose(two)
    refused = head.post(url("return", merge.pk), {"reason": ""})
    assert refused.status_code == 422

    head.post(url("return", merge.pk), {"reason": "照片不符"})

    merge.refresh_from_db()
    assert (merge.status, merge.return_reason) == (MergeStatus.RETURNED, "照片不符")
    assert "照片不符" in head.get(merge.get_absolute_url()).content.decode()


def test_merge_withdraw(desk, two):
    merge = propose(two)
    page = desk.get(merge.get_absolute_url()).content.decode()
    assert url("withdraw", merge.pk) in page
    assert url("confirm", merge.pk) not in page

    desk.post(url("withdraw", merge.pk))

    merge.refresh_from_db()
    assert merge.status == MergeStatus.WITHDRAWN
    assert "撤回" in desk.get(merge.get_absolute_url()).content.decode()


def test_merge_undo_is_one_press(head, two):
    merge = merged(two)
    form = head.get(merge.get_absolute_url()).context["undo"]

    done = head.post(url("undo", merge.pk), {"reason": form["reason"].value()})

    assert done.url == merge.get_absolute_url()
    merge.refresh_from_db()
    assert (merge.status, merge.undo_reason) == (MergeStatus.UNDONE, "经核实不是同一人")
    assert "撤销理由" in head.get(done.url).content.decode()


def test_merge_undo_asks_whose_a_later_case_is(head, two, facility):
    merge = merged(two)
    two.here.refresh_from_db()
    same.cases.close_case(case=two.here, to="released", at=LATER)
    again = make.case(
        facility, known_person=two.elsewhere.person_id, entered_at=LATER,
        person=make.person_facts(address="示例再来址"),
    )  # fmt: skip

    page = head.get(merge.get_absolute_url()).content.decode()
    assert "在示T01收治的档案归" in page
    assert "合并后又登记、更正过 其他证件、现住址" in page
    refused = head.post(url("undo", merge.pk), {"reason": "不是同一人"})
    assert refused.status_code == 422
    head.post(url("undo", merge.pk), {"reason": "不是同一人", f"whose_{again.pk.hex}": "absorbed"})

    again.refresh_from_db()
    assert again.person_id == merge.absorbed_id


def test_merge_undo_after_its_days(head, two):
    merge = merged(two)
    PersonMerge.objects.filter(pk=merge.pk).update(decided_at=make.at(2026, 10, 1))

    page = head.get(merge.get_absolute_url())
    answer = head.post(url("undo", merge.pk), {"reason": "不是同一人"})

    assert "合并已超过 30 日（至 2026-10-31）" in page.content.decode()
    assert answer.status_code == 422
    assert head.get(url("undo", merge.pk)).status_code == 200


def test_merge_undo_of_what_was_never_merged(head, two):
    merge = propose(two)

    answer = head.get(url("undo", merge.pk))

    assert "没有可以撤销的合并" in answer.content.decode()


def test_page_of_a_proposal_whose_other_was_merged_meanwhile(head, two):
    merge = propose(two)
    case = two.elsewhere
    type(case.person).objects.filter(pk=case.person_id).update(merged_into=two.here.person_id)
    type(case).objects.filter(pk=case.pk).update(person=two.here.person_id)

    page = head.get(merge.get_absolute_url())

    assert "此间已经合并" in page.content.decode()


def test_page_of_a_merge_whose_kept_one_was_merged_on(head, two, facility):
    first = merged(two)
    before = same.LONG_AGO.replace(year=2023)
    third = same.finished(
        make.facility("T04"), id_number="990100199003070035", birth_date=BORN, entered_at=before
    )
    PersonMerge.objects.filter(pk=first.pk).update(decided_at=LATER)
    kept = first.kept
    type(kept).objects.filter(pk__in=[kept.pk, first.absorbed_id]).update(
        merged_into=third.person_id
    )
    type(third).objects.filter(person=kept).update(person=third.person_id)

    page = head.get(first.get_absolute_url())

    assert page.status_code == 200
    assert page.context["preview"].parting is None


def test_merge_of_another_house_is_not_found(client, two, elsewhere):
    merge = propose(two)
    client.force_login(make.officer("facility_leader", elsewhere))

    for name in ("detail", "confirm", "return", "undo"):
        assert client.get(url(name, merge.pk)).status_code == 404
    assert merge.get_absolute_url() not in client.get(url("list")).content.decode()


def test_case_page_leads_to_the_merge(desk, two):
    page = desk.get(f"{two.here.get_absolute_url()}?tab=history").content.decode()
    assert url("create", two.here.number) in page

    undo(confirm(propose(two), two.leader), two.leader)
    said = desk.get(two.here.get_absolute_url()).content.decode()
    assert "两份登记合为一人" in said
    changed = desk.get(f"{two.here.get_absolute_url()}?tab=changes").content.decode()
    assert "人员登记" in changed
    assert f"…{str(two.here.person_id)[-8:]}" in changed


def test_merge_preview(head, two):
    """No clock of the house depends on the person; the page says what the trial found."""
    merge = propose(two)

    page = head.get(url("preview", merge.pk))

    assert "没有应办事项因此变动" in page.content.decode()
    assert (
        not type(two.here)
        .objects.filter(person=two.elsewhere.person_id)
        .exclude(pk=two.elsewhere.pk)
    )
    confirm(merge, two.leader)
    assert head.get(url("preview", merge.pk)).status_code == 404


def test_merge_preview_tells_what_would_move(two):
    due = make.at(2026, 12, 1)
    moves = [
        deadlines.Move(two.here.pk, "zones.move", None, due),
        deadlines.Move(two.elsewhere.pk, "zones.move", due, None),
    ]
    lines = merge_pages.moved(moves, two.leader)

    assert [(one.case, one.before, one.after) for one in lines] == [
        (two.here, None, due), (None, due, None),
    ]  # fmt: skip


def test_merge_preview_of_what_was_merged_meanwhile(head, two):
    merge = propose(two)
    case = two.elsewhere
    type(case.person).objects.filter(pk=case.person_id).update(merged_into=two.here.person_id)
    type(case).objects.filter(pk=case.pk).update(person=two.here.person_id)

    assert "此间已经合并" in head.get(url("preview", merge.pk)).content.decode()


def test_leader_finds_what_waits_on_his_home_and_in_his_notices(head, two):
    assert "待确认的人员合并" not in head.get("/").content.decode()

    merge = propose(two)

    assert "待确认的人员合并 1 件" in head.get("/").content.decode()
    assert merge.get_absolute_url() in head.get(reverse("reporting:notice-list")).content.decode()

"""The list kernel: what the address asks for, the way back, what is taken out, and lists that are kept."""

import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import RequestFactory

from rehab import lists, scope
from rehab.actions.lists import MOST, drop_list, save_list
from rehab.clock import standing_at
from rehab.columns import Column
from rehab.lists import answers
from rehab.models import ListTaking, SavedList
from rehab.refusal import Refused
from rehab.states import Stage
from rehab.web import see
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db
CASES, NOTICES = "/cases/", "/notices/"
SAVED, SAVE = "/lists/", "/lists/new/"


@pytest.fixture
def facility():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield make.facility(beds=8)


@pytest.fixture
def officer(facility):
    return make.officer("facility_leader", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


# The way back


def test_acts_lead_back_to_the_list_as_it_was_left(desk, facility, rf):
    make.case(facility)
    desk.get(CASES, {"stage": "01", "sort": "-ends"})
    request = rf.post("/somewhere/")
    request.COOKIES["list"] = desk.cookies["list"].value

    assert see(request, "reporting:case-list")["Location"] == "/cases/?stage=01&sort=-ends"
    assert see(request, "reporting:notice-list")["Location"] == "/notices/"


@pytest.mark.parametrize(
    "left", ["/cases/?a=\n1", "//elsewhere/cases/", "https://elsewhere/cases/"]
)
def test_a_cookie_that_was_tampered_with_leads_nowhere(left, rf):
    request = rf.post("/somewhere/")
    request.COOKIES["list"] = left

    assert see(request, "reporting:case-list")["Location"] == "/cases/"


def test_page_of_one_person_leads_back_to_the_list(desk, facility):
    case = make.case(facility)
    before = desk.get(case.get_absolute_url()).content.decode()
    desk.get(CASES, {"stage": "01"})

    after = desk.get(case.get_absolute_url()).content.decode()

    assert "返回名单" not in before
    assert re.search(r'href="/cases/\?stage=01"[^>]*>.*返回名单', after)
    assert "返回名单" not in desk.get("/").content.decode()
    assert "返回名单" not in desk.get(CASES).content.decode()


def test_the_way_back_never_leaves_the_house(desk, facility):
    case = make.case(facility)
    desk.cookies["list"] = "https://elsewhere/cases/"

    assert "elsewhere" not in desk.get(case.get_absolute_url()).content.decode()


def test_an_address_that_is_too_long_is_not_kept(desk):
    answer = desk.get(CASES, {"x": "y" * answers.LONGEST_ADDRESS})

    assert answer.status_code == 200
    assert "list" not in answer.cookies


# Taken out


def test_taking_a_list_out_is_recorded(desk, officer, facility):
    make.case(facility)
    make.case(facility)

    desk.get(CASES)
    desk.get(CASES, {"stage": "01", "as": "xlsx"})
    desk.get(CASES, {"stage": "04", "as": "print"})

    taken = ListTaking.objects.order_by("at").values_list("user", "title", "address", "way", "rows")
    assert list(taken) == [
        (officer.pk, "戒毒人员名单", "/cases/?stage=01&as=xlsx", "xlsx", 2),
        (officer.pk, "戒毒人员名单", "/cases/?stage=04&as=print", "print", 0),
    ]


def test_what_was_taken_out_stays_on_record(desk, facility):
    desk.get(CASES, {"as": "print"})

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        ListTaking.objects.all().delete()


@pytest.mark.parametrize(("way", "verb"), [("xlsx", "导出"), ("print", "打印")])
def test_too_many_rows_are_not_taken_out(way, verb, desk, facility, monkeypatch):
    make.case(facility)
    make.case(facility)
    monkeypatch.setattr(answers, "AT_MOST", {way: 1})

    answer = desk.get(CASES, {"stage": "01", "as": way})

    assert answer.status_code == 422
    assert f"一次最多{verb} 1" in answer.content.decode()
    assert 'href="/cases/?stage=01"' in answer.content.decode()
    assert not ListTaking.objects.exists()


def test_whoever_may_not_export_may_not(client, facility):
    client.force_login(make.officer("system_admin", facility.province))

    assert client.get(NOTICES, {"as": "xlsx"}).status_code == 403
    assert client.get(NOTICES, {"as": "print"}).status_code == 200
    assert client.get(NOTICES, {"as": "nonsense"}).context["list"].workbook_url == ""
    assert ListTaking.objects.count() == 1


def test_paper_lies_across_where_the_list_is_wide(desk):
    assert 'class="paper across"' in desk.get(CASES, {"as": "print"}).content.decode()
    assert 'class="paper"' in desk.get("/notices/", {"as": "print"}).content.decode()


# Order and filters


def test_heads_turn_the_order_round(desk, facility):
    first, then = (
        desk.get(CASES, {"stage": "01", "page": "1", **order}).content.decode()
        for order in ({"sort": "ends"}, {"sort": "-ends"})
    )

    # an empty list has no head
    assert "aria-sort" not in first
    make.case(facility)
    first, then = (
        desk.get(CASES, {"stage": "01", "page": "1", **order}).content.decode()
        for order in ({"sort": "ends"}, {"sort": "-ends"})
    )
    assert 'aria-sort="ascending"' in first
    assert 'href="?stage=01&amp;sort=-ends"' in first
    assert 'aria-sort="descending"' in then
    assert 'href="?stage=01&amp;sort=ends"' in then
    assert 'name="sort" value="-ends"' in then  # a new filter keeps the order


@pytest.mark.parametrize("word", ["nothing", "-", "person__id_index", "\0", "--ends"])
def test_an_order_that_means_nothing_orders_nothing(word, desk, facility):
    make.case(facility)

    answer = desk.get(CASES, {"sort": word})

    assert answer.status_code == 200
    assert "aria-sort" not in answer.content.decode()


def test_rows_without_the_value_come_last_both_ways(desk, facility):
    inside = make.case(facility)
    outside = make.case(facility)
    type(outside).objects.filter(pk=outside.pk).update(zone=None)

    for order in ("zone", "-zone"):
        assert [row.pk for row in desk.get(CASES, {"sort": order}).context["lines"]] == [
            inside.pk,
            outside.pk,
        ]


def test_python_rows_are_ordered_like_those_of_the_database():
    listing = lists.Listing(
        "示例", "件", "示例",
        (Column("甲", lambda row, user: "", key="a", order=("a",)),),
    )  # fmt: skip
    rows = [_Row(2), _Row(None), _Row(1)]

    def ordered(word):
        request = RequestFactory().get("/", {"sort": word})
        request.user = None
        return [row.a for row in lists.listed(request, listing, rows).rows]

    assert ordered("a") == [1, 2, None]
    assert ordered("-a") == [2, 1, None]
    assert ordered("b") == [2, None, 1]


class _Row:
    def __init__(self, a):
        self.a = a


# Lists that are kept


def save(desk, **changed):
    return desk.post(
        SAVE, {"name": "本周到期", "list": "/cases/?presence=ending&page=2&as=print"} | changed
    )


def test_saved_list(desk, officer):
    answer = save(desk, shared="on")

    kept = SavedList.objects.get()
    assert answer["Location"] == kept.address == "/cases/?presence=ending"
    assert (kept.name, kept.shared, kept.posting) == ("本周到期", True, officer.posting)
    page = desk.get(SAVED, {"list": "/cases/"}).content.decode()
    assert "本周到期" in page
    assert str(kept) == "本周到期"
    assert "其他页面" not in page
    assert "其他页面" in desk.get(SAVED, {"list": "/notices/"}).content.decode()


def test_saved_lists_open_beside_the_list(desk):
    fragment = desk.get(SAVED, {"list": CASES}, headers={"HX-Request": "true"})

    assert "<html" not in fragment.content.decode()
    assert 'value="/cases/"' in fragment.content.decode()
    assert (
        "/lists/?list=%2Fcases%2F%3Fstage%3D01" in desk.get(CASES, {"stage": "01"}).content.decode()
    )


def test_saved_lists_without_a_list_offer_no_saving(desk):
    page = desk.get(SAVED).content.decode()

    assert "还没有常用名单" in page
    assert "存为" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "“名称”不能为空"),
        ({"name": "长" * 31}, "“名称”最多 30 个字"),
        ({"list": "/nowhere/"}, "不是本系统的名单"),
        ({"list": "https://elsewhere/cases/"}, "不是本系统的名单"),
        ({"list": "//elsewhere/cases/"}, "不是本系统的名单"),
        ({"list": "//[/cases/"}, "不是本系统的名单"),
        ({"list": "/cases/?x=" + "长" * 100}, "筛选太长"),
    ],
)
def test_saved_list_refused(changed, sentence, desk):
    answer = save(desk, **changed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not SavedList.objects.exists()


def test_saved_list_of_a_name_that_is_taken(desk):
    save(desk)

    answer = save(desk)

    assert answer.status_code == 422
    assert "已有名为“本周到期”的常用名单" in answer.content.decode()
    assert SavedList.objects.count() == 1


def test_saved_lists_are_not_kept_without_end(officer):
    facts = {"path": CASES, "query": "", "shared": False, "by": officer, "at": make.NOON}
    for number in range(MOST):
        save_list(name=str(number), **facts)

    with pytest.raises(Refused, match="最多"):
        save_list(name="又一个", **facts)


def test_saved_list_is_of_a_post(officer):
    officer.posting = None

    with pytest.raises(Refused, match="岗位"):
        save_list(name="x", path=CASES, query="", shared=False, by=officer, at=make.NOON)


def test_saved_list_is_shared_with_the_same_place_alone(facility, officer):
    detox, reentry = make.unit(facility, Stage.DETOX), make.unit(facility, Stage.REENTRY)
    first = make.officer("zone_officer", detox)
    for name, shared in (("共用", True), ("自用", False)):
        save_list(name=name, path=CASES, query="", shared=shared, by=first, at=make.NOON)

    def seen(user):
        return {one.name for one in SavedList.objects.visible_to(user)}

    assert seen(first) == {"共用", "自用"}
    assert seen(make.officer("zone_leader", detox)) == {"共用"}
    assert seen(make.officer("zone_officer", reentry)) == set()
    assert seen(officer) == set()
    assert seen(make.officer("zone_officer", make.unit(make.facility("T02"), Stage.DETOX))) == set()
    first.posting = None
    assert seen(first) == {"共用", "自用"}


def test_saved_list_is_dropped_by_whoever_made_it(client, facility, officer):
    kept = save_list(name="共用", path=CASES, query="", shared=True, by=officer, at=make.NOON)
    client.force_login(make.officer("facility_leader", facility))
    refused = client.post(f"/lists/{kept.pk}/drop/")
    client.force_login(make.officer("facility_leader", make.facility("T02")))
    unseen = client.post(f"/lists/{kept.pk}/drop/")
    client.force_login(officer)

    done = client.post(f"/lists/{kept.pk}/drop/")

    assert (refused.status_code, unseen.status_code) == (422, 404)
    assert "只有保存的人可以删去" in refused.content.decode()
    assert (done.status_code, SavedList.objects.count()) == (302, 0)
    with pytest.raises(Refused):
        drop_list(saved=kept, by=make.officer("facility_leader", facility))


def test_lists_are_kept_by_the_web_role_for_its_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('rehab_savedlist', 'DELETE')")
        assert cursor.fetchone() == (True,)

"""What is typed is kept, and what is sent is done once; on real pages, since that is what it is for."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from intake.models import Arrival, Roster
from rehab import clock, drafts, form_keys, scope, submissions, tasks
from rehab.clock import standing_at
from rehab.drafts import Drafts
from rehab.form_keys import FormKey
from rehab.keys import new_key
from rehab.models import Draft, Event, Submission
from rehab.states import Stage
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as rooms
from tests.harness.forms import drafts_of, key_on, keys_on, submissions_of

DESK = "/intake/arrivals/new/"
PERSON = {"name": "示例某", "sex": "1"}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


def key_of(user, page=DESK, form=""):
    return FormKey(new_key(), user.pk, page, form)


# Keys


def test_a_key_is_read_as_it_was_written(officer):
    key = key_of(officer, form="a")

    assert form_keys.read(str(key)) == key


@pytest.mark.parametrize("text", [None, "", "x", "x" * 400, "W10:1:示"])
def test_a_key_that_is_not_ours_is_none(text):
    assert form_keys.read(text) is None


def test_a_key_of_four_days_ago_is_none(officer, monkeypatch):
    text = str(key_of(officer))

    monkeypatch.setattr(signing.time, "time", lambda: 10_000_000_000.0)

    assert form_keys.read(text) is None


# Drafts


def test_draft_save(desk, officer):
    answer = desk.post("/drafts/", PERSON | {"form_key": key_on(desk.get(DESK))})

    assert answer.status_code == 204
    assert drafts_of(officer) == [{"name": ["示例某"], "sex": ["1"]}]


def test_draft_save_keeps_no_password(desk, officer):
    desk.post(
        "/drafts/", {"form_key": key_on(desk.get(DESK)), "new_password": "秘密", "name": "示例某"}
    )

    assert drafts_of(officer) == [{"name": ["示例某"]}]


@pytest.mark.parametrize(
    "sent",
    [PERSON, {}, {"form_key": "x", **PERSON}],
    ids=["无凭据", "空", "凭据不实"],
)
def test_draft_save_of_what_is_no_draft(desk, officer, sent):
    assert desk.post("/drafts/", sent).status_code == 400
    assert drafts_of(officer) == []


@pytest.mark.parametrize("name", ["长" * 200_001, ""], ids=["过长", "没有内容"])
def test_draft_save_of_too_much_or_nothing(desk, officer, name):
    sent = {"form_key": key_on(desk.get(DESK))} | ({"name": name} if name else {})

    assert desk.post("/drafts/", sent).status_code == 400
    assert drafts_of(officer) == []


@pytest.mark.parametrize("form", [None, "x" * 120], ids=["不填内容的表单", "名称过长"])
def test_a_form_that_keeps_no_draft(officer, form):
    key = key_of(officer, form=form)

    assert not drafts.keep(form_key=key, sent=QueryDict("name=1"), at=make.NOON)
    drafts.forget(form_key=key)
    assert drafts_of(officer) == []


def test_draft_drop(desk, officer):
    desk.post("/drafts/", PERSON | {"form_key": key_on(desk.get(DESK))})
    restored = desk.get(DESK)

    answer = desk.post("/drafts/drop/", {"form_key": keys_on(restored)[0]})

    assert "弃用草稿" in restored.content.decode()
    assert (answer.status_code, answer["Location"]) == (302, DESK)
    assert drafts_of(officer) == []
    assert "示例某" not in desk.get(DESK).content.decode()


def test_draft_drop_without_a_key(desk):
    assert desk.post("/drafts/drop/").status_code == 400


def test_a_draft_is_old_after_three_days(officer):
    key = key_of(officer)
    saved = clock.real_now() - timedelta(hours=72)
    drafts.keep(form_key=key, sent=QueryDict("name=1"), at=saved)

    with scope.within(scope.Scope(actor=str(officer.pk))):
        young = Drafts(user_id=officer.pk, page=DESK, at=saved + timedelta(hours=71, minutes=59))
        old = Drafts(user_id=officer.pk, page=DESK, at=saved + timedelta(hours=72))

        assert (young.of(""), young.restored_at) == ({"name": ["1"]}, saved)
        assert (old.of(""), old.restored_at) == (None, None)


def test_the_moved_day_of_a_demo_ages_no_draft(desk, officer):
    desk.post("/drafts/", PERSON | {"form_key": key_on(desk.get(DESK))})

    with standing_at(make.NOON + timedelta(days=400)):
        assert "示例某" in desk.get(DESK).content.decode()


def test_nightly_forgets_what_is_old_and_nothing_else(officer):
    now = clock.real_now()
    for page, age in (("/a/", 73), ("/b/", 71)):
        at = now - timedelta(hours=age)
        key = key_of(officer, page)
        with scope.within(scope.Scope(actor=str(officer.pk))):
            drafts.keep(form_key=key, sent=QueryDict("name=1"), at=at)
            submissions.claim(form_key=key, digest="", at=at)

    with scope.within(scope.NOBODY):
        assert tasks.nightly()["forgotten"] == 2
        assert drafts.sweep(at=now + timedelta(days=30)) == 0  # the young ones stay, whoever asks

    with scope.within(scope.Scope(actor=str(officer.pk))):
        assert (Draft.objects.get().key, Submission.objects.count()) == ("/b/#", 1)


# A session that ends


@pytest.mark.parametrize("url", [DESK, "/drafts/"], ids=["提交", "自动保存"])
def test_a_form_sent_after_its_session_is_kept(desk, officer, url):
    key = key_on(desk.get(DESK))
    desk.cookies.clear()

    answer = desk.post(url, PERSON | {"form_key": key})
    door_page = desk.get(answer["Location"]).content.decode()
    signed_in = desk.post(
        "/login/", {"username": officer.username, "password": make.PASSWORD, "next": DESK}
    )

    assert answer["Location"] == f"/login/?next={DESK}&kept=1"
    assert "您填的内容已存为草稿" in door_page
    assert "示例某" not in door_page
    assert Arrival.objects.count() == 0
    assert signed_in["Location"] == DESK
    page = desk.get(DESK).content.decode()
    assert 'value="示例某"' in page
    assert "已恢复" in page


def test_a_form_sent_after_its_session_by_htmx_leads_to_the_door(desk):
    key = key_on(desk.get(DESK))
    desk.cookies.clear()

    answer = desk.post(DESK, PERSON | {"form_key": key}, headers=HTMX)

    assert answer["HX-Redirect"] == f"/login/?next={DESK}&kept=1"


def test_a_colleague_who_signs_in_finds_no_draft(desk, facility):
    key = key_on(desk.get(DESK))
    desk.cookies.clear()
    desk.post(DESK, PERSON | {"form_key": key})

    desk.force_login(make.officer("intake_officer", facility))

    assert "示例某" not in desk.get(DESK).content.decode()


def test_a_form_without_a_key_leads_back_to_where_it_stood(client, db):
    headers = {"Referer": "http://testserver/notices/?page=2"}

    assert client.post("/notices/read/", headers=headers)["Location"] == (
        "/login/?next=/notices/%3Fpage%3D2"
    )


@pytest.mark.parametrize("referer", [{}, {"Referer": "https://elsewhere.example/x/"}])
def test_a_form_from_nowhere_leads_to_the_door(client, db, referer):
    assert client.post("/notices/read/", headers=referer)["Location"] == "/login/"


def test_a_fragment_after_the_session_leads_back_to_the_page_around_it(client, db):
    headers = HTMX | {"HX-Current-URL": "http://testserver/cases/?zone=1"}

    answer = client.get("/cases/", headers=headers)

    assert answer["HX-Redirect"] == "/login/?next=/cases/%3Fzone%3D1"


# Once


def test_the_same_form_twice_is_one_act_and_the_same_answer(desk, officer):
    sent = PERSON | {"form_key": key_on(desk.get(DESK))}

    first, second = desk.post(DESK, sent), desk.post(DESK, sent)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first["Location"] == second["Location"]
    assert Arrival.objects.count() == 1
    assert submissions_of(officer) == 1


def test_the_answer_says_again_what_it_said(desk, facility, officer):
    arrival = door.arrival(facility, by=officer)
    url = reverse("intake:arrival-defer", args=[arrival.pk])
    sent = {"reason": "材料不齐", "form_key": key_on(desk.get(url))}
    desk.post(url, sent)
    said = f"{arrival.name}：暂不接收"
    assert desk.get("/intake/arrivals/").content.decode().count(said) == 1
    assert said not in desk.get("/intake/arrivals/").content.decode()

    answer = desk.post(url, sent, headers=HTMX)

    assert answer["HX-Redirect"].startswith("/intake/arrivals/")
    assert desk.get("/intake/arrivals/").content.decode().count(said) == 1
    assert Event.objects.filter(kind=Event.Kind.ARRIVAL_DEFERRED).count() == 1


def test_a_refused_form_may_be_sent_again(desk, officer):
    key = key_on(desk.get(DESK))

    refused = desk.post(DESK, {"name": "", "sex": "1", "form_key": key})
    again = desk.post(DESK, {"name": "", "sex": "1", "form_key": key})
    done = desk.post(DESK, PERSON | {"form_key": key})

    assert (refused.status_code, again.status_code, done.status_code) == (422, 422, 302)
    assert key_on(refused) != key
    assert Arrival.objects.count() == 1


def test_the_same_form_with_other_contents_asks_first(desk):
    key = key_on(desk.get(DESK))
    desk.post(DESK, PERSON | {"form_key": key})
    other = PERSON | {"name": "示例乙", "form_key": key}

    asked = desk.post(DESK, other)

    assert asked.status_code == 409
    page = asked.content.decode()
    assert "这张表已经提交过一次" in page
    assert 'name="name" value="示例乙"' in page
    assert Arrival.objects.count() == 1
    on_purpose = desk.post(DESK, other | {"form_key": key_on(asked)})
    assert on_purpose.status_code == 302
    assert Arrival.objects.count() == 2


def test_the_same_form_with_another_file_asks_first(desk):
    page = "/intake/rosters/new/"
    roster = (Path(__file__).parents[1] / "data" / "roster-60-clean.xlsx").read_bytes()
    key = key_on(desk.get(page))

    def upload(content):
        file = SimpleUploadedFile("名册.xlsx", content)
        return desk.post(page, {"as_of": "2026-11-21", "file": file, "form_key": key})

    first, same, other = upload(roster), upload(roster), upload(b"x")

    assert first["Location"] == same["Location"]
    assert other.status_code == 409
    assert "重新打开表单并选择附件" in other.content.decode()
    assert Roster.objects.count() == 1


def test_a_form_without_a_key_is_done_as_often_as_it_is_sent(desk):
    desk.post(DESK, PERSON)
    desk.post(DESK, PERSON)

    assert Arrival.objects.count() == 2


def test_a_form_that_a_colleague_had_opened_is_his(desk, officer, facility):
    key = key_on(desk.get(DESK))
    desk.force_login(make.officer("intake_officer", facility))

    answer = desk.post(DESK, PERSON | {"form_key": key})

    assert answer.status_code == 409
    assert "另一位工作人员打开的" in answer.content.decode()
    assert "示例某" not in answer.content.decode()
    assert Arrival.objects.count() == 0
    assert drafts_of(officer) == [{"name": ["示例某"], "sex": ["1"]}]


def test_no_draft_comes_back_after_the_form_was_sent(desk, officer):
    sent = PERSON | {"form_key": key_on(desk.get(DESK))}
    desk.post(DESK, sent)

    late = desk.post("/drafts/", sent)

    assert late.status_code == 400
    assert drafts_of(officer) == []


def test_an_act_that_breaks_gives_its_key_back(desk, officer, monkeypatch):
    sent = PERSON | {"form_key": key_on(desk.get(DESK))}
    desk.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr("rehab.submissions.settle", lambda **_: 1 / 0)
        assert desk.post(DESK, sent).status_code == 500
    assert Arrival.objects.count() == 0

    assert desk.post(DESK, sent).status_code == 302
    assert Arrival.objects.count() == 1


def test_a_batch_sent_twice_is_done_once(client, facility):
    rooms.set_rules()
    crew = rooms.Crew(facility)
    cases = [rooms.ready(facility) for _ in range(2)]
    client.force_login(crew.officer(Stage.DETOX))
    board = client.get("/zones/moves/?days=30")
    sent = {
        "cases": [case.number for case in cases],
        "to_unit": str(crew.unit(Stage.ADAPTATION).pk),
        "form_key": keys_on(board)[0],
    }

    first = client.post("/zones/moves/new/", sent)
    second = client.post("/zones/moves/new/", sent)
    other = client.post("/zones/moves/new/", sent | {"cases": [cases[0].number]})

    assert (first.status_code, second.status_code) == (302, 302)
    assert other.status_code == 409
    assert Event.objects.filter(kind=Event.Kind.ZONE_MOVE_PROPOSED).count() == 2


def test_an_act_that_is_shown_only_once_is_done_once(client, facility):
    client.force_login(make.officer("security_admin", facility.province))
    other = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    url = reverse("rehab:secret-reset", args=[other.pk])
    sent = {"form_key": key_on(client.get(url)), "confirm": "on"}

    told, again = client.post(url, sent), client.post(url, sent)

    assert (told.status_code, again.status_code) == (200, 409)
    assert "不能重看" in again.content.decode()
    assert Event.objects.filter(kind=Event.Kind.SECRET_RESET).count() == 1


# At once


@pytest.mark.race
def test_two_at_once_are_one(committed_db, trials):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        officer = make.officer("intake_officer", facility)
    client = Client()
    client.force_login(officer)
    for trial in range(trials):
        sent = PERSON | {"name": f"示例{trial}", "form_key": key_on(client.get(DESK))}

        answers = at_once(client, DESK, sent, sent)

        assert [answer.status_code for answer in answers] == [302, 302]
        assert len({answer["Location"] for answer in answers}) == 1
        with scope.within(make.EVERYTHING):
            assert Arrival.objects.filter(name=f"示例{trial}").count() == 1


@pytest.mark.race
def test_of_two_at_once_with_other_contents_one_is_asked(committed_db, trials):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        officer = make.officer("intake_officer", facility)
    client = Client()
    client.force_login(officer)
    for trial in range(trials):
        sent = PERSON | {"form_key": key_on(client.get(DESK))}

        answers = at_once(client, DESK, sent | {"name": "示例甲"}, sent | {"name": "示例乙"})

        assert sorted(answer.status_code for answer in answers) == [302, 409]
        with scope.within(make.EVERYTHING):
            assert Arrival.objects.count() == trial + 1


@pytest.mark.race
def test_a_batch_twice_at_once_is_one(committed_db, trials):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility(beds=4 * trials)
        rooms.set_rules()
        crew = rooms.Crew(facility)
        cases = [rooms.ready(facility) for _ in range(2 * trials)]
    client = Client()
    client.force_login(crew.officer(Stage.DETOX))
    key = keys_on(client.get("/zones/moves/?days=30"))[0]
    for trial in range(trials):
        of_this = form_keys.read(key).fresh()
        sent = {
            "cases": [case.number for case in cases[2 * trial : 2 * trial + 2]],
            "to_unit": str(crew.unit(Stage.ADAPTATION).pk),
            "form_key": str(of_this),
        }

        answers = at_once(client, "/zones/moves/new/", sent, sent)

        assert [answer.status_code for answer in answers] == [302, 302]
        with scope.within(make.EVERYTHING):
            proposed = Event.objects.filter(kind=Event.Kind.ZONE_MOVE_PROPOSED)
            assert proposed.count() == 2 * (trial + 1)


def at_once(client, url, *bodies):
    """Send these forms in the same instant, from the same desk."""
    line_up = threading.Barrier(len(bodies))
    answers = [None] * len(bodies)

    def send(at, body):
        desk = Client()
        desk.cookies = client.cookies.copy()
        try:
            with standing_at(make.NOON):
                line_up.wait()
                answers[at] = desk.post(url, body)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(bodies)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


@pytest.mark.django_db
def test_an_automatic_save_that_comes_late_is_older():
    """The page was sent when nobody was signed in; its last automatic save arrives after it."""
    officer = make.officer("intake_officer", make.facility())
    sent, other = (FormKey(new_key(), officer.pk, "/somewhere/", "") for _ in range(2))

    drafts.keep(form_key=sent, sent=QueryDict("a=1&b=on"), at=make.NOON, last=True)
    assert drafts.keep(form_key=sent, sent=QueryDict("a=1"), at=make.NOON)
    assert drafts_of(officer)[0]["b"] == ["on"]

    drafts.keep(form_key=other, sent=QueryDict("a=2"), at=make.NOON)
    assert drafts_of(officer) == [{"a": ["2"]}]

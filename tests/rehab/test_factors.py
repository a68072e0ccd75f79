"""动态口令: nobody is signed in without it, it is good once, and only somebody else takes it away."""

import base64
import logging
import re
import threading
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_otp.oath import totp as code_of

from rehab import clock, scope, second_factor, tasks, totp
from rehab.actions import accounts, factors
from rehab.ledgers import notices
from rehab.models import AccountNotice, Draft, Event, SecondFactor, User
from rehab.refusal import Refused
from rehab.selectors import accounts as selectors
from rehab.states import Stage
from tests.factories import rehab as make
from tests.rehab.test_sending import DESK
from tests.rehab.test_sending import key_on as form_key_on

KEY = b"12345678901234567890"
SECRET = "abcd-efgh-jkmn-pqrs"
SET = "/house/second-factor/"
CODE = "/login/code/"


@pytest.fixture
def security(facility):
    return make.officer("security_admin", facility.province)


@pytest.fixture
def officer(facility):
    return make.officer("zone_officer", make.unit(facility, Stage.DETOX))


@pytest.fixture
def carrier(officer):
    """An officer who set up a code, so long ago that every code of now is still unused."""
    return carrying(officer)


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def counting(settings):
    settings.AXES_ENABLED = True


def carrying(user, *, key=KEY):
    SecondFactor.objects.create(user=user, key=key, used_step=0)
    User.objects.filter(pk=user.pk).update(second_factor_at=clock.real_now() - timedelta(days=1))
    return User.objects.with_posting().get(pk=user.pk)


def now_code(key=KEY, *, later=0):
    return f"{code_of(key, drift=later):06d}"


def reset(user, by, *, really_at=None):
    return factors.reset_factor(
        user=user, secret=SECRET, by=by, at=make.NOON, really_at=really_at or clock.real_now()
    )


def events(kind):
    return list(Event.objects.filter(kind=kind))


def with_password(client, user, password=make.PASSWORD, **more):
    return client.post("/login/", {"username": user.username, "password": password} | more)


def with_code(client, code, **more):
    return client.post(CODE, {"one_time_password": code} | more)


def signed_in(client):
    return "_auth_user_id" in client.session


def enter(client, user, code=None):
    with_password(client, user)
    return with_code(client, code or now_code())


def key_on(page):
    """The key that a page shows for typing, as bytes; and as it carries it."""
    text = page.content.decode()
    (shown,) = re.findall(r'class="secret">([A-Z2-7 ]+)<', text)
    (carried,) = re.findall(r'name="sealed_key" value="([^"]+)"', text)
    return base64.b32decode(shown.replace(" ", "")), carried


# Setting up ----


def test_set_up_factor(officer):
    user = factors.set_up_factor(
        user=officer, key=KEY, code=now_code(), at=make.NOON, really_at=clock.real_now()
    )

    factor = selectors.factor_of(user)
    assert (factor.key, factor.secret, factor.secret_until) == (KEY, "", None)
    assert factor.used_step > 0
    (event,) = events(Event.Kind.FACTOR_SET_UP)
    assert (event.subject_id, event.by, event.facts, event.words) == (officer.pk, officer, {}, None)


def test_a_key_that_no_code_proves_is_not_kept(officer):
    with pytest.raises(Refused, match="与密钥对不上"):
        factors.set_up_factor(
            user=officer, key=KEY, code="000000", at=make.NOON, really_at=make.NOON
        )

    assert not SecondFactor.objects.exists()
    assert User.objects.get(pk=officer.pk).second_factor_at is None


def test_another_takes_the_place_of_the_former(carrier):
    other = totp.new_key()

    user = factors.set_up_factor(
        user=carrier, key=other, code=now_code(other), at=make.NOON, really_at=clock.real_now()
    )

    assert selectors.factor_of(user).key == other
    assert user.second_factor_at > carrier.second_factor_at
    assert len(events(Event.Kind.FACTOR_CHANGED)) == 1


def test_the_key_is_sealed_in_the_database(carrier):
    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM rehab_secondfactor")
        (stored,) = cursor.fetchone()

    assert KEY not in bytes(stored)
    assert base64.b32encode(KEY) not in bytes(stored)


def test_a_factor_is_a_key_or_a_secret_and_a_secret_has_an_end(carrier):
    for wrong in (
        {"secret": "x", "secret_until": make.NOON},
        {"key": None, "secret": "x"},
        {"key": None, "secret_until": make.NOON},
    ):
        with pytest.raises(IntegrityError, match="second_factor"), transaction.atomic():
            SecondFactor.objects.update(**wrong)


# Using ----


def test_a_code_is_good_once(carrier):
    now, code = clock.real_now(), now_code()
    factors.use_code(user=carrier, code=code, really_at=now)

    with pytest.raises(Refused, match="已经用过"):
        factors.use_code(user=carrier, code=code, really_at=now)
    with pytest.raises(Refused):  # nor is an earlier one, whoever looked over his shoulder
        factors.use_code(user=carrier, code=now_code(later=-1), really_at=now)

    assert factors.use_code(user=carrier, code=now_code(later=1), really_at=now)


def test_the_code_of_the_set_up_is_used_too(officer):
    code = now_code()
    now = clock.real_now()
    user = factors.set_up_factor(user=officer, key=KEY, code=code, at=make.NOON, really_at=now)

    with pytest.raises(Refused):
        factors.use_code(user=user, code=code, really_at=now)


def test_a_one_time_secret_is_good_once(carrier, security):
    user = reset(carrier, security)
    with pytest.raises(Refused, match="不正确"):
        factors.use_code(user=user, code=now_code(), really_at=clock.real_now())

    factors.use_code(user=user, code=SECRET, really_at=clock.real_now())

    with pytest.raises(Refused, match="已经用过，请联系安全管理员"):
        factors.use_code(user=user, code=SECRET, really_at=clock.real_now())


def test_a_one_time_secret_ends(carrier, security):
    user = reset(carrier, security, really_at=clock.real_now() - timedelta(days=3))

    with pytest.raises(Refused, match="已过期"):
        factors.use_code(user=user, code=SECRET, really_at=clock.real_now())


@pytest.mark.race
@pytest.mark.parametrize("by", ["code", "secret"])
def test_of_two_uses_at_once_exactly_one_signs_in(by, committed_db, trials):
    with clock.standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        user = carrying(make.officer("zone_officer", make.unit(facility, Stage.DETOX)))
        security = make.officer("security_admin", facility.province)
    for _ in range(trials):
        if by == "secret":
            with scope.within(make.EVERYTHING):
                reset(user, security)
        else:
            SecondFactor.objects.update(used_step=0)
        clients = [Client(), Client()]
        for client in clients:
            assert with_password(client, user)["Location"] == CODE
        code = SECRET if by == "secret" else now_code()

        line_up, statuses = threading.Barrier(2), []

        def send(client, code=code, line_up=line_up, statuses=statuses):
            try:
                line_up.wait()
                statuses.append(with_code(client, code).status_code)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=send, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert sorted(statuses) == [302, 422]
        assert sorted(signed_in(client) for client in clients) == [False, True]


# Signing in ----


def test_signing_in_by_both(client, carrier):
    answer = with_password(client, carrier, next="/cases/")

    assert answer["Location"] == f"{CODE}?next=%2Fcases%2F"
    page = client.get(answer["Location"])
    text = page.content.decode()
    assert 'autocomplete="one-time-code"' in text
    assert 'inputmode="numeric"' in text
    assert "no-store" in page["Cache-Control"]
    answer = with_code(client, now_code(), next="/cases/")
    assert answer["Location"] == "/cases/"
    assert client.get("/").status_code == 200
    assert second_factor.HALF not in client.session


def test_nobody_is_signed_in_by_a_password_alone(client, carrier, world_pages):
    with_password(client, carrier)

    assert not signed_in(client)
    for url in world_pages:
        assert client.get(url)["Location"].startswith("/login/"), url
    assert client.get("/api/v1/deadlines/").status_code == 403
    assert User.objects.get(pk=carrier.pk).last_login is None


@pytest.fixture
def world_pages():
    return ["/", "/cases/", "/notices/", SET, "/house/password/"]


@pytest.mark.parametrize("typed", ["{}", " {} ", "{:.3} {:.0}"])
def test_codes_are_read_as_people_type_them(typed, client, carrier):
    code = now_code()
    wide = code.translate({ord("0") + digit: ord("０") + digit for digit in range(10)})

    with_password(client, carrier)
    written = f"{wide[:3]} {wide[3:]}" if "." in typed else typed.format(code)

    assert with_code(client, written).status_code == 302


def test_a_wrong_code_is_refused_and_not_shown_again(client, carrier):
    answer = enter(client, carrier, "123321")

    assert answer.status_code == 422
    text = answer.content.decode()
    assert "“动态口令”不正确或者已经用过" in text
    assert "123321" not in text
    assert not signed_in(client)
    assert with_code(client, "").status_code == 422
    assert with_code(client, now_code()).status_code == 302  # the password need not be given again


def test_the_code_page_without_a_password_before_it(client, carrier):
    assert "请先输入用户名和密码" in client.get(CODE).content.decode()

    answer = with_code(client, now_code())

    assert answer.status_code == 422
    assert "登录已超时" in answer.content.decode()
    assert not signed_in(client)


def made_older(client, minutes):
    session = client.session
    key, stamp, _ = session[second_factor.HALF]
    since = clock.real_now() - timedelta(minutes=minutes)
    session[second_factor.HALF] = [key, stamp, since.isoformat()]
    session.save()


@pytest.mark.parametrize(("minutes", "status"), [(9, 302), (11, 422)])
def test_a_password_holds_for_ten_minutes(minutes, status, client, carrier):
    with_password(client, carrier)
    made_older(client, minutes)

    assert with_code(client, now_code()).status_code == status


def test_a_password_that_was_reset_meanwhile_holds_no_longer(client, carrier, security):
    with_password(client, carrier)
    accounts.reset_secret(
        user=carrier, secret=SECRET, by=security, at=make.NOON, really_at=clock.real_now()
    )

    assert with_code(client, now_code()).status_code == 422
    assert not signed_in(client)


def test_an_account_that_was_locked_meanwhile_does_not_open(client, carrier, facility):
    with_password(client, carrier)
    admin = make.officer("system_admin", facility.province)
    accounts.lock_account(user=carrier, by=admin, at=make.NOON)

    assert with_code(client, now_code()).status_code == 422
    assert not signed_in(client)


def test_a_code_opens_no_locked_account_whoever_asks(rf, carrier):
    User.objects.filter(pk=carrier.pk).update(is_active=False)
    given = {"username": carrier.username, "one_time_password": now_code()}

    assert authenticate(rf.post(CODE), **given) is None
    User.objects.filter(pk=carrier.pk).update(is_active=True)
    assert authenticate(rf.post(CODE), **given) == carrier


def test_the_password_page_begins_a_new_session(client, carrier):
    client.get("/login/")
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted

    with_password(client, carrier)

    assert client.session.session_key != planted


def test_wrong_codes_lock_as_wrong_passwords_do(client, carrier, counting):
    with_password(client, carrier)
    for _ in range(2):
        assert with_code(client, "123321").status_code == 422
    with_password(client, carrier, "不对的密码")
    with_password(client, carrier)  # right, and forgets nothing
    assert with_code(client, "123321").status_code == 422

    locked = with_code(client, "123321")

    assert locked.status_code == 429
    assert "账号暂时锁定" in locked.content.decode()
    assert with_code(client, now_code()).status_code == 429
    assert with_password(client, carrier).status_code == 429
    assert not signed_in(client)
    (attempt,) = AccessAttempt.objects.all()
    assert "123321" not in f"{attempt.get_data}{attempt.post_data}"


@pytest.mark.parametrize(
    ("page", "field"), [(SET, "password"), ("/house/password/", "old")], ids=["code", "password"]
)
def test_guessing_the_password_within_a_session_locks_too(client, officer, counting, page, field):
    client.force_login(officer)

    answers = [client.post(page, {field: "不对的密码"}).status_code for _ in range(5)]

    assert answers == [422, 422, 422, 422, 429]


def test_a_secret_is_read_in_capitals_too(client, carrier, security):
    reset(carrier, security)

    assert enter(client, carrier, SECRET.upper()).status_code == 302


def test_a_locked_account_opens_again_by_a_reset(client, carrier, security, counting):
    with_password(client, carrier)
    for _ in range(5):
        with_code(client, "123321")

    reset(carrier, security)

    assert enter(client, carrier, SECRET).status_code == 302


# Sessions ----


def test_a_session_that_no_code_began_is_ended(client, carrier):
    client.force_login(carrier)

    assert client.get("/")["Location"].startswith("/login/")
    assert not signed_in(client)


def test_no_basic_way_in_goes_around_the_code(client, carrier, required):
    sent = base64.b64encode(f"{carrier.username}:{make.PASSWORD}".encode()).decode()
    assert (
        client.get("/api/v1/deadlines/", headers={"Authorization": f"Basic {sent}"}).status_code
        == 403
    )
    client.force_login(carrier)

    assert client.get("/api/v1/deadlines/").status_code == 403


def test_a_reset_ends_the_sessions_of_the_account(client, carrier, security):
    enter(client, carrier)
    assert client.get("/").status_code == 200

    reset(carrier, security)

    assert client.get("/")["Location"].startswith("/login/")


def test_a_changed_code_ends_every_other_session(client, carrier):
    other = Client()
    enter(client, carrier)
    enter(other, carrier, now_code(later=1))
    key, carried = key_on(client.get(SET))

    answer = client.post(
        SET,
        {"sealed_key": carried, "one_time_password": now_code(key), "password": make.PASSWORD},
    )

    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert other.get("/")["Location"].startswith("/login/")


def test_a_signed_in_request_asks_nothing_more(client, officer, carrier):
    plain = make.officer("zone_officer", officer.unit)
    counts = []
    for user, begin in ((plain, with_password), (carrier, enter)):
        client.logout()
        begin(client, user)
        client.get("/house/password/")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/house/password/").status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]


# One's own page ----


def test_factor_set(client, officer):
    client.force_login(officer)
    page = client.get(SET)
    key, carried = key_on(page)
    assert "data:image/svg" in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert key not in base64.b64decode(carried)

    answer = client.post(
        SET,
        {"sealed_key": carried, "one_time_password": now_code(key), "password": make.PASSWORD},
    )

    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    assert SecondFactor.objects.get(user=officer).key == key
    assert "更换动态口令" in client.get("/house/password/").content.decode()
    assert "更换动态口令" in client.get(SET).content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"password": "不对的密码"}, "“登录密码”不正确"),
        ({"password": ""}, "“登录密码”不能为空"),
        ({"one_time_password": "000000"}, "“动态口令”与密钥对不上"),
        ({"one_time_password": ""}, "“动态口令”不能为空"),
    ],
)
def test_factor_set_refused(changed, said, client, officer):
    client.force_login(officer)
    key, carried = key_on(client.get(SET))
    right = {"sealed_key": carried, "one_time_password": now_code(key), "password": make.PASSWORD}

    answer = client.post(SET, right | changed)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert key_on(answer)[0] == key  # what was scanned stays good
    assert right["one_time_password"] not in answer.content.decode()
    assert make.PASSWORD not in answer.content.decode()
    assert not SecondFactor.objects.exists()


def test_a_key_that_this_page_did_not_make_is_not_taken(client, officer):
    other = make.officer("zone_officer", officer.unit)
    client.force_login(other)
    key, of_another = key_on(client.get(SET))
    client.force_login(officer)
    for carried in (of_another, base64.b64encode(KEY).decode(), "", "?", "示例"):
        answer = client.post(
            SET,
            {"sealed_key": carried, "one_time_password": now_code(key), "password": make.PASSWORD},
        )
        assert answer.status_code == 422
        assert key_on(answer)[0] not in (key, KEY)

    assert not SecondFactor.objects.exists()


# Required ----


def test_who_must_carry_a_code_sets_it_up_before_all_else(client, officer, required, world_pages):
    assert with_password(client, officer).status_code == 302
    for url in [*world_pages, "/api/v1/deadlines/", "/no/such/page/"]:
        if url != SET:
            assert client.get(url)["Location"] == SET, url
    page = client.get(SET)
    assert "请先设置动态口令" in page.content.decode()
    key, carried = key_on(page)

    client.post(SET, {"sealed_key": carried, "one_time_password": now_code(key)})

    assert client.get("/").status_code == 200


def test_who_must_set_up_a_code_may_leave(client, officer, required):
    with_password(client, officer)

    assert client.post("/logout/")["Location"] == "/login/"
    assert not signed_in(client)


def test_an_own_password_comes_before_the_code(client, officer, required):
    until = clock.real_now() + timedelta(days=1)
    User.objects.filter(pk=officer.pk).update(secret_until=until)
    with_password(client, officer)
    assert client.get(SET)["Location"] == "/house/password/"
    assert "设置动态口令" not in client.get("/house/password/").content.decode()
    own = "示例-自己的密码-88"
    client.post("/house/password/", {"old": make.PASSWORD, "new": own, "again": own})

    assert client.get("/")["Location"] == SET


def test_where_it_is_offered_a_password_does(client, officer, settings):
    assert settings.SECOND_FACTOR == "offered"
    with_password(client, officer)

    assert client.get("/").status_code == 200


# The reset ----


def test_reset_factor(carrier, security):
    user = reset(carrier, security)

    factor = selectors.factor_of(user)
    assert factor.key is None
    assert check_password(SECRET, factor.secret)
    assert timedelta(days=2) < factor.secret_until - clock.real_now() <= timedelta(days=3)
    (event,) = events(Event.Kind.FACTOR_RESET)
    assert (event.subject_id, event.by, event.facts) == (carrier.pk, security, {})
    assert user.check_password(make.PASSWORD)


def test_nobody_resets_his_own_nor_what_is_not_there(security, officer):
    with pytest.raises(Refused, match="不得重置自己的动态口令"):
        reset(carrying(security), security)
    with pytest.raises(Refused, match="没有设置动态口令"):
        reset(officer, security)

    assert not events(Event.Kind.FACTOR_RESET)


def test_the_whole_way_of_a_reset(client, carrier, security, world_pages):
    client.force_login(security)
    account = reverse("rehab:account-detail", args=[carrier.pk])
    url = reverse("rehab:factor-reset", args=[carrier.pk])
    assert url in client.get(account).content.decode()
    assert "只在下一页显示一次" in client.get(url).content.decode()
    told = client.post(url)
    secret = told.context["secret"]
    assert secret in told.content.decode()
    assert "no-store" in told["Cache-Control"]
    assert "一次性口令" in client.get(account).content.decode()
    assert secret not in client.get(account).content.decode()

    client.logout()
    with_password(client, carrier)
    page = client.get(CODE)
    assert "请输入交给您的一次性口令" in page.content.decode()
    assert 'inputmode="text"' in page.content.decode()
    assert with_code(client, "不对").status_code == 422
    assert with_code(client, secret).status_code == 302
    for one in world_pages:
        if one != SET:
            assert client.get(one)["Location"] == SET
    key, carried = key_on(client.get(SET))
    client.post(SET, {"sealed_key": carried, "one_time_password": now_code(key)})
    assert client.get("/").status_code == 200


def test_who_left_before_setting_up_asks_again(client, carrier, security):
    user = reset(carrier, security)
    enter(client, user, SECRET)
    client.post("/logout/")

    answer = enter(client, user, SECRET)

    assert answer.status_code == 422
    assert "一次性口令已经用过，请联系安全管理员重新发放。" in answer.content.decode()
    client.force_login(security)
    page = client.get(reverse("rehab:account-detail", args=[carrier.pk]))
    assert "已重置，本人尚未设置" in page.content.decode()
    assert reset(user, security)


def test_a_reset_is_the_security_administrators(client, carrier, facility):
    client.force_login(make.officer("system_admin", facility.province))
    url = reverse("rehab:factor-reset", args=[carrier.pk])

    assert client.get(url).status_code == 403
    assert client.post(url).status_code == 403
    page = client.get(reverse("rehab:account-detail", args=[carrier.pk]))
    assert "重置动态口令" not in page.content.decode()


def test_a_reset_page_says_why_not(client, security, officer):
    client.force_login(security)
    url = reverse("rehab:factor-reset", args=[officer.pk])
    assert "没有设置动态口令" in client.get(url).content.decode()
    assert "disabled" in client.get(url).content.decode()

    answer = client.post(url)

    assert answer.status_code == 422
    assert "没有设置动态口令" in answer.content.decode()
    own = client.post(reverse("rehab:factor-reset", args=[security.pk]))
    assert "不得重置自己的" in own.content.decode()


# The owner is told ----


def told(user, security, kind):
    if kind == Event.Kind.FACTOR_RESET:
        return reset(user, security)
    return accounts.reset_secret(
        user=user, secret=SECRET, by=security, at=make.NOON, really_at=clock.real_now()
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [(Event.Kind.FACTOR_RESET, "重置动态口令"), (Event.Kind.SECRET_RESET, "重置密码")],
)
def test_the_owner_is_told_of_a_reset(kind, words, carrier, security):
    User.objects.filter(pk=carrier.pk).update(email="own@example.invalid")
    told(carrier, security, kind)

    assert tasks.deliver() == 1

    (letter,) = mail.outbox
    assert letter.to == ["own@example.invalid"]
    assert words in letter.subject
    assert words in letter.body
    assert SECRET not in letter.subject + letter.body
    assert carrier.display_name not in letter.subject + letter.body
    assert str(AccountNotice.objects.get()) == words
    assert (tasks.deliver(), len(mail.outbox)) == (0, 1)


def test_an_owner_without_an_address_holds_up_nothing(carrier, security):
    reset(carrier, security)

    assert (tasks.deliver(), mail.outbox) == (1, [])
    assert AccountNotice.objects.get().delivered_at


def test_a_word_to_an_owner_waits_for_the_mail_server(carrier, security, monkeypatch, caplog):
    User.objects.filter(pk=carrier.pk).update(email="own@example.invalid")
    reset(carrier, security)

    def refuse(**message):
        raise ConnectionRefusedError

    monkeypatch.setattr(notices, "send_mail", refuse)
    assert tasks.deliver() == 0
    assert "could not be mailed" in caplog.text
    monkeypatch.undo()

    assert (tasks.deliver(), len(mail.outbox)) == (1, 1)


@pytest.mark.parametrize(("held", "sent"), [(AccountNotice, 0), (User, 1)])
def test_a_word_that_another_sends_is_left_to_him_and_waits_for_no_account(
    held, sent, committed_db
):
    with clock.standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        officer = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    notices.tell_owner(officer, Event.Kind.SECRET_RESET)
    counted = []

    def other():
        try:
            counted.append(notices.deliver_to_owners())
        finally:
            connections.close_all()

    with transaction.atomic():
        list(held.objects.select_for_update())
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(timeout=10)
        assert counted == [sent]
    thread.join()

    assert counted == [sent]
    assert notices.deliver_to_owners() == 1 - sent


# Nothing is left behind ----


def drafts_of(user):
    with scope.within(scope.Scope(actor=str(user.pk))):
        return list(Draft.objects.all())


def test_no_code_and_no_key_is_kept_anywhere(client, officer, caplog):
    caplog.set_level(logging.DEBUG)
    client.force_login(officer)
    key, carried = key_on(client.get(SET))
    code = now_code(key)
    client.post(SET, {"sealed_key": carried, "one_time_password": code, "password": make.PASSWORD})
    client.logout()
    enter(client, officer, later := now_code(key, later=1))

    spelled = totp.spelled(key)
    sessions = " ".join(str(one.get_decoded()) for one in Session.objects.all())
    kept = f"{sessions} {[vars(one) for one in Event.objects.all()]} {caplog.text}"
    for word in (code, later, spelled, spelled.replace(" ", ""), repr(key), key.hex()):
        assert word not in kept
    assert drafts_of(officer) == []


def test_a_code_is_no_draft(client, facility):
    officer = make.officer("intake_officer", facility)
    client.force_login(officer)
    sent = {"form_key": form_key_on(client.get(DESK)), "one_time_password": "123321"}

    assert client.post("/drafts/", sent).status_code == 400
    assert client.post("/drafts/", sent | {"name": "示例某"}).status_code == 204

    (draft,) = drafts_of(officer)
    assert "123321" not in str(draft.body)

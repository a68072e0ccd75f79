"""Accounts: opened with a secret that is shown once, posted with a history, locked and given back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from rehab import clock, scope
from rehab.actions import accounts, postings
from rehab.actions.accounts import AccountFacts
from rehab.models import Event, Posting, Role, User
from rehab.refusal import Refused
from rehab.secret import new_secret
from rehab.selectors import accounts as selectors
from rehab.states import Sex, Stage
from tests.factories import rehab as make

FACTS = AccountFacts("lisi", "李示例", Sex.MALE, "示例007", "lisi@example.invalid")
SECRET = "示例一次性-仅测试"
OWN = "示例-自己的密码-88"
LATER = make.at(2026, 12, 1)


@pytest.fixture
def admin(facility):
    return make.officer("system_admin", facility.province)


@pytest.fixture
def security(facility):
    return make.officer("security_admin", facility.province)


@pytest.fixture
def unit(facility):
    return make.unit(facility, Stage.DETOX)


@pytest.fixture
def officer(unit):
    return make.officer("zone_officer", unit)


@pytest.fixture
def at_desk(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def role(code):
    return Role.objects.get(pk=code)


def opened(admin, place, code="zone_officer", **changed):
    return accounts.open_account(
        facts=AccountFacts(**vars(FACTS) | changed),
        role=role(code),
        place=place,
        secret=SECRET,
        by=admin,
        at=make.NOON,
        really_at=clock.real_now(),
    )


def events(kind):
    return list(Event.objects.filter(kind=kind).order_by("-pk"))


def test_open_account(admin, unit):
    user = opened(admin, unit)

    assert (user.username, user.unit, user.role) == ("lisi", unit, "zone_officer")
    assert user.check_password(SECRET)
    assert timedelta(days=2) < user.secret_until - clock.real_now() <= timedelta(days=3)
    (event,) = events(Event.Kind.ACCOUNT_OPENED)
    assert (event.subject_id, event.by, event.facts) == (user.pk, admin, {})


def test_open_account_under_a_name_that_is_taken(admin, unit):
    opened(admin, unit)

    with pytest.raises(Refused, match="“lisi”已有人使用"):
        opened(admin, unit, display_name="另一人")

    assert User.objects.filter(username="lisi").count() == 1
    assert len(events(Event.Kind.ACCOUNT_OPENED)) == 1


def test_open_account_where_the_role_is_not_held(admin, facility):
    with pytest.raises(Refused, match="不在示例所T01这一级任职"):
        opened(admin, facility)

    assert not User.objects.filter(username="lisi").exists()


def test_administrators_are_opened_by_the_security_administrator_alone(admin, security, facility):
    with pytest.raises(Refused, match="由安全管理员办理"):
        opened(admin, facility.province, "audit_admin")
    with pytest.raises(Refused, match="由系统管理员办理"):
        opened(security, facility.province, "bureau_viewer")

    assert opened(security, facility.province, "audit_admin").role == "audit_admin"


def test_secrets_differ_and_read_well():
    secrets = {new_secret() for _ in range(50)}

    assert len(secrets) == 50
    assert all(len(one) == 19 and not set(one) & set("0o1il") for one in secrets)


def test_lock_and_unlock(admin, officer):
    accounts.lock_account(user=officer, by=admin, at=make.NOON)
    assert not User.objects.get(pk=officer.pk).is_active
    with pytest.raises(Refused, match="已经停用"):
        accounts.lock_account(user=officer, by=admin, at=make.NOON)
    accounts.unlock_account(user=officer, by=admin, at=make.NOON)

    assert User.objects.get(pk=officer.pk).is_active
    with pytest.raises(Refused, match="启用状态"):
        accounts.unlock_account(user=officer, by=admin, at=make.NOON)
    assert [len(events(kind)) for kind in ("account_locked", "account_unlocked")] == [1, 1]


def test_nobody_locks_himself_or_the_last_of_the_three(admin, security, facility):
    with pytest.raises(Refused, match="自己的账号"):
        accounts.lock_account(user=admin, by=admin, at=make.NOON)
    with pytest.raises(Refused, match="最后一名安全管理员"):
        accounts.lock_account(user=security, by=admin, at=make.NOON)
    make.officer("security_admin", facility.province)

    accounts.lock_account(user=security, by=admin, at=make.NOON)

    own = make.officer("security_admin", facility)
    assert selectors.last_of(own) == "安全管理员"  # of that house
    assert not events(Event.Kind.ACCOUNT_LOCKED)[1:]


def test_reset_secret(security, officer):
    accounts.reset_secret(
        user=officer, secret=SECRET, by=security, at=make.NOON, really_at=clock.real_now()
    )

    officer.refresh_from_db()
    assert officer.check_password(SECRET)
    assert officer.secret_until > clock.real_now()
    assert len(events(Event.Kind.SECRET_RESET)) == 1
    with pytest.raises(Refused, match="“修改密码”"):
        accounts.reset_secret(
            user=security, secret=SECRET, by=security, at=make.NOON, really_at=make.NOON
        )


# Postings ----


def appoint(users, code, place, by, *, starts_at=LATER, at=LATER):
    return postings.appoint(
        users=users, role=role(code), place=place, starts_at=starts_at, by=by, at=at
    )


def test_appoint_several(admin, officer, unit, facility):
    second = make.officer("zone_officer", unit)
    to = make.unit(facility, Stage.ADAPTATION)

    made = appoint([officer, second], "zone_leader", to, admin)

    assert {posting.user for posting in made} == {officer, second}
    history = Posting.objects.filter(user=officer).order_by("started_at")
    assert list(history.values_list("ended_at", flat=True)) == [LATER, None]
    assert selectors.postings_of(officer).first().unit == to
    assert len(events(Event.Kind.POSTED)) == 3 + 2


def test_appoint_all_or_none(admin, officer, facility):
    to = make.unit(facility, Stage.ADAPTATION)
    there = make.officer("zone_officer", to)

    with pytest.raises(Refused, match="现在就在教育适应大队任大队民警"):
        appoint([officer, there], "zone_officer", to, admin)

    assert Posting.objects.filter(user=officer).count() == 1


@pytest.mark.parametrize(
    ("starts_at", "said"),
    [(make.at(2026, 12, 2), "不能晚于今天"), (make.at(2026, 11, 20), "不能早于")],
)
def test_appoint_at_another_time(starts_at, said, admin, officer, facility):
    with pytest.raises(Refused, match=said):
        appoint(
            [officer], "zone_leader", make.unit(facility, Stage.REENTRY), admin, starts_at=starts_at
        )


def test_appoint_to_a_closed_unit(admin, officer, facility, unit):
    to = make.unit(facility, Stage.REENTRY)
    type(to).objects.filter(pk=to.pk).update(closed_at=make.NOON)

    with pytest.raises(Refused, match="已经撤销"):
        appoint([officer], "zone_leader", to, admin)


def test_end_posting(admin, officer):
    postings.end_posting(user=officer, by=admin, at=LATER)

    officer = User.objects.get(pk=officer.pk)
    assert officer.posting is None
    assert officer.scope_at(clock.real_now()) == scope.NOBODY
    assert Posting.objects.get(user=officer).ended_at == LATER
    assert len(events(Event.Kind.POSTING_ENDED)) == 1
    with pytest.raises(Refused, match="现在没有任职"):
        postings.end_posting(user=officer, by=admin, at=LATER)
    assert appoint([officer], "clinician", admin.bureau.facilities.get(), admin)


def test_each_administrator_ends_only_what_he_may_give(admin, security, officer):
    with pytest.raises(Refused, match="三员分立"):
        postings.end_posting(user=officer, by=security, at=LATER)
    with pytest.raises(Refused, match="三员分立"):
        postings.end_posting(user=security, by=admin, at=LATER)

    assert Posting.objects.filter(ended_at__isnull=True).count() == 3


def test_places_to_post_to(admin, facility, unit):
    make.station()
    city = type(facility.province).objects.create(
        name="示例市局", level="city", parent=facility.province
    )
    places = selectors.places_for(admin)

    assert set(places["局"]) == {facility.province, city}
    assert unit in places["大队、中队"]
    assert len(places["照管站"]) == 1
    labels = dict(selectors.groups_of(places))
    assert (f"unit:{unit.pk}", "示T01 生理脱毒大队") in labels["大队、中队"]
    own = make.officer("system_admin", facility)
    assert "照管站" not in dict(selectors.groups_of(selectors.places_for(own)))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, {"admin", "officer", "locked", "gone"}),
        ({"words": " 张示例 "}, {"officer"}),
        ({"words": "示例警号"}, {"officer"}),
        ({"role": "zone_officer"}, {"officer", "locked"}),
        ({"state": "locked"}, {"locked"}),
        ({"state": "active", "role": "zone_officer"}, {"officer"}),
        ({"state": "unposted"}, {"gone"}),
    ],
)
def test_found(asked, names, admin, officer, unit):
    locked, gone = (make.officer("zone_officer", unit) for _ in range(2))
    User.objects.filter(pk=officer.pk).update(display_name="张示例", police_number="示例警号")
    accounts.lock_account(user=locked, by=admin, at=LATER)
    postings.end_posting(user=gone, by=admin, at=LATER)
    known = {"admin": admin, "officer": officer, "locked": locked, "gone": gone}

    found = selectors.found(admin, **{"words": "", "role": "", "state": ""} | asked)

    assert set(found) == {known[name] for name in names}


# Pages ----


def test_account_list(at_desk, admin, officer, django_assert_max_num_queries):
    client = at_desk(admin)

    with django_assert_max_num_queries(8):
        page = client.get(reverse("rehab:account-list"))

    assert officer.username in page.content.decode()
    assert "未任职" in page.content.decode()
    page = client.get(reverse("rehab:account-list"), {"role": "clinician", "state": "?"})
    assert (
        "没有符合条件的账号" not in page.content.decode()
    )  # what a filter does not know, filters nothing


@pytest.mark.parametrize("people", [1, 20, 100])
def test_account_list_queries_do_not_grow(
    people, at_desk, admin, unit, django_assert_max_num_queries
):
    for _ in range(people):
        make.officer("zone_officer", unit)
    client = at_desk(admin)

    with django_assert_max_num_queries(8):
        assert client.get(reverse("rehab:account-list")).status_code == 200


def test_account_detail(at_desk, admin, officer, django_assert_max_num_queries):
    client = at_desk(admin)

    with django_assert_max_num_queries(12):
        page = client.get(reverse("rehab:account-detail", args=[officer.pk]))

    text = page.content.decode()
    assert "现任" in text
    assert "停用账号" in text
    assert "重置密码" not in text  # the security administrator's


def test_an_account_of_elsewhere_is_not_there(at_desk, admin):
    far = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    stranger = make.officer("zone_officer", make.unit(far, Stage.DETOX))

    for name in ("account-detail", "account-lock", "posting-end"):
        page = at_desk(admin).get(reverse(f"rehab:{name}", args=[stranger.pk]))
        assert page.status_code == 404


def sent(unit, **changed):
    return {
        "username": "lisi", "display_name": "李示例", "sex": "1", "role": "zone_officer",
        "place": f"unit:{unit.pk}",
    } | changed  # fmt: skip


def test_account_create_and_the_first_sign_in(client, at_desk, admin, unit):
    answer = at_desk(admin).post(reverse("rehab:account-create"), sent(unit))

    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    client.logout()
    answer = client.post("/login/", {"username": "lisi", "password": secret})
    assert answer.status_code == 302
    for path in ("/", "/cases/", "/no/such/page/"):
        assert client.get(path)["Location"] == reverse("rehab:password-change")
    page = client.get(reverse("rehab:password-change"))
    assert "一次性密码" in page.content.decode()
    answer = client.post(
        reverse("rehab:password-change"), {"old": secret, "new": OWN, "again": OWN}
    )
    assert answer.status_code == 302
    assert client.get("/").status_code == 200
    user = User.objects.get(username="lisi")
    assert (user.secret_until, user.check_password(OWN)) == (None, True)
    assert len(events(Event.Kind.PASSWORD_CHANGED)) == 1


def test_a_secret_that_was_not_used_in_time(client, officer):
    User.objects.filter(pk=officer.pk).update(secret_until=clock.real_now() - timedelta(minutes=1))

    answer = client.post("/login/", {"username": officer.username, "password": make.PASSWORD})

    assert answer.status_code == 422
    assert "一次性密码已过期，请联系安全管理员" in answer.content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"username": "李四"}, "“用户名”用 3 至 40 个小写字母"),
        ({"username": ""}, "“用户名”不能为空"),
        ({"sex": "9"}, "“性别”不在可选范围内"),
        ({"role": "audit_admin"}, "“岗位”不在可选范围内"),
        ({"place": "unit:0"}, "“任职单位”不在可选范围内"),
        ({"role": "clinician"}, "这一级任职，请另选单位"),
    ],
)
def test_account_create_refused(changed, said, at_desk, admin, unit):
    answer = at_desk(admin).post(reverse("rehab:account-create"), sent(unit, **changed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert "李示例" in answer.content.decode()
    assert not User.objects.filter(display_name="李示例").exists()


def test_secret_reset(client, at_desk, security, officer):
    url = reverse("rehab:secret-reset", args=[officer.pk])
    client = at_desk(security)
    assert "只在下一页显示一次" in client.get(url).content.decode()

    answer = client.post(url)

    assert User.objects.get(pk=officer.pk).check_password(answer.context["secret"])
    own = client.post(reverse("rehab:secret-reset", args=[security.pk]))
    assert own.status_code == 422


def test_a_reset_ends_the_sessions_of_the_account(client, security, officer):
    client.force_login(officer)
    accounts.reset_secret(
        user=officer, secret=SECRET, by=security, at=make.NOON, really_at=clock.real_now()
    )

    assert client.get("/")["Location"].startswith("/login/")


@pytest.mark.parametrize(
    ("name", "kind"), [("account-lock", "account_locked"), ("posting-end", "posting_ended")]
)
def test_confirmed_acts(name, kind, at_desk, admin, officer):
    client, url = at_desk(admin), reverse(f"rehab:{name}", args=[officer.pk])
    assert "<form" in client.get(url, headers={"HX-Request": "true"}).content.decode()

    answer = client.post(url)

    assert answer["Location"] == reverse("rehab:account-detail", args=[officer.pk])
    assert len(events(kind)) == 1
    assert client.post(url).status_code == 422
    assert "disabled" in client.get(url).content.decode()


def test_account_unlock(at_desk, admin, officer):
    accounts.lock_account(user=officer, by=admin, at=make.NOON)

    at_desk(admin).post(reverse("rehab:account-unlock", args=[officer.pk]))

    assert User.objects.get(pk=officer.pk).is_active


def test_posting_create(at_desk, admin, officer, facility):
    to = make.unit(facility, Stage.REENTRY)
    client, url = at_desk(admin), reverse("rehab:posting-create")
    page = client.get(url, {"unit": str(to.pk), "user": str(officer.pk)})
    assert f'value="unit:{to.pk}" selected' in page.content.decode()
    body = {
        "users": [str(officer.pk)], "role": "zone_officer", "place": f"unit:{to.pk}",
        "starts_on": "2026-11-21",
    }  # fmt: skip

    answer = client.post(url, body)

    assert answer["Location"] == reverse("zones:unit-detail", args=[to.pk])
    assert User.objects.with_posting().get(pk=officer.pk).unit == to
    assert client.post(url, body).status_code == 422


def test_posting_create_above_the_units(at_desk, security, facility):
    auditor = make.officer("audit_admin", facility)

    answer = at_desk(security).post(
        reverse("rehab:posting-create"),
        {
            "users": [str(auditor.pk)],
            "role": "audit_admin",
            "place": f"bureau:{facility.province.pk}",
            "starts_on": "2026-11-21",
        },
    )

    assert answer["Location"] == reverse("rehab:account-list")


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"old": "x"}, "“原密码”不正确"),
        ({"new": "短", "again": "短"}, "至少"),
        ({"new": "12345678901", "again": "12345678901"}, "“新密码”"),
        ({"new": "password123", "again": "password123"}, "“新密码”"),
        ({"again": "别的密码-别的密码"}, "与新密码不一致"),
        ({"new": "", "again": ""}, "“新密码”不能为空"),
    ],
)
def test_password_change_refused(changed, said, at_desk, officer):
    body = {"old": make.PASSWORD, "new": OWN, "again": OWN} | changed

    answer = at_desk(officer).post(reverse("rehab:password-change"), body)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert User.objects.get(pk=officer.pk).check_password(make.PASSWORD)


def test_password_change_to_the_same(at_desk, officer):
    officer.set_password(OWN)
    officer.save()

    answer = at_desk(officer).post(
        reverse("rehab:password-change"), {"old": OWN, "new": OWN, "again": OWN}
    )

    assert (answer.status_code, "与原密码相同" in answer.content.decode()) == (422, True)


def test_password_change_ends_every_other_session(client, officer):
    other = type(client)()
    for one in (client, other):
        one.force_login(User.objects.get(pk=officer.pk))

    client.post(reverse("rehab:password-change"), {"old": make.PASSWORD, "new": OWN, "again": OWN})

    assert client.get("/").status_code == 200
    assert other.get("/")["Location"].startswith("/login/")


def test_two_open_postings_are_refused_by_the_database(officer, unit):
    with pytest.raises(IntegrityError, match="one_open_posting_per_user"), transaction.atomic():
        Posting.objects.create(
            user=officer, role=role("zone_leader"), facility=unit.facility, unit=unit,
            started_at=make.NOON,
        )  # fmt: skip


def test_whom_an_administrator_may_appoint(admin, security, officer, unit):
    gone, locked = (make.officer("zone_officer", unit) for _ in range(2))
    postings.end_posting(user=gone, by=admin, at=LATER)
    accounts.lock_account(user=locked, by=admin, at=LATER)

    assert set(selectors.appointable(admin)) == {officer, gone}
    assert set(selectors.appointable(security)) == {admin, gone}


def test_the_page_offers_only_what_is_his(at_desk, security, officer):
    page = at_desk(security).get(reverse("rehab:account-detail", args=[officer.pk]))

    assert "重置密码" in page.content.decode()
    assert "免去任职" not in page.content.decode()

"""Roles as data, and what goes beyond a posting: the security administrator's acts and pages."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from rehab import clock
from rehab.actions import grants, roles
from rehab.models import CaseGrant, Event, FacilityGrant, Role, User
from rehab.permission_words import EVERYBODYS, GROUPS
from rehab.permissions import Permission
from rehab.refusal import Refused
from rehab.rules.accounts import EVERYDAY
from rehab.selectors import roles as selectors
from rehab.states import Stage
from tests.factories import rehab as make


@pytest.fixture
def security(facility):
    return make.officer("security_admin", facility.province)


@pytest.fixture
def officer(facility):
    return make.officer("zone_officer", make.unit(facility, Stage.DETOX))


@pytest.fixture
def desk(client, security):
    client.force_login(security)
    return client


def page(name, *args):
    return reverse(f"rehab:{name}", args=args)


def shaped(code, permissions, by, **changed):
    role = Role.objects.get(pk=code)
    given = {"display_name": role.display_name, "description": role.description} | changed
    return roles.shape_role(role=role, permissions=permissions, by=by, at=make.NOON, **given)


def test_every_permission_has_its_words():
    named = [permission for words in GROUPS.values() for permission in words]

    assert {*named, *EVERYBODYS} == set(Permission)
    assert len(named) == len(set(named))
    assert set(map(str, EVERYBODYS)) == EVERYDAY


def test_shape_role_holds_from_the_next_page_on(client, officer, security):
    client.force_login(officer)
    assert client.get("/zones/moves/").status_code == 200

    shaped("zone_officer", ["case.view"], security, display_name="管教民警")

    assert client.get("/zones/moves/").status_code == 403
    assert client.get("/cases/").status_code == 200
    role = Role.objects.get(pk="zone_officer")
    assert (role.display_name, set(role.permissions)) == ("管教民警", {"case.view", *EVERYDAY})
    (event,) = Event.objects.filter(kind=Event.Kind.ROLE_SHAPED)
    assert (event.by, event.facts["role"], event.facts["added"]) == (security, "zone_officer", [])
    assert "zone_move.propose" in event.facts["removed"]


@pytest.mark.parametrize(
    ("code", "permissions", "said"),
    [
        ("zone_officer", ["case.view", "account.manage"], "三员分立"),
        ("system_admin", ["account.manage", "case.view"], "三员分立"),
        ("audit_admin", ["audit.view", "account.manage"], "须分立"),
        ("security_admin", [], "不得改动自己岗位的权限"),
        ("system_admin", [], "不得在三员岗位与业务岗位之间改换"),
    ],
)
def test_shape_role_refused(code, permissions, said, facility, security):
    make.officer("system_admin", facility)
    before = Role.objects.get(pk=code).permissions

    with pytest.raises(Refused, match=said):
        shaped(code, permissions, security)

    assert Role.objects.get(pk=code).permissions == before
    assert not Event.objects.filter(kind=Event.Kind.ROLE_SHAPED).exists()


def test_the_security_administrator_may_reword_his_own_role(security):
    own = Role.objects.get(pk="security_admin")

    assert shaped("security_admin", own.permissions, security, description="示例").description


def test_add_role(security):
    role = roles.add_role(
        code="night_officer", display_name="夜班民警", description="示例", reach="unit",
        permissions=["case.view"], by=security, at=make.NOON,
    )  # fmt: skip

    assert set(role.permissions) == {"case.view", *EVERYDAY}
    for code, reach, said in (
        ("night_officer", "unit", "已有角色使用"),
        ("x_y", "none", "业务权限"),
    ):
        with pytest.raises(Refused, match=said):
            roles.add_role(
                code=code, display_name="另一", description="示例", reach=reach,
                permissions=["case.view"], by=security, at=make.NOON,
            )  # fmt: skip
    assert Event.objects.filter(kind=Event.Kind.ROLE_SHAPED).count() == 1


# Grants ----


def granted(user, to, by, *, days=1):
    at = clock.real_now()
    return grants.grant(user=user, to=to, until=at + timedelta(days=days), by=by, at=at)


def test_nothing_is_granted_to_administrators_or_to_nobody(facility, officer, security):
    admin = make.officer("system_admin", facility)
    User.objects.filter(pk=officer.pk).update(posting=None)

    for user, said in ((admin, "三员不涉案件"), (officer, "没有任职")):
        with pytest.raises(Refused, match=said):
            granted(user, facility, security)

    assert not FacilityGrant.objects.exists()


def test_end_grant(case, facility, officer, security):
    other = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    grant = granted(officer, other, security)
    at = clock.real_now()

    grants.end_grant(granted=grant, by=security, at=at)

    grant.refresh_from_db()
    assert grant.ends_at == at
    assert other.pk not in officer.scope_at(clock.real_now()).facilities
    assert Event.objects.filter(kind=Event.Kind.GRANT_ENDED).count() == 1
    with pytest.raises(Refused, match="已经截止"):
        grants.end_grant(granted=grant, by=security, at=at)


def test_grants_of(case, facility, officer, security):
    make.station()
    granted(officer, facility, security)
    granted(officer, make.station(), security)
    granted(officer, case, security)

    found = selectors.grants_of(officer, at=clock.real_now())

    assert [one.to for one in found] == [str(facility), "示例服务站", case.number]
    assert selectors.grants_of(officer, at=clock.real_now() + timedelta(days=2)) == []
    for key in ("nothing-1", "case-x", "case-0"):
        assert selectors.grant_in_force(key, at=clock.real_now()) is None


# Pages ----


def test_role_list(desk, officer, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        answer = desk.get(page("role-list"))

    assert "大队民警" in answer.content.decode()
    assert "1 人" in answer.content.decode()


def test_role_shape(desk):
    url = page("role-shape", "zone_officer")
    assert "提请转区" in desk.get(url).content.decode()
    body = {"display_name": "管教民警", "description": "示例", "permissions": ["case.view"]}

    assert desk.post(url, body)["Location"] == page("role-list")

    assert Role.objects.get(pk="zone_officer").display_name == "管教民警"
    refused = desk.post(url, body | {"permissions": ["case.view", "audit.view"]})
    assert (refused.status_code, "三员分立" in refused.content.decode()) == (422, True)
    assert desk.get(page("role-shape", "no-such-role")).status_code == 404


def test_role_shape_asks_when_a_colleague_was_faster(desk, security):
    url = page("role-shape", "zone_officer")
    opened = re.search(r'name="opened" value="([^"]+)"', desk.get(url).content.decode())[1]
    role = Role.objects.get(pk="zone_officer")
    mine = {
        "display_name": "管教民警", "description": role.description, "opened": opened,
        "permissions": [one for one in role.permissions if one not in EVERYDAY],
    }  # fmt: skip
    shaped("zone_officer", ["case.view"], security, display_name="大队干警")

    asked = desk.post(url, mine)
    token = re.search(r'name="opened" value="([^"]+)"', asked.content.decode())[1]
    choices = {"choice_display_name": "mine", "choice_permissions": "theirs"}
    done = desk.post(url, mine | choices | {"opened": token})

    assert (asked.status_code, done.status_code) == (409, 302)
    assert all(words in asked.content.decode() for words in ("管教民警", "大队干警", "提请转区"))
    role.refresh_from_db()
    assert (role.display_name, set(role.permissions)) == ("管教民警", {"case.view", *EVERYDAY})


def test_role_shape_keeps_what_only_a_colleague_changed(desk, security):
    url = page("role-shape", "zone_officer")
    opened = re.search(r'name="opened" value="([^"]+)"', desk.get(url).content.decode())[1]
    role = Role.objects.get(pk="zone_officer")
    kept = [one for one in role.permissions if one not in EVERYDAY]
    mine = {"display_name": "管教民警", "description": role.description, "permissions": kept}
    shaped("zone_officer", role.permissions, security, description="示例改过")

    done = desk.post(url, mine | {"opened": opened})

    assert "您打开后同事改过的内容予以保留" in desk.get(done["Location"]).content.decode()
    role.refresh_from_db()
    assert (role.display_name, role.description) == ("管教民警", "示例改过")


def test_a_role_that_a_colleague_shaped_meanwhile_is_not_overwritten(security):
    stale = Role.objects.get(pk="zone_officer")
    shaped("zone_officer", stale.permissions, security, display_name="大队干警")

    with pytest.raises(Refused, match="刚由同事调整过"):
        roles.shape_role(
            role=stale, display_name="管教民警", description=stale.description,
            permissions=stale.permissions, by=security, at=make.NOON,
        )  # fmt: skip

    assert Role.objects.get(pk="zone_officer").display_name == "大队干警"


def test_role_create(desk):
    body = {
        "code": "night_officer", "display_name": "夜班民警", "description": "示例",
        "reach": "unit", "permissions": ["case.view"],
    }  # fmt: skip
    assert desk.get(page("role-create")).status_code == 200

    assert desk.post(page("role-create"), body)["Location"] == page("role-list")

    assert desk.post(page("role-create"), body).status_code == 422
    assert desk.post(page("role-create"), body | {"code": "夜班"}).status_code == 422


def test_grant_create(desk, facility, officer, case):
    url = page("grant-create", officer.pk)
    until = (clock.real_now() + timedelta(days=2)).date().isoformat()
    assert "示例所T01" in desk.get(url).content.decode()

    answer = desk.post(url, {"to": f"facility:{facility.pk}", "until": until})
    assert answer["Location"] == page("account-detail", officer.pk)
    desk.post(url, {"number": case.number.lower(), "until": until})

    assert (FacilityGrant.objects.count(), CaseGrant.objects.get().content_object) == (1, case)
    text = desk.get(page("account-detail", officer.pk)).content.decode()
    assert case.number in text
    assert case.person.name not in text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "须填一项"),
        ({"to": "facility:0"}, "“授权查阅”不在可选范围内"),
        ({"number": "T99-2026-0001"}, "没有找到"),
        ({"number": "x" * 21}, "最多 20 个字"),
        ({"until": "明天"}, "“截止日期”不是有效的日期"),
        ({"number": "T01-2026-0001", "until": "2020-01-01"}, "“截止时间”须晚于现在"),
    ],
)
def test_grant_create_refused(body, said, desk, officer, case):
    answer = desk.post(page("grant-create", officer.pk), {"until": "2099-01-01"} | body)

    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not CaseGrant.objects.exists()


def test_a_case_of_elsewhere_cannot_be_granted(desk, officer):
    far = make.case(make.facility("T02", province=make.bureau("另一省戒毒管理局")))

    answer = desk.post(
        page("grant-create", officer.pk), {"number": far.number, "until": "2099-01-01"}
    )

    assert answer.status_code == 422


def test_grant_end(desk, facility, officer, security):
    grant = granted(officer, facility, security)
    url = page("grant-end", f"facility-{grant.pk}")
    assert desk.get(url).status_code == 200

    assert desk.post(url)["Location"] == page("account-detail", officer.pk)

    assert desk.post(url).status_code == 404


def test_grant_end_of_another_house(desk, security):
    far = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
    grant = granted(make.officer("clinician", far), far, security)

    assert desk.get(page("grant-end", f"facility-{grant.pk}")).status_code == 404


def test_account_detail_queries(desk, facility, officer, security, django_assert_max_num_queries):
    granted(officer, facility, security)

    with django_assert_max_num_queries(12):
        assert desk.get(page("account-detail", officer.pk)).status_code == 200

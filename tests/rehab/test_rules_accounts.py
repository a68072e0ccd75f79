from datetime import timedelta

import pytest

from rehab.permissions import Permission
from rehab.roles import STARTING_ROLES
from rehab.rules import accounts as rules
from rehab.rules.accounts import Appointment
from tests.factories import rehab as make

NOW = make.NOON


def said(found, *words):
    messages = [one.message for one in found]
    assert len(messages) == len(words), messages
    assert all(word in message for word, message in zip(words, messages, strict=True)), messages


def test_the_words_are_those_of_the_house():
    assert set(map(str, Permission)) >= rules.EVERYDAY | rules.OF_ADMINISTRATORS


@pytest.mark.parametrize("role", STARTING_ROLES, ids=lambda role: role.code)
def test_every_starting_role_keeps_the_three_apart(role):
    assert rules.role_obstacles(permissions=role.permissions, reach=role.reach) == ()
    assert rules.is_administrator(role.permissions) is (role.reach == "none")


@pytest.mark.parametrize(
    ("permissions", "reach", "words"),
    [
        ({"account.manage", "place.manage"}, "none", ()),
        ({"account.manage", "role.manage"}, "none", ("系统管理、安全管理须分立",)),
        ({"role.manage", "case.view"}, "none", ("安全管理的权限不得与业务权限",)),
        ({"audit.view"}, "facility", ("审计管理的角色须“不涉案件”",)),
        ({"case.view"}, "none", ("不得有业务权限",)),
        ({"notice.view"}, "none", ()),
        (
            {"audit.view", "role.manage", "case.view"},
            "unit",
            ("安全管理、审计管理须分立", "安全管理的权限不得", "须“不涉案件”"),
        ),
    ],
)
def test_role_obstacles(permissions, reach, words):
    said(rules.role_obstacles(permissions=permissions, reach=reach), *words)


MAY = {
    "name": "张示例", "himself": False, "role": "大队民警", "reach": "unit",
    "administrator": False, "was_administrator": False, "by_security": False, "place": "一大队",
    "place_kind": "unit", "place_closed": False, "already": False, "active": True,
}  # fmt: skip
AN_ADMINISTRATOR = {
    "administrator": True, "was_administrator": True, "by_security": True, "role": "审计管理员",
    "reach": "none", "place_kind": "province", "place": "示例省局",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, (), id="可以"),
        pytest.param(AN_ADMINISTRATOR, (), id="安全管理员任命三员"),
        pytest.param(AN_ADMINISTRATOR | {"was_administrator": None}, (), id="新任三员"),
        pytest.param({"himself": True}, ("不得调整自己的任职",), id="本人"),
        pytest.param(AN_ADMINISTRATOR | {"by_security": False}, ("由安全管理员办理",), id="越权"),
        pytest.param({"by_security": True}, ("“大队民警”的任职由系统管理员办理",), id="越权二"),
        pytest.param({"was_administrator": True}, ("现任岗位由安全管理员管理",), id="现任三员"),
        pytest.param(
            AN_ADMINISTRATOR | {"was_administrator": False},
            ("现任岗位由系统管理员管理",),
            id="现任业务",
        ),
        pytest.param({"place_kind": "facility"}, ("不在一大队这一级任职",), id="级别不符"),
        pytest.param({"place_closed": True}, ("一大队已经撤销",), id="已撤销"),
        pytest.param({"already": True}, ("现在就在一大队任大队民警",), id="原地"),
        pytest.param({"active": False}, ("账号已停用",), id="停用"),
    ],
)
def test_appointment_obstacles(changed, words):
    said(rules.appointment_obstacles(Appointment(**MAY | changed)), *words)


@pytest.mark.parametrize(
    ("starts_at", "since", "words"),
    [
        (NOW, None, ()),
        (NOW, NOW, ()),
        (make.at(2026, 11, 22), None, ("不能晚于今天",)),
        (make.at(2026, 11, 20), NOW, ("不能早于张示例现任职务的到任日期",)),
    ],
)
def test_start_obstacles(starts_at, since, words):
    said(
        rules.start_obstacles(starts_at=starts_at, now=NOW, since=since, name="张示例"),
        *words,
    )


@pytest.mark.parametrize(
    ("himself", "active", "wanted", "last_of", "words"),
    [
        (False, True, False, "", ()),
        (False, False, True, "", ()),
        (True, True, False, "", ("不得停用或恢复自己的账号",)),
        (False, True, True, "", ("已经是启用状态",)),
        (False, False, False, "", ("已经停用",)),
        (False, True, False, "系统管理员", ("最后一名系统管理员",)),
        (False, False, True, "系统管理员", ()),
    ],
)
def test_account_obstacles(himself, active, wanted, last_of, words):
    found = rules.account_obstacles(
        himself=himself, active=active, wanted_active=wanted, last_of=last_of
    )

    said(found, *words)


@pytest.mark.parametrize(
    ("himself", "carried", "words"),
    [
        (False, True, ()),
        (True, True, ("不得重置自己的动态口令",)),
        (True, False, ("不得重置自己的动态口令",)),
        (False, False, ("没有设置动态口令",)),
    ],
)
def test_factor_reset_obstacles(himself, carried, words):
    said(rules.factor_reset_obstacles(himself=himself, carried=carried), *words)


@pytest.mark.parametrize(
    ("until", "words"),
    [
        (NOW + timedelta(minutes=1), ()),
        (NOW, ("已过期，请联系安全管理员",)),
        (None, ("已经用过，请联系安全管理员",)),
    ],
)
def test_one_time_obstacles(until, words):
    said(rules.one_time_obstacles(until=until, at=NOW), *words)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ()),
        ({"posted": False, "himself": True}, ("现在没有任职",)),
        ({"himself": True}, ("不得免去自己的任职",)),
        ({"managed_here": False}, ("由另一名管理员办理",)),
        ({"last_of": "安全管理员"}, ("最后一名安全管理员",)),
    ],
)
def test_posting_end_obstacles(changed, words):
    may = {
        "himself": False, "posted": True, "name": "张示例", "managed_here": True, "last_of": "",
    }  # fmt: skip

    said(rules.posting_end_obstacles(**may | changed), *words)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ()),
        ({"gives": {"case.view"}}, ("没有可以委托的审批权限",)),
        ({"himself": True}, ("不得委托给自己",)),
        ({"same_place": False}, ("张示例不在一大队任职",)),
        ({"already": True}, ("已经委托给张示例",)),
    ],
)
def test_delegation_obstacles(changed, words):
    may = {
        "himself": False, "gives": {"leave.grant", "case.view"}, "same_place": True,
        "place": "一大队", "name": "张示例", "already": False,
    }  # fmt: skip

    said(rules.delegation_obstacles(**may | changed), *words)


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        (0, 0, ()),
        (0, 30, ()),
        (0, 31, ("最长 31 天",)),
        (5, 35, ()),
        (-1, 3, ("“自”不能早于今天",)),
        (3, 2, ("“至”不能早于“自”",)),
    ],
)
def test_delegation_period(begins, ends, words):
    on = NOW.date()

    found = rules.delegation_period_obstacles(
        begins_on=on + timedelta(days=begins), ends_on=on + timedelta(days=ends), on=on
    )

    said(found, *words)

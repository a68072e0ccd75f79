"""Administrators at their desks: a 大队 opened with beds and officers, another closed.

The deliberate acts (links followed, buttons pressed) are counted and printed.
"""

import pytest

from rehab import clock, scope
from rehab.models import Unit, User
from rehab.states import Stage
from tests.browser.desk import Album, CountingDesk
from tests.factories import rehab as make
from tests.factories import zones as rooms

OPENING, CLOSING = 5, 9  # deliberate acts at most
RULE = {"needs": ["social"], "conduct_pass_mark": 60, "due_days": 10}


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def album(shots):
    return Album(shots / "administrators", asks_axe=False)


@pytest.fixture
def facility(live_site):
    facility = make.facility("SL01")
    rooms.set_rules(at=clock.now())
    return facility


@pytest.fixture
def sit(live_site, pages, album):
    """Lets an officer sit down at a desk of his own."""

    def sit_down(user, title):
        desk = CountingDesk(pages.open(bypass_csp=True), live_site.url, album, title)
        desk.sign_in(user.username, make.PASSWORD)
        return desk

    return sit_down


def named(user, name):
    User.objects.filter(pk=user.pk).update(display_name=name)
    return User.objects.with_posting().get(pk=user.pk)


def test_a_unit_is_opened_and_another_closed(facility, sit, album, live_site):
    old = Unit.objects.get(facility=facility, name="康复巩固二大队")
    named(make.officer("zone_officer", old), "甲示例")
    detox = make.unit(facility, Stage.DETOX)
    for name in ("乙示例", "丙示例"):
        named(make.officer("zone_officer", detox), name)
    desk = sit(make.officer("system_admin", facility.province), "sysadmin")

    desk.go("/")
    desk.follow("机构床位")
    desk.follow("开设大队")
    desk.submit(
        "开设大队",
        {
            "大队名称": "六大队", "所在区": "康复巩固区", "男区间数": 4, "男区每间床数": 6,
            "女区间数": 2, "女区每间床数": 6, "男隔离间数": 1, "男隔离每间床数": 2,
        },
    )  # fmt: skip
    assert "已开设六大队" in desk.text
    desk.follow("调入民警")
    desk.submit("任命", {"乙示例（": True, "丙示例（": True, "岗位": "大队民警"})
    assert "已任命 2 人" in desk.text
    opening, desk.acts = desk.acts, 0

    desk.follow("机构床位")
    desk.follow("康复巩固二大队")
    desk.follow("撤销康复巩固二大队")
    assert "1 名民警在康复巩固二大队任职：甲示例" in desk.text
    assert not desk.offers("撤销康复巩固二大队")
    desk.follow("为这 1 名民警另行任命")
    desk.submit("任命", {"岗位": "大队民警", "任职单位": "六大队"})
    desk.follow("机构床位")
    desk.follow("康复巩固二大队")
    desk.follow("撤销康复巩固二大队")
    desk.submit("撤销康复巩固二大队")
    assert "康复巩固二大队已撤销" in desk.text
    closing = desk.acts

    print(
        f"开设大队（床位、民警）：{opening} 步，不超过 {OPENING}；撤销大队：{closing} 步，不超过 {CLOSING}"
    )
    assert opening <= OPENING
    assert closing <= CLOSING
    unit = Unit.objects.get(name="六大队")
    assert User.objects.filter(posting__unit=unit).count() == 3
    assert not album.findings, "\n".join(album.findings)

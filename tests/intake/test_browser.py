"""The front door as an officer sees it: with scripts, at both sizes of desk, its draft kept."""

from pathlib import Path

import pytest

from rehab import scope
from rehab.models import Draft
from rehab.states import Sex
from tests.factories import rehab as make

DATA = Path(__file__).parents[1] / "data"
SMALL = {"width": 1366, "height": 768}


@pytest.fixture
def facility(live_site):
    with scope.within(make.EVERYTHING):
        return make.facility("SL01")


@pytest.fixture
def officer(facility):
    with scope.within(make.EVERYTHING):
        return make.officer("intake_officer", facility)


@pytest.fixture
def desk(page, live_site, officer):
    page.goto(f"{live_site.url}/login/")
    page.fill("input[name=username]", officer.username)
    page.fill("input[name=password]", make.PASSWORD)
    page.click("main button[type=submit], .door button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def shoot(page, shots, name):
    page.screenshot(path=shots / f"intake_{name}_1440.png", full_page=True)
    page.set_viewport_size(SMALL)
    page.screenshot(path=shots / f"intake_{name}_1366.png")
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_night_at_the_front_door(desk, live_site, facility, officer, shots):
    with scope.within(make.EVERYTHING):
        second = make.officer("intake_officer", facility)
        make.officer("intake_officer", facility, sex=Sex.FEMALE)

    desk.goto(f"{live_site.url}/intake/rosters/new/")
    shoot(desk, shots, "roster_create")
    desk.set_input_files("input[name=file]", DATA / "roster-90-messy.xlsx")
    desk.fill("input[name=as_of]", "2026-11-21")
    desk.click("text=上传并核对")
    desk.wait_for_selector("text=导入待收名单")
    shoot(desk, shots, "dry_run")
    desk.fill("input[name=answer_other_facility]", "名册写错场所名称，已电话核实")
    desk.click("text=导入待收名单")
    desk.wait_for_selector("text=名册回执")
    shoot(desk, shots, "receipt")

    desk.goto(f"{live_site.url}/intake/arrivals/")
    shoot(desk, shots, "arrivals")
    desk.click("text=收治登记 >> nth=0")
    desk.wait_for_selector("#admission-form")
    shoot(desk, shots, "admit")
    desk.fill("#id_precautions", "用药须按时")
    desk.locator(".draft-state", has_text="保存").filter(has_text="已于").wait_for()
    with scope.within(scope.Scope(actor=str(officer.pk), facilities=(facility.pk,))):
        assert Draft.objects.get().body["precautions"] == ["用药须按时"]
    desk.reload()
    assert desk.input_value("#id_precautions") == "用药须按时"

    for name in ("has_decision", "is_the_person"):
        desk.check(f"#id_{name}")
    desk.select_option("#id_bed", index=1)
    desk.click("button:has-text('同意接收')")
    desk.wait_for_selector("text=没有提交成功")
    shoot(desk, shots, "admit_refused")
    desk.check("#id_health_checked")
    desk.select_option("#id_searched_by", str(officer.pk))
    desk.select_option("#id_searched_with", str(second.pk))
    for question in desk.query_selector_all("input[name^=answer_]"):
        question.fill("已核实")
    desk.click("button:has-text('同意接收')")
    desk.wait_for_selector("h1:has-text('入所事项')")
    shoot(desk, shots, "completion")

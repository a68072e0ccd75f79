"""The rooms in a real browser: a roll called, a lane ticked whole, approvals in the hand."""

from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from rehab import clock, scope
from rehab.states import Stage
from tests.browser.desk import serious
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.harness.forms import await_draft
from zones.models import Muster, ZoneMove
from zones.states import MoveStatus

_serial = count(1)
PHONE = {"width": 390, "height": 844}
FINGER = 44  # px: what a thumb hits
SMALL = """(finger) => Array.from(document.querySelectorAll(
    '#main a, #main button, #main summary, #main label.choice'
)).filter((one) => one.offsetParent && one.getBoundingClientRect().height < finger).map((one) => one.outerHTML)"""


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def crew(shared_site):
    number = next(_serial)  # the site is one for all tests
    facility = make.facility(f"R{number}", province=make.bureau(f"示例第{number}省"), beds=6)
    zones_make.set_rules(facility.province)
    return zones_make.Crew(facility)


def at(page, shared_site, user, path):
    page.goto(f"{shared_site.url}/login/?next={path}")
    page.fill("input[name=username]", user.username)
    page.fill("input[name=password]", make.PASSWORD)
    page.click(".door button[type=submit]")
    page.wait_for_url(f"**{path}")
    return page


def people(crew, number):
    """Due in some days, by the clock on the wall: the site keeps it."""
    facility, entered = crew.unit(Stage.DETOX).facility, clock.real_now() - timedelta(days=10)
    return [zones_make.ready(facility, entered_at=entered) for _ in range(number)]


def test_a_roll_is_called(pages, shared_site, crew, shots):
    _, case, _ = people(crew, 3)
    page = at(pages.open(bypass_csp=True), shared_site, crew.officer(Stage.DETOX), "/")

    page.click("a >> text=记录点名")
    page.select_option(f"[name=absence_{case.number}]", "unknown")
    assert serious(page) == []
    page.screenshot(path=shots / "muster_create.png")
    page.click("button >> text=记录点名")
    page.wait_for_url("**/roll/records/*-*/")

    assert serious(page) == []
    muster = Muster.objects.get(unit=crew.unit(Stage.DETOX))
    assert (muster.expected, muster.present, muster.absent) == (3, 2, 1)
    assert muster.lines.get(case=case).absence == "unknown"


def test_a_lane_ticked_whole_stays_ticked(page, shared_site, crew):
    officer = crew.officer(Stage.DETOX)
    numbers = {case.number for case in people(crew, 2)}
    at(page, shared_site, officer, "/zones/moves/")

    page.check("[data-tick-all=cases]")
    expect(page.locator("[data-count-of=cases]")).to_have_text("2")
    await_draft(officer, "cases", *sorted(numbers))
    page.context.clear_cookies()
    at(page, shared_site, officer, "/zones/moves/")

    expect(page.locator("[data-count-of=cases]")).to_have_text("2")
    page.uncheck(f"#case-{min(numbers)}")
    page.click("text=提请转区 →")
    page.wait_for_selector(".notice-line.success")
    assert {move.case.number for move in ZoneMove.objects.filter(proposed_by=officer)} == {
        max(numbers)
    }


def test_what_was_typed_last_is_kept_last(page, shared_site, crew):
    """A slow line holds up what was sent first; the newer draft waits for it."""
    officer = crew.officer(Stage.DETOX)
    numbers = {case.number for case in people(crew, 2)}
    at(page, shared_site, officer, "/zones/moves/")
    held = []
    page.route("**/drafts/", lambda route: route.continue_() if held else held.append(route))

    page.check("[data-tick-all=cases]")
    page.wait_for_timeout(500)
    held[0].continue_()
    page.wait_for_timeout(1_500)  # both have arrived, in whatever order

    await_draft(officer, "cases", *numbers)


def test_approvals_in_the_hand(pages, shared_site, crew, shots):
    moves = [zones_make.proposed(case, crew, at=clock.real_now()) for case in people(crew, 3)]
    moves[0].case.precautions = "癫痫，睡下铺"
    moves[0].case.save(update_fields=["precautions"])
    leader = crew.leader(Stage.DETOX)
    page = at(
        pages.open(bypass_csp=True, viewport=PHONE), shared_site, leader, "/zones/moves/approvals/"
    )

    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert page.evaluate(SMALL, FINGER) == []
    assert serious(page) == []
    page.screenshot(path=shots / "approval_create_390.png")
    expect(page.locator("[data-count-of=moves]")).to_have_text("2")
    page.click(f"label[for=move-{moves[0].pk}]")
    page.click("button >> text=批准所选 3 人")
    page.wait_for_url("**/zones/moves/")

    signed = ZoneMove.objects.filter(approved_by=leader, status=MoveStatus.IN_TRANSIT)
    assert set(signed) == set(moves)

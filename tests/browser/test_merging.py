"""Two records become one person and two again, through the screen, at both sizes, open to readers."""

import pytest

from rehab import scope
from tests.browser.desk import DESK, OLD_DESK, serious
from tests.factories import rehab as make
from tests.factories.merging import two_records


@pytest.fixture
def two(live_site):
    with scope.within(make.EVERYTHING):
        return two_records(make.facility(), make.facility("T02"))


def signed_in(pages, site, user, address):
    page = pages.open(bypass_csp=True)  # axe brings a script of its own
    page.goto(f"{site.url}/login/?next={address}")
    page.fill("[name=username]", user.username)
    page.fill("[name=password]", make.PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url(site.url + address)
    return page


def looked_at(page, shots, name):
    """At both sizes nothing stands beyond the screen, and a reader finds his way."""
    for size in (OLD_DESK, DESK):
        page.set_viewport_size(size)
        page.screenshot(path=shots / f"merge {name} {size['width']}.png", full_page=True)
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0, (name, size)
        assert serious(page) == [], (name, size)


def test_two_records_become_one_person_and_two_again(live_site, pages, two, shots):
    history = f"{two.here.get_absolute_url()}?tab=history"
    page = signed_in(pages, live_site, two.proposer, two.here.get_absolute_url())
    page.goto(live_site.url + history)
    page.click("text=提请合并")
    page.fill("[name=other]", two.elsewhere.number)
    page.fill("[name=reason]", "指纹一致")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("text=逐项对照")
    assert not page.locator(".form-errors").count()
    assert page.input_value("[name=other]") == two.elsewhere.number
    assert page.input_value("[name=take_name]") == "absorbed"
    looked_at(page, shots, "proposed")
    page.check("[name=compared]")
    page.click("button:has-text('提请合并')")
    page.wait_for_url("**/house/merges/**")
    looked_at(page, shots, "waiting")

    page = signed_in(pages, live_site, two.leader, "/")
    page.click("text=待确认的人员合并 1 件")
    looked_at(page, shots, "list")
    page.click("[data-row] a >> nth=0")
    page.wait_for_selector("text=没有应办事项因此变动")
    looked_at(page, shots, "confirming")
    page.click("button:has-text('确认合并')")
    page.wait_for_selector("text=可撤销至")
    looked_at(page, shots, "merged")
    page.click("button:has-text('撤销合并')")
    page.wait_for_selector("text=已撤销合并")

    assert "已撤销 · T01" in page.inner_text("main")
    looked_at(page, shots, "undone")

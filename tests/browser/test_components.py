"""The gallery in a real browser: every size, every state, by keyboard, on paper, for a reader."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from rehab import scope
from tests.factories import rehab as make

SIZES = {
    "desk": {"width": 1440, "height": 900},
    "old desk": {"width": 1366, "height": 768},
    "old desk at 125 %": {"width": 1093, "height": 614},
    "phone": {"width": 390, "height": 844},
}


@pytest.fixture(scope="module")
def officer(shared_site):
    """A zone officer."""
    with scope.within(make.EVERYTHING):
        return make.officer("zone_officer", make.unit(make.facility(), make.Stage.ADAPTATION))


@pytest.fixture
def gallery(shared_site, officer, pages):
    """Opens `/ui/` as a signed-in zone officer."""

    def open_gallery(**options):
        page = pages.open(**options)
        page.goto(f"{shared_site.url}/login/?next=/ui/")
        page.fill("[name=username]", officer.username)
        page.fill("[name=password]", make.PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url("**/ui/")
        return page

    return open_gallery


def serious(page):
    """What axe finds serious or worse: rule and places."""
    violations = Axe().run(page).response["violations"]
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]])
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


def test_gallery_fits_every_screen(gallery, shots):
    page = gallery()

    for name, size in SIZES.items():
        page.set_viewport_size(size)
        page.screenshot(path=shots / f"ui {name}.png", full_page=True)
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0, name


def test_gallery_by_keyboard(gallery):
    page = gallery()
    focused = "document.activeElement.name"
    form = page.locator("form[data-enter-next]")
    form.locator("[name=name]").fill("李/示例")
    page.keyboard.press("Enter")
    assert page.evaluate(focused) == "decided_on"
    assert form.locator("[name=name]").input_value() == "李/示例"

    form.locator("[name=reason]").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "name=%E6%9D%8E%2F" in page.url


def test_slash_looks_for_a_person(gallery):
    page = gallery()

    page.keyboard.press("/")

    assert page.evaluate("document.activeElement.name") == "q"


def test_gallery_counts_ticks_and_draws_charts(gallery):
    page = gallery()

    page.locator("input[name=sample]").nth(0).check()
    page.locator("input[name=sample]").nth(1).check()

    assert page.locator("[data-count-of=sample]").inner_text() == "2"
    assert page.locator("[data-chart] canvas").count() == 1


def test_gallery_without_script_on_a_phone(gallery):
    page = gallery(java_script_enabled=False, viewport=SIZES["phone"])

    assert not page.locator("#menu").is_visible()
    page.click(".burger")
    assert page.locator("#menu").is_visible()

    page.goto(page.url.partition("#")[0])
    page.locator(".confirm summary").click()
    assert page.get_by_role("button", name="确认解除").is_visible()


def test_gallery_on_paper(gallery):
    page = gallery()

    page.emulate_media(media="print")

    assert not page.locator(".side").is_visible()
    assert not page.locator(".top").is_visible()
    heads = "getComputedStyle(document.querySelector('.tb thead')).display"
    assert page.evaluate(heads) == "table-header-group"


def test_sign_in_with_a_wrong_password(shared_site, page, shots):
    page.goto(f"{shared_site.url}/login/")
    page.fill("[name=username]", "nobody")
    page.fill("[name=password]", "不对的口令")
    page.click("button[type=submit]")

    assert "用户名或密码不正确" in page.locator("[role=alert]").inner_text()
    page.screenshot(path=shots / "login.png")
    assert page.input_value("[name=username]") == "nobody"
    assert page.input_value("[name=password]") == ""


def test_page_that_does_not_exist(gallery):
    page = gallery()

    page.goto(page.url.replace("/ui/", "/nowhere/"))

    assert page.locator("h1").last.inner_text() == "没有这一页"
    assert page.locator("#menu").is_visible()

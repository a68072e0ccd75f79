"""Forms in a real browser: nothing typed is lost, nothing is done twice, and every error is said."""

import pytest

from intake.models import Arrival
from rehab import scope
from rehab.models import Posting
from tests.browser.desk import serious
from tests.factories import intake as intake_make
from tests.factories import rehab as make
from tests.harness.forms import await_draft, drafts_of

DESK = "/intake/arrivals/new/"
SESSION = "sessionid"


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture(scope="module")
def facility(shared_site):
    with scope.within(make.EVERYTHING):
        return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def sign_in(page, shared_site, officer, path=DESK):
    page.goto(f"{shared_site.url}/login/?next={path}")
    enter(page, officer)
    page.wait_for_url(lambda url: "/login/" not in url)


def enter(page, officer):
    page.fill("input[name=username]", officer.username)
    page.fill("input[name=password]", make.PASSWORD)
    page.click(".door button[type=submit]")


def end_session(page):
    kept = [one for one in page.context.cookies() if one["name"] != SESSION]
    page.context.clear_cookies()
    page.context.add_cookies(kept)


def at_admission(page, shared_site, facility, officer):
    arrival = intake_make.arrival(facility, by=officer)
    path = f"/intake/arrivals/{arrival.pk}/admission/"
    sign_in(page, shared_site, officer, path)
    return path


def test_what_was_typed_is_there_after_the_session_ended(
    page, shared_site, facility, officer, shots
):
    path = at_admission(page, shared_site, facility, officer)
    page.fill("#id_precautions", "用药须按时")
    page.locator(".draft-state", has_text="保存").filter(has_text="已于").wait_for()
    page.fill("#id_household", "示例省示例县")
    page.check("#id_has_decision")
    end_session(page)

    page.locator("button", has_text="同意接收").click()
    page.wait_for_url("**/login/**")
    page.screenshot(path=shots / "form kept.png")
    assert "您填的内容已存为草稿" in page.inner_text("main")
    enter(page, officer)
    page.wait_for_url(f"**{path}")
    page.screenshot(path=shots / "form restored.png", full_page=True)

    assert page.input_value("#id_precautions") == "用药须按时"
    assert page.input_value("#id_household") == "示例省示例县"
    assert page.is_checked("#id_has_decision")
    line = page.locator(".draft-line")
    assert "已恢复" in line.inner_text()
    line.get_by_role("button", name="弃用草稿").click()
    page.wait_for_function("!document.querySelector('.draft-line')")
    assert page.input_value("#id_precautions") == ""
    assert drafts_of(officer) == []


def test_a_draft_goes_on_being_kept_after_the_session_ended(page, shared_site, officer):
    sign_in(page, shared_site, officer)
    end_session(page)

    page.fill("#id_name", "示例某")
    page.locator(".draft-state", has_text="登录已超时，草稿已保存").wait_for()

    assert drafts_of(officer)[0]["name"] == ["示例某"]


def test_leaving_the_page_at_once_keeps_the_last_key(page, shared_site, officer):
    sign_in(page, shared_site, officer)
    page.locator("#id_name").press_sequentially("示例末")

    page.goto(f"{shared_site.url}/notices/")
    await_draft(officer, "name", "示例末")
    page.goto(f"{shared_site.url}{DESK}")

    assert page.input_value("#id_name") == "示例末"


def test_what_was_refused_is_kept_too(page, shared_site, officer):
    sign_in(page, shared_site, officer)
    page.fill("#id_household", "示例省示例县")
    page.locator("button", has_text="登记，转收治").click()
    page.locator(".form-errors").wait_for()
    page.locator(".draft-state", has_text="已于").wait_for()

    page.goto(f"{shared_site.url}{DESK}")

    assert page.input_value("#id_household") == "示例省示例县"


@pytest.mark.parametrize("scripts", [True, False], ids=["有脚本", "无脚本"])
def test_a_double_click_is_one_act(pages, shared_site, officer, scripts):
    page = pages.open(java_script_enabled=scripts)
    sign_in(page, shared_site, officer)
    name = "示例双击" if scripts else "示例连击"
    page.fill("#id_name", name)
    page.select_option("#id_sex", "1")

    page.locator("button", has_text="登记，转收治").dblclick()
    page.wait_for_url("**/admission/")

    assert Arrival.objects.filter(name=name).count() == 1


def test_errors_answer_in_the_page(pages, shared_site, officer, shots):
    page = pages.open()
    sign_in(page, shared_site, officer)
    button = page.locator("button", has_text="登记，转收治")
    said = page.locator("#messages [role=alert]")
    page.fill("#id_name", "示例某")

    page.route(f"**{DESK}", lambda route: route.abort())
    button.click()
    said.filter(has_text="网络不通").wait_for()
    page.unroute(f"**{DESK}")
    page.route(f"**{DESK}", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    button.click()
    said.filter(has_text="502").wait_for()
    assert "Bad Gateway" not in page.inner_text("body")
    page.unroute(f"**{DESK}")
    Posting.objects.filter(user=officer).update(role="educator")
    button.click()
    said.filter(has_text="没有这项权限").wait_for()
    page.screenshot(path=shots / "error in the page.png")

    assert page.input_value("#id_name") == "示例某"
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    unanswered = ("htmx:afterRequest", "htmx:sendError", "Error Code 502", "Error Code 403")
    assert all(any(said in one for said in unanswered) for one in pages.problems), pages.problems
    pages.problems.clear()


def test_error_pages_are_open_to_readers(pages, shared_site, officer, shots):
    page = pages.open(bypass_csp=True)
    sign_in(page, shared_site, officer)

    for path, words in (
        ("/nowhere/", "没有这一页"),
        ("/zones/moves/new/", "没有这项权限"),
        (f"/login/?next={DESK}&kept=1", None),
    ):
        page.goto(shared_site.url + path)
        assert words is None or words in page.inner_text("main")
        for size in ({"width": 1366, "height": 768}, {"width": 1440, "height": 900}):
            page.set_viewport_size(size)
            assert serious(page) == []
        page.screenshot(path=shots / f"sorry {words}.png")

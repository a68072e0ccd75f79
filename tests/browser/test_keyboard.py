"""收治登记 by the keyboard alone: Tab, Enter, arrows and Space; Ctrl+Enter sends it."""

import pytest

from intake.models import Arrival
from rehab import scope
from rehab.models import Case
from rehab.states import Sex
from tests.factories import intake as intake_make
from tests.factories import rehab as make

TARGET = 8  # deliberate acts for a person who is on the list
HERE = "document.activeElement.name || document.activeElement.id"


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def admission(live_site, page):
    """The form of somebody who stands at the gate, opened by an officer who has no mouse."""
    facility = make.facility()
    officer = make.officer("intake_officer", facility)
    make.officer("intake_officer", facility, sex=Sex.MALE)
    arrival = intake_make.arrival(facility, by=officer)
    page.goto(f"{live_site.url}/login/?next=/intake/arrivals/{arrival.pk}/admission/")
    page.get_by_label("用户名").focus()
    page.keyboard.type(officer.username)
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url.endswith("/admission/") and "login" not in url)
    return page


def reach(page, name, *, by="Tab"):
    """Press a key until the field of this name has the focus."""
    for _ in range(80):
        if page.evaluate(HERE) == name:
            return
        page.keyboard.press(by)
    raise AssertionError(f"{name} is not reached by {by}")


def send(page):
    """Ctrl+Enter from wherever the focus is."""
    with page.expect_response(lambda answer: answer.request.method == "POST") as caught:
        page.keyboard.press("Control+Enter")
    return caught.value


def test_admission_by_keyboard_alone(admission):
    page, acts = admission, 1  # the person was picked from the list
    reach(page, "id_number")
    reach(page, "has_decision", by="Enter")
    for tick in ("has_decision", "is_the_person", "health_checked"):
        reach(page, tick, by="Enter")
        page.keyboard.press("Space")
        acts += 1
    for choice in ("searched_by", "searched_with"):
        reach(page, choice, by="Enter")
        page.keyboard.press("ArrowDown")
        acts += 1
    page.keyboard.press("ArrowDown")  # not the same officer twice
    reach(page, "bed", by="Enter")
    page.keyboard.press("ArrowDown")
    acts += 1

    send(page)
    acts += 1
    page.wait_for_url("**/completion/")

    assert Case.objects.get().person.name in page.locator("main").inner_text()
    print(f"收治一人（已在名单、只用键盘）：{acts} 个动作，目标 {TARGET}")
    assert acts <= TARGET


def test_wrong_input_keeps_what_was_typed(admission, shots):
    page = admission
    reach(page, "id_number")
    page.keyboard.type("11010119900101123X")
    reach(page, "household")
    page.keyboard.type("北京市 <b>东城区</b>")
    reach(page, "precautions")
    page.keyboard.type("防跌倒")

    answer = send(page)
    page.locator(".form-errors").first.wait_for()
    page.screenshot(path=shots / "keyboard refused.png", full_page=True)

    assert answer.status == 422
    assert page.evaluate(HERE) == "id_number"  # the first to mend, the reasons above it
    assert "公民身份号码" in page.locator(".form-errors").inner_text()
    assert page.get_by_label("公民身份号码").input_value() == "11010119900101123X"
    assert page.get_by_label("户籍所在地").input_value() == "北京市 <b>东城区</b>"
    assert page.get_by_label("注意事项").input_value() == "防跌倒"
    assert Arrival.objects.get().is_undecided
    described = page.locator("#id_id_number").get_attribute("aria-describedby")
    assert "公民身份号码" in page.locator(f"#{described.split()[-1]}").inner_text()
    page.locator(".form-errors a").first.focus()
    page.keyboard.press("Enter")  # the sentence leads to its field
    assert page.evaluate(HERE) in ("id_number", "id_id_number")

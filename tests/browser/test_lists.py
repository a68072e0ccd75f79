"""Lists and the search as an officer's hands meet them: keys, paper, what is kept, and a reader's ears."""

import io
import re
import unicodedata
from urllib.parse import quote

import pytest
from pypdf import PdfReader

from rehab import scope
from rehab.ledgers import notices
from rehab.ledgers.notices import Post
from rehab.models import Event
from tests.browser.desk import serious
from tests.factories import rehab as make

PEOPLE = 70
ONE_PERSON = re.compile(r"/cases/T01-")
NUMBER = re.compile(r"T01-\d{4}-\d{4}")


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture(scope="module")
def house(shared_site):
    """A facility with many people, one of them with a name that no other has."""
    with scope.within(make.EVERYTHING):
        return shared_site, *_filled()


def _filled():
    facility = make.facility(beds=PEOPLE)
    for serial in range(PEOPLE - 1):
        make.case(facility, person=make.person_facts(name=f"示例{'甲乙丙丁戊'[serial % 5]}"))
    case = make.case(facility, person=make.person_facts(name="彭敏绍"))
    for cycle in ("a", "b"):
        notices.tell(
            case, Event.Kind.ADMITTED, to=Post("facility_leader", facility.pk), cycle=cycle
        )
    return make.officer("facility_leader", facility), case


@pytest.fixture
def desk(house, pages):
    """Opens an address as the leader of the facility; axe brings a script of its own."""
    site, leader, _ = house

    def open_page(address):
        page = pages.open(bypass_csp=True)
        page.goto(f"{site.url}/login/?next={quote(address)}")
        page.fill("[name=username]", leader.username)
        page.fill("[name=password]", make.PASSWORD)
        page.click("main button[type=submit], form button[type=submit]")
        page.wait_for_url(site.url + address)
        return page

    return open_page


HERE = "Array.from(document.querySelectorAll('[data-row]')).indexOf(document.activeElement)"


def test_rows_by_the_keyboard(desk):
    page = desk("/cases/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(HERE) == 2
    page.keyboard.press("k")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("k")
    assert page.evaluate(HERE) == 0

    name = page.inner_text("[data-row]:focus a")
    page.keyboard.press("Enter")
    page.wait_for_url(ONE_PERSON)

    assert name in page.inner_text("h1")


def test_filters_are_there_on_the_way_back(desk):
    page = desk("/cases/")
    page.select_option("[name=stage]", "01")
    page.click("text=筛选")
    page.wait_for_url("**stage=01**")
    page.click("th a.sorts >> text=期满日")
    page.wait_for_url("**sort=ends**")
    page.click("[data-row] a >> nth=0")
    page.wait_for_url(ONE_PERSON)

    page.click("text=返回名单")

    page.wait_for_url("**stage=01**sort=ends**")
    assert page.input_value("[name=stage]") == "01"
    assert page.get_attribute("th[aria-sort]", "aria-sort") == "ascending"


def test_ticks_by_the_keyboard(desk):
    page = desk("/notices/")
    before = page.locator("[data-row]").count()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Space")
    assert page.inner_text("[data-count-of=notices]") == "2"

    page.click("footer.bulk button")
    page.wait_for_url("**/notices/")

    assert page.locator("td.acts >> text=已读").count() >= 2
    assert page.locator("[data-row]").count() == before


def test_keys_are_explained(desk):
    page = desk("/cases/")
    page.keyboard.press("?")
    assert page.is_visible("dialog#keys")
    assert serious(page) == []

    page.keyboard.press("Escape")

    assert not page.is_visible("dialog#keys")
    page.click("[data-keys]")
    assert page.is_visible("dialog#keys")


def test_search_while_one_types(desk, house):
    case = house[2]
    page = desk("/cases/")
    sent = []
    page.on("request", lambda request: sent.append(request.url))
    page.keyboard.press("/")
    page.keyboard.type("p")
    page.wait_for_selector("#search-found [role=option]")
    page.keyboard.type("ms")
    page.wait_for_function("document.querySelectorAll('#search-found [role=option]').length === 1")
    assert page.get_attribute("#search-words", "aria-expanded") == "true"
    assert serious(page) == []
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#search-words", "aria-activedescendant") == "found-1"
    with page.expect_response("**/search/**"):
        page.evaluate("htmx.trigger('#search-words', 'words')")
    page.wait_for_function(
        "!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')"
    )
    assert page.get_attribute("#search-words", "aria-activedescendant") == "found-1"

    page.keyboard.press("Enter")

    page.wait_for_url(f"**{case.get_absolute_url()}")
    assert not [url for url in sent if "pms" in url]


def test_search_is_left_by_escape_and_sent_by_enter(desk):
    page = desk("/cases/")
    page.keyboard.press("/")
    page.keyboard.type("示例")
    page.wait_for_selector("#search-found [role=option]")
    page.keyboard.press("Escape")
    assert not page.is_visible("#search-found")

    page.keyboard.press("Enter")

    page.wait_for_url("**/search/")
    assert page.locator("[data-row]").count() == 50


def test_list_is_kept_under_a_name(desk):
    page = desk("/cases/?stage=01")
    page.click(".list-ways >> text=常用名单")
    page.fill("[name=name]", "生理脱毒区")
    assert serious(page) == []
    page.click("#saved-list-card >> text=保存")
    page.wait_for_selector("text=已保存为常用名单")

    page.goto(page.url.split("?")[0])
    page.click(".list-ways >> text=常用名单")
    page.click("ul.saved >> text=生理脱毒区")

    page.wait_for_url("**/cases/?stage=01")


@pytest.mark.parametrize("address", ["/cases/?as=print", "/cases/?stage=01&sort=name&as=print"])
def test_paper(address, desk, shots):
    page = desk(address)
    page.wait_for_load_state()

    sheets = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages

    texts = [sheet.extract_text() for sheet in sheets]
    assert len(texts) > 1
    for at, text in enumerate(texts, start=1):
        words = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
        assert "戒毒人员名单" in words
        assert "打印人" in words
        assert "数据截至" in words
        assert "期满日" in words
        assert f"第{at}/{len(texts)}" in words
        assert ("所在区生理脱毒区" in words) is ("stage" in address)
    assert sorted(NUMBER.findall("".join(texts))) == sorted(set(NUMBER.findall("".join(texts))))
    assert len(NUMBER.findall("".join(texts))) == PEOPLE
    across = {float(sheet.mediabox.width) > float(sheet.mediabox.height) for sheet in sheets}
    assert across == {True}
    page.emulate_media(media="print")
    page.set_viewport_size(
        {"width": 1017, "height": 700}
    )  # the width of A4 across, less its margins
    page.screenshot(path=shots / "list on paper.png")

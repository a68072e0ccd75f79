"""An officer at a desk with a screen: the same hands as `tests.flows.desk`, in a real browser.

Every page that is opened goes into the album: whatever the ruler objects to at the size of a new desk and
of an old one, and what axe does (`tests/architecture/test_browser_pages.py` has both look at each page of
the house; a long walk through the same pages needs no axe). `make pictures` photographs both sizes.
"""

import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

DESK = {"width": 1440, "height": 900}
OLD_DESK = {"width": 1366, "height": 768}
WANTED = (OLD_DESK, DESK) if "PICTURES" in os.environ else ()  # `make pictures`
OPTIONS = {"resultTypes": ["violations"], "preload": False}  # see test_axe_need_fetch_nothing
PATIENCE = 20.0  # seconds a page may take

# The form of the button with these words, and its fields by their labels, as a reader finds them.
FIND = """
({button, near, label, value}) => {
  const words = (node) => {
    const copy = node.cloneNode(true);
    copy.querySelectorAll('.req, .mut, [aria-hidden=true], input, select, textarea')
      .forEach((aside) => aside.remove());
    return copy.textContent.replace(/\\s+/g, ' ').trim();
  };
  const said = (node) => node.getAttribute('aria-label') || node.textContent.replace(/\\s+/g, ' ').trim();
  const around = (node) => node.closest('tr, article, li') || node.closest('section, form');
  const button_found = Array.from(document.querySelectorAll('main button')).find((one) =>
    one.type === 'submit' && said(one) === button
    && (!near || (around(one.parentElement) || document.body).textContent.includes(near)));
  if (!button_found || label === null) return button_found || null;
  const fields = Array.from(button_found.form.elements)
    .filter((one) => one.matches('input:not([type=hidden]), select, textarea'));
  const name = (one) => one.getAttribute('aria-label') || (one.labels.length ? words(one.labels[0]) : '');
  const legend = (one) => {
    const group = one.closest('fieldset');
    const head = group && group.querySelector('legend');
    return head ? words(head).replace(/（必填）$/, '').trim() : '';
  };
  return fields.find((one) => name(one) === label)
    || fields.find((one) => name(one) && name(one).startsWith(label))
    || fields.find((one) => legend(one) === label && name(one) === value)
    || fields.find((one) => legend(one) === label && name(one).includes(value))
    || null;
}
"""

# What ends beyond the screen, or is cut off within a table that only scrolls to it: the last few elements.
BEYOND = """
() => {
  const screen = document.documentElement;
  const said = (one) => `${one.tagName}.${one.className} ${one.textContent.trim().slice(0, 12)}`;
  const cut = Array.from(document.querySelectorAll('.tb-scroll'))
    .filter((one) => one.scrollWidth > one.clientWidth)
    .map((one) => `${one.scrollWidth - one.clientWidth} px of ${said(one)}`);
  if (screen.scrollWidth <= screen.clientWidth) return cut.join(', ');
  const wide = Array.from(document.querySelectorAll('body *'))
    .filter((one) => one.getBoundingClientRect().right > screen.clientWidth);
  return [...cut, ...wide.slice(-4).map(said)].join(', ') || 'something';
}
"""


@dataclass
class Album:
    """The pages of a walk, numbered, their pictures, and what is wrong with the pages on them."""

    folder: Path
    asks_axe: bool = True
    photographs: tuple[dict[str, int], ...] = WANTED
    pages: int = 0
    findings: list[str] = field(default_factory=list)
    taken: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for picture in self.folder.glob("*.png"):
            picture.unlink()

    def take(self, page: Page, title: str, *, role: str) -> None:
        """Measure the page at both sizes, photograph it where that is wanted, once in each role."""
        if (seen := (role, title)) in self.taken:
            return
        self.taken.add(seen)
        self.pages += 1
        stem = f"{self.pages:03d} {role} {title}".replace("/", "-")
        for size, name in ((OLD_DESK, f"{stem} (old desk)"), (DESK, stem)):
            page.set_viewport_size(size)
            if beyond := page.evaluate(BEYOND):
                self.findings.append(f"{stem}: beyond {size['width']} px stands {beyond}")
            if size in self.photographs:
                page.screenshot(path=self.folder / f"{name}.png", full_page=size is DESK)
        if self.asks_axe:
            self.findings += [f"{stem}: {finding}" for finding in serious(page)]


def serious(page: Page) -> list[str]:
    """What axe finds serious or worse on the page: rule and places."""
    violations = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{violation['id']} at {[node['target'] for node in violation['nodes']][:4]}"
        for violation in violations
        if violation["impact"] in ("serious", "critical")
    ]


class ScreenDesk:
    """One officer signed in at a browser of his own."""

    def __init__(self, page: Page, url: str, album: Album, title: str) -> None:
        self.page, self.url, self.album, self.title = page, url, album, title
        self.status = 0

    def sign_in(self, username: str, password: str) -> None:
        """Through the door, by the labels of its fields."""
        self.page.goto(f"{self.url}/login/")
        self._look()
        self.page.get_by_label("用户名").fill(username)
        self.page.get_by_label("密码").or_(self.page.get_by_label("口令")).fill(password)
        self._press(self.page.get_by_role("button", name="登录"))

    def go(self, path: str) -> None:
        """Open a page."""
        answer = self.page.goto(self.url + path)
        self.status = answer.status
        assert self.status == 200, f"{path}: {self.status} {self.text}"
        self._look()

    def follow(self, words: str, *, near: str = "") -> None:
        """Follow the link with these words; `near` says in which row."""
        self._link(words, near).click()
        self.page.wait_for_load_state()
        self._look()

    def fetch(self, words: str) -> bytes:
        """What the link with these words brings, as a file."""
        address = self._link(words).get_attribute("href")
        answer = self.page.request.get(self.url + address)
        assert answer.status == 200
        return answer.body()

    def submit(self, button: str, fields: dict | None = None, *, near: str = "") -> None:
        """Fill in the form of that button and press it; `near` says in which row."""
        for label, value in (fields or {}).items():
            self._fill(button, near, label, value)
        pressed = self._find(button, near)
        assert pressed is not None, f"no button {button!r} near {near!r} on: {self.text}"
        assert pressed.is_enabled(), f"{button} is disabled on: {self.text}"
        self._press(pressed)

    def offers(self, button: str, *, near: str = "") -> bool:
        """Whether that button stands there and may be pressed."""
        found = self._find(button, near)
        return found is not None and found.is_enabled()

    def move_clock(self, day: str) -> None:
        """Move the demo's business day from the bar at the top."""
        self.page.get_by_label("业务日期").fill(day)
        self._press(self.page.get_by_role("button", name="移到这天"))

    @property
    def text(self) -> str:
        """The words of the page proper."""
        return " ".join(self.page.locator("main, body").first.text_content().split())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def _link(self, words: str, near: str = ""):
        """Links of the page proper come before those of menu and top bar."""
        main = self.page.locator("main")
        around = main.locator("tr, article, li").filter(has_text=near) if near else main
        for exact in (True, False):
            found = around.get_by_role("link", name=words, exact=exact)
            if found.count():
                return found.first
        return self.page.get_by_role("link", name=words).first

    def _find(self, button: str, near: str, label: str | None = None, value: object = None):
        asked = {"button": button, "near": near, "label": label, "value": str(value)}
        return self.page.evaluate_handle(FIND, asked).as_element()

    def _fill(self, button: str, near: str, label: str, value: object) -> None:
        control = self._find(button, near, label, value)
        assert control is not None, f"no field {label!r} in the form of {button!r} on: {self.text}"
        tag, kind = control.evaluate("one => [one.tagName, one.type]")
        if tag == "SELECT":
            options = control.query_selector_all("option")
            words = [one.text_content() for one in options]
            matching = [one for one in options if str(value) == one.text_content().strip()]
            matching += [one for one in options if str(value) in one.text_content()]
            assert matching, f"{label} offers {words}, not {value}"
            control.select_option(value=matching[0].get_attribute("value"))
        elif kind in ("checkbox", "radio"):
            control.set_checked(bool(value))
        elif kind == "file":
            control.set_input_files(value)
        else:
            control.fill(str(value))

    def _press(self, button) -> None:
        """Press, and wait until the answer stands on the page, whether it is a new one or not."""
        self.page.evaluate("window.before = true")
        if folded := button.evaluate_handle(
            "one => one.closest('details:not([open])')"
        ).as_element():
            folded.query_selector("summary").click()
        with self.page.expect_response(
            lambda answer: (
                answer.request.is_navigation_request() or "hx-request" in answer.request.headers
            )
        ) as caught:
            button.click()
        answer = caught.value
        self.status = answer.status
        if answer.request.is_navigation_request() or "hx-redirect" in answer.headers:
            self._await("!window.before && document.readyState === 'complete'")
            self.status = 200 if self.status in (200, 302) else self.status
        else:
            self._await("!document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling')")
        self._look("done" if self.status == 200 else "refused")

    def _await(self, condition: str) -> None:
        until = time.monotonic() + PATIENCE
        while not self._holds(condition):
            assert time.monotonic() < until, f"{condition} never held on {self.page.url}"
            time.sleep(0.02)

    def _holds(self, condition: str) -> bool:
        try:
            return self.page.evaluate(condition)
        except Error:  # between two documents there is none to ask
            return False

    def _look(self, after: str = "") -> None:
        """Into the album, under the heading without the person's own words."""
        heading = self.page.locator("h1").last.evaluate("one => one.firstChild.textContent.trim()")
        leaf = parse_qs(urlsplit(self.page.url).query).get("tab", [""])[0]
        role = self.title.rstrip("0123456789") if self.path != "/login/" else "door"
        self.album.take(self.page, " ".join(filter(None, (heading, leaf, after))), role=role)


class CountingDesk(ScreenDesk):
    """A desk at which the deliberate acts are counted; typing is none.

    `acts` are links followed and buttons pressed, `choices` what is ticked and chosen on the way.
    """

    acts = 0
    choices = 0

    def follow(self, words: str, *, near: str = "") -> None:
        self.acts += 1
        super().follow(words, near=near)

    def submit(self, button: str, fields: dict | None = None, *, near: str = "") -> None:
        self.acts += 1
        super().submit(button, fields, near=near)

    def tick(self, words: str) -> None:
        """Tick the box that is called so."""
        self.choices += 1
        self.page.get_by_label(words).check()

    def counted(self) -> int:
        """How many acts and choices there were since this was asked last."""
        counted = self.acts + self.choices
        self.acts = self.choices = 0
        return counted

    def _fill(self, button: str, near: str, label: str, value: object) -> None:
        super()._fill(button, near, label, value)
        control = self._find(button, near, label, value)
        self.choices += control.evaluate(
            "one => Number(one.matches('select, [type=checkbox], [type=radio]'))"
        )

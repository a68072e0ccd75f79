"""动态口令 by the keyboard alone: set up, asked for, reset by somebody else, set up anew."""

import base64

import pytest
from django_otp.oath import totp as code_of

from rehab import scope
from rehab.models import SecondFactor
from rehab.states import Stage
from tests.browser.desk import Album
from tests.factories import rehab as make

HERE = """() => {
  const one = document.activeElement;
  if (!one.matches('a, button, input, select')) return '';
  const label = one.labels && one.labels.length ? one.labels[0].textContent : '';
  return (one.getAttribute('aria-label') || label || one.textContent).replace(/\\s+/g, ' ').trim();
}"""


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def album(shots):
    return Album(shots / "second-factor", asks_axe=False)


class Keyboard:
    """Somebody without a mouse."""

    def __init__(self, page, url, album):
        self.page, self.url, self.album = page, url, album

    def reach(self, words):
        """Tab until what bears these words has the focus."""
        for _ in range(120):
            if words in self.page.evaluate(HERE):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{words} is not reached on {self.page.url}")

    def type(self, label, text):
        """Into the field of this label; nothing else bears it with a star."""
        self.reach(label if label == "用户名" else f"{label} *")
        self.page.keyboard.type(text)

    def enter(self, title):
        """Enter, and the page that it leads to, photographed."""
        self.page.evaluate("window.before = true")
        self.page.keyboard.press("Enter")
        self.page.wait_for_function("!window.before && document.readyState === 'complete'")
        self.album.take(self.page, title, role="code")

    def give_password(self, user, title):
        self.page.goto(f"{self.url}/login/")
        self.type("用户名", user.username)
        self.type("密码", make.PASSWORD)
        self.enter(title)

    def follow(self, words, title):
        self.reach(words)
        self.enter(title)

    @property
    def secret(self):
        return self.page.locator(".secret").text_content()

    @property
    def text(self):
        return self.page.locator("body").text_content()

    @property
    def path(self):
        return self.page.url.removeprefix(self.url)


def code(spelled, *, later=0):
    key = base64.b32decode(spelled.replace(" ", ""))
    return f"{code_of(key, drift=later):06d}"


def test_the_whole_way(live_site, pages, album):
    facility = make.facility()
    officer = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    security = make.officer("security_admin", facility.province)
    desk = Keyboard(pages.open(bypass_csp=True), live_site.url, album)

    desk.give_password(officer, "worklist")
    desk.follow("修改密码、动态口令", "password")
    desk.follow("设置动态口令", "set up")
    first = desk.secret
    desk.type("登录密码", make.PASSWORD)
    desk.type("动态口令", "000000")
    desk.enter("set up refused")
    assert desk.secret == first
    desk.type("登录密码", make.PASSWORD)
    desk.type("动态口令", code(first))
    desk.enter("set up done")
    assert "动态口令已设置" in desk.text
    desk.follow("退出", "signed out")

    desk.give_password(officer, "code")
    assert desk.path == "/login/code/"
    desk.page.goto(f"{live_site.url}/cases/")
    assert desk.path.startswith("/login/?next")
    desk.page.goto(f"{live_site.url}/login/code/")
    desk.page.keyboard.type("000000")  # the focus is there already
    desk.enter("code refused")
    desk.type("动态口令", code(first, later=1))
    desk.enter("signed in")
    assert desk.path == "/"

    other = Keyboard(pages.open(bypass_csp=True), live_site.url, album)
    other.give_password(security, "security")
    other.follow("账号", "accounts")
    other.follow(officer.display_name, "account")
    other.follow("重置动态口令", "reset")
    other.follow("重置动态口令", "told once")
    secret = other.secret
    other.follow("已交给本人", "account reset")

    desk.page.goto(f"{live_site.url}/")
    assert desk.path.startswith("/login/")  # the reset ended the session
    desk.give_password(officer, "secret asked for")
    desk.page.keyboard.type(secret)
    desk.enter("set up owed")
    assert desk.path == "/house/second-factor/"
    desk.page.goto(f"{live_site.url}/cases/")
    assert desk.path == "/house/second-factor/"
    second = desk.secret
    assert second != first
    desk.type("动态口令", code(second))
    desk.enter("set up anew")
    assert desk.path == "/"

    assert SecondFactor.objects.get(user=officer).secret == ""
    assert not album.findings, "\n".join(album.findings)

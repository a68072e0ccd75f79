"""What stands around every page: menu, business date, unread notices, whose page it is."""

from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from rehab import clock
from rehab.models import Notice
from rehab.permissions import Permission
from rehab.web import LEFT_LIST
from reporting import menu


class Chrome:
    """Asked only by what a template really shows: a fragment costs nothing."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.user: Any = getattr(request, "user", None)
        self.demo: bool = settings.DEMO
        self.path = request.get_full_path() if request.method == "GET" else "/"

    @property
    def signed_in(self) -> bool:
        return self.user is not None and self.user.is_authenticated

    @cached_property
    def today(self) -> date:
        """The business day in Asia/Shanghai."""
        return clock.today()

    @property
    def tomorrow(self) -> date:
        return self.today + timedelta(days=1)

    @property
    def place(self) -> str:
        """Whose house the user stands in: 第一强制隔离戒毒所, a bureau or a station."""
        posting = self.user.posting
        return str(posting.facility or posting.place)

    @property
    def post(self) -> str:
        """三大队 管教民警: the unit, where there is one, and the role."""
        posting = self.user.posting
        words = f"{posting.unit} {posting.role}" if posting.unit else str(posting.role)
        return f"{words} · 值班代行审批" if self.user.delegated else words

    @cached_property
    def menu(self) -> tuple[menu.Section, ...]:
        return menu.sections(self.user, self._request.path) if self.signed_in else ()

    @cached_property
    def home(self) -> str:
        return menu.address("reporting:worklist-list") or "/"

    @cached_property
    def back(self) -> str | None:
        """The list that this page was opened from, as it was left; none on pages of the menu."""
        left, here = self._request.COOKIES.get(LEFT_LIST, ""), self._request.path
        entries = {line.url for section in self.menu for line in section.lines}
        if not entries or here in {*entries, left.partition("?")[0]}:
            return None
        return left if url_has_allowed_host_and_scheme(left, None) else None

    @cached_property
    def search_url(self) -> str | None:
        """Where the search box posts to; none for those who see no cases."""
        if self.signed_in and self.user.may(Permission.CASE_SEARCH):
            return menu.address("reporting:search")
        return None

    @cached_property
    def notices_url(self) -> str | None:
        if self.signed_in and self.user.may(Permission.NOTICE_VIEW):
            return menu.address("reporting:notice-list")
        return None

    @cached_property
    def password_url(self) -> str | None:
        if self.signed_in and self.user.may(Permission.PASSWORD_CHANGE):
            return menu.address("rehab:password-change")
        return None

    @cached_property
    def unread(self) -> int:
        """件: notices to this user's post that this user has not read."""
        return Notice.objects.unread_by(self.user).count() if self.notices_url else 0

    @cached_property
    def clock_url(self) -> str | None:
        """Where the demo's date-mover posts to."""
        return menu.address("demo-clock") if self.demo else None


def chrome(request: HttpRequest) -> dict[str, object]:
    """`chrome` for base.html, and `today` for every due label."""
    around = Chrome(request)
    return {"chrome": around, "today": lambda: around.today}

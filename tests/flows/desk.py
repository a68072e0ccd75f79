"""An officer at a desk without a screen: pages are read and forms sent through Django's test client."""

from pathlib import Path
from urllib.parse import urljoin

from django.test import Client

from rehab.models import User
from tests.flows.sheet import Sheet


class Desk:
    """One officer's desk. It does by name what he would do with mouse and keys."""

    def __init__(self, user: User) -> None:
        self.user = user
        self.client = Client()
        self.client.force_login(user)
        self.path = "/"
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.sheet = Sheet("")

    def go(self, path: str) -> None:
        """Open a page."""
        self._take(self.client.get(path, follow=True), path)

    def follow(self, words: str, *, near: str = "") -> None:
        """Follow the link with these words; `near` says in which row."""
        self.go(urljoin(self.path, self.sheet.link(words, near)))

    def fetch(self, words: str) -> bytes:
        """What the link with these words brings, as a file."""
        answer = self.client.get(self.sheet.link(words))
        assert answer.status_code == 200
        return answer.content

    def submit(self, button: str, fields: dict | None = None, *, near: str = "") -> None:
        """Fill in the form of that button and press it; `near` says in which row."""
        form = self.sheet.form(button, near)
        assert not form.disabled, f"{button} is disabled: {form.element.text()}"
        files = []
        for label, value in (fields or {}).items():
            if isinstance(value, Path):
                value = value.open("rb")
                files.append(value)
            form.fill(label, value)
        address = urljoin(self.path, form.action)
        if form.element.attributes.get("method", "get").lower() == "get":
            answer = self.client.get(address, form.data, follow=True)
        else:
            answer = self.client.post(address, form.data, follow=True)
        for file in files:
            file.close()
        self._take(answer, address)

    def offers(self, button: str, *, near: str = "") -> bool:
        """Whether that button stands there and may be pressed."""
        try:
            return not self.sheet.form(button, near).disabled
        except AssertionError:
            return False

    @property
    def text(self) -> str:
        """The words of the page."""
        return self.sheet.text()

    def _take(self, answer, path: str) -> None:
        chain = getattr(answer, "redirect_chain", [])
        self.path = chain[-1][0] if chain else path
        self.status, self.body = answer.status_code, answer.content
        self.sheet = Sheet(answer.content.decode() if "html" in answer["Content-Type"] else "")
        assert self.status in (200, 422), f"{path}: {self.status} {self.text}"

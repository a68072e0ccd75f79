"""What a test wants to know of the forms on a page, and of what is kept of them."""

import html
import re
import time
from collections import defaultdict
from dataclasses import dataclass, field
from html.parser import HTMLParser

from rehab import scope
from rehab.drafts import LAST
from rehab.models import Draft, Submission

PATIENCE = 20.0  # seconds a busy machine may take
KEY = re.compile(r'name="form_key" value="([^"]+)"')


def keys_on(answer) -> list[str]:
    """The keys of the forms on a page, in their order."""
    return [html.unescape(key) for key in KEY.findall(answer.content.decode())]


def key_on(answer) -> str:
    """The key of the form that a page is about: its last."""
    return keys_on(answer)[-1]


def drafts_of(user) -> list[dict]:
    """What is kept for an officer, as only he sees it."""
    with scope.within(scope.Scope(actor=str(user.pk))):
        kept = Draft.objects.filter(user=user).values_list("body", flat=True)
        return [{name: body[name] for name in body if name != LAST} for body in kept]


def await_draft(user, name: str, *values: str) -> None:
    """Until that is kept for an officer: what a page sends as it is left is on its way for a moment."""
    until = time.monotonic() + PATIENCE
    while sorted(values) not in [sorted(body.get(name, ())) for body in drafts_of(user)]:
        assert time.monotonic() < until, f"{name} was never kept as {values}"
        time.sleep(0.05)


def submissions_of(user) -> int:
    """How many forms of an officer led to an act."""
    with scope.within(scope.Scope(actor=str(user.pk))):
        return Submission.objects.filter(user=user, answer__isnull=False).count()


@dataclass
class Fields:
    """The fields of a page: what each offers to choose from, and what a browser would send of it now."""

    offered: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    sent: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def fields_on(page: str) -> Fields:
    """All fields of all forms on a page as they stand."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.fields


class _Reader(HTMLParser):
    """Reads the fields of a page as a browser fills them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields = Fields()
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.textarea: str | None = None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name, value = given.get("name"), given.get("value")
        if tag == "option" and self.select:
            self.options.append((value or "", "selected" in given))
        elif name is None or "disabled" in given:
            return
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "textarea":
            self.textarea = name
            self.fields.sent[name].append("")
        elif tag == "input" and given.get("type") in ("checkbox", "radio"):
            value = "on" if value is None else value
            self.fields.offered[name].add(value)
            self.fields.sent[name] += [value] if "checked" in given else []
        elif tag == "input" and given.get("type") != "file":
            self.fields.sent[name].append(value or "")

    def handle_data(self, data):
        if self.textarea:
            self.fields.sent[self.textarea][-1] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.textarea:
            words = self.fields.sent[self.textarea]
            words[-1] = re.sub(r"\A\r?\n", "", words[-1])
            self.textarea = None
        elif tag == "select" and self.select:
            values = [value for value, _ in self.options]
            chosen = [value for value, selected in self.options if selected]
            self.fields.offered[self.select] |= set(values)
            self.fields.sent[self.select] += chosen or values[:1]
            self.select = None

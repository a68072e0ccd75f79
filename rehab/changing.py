"""A form that changes what is already there: a colleague's change in between is shown, field by field.

The page carries, sealed, what stood there when it was opened. What nobody else touched is changed; what
only a colleague touched stays as he left it, and is said; what both touched is asked.
"""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from cryptography.exceptions import InvalidTag
from django import forms
from django.db.models import Model

from rehab.clock import SHANGHAI
from rehab.forms import HouseForm, spoken_name
from rehab.sealed import seal, unseal

MINE, THEIRS = "mine", "theirs"
EMPTY = "（空）"
SHORT = 30  # characters of a text in a message
_PLACE = "rehab.changing"


@dataclass(frozen=True)
class Conflict:
    """One field that a colleague changed since the page was opened."""

    name: str  # of the choice, as it is sent
    label: str
    opened: str
    typed: str
    now: str
    by: str  # who, and when, where that is known
    touched: bool  # by the officer too


class ChangeForm(HouseForm):
    """`now`: what stands there, by name of the field; `by`: who left it so, in words."""

    def __init__(
        self,
        *args: Any,
        now: Mapping[str, Any],
        by: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = {**now, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.now, self._by = now, by or {}
        self.conflicts: list[Conflict] = []
        self.left_as_found: list[Conflict] = []
        self.opened_name = self.add_prefix("opened")

    @cached_property
    def _opened(self) -> dict[str, list[str]]:
        """What stood there: as the page carries it along, or as it stands for one that is opened now."""
        sent = self.data.get(self.opened_name) or "".join(self.restored.get(self.opened_name, ()))
        if sent:
            return _unsealed(sent)
        return {
            name: [key_of(value), words_of(self.fields[name], value)]
            for name, value in self.now.items()
            if name in self.fields
        }

    @property
    def opened(self) -> str:
        """What the page carries along: what stood there when it was opened, and what was shown since."""
        state = self._opened
        for conflict in self.conflicts:
            name = conflict.name.removeprefix(self._choice(""))
            state = state | {name: [*state[name][:2], key_of(self.now[name])]}
        return base64.b64encode(seal(json.dumps(state).encode(), place=_PLACE)).decode()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        changed = [
            found
            for name in self.now
            if name in self.fields and (found := self._conflict(name, cleaned)) is not None
        ]
        if any(conflict.touched for conflict in changed):
            self.conflicts = changed
            self.add_error(None, "您打开后同事改过其中的内容，没有保存，请逐项选择采用哪一个。")
            return cleaned
        for conflict in changed:
            name = conflict.name.removeprefix(self._choice(""))
            cleaned[name] = self.now[name]
        self.left_as_found = changed
        return cleaned

    @property
    def left_as_found_words(self) -> str:
        """What a colleague changed meanwhile and the officer did not, for a message; else nothing."""
        told = "；".join(
            f"{one.label} {_short(one.opened)} → {_short(one.now)}" for one in self.left_as_found
        )
        return f"您打开后同事改过的内容予以保留：{told}" if told else ""

    def _conflict(self, name: str, cleaned: dict[str, Any]) -> Conflict | None:
        """What is left to ask about a field; a choice that was made is carried out."""
        if name not in cleaned or name not in self._opened:
            return None
        opened, in_words, *shown = self._opened[name]
        typed, now = key_of(cleaned[name]), key_of(self.now[name])
        closed = self.fields[name].disabled  # meanwhile: what was typed there is not read any more
        if now == opened or (now == typed and not closed):
            return None
        chosen = self.data.get(self._choice(name))
        if shown == [now] and chosen in (MINE, THEIRS):
            if chosen == THEIRS:
                cleaned[name] = self.now[name]
            return None
        field = self.fields[name]
        return Conflict(
            name=self._choice(name),
            label=spoken_name(self[name]),
            opened=in_words,
            typed=words_of(field, cleaned[name]),
            now=words_of(field, self.now[name]),
            by=self._by.get(name, ""),
            touched=typed != opened and not closed,
        )

    def _choice(self, name: str) -> str:
        return self.add_prefix(f"choice_{name}")


def status_of(form: Any) -> int:
    """How a page with this form answers: 409 a colleague was faster, 422 something is to be mended, 200."""
    if getattr(form, "conflicts", None):
        return 409
    return 422 if form.errors else 200


def key_of(value: Any) -> str:
    """A value as it is compared: what a field was cleaned to and what stands in the row are the same."""
    if value is None:
        return ""
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="minutes")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ",".join(sorted(map(key_of, value)))
    return "\n".join(str(value).split("\r\n"))  # as a browser ends its lines


def words_of(field: forms.Field, value: Any) -> str:
    """A value as an officer reads it."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "、".join(words_of(field, one) for one in value) or EMPTY
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model | date):
        return dict(_choices(field)).get(str(value), str(value))
    return str(value)


def _short(words: str) -> str:
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def _choices(field: Any) -> Iterator[tuple[str, str]]:
    """Every choice of a field, in groups or not, as it is sent and as it is read."""
    for key, label in field.choices:
        if isinstance(label, list | tuple):
            yield from ((str(one), str(words)) for one, words in label)
        else:
            yield str(key), str(label)


def _unsealed(text: str) -> dict[str, list[str]]:
    """What the page carried; nothing to compare with when it is not ours."""
    try:
        state = json.loads(unseal(base64.b64decode(text, validate=True), place=_PLACE))
    except (binascii.Error, InvalidTag, KeyError, IndexError, UnicodeDecodeError, ValueError):
        return {}
    return dict(state)

"""The form every page starts from: our looks, our sentences, fields that never break on odd input.

Every error is one Chinese sentence that names its field and the way out. Nothing typed is lost:
what could not be read is shown again as it was typed.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict

from rehab import clock
from rehab.drafts import Drafts

LONGEST_TEXT = 5_000  # characters; for text fields that state no limit of their own
LARGEST_NUMBER = 2_147_483_647  # what an integer column holds
FIRST_YEAR, LAST_YEAR = 1900, 2100  # outside them a date is a slip of the hand

REQUIRED = "“{label}”不能为空，请填写。"
REQUIRED_CHOICE = "“{label}”还没有选，请选择。"
REQUIRED_TICK = "“{label}”须勾选后才能提交。"
REQUIRED_FILE = "“{label}”还没有文件，请选择一个文件。"
INVALID_CHOICE = "“{label}”不在可选范围内，请从列出的选项中选择。"
INVALID_NUMBER = "“{label}”应为数字，请改正。"
INVALID_DAY = "“{label}”不是有效的日期，请按 2026-03-05 的样子填写。"
INVALID_MOMENT = "“{label}”不是有效的时间，请按 2026-03-05 14:20 的样子填写。"
INVALID_FILE = "“{label}”没有收到文件，请重新选择后上传。"
LONG_FILE_NAME = "“{label}”的文件名太长，请改短后重新选择。"

SENTENCES = {
    "required": REQUIRED,
    "max_length": "“{label}”最多 %(limit_value)d 个字，现有 %(show_value)d 个，请缩短。",
    "min_length": "“{label}”至少 %(limit_value)d 个字，请补全。",
    "max_value": "“{label}”不能大于 %(limit_value)s，请改正。",
    "min_value": "“{label}”不能小于 %(limit_value)s，请改正。",
    "step_size": "“{label}”应为 %(limit_value)s 的整数倍，请改正。",
    "max_digits": "“{label}”最多 %(max)s 位数字，请改正。",
    "max_decimal_places": "“{label}”最多 %(max)s 位小数，请改正。",
    "max_whole_digits": "“{label}”整数部分最多 %(max)s 位，请改正。",
    "null_characters_not_allowed": "“{label}”含有不能保存的字符，请删去后重填。",
    "invalid_choice": INVALID_CHOICE,
    "invalid_list": INVALID_CHOICE,
    "invalid_pk_value": INVALID_CHOICE,
    "empty": "“{label}”是空文件，请重新选择。",
    "missing": INVALID_FILE,
    "contradiction": "“{label}”不能同时上传和清除，请只选一样。",
    "invalid_extension": "“{label}”的文件类型不对，只收：%(allowed_extensions)s。",
}

INVALID: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.FileField, INVALID_FILE),
    (forms.DateTimeField, INVALID_MOMENT),
    (forms.DateField, INVALID_DAY),
    (forms.IntegerField, INVALID_NUMBER),
    (forms.EmailField, "“{label}”不是有效的电子邮箱，请改正。"),
    (forms.ChoiceField, INVALID_CHOICE),
)

REQUIRED_BY_KIND: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.FileField, REQUIRED_FILE),
    (forms.BooleanField, REQUIRED_TICK),
    (forms.ChoiceField, REQUIRED_CHOICE),
)

DAY_SHAPES = (
    re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"),
    re.compile(r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})"),
    re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})"),
    re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日?"),
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
)
MOMENT_SHAPE = re.compile(r"(.+?)(?:T| +|(?<=日))([0-9]{1,2}):([0-9]{2})(?::[0-9]{2})?")


def read_day(text: str) -> date | None:
    """A date as officers type it: 2026-03-05, 2026.3.5, 2026/3/5, 2026年3月5日 or 20260305."""
    text = unicodedata.normalize("NFKC", text).strip()
    for shape in DAY_SHAPES:
        if found := shape.fullmatch(text):
            year, month, day = map(int, found.groups())
            try:
                return date(year, month, day)
            except ValueError:
                return None
    return None


def read_moment(text: str) -> datetime | None:
    """A date in any of the five shapes followed by 14:20; aware, Asia/Shanghai."""
    found = MOMENT_SHAPE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    day = read_day(found[1]) if found else None
    if found is None or day is None:
        return None
    hour, minute = int(found[2]), int(found[3])
    if hour > 23 or minute > 59:
        return None
    return datetime.combine(day, time(hour, minute), tzinfo=clock.SHANGHAI)


class DayInput(forms.DateInput):
    """The browser's date picker; plain text once the value is one that it would drop."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"max": "9999-12-31", **(attrs or {})}, format="%Y-%m-%d")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return _shown_as_typed(super().get_context(name, value, attrs), "%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's date-and-time picker; plain text once the value is one that it would drop."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"max": "9999-12-31T23:59", **(attrs or {})}, format="%Y-%m-%dT%H:%M")

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        return _shown_as_typed(super().get_context(name, value, attrs), "%Y-%m-%dT%H:%M")


def _shown_as_typed(context: dict[str, Any], shape: str) -> dict[str, Any]:
    """Turn a picker into a text box when a browser would empty it: nothing typed is lost."""
    widget = context["widget"]
    value = widget["value"]
    if value:
        try:
            kept = datetime.strptime(value, shape).strftime(shape) == value  # noqa: DTZ007  # a day has no zone
        except ValueError:
            kept = False
        if not kept:
            widget["type"] = "text"
    return context


class DayField(forms.DateField):
    """A calendar day, typed in any of five shapes or picked."""

    widget = DayInput

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        day = read_day(str(value))
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return day


class MomentField(forms.DateTimeField):
    """A day with hour and minute, read in Asia/Shanghai; aware."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values or isinstance(value, date):
            return super().to_python(value)
        moment = read_moment(str(value))
        if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return moment


class HouseBoundField(BoundField):
    """A field on the page: Bootstrap's class, and what the template asks about it."""

    @property
    def is_tick(self) -> bool:
        """A single box, its label behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_group(self) -> bool:
        """Radio buttons or boxes under one legend."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def lost_file(self) -> bool:
        """Whether a file was chosen that the page cannot put back: no browser lets it."""
        chosen = isinstance(self.field, forms.FileField) and self.form.is_bound
        return chosen and self.html_name in self.form.files

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        attrs = super().build_widget_attrs(attrs, widget)
        widget = widget or self.field.widget
        if widget.is_hidden:
            return attrs
        attrs["class"] = " ".join(filter(None, (widget.attrs.get("class"), self._look(widget))))
        if self.field.required and not self.is_group:
            attrs["aria-required"] = "true"
        return attrs

    def _look(self, widget: forms.Widget) -> str:
        if self.is_tick or self.is_group:
            look = "form-check-input"
        elif isinstance(widget, forms.Select):
            look = "form-select"
        else:
            look = "form-control"
        return f"{look} is-invalid" if self.errors else look


class HouseForm(forms.Form):
    """Base of every form: `class OpinionForm(HouseForm)`."""

    bound_field_class = HouseBoundField
    use_required_attribute = False  # the sentence is ours, not the browser's

    def __init__(self, *args: Any, drafts: Drafts | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        unsent = drafts.of(self.prefix or "") if drafts and not self.is_bound else None
        self.restored: Mapping[str, Sequence[str]] = unsent or {}
        if drafts and unsent and self.is_multipart():
            drafts.without_files = True
        for name, field in self.fields.items():
            bound_input(field)
            word_errors(field, spoken_name(self[name]))

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        """What was typed and not sent, where there is a draft; else what the view proposes."""
        sent_as = self.add_prefix(field_name)
        typed, files = self._unsent, MultiValueDict[str, Any]()
        if typed is None or field.widget.value_omitted_from_data(typed, files, sent_as):
            return super().get_initial_for_field(field, field_name)
        return field.widget.value_from_datadict(typed, files, sent_as)

    @cached_property
    def _unsent(self) -> MultiValueDict[str, str] | None:
        kept = {name: list(values) for name, values in self.restored.items()}
        return MultiValueDict(kept) if kept else None

    def add_error(self, field: str | None, error: Any) -> None:
        """As Django's, and every sentence about a field names it."""
        super().add_error(field, error)
        if field is None or field not in self.fields:
            return
        label = spoken_name(self[field])
        chosen = isinstance(self.fields[field], forms.ModelChoiceField)
        for flaw in self.errors[field].as_data():
            if chosen and flaw.code == "invalid":  # a key of the wrong shape
                flaw.message, flaw.params = (
                    self.fields[field].error_messages["invalid_choice"],
                    None,
                )
            if label not in "".join(flaw.messages):
                flaw.message = f"“{label}”：{''.join(flaw.messages)}"
                flaw.params = None


def bound_input(field: forms.Field) -> None:
    """Give a field the limits of its column, so that the database is never the one to object."""
    if isinstance(field, forms.CharField):
        field.widget.attrs.pop("maxlength", None)  # a browser would cut what is pasted, silently
        if field.max_length is None and not isinstance(field, forms.UUIDField):
            field.validators.append(MaxLengthValidator(LONGEST_TEXT))
    elif type(field) is forms.IntegerField:
        if field.max_value is None:
            field.validators.append(MaxValueValidator(LARGEST_NUMBER))
        if field.min_value is None:
            field.validators.append(MinValueValidator(-LARGEST_NUMBER))


def spoken_name(field: BoundField) -> str:
    """The label as an error says it; a % would be taken for a placeholder."""
    return str(field.label).replace("%", "％")


def word_errors(field: forms.Field, label: str) -> None:
    """Put our sentences in place of Django's; a sentence that the form wrote itself stays."""
    stock = _stock_messages(type(field))
    for code, sentence in _sentences(field).items():
        if field.error_messages.get(code) == stock.get(code):
            field.error_messages[code] = sentence.replace("{label}", label)


def _sentences(field: forms.Field) -> Mapping[str, str]:
    own = {
        "required": _first(REQUIRED_BY_KIND, field),
        "invalid": _first(INVALID, field),
        "max_length": LONG_FILE_NAME if isinstance(field, forms.FileField) else None,
    }
    return SENTENCES | {code: sentence for code, sentence in own.items() if sentence}


def _first(table: tuple[tuple[type[forms.Field], str], ...], field: forms.Field) -> str | None:
    return next((sentence for kind, sentence in table if isinstance(field, kind)), None)


def _stock_messages(kind: type[forms.Field]) -> dict[str, Any]:
    messages: dict[str, Any] = {}
    for ancestor in reversed(kind.__mro__):
        messages.update(getattr(ancestor, "default_error_messages", {}))
    return messages

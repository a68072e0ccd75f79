"""What templates may ask of a value: pure words and classes, no query and no clock; and a form's key."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html

from rehab import clock
from rehab.actions.access import SEALED
from rehab.form_keys import FIELD, FormKey
from rehab.keys import new_key
from rehab.states import Stage

register = template.Library()

WEEKDAYS = "一二三四五六日"

MARKS = {  # 脱 教 康 归: colour never speaks alone
    Stage.DETOX: ("脱", "z1"),
    Stage.ADAPTATION: ("教", "z2"),
    Stage.CONSOLIDATION: ("康", "z3"),
    Stage.REENTRY: ("归", "z4"),
}

OTHER_SEALED = {
    "screening.sheet": "心理测评答卷",
    "document": "文书",
}  # opened by acts of other rooms

TONES = {  # tone of a Notice, a Deadline or a message: css class
    "overdue": "o",
    "today": "t",
    "soon": "s",
    "later": "w",
    "kept": "k",
}


@register.filter
def zone_mark(stage: str) -> str:
    """脱 教 康 归: the zone of a stage in one character."""
    return MARKS[Stage(stage)][0]


@register.filter
def zone_name(stage: str) -> str:
    """生理脱毒区 and its three sisters."""
    return Stage(stage).zone_label


@register.filter
def zone_class(stage: str) -> str:
    """z1 to z4: the css class that carries the zone's colour."""
    return MARKS[Stage(stage)][1]


@register.filter
def weekday(on: date | None) -> str:
    """星期六."""
    return f"星期{WEEKDAYS[on.weekday()]}" if on else ""


@register.filter
def iso(value: date | datetime | None) -> str:
    """2026-11-21 for tables; a moment falls on its day in Asia/Shanghai."""
    return _day(value).isoformat() if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """2026-11-21 14:20, Asia/Shanghai, 24-hour."""
    return value.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M") if value else ""


@register.filter
def short_moment(value: datetime | None) -> str:
    """11-21 14:20, for a timeline whose year is said elsewhere."""
    return value.astimezone(clock.SHANGHAI).strftime("%m-%d %H:%M") if value else ""


@register.filter
def hour_or_day(value: datetime | None) -> str:
    """14:20 of today by the wall clock, 11-21 14:20 of a day before."""
    if value is None:
        return ""
    same = clock.day_of(value) == clock.day_of(clock.real_now())
    return value.astimezone(clock.SHANGHAI).strftime("%H:%M" if same else "%m-%d %H:%M")


@register.filter
def short_day(value: date | datetime | None) -> str:
    """11-21."""
    return _day(value).strftime("%m-%d") if value else ""


@register.filter
def cn_day(value: date | datetime | None) -> str:
    """2026年3月5日, for documents."""
    if not value:
        return ""
    day = _day(value)
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def due_text(due: date | datetime | None, today: date) -> str:
    """逾期 2 天 / 今天 17:00 / 剩 6 天: how far the due day is from `today`, in calendar days."""
    if due is None:
        return "未定"
    left = (_day(due) - today).days
    if left < 0:
        return f"逾期 {-left} 天"
    if left > 0:
        return f"剩 {left} 天"
    return f"今天 {hour}" if (hour := _hour(due)) else "今天"


@register.filter
def due_tone(due: date | datetime | None, today: date) -> str:
    """overdue / today / soon (within 7 days) / later."""
    if due is None:
        return "later"
    left = (_day(due) - today).days
    if left < 0:
        return "overdue"
    if left == 0:
        return "today"
    return "soon" if left <= 7 else "later"


@register.filter
def tone_class(tone: str) -> str:
    """The css class of a tone: overdue red, today orange, kept green, the rest quiet."""
    return TONES.get(tone, "w")


@register.filter
def starts_after(opens: date | datetime | None, today: date) -> bool:
    """Whether the day on which an act becomes possible is still to come."""
    return opens is not None and _day(opens) > today


@register.filter
def percent(part: float, whole: float) -> str:
    """`part` of `whole` as 0-100, for the width of a bar; a full bar at most."""
    return f"{min(100.0, max(0.0, 100 * part / whole)):.1f}" if whole else "0.0"


@register.filter
def masked_number(number: str) -> str:
    """1101**********123X: first and last four of a document number; nothing of a short one."""
    if len(number) < 12:
        return "*" * len(number)
    return f"{number[:4]}{'*' * (len(number) - 8)}{number[-4:]}"


@register.filter
def short_key(key: object) -> str:
    """The last eight characters of a key: the same thing is recognised, and nobody is named."""
    return str(key)[-8:]


@register.filter
def sealed_name(field: str) -> str:
    """What an access record calls the content that was opened."""
    return SEALED.get(field, OTHER_SEALED.get(field, field))


def _day(value: date | datetime) -> date:
    return clock.day_of(value) if isinstance(value, datetime) else value


def _hour(value: date | datetime) -> str:
    """The hour of a moment that names one; the last minute of a day is only the day."""
    if not isinstance(value, datetime):
        return ""
    local = (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(clock.SHANGHAI).time()
    return "" if local >= time(23, 59) else local.strftime("%H:%M")


@register.simple_tag(takes_context=True)
def form_key(context: Any, form: Any = None) -> str:
    """The key of a form, to stand behind its csrf token; with the form itself, what is typed is kept."""
    request = context["request"]
    if not request.user.is_authenticated:
        return ""
    drafts = getattr(request, "drafts", None)
    page = drafts.page if drafts else request.get_full_path()
    name = None if form is None else form.prefix or ""
    key = FormKey(new_key(), request.user.pk, page, name)
    if form is None:
        return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key)
    return format_html(
        '<input type="hidden" name="{}" value="{}" data-draft-url="{}">',
        FIELD, key, reverse("draft-save"),
    )  # fmt: skip

"""Forms by which the sheets of an entry are put right: they start from what stands."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms

from intake.belonging_forms import PARTS, BelongingsForm
from intake.models import Belonging, BelongingsRegister, HealthSheet
from intake.sheet_forms import FINDINGS, HealthSheetForm
from rehab.clock import SHANGHAI
from rehab.forms import HouseForm
from rehab.models import User


class CorrectionFields(HouseForm):
    """Why, and which version was looked at while it was written."""

    why = forms.CharField(
        label="更正理由", max_length=200, help_text="写明哪一项有误；原来的一版保留。"
    )
    opened = forms.IntegerField(label="打开的版次", min_value=1, widget=forms.HiddenInput)


class HealthSheetCorrectionForm(CorrectionFields, HealthSheetForm):
    """更正入所健康检查表."""


class BelongingsCorrectionForm(CorrectionFields, BelongingsForm):
    """更正物品登记, by two officers."""

    second = forms.TypedChoiceField(label="第二民警", empty_value=None)

    def __init__(self, *args: Any, staff: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one in staff}
        field: Any = self.fields["second"]
        field.choices = [("", "请选择"), *((key, one.display_name) for key, one in by_key.items())]
        field.coerce = by_key.get


def initial_of_sheet(sheet: HealthSheet) -> dict[str, Any]:
    """The form as the standing version would have been typed, without its signatures.

    They were given for that version; whoever signs the correction signs it anew.
    """
    found: Any = sheet.findings
    injuries: Any = sheet.injuries
    results = {one["item"]: one["result"] for one in found}
    return {
        "opened": sheet.version,
        "checked_at": _minute(sheet.checked_at),
        "conclusion": sheet.conclusion,
        "why_unsigned": sheet.why_unsigned or "",
        **{name: results.get(label, "") for name, label, _ in FINDINGS},
        **{
            f"injury_{row}_{part}": one[part]
            for row, one in enumerate(injuries, start=1)
            for part in ("region", "kind", "size", "description")
        },
    }


def initial_of_register(register: BelongingsRegister, items: Sequence[Belonging]) -> dict[str, Any]:
    """The form as the standing version would have been typed."""
    collector: Any = register.collector or {}
    typed: dict[str, Any] = {
        "opened": register.version,
        "registered_at": _minute(register.registered_at),
        "cash": register.cash or "",
        "collector": collector.get("name", ""),
        "relation": collector.get("relation", ""),
        "nothing": not items and not register.cash,
    }
    for row, one in enumerate(items, start=1):
        said: Any = one.item
        typed |= {f"item_{row}_{part}": said[part] for part, _, _ in PARTS}
        typed[f"item_{row}_disposal"] = one.disposal
    return typed


def _minute(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")

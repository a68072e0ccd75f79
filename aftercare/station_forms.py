"""Shapes of what an administrator sends about 照管站."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from aftercare.selectors import FOUND_AT_MOST, divisions_called
from rehab.forms import HouseForm
from rehab.models import Division, Station


class StationFilterForm(HouseForm):
    """Which stations; kept in the address."""

    q = forms.CharField(label="行政区划或者站名", required=False, max_length=30)
    level = forms.ChoiceField(
        label="级别", required=False, choices=[("", "各级"), *Station.Level.choices]
    )


class StationForm(HouseForm):
    """设立照管站."""

    name = forms.CharField(label="站名", max_length=60)
    level = forms.ChoiceField(label="级别", choices=[("", "请选择"), *Station.Level.choices])
    division = forms.CharField(
        label="行政区划",
        max_length=20,
        help_text="六位代码或者名称；指导站填地级市，工作站、服务站填县（市、区）",
    )
    parent = forms.ModelChoiceField(
        label="上级站", queryset=Station.objects.none(), required=False, empty_label="无"
    )
    phone = forms.CharField(label="电话", max_length=20, required=False)

    def __init__(self, *args: Any, stations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["parent"]
        field.queryset = stations

    def clean_level(self) -> Station.Level:
        return Station.Level(self.cleaned_data["level"])

    def clean_division(self) -> Division:
        found = divisions_called(self.cleaned_data["division"])
        if not found:
            raise ValidationError("“行政区划”没有找到，请填六位代码或者完整名称。")
        if len(found) > 1:
            named = "、".join(f"{one.code} {one.name}（{one.parent}）" for one in found)
            more = "等" if len(found) > FOUND_AT_MOST else ""
            raise ValidationError(f"“行政区划”有几个同名的，请填代码：{named}{more}。")
        return found[0]


class StationCloseForm(HouseForm):
    """Nothing to fill in; the page asks once more."""

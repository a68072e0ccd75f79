"""Shapes of what the security administrator sends: roles, and what goes beyond a posting."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import RegexValidator

from rehab.changing import ChangeForm
from rehab.forms import DayField, HouseForm
from rehab.models import Case, Facility, Station, User
from rehab.permission_words import GROUPS
from rehab.rules.days import end_of
from rehab.selectors import houses, roles
from rehab.states import Reach

CODE = RegexValidator(
    r"^[a-z][a-z_]{2,29}\Z", "“代码”用 3 至 30 个小写字母或 _，以字母开头，请改正。"
)
PERMISSIONS = [
    (group, [(str(permission), label) for permission, label in words.items()])
    for group, words in GROUPS.items()
]


class RoleForm(HouseForm):
    """What a role is called, who may hold it, and what it may do."""

    display_name = forms.CharField(label="名称", max_length=30)
    description = forms.CharField(label="谁可以担任", max_length=200)
    permissions = forms.MultipleChoiceField(
        label="权限", choices=PERMISSIONS, widget=forms.CheckboxSelectMultiple, required=False
    )

    @property
    def groups(self) -> list[tuple[str, list[Any]]]:
        """Each heading with its boxes."""
        boxes = {str(box.data["value"]): box for box in self["permissions"].subwidgets}
        return [(group, [boxes[key] for key, _ in words]) for group, words in PERMISSIONS]


class RoleShapeForm(ChangeForm, RoleForm):
    """调整角色, of one that a colleague may be shaping too."""


class NewRoleForm(RoleForm):
    """增设角色."""

    code = forms.CharField(label="代码", max_length=30, validators=[CODE], help_text="增设后不能改")
    reach = forms.ChoiceField(
        label="可见范围", choices=[("", "请选择"), *Reach.choices], help_text="增设后不能改"
    )


class GrantForm(HouseForm):
    """授权: to a house, to a station, or to one case, until the end of a day."""

    to = forms.ChoiceField(label="授权查阅", required=False)
    number = forms.CharField(
        label="或者一份档案的编号", max_length=20, required=False, help_text="如 SL01-2026-0103"
    )
    until = DayField(label="截止日期")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        facilities = {f"facility:{one.pk}": one for one in houses.facilities(by)}
        stations = {f"station:{one.pk}": one for one in houses.stations(by).open()}
        self.places: dict[str, Facility | Station] = {**facilities, **stations}
        field: Any = self.fields["to"]
        field.choices = [
            ("", "—"),
            ("戒毒所", [(key, str(one)) for key, one in facilities.items()]),
            ("照管站", [(key, str(one)) for key, one in stations.items()]),
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        place, number = cleaned.get("to"), cleaned.get("number")
        if "to" in self.errors or "number" in self.errors:
            return cleaned
        if bool(place) == bool(number):
            self.add_error("to", "“授权查阅”和档案编号须填一项，也只填一项。")
        elif number:
            cleaned["thing"] = roles.case_of(number, by=self.by)
            if cleaned["thing"] is None:
                self.add_error("number", "“或者一份档案的编号”没有找到，请核对编号。")
        else:
            cleaned["thing"] = self.places[str(place)]
        return cleaned

    @property
    def thing(self) -> Facility | Station | Case:
        found: Facility | Station | Case = self.cleaned_data["thing"]
        return found

    @property
    def ends_at(self) -> datetime:
        return end_of(self.cleaned_data["until"])

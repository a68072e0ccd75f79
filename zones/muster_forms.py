"""Shapes of what is sent about a roll-call: the exceptions, person by person, and what to look for afterwards."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.models import Case
from zones.actions import Missing
from zones.rules.musters import OTHER
from zones.states import MusterKind, NotThere

THERE = "在场"
CHOICES = [("", THERE), *NotThere.choices]


@dataclass(frozen=True)
class Row:
    """One line of the sheet: who, and the two fields of his exception."""

    line: Any
    absence: Any
    note: Any


class SheetForm(HouseForm):
    """Everybody is there until the officer says otherwise; the people come from `sheet_of`."""

    people: Mapping[str, Case] = {}  # by case number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for number, case in self.people.items():
            reason, note = cleaned.get(f"absence_{number}"), cleaned.get(f"note_{number}")
            if reason == OTHER and not note:
                self.add_error(
                    f"note_{number}", f"“{case.person}的说明”不能为空：选了“其他”，请写明情况。"
                )
            if note and reason == "":
                self.add_error(
                    f"absence_{number}",
                    f"“{case.person}的在场情况”选的是在场，却写了说明：请选原因，或者清空说明。",
                )
        return cleaned

    @property
    def absences(self) -> dict[UUID, Missing]:
        """The exceptions, by case."""
        return {
            case.pk: Missing(reason, self.cleaned_data[f"note_{number}"])
            for number, case in self.people.items()
            if (reason := self.cleaned_data[f"absence_{number}"])
        }

    def rows(self, lines: Iterable[Any]) -> list[Row]:
        """The lines with their fields; of somebody who is out there are none."""
        return [
            Row(line, self[f"absence_{number}"], self[f"note_{number}"])
            if (number := line.case.number) in self.people
            else Row(line, None, None)
            for line in lines
        ]


class MusterForm(SheetForm):
    """记录点名."""

    kind = forms.ChoiceField(label="点名", choices=MusterKind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label="再次点名的理由",
        required=False,
        max_length=200,
        help_text="今日已有同一种点名记录的才填",
    )


class CorrectionForm(SheetForm):
    """更正点名: what it was in truth, and why it was recorded otherwise."""

    reason = forms.CharField(label="更正的理由", max_length=200)


def sheet_of(base: type[SheetForm], people: Sequence[Case]) -> type[SheetForm]:
    """The form of a list of people, with two fields for each."""
    fields: dict[str, Any] = {}
    for case in people:
        fields[f"absence_{case.number}"] = forms.ChoiceField(
            label=f"{case.person}的在场情况",
            required=False,
            choices=CHOICES,
            widget=forms.Select(attrs={"aria-label": f"{case.person}的在场情况"}),
        )
        fields[f"note_{case.number}"] = forms.CharField(
            label=f"{case.person}的说明",
            required=False,
            max_length=200,
            widget=forms.TextInput(attrs={"aria-label": f"{case.person}的说明"}),
        )
    return type("Sheet", (base,), {**fields, "people": {case.number: case for case in people}})


class MusterFilterForm(HouseForm):
    """Which roll-calls; kept in the address."""

    unit = forms.ChoiceField(label="大队", required=False)
    kind = forms.ChoiceField(
        label="点名", required=False, choices=[("", "全部"), *MusterKind.choices]
    )
    first = DayField(label="自", required=False)
    last = DayField(label="至", required=False)
    absent = forms.ChoiceField(
        label="不在场", required=False, choices=[("", "全部"), ("yes", "有人不在场")]
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", "全部"), *((str(unit.pk), unit.name) for unit in units)]

    @property
    def given(self) -> dict[str, Any]:
        """What could be read; the rest filters nothing."""
        read = self.cleaned_data
        return {
            "unit": UUID(unit) if (unit := read.get("unit")) else None,
            "kind": read.get("kind", ""),
            "first": read.get("first"),
            "last": read.get("last"),
            "absent": bool(read.get("absent")),
        }

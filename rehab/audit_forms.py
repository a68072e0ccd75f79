"""What an auditor looks for; kept in the address."""

from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.models import Event
from rehab.selectors.audit import ADMINISTRATION


class AccessFilterForm(HouseForm):
    """Who, and from which day to which."""

    who = forms.CharField(label="何人", max_length=40, required=False)
    first = DayField(label="自", required=False)
    last = DayField(label="至", required=False)

    @property
    def given(self) -> dict[str, Any]:
        """What could be read; the rest filters nothing."""
        read = self.cleaned_data
        return {"who": read.get("who", ""), "first": read.get("first"), "last": read.get("last")}


class ActFilterForm(AccessFilterForm):
    """The same, and which kind of act."""

    kind = forms.ChoiceField(
        label="操作",
        required=False,
        choices=[("", "全部"), *((one.value, Event.Kind(one).label) for one in ADMINISTRATION)],
    )

    @property
    def given(self) -> dict[str, Any]:
        return super().given | {"kind": self.cleaned_data.get("kind", "")}

"""The shape of a 值班委托."""

from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.models import User


class OfficerField(forms.ModelChoiceField):
    """An officer with his post."""

    def label_from_instance(self, user: Any) -> str:
        return f"{user.display_name}（{user.posting}）"


class DelegationForm(HouseForm):
    """To whom, from which day to which."""

    to = OfficerField(label="委托给", queryset=User.objects.none(), empty_label="请选择")
    begins_on = DayField(label="自")
    ends_on = DayField(label="至", help_text="含当日，到期自动失效")

    def __init__(self, *args: Any, candidates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = candidates

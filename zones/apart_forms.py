"""Shapes of what is sent about who is kept apart from whom."""

from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.models import KeepApart


class KeepApartForm(HouseForm):
    """登记分开管理."""

    number = forms.CharField(
        label="另一人编号", max_length=20, help_text="档案编号，如 SL01-2026-0003"
    )
    kind = forms.ChoiceField(label="关系", choices=KeepApart.Kind.choices)
    distance = forms.ChoiceField(
        label="分开到", choices=KeepApart.Distance.choices, initial=KeepApart.Distance.ROOM
    )
    until = DayField(label="分开至", required=False, help_text="长期分开的不填")
    reason = forms.CharField(
        label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="加密保存，只有大队和所领导可见",
    )  # fmt: skip

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()


class RecordField(forms.ModelChoiceField):
    """One record, by who the other of the two is."""

    names: Any = staticmethod(str)

    def label_from_instance(self, record: Any) -> str:
        return f"{self.names(record)} · {record.get_kind_display()}"


class KeepApartEndForm(HouseForm):
    """终止分开管理: which record, and why."""

    record = RecordField(
        label="终止哪一条", queryset=KeepApart.objects.none(), empty_label=None,
        error_messages={"invalid_choice": "“终止哪一条”已经终止或者不在可选范围内，请刷新页面查看"},
    )  # fmt: skip
    reason = forms.CharField(
        label="终止理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, records: Any, names: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["record"]
        field.names = names
        field.queryset = records

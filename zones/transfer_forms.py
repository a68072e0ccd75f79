"""Shapes of what officers send from the pages of 转所."""

from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.models import Bed, Facility, Room
from zones.forms import BED_GONE, BedField
from zones.rules.transfers import COUNTED, Handover, Reception
from zones.states import ToldBy, TransferGround, TransferStatus

REASON_LENGTH = 200
MOST = 9_999  # of a thing that goes with somebody


class RoomField(forms.ModelChoiceField):
    """A room by its 大队 and number."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit.name} {obj.name}"


class TransferFilter(HouseForm):
    """How far they are; kept in the address."""

    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "不限"), *TransferStatus.choices]
    )


class TransferForm(HouseForm):
    """提请转所: where to, why, when."""

    to_facility = forms.ModelChoiceField(
        label="接收场所", queryset=Facility.objects.none(), empty_label="请选择"
    )
    ground = forms.ChoiceField(
        label="事由",
        choices=TransferGround,
        widget=forms.RadioSelect,
        initial=TransferGround.ALLOCATION,
    )
    planned_on = DayField(label="计划移交日期")
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=REASON_LENGTH,
        help_text="事由为“其他”的须写明；加密保存。",
    )

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to_facility"]
        field.queryset = facilities


class _Counts(HouseForm):
    papers = forms.IntegerField(label="档案材料（份）", min_value=0, max_value=MOST, initial=1)
    belongings = forms.IntegerField(label="代管物品（件）", min_value=0, max_value=MOST, initial=0)
    medicines = forms.IntegerField(label="药品（种）", min_value=0, max_value=MOST, initial=0)

    @property
    def counts(self) -> dict[str, int]:
        return {name: self.cleaned_data[name] for name in COUNTED}


class HandOverForm(_Counts):
    """移交: what goes with him, and who takes him."""

    escorts = forms.CharField(label="押送民警", max_length=60)
    person_told = forms.BooleanField(label="已告知本人转往何处和理由")

    @property
    def handover(self) -> Handover:
        """What was typed."""
        typed = self.cleaned_data
        return Handover(escorts=typed["escorts"], person_told=typed["person_told"], **self.counts)


class ReceptionForm(_Counts):
    """接收: into which bed, and what came with him."""

    bed = BedField(
        label="床位",
        queryset=Bed.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": BED_GONE.format("床位")},
    )
    room = RoomField(
        label="加床房间",
        queryset=Room.objects.none(),
        empty_label=None,
        help_text="该区没有空床，在所选房间加一张床；腾空后自动停用。",
        error_messages={"invalid_choice": "“加床房间”中所选的不适合此人，请另选。"},
    )
    differences = forms.CharField(
        label="差异", required=False, max_length=REASON_LENGTH,
        help_text="与交接单不符的写明；不影响接收。",
    )  # fmt: skip

    def __init__(self, *args: Any, beds: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of: Any = self.fields
        of["bed"].queryset, of["room"].queryset = beds, rooms
        del of["room" if beds or not rooms else "bed"]

    @property
    def reception(self) -> Reception:
        """What was typed."""
        return Reception(differences=self.cleaned_data["differences"], **self.counts)


class TransferReasonForm(HouseForm):
    """退回、撤回: why."""

    reason = forms.CharField(
        label="理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )


class FamilyForm(HouseForm):
    """告知家属: whom, and how."""

    who = forms.CharField(
        label="被告知的家属", max_length=60, help_text="姓名和关系；联系不上的写明怎样联系过。"
    )
    means = forms.ChoiceField(
        label="告知方式", choices=ToldBy, widget=forms.RadioSelect, initial=ToldBy.PHONE
    )

"""Shapes of what officers send from the pages of moves and leave."""

from typing import Any

from django import forms

from rehab.forms import HouseForm
from rehab.models import Bed, Case, Unit
from rehab.states import Stage
from zones.models import ZoneMove
from zones.rules import SEEN
from zones.selectors.slips import SLIPS_PER_LANE
from zones.states import BedGround

LONGEST_LANE = 2_000  # slips of a lane on one page
HORIZONS = ((7, "7 天内"), (30, "30 天内"))


class BoardFilterForm(HouseForm):
    """Which zone and how far ahead; kept in the address."""

    stage = forms.ChoiceField(
        label="区",
        required=False,
        choices=[("", "四区"), *((stage.value, stage.zone_label) for stage in Stage)],
    )
    days = forms.TypedChoiceField(
        label="应转", required=False, choices=HORIZONS, coerce=int, empty_value=None
    )


class BoardLengthForm(HouseForm):
    """How many of each lane; kept in the address beside the filters, which begin anew."""

    shown = forms.IntegerField(
        label="每区列出", required=False, min_value=SLIPS_PER_LANE, max_value=LONGEST_LANE
    )


class RollFilterForm(HouseForm):
    """Whose roll; kept in the address."""

    unit = forms.ChoiceField(label="大队", required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [(str(unit.pk), unit.name) for unit in units]


class UnitField(forms.ModelChoiceField):
    """A 大队 with the free beds that it has."""

    def label_from_instance(self, unit: Any) -> str:
        return f"{unit.name}（余床 {unit.free_beds}）" if hasattr(unit, "free_beds") else unit.name


class ProposalForm(HouseForm):
    """转给哪个大队."""

    to_unit = UnitField(label="接收大队", queryset=Unit.objects.none(), empty_label=None)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to_unit"]
        field.queryset = units


class MoveBatchForm(ProposalForm):
    """提请转区，several people at once; whoever may not go stays behind with the reason."""

    cases = forms.ModelMultipleChoiceField(
        label="人员", queryset=Case.objects.none(), to_field_name="number"
    )

    def __init__(self, *args: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cases"]
        field.queryset = cases


class SignatureBatchForm(HouseForm):
    """Several moves under one signature each."""

    moves = forms.ModelMultipleChoiceField(label="人员", queryset=ZoneMove.objects.none())

    def __init__(self, *args: Any, moves: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["moves"]
        field.queryset = moves


class ReceiptForm(HouseForm):
    """What the receiving officer has looked at before he signs."""

    seen = forms.BooleanField(label="已查看提示，并当面核对随身药品和物品")

    @property
    def seen_by_officer(self) -> frozenset[str]:
        return SEEN if self.cleaned_data["seen"] else frozenset()


class ReceiptBatchForm(SignatureBatchForm, ReceiptForm):
    """签收 several people at once."""


BED_GONE = "“{}”中所选的刚被占用或者不适合此人，请另选。"


class ApprovalForm(HouseForm):
    """The bed to hold; the first that fits stands ready."""

    bed = forms.ModelChoiceField(
        label="预留床位",
        queryset=Bed.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": BED_GONE.format("预留床位")},
    )

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bed"]
        field.queryset = beds


class ReturnForm(HouseForm):
    """Why a move is returned."""

    reason = forms.CharField(
        label="退回理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class WithdrawalForm(HouseForm):
    """Nothing to fill in; the page asks once more."""


class BedField(forms.ModelChoiceField):
    """A bed, with what its room is for."""

    def label_from_instance(self, bed: Any) -> str:
        return f"{bed}（隔离）" if bed.room.isolation else str(bed)


class BedChangeForm(HouseForm):
    """调整床位: why, and which bed."""

    ground = forms.ChoiceField(label="原因", choices=BedGround.choices)
    bed = BedField(
        label="改住床位",
        queryset=Bed.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": BED_GONE.format("改住床位")},
    )
    reason = forms.CharField(
        label="说明", max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="隔离、解除隔离写明医师意见；加密保存",
    )  # fmt: skip

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["bed"]
        field.queryset = beds


class LeaveForm(HouseForm):
    """批准所外就医."""

    approval = forms.CharField(label="批准文号", max_length=60, help_text="主管机关的批准文号")
    hospital = forms.CharField(
        label="就医医院", required=False, max_length=100, help_text="留空的，在证明上手写。"
    )
    diagnosed_by = forms.CharField(
        label="诊断证明", required=False, max_length=100,
        help_text="出具的机构和日期，不写病情：场所医疗机构或者二级以上医院。",
    )  # fmt: skip

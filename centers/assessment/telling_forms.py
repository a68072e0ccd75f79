"""Forms of 告知本人: in which language the sheet is, how he was told, the scan of what he signed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from centers.assessment.rules.telling import OFFICER, REASON_LENGTH, Told
from centers.states import TellingManner
from rehab.forms import HouseForm, MomentField, MomentInput
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.models import Case, User
from rehab.rules import scans

YES, NO = "yes", "no"


class ScanField(forms.FileField):
    """A scan of a signed paper, told by its content; what it gives is the bytes of its pages alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="签名扫描件",
            max_length=200,
            widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
            validators=[FileExtensionValidator(["pdf", "jpg", "jpeg", "png"])],
            help_text="pdf、jpg、png，不超过 8 MB；加密保存，打开一次记一次。",
            **kwargs,
        )


class ScanForm(HouseForm):
    """The signed sheet, scanned."""

    scan = ScanField()

    def clean_scan(self) -> bytes | None:
        sent = self.cleaned_data["scan"]
        if not sent:
            return None
        try:
            return scans.cleaned(sent.read(scans.MAX_BYTES + 1))
        except scans.BadScan as bad:
            raise ValidationError(f"“签名扫描件”：{bad}。") from None


class SheetForm(HouseForm):
    """In which language the sheet is printed."""

    language = forms.ChoiceField(
        label="告知语言", choices=[*LANGUAGES.items()], initial=CHINESE, required=False,
        help_text="选汉语以外的，附该语言的文本；没有文本的，留翻译人员签名栏。",
    )  # fmt: skip


class Witness(forms.ModelChoiceField):
    """A colleague, with his post."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} · {obj.posting.role.display_name}"


class TellingForm(ScanForm):
    """登记告知: when, in which language, how, and whether he signed."""

    sheet = forms.UUIDField(label="告知单", widget=forms.HiddenInput, required=False)
    told_at = MomentField(label="告知时间")
    language = forms.ChoiceField(label="告知语言", choices=[*LANGUAGES.items()])
    manner = forms.ChoiceField(
        label="告知方式", choices=TellingManner.choices, initial=OFFICER, widget=forms.RadioSelect
    )
    interpreter = forms.CharField(
        label="翻译人员", required=False, max_length=60, help_text="姓名、工作单位；加密保存"
    )
    signed = forms.TypedChoiceField(
        label="本人签名", choices=[(YES, "已签名、捺印"), (NO, "拒绝签名")], initial=YES,
        coerce=lambda value: value == YES, widget=forms.RadioSelect,
    )  # fmt: skip
    witness = Witness(
        label="在场民警", queryset=User.objects.none(), required=False, empty_label="无",
        help_text="拒绝签名的，选另一名在场的民警。",
    )  # fmt: skip
    refusal = forms.CharField(
        label="拒绝签名的情况", required=False, max_length=REASON_LENGTH, help_text="写明本人怎么说；加密保存"
    )  # fmt: skip
    scan = ScanField(required=False)
    field_order = (
        "sheet", "told_at", "language", "manner", "interpreter", "signed", "witness", "refusal",
        "scan",
    )  # fmt: skip

    def __init__(self, *args: Any, staff: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["witness"]
        field.queryset = staff

    @property
    def told(self) -> Told:
        typed = self.cleaned_data
        return Told(
            told_at=typed["told_at"],
            language=typed["language"],
            manner=typed["manner"],
            interpreter=typed["interpreter"],
            signed=typed["signed"],
            witness=typed["witness"].pk if typed["witness"] else None,
            refusal=typed["refusal"],
        )


class TellingWithdrawalForm(HouseForm):
    """Why a record of a telling is taken back."""

    reason = forms.CharField(
        label="撤回理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如登记错了人；加密保存",
    )  # fmt: skip


class TickedForm(HouseForm):
    """The people ticked on the list."""

    cases = forms.ModelMultipleChoiceField(label="人员", queryset=Case.objects.none())

    def __init__(self, *args: Any, people: Iterable[Case], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cases"]
        field.queryset = people


class TellingBatchForm(TickedForm):
    """登记已告知, of those ticked: all of them read to by the officer, all of them signed."""

    told_at = MomentField(
        label="告知时间", widget=MomentInput({"form": "bulk-cases"})
    )  # that of the list

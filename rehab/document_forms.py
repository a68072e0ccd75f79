"""Forms about 文书: is this paper the one that was made; to whom it was served."""

import re

from django import forms
from django.core.exceptions import ValidationError

from rehab.forms import HouseForm, MomentField
from rehab.models import ServiceOfDocument

_CODE = re.compile(r"[0-9a-f]{8}")


class VerificationForm(HouseForm):
    """What stands on a paper: its number, and the 校验码 at its foot."""

    number = forms.CharField(
        label="文号",
        max_length=60,
        help_text="照抄文书上的文号，如（示一所）强戒解证〔2026〕17号。",
    )
    code = forms.CharField(
        label="校验码", max_length=8, help_text="文书页脚的 8 位校验码，或者副本上方的原件摘要前 8 位。"
    )  # fmt: skip

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].lower()
        if not _CODE.fullmatch(code):
            raise ValidationError("“校验码”须是 8 位数字和字母 a 至 f，请对照页脚改正。")
        return code


class ServiceForm(HouseForm):
    """To whom, how, when; the name of who signed where there is one."""

    recipient = forms.ChoiceField(
        label="受送达人", choices=ServiceOfDocument.Recipient, widget=forms.RadioSelect
    )
    manner = forms.ChoiceField(
        label="送达方式",
        choices=ServiceOfDocument.Manner,
        widget=forms.RadioSelect,
        initial=ServiceOfDocument.Manner.IN_PERSON,
    )
    served_at = MomentField(label="送达时间")
    received_by = forms.CharField(
        label="签收人", required=False, max_length=50, help_text="加密保存；本人签收的可以不填"
    )

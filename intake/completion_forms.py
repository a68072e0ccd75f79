"""Forms of what is owed after an entry: a duty done, the rights read out, the family told."""

from collections.abc import Sequence
from typing import Any

from django import forms

from intake.rules.family import WORDS, NoNotice
from rehab.forms import HouseForm, MomentField
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.models import User


class CompletionForm(HouseForm):
    """A duty after entry, done: when, and a word on it."""

    done_at = MomentField(label="办结时间")
    note = forms.CharField(label="说明", required=False, max_length=500)


class RightsNoticeForm(CompletionForm):
    """权利义务告知: in which language it was read out, and by whom where there is no text in it."""

    language = forms.ChoiceField(
        label="告知语言", choices=[*LANGUAGES.items()], initial=CHINESE,
        help_text="随系统提供的只有汉语文本；其他语言没有文本的，须口头翻译。",
    )  # fmt: skip
    interpreter = forms.CharField(label="翻译人员", required=False, max_length=30)


class AdmissionPapersForm(HouseForm):
    """In which language the rights are read out; everything else follows from the file."""

    language = forms.ChoiceField(
        label="本人使用的语言",
        choices=[*LANGUAGES.items()],
        initial=CHINESE,
        help_text="选汉语以外的，告知书附该语言的文本；没有文本的，留翻译人员签名栏。",
    )


class FamilyNoticeForm(HouseForm):
    """How the family was told in writing, or why nobody can be."""

    NOBODY = "无法通知"

    done_at = MomentField(label="寄出或者交付时间")
    recipient = forms.CharField(label="收件人", required=False, max_length=50)
    manner = forms.ChoiceField(
        label="方式",
        choices=[("邮寄", "邮寄"), ("当面交付", "当面交付"), (NOBODY, "无法通知（写明原因）")],
    )
    proof = forms.CharField(
        label="寄送凭证", required=False, max_length=60,
        help_text="邮寄的填挂号信或者快递单号，当面交付的填签收人。",
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="不能通知的情形",
        required=False,
        choices=[("", "（已通知的不填）"), *((one.value, WORDS[one].message) for one in NoNotice)],
    )
    confirmed_by = forms.TypedChoiceField(label="核实民警", required=False, empty_value=None)
    reason = forms.CharField(
        label="不能通知的原因", required=False, max_length=400, help_text="写明查找家属的经过。"
    )

    def __init__(self, *args: Any, staff: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        by_key = {str(one.pk): one for one in staff}
        field: Any = self.fields["confirmed_by"]
        field.choices = [("", "无"), *((key, one.display_name) for key, one in by_key.items())]
        field.coerce = by_key.get

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("manner") == self.NOBODY and not cleaned.get("ground"):
            self.add_error("ground", "“不能通知的情形”还没有选，请选择。")
        return cleaned

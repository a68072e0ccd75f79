"""Forms of the other ways in which a case ends."""

from collections.abc import Iterable
from typing import Any

from django import forms

from aftercare import rules
from aftercare.models import DeathNotice
from aftercare.states import Means
from rehab.forms import HouseForm, MomentField

REASON_LENGTH = 200


class DeathForm(HouseForm):
    """登记死亡: what is known of it now."""

    died_at = MomentField(label="死亡时间")
    learned_at = MomentField(
        label="得知时间", help_text="当日报告主管机关、通知家属等，自得知之日起算。"
    )
    place = forms.CharField(label="死亡地点", max_length=100)
    established_by = forms.CharField(
        label="认定人", max_length=100, help_text="宣布死亡的医师或者出具证明的机关。"
    )
    manner = forms.CharField(
        label="死亡经过", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明现在所知的；写入报主管机关、致家属和人民检察院的通知书。",
    )  # fmt: skip

    @property
    def facts(self) -> rules.DeathFacts:
        """What was typed."""
        return rules.DeathFacts(**self.cleaned_data)


class DeathTellForm(HouseForm):
    """登记告知: whom, when and by which means."""

    audience = forms.ChoiceField(label="告知对象", widget=forms.RadioSelect)
    means = forms.ChoiceField(
        label="告知方式", choices=Means, widget=forms.RadioSelect, initial=Means.PHONE
    )
    told_at = MomentField(label="告知时间")
    received_by = forms.CharField(
        label="接收人", max_length=100, help_text="姓名和单位；家属写姓名和关系。"
    )

    def __init__(self, *args: Any, untold: Iterable[DeathNotice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        audience: Any = self.fields["audience"]
        audience.choices = [(one.audience, one.get_audience_display()) for one in untold]

    @property
    def told(self) -> rules.Told:
        """What was typed."""
        return rules.Told(**self.cleaned_data)


class DeathWithdrawForm(HouseForm):
    """撤回死亡登记: why it was wrong."""

    reason = forms.CharField(
        label="撤回理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明凭什么认定登记有误，如“姓名登记错误，死亡的是另一人”。",
    )  # fmt: skip

"""Forms of the other ways in which a case ends."""

from collections.abc import Iterable
from typing import Any

from django import forms

from aftercare.models import DeathNotice
from aftercare.rules import endings
from aftercare.states import Inapplicable, Means, RevokedBy
from rehab.forms import DayField, HouseForm, MomentField

REASON_LENGTH = 200
UNFIT = "unfit"  # of who is on medical leave; what bars the measure is a word of Inapplicable


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
    def facts(self) -> endings.DeathFacts:
        """What was typed."""
        return endings.DeathFacts(**self.cleaned_data)


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
    def told(self) -> endings.Told:
        """What was typed."""
        return endings.Told(**self.cleaned_data)


class DeathWithdrawForm(HouseForm):
    """撤回死亡登记: why it was wrong."""

    reason = forms.CharField(
        label="撤回理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明凭什么认定登记有误，如“姓名登记错误，死亡的是另一人”。",
    )  # fmt: skip


class RevocationForm(HouseForm):
    """登记决定撤销: by whom, by which paper, when it was received."""

    revoked_by = forms.ChoiceField(label="由谁撤销", choices=RevokedBy, widget=forms.RadioSelect)
    organ = forms.CharField(label="撤销机关", max_length=60)
    number = forms.CharField(
        label="文书号", required=False, max_length=60, help_text="文书未到的留空，不影响离所。"
    )
    revoked_on = DayField(label="撤销日期")
    received_at = MomentField(label="收到时间")

    @property
    def facts(self) -> endings.RevocationFacts:
        """What was typed."""
        return endings.RevocationFacts(**self.cleaned_data)


class RevocationLeaveForm(HouseForm):
    """办理离所: that it is he, and the reasons that are asked for."""

    is_he = forms.BooleanField(label="已核对本人，是决定所指的人")
    no_leader = forms.CharField(label="没有另一名所领导办理的原因", max_length=REASON_LENGTH)
    kept_on = forms.CharField(label="没有在收到当日离所的原因", max_length=REASON_LENGTH)

    def __init__(self, *args: Any, here: bool, asked: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not here:
            del self.fields["is_he"]
        for code in {"no_leader", "kept_on"} - {*asked}:
            del self.fields[code]

    @property
    def answers(self) -> dict[str, str]:
        """The reasons given, by the code of the caution that each answers."""
        return {code: text for code, text in self.cleaned_data.items() if code != "is_he"}


class RevocationWithdrawForm(HouseForm):
    """撤回决定撤销登记: why it was wrong."""

    reason = forms.CharField(
        label="撤回理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明凭什么认定决定没有撤销，如“撤销的是同名另一人的决定，已向决定机关核实”。",
    )  # fmt: skip


class ConversionForm(HouseForm):
    """提请变更为社区戒毒: why he is not fit to come back, or what bars the measure; that is asked of women."""

    what = forms.ChoiceField(label="情形", widget=forms.RadioSelect)
    found_at = MomentField(
        label="查明时间", required=False,
        help_text="怀孕、哺乳的必填：检查或者核实清楚之时，当日报送决定机关。",
    )  # fmt: skip
    diagnosed_by = forms.CharField(
        label="诊断机构", max_length=100, help_text="场所医疗机构或者二级以上医院，出具诊断的日期。"
    )
    grounds = forms.CharField(
        label="病情和理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明病情和不再适宜回所执行的理由，或者孕周、婴儿出生日期；写入建议书。",
    )  # fmt: skip

    def __init__(self, *args: Any, woman: bool, on_leave: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not woman:
            del self.fields["what"], self.fields["found_at"]
            return
        unfit = [(UNFIT, "所外就医，不再适宜回所执行")] if on_leave else []
        what: Any = self.fields["what"]
        what.choices = [*Inapplicable.choices, *unfit]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("what", UNFIT) != UNFIT and not data.get("found_at"):
            self.add_error("found_at", "怀孕、哺乳的，“查明时间”不能为空，请填写")
        return data

    @property
    def says(self) -> dict[str, Any]:
        """What was typed."""
        data = dict(self.cleaned_data)
        what, found_at = data.pop("what", UNFIT), data.pop("found_at", None)
        return data | {"bar": None if what == UNFIT else endings.Bar(what=what, found_at=found_at)}


class ConversionSendForm(HouseForm):
    """审批报送: that the deciding organ received it."""

    received_on = DayField(label="收到日期", help_text="决定机关签收之日，七日内决定自此日起算。")
    receipt = forms.CharField(label="签收人或者回执", max_length=60)


class ConversionAnswerForm(HouseForm):
    """登记决定: what the deciding organ decided."""

    converted = forms.TypedChoiceField(
        label="决定", widget=forms.RadioSelect, coerce=lambda value: value == "yes",
        choices=[("yes", "变更为社区戒毒"), ("no", "不变更")],
    )  # fmt: skip
    number = forms.CharField(label="决定文号", max_length=60)
    decided_on = DayField(label="决定日期")
    reason = forms.CharField(
        label="不变更的理由", required=False, max_length=REASON_LENGTH, help_text="变更的不填。"
    )

    @property
    def answer(self) -> endings.Answer:
        """What was typed."""
        return endings.Answer(**self.cleaned_data)


class ConversionWithdrawForm(HouseForm):
    """撤回变更建议."""

    reason = forms.CharField(
        label="撤回理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )

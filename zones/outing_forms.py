"""Forms of 外出探视."""

from collections.abc import Iterable
from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from zones.rules.outings import OutingRequest
from zones.states import Kin, OutingGround, OutingStatus, ProofBy

APPROVE = OutingStatus.APPROVED.value
ANSWERS = {
    APPROVE: "批准",
    OutingStatus.RETURNED.value: "不批准",
    OutingStatus.WITHDRAWN.value: "撤回",
}


class OutingForm(HouseForm):
    """提请外出探视; what each ground asks for is judged with the act."""

    ground = forms.ChoiceField(label="事由", choices=OutingGround, widget=forms.RadioSelect)
    kin = forms.ChoiceField(
        label="与本人关系", choices=Kin, widget=forms.RadioSelect, help_text="只限配偶、直系亲属。"
    )
    whom = forms.CharField(label="探视何人", max_length=50)
    place = forms.CharField(label="探视地点", max_length=100, help_text="写明住址或者医院。")
    proof_by = forms.ChoiceField(
        label="证明出具单位", required=False, choices=[("", "没有（奖励）"), *ProofBy.choices],
        help_text="作为奖励的可以没有。",
    )  # fmt: skip
    papers = forms.CharField(
        label="证明材料", required=False, max_length=100, help_text="名称、文号和出具日期。"
    )
    leaves_on = DayField(label="外出日期")
    returns_on = DayField(label="回所日期", help_text="连同路途不超过十日，首尾两日都算。")
    escorts = forms.CharField(label="陪同民警", required=False, max_length=60)

    @property
    def request(self) -> OutingRequest:
        """What was typed."""
        return OutingRequest(**self.cleaned_data)


class OutingAnswerForm(HouseForm):
    """批准、不批准, or taken back: as far as the officer may."""

    answer = forms.ChoiceField(label="答复", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="理由", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不批准、撤回的须填。",
    )  # fmt: skip

    def __init__(self, *args: Any, open_to: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        answer: Any = self.fields["answer"]
        answer.choices = [(code, ANSWERS[code]) for code in open_to]

"""The steps of an opinion as they are filled in: one form, of which each step shows its own fields."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from centers.assessment.rules.opinions import Answer, Discussion
from centers.states import OpinionStep
from rehab.forms import DayField, HouseForm, MomentField
from rehab.models import User
from rehab.states import TermDecisionKind

Step = OpinionStep
REASON_LENGTH, WORDS_LENGTH = 500, 1000
YES, NO = "yes", "no"
FIELDS: dict[OpinionStep, tuple[str, ...]] = {
    Step.PROPOSE: ("kind", "months", "grounds", "community_refusal"),
    Step.DISCUSS: (
        "agreed",
        "discussed_on",
        "notice_from",
        "participants",
        "conclusion",
        "dissent",
    ),
    Step.OBJECT: ("lodged_at", "behalf", "words"),
    Step.REVIEW: ("seen", "upheld", "findings"),
    Step.SIGN: ("approved", "declined_for"),
    Step.SEND: ("sent_on",),
    Step.RECEIVE: ("received_on", "receipt"),
    Step.ANSWER: ("granted", "number", "decided_on", "decided_months", "ends_on", "refused_for"),
    Step.UNDO: ("undone_for",),
    Step.WITHDRAW: ("withdrawn_for",),
}


def _either(label: str, yes: str, no: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[(YES, yes), (NO, no)],
        coerce=lambda value: value == YES,
        widget=forms.RadioSelect,
    )


def _long(label: str, length: int, *, required: bool = True, help_text: str = "") -> Any:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(
        label=label, max_length=length, widget=area, required=required, help_text=help_text
    )


class Participants(forms.ModelMultipleChoiceField):
    """Officers, each with his post."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} · {obj.posting.role.display_name}"


def _is_short(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.TextInput | forms.NumberInput | forms.DateTimeInput)


def _laid(short: bool, run: Iterable[BoundField]) -> Iterable[Iterable[BoundField]]:
    return [run] if short else ([one] for one in run)


class StepForm(HouseForm):
    """A step of an opinion; `step` names it, and stands before its fields."""

    kind = forms.ChoiceField(label="意见", choices=TermDecisionKind, widget=forms.RadioSelect)
    months = forms.IntegerField(label="建议月数", min_value=1, max_value=12)
    grounds = _long("理由", WORDS_LENGTH, help_text="写入意见书，也是本人问起时的答复。")
    community_refusal = forms.BooleanField(
        label="此人系拒绝接受或者严重违反社区康复协议、再次吸毒被决定强制隔离戒毒", required=False
    )
    agreed = _either("讨论结果", "同意，公示", "不同意")
    discussed_on = DayField(label="讨论日期")
    notice_from = DayField(label="公示起始日", required=False)
    participants = Participants(
        label="参加人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="至少三人；不在名单上的，写入讨论情况。",
    )  # fmt: skip
    conclusion = _long("讨论情况", WORDS_LENGTH)
    dissent = _long("不同意见", WORDS_LENGTH, required=False, help_text="没有的留空。")
    lodged_at = MomentField(label="提出时间")
    behalf = forms.CharField(
        label="代为提出的人", required=False, max_length=60, help_text="本人提出的留空。"
    )
    words = _long("异议内容", WORDS_LENGTH, help_text="按本人的话写。")
    seen = forms.CharField(label="异议", required=False, widget=forms.HiddenInput)
    upheld = _either("复核结果", "异议成立，意见终结", "异议不成立")
    findings = _long("复核意见", WORDS_LENGTH, help_text="写入致本人的书面答复。")
    approved = _either("审批", "同意，制作意见书", "不同意")
    declined_for = _long("不同意的理由", REASON_LENGTH, required=False, help_text="同意的不填。")
    sent_on = DayField(label="报送日期")
    received_on = DayField(label="收到日期", help_text="决定机关签收之日，七日内决定自此日起算。")
    receipt = forms.CharField(label="签收人或者回执", max_length=60)
    granted = _either("决定", "批准", "不批准")
    number = forms.CharField(label="决定文号", max_length=60)
    decided_on = DayField(label="决定日期")
    decided_months = forms.IntegerField(
        label="决定延长月数", required=False, min_value=1, max_value=12
    )
    ends_on = DayField(label="决定的期满日", required=False)
    refused_for = _long("不批准的理由", REASON_LENGTH, required=False, help_text="批准的不填。")
    undone_for = _long("撤销的理由", REASON_LENGTH, help_text="写明错在哪里。")
    withdrawn_for = _long("撤回的理由", REASON_LENGTH)

    def __init__(
        self,
        *args: Any,
        step: OpinionStep,
        kind: str = "",
        people: Iterable[User] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, prefix=step.value, **kwargs)
        self.step = step
        unasked = {
            "decided_months": TermDecisionKind.EXTENSION,
            "ends_on": TermDecisionKind.EARLY_RELEASE,
        }
        for name in list(self.fields):
            if name not in FIELDS[step] or (name in unasked and kind != unasked[name]):
                del self.fields[name]
        if people is not None and step == Step.DISCUSS:
            field: Any = self.fields["participants"]
            field.queryset = people

    @property
    def rows(self) -> list[tuple[bool, list[BoundField]]]:
        """The fields as they stand on the page: those that are short side by side, any other by itself."""
        return [
            (short, list(row))
            for short, run in groupby(self.visible_fields(), _is_short)
            for row in _laid(short, run)
        ]

    @property
    def discussion(self) -> Discussion:
        """What was typed of a discussion."""
        given = self.cleaned_data
        return Discussion(
            discussed_on=given["discussed_on"],
            participants=tuple(one.pk for one in given["participants"]),
            agreed=given["agreed"],
            conclusion=given["conclusion"],
            dissent=given["dissent"],
            notice_from=given["notice_from"],
        )

    @property
    def answer(self) -> Answer:
        """What was typed of the deciding organ's answer."""
        given = self.cleaned_data
        return Answer(
            granted=given["granted"],
            number=given["number"],
            decided_on=given["decided_on"],
            months=given.get("decided_months"),
            ends_on=given.get("ends_on"),
            reason=given["refused_for"],
        )

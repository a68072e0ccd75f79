"""决定书更正: what the decision says, on whose word, and why one is given back."""

from typing import Any

from django import forms

from aftercare.term_forms import REASON_LENGTH
from rehab.forms import DayField, HouseForm
from rehab.rules.decision_corrections import Correction, Letter, Paper
from rehab.states import CorrectionCause, ProposalStatus

CAUSE = CorrectionCause
LETTER = ("letter", "written_on", "received_on")
STATES = (ProposalStatus.PROPOSED, ProposalStatus.CONFIRMED, ProposalStatus.RETURNED)


class DecisionCorrectionForm(HouseForm):
    """更正决定书信息, beginning with what stands; the sealed number is only written anew."""

    cause = forms.ChoiceField(label="原因", choices=CAUSE, widget=forms.RadioSelect)
    number = forms.CharField(
        label="决定书文号", required=False, max_length=60, help_text="封存，留空表示不改"
    )
    authority = forms.CharField(label="决定机关", max_length=60)
    decided_on = DayField(label="决定日期")
    printed_starts_on = DayField(label="载明起日", required=False)
    printed_ends_on = DayField(label="载明止日")
    letter = forms.CharField(label="函的文号", required=False, max_length=60)
    written_on = DayField(label="函的日期", required=False)
    received_on = DayField(label="收到日期", required=False)
    reason = forms.CharField(
        label="依据", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="写明核对了哪件文书，如“核对决定书原件，入所登记时误录一年”",
    )  # fmt: skip

    def __init__(self, *args: Any, stands: Paper, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stands = stands

    def clean(self) -> dict[str, Any]:
        """The organ's word is a letter, and only that has one."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if "cause" not in given:
            return given
        of_organ = given["cause"] != CAUSE.ENTRY
        for name in LETTER:
            label = self.fields[name].label
            if of_organ and not given.get(name) and name not in self.errors:
                self.add_error(name, f"“{label}”不能为空，请按决定机关的函填写。")
            if not of_organ and given.get(name):
                self.add_error(
                    name, f"登记有误的更正没有决定机关的函，请清空“{label}”或者改选原因。"
                )
        return given

    @property
    def correction(self) -> Correction:
        given = self.cleaned_data
        return Correction(
            cause=given["cause"],
            becomes=Paper(
                number=given["number"] or self.stands.number,
                authority=given["authority"],
                decided_on=given["decided_on"],
                printed_starts_on=given["printed_starts_on"],
                printed_ends_on=given["printed_ends_on"],
            ),
            reason=given["reason"],
            letter=Letter(
                number=given["letter"],
                written_on=given["written_on"],
                received_on=given["received_on"],
            )
            if given["letter"]
            else None,
        )


class DecisionCorrectionFilter(HouseForm):
    """决定书更正的筛选."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "不限"), *((one.value, one.label) for one in STATES)],
    )


class CorrectionReturnForm(HouseForm):
    """Why it is given back."""

    reason = forms.CharField(label="退回理由", max_length=REASON_LENGTH)

"""期限决定: what is typed of a decision that was served, and why one is given back or taken back."""

from datetime import date
from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm
from rehab.rules.term_decisions import Paper
from rehab.rules.term_facts import EarlyRelease, Extension, ServedDecision
from rehab.states import ProposalStatus, TermDecisionKind

KIND = TermDecisionKind
REASON_LENGTH = 200
STATES = tuple(ProposalStatus)


class TermDecisionForm(HouseForm):
    """登记期限决定, as it was served; `late`: the last day has passed, so that proof is asked for."""

    kind = forms.ChoiceField(label="决定书", choices=KIND, widget=forms.RadioSelect)
    months = forms.IntegerField(label="延长月数", required=False, min_value=1, max_value=12)
    ends_on = DayField(label="提前解除的期满日", required=False)
    number = forms.CharField(label="决定书文号", max_length=60)
    authority = forms.CharField(label="决定机关", max_length=60)
    decided_on = DayField(label="决定日期")
    received_on = DayField(label="收到日期")
    served_on = DayField(label="送达本人日期")
    served_by = forms.CharField(label="送达人", max_length=40)
    unsigned_why = forms.CharField(
        label="本人未签收的原因", required=False, max_length=REASON_LENGTH,
        help_text="本人已签名的留空",
    )  # fmt: skip
    told = forms.CharField(
        label="决定机关已通知", required=False, max_length=REASON_LENGTH,
        help_text="家属、单位、派出所，送达后二十四小时以内由决定机关通知；不清楚的留空",
    )  # fmt: skip
    proof = forms.CharField(
        label="期满前已送达的证明", required=False, max_length=REASON_LENGTH,
        help_text="写明凭什么认定，如“送达回证本人于期满前签名”",
    )  # fmt: skip
    proof_paper = forms.CharField(label="证明文书号", required=False, max_length=60)
    community_refusal = forms.BooleanField(
        label="此人系拒绝接受或者严重违反社区康复协议、再次吸毒被决定强制隔离戒毒", required=False
    )

    def __init__(self, *args: Any, late: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not late:
            del self.fields["proof"], self.fields["proof_paper"]

    def clean(self) -> dict[str, Any]:
        """Each of the two says one thing, and not the other's."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        match given.get("kind"):
            case KIND.EXTENSION:
                self._one_of(given, wanted="months", other="ends_on")
            case KIND.EARLY_RELEASE:
                self._one_of(given, wanted="ends_on", other="months")
        return given

    def _one_of(self, given: dict[str, Any], *, wanted: str, other: str) -> None:
        if given.get(wanted) is None and wanted not in self.errors:
            self.add_error(wanted, f"“{self.fields[wanted].label}”不能为空，请按决定书填写。")
        if given.get(other) is not None:
            self.add_error(other, f"“{self.fields[other].label}”与所选的决定书不符，请清空。")

    @property
    def says(self) -> ServedDecision:
        """What the decision does to the term."""
        given = self.cleaned_data
        served_on: date = given["served_on"]
        if given["kind"] == KIND.EXTENSION:
            return Extension(served_on, given["months"])
        return EarlyRelease(served_on, given["ends_on"])

    @property
    def paper(self) -> Paper:
        given = self.cleaned_data
        return Paper(
            says=self.says,
            number=given["number"],
            authority=given["authority"],
            decided_on=given["decided_on"],
            received_on=given["received_on"],
            served_by=given["served_by"],
            unsigned_why=given["unsigned_why"],
            told=given["told"],
            proof=given.get("proof", ""),
            proof_paper=given.get("proof_paper", ""),
            community_refusal=given["community_refusal"],
        )


class TermDecisionFilter(HouseForm):
    """期限决定的筛选."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "不限"), *((one.value, one.label) for one in STATES)],
    )


class TermReturnForm(HouseForm):
    """Why it is given back."""

    reason = forms.CharField(label="退回理由", max_length=REASON_LENGTH)


class TermWithdrawForm(HouseForm):
    """Why who recorded it takes it back."""

    reason = forms.CharField(label="撤回理由", max_length=REASON_LENGTH)


class TermUndoForm(HouseForm):
    """提请撤销登记: why it was recorded wrongly."""

    reason = forms.CharField(
        label="撤销理由", max_length=REASON_LENGTH, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明错在哪里，如“系另一人的决定书”。",
    )  # fmt: skip

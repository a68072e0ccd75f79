"""Forms of the gate: who leaves while his case goes on, and who comes back."""

from collections.abc import Mapping
from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm, MomentField
from rehab.models import Bed, Room
from rehab.rules.absences import HOME_VISIT, UNDER_ESCORT, Comeback, Departure
from rehab.rules.escapes import Proof
from rehab.states import AbsenceKind, ProposalStatus

OTHERS = [  # those two are granted
    one for one in AbsenceKind if one not in (AbsenceKind.MEDICAL_LEAVE, AbsenceKind.HOME_VISIT)
]
SAME, NEW = "same", "new"
DECIDED = tuple(ProposalStatus)


class AbsenceFilter(HouseForm):
    """Why people are out; kept in the address."""

    kind = forms.ChoiceField(
        label="事由", required=False, choices=[("", "不限"), *AbsenceKind.choices]
    )


class AbsenceSearchForm(HouseForm):
    """Who of those who are out stands at the gate."""

    who = forms.CharField(label="姓名、编号或者公民身份号码", max_length=50)


class DepartureForm(HouseForm):
    """离所登记; what each reason asks for is judged with the act."""

    kind = forms.ChoiceField(
        label="事由", choices=[(one.value, one.label) for one in OTHERS], widget=forms.RadioSelect
    )
    left_at = MomentField(label="离所时间")
    expected_on = DayField(label="预计返回日", required=False, help_text="就医、出庭须填。")
    where = forms.CharField(
        label="去向", max_length=100, help_text="医院、法院、办案机关；脱逃的写接报的公安机关。"
    )
    escorts = forms.CharField(
        label="押送民警", required=False, max_length=60, help_text="就医、出庭须填。"
    )
    paper = forms.CharField(
        label="文书号", required=False, max_length=60,
        help_text="提解、传唤、拘留、逮捕等文书；出庭和被拘留、逮捕、收监须填。",
    )  # fmt: skip
    told_at = MomentField(label="通知公安机关时间", required=False, help_text="脱逃的须填。")

    def __init__(self, *args: Any, approved: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if approved:  # to his family, today
            kind: Any = self.fields["kind"]
            kind.choices = [(HOME_VISIT, AbsenceKind.HOME_VISIT.label), *kind.choices]

    @property
    def departure(self) -> Departure:
        """What was typed; only who is under escort has a day on which he is expected."""
        typed = self.cleaned_data
        if typed["kind"] not in UNDER_ESCORT:
            typed = {**typed, "expected_on": None}
        return Departure(**typed)


class EscapeForm(HouseForm):
    """脱逃登记 of who is out already: he can only have run from there."""

    kind = forms.ChoiceField(
        label="事由",
        choices=[(AbsenceKind.ESCAPE.value, AbsenceKind.ESCAPE.label)],
        widget=forms.RadioSelect,
    )
    left_at = MomentField(label="脱逃时间")
    where = forms.CharField(label="接报公安机关", max_length=100)
    told_at = MomentField(label="通知公安机关时间")
    facts = forms.CharField(
        label="认定脱逃的事实", required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="外出探视期间或者逾期未回本身不是脱逃；写明联系、查找的经过和凭什么认定。",
    )  # fmt: skip

    def __init__(self, *args: Any, visiting: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not visiting:
            del self.fields["facts"]

    @property
    def departure(self) -> Departure:
        """What was typed."""
        return Departure(**self.cleaned_data)


class RoomField(forms.ModelChoiceField):
    """A room by its 大队 and number."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.unit.name} {obj.name}"


class ReturnForm(HouseForm):
    """回所登记: what is asked of everybody, and what a lost bed or an escape asks besides."""

    returned_at = MomentField(label="回所时间")
    brought_by = forms.CharField(
        label="送回人", max_length=60, help_text="姓名和单位；自行返回的写“本人自行返回”。"
    )
    paper = forms.CharField(label="文书号", required=False, max_length=60)
    health_checked = forms.BooleanField(
        label="已作健康检查", required=False, help_text="尚未检查的不勾选，戒毒医疗中心会收到通知。"
    )
    injuries = forms.CharField(
        label="伤情", required=False, max_length=200,
        help_text="没有伤情的不填；有伤情的写明部位、来历，戒毒医疗中心会收到通知。",
    )  # fmt: skip
    bed = forms.ModelChoiceField(
        label="床位",
        queryset=Bed.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": "“床位”中所选的刚被占用或者不适合此人，请另选。"},
    )
    room = RoomField(
        label="加床房间",
        queryset=Room.objects.none(),
        empty_label=None,
        help_text="本区没有空床，在所选房间加一张床；腾空后自动停用。",
        error_messages={"invalid_choice": "“加床房间”中所选的不适合此人，请另选。"},
    )
    things = forms.ChoiceField(
        label="随身物品", choices=[(SAME, "与离所时相同"), (NEW, "有新增")], initial=SAME,
        widget=forms.RadioSelect,
    )  # fmt: skip
    new_things = forms.CharField(label="新增物品", required=False, max_length=200)
    recaptured_at = MomentField(label="追回时间", required=False)
    receipt = forms.CharField(label="公安机关接报回执", required=False, max_length=60)
    statement = forms.BooleanField(label="本人陈述脱逃起止时间属实，已签名", required=False)

    OF_ESCAPE = ("recaptured_at", "receipt", "statement")

    def __init__(self, *args: Any, kind: str, beds: Any, rooms: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        of: Any = self.fields
        of["bed"].queryset, of["room"].queryset = beds, rooms
        gave_up, full = AbsenceKind(kind).status is not None, not beds and bool(rooms)
        if full or not gave_up:
            del of["bed"]
        if not full or not gave_up:
            del of["room"]
        if kind != AbsenceKind.ESCAPE:
            for name in self.OF_ESCAPE:
                del of[name]

    @property
    def of_escape(self) -> list[Any]:
        """The fields by which days of an escape are not counted."""
        return [self[name] for name in self.OF_ESCAPE if name in self.fields]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("things") == NEW and not cleaned.get("new_things"):
            self.add_error("new_things", "“新增物品”不能为空，请写明名称和数量；没有的改选相同。")
        if cleaned.get("things") == SAME and cleaned.get("new_things"):
            self.add_error("things", "“随身物品”选的是相同，又填了新增物品，请改正其中一项。")
        return cleaned

    @property
    def comeback(self) -> Comeback:
        """What was typed."""
        typed = self.cleaned_data
        names = ("returned_at", "brought_by", "paper", "health_checked", "injuries", "new_things")
        return Comeback(
            **{name: typed[name] for name in names},
            proof=proof_of(typed),
        )


class ReturnCheckForm(HouseForm):
    """回所体检: what the physician found."""

    findings = forms.CharField(
        label="检查结果", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明伤情是否属实、处理和注意事项；没有异常的写“未见异常”。",
    )  # fmt: skip


class EscapeFilter(HouseForm):
    """脱逃事项的筛选."""

    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "不限"), *((one.value, one.label) for one in DECIDED)],
    )


class ProofForm(HouseForm):
    """提请脱逃期间不计入期限: the proofs, all of them."""

    recaptured_at = MomentField(label="追回时间")
    receipt = forms.CharField(label="公安机关接报回执", max_length=60)
    statement = forms.BooleanField(label="本人陈述脱逃起止时间属实，已签名")

    @property
    def proof(self) -> Proof:
        return proof_of(self.cleaned_data)


class ReversalForm(HouseForm):
    """提请撤销脱逃登记: why it was none."""

    reason = forms.CharField(
        label="撤销理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明凭什么认定没有脱逃，如“监控显示一直在所，系清点有误”。",
    )  # fmt: skip


class EscapeWithdrawForm(HouseForm):
    """Why its proposer takes a proposal back."""

    reason = forms.CharField(label="撤回理由", max_length=200)


class EscapeReturnForm(HouseForm):
    """Why a proposal is returned."""

    reason = forms.CharField(label="退回理由", max_length=200)


def proof_of(typed: Mapping[str, Any]) -> Proof:
    """What was typed of the proofs; nothing where the form does not ask."""
    return Proof(
        recaptured_at=typed.get("recaptured_at"),
        receipt=typed.get("receipt", ""),
        statement=typed.get("statement", False),
    )

"""Forms of the front door: a roster, somebody at the desk, the admission."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from intake import sheets
from intake.rules import gate
from intake.rules.answers import LONGEST
from intake.rules.gate import Checks, Papers
from intake.rules.grounds import STATED, Ground, open_to
from intake.states import ArrivalStatus
from rehab.forms import DayField, HouseForm, bound_input, word_errors
from rehab.models import Bed, Decision, User
from rehab.refusal import Caution
from rehab.rules.identity import BadIdentityNumber, clean_name, identity_number
from rehab.selectors import EarlierCase
from rehab.states import Sex

ANSWER = "answer_"
_ANSWERS = re.compile(rf"{ANSWER}([a-z_]{{1,40}})")


class Answers(HouseForm):
    """A form that also takes the answers to cautions, a text each."""

    def __init__(self, *args: Any, cautions: Sequence[Caution] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cautions = tuple(cautions)
        asked = {caution.code: caution.message for caution in self.cautions}
        names = {*self.data, *self.restored}
        sent = {found[1]: found[1] for name in sorted(names) if (found := _ANSWERS.fullmatch(name))}
        for code, message in (sent | asked).items():
            field = forms.CharField(
                label="答复",
                required=False,
                max_length=LONGEST,
                widget=forms.TextInput(attrs={"aria-label": f"答复：{message}"}),
            )
            bound_input(field)
            word_errors(field, "答复")
            self.fields[ANSWER + code] = field

    @property
    def answers(self) -> dict[str, str]:
        """What was answered, by code of the caution."""
        return {
            name.removeprefix(ANSWER): value
            for name, value in self.cleaned_data.items()
            if name.startswith(ANSWER)
        }

    @property
    def questions(self) -> list[tuple[Caution, Any]]:
        """Each caution with the field that answers it."""
        return [(caution, self[ANSWER + caution.code]) for caution in self.cautions]

    @property
    def unasked(self) -> list[Any]:
        """Answers given before, to what is not asked yet this time; they go along unseen."""
        asked = {ANSWER + caution.code for caution in self.cautions}
        return [self[name] for name in self.fields if name.startswith(ANSWER) and name not in asked]


class RosterForm(HouseForm):
    """The file that the police handed over."""

    file = forms.FileField(
        label="名册文件",
        help_text="收 .xlsx 和 .csv（GB18030 或 UTF-8），不超过 20 MB；按列名识别，列的顺序不限。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=200,
        validators=[FileExtensionValidator(["xlsx", "csv"])],
    )
    as_of = DayField(label="名册日期", help_text="年龄、期限按这一天判断。")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_FILE_BYTES:
            raise ValidationError("“名册文件”超过 20 MB，请分批移交。")
        return file


class RosterCommitForm(Answers):
    """The answers to what was asked about the file as a whole."""


class RosterWithdrawalForm(HouseForm):
    """Why an import is taken back."""

    reason = forms.CharField(
        label="撤回理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明哪里不对、是否重新导入。名册和各人的记录都保留。",
    )  # fmt: skip


class ArrivalFilter(HouseForm):
    status = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "未决定"), *ArrivalStatus.choices],
    )
    sex = forms.ChoiceField(label="性别", required=False, choices=[("", "不限"), *Sex.choices])
    source = forms.ChoiceField(
        label="来源", required=False,
        choices=[("", "不限"), ("roster", "名册"), ("desk", "现场登记")],
    )  # fmt: skip


class PapersForm(HouseForm):
    """The person and the decision; only name and sex can always be known."""

    id_number = forms.CharField(label="公民身份号码", required=False, max_length=40)
    other_document = forms.CharField(label="其他证件", required=False, max_length=60)
    name = forms.CharField(label="姓名", max_length=50, help_text="")
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    birth_date = DayField(label="出生日期", required=False)
    household = forms.CharField(label="户籍所在地", required=False, max_length=200)
    address = forms.CharField(label="现住址", required=False, max_length=200)
    ethnicity = forms.CharField(label="民族", required=False, max_length=20)
    education = forms.CharField(label="文化程度", required=False, max_length=20)
    decision_number = forms.CharField(label="决定书文号", required=False, max_length=100)
    authority = forms.CharField(label="决定机关", required=False, max_length=60)
    decided_on = DayField(label="决定日期", required=False)
    printed_starts_on = DayField(label="期限起日", required=False)
    printed_ends_on = DayField(label="期限止日", required=False)
    transferred_on = DayField(label="移交日期", required=False)
    basis = forms.ChoiceField(
        label="决定依据", required=False, choices=[("", "未填"), *Decision.Basis.choices]
    )
    drug = forms.CharField(label="主要吸食毒品种类", required=False, max_length=30)
    addiction = forms.CharField(label="成瘾认定", required=False, max_length=20)
    relative_name = forms.CharField(label="家属姓名", required=False, max_length=50)
    relative_relation = forms.CharField(label="与本人关系", required=False, max_length=20)
    relative_phone = forms.CharField(label="家属联系电话", required=False, max_length=40)

    def clean_id_number(self) -> str | None:
        raw = self.cleaned_data["id_number"]
        if not raw:
            return None
        try:
            return identity_number(raw).number
        except BadIdentityNumber as bad:
            raise ValidationError(str(bad)) from bad

    def clean_name(self) -> str:
        name = clean_name(self.cleaned_data["name"])
        if not name:
            raise ValidationError("“姓名”不能为空，请填写；不肯说的写“不详”。")
        return name

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (number := cleaned.get("id_number")) and not cleaned.get("birth_date"):
            cleaned["birth_date"] = identity_number(number).birth_date
        return cleaned

    def papers(self, known: Papers | None = None) -> Papers:
        """What was typed and could be read, with what was known before."""
        values = vars(known) if known else {}
        asked = {field.name for field in fields(Papers)} & self.cleaned_data.keys()
        return Papers(**{**values, **{name: self.cleaned_data[name] for name in asked}})


class ArrivalForm(PapersForm):
    """Somebody at the gate who is on no roster."""

    remark = forms.CharField(label="备注", required=False, max_length=200)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors:
            for obstacle in gate.identity_obstacles(self.papers()):
                self.add_error(None, str(obstacle))
        return cleaned


class AdmissionForm(Answers, PapersForm):
    """收治登记: the papers as read at the gate, what was seen there, and the first bed."""

    known_person = forms.UUIDField(
        label="既往人员",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid": "“既往人员”不在可选范围内，请从列出的选项中选择。"},
    )
    has_decision = forms.BooleanField(label="已收到强制隔离戒毒决定书", required=False)
    is_the_person = forms.BooleanField(label="到场人员就是决定书所载的人", required=False)
    health_checked = forms.BooleanField(label="已作入所健康检查", required=False)
    pregnancy_tested = forms.BooleanField(label="已作妊娠检查", required=False)
    pregnant = forms.BooleanField(label="怀孕", required=False)
    nursing_infant = forms.BooleanField(label="正在哺乳自己不满一周岁的婴儿", required=False)
    serious_illness = forms.BooleanField(label="患严重疾病，留所可能危及生命", required=False)
    injured = forms.BooleanField(label="体表有伤", required=False)
    injury_signed_by_escort = forms.BooleanField(label="伤情已由移送民警签字", required=False)
    injury_signed_by_person = forms.BooleanField(label="伤情已由本人签字", required=False)
    needs_isolation = forms.BooleanField(label="须隔离（传染病）", required=False)
    precautions = forms.CharField(
        label="注意事项", required=False, max_length=100,
        help_text="只写管理上须注意的事，不写病名。",
    )  # fmt: skip
    searched_by = forms.TypedChoiceField(label="检查民警", required=False, empty_value=None)
    searched_with = forms.TypedChoiceField(label="第二名检查民警", required=False, empty_value=None)
    sole_carer = forms.BooleanField(label="家中有由其独自照料的人", required=False)
    bed = forms.ModelChoiceField(
        label="生理脱毒区床位", queryset=Bed.objects.none(), empty_label="请选择床位"
    )

    ONLY_WOMEN = ("pregnancy_tested", "pregnant", "nursing_infant")
    NEEDED = ("decision_number", "authority", "decided_on", "printed_ends_on")

    def __init__(
        self, *args: Any, staff: Sequence[User], beds: Any, known_sex: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NEEDED:
            self.fields[name].required = True
        by_key = {str(one.pk): one for one in staff}
        officers = [(key, _officer(one)) for key, one in by_key.items()]
        for name, nobody in (("searched_by", "尚未检查"), ("searched_with", "无")):
            field = self._choice(name)
            field.choices, field.coerce = [("", nobody), *officers], by_key.get
        self._choice("bed").queryset = beds
        chosen = str(self["sex"].value())
        self.shown_sex = chosen if chosen in Sex.values else str(known_sex)
        if self.shown_sex != Sex.FEMALE:
            for name in self.ONLY_WOMEN:
                del self.fields[name]

    def offer(self, *, beds: Sequence[Bed], earlier: Sequence[EarlierCase]) -> None:
        """Put the choices on the page: free beds, and who it may be."""
        self._choice("bed").choices = [("", "请选择床位"), *((bed.pk, _bed(bed)) for bed in beds)]
        self.initial.setdefault("bed", next((bed.pk for bed in beds), None))
        namesakes = {found.person: found for found in earlier if not found.by_number}
        if namesakes:
            self.fields["known_person"].widget.choices = [
                ("", "不关联，是另一个人"),
                *((str(key), f"关联：{_stay(found)}") for key, found in namesakes.items()),
            ]
        else:
            self.fields["known_person"].widget = forms.HiddenInput()

    def _choice(self, name: str) -> Any:
        return self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, second = cleaned.get("searched_by"), cleaned.get("searched_with")
        if second and not first:
            self.add_error("searched_by", "“检查民警”没有选，请先选第一名检查民警。")
        elif second and first == second:
            self.add_error("searched_with", "“第二名检查民警”须是另一名民警，请重新选择。")
        return cleaned

    @property
    def searchers(self) -> list[User]:
        chosen = (self.cleaned_data.get("searched_by"), self.cleaned_data.get("searched_with"))
        return [one for one in chosen if one]

    @property
    def checks(self) -> Checks:
        """What was ticked and could be read; for a man nothing is asked about pregnancy."""
        asked = {field.name for field in fields(Checks)} & self.cleaned_data.keys()
        return Checks(**{name: self.cleaned_data[name] for name in asked})


def initial_of(papers: Papers) -> dict[str, Any]:
    """What the admission form starts from."""
    return {**vars(papers), "injured": bool(papers.injury)}


def _officer(user: User) -> str:
    return f"{user.display_name}（{user.get_sex_display()}）"


def _bed(bed: Bed) -> str:
    kinds = [bed.room.get_sex_display()]
    if bed.room.for_minors:
        kinds.append("未成年人")
    if bed.room.isolation:
        kinds.append("隔离")
    return f"{bed.room.unit.name} {bed}（{'、'.join(kinds)}）"


def _stay(found: EarlierCase) -> str:
    return f"{found.masked_name} · {found.facility} · {found.entered_at:%Y-%m} 入所"


class DeferralForm(HouseForm):
    reason = forms.CharField(
        label="暂不接收的理由", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写明缺什么、由谁补、预计何时再送。此人仍在待收名单中。",
    )  # fmt: skip


class RefusalForm(HouseForm):
    grounds = forms.MultipleChoiceField(
        label="不予接收的情形",
        widget=forms.CheckboxSelectMultiple,
    )
    explanation = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="选“其他情形”的须写明；将印在通知书上。",
    )  # fmt: skip

    def __init__(self, *args: Any, sex: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["grounds"].choices = [
            (ground.value, STATED[ground].message) for ground in open_to(sex)
        ]

    def clean_grounds(self) -> list[Ground]:
        return [Ground(value) for value in self.cleaned_data["grounds"]]

"""What assessors and zone officers fill in."""

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from django import forms

from centers.assessment import rules
from centers.models import FULL_MARK, ConductMonth
from centers.pages import ZoneFilter
from centers.states import Grade, Need, SocialCriterion
from rehab import clock
from rehab.changing import ChangeForm
from rehab.forms import HouseForm

STATES = (
    ("", "全部"),
    ("ready", "可评"),
    ("lacking", "缺项"),
    ("drafted", "待结论"),
    ("early", "未到时间"),
    ("settled", "已合格"),
)


class AssessmentFilters(ZoneFilter):
    """Zone, and how far the next assessment is."""

    state = forms.ChoiceField(label="进度", required=False, choices=STATES)


class ConductFilters(ZoneFilter):
    """The month of the sheet, and the zone."""

    month = forms.CharField(
        label="月份", required=False, max_length=7, widget=forms.TextInput(attrs={"type": "month"})
    )
    field_order = ("month", "zone")


class AssessmentForm(HouseForm):
    """A grade for each part that may be graded, and the reasons; its parts come from `form_for`."""

    reasons = forms.CharField(
        label="理由",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="评为不合格的必须写明；结论和理由将告知本人",
    )
    fixed: ClassVar[dict[str, str]] = {}  # parts whose evidence leaves no choice

    @property
    def parts(self):
        """The grade of every part, by code of Need."""
        chosen = {
            name.removeprefix("part_"): self.cleaned_data[name]
            for name in self.fields
            if name.startswith("part_")
        }
        return self.fixed | chosen

    @property
    def graded(self):
        """The fields of the parts to be graded."""
        return [self[name] for name in self.fields if name.startswith("part_")]


class CorrectionForm(AssessmentForm):
    """A new version of a conclusion, and why there is one."""

    why = forms.CharField(
        label="更正原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


def form_for(found, *, base=AssessmentForm):
    """The form of an assessment: what the evidence leaves open is asked, the rest is fixed."""
    fields, fixed = {}, {}
    for code, of in found.items():
        if not of.there:
            continue
        allowed = rules.allowed_grades(of.ceiling)
        if len(allowed) == 1:
            fixed[code] = allowed[0]
            continue
        fields[f"part_{code}"] = forms.ChoiceField(
            label=Need(code).label,
            choices=[(grade, Grade(grade).label) for grade in allowed],
            widget=forms.RadioSelect,
            initial=None if code == Need.RECOVERY else of.ceiling,
            help_text=of.detail,
        )
    return type("PartsForm", (base,), {**fields, "fixed": fixed})


class ReturnForm(HouseForm):
    """Why a draft goes back."""

    reason = forms.CharField(
        label="退回原因", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class SheetForm(ChangeForm):
    """Marks of a month or of a person; its lines come from `sheet_for`."""

    def clean(self):
        cleaned = super().clean()
        for name in self._given(cleaned):
            if cleaned[name] is None:
                self.add_error(name, "已评定的得分不能清空，请改为新的得分")
        if not self.errors and not self._given(cleaned):
            self.add_error(None, "没有填写或者改动任何得分")
        return cleaned

    @property
    def marks(self):
        """The marks that were given or changed, by key of the line."""
        return {name: self.cleaned_data[name] for name in self._given(self.cleaned_data)}

    def _given(self, cleaned):
        return [name for name, mark in self.now.items() if cleaned.get(name, mark) != mark]


@dataclass(frozen=True)
class Line:
    """One line of a sheet: its key, what it is called, and the row that stands there."""

    key: str
    label: str
    row: ConductMonth | None

    @property
    def mark(self):
        return self.row.mark if self.row else None

    @property
    def confirmed(self):
        return self.row is not None and self.row.confirmed_at is not None

    @property
    def by(self):
        marked_at = self.row.marked_at.astimezone(clock.SHANGHAI)
        return f"{self.row.by.display_name} {marked_at:%m-%d %H:%M}"


def sheet_for(lines):
    """The form of a sheet of lines."""
    fields = {
        line.key: forms.IntegerField(
            label=line.label,
            required=False,
            min_value=0,
            max_value=FULL_MARK,
            disabled=line.confirmed,
            widget=forms.NumberInput(
                attrs={"aria-label": f"{line.label}得分", "inputmode": "numeric"}
            ),
        )
        for line in lines
    }
    return partial(
        type("MarksForm", (SheetForm,), fields),
        now={line.key: line.mark for line in lines},
        by={line.key: line.by for line in lines if line.row},
    )


class ConfirmForm(HouseForm):
    """The months that get their second signature."""

    months = forms.ModelMultipleChoiceField(
        label="待复核的月考核",
        queryset=ConductMonth.objects.none(),
        error_messages={"required": "还没有勾选“待复核的月考核”，请勾选。"},
    )

    def __init__(self, *args, waiting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["months"].queryset = waiting


MET = (("yes", "是"), ("no", "否"))


def _criterion(criterion):
    return forms.ChoiceField(label=criterion.label, choices=MET, widget=forms.RadioSelect)


class SocialForm(HouseForm):
    """The five criteria of the social environment."""

    agreement = _criterion(SocialCriterion.AGREEMENT)
    support = _criterion(SocialCriterion.SUPPORT)
    accepts_help = _criterion(SocialCriterion.ACCEPTS_HELP)
    livelihood = _criterion(SocialCriterion.LIVELIHOOD)
    income_or_home = _criterion(SocialCriterion.INCOME_OR_HOME)
    note = forms.CharField(
        label="说明", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    @property
    def met(self):
        return {one: self.cleaned_data[one] == "yes" for one in SocialCriterion.values}

    @property
    def criteria(self):
        return [self[one] for one in SocialCriterion.values]

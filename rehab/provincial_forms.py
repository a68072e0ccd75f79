"""Shapes of what a bureau sends about its rules; the fields follow from the rule's own parts."""

from typing import Any

from django import forms

from rehab.forms import DayField, HouseForm, bound_input, word_errors
from rehab.provincial import RuleSet
from rehab.rules.provincial import Part, Values


class RuleForm(HouseForm):
    """拟定一版规则: what each part shall say, from which day, by which document."""

    effective_from = DayField(label="施行日期")
    document_number = forms.CharField(
        label="依据文号",
        max_length=60,
        required=False,
        help_text="对场所放宽、对本人加重，或者施行日期早于今天的，须填写",
    )

    def __init__(self, *args: Any, rule_set: RuleSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule_set = rule_set
        for part in rule_set.parts:
            field = _field(part)
            bound_input(field)
            word_errors(field, str(field.label))
            self.fields[part.name] = field

    @property
    def parts(self) -> list[Any]:
        """The fields of the rule itself."""
        return [self[part.name] for part in self.rule_set.parts]

    @property
    def values(self) -> Values:
        return {part.name: self.cleaned_data[part.name] for part in self.rule_set.parts}


def _field(part: Part) -> forms.Field:
    if part.several:
        return forms.MultipleChoiceField(
            label=part.label,
            choices=part.choices,
            required=part.required,
            widget=forms.CheckboxSelectMultiple,
        )
    if part.choices:
        return forms.ChoiceField(
            label=part.label, choices=[("", "无"), *part.choices], required=part.required
        )
    label = f"{part.label}（{part.unit}）" if part.unit else part.label
    return forms.IntegerField(label=label, min_value=part.lowest, max_value=part.highest)


class RuleReturnForm(HouseForm):
    """Why a proposal is returned."""

    reason = forms.CharField(
        label="退回理由", max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )


class RuleDecisionForm(HouseForm):
    """Nothing to fill in; the page asks once more."""

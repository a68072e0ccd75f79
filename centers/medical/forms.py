"""What the clinicians fill in."""

from django import forms

from centers.models import DrugTest
from centers.states import DetoxCriterion
from rehab.forms import HouseForm, MomentField
from rehab.models import User

MET = (("yes", "合格"), ("no", "不合格"))


def _criterion(criterion):
    return forms.ChoiceField(label=criterion.label, choices=MET, widget=forms.RadioSelect)


def _note(criterion):
    return forms.CharField(label=f"说明：{criterion.label}", required=False, max_length=500)


class DrugTestForm(HouseForm):
    """An own drug test, taken by the signed-in clinician and a second person."""

    tested_at = MomentField(label="检测时间")
    sample = forms.ChoiceField(label="样本", choices=DrugTest.Sample, widget=forms.RadioSelect)
    result = forms.ChoiceField(label="结果", choices=DrugTest.Result, widget=forms.RadioSelect)
    second = forms.ModelChoiceField(
        label="另一名检测人", queryset=User.objects.none(), empty_label="请选择"
    )
    note = forms.CharField(
        label="备注", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["second"].queryset = colleagues


class DetoxForm(HouseForm):
    """The five criteria, each met or not, each with a note."""

    test_negative = _criterion(DetoxCriterion.TEST_NEGATIVE)
    test_negative_note = _note(DetoxCriterion.TEST_NEGATIVE)
    medicine_stopped = _criterion(DetoxCriterion.MEDICINE_STOPPED)
    medicine_stopped_note = _note(DetoxCriterion.MEDICINE_STOPPED)
    acute_gone = _criterion(DetoxCriterion.ACUTE_GONE)
    acute_gone_note = _note(DetoxCriterion.ACUTE_GONE)
    no_protracted = _criterion(DetoxCriterion.NO_PROTRACTED)
    no_protracted_note = _note(DetoxCriterion.NO_PROTRACTED)
    mind_stable = _criterion(DetoxCriterion.MIND_STABLE)
    mind_stable_note = _note(DetoxCriterion.MIND_STABLE)

    @property
    def lines(self):
        """Pairs of the criterion's field and its note."""
        return [(self[one.value], self[f"{one.value}_note"]) for one in DetoxCriterion]

    @property
    def met(self):
        return {one: self.cleaned_data[one] == "yes" for one in DetoxCriterion.values}

    @property
    def notes(self):
        return {one: self.cleaned_data[f"{one}_note"] for one in DetoxCriterion.values}

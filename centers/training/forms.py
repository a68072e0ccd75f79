"""What the trainers fill in."""

from django import forms

from centers.measures import MEASURES
from centers.models import FitnessTest
from rehab.forms import DayField, HouseForm


def _field(code):
    measure = next(measure for measure in MEASURES if measure.code == code)
    if measure.decimals == 0:
        return forms.IntegerField(
            label=measure.label, min_value=int(measure.lowest), max_value=int(measure.highest)
        )
    return forms.DecimalField(
        label=measure.label,
        min_value=measure.lowest,
        max_value=measure.highest,
        max_digits=4,
        decimal_places=measure.decimals,
    )


class FitnessForm(HouseForm):
    """A fitness test: clearance, the measures, the grade."""

    tested_on = DayField(label="测试日期")
    cleared = forms.BooleanField(label="医疗筛查合格，可以进行体能测试")
    height_cm = _field("height_cm")
    weight_kg = _field("weight_kg")
    vital_capacity_ml = _field("vital_capacity_ml")
    grip_kg = _field("grip_kg")
    sit_and_reach_cm = _field("sit_and_reach_cm")
    steps_two_minutes = _field("steps_two_minutes")
    result = forms.ChoiceField(label="等级", choices=FitnessTest.Result, widget=forms.RadioSelect)

    @property
    def values(self):
        return {measure.code: self.cleaned_data[measure.code] for measure in MEASURES}

    @property
    def measured(self):
        """Each measure's field with its unit."""
        return [(self[measure.code], measure.unit) for measure in MEASURES]

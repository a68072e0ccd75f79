"""What the educators fill in."""

from django import forms

from centers.models import EntryEducation
from rehab.forms import DayField, HouseForm


class EntryEducationForm(HouseForm):
    """Entry education that has ended."""

    started_on = DayField(label="开始日期")
    ended_on = DayField(label="结束日期")
    hours = forms.IntegerField(label="课时", min_value=1, max_value=1000)
    result = forms.ChoiceField(
        label="结果", choices=EntryEducation.Result, widget=forms.RadioSelect
    )

"""What the counsellors fill in."""

from django import forms

from centers.psychology.scales import ANSWERS, LEAD
from rehab.forms import HouseForm

CHOICES = [(str(value), answer) for value, answer in enumerate(ANSWERS)]


class ScreeningForm(HouseForm):
    """One scale, item by item; its fields come from `form_for`."""

    lead = LEAD

    @property
    def answers(self):
        return [int(self.cleaned_data[name]) for name in self.fields]


def form_for(scale):
    """The form of a scale: one group of four answers for each item."""
    items = {
        f"item_{number}": forms.ChoiceField(
            label=f"{number}. {item}", choices=CHOICES, widget=forms.RadioSelect
        )
        for number, item in enumerate(scale.items, start=1)
    }
    return type("ScaleForm", (ScreeningForm,), items)


class OpeningForm(HouseForm):
    """For what a sealed sheet is opened."""

    purpose = forms.CharField(label="查阅用途", max_length=100)

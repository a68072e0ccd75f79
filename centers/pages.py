"""What the pages of the five centres share: the case in scope, the people in custody, their filters."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from rehab import columns
from rehab.columns import beside
from rehab.forms import HouseForm
from rehab.models import Case
from rehab.states import Stage

# The first two cells of a row, as `centers/_person.html` shows them
WHO = (
    columns.NAME, *beside(columns.NUMBER), columns.ZONE, *beside(columns.IN_ZONE, columns.UNIT),
)  # fmt: skip
DONE, MISSING = "done", "missing"


def case_or_404(request: Any, case_number: str) -> Case:
    """The case of this number, with all that a page's head shows; outside the scope there is none."""
    cases: Any = Case.objects.visible_to(request.user)
    whole = cases.select_related("person", "facility", "unit__zone", "zone", "decision")
    return cast(Case, get_object_or_404(whole, number=case_number))


class ZoneFilter(HouseForm):
    """The zone; kept in the address."""

    zone = forms.ChoiceField(
        label="所在区",
        required=False,
        choices=[("", "全部"), *((stage.value, stage.zone_label) for stage in Stage)],
    )

    def chosen(self, name: str) -> str:
        """What was chosen; nothing when the address holds something odd."""
        return str(self.cleaned_data.get(name, "")) if self.is_valid() else ""


class Filters(ZoneFilter):
    """The zone, and whether the record is there."""

    done = forms.ChoiceField(
        label="记录", required=False, choices=[("", "全部"), (MISSING, "未完成"), (DONE, "已完成")]
    )


def people(request: Any) -> QuerySet[Case]:
    """Everyone in custody whom the user may see, longest in the zone first."""
    cases: Any = Case.objects.visible_to(request.user)
    rows: QuerySet[Case] = cases.in_custody().select_related("person", "unit", "zone")
    return rows.order_by("zone_entered_at", "number")


def in_zone(cases: QuerySet[Case], stage: str) -> QuerySet[Case]:
    """Only those in the zone of a stage, where one was chosen."""
    return cases.filter(zone__stage=stage) if stage else cases


def by_record(cases: QuerySet[Case], choice: str, *, done: Q, missing: Q) -> QuerySet[Case]:
    """Only those whose record is there, or only those who lack it, where one was chosen."""
    wanted = {DONE: done, MISSING: missing}.get(choice)
    return cases.filter(wanted) if wanted is not None else cases

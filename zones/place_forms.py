"""Shapes of what an administrator sends about 大队, rooms and beds."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from django import forms

from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.forms import HouseForm
from rehab.models import Bed, Facility
from rehab.states import Sex, Stage

MOST_ROOMS = 99
MOST_BEDS = 60
NAME = 30


@dataclass(frozen=True)
class RoomKind:
    """A kind of room: whom it is for, and what such rooms are called, numbered from 1."""

    code: str
    label: str
    sex: Sex
    for_minors: bool = False
    isolation: bool = False


KINDS = (
    RoomKind("men", "男区", Sex.MALE),
    RoomKind("women", "女区", Sex.FEMALE),
    RoomKind("boys", "未成年男区", Sex.MALE, for_minors=True),
    RoomKind("girls", "未成年女区", Sex.FEMALE, for_minors=True),
    RoomKind("men_apart", "男隔离", Sex.MALE, isolation=True),
    RoomKind("women_apart", "女隔离", Sex.FEMALE, isolation=True),
)


def _rooms(label: str) -> forms.IntegerField:
    label = f"{label}间数"
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=MOST_ROOMS, widget=_small(label)
    )


def _beds(label: str) -> forms.IntegerField:
    label = f"{label}每间床数"
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=MOST_BEDS, widget=_small(label)
    )


def _small(label: str) -> forms.NumberInput:
    return forms.NumberInput(attrs={"aria-label": label})  # the table says the rest


class RoomsForm(HouseForm):
    """How many rooms of each kind, and how many beds in each; what is left empty is not built."""

    men_rooms, men_beds = _rooms("男区"), _beds("男区")
    women_rooms, women_beds = _rooms("女区"), _beds("女区")
    boys_rooms, boys_beds = _rooms("未成年男区"), _beds("未成年男区")
    girls_rooms, girls_beds = _rooms("未成年女区"), _beds("未成年女区")
    men_apart_rooms, men_apart_beds = _rooms("男隔离"), _beds("男隔离")
    women_apart_rooms, women_apart_beds = _rooms("女隔离"), _beds("女隔离")

    def __init__(self, *args: Any, taken_names: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taken_names = frozenset(taken_names)

    @property
    def lines(self) -> list[tuple[RoomKind, Any, Any]]:
        """Each kind with its two fields: a line of the table."""
        return [(kind, self[f"{kind.code}_rooms"], self[f"{kind.code}_beds"]) for kind in KINDS]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for kind in KINDS:
            rooms, name = cleaned.get(f"{kind.code}_rooms"), f"{kind.code}_beds"
            if rooms and not cleaned.get(name) and name not in self.errors:
                label = self.fields[name].label
                self.add_error(name, f"“{label}”不能为空：要设 {rooms} 间，请填写。")
        return cleaned

    @property
    def rooms(self) -> list[RoomPlan]:
        """The plan, under numbers that no room of the 大队 has yet."""
        return [
            RoomPlan(
                name,
                kind.sex,
                self.cleaned_data[f"{kind.code}_beds"],
                for_minors=kind.for_minors,
                isolation=kind.isolation,
            )
            for kind in KINDS
            for name in self._names(kind, self.cleaned_data[f"{kind.code}_rooms"] or 0)
        ]

    def _names(self, kind: RoomKind, wanted: int) -> list[str]:
        every = (f"{kind.label}{number}" for number in count(1))
        return list(islice((name for name in every if name not in self.taken_names), wanted))


class UnitForm(RoomsForm):
    """开设大队: in which house and zone, under which name, with which rooms and beds."""

    facility = forms.ModelChoiceField(
        label="强制隔离戒毒所", queryset=Facility.objects.none(), empty_label=None
    )
    name = forms.CharField(label="大队名称", max_length=NAME)
    stage = forms.ChoiceField(
        label="所在区", choices=[("", "请选择"), *((one.value, one.zone_label) for one in Stage)]
    )

    def __init__(self, *args: Any, facilities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility"]
        field.queryset = facilities

    @property
    def plan(self) -> UnitPlan:
        given = self.cleaned_data
        return UnitPlan(given["name"], Stage(given["stage"]), self.rooms)


class SquadForm(HouseForm):
    """开设中队."""

    name = forms.CharField(label="中队名称", max_length=NAME)


class UnitCloseForm(HouseForm):
    """Nothing to fill in; the page asks once more."""


class BedsForm(HouseForm):
    """增设床位 in one room."""

    number = forms.IntegerField(label="增设张数", min_value=1, max_value=MOST_BEDS)


class BedsOfUnitField(forms.ModelMultipleChoiceField):
    """Beds of a 大队 by room and number."""

    def label_from_instance(self, bed: Any) -> str:
        return f"{bed}（{bed.closed_for}）" if bed.closed_for else str(bed)


class BedReopenForm(HouseForm):
    """恢复使用, several at once."""

    beds = BedsOfUnitField(
        label="床位", queryset=Bed.objects.none(), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, beds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["beds"]
        field.queryset = beds


class BedCloseForm(BedReopenForm):
    """停用床位, several at once."""

    reason = forms.CharField(label="停用原因", max_length=60, help_text="如：维修、消毒")


class PlaceFilterForm(HouseForm):
    """Which house is shown; kept in the address."""

    facility = forms.ChoiceField(label="强制隔离戒毒所", required=False)

    def __init__(self, *args: Any, facilities: Iterable[Facility], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["facility"]
        field.choices = [(one.code, one.name) for one in facilities]

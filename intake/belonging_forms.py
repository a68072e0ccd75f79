"""The form of 物品检查登记: a row for each item, with its photo."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms

from intake.models import Belonging
from intake.rules.belongings import Brought, Register
from intake.rules.papers import Disposal
from intake.sheet_forms import clean_photo, photo_field
from rehab.forms import HouseForm, MomentField, bound_input, word_errors

ROWS = 12  # items that one register holds
OPEN_ROWS = 4  # of them on the page from the start
PARTS = (
    ("name", "名称", 30),
    ("quantity", "数量", 10),
    ("features", "特征、成色", 60),
    ("place", "存放处", 30),
    ("remark", "备注", 60),
)

Photos = Mapping[int, tuple[str, bytes]]
NO_PHOTOS: Photos = MappingProxyType({})


class BelongingsForm(HouseForm):
    """Everything that was found on one person."""

    registered_at = MomentField(label="登记时间")
    nothing = forms.BooleanField(label="没有随身物品", required=False)
    cash = forms.DecimalField(
        label="现金（元）", required=False, min_value=0, max_digits=9, decimal_places=2
    )
    collector = forms.CharField(label="领取人", required=False, max_length=30)
    relation = forms.CharField(label="与本人关系", required=False, max_length=20)

    def __init__(self, *args: Any, photos: Photos = NO_PHOTOS, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.photos = photos  # of the former version, by number, with the name of the item
        for row in range(1, ROWS + 1):
            for part, label, longest in PARTS:
                field: forms.Field = forms.CharField(required=False, max_length=longest)
                self._add(f"item_{row}_{part}", f"物品 {row} {label}", field)
            choices = Belonging.Disposal.choices
            field = forms.ChoiceField(required=False, choices=choices, initial="kept")
            self._add(f"item_{row}_disposal", f"物品 {row} 处理", field)
            self._add(f"item_{row}_photo", f"物品 {row} 照片", photo_field())

    def _add(self, name: str, label: str, field: forms.Field) -> None:
        field.label = label
        bound_input(field)
        word_errors(field, label)
        self.fields[name] = field

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each item with its fields."""
        parts = [*(part for part, _, _ in PARTS), "disposal", "photo"]
        return [
            {part: self[f"item_{row}_{part}"] for part in parts} | {"kept": row in self.photos}
            for row in range(1, ROWS + 1)
        ]

    @property
    def open_rows(self) -> list[dict[str, Any]]:
        return self.rows[:OPEN_ROWS]

    @property
    def more_rows(self) -> list[dict[str, Any]]:
        return self.rows[OPEN_ROWS:]

    @property
    def more_filled(self) -> bool:
        """Whether something stands in the rows that are folded away."""
        return any(row[part].value() for row in self.more_rows for part, _, _ in PARTS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in range(1, ROWS + 1):
            self._whole_row(row, cleaned)
        return cleaned

    def _whole_row(self, row: int, cleaned: dict[str, Any]) -> None:
        """A row names its item and how many; its photo is told by its content."""
        parts = [*(part for part, _, _ in PARTS), "photo"]
        if not any(cleaned.get(f"item_{row}_{part}") for part in parts):
            return
        for part, label in (("name", "名称"), ("quantity", "数量"), ("disposal", "处理")):
            name = f"item_{row}_{part}"
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(
                    name, f"“物品 {row} {label}”不能为空，请填写；没有这件的，清空这一行。"
                )
        clean_photo(self, f"item_{row}_photo", f"物品 {row} 照片")

    def _former_photo(self, row: int, name: str) -> bytes | None:
        """What was photographed stays with its item; of another thing it is no picture."""
        former, photo = self.photos.get(row, ("", b""))
        return photo if former == name and photo else None

    @property
    def register(self) -> Register:
        """What was typed."""
        typed = self.cleaned_data
        items = []
        for row in range(1, ROWS + 1):
            of = {part: typed[f"item_{row}_{part}"] for part, _, _ in PARTS}
            if of["name"]:
                disposal = Disposal[typed[f"item_{row}_disposal"].upper()]
                photo = typed[f"item_{row}_photo"] or self._former_photo(row, of["name"])
                items.append(Brought(**of, disposal=disposal, photo=photo))
        return Register(
            items=tuple(items),
            nothing=typed["nothing"],
            cash=typed["cash"] or None,
            collector=typed["collector"],
            relation=typed["relation"],
        )

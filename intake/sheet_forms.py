"""Forms of the sheets of an entry."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from intake.rules.body import SIDES, of_side
from intake.rules.health_sheet import KINDS, Escort, Found, Sheet
from intake.rules.papers import Check
from rehab.forms import HouseForm, MomentField, bound_input, word_errors
from rehab.rules import photos
from rehab.states import Sex

Kept = tuple[str, str, bytes]  # region and kind of an injury, and its photo

NO_PHOTOS: Mapping[int, Kept] = MappingProxyType({})
ROWS = 12  # injuries that one sheet holds
OPEN_ROWS = 3  # of them on the page from the start

FINDINGS = (
    ("temperature", "体温", "℃"),
    ("pressure", "血压", "mmHg"),
    ("pulse", "心率", "次/分"),
    ("build", "身高体重", "cm，kg"),
    ("history", "既往病史", "自述"),
    ("allergy", "过敏史", ""),
    ("withdrawal", "戒断反应", ""),
    ("pregnancy", "妊娠检查", ""),
    ("others", "其他检查", "不写艾滋病等须另行封存的结果"),
)


def photo_field() -> forms.FileField:
    """One photo, jpg or png."""
    return forms.FileField(
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png"}),
        validators=[FileExtensionValidator(["jpg", "jpeg", "png"])],
    )


def clean_photo(form: HouseForm, name: str, label: str) -> None:
    """The photo is told by its content, and kept without what a camera adds to it."""
    if photo := form.cleaned_data.get(name):
        try:
            form.cleaned_data[name] = photos.cleaned(photo.read(photos.MAX_BYTES + 1))
        except photos.BadPhoto as bad:
            form.add_error(name, ValidationError(f"“{label}”：{bad}。"))


class HealthSheetForm(HouseForm):
    """入所健康状况检查表: nothing but the moment, one finding and the conclusion is required."""

    checked_at = MomentField(label="检查时间")
    conclusion = forms.CharField(label="检查结论", max_length=200)
    escort_name = forms.CharField(label="移送民警姓名", required=False, max_length=30)
    escort_badge = forms.CharField(label="移送民警警号", required=False, max_length=20)
    escort_signed_at = MomentField(label="移送民警签名时间", required=False)
    signed_by_person = forms.BooleanField(label="本人已签名、捺印", required=False)
    why_unsigned = forms.CharField(
        label="未签名的原因", required=False, max_length=200,
        help_text="有伤情而移送民警或者本人没有签名的，写明原因。",
    )  # fmt: skip

    def __init__(
        self, *args: Any, sex: str, photos: Mapping[int, Kept] = NO_PHOTOS, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.photos = photos  # of the former version, by the number of the injury
        for name, label, hint in FINDINGS:
            if name != "pregnancy" or sex == Sex.FEMALE:
                self._add(
                    name, label, forms.CharField(required=False, max_length=60, help_text=hint)
                )
        places = [(SIDES[side], [(one.code, one.label) for one in of_side(side)]) for side in SIDES]
        for row in range(1, ROWS + 1):
            where = forms.ChoiceField(required=False, choices=[("", "未填"), *places])
            what = forms.ChoiceField(
                required=False, choices=[("", "未填"), *((kind, kind) for kind in KINDS)]
            )
            self._add(f"injury_{row}_region", f"伤情 {row} 部位", where)
            self._add(f"injury_{row}_kind", f"伤情 {row} 种类", what)
            for part, label, longest in (("size", "大小", 20), ("description", "描述和来历", 100)):
                field = forms.CharField(required=False, max_length=longest)
                self._add(f"injury_{row}_{part}", f"伤情 {row} {label}", field)
            self._add(f"injury_{row}_photo", f"伤情 {row} 照片", photo_field())

    def _add(self, name: str, label: str, field: forms.Field) -> None:
        field.label = label
        bound_input(field)
        word_errors(field, label)
        self.fields[name] = field

    @property
    def findings(self) -> list[Any]:
        """The fields of 检查项目 that are asked of this person."""
        return [self[name] for name, _, _ in FINDINGS if name in self.fields]

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each injury with its fields."""
        return [
            {
                "number": row,
                "region": self[f"injury_{row}_region"],
                "kind": self[f"injury_{row}_kind"],
                "size": self[f"injury_{row}_size"],
                "description": self[f"injury_{row}_description"],
                "photo": self[f"injury_{row}_photo"],
                "kept": row in self.photos,
            }
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
        return any(row[part].value() for row in self.more_rows for part in ("region", "kind"))

    @property
    def figures(self) -> list[dict[str, Any]]:
        """正面 and 背面 with their regions, those with an injury marked."""
        hurt = {row["region"].value() for row in self.rows}
        return [
            {
                "label": label,
                "regions": [(one, one.code in hurt) for one in of_side(side)],
            }
            for side, label in SIDES.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for row in range(1, ROWS + 1):
            self._whole_row(row, cleaned)
        parts = ("escort_name", "escort_badge", "escort_signed_at")
        if any(cleaned.get(part) for part in parts):
            for part in parts:
                if not cleaned.get(part) and part not in self.errors:
                    label = self.fields[part].label
                    self.add_error(part, f"“{label}”没有填写，移送民警的姓名、警号和时间须填齐。")
        return cleaned

    def _whole_row(self, row: int, cleaned: dict[str, Any]) -> None:
        """A row says where and what, or nothing."""
        said = {
            part: cleaned.get(f"injury_{row}_{part}")
            for part in ("region", "kind", "size", "description")
        }
        photo = f"injury_{row}_photo"
        if not any(said.values()) and not cleaned.get(photo):
            return
        for part, label in (("region", "部位"), ("kind", "种类")):
            name = f"injury_{row}_{part}"
            if not said[part] and name not in self.errors:
                self.add_error(
                    name, f"“伤情 {row} {label}”还没有选，请选择；没有伤情的，清空这一行。"
                )
        clean_photo(self, photo, f"伤情 {row} 照片")

    def _former_photo(self, row: int, region: str, kind: str) -> bytes | None:
        """A photo stays with its injury; of another place or another kind it is no picture."""
        *former, photo = self.photos.get(row, ("", "", b""))
        return photo if former == [region, kind] and photo else None

    @property
    def sheet(self) -> Sheet:
        """What was typed."""
        typed = self.cleaned_data
        return Sheet(
            findings=tuple(
                Check(label, typed[name]) for name, label, _ in FINDINGS if typed.get(name)
            ),
            injuries=tuple(
                Found(
                    typed[f"injury_{row}_region"],
                    typed[f"injury_{row}_kind"],
                    typed[f"injury_{row}_size"],
                    typed[f"injury_{row}_description"],
                    typed[f"injury_{row}_photo"]
                    or self._former_photo(
                        row, typed[f"injury_{row}_region"], typed[f"injury_{row}_kind"]
                    ),
                )
                for row in range(1, ROWS + 1)
                if typed[f"injury_{row}_region"]
            ),
            conclusion=typed["conclusion"],
            escort=Escort(typed["escort_name"], typed["escort_badge"], typed["escort_signed_at"])
            if typed["escort_name"]
            else None,
            signed_by_person=typed["signed_by_person"],
            why_unsigned=typed["why_unsigned"],
        )

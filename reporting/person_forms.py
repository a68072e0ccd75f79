"""Shapes of what is sent about a person beyond his case."""

from typing import Any

from django import forms

from rehab.changing import ChangeForm
from rehab.forms import DayField
from rehab.models import Bed, Case
from rehab.rules.identity import BadIdentityNumber, clean_name, identity_number
from rehab.selectors.persons import other_beds
from rehab.states import Sex

SEALED = (
    "id_number",
    "other_document",
    "household",
    "address",
)  # written anew, or left as they are
RELATIVE = {"relative_name": "name", "relative_relation": "relation", "relative_phone": "phone"}


class BedChoice(forms.ModelChoiceField):
    """A bed with for whom its room is."""

    def label_from_instance(self, obj: Any) -> str:
        bed: Bed = obj
        room = bed.room
        kind = f"{room.get_sex_display()}{'·未成年人' if room.for_minors else ''}"
        return f"{room.unit.name} {bed}（{kind}{'·隔离' if room.isolation else ''}）"


class CorrectionForm(ChangeForm):
    """更正信息: what stands there is shown and may be changed; what is sealed is only written anew."""

    name = forms.CharField(label="姓名", max_length=50)
    sex = forms.ChoiceField(label="性别", choices=Sex.choices)
    birth_date = DayField(label="出生日期", required=False)
    ethnicity = forms.CharField(label="民族", required=False, max_length=20)
    education = forms.CharField(label="文化程度", required=False, max_length=20)
    precautions = forms.CharField(label="注意事项", required=False, max_length=500)
    id_number = forms.CharField(label="公民身份号码", required=False, max_length=40)
    no_number = forms.BooleanField(label="原登记的公民身份号码有误，真实号码不明", required=False)
    other_document = forms.CharField(label="其他证件", required=False, max_length=60)
    household = forms.CharField(label="户籍所在地", required=False, max_length=200)
    address = forms.CharField(label="现住址", required=False, max_length=200)
    relative_name = forms.CharField(label="亲属姓名", required=False, max_length=50)
    relative_relation = forms.CharField(label="与本人关系", required=False, max_length=20)
    relative_phone = forms.CharField(label="亲属联系电话", required=False, max_length=40)
    no_relative = forms.BooleanField(label="原登记的亲属有误，现无亲属可以联系", required=False)
    bed = BedChoice(
        label="改住床位", queryset=Bed.objects.none(), required=False, empty_label="不变",
        help_text="只在更正性别、出生日期后不能再住原房间时选。",
    )  # fmt: skip
    reason = forms.CharField(
        label="更正理由", max_length=200, help_text="写明依据的证件或者文书，如“核对户口簿”。"
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        beds: Any = self.fields["bed"]
        beds.queryset = other_beds(case)

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])

    def clean_id_number(self) -> str | None:
        raw = self.cleaned_data["id_number"]
        if not raw:
            return None
        try:
            return identity_number(raw).number
        except BadIdentityNumber as bad:
            raise forms.ValidationError(str(bad)) from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("no_number") and cleaned.get("id_number"):
            self.add_error("no_number", "号码已填写，不能再勾选真实号码不明，请二选一。")
        said = [name for name in RELATIVE if cleaned.get(name)]
        if said and cleaned.get("no_relative"):
            self.add_error("no_relative", "亲属已填写，不能再勾选无亲属可以联系，请二选一。")
        if said and "relative_name" not in said:
            self.add_error("relative_name", "填写了关系或者电话，请同时填写亲属姓名。")
        return cleaned

    @property
    def corrected(self) -> dict[str, Any]:
        """What is written anew, by name of the field."""
        cleaned = self.cleaned_data
        found = {name: cleaned[name] for name in self.now}
        found |= {name: cleaned[name] for name in SEALED if cleaned[name]}
        if cleaned["relative_name"] or cleaned["no_relative"]:
            found["relatives"] = self._relatives()
        return found | ({"id_number": None} if cleaned["no_number"] else {})

    def _relatives(self) -> list[dict[str, str]] | None:
        """Who is told and reached from now on, in place of whoever was on file."""
        if self.cleaned_data["no_relative"]:
            return None
        return [{key: self.cleaned_data[name] for name, key in RELATIVE.items()}]

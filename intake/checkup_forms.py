"""The form of a 期限体检."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator

from intake import sheets
from intake.rules.checkup.findings import KIND_LABELS, Kind
from rehab.forms import DayField, HouseForm


class CheckupForm(HouseForm):
    """The sheet, the day on which it is judged, and which findings are shown."""

    file = forms.FileField(
        label="人员表",
        help_text="收 .xlsx 和 .csv（GB18030 或 UTF-8），不超过 20 MB、5,000 人；按列名识别，列的顺序不限。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        max_length=200,
        validators=[FileExtensionValidator(["xlsx", "csv"])],
    )
    as_of = DayField(label="体检日期", help_text="超期、时限按这一天判断。")
    kind = forms.ChoiceField(
        label="类别",
        required=False,
        choices=[("", "全部"), *((kind.value, KIND_LABELS[kind]) for kind in Kind)],
        widget=forms.HiddenInput(),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_FILE_BYTES:
            raise ValidationError("“人员表”超过 20 MB，请拆成几份后再上传。")
        return file

    def clean_kind(self) -> Kind | None:
        chosen = self.cleaned_data["kind"]
        return Kind(chosen) if chosen else None

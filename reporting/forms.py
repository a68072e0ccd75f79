"""The filters above lists, and the purpose for which a sealed number is opened."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from rehab.actions.access import SEALED
from rehab.forms import HouseForm
from rehab.models import Facility, Notice, Unit, User
from rehab.rules.timing import Category
from rehab.states import Reach, Stage
from reporting.selectors.people import presences

ALL = [("", "全部")]
STAGES = [*ALL, *((stage.value, stage.zone_label) for stage in Stage)]


def _presences() -> list[tuple[str, str]]:
    return [*ALL, *((name, one.label) for name, one in presences().items())]


class WorklistFilter(HouseForm):
    """工作台的筛选；the tab travels with it."""

    category = forms.ChoiceField(
        required=False,
        choices=[*ALL, *((one.name.lower(), one.value) for one in Category)],
        widget=forms.HiddenInput,
    )
    stage = forms.ChoiceField(label="所在区", required=False, choices=STAGES)


class CaseFilter(HouseForm):
    """戒毒人员名单的筛选：the places offered are those within the user's reach."""

    presence = forms.ChoiceField(
        label="状态",
        required=False,
        choices=_presences,
    )
    stage = forms.ChoiceField(label="所在区", required=False, choices=STAGES)
    place = forms.ChoiceField(label="大队", required=False)

    place_path = "unit"  # what of a case `place` is compared with

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        match user.reach:
            case Reach.FACILITY:
                units = (
                    Unit.objects.open().filter(facility=user.facility, parent=None).order_by("name")
                )
                fields["place"].choices = [*ALL, *((str(unit.pk), unit.name) for unit in units)]
            case Reach.PROVINCE | Reach.NATION:
                self.place_path = "facility__code"
                fields["place"].label = "戒毒所"
                fields["place"].choices = [*ALL, *_facilities(user)]
            case _:
                del fields["place"]


def _facilities(user: User) -> list[tuple[str, str]]:
    facilities = Facility.objects.order_by("code")
    if user.reach == Reach.PROVINCE:
        facilities = facilities.filter(Q(province=user.bureau) | Q(bureau=user.bureau))
    return [(one.code, one.short_name) for one in facilities]


class NoticesForm(HouseForm):
    """通知 that were ticked."""

    notices = forms.ModelMultipleChoiceField(label="通知", queryset=Notice.objects.none())

    def __init__(self, *args: Any, notices: QuerySet[Notice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["notices"].queryset = notices


class SearchForm(HouseForm):
    """姓名、拼音、编号或者身份证号：the words stand in no address."""

    q = forms.CharField(label="查找", max_length=100, required=False)


class AccessForm(HouseForm):
    """要看封存的哪一项，为什么看。"""

    PURPOSES = ("核对身份", "制作文书", "就医", "联系家属", "与公安机关核对", "其他")

    field = forms.ChoiceField(
        label="内容", choices=list(SEALED.items()), widget=forms.RadioSelect, initial="identity"
    )
    purpose = forms.ChoiceField(
        label="用途", choices=[("", "请选择"), *((one, one) for one in PURPOSES)]
    )
    detail = forms.CharField(
        label="说明", max_length=80, required=False, help_text="用途选“其他”时须说明"
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("purpose") == "其他" and not cleaned.get("detail"):
            self.add_error("detail", "“说明”不能为空：用途为“其他”时，请写明用途。")
        return cleaned

    @property
    def words(self) -> str:
        """The purpose as it is kept."""
        detail = self.cleaned_data["detail"]
        return (
            f"{self.cleaned_data['purpose']}：{detail}" if detail else self.cleaned_data["purpose"]
        )

"""Shape of what is typed at the back door."""

from typing import Any

from django import forms

from aftercare import rules
from aftercare.rules.preparing import Preparation
from aftercare.states import FetchedBy, Manner, WayHome
from rehab.forms import DayField, HouseForm, MomentField
from rehab.models import Division, Station, User
from rehab.states import Stage

NAME_LENGTH = 40
REASON_LENGTH = 200
NAMELESS = ("市辖区", "县")  # levels of GB/T 2260 that say nothing of where a place is


class LeavingFilterForm(HouseForm):
    """Filters of 待解除, kept in the address. They never hide who must leave today."""

    days = forms.TypedChoiceField(
        label="期限", required=False, coerce=int,
        choices=[(7, "7 天内"), (30, "30 天内"), (90, "90 天内")],
    )  # fmt: skip
    zone = forms.ChoiceField(
        label="所在区",
        required=False,
        choices=[("", "全部"), *((stage.value, stage.zone_label) for stage in Stage)],
    )


class ReleaseNoticeForm(HouseForm):
    """Who besides the deciding organ is written to."""

    family = forms.CharField(
        label="家属", required=False, max_length=NAME_LENGTH, help_text="留空写“家属”"
    )
    employer = forms.CharField(
        label="所在单位", required=False, max_length=NAME_LENGTH, help_text="没有单位的留空，不发"
    )
    police_station = forms.CharField(
        label="户籍所在地派出所", required=False, max_length=NAME_LENGTH,
        help_text="留空写“户籍所在地派出所”",
    )  # fmt: skip

    def recipients(self) -> rules.Recipients:
        return rules.Recipients(**self.cleaned_data)


class ReleasePlanForm(HouseForm):
    """解除准备: who fetches him; the rest is asked of whom nobody does."""

    fetched_by = forms.ChoiceField(label="谁来接", choices=FetchedBy, widget=forms.RadioSelect)
    who = forms.CharField(
        label="来接的人",
        required=False,
        max_length=60,
        help_text="姓名和联系方式；无人来接的不填。",
    )
    way = forms.ChoiceField(
        label="怎样离所", required=False, choices=WayHome, widget=forms.RadioSelect,
        help_text="无人来接的须选。",
    )  # fmt: skip
    where = forms.CharField(
        label="去处", required=False, max_length=100, help_text="送至何处、暂住何处。"
    )
    chosen_on = DayField(
        label="本人签名日期", required=False, help_text="选择暂住的须有本人书面选择。"
    )

    @property
    def preparation(self) -> Preparation:
        """What was typed."""
        return Preparation(**self.cleaned_data)


class OfficerChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return f"{obj.display_name}（{obj.posting}）"


def _reason(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=REASON_LENGTH)


class ReleaseForm(HouseForm):
    """The gate: three marks, a second officer, and a reason for whatever is missing."""

    decision_number = forms.CharField(label="决定书文号", required=False, max_length=100)
    no_decision = _reason("没有核验文号的原因")
    identity_number = forms.CharField(
        label="身份证件号码", required=False, max_length=60, help_text="全号或者后六位"
    )
    no_identity = _reason("没有核验证件的原因")
    face = forms.ChoiceField(
        label="人像比对",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (rules.Mark.MATCHED.value, "相符"),
            (rules.Mark.CONTRADICTED.value, "不符"),
            (rules.Mark.MISSING.value, "没有照片，未比对"),
        ],
    )
    no_face = _reason("没有比对人像的原因")
    second_officer = OfficerChoiceField(
        label="第二名民警", required=False, queryset=User.objects.none(), empty_label="没有"
    )
    no_second_officer = _reason("没有第二名民警的原因")
    overstayed = _reason("超期的原因")

    def __init__(self, *args: Any, officers: Any, overstayed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        second: Any = self.fields["second_officer"]
        second.queryset = officers
        if not overstayed:
            del self.fields["overstayed"]

    def gate(self) -> rules.Gate:
        typed = self.cleaned_data
        return rules.Gate(
            decision_number=typed["decision_number"],
            identity_number=typed["identity_number"],
            face=rules.Mark(typed["face"] or rules.Mark.MISSING),
        )

    def answers(self) -> dict[str, str]:
        """The reasons given, by the code of the caution that each answers."""
        codes = ("no_decision", "no_identity", "no_face", "no_second_officer", "overstayed")
        return {code: self.cleaned_data[code] for code in codes if self.cleaned_data.get(code)}


class StationSearchForm(HouseForm):
    """Finds a station by its name or its division; kept in the address."""

    q = forms.CharField(label="行政区划或者站名", required=False, max_length=NAME_LENGTH)


class AgreementOfferForm(HouseForm):
    """At which station; only those found are listed."""

    station = forms.ModelChoiceField(
        label="照管站", queryset=Station.objects.all(), widget=forms.RadioSelect, empty_label=None
    )
    asked = forms.BooleanField(label="已当面征询本人，本人同意将姓名和解除日期告知该站")

    def __init__(self, *args: Any, found: list[Station], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["station"]
        field.widget.choices = [(station.pk, station_label(station)) for station in found]


def station_label(station: Station) -> str:
    """The station, its level and where it is."""
    place: Division | None = station.division
    names: list[str] = []
    while place is not None:
        if place.name not in NAMELESS:
            names.insert(0, place.name)
        place = place.parent
    return f"{station.name}（{station.get_level_display()}，{''.join(names)}）"


class AgreementSignForm(HouseForm):
    """The consent, and where the person can be called."""

    consent = forms.BooleanField(label="已向本人宣读同意书和协议，本人自愿签订")
    phone = forms.CharField(label="本人联系电话", required=False, max_length=20)


class AgreementRenewForm(HouseForm):
    """A renewal rests on the person's own application."""

    applied_on = DayField(label="本人申请日期")


class ContactForm(HouseForm):
    """A contact, made or tried: two choices and done."""

    manner = forms.ChoiceField(
        label="方式", choices=Manner, widget=forms.RadioSelect, initial=Manner.PHONE
    )
    reached = forms.TypedChoiceField(
        label="结果",
        widget=forms.RadioSelect,
        choices=[("yes", "联系上"), ("no", "没有联系上")],
        coerce=lambda value: value == "yes",
        help_text="没有联系上就是没有联系上，不作其他推断",
    )
    contacted_at = MomentField(label="联系时间")
    next_on = DayField(label="下次联系", required=False)
    renewal_discussed = forms.BooleanField(label="已谈续签意愿", required=False)
    note = forms.CharField(
        label="困难与需要", required=False, max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

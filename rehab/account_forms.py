"""Signing in, one's own password, the accounts of others, and moving the demo's day."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from rehab import clock
from rehab.actions.accounts import AccountFacts
from rehab.forms import DayField, HouseForm
from rehab.models import Role, User
from rehab.selectors import accounts as selectors
from rehab.selectors.accounts import Place
from rehab.states import Sex

USERNAME = RegexValidator(
    r"^[a-z0-9][a-z0-9._-]{2,39}\Z",
    "“用户名”用 3 至 40 个小写字母、数字或 . _ -，以字母或数字开头，请改正。",
)


class LoginForm(HouseForm, AuthenticationForm):
    """User name and password; one sentence for every way it can fail, so that it tells nobody which."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请重新输入；连续错误五次将锁定十五分钟。",
        "inactive": "用户名或密码不正确，请重新输入；连续错误五次将锁定十五分钟。",
        "expired": "一次性密码已过期，请联系安全管理员重新发放。",
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if selectors.secret_expired(user, at=clock.real_now()):
            raise ValidationError(self.error_messages["expired"], code="expired")


class DemoClockForm(HouseForm):
    """The day on which the demo's business time shall stand."""

    date = DayField(label="业务日期")


def password_field(label: str, autocomplete: str, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


def is_own_password(request: Any, password: str) -> bool:
    """Whether it is the password of whoever is signed in; a wrong one counts as one at the door does."""
    named = {"username": request.user.username, "password": password}
    return authenticate(request, **named) is not None


class PasswordForm(HouseForm):
    """修改密码: the present one, and twice the new one."""

    old = password_field("原密码", "current-password")
    new = password_field(
        "新密码",
        "new-password",
        help_text="至少 10 位，不能全是数字，不能用常见密码，不能与姓名、用户名相近",
    )
    again = password_field("再输一次新密码", "new-password")

    def __init__(self, *args: Any, request: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, request.user

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not is_own_password(self.request, old):
            raise ValidationError("“原密码”不正确，请重新输入；连续错误五次将锁定十五分钟。")
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.user)
        return new

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        new = cleaned.get("new")
        if new and cleaned.get("again") and new != cleaned["again"]:
            self.add_error("again", "“再输一次新密码”与新密码不一致，请重新输入。")
        if new and new == cleaned.get("old"):
            self.add_error("new", "“新密码”与原密码相同，请换一个。")
        return cleaned


class PostForm(HouseForm):
    """A post: a role, and the place where it is held."""

    role = forms.ModelChoiceField(label="岗位", queryset=Role.objects.none(), empty_label="请选择")
    place = forms.ChoiceField(label="任职单位")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["role"].queryset = selectors.roles_for(by)
        places = selectors.places_for(by)
        fields["place"].choices = [("", "请选择"), *selectors.groups_of(places)]
        self.places = {
            selectors.key_of(place): place for found in places.values() for place in found
        }

    def clean_place(self) -> Place:
        return self.places[self.cleaned_data["place"]]


class AccountForm(PostForm):
    """开户."""

    username = forms.CharField(
        label="用户名", max_length=40, validators=[USERNAME], help_text="登录时用，开户后不能改"
    )
    display_name = forms.CharField(label="姓名", max_length=50)
    sex = forms.ChoiceField(label="性别", choices=[("", "请选择"), *Sex.choices])
    police_number = forms.CharField(label="警号", max_length=20, required=False)
    email = forms.EmailField(label="电子邮箱", max_length=254, required=False)

    field_order = ("username", "display_name", "sex", "police_number", "email", "role", "place")

    @property
    def facts(self) -> AccountFacts:
        given = self.cleaned_data
        return AccountFacts(
            username=given["username"],
            display_name=given["display_name"],
            sex=Sex(given["sex"]),
            police_number=given["police_number"],
            email=given["email"],
        )


class PostingForm(PostForm):
    """任命, one or several at once."""

    users = forms.ModelMultipleChoiceField(
        label="人员", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    starts_on = DayField(label="到任日期")

    field_order = ("users", "role", "place", "starts_on")

    def __init__(self, *args: Any, users: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["users"].queryset = users
        fields["users"].label_from_instance = _said


class ConfirmForm(HouseForm):
    """Nothing to fill in; the page asks once more."""


class AccountFilterForm(HouseForm):
    """Which accounts; kept in the address."""

    words = forms.CharField(label="姓名、用户名、警号", max_length=40, required=False)
    role = forms.ModelChoiceField(
        label="岗位", queryset=Role.objects.order_by("code"), required=False, empty_label="全部"
    )
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("active", "启用"), ("locked", "停用"), ("unposted", "未任职")],
    )


def _said(user: User) -> str:
    return f"{user.display_name}（{user.posting or '未任职'}）"

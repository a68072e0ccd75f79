"""动态口令: giving a code at the door, and setting one up."""

import base64
import unicodedata
from typing import Any

from cryptography.exceptions import InvalidTag
from django import forms
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError

from rehab import clock, second_factor, totp
from rehab.account_forms import is_own_password, password_field
from rehab.forms import HouseForm
from rehab.models import User
from rehab.sealed import seal, unseal
from rehab.selectors import accounts as selectors

WRONG = "“动态口令”不正确或者已经用过，请等下一个再输入；连续错误五次将锁定十五分钟。"
WRONG_SECRET = "“一次性口令”不正确，请重新输入；连续错误五次将锁定十五分钟。"


class CodeInput(forms.PasswordInput):
    """Shown as it is typed; never put back into a page."""

    input_type = "text"


class CodeField(forms.CharField):
    """A code as people type it: with blanks, or in the wide digits of a Chinese keyboard."""

    widget = CodeInput

    def to_python(self, value: Any) -> str:
        return "".join(unicodedata.normalize("NFKC", super().to_python(value) or "").split())

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return super().widget_attrs(widget) | {
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
        }


class CodeForm(HouseForm):
    """The second page of signing in: a code, or after a reset the one-time secret."""

    one_time_password = CodeField(label="动态口令", max_length=60)

    def __init__(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.signed_in: User | None = None
        self.user = second_factor.half_signed_in(request, at=clock.real_now())
        self.factor = selectors.factor_of(self.user) if self.user else None
        attrs = self.fields["one_time_password"].widget.attrs | {"autofocus": True}
        if self.by_secret:
            attrs |= {"inputmode": "text", "autocomplete": "off"}
        self.fields["one_time_password"].widget.attrs = attrs

    @property
    def by_secret(self) -> bool:
        """Whether a one-time secret is asked for, in place of the code."""
        return self.factor is not None and self.factor.key is None

    def get_user(self) -> User | None:
        """Whoever signed in by it."""
        return self.signed_in

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.user is None or self.factor is None:
            raise ValidationError("登录已超时，请返回登录页，重新输入用户名和密码。")
        if "one_time_password" not in cleaned:
            return cleaned
        if self.by_secret:
            unusable = selectors.one_time_obstacles(self.factor, at=clock.real_now())
            if unusable:
                raise ValidationError(f"{unusable[0]}。")
        given = cleaned["one_time_password"].lower()  # no secret has a capital in it
        self.signed_in = authenticate(
            self.request, username=self.user.username, one_time_password=given
        )
        if self.signed_in is None:
            raise ValidationError(WRONG_SECRET if self.by_secret else WRONG)
        return cleaned


class FactorForm(HouseForm):
    """设置动态口令: the key goes to the page and comes back sealed, and is kept once a code has proved it."""

    password = password_field("登录密码", "current-password")
    one_time_password = CodeField(label="动态口令", max_length=60)

    def __init__(self, *args: Any, request: Any, just_signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request, self.user = request, request.user
        self.key = _unsealed(self.data.get("sealed_key"), self.user) or totp.new_key()
        if just_signed_in:
            del self.fields["password"]
        next(iter(self.fields.values())).widget.attrs["autofocus"] = True

    @property
    def carried(self) -> str:
        """The key as the page carries it, for this account alone."""
        return base64.b64encode(seal(self.key, place=_place(self.user))).decode()

    @property
    def spelled(self) -> str:
        return totp.spelled(self.key)

    @property
    def picture(self) -> str:
        return totp.picture(self.key, username=self.user.username)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if not is_own_password(self.request, password):
            raise ValidationError("“登录密码”不正确，请重新输入；连续错误五次将锁定十五分钟。")
        return password


def _place(user: User) -> str:
    return f"second-factor:{user.pk}"


def _unsealed(text: Any, user: User) -> bytes | None:
    """What a page of ours carried to this account; None for what is not ours, or sealed by a key that is gone."""
    try:
        return unseal(base64.b64decode(text or "", validate=True), place=_place(user))
    except (ValueError, IndexError, KeyError, InvalidTag):
        return None

"""Signing in, and moving the demo's day."""

from django.contrib.auth.forms import AuthenticationForm

from rehab.forms import DayField, HouseForm


class LoginForm(HouseForm, AuthenticationForm):
    """User name and password; one sentence for every way it can fail, so that it tells nobody which."""

    error_messages = {
        "invalid_login": "用户名或密码不正确，请重新输入；连续错误五次将锁定十五分钟。",
        "inactive": "用户名或密码不正确，请重新输入；连续错误五次将锁定十五分钟。",
    }


class DemoClockForm(HouseForm):
    """The day on which the demo's business time shall stand."""

    date = DayField(label="业务日期")

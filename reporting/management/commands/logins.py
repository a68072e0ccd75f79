"""`manage.py logins`: the demo's accounts and their passwords, once more."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from rehab import scope
from reporting.models import DemoLogin


class Command(BaseCommand):
    help = "列出演示账号和口令（只在 DEMO=1 时）。"

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示账号只在演示环境（DEMO=1）中列出。")
        with scope.within(scope.system("logins")):
            logins = list(
                DemoLogin.objects.order_by("rank").select_related(
                    "user__posting__role",
                    "user__posting__unit",
                    "user__posting__facility",
                    "user__posting__station",
                    "user__posting__bureau",
                )
            )
        if not logins:
            raise CommandError("还没有演示账号：请先运行 manage.py seed。")
        for login in logins:
            self.stdout.write(f"{login.user.username:<10} {login.password}  {login.user.posting}")

"""`manage.py demo_clock DATE`: the demo's business time stands on that day, for all processes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rehab import clock
from rehab.account_forms import DemoClockForm


class Command(BaseCommand):
    help = "移动演示的业务日期（只在 DEMO=1 时）；网页、后台任务和定时任务一致。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("date", help="例如 2028-06-10")

    def handle(self, *args: Any, date: str, **options: Any) -> None:
        form = DemoClockForm({"date": date})
        if not form.is_valid():
            raise CommandError(str(form.errors["date"].as_data()[0].messages[0]))
        try:
            clock.move_to(form.cleaned_data["date"])
        except RuntimeError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"业务日期：{clock.today():%Y-%m-%d}")

"""`manage.py sweep [--on DATE]`: the nightly plan, by hand."""

from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand

from rehab import clock, tasks


class Command(BaseCommand):
    help = "重建全部时限、写出应发的提醒并送出。可反复运行；漏跑的一夜由下一次补上。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--on", type=date.fromisoformat, help="按这一业务日（02:00）计算")

    def handle(self, *args: Any, on: date | None = None, **options: Any) -> None:
        moment = datetime.combine(on, time(2), tzinfo=clock.SHANGHAI) if on else clock.now()
        with clock.standing_at(moment):
            done = tasks.nightly()
        self.stdout.write(f"校正 {done['mended']} 件，应提醒 {done['reminded']} 条")

"""`manage.py seed [--if-empty] [--cases N] [--seed N]`: a demo, lived through by the real acts.

As many people as `make run` has by itself stand where every page has something; more of them keep coming and
going for eighteen months and longer.
"""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from rehab import clock
from rehab.models import Facility
from reporting.demo import story


class Command(BaseCommand):
    help = "生成演示数据：两省、四所、各岗位账号、各区人员。只在 DEMO=1、且还没有任何场所时。"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--if-empty", action="store_true", help="已有数据时什么也不做")
        parser.add_argument("--cases", type=int, default=story.CASES, help="约多少人")
        parser.add_argument("--seed", type=int, default=1, help="同一个数生成同样的事实")

    def handle(
        self, *args: Any, if_empty: bool, cases: int, seed: int, verbosity: int, **options: Any
    ) -> None:
        if not settings.DEMO:
            raise CommandError("演示数据只能在演示环境（DEMO=1）中生成。")
        if Facility.objects.exists():
            if if_empty:
                return
            raise CommandError(
                "已有场所，不再生成演示数据：要重来请先 make stop，再删除 .state 目录（或者清空所给的数据库）。"
            )
        with transaction.atomic(), clock.one_reading():
            told = story.play(cases=cases, seed=seed, today=clock.today())
        if verbosity:
            self.stdout.write(told)

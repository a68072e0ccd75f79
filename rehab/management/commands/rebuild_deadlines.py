"""`manage.py rebuild_deadlines`: every deadline again from the facts, with a report of what had drifted."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rehab import clock, scope
from rehab.ledgers import deadlines
from rehab.models import Case, Facility


class Command(BaseCommand):
    help = "从事实重建全部时限；报告并校正差异；不能计算的档案列出编号并以 1 退出。"

    def handle(self, *args: Any, **options: Any) -> None:
        failed = []
        for facility in Facility.objects.order_by("code"):
            with scope.within(scope.system("rebuild", facility.pk)), clock.one_reading():
                drift = deadlines.rebuild(Case.objects.filter(facility=facility).iterator(1_000))
            failed += drift.failed
            self.stdout.write(
                f"{facility.code} {facility}: {drift.cases} 人，新增 {drift.created}，"
                f"更正 {drift.changed}，去除 {drift.removed}，不能计算 {len(drift.failed)}"
            )
        if failed:
            raise CommandError(f"以下档案的时限不能计算：{'、'.join(failed)}")

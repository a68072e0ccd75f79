"""`manage.py import_roster FILE --facility CODE --as-of DATE [--commit --by USERNAME] --json`."""

import json
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from intake import actions
from intake.models import Roster
from intake.selectors import rosters
from intake.selectors.rosters import DryRun
from intake.sheets import NoSheet
from rehab import clock, scope
from rehab.models import Facility, User
from rehab.permissions import Permission
from rehab.refusal import Refused


class Command(BaseCommand):
    help = "核对移送名册；--commit 时导入。标准输出是一个 JSON 对象，说明写在标准错误。"
    requires_system_checks = ()  # they load every page: a third of the memory that 5,000 lines may take

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="名册文件：.xlsx 或 .csv")
        parser.add_argument("--facility", required=True, help="接收场所的代码，如 SL01")
        parser.add_argument("--as-of", required=True, help="名册日期，如 2026-11-21")
        parser.add_argument("--commit", action="store_true", help="导入，使可接收的成为待收人员")
        parser.add_argument("--by", help="导入人的用户名，与 --commit 同用")
        parser.add_argument("--json", action="store_true", help="输出 JSON（也是唯一的格式）")

    def handle(self, *args: Any, **options: Any) -> None:
        options["as_of"] = self._day(options["as_of"])
        facility = Facility.objects.filter(code=options["facility"]).first()
        if facility is None:
            self._stop(f"没有代码为 {options['facility']} 的场所。")
        try:
            content = options["file"].read_bytes()
        except OSError:
            self._stop(f"不能读取文件 {options['file']}。")

        with scope.within(scope.system("import_roster", facility.pk)), clock.one_reading():
            try:
                run = rosters.dry_run(facility, content, as_of=options["as_of"])
                done = self._commit(facility, content, options) if options["commit"] else None
            except (NoSheet, Refused) as error:
                self._stop(str(error))
        for caution in run.cautions:
            self.stderr.write(f"提示：{caution}")
        self.stdout.write(json.dumps(_printed(run, done), ensure_ascii=False))

    def _commit(self, facility: Facility, content: bytes, options: dict[str, Any]) -> Roster:
        by = self._officer(facility, options["by"])
        with transaction.atomic():
            roster = actions.upload_roster(
                facility=facility, content=content, file_name=options["file"].name,
                as_of=options["as_of"], by=by, at=clock.now(),
            )  # fmt: skip
            return actions.import_roster(
                roster=roster, answers=_answers(facility), by=by, at=clock.now(),
                invented=settings.DEMO,
            )  # fmt: skip

    def _officer(self, facility: Facility, username: str | None) -> User:
        by = User.objects.with_posting().filter(username=username, is_active=True).first()
        if by is None:
            self._stop("导入须用 --by 写明导入人的用户名。")
        if by.facility != facility or not by.may(Permission.ROSTER_IMPORT):
            self._stop(f"{by.username} 不是{facility.name}可以导入名册的民警。")
        return by

    def _day(self, text: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._stop(f"--as-of“{text}”不是日期，请写成 2026-11-21 的样子。")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(1)


def _answers(facility: Facility) -> dict[str, str]:
    """Whoever types the command has named the facility, and that is the answer to every caution."""
    named = f"由命令行指定导入 {facility.code}"
    return {"other_facility": named, "no_lines": named}


def _printed(run: DryRun, done: Roster | None) -> dict[str, Any]:
    counts = {
        "accepted": run.accepted,
        "warned": run.warned,
        "refusable": run.refusable,
        "returned": run.returned,
    }
    return {
        "rows": [
            {
                "line": verdict.line,
                "outcome": verdict.outcome.value,
                "problems": [
                    {"field": problem.field, "message": problem.message}
                    for problem in verdict.problems
                ],
            }
            for verdict in run.verdicts
        ],
        "cautions": [caution.message for caution in run.cautions],
        "counts": counts,
        "receipt": done.receipt if done else None,
    }

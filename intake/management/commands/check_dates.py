"""`manage.py check_dates FILE --as-of DATE --json`: a 期限体检 of a spreadsheet, without a database."""

import json
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from intake import people
from intake.rules.checkup import Checkup, check
from intake.rules.checkup.findings import Finding
from intake.sheets import NoSheet


class Command(BaseCommand):
    help = "期限体检：逐行检查人员表的日期、时限和缺项，每条写明依据。不用数据库，什么也不保存；表读不了的退出码为 1。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, help="人员表：.xlsx 或 .csv")
        parser.add_argument("--as-of", required=True, help="体检日期，如 2026-11-21")
        parser.add_argument(
            "--anniversary-from",
            help="本省自该日起的决定书载明满二年当日的，写该日；相差的这一日不算差异",
        )
        parser.add_argument("--json", action="store_true", help="输出 JSON；不写的输出文字")

    def handle(self, *args: Any, **options: Any) -> None:
        on = self._day(options["as_of"], "--as-of")
        since = options["anniversary_from"]
        convention = ((self._day(since, "--anniversary-from"), True),) if since else ()
        try:
            sheet = people.read(options["file"].read_bytes())
            checkup = check(sheet, on=on, convention=convention)
        except OSError:
            self._stop(f"不能读取文件 {options['file']}。")
        except NoSheet as error:
            self._stop(str(error))
        if options["json"]:
            self.stdout.write(json.dumps(_printed(checkup), ensure_ascii=False))
            return
        self.stdout.write(f"共 {checkup.people} 人，{checkup.people_with_findings} 人有问题")
        for one in checkup.findings:
            self.stdout.write(_line(one))

    def _day(self, text: str, option: str) -> date:
        try:
            return date.fromisoformat(text)
        except ValueError:
            self._stop(f"{option}“{text}”不是日期，请写成 2026-11-21 的样子。")

    def _stop(self, sentence: str) -> NoReturn:
        self.stderr.write(sentence)
        raise SystemExit(1)


def _line(one: Finding) -> str:
    who = " ".join(filter(None, (one.name, one.number)))
    article = f"（{one.article}）" if one.article else ""
    should = f"；应当：{one.expected}" if one.expected else ""
    kind = f"{one.severity_label}·{one.kind_label}"
    return f"第 {one.line} 行 {who} [{kind}] {one.column}：{one.message}{should}{article}"


def _printed(checkup: Checkup) -> dict[str, Any]:
    return {
        "as_of": str(checkup.on),
        "people": checkup.people,
        "people_with_findings": checkup.people_with_findings,
        "by_kind": dict(checkup.by_kind),
        "unchecked": [{"what": what, "column": title} for what, title in checkup.unchecked],
        "unused_columns": list(checkup.unused),
        "findings": [
            {
                "line": one.line,
                "name": one.name,
                "number": one.number,
                "column": one.column,
                "kind": one.kind,
                "severity": one.severity,
                "message": one.message,
                "expected": one.expected,
                "article": str(one.article) if one.article else None,
                "days": one.days,
                "steps": [
                    {
                        "article": str(step.article),
                        "says": step.label,
                        "ends_on": str(step.ends_on) if step.ends_on else None,
                    }
                    for step in one.working
                ],
            }
            for one in checkup.findings
        ],
    }

"""`manage.py explain_term`: the working of a term, from JSON on standard input to JSON on standard output."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand

from rehab.refusal import Obstacle, Refused
from reporting import term_input

REFUSED = 2


class Command(BaseCommand):
    help = "期限推演：标准输入读一个 JSON 对象，标准输出写期满日、步骤和依据；不能推算的退出码为 2。不用数据库。"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = term_input.answer(_read())
        except Refused as refused:
            self._write(term_input.refusal(refused))
            sys.exit(REFUSED)
        self._write(answer)

    def _write(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=2))


def _read() -> Any:
    try:
        return json.loads(sys.stdin.buffer.read().decode())
    except ValueError as error:
        raise Refused([Obstacle("标准输入不是 JSON（UTF-8），请核对")]) from error

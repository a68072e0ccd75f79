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
        words = json.dumps(answer, ensure_ascii=False, indent=2) + "\n"
        sys.stdout.buffer.write(words.encode("utf-8", "backslashreplace"))


def _read() -> Any:
    try:
        words = sys.stdin.buffer.read().decode("utf-8-sig")
        return json.loads(words, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise Refused([Obstacle("标准输入不是 JSON（UTF-8），请核对")]) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """What is said twice is not guessed at."""
    names = [name for name, _ in pairs]
    Refused.if_any(
        Obstacle(f"{name}：写了两次，请核对")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    )
    return dict(pairs)

"""期限体检 as workbooks: what was found, and the empty sheet to fill in; every cell is text, never a formula."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter

from intake.people import titles_and_synonyms
from intake.rules.checkup import Checkup
from intake.rules.checkup.findings import KIND_LABELS
from intake.rules.checkup.people import Title

_FOUND = (
    ("行", 6), ("姓名", 12), ("编号", 16), ("程度", 10), ("类别", 14), ("列", 20), ("问题", 60),
    ("应当", 40), ("依据", 40), ("推算", 80),
)  # fmt: skip
_HOW = {
    Title.TERM: "如 2026-03-05至2028-03-04；也可以分成两列",
    Title.PRINTED_ENDS_ON: "决定书载明的截止日期",
    Title.HELD_ENDS_ON: "原系统现在登记的期满日，体检时与推算的比对",
    Title.STATUS: "在所、脱逃、所外就医、已解除等；不填按在所",
    Title.EXTENSION_MONTHS: "如 6；几次延长用顿号隔开",
    Title.REFUSED_COMMUNITY: "是、否；拒绝或者严重违反社区康复协议并再次吸毒的填是",
}
_SEVERAL = (Title.ESCAPED_ON, Title.RECAPTURED_ON, Title.LEAVE_FROM, Title.LEAVE_TO)


def found_sheet(checkup: Checkup) -> bytes:
    """All that was found, the worst first, and a summary on a second sheet."""
    out = io.BytesIO()
    with _book(out) as book:
        _table(
            book, "体检结果", _FOUND,
            (
                (
                    str(one.line), one.name, one.number, one.severity_label, one.kind_label,
                    one.column, one.message, one.expected, str(one.article or ""),
                    one.working_words,
                )
                for one in checkup.findings
            ),
        )  # fmt: skip
        summary = [
            ("体检日期", str(checkup.on)),
            ("人数", str(checkup.people)),
            ("有问题的人数", str(checkup.people_with_findings)),
            *((KIND_LABELS[kind], str(count)) for kind, count in checkup.by_kind.items()),
            *((f"没有检查：{what}", f"缺“{title}”列") for what, title in checkup.unchecked),
            *(("没有用到的列", title) for title in checkup.unused),
        ]
        _table(book, "汇总", (("项目", 44), ("结果", 44)), summary)
    return out.getvalue()


def empty_sheet() -> bytes:
    """The titles that are known best, and what each means."""
    out = io.BytesIO()
    with _book(out) as book:
        _table(book, "人员", [(title.value, 4 + 2 * len(title.value)) for title in Title], ())
        _table(
            book, "填写说明", (("列", 24), ("怎么填", 60), ("也认得的列名", 100)),
            ((title, _how(title), "、".join(others)) for title, others in titles_and_synonyms()),
        )  # fmt: skip
    return out.getvalue()


def _how(title: Title) -> str:
    if title in _SEVERAL:
        return "如 2026-03-05；几次用顿号隔开，一次一对，未结束的不填结束日期"
    words = _HOW.get(title, "如 2026-03-05" if title.endswith("日期") else "")
    needed = {Title.DECIDED_ON: "必填", Title.NAME: "姓名、编号至少填一项"}.get(title, "")
    return "；".join(filter(None, (needed, words)))


def _book(out: io.BytesIO) -> Any:
    return xlsxwriter.Workbook(out, {"in_memory": True})


def _table(
    book: Any, name: str, columns: Sequence[tuple[str, int]], lines: Iterable[Sequence[str]]
) -> None:
    text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    head = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
    sheet = book.add_worksheet(name)
    for at, (title, width) in enumerate(columns):
        sheet.set_column(at, at, width, text)
        sheet.write_string(0, at, title, head)
    for row, line in enumerate(lines, start=1):
        for at, cell in enumerate(line):
            sheet.write_string(row, at, cell, text)
    sheet.freeze_panes(1, 0)

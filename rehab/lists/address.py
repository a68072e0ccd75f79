"""The words of every list's address, and the order of the rows that it asks for."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.http import QueryDict

from rehab.columns import Column, followed

SORT, PAGE, WAY = "sort", "page", "as"
WORKBOOK, PAPER = "xlsx", "print"  # ways to take a list out


def ordered(rows: Any, columns: Iterable[Column], asked: QueryDict) -> Any:
    """The rows by the column that the address names; what is equal stays in the list's own order."""
    key, down = sorting(asked)
    column = next((one for one in columns if one.order and one.key == key), None)
    if column is None:
        return rows
    if isinstance(rows, QuerySet):
        turned = (
            F(path).desc(nulls_last=True) if down else F(path).asc(nulls_last=True)
            for path in column.order
        )
        return rows.order_by(*turned, *rows.query.order_by)
    valued = [row for row in rows if followed(row, column.order[0]) is not None]
    valueless = [row for row in rows if followed(row, column.order[0]) is None]
    return sorted(valued, key=lambda row: _rank(row, column.order), reverse=down) + valueless


def _rank(row: Any, paths: tuple[str, ...]) -> list[tuple[bool, Any]]:
    found = [followed(row, path) for path in paths]
    return [(value is None, "" if value is None else value) for value in found]


def sorting(asked: QueryDict) -> tuple[str, bool]:
    word = asked.get(SORT, "")
    return word.removeprefix("-"), word.startswith("-")

"""What a list is, and what one user sees of it at one address."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Model
from django.http import QueryDict
from django.urls import reverse

from rehab.columns import Column
from rehab.lists.address import PAGE, PAPER, SORT, WAY, WORKBOOK, sorting
from rehab.models import User
from rehab.permissions import Permission
from rehab.workbook import Note

CHUNK = 500  # rows dressed at a time
WIDE = 8  # columns beyond which a list lies across the paper


@dataclass(frozen=True)
class Listing:
    """What a list is. `row` is a template of a row's cells; without one every cell is its words."""

    title: str
    unit: str  # 人, 人次, 件, 行 or 份
    definition: str
    columns: tuple[Column, ...]
    row: str = ""
    address: Callable[[Any], str] | None = None  # what a row without a template leads to
    acts: bool = False  # whether `row` ends with a cell of buttons
    per_page: int = 50
    version: int = 1
    empty: str = "没有符合条件的人员"
    hint: str = ""


@dataclass(frozen=True)
class Bulk:
    """One act on the rows that are ticked: the name of the boxes, and buttons with their addresses.

    `ticked` are those that stay so on a page that refuses the act.
    """

    name: str
    buttons: tuple[tuple[str, str], ...]
    ticked: Collection[str] = ()


@dataclass(frozen=True)
class Head:
    """The head of a column on the page."""

    title: str
    number: bool
    url: str = ""  # orders by it, or turns the order round; none where it cannot be sorted by
    order: str = ""  # ascending, descending: how it is sorted now


@dataclass(frozen=True)
class Listed:
    """A list as one user sees it at one address."""

    listing: Listing
    rows: Any
    asked: QueryDict
    user: User
    at: datetime
    filters: Any = None
    dress: Callable[[Sequence[Any]], Sequence[Any]] = field(default=tuple)
    bulk: Bulk | None = None
    path: str = ""
    about: str = ""  # what the address says beyond the filters: a tab, a month, a place
    count: int | None = None  # how many rows there are, where the page has counted them already

    @cached_property
    def page(self) -> Page[Any]:
        """The page that the address asks for, or the nearest there is."""
        pages = Paginator(self.rows, self.listing.per_page)
        if self.count is not None:
            pages.count = self.count
        page = pages.get_page(self.asked.get(PAGE))
        page.object_list = list(page.object_list)
        return page

    @cached_property
    def lines(self) -> Sequence[Any]:
        """The rows of the page with all that their cells say."""
        return self.dress(list(self.page.object_list))

    @property
    def every_line(self) -> Iterable[Any]:
        """All rows, dressed some at a time."""
        rows = list(self.rows)
        for start in range(0, len(rows), CHUNK):
            yield from self.dress(rows[start : start + CHUNK])

    @cached_property
    def query(self) -> str:
        """Filters and order, for the addresses of the other pages."""
        kept = self.asked.copy()
        kept.pop(PAGE, None)
        return kept.urlencode()

    @property
    def heads(self) -> list[Head]:
        key, down = sorting(self.asked)
        return [
            self._head(one, sorted_by=one.key == key, down=down)
            for one in self.listing.columns
            if one.shown
        ]

    def _head(self, column: Column, *, sorted_by: bool, down: bool) -> Head:
        if not column.order:
            return Head(column.title, column.number)
        word = f"-{column.key}" if sorted_by and not down else column.key
        kept = self.asked.copy()
        kept.pop(PAGE, None)
        kept[SORT] = word
        now = ("descending" if down else "ascending") if sorted_by else ""
        return Head(column.title, column.number, f"?{kept.urlencode()}", now)

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What of the address the filters do not say themselves: tabs, month, order."""
        own = set(self.filters.fields) if self.filters else set()
        return [
            (name, value)
            for name, values in self.asked.lists()
            if name not in own | {PAGE, WAY}
            for value in values
        ]

    @property
    def clear_url(self) -> str:
        """The list without its filters, where there are any; what is no filter stays."""
        if not any(_said(self.filters)):
            return ""
        kept = QueryDict(mutable=True)
        for name, value in self.carried:
            kept.appendlist(name, value)
        return f"{self.path}?{kept.urlencode()}" if kept else self.path

    @property
    def words(self) -> str:
        """The filters as they stand on paper: 所在区 教育适应区；记录 未完成."""
        said = [f"{label} {value}".strip() for label, value in _said(self.filters)]
        return "；".join(filter(None, (self.about, *said)))

    @property
    def here(self) -> str:
        """The list as it stands, from its first page."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def place(self) -> str:
        """Where the officer is posted, for the head of the paper."""
        return self.user.posting.place if self.user.posting else ""

    @property
    def saved_url(self) -> str:
        """Where lists like this one are kept under a name."""
        return f"{reverse('saved-list-list')}?{urlencode({'list': self.here})}"

    def way_out(self, way: str) -> str:
        """The address that takes this list out."""
        kept = self.asked.copy()
        kept.pop(PAGE, None)
        kept[WAY] = way
        return f"{self.path}?{kept.urlencode()}"

    @property
    def workbook_url(self) -> str:
        """Where the workbook is; none for those who may not export."""
        return self.way_out(WORKBOOK) if self.user.may(Permission.METRIC_EXPORT) else ""

    @property
    def paper_url(self) -> str:
        return self.way_out(PAPER)

    @property
    def paper_heads(self) -> tuple[str, ...]:
        return tuple(one.title for one in self.listing.columns)

    @property
    def paper_lines(self) -> Iterable[list[str]]:
        for line in self.every_line:
            yield [one.value(line, self.user) for one in self.listing.columns]

    @property
    def plain_lines(self) -> Iterable[tuple[Any, list[tuple[str, Column, str]]]]:
        """The page's lines without a template of a row: words, each with its column and where it leads."""
        shown = [one for one in self.listing.columns if one.shown]
        for line in self.lines:
            url = self.listing.address(line) if self.listing.address else ""
            yield (
                line,
                [(one.value(line, self.user), one, url if one.opens else "") for one in shown],
            )

    @property
    def is_wide(self) -> bool:
        return len(self.listing.columns) > WIDE

    @property
    def note(self) -> Note:
        return Note(
            title=self.listing.title,
            definition=self.listing.definition,
            filters=self.words,
            unit=self.listing.unit,
            version=self.listing.version,
            as_of=self.at,
            by=str(self.user),
        )


def _said(filters: Any) -> Iterable[tuple[str, str]]:
    """Each filter that filters: its label, and its value as it was offered."""
    for name, field_ in filters.fields.items() if filters else ():
        value = getattr(filters, "cleaned_data", {}).get(name)
        if value in (None, ""):
            continue
        if isinstance(value, Model):
            yield str(field_.label or ""), str(value)
            continue
        offered = {str(key): str(label) for key, label in getattr(field_, "choices", ())}
        yield str(field_.label or ""), offered.get(str(value), str(value))

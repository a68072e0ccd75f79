"""Every list is one kind of thing: filters and order in the address, the same rows on paper and in a workbook."""

import io
import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import openpyxl
import pytest
from django import forms

from rehab.columns import followed
from rehab.lists import Listed
from rehab.permissions import Permission
from tests.architecture.cells import ALL, SUBJECTS, addresses, columns, expected, holds, required
from tests.architecture.world import OWN, ROLES

NO_LISTS = {
    "zones:move-list": "a board of four zones",
    "saved-list-list": "what is kept of lists",
    "reporting:api-deadline-list": "for machines",
    # a handful of lines that an administrator looks at whole
    "rehab:delegation-list": "who stands in for whom",
    "rehab:role-list": "roles and what they may",
    "rehab:rule-list": "rules by province and day",
    "wording-list": "papers and their wordings",
    "zones:unit-list": "a house as a tree",
}
MORE_LISTS = {"reporting:metric-detail"}
TABS = {  # what a list shows under another tab
    "centers:assessment-list": ["", "show=concluded"],
    "aftercare:release-list": ["days=90", "tab=left"],
    "aftercare:agreement-list": ["view=offered", "view=running"],
    "intake:arrival-list": ["", "status=deferred"],
}
LISTS = sorted({name for name in ALL if name.endswith("-list")} - set(NO_LISTS) | MORE_LISTS)
READERS = (  # who is asked: the first who may
    "facility_leader", "intake_officer", "zone_officer", "clinician", "educator", "counsellor",
    "trainer", "assessor", "aftercare_worker", "system_admin", "audit_admin",
)  # fmt: skip


class Table(HTMLParser):
    """How many cells the head and each row of the list have."""

    def __init__(self, page):
        super().__init__()
        self.heads, self.rows, self._in_row = 0, [], False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self._in_row = "data-row" in dict(attrs)
            self.rows += [0] if self._in_row else []
        if tag == "td" and self._in_row:
            self.rows[-1] += int(dict(attrs).get("colspan", 1))
        if tag == "th" and dict(attrs).get("scope") == "col":
            self.heads += 1


def reader(name):
    return next(role for role in READERS if holds(role, required(ALL[name])))


def lists_of(world, name):
    """Every address of a list, with its tabs."""
    role = reader(name)
    open_ones = [one for one in columns(name) if expected(name, role, one, "GET") == "answers"]
    places = open_ones if SUBJECTS[name] == "metric" else [OWN]
    for url in (url for place in places for url in addresses(world, name, role, place)):
        for tab in TABS.get(name, [""]):
            yield f"{url}?{tab}" if tab else url


def shown(world, role, url) -> Listed:
    answer = world.ask(role, "GET", url)
    assert answer.status_code == 200, url
    return answer.context["list"]


def with_query(url, **more):
    parts = urlsplit(url)
    pairs = {**dict(parse_qsl(parts.query)), **more}
    return f"{parts.path}?" + "&".join(f"{key}={value}" for key, value in pairs.items())


def keys(listed):
    return [getattr(row, "pk", None) or (row.number, row.act) for row in listed.rows]


def test_there_are_lists():
    assert len(LISTS) >= 13
    assert set(NO_LISTS) <= set(SUBJECTS)


@pytest.mark.parametrize("name", LISTS)
def test_row_has_a_cell_under_every_head(name, world):
    filled = 0
    for url in lists_of(world, name):
        answer = world.ask(reader(name), "GET", url)
        table = Table(answer.content.decode())
        filled += len(table.rows)
        assert set(table.rows) <= {table.heads}, url
        assert isinstance(answer.context["list"], Listed)

    assert filled


@pytest.mark.parametrize("name", LISTS)
def test_order_is_in_the_address(name, world):
    role, sorted_by = reader(name), 0
    for url in lists_of(world, name):
        plain = shown(world, role, url)
        orders = {one.key: one.order for one in plain.listing.columns if one.order and one.shown}
        for key, paths in orders.items():
            up, down = (
                shown(world, role, with_query(url, sort=f"{sign}{key}")) for sign in ("", "-")
            )
            assert sorted(map(str, keys(up))) == sorted(map(str, keys(plain)))
            for listed, reverse in ((up, False), (down, True)):
                values = [followed(row, paths[0]) for row in listed.rows]
                known = [value for value in values if value is not None]
                assert known == sorted(known, reverse=reverse), (url, key, reverse)
                head = next(one for one in listed.heads if one.order)
                assert head.order == ("descending" if reverse else "ascending")
            assert f"sort={key}" in up.query
            sorted_by += 1

    assert sorted_by


@pytest.mark.parametrize("name", LISTS)
def test_filters_are_in_the_address(name, world):
    role = reader(name)
    for url in lists_of(world, name):
        plain = shown(world, role, url)
        every = set(map(str, keys(plain)))
        for field_name, field in plain.filters.fields.items() if plain.filters else ():
            if not isinstance(field, forms.ChoiceField):
                continue
            for value, label in field.choices:
                listed = shown(world, role, with_query(url, **{field_name: value}))
                assert not value or f"{label}" in listed.words
                assert not value or dict(parse_qsl(listed.query))[field_name] == str(value)
                assert "as=xlsx" in listed.way_out("xlsx")
                assert not value or f"{field_name}=" in listed.paper_url
                if field_name in ("zone", "stage") and value:
                    assert set(map(str, keys(listed))) <= every


@pytest.mark.parametrize("name", LISTS)
def test_workbook_is_the_list(name, world):
    role, rows_seen = reader(name), 0
    exports = Permission.METRIC_EXPORT in ROLES[role].permissions
    for url in lists_of(world, name):
        listed = shown(world, role, url)
        answer = world.ask(role, "GET", with_query(url, **{"as": "xlsx"}))
        if not exports:
            assert answer.status_code == 403
            assert not listed.workbook_url
            continue
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["清单"]
        written = [[cell.value or "" for cell in row] for row in sheet.iter_rows(min_row=2)]
        on_paper = list(listed.paper_lines)
        assert written[-len(on_paper) or len(written) :] == on_paper
        assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
        rows_seen += len(written)

    assert rows_seen or not exports


@pytest.mark.parametrize("name", LISTS)
def test_paper_is_the_list(name, world):
    role = reader(name)
    for url in lists_of(world, name):
        listed = shown(world, role, url)
        answer = world.ask(role, "GET", with_query(url, **{"as": "print"}))

        page = answer.content.decode()
        body = page[page.index("<tbody>") :]
        lines = list(listed.paper_lines)
        assert answer.status_code == 200
        assert body.count("<tr>") >= len(lines)
        assert all(re.sub(r"\s", "", line[1])[:4] in re.sub(r"\s", "", page) for line in lines)
        assert listed.listing.title in page
        assert f"打印人 {listed.user.display_name}" in page
        assert "2026-11-21 12:00" in page
        assert answer["Cache-Control"] == "no-store"

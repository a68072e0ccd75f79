"""One person of a roster, from its line to certificate and agreement, in a real browser.

The demo's seed around him, a real worker behind it, the day moved from the bar at the top, and every
officer at a desk of his own. Pictures of every page are left in `shots/one person`.
"""

import io
import re
from contextlib import contextmanager
from dataclasses import replace

import openpyxl
import pytest
from pypdf import PdfReader

from rehab import scope
from rehab.models import Case, Notice, User
from rehab.states import CaseStatus
from tests.browser.desk import DESK, Album, ScreenDesk
from tests.factories import rehab as make
from tests.flows.line import AS_OF, FIRST, HALF_WAY, MONTHS, Line

BESIDE = ("approver", "secadmin", "sysadmin", "auditor", "ministry", "committee")
FIGURES = {
    "in-custody": "在所人数", "admitted": "本月收治", "moved": "本月转区",
    "released": "本月解除", "overstayed": "超期在所",
}  # fmt: skip


class ScreenHouse:
    """The demo's first facility: an officer signs in when his desk is first wanted."""

    def __init__(self, site, pages, album):
        self.site, self.pages, self.album = site, pages, album
        listed = [line.split() for line in site.manage("logins").splitlines()]
        self.passwords = {words[0]: words[1] for words in listed}
        self.desks = {}

    def desk(self, key):
        if key not in self.desks:
            desk = ScreenDesk(self.pages.open(), self.site.url, self.album, key)
            desk.sign_in(key, self.passwords[key])
            self.desks[key] = desk
        return self.desks[key]

    @property
    def station(self):
        return User.objects.with_posting().get(username="station").station

    def day(self, on):
        desk = self.desk("intake1")
        desk.move_clock(on.isoformat())
        assert f"演示业务日期已移到 {on}" in desk.text


@pytest.fixture
def origin(told):
    """This house is the demo's."""
    return told.database


@pytest.fixture
def house(live_worker, pages, shots):
    """The seeded demo on the day of the roster."""
    live_worker.manage("demo_clock", AS_OF.isoformat())
    return ScreenHouse(
        live_worker, pages, Album(shots / "one person", asks_axe=False, photographs=(DESK,))
    )


@pytest.fixture(autouse=True)
def _everything():
    with scope.within(make.EVERYTHING):
        yield


def figures(desk):
    """The tiles of the dashboard."""
    desk.go("/dashboard/")
    return {
        code: int(re.search(rf"{label} ([0-9]+) 人", desk.text)[1])
        for code, label in FIGURES.items()
    }


@contextmanager
def changes(desk, **expected):
    """The bureau's figures change by exactly this much, the others not at all."""
    before = figures(desk)
    yield
    after = figures(desk)
    changed = {code: after[code] - before[code] for code in FIGURES if after[code] != before[code]}
    assert changed == {code.replace("_", "-"): by for code, by in expected.items()}


def opened(desk, code):
    """The case numbers that a figure's list shows, and those that its workbook holds."""
    desk.go(f"/dashboard/{code}/")
    listed = set(re.findall(r"[A-Z]{2}[0-9]{2}-[0-9]{4}-[0-9]{4}", desk.text))
    sheet = openpyxl.load_workbook(io.BytesIO(desk.fetch("导出"))).active
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row}
    return listed, {cell for cell in cells if re.fullmatch(r"[A-Z]{2}[0-9]{2}-[0-9-]{9}", cell)}


def words_of(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_one_person(house):
    bureau = house.desk("bureau")
    line = Line(house, replace(FIRST))
    way = line.walk()

    with changes(bureau, in_custody=1, admitted=1):
        assert next(way) == "admitted"
    number = line.person.number
    for code in ("in-custody", "admitted"):
        listed, exported = opened(bureau, code)
        assert number in listed
        assert listed == exported
    look_at_the_file(house, number)
    for role_beside_the_line in BESIDE:
        house.desk(role_beside_the_line)
    assert next(way) == "settled in"

    assert next(way) == "detoxified"
    with changes(bureau, moved=1):
        assert next(way) == "in 教育适应区"
    assert number in opened(bureau, "moved")[0]
    assert next(way) == "in 康复巩固区"

    for month in MONTHS:
        assert next(way) == f"marked {month:%Y-%m}"
        if month == HALF_WAY:
            assert next(way) == "assessed after a year"

    assert next(way) == "in 回归指导区"
    assert next(way) == "assessed before the end"
    assert next(way) == "announced"
    assert next(way) == "on the last day"
    assert number not in opened(bureau, "released")[0]
    with changes(bureau, in_custody=-1, released=1):
        assert next(way) == "released"
    assert number in opened(bureau, "released")[1]
    assert number not in opened(bureau, "in-custody")[0]

    gate = house.desk("intake1")
    certificate = words_of(gate.fetch("打开证明书"))
    assert line.person.name in certificate
    assert Case.objects.get(number=number).status == CaseStatus.RELEASED
    assert next(way) == "looked after"
    station = house.desk("station")
    assert line.person.name in words_of(station.fetch("打开 PDF"))

    for key in ("zone5", "head1"):
        desk = house.desk(key)
        desk.go("/notices/")
        desk.go("/")
    assert not Notice.objects.filter(case__number=number, delivered_at=None).exists()
    assert not house.album.findings, "\n".join(house.album.findings)


def look_at_the_file(house, number):
    """The file of the case, leaf by leaf, and how a number is unmasked for a purpose."""
    desk = house.desk("zone1")
    desk.go("/")
    assert number in desk.text
    desk.go("/notices/")
    assert number in desk.text
    for leaf in ("events", "facts", "zones", "outings", "centers", "documents", "aftercare"):
        desk.go(f"/cases/{number}/?tab={leaf}")
        assert FIRST.name in desk.text
        assert FIRST.id_number not in desk.page.content()
    desk.follow("查看（将留痕）")

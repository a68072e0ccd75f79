"""Tile, list and workbook are the same rows, for every metric and every role that may see it."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.urls import reverse

from aftercare.models import Agreement
from rehab import scope
from rehab.clock import day_of, standing_at
from rehab.models import Case, Deadline, Event
from rehab.permissions import Permission
from rehab.roles import STARTING_ROLES
from rehab.states import Reach, Stage
from reporting import metrics
from reporting.metrics import METRICS
from reporting.selectors import board
from tests.factories import aftercare as leaving
from tests.factories import rehab as make
from tests.factories import zones as moving

pytestmark = pytest.mark.django_db

ROLES = [role for role in STARTING_ROLES if Permission.DASHBOARD_VIEW in role.permissions]
HOUR = timedelta(hours=1)


@pytest.fixture
def nation(noon):
    """Two facilities of one province and one of another; every metric counts somebody in the first."""
    first, second = make.facility("T01", beds=8), make.facility("T02")
    other = make.facility("T03", province=make.bureau("样本省戒毒管理局"))
    moving.set_rules(first.province)
    crew = moving.Crew(first)
    moved = moving.ready(first)
    make.case(first)
    make.case(first, entered_at=make.at(2026, 10, 31, 23, 59))
    make.case(first, decision=make.decision_facts(printed_ends_on=date(2026, 11, 19)))
    gone = make.case(first, decision=make.decision_facts(printed_ends_on=date(2026, 11, 21)))
    gone_before = make.case(
        first,
        entered_at=make.at(2026, 6, 1),
        decision=make.decision_facts(printed_ends_on=date(2026, 10, 31)),
    )
    make.case(second)
    make.case(other)
    early = make.NOON - HOUR
    with standing_at(early):
        moving.received(moved, crew, at=early)
        leaving.release(gone, at=early)
        leaving.signed(gone, at=early)
    leaving.release(gone_before, at=make.at(2026, 10, 31))
    return first, second, other


def somebody(role, facility):
    """An officer of a role, in the place where that role is held."""
    place = {
        Reach.UNIT: make.unit(facility, Stage.DETOX),
        Reach.FACILITY: facility,
        Reach.STATION: make.station(),
        Reach.PROVINCE: facility.province,
        Reach.NATION: facility.province.parent,
    }[role.reach]
    return make.officer(role.code, place)


def counted_otherwise(code: str, user) -> int:
    """The same figure by a plain loop over every row there is, with the definition written again."""
    month = make.NOON.replace(day=1, hour=0)
    cases = [case for case in Case.objects.select_related("facility") if _within(case, user)]
    keys = {case.pk for case in cases}
    match code:
        case "in-custody":
            return sum(case.ended_at is None and case.status != "escaped" for case in cases)
        case "admitted":
            return sum(month <= case.entered_at <= make.NOON for case in cases)
        case "moved":
            events = Event.objects.filter(kind="zone_move_received")
            return sum(
                event.case_id in keys and month <= event.happened_at <= make.NOON
                for event in events
            )
        case "overdue":
            return sum(
                row.case_id in keys and row.satisfied_at is None and row.due_at < make.NOON
                for row in Deadline.objects.all()
            )
        case "released":
            return sum(
                case.status == "released" and month <= case.ended_at <= make.NOON for case in cases
            )
        case "agreed":
            today = day_of(make.NOON)
            return sum(
                row.case_id in keys
                and row.status in ("signed", "renewed")
                and row.starts_on <= today <= row.ends_on
                for row in Agreement.objects.all()
            )
        case "contacts":
            return sum(
                row.case_id in keys
                and row.satisfied_at is None
                and row.clock in ("aftercare.first_contact", "aftercare.next_contact")
                and day_of(row.due_at) <= day_of(make.NOON) + timedelta(days=7)
                for row in Deadline.objects.all()
            )
        case "overstayed":
            return sum(
                case.ended_at is None
                and case.status != "escaped"
                and case.ends_on < day_of(make.NOON)
                for case in cases
            )
    raise AssertionError(code)


def _within(case: Case, user) -> bool:
    match user.reach:
        case Reach.UNIT:
            return user.unit.pk in (case.unit_id, case.receiving_unit_id)
        case Reach.FACILITY:
            return case.facility_id == user.facility.pk
        case Reach.STATION:
            return case.station_id == user.posting.station_id
        case Reach.PROVINCE:
            return case.facility.province_id == user.bureau.pk
        case _:
            return True


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_tile_is_list_is_workbook(role, nation, signed_in):
    user = somebody(role, nation[0])
    client = signed_in(user)

    tiles = {
        cell.metric.code: cell.count
        for cell in client.get(reverse("reporting:dashboard")).context["board"].cells
    }

    assert set(tiles) == {metric.code for metric in METRICS if role.reach in metric.reaches}
    for code in tiles:
        listed = client.get(reverse("reporting:metric-detail", args=[code]))
        exported = client.get(reverse("reporting:metric-detail", args=[code]), {"as": "xlsx"})
        sheet = openpyxl.load_workbook(io.BytesIO(exported.content))["清单"]
        figures = {
            tiles[code],
            listed.context["page"].paginator.count,
            len(listed.context["lines"]),
            sheet.max_row - 1,
            counted_otherwise(code, user),
        }
        assert len(figures) == 1, (code, figures)


def test_every_metric_counts_somebody_here(nation):
    counted = metrics.counts(make.officer("facility_leader", nation[0]), at=make.NOON)

    assert {code: sum(found.values()) for code, found in counted.items()} == {
        "in-custody": 4,
        "admitted": 4,
        "moved": 1,
        "overdue": 5,
        "released": 1,
        "agreed": 1,
        "overstayed": 1,
    }


def test_a_station_counts_its_agreements_and_whom_it_must_reach(nation, signed_in):
    """One signed an hour ago is in force, and its first contact is due within the week."""
    elsewhere = make.case(nation[0])
    leaving.signed(elsewhere, station=make.station("样本服务站"))
    client = signed_in(make.officer("aftercare_worker", make.station()))

    answer = client.get(reverse("reporting:dashboard"))

    shown = answer.context["board"]
    assert [(cell.metric.code, cell.count) for cell in shown.cells] == [
        ("agreed", 1),
        ("contacts", 1),
    ]
    assert (shown.lines, shown.redlines) == ((), ())
    assert "四区在区人数" not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "code"), [("aftercare_worker", "in-custody"), ("facility_leader", "contacts")]
)
def test_a_figure_of_another_dashboard_is_not_found(role, code, nation, signed_in):
    place = make.station() if role == "aftercare_worker" else nation[0]
    client = signed_in(make.officer(role, place))

    for way in ({}, {"as": "xlsx"}, {"as": "print"}):
        answer = client.get(reverse("reporting:metric-detail", args=[code]), way)
        assert answer.status_code == 404


def test_what_happens_moves_the_figures(nation, signed_in):
    first = nation[0]
    client = signed_in(make.officer("bureau_viewer", first.province))
    before = _tiles(client)

    make.case(first)

    after = _tiles(client)
    assert after["in-custody"] == before["in-custody"] + 1
    assert after["admitted"] == before["admitted"] + 1


def _tiles(client) -> dict[str, int]:
    shown = client.get(reverse("reporting:dashboard")).context["board"]
    return {cell.metric.code: cell.count for cell in shown.cells}


def test_facilities_add_up_and_open_their_own_rows(nation, signed_in):
    client = signed_in(make.officer("bureau_viewer", nation[0].province))

    shown = client.get(reverse("reporting:dashboard")).context["board"]

    assert [line.facility.code for line in shown.lines] == ["T01", "T02"]
    for at, cell in enumerate(shown.cells):
        assert cell.count == sum(line.cells[at].count for line in shown.lines)
    for line in shown.lines:
        for cell in line.cells:
            assert client.get(cell.url).context["page"].paginator.count == cell.count


def test_ministry_sees_each_province_and_opens_it(nation, signed_in):
    client = signed_in(make.officer("ministry_viewer", nation[0].province.parent))

    answer = client.get(reverse("reporting:dashboard"))

    provinces = answer.context["provinces"]
    assert {one.bureau.name: (one.facilities, one.count) for one in provinces} == {
        "示例省戒毒管理局": (2, 5),
        "样本省戒毒管理局": (1, 1),
    }
    for one in provinces:
        assert client.get(one.url).context["page"].paginator.count == one.count


@pytest.mark.parametrize(("role", "masked"), [("bureau_viewer", True), ("facility_leader", False)])
def test_names_are_masked_above_the_facility(role, masked, nation, signed_in):
    first = nation[0]
    place = first.province if masked else first
    client = signed_in(make.officer(role, place))
    name = Case.objects.filter(facility=first).first().person.name

    listed = client.get(reverse("reporting:metric-detail", args=["in-custody"]))
    exported = client.get(reverse("reporting:metric-detail", args=["in-custody"]), {"as": "xlsx"})

    names = [
        row[1].value
        for row in openpyxl.load_workbook(io.BytesIO(exported.content))["清单"].iter_rows(min_row=2)
    ]
    assert (name in listed.content.decode()) is not masked
    assert all("*" in shown for shown in names) is masked


def test_workbook_says_what_it_counts(nation, signed_in):
    client = signed_in(make.officer("facility_leader", nation[0]))

    answer = client.get(reverse("reporting:metric-detail", args=["admitted"]), {"as": "xlsx"})

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    about = {row[0].value: row[1].value for row in book["说明"].iter_rows()}
    assert about["名称"] == "本月收治"
    assert about["单位"] == "人次"
    assert about["口径版本"] == "1"
    assert about["数据截至"] == "2026-11-21 12:00"
    assert about["口径"] == metrics.BY_CODE["admitted"].definition
    assert all(
        cell.data_type == "s" for row in book["清单"].iter_rows() for cell in row if cell.value
    )
    assert answer["Cache-Control"] == "no-store"


def test_a_cell_is_never_a_formula(noon, signed_in):
    facility = make.facility()
    make.case(facility, person=make.person_facts(name="=1+1"))
    client = signed_in(make.officer("facility_leader", facility))

    answer = client.get(reverse("reporting:case-list"), {"as": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["清单"]
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"


def test_no_such_metric(nation, signed_in):
    client = signed_in(make.officer("facility_leader", nation[0]))

    assert client.get("/dashboard/no-such/").status_code == 404


def test_another_facility_is_not_within_reach(nation, signed_in):
    client = signed_in(make.officer("facility_leader", nation[1]))

    answer = client.get(
        reverse("reporting:metric-detail", args=["in-custody"]), {"facility": "T01"}
    )

    assert answer.context["page"].paginator.count == 0


def test_figures_outside_the_scope_are_nought_in_the_database_too(nation):
    user = make.officer("facility_leader", nation[1])
    user.posting.facility_id = nation[0].pk  # a visible_to that went wrong

    with scope.within(scope.Scope(actor="x", facilities=(nation[1].pk,))):
        counted = metrics.counts(user, at=make.NOON)

    assert not any(counted.values())


def test_board_of_one_facility_has_its_four_zones(nation):
    user = make.officer("facility_leader", nation[0])

    shown = board.board(user, at=make.NOON)
    option = board.chart(shown.lines, shown.zones)

    assert option["xAxis"]["data"] == [stage.zone_label for stage in Stage]
    assert [bar["value"] for bar in option["series"][0]["data"]] == [3, 1, 0, 0]


def test_board_of_a_province_stacks_the_zones(nation):
    user = make.officer("bureau_viewer", nation[0].province)

    shown = board.board(user, at=make.NOON)
    option = board.chart(shown.lines, shown.zones)

    assert option["xAxis"]["data"] == ["示T01", "示T02"]
    assert [one["data"] for one in option["series"]] == [[3, 1], [1, 0], [0, 0], [0, 0]]


def test_beds_of_a_brigade_are_its_own(nation):
    unit = make.unit(nation[0], Stage.DETOX)

    (line,) = board.board(make.officer("zone_officer", unit), at=make.NOON).lines

    assert line.beds == 19  # 8 + 8 + 1 + 1 + 1
    assert (line.held, line.full) == (3, False)

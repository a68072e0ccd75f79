"""戒毒人员: the list and its filters, the search whose words stand nowhere, and the export."""

import io
from datetime import timedelta

import openpyxl
import pytest

from rehab import pinyin
from rehab.models import Case
from rehab.states import CaseStatus, Stage
from reporting.selectors import people
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

CASES = "/cases/"


@pytest.fixture
def facility(noon):
    return make.facility(beds=9)


def named(facility, name, **changed):
    return make.case(facility, person=make.person_facts(name=name, **changed))


def names(answer) -> list[str]:
    cases = answer.context.get("cases")
    return [case.person.name for case in (cases if cases is not None else answer.context["page"])]


# The list


def test_case_list_in_the_order_of_pinyin(facility, signed_in):
    for name in ("张示例", "阿示例", "曾示例"):
        named(facility, name)

    answer = signed_in(make.officer("trainer", facility)).get(CASES)

    assert names(answer) == ["阿示例", "曾示例", "张示例"]
    assert pinyin.sort_key("曾示例").startswith("zeng")


def test_case_list_of_a_brigade_is_its_own(facility, signed_in):
    make.case(facility)
    client = signed_in(make.officer("zone_officer", make.unit(facility, Stage.REENTRY)))

    answer = client.get(CASES)

    assert answer.context["page"].paginator.count == 0
    assert "place" not in answer.context["filters"].fields


@pytest.mark.parametrize(
    ("presence", "expected"),
    [
        ("custody", {"在区", "在途", "就医", "满期", "当日", "超期", "收监"}),
        ("in_facility", {"在区", "在途", "满期", "当日", "超期"}),
        ("in_transit", {"在途"}),
        ("medical_leave", {"就医"}),
        ("held_elsewhere", {"收监"}),
        ("escaped", {"脱逃"}),
        ("ending", {"满期", "当日"}),
        ("due_today", {"当日"}),
        ("overstayed", {"超期"}),
        ("released", {"已走"}),
    ],
)
def test_presence(presence, expected, facility):
    today = make.NOON.date()
    named(facility, "在区")
    on_the_way = named(facility, "在途")
    Case.objects.filter(pk=on_the_way.pk).update(receiving_unit=make.unit(facility, Stage.REENTRY))
    for name, status in (
        ("就医", CaseStatus.MEDICAL_LEAVE),
        ("收监", CaseStatus.HELD_ELSEWHERE),
        ("脱逃", CaseStatus.ESCAPED),
    ):
        Case.objects.filter(pk=named(facility, name).pk).update(status=status)
    Case.objects.filter(pk=named(facility, "已走").pk).update(
        status=CaseStatus.RELEASED, ended_at=make.NOON
    )
    Case.objects.filter(pk=named(facility, "满期").pk).update(
        ends_on=today + timedelta(days=30), alarm_on=today + timedelta(days=30)
    )
    Case.objects.filter(pk=named(facility, "当日").pk).update(ends_on=today, alarm_on=today)
    Case.objects.filter(pk=named(facility, "超期").pk).update(
        ends_on=today - timedelta(days=1), alarm_on=today - timedelta(days=1)
    )

    found = people.shown(make.officer("trainer", facility)).filter(
        people.presences()[presence].condition(make.NOON)
    )

    assert {case.person.name for case in found} == expected


def test_filters_by_zone_and_place(facility, signed_in):
    make.case(facility)
    client = signed_in(make.officer("facility_leader", facility))
    detox, reentry = make.unit(facility, Stage.DETOX), make.unit(facility, Stage.REENTRY)

    def count(**filters):
        return client.get(CASES, filters).context["page"].paginator.count

    assert (count(stage="01"), count(stage="04")) == (1, 0)
    assert (count(place=str(detox.pk)), count(place=str(reentry.pk))) == (1, 0)


@pytest.mark.parametrize("role", ["bureau_viewer", "ministry_viewer"])
def test_bureaus_filter_by_facility(role, facility, signed_in):
    make.case(facility)
    make.facility("T02")
    other = make.facility("T03", province=make.bureau("样本省戒毒管理局"))
    make.case(other)
    place = facility.province if role == "bureau_viewer" else facility.province.parent
    client = signed_in(make.officer(role, place))

    answer = client.get(CASES, {"place": "T01"})

    offered = [code for code, _ in answer.context["filters"].fields["place"].choices]
    assert offered == ["", "T01", "T02"] + (["T03"] if role == "ministry_viewer" else [])
    assert answer.context["page"].paginator.count == 1


@pytest.mark.parametrize(
    "wrong", [{"presence": "x"}, {"stage": "\0"}, {"place": "nowhere"}, {"page": "-1"}]
)
def test_filters_that_mean_nothing_filter_nothing(wrong, facility, signed_in):
    make.case(facility)

    answer = signed_in(make.officer("facility_leader", facility)).get(CASES, wrong)

    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == 1


def test_filters_stay_in_the_address_of_the_next_page(facility, signed_in):
    make.case(facility)

    answer = signed_in(make.officer("facility_leader", facility)).get(CASES, {"stage": "01"})

    assert answer.context["query"] == "stage=01"
    assert 'href="/cases/?stage=01&amp;as=xlsx"' in answer.content.decode()


def test_nobody(facility, signed_in):
    answer = signed_in(make.officer("facility_leader", facility)).get(
        CASES, {"presence": "escaped"}
    )

    assert "没有符合条件的人员" in answer.content.decode()


def test_case_export_is_the_list(facility, signed_in):
    for name in ("张示例", "阿示例"):
        named(facility, name)
    client = signed_in(make.officer("facility_leader", facility))

    answer = client.get(CASES, {"presence": "custody", "as": "xlsx"})

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))["清单"]
    assert [row[0].value for row in sheet.iter_rows()] == ["姓名", "阿示例", "张示例"]
    assert [cell.value for cell in sheet[2]][3:] == [
        "生理脱毒区", "生理脱毒大队", "在所", "2026-11-21", "2028-05-31", "", "示T01",
    ]  # fmt: skip

"""超期在所 and 今日应解除 stand on top of the home page, whatever its list was asked for."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab.models import Case, Deadline
from rehab.rules.days import end_of
from rehab.states import CaseStatus, Stage
from reporting.selectors.leaving import NAMED
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

HOME = "/"
TODAY = make.NOON.date()
ASKED = [
    pytest.param({}, id="未筛选"),
    pytest.param({"page": "2"}, id="第二页"),
    pytest.param({"category": "move"}, id="别的类别"),
    pytest.param({"stage": "04"}, id="别的区"),
    pytest.param({"sort": "-due"}, id="倒序"),
]


def case_ending(facility, days: int, **changed) -> Case:
    """Somebody whose last day lies so many days from today."""
    case = make.case(facility)
    ends_on = TODAY + timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(ends_on=ends_on, alarm_on=ends_on, **changed)
    case.refresh_from_db()
    return case


def owe_older(case, *, rows: int) -> None:
    """So many deadlines of the house that are overdue for longer than anybody has overstayed."""
    Deadline.objects.bulk_create(
        Deadline(
            case=case, facility=case.facility, clock="zones.move", cycle=f"older {n}",
            opened_at=make.NOON - timedelta(days=99), due_at=end_of(TODAY - timedelta(days=50)),
            owed_by="intake_officer",
        )
        for n in range(rows)
    )  # fmt: skip


@pytest.fixture
def facility(noon):
    return make.facility(beds=30)


def standing(answer) -> list[tuple[str, int, list[str]]]:
    """The groups on top of the page, and that each can be read there."""
    groups = answer.context["must_leave"]
    page = answer.content.decode()
    for group in groups:
        assert f"{group.label} {group.count} 人" in page
        assert all(one.number in page and one.url in page for one in group.people)
    return [(one.label, one.count, [leaver.number for leaver in one.people]) for one in groups]


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("role", ["intake_officer", "zone_officer", "zone_leader", "facility_leader"])  # fmt: skip
def test_who_must_leave_stands_on_top_of_whatever_was_asked(role, asked, facility, signed_in):
    late = case_ending(facility, -1, status=CaseStatus.MEDICAL_LEAVE)
    later = case_ending(facility, -3)
    today = case_ending(facility, 0)
    owe_older(case_ending(facility, 1), rows=60)
    place = make.unit(facility, Stage.DETOX) if role.startswith("zone") else facility
    client = signed_in(make.officer(role, place))

    answer = client.get(HOME, asked)

    assert standing(answer) == [
        ("超期在所", 2, [later.number, late.number]),
        ("今日应解除", 1, [today.number]),
    ]
    releases = client.get(reverse("aftercare:release-list"))
    assert [len(releases.context[card]) for card in ("overstayed", "due_today")] == [2, 1]


def test_nobody_to_leave_is_no_group(facility, signed_in):
    case_ending(facility, 1)

    assert standing(signed_in(make.officer("intake_officer", facility)).get(HOME)) == []


def test_another_brigade_is_not_told(facility, signed_in):
    case_ending(facility, 0)
    officer = make.officer("zone_officer", make.unit(facility, Stage.REENTRY))

    assert standing(signed_in(officer).get(HOME)) == []


def test_those_who_are_not_named_are_counted(facility, signed_in):
    for _ in range(NAMED + 2):
        case_ending(facility, -1)

    answer = signed_in(make.officer("intake_officer", facility)).get(HOME)

    (group,) = answer.context["must_leave"]
    assert (group.count, len(group.people), group.more) == (NAMED + 2, NAMED, 2)
    assert "另有 2 人" in answer.content.decode()
    assert group.url == f"{reverse('aftercare:release-list')}#overstayed"


@pytest.mark.parametrize("role", ["bureau_viewer", "ministry_viewer"])
def test_above_the_facility_they_are_counted(role, facility, signed_in):
    case_ending(facility, 0)
    place = facility.province if role == "bureau_viewer" else facility.province.parent
    client = signed_in(make.officer(role, place))

    (group,) = client.get(HOME).context["must_leave"]

    assert (group.label, group.count, group.people, group.more) == ("今日应解除", 1, (), 0)
    listed = client.get(group.url).context
    shown = listed["due_today"] if "due_today" in listed else listed["page"].object_list
    assert len(shown) == 1


def test_a_post_without_the_releases_opens_the_list_of_people(facility, signed_in):
    case = case_ending(facility, 0)
    client = signed_in(make.officer("trainer", facility))

    (group,) = client.get(HOME).context["must_leave"]

    assert [one.url for one in group.people] == [case.get_absolute_url()]
    assert client.get(group.url).context["page"].paginator.count == group.count

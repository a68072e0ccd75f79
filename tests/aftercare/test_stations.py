"""照管站: opened where its level belongs, closed once it looks after nobody."""

from datetime import date

import pytest
from django.urls import reverse

from aftercare import actions, selectors
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Division, Event, Station
from rehab.refusal import Refused
from tests.factories import aftercare as out
from tests.factories import rehab as make

ON = date(2026, 11, 21)
LEVEL = Station.Level


@pytest.fixture
def facility(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield make.facility()


@pytest.fixture
def admin(facility):
    return make.officer("system_admin", facility.province)


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


def division(code):
    return Division.objects.get(code=code)


def opened(admin, **changed):
    given = {
        "name": "示例指导站", "level": LEVEL.GUIDANCE, "division": division("110100"),
        "parent": None, "province": admin.bureau, "phone": "",
    } | changed  # fmt: skip
    return actions.open_station(by=admin, at=make.NOON, **given)


def test_open_three_levels(admin):
    top = opened(admin)
    work = opened(
        admin, name="示例工作站", level=LEVEL.WORK, division=division("110101"), parent=top
    )
    service = opened(
        admin, name="示例服务站", level=LEVEL.SERVICE, division=division("110101"), parent=work
    )

    assert (service.parent, work.parent, top.parent) == (work, top, None)
    assert Event.objects.filter(kind=Event.Kind.STATION_OPENED).count() == 3
    assert selectors.history_of(top).first().by == admin


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"level": LEVEL.WORK}, "指导站设在地级市"),
        ({"division": "110101"}, "指导站设在地级市"),
        ({"division": "110000"}, "指导站设在地级市"),
        ({"level": LEVEL.SERVICE, "division": "110101"}, "须选择上级工作站"),
        ({"level": LEVEL.WORK, "division": "130102", "parent": "top"}, "上级站须高一级"),
        ({"level": LEVEL.SERVICE, "division": "110101", "parent": "top"}, "上级站须高一级"),
        ({"parent": "top", "name": "另一站"}, "上级站须高一级"),
        ({}, "已有同名"),
    ],
)
def test_open_refused(changed, said, admin):
    top = opened(admin)
    given = {
        key: division(value) if key == "division" else top if value == "top" else value
        for key, value in changed.items()
    }

    with pytest.raises(Refused, match=said):
        opened(admin, **given)

    assert Station.objects.count() == 1


def test_a_closed_station_stands_above_nobody(admin):
    top = opened(admin)
    actions.close_station(station=top, by=admin, at=make.NOON)

    with pytest.raises(Refused, match="上级站须高一级"):
        opened(admin, name="示例工作站", level=LEVEL.WORK, division=division("110101"), parent=top)


def test_close_station(admin):
    station = opened(admin)

    actions.close_station(station=station, by=admin, at=make.NOON)

    station.refresh_from_db()
    assert station.closed_at == make.NOON
    assert station not in selectors.stations_matching("示例", province=admin.bureau)
    assert Event.objects.filter(kind=Event.Kind.STATION_CLOSED).count() == 1
    with pytest.raises(Refused, match="已经撤销"):
        actions.close_station(station=station, by=admin, at=make.NOON)


def test_close_station_says_what_hangs_on_it(admin, facility):
    station = make.station()
    case = make.case(facility)
    out.offered(case, station=station)
    worker = make.officer("aftercare_worker", station)
    child = Station.objects.create(
        name="示例下级站", level="service", division=station.division, parent=station,
        province=station.province,
    )  # fmt: skip

    with scope.within(admin.scope_at(make.NOON)), pytest.raises(Refused) as refused:
        actions.close_station(station=station, by=admin, at=make.NOON)

    said = str(refused.value)
    assert "还在照管 1 人" in said
    assert worker.display_name in said
    assert child.name in said
    assert case.person.name not in said


@pytest.mark.parametrize(
    ("words", "found"),
    [("110101", 1), ("东城区", 1), ("长安区", 2), ("没有这个地方", 0), ("鼓楼", 4)],
)
def test_divisions_called(words, found, facility):
    names = selectors.divisions_called(words)

    assert len(names) == found


def test_station_list(desk, admin, facility, django_assert_max_num_queries):
    out.offered(make.case(facility), station=make.station())
    opened(admin)

    with django_assert_max_num_queries(8):
        page = desk.get(reverse("aftercare:station-list")).content.decode()

    assert "1 人" in page
    assert "示例指导站" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, {"示例服务站", "示例指导站"}),
        ({"words": "指导"}, {"示例指导站"}),
        ({"words": " 服务站 "}, {"示例服务站"}),
        ({"level": "guidance"}, {"示例指导站"}),
        ({"level": "work", "words": "指导"}, set()),
    ],
)
def test_stations_called(asked, found, admin, facility):
    make.station()
    opened(admin)

    assert {one.name for one in selectors.stations_called(admin, **asked)} == found


def test_stations_are_called_by_their_place(admin, facility):
    place = make.station().division

    for words in (place.name, place.code[:4]):
        assert make.station() in selectors.stations_called(admin, words=words)


def test_station_create(desk, facility):
    url = reverse("aftercare:station-create")
    body = {"name": "示例指导站", "level": "guidance", "division": "110100"}
    assert desk.get(url).status_code == 200

    assert desk.post(url, body)["Location"] == reverse("aftercare:station-list")

    for changed, said in (
        ({}, "已有同名"),
        ({"division": "没有"}, "“行政区划”没有找到"),
        ({"division": "长安区", "level": "work"}, "有几个同名的，请填代码：130102 长安区"),
        ({"division": "区"}, "等。"),
        ({"level": ""}, "“级别”还没有选"),
    ):
        answer = desk.post(url, body | changed)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), said


def test_station_create_from_a_house(client, facility):
    client.force_login(make.officer("system_admin", facility))

    answer = client.post(
        reverse("aftercare:station-create"),
        {"name": "示例指导站", "level": "guidance", "division": "110100"},
    )

    assert (answer.status_code, "不在省级局任职" in answer.content.decode()) == (422, True)


def test_station_close(desk, admin, facility):
    station = opened(admin)
    url = reverse("aftercare:station-close", args=[station.pk])
    assert "设立照管站" in desk.get(url).content.decode()

    assert desk.post(url)["Location"] == reverse("aftercare:station-list")

    assert desk.post(url).status_code == 422
    assert "撤销" in desk.get(reverse("aftercare:station-list")).content.decode()
    far = Station.objects.create(
        name="外省站", level="guidance", division=division("110100"),
        province=make.bureau("另一省戒毒管理局"),
    )  # fmt: skip
    assert desk.get(reverse("aftercare:station-close", args=[far.pk])).status_code == 404

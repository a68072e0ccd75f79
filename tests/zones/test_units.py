"""机构床位: the pages on which a 大队 is opened, furnished, and closed when nothing stands in it."""

import pytest
from django.urls import reverse

from rehab import scope
from rehab.models import Bed, Event, Unit
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, selectors

LIST = "/zones/units/"


@pytest.fixture
def crew(crew):
    """What stood before an act is compared with what stands after it."""
    return crew.posted()


@pytest.fixture
def admin(facility):
    return make.officer("system_admin", facility.province)


@pytest.fixture
def desk(client, admin):
    client.force_login(admin)
    return client


@pytest.fixture
def unit(facility):
    return make.unit(facility, Stage.REENTRY)


def page_of(name, *args):
    return reverse(f"zones:{name}", args=args)


def text(answer):
    return answer.content.decode()


def sent(house, **changed):
    return {
        "facility": str(house.pk), "name": "六大队", "stage": "01",
        "men_rooms": "2", "men_beds": "6", "women_apart_rooms": "1", "women_apart_beds": "2",
    } | changed  # fmt: skip


def test_unit_list(desk, case, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = desk.get(LIST)

    assert "生理脱毒大队" in text(page)
    assert case.person.name not in text(page)
    assert case.number not in text(page)


@pytest.mark.parametrize("more", [1, 20, 100])
def test_unit_list_queries_do_not_grow(more, desk, facility, admin, django_assert_max_num_queries):
    for number in range(more):
        Unit.objects.create(facility=facility, zone=facility.zones.first(), name=f"另{number}大队")

    with django_assert_max_num_queries(8):
        assert desk.get(LIST).status_code == 200


def test_unit_list_of_a_house_of_elsewhere(desk, facility):
    make.facility("T02", province=make.bureau("另一省戒毒管理局"))

    page = desk.get(LIST, {"facility": "T02"})

    assert "示例所T01" in text(page)
    assert "示例所T02" not in text(page)


def test_unit_list_where_there_is_no_house(client, facility):
    client.force_login(make.officer("system_admin", make.bureau("另一省戒毒管理局")))

    assert "还没有大队" in text(client.get(LIST))


def test_unit_create(desk, facility):
    page = desk.get(page_of("unit-create"), {"facility": "T01"})
    assert "未成年男区" in text(page)

    answer = desk.post(page_of("unit-create"), sent(facility))

    unit = Unit.objects.get(name="六大队")
    assert answer["Location"] == page_of("unit-detail", unit.pk)
    assert Bed.objects.filter(room__unit=unit).count() == 14
    assert set(unit.rooms.values_list("name", flat=True)) == {"男区1", "男区2", "女隔离1"}
    page = desk.get(answer["Location"])
    assert "开设大队、中队" in text(page)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": ""}, "“大队名称”不能为空"),
        ({"stage": "09"}, "“所在区”不在可选范围内"),
        ({"men_beds": ""}, "“男区每间床数”不能为空：要设 2 间"),
        ({"men_beds": "0"}, "“男区每间床数”不能小于 1"),
        ({"men_rooms": "x"}, "“男区间数”应为数字"),
        ({"men_rooms": "90"}, "最多设 500 张床"),
        ({"name": "生理脱毒大队"}, "已有“生理脱毒大队”"),
        ({"facility": ""}, "“强制隔离戒毒所”"),
    ],
)
def test_unit_create_refused(changed, said, desk, facility):
    answer = desk.post(page_of("unit-create"), sent(facility, **changed))

    assert answer.status_code == 422
    assert said in text(answer)
    assert not Unit.objects.filter(name="六大队").exists()
    assert not Event.objects.filter(kind=Event.Kind.UNIT_OPENED).exists()


def test_unit_detail(desk, case, crew, facility, django_assert_max_num_queries):
    unit = crew.unit(Stage.DETOX)

    with django_assert_max_num_queries(12):
        page = desk.get(page_of("unit-detail", unit.pk))

    assert "有人" in text(page)
    assert case.number not in text(page)
    assert crew.officer(Stage.DETOX).display_name in text(page)


@pytest.mark.parametrize("beds", [1, 20, 100])
def test_unit_detail_queries_do_not_grow(beds, client, db, at_noon, django_assert_max_num_queries):
    facility = make.facility("T09", beds=beds)
    client.force_login(make.officer("system_admin", facility))

    with django_assert_max_num_queries(12):
        page = client.get(page_of("unit-detail", make.unit(facility, Stage.DETOX).pk))

    assert page.status_code == 200


@pytest.mark.parametrize("name", ["unit-detail", "unit-close", "room-create", "bed-close"])
def test_a_unit_of_elsewhere_is_not_there(name, desk):
    other = make.facility("T02", province=make.bureau("另一省戒毒管理局"))

    page = desk.get(page_of(name, make.unit(other, Stage.DETOX).pk))

    assert page.status_code == 404


def test_squad_create(desk, unit):
    answer = desk.post(page_of("squad-create", unit.pk), {"name": "一中队"})

    assert answer["Location"] == page_of("unit-detail", unit.pk)
    assert unit.squads.get().name == "一中队"
    again = desk.post(page_of("squad-create", unit.pk), {"name": "一中队"})
    assert (again.status_code, "已有“一中队”" in text(again)) == (422, True)
    assert "一中队" in text(desk.get(page_of("unit-detail", unit.pk)))
    assert desk.get(page_of("unit-detail", unit.squads.get().pk)).status_code == 200


def test_unit_close(desk, unit):
    url = page_of("unit-close", unit.pk)
    assert "还不能撤销" not in text(desk.get(url))

    answer = desk.post(url)

    assert answer["Location"] == page_of("unit-detail", unit.pk)
    unit.refresh_from_db()
    assert unit.closed_at == make.NOON
    assert "已于 2026-11-21 撤销" in text(desk.get(answer["Location"]))
    assert unit.name not in text(desk.get(LIST))


def test_unit_close_says_who_stands_there(desk, case, crew, facility):
    unit = crew.unit(Stage.DETOX)
    move = zones_make.proposed(case, crew)

    page = desk.get(page_of("unit-close", unit.pk))
    answer = desk.post(page_of("unit-close", unit.pk))

    for words in ("还有 1 人在住", "2 名民警", "还有 1 件转入或转出"):
        assert words in text(page)
    assert (answer.status_code, "disabled" in text(page)) == (422, True)
    unit.refresh_from_db()
    assert unit.closed_at is None
    with pytest.raises(Refused, match="1 件转入或转出"):
        actions.close_unit(
            unit=move.to_unit, by=make.officer("system_admin", facility), at=make.NOON
        )


def test_an_administrator_counts_moves_that_he_does_not_see(admin, case, crew):
    zones_make.proposed(case, crew)

    with scope.within(zones_make.seen_by(admin)):
        found = selectors.closing_obstacles(crew.unit(Stage.ADAPTATION))

    assert any("1 件转入或转出" in one.message for one in found)


def test_a_closed_unit_receives_nobody(case, crew, facility, admin):
    to = crew.unit(Stage.ADAPTATION)
    Unit.objects.filter(pk=to.pk).update(closed_at=make.NOON)

    assert not selectors.receiving_units(case, on=make.NOON.date()).exists()
    with pytest.raises(Refused, match="已经撤销，请另选接收大队"):
        zones_make.proposed(case, _fresh(crew, to))


def _fresh(crew, unit):
    unit.refresh_from_db()
    crew.units[Stage.ADAPTATION] = unit
    return crew


def test_beds_out_of_use_are_not_counted_as_free(case, crew, facility, admin):
    to = crew.unit(Stage.ADAPTATION)
    before = selectors.receiving_units(case, on=make.NOON.date()).get(pk=to.pk).free_beds
    Bed.objects.filter(pk=make.free_bed(to).pk).update(closed_at=make.NOON, closed_for="维修")

    after = selectors.receiving_units(case, on=make.NOON.date()).get(pk=to.pk).free_beds

    assert after == before - 1


def test_room_create(desk, unit):
    url = page_of("room-create", unit.pk)

    answer = desk.post(url, {"men_rooms": "1", "men_beds": "3"})

    assert answer["Location"] == page_of("unit-detail", unit.pk)
    assert unit.rooms.get(name="男区1").beds.count() == 3
    desk.post(url, {"men_rooms": "1", "men_beds": "3"})
    assert unit.rooms.filter(name="男区2").exists()
    nothing = desk.post(url, {})
    assert (nothing.status_code, "还没有填写" in text(nothing)) == (422, True)


def test_bed_create(desk, unit):
    room = unit.rooms.order_by("name").first()
    url = page_of("bed-create", room.pk)
    assert room.name in text(desk.get(url))

    assert desk.post(url, {"number": "2"}).status_code == 302

    assert room.beds.count() == 6
    assert desk.post(url, {"number": "0"}).status_code == 422
    Unit.objects.filter(pk=unit.pk).update(closed_at=make.NOON)
    assert desk.post(url, {"number": "1"}).status_code == 422


def test_bed_close_and_reopen(desk, unit):
    beds = [str(pk) for pk in Bed.objects.filter(room__unit=unit).values_list("pk", flat=True)[:3]]
    assert desk.get(page_of("bed-close", unit.pk)).status_code == 200

    answer = desk.post(page_of("bed-close", unit.pk), {"beds": beds, "reason": "维修"})

    assert answer["Location"] == page_of("unit-detail", unit.pk)
    assert Bed.objects.in_use().filter(room__unit=unit).count() == 8
    assert "停用：维修" in text(desk.get(answer["Location"]))
    assert "（维修）" in text(desk.get(page_of("bed-reopen", unit.pk)))
    desk.post(page_of("bed-reopen", unit.pk), {"beds": beds})
    assert Bed.objects.in_use().filter(room__unit=unit).count() == 11


def test_bed_close_refused(desk, case, crew):
    unit = crew.unit(Stage.DETOX)
    taken = case.placements.get().bed

    answer = desk.post(page_of("bed-close", unit.pk), {"beds": [str(taken.pk)], "reason": "维修"})

    assert (answer.status_code, "有人或者已预留" in text(answer)) == (422, True)
    nothing = desk.post(page_of("bed-close", unit.pk), {"reason": "维修"})
    assert (nothing.status_code, "“床位”还没有选" in text(nothing)) == (422, True)
    elsewhere = Bed.objects.exclude(room__unit=unit).first()
    foreign = desk.post(page_of("bed-reopen", unit.pk), {"beds": [str(elsewhere.pk)]})
    assert foreign.status_code == 422


def test_bed_reopen_of_a_closed_unit(desk, unit):
    desk.post(page_of("unit-close", unit.pk))
    bed = Bed.objects.filter(room__unit=unit).first()

    answer = desk.post(page_of("bed-reopen", unit.pk), {"beds": [str(bed.pk)]})

    assert (answer.status_code, "已经撤销" in text(answer)) == (422, True)

"""Kept apart on the way from zone to zone, and the pages on which it is noted and ended."""

import pytest
from django.urls import reverse

from rehab.actions import apart as keeping
from rehab.actions import placements
from rehab.models import KeepApart
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, selectors
from zones.models import ZoneMove
from zones.selectors.beds import held_beds
from zones.selectors.rollcall import roll_call
from zones.selectors.together import lying_together
from zones.states import MoveStatus

TODAY = make.NOON.date()


def keep_apart(case, other, *, distance="room"):
    return keeping.keep_apart(
        case=case, other=other, kind="conflict", distance=distance, reason="入所前有纠纷",
        until=None, by=make.officer("facility_leader", case.facility), at=make.NOON,
    )  # fmt: skip


@pytest.fixture
def there(facility, crew):
    """Somebody who lies in the 大队 that is to receive."""
    other = make.case(facility)
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))
    placements.place(case=other, bed=bed, at=make.NOON)
    return other


def second_room(crew):
    return crew.unit(Stage.ADAPTATION).rooms.create(name="201", sex="1").beds.create(label="1")


def test_nobody_is_sent_to_the_unit_of_whom_he_is_kept_apart_from(case, there, crew):
    keep_apart(case, there, distance="unit")

    with pytest.raises(Refused, match="教育适应大队有 1 名须与此人不同大队的人员"):
        zones_make.proposed(case, crew)

    assert not ZoneMove.objects.exists()


def test_another_room_is_held_for_who_is_kept_apart(case, there, crew):
    bed = second_room(crew)
    keep_apart(case, there)

    move = zones_make.in_transit(case, crew)

    assert held_beds([move.case]) == {case.pk: bed}
    assert list(selectors.beds_for(case, crew.unit(Stage.ADAPTATION), on=TODAY)) == []


def test_without_another_room_nothing_is_approved(case, there, crew):
    keep_apart(case, there)
    move = zones_make.proposed(case, crew)

    with pytest.raises(Refused, match="没有适合此人的空床（性别、年龄、隔离、分开管理）"):
        actions.approve_zone_move(move=move, bed=None, by=crew.leader(Stage.DETOX), at=make.NOON)


def test_what_was_noted_after_the_approval_stops_the_receipt(case, there, crew):
    move = zones_make.in_transit(case, crew)
    keep_apart(case, there)

    with pytest.raises(Refused, match="请另选房间"):
        actions.receive_zone_move(
            move=move, by=crew.officer(Stage.ADAPTATION), at=make.NOON + 2 * zones_make.TAKES_OVER
        )

    assert ZoneMove.objects.get().status == MoveStatus.IN_TRANSIT


def test_two_of_a_batch_are_given_two_rooms(facility, case, crew):
    other = zones_make.ready(facility)
    bed = second_room(crew)
    keep_apart(case, other)
    moves = [zones_make.proposed(one, crew) for one in (case, other)]

    actions.approve_zone_moves(moves=moves, by=crew.leader(Stage.DETOX), at=make.NOON)

    held = held_beds([case, other])
    assert held[other.pk] == bed
    assert held[case.pk].room != bed.room


def test_nobody_returns_to_a_room_of_whom_he_is_kept_apart_from(facility, case, crew):
    """Back from leave: neither the room of the one, nor the 大队 of the other."""
    unit, leader = crew.unit(Stage.DETOX), make.officer("facility_leader", facility)
    other = zones_make.ready(facility)
    unit.rooms.create(name="201", sex="1").beds.create(label="1")
    away = actions.grant_leave(case=case, approval="示例", by=leader, at=make.NOON)

    def rooms():
        return {str(bed.room) for bed in selectors.return_beds(away, on=TODAY)}

    assert rooms() == {"101", "201"}
    record = keep_apart(case, other)
    assert rooms() == {"201"}
    keeping.end_keeping_apart(record=record, reason="示例", by=leader, at=make.NOON)
    keep_apart(case, other, distance="unit")
    assert rooms() == set()


@pytest.mark.parametrize(
    ("distance", "moves_out", "room"),
    [
        pytest.param("room", False, "101", id="同室"),
        pytest.param("room", True, None, id="同大队不同室，只须不同室"),
        pytest.param("unit", True, "", id="同大队不同室，须不同大队"),
    ],
)
def test_two_who_lie_together_are_noticed(distance, moves_out, room, facility, case, crew):
    other, unit = zones_make.ready(facility), crew.unit(Stage.DETOX)
    if moves_out:
        bed = unit.rooms.create(name="201", sex="1").beds.create(label="1")
        placements.place(case=other, bed=bed, at=make.NOON)
    keep_apart(case, other, distance=distance)

    roll = roll_call(crew.officer(Stage.DETOX), unit, at=make.NOON + zones_make.TAKES_OVER)
    found = lying_together(roll, on=TODAY)

    assert [one.room for one in found] == ([] if room is None else [room])
    assert all({one.first, one.second} == {case, other} for one in found)


def test_the_roll_says_who_lies_together_to_those_who_may_know(client, facility, case, crew):
    other = zones_make.ready(facility)
    keep_apart(case, other)
    address = reverse("zones:roll-detail")

    client.force_login(crew.officer(Stage.DETOX))
    for headers in ({}, {"HX-Request": "true"}):
        assert "101 房间须分开" in client.get(address, headers=headers).content.decode()
    client.force_login(make.officer("educator", facility))
    assert "须分开" not in client.get(address).content.decode()


def test_the_page_of_another_bed_says_who_lies_near(client, facility, case, crew):
    """He is told that there is somebody, and offered no bed in that room."""
    client.force_login(crew.officer(Stage.DETOX))
    address = reverse("zones:bed-change", args=[case.number])
    assert "须与此人分开的人员" not in client.get(address).content.decode()

    keep_apart(case, zones_make.ready(facility))

    assert "101 房间有 1 名须与此人分开的人员" in client.get(address).content.decode()


# Pages ----


def url(name, case):
    return reverse(f"zones:apart-{name}", args=[case.number])


def typed(other, **changed):
    return {
        "number": other.number.lower(), "kind": "co_offender", "distance": "unit", "until": "",
        "reason": "同案人员",
    } | changed  # fmt: skip


def test_apart_create(client, case, there, crew, django_assert_max_num_queries):
    client.force_login(crew.officer(Stage.DETOX))

    done = client.post(url("create", case), typed(there))
    assert (done.status_code, done.url) == (302, url("create", case))
    with django_assert_max_num_queries(12):
        page = client.get(done.url).content.decode()

    record = KeepApart.objects.get()
    assert (record.kind, record.distance, record.reason) == ("co_offender", "unit", "同案人员")
    assert "教育适应大队的一名人员" in page  # of whom this officer sees no file
    assert there.person.name not in page
    assert "同案人员" in page


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"number": "T01-2026-9999"}, "本所没有编号为 T01-2026-9999 的人员"),
        ({"reason": ""}, "“理由”"),
        ({"until": "2026-11-20"}, "“分开至”不能早于今天"),
    ],
)
def test_apart_create_refused(changed, said, client, case, there, crew):
    client.force_login(crew.officer(Stage.DETOX))

    answer = client.post(url("create", case), typed(there, **changed))

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not KeepApart.objects.exists()


def test_apart_end(client, case, there, crew):
    record = keep_apart(case, there)
    client.force_login(crew.leader(Stage.DETOX))

    page = client.get(f"{url('end', case)}?record={record.pk}").content.decode()
    assert "教育适应大队的一名人员 · 有矛盾纠纷" in page
    refused = client.post(url("end", case), {"record": str(record.pk), "reason": ""})
    assert refused.status_code == 422
    done = client.post(url("end", case), {"record": str(record.pk), "reason": "已和解"})

    assert done.status_code == 302
    assert KeepApart.objects.get().end_reason == "已和解"
    assert "没有可以终止的分开管理" in client.get(url("end", case)).content.decode()


def test_apart_end_of_what_is_of_others(client, facility, case, there, crew):
    record = keep_apart(there, zones_make.ready(facility))
    client.force_login(crew.officer(Stage.DETOX))

    answer = client.post(url("end", case), {"record": str(record.pk), "reason": "已和解"})

    assert answer.status_code == 422
    assert "不在可选范围内" in answer.content.decode()


def test_apart_pages_are_of_the_own_people(client, facility, case, crew):
    client.force_login(crew.officer(Stage.CONSOLIDATION))
    assert client.get(url("create", case)).status_code == 404
    client.force_login(make.officer("educator", facility))
    assert client.get(url("create", case)).status_code == 403


def test_others_read_that_he_is_kept_apart_and_not_why(client, facility, case, there, crew):
    keep_apart(case, there)
    second_room(crew)
    client.force_login(make.officer("educator", facility))

    page = client.get(reverse("reporting:case-detail", args=[case.number])).content.decode()
    assert "与 1 人分开管理" in page
    assert "纠纷" not in page

    zones_make.in_transit(case, crew)
    client.force_login(crew.officer(Stage.ADAPTATION))
    for name in ("zones:move-list", "zones:receipt-create"):
        page = client.get(reverse(name)).content.decode()
        assert "与 1 人分开管理" in page
        assert "纠纷" not in page


def test_a_leader_reads_it_before_he_approves(client, case, there, crew):
    keep_apart(case, there)
    zones_make.proposed(case, crew)
    client.force_login(crew.leader(Stage.DETOX))

    assert "与 1 人分开管理" in client.get(reverse("zones:approval-create")).content.decode()

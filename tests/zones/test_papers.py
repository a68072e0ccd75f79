"""转区交接单: one sheet for each 大队 that receives; who sees it, and on whose cases it stands."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from rehab.models import AccessRecord, Document
from rehab.refusal import Refused
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as rooms
from zones import actions
from zones.models import ZoneMove


def on_the_way(facility, crew, count):
    return [rooms.in_transit(rooms.ready(facility), crew) for _ in range(count)]


def sheets(moves, by):
    return actions.make_handover_sheets(moves=moves, by=by, at=make.NOON)


def test_make_handover_sheets(facility, crew):
    moves = on_the_way(facility, crew, 3)
    case = moves[0].case
    type(case).objects.filter(pk=case.pk).update(precautions="青霉素过敏", needs_isolation=True)

    (sheet,) = sheets(moves, crew.leader(Stage.DETOX))

    facts = sheet.facts
    assert sheet.number == f"（{facility.short_name}）强戒转〔2026〕1号"
    assert [one["case_number"] for one in facts["people"]] == sorted(m.case.number for m in moves)
    assert facts["people"][0]["heed"] == "需隔离；青霉素过敏"
    assert facts["from_unit"] == "生理脱毒区（生理脱毒大队）"
    assert facts["to_unit"] == "教育适应区（教育适应大队）"
    assert {one.case for one in sheet.mentions.all()} == {move.case for move in moves}


def test_each_unit_that_receives_has_a_sheet(facility, crew):
    first = rooms.in_transit(rooms.ready(facility), crew)
    second = rooms.in_transit(rooms.ready(facility), crew)
    ZoneMove.objects.filter(pk=second.pk).update(to_unit=crew.unit(Stage.CONSOLIDATION))

    made = sheets([first, second], crew.leader(Stage.DETOX))

    assert {sheet.unit for sheet in made} == {
        crew.unit(Stage.ADAPTATION), crew.unit(Stage.CONSOLIDATION),
    }  # fmt: skip


def test_a_sheet_that_says_the_same_is_taken_again(facility, crew):
    moves = on_the_way(facility, crew, 2)
    by = crew.leader(Stage.DETOX)

    assert sheets(moves, by) == sheets(moves, by)
    assert sheets(moves[:1], by) != sheets(moves, by)
    assert Document.objects.filter(template="zone_handover").count() == 2


def test_a_move_that_waits_for_approval_has_no_sheet(facility, crew):
    move = rooms.proposed(rooms.ready(facility), crew)

    with pytest.raises(Refused, match="批准后才有交接单"):
        sheets([move], crew.officer(Stage.DETOX))

    assert not Document.objects.exists()


def test_both_sides_see_the_sheet_while_they_are_on_the_way(facility, crew):
    moves = on_the_way(facility, crew, 2)
    (sheet,) = sheets(moves, crew.leader(Stage.DETOX))

    def seen(user):
        return Document.objects.visible_to(user).filter(pk=sheet.pk).exists()

    sender, receiver = crew.officer(Stage.DETOX), crew.officer(Stage.ADAPTATION)
    third = crew.officer(Stage.REENTRY)
    assert (seen(sender), seen(receiver), seen(third)) == (True, True, False)

    actions.receive_zone_move(move=moves[0], by=receiver, at=make.NOON + 3 * rooms.TAKES_OVER)

    assert (seen(sender), seen(receiver)) == (False, True)
    assert seen(make.officer("facility_leader", facility))
    assert not seen(make.officer("facility_leader", make.facility("T02")))


def test_a_sheet_stands_on_the_case_of_each(facility, crew):
    moves = on_the_way(facility, crew, 2)
    (sheet,) = sheets(moves, crew.leader(Stage.DETOX))

    for move in moves:
        assert [*Document.objects.of(move.case)] == [sheet]


def test_handover_print(client, facility, crew):
    moves = on_the_way(facility, crew, 2)
    client.force_login(crew.leader(Stage.DETOX))
    url = reverse("zones:handover-print")

    answer = client.post(url, {"moves": [str(move.pk) for move in moves]})

    assert answer["Content-Type"] == "application/pdf"
    assert "人数：2" in PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert AccessRecord.objects.count() == 2
    assert client.get(url).url == reverse("zones:move-list")


def test_handover_print_refused(client, facility, crew):
    move = rooms.proposed(rooms.ready(facility), crew)
    client.force_login(crew.officer(Stage.DETOX))
    url = reverse("zones:handover-print")

    assert client.post(url, {}).status_code == 422
    answer = client.post(url, {"moves": [str(move.pk)]})

    assert answer.status_code == 422
    assert "批准后才有交接单" in answer.content.decode()


@pytest.mark.parametrize("count", [1, 20])
def test_handover_sheets_take_no_more_queries_with_more_people(
    facility, crew, django_assert_max_num_queries, count
):
    house = make.facility("T03", beds=120)
    theirs = rooms.Crew(house)
    moves = on_the_way(house, theirs, count)

    with django_assert_max_num_queries(12):
        sheets(moves, theirs.leader(Stage.DETOX))

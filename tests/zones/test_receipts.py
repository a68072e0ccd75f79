"""转区签收: everybody who comes on one sheet, with what must be seen before the one signature."""

import pytest
from django.urls import reverse

from intake.rules.papers import Belongings, Disposal, Item
from rehab.ledgers import documents
from rehab.models import Case
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.models import ZoneMove
from zones.selectors.receipts import receipts
from zones.states import MoveStatus

TODAY = make.NOON.date()
PAGE = "zones:receipt-create"


def kept_list(case, *items, supersedes=None):
    """物品代管清单 of somebody, as the entry keeps it."""
    said = Belongings(
        facility=case.facility.name, case_number=case.number, name=case.person.name, sex="男",
        registered_at=make.NOON, items=items,
    )  # fmt: skip
    by = make.officer("intake_officer", case.facility)
    return documents.make(
        case, "belongings", "物品代管清单", said.facts(), by=by, at=make.NOON, supersedes=supersedes
    )


@pytest.fixture
def two(facility, crew):
    return [zones_make.in_transit(zones_make.ready(facility), crew) for _ in range(2)]


def keys(moves):
    return [str(move.pk) for move in moves]


def test_receipts(facility, two, crew):
    together = actions.propose_zone_moves(
        cases=[zones_make.ready(facility) for _ in range(2)], to_unit=crew.unit(Stage.ADAPTATION),
        by=crew.officer(Stage.DETOX), at=make.NOON,
    ).done  # fmt: skip
    actions.approve_zone_moves(moves=together, by=crew.leader(Stage.DETOX), at=make.NOON)

    shown = receipts(crew.officer(Stage.ADAPTATION), on=TODAY)

    assert [[one.move for one in party.people] for party in shown.parties] == [
        [two[0]], [two[1]], list(together),
    ]  # fmt: skip
    assert shown.people == 4
    assert {party.from_unit for party in shown.parties} == {crew.unit(Stage.DETOX)}
    (first,) = shown.parties[0].people
    assert first.bed.room.unit == crew.unit(Stage.ADAPTATION)
    assert first.obstacles == ()
    assert receipts(crew.officer(Stage.DETOX), on=TODAY).people == 0


def test_receipts_show_what_is_kept(two, crew):
    first = two[0]
    former = kept_list(first.case, Item("银行卡", "1张", Disposal.KEPT))
    kept_list(
        first.case, Item("手机", "1部", Disposal.KEPT), Item("皮带", "1条", Disposal.COLLECTED),
        supersedes=former,
    )  # fmt: skip

    parties = receipts(crew.officer(Stage.ADAPTATION), on=TODAY).parties

    assert [party.people[0].belongings for party in parties] == [("手机 1部",), None]


def test_receipts_say_why_somebody_may_not_be_received(two, crew):
    Case.objects.filter(pk=two[0].case_id).update(needs_isolation=True)
    colleague = crew.officer(Stage.ADAPTATION)
    ZoneMove.objects.filter(pk=two[1].pk).update(approved_by=colleague)

    unfit, signed = (
        party.people[0].obstacles[0].message for party in receipts(colleague, on=TODAY).parties
    )

    assert "已不适合此人" in unfit
    assert "已以审批人签字" in signed


def test_receipt_create_shows_the_sheet(client, two, crew):
    Case.objects.filter(pk=two[0].case_id).update(precautions="防跌倒")
    kept_list(two[0].case, Item("手机", "1部", Disposal.KEPT))
    client.force_login(crew.officer(Stage.ADAPTATION))

    page = client.get(reverse(PAGE)).content.decode()

    assert "防跌倒" in page
    assert "代管 1 件：手机 1部" in page
    assert "清单未登记，当面清点" in page
    assert page.count(' name="moves"') == page.count(" checked") == 2


def test_receipt_create_leaves_who_is_not_ticked_on_the_way(client, two, crew):
    client.force_login(crew.officer(Stage.ADAPTATION))

    answer = client.post(reverse(PAGE), {"moves": keys(two[:1]), "seen": "on"}, follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == reverse(PAGE)
    assert "已签收 1 人" in page
    assert page.index("签收所选") < page.index("今日已签收") < page.index(str(two[0].pk))
    assert list(ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT)) == two[1:]
    assert receipts(crew.officer(Stage.ADAPTATION), on=make.at(2026, 11, 22).date()).handed == ()


def test_receipt_create_keeps_ticks_when_nothing_was_looked_at(client, two, crew):
    client.force_login(crew.officer(Stage.ADAPTATION))

    answer = client.post(reverse(PAGE), {"moves": keys(two[:1])})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "须勾选后才能提交" in page
    assert page.count(" checked") == 1


def test_receipt_create_where_nobody_comes(client, facility, crew):
    client.force_login(crew.officer(Stage.ADAPTATION))

    assert "没有在途等待接收的人员" in client.get(reverse(PAGE)).content.decode()

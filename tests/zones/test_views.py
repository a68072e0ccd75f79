import pytest
from django.urls import reverse

from rehab.models import Case
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones.models import ZoneMove
from zones.states import MoveStatus

LIST = "/zones/moves/"


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def test_move_list(as_user, case, crew):
    page = as_user(crew.officer(Stage.DETOX)).get(LIST)

    assert page.status_code == 200
    assert case.person.name in page.content.decode()
    assert "转区条件已具备" in page.content.decode()
    assert f'value="{case.number}"' in page.content.decode()


def test_move_list_of_another_facility_shows_nobody(as_user, case):
    other = make.facility("T02")
    officer = make.officer("zone_officer", make.unit(other, Stage.DETOX))

    page = as_user(officer).get(LIST)

    assert case.number not in page.content.decode()


def test_move_list_is_closed_to_stations(as_user, facility):
    worker = make.officer("aftercare_worker", make.station())

    assert as_user(worker).get(LIST).status_code == 403


@pytest.mark.parametrize("people", [1, 100])
def test_move_list_of_who_proposes_asks_no_more_of_more(
    people, as_user, at_noon, db, django_assert_max_num_queries
):
    facility = make.facility(beds=100)
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    for _ in range(people):
        zones_make.ready(facility)
    client = as_user(crew.officer(Stage.DETOX))

    with django_assert_max_num_queries(8):
        page = client.get(LIST)

    assert page.status_code == 200


# Proposals ----


def test_move_create(as_user, facility, case, crew):
    early = make.case(facility, entered_at=make.NOON)
    client = as_user(crew.officer(Stage.DETOX))

    answer = client.post(
        reverse("zones:move-create"),
        {"cases": [case.number, early.number], "to_unit": str(crew.unit(Stage.ADAPTATION).pk)},
        follow=True,
    )

    assert answer.redirect_chain[-1][0] == LIST
    page = answer.content.decode()
    assert "已提请 1 人转区，批次 LZ2026-1121-01" in page
    assert f"{early.person}（{early.number}）未办理：" in page
    assert ZoneMove.objects.get().case == case


def test_move_create_for_nobody_who_may_go(as_user, facility, crew):
    early = make.case(facility, entered_at=make.NOON)

    answer = as_user(crew.officer(Stage.DETOX)).post(
        reverse("zones:move-create"),
        {"cases": [early.number], "to_unit": str(crew.unit(Stage.ADAPTATION).pk)},
    )

    assert answer.status_code == 422
    assert "未满最短 7 天" in answer.content.decode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "“人员”还没有选"),
        ({"cases": ["T01-2026-0001"]}, "“接收大队”还没有选"),
        ({"cases": ["T99-2026-0001"]}, "“人员”不在可选范围内"),
        ({"cases": ["\x00"]}, "“人员”"),
        ({"cases": ["T01-2026-0001"], "to_unit": "一大队"}, "“接收大队”不在可选范围内"),
    ],
)
def test_move_create_with_something_else(data, said, as_user, case, crew):
    answer = as_user(crew.officer(Stage.DETOX)).post(reverse("zones:move-create"), data)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ZoneMove.objects.exists()


def test_move_create_keeps_what_was_ticked(as_user, case, crew):
    answer = as_user(crew.officer(Stage.DETOX)).post(
        reverse("zones:move-create"), {"cases": [case.number]}
    )

    assert "checked" in answer.content.decode()


def test_a_batch_is_opened_from_the_board(as_user, facility):
    everything = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    everything.posting.role.permissions += ["zone_move.approve"]
    everything.posting.role.save()

    answer = as_user(everything).get(reverse("zones:move-create"))

    assert (answer.status_code, answer.url) == (302, LIST)


def proposal(case):
    return reverse("zones:proposal-create", args=[case.number])


def test_proposal_create(as_user, case, crew, django_assert_max_num_queries):
    client = as_user(crew.officer(Stage.DETOX))

    with django_assert_max_num_queries(12):
        page = client.get(proposal(case))
    assert "转入教育适应区的条件" in page.content.decode()

    with django_assert_max_num_queries(40):
        done = client.post(proposal(case), {"to_unit": str(crew.unit(Stage.ADAPTATION).pk)})
    assert (done.status_code, done.url) == (302, LIST)
    assert ZoneMove.objects.get().status == MoveStatus.PROPOSED


def test_proposal_create_for_htmx(as_user, case, crew):
    client = as_user(crew.officer(Stage.DETOX))

    fragment = client.get(proposal(case), headers={"HX-Request": "true"})
    refused = client.post(proposal(case), {}, headers={"HX-Request": "true"})
    done = client.post(
        proposal(case),
        {"to_unit": str(crew.unit(Stage.ADAPTATION).pk)},
        headers={"HX-Request": "true"},
    )

    assert "<html" not in fragment.content.decode()
    assert refused.status_code == 422
    assert "“接收大队”还没有选" in refused.content.decode()
    assert done.headers["HX-Redirect"] == LIST


def test_proposal_create_refused(as_user, facility, crew):
    early = make.case(facility, entered_at=make.NOON)
    client = as_user(crew.officer(Stage.DETOX))

    page = client.get(proposal(early))
    answer = client.post(proposal(early), {"to_unit": str(crew.unit(Stage.ADAPTATION).pk)})

    assert "未满最短 7 天" in page.content.decode()
    assert "disabled" in page.content.decode()
    assert answer.status_code == 422
    assert not ZoneMove.objects.exists()


def test_proposal_create_shows_the_move_under_way(as_user, case, crew):
    zones_make.in_transit(case, crew)

    officer = as_user(crew.officer(Stage.DETOX)).get(proposal(case)).content.decode()
    receiver = as_user(crew.officer(Stage.ADAPTATION)).get(proposal(case)).content.decode()
    watcher = as_user(make.officer("assessor", case.facility)).get(proposal(case)).content.decode()

    assert "撤回" in officer
    assert "签收" in receiver
    assert "此件现由其他岗位办理" in watcher


def test_proposal_create_of_the_last_zone(as_user, facility, crew):
    last = zones_make.walked_to(zones_make.ready(facility), Stage.REENTRY, crew)

    page = as_user(crew.officer(Stage.REENTRY)).get(proposal(last)).content.decode()

    assert "期满从本区解除" in page


def test_proposal_create_is_seen_by_many_and_made_by_few(as_user, facility, case, crew):
    assessor = make.officer("assessor", facility)
    elsewhere = make.officer("zone_officer", make.unit(make.facility("T02"), Stage.DETOX))

    assert as_user(assessor).get(proposal(case)).status_code == 200
    assert as_user(assessor).post(proposal(case), {}).status_code == 403
    assert as_user(elsewhere).get(proposal(case)).status_code == 404
    assert as_user(crew.officer(Stage.CONSOLIDATION)).get(proposal(case)).status_code == 404


# Signatures ----


def test_approval_create(as_user, facility, crew):
    moves = [zones_make.proposed(zones_make.ready(facility), crew) for _ in range(2)]
    gone = zones_make.in_transit(zones_make.ready(facility), crew)

    answer = as_user(crew.leader(Stage.DETOX)).post(
        reverse("zones:approval-create"),
        {"moves": [str(move.pk) for move in (*moves, gone)]},
        follow=True,
    )

    page = answer.content.decode()
    assert "已批准 2 人转区" in page
    assert "未办理：此件转区现为“待交接”，不能审批" in page
    assert ZoneMove.objects.filter(status=MoveStatus.IN_TRANSIT).count() == 3


def test_approval_create_of_nobody(as_user, case, crew):
    move = zones_make.in_transit(case, crew)
    leader = as_user(crew.leader(Stage.DETOX))
    url = reverse("zones:approval-create")

    assert leader.post(url, {}).status_code == 422
    answer = leader.post(url, {"moves": [str(move.pk)]})
    assert answer.status_code == 422
    assert "不能审批" in answer.content.decode()


def test_receipt_create(as_user, facility, crew):
    moves = [zones_make.in_transit(zones_make.ready(facility), crew) for _ in range(2)]
    officer = as_user(crew.officer(Stage.ADAPTATION))
    keys = {"moves": [str(move.pk) for move in moves]}

    unseen = officer.post(reverse("zones:receipt-create"), keys)
    assert unseen.status_code == 422
    assert "须勾选后才能提交" in unseen.content.decode()
    assert unseen.content.decode().count(" checked") == 2

    answer = officer.post(reverse("zones:receipt-create"), keys | {"seen": "on"}, follow=True)
    assert "已签收 2 人" in answer.content.decode()
    assert ZoneMove.objects.filter(status=MoveStatus.RECEIVED).count() == 2


def page_of(name, move):
    return reverse(f"zones:move-{name}", args=[move.pk])


def test_move_approve(as_user, case, crew, django_assert_max_num_queries):
    move = zones_make.proposed(case, crew)
    client = as_user(crew.leader(Stage.DETOX))
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))

    with django_assert_max_num_queries(12):
        page = client.get(page_of("approve", move))
    assert str(bed.pk) in page.content.decode()
    with django_assert_max_num_queries(40):
        answer = client.post(page_of("approve", move), {"bed": str(bed.pk)})

    assert answer.status_code == 302
    assert case.placements.get(held=True).bed == bed


def test_move_approve_refused(as_user, case, crew):
    move = zones_make.in_transit(case, crew)
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))

    answer = as_user(crew.leader(Stage.DETOX)).post(page_of("approve", move), {"bed": str(bed.pk)})

    assert answer.status_code == 422
    assert "现为“待交接”，不能审批" in answer.content.decode()


def test_move_approve_into_a_bed_that_was_just_taken(as_user, facility, case, crew):
    move = zones_make.proposed(case, crew)
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))
    zones_make.in_transit(zones_make.ready(facility), crew)

    answer = as_user(crew.leader(Stage.DETOX)).post(page_of("approve", move), {"bed": str(bed.pk)})

    assert answer.status_code == 422
    assert "“预留床位”中所选的刚被占用" in answer.content.decode()


def test_move_receive(as_user, case, crew, django_assert_max_num_queries):
    move = zones_make.in_transit(case, crew)
    client = as_user(crew.officer(Stage.ADAPTATION))

    with django_assert_max_num_queries(12):
        page = client.get(page_of("receive", move))
    assert "无提示" in page.content.decode()
    assert client.post(page_of("receive", move), {}).status_code == 422
    with django_assert_max_num_queries(40):
        answer = client.post(page_of("receive", move), {"seen": "on"})

    assert (answer.status_code, answer.url) == (302, LIST)
    case.refresh_from_db()
    assert case.zone.stage == Stage.ADAPTATION


def test_move_receive_shows_precautions_and_not_why(as_user, case, crew):
    Case.objects.filter(pk=case.pk).update(precautions="防跌倒")
    move = zones_make.in_transit(case, crew)

    page = as_user(crew.officer(Stage.ADAPTATION)).get(page_of("receive", move))

    assert "防跌倒" in page.content.decode()


@pytest.mark.parametrize("who", ["leader", "receiver"])
def test_move_return(who, as_user, case, crew):
    move = zones_make.in_transit(case, crew)
    user = crew.leader(Stage.DETOX) if who == "leader" else crew.officer(Stage.ADAPTATION)
    client = as_user(user)

    assert client.get(page_of("return", move)).status_code == 200
    blank = client.post(page_of("return", move), {"reason": ""})
    assert blank.status_code == 422
    assert "“退回理由”不能为空" in blank.content.decode()
    assert client.post(page_of("return", move), {"reason": "床位另有安排"}).status_code == 302
    move.refresh_from_db()
    assert move.status == MoveStatus.RETURNED


def test_move_withdraw(as_user, case, crew):
    move = zones_make.proposed(case, crew)
    client = as_user(crew.officer(Stage.DETOX))

    assert client.get(page_of("withdraw", move)).status_code == 200
    assert client.post(page_of("withdraw", move)).status_code == 302
    again = client.post(page_of("withdraw", move))

    assert again.status_code == 422
    assert "现为“撤回”，不能撤回" in again.content.decode()


@pytest.mark.parametrize("name", ["approve", "receive", "return", "withdraw"])
def test_signatures_elsewhere(name, as_user, facility, case, crew):
    move = zones_make.in_transit(case, crew)
    there = make.unit(make.facility("T02"), Stage.DETOX)
    role = "zone_leader" if name == "approve" else "zone_officer"
    centre = make.officer("educator", facility)

    assert as_user(make.officer(role, there)).get(page_of(name, move)).status_code == 404
    assert as_user(centre).get(page_of(name, move)).status_code == 403


# Leave ----


def test_leave(as_user, facility, case, crew):
    move = zones_make.in_transit(case, crew)
    client = as_user(make.officer("facility_leader", facility))
    create = reverse("zones:leave-create", args=[case.number])

    assert move.batch in client.get(create).content.decode()
    blank = client.post(create, {"approval": " "})
    assert blank.status_code == 422
    assert "“批准文号”不能为空" in blank.content.decode()
    done = client.post(create, {"approval": "示戒批〔2026〕1号"})
    assert (done.status_code, done.url) == (302, case.get_absolute_url())
    case.refresh_from_db()
    assert case.status == CaseStatus.MEDICAL_LEAVE
    assert client.post(create, {"approval": "再批"}).status_code == 422


def test_leave_is_the_leaders(as_user, case, crew):
    url = reverse("zones:leave-create", args=[case.number])

    assert as_user(crew.officer(Stage.DETOX)).get(url).status_code == 403
    other = make.officer("facility_leader", make.facility("T02"))
    assert as_user(other).get(url).status_code == 404


@pytest.mark.parametrize("query", ["?stage=02", "?days=30", "?stage=99", "?days=abc", "?page=x"])
def test_move_list_filters_are_kept_in_the_address(query, as_user, case, crew):
    assert as_user(crew.officer(Stage.DETOX)).get(LIST + query).status_code == 200

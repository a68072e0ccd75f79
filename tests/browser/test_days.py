"""A day of each role in a real browser: deliberate acts are counted and printed beside what they may be.

Ticks and choices count as acts, typing does not. The targets are those of the field's best systems.
"""

from datetime import date
from functools import partial

import pytest
from django.db import connection

from intake.models import Arrival
from intake.states import ArrivalStatus
from rehab import clock, scope
from rehab.clock import standing_at
from rehab.models import Case
from rehab.rules.identity import check_digit
from rehab.states import Sex, Stage
from tests.browser.desk import Album, CountingDesk
from tests.factories import aftercare as out
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as rooms
from zones.models import Muster, ZoneMove
from zones.states import MoveStatus

MORNING = make.at(2026, 11, 22, 7)
KNOWN = "99999919900101001" + check_digit("99999919900101001")
NIGHT = tuple(f"示例夜{one}" for one in "甲乙丙丁戊己庚辛壬")  # nine with nothing to ask
AGAIN, REFUSED, NAMELESS = "示例再来", "示例退回", "示例无证"
BATCH, APPROVALS, EXCEPTIONS = 5, 20, 3
NEITHER_EARLY_NOR_LATE, LATE = make.at(2026, 11, 12), make.at(2026, 11, 5)  # come into the zone


@pytest.fixture(autouse=True)
def _everything():
    with standing_at(MORNING), scope.within(make.EVERYTHING):
        yield


@pytest.fixture(scope="module")
def facility(shared_site):
    """A house on the business day of `MORNING`, with those who come at night and those who live there."""
    with scope.within(make.EVERYTHING):
        with connection.cursor() as cursor:
            shift = (MORNING.date() - clock.day_of(clock.real_now())).days * 86_400
            cursor.execute("INSERT INTO rehab_democlock (id, seconds) VALUES (1, %s)", [shift])
        with standing_at(make.at(2026, 11, 21, 6)):
            facility = make.facility("SL01", beds=40)
            rooms.set_rules(at=make.at(2026, 11, 21, 6))
            _who_come_at_night(facility)
        return facility


def _who_come_at_night(facility):
    at = make.at(2026, 11, 21, 6)
    officer = make.officer("intake_officer", facility)
    before = make.case(
        make.facility("T02"),
        person=make.person_facts(name=AGAIN, id_number=KNOWN, other_document=None),
        decision=make.decision_facts(
            decided_on=date(2024, 6, 1),
            printed_starts_on=date(2024, 6, 1),
            printed_ends_on=date(2026, 5, 31),
        ),
        entered_at=make.at(2024, 6, 3),
    )
    out.release(before, at=make.at(2026, 5, 31))
    for name in (*NIGHT, REFUSED):
        door.arrival(facility, by=officer, at=at, name=name)
    door.arrival(facility, by=officer, at=at, name=AGAIN, id_number=KNOWN, other_document=None)
    door.arrival(facility, by=officer, at=at, name=NAMELESS, other_document=None, birth_date=None)


@pytest.fixture
def sit(request, shared_site, pages, shots):
    """Lets an officer sit down at a desk of his own; every page is judged as it is passed."""
    album = Album(shots / request.node.name.removeprefix("test_"), asks_axe=False)  # of each day

    def sit_down(user, title):
        desk = CountingDesk(pages.open(bypass_csp=True), shared_site.url, album, title)
        desk.sign_in(user.username, make.PASSWORD)
        desk.counted()
        return desk

    yield sit_down
    assert not album.findings, "\n".join(album.findings)


def within(what, given, most):
    """Say what it took, and that it took no more than it may."""
    print(f"{what}：{given} 步，不超过 {most} 步")
    assert given <= most


def test_a_night_at_the_door(facility, sit):
    first, second = (make.officer("intake_officer", facility, sex=Sex.MALE) for _ in range(2))
    receive = partial(admit, first=first.display_name, second=second.display_name)
    desk = sit(first, "intake")
    desk.go("/intake/arrivals/")

    for name in NIGHT:
        desk.follow("收治登记", near=name)
        receive(desk)
        assert f"已接收 {name}" in desk.text, desk.text
        desk.follow("今日待收")
        within(f"收治 {name}", desk.counted(), 8)

    desk.follow("收治登记", near=AGAIN)
    assert "示例所T02" in desk.text
    receive(desk)
    assert f"已接收 {AGAIN}" in desk.text, desk.text
    desk.follow("今日待收")
    within(f"收治以前收治过的 {AGAIN}", desk.counted(), 8)

    desk.follow("收治登记", near=NAMELESS)
    receive(desk)
    for question in desk.page.locator("input[name^=answer_]").all():
        question.fill("送所民警当面证明")
    desk.submit("同意接收")
    assert f"已接收 {NAMELESS}" in desk.text, desk.text
    desk.follow("今日待收")
    within(f"收治没有证件的 {NAMELESS}", desk.counted(), 10)

    desk.follow(REFUSED)
    desk.follow("不予接收")
    desk.submit("不予接收", {"决定书载明的期限已经届满": True})
    within(f"不予接收 {REFUSED}", desk.counted(), 4)

    assert Case.objects.filter(facility=facility, person__name__in=NIGHT).count() == len(NIGHT)
    known = Case.objects.filter(person__name=AGAIN).values_list("person")
    assert len(known) == 2
    assert len(set(known)) == 1
    assert Arrival.objects.get(name=REFUSED).status == ArrivalStatus.REFUSED


def admit(desk, *, first, second):
    """What the officer at the gate sees and signs; who searched him is chosen from a list."""
    desk.submit(
        "同意接收",
        {
            "已收到强制隔离戒毒决定书": True,
            "到场人员就是决定书所载的人": True,
            "已作入所健康检查": True,
            "检查民警": f"{first}（",
            "第二名检查民警": f"{second}（",
        },
    )


def test_a_morning_in_a_zone(facility, sit):
    crew = rooms.Crew(facility)
    people = [rooms.ready(facility, entered_at=NEITHER_EARLY_NOR_LATE) for _ in range(BATCH)]
    unit = people[0].unit
    desk = sit(crew.officer(Stage.DETOX), "zone")
    desk.go("/")

    desk.follow("记录点名")
    desk.submit("记录点名")
    within("早点名", desk.counted(), 3)
    called = Muster.objects.get(unit=unit)
    assert called.absent == 0

    desk.follow("分区流转")
    desk.tick(f"列出的可提请 {BATCH} 人全选")
    desk.submit("提请转区 → 教育适应区")
    within(f"提请 {BATCH} 人转区", desk.counted() - 1, 2)  # beside the page itself

    leader = sit(crew.leader(Stage.DETOX), "leader")
    leader.go("/")
    leader.follow("分区流转")
    leader.follow("有情况的在前")
    leader.submit(f"批准所选 {BATCH} 人")
    within(f"批准 {BATCH} 人", leader.counted(), 3)

    receiver = sit(crew.officer(Stage.ADAPTATION), "receiver")
    receiver.go("/zones/moves/receipts/")
    receiver.tick("已查看提示，并当面核对随身药品和物品")
    receiver.submit(f"签收所选 {BATCH} 人")
    within(f"签收 {BATCH} 人", receiver.counted(), 2)

    moves = ZoneMove.objects.filter(case__in=people)
    assert {move.status for move in moves} == {MoveStatus.RECEIVED}


def test_a_leader_approves_twenty(facility, sit):
    facility = make.facility("SL02", beds=APPROVALS)
    crew = rooms.Crew(facility)
    waiting = [
        rooms.proposed(rooms.ready(facility, entered_at=entered), crew, at=MORNING)
        for entered in [LATE] * EXCEPTIONS + [NEITHER_EARLY_NOR_LATE] * (APPROVALS - EXCEPTIONS)
    ]
    leader = sit(crew.leader(Stage.DETOX), "leader")
    leader.go("/")

    leader.follow("分区流转")
    leader.follow("有情况的在前")
    for move in waiting[:EXCEPTIONS]:
        leader.tick(move.case.person.name)
    leader.submit(f"批准所选 {APPROVALS} 人")
    within(
        f"批准 {APPROVALS} 人转区，其中 {EXCEPTIONS} 人有情况、逐人勾选",
        leader.counted(),
        3 + EXCEPTIONS,
    )

    moves = ZoneMove.objects.filter(pk__in=[move.pk for move in waiting])
    assert {move.status for move in moves} == {MoveStatus.IN_TRANSIT}


def test_an_analyst_finds_who_stands_behind_a_figure(facility, sit):
    desk = sit(make.officer("bureau_viewer", facility.province), "bureau")
    desk.go("/")

    desk.follow("运行看板")
    desk.follow("在所人数")
    assert desk.fetch("导出").startswith(b"PK")
    within("数字、名单、导出", desk.counted() + 1, 3)

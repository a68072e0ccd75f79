"""撤回名册: what was imported wrongly is taken back, until one of its people was decided."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake import actions
from intake.models import Arrival, Roster, RosterRow
from intake.rules.grounds import Ground
from intake.selectors import rosters
from intake.states import ArrivalStatus
from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Event, Notice
from rehab.refusal import Refused
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db
AS_OF = make.NOON.date()
TITLES = (
    "姓名,性别,出生日期,公民身份号码,强制隔离戒毒决定书文号,决定日期,强制隔离戒毒起止日期,"
    "移交日期,健康状况,决定机关,家属姓名"
)
LINE = (
    "示例撤{0},男,1990-01-01,,示公（禁）强戒决字〔2026〕5{0:05d}号,"
    "2026-06-01,2026-06-01至2028-05-31,2026-11-21,健康,示例市公安局,示例亲属"
)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def content(count):
    return "\n".join([TITLES, *(LINE.format(serial) for serial in range(1, count + 1))]).encode()


@pytest.fixture
def roster(facility, officer):
    """Seven people, imported."""
    one = door.roster(facility, content(7), as_of=AS_OF, by=officer)
    return actions.import_roster(roster=one, answers={}, by=officer, at=make.NOON)


def withdraw(roster, officer, reason="送错了单位"):
    return actions.withdraw_roster(roster=roster, reason=reason, by=officer, at=make.NOON)


def of(roster):
    return list(Arrival.objects.filter(row__roster=roster).order_by("row__line"))


def defer(arrival, by):
    return actions.defer_arrival(arrival=arrival, reason="缺病历", by=by, at=make.NOON)


def refuse(arrival, by):
    return actions.refuse_arrival(
        arrival=arrival, grounds=[Ground.OTHER], explanation="人证不符", by=by, at=make.NOON
    )


def admit(arrival, by):
    return door.admit(arrival, by=by, answers={"identity_unknown": "已核查"})


def test_withdraw_roster(roster, officer):
    assert Arrival.objects.undecided().count() == 7

    withdraw(roster, officer, " 送错了单位 ")

    roster.refresh_from_db()
    assert (roster.withdrawn_by, roster.withdrawn_at) == (officer, make.NOON)
    assert roster.why_withdrawn == "送错了单位"
    assert not Arrival.objects.undecided().exists()
    assert {one.status for one in of(roster)} == {ArrivalStatus.WITHDRAWN}
    assert {(one.decided_by, one.decided_at, one.reason) for one in of(roster)} == {
        (officer, make.NOON, "送错了单位")
    }
    event = Event.objects.get(kind=Event.Kind.ROSTER_WITHDRAWN)
    assert (event.subject_id, event.by, event.facility) == (roster.pk, officer, roster.facility)
    assert (event.facts["receipt"], event.facts["arrivals"]) == (roster.receipt, 7)
    assert event.words == {"reason": "送错了单位"}
    assert Notice.objects.get(clock=Event.Kind.ROSTER_WITHDRAWN).role_id == "intake_officer"


def test_nothing_is_lost_and_the_same_file_is_imported_again(roster, officer, facility):
    withdraw(roster, officer)

    again = door.roster(facility, content(7), as_of=AS_OF, by=officer)
    again = actions.import_roster(roster=again, answers={}, by=officer, at=make.NOON)

    assert again.pk != roster.pk
    assert (again.receipt, again.arrivals_made) == ("T01-MC-2026-0002", 7)
    assert RosterRow.objects.filter(roster=roster).count() == 7
    assert Arrival.objects.undecided().filter(row__roster=again).count() == 7
    assert Arrival.objects.count() == 14


def test_a_file_stands_in_one_roster_at_most(roster, facility, officer):
    with pytest.raises(Refused, match="此名册已由"):
        door.roster(facility, content(7), as_of=AS_OF, by=officer)

    with pytest.raises(IntegrityError, match="one_standing_roster_per_file"), transaction.atomic():
        Roster.objects.create(
            facility=facility, as_of=AS_OF, file=b"", file_name="", sha256=roster.sha256,
            uploaded_by=officer, uploaded_at=make.NOON,
        )  # fmt: skip


@pytest.mark.parametrize("column", ["withdrawn_at", "why_withdrawn"])
def test_a_withdrawal_is_whole(roster, officer, column):
    withdraw(roster, officer)

    with (
        pytest.raises(IntegrityError, match="withdrawn_roster_has_officer_moment_and_reason"),
        transaction.atomic(),
    ):
        Roster.objects.filter(pk=roster.pk).update(**{column: None})


@pytest.mark.parametrize(
    ("decide", "word"),
    [(admit, "同意接收"), (defer, "暂不接收"), (refuse, "不予接收")],
    ids=["同意接收", "暂不接收", "不予接收"],
)
def test_one_decision_bars_it_and_is_named(roster, officer, decide, word):
    decide(of(roster)[2], officer)

    said = f"名册中已有 1 人作出决定：示例撤3（{officer.display_name}：{word}），不能撤回"
    with pytest.raises(Refused, match=said):
        withdraw(roster, officer)

    roster.refresh_from_db()
    assert roster.withdrawn_at is None
    assert Arrival.objects.filter(row__roster=roster, status=ArrivalStatus.EXPECTED).count() == 6
    assert not Event.objects.filter(kind=Event.Kind.ROSTER_WITHDRAWN).exists()


def test_many_decisions_are_counted_and_five_named(roster, officer):
    for one in of(roster)[:6]:
        defer(one, officer)

    (obstacle,) = rosters.withdrawal_obstacles(roster, rosters.decided_of(roster))

    assert obstacle.message.startswith("名册中已有 6 人作出决定：示例撤1（")
    assert "示例撤5（" in obstacle.message
    assert "示例撤6" not in obstacle.message
    assert "等，不能撤回" in obstacle.message


def test_withdraw_needs_a_reason_and_an_import(roster, facility, officer):
    waiting = door.roster(facility, content(1), as_of=AS_OF, by=officer)

    with pytest.raises(Refused, match="“撤回理由”不能为空"):
        withdraw(roster, officer, "  ")
    with pytest.raises(Refused, match="此名册尚未导入，无须撤回"):
        withdraw(waiting, officer)

    assert Arrival.objects.undecided().count() == 7


def test_withdraw_twice_says_who(roster, officer):
    withdraw(roster, officer)

    said = f"此名册已由{officer.display_name}于 2026-11-21 12:00 撤回"
    with pytest.raises(Refused, match=said):
        withdraw(roster, officer)
    with pytest.raises(Refused, match=f"{said}，要再次导入请重新上传文件"):
        actions.import_roster(roster=roster, answers={}, by=officer, at=make.NOON)


@pytest.mark.parametrize("decide", [admit, defer, refuse], ids=["收治", "暂不", "不予"])
def test_who_was_withdrawn_is_not_decided(roster, officer, decide):
    withdraw(roster, officer)

    said = f"{officer.display_name}刚刚已撤回此人所在的名册，此人不再待收"
    with pytest.raises(Refused, match=said):
        decide(of(roster)[0], officer)


def test_withdrawal_is_one_with_its_event(roster, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        withdraw(roster, officer)

    roster.refresh_from_db()
    assert roster.withdrawn_at is None
    assert Arrival.objects.undecided().count() == 7


def test_withdrawal_takes_no_more_queries_with_more_people(facility, officer):
    taken = []
    for count in (1, 40):
        one = door.roster(facility, content(count), as_of=AS_OF, by=officer)
        actions.import_roster(roster=one, answers={}, by=officer, at=make.NOON)
        with CaptureQueriesContext(connection) as captured:
            withdraw(one, officer)
        taken.append(len(captured))

    assert taken[0] == taken[1] <= 16


def test_roster_withdraw_page(client, roster, officer, facility):
    client.force_login(officer)
    url = reverse("intake:roster-withdraw", args=[roster.pk])
    assert url in client.get(roster.get_absolute_url()).content.decode()
    assert "导入待收 7 人" in client.get(url).content.decode()

    empty = client.post(url, {"reason": ""})
    done = client.post(url, {"reason": "名册日期不对"}, follow=True)

    assert empty.status_code == 422
    page = done.content.decode()
    assert "已撤回，7 人不再待收" in page
    assert "名册日期不对" in page
    assert reverse("intake:roster-create") in page
    assert url not in page
    assert "已撤回" in client.get(reverse("intake:roster-list")).content.decode()
    listed = client.get(reverse("intake:arrival-list")).content.decode()
    assert "示例撤1" not in listed
    kept = client.get(reverse("intake:arrival-list") + "?status=withdrawn").content.decode()
    assert "示例撤1" in kept
    one = client.get(of(roster)[0].get_absolute_url()).content.decode()
    assert "撤回了此人所在的名册，此人不再待收" in one
    assert "收治登记" not in one
    file = SimpleUploadedFile("名册.csv", content(7))
    anew = client.post(reverse("intake:roster-create"), {"file": file, "as_of": "2026-11-21"})
    assert anew.status_code == 302


def test_roster_withdraw_page_names_who_was_decided(client, roster, officer):
    defer(of(roster)[0], officer)
    client.force_login(officer)
    url = reverse("intake:roster-withdraw", args=[roster.pk])

    receipt, page = (client.get(at).content.decode() for at in (roster.get_absolute_url(), url))
    sent = client.post(url, {"reason": "名册日期不对"})

    for shown in (receipt, page):
        assert "名册中已有 1 人作出决定" in shown
    assert url not in receipt
    assert sent.status_code == 422
    assert "名册日期不对" in sent.content.decode()

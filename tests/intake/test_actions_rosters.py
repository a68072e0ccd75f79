import pytest
from django.db import connection

from intake import actions, reading
from intake.models import Arrival, Roster, RosterRow
from intake.rules import line
from intake.selectors import rosters
from intake.states import ArrivalStatus
from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Event, MatchCall, Notice
from rehab.refusal import Refused
from rehab.states import Sex
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db
AS_OF = make.NOON.date()
ANSWERED = {"other_facility": "已电话核实"}


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


@pytest.fixture
def messy(facility, messy_roster, officer):
    return door.roster(facility, messy_roster, as_of=AS_OF, by=officer)


def imported(roster, officer):
    return actions.import_roster(roster=roster, answers=ANSWERED, by=officer, at=make.NOON)


def test_upload_writes_no_arrival(messy):
    assert messy.receipt is None
    assert messy.sent_by == "示例市公安局强制隔离戒毒所"
    assert not Arrival.objects.exists()
    assert not RosterRow.objects.exists()


def test_upload_of_what_is_no_roster_is_refused(facility, officer):
    with pytest.raises(Refused, match="文件是空的"):
        door.roster(facility, b"", as_of=AS_OF, by=officer)

    assert not Roster.objects.exists()


def test_upload_of_the_same_file_is_the_same_roster(facility, messy, messy_roster, officer):
    again = door.roster(facility, messy_roster, as_of=AS_OF.replace(day=20), by=officer)

    assert again == messy
    assert Roster.objects.get().as_of == AS_OF.replace(day=20)


def test_import(messy, officer):
    roster = imported(messy, officer)

    assert roster.receipt == "T01-MC-2026-0001"
    assert roster.lines == RosterRow.objects.count() == 90
    assert Arrival.objects.count() == roster.arrivals_made
    assert roster.refusable == Arrival.objects.filter(only_refusable=True).count() == 2
    assert roster.returned == len(rosters.faulty_rows(roster)) == 13
    event = Event.objects.get(kind=Event.Kind.ROSTER_IMPORTED)
    assert event.facts["answered"] == ["other_facility"]
    assert event.words == {"other_facility": "已电话核实"}
    assert Notice.objects.get(clock=Event.Kind.ROSTER_IMPORTED).role_id == "intake_officer"


def test_import_keeps_the_line_and_what_was_wrong_with_it(messy, officer):
    imported(messy, officer)

    row = RosterRow.objects.get(line=15)
    assert row.cells["姓名"] == "黄祥"
    assert row.problems == [
        {
            "field": "公民身份号码",
            "message": "公民身份号码应为 18 位，实为 17 位",
            "outcome": "reject",
            "article": "",
        }
    ]


def test_arrivals_of_a_roster_know_what_the_line_said(messy, officer):
    imported(messy, officer)

    arrival = Arrival.objects.filter(only_refusable=False).oldest_first().first()
    papers = door.arrivals.papers_of(arrival)
    assert arrival.name == papers.name
    assert papers.decision_number
    assert papers.printed_ends_on > papers.decided_on


def test_import_asks_about_the_file(messy, officer):
    with pytest.raises(Refused, match="请答复提示“名册的接收单位"):
        actions.import_roster(roster=messy, answers={}, by=officer, at=make.NOON)

    assert not Arrival.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.ROSTER_IMPORTED).exists()


def test_import_twice_is_refused_with_who_and_when(messy, officer, messy_roster, facility):
    imported(messy, officer)
    before = Arrival.objects.count()

    said = f"已由{officer.display_name}于 2026-11-21 12:00 导入，回执号 T01-MC-2026-0001"
    with pytest.raises(Refused, match=said):
        imported(messy, officer)
    with pytest.raises(Refused, match=said):
        door.roster(facility, messy_roster, as_of=AS_OF, by=officer)

    assert Arrival.objects.count() == before


def test_import_is_one_with_its_event(messy, officer, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        imported(messy, officer)

    messy.refresh_from_db()
    assert messy.receipt is None
    assert not Arrival.objects.exists()


def test_the_file_is_sealed(messy, messy_roster):
    with connection.cursor() as cursor:
        cursor.execute("SELECT file, file_name FROM intake_roster")
        file, name = map(bytes, cursor.fetchone())

    assert messy_roster[:4] not in file
    assert "名册".encode() not in name
    assert bytes(Roster.objects.get().file) == messy_roster


def test_known_of_is_three_queries_for_any_number(
    facility, clean_roster, django_assert_num_queries
):
    file = reading.read(clean_roster)

    with django_assert_num_queries(3):
        rosters.known_of(facility, file)

    call = MatchCall.objects.get()
    people, decisions = line.person_keys(file.rows), line.decision_keys(file.rows)
    assert (call.purpose, call.asked) == ("roster", len(set(people)) + len(set(decisions)))
    assert call.asked > 100


def test_register(facility, officer):
    arrival = actions.register_arrival(
        facility=facility, papers=door.papers(), by=officer, at=make.NOON
    )

    assert arrival.status == ArrivalStatus.EXPECTED
    assert arrival.row is None
    assert Event.objects.get(kind=Event.Kind.ARRIVAL_REGISTERED).subject_id == arrival.pk


def test_register_somebody_of_whom_nothing_is_known_twice(facility, officer):
    """Two strangers may stand at the gate: nothing says that they are one."""
    unknown = door.Papers(name="不详", sex=Sex.MALE.value)

    for _ in range(2):
        actions.register_arrival(facility=facility, papers=unknown, by=officer, at=make.NOON)

    assert Arrival.objects.filter(person_index=None, decision_index="").count() == 2
    assert Arrival.objects.first().transferred_on == AS_OF


def test_register_twice_says_who_did_it(facility, officer):
    papers = door.papers()
    actions.register_arrival(facility=facility, papers=papers, by=officer, at=make.NOON)

    with pytest.raises(
        Refused, match=f"{officer.display_name}刚刚已登记此人，在待收名单中（待收）"
    ):
        actions.register_arrival(facility=facility, papers=papers, by=officer, at=make.NOON)

    assert Arrival.objects.count() == 1


def test_register_with_a_number_that_is_none_is_refused(facility, officer):
    with pytest.raises(Refused, match="18 位"):
        actions.register_arrival(
            facility=facility, papers=door.papers(id_number="1"), by=officer, at=make.NOON
        )

    assert not Arrival.objects.exists()

"""The demo: legal by construction, the same facts for the same number, and nobody real in it."""

import io
from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction
from django.http import QueryDict

from aftercare.models import Agreement
from centers import actions as centers
from centers.assessment import selectors
from centers.models import Telling
from centers.states import OpinionStatus
from intake import actions as intake
from intake.models import Arrival, HealthSheet, InjuryPhoto
from rehab import drafts, scope, submissions
from rehab.actions import access, escapes, grants, papers
from rehab.actions.term_decisions import propose_term_decision
from rehab.actions.term_ends import ask_about_end
from rehab.clock import standing_at
from rehab.form_keys import FormKey
from rehab.keys import new_key
from rehab.ledgers import deadlines
from rehab.models import (
    Bed,
    Case,
    Deadline,
    Document,
    Event,
    Facility,
    Notice,
    Person,
    PersonMerge,
    ServiceOfDocument,
    User,
)
from rehab.roles import STARTING_ROLES
from rehab.rules.identity import identity_number
from rehab.rules.persons import is_minor
from rehab.services import CHECKOUT
from rehab.states import AbsenceKind, Sex, Stage
from reporting.demo import morning, people, places, story
from reporting.models import DemoLogin
from tests.architecture.test_tables import NOT_ABOUT_PEOPLE
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import intake as door
from tests.factories import opinions
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.harness.databases import point_connections_at
from zones import actions as zones
from zones.models import FacilityTransfer, Outing, ZoneMove

TODAY = date(2026, 11, 21)
SELDOM = {  # what the story tells nothing of: it befalls few
    "aftercare_death", "aftercare_deathnotice", "aftercare_revocation", "aftercare_conversion",
    "rehab_termdecision", "rehab_endinquiry", "rehab_escapeproposal",
    "centers_opinion", "centers_objection", "centers_tellingscan",
}  # fmt: skip
UNMOVED = {"other_facility": "已电话核实"}


@pytest.fixture(scope="module")
def demo(told, django_db_blocker, databases):
    """The story in a database of its own: one in which others wrote and took back is slow."""
    name = databases.copy(of=told.database)
    with django_db_blocker.unblock():
        before = point_connections_at(name)
        yield told.said
        point_connections_at(before)
    databases.drop(name)


@pytest.fixture
def after(demo):
    """Looking around afterwards, at noon; what a test does is taken back."""
    with standing_at(make.NOON), scope.within(scope.system("test")), transaction.atomic():
        yield demo
        transaction.set_rollback(True)


def test_seed_says_what_there_is(after):
    assert after.startswith("4 所，87 个账号，33 人")


def test_one_is_on_the_road_and_one_may_see_his_family(after):
    transfer, outing = FacilityTransfer.objects.get(), Outing.objects.get()

    assert (transfer.status, transfer.from_facility.code, transfer.to_facility.code) == (
        "departed", "SL02", "SL01",
    )  # fmt: skip
    assert (outing.status, outing.case.facility.code) == ("approved", "SL01")
    assert outing.leaves_on <= TODAY <= outing.returns_on


def test_two_provinces_four_facilities(after):
    assert set(Facility.objects.values_list("code", "province__name")) == {
        ("SL01", "示例省戒毒管理局"),
        ("SL02", "示例省戒毒管理局"),
        ("SL03", "示例省戒毒管理局"),
        ("YB01", "样本省戒毒管理局"),
    }
    assert Facility.objects.get(code="SL01").name == "示例省第一强制隔离戒毒所"


def test_a_roster_of_sixty_fits(after):
    beds = Bed.objects.filter(
        room__unit__facility__code="SL01", room__unit__zone__stage=Stage.DETOX
    ).free()

    free = Counter(beds.filter(room__isolation=False).values_list("room__sex", "room__for_minors"))

    assert free[Sex.MALE, False] >= 44
    assert free[Sex.FEMALE, False] >= 16
    assert sum(free.values()) >= 80


def test_an_account_for_every_role(after):
    logins = DemoLogin.objects.select_related("user__posting")

    roles = Counter(login.user.role for login in logins)

    assert set(roles) == {role.code for role in STARTING_ROLES}
    assert (roles["assessor"], roles["facility_leader"]) == (2, 2)
    assert roles["zone_officer"] >= 2
    assert all(login.user.check_password(login.password) for login in logins)
    assert len({login.password for login in logins}) == len(logins)


def test_every_account_is_of_the_demo(after):
    assert not User.objects.filter(is_demo=False).exists()


def test_nobody_signs_in_as_the_others(after):
    signed_in = DemoLogin.objects.values("user")

    assert not any(user.has_usable_password() for user in User.objects.exclude(pk__in=signed_in))


def test_people_everywhere(after):
    here = Case.objects.filter(facility__code="SL01")

    zones = Counter(here.filter(status="in_facility").values_list("zone__stage", flat=True))
    statuses = Counter(here.values_list("status", flat=True))

    assert all(zones[stage] >= 2 for stage in Stage)
    assert statuses["medical_leave"] == 1
    assert statuses["released"] == 3
    assert set(Agreement.objects.values_list("status", flat=True)) == {
        "offered", "signed", "declined",
    }  # fmt: skip
    assert Arrival.objects.undecided().count() == 2
    assert here.filter(receiving_unit__isnull=False).count() == 1
    assert here.filter(ends_on=TODAY, status="in_facility").count() == 1


def test_nobody_is_kept_beyond_his_term(after):
    assert not Case.objects.in_custody().filter(ends_on__lt=TODAY).exists()


def test_some_deadlines_are_met_some_near_some_missed(after):
    open_ones = Deadline.objects.open()

    assert Deadline.objects.filter(satisfied_at__isnull=False).count() > 100
    assert open_ones.overdue(at=make.NOON).count() >= 2
    assert open_ones.filter(due_at__gte=make.NOON).exists()


def test_people_were_told_of_themselves(after):
    open_ones = Deadline.objects.open().filter(clock="centers.told", opened_at__lte=make.NOON)

    assert Telling.objects.values("case").distinct().count() >= 20
    assert 1 <= open_ones.values("case").distinct().count() <= 5


def test_the_ledger_is_what_the_facts_call_for(after):
    drift = deadlines.rebuild(Case.objects.order_by("number"))

    assert (drift.mended, drift.failed) == (0, [])


def test_old_notices_were_read(after):
    leader = User.objects.with_posting().get(username="head1")

    unread = Notice.objects.unread_by(leader)

    assert Notice.objects.to(leader).exists()
    assert all((make.NOON - notice.written_at).days <= morning.READ_DAYS for notice in unread)


def test_all_are_invented(after):
    for person in Person.objects.all():
        assert person.invented
        assert "示例" in person.name
    numbered = Person.objects.exclude(id_index=None)
    for person in numbered:
        number = identity_number(person.id_number)
        assert number.number.startswith(people.AREA)
        assert (number.sex, number.birth_date) == (person.sex, person.birth_date)
    assert numbered.count() == Person.objects.count() - 1  # of one the number was somebody else's


def test_somebody_was_written_down_twice(after):
    merge = PersonMerge.objects.get()

    assert merge.status == "proposed"
    assert merge.case.person.id_number is None


def test_same_number_same_facts():
    once, again, other = (
        story.plans(Random(seed), cases=story.CASES, today=TODAY) for seed in (1, 1, 2)
    )

    assert once == again
    assert once != other


@pytest.mark.parametrize("cases", [35, 60, 300, 1_500])
def test_so_many_stays(cases):
    planned = story.plans(Random(1), cases=cases, today=TODAY)

    people_ = {(plan.person.name, plan.person.id_number) for plan in planned}
    again = [plan for plan in planned if plan.person.stay > 1]
    assert len(planned) == cases
    assert len({plan.person.decision_number for plan in planned}) == cases
    assert len({number for _, number in people_}) == len(people_) == cases - len(again)
    assert len({name for name, _ in people_}) == len(people_)


def test_a_house_that_lived_has_every_way_through_it():
    planned = story.plans(Random(1), cases=story.LIVED, today=TODAY)
    ended = [plan.ends_on for plan in planned if plan.ends_on < TODAY and not plan.turned_away]

    assert {plan.facility for plan in planned} == {"SL01", "SL02", "SL03", "YB01"}
    assert min(ended) <= TODAY - timedelta(days=540)  # eighteen months of people who left
    assert len(ended) >= 100
    for way in ("slow", "leave", "turned_away", "first_returned", "comes_back"):
        assert any(getattr(plan, way) for plan in planned), way
    for plan in planned:
        if plan.person.stay > 1:
            first = next(one for one in planned if one.person.serial == plan.person.serial)
            assert first.ends_on < plan.decided_on


@pytest.mark.parametrize("code", ["SL01", "SL02", "SL03", "YB01"])
def test_a_house_that_lived_has_a_bed_for_every_minor(code):
    """In 康复巩固区, where one stays longest, at the beds of the smaller houses."""
    planned = story.plans(Random(1), cases=story.LIVED, today=TODAY)
    stays = [
        (plan.consolidates_in, plan.arrives_on, plan.ends_on)
        for plan in planned
        if plan.facility == code and is_minor(plan.person.birth_date, on=plan.arrives_on)
    ]
    at_once = Counter(
        (unit, first)
        for first in {begins for _, begins, _ in stays}
        for unit, begins, ends in stays
        if begins <= first <= ends
    )

    beds = next(room.beds for room in places.one_sex(Sex.MALE, 24) if room.for_minors)
    assert max(at_once.values(), default=0) <= beds


def test_logins(after, settings):
    settings.DEMO = True
    out = io.StringIO()

    call_command("logins", stdout=out)

    lines = out.getvalue().splitlines()
    login = DemoLogin.objects.select_related("user").order_by("rank").first()
    assert len(lines) == DemoLogin.objects.count()
    assert lines[0].startswith("intake1 ")
    assert login.password in lines[0]


def test_passwords_open_to_jobs_alone(after):
    leader = User.objects.with_posting().get(username="ministry")

    with scope.within(leader.scope_at(make.NOON)):
        assert not DemoLogin.objects.exists()


def about_people():
    """Every table that must be fenced, by catalogue: all but those named as not about people."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted({name for (name,) in cursor.fetchall()} - NOT_ABOUT_PEOPLE)


def rows_in(tables, *, alias="default"):
    """How many rows of each table a role sees."""
    with connections[alias].cursor() as cursor:
        counts = ", ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        cursor.execute(f"SELECT {counts}")
        return dict(zip(tables, cursor.fetchone(), strict=True))


@pytest.fixture
def in_every_table(after):
    """The demo, and what its story leaves out: a roster, a grant, a draft, a paper printed, a number opened,
    an escape, what seldom happens."""
    leader, admin = (User.objects.get(username=name) for name in ("head1", "sysadmin"))
    case = Case.objects.filter(facility__code="SL01", status="in_facility").first()
    content = (CHECKOUT / "tests" / "data" / "roster-60-clean.xlsx").read_bytes()
    with scope.within(scope.Scope(actor=str(leader.pk), everything=True)) as seen:
        roster = door.roster(case.facility, content, as_of=TODAY, by=leader)
        intake.import_roster(roster=roster, answers=UNMOVED, by=leader, at=make.NOON)
        until = make.NOON + timedelta(days=7)
        grants.grant(user=leader, to=case, until=until, by=admin, at=make.NOON)
        form_key = FormKey(new_key(), leader.pk, "/somewhere/", "")
        drafts.keep(form_key=form_key, sent=QueryDict("reason=示例"), at=make.NOON)
        submissions.claim(form_key=form_key, digest="", at=make.NOON)
        access.open_sealed(
            case=case, field="identity", purpose="核对", by=leader, at=make.NOON,
            really_at=make.NOON,
        )  # fmt: skip
        hurt = HealthSheet.objects.filter(case__facility=case.facility).first()
        InjuryPhoto.objects.create(sheet=hurt, number=1, photo=door.A_PHOTO)
        ServiceOfDocument.objects.create(
            document=Document.objects.first(), recipient="person",
            manner=ServiceOfDocument.Manner.IN_PERSON, served_at=make.NOON, by=leader,
        )  # fmt: skip
        moves = ZoneMove.objects.filter(status="in_transit", case__facility__code="SL01")
        sheets = zones.make_handover_sheets(moves=moves, by=leader, at=make.NOON)
        papers.print_documents(documents=sheets, by=leader, really_at=make.NOON)
        gone = away.out(case, AbsenceKind.ESCAPE, by=leader, at=make.NOON)
        away.back(case, by=leader, at=make.NOON)
        escapes.propose_reversal(absence=gone, reason="示例", by=leader, at=make.NOON)
        _what_seldom_happens(case, leader)
    return seen


def _what_seldom_happens(case, leader):
    """A death, a revocation, a conversion, a served decision, an outing, a transfer, an objection."""
    here = Case.objects.filter(facility=case.facility).exclude(pk=case.pk)
    dead, freed, longer, leaving_for = here.filter(status="in_facility")[:4]
    leaving.death(dead, by=leader, at=make.NOON)
    leaving.revocation(freed, by=leader, at=make.NOON)
    leaving.conversion(here.filter(status="medical_leave").first(), by=leader, at=make.NOON)
    paper = served.extension(on=TODAY)
    propose_term_decision(case=longer, paper=paper, by=leader, at=make.NOON)
    away.outing(longer, by=leader, at=make.NOON)
    elsewhere = Facility.objects.exclude(pk=case.facility_id).first()
    zones.propose_transfer(
        case=leaving_for, to_facility=elsewhere, ground="nearness", note="",
        planned_on=TODAY, by=leader, at=make.NOON,
    )  # fmt: skip
    later = make.decision_facts(printed_ends_on=date(2028, 6, 5))
    ask_about_end(case=make.case(case.facility, decision=later), by=leader, at=make.NOON)
    telling = Telling.objects.filter(case__facility=case.facility).first()
    centers.add_telling_scan(telling=telling, scan=door.A_PHOTO, by=leader, at=make.NOON)
    panel = opinions.Panel(case.facility)
    good = selectors.past_year(leader, on=TODAY).filter(stand="may", facility=case.facility).first()
    opinions.walked(good, panel, OpinionStatus.NOTICED, at=make.NOON)
    opinions.object_to(good, panel, at=make.NOON)


def elsewhere(role):
    """Where nobody is: a place in a third province, or a station that looks after nobody."""
    province = make.bureau("示例丙省戒毒管理局")
    facility = make.facility("Z01", province=province)
    return {
        "facility_leader": facility,
        "zone_officer": make.unit(facility, Stage.DETOX),
        "aftercare_worker": make.station("示例丙省之站"),
    }.get(role, province)


def test_nobody_sees_a_row_of_anybody(in_every_table):
    tables = about_people()

    with scope.within(scope.NOBODY):
        seen = rows_in(tables)

    assert {table for table, rows in seen.items() if rows} == set()


@pytest.mark.parametrize(
    "role",
    ["facility_leader", "zone_officer", "bureau_approver", "aftercare_worker", "system_admin"],
)
def test_officer_of_another_province_sees_a_row_of_nobody(in_every_table, role):
    with scope.within(in_every_table):
        stranger = make.officer(role, elsewhere(role))
        of_nobody = Event.objects.filter(case=None, facility=None).count()

    with scope.within(stranger.scope_at(make.NOON)):
        seen = rows_in(about_people())

    assert {table: rows for table, rows in seen.items() if rows} == {
        "rehab_event": of_nobody,  # of accounts, written before anybody has a scope
    }


def test_there_are_rows_in_every_table_about_people(in_every_table):
    """Those of the story the owner sees; those just written, and not committed, who wrote them."""
    tables = about_people()

    told = rows_in(tables, alias="owner")
    with scope.within(in_every_table):
        written = rows_in(tables)

    assert {table for table in tables if not told[table] + written[table]} == set()
    everyday = set(tables) - SELDOM
    assert len([table for table in everyday if told[table]]) > len(everyday) * 3 / 4


def test_seed_leaves_a_house_that_is_not_empty_alone(after, settings):
    settings.DEMO = True

    call_command("seed", "--if-empty")

    with pytest.raises(CommandError, match="已有场所"):
        call_command("seed")

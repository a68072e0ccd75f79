from contextlib import nullcontext
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction

from rehab import checks
from rehab.actions import postings, setup
from rehab.ledgers import deadlines
from rehab.models import Bureau, Division, Facility, Posting, Role, Station, User
from rehab.roles import STARTING_ROLES
from rehab.states import EDGES, FINAL, CaseStatus, Sex, Stage
from tests.factories import rehab as make

S = CaseStatus


def test_every_status_is_reachable_and_every_unfinished_one_can_be_left():
    assert {to for _, to in EDGES} | {S.IN_FACILITY} == set(S)
    assert {at for at, _ in EDGES} == set(S) - FINAL


def test_stages_follow_one_another():
    assert [stage.next for stage in Stage] == [*list(Stage)[1:], None]
    assert Stage.DETOX.zone_label == "生理脱毒区"


def test_found_facility(facility):
    assert facility.zones.count() == 4
    assert facility.units.count() == 5
    assert facility.province == make.bureau()


def test_found_facility_under_a_city(facility):
    city = Bureau.objects.create(name="示例市司法局", level="city", parent=make.bureau())

    assert make.facility("T05", province=city).province == make.bureau()


def test_found_facility_under_the_ministry_is_an_error(facility):
    with pytest.raises(ValueError, match="province"):
        make.facility("T06", province=make.bureau().parent)


@pytest.mark.parametrize(
    ("code", "level", "lawful"),
    [
        ("110100", Station.Level.GUIDANCE, True),
        ("110101", Station.Level.WORK, True),
        ("110101", Station.Level.GUIDANCE, False),
        ("110100", Station.Level.SERVICE, False),
    ],
)
def test_a_station_stands_where_its_level_belongs(facility, code, level, lawful):
    where = {"division": Division.objects.get(code=code), "province": facility.province}

    with nullcontext() if lawful else pytest.raises(ValueError, match="指导站"):
        setup.open_station(name="示例站", level=level, **where)

    assert Station.objects.filter(name="示例站").exists() is lawful


def test_post_keeps_the_history(facility):
    user = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    second = make.unit(facility, Stage.ADAPTATION)

    posting = postings.post(
        user=user,
        role=Role.objects.get(pk="zone_leader"),
        place=second,
        by=user,
        at=make.at(2026, 12, 1),
    )

    assert User.objects.get(pk=user.pk).posting == posting
    assert list(
        Posting.objects.filter(user=user).order_by("started_at").values_list("ended_at", flat=True)
    ) == [make.at(2026, 12, 1), None]
    assert str(posting) == "教育适应大队 大队长"


@pytest.mark.parametrize("place", ["bureau", "station", "facility"])
def test_place_of_a_posting(facility, place):
    where = {"bureau": make.bureau(), "station": make.station(), "facility": facility}[place]
    role = {"bureau": "bureau_viewer", "station": "aftercare_worker", "facility": "clinician"}[
        place
    ]

    assert make.officer(role, where).posting.place == str(where)


def test_there_are_no_superusers(facility):
    user = make.officer("clinician", facility)

    with pytest.raises(IntegrityError, match="there_are_no_superusers"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(is_superuser=True)


@pytest.mark.django_db
def test_starting_roles_are_rows():
    assert set(Role.objects.values_list("code", flat=True)) == {one.code for one in STARTING_ROLES}
    administrators = Role.objects.filter(reach="none")
    assert administrators.count() == 3
    assert not administrators.filter(permissions__contains=["case.view"]).exists()


@pytest.mark.django_db
def test_divisions_are_rows():
    assert Division.objects.filter(level="province").count() == 34
    assert Division.objects.get(code="110101").parent.code == "110100"


@pytest.mark.django_db
def test_database_is_as_agreed():
    assert checks.database_is_as_agreed(None) == []


@pytest.mark.django_db
def test_database_that_is_not_as_agreed(monkeypatch):
    answers = iter([(160_004, "SQL_ASCII", "c", "zh_CN"), (True,)])
    real = connection.cursor

    class Cursor:
        def __enter__(self):
            return self

        def __exit__(self, *args):
            return None

        def execute(self, sql):
            with real() as cursor:
                cursor.execute(sql)

        def fetchone(self):
            return next(answers)

    monkeypatch.setattr(connection, "cursor", Cursor)

    assert [error.id for error in checks.database_is_as_agreed(None)] == [
        "rehab.E001", "rehab.E002", "rehab.E003", "rehab.E004",
    ]  # fmt: skip


def test_certificates_can_be_typeset():
    assert checks.certificates_can_be_typeset(None) == []


def test_certificates_that_cannot_be_typeset(monkeypatch):
    monkeypatch.setattr(checks, "BOLD", (Path("/没有/这个/字体.ttf"),))

    (error,) = checks.certificates_can_be_typeset(None)

    assert error.id == "rehab.E005"
    assert "字体.ttf" in error.msg


def test_migrate_asks_for_the_owner(settings, monkeypatch):
    monkeypatch.delitem(settings.DATABASES, "owner")

    with pytest.raises(CommandError, match="缺少环境变量 OWNER_DATABASE_URL"):
        call_command("migrate", verbosity=0)


def test_migrate_refuses_one_role_for_both(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "USER", settings.DATABASES["owner"]["USER"])

    with pytest.raises(CommandError, match="不得是同一角色"):
        call_command("migrate", verbosity=0)


def test_rebuild_deadlines_command(case, capsys):
    call_command("rebuild_deadlines")

    assert "T01 示例所T01: 1 人" in capsys.readouterr().out


def test_rebuild_deadlines_command_names_those_it_cannot_compute(case, monkeypatch, caplog):
    def facts(cases):
        raise ValueError("示例")

    monkeypatch.setattr(deadlines.modules()[0], "facts", facts)

    with pytest.raises(CommandError, match=case.number):
        call_command("rebuild_deadlines")


def test_sweep_command(case, capsys):
    call_command("sweep", "--on", "2028-05-31")
    call_command("sweep")

    assert "应提醒" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_facility_prints_its_name(facility):
    assert str(Facility.objects.get(pk=facility.pk)) == "示例所T01"
    assert Sex.MALE.label == "男"

"""Every table says who may read it: a fence where people are, and a word for every field.

That each fence lets nobody look over it is counted over a filled nation, in `tests/reporting/test_demo.py`.
"""

import pytest
from django.apps import apps
from django.db import connection, models

from rehab.sealed import SealedField

OURS = ("rehab", "centers", "zones", "intake", "aftercare", "reporting")

NOT_ABOUT_PEOPLE = {
    # places and rules
    "rehab_bed", "rehab_bureau", "rehab_division", "rehab_facility", "rehab_room",
    "rehab_sequence", "rehab_station", "rehab_unit", "rehab_zone", "rehab_democlock",
    "rehab_sweeprun", "rehab_ruleproposal", "rehab_delegation", "rehab_documentwording",
    "zones_stagerule", "centers_assessmentrule", "centers_opinionrule", "aftercare_contactrule",
    "rehab_endconvention",
    # those who work here
    "rehab_user", "rehab_user_groups", "rehab_user_user_permissions", "rehab_role",
    "rehab_posting", "rehab_facilitygrant", "rehab_stationgrant", "rehab_matchcall",
    "rehab_savedlist", "rehab_listtaking", "rehab_secondfactor", "rehab_accountnotice",
    # the frameworks' own
    "auth_group", "auth_group_permissions", "auth_permission", "django_content_type",
    "django_migrations", "django_session", "axes_accessattempt", "axes_accessattemptexpiration",
    "axes_accessfailurelog", "axes_accesslog", "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
}  # fmt: skip


def our_models():
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


@pytest.mark.django_db
def test_every_table_about_people_is_fenced():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relrowsecurity FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        fenced = dict(cursor.fetchall())

    open_ones = {table for table, row_security in fenced.items() if not row_security}

    assert open_ones - NOT_ABOUT_PEOPLE == set()
    assert {table for table in NOT_ABOUT_PEOPLE if fenced.get(table)} == set()


@pytest.mark.django_db
def test_every_fence_has_a_policy_and_the_web_role_does_not_own_it():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity"
            " AND NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)"
        )
        without_policy = cursor.fetchall()
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relowner ="
            " (SELECT oid FROM pg_roles WHERE rolname = current_user)"
        )
        owned = cursor.fetchall()

    assert (without_policy, owned) == ([], [])


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_field_is_classified(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    classes = [getattr(model.Privacy, name, ()) for name in ("sealed", "masked", "open")]

    assert sorted(name for names in classes for name in names) == sorted(fields)


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_what_is_called_sealed_is(model):
    sealed = {field.name for field in model._meta.get_fields() if isinstance(field, SealedField)}

    assert set(model.Privacy.sealed) == sealed


def test_no_key_counts_but_those_that_never_leave():
    """ADR-0019 says of each why."""
    counting = {
        model._meta.label
        for model in our_models()
        if not isinstance(model._meta.pk, models.UUIDField | models.CharField)
    }

    assert counting == {
        "rehab.CaseGrant", "rehab.DemoClock", "rehab.FacilityGrant", "rehab.NoticeRead",
        "rehab.Sequence", "rehab.StationGrant",
    }  # fmt: skip


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_nothing_is_deleted_by_cascade(model):
    cascading = {
        field.name
        for field in model._meta.get_fields()
        if field.concrete
        and field.is_relation
        and field.many_to_one
        and getattr(field.remote_field.on_delete, "__name__", "") != "PROTECT"
    }

    inherited = {"user", "permission"} if model.__name__.endswith("Grant") else set()
    assert cascading - inherited == set()

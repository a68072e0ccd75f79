"""审计: who opened what, and what administrators did; whose file it was is nobody's to read here."""

from datetime import date

import pytest
from django.urls import reverse

from rehab import clock, scope
from rehab.actions import access, accounts, delegations, places, postings, provincial, roles
from rehab.actions.papers import record_opening
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.document_kinds import kind
from rehab.ledgers import documents
from rehab.models import AccessRecord, Case, Event, Role
from rehab.selectors import audit
from rehab.states import Sex, Stage
from tests.factories import rehab as make


@pytest.fixture
def auditor(facility):
    return make.officer("audit_admin", facility.province)


@pytest.fixture
def desk(client, auditor):
    client.force_login(auditor)
    return client


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


def opened(case, by, at=make.NOON):
    access.open_sealed(case=case, field="decision", purpose="核对身份", by=by, at=at, really_at=at)


def as_(user):
    return scope.within(user.scope_at(clock.real_now()))


@pytest.fixture
def acts(facility, officer, auditor):
    """One of everything that an auditor reads about."""
    admin = make.officer("system_admin", facility.province)
    plan = UnitPlan("六大队", Stage.REENTRY, [RoomPlan("男区1", Sex.MALE, 6)])
    places.open_unit(facility=facility, plan=plan, by=admin, at=make.NOON)
    accounts.lock_account(user=officer, by=admin, at=make.NOON)
    accounts.unlock_account(user=officer, by=admin, at=make.NOON)
    postings.appoint(
        users=[officer], role=Role.objects.get(pk="clinician"), place=facility,
        starts_at=make.NOON, by=admin, at=make.NOON,
    )  # fmt: skip
    security = make.officer("security_admin", facility.province)
    roles.shape_role(
        role=Role.objects.get(pk="trainer"), display_name="康复师", description="示例",
        permissions=["case.view"], by=security, at=make.NOON,
    )  # fmt: skip
    approver = make.officer("bureau_approver", facility.province)
    provincial.propose_rule(
        code="contact", effective_from=date(2026, 12, 1), values={"interval_days": 20},
        document_number="", by=approver, at=make.NOON,
    )  # fmt: skip
    leader = make.officer("facility_leader", facility)
    delegations.delegate(
        to=officer, begins_on=make.NOON.date(), ends_on=date(2026, 11, 25), by=leader, at=make.NOON
    )
    return admin


def test_an_auditor_reads_records_of_cases_that_he_does_not_see(case, officer, auditor):
    opened(case, officer)

    with as_(auditor):
        (record,) = audit.accesses(auditor, who="", first=None, last=None)
        assert not Case.objects.exists()

    assert (record.user, record.field, record.purpose) == (officer, "decision", "核对身份")


def test_records_of_another_province_are_not_read(case, officer, facility):
    opened(case, officer)
    stranger = make.officer("audit_admin", make.bureau("另一省戒毒管理局"))

    with as_(stranger):
        assert not AccessRecord.objects.exists()
        assert not Event.objects.filter(facility=facility).exists()
    assert not audit.accesses(stranger, who="", first=None, last=None).exists()


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, 2),
        ({"who": " 示例 "}, 2),
        ({"who": "nobody"}, 0),
        ({"first": date(2026, 11, 21)}, 2),
        ({"first": date(2026, 11, 22)}, 1),
        ({"last": date(2026, 11, 21)}, 1),
        ({"first": date(2026, 11, 21), "last": date(2026, 11, 21)}, 1),
        ({"last": date(2026, 11, 20)}, 0),
    ],
)
def test_accesses_filtered(changed, found, case, officer, auditor):
    opened(case, officer)
    opened(case, officer, make.at(2026, 11, 22, 0, 30))

    rows = audit.accesses(auditor, **{"who": "", "first": None, "last": None} | changed)

    assert rows.count() == found


def test_administration_in_words(acts, auditor):
    with as_(auditor):
        found = audit.administration(auditor, who="", first=None, last=None, kind="")
        said = {(one.kind, one.about, one.text) for one in audit.said(found)}

    assert ("开设大队、中队", "示例所T01", "六大队 · 6 张床") in said
    assert any(kind == "停用账号" for kind, _, _ in said)
    assert any(kind == "任职" and "戒毒医疗中心人员" in text for kind, _, text in said)
    assert any(kind == "调整角色" and "项权限" in text for kind, _, text in said)
    assert any(kind == "委托值班" and text == "至 2026-11-25" for kind, _, text in said)
    assert any(kind == "拟定省级规则" and text == "照管联系" for kind, _, text in said)


def test_administration_filtered(acts, auditor):
    def count(**changed):
        asked = {"who": "", "first": None, "last": None, "kind": ""} | changed
        return audit.administration(auditor, **asked).count()

    assert count(kind="account_locked") == 1
    assert count(who=acts.username, kind="account_locked") == 1
    assert count(who="nobody") == 0
    assert count(last=date(2026, 11, 20)) == 0
    own = make.officer("audit_admin", auditor.bureau.facilities.get())
    assert audit.administration(
        own, who="", first=None, last=None, kind="rule_proposed"
    ).count() == 0  # fmt: skip


@pytest.mark.parametrize("records", [1, 20, 100])
def test_access_list(records, desk, case, officer, django_assert_max_num_queries):
    for _ in range(records):
        opened(case, officer)

    with django_assert_max_num_queries(8):
        page = desk.get(reverse("rehab:access-list")).content.decode()

    assert "决定书文号" in page
    assert str(case.pk)[-8:] in page
    assert case.number not in page
    assert case.person.name not in page


def test_an_opened_document_is_called_so(desk, case, officer):
    at = clock.real_now()
    facts = kind("rights").sample
    paper = documents.make(case, "rights", "权利义务告知书", facts, by=officer, at=make.NOON)
    record_opening(document=paper, by=officer, really_at=at)

    page = desk.get(reverse("rehab:access-list")).content.decode()

    assert f"查阅{paper.number}" in page
    assert "<td>文书</td>" in " ".join(page.split())


def taken(officer, **changed):
    given = {"title": "在所人员", "address": "/cases/?q=示例甲", "way": "xlsx", "rows": 7} | changed
    return access.record_taking(**given, by=officer, really_at=clock.real_now())


@pytest.mark.parametrize("records", [1, 20, 100])
def test_taking_list(records, desk, officer, django_assert_max_num_queries):
    for _ in range(records):
        taken(officer)

    with django_assert_max_num_queries(8):
        page = desk.get(reverse("rehab:taking-list")).content.decode()

    assert "在所人员" in page
    assert officer.display_name in page
    assert "示例甲" not in page


def test_takings_filtered(auditor, officer):
    stranger = make.officer(
        "intake_officer", make.facility("X01", province=make.bureau("样本省戒毒管理局"))
    )
    taken(officer)
    taken(stranger)

    def users(**changed):
        asked = {"who": "", "first": None, "last": None} | changed
        return [one.user for one in audit.takings(auditor, **asked)]

    assert users() == [officer]
    assert users(who=officer.username) == [officer]
    assert users(who="nobody") == []
    assert users(last=date(2020, 1, 1)) == []


def test_act_list(desk, acts, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        page = desk.get(reverse("rehab:act-list")).content.decode()

    assert "六大队" in page
    kept = desk.get(reverse("rehab:act-list"), {"kind": "account_locked", "who": "示例"})
    assert "停用账号" in kept.content.decode()


def test_what_cannot_be_read_filters_nothing_and_says_so(desk, acts):
    for name in ("access-list", "taking-list", "act-list"):
        page = desk.get(reverse(f"rehab:{name}"), {"first": "昨天"})

        assert (page.status_code, "“自”不是有效的日期" in page.content.decode()) == (422, True)


@pytest.mark.parametrize("role", ["system_admin", "security_admin", "facility_leader"])
def test_nobody_else_audits(client, role, facility):
    place = facility if role == "facility_leader" else facility.province
    client.force_login(make.officer(role, place))

    assert client.get(reverse("rehab:act-list")).status_code == 403

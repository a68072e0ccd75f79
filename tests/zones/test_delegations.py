"""值班委托: an officer decides for his leader for some days, never about what he proposed himself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from rehab.actions import accounts, delegations, postings
from rehab.backends import PostingBackend
from rehab.clock import standing_at
from rehab.models import Delegation, Event, Role, User
from rehab.permissions import Permission
from rehab.refusal import Refused
from rehab.selectors import delegations as selectors
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions
from zones.states import MoveStatus

ON = date(2026, 11, 21)
APPROVE = Permission.ZONE_MOVE_APPROVE


@pytest.fixture
def leader(crew):
    return crew.leader(Stage.DETOX)


@pytest.fixture
def officer(crew):
    return crew.officer(Stage.DETOX)


@pytest.fixture
def colleague(crew):
    return make.officer("zone_officer", crew.unit(Stage.DETOX))


def lent(by, to, *, begins_on=ON, days=7):
    return delegations.delegate(
        to=to, begins_on=begins_on, ends_on=begins_on + timedelta(days=days), by=by, at=make.NOON
    )


def signed_in(user):
    """As a request has the account."""
    return PostingBackend().get_user(user.pk)


def test_a_delegate_decides_about_what_others_proposed(case, crew, leader, officer, colleague):
    move = zones_make.proposed(case, crew)
    assert not signed_in(colleague).may(APPROVE)

    lent(leader, colleague)
    deputy = signed_in(colleague)
    move = actions.approve_zone_move(move=move, bed=None, by=deputy, at=make.NOON)

    assert (move.status, move.approved_by) == (MoveStatus.IN_TRANSIT, colleague)


def test_a_delegate_never_decides_about_what_he_proposed(case, crew, leader, officer):
    lent(leader, officer)
    move = zones_make.proposed(case, crew)
    deputy = signed_in(officer)

    assert deputy.may(APPROVE)
    with pytest.raises(Refused, match="审批须由另一名民警办理"):
        actions.approve_zone_move(move=move, bed=None, by=deputy, at=make.NOON)
    with pytest.raises(IntegrityError, match="not_approved_by_its_proposer"), transaction.atomic():
        type(move).objects.filter(pk=move.pk).update(
            status="in_transit", approved_by=officer, approved_at=make.NOON
        )

    move.refresh_from_db()
    assert move.status == MoveStatus.PROPOSED


def test_a_delegate_approves_on_the_page(client, case, crew, leader, colleague):
    move = zones_make.proposed(case, crew)
    client.force_login(colleague)
    url = reverse("zones:move-approve", args=[move.pk])
    assert client.get(url).status_code == 403

    lent(leader, colleague)

    page = client.get(url)
    assert "值班代行审批" in page.content.decode()
    bed = make.free_bed(crew.unit(Stage.ADAPTATION))
    assert client.post(url, {"bed": str(bed.pk)}).status_code == 302


@pytest.mark.parametrize(
    ("day", "may"),
    [(date(2026, 11, 22), False), (date(2026, 11, 23), True), (date(2026, 11, 30), True),
     (date(2026, 12, 1), False)],
    ids=["前一日", "首日", "末日", "次日"],
)  # fmt: skip
def test_it_begins_and_ends_by_the_day_alone(day, may, leader, officer):
    lent(leader, officer, begins_on=date(2026, 11, 23))

    with standing_at(make.at(day.year, day.month, day.day)):
        assert signed_in(officer).may(APPROVE) is may


@pytest.mark.parametrize("how", ["ended", "leader locked", "leader moved", "deputy moved"])
def test_it_ends_before_its_day(how, leader, officer, crew, facility):
    delegation = lent(leader, officer)
    admin = make.officer("system_admin", facility)
    assert signed_in(officer).may(APPROVE)

    match how:
        case "ended":
            delegations.end_delegation(delegation=delegation, by=leader, at=make.NOON)
        case "leader locked":
            accounts.lock_account(user=leader, by=admin, at=make.NOON)
        case "leader moved":
            postings.end_posting(user=leader, by=admin, at=make.NOON)
        case "deputy moved":
            postings.appoint(
                users=[officer],
                role=Role.objects.get(pk="zone_officer"),
                place=crew.unit(Stage.REENTRY),
                starts_at=make.NOON,
                by=admin,
                at=make.NOON,
            )

    assert not signed_in(officer).may(APPROVE)


def test_only_what_decides_is_lent(leader, officer):
    lent(leader, officer)

    assert signed_in(officer).delegated == {"zone_move.approve", "conduct.confirm"}
    assert not signed_in(officer).may(Permission.DELEGATION_GIVE)  # nobody lends what he was lent


def test_nothing_is_lent_to_who_has_no_posting(leader, officer, facility):
    lent(leader, officer)
    User.objects.filter(pk=officer.pk).update(posting=None)

    assert not signed_in(officer).may(APPROVE)


def test_delegate(leader, officer):
    made = lent(leader, officer)

    assert (made.giver, made.taker) == (leader.posting, officer.posting)
    (event,) = Event.objects.filter(kind=Event.Kind.DELEGATED)
    assert (event.subject_id, event.by) == (officer.pk, leader)
    assert event.facts["ends_on"] == "2026-11-28"
    assert list(selectors.delegations_of(officer)) == [made]


def test_delegate_refused(leader, officer, crew, facility):
    clinician = make.officer("clinician", facility)
    lent(leader, officer)

    for to, said in (
        (leader, "不得委托给自己"),
        (officer, "已经委托给"),
        (crew.officer(Stage.REENTRY), "不在生理脱毒大队任职"),
        (clinician, "不在生理脱毒大队任职"),
    ):
        with pytest.raises(Refused, match=said):
            lent(leader, to)
    with pytest.raises(Refused, match="没有可以委托的审批权限"):
        lent(clinician, make.officer("trainer", facility))
    with pytest.raises(Refused, match="最长 31 天"):
        lent(crew.leader(Stage.REENTRY), crew.officer(Stage.REENTRY), days=40)

    assert Delegation.objects.count() == 1
    assert Event.objects.filter(kind=Event.Kind.DELEGATED).count() == 1


def test_a_leader_of_the_house_delegates_to_who_sees_the_house(facility, crew):
    head = make.officer("facility_leader", facility)
    clinician = make.officer("clinician", facility)

    lent(head, clinician)

    given = {
        "escape.confirm",
        "leave.grant",
        "merge.confirm",
        "outing.approve",
        "term.confirm",
        "transfer.approve",
    }
    assert signed_in(clinician).delegated == given
    assert crew.officer(Stage.DETOX) not in selectors.candidates(head)
    assert not selectors.candidates(make.officer("bureau_viewer", facility.province)).exists()


def test_end_delegation(leader, officer):
    delegation = lent(leader, officer)

    delegations.end_delegation(delegation=delegation, by=leader, at=make.NOON)

    assert Event.objects.filter(kind=Event.Kind.DELEGATION_ENDED).count() == 1
    with pytest.raises(Refused, match="已经结束"):
        delegations.end_delegation(delegation=delegation, by=leader, at=make.NOON)
    over = lent(leader, officer)
    with pytest.raises(Refused, match="已经结束"):
        delegations.end_delegation(delegation=over, by=leader, at=make.at(2026, 12, 5))


def test_the_database_keeps_delegations_apart(leader, officer):
    for changed, said in (
        ({"taker": leader.posting}, "nobody_delegates_to_himself"),
        ({"ends_on": date(2026, 11, 20)}, "delegation_ends_after_it_begins"),
    ):
        row = {
            "giver": leader.posting, "taker": officer.posting, "begins_on": ON, "ends_on": ON,
            "given_at": make.NOON,
        } | changed  # fmt: skip
        with pytest.raises(IntegrityError, match=said), transaction.atomic():
            Delegation.objects.create(**row)


def test_delegation_pages(client, leader, officer, colleague, django_assert_max_num_queries):
    client.force_login(leader)
    listing, creation = reverse("rehab:delegation-list"), reverse("rehab:delegation-create")
    assert "没有委托" in client.get(listing).content.decode()
    assert "批准转区、复核月考核" in client.get(creation).content.decode()
    body = {"to": str(officer.pk), "begins_on": "2026-11-21", "ends_on": "2026-11-25"}

    assert client.post(creation, body)["Location"] == listing
    again = client.post(creation, body)
    assert (again.status_code, "已经委托给" in again.content.decode()) == (422, True)
    assert client.post(creation, body | {"to": ""}).status_code == 422
    with django_assert_max_num_queries(8):
        page = client.get(listing).content.decode()
    assert "有效" in page

    end = reverse("rehab:delegation-end", args=[Delegation.objects.get().pk])
    assert client.get(end).status_code == 200
    assert client.post(end)["Location"] == listing
    assert client.post(end).status_code == 422
    client.force_login(colleague)
    assert client.get(listing).status_code == 403


def test_another_leaders_delegation_is_not_there(client, leader, officer, crew):
    delegation = lent(leader, officer)
    client.force_login(crew.leader(Stage.REENTRY))

    page = client.get(reverse("rehab:delegation-end", args=[delegation.pk]))

    assert page.status_code == 404

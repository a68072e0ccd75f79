"""期限核实函 from the page of a release: offered where two last days differ, made once, told of by everybody."""

from datetime import date

import pytest
from django.urls import reverse

from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import EndInquiry
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

PASSED = "推算的期满日 2028-05-31 已过，决定书载明 2028-06-05，请立即致函决定机关核实"
BETWEEN = make.at(2028, 6, 2)


@pytest.fixture
def later(facility):
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=date(2028, 6, 5)))
    deadlines.refresh([case])
    return case


@pytest.fixture
def bureau(facility):
    return make.officer("bureau_approver", facility.province)


def page(client, case, user, name="aftercare:release-detail"):
    client.force_login(user)
    return client.get(reverse(name, args=[case.number])).content.decode()


def test_inquiry_create(client, later, intake):
    address = reverse("aftercare:inquiry-create", args=[later.number])
    offered = page(client, later, intake)

    made = client.post(address, follow=True).content.decode()
    again = client.post(address)

    letter = EndInquiry.objects.get().document
    paper = client.get(reverse("document-detail", args=[letter.pk]))
    assert "制作期限核实函" in offered
    assert f"核实函 {letter.number} 已制作" in made
    assert "制作期限核实函" not in made
    assert reverse("service-create", args=[letter.pk]) in made
    assert paper.headers["Content-Type"] == "application/pdf"
    assert again.status_code == 422
    assert "已经制作" in again.content.decode()


def test_inquiry_create_is_offered_where_the_days_differ_alone(client, case, intake):
    address = reverse("aftercare:inquiry-create", args=[case.number])

    assert "制作期限核实函" not in page(client, case, intake)
    assert client.post(address).status_code == 422
    assert not EndInquiry.objects.exists()


def test_inquiry_create_of_another_facility(client, later):
    elsewhere = make.officer("intake_officer", make.facility("T02"))
    client.force_login(elsewhere)

    found = client.post(reverse("aftercare:inquiry-create", args=[later.number]))

    assert found.status_code == 404
    assert not EndInquiry.objects.exists()


def test_between_the_two_days_every_page_says_which_has_passed(client, later, intake, leader):
    with standing_at(BETWEEN):
        release = page(client, later, leader)
        file = page(client, later, leader, "reporting:case-detail")
        client.force_login(intake)
        listed = client.get(reverse("aftercare:release-list")).content.decode()
        home = client.get(reverse("reporting:worklist-list")).content.decode()

    assert PASSED in release
    assert "今天还不能解除" in release
    assert PASSED in file
    assert "推算的期满日 2028-05-31" in file
    assert "超期在所 1 人" in listed
    assert "推算 2028-05-31" in listed
    assert "致函核实期限" in listed
    assert "超期在所 1 人" in home


def test_a_bureau_sees_the_alarm(client, later, bureau):
    with standing_at(BETWEEN):
        client.force_login(bureau)
        counted = client.get(reverse("reporting:worklist-list")).content.decode()

    assert "超期在所 1 人" in counted


def test_on_the_printed_day_he_is_released(client, later, intake):
    with standing_at(make.at(2028, 6, 5)):
        client.force_login(intake)
        listed = client.get(reverse("aftercare:release-list")).content.decode()
        release = page(client, later, intake)

    assert reverse("aftercare:release-create", args=[later.number]) in listed
    assert "今天还不能解除" not in release

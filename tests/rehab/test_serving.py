"""送达: to whom, how and when; never before the paper was made, and never changed."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from rehab.actions.serving import serve_document
from rehab.ledgers import documents
from rehab.models import Document, Event, ServiceOfDocument
from rehab.refusal import Refused
from rehab.rules.serving import service_obstacles
from tests.factories import aftercare as out
from tests.factories import rehab as make
from tests.rehab.test_ledgers import RIGHTS

pytestmark = pytest.mark.django_db

FAMILY, IN_PERSON = ServiceOfDocument.Recipient.FAMILY, ServiceOfDocument.Manner.IN_PERSON
TYPED = {"recipient": "family", "manner": "post", "served_at": "2026-11-21 12:00"}


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def letter(case, officer):
    """A letter made at noon."""
    return documents.make(case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON)


def page_of(document):
    return reverse("service-create", args=[document.pk])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, "", id="制作的那一分钟"),
        pytest.param({"served_at": make.at(2026, 11, 21, 12, 5)}, "", id="现在"),
        pytest.param({"served_at": make.at(2026, 11, 21, 12, 6)}, "不能晚于现在", id="将来"),
        pytest.param({"served_at": make.at(2026, 11, 21, 11, 59)}, "不能早于文书", id="制作前"),
        pytest.param({"typeset": False}, "还没有打印", id="待打印"),
    ],
)
def test_service_obstacles(changed, words):
    facts = {
        "typeset": True,
        "made_at": make.NOON + timedelta(seconds=40),
        "served_at": make.NOON,
        "at": make.at(2026, 11, 21, 12, 5),
    }

    obstacles = service_obstacles(**facts | changed)

    assert [words in one.message for one in obstacles] == ([True] if words else [])


def serve(document, by, **changed):
    facts = {
        "recipient": FAMILY, "received_by": " 示例姐 ", "manner": IN_PERSON, "served_at": make.NOON,
    }  # fmt: skip
    return serve_document(
        case=document.case, document=document, by=by, at=make.NOON, **facts | changed
    )


def test_serve_document(case, letter, officer):
    service = serve(letter, officer)

    assert (service.received_by, service.by, service.served_at) == ("示例姐", officer, make.NOON)
    event = Event.objects.get(kind=Event.Kind.DOCUMENT_SERVED)
    assert (event.case, event.happened_at) == (case, make.NOON)
    assert event.facts == {
        "document": str(letter.pk), "template": "rights", "recipient": "family",
        "manner": "in_person",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SELECT received_by FROM rehab_serviceofdocument")
        assert "示例姐".encode() not in bytes(cursor.fetchone()[0])


def test_nobody_need_have_signed(letter, officer):
    assert serve(letter, officer, received_by=" ").received_by is None


def test_what_waits_to_be_printed_is_not_served(letter, officer):
    Document.objects.filter(pk=letter.pk).update(body=None, sha256="")

    with pytest.raises(Refused, match="还没有打印"):
        serve(letter, officer)

    assert not ServiceOfDocument.objects.exists()


def test_a_service_cannot_be_changed(letter, officer):
    service = serve(letter, officer)

    with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
        ServiceOfDocument.objects.filter(pk=service.pk).update(recipient="person")


def test_service_create(client, case, letter, officer):
    client.force_login(officer)

    shown = client.get(page_of(letter)).content.decode()
    refused = client.post(page_of(letter), TYPED | {"served_at": "2026-11-21 12:01"})
    done = client.post(page_of(letter), TYPED | {"received_by": "示例姐"})
    listed = client.get(done.headers["Location"]).content.decode()
    again = client.get(page_of(letter)).content.decode()
    told = client.get(case.get_absolute_url()).content.decode()

    assert letter.number in shown
    assert refused.status_code == 422
    assert "“送达时间”不能晚于现在" in refused.content.decode()
    assert done.headers["Location"] == f"{case.get_absolute_url()}?tab=documents"
    assert "邮寄 2026-11-21" in listed
    assert "示例姐" in again
    assert "示例姐" not in listed + told
    assert "家属 · 邮寄" in told


@pytest.mark.parametrize(
    ("role", "status"), [("intake_officer", 404), ("zone_officer", 403), ("facility_leader", 403)]
)
def test_who_may_not(case, letter, role, status):
    elsewhere = make.facility("T02")
    place = case.unit if role == "zone_officer" else elsewhere
    client = Client()
    client.force_login(make.officer(role, place))

    assert client.post(page_of(letter), TYPED).status_code == status
    assert not ServiceOfDocument.objects.exists()


def test_the_certificate_is_served_from_the_page_of_the_release(case, officer, client):
    made = out.release(case, by=officer)
    client.force_login(officer)

    page = client.get(reverse("aftercare:release-detail", args=[case.number])).content.decode()

    assert page_of(made.certificate) in page

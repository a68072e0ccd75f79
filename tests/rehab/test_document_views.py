"""The pages of 文书: opened, printed, verified."""

import pytest
from django.urls import reverse

from rehab.document_kinds import kinds
from rehab.ledgers import documents
from rehab.models import AccessRecord, DocumentPrint
from rehab.states import Stage
from tests.factories import rehab as make
from tests.rehab.test_ledgers import RIGHTS

VERIFY = "/documents/verification/"


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def desk(client, officer):
    client.force_login(officer)
    return client


@pytest.fixture
def document(case, officer):
    return documents.make(case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON)


def test_document_detail_is_kept_in_the_access_ledger(desk, document, officer):
    answer = desk.get(reverse("document-detail", args=[document.pk]))

    assert answer.content == bytes(document.body)
    record = AccessRecord.objects.get()
    assert (record.user, record.case, record.purpose) == (
        officer, document.case, f"查阅{document.number}",
    )  # fmt: skip
    assert not DocumentPrint.objects.exists()


def test_document_print(desk, document):
    url = reverse("document-print", args=[document.pk])

    first, second = desk.post(url), desk.post(url)

    assert first["Content-Type"] == second["Content-Type"] == "application/pdf"
    assert first["Cache-Control"] == "no-store"
    assert first.content == bytes(document.body) != second.content
    assert DocumentPrint.objects.count() == 2
    assert desk.get(url).status_code == 405


def test_document_print_outside_the_scope(client, document, facility):
    client.force_login(make.officer("zone_officer", make.unit(facility, Stage.REENTRY)))

    assert client.post(reverse("document-print", args=[document.pk])).status_code == 404
    assert not DocumentPrint.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "真：与留底一致"),
        ({"code": "00000000"}, "伪：有此文号，但校验码不符"),
        ({"number": "（示）无〔2026〕1号"}, "没有查到"),
    ],
    ids=["真", "伪", "无"],
)
def test_document_verify(desk, document, typed, said):
    answer = desk.post(VERIFY, {"number": document.number, "code": document.facts["check"]} | typed)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert said in page
    assert (document.title in page) == (not typed)


def test_document_verify_of_what_was_altered(desk, document):
    type(document).objects.filter(pk=document.pk).update(body=b"%PDF")

    answer = desk.post(VERIFY, {"number": document.number, "code": document.sha256[:8]})

    assert "留底与摘要不符" in answer.content.decode()


@pytest.mark.parametrize("code", ["", "xyz", "1234567g"])
def test_document_verify_of_no_code(desk, code):
    answer = desk.post(VERIFY, {"number": "（示）强戒告〔2026〕1号", "code": code})

    assert answer.status_code == 422
    assert "校验码" in answer.content.decode()
    assert "强戒告" in answer.content.decode()


def test_document_verify_page(desk):
    assert desk.get(VERIFY).status_code == 200


@pytest.mark.parametrize("code", kinds())
def test_document_sample(desk, code):
    answer = desk.get(reverse("document-sample", args=[code]))

    assert answer["Content-Type"] == "application/pdf"


def test_document_sample_of_no_kind(desk):
    assert desk.get(reverse("document-sample", args=["diploma"])).status_code == 404

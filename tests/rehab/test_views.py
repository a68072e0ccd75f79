import pytest

from rehab.ledgers import documents
from rehab.states import Stage
from tests.factories import rehab as make
from tests.rehab.test_ledgers import RIGHTS


@pytest.fixture
def officer(facility):
    return make.officer("intake_officer", facility)


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


@pytest.mark.django_db
def test_healthz(client):
    assert client.get("/healthz/").content == b"ok\n"


def test_login(client, officer):
    response = client.post("/login/", {"username": officer.username, "password": make.PASSWORD})

    assert (response.status_code, response["Location"]) == (302, "/")


@pytest.mark.parametrize("username", ["nobody", None], ids=["无此用户", "密码错误"])
def test_login_fails_in_one_sentence(client, officer, username):
    response = client.post("/login/", {"username": username or officer.username, "password": "x"})

    assert response.status_code == 422
    assert "用户名或密码不正确" in response.content.decode()


def test_login_of_one_no_longer_active(client, officer):
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)

    response = client.post("/login/", {"username": officer.username, "password": make.PASSWORD})

    assert "用户名或密码不正确" in response.content.decode()


def test_a_session_ends_when_the_account_does(signed_in, officer):
    type(officer).objects.filter(pk=officer.pk).update(is_active=False)

    assert signed_in.get("/").status_code == 302


@pytest.fixture
def invented(officer):
    """The officer's account as one of a demonstration."""
    type(officer).objects.filter(pk=officer.pk).update(is_demo=True)


@pytest.mark.parametrize(("demo", "status"), [(True, 302), (False, 422)])
def test_login_of_a_demo_account(client, officer, invented, settings, demo, status):
    settings.DEMO = demo

    response = client.post("/login/", {"username": officer.username, "password": make.PASSWORD})

    assert response.status_code == status
    assert ("用户名或密码不正确" in response.content.decode()) is not demo


@pytest.mark.parametrize(("demo", "goes_on"), [(True, True), (False, False)])
def test_a_session_of_a_demo_account(signed_in, invented, settings, demo, goes_on):
    settings.DEMO = demo

    assert (signed_in.get("/").status_code == 200) is goes_on


def test_logout(signed_in):
    assert signed_in.post("/logout/").status_code == 302
    assert signed_in.get("/").status_code == 302


@pytest.fixture
def document(case, officer):
    return documents.make(case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON)


def test_document_detail(signed_in, document):
    response = signed_in.get(f"/documents/{document.pk}/")

    assert response["Content-Type"] == "application/pdf"
    assert response.content == bytes(document.body)


def test_document_detail_outside_the_scope(client, document, facility):
    client.force_login(make.officer("zone_officer", make.unit(facility, Stage.REENTRY)))

    assert client.get(f"/documents/{document.pk}/").status_code == 404


def test_document_detail_without_the_permission(client, document, facility):
    client.force_login(make.officer("trainer", facility))

    assert client.get(f"/documents/{document.pk}/").status_code == 403


@pytest.mark.django_db
def test_the_policy_of_every_page(client):
    policy = client.get("/healthz/")["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy

"""The API: in scope, paginated, refused with reasons, described by a valid schema."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from drf_spectacular.validation import validate_schema

from rehab import scope, statutes
from rehab.clock import standing_at
from rehab.models import Deadline
from rehab.rules.days import start_of
from rehab.states import CaseStatus, Stage
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

DEADLINES = "/api/v1/deadlines/"
EXPLAIN = "/api/v1/term/explain/"
EXPLAIN_FACTS = "/api/v1/term/explain/facts/"


@pytest.fixture(autouse=True)
def _noon():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_addresses():
    assert reverse("reporting:api-deadline-list") == DEADLINES
    assert reverse("reporting:api-term-explain") == EXPLAIN


def test_deadline_list(facility):
    case = make.case(facility)

    answer = client_of(make.officer("assessor", facility)).get(DEADLINES)

    assert answer.status_code == 200
    row = next(row for row in answer.json()["results"] if row["clock"] == "term.expiry")
    assert row == {
        "case": case.number,
        "facility": "T01",
        "clock": "term.expiry",
        "label": "期满解除",
        "cycle": "",
        "opened_at": "2026-06-01T00:00:00+08:00",
        "due_at": "2028-05-31T23:59:59+08:00",
        "owed_by": "intake_officer",
        "article": str(statutes.RELEASE_ON_EXPIRY),
    }


def test_deadline_list_filters(facility):
    make.case(facility, decision=make.decision_facts(printed_ends_on=date(2027, 1, 1)))
    make.case(facility)
    client = client_of(make.officer("assessor", facility))

    before = start_of(date(2027, 6, 1)).isoformat()
    found = client.get(DEADLINES, {"clock": "term.expiry", "due_before": before}).json()

    assert found["count"] == 1
    assert [row["clock"] for row in found["results"]] == ["term.expiry"]


def test_deadline_list_is_what_the_scope_holds(facility):
    other = make.facility("T02")
    make.case(other)
    case = make.case(facility)
    zone_officer = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    elsewhere = make.officer("zone_officer", make.unit(facility, Stage.REENTRY))

    assert _cases(zone_officer) == {case.number}
    assert _cases(elsewhere) == set()


def _cases(user) -> set[str]:
    return {row["case"] for row in client_of(user).get(DEADLINES).json()["results"]}


def test_deadline_list_in_pages(facility):
    case = make.case(facility)
    Deadline.objects.bulk_create(
        Deadline(
            case=case,
            facility=facility,
            clock="term.expiry",
            cycle=str(n),
            opened_at=make.NOON,
            due_at=make.NOON + timedelta(days=n),
            owed_by="assessor",
        )
        for n in range(1, 121)
    )
    client = client_of(make.officer("assessor", facility))

    first = client.get(DEADLINES, {"clock": "term.expiry"}).json()
    second = client.get(first["next"]).json()

    assert (first["count"], len(first["results"]), len(second["results"])) == (121, 100, 21)
    assert second["next"] is None


@pytest.mark.parametrize("asked", [{"clock": "no.such"}, {"due_before": "昨天"}, {"page": "0"}])
def test_deadline_list_asked_wrongly(asked, facility):
    answer = client_of(make.officer("assessor", facility)).get(DEADLINES, asked)

    assert answer.status_code == 400
    assert list(answer.json()) == list(asked)


@pytest.mark.parametrize("rows", [1, 20, 100])
def test_deadline_list_query_count(rows, facility, django_assert_max_num_queries):
    case = make.case(facility)
    Deadline.objects.bulk_create(
        Deadline(
            case=case, facility=facility, clock="term.expiry", cycle=str(n),
            opened_at=make.NOON, due_at=make.NOON, owed_by="assessor",
        )
        for n in range(rows)
    )  # fmt: skip
    client = client_of(make.officer("assessor", facility))

    with django_assert_max_num_queries(8):
        client.get(DEADLINES)


def test_term_explain(facility):
    case = make.case(facility)

    answer = client_of(make.officer("assessor", facility)).get(EXPLAIN, {"case": case.number})

    assert answer.status_code == 200
    shown = answer.json()
    assert shown["ends_on"] == shown["printed_ends_on"] == "2028-05-31"
    assert shown["decided_on"] == "2026-06-01"
    assert [(step["article"], step["ends_on"]) for step in shown["steps"]] == [
        (str(statutes.TERM_STARTS), "2028-05-31")
    ]
    assert shown["cautions"] == []


def test_term_explain_when_the_printed_end_differs(facility):
    case = make.case(facility, decision=make.decision_facts(printed_ends_on=date(2028, 6, 1)))

    shown = client_of(make.officer("assessor", facility)).get(EXPLAIN, {"case": case.number}).json()

    assert [step["ends_on"] for step in shown["steps"]] == ["2028-05-31", "2028-06-01"]
    assert shown["ends_on"] == "2028-06-01"
    caution, alarm = shown["cautions"]
    assert "晚 1 日" in caution["message"]
    assert caution["article"] == str(statutes.TWO_YEAR_TERM)
    assert "2028-05-31 较早" in alarm["message"]
    assert alarm["article"] == str(statutes.UNLAWFUL_CUSTODY)


@pytest.mark.parametrize(
    ("status", "ended", "article"),
    [
        pytest.param(CaseStatus.ESCAPED, None, statutes.ESCAPE, id="脱逃"),
        pytest.param(CaseStatus.REVOKED, make.NOON, statutes.REMEDIES, id="撤销"),
    ],
)
def test_term_explain_refused(status, ended, article, facility):
    case = make.case(facility)
    case.status, case.ended_at = status, ended
    case.save()

    answer = client_of(make.officer("assessor", facility)).get(EXPLAIN, {"case": case.number})

    assert answer.status_code == 409
    (reason,) = answer.json()
    assert reason["message"]
    assert reason["article"] == str(article)


def test_term_explain_outside_the_scope_is_not_found(facility):
    case = make.case(make.facility("T02"))

    answer = client_of(make.officer("assessor", facility)).get(EXPLAIN, {"case": case.number})

    assert answer.status_code == 404


def test_term_explain_wants_a_case(facility):
    answer = client_of(make.officer("assessor", facility)).get(EXPLAIN)

    assert answer.status_code == 400


@pytest.mark.parametrize("address", [DEADLINES, EXPLAIN, "/api/v1/schema/"])
def test_anonymous_is_refused(address):
    assert Client().get(address).status_code in (401, 403)


def test_explaining_facts_that_are_sent(facility):
    sent = {"decided_on": "2021-03-01", "on": "2022-12-01"}
    sent["escapes"] = [{"from": "2022-05-01", "to": "2022-05-11"}]
    client = client_of(make.officer("assessor", facility))

    answer = client.post(EXPLAIN_FACTS, sent, content_type="application/json")

    assert answer.status_code == 200
    assert answer.json() == {
        "ends_on": "2023-03-10",
        "steps": [
            {
                "article": "《戒毒条例》第二十七条第一款",
                "says": "自作出决定之日起满二年",
                "ends_on": "2023-02-28",
            },
            {
                "article": "《戒毒条例》第三十二条",
                "says": "2022-05-01 脱逃，2022-05-11 追回，10 日不计入期限",
                "ends_on": "2023-03-10",
            },
        ],
        "earliest_early_release": None,
        "early_release_reason": {
            "message": "曾脱逃，不得提前解除",
            "article": "《戒毒条例》第三十二条",
        },
        "warnings": [],
    }


def test_facts_that_contradict_the_law_are_refused_with_the_article(facility):
    sent = {"decided_on": "2021-03-01", "on": "2022-12-01"}
    sent["decisions"] = [{"kind": "extension", "served_on": "2022-11-01", "months": 13}]
    client = client_of(make.officer("assessor", facility))

    answer = client.post(EXPLAIN_FACTS, sent, content_type="application/json")

    assert answer.status_code == 409
    assert [one["article"] for one in answer.json()] == ["《禁毒法》第四十七条第三款"]


@pytest.mark.parametrize("address", [DEADLINES, EXPLAIN, "/api/v1/schema/"])
def test_role_without_the_permission_is_refused(address, facility):
    client = client_of(make.officer("system_admin", facility.province))

    assert client.get(address).status_code == 403


def test_schema_is_valid_and_names_each_operation(facility):
    client = client_of(make.officer("assessor", facility))

    schema = client.get(
        "/api/v1/schema/", {"format": "json"}, headers={"accept": "application/json"}
    )

    described = schema.json() if "json" in schema["Content-Type"] else None
    assert described is not None
    validate_schema(described)
    operations = {
        one["operationId"]: path
        for path, methods in described["paths"].items()
        for one in methods.values()
    }
    assert operations["deadlines_list"] == DEADLINES
    assert operations["term_explain"] == EXPLAIN
    assert operations["term_explain_facts"] == EXPLAIN_FACTS
    assert "409" in described["paths"][EXPLAIN]["get"]["responses"]

"""The clocks of the back door: what opens them, what settles them, what they cost."""

from datetime import date, timedelta

import pytest

from aftercare import clocks
from aftercare.clocks import Call, Leaving, Link
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline
from rehab.rules.days import end_of, start_of
from rehab.states import CaseStatus
from tests.factories import aftercare as out
from tests.factories import rehab as make

END = date(2028, 5, 31)
SIGNED = make.at(2028, 5, 20)
LAST = date(2029, 5, 19)


def leaving(**changed):
    facts = {
        "entered_at": make.NOON,
        "ends_on": END,
        "status": CaseStatus.IN_FACILITY,
        "ended_at": None,
        "looked_after": True,
    }
    return Leaving(**facts | changed)


def link(**changed):
    facts = {
        "starts_on": SIGNED.date(),
        "ends_on": LAST,
        "signed_at": SIGNED,
        "follows": False,
        "renewed_at": None,
        "withdrawn": False,
    }
    return Link(**facts | changed)


def call(day, *, reached=True, renewal=False, next_on=None):
    at = make.at(day.year, day.month, day.day)
    return Call(at, reached, renewal, next_on or day + timedelta(days=30))


def rows(facts, clock):
    return [one for one in clocks.expected(facts) if one.clock == clock]


def notice(facts):
    return rows(facts, clocks.RELEASE_NOTICE)


def test_a_certificate_is_owed_while_it_waits():
    (one,) = rows(leaving(waits_since=out.NOON_OF_LAST_DAY), clocks.CERTIFICATE)

    assert (one.due_at, one.satisfied_at) == (end_of(END), None)
    assert not rows(leaving(), clocks.CERTIFICATE)


def test_the_notice_is_due_three_days_before():
    (one,) = notice(leaving())

    assert one.opened_at == start_of(date(2028, 5, 1))
    assert one.due_at == end_of(date(2028, 5, 28))
    assert one.owed_by == "intake_officer"


@pytest.mark.parametrize(
    ("entered", "due"),
    [
        pytest.param(make.at(2028, 5, 28), date(2028, 5, 28), id="三日前入所"),
        pytest.param(make.at(2028, 5, 29), date(2028, 5, 29), id="两日前入所"),
        pytest.param(make.at(2028, 5, 31), date(2028, 5, 31), id="当日入所"),
    ],
)
def test_the_notice_is_due_at_once_when_less_remains(entered, due):
    (one,) = notice(leaving(entered_at=entered))

    assert one.due_at == end_of(due)
    assert one.opened_at <= one.due_at


@pytest.mark.parametrize("status", [CaseStatus.ESCAPED, CaseStatus.RELEASED, CaseStatus.DIED])
def test_a_notice_not_given_is_owed_no_more(status):
    assert notice(leaving(status=status)) == []


def test_a_notice_given_stays():
    (one,) = notice(leaving(status=CaseStatus.RELEASED, notified_at=SIGNED))

    assert one.satisfied_at == SIGNED


@pytest.mark.parametrize(
    ("ended_at", "signed_at", "due"),
    [
        pytest.param(None, SIGNED, date(2028, 6, 7), id="未解除按最后一日"),
        pytest.param(make.at(2028, 6, 2), SIGNED, date(2028, 6, 9), id="按实际解除日"),
        pytest.param(make.at(2028, 5, 31), make.at(2028, 7, 1), date(2028, 7, 8), id="解除后签订"),
    ],
)
def test_first_contact(ended_at, signed_at, due):
    facts = leaving(ended_at=ended_at, links=(link(signed_at=signed_at),))

    (one,) = rows(facts, clocks.FIRST_CONTACT)

    assert one.due_at == end_of(due)
    assert one.satisfied_at is None


def test_contacts_follow_one_another():
    calls = (
        call(date(2028, 6, 2), reached=False),
        call(date(2028, 6, 5)),
        call(date(2028, 7, 1), reached=False, next_on=date(2028, 7, 4)),
        call(date(2028, 7, 6)),
    )
    facts = leaving(links=(link(calls=calls),))

    (first,) = rows(facts, clocks.FIRST_CONTACT)
    following = rows(facts, clocks.NEXT_CONTACT)

    assert first.satisfied_at == make.at(2028, 6, 5)
    assert [(one.cycle, one.satisfied_at) for one in following] == [
        ("2028-07-05", make.at(2028, 7, 1)),
        ("2028-07-04", make.at(2028, 7, 6)),
        ("2028-08-05", None),
    ]


def test_nothing_is_owed_after_the_end():
    calls = (call(date(2029, 5, 1), next_on=LAST + timedelta(days=1)),)

    assert rows(leaving(links=(link(calls=calls),)), clocks.NEXT_CONTACT) == []


def test_contacts_run_on_through_a_renewal():
    links = (
        link(renewed_at=make.at(2029, 5, 1), calls=(call(date(2029, 5, 1)),)),
        link(
            starts_on=date(2029, 5, 20), ends_on=date(2030, 5, 19), follows=True,
            signed_at=make.at(2029, 5, 1),
        ),
    )  # fmt: skip
    facts = leaving(links=links)

    assert len(rows(facts, clocks.FIRST_CONTACT)) == 1
    assert [one.cycle for one in rows(facts, clocks.NEXT_CONTACT)] == ["2029-05-31"]
    ends = rows(facts, clocks.AGREEMENT_END)
    assert [one.satisfied_at for one in ends] == [make.at(2029, 5, 1), None]


def test_a_new_agreement_begins_anew():
    links = (link(), link(starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31)))

    assert [one.cycle for one in rows(leaving(links=links), clocks.FIRST_CONTACT)] == ["2030-01-01"]


@pytest.mark.parametrize(
    ("talked_on", "settled"),
    [
        pytest.param(date(2029, 4, 18), False, id="三十一日前"),
        pytest.param(date(2029, 4, 19), True, id="三十日前"),
    ],
)
def test_the_talk_about_going_on(talked_on, settled):
    facts = leaving(links=(link(calls=(call(talked_on, renewal=True),)),))

    (one,) = rows(facts, clocks.AGREEMENT_END)

    assert one.opened_at == start_of(date(2029, 4, 19))
    assert one.due_at == end_of(LAST)
    assert (one.satisfied_at is not None) is settled


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"links": (link(withdrawn=True, calls=(call(END),)),)}, id="退出"),
        pytest.param({"links": (link(calls=(call(END),)),), "status": CaseStatus.DIED}, id="死亡"),
        pytest.param({"links": (link(calls=(call(END),)),), "looked_after": False}, id="期满"),
    ],
)
def test_what_was_done_stays_and_nothing_more_is_owed(changed):
    owed = [one for one in clocks.expected(leaving(**changed)) if one.owed_by == "aftercare_worker"]

    assert [one.clock for one in owed] == [clocks.FIRST_CONTACT]
    assert owed[0].satisfied_at is not None


@pytest.mark.parametrize("people", [1, 20])
def test_facts_cost_three_queries(people, last_day, db, django_assert_num_queries):
    facility = make.facility(beds=people)
    everyone = [make.case(facility) for _ in range(people)]
    for case in everyone[:3]:
        out.signed(case)

    with django_assert_num_queries(3):
        clocks.facts(everyone)


@pytest.mark.parametrize("people", [1, 20])
def test_facts_of_the_dead_cost_one_more(people, last_day, db, django_assert_num_queries):
    facility = make.facility(beds=people)
    everyone = [out.death(make.case(facility)).case for _ in range(people)]

    with django_assert_num_queries(3):  # nobody of them signed: the calls are not asked for
        found = clocks.facts(everyone)

    assert all(len(one.death.told) == 4 for one in found.values())


def test_a_rebuild_gives_the_same_rows(case):
    agreement = out.signed(case, at=out.NOON_OF_LAST_DAY)
    out.release(case)

    def ledger():
        columns = ("clock", "cycle", *deadlines.COLUMNS)
        return sorted(map(str, Deadline.objects.filter(case=case).values_list(*columns)))

    right = ledger()
    assert any(str(agreement.starts_on) in row for row in right)
    Deadline.objects.all().delete()

    deadlines.rebuild(Case.objects.all())

    assert ledger() == right

"""通知: what was said to a post, unread first, each read by each."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from rehab.actions.reading import mark_read
from rehab.ledgers import notices
from rehab.ledgers.notices import Post
from rehab.models import Event, Notice, NoticeRead
from rehab.states import Stage
from reporting.selectors import said
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

NOTICES = "/notices/"


@pytest.fixture
def case(noon):
    return make.case(make.facility())


def reminded(about, **changed):
    facts = {
        "subject_type": "case", "subject_id": about.pk, "case": about, "clock": "term.expiry",
        "due_at": make.NOON, "kind": Notice.Kind.OVERDUE, "role_id": "intake_officer",
        "facility": about.facility, "written_at": make.NOON,
    }  # fmt: skip
    return Notice.objects.create(**facts | changed)


def lines(client):
    return client.get(NOTICES).context["lines"]


def test_notice_list(case, signed_in):
    reminded(case)

    (line,) = lines(signed_in(make.officer("intake_officer", case.facility)))

    assert (line.kind, line.text, line.tone) == ("已逾期", "期满解除", "overdue")
    assert (line.person, line.number, line.linked) == (case.person.name, case.number, True)
    assert (line.read, line.outage) == (False, None)


def test_what_was_told_is_named_by_its_event(case):
    notices.tell(case, Event.Kind.ADMITTED, to=Post("clinician", case.facility_id))
    notices.tell(case, "unheard-of", to=Post("clinician", case.facility_id))

    user = make.officer("clinician", case.facility)
    found = said.notices(user)

    assert {said.line(notice, user).text for notice in found} == {"收治入所", "unheard-of"}
    assert {said.line(notice, user).tone for notice in found} == {"later"}


def test_late_notice_says_the_outage(case, signed_in):
    reminded(case, outage_from=date(2026, 11, 18), outage_to=date(2026, 11, 21))

    answer = signed_in(make.officer("intake_officer", case.facility)).get(NOTICES)

    assert "系统停用 2026-11-18 至 2026-11-21，补发" in answer.content.decode()


def test_unread_first_then_the_newest(case):
    officer = make.officer("intake_officer", case.facility)
    for hours, cycle in ((3, "old"), (1, "new"), (0, "read")):
        reminded(case, cycle=cycle, written_at=make.NOON - timedelta(hours=hours))
    mark_read(notices=Notice.objects.filter(cycle="read"), by=officer, at=make.NOON)

    found = list(said.notices(officer).values_list("cycle", flat=True))

    assert found == ["new", "old", "read"]


def test_a_case_that_may_no_longer_be_opened_is_a_number(case):
    unit = make.unit(case.facility, Stage.REENTRY)
    reminded(case, role_id="zone_officer", unit=unit)

    user = make.officer("zone_officer", unit)
    (line,) = (said.line(one, user) for one in said.notices(user))

    assert (line.person, line.number, line.linked) == ("", case.number, False)


def test_notice_about_no_case(case):
    facility = case.facility
    reminded(case, case=None, subject_type="facility", subject_id=facility.pk)

    user = make.officer("intake_officer", facility)
    (line,) = (said.line(one, user) for one in said.notices(user))

    assert (line.person, line.number, line.linked) == ("", "", False)


@pytest.mark.parametrize(
    ("role", "count"), [("intake_officer", 1), ("clinician", 0), ("facility_leader", 0)]
)
def test_only_the_post(role, count, case, signed_in):
    reminded(case)

    assert len(lines(signed_in(make.officer(role, case.facility)))) == count


def test_notice_read(case, signed_in):
    notice = reminded(case)
    officer = make.officer("intake_officer", case.facility)
    colleague = make.officer("intake_officer", case.facility)
    client = signed_in(officer)

    answer = client.post(reverse("reporting:notice-read", args=[notice.pk]))
    client.post(reverse("reporting:notice-read", args=[notice.pk]))

    assert answer.status_code == 302
    assert NoticeRead.objects.get().user == officer
    assert [line.read for line in lines(client)] == [True]
    assert [line.read for line in lines(signed_in(colleague))] == [False]


def test_notice_read_of_another_post_is_not_found(case, signed_in):
    notice = reminded(case)
    client = signed_in(make.officer("clinician", case.facility))

    assert client.post(reverse("reporting:notice-read", args=[notice.pk])).status_code == 404
    assert not NoticeRead.objects.exists()


def test_notice_read_all(case, signed_in):
    for cycle in ("1", "2"):
        reminded(case, cycle=cycle)
    client = signed_in(make.officer("intake_officer", case.facility))

    answer = client.post(reverse("reporting:notice-read-all"), headers={"HX-Request": "true"})

    assert answer["HX-Redirect"] == NOTICES
    assert [line.read for line in lines(client)] == [True, True]
    assert "全部标为已读" not in client.get(NOTICES).content.decode()


def test_reading_is_a_post(case, signed_in):
    client = signed_in(make.officer("intake_officer", case.facility))

    assert client.get(reverse("reporting:notice-read-all")).status_code == 405


REMINDERS = (Notice.Kind.COMING, Notice.Kind.DUE, Notice.Kind.OVERDUE)


def reminded_day_by_day(case, **changed):
    """Three days before, on the day, and after it."""
    return [
        reminded(case, kind=kind, written_at=make.NOON + timedelta(days=day), **changed)
        for day, kind in enumerate(REMINDERS)
    ]


def test_the_last_word_of_a_deadline_takes_the_place_of_the_earlier(case, signed_in):
    reminded_day_by_day(case, cycle="1")
    reminded(case, cycle="2", kind=Notice.Kind.DUE)
    reminded(case, cycle="1", kind=Notice.Kind.CHANGED)
    officer = make.officer("intake_officer", case.facility)

    shown = [(line.kind, line.read) for line in lines(signed_in(officer))]

    assert sorted(shown) == [("今日到期", False), ("已逾期", False), ("期限变更", False)]
    assert Notice.objects.unread_by(officer).count() == 3


def test_what_another_post_was_told_later_replaces_nothing(case):
    reminded(case, kind=Notice.Kind.DUE)
    reminded(case, role_id="clinician", written_at=make.NOON + timedelta(days=1))

    (notice,) = said.notices(make.officer("intake_officer", case.facility))

    assert notice.kind == Notice.Kind.DUE


def test_one_tick_reads_all_that_was_said_of_a_deadline(case, signed_in):
    *_, last = every = reminded_day_by_day(case)
    other = reminded(case, cycle="2", kind=Notice.Kind.DUE)
    officer = make.officer("intake_officer", case.facility)

    signed_in(officer).post(reverse("reporting:notice-read", args=[last.pk]))

    assert set(NoticeRead.objects.values_list("notice", flat=True)) == {one.pk for one in every}
    assert list(Notice.objects.unread_by(officer)) == [other]


def test_a_tick_on_a_page_of_yesterday_leaves_the_newer_word_unread(case, signed_in):
    _, due, overdue = reminded_day_by_day(case)
    officer = make.officer("intake_officer", case.facility)

    answer = signed_in(officer).post(reverse("reporting:notice-read", args=[due.pk]))

    assert answer.status_code == 302
    assert list(Notice.objects.unread_by(officer)) == [overdue]

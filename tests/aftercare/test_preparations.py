"""解除准备: who fetches somebody, said a week before; it keeps nobody, and who is free stays by his own hand alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aftercare import actions, clocks, selectors
from aftercare.models import ReleasePlan
from aftercare.rules import Recipients
from aftercare.rules.preparing import Preparation, preparation_obstacles
from rehab.clock import standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Absence, Case, Deadline, Event, Person
from rehab.refusal import Refused
from rehab.rules.days import end_of, start_of
from rehab.states import IN_CUSTODY, AbsenceKind, CaseStatus
from tests.aftercare.test_clocks import leaving, rows
from tests.aftercare.test_deaths import put
from tests.factories import absences as away
from tests.factories import aftercare as out
from tests.factories import rehab as make
from zones import actions as rooms

NOW, TODAY = out.NOON_OF_LAST_DAY, out.NOON_OF_LAST_DAY.date()
MOTHER = Preparation(fetched_by="relative", who="示例母亲（母亲） 000-0000")
LODGING = Preparation(fetched_by="nobody", way="lodging", where="示例招待所", chosen_on=TODAY)


def prepare(case, by, preparation=MOTHER):
    return actions.prepare_release(case=case, preparation=preparation, by=by, at=NOW)


@pytest.mark.parametrize(
    ("preparation", "days", "said"),
    [
        pytest.param(MOTHER, 30, "", id="三十日前"),
        pytest.param(MOTHER, 31, "起可以登记", id="三十一日前"),
        pytest.param(MOTHER, -1, "", id="期满后"),
        pytest.param(replace(MOTHER, who=" "), 0, "“来接的人”不能为空", id="何人"),
        pytest.param(Preparation(fetched_by="nobody"), 0, "“怎样离所”", id="无人来接"),
        pytest.param(Preparation(fetched_by="nobody", way="transport"), 0, "", id="送回"),
        pytest.param(LODGING, 0, "", id="本人选择暂住"),
        pytest.param(replace(LODGING, chosen_on=None), 0, "《国家赔偿法》第三条", id="没有签名"),
        pytest.param(
            replace(LODGING, chosen_on=TODAY + timedelta(days=1)), 0, "晚于今天", id="将来签名"
        ),
        pytest.param(
            replace(LODGING, chosen_on=TODAY - timedelta(days=30)), 0, "", id="三十日前签名"
        ),
        pytest.param(
            replace(LODGING, chosen_on=TODAY - timedelta(days=31)), 0, "由本人重新签名", id="旧签名"
        ),
    ],
)
def test_what_may_be_written_down(preparation, days, said):
    ends_on = TODAY + timedelta(days=days)

    found = preparation_obstacles(
        preparation, in_custody=True, status="在所", ends_on=ends_on, on=TODAY
    )

    assert [one for one in found if said and said in str(one)] == list(found)
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("entered", "ends_on", "opens", "due"),
    [
        ((2026, 6, 1), date(2028, 5, 31), date(2028, 5, 1), date(2028, 5, 24)),
        ((2028, 5, 29), date(2028, 5, 31), date(2028, 5, 29), date(2028, 5, 29)),
    ],
)
def test_it_is_owed_a_week_before(entered, ends_on, opens, due):
    (one,) = rows(leaving(entered_at=make.at(*entered), ends_on=ends_on), clocks.RELEASE_PLAN)

    assert (one.opened_at, one.due_at, one.owed_by) == (start_of(opens), end_of(due), "zone_officer")  # fmt: skip


@pytest.mark.parametrize("status", CaseStatus, ids=lambda one: one.label)
def test_of_who_has_left_it_is_owed_no_more(status):
    owed, kept = (
        rows(leaving(status=status, ended_at=NOW, prepared_at=at), clocks.RELEASE_PLAN)
        for at in (None, NOW)
    )

    assert bool(owed) == (status in IN_CUSTODY)
    assert [one.satisfied_at for one in kept] == [NOW]


def test_it_is_written_down_and_written_anew(case, intake):
    said = prepare(case, intake)
    assert (said.words, said.outline) == ("家属，示例母亲（母亲） 000-0000", "家属")
    assert Deadline.objects.get(case=case, clock=clocks.RELEASE_PLAN).satisfied_at == NOW

    plan = prepare(case, intake, replace(LODGING, who="多填的"))

    assert plan.words == "无人来接，本人书面选择暂住，随时可以离开，示例招待所"
    assert (plan.who, plan.chosen_on) == (None, TODAY)
    assert prepare(case, intake, replace(LODGING, fetched_by="police", who="示例民警")).way == ""
    assert ReleasePlan.objects.count() == 1
    said = case.events.filter(kind=Event.Kind.RELEASE_PREPARED).order_by("recorded_at", "pk")
    assert [one.facts["way"] for one in said] == ["", "lodging", ""]
    with pytest.raises(IntegrityError, match="own_written_choice"), transaction.atomic():
        ReleasePlan.objects.update(fetched_by="nobody", way="lodging", chosen_on=None)
    with pytest.raises(IntegrityError, match="has_a_way_home"), transaction.atomic():
        ReleasePlan.objects.update(fetched_by="nobody", way="")


def test_when_the_last_day_moves_it_is_asked_anew(case, intake):
    plan = prepare(case, intake)
    assert selectors.plan_of(case) == plan
    Case.objects.update(ends_on=TODAY + timedelta(days=31), alarm_on=TODAY + timedelta(days=31))
    case = Case.objects.get()

    deadlines.refresh([case])

    owed = Deadline.objects.get(case=case, clock=clocks.RELEASE_PLAN)
    assert (owed.satisfied_at, owed.opened_at) == (None, start_of(TODAY + timedelta(days=1)))
    assert selectors.plan_of(case) is None
    prepared = leaving(ends_on=case.ends_on, prepared_at=NOW)
    gone = replace(prepared, status=CaseStatus.RELEASED, ended_at=NOW)
    assert not rows(gone, clocks.RELEASE_PLAN)


@pytest.mark.parametrize("status", CaseStatus, ids=lambda one: one.label)
def test_of_whose_term_runs_alone(case, intake, status):
    put(case, status)

    if status in IN_CUSTODY:
        assert prepare(case, intake).fetched_by == "relative"
    else:
        with pytest.raises(Refused, match=f"此人现为“{status.label}”"):
            prepare(case, intake)
        assert not ReleasePlan.objects.exists()


def test_nothing_of_it_stays_when_the_event_fails(case, intake, monkeypatch):
    def falls(*given, **named):
        raise RuntimeError("it fell")

    monkeypatch.setattr(events, "record", falls)

    with pytest.raises(RuntimeError):
        prepare(case, intake)

    assert not ReleasePlan.objects.exists()


@pytest.mark.parametrize("preparation", [None, MOTHER, LODGING])
@pytest.mark.parametrize("outing", [False, True])
def test_a_release_waits_for_nobody(case, intake, leader, preparation, outing):
    if outing:
        before = NOW - timedelta(days=1)
        with standing_at(before):
            away.approved_outing(case, at=before)
            departure = away.departure(AbsenceKind.HOME_VISIT, at=before)
            rooms.leave_facility(case=case, departure=departure, by=intake, at=before)
    if preparation:
        prepare(case, intake, preparation)

    release = out.release(case, by=intake, second=leader)

    assert release.released_at == NOW
    assert Case.objects.get().status == CaseStatus.RELEASED
    assert Absence.objects.open().count() == 0
    event = Event.objects.get(kind=Event.Kind.RELEASED)
    assert (clocks.RELEASE_PLAN in event.facts["outstanding"]) == (preparation is None)


def test_the_letters_say_who_comes_and_the_employer_does_not_learn_it(case, intake):
    prepare(case, intake, LODGING)

    notice = actions.give_release_notice(
        case=case, by=intake, at=NOW, recipients=Recipients(employer="示例单位")
    )

    said = {copy.audience: copy.document.facts for copy in notice.copies.all()}
    assert said["family"]["arrangement"] == said["deciding_authority"]["arrangement"]
    assert "随时可以离开" in said["family"]["arrangement"]
    assert "示例招待所" not in said["family"]["arrangement"]  # where he goes is his own affair
    assert "arrangement" not in said["employer"]


def test_release_prepare_page(client, case, intake):
    Person.objects.update(relatives=[{"name": "示例母亲", "relation": "母亲", "phone": "000"}])
    client.force_login(intake)
    url = reverse("aftercare:release-prepare", args=[case.number])
    assert 'value="示例母亲（母亲） 000"' in client.get(url).content.decode()

    refused = client.post(url, {"fetched_by": "nobody"})
    done = client.post(url, {"fetched_by": "nobody", "way": "transport", "where": "示例市示例路"})

    assert (refused.status_code, "“怎样离所”" in refused.content.decode()) == (422, True)
    assert done.status_code == 302
    assert "本所送至住处" in client.get(done.url).content.decode()
    assert 'value="示例市示例路"' in client.get(url).content.decode()
    assert (
        "本所送至住处"
        in client.get(reverse("aftercare:release-create", args=[case.number])).content.decode()
    )


@pytest.mark.parametrize(
    ("relatives", "said"),
    [(None, ""), ([{"phone": "000"}], ""), ([{"name": "示例"}], "示例")],
)
def test_the_first_relative_on_file(relatives, said):
    assert selectors.relative_words(Person(relatives=relatives)) == said

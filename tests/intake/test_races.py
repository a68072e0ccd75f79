"""Two officers at once: exactly one succeeds, and the other reads why."""

import threading

import pytest
from django.db import connections

from intake import actions
from intake.models import Arrival
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.models import Bed, Case, Decision, Person
from rehab.refusal import Refused
from rehab.rules.identity import check_digit
from rehab.states import CaseStatus, Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.race
MORE_ROOM = 400
KNOWN_BY_NAME = {"identity_unknown": "已核查"}


@pytest.fixture
def world(committed_db):
    """Everything below is committed, and everybody sees it."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


def at_once(*acts):
    """Run the acts in threads of their own, started together; what each gave or refused."""
    line_up = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(at, act):
        try:
            with standing_at(make.NOON), scope.within(make.EVERYTHING):
                line_up.wait()
                outcomes[at] = act()
        except Refused as refused:
            outcomes[at] = refused
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def one_won(outcomes):
    """The sentence that the loser read."""
    lost = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(lost) == len(outcomes) - 1, outcomes
    assert None not in outcomes
    return str(lost[0])


def number_of(serial):
    """The number of a man born on 1990-01-01, in an area that no roster uses."""
    head = f"99999919900101{serial * 2 + 1:03d}"
    return head + check_digit(head)


def officers(facility, count=2):
    return [make.officer("intake_officer", facility) for _ in range(count)]


def bed_and_next(facility):
    """Two free beds for men."""
    beds = Bed.objects.free().fit_for(sex=Sex.MALE, minor=False, isolation=False)
    unit = make.unit(facility, Stage.DETOX)
    return list(beds.filter(room__unit=unit).order_by("pk")[:2])


def test_two_officers_admit_the_same_arrival(world, trials):
    facility = make.facility(beds=MORE_ROOM)
    first, second = officers(facility)
    for _ in range(trials):
        arrival = door.arrival(facility, by=first)
        left, right = bed_and_next(facility)

        said = one_won(
            at_once(
                lambda arrival=arrival, bed=left: door.admit(
                    arrival, by=first, second=second, bed=bed
                ),
                lambda arrival=arrival, bed=right: door.admit(
                    arrival, by=second, second=first, bed=bed
                ),
            )
        )

        assert "已对此人决定“同意接收”" in said
        assert Case.objects.filter(admission__arrival=arrival).count() == 1


def test_two_facilities_admit_the_same_person(world, trials):
    here, there = make.facility("T01", beds=MORE_ROOM), make.facility("T02", beds=MORE_ROOM)
    ours, theirs = officers(here), officers(there)
    for trial in range(trials):
        number = number_of(trial)
        arrivals = [
            door.arrival(facility, by=by, id_number=number)
            for facility, (by, _) in ((here, ours), (there, theirs))
        ]

        said = one_won(
            at_once(
                lambda one=arrivals[0]: door.admit(one, by=ours[0], second=ours[1]),
                lambda one=arrivals[1]: door.admit(one, by=theirs[0], second=theirs[1]),
            )
        )

        assert "有未结档案" in said
        assert "0000-0000000" in said
        assert Person.objects.filter(id_index=arrivals[0].person_index).count() == 1


def test_two_facilities_admit_somebody_known_before(world, trials):
    """One links him by name, the other finds him by number: it is the same person."""
    here, there = make.facility("T01", beds=MORE_ROOM), make.facility("T02", beds=MORE_ROOM)
    ours, theirs = officers(here), officers(there)
    for trial in range(trials):
        known = {"name": f"示例旧{trial}", "birth_date": make.person_facts().birth_date}
        number = number_of(trial)
        old = make.case(here, person=make.person_facts(**known, id_number=number))
        cases.close_case(case=old, to=CaseStatus.RELEASED, at=make.NOON)
        by_name = door.arrival(here, by=ours[0], **known)
        by_number = door.arrival(there, by=theirs[0], id_number=number, **known)

        said = one_won(
            at_once(
                lambda one=by_name, person=old.person_id: door.admit(
                    one, by=ours[0], second=ours[1], known_person=person
                ),
                lambda one=by_number: door.admit(one, by=theirs[0], second=theirs[1]),
            )
        )

        assert "有未结档案" in said
        assert Case.objects.unfinished().filter(person=old.person).count() == 1


def test_the_same_decision_is_carried_out_once(world, trials):
    here, there = make.facility("T01", beds=MORE_ROOM), make.facility("T02", beds=MORE_ROOM)
    ours, theirs = officers(here), officers(there)
    for trial in range(trials):
        decision = f"示公（禁）强戒决字〔2026〕7{trial:05d}号"
        left = door.arrival(here, by=ours[0], decision_number=decision)
        right = door.arrival(there, by=theirs[0], decision_number=decision)

        said = one_won(
            at_once(
                lambda one=left: door.admit(one, by=ours[0], second=ours[1]),
                lambda one=right: door.admit(one, by=theirs[0], second=theirs[1]),
            )
        )

        assert "同一决定不能重复接收" in said
        assert Decision.objects.filter(number_index=left.decision_index).count() == 1


def test_the_last_bed(world, trials):
    facility = make.facility(beds=MORE_ROOM)
    by, second = officers(facility)
    for _ in range(trials):
        left, right = door.arrival(facility, by=by), door.arrival(facility, by=by)
        last = bed_and_next(facility)[0]

        said = one_won(
            at_once(
                lambda one=left, bed=last: door.admit(one, by=by, second=second, bed=bed),
                lambda one=right, bed=last: door.admit(one, by=second, second=by, bed=bed),
            )
        )

        assert "已有人或已预留，请另选床位" in said
        assert Arrival.objects.undecided().filter(pk__in=[left.pk, right.pk]).count() == 1


def test_the_same_person_is_registered_once(world, trials):
    facility = make.facility()
    by, other = officers(facility)
    for _ in range(trials):
        papers = door.papers()

        said = one_won(
            at_once(
                *(
                    lambda officer=officer, papers=papers: actions.register_arrival(
                        facility=facility, papers=papers, by=officer, at=make.NOON
                    )
                    for officer in (by, other)
                )
            )
        )

        assert "已登记此人" in said


def small_roster(serial):
    """Three people of whom no other roster knows."""
    titles = (
        "姓名,性别,出生日期,公民身份号码,强制隔离戒毒决定书文号,决定日期,强制隔离戒毒起止日期,"
        "移交日期,健康状况,决定机关,家属姓名"
    )
    lines = [
        f"示例名{serial}又{line},男,1990-01-01,,示公（禁）强戒决字〔2026〕6{serial:04d}{line}号,"
        "2026-06-01,2026-06-01至2028-05-31,2026-11-21,健康,示例市公安局,示例亲属"
        for line in range(3)
    ]
    return "\n".join([titles, *lines]).encode()


def test_the_same_roster_is_imported_once(world, trials):
    """A roster is imported once in its life: three officers press at once."""
    facility = make.facility()
    staff = officers(facility, 3)
    for serial in range(trials):
        roster = door.roster(facility, small_roster(serial), as_of=make.NOON.date(), by=staff[0])

        said = one_won(
            at_once(
                *(
                    lambda officer=officer, roster=roster: actions.import_roster(
                        roster=roster, answers={}, by=officer, at=make.NOON
                    )
                    for officer in staff
                )
            )
        )

        assert "此名册已由" in said
        assert Arrival.objects.filter(row__roster=roster).count() == 3
        roster.refresh_from_db()
        assert roster.receipt


def test_a_roster_is_withdrawn_while_one_of_it_is_decided(world, trials):
    """Whoever comes second reads why: who was decided, or that the roster is gone."""
    facility = make.facility(beds=MORE_ROOM)
    first, second = officers(facility)
    for serial in range(trials):
        one = door.roster(facility, small_roster(serial), as_of=make.NOON.date(), by=first)
        roster = actions.import_roster(roster=one, answers={}, by=first, at=make.NOON)
        arrival = Arrival.objects.filter(row__roster=roster).first()
        bed = bed_and_next(facility)[0]

        said = one_won(
            at_once(
                lambda roster=roster: actions.withdraw_roster(
                    roster=roster, reason="送错了单位", by=first, at=make.NOON
                ),
                lambda arrival=arrival, bed=bed: door.admit(
                    arrival, by=second, second=first, bed=bed, answers=KNOWN_BY_NAME
                ),
            )
        )

        arrival.refresh_from_db()
        roster.refresh_from_db()
        admitted = Case.objects.filter(admission__arrival=arrival).count()
        if roster.withdrawn_at:
            assert "已撤回此人所在的名册" in said
            assert (arrival.status, admitted) == ("withdrawn", 0)
        else:
            assert "名册中已有 1 人作出决定" in said
            assert (arrival.status, admitted) == ("admitted", 1)

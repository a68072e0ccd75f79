"""Two officers at once at the same two records: exactly one outcome, and the other reads why."""

import threading
import time

import pytest
from django.db import connection, connections, transaction

from rehab import scope
from rehab.actions import cases, merging
from rehab.clock import standing_at
from rehab.models import Case, Person, PersonMerge
from rehab.refusal import Refused
from rehab.states import CaseStatus, MergeStatus
from tests.factories import intake as door
from tests.factories import merging as same
from tests.factories import rehab as make

pytestmark = pytest.mark.race
MORE_ROOM = 400
PATIENCE = 1_000  # looks, a hundredth of a second apart


@pytest.fixture
def world(committed_db):
    """Everything below is committed, and everybody sees it."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def here(world):
    return make.facility("T01", beds=MORE_ROOM)


@pytest.fixture
def staff(here):
    """Two who propose, and two leaders."""
    return [make.officer(role, here) for role in ("intake_officer", "facility_leader") * 2]


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
    assert None not in outcomes
    return outcomes


def reasons(outcomes):
    return [str(one) for one in outcomes if isinstance(one, Refused)]


def two_of(facility, staff, trial):
    """Two records of one man, both of finished stays; a name of his own for each trial."""
    known = {"birth_date": same.BORN, "days": 1}
    before = same.LONG_AGO + trial * same.timedelta(days=3)
    first = same.finished(facility, name=f"示例初{trial}", entered_at=before, **known)
    again = same.finished(
        facility, name=f"示例再{trial}", entered_at=before + same.timedelta(days=2), **known
    )
    return same.Two(again, first, staff[0], staff[1])


def proposing(two, *, by, back=False):
    case, other = (two.elsewhere, two.here) if back else (two.here, two.elsewhere)
    return lambda: merging.propose_merge(
        case=case,
        other=other.person_id,
        chosen=None,
        reason="同一人",
        answers={},
        by=by,
        at=make.NOON,
    )


def confirming(merge, by):
    return lambda: merging.confirm_merge(merge=merge, by=by, at=make.NOON)


def undoing(merge, by):
    return lambda: merging.undo_merge(merge=merge, later={}, reason="不是", by=by, at=make.NOON)


def withdrawing(merge, by):
    return lambda: merging.withdraw_merge(merge=merge, by=by, at=make.NOON)


def until_somebody_waits():
    """Until another connection stands before a lock of ours."""
    ours = "pg_backend_pid() = ANY(pg_blocking_pids(pid))"
    waiting = f"SELECT 1 FROM pg_locks WHERE NOT granted AND {ours}"
    with connection.cursor() as cursor:
        for _ in range(PATIENCE):
            cursor.execute(waiting)
            if cursor.fetchone():
                return
            time.sleep(0.01)
    pytest.fail("nobody waited")


def admitting(arrival, officers, known_person):
    by, second = officers
    return lambda: door.admit(arrival, by=by, second=second, known_person=known_person)


def test_both_ways_at_once(here, staff, trials):
    """A into B and B into A: one proposal."""
    for trial in range(trials):
        two = two_of(here, staff, trial)

        outcomes = at_once(proposing(two, by=staff[0]), proposing(two, by=staff[2], back=True))

        (said,) = reasons(outcomes)
        assert "已提请合并其中一份登记" in said
        assert PersonMerge.objects.filter(kept=two.elsewhere.person_id).count() == 1


def test_two_leaders_confirm_at_once(here, staff, trials):
    for trial in range(trials):
        two = two_of(here, staff, trial)
        merge = proposing(two, by=staff[0])()

        outcomes = at_once(confirming(merge, staff[1]), confirming(merge, staff[3]))

        (said,) = reasons(outcomes)
        assert "已合并，不能再确认" in said
        assert two.here.events.filter(kind="merged").count() == 1
        assert Case.objects.filter(person=two.elsewhere.person_id).count() == 2


def test_two_leaders_undo_at_once(here, staff, trials):
    for trial in range(trials):
        two = two_of(here, staff, trial)
        merge = confirming(proposing(two, by=staff[0])(), staff[1])()

        outcomes = at_once(undoing(merge, staff[1]), undoing(merge, staff[3]))

        (said,) = reasons(outcomes)
        assert "没有可以撤销的合并" in said
        assert two.here.events.filter(kind="merge_undone").count() == 1


def test_confirmed_while_it_is_withdrawn(here, staff, trials):
    for trial in range(trials):
        two = two_of(here, staff, trial)
        merge = proposing(two, by=staff[0])()

        outcomes = at_once(confirming(merge, staff[1]), withdrawing(merge, staff[0]))

        merge = PersonMerge.objects.get(pk=merge.pk)
        assert len(reasons(outcomes)) == 1
        joined = Case.objects.get(pk=two.here.pk).person_id == two.elsewhere.person_id
        assert joined == (merge.status == MergeStatus.MERGED)


def test_trial_run_waits_for_the_case_before_it_writes_the_person(here, staff):
    """As a correction locks: the other way round, either would wait for the other."""
    two = two_of(here, staff, 0)
    merge = proposing(two, by=staff[0])()
    trial_run = threading.Thread(target=lambda: at_once(lambda: merging.foresee_merge(merge)))

    with transaction.atomic():
        case = cases.lock(two.here)
        trial_run.start()
        until_somebody_waits()
        person = Person.objects.select_for_update(nowait=True).get(pk=case.person_id)
    trial_run.join()

    assert person.merged_into is None
    assert Case.objects.get(pk=case.pk).person_id == person.pk


def test_somebody_is_admitted_on_the_absorbed_while_it_is_merged(here, staff, trials):
    """The page was opened before: his new case is the kept one's, or the merge is proposed anew."""
    officers = [make.officer("intake_officer", here) for _ in range(2)]
    ways = set()
    for trial in range(trials):
        two = two_of(here, staff, trial)
        merge = proposing(two, by=staff[0])()
        arrival = door.arrival(
            here, by=officers[0], name=two.here.person.name, birth_date=same.BORN
        )

        outcomes = at_once(
            confirming(merge, staff[1]), admitting(arrival, officers, two.here.person_id)
        )

        merge = PersonMerge.objects.get(pk=merge.pk)
        assert not isinstance(outcomes[1], Refused)
        if merge.status == MergeStatus.MERGED:
            whose = two.elsewhere.person_id
        else:
            assert "提请之后其中一份登记有更正或者新的档案" in str(outcomes[0])
            whose = two.here.person_id
        assert Case.objects.get(pk=outcomes[1].pk).person_id == whose
        assert Person.objects.get(pk=whose).merged_into is None
        ways.add(merge.status)
        cases.close_case(
            case=Case.objects.get(pk=outcomes[1].pk), to=CaseStatus.RELEASED, at=make.NOON
        )
    assert ways <= {MergeStatus.MERGED, MergeStatus.PROPOSED}

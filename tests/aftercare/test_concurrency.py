"""Two at once: exactly one wins, and the other reads why."""

import threading

import pytest
from django.db import connection

from aftercare import actions
from aftercare.models import Agreement, Release
from aftercare.rules.endings import Answer
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case, Document, Placement
from rehab.refusal import Refused
from rehab.states import AbsenceKind, CaseStatus, Stage
from tests.factories import absences as away
from tests.factories import aftercare as out
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions as zone_actions
from zones.states import MoveStatus

pytestmark = pytest.mark.race


def at_once(*acts):
    """Run the acts in threads of their own that start together; what each returned or raised."""
    results = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(position, act):
        with standing_at(out.NOON_OF_LAST_DAY), scope.within(make.EVERYTHING):
            start.wait()
            try:
                results[position] = act()
            except Refused as refused:
                results[position] = refused
            finally:
                connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def facility(committed_db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        zones_make.set_rules()
        yield make.facility(beds=250)


def refusals(results):
    return [result for result in results if isinstance(result, Refused)]


def releasing(case, by, second):
    papers = out.papers(case)
    return lambda: actions.release(
        case=case, gate=papers, second_officer=second, answers={}, by=by, at=out.NOON_OF_LAST_DAY
    )


def approving(move, crew):
    return lambda: zone_actions.approve_zone_move(
        move=move, bed=None, by=crew.leader(move.stage), at=out.NOON_OF_LAST_DAY
    )


def receiving(move, crew):
    return lambda: zone_actions.receive_zone_move(
        move=move, by=crew.officer(Stage(move.stage).next), at=out.NOON_OF_LAST_DAY
    )


def signing(agreement, by):
    return lambda: actions.sign_agreement(
        agreement=agreement, phone="", by=by, at=out.NOON_OF_LAST_DAY
    )


def telling(case, by):
    return lambda: actions.give_release_notice(case=case, by=by, at=out.NOON_OF_LAST_DAY)


def test_two_officers_release_the_same_person(facility, trials):
    roles = ("intake_officer", "intake_officer", "facility_leader")
    first, second, leader = (make.officer(role, facility) for role in roles)
    for case in [make.case(facility) for _ in range(trials)]:
        results = at_once(releasing(case, first, leader), releasing(case, second, leader))

        (loser,) = refusals(results)
        assert "此人现为“解除”" in str(loser)
        assert Release.objects.filter(case=case).count() == 1
        assert Document.objects.filter(case=case, template="certificate").count() == 1


@pytest.mark.parametrize(
    ("way", "signing_it"),
    [(zones_make.proposed, approving), (zones_make.in_transit, receiving)],
    ids=["审批", "签收"],
)
def test_a_release_and_a_move_at_once(facility, trials, way, signing_it):
    """Whoever comes second: the person is out, his move is closed, no bed is held or lain in."""
    crew = zones_make.Crew(facility)
    intake, leader = (make.officer(r, facility) for r in ("intake_officer", "facility_leader"))
    for move in [way(zones_make.ready(facility), crew) for _ in range(trials)]:
        release, signature = at_once(releasing(move.case, intake, leader), signing_it(move, crew))

        assert isinstance(release, Release)
        case = Case.objects.get(pk=move.case_id)
        assert case.status == CaseStatus.RELEASED
        move.refresh_from_db()
        if isinstance(signature, Refused) or signing_it is approving:
            assert move.status == MoveStatus.WITHDRAWN
        else:
            assert move.status == MoveStatus.RECEIVED
        assert not Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


def test_two_workers_sign_the_same_agreement(facility, trials):
    station = make.station()
    first, second = (make.officer("aftercare_worker", station) for _ in range(2))
    asker = make.officer("zone_officer", facility.units.first())
    for _ in range(trials):
        agreement = out.offered(make.case(facility), station=station, by=asker)

        results = at_once(signing(agreement, first), signing(agreement, second))

        (loser,) = refusals(results)
        assert "不能改为“已签订”" in str(loser)
        assert Agreement.objects.filter(case=agreement.case_id).count() == 1
        assert Document.objects.filter(case=agreement.case_id).count() == 1


def test_two_officers_give_the_same_notice(facility, trials):
    first, second = (make.officer("intake_officer", facility) for _ in range(2))
    for case in [make.case(facility) for _ in range(trials)]:
        results = at_once(telling(case, first), telling(case, second))

        (loser,) = refusals(results)
        assert "通知已发出" in str(loser)
        assert Document.objects.filter(case=case).count() == 3


def dying(case, by):
    return lambda: actions.record_death(
        case=case, facts=out.death_facts(), by=by, at=out.NOON_OF_LAST_DAY
    )


def confirming_death(case, by):
    return lambda: actions.confirm_death(case=case, by=by, at=out.NOON_OF_LAST_DAY)


def taking_back(case, by):
    return lambda: actions.withdraw_death(
        case=case, reason="登记错误", by=by, at=out.NOON_OF_LAST_DAY
    )


def test_two_officers_record_the_same_death(facility, trials):
    first, second = (make.officer("intake_officer", facility) for _ in range(2))
    for case in [make.case(facility) for _ in range(trials)]:
        results = at_once(dying(case, first), dying(case, second))

        (loser,) = refusals(results)
        assert "已有死亡登记" in str(loser)
        assert Document.objects.filter(case=case).count() == 4


def test_a_death_is_confirmed_while_it_is_taken_back(facility, trials):
    officer = make.officer("intake_officer", facility)
    leader = make.officer("facility_leader", facility)
    for case in [make.case(facility) for _ in range(trials)]:
        death = out.death(case, by=officer)

        results = at_once(confirming_death(case, leader), taking_back(case, officer))

        assert len(refusals(results)) == 1
        death.refresh_from_db()
        died = Case.objects.get(pk=case.pk).status == CaseStatus.DIED
        assert died == (death.status == "confirmed")


def test_a_death_is_confirmed_while_he_is_released(facility, trials):
    officer = make.officer("intake_officer", facility)
    leaders = [make.officer("facility_leader", facility) for _ in range(2)]
    for case in [make.case(facility) for _ in range(trials)]:
        out.death(case, by=officer)

        results = at_once(confirming_death(case, leaders[0]), releasing(case, officer, leaders[1]))

        assert len(refusals(results)) == 1


def letting_go(case, by):
    return lambda: actions.let_go(case=case, answers={}, by=by, at=out.NOON_OF_LAST_DAY)


def keeping(case, by):
    return lambda: actions.withdraw_revocation(
        case=case, reason="登记错误", by=by, at=out.NOON_OF_LAST_DAY
    )


def test_a_revocation_is_carried_out_while_it_is_taken_back(facility, trials):
    officer = make.officer("intake_officer", facility)
    first, second = (make.officer("facility_leader", facility) for _ in range(2))
    for case in [make.case(facility) for _ in range(trials)]:
        revocation = out.revocation(case, by=officer)

        results = at_once(letting_go(case, first), keeping(case, second))

        assert len(refusals(results)) == 1
        revocation.refresh_from_db()
        gone = Case.objects.get(pk=case.pk).status == CaseStatus.REVOKED
        assert gone == (revocation.status == "confirmed")


def test_two_leaders_let_the_same_person_go(facility, trials):
    officer = make.officer("intake_officer", facility)
    first, second = (make.officer("facility_leader", facility) for _ in range(2))
    for case in [make.case(facility) for _ in range(trials)]:
        out.revocation(case, by=officer)

        (loser,) = refusals(at_once(letting_go(case, first), letting_go(case, second)))

        assert "已按决定撤销离所" in str(loser)


def answering(case, by, *, converted):
    answer = Answer(
        converted=converted, number="示变1号", decided_on=out.LAST_DAY, reason="可以回所治疗"
    )
    return lambda: actions.record_conversion_answer(
        case=case, answer=answer, by=by, at=out.NOON_OF_LAST_DAY
    )


def test_two_officers_record_contrary_answers(facility, trials):
    first, second = (make.officer("intake_officer", facility) for _ in range(2))
    for case in [make.case(facility) for _ in range(trials)]:
        away.out(case, AbsenceKind.MEDICAL_LEAVE)
        conversion = out.sent_conversion(case)

        results = at_once(
            answering(case, first, converted=True), answering(case, second, converted=False)
        )

        assert len(refusals(results)) == 1
        conversion.refresh_from_db()
        over = Case.objects.get(pk=case.pk).status == CaseStatus.CONVERTED
        assert over == (conversion.status == "converted")

"""With the broker stopped or frozen the work goes on, hardly slower, and nothing said is lost."""

import time
from statistics import median

import pytest

from centers.actions import conclude_assessment
from centers.states import AssessmentKind
from rehab import clock, scope, tasks
from rehab.ledgers import outbox
from rehab.models import Notice
from tests.factories import centers, intake, rehab, zones

pytestmark = pytest.mark.alone

ADDED = 0.2  # seconds a missing broker may add to an act
ROUNDS = 5


class House:
    """A facility in which people are admitted, moved and assessed over and over."""

    def __init__(self) -> None:
        self.facility = rehab.facility(beds=60)
        zones.set_rules()
        self.crew = zones.Crew(self.facility)
        self.staff = centers.Staff(self.facility)
        centers.rules(rehab.bureau(), by=rehab.officer("bureau_approver", rehab.bureau()))
        officer = rehab.officer("intake_officer", self.facility)
        second = rehab.officer("intake_officer", self.facility)
        self.by, self.second = officer, second

    def admission(self):
        arrival = intake.arrival(self.facility, by=self.by)
        return lambda: intake.admit(arrival, by=self.by, second=self.second)

    def zone_move(self):
        case = zones.ready(self.facility)
        return lambda: zones.proposed(case, self.crew)

    def assessment(self):
        case = rehab.case(self.facility)
        at = rehab.NOON
        centers.records_for(case, self.staff, AssessmentKind.DETOX, at=at)
        draft = centers.draft(case, self.staff, AssessmentKind.DETOX, at=at)
        second = self.staff.second_assessor
        return lambda: conclude_assessment(assessment=draft, by=second, at=at)


def seconds(act) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


@pytest.mark.parametrize("outage", ["stop", "freeze"])
@pytest.mark.parametrize("act", ["admission", "zone_move", "assessment"])
def test_an_act_without_a_broker(committed_db, broker, monkeypatch, caplog, act, outage):
    with clock.standing_at(rehab.NOON), scope.within(rehab.EVERYTHING):
        house = House()
        prepared = [getattr(house, act)() for _ in range(2 * ROUNDS)]
        usual = median(seconds(one) for one in prepared[:ROUNDS])
        monkeypatch.setattr(outbox, "_quiet_until", 0.0)
        getattr(broker, outage)()

        worst = seconds(prepared[ROUNDS])  # it meets the outage; the rest find a quiet outbox
        later = median(seconds(one) for one in prepared[ROUNDS + 1 :])

        assert "notices wait for beat" in caplog.text
        assert worst - usual < ADDED
        assert later - usual < ADDED
        broker.restore()
        waiting = Notice.objects.undelivered().count()
        assert waiting > 0
        assert tasks.deliver() == waiting
        assert tasks.deliver() == 0

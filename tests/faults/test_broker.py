"""With the broker stopped or frozen the work goes on, hardly slower, and nothing said is lost."""

import time
from datetime import timedelta
from statistics import median

import pytest
from django.db.models import Value
from django.db.models.functions import Concat

from centers.actions import conclude_assessment
from centers.states import AssessmentKind
from rehab import clock, scope, tasks
from rehab.ledgers import notices, outbox
from rehab.models import Notice, User
from rehab.states import Stage
from tests.factories import centers, intake, rehab, zones
from zones.actions import approve_zone_move, receive_zone_move

ACTS = ("admission", "zone_move", "approval", "receipt", "assessment")
ADDED = 0.2  # seconds a missing broker may add to an act
ROUNDS = 5
PATIENCE = 60.0  # seconds in which what waited is delivered
SETTLES = 3.0  # seconds in which a second mail would have gone out
MOVED = {"zone_move_proposed", "zone_move_approved", "zone_move_received"}


class House:
    """A facility in which people are admitted, moved and assessed over and over."""

    def __init__(self) -> None:
        self.facility = rehab.facility(beds=100)
        zones.set_rules()
        self.crew = zones.Crew(self.facility).posted()
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

    def approval(self):
        move = zones.proposed(zones.ready(self.facility), self.crew)
        leader = self.crew.leader(Stage.DETOX)
        return lambda: approve_zone_move(move=move, bed=None, by=leader, at=rehab.NOON)

    def receipt(self):
        move = zones.in_transit(zones.ready(self.facility), self.crew)
        officer = self.crew.officer(Stage.ADAPTATION)
        return lambda: receive_zone_move(move=move, by=officer, at=move.approved_at)

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


@pytest.mark.alone  # it measures
@pytest.mark.parametrize("outage", ["stop", "freeze"])
def test_acts_without_a_broker(committed_db, broker, monkeypatch, caplog, outage):
    added = {}
    with clock.standing_at(rehab.NOON), scope.within(rehab.EVERYTHING):
        house = House()
        prepared = {act: [getattr(house, act)() for _ in range(2 * ROUNDS)] for act in ACTS}
        for act, ready in prepared.items():
            monkeypatch.setattr(outbox, "_quiet_until", 0.0)
            usual = median(map(seconds, ready[:ROUNDS]))
            getattr(broker, outage)()
            caplog.clear()
            worst = seconds(ready[ROUNDS])  # it meets the outage; the rest find a quiet outbox
            assert "notices wait for beat" in caplog.text, act
            later = median(map(seconds, ready[ROUNDS + 1 :]))
            added[act] = max(worst, later) - usual
            broker.restore()

        waiting = Notice.objects.undelivered().count()
        assert waiting > 0
        assert tasks.deliver() == waiting
        assert tasks.deliver() == 0
    assert {act: seconds for act, seconds in added.items() if seconds >= ADDED} == {}


@pytest.fixture
def mails_are_logged(monkeypatch):
    """What the worker mails stands in its log."""
    monkeypatch.setenv("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend")


def all_delivered():
    deadline = time.monotonic() + PATIENCE
    while Notice.objects.undelivered().exists():
        assert time.monotonic() < deadline
        time.sleep(0.2)


@pytest.mark.parametrize("outage", ["stop", "freeze"])
def test_worker_and_beat_deliver_each_notice_once_after_it(
    mails_are_logged, live_worker, broker, monkeypatch, outage
):
    live_worker.manage("demo_clock", rehab.NOON.date().isoformat())  # the sweeps' day as well
    with clock.standing_at(rehab.NOON), scope.within(rehab.EVERYTHING):
        house = House()
        User.objects.update(email=Concat("username", Value("@example.invalid")))
        case = zones.ready(house.facility)
        centers.told(case, house.crew.officer(Stage.DETOX), at=rehab.NOON)  # nothing is left open
        tasks.deliver()  # what led up to it
        monkeypatch.setattr(outbox, "_quiet_until", 0.0)
        getattr(broker, outage)()
        zones.received(case, house.crew)
        waiting = list(Notice.objects.undelivered())
        posts = [notice for notice in waiting if notices._holders(notice).exists()]
        assert {notice.clock for notice in posts} >= MOVED

        broker.restore()
        live_worker.start_beat(ran_before=timedelta(hours=1))
        all_delivered()
        live_worker.stop("beat")
        live_worker.start_beat(ran_before=timedelta(hours=1))  # and once more
        time.sleep(SETTLES)

    assert live_worker.log("worker").count("Subject: ") == len(posts)

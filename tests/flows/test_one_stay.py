"""One stay from the roster to the first contact, held against the ledgers at every step."""

from dataclasses import replace
from datetime import date, timedelta

from centers.states import AssessmentKind
from rehab.clock import day_of
from rehab.models import Case, Deadline, Document, Event
from rehab.states import CaseStatus, Stage
from tests.flows.line import FIRST, Line
from zones.selectors.roll import roll, whereabouts

Kind = Event.Kind
ENTRY_ACTS = [Kind.ADMITTED, *[Kind.COMPLETED] * 6]
MONTHS = [date(2027 + n // 12, n % 12 + 1, 1) for n in range(15)]  # 2027-01 to 2028-03


class Ledger:
    """What the four ledgers and the roll say of the one person, asked after every step."""

    def __init__(self, house, line):
        self.house, self.line = house, line
        self.since = house.moment
        self.seen = 0

    @property
    def case(self):
        return Case.objects.get(number=self.line.person.number)

    def holds(self, *kinds, zone=None):
        """Exactly these events were added, nothing due was lost, and the roll balances."""
        events = list(self.case.events.order_by("pk").values_list("kind", flat=True))
        assert events[self.seen :] == list(kinds)
        self.seen = len(events)
        assert not self.overdue(), "everything was done in time"
        self.balances(zone)

    def overdue(self):
        late = Deadline.objects.filter(case=self.case).overdue(at=self.house.moment)
        return list(late.values_list("clock", "cycle"))

    def balances(self, zone):
        """Opening + arrived − left = closing, and everybody in custody is in exactly one place."""
        now = whereabouts(self.house.facility, self.house.moment)
        assert sum(now.zones.values()) + now.in_transit + now.away == now.in_custody
        if zone is not None:
            assert now.zones[zone] == 1
        for one in roll(self.house.facility, since=self.since, until=self.house.moment).zones:
            assert one.opening + one.arrived - one.left == one.closing

    def satisfied(self, *clocks):
        """Each of these clocks was opened and is kept."""
        kept = Deadline.objects.filter(case=self.case, satisfied_at__isnull=False)
        assert set(clocks) <= set(kept.values_list("clock", flat=True))


def test_one_stay(house):
    house.set_all_rules()
    line = Line(house, replace(FIRST))
    ledger = Ledger(house, line)

    line.import_roster()
    line.admit()
    assert ledger.case.status == CaseStatus.IN_FACILITY
    assert ledger.case.ends_on == FIRST.ends_on
    ledger.holds(Kind.ADMITTED, zone=Stage.DETOX)
    line.complete_entry()
    ledger.holds(*[Kind.COMPLETED] * 6, zone=Stage.DETOX)
    assert papers(ledger.case) == {"admission_receipt", "rights", "family_notice"}

    house.day(date(2026, 12, 2))
    line.detox()
    line.assess(AssessmentKind.DETOX)
    line.move(sender=1, receiver=2)
    ledger.holds(
        Kind.DRUG_TESTED, Kind.DETOX_CONCLUDED,
        Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED,
        Kind.ZONE_MOVE_PROPOSED, Kind.ZONE_MOVE_APPROVED, Kind.ZONE_MOVE_RECEIVED,
        zone=Stage.ADAPTATION,
    )  # fmt: skip

    house.day(date(2027, 1, 4))
    line.entry_education(date(2027, 1, 3))
    line.screening()
    line.fitness(date(2027, 1, 4))
    line.assess(AssessmentKind.ADAPTATION)
    line.move(sender=2, receiver=3)
    ledger.holds(
        Kind.ENTRY_EDUCATION_RECORDED, Kind.SCREENED, Kind.FITNESS_TESTED,
        Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED,
        Kind.ZONE_MOVE_PROPOSED, Kind.ZONE_MOVE_APPROVED, Kind.ZONE_MOVE_RECEIVED,
        zone=Stage.CONSOLIDATION,
    )  # fmt: skip

    for month in MONTHS:
        house.day(start_of_next(month))
        line.conduct(f"{month:%Y-%m}", zone=3)
        ledger.holds(Kind.CONDUCT_MARKED, Kind.CONDUCT_CONFIRMED, zone=Stage.CONSOLIDATION)
        if month == date(2027, 6, 1):
            line.social(zone=3)
            line.assess(AssessmentKind.ONE_YEAR, 身心康复="合格")
            ledger.holds(Kind.SOCIAL_RECORDED, Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED)

    house.day(date(2028, 4, 20))
    line.assess(AssessmentKind.CONSOLIDATION, 身心康复="合格")
    line.move(sender=3, receiver=5)
    ledger.holds(
        Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED,
        Kind.ZONE_MOVE_PROPOSED, Kind.ZONE_MOVE_APPROVED, Kind.ZONE_MOVE_RECEIVED,
        zone=Stage.REENTRY,
    )  # fmt: skip

    house.day(date(2028, 5, 2))
    line.conduct("2028-04", zone=5)
    line.assess(AssessmentKind.PRE_EXPIRY, 身心康复="合格")
    house.day(date(2028, 6, 2))
    line.conduct("2028-05", zone=5)
    line.offer_agreement(zone=5)
    house.day(FIRST.ends_on - timedelta(days=4))
    line.notify()
    ledger.holds(
        Kind.CONDUCT_MARKED, Kind.CONDUCT_CONFIRMED,
        Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED,
        Kind.CONDUCT_MARKED, Kind.CONDUCT_CONFIRMED,
        Kind.AGREEMENT_OFFERED, Kind.RELEASE_NOTIFIED, zone=Stage.REENTRY,
    )  # fmt: skip

    house.day(FIRST.ends_on)
    line.release()
    ledger.holds(Kind.RELEASED)
    assert ledger.case.status == CaseStatus.RELEASED
    assert day_of(ledger.case.ended_at) == FIRST.ends_on
    assert whereabouts(house.facility, house.moment).in_custody == 0
    ledger.satisfied("term.expiry", "aftercare.release_notice", "zones.move")

    line.sign_agreement()
    house.day(FIRST.ends_on + timedelta(days=3))
    line.contact()
    ledger.holds(Kind.AGREEMENT_SIGNED, Kind.CONTACTED)
    ledger.satisfied("aftercare.first_contact")
    assert {"certificate", "release_notice", "agreement"} <= papers(ledger.case)
    assert open_clocks(ledger.case) <= {"aftercare.next_contact", "aftercare.agreement_end"}


def start_of_next(month):
    """The second day of the month after."""
    return (month + timedelta(days=31)).replace(day=2)


def papers(case):
    return set(Document.objects.filter(case=case).values_list("template", flat=True))


def open_clocks(case):
    return set(Deadline.objects.filter(case=case).open().values_list("clock", flat=True))

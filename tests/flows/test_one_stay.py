"""One stay from the roster to the first contact, held against the ledgers at every step."""

from collections import Counter
from dataclasses import replace

from rehab.clock import day_of
from rehab.models import Case, Deadline, Document, Event
from rehab.states import CaseStatus, Stage
from tests.factories import centers as made
from tests.factories import rehab as make
from tests.flows.line import FIRST, MONTHS, Line
from zones.selectors.roll import roll, whereabouts

Kind = Event.Kind


class Ledger:
    """What the four ledgers and the roll say of the one person, asked after every step."""

    def __init__(self, house, line):
        self.house, self.line = house, line
        self.since = house.moment
        self.seen = 0

    @property
    def case(self):
        return Case.objects.get(number=self.line.person.number)

    def holds(self, *kinds, zone):
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
        assert [stage for stage, people in now.zones.items() if people] == ([zone] if zone else [])
        for one in roll(self.house.facility, since=self.since, until=self.house.moment).zones:
            assert one.opening + one.arrived - one.left == one.closing

    def satisfied(self, *clocks):
        """Each of these clocks was opened and is kept."""
        kept = Deadline.objects.filter(case=self.case, satisfied_at__isnull=False)
        assert set(clocks) <= set(kept.values_list("clock", flat=True))


MOVED = (Kind.ZONE_MOVE_PROPOSED, Kind.ZONE_MOVE_APPROVED, Kind.ZONE_MOVE_RECEIVED)
ASSESSED = (Kind.ASSESSMENT_DRAFTED, Kind.ASSESSMENT_CONCLUDED)
MARKED = (Kind.CONDUCT_MARKED, Kind.CONDUCT_CONFIRMED)
STRETCHES = {  # the events that each adds, and the zone the person is in after it
    "admitted": ((Kind.ADMITTED,), Stage.DETOX),
    "settled in": ((Kind.COMPLETED,) * 6, Stage.DETOX),
    "detoxified": ((Kind.DRUG_TESTED, Kind.DETOX_CONCLUDED, *ASSESSED), Stage.DETOX),
    "in 教育适应区": (MOVED, Stage.ADAPTATION),
    "in 康复巩固区": (
        (Kind.ENTRY_EDUCATION_RECORDED, Kind.SCREENED, Kind.FITNESS_TESTED, *ASSESSED, *MOVED),
        Stage.CONSOLIDATION,
    ),
    "assessed after a year": ((Kind.SOCIAL_RECORDED, *ASSESSED), Stage.CONSOLIDATION),
    "in 回归指导区": ((*ASSESSED, *MOVED), Stage.REENTRY),
    "assessed before the end": ((*MARKED, *ASSESSED), Stage.REENTRY),
    "announced": (
        (*MARKED, Kind.AGREEMENT_OFFERED, Kind.RELEASE_PREPARED, Kind.RELEASE_NOTIFIED),
        Stage.REENTRY,
    ),
    "on the last day": ((), Stage.REENTRY),
    "released": ((Kind.RELEASED,), None),
    "looked after": ((Kind.AGREEMENT_SIGNED, Kind.CONTACTED), None),
} | {f"marked {month:%Y-%m}": (MARKED, Stage.CONSOLIDATION) for month in MONTHS}

TOLD = (Kind.PERSON_TOLD, Kind.TELLING_RECORDED)
TOLD_AFTER = {  # 告知本人: at entry, after each move and each assessment, before the end
    "settled in", "in 教育适应区", "in 康复巩固区", "assessed after a year", "in 回归指导区",
    "assessed before the end", "announced",
}  # fmt: skip


def test_one_stay(house):
    house.set_all_rules()
    ledger = Ledger(house, line := Line(house, replace(FIRST)))

    walked = []
    for stretch in line.walk():
        events, zone = STRETCHES[stretch]
        if stretch in TOLD_AFTER:
            case = ledger.case
            made.told(case, make.officer("zone_officer", case.unit), at=house.moment)
            events = (*events, *TOLD)
        ledger.holds(*events, zone=zone)
        walked.append(stretch)

    assert set(walked) == set(STRETCHES)
    case = ledger.case
    assert (case.status, day_of(case.ended_at)) == (CaseStatus.RELEASED, FIRST.ends_on)
    assert whereabouts(house.facility, house.moment).in_custody == 0
    ledger.satisfied(
        "centers.told",
        "term.expiry",
        "aftercare.release_notice",
        "aftercare.release_plan",
        "zones.move",
    )
    assert open_clocks(case) <= {"aftercare.next_contact", "aftercare.agreement_end"}
    assert papers(case) == {
        "admission_receipt": 1, "entry_register": 1, "rights": 1, "family_notice": 1,
        "release_notice": 3, "certificate": 1, "agreement": 1, "health_check": 1,
        "belongings": 1, "own_account": len(TOLD_AFTER),
    }  # fmt: skip


def papers(case):
    """How many documents of each template were made."""
    return Counter(Document.objects.filter(case=case).values_list("template", flat=True))


def open_clocks(case):
    return set(Deadline.objects.filter(case=case).open().values_list("clock", flat=True))

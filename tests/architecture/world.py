"""A small nation for the walk through every URL: one person and one thing of each kind at each place.

Everything is made by the acts that make it in life. One officer per role stands at the own place; the
other places are what he must not see, or may, by the reach of his role alone.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from centers.states import AssessmentKind
from rehab import clock, scope
from rehab.actions import access, delegations, grants, provincial, setup
from rehab.actions.decision_corrections import propose_decision_correction
from rehab.actions.lists import save_list
from rehab.actions.papers import set_document_wording
from rehab.actions.term_decisions import propose_term_decision
from rehab.clock import day_of, standing_at
from rehab.document_kinds import kind
from rehab.ledgers import notices
from rehab.ledgers.notices import Post
from rehab.models import (
    Bureau,
    Case,
    Division,
    Event,
    Facility,
    Notice,
    RuleProposal,
    Station,
    Unit,
    User,
)
from rehab.permissions import Permission
from rehab.roles import STARTING_ROLES
from rehab.states import AbsenceKind, Reach, Stage
from tests.architecture import openings
from tests.factories import absences as away
from tests.factories import aftercare as out
from tests.factories import centers as workshops
from tests.factories import decision_corrections as corrections
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.factories import zones as rooms

OWN, ON_THE_WAY, OTHER_UNIT = "own unit", "on the way to it", "other unit"
OTHER_FACILITY, OTHER_PROVINCE = "other facility", "other province"
PLACES = (OWN, ON_THE_WAY, OTHER_UNIT, OTHER_FACILITY, OTHER_PROVINCE)
HERE = (OWN, ON_THE_WAY, OTHER_UNIT)  # the own facility

ROLES = {role.code: role for role in STARTING_ROLES}
ROSTER = Path(__file__).parents[1] / "data" / "roster-60-clean.xlsx"
LONG_AGO = make.NOON - timedelta(days=60)
LEAVES_SOON = {
    "decided_on": date(2024, 12, 1),
    "printed_starts_on": date(2024, 12, 1),
    "printed_ends_on": date(2026, 11, 30),
    "transferred_on": LONG_AGO.date(),
}
LONG_WITH_THE_POLICE = {"police_phase_over_cap": "已书面通知移送机关"}

NAMES = {
    OWN: "示例本队之人",
    ON_THE_WAY: "示例途中之人",
    OTHER_UNIT: "示例邻队之人",
    OTHER_FACILITY: "示例邻所之人",
    OTHER_PROVINCE: "示例外省之人",
}
WAITING = {
    OWN: "示例本所候者",
    OTHER_FACILITY: "示例邻所候者",
    OTHER_PROVINCE: "示例外省候者",
}

SEEN = {  # of the cases, by the reach of a role
    Reach.NONE: (),
    Reach.UNIT: (OWN, ON_THE_WAY),
    Reach.FACILITY: HERE,
    Reach.STATION: (OWN,),
    Reach.PROVINCE: (*HERE, OTHER_FACILITY),
    Reach.NATION: PLACES,
}
WAITING_SEEN = SEEN | {Reach.UNIT: (OWN,), Reach.STATION: ()}  # an arrival is of a facility
SAID_TO = SEEN | {  # a notice is to a post, and the ministry is none
    Reach.UNIT: (OWN,),
    Reach.NATION: (),
}


WRITTEN_ALL_THE_SAME = {Event.Kind.GATE_REFUSED}  # who did not match at the gate is on record


@dataclass
class World:
    """Keys of what stands where, and a browser for every role."""

    users: dict[str, User] = field(default_factory=dict)
    sessions: dict[str, str] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    before: dict[str, Case] = field(default_factory=dict)  # who was at a place long ago
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)  # kind: place: key
    said: dict[tuple[str, str], Any] = field(default_factory=dict)  # role, place: notice
    saved: dict[str, Any] = field(default_factory=dict)  # role: his own saved list
    lent: dict[tuple[str, str], Any] = field(default_factory=dict)  # leader's role, place
    openings: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # kind: where an act is open
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def key(self, kind: str, place: str, role: str | None) -> Any:
        """What stands in the address of a thing of this kind at this place; of what is told or kept, the role's own."""
        if kind == "saved-list":
            return self.saved[role or "zone_leader"]
        if kind == "notice":
            return self.said[role or "zone_leader", place]
        if kind == "delegation":
            leads = role is not None and Permission.DELEGATION_GIVE in ROLES[role].permissions
            return self.lent[role if leads else "zone_leader", place]
        return self.keys[kind][place]

    def ask(
        self, role: str | None, method: str, url: str, data: Mapping[str, Any] | None = None
    ) -> HttpResponse:
        """What the house answers this role, None being the anonymous; nothing of it stays."""
        with taken_back():
            return self.send(role, method, url, data)

    def submit(
        self, role: str | None, method: str, url: str, data: Mapping[str, Any]
    ) -> tuple[HttpResponse, int]:
        """The same, with the number of events that it wrote before they were taken back."""
        events = Event.objects.exclude(kind__in=WRITTEN_ALL_THE_SAME)
        before = events.count()
        with taken_back():
            answer = self.send(role, method, url, data)
            return answer, events.count() - before

    def send(self, role: str | None, method: str, url: str, data: Any) -> HttpResponse:
        self.client.cookies.clear()
        if role is not None:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[role]
        return getattr(self.client, method.lower())(url, data or {})

    def may_appear(self, role: str | None) -> set[str]:
        """Names and numbers that this role's pages may hold."""
        if role is None:
            return set()
        reach = ROLES[role].reach
        return {
            *(word for place in SEEN[reach] for word in self.words(place)),
            *(WAITING[place] for place in WAITING_SEEN[reach] if place in WAITING),
        }

    def words(self, place: str) -> tuple[str, str]:
        return NAMES[place], self.cases[place].number

    def everybody(self) -> set[str]:
        return {*WAITING.values(), *(word for place in PLACES for word in self.words(place))}


@contextmanager
def taken_back() -> Iterator[None]:
    """Let something happen, and then not have happened."""
    point = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(point)
        transaction.set_rollback(False)


@contextmanager
def noon() -> Iterator[None]:
    """Everything is seen, and it is noon; what is done in the block is done together."""
    with transaction.atomic(), standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


def build() -> World:
    """The nation, made by the acts of life."""
    world = World()
    home, away = make.bureau("示例甲省戒毒管理局"), make.bureau("示例乙省戒毒管理局")
    here = make.facility("W11", province=home, beds=6)
    there = make.facility("W12", province=home)
    far = make.facility("W21", province=away)
    for province in (home, away):
        rooms.set_rules(province)
        workshops.rules(province, by=make.officer("bureau_approver", province))
    before = dict.fromkeys((*HERE, "first", "again"), here)
    openings.came_before(world, before | {OTHER_FACILITY: there, OTHER_PROVINCE: far})
    crews = {facility: rooms.Crew(facility) for facility in (here, there, far)}
    _people(world, here, there, far, crews[here])
    _moves(world, crews)
    _transfers(world, here, there, far)
    _absences(world)
    _agreements(world)
    _arrivals(world, {OWN: here, OTHER_FACILITY: there, OTHER_PROVINCE: far})
    own_unit = make.unit(here, Stage.ADAPTATION)
    _notices(world)
    _officers(world, own_unit)
    _house_keeping(world)
    _wording(world)
    openings.opened(
        world,
        world.cases[OWN],
        there,
        LEAVES_SOON,
        {"at": LONG_AGO, "answers": LONG_WITH_THE_POLICE},
    )
    openings.merges(world)
    return world


def _people(world: World, here: Facility, there: Facility, far: Facility, crew: rooms.Crew) -> None:
    where = {place: here for place in HERE} | {OTHER_FACILITY: there, OTHER_PROVINCE: far}
    for place, facility in where.items():
        arrival = door.arrival(facility, at=LONG_AGO, name=NAMES[place], **LEAVES_SOON)
        case = door.admit(arrival, at=LONG_AGO, answers=LONG_WITH_THE_POLICE)
        _records(world, place, case)
        _escaped(world, place, case)
        _served(world, place, case)
        world.cases[place] = case
    world.cases[OWN] = rooms.walked_to(world.cases[OWN], Stage.ADAPTATION, crew)
    world.keys["case"] = {place: case.number for place, case in world.cases.items()}


def _records(world: World, place: str, case: Case) -> None:
    """A screening, and an assessment that waits for its second signature."""
    staff, at = workshops.Staff(case.facility), LONG_AGO + timedelta(days=5)
    with standing_at(at):
        workshops.detox_conclusion(case, staff, at=at)
        screening = workshops.screening(case, staff, at=at)
        assessment = workshops.draft(case, staff, AssessmentKind.DETOX, at=at)
    world.keys.setdefault("photo", {})[place] = door.belongings(case, at=at).first().pk
    sheet = door.health_sheet(case, by=staff.clinician, at=at)
    world.keys.setdefault("injury-photo", {})[place] = sheet.photos.get().pk
    officer = make.officer("zone_officer", case.unit)
    with standing_at(at):
        telling = workshops.told(case, officer, at=at, scan=door.A_PHOTO)
    world.keys.setdefault("telling", {})[place] = telling.pk
    world.keys.setdefault("telling-scan", {})[place] = telling.scans.get().pk
    world.keys.setdefault("screening", {})[place] = screening.pk
    world.keys.setdefault("assessment", {})[place] = assessment.pk


def _escaped(world: World, place: str, case: Case) -> None:
    """He was gone for some days, and what was proposed of it waits for a leader."""
    officer, left = make.officer("intake_officer", case.facility), LONG_AGO + timedelta(days=1)
    with standing_at(left):
        away.out(case, AbsenceKind.ESCAPE, by=officer, at=left)
    back = left + timedelta(days=3)
    with standing_at(back):
        absence = away.back(case, by=officer, at=back, proof=away.proof(at=back))
    case.refresh_from_db()
    world.keys.setdefault("escape", {})[place] = absence.pk
    world.keys.setdefault("escape-proposal", {})[place] = absence.proposals.get().pk


def _served(world: World, place: str, case: Case) -> None:
    """A decision on his term was served and recorded, and waits for a leader."""
    recorder, at = make.officer("assessor", case.facility), LONG_AGO + timedelta(days=5)
    with standing_at(at):
        paper = served.extension(f"示延〔2026〕{place}", on=day_of(at))
        made = propose_term_decision(case=case, paper=paper, by=recorder, at=at)
    world.keys.setdefault("term-decision", {})[place] = made.pk
    with standing_at(at):
        right = corrections.entry(case, authority="示例市公安局城东分局")
        made = propose_decision_correction(case=case, correction=right, by=recorder, at=at)
    world.keys.setdefault("decision-correction", {})[place] = made.pk


def _moves(world: World, crews: dict[Facility, rooms.Crew]) -> None:
    moves = {
        place: (rooms.in_transit if place == ON_THE_WAY else rooms.proposed)(
            case, crews[case.facility]
        )
        for place, case in world.cases.items()
    }
    world.keys["move"] = {place: move.pk for place, move in moves.items()}
    for case in world.cases.values():
        case.refresh_from_db()
    world.keys["muster"] = {
        place: rooms.mustered(
            case.unit, crews[case.facility].officer(Stage(case.zone.stage)), reason="示例"
        ).pk
        for place, case in world.cases.items()
    }


def _transfers(world: World, here: Facility, there: Facility, far: Facility) -> None:
    """Of everybody it is asked that he go to another facility; nobody there knows of it before it is approved."""
    to = {here: there, there: here, far: here}
    world.keys["transfer"] = {
        place: road.proposed(case, road.Sides(case.facility, to[case.facility])).pk
        for place, case in world.cases.items()
    }


def _absences(world: World) -> None:
    """Everybody who is not on his way is at court for the day; his bed stays his."""
    for place, case in world.cases.items():
        if place != ON_THE_WAY:
            away.out(case, AbsenceKind.COURT, by=make.officer("intake_officer", case.facility))


def _agreements(world: World) -> None:
    """The own place's people belong to the own station, all others to another."""
    agreements = {
        place: out.signed(case, station=make.station("本站" if place == OWN else "邻站"))
        for place, case in world.cases.items()
    }
    for case in world.cases.values():
        case.refresh_from_db()
    world.keys["agreement"] = {place: one.pk for place, one in agreements.items()}
    world.keys["document"] = {place: one.document_id for place, one in agreements.items()}


def _arrivals(world: World, facilities: dict[str, Facility]) -> None:
    content = ROSTER.read_bytes()
    world.keys["arrival"], world.keys["roster"] = {}, {}
    for place, facility in facilities.items():
        world.keys["arrival"][place] = door.arrival(facility, name=WAITING[place]).pk
        roster = door.roster(facility, content, as_of=make.NOON.date())
        world.keys["roster"][place] = roster.pk


def _notices(world: World) -> None:
    """Something said to every post at every place."""
    for place, case in world.cases.items():
        for role in STARTING_ROLES:
            post = Post(
                role.code,
                case.facility_id,
                unit=case.unit_id if role.reach == Reach.UNIT else None,
                station=case.station_id if role.reach == Reach.STATION else None,
            )
            notices.tell(case, Event.Kind.ZONE_MOVE_RECEIVED, to=post, cycle=f"at {place}")
            world.said[role.code, place] = Notice.objects.get(
                case=case, role=role.code, cycle=f"at {place}"
            ).pk


def _wording(world: World) -> None:
    """The own province has worded one kind of 文书."""
    approver = world.users["bureau_approver"]
    row = set_document_wording(
        province=approver.bureau, code="rights", language="zh", wording=kind("rights").wording,
        effective_from=make.NOON.date(), by=approver, at=make.NOON,
    )  # fmt: skip
    world.keys["wording-version"] = {"": row.pk}


def _officers(world: World, own_unit: Unit) -> None:
    facility = own_unit.facility
    posts = {
        Reach.NONE: facility.province,
        Reach.UNIT: own_unit,
        Reach.FACILITY: facility,
        Reach.STATION: make.station("本站"),
        Reach.PROVINCE: facility.province,
        Reach.NATION: facility.province.parent,
    }
    for role in STARTING_ROLES:
        user = make.officer(role.code, posts[role.reach])
        world.users[role.code] = user
        world.saved[role.code] = save_list(
            name="常用", path="/cases/", query="stage=01", shared=True, by=user, at=make.NOON
        ).pk
        world.client.force_login(user)
        world.sessions[role.code] = world.client.cookies[settings.SESSION_COOKIE_NAME].value
        world.client.cookies.clear()


def _house_keeping(world: World) -> None:
    """The 大队 in which each place's person lives, its first room, and one who serves there."""
    kinds: dict[str, dict[str, Any]] = {"unit": {}, "room": {}, "account": {}}
    for place, case in world.cases.items():
        assert case.unit is not None
        kinds["unit"][place] = case.unit.pk
        kinds["room"][place] = case.unit.rooms.order_by("name").first().pk
        kinds["account"][place] = make.officer("clinician", case.facility).pk
    kinds["rule"] = {place: _rule(case.facility.province) for place, case in world.cases.items()}
    kinds["grant"] = {place: _grant(case) for place, case in world.cases.items()}
    _delegations(world)
    for case in world.cases.values():
        officer = make.officer("intake_officer", case.facility)
        access.record_taking(
            title="在所人员", address="/cases/", way="print", rows=1,
            by=officer, really_at=clock.real_now(),
        )  # fmt: skip
        access.open_sealed(
            case=case, field="decision", purpose="核对身份", by=officer, at=make.NOON,
            really_at=make.NOON,
        )  # fmt: skip
    kinds["station"] = {place: _station_of(case) for place, case in world.cases.items()}
    world.keys |= kinds


def _grant(case: Case) -> str:
    """Something that goes beyond the posting of an account of the case's facility, for a day."""
    at = clock.real_now()
    granted = grants.grant(
        user=make.officer("clinician", case.facility),
        to=case.facility,
        until=at + timedelta(days=1),
        by=make.officer("security_admin", case.facility),
        at=at,
    )
    return f"facility-{granted.pk}"


def _delegations(world: World) -> None:
    """What each leader has given himself, and, at every other place, what somebody else has."""
    for code in ("zone_leader", "facility_leader"):
        for place, case in world.cases.items():
            own = place == OWN
            leader = world.users[code] if own else make.officer("facility_leader", case.facility)
            unit_wide = own and code == "zone_leader"
            taker = make.officer(
                "zone_officer" if unit_wide else "clinician",
                leader.unit if unit_wide else leader.facility,
            )
            world.lent[code, place] = delegations.delegate(
                to=taker, begins_on=make.NOON.date(), ends_on=make.NOON.date(), by=leader,
                at=make.NOON,
            ).pk  # fmt: skip


def _station_of(case: Case) -> Any:
    """A station of the case's province that looks after nobody."""
    name = f"空站{case.facility.province.name}"
    found = Station.objects.filter(name=name).first()
    if found is None:
        division = Division.objects.filter(level="county").order_by("code").first()
        found = setup.open_station(
            name=name, level=Station.Level.WORK, division=division,
            province=case.facility.province,
        )  # fmt: skip
    return found.pk


def _rule(province: Bureau) -> Any:
    """A proposal of the province, waiting for its second person: it moves the end of a year's days."""
    waiting = RuleProposal.objects.open().filter(province=province).first()
    proposal = waiting or provincial.propose_rule(
        code="assessment-one-year",
        effective_from=date(2025, 11, 30),  # the day before a year was full
        values={"needs": ["social"], "conduct_pass_mark": 60, "due_days": 10},
        document_number="示例〔2026〕1 号",
        by=make.officer("bureau_approver", province),
        at=make.NOON,
    )
    return proposal.pk

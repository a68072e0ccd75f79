"""What the storm needs besides one of each kind: people and a place at which an act is open.

At every place of `world` stands somebody with a move under way; that bars some acts by law. Those here
stand at the own place too, under names that no cell of the access table asks for.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from centers.states import AssessmentKind
from intake import actions as intake
from intake.models import Roster
from rehab.models import Case, Facility, Unit
from rehab.states import Sex, Stage
from tests.factories import aftercare as out
from tests.factories import centers as workshops
from tests.factories import intake as door
from tests.factories import merging as same
from tests.factories import opinions
from tests.factories import rehab as make
from tests.factories import transfers as road
from tests.factories import zones as rooms
from zones import actions

if TYPE_CHECKING:
    from tests.architecture.world import World

SHEET = (  # one line, and that faulty
    "姓名,性别,出生日期,公民身份号码,强制隔离戒毒决定书文号,决定日期,强制隔离戒毒起止日期,移交日期,健康状况\n"
    "示例误,男,1990-13-01,,,2026-06-01,,2026-11-21,健康\n"
)


def opened(
    world: "World", of: Case, other: Facility, papers: dict[str, Any], admission: dict[str, Any]
) -> None:
    """Say in `world.openings`, by the kind of what an address names, at which others an act is open."""
    crew = rooms.Crew(of.facility)
    people = [
        door.admit(
            door.arrival(of.facility, name=f"示例可办者{serial}", sex=Sex.FEMALE, **papers),
            **admission,
        )
        for serial in range(6)
    ]
    ready, proposed = (rooms.walked_to(case, Stage.ADAPTATION, crew) for case in people[:2])
    move = actions.propose_zone_move(
        case=proposed,
        to_unit=crew.unit(Stage.CONSOLIDATION),
        by=world.users["zone_officer"],
        at=make.NOON,
    )
    away = actions.grant_leave(
        case=people[2], approval="示批〔2026〕1 号", by=world.users["facility_leader"], at=make.NOON
    )
    dead = out.death(people[3], at=make.NOON).case
    out.revocation(dead, at=make.NOON)
    proposing, asked = (_on_leave(world, case) for case in people[4:])
    transfers = _transfers(of.facility, other)
    out.conversion(proposing, at=make.NOON)
    out.sent_conversion(asked, at=make.NOON)
    workshops.assessed(ready, workshops.Staff(of.facility), AssessmentKind.ONE_YEAR, at=make.NOON)
    opinions.propose(ready, opinions.Panel(of.facility), at=make.NOON)
    world.openings = {
        "case": (ready.number, away.number, dead.number, proposing.number, asked.number),
        "move": (move.pk,),
        "transfer": transfers,
        "roster": (_imported(world, of.facility).pk,),
        "unit": (_empty(of.facility.units.filter(zone__stage=Stage.CONSOLIDATION)).pk,),
    }


def _transfers(here: Facility, other: Facility) -> tuple[Any, ...]:
    """One who may leave, one who is on the road to here, and one of whom the family is still to be told."""
    out, back = road.Sides(here, other), road.Sides(other, here)
    leaving, coming, come = (
        make.case(of, person=make.person_facts(sex=Sex.FEMALE)) for of in (here, other, other)
    )
    on_the_road = road.departed(coming, back)
    arrived = road.received(come, back, sex=Sex.FEMALE)
    return road.approved(leaving, out).pk, on_the_road.pk, arrived.pk


def _on_leave(world: "World", case: Case) -> Case:
    """Somebody who was granted medical leave."""
    return actions.grant_leave(
        case=case, approval="示批〔2026〕2 号", by=world.users["facility_leader"], at=make.NOON
    )


def _imported(world: "World", facility: Facility) -> Roster:
    """A roster of nobody: every line of it went back, so that it may be withdrawn."""
    by = world.users["intake_officer"]
    roster = door.roster(facility, SHEET.encode(), as_of=make.NOON.date(), by=by)
    return intake.import_roster(roster=roster, answers={}, by=by, at=make.NOON)


def came_before(world: "World", places: Mapping[str, Facility]) -> None:
    """Somebody was at each of these places long ago; before everybody else, because beds remember."""
    world.before = {
        place: same.finished(
            facility, entered_at=same.LONG_AGO + timedelta(days=20 * serial), days=10
        )
        for serial, (place, facility) in enumerate(places.items())
    }


def merges(world: "World") -> None:
    """At every place a proposal that the person there is somebody who was there before."""
    officer = world.users["intake_officer"]
    world.keys["merge"] = {}
    for place, case in world.cases.items():
        two = same.Two(
            here=case,
            elsewhere=world.before[place],
            proposer=officer
            if case.facility == officer.facility
            else make.officer("intake_officer", case.facility),
            leader=make.officer("facility_leader", case.facility),
        )
        world.keys["merge"][place] = same.propose(two).pk
    first, again = world.before["first"], world.before["again"]
    two = same.Two(
        here=again,
        elsewhere=first,
        proposer=officer,
        leader=make.officer("facility_leader", again.facility),
    )
    world.openings["merge"] = (same.merged(two, at=make.NOON - timedelta(hours=2)).pk,)


def _empty(units: Any) -> Unit:
    """The last 大队 of its stage, to which nobody is moved and nobody posted."""
    return units.order_by("-name").first()

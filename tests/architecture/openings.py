"""What the storm needs besides one of each kind: people and a place at which an act is open.

At every place of `world` stands somebody with a move under way; that bars some acts by law. Those here
stand at the own place too, under names that no cell of the access table asks for.
"""

from typing import TYPE_CHECKING, Any

from rehab.models import Case, Unit
from rehab.states import Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import zones as rooms
from zones import actions

if TYPE_CHECKING:
    from tests.architecture.world import World


def opened(world: "World", of: Case, papers: dict[str, Any], admission: dict[str, Any]) -> None:
    """Say in `world.openings`, by the kind of what an address names, at which others an act is open."""
    crew = rooms.Crew(of.facility)
    people = [
        door.admit(
            door.arrival(of.facility, name=f"示例可办者{serial}", sex=Sex.FEMALE, **papers),
            **admission,
        )
        for serial in range(3)
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
    world.openings = {
        "case": (ready.number, away.number),
        "move": (move.pk,),
        "unit": (_empty(of.facility.units.filter(zone__stage=Stage.CONSOLIDATION)).pk,),
    }


def _empty(units: Any) -> Unit:
    """The last 大队 of its stage, to which nobody is moved and nobody posted."""
    return units.order_by("-name").first()

"""What more than one officer signs: an assessment by two, a move by three."""

from datetime import date, timedelta

from centers import actions as centers
from centers.selectors import allowed_parts
from centers.states import AssessmentKind
from rehab.clock import day_of
from reporting.demo.lives.stayer import Life, Stayer
from reporting.demo.world import moment
from zones import actions as zones


def assess(stayer: Stayer, kind: AssessmentKind, on: date) -> Life:
    """Drafted by one assessor in the morning, concluded by the other in the afternoon."""
    at = moment(on, 9, 30)
    yield at
    with stayer.world.acting(stayer.staff("assess1")) as by:
        case = stayer.fresh()
        parts = allowed_parts(case, kind, on=day_of(at))
        draft = centers.draft_assessment(case=case, kind=kind, parts=parts, by=by, at=at)
    at = moment(on, 15, 30)
    yield at
    with stayer.world.acting(stayer.staff("assess2")) as by:
        centers.conclude_assessment(assessment=draft, by=by, at=at)


def move(stayer: Stayer, sending: str, receiving: str, on: date) -> Life:
    """Three signatures of three officers in one morning."""
    at = moment(on, 9)
    yield at
    first_move = sending == "一大队"
    to_unit = stayer.world.places.unit(stayer.plan.facility, receiving)
    with stayer.world.acting(stayer.officer(sending)) as by:
        proposed = zones.propose_zone_move(case=stayer.fresh(), to_unit=to_unit, by=by, at=at)
    if first_move and stayer.plan.stays_proposed:
        return
    at = moment(on, 10)
    yield at
    if first_move and stayer.plan.first_returned:
        with stayer.world.acting(stayer.leader(sending)) as by:
            zones.return_zone_move(move=proposed, reason="请先核对随身药品", by=by, at=at)
        at = moment(on, 14)
        yield at
        with stayer.world.acting(stayer.officer(sending)) as by:
            proposed = zones.propose_zone_move(case=stayer.fresh(), to_unit=to_unit, by=by, at=at)
        at = moment(on, 15)
        yield at
    with stayer.world.acting(stayer.leader(sending)) as by:
        zones.approve_zone_move(move=proposed, bed=None, by=by, at=at)
    if first_move and stayer.plan.stays_in_transit:
        return
    at = at + timedelta(hours=1)
    yield at
    with stayer.world.acting(stayer.officer(receiving)) as by:
        zones.receive_zone_move(move=proposed, by=by, at=at)

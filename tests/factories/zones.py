"""A province's stage rules, and people on their way, made by the real acts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from centers.states import AssessmentKind
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Bureau, Case, Facility, Unit, User
from rehab.states import Stage
from tests.factories import rehab as make
from zones import actions, selectors
from zones.actions import Missing
from zones.models import Muster, ZoneMove
from zones.selectors import musters
from zones.states import MusterKind

DAYS = {  # stage: shortest, target, longest
    Stage.DETOX: (7, 15, 30),
    Stage.ADAPTATION: (20, 45, 60),
    Stage.CONSOLIDATION: (180, 400, 540),
    Stage.REENTRY: (10, 60, 90),
}
ENTERED = make.NOON - timedelta(days=15)
TAKES_OVER = timedelta(minutes=1)  # between one signature and the next


def set_rules(
    province: Bureau | None = None,
    *,
    effective_from: date = date(2026, 1, 1),
    needs: dict[Stage, AssessmentKind] | None = None,
    at: datetime = make.NOON,
) -> None:
    """Stage rules of a province; leaving needs an assessment only where `needs` names it."""
    province = province or make.bureau()
    approver = make.officer("bureau_approver", province)
    for stage, (minimum, target, maximum) in DAYS.items():
        actions.set_stage_rule(
            province=province,
            stage=stage,
            effective_from=effective_from,
            minimum_days=minimum,
            target_days=target,
            maximum_days=maximum,
            needs_assessment=(needs or {}).get(stage),
            by=approver,
            at=at,
        )


def needs_an_assessment(facility: Facility) -> None:
    """From 2026-11-01 on, leaving 生理脱毒区 needs its assessment."""
    minimum, target, maximum = DAYS[Stage.DETOX]
    actions.set_stage_rule(
        province=facility.province,
        stage=Stage.DETOX,
        effective_from=date(2026, 11, 1),
        minimum_days=minimum,
        target_days=target,
        maximum_days=maximum,
        needs_assessment=AssessmentKind.DETOX,
        by=make.officer("bureau_approver", facility.province),
        at=make.NOON,
    )


class Crew:
    """The officers of a facility's first 大队 of each stage."""

    def __init__(self, facility: Facility):
        self.units = {stage: make.unit(facility, stage) for stage in Stage}
        self._posted: dict[tuple[str, Stage], User] = {}

    def unit(self, stage: Stage) -> Unit:
        return self.units[stage]

    def officer(self, stage: Stage) -> User:
        return self._in_post("zone_officer", stage)

    def leader(self, stage: Stage) -> User:
        return self._in_post("zone_leader", stage)

    def posted(self) -> "Crew":
        """With everybody in his post, where a test counts what is there before and after."""
        for stage in Stage:
            self.officer(stage)
            self.leader(stage)
        return self

    def _in_post(self, role: str, stage: Stage) -> User:
        """Posted when he is first asked for: most tests know two of the eight."""
        if (role, stage) not in self._posted:
            with scope.within(make.EVERYTHING):
                self._posted[role, stage] = make.officer(role, self.units[stage])
        return self._posted[role, stage]


def ready(facility: Facility, **changed: object) -> Case:
    """Somebody who has been in 生理脱毒区 for as long as he should."""
    return make.case(facility, **{"entered_at": ENTERED} | changed)


def proposed(case: Case, crew: Crew, *, at: datetime = make.NOON) -> ZoneMove:
    case.refresh_from_db()
    stage = Stage(case.zone.stage)
    return actions.propose_zone_move(
        case=case, to_unit=crew.unit(stage.next), by=crew.officer(stage), at=at
    )


def in_transit(case: Case, crew: Crew, *, at: datetime = make.NOON) -> ZoneMove:
    move = proposed(case, crew, at=at)
    leader = crew.leader(Stage(move.stage))
    return actions.approve_zone_move(move=move, bed=None, by=leader, at=at + TAKES_OVER)


def received(case: Case, crew: Crew, *, at: datetime = make.NOON) -> ZoneMove:
    move = in_transit(case, crew, at=at)
    officer = crew.officer(Stage(move.stage).next)
    return actions.receive_zone_move(move=move, by=officer, at=at + 2 * TAKES_OVER)


def walked_to(case: Case, stage: Stage, crew: Crew) -> Case:
    """The person in a later zone, moved there on the first day on which each move is possible."""
    while (case := Case.objects.select_related("zone").get(pk=case.pk)).zone.stage < stage:
        planned = selectors.planned(case)
        moment = make.at(planned.opens_on.year, planned.opens_on.month, planned.opens_on.day)
        with standing_at(moment):
            received(case, crew, at=moment)
    return case


def seen_by(user: User) -> scope.Scope:
    """The scope a signed-in request of this user works under."""
    return user.scope_at(make.NOON)


def mustered(
    unit: Unit,
    by: User,
    *,
    kind: str = MusterKind.MORNING,
    missing: Mapping[Case, Missing] | None = None,
    reason: str = "",
    at: datetime = make.NOON,
) -> Muster:
    """The roll of a 大队, called and recorded by an officer who looked at the list as it stands."""
    return actions.record_muster(
        unit=unit,
        kind=kind,
        absences={case.pk: why for case, why in (missing or {}).items()},
        seen=[one.token for one in musters.expected(by, unit, at=at)],
        reason=reason,
        by=by,
        at=at,
    )

"""调整床位的规则。Pure: facts in; reasons out."""

from dataclasses import dataclass

from rehab.refusal import Obstacle


@dataclass(frozen=True)
class BedChange:
    """What decides whether somebody may get another bed within his zone."""

    in_facility: bool
    status_label: str
    on_the_way: bool
    in_zone: bool  # the bed stands in his zone
    other_unit: str  # the 大队 of the bed, where it is not his own
    by_leader: bool
    isolated: bool
    isolation: bool | None  # whether he is to be from now on; None: as before
    reason: str


def bed_change_obstacles(facts: BedChange, *, bed: str, zone: str) -> tuple[Obstacle, ...]:
    """Why a person may not get another bed so."""
    if not facts.in_facility:
        return (Obstacle(f"此人{facts.status_label}，不在所内，不能调整床位"),)
    obstacles = []
    if facts.on_the_way:
        obstacles.append(Obstacle("此人正在转区途中，请先签收、撤回或者退回转区"))
    if not facts.in_zone:
        obstacles.append(Obstacle(f"床位 {bed} 不在{zone}，请另选“改住床位”；转区另行提请"))
    if facts.other_unit and not facts.by_leader:
        obstacles.append(Obstacle(f"改住{facts.other_unit}须由大队领导或者所领导办理"))
    if facts.isolation is not None and facts.isolation == facts.isolated:
        now = "已在隔离" if facts.isolated else "现在不是隔离人员"
        obstacles.append(Obstacle(f"此人{now}，请改选“原因”"))
    if not facts.reason.strip():
        obstacles.append(Obstacle("“说明”不能为空，请填写"))
    return tuple(obstacles)

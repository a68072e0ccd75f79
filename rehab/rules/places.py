"""What stands in the way of opening and closing places: who and what is still there."""

from collections.abc import Sequence
from dataclasses import dataclass

from rehab.refusal import Obstacle

PUT_AWAY = "加床腾空"  # why an extra bed is out of use: it was left, and may be opened again
MOST_BEDS = 500  # of one 大队 opened at once; more is a slip of the hand


@dataclass(frozen=True)
class Standing:
    """Who and what still stands in a 大队 or 中队: counts, never names of people in custody."""

    people: int = 0
    away: int = 0  # on leave or held elsewhere, and still of this unit
    on_the_way: int = 0
    posted: tuple[str, ...] = ()  # officers
    squads: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == Standing()


def unit_closing_obstacles(standing: Standing, *, name: str, closed: bool) -> tuple[Obstacle, ...]:
    """Why a 大队 or 中队 may not be closed: each reason with its way out."""
    if closed:
        return (Obstacle(f"{name}已经撤销"),)
    obstacles = []
    if standing.people:
        obstacles.append(Obstacle(f"{name}还有 {standing.people} 人在住，请先办理转区"))
    if standing.away:
        obstacles.append(
            Obstacle(f"{name}还有 {standing.away} 人离所未归（所外就医等），待其返回转区或者解除")
        )
    if standing.on_the_way:
        obstacles.append(
            Obstacle(f"还有 {standing.on_the_way} 人正在转入{name}途中，请先签收或者退回")
        )
    if standing.posted:
        obstacles.append(
            Obstacle(
                f"还有 {len(standing.posted)} 名民警在{name}任职：{_some(standing.posted)}，请先调出"
            )
        )
    if standing.squads:
        obstacles.append(Obstacle(f"{name}还设有{'、'.join(standing.squads)}，请先撤销中队"))
    return tuple(obstacles)


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:5]) + ("等" if len(names) > 5 else "")


def unit_opening_obstacles(*, name: str, known: bool, beds: Sequence[int]) -> tuple[Obstacle, ...]:
    """Why a 大队 may not be opened so; `beds` of each room."""
    obstacles = []
    if known:
        obstacles.append(Obstacle(f"本所已有“{name}”，请换一个名称"))
    if any(number < 1 for number in beds):
        obstacles.append(Obstacle("每间房至少 1 张床"))
    if sum(beds) > MOST_BEDS:
        obstacles.append(Obstacle(f"一次最多设 {MOST_BEDS} 张床，现为 {sum(beds)} 张，请核对"))
    return tuple(obstacles)


def beds_closing_obstacles(
    *, taken: Sequence[str], closed: Sequence[str], reason: str
) -> tuple[Obstacle, ...]:
    """Why beds may not be put out of use; the labels of those lain in or held, and of those closed."""
    obstacles = []
    if taken:
        obstacles.append(Obstacle(f"床位 {'、'.join(taken)} 有人或者已预留，请先调整床位"))
    if closed:
        obstacles.append(Obstacle(f"床位 {'、'.join(closed)} 已经停用"))
    if not reason.strip():
        obstacles.append(Obstacle("“停用原因”不能为空，请填写"))
    return tuple(obstacles)


def station_closing_obstacles(
    *, closed: bool, cases: int, posted: Sequence[str], children: Sequence[str]
) -> tuple[Obstacle, ...]:
    """Why a 照管站 may not be closed."""
    if closed:
        return (Obstacle("此站已经撤销"),)
    obstacles = []
    if cases:
        obstacles.append(Obstacle(f"此站还在照管 {cases} 人，请先办理移交或者待协议终止"))
    if posted:
        obstacles.append(
            Obstacle(f"还有 {len(posted)} 名工作人员在此站任职：{_some(posted)}，请先调出")
        )
    if children:
        obstacles.append(Obstacle(f"此站下面还有{_some(children)}，请先撤销或者改属"))
    return tuple(obstacles)


def station_opening_obstacles(
    *, level_fits: bool, needs_parent: bool, parent_fits: bool, known: bool
) -> tuple[Obstacle, ...]:
    """Why a 照管站 may not be opened so."""
    obstacles = []
    if not level_fits:
        obstacles.append(
            Obstacle("指导站设在地级市，工作站、服务站设在县（市、区），请另选行政区划")
        )
    if needs_parent:
        obstacles.append(Obstacle("服务站须选择上级工作站"))
    if not parent_fits:
        obstacles.append(Obstacle("上级站须高一级，且在同一市、县内，请另选上级站"))
    if known:
        obstacles.append(Obstacle("该行政区划内已有同名的照管站，请换一个名称"))
    return tuple(obstacles)

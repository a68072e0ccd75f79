"""分开管理的规则。Pure: how many of whom somebody is kept apart from are there; the reasons out.

Nobody is named in them: who reads a reason need not know of whom it speaks.
"""

from datetime import date

from rehab.refusal import Caution, Obstacle


def company_obstacles(*, in_room: int, room: str, in_unit: int, unit: str) -> tuple[Obstacle, ...]:
    """Why a person may not lie there: how many in that room, or in that 大队, he is kept apart from."""
    obstacles = []
    if in_unit:
        obstacles.append(
            Obstacle(f"{unit}有 {in_unit} 名须与此人不同大队的人员，请另选大队，或者先终止分开管理")
        )
    if in_room:
        obstacles.append(Obstacle(f"{room} 房间有 {in_room} 名须与此人分开的人员，请另选房间"))
    return tuple(obstacles)


def class_cautions(*, kept_apart: int) -> tuple[Caution, ...]:
    """What is to be answered before a person joins a class: it does not refuse."""
    if not kept_apart:
        return ()
    return (Caution("kept_apart", f"班内有 {kept_apart} 名须与此人分开管理的人员，请说明如何安排"),)


def noting_obstacles(
    *, himself: bool, inside: bool, known: bool, until: date | None, on: date
) -> tuple[Obstacle, ...]:
    """Why two may not be noted as kept apart now."""
    if himself:
        return (Obstacle("“另一人编号”就是此人自己，请填写另一人的编号"),)
    obstacles = []
    if not inside:
        obstacles.append(Obstacle("两人须都是本所未解除的人员，请核对“另一人编号”"))
    if known:
        obstacles.append(Obstacle("两人已登记分开管理，内容有变的请先终止原来的一条"))
    if until is not None and until < on:
        obstacles.append(Obstacle("“分开至”不能早于今天；长期分开的不填"))
    return tuple(obstacles)

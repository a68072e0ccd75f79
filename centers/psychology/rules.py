"""心理矫治中心的规则：a sheet is whole, and whoever opens it says for what."""

from collections.abc import Sequence

from centers.presence import presence_obstacles
from centers.psychology.scales import ANSWERS, Scale
from rehab import statutes
from rehab.refusal import Obstacle


def screening_obstacles(
    scale: Scale, answers: Sequence[int], *, in_facility: bool
) -> tuple[Obstacle, ...]:
    """Why this sheet may not be kept."""
    obstacles = list(presence_obstacles(in_facility=in_facility))
    if len(answers) != len(scale.items):
        obstacles.append(Obstacle(f"{scale.title}共 {len(scale.items)} 题，须逐题作答"))
    if not all(0 <= answer < len(ANSWERS) for answer in answers):
        obstacles.append(Obstacle("答案不在可选范围内"))
    return tuple(obstacles)


def opening_obstacles(purpose: str) -> tuple[Obstacle, ...]:
    """Why a sealed sheet may not be opened."""
    if purpose.strip():
        return ()
    return (Obstacle("查阅封存的测评须写明用途", statutes.CONFIDENTIALITY),)

"""在所与否：what every act done face to face asks first."""

from rehab.refusal import Obstacle


def presence_obstacles(*, in_facility: bool) -> tuple[Obstacle, ...]:
    """Nothing is recorded of somebody who is not here."""
    return () if in_facility else (Obstacle("此人现不在所，不能办理"),)

"""送达的规则: a paper reaches somebody after it was made and before it is written down."""

from datetime import datetime

from rehab.refusal import Obstacle


def service_obstacles(
    *, typeset: bool, made_at: datetime, served_at: datetime, at: datetime
) -> tuple[Obstacle, ...]:
    """Why a service cannot be recorded so; papers are served to the minute."""
    if not typeset:
        return (Obstacle("文书还没有打印，不能送达，请先打印"),)
    if served_at > at:
        return (Obstacle("“送达时间”不能晚于现在"),)
    if served_at < made_at.replace(second=0, microsecond=0):
        return (Obstacle("“送达时间”不能早于文书制作时间，请核对"),)
    return ()

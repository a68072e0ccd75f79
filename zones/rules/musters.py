"""点名的规则。Pure: facts in; what is still to be recorded, and why something may not be, out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from rehab.refusal import Obstacle
from rehab.rules.days import SHANGHAI, day_of, moment_words

MORNING, EVENING = "morning", "evening"  # codes of zones.states.MusterKind
LABELS = {MORNING: "早点名", EVENING: "晚点名"}
OTHER, UNKNOWN = "other", "unknown"  # codes of zones.states.NotThere: one is explained, one alarms
NOON = time(12)  # before it nobody calls the evening roll
MISSED_AFTER = {MORNING: time(8), EVENING: time(21)}  # the house's own; ADR-0027
LOOKED_BACK = timedelta(days=7)  # calendar days for which a roll that was not called is still said


@dataclass(frozen=True)
class Missed:
    """A roll-call of which there is no record though its hour has passed."""

    on: date
    kind: str

    @property
    def label(self) -> str:
        return LABELS[self.kind]


def missed(
    recorded: Collection[tuple[date, str]], *, since: date | None, at: datetime
) -> tuple[Missed, ...]:
    """The roll-calls that nobody recorded, the latest first: today's once their hour is over, and those of the
    last days since the 大队 began (`since`) to record them.
    """
    today, hour = day_of(at), at.astimezone(SHANGHAI).time()
    first = max(since, today - LOOKED_BACK) if since else today
    days = [today - timedelta(days=back) for back in range((today - first).days + 1)]
    return tuple(
        Missed(day, kind)
        for day in days
        for kind in (EVENING, MORNING)
        if (day < today or hour >= MISSED_AFTER[kind]) and (day, kind) not in recorded
    )


def kind_at(at: datetime) -> str:
    """Which roll is called at this hour."""
    return MORNING if at.astimezone(SHANGHAI).time() < NOON else EVENING


def recording_obstacles(
    kind: str, *, at: datetime, former: tuple[str, datetime] | None, reason: str
) -> tuple[Obstacle, ...]:
    """Why this roll may not be recorded now; `former` is who recorded one of this kind today, and when."""
    obstacles = []
    if kind == EVENING and kind_at(at) != EVENING:
        obstacles.append(Obstacle(f"晚点名在 {NOON:%H:%M} 以后记录，现在请记录早点名"))
    if former and not reason:
        who, when = former
        obstacles.append(
            Obstacle(
                f"今日{LABELS[kind]}已由{who}于 {moment_words(when)} 记录；"
                "确需再点一次的，请填写“再次点名的理由”"
            )
        )
    return tuple(obstacles)


def changed_obstacles(*, came: Collection[str], left: int) -> tuple[Obstacle, ...]:
    """Why a list that was looked at is no longer the one to be signed: who came or stands otherwise, how many left."""
    said = []
    if came:
        said.append(f"新增或者变动 {'、'.join(came)}")
    if left:
        said.append(f"减少 {left} 人")
    if not said:
        return ()
    return (
        Obstacle(f"名单在您打开以后有变动：{'；'.join(said)}。下面已是最新名单，请核对后再记录"),
    )


def absence_obstacles(name: str, reason: str, note: str) -> tuple[Obstacle, ...]:
    """Why somebody's absence may not be recorded so."""
    if reason == OTHER and not note:
        return (Obstacle(f"{name}不在场的原因选了“其他”，请写明情况"),)
    return ()


def correction_obstacles(*, corrected: bool, changes: int, reason: str) -> tuple[Obstacle, ...]:
    """Why a recorded roll-call may not be corrected so."""
    if corrected:
        return (Obstacle("这次点名已有更正，请在最新的一次上更正"),)
    obstacles = []
    if not reason:
        obstacles.append(Obstacle("“更正的理由”不能为空，请填写"))
    if not changes:
        obstacles.append(Obstacle("没有改动任何人的在场情况，不必更正"))
    return tuple(obstacles)

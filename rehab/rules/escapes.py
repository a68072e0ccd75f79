"""脱逃期间不计入期限: what proves it, how many days, and until when it may be said. Pure. 戒毒条例第三十二条."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import day_of


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What speaks for days that are not counted; the fourth is another officer, under his own sign-in."""

    recaptured_at: datetime | None = None  # from when the police had him again
    receipt: str = ""  # the police's, that it was reported to them
    statement: bool = False  # he has said himself from when to when

    @property
    def begun(self) -> bool:
        """Whether anything of it is there."""
        return self.recaptured_at is not None or bool(self.receipt) or self.statement

    @property
    def complete(self) -> bool:
        return self.recaptured_at is not None and bool(self.receipt) and self.statement

    def kept(self) -> dict[str, str | bool]:
        """What is written down of it."""
        again = self.recaptured_at.isoformat() if self.recaptured_at else ""
        return {"recaptured_at": again, "receipt": self.receipt, "statement": self.statement}


NO_PROOF = Proof()


def uncounted_days(proof: Proof, *, left_at: datetime) -> int:
    """The whole calendar days between, and none without every proof.

    The day on which he went and the day on which he was caught count for him, and so does every day
    that the police kept him before they brought him: it was no escape any more. 戒毒条例第三十二条、第三十六条.
    """
    if proof.recaptured_at is None or not proof.complete:
        return 0
    return max(0, (day_of(proof.recaptured_at) - day_of(left_at)).days - 1)


def proof_obstacles(
    proof: Proof, *, left_at: datetime, returned_at: datetime
) -> tuple[Obstacle, ...]:
    """Why nothing can be proposed on this."""
    return tuple(_of_proof(proof, left_at, returned_at))


def _of_proof(proof: Proof, left_at: datetime, returned_at: datetime) -> Iterator[Obstacle]:
    if not proof.complete:
        message = (
            "脱逃期间不计入期限，须追回时间、公安机关接报回执、本人陈述三项齐备，再由另一名领导确认；"
            "不齐的三项都不填，期满日不变"
        )
        yield Obstacle(message, statutes.ESCAPE)
    if proof.recaptured_at and not left_at <= proof.recaptured_at <= returned_at:
        yield Obstacle("“追回时间”应在脱逃之后、回所之前，请改正", statutes.ESCAPE)


def extension_obstacles(
    *, ends_on: date, alarm_on: date, recorded_on: date, returned_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Who was here again by his last day, and of whom nobody said by then that it is another, is released.

    So is he whose escape was written down only after it, whenever he came back. Where the printed day is later
    than the computed one, the computed one is the last until the deciding organ has answered.
    """
    differ = alarm_on < ends_on
    last = f"{'推算的' if differ else ''}期满日 {alarm_on}"
    instead = "请先登记决定机关的更正、答复" if differ else "请办理解除"
    if recorded_on > alarm_on:
        message = f"脱逃在{last} 过后才登记，不得顺延，{instead}"
        return (Obstacle(message, statutes.RELEASE_ON_EXPIRY),)
    if not returned_on <= alarm_on < on:
        return ()
    message = f"{last} 已过而此前没有确认，不得再顺延，{instead}"
    return (Obstacle(message, statutes.RELEASE_ON_EXPIRY),)

"""决定书更正: what a decision is written to say, on whose word, and who confirms it. Pure. 禁毒法第四十条."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from rehab import statutes
from rehab.refusal import Obstacle

ENTRY, UPHELD = "entry", "upheld"  # words of states.CorrectionCause


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What a decision of compulsory isolation says of itself and of its term."""

    number: str
    authority: str
    decided_on: date
    printed_starts_on: date | None
    printed_ends_on: date


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the deciding organ wrote back."""

    number: str
    written_on: date
    received_on: date


@dataclass(frozen=True, kw_only=True)
class Correction:
    """The decision as it is to stand, why, and the letter where it is the organ's word."""

    cause: str
    becomes: Paper
    reason: str
    letter: Letter | None = None


def correction_obstacles(
    one: Correction, stands: Paper, *, entered_on: date, one_day_late: bool, on: date
) -> tuple[Obstacle, ...]:
    """What the papers contradict or lack; `one_day_late`: the printed end is the anniversary and unexplained."""
    return (
        *_of_cause(one, stands, one_day_late=one_day_late),
        *_of_days(one.becomes, entered_on),
        *_of_letter(one, on),
    )


def _of_cause(one: Correction, stands: Paper, *, one_day_late: bool) -> Iterator[Obstacle]:
    if not one.reason.strip():
        yield Obstacle("“依据”不能为空，请写明核对了哪件文书")
    if one.cause != UPHELD:
        if one.becomes == stands:
            yield Obstacle("没有改动任何一项，请按文书改正后再登记")
        return
    if one.becomes != stands:
        yield Obstacle("答复载明无误的，决定书信息不变；有改动的请选“决定机关更正”")
    if not one_day_late:
        yield Obstacle(
            "载明的截止日期恰为满二年当日、比推算晚一日的，才登记答复载明无误；其他差异请决定机关更正，超期预警不停",
            statutes.TWO_YEAR_TERM,
        )


def _of_days(paper: Paper, entered_on: date) -> Iterator[Obstacle]:
    if paper.decided_on > entered_on:
        yield Obstacle(f"“决定日期”{paper.decided_on} 晚于入所日期 {entered_on}，请核对")
    if paper.printed_starts_on and paper.printed_starts_on > paper.printed_ends_on:
        yield Obstacle("“载明起日”晚于“载明止日”，请核对")


def _of_letter(one: Correction, on: date) -> Iterator[Obstacle]:
    if one.cause == ENTRY:
        return
    letter = one.letter
    if letter is None or not letter.number.strip():
        yield Obstacle("决定机关更正、答复的，须登记其函的文号、日期和收到日期")
        return
    if letter.written_on < one.becomes.decided_on:
        yield Obstacle(
            f"“函的日期”{letter.written_on} 早于决定日期 {one.becomes.decided_on}，请改正"
        )
    if letter.received_on < letter.written_on:
        yield Obstacle(f"“收到日期”{letter.received_on} 早于函的日期 {letter.written_on}，请改正")
    if letter.received_on > on:
        yield Obstacle(f"“收到日期”{letter.received_on} 还没有到，收到以后再登记")


def confirmer_obstacles(
    *, late: bool, alarm_on: date, may_confirm: bool, may_review: bool
) -> tuple[Obstacle, ...]:
    """Why it is for somebody else to confirm: the bureau, once the alarm rings that it would silence."""
    if late and not may_review:
        message = f"期满日 {alarm_on} 已过，更正使期满日推后的，须由省级戒毒管理局复核；复核以前超期预警不停"
        return (Obstacle(message, statutes.RELEASE_ON_EXPIRY),)
    if not late and not may_confirm:
        return (Obstacle("由本所所领导确认；期满日过后使期满日推后的才由省级戒毒管理局复核"),)
    return ()

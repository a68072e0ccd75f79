"""告知本人的规则: by when each is told of himself, and what a record of it must say.

No text that we hold sets these periods: entry goes by that of the 权利义务告知书, the others are 未经确认.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import (
    calendar_days_after,
    calendar_days_before,
    day_of,
    end_of,
    hours_after,
    moment_words,
)

CLOCK = "centers.told"
ENTRY_HOURS = 24  # 未经确认: as the rights notice
CHANGE_DAYS = 3  # calendar days after a move or an assessment, 未经确认
EXPIRY_OPENS_DAYS = 30  # calendar days before the last day, 未经确认
EXPIRY_DAYS = 7  # calendar days from then, 未经确认
REASON_LENGTH = 200

ALONE, OFFICER, INTERPRETER = "alone", "officer", "interpreter"  # words of states.TellingManner


def entry_due_at(entered_at: datetime) -> datetime:
    """Who is new is told within a day, counted in hours."""
    return hours_after(entered_at, ENTRY_HOURS)


def change_due_at(changed_at: datetime) -> datetime:
    """After a move or an assessment, by the end of the third calendar day; its own day is not counted."""
    return end_of(calendar_days_after(day_of(changed_at), CHANGE_DAYS))


def expiry_opens_on(ends_on: date) -> date:
    return calendar_days_before(ends_on, EXPIRY_OPENS_DAYS)


def expiry_due_at(opens_on: date, ends_on: date) -> datetime:
    """Seven calendar days from its opening, and never after the last day."""
    return end_of(min(calendar_days_after(opens_on, EXPIRY_DAYS), ends_on))


@dataclass(frozen=True)
class Told:
    """How somebody was told, as an officer writes it down."""

    told_at: datetime
    language: str
    manner: str = OFFICER
    interpreter: str = ""
    signed: bool = True
    witness: UUID | None = None
    refusal: str = ""


@dataclass(frozen=True)
class Sheet:
    """What is known of the sheet that he was told from."""

    made_at: datetime
    superseded_at: datetime | None
    says_what_holds: bool
    has_text: bool  # in the language in which he was told
    told_that_day: str = ""  # by whom it was told on that day already


def telling_obstacles(
    told: Told, sheet: Sheet | None, *, spoken: str, entered_at: datetime, by: UUID, at: datetime
) -> tuple[Obstacle, ...]:
    """Why a telling cannot be recorded so; `spoken` names its language."""
    if sheet is None:
        return (Obstacle("还没有给本人制作告知单，请先打印告知单"),)
    return (
        *_of_moment(told, sheet, entered_at=entered_at, at=at),
        *_of_language(told, sheet, spoken),
        *_of_signature(told, by),
    )


def _of_moment(
    told: Told, sheet: Sheet, *, entered_at: datetime, at: datetime
) -> Iterator[Obstacle]:
    if told.told_at > at:
        yield Obstacle("“告知时间”晚于现在，请改正")
    elif told.told_at < entered_at.replace(second=0, microsecond=0):
        yield Obstacle(f"“告知时间”早于入所时间 {moment_words(entered_at)}，请改正")
    elif told.told_at < sheet.made_at.replace(second=0, microsecond=0):
        made = moment_words(sheet.made_at)
        yield Obstacle(f"“告知时间”早于这份告知单的制作时间 {made}，请改正")
    elif sheet.superseded_at is not None and told.told_at >= sheet.superseded_at:
        since = moment_words(sheet.superseded_at)
        yield Obstacle(f"这份告知单已于 {since} 另制替代，请按新的一份告知")
    elif not sheet.says_what_holds:
        yield Obstacle("告知单制作以后期限、考核或者评估有变化，请重新打印、重新告知")
    if sheet.told_that_day:
        yield Obstacle(f"这份告知单当日已由{sheet.told_that_day}登记告知，请刷新页面查看")


def _of_language(told: Told, sheet: Sheet, spoken: str) -> Iterator[Obstacle]:
    named = bool(told.interpreter.strip())
    if told.manner == INTERPRETER and not named:
        yield Obstacle("由翻译人员宣读的，请填写“翻译人员”")
    elif told.manner != INTERPRETER and not sheet.has_text:
        words = f"告知单没有{spoken}文本，须由翻译人员宣读，请选“翻译人员宣读”并填写“翻译人员”"
        yield Obstacle(words, statutes.RIGHTS_NOTICE)
    elif told.manner != INTERPRETER and named:
        yield Obstacle("填写了“翻译人员”的，“告知方式”请选“翻译人员宣读”")


def _of_signature(told: Told, by: UUID) -> Iterator[Obstacle]:
    refused = bool(told.refusal.strip())
    if told.signed:
        if refused or told.witness is not None:
            yield Obstacle("本人已签名的，不填“拒绝签名的情况”和“在场民警”")
        return
    if not refused:
        yield Obstacle("“拒绝签名的情况”不能为空，请写明本人怎么说")
    if told.witness is None:
        yield Obstacle("本人拒绝签名的，须有另一名民警在场，请选择“在场民警”")
    elif told.witness == by:
        yield Obstacle("“在场民警”须是另一名民警，请重新选择")


def withdrawal_obstacles(*, withdrawn: bool, reason: str) -> tuple[Obstacle, ...]:
    """Why a record of a telling cannot be taken back."""
    if withdrawn:
        return (Obstacle("这条告知登记已经撤回，请刷新页面查看"),)
    if not reason.strip():
        return (Obstacle("“撤回理由”不能为空，请写明"),)
    return ()

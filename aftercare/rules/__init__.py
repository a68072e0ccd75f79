"""解除与后续照管的规则。Pure: facts in; an answer and its reasons out."""

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from rehab import statutes
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import calendar_days_after, calendar_days_before, day_of
from rehab.rules.decisions import decision_key
from rehab.rules.term import last_day_before_anniversary, release_status

NOTICE_OPENS_DAYS = 30  # calendar days before the last day from which 解除通知 can be sent
FIRST_CONTACT_DAYS = 7  # calendar days from leaving, or from signing when that is later
CONTACT_INTERVAL_DAYS = 30  # calendar days; a province sets its own
RENEWAL_TALK_DAYS = 30  # calendar days before the end of an agreement
AGREEMENT_YEARS = 1
WRITE_UP_DAYS = 7  # calendar days after its end in which what was done while it ran is written down
IDENTITY_TAIL = 6  # characters of a document number that tell one person from another

CONSENT_VERSION = "2026-1"
CONSENT_TEXT = (
    "本人自愿接受后续照管服务，同意照管站为提供服务处理本人的姓名、联系方式、住址和服务记录。"
    "签不签都不影响按时解除；签订后可以随时退出，不需要说明理由，也没有任何不利后果。"
)


# The last day ---------------------------------------------------------------------------------


def release_obstacles(
    *, in_custody: bool, status: str, ends_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why a person may not be released on a day. Only the term and having left already speak against it.

    `status` is the label of the case's status.
    """
    if not in_custody:
        return (Obstacle(f"此人现为“{status}”，不能办理解除"),)
    standing = release_status(ends_on=ends_on, on=on)
    if standing.must_release:
        return ()
    message = (
        f"期限最后一日是 {ends_on}，还有 {standing.days_left} 日；"
        "提前解除须有决定机关送达的提前解除决定书"
    )
    return (Obstacle(message, statutes.TWO_YEAR_TERM),)


def notice_obstacles(
    *, in_custody: bool, status: str, given: bool, ends_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why 解除通知 cannot be sent: it was, the person has left, or the last day is still far."""
    if not in_custody:
        return (Obstacle(f"此人现为“{status}”，不发解除通知"),)
    if given:
        return (Obstacle(f"{ends_on} 解除的通知已发出"),)
    if on < (opens := notice_opens_on(ends_on)):
        return (Obstacle(f"{opens} 起可发：期限最后一日是 {ends_on}"),)
    return ()


def notice_opens_on(ends_on: date) -> date:
    """The first day on which 解除通知 can be sent: thirty calendar days before the last day."""
    return calendar_days_before(ends_on, NOTICE_OPENS_DAYS)


@dataclass(frozen=True)
class Recipients:
    """Whom 解除通知 is addressed to, by name; empty leaves it to the file or to nobody."""

    family: str = ""
    employer: str = ""
    police_station: str = ""


# The gate -------------------------------------------------------------------------------------


class Mark(StrEnum):
    """What comparing one mark of identity gave."""

    MATCHED = "matched"
    MISSING = "missing"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True)
class Gate:
    """What the officer at the gate read from the papers and the face before him; empty is not compared."""

    decision_number: str = ""
    identity_number: str = ""  # the whole number or its last six characters
    face: Mark = Mark.MISSING


@dataclass(frozen=True)
class Compared:
    """The three marks against the record."""

    decision: Mark
    identity: Mark
    face: Mark


MARK_LABELS = {"decision": "决定书文号", "identity": "身份证件号码", "face": "人像"}


def compare(
    gate: Gate, *, decision_number: str, id_number: str | None, other_document: str | None
) -> Compared:
    """Hold what was read at the gate against what the record says."""
    return Compared(
        decision=_whole(gate.decision_number, decision_number),
        identity=_tail(gate.identity_number, id_number or other_document or ""),
        face=gate.face,
    )


def _whole(read: str, recorded: str) -> Mark:
    read, recorded = decision_key(read), decision_key(recorded)
    if not read:
        return Mark.MISSING
    return Mark.MATCHED if read == recorded else Mark.CONTRADICTED


def _tail(read: str, recorded: str) -> Mark:
    """A number is told by its end; one too short to tell anybody apart counts as not compared."""
    read, recorded = _bare(read), _bare(recorded)
    if not recorded or len(read) < min(IDENTITY_TAIL, len(recorded)):
        return Mark.MISSING
    return Mark.MATCHED if recorded.endswith(read) else Mark.CONTRADICTED


def _bare(number: str) -> str:
    """Letters and digits alone: hyphens and blanks are written in many ways."""
    return "".join(ch for ch in unicodedata.normalize("NFKC", number).upper() if ch.isalnum())


def wrong_person(compared: Compared) -> tuple[Obstacle, ...]:
    """A mark that contradicts the record: this is another person, or a slip of the hand."""
    return tuple(
        Obstacle(f"“{label}”与档案不符，不能放行，请核对是否本人", statutes.RELEASE)
        for field, label in MARK_LABELS.items()
        if getattr(compared, field) == Mark.CONTRADICTED
    )


def gate_cautions(
    compared: Compared, *, second_officer: bool, ends_on: date, on: date
) -> tuple[Caution, ...]:
    """What the officer must give a reason for; none of it stops the release."""
    cautions = [
        Caution(f"no_{field}", f"“{label}”没有核验，请说明原因，所领导将收到告知")
        for field, label in MARK_LABELS.items()
        if getattr(compared, field) == Mark.MISSING
    ]
    if not second_officer:
        cautions.append(
            Caution("no_second_officer", "没有第二名民警核验，请说明原因，所领导将收到告知")
        )
    if (late := (on - ends_on).days) > 0:
        cautions.append(
            Caution("overstayed", f"已超期 {late} 日，请说明原因", statutes.UNLAWFUL_CUSTODY)
        )
    return tuple(cautions)


def unanswered(cautions: tuple[Caution, ...], answered: frozenset[str]) -> tuple[Obstacle, ...]:
    """The cautions whose reason was not given."""
    return tuple(
        Obstacle(f"须先答复：{caution.message}", caution.article)
        for caution in cautions
        if caution.code not in answered
    )


# Agreements -----------------------------------------------------------------------------------


def agreement_ends_on(starts_on: date) -> date:
    """The last day of one year that begins on `starts_on`."""
    return last_day_before_anniversary(starts_on, years=AGREEMENT_YEARS)


def write_up_ends_on(ends_on: date) -> date:
    """The last day on which a contact, or an application to renew, made while it ran is recorded."""
    return calendar_days_after(ends_on, WRITE_UP_DAYS)


def first_contact_due_on(*, leaves_on: date, signed_on: date) -> date:
    """Seven calendar days after leaving, or after signing when the person had left before."""
    return calendar_days_after(max(leaves_on, signed_on), FIRST_CONTACT_DAYS)


def contact_rule_obstacles(*, interval_days: int, known: bool) -> tuple[Obstacle, ...]:
    """Why a province may not set this interval."""
    obstacles = []
    if interval_days < 1:
        obstacles.append(Obstacle("“间隔日数”至少 1 日"))
    if known:
        obstacles.append(Obstacle("同一日施行的规则已经设定，请另定施行日期"))
    return tuple(obstacles)


def next_contact_on(contacted_on: date, *, interval_days: int) -> date:
    """The day proposed for the next contact; calendar days by the province's interval."""
    return calendar_days_after(contacted_on, interval_days)


def renewal_talk_opens_on(ends_on: date) -> date:
    """From when the station asks whether he wishes to go on: thirty calendar days before the end."""
    return calendar_days_before(ends_on, RENEWAL_TALK_DAYS)


def renewal_obstacles(
    *, starts_on: date, ends_on: date, applied_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why an agreement is not renewed: only the person's own application, made while it ran, renews it."""
    if applied_on > on:
        return (Obstacle("“申请日期”不能晚于今天"),)
    if applied_on < starts_on:
        return (Obstacle(f"“申请日期”不能早于协议生效日 {starts_on}"),)
    if applied_on > ends_on:
        return (Obstacle(f"协议已于 {ends_on} 期满，申请在期满之后，请重新征询签订"),)
    if on > (last := write_up_ends_on(ends_on)):
        return (Obstacle(f"协议已于 {ends_on} 期满，续签最迟 {last} 办理，请重新征询签订"),)
    return ()


def contact_obstacles(
    *, starts_on: date, ends_on: date, written_until: date | None, contacted_at: datetime,
    next_on: date, reached: bool, renewal_discussed: bool, at: datetime,
) -> tuple[Obstacle, ...]:  # fmt: skip
    """Why a contact cannot be recorded so: it is made while an agreement runs, and written down soon.

    `written_until` is the last day of writing up, of the chain; None when it runs no more.
    """
    if written_until is None or day_of(at) > written_until:
        return (Obstacle(f"协议至 {ends_on} 期满，补记期限已过，不再记录联系"),)
    contacted_on = day_of(contacted_at)
    obstacles = []
    if contacted_at > at:
        obstacles.append(Obstacle("“联系时间”不能晚于现在"))
    if renewal_discussed and not reached:
        obstacles.append(Obstacle("没有联系上，不能勾选“已谈续签”"))
    if contacted_on < starts_on:
        obstacles.append(Obstacle(f"“联系时间”不能早于协议生效日 {starts_on}"))
    if contacted_on > ends_on:
        obstacles.append(
            Obstacle(f"“联系时间”不能晚于协议期满日 {ends_on}，期满后只补记此前的联系")
        )
    if next_on <= contacted_on:
        obstacles.append(Obstacle("“下次联系”应晚于本次联系"))
    return tuple(obstacles)

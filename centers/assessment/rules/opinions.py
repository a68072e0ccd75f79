"""提前解除、延长期限的意见：when one may be made, what each step must say, and how long it may take. Pure.

Nothing here moves a last day or proposes anything by itself: people sign, and only a served decision counts.
禁毒法第四十七条；戒毒条例第三十二、三十三条.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from centers.assessment.rules import FAIL, GOOD, PASS
from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import calendar_days_after, day_of, moment_words
from rehab.statutes import Article

EARLY, EXTENSION = "early_release", "extension"  # words of states.TermDecisionKind
WANTED = {"detox": PASS, "recovery": PASS, "conduct": PASS, "social": GOOD}  # words of states.Need
DISCUSSANTS = 3
NOTICE_DAYS, REVIEW_DAYS = 5, 5  # calendar days, 未经确认; a province sets its own, see ADR-0036
NOTICE_WITHIN = 7  # calendar days from the discussion until the notice begins
DISCUSS_DAYS = 5  # calendar days from the proposal until it is discussed, 未经确认
SIGN_DAYS, SEND_DAYS, RECEIPT_DAYS, REPLY_DAYS, SERVE_DAYS = 3, 3, 7, 3, 1  # housekeeping
ANSWER_DAYS = 7  # calendar days from the deciding organ's receipt, 戒毒条例第三十三条
ARTICLES: Mapping[str, Article] = {
    EARLY: statutes.EARLY_RELEASE,
    EXTENSION: statutes.EXTENSION,
}
ASSESSED: Mapping[str, str] = {EARLY: "满一年综合诊断评估", EXTENSION: "期满前综合诊断评估"}


def answer_due_on(received_on: date) -> date:
    """The last day on which the deciding organ decides."""
    return calendar_days_after(received_on, ANSWER_DAYS)


def notice_until(notice_from: date, days: int) -> date:
    """The last day of a public notice that begins on a day, which counts as its first."""
    return calendar_days_after(notice_from, days - 1)


@dataclass(frozen=True)
class Grounding:
    """What the law asks of an opinion, as it stands on a day."""

    kind: str
    on: date
    ends_on: date
    status_label: str
    in_custody: bool
    opens_on: date  # a full year is then executed
    never: Obstacle | None  # why early release may never be proposed: the term engine says so
    beyond: tuple[Obstacle, ...]  # what the term engine has against these months of extension
    parts: Mapping[str, str] | None  # of the assessment that it rests on; None: there is none


def ground_obstacles(facts: Grounding) -> tuple[Obstacle, ...]:
    """Why no such opinion may be made, or go on, now: every reason with its article."""
    return tuple(_of_grounding(facts))


def _of_grounding(facts: Grounding) -> Iterator[Obstacle]:
    article = ARTICLES[facts.kind]
    if not facts.in_custody:
        message = f"此人现为“{facts.status_label}”，不在执行强制隔离戒毒，不能办理意见"
        yield Obstacle(message, article)
    if facts.on > facts.ends_on:
        message = f"期满日 {facts.ends_on} 已过，应当解除，不再办理意见"
        yield Obstacle(message, statutes.RELEASE_ON_EXPIRY)
    if facts.kind == EARLY:
        if facts.never is not None:
            yield facts.never
        if facts.on < facts.opens_on:
            message = f"执行不满一年，{facts.opens_on} 起方可提出"
            yield Obstacle(message, article)
    yield from facts.beyond
    yield from _assessed(facts, article)


def _assessed(facts: Grounding, article: Article) -> Iterator[Obstacle]:
    if facts.parts is None:
        yield Obstacle(f"没有{ASSESSED[facts.kind]}的现行结论", article)
    elif facts.kind == EARLY and not is_good(facts.parts):
        message = "满一年综合诊断评估不是三项合格、社会环境与适应能力良好"
        yield Obstacle(message, article)
    elif facts.kind == EXTENSION and FAIL not in facts.parts.values():
        message = "期满前综合诊断评估没有不合格的项目，按期解除"
        yield Obstacle(message, statutes.RELEASE_ON_EXPIRY)


def is_good(parts: Mapping[str, str]) -> bool:
    """戒毒情况良好: three parts 合格, the social one 良好."""
    return all(parts.get(need) == grade for need, grade in WANTED.items())


def proposal_obstacles(
    *, kind: str, months: int, grounds: str, community_refusal: bool
) -> tuple[Obstacle, ...]:
    """What a proposal lacks, or admits."""
    found = []
    if kind == EARLY and community_refusal:
        message = "拒绝接受或者严重违反社区康复协议、再次吸毒被决定强制隔离戒毒的，不得提前解除"
        found.append(Obstacle(message, statutes.EARLY_RELEASE_BARRED))
    if not 1 <= months <= 12:
        found.append(Obstacle("“建议月数”应为 1 至 12 个月，请改正", ARTICLES[kind]))
    if not grounds.strip():
        found.append(Obstacle("“理由”不能为空，请填写"))
    return tuple(found)


# Collective discussion and public notice ----


@dataclass(frozen=True, kw_only=True)
class Discussion:
    """集体讨论: when, by whom, what they concluded, who thought otherwise, and from when it is on notice."""

    discussed_on: date
    participants: tuple[UUID, ...]
    agreed: bool
    conclusion: str
    dissent: str = ""
    notice_from: date | None = None


def discussion_obstacles(
    facts: Discussion, *, proposed_on: date, known: Collection[UUID], on: date
) -> tuple[Obstacle, ...]:
    """Why a discussion is not recorded as it stands."""
    found = []
    if facts.discussed_on < proposed_on:
        found.append(Obstacle(f"“讨论日期”早于提出日期 {proposed_on}，请改正"))
    if facts.discussed_on > on:
        found.append(Obstacle("“讨论日期”晚于今天，讨论以后再登记"))
    if len(set(facts.participants) & set(known)) < max(DISCUSSANTS, len(facts.participants)):
        message = f"“参加人员”至少选 {DISCUSSANTS} 人，均须是本所诊断评估有关人员，请补选"
        found.append(Obstacle(message, statutes.ASSESSMENT_FAIR))
    if not facts.conclusion.strip():
        found.append(Obstacle("“讨论情况”不能为空，请填写"))
    if facts.agreed:
        found += _notice(facts, on=on)
    return tuple(found)


def _notice(facts: Discussion, *, on: date) -> Iterator[Obstacle]:
    if facts.notice_from is None:
        yield Obstacle("讨论同意的，“公示起始日”不能为空，请填写")
    elif facts.notice_from < facts.discussed_on:
        yield Obstacle("“公示起始日”早于讨论日期，请改正")
    elif facts.notice_from < on:
        yield Obstacle("“公示起始日”早于今天，公示自张贴之日起算，请改正", statutes.OBJECTION)
    elif facts.notice_from > calendar_days_after(on, NOTICE_WITHIN):
        yield Obstacle(f"“公示起始日”离今天超过 {NOTICE_WITHIN} 日，请改正")


# The person's objection ----


def objection_obstacles(
    *,
    words: str,
    lodged_at: datetime,
    discussed_on: date,
    signed_at: datetime | None,
    at: datetime,
) -> tuple[Obstacle, ...]:
    """Why an objection is not recorded as it stands; made before the signature it is taken after it as well."""
    found = []
    if not words.strip():
        found.append(Obstacle("“异议内容”不能为空，请按本人的话填写"))
    if lodged_at > at:
        found.append(Obstacle("“提出时间”晚于现在，请改正"))
    if day_of(lodged_at) < discussed_on:
        found.append(Obstacle(f"“提出时间”早于集体讨论的 {discussed_on}，请改正"))
    if signed_at is not None and lodged_at >= signed_at:
        message = (
            f"所领导 {moment_words(signed_at)} 已审批，只补登审批以前提出的异议；"
            "此后的请告知本人向决定机关提出，对决定可以申请行政复议、提起行政诉讼"
        )
        found.append(Obstacle(message, statutes.OBJECTION))
    return tuple(found)


def reviewer_obstacles(*, took_part: bool) -> tuple[Obstacle, ...]:
    """Why this officer may not review an objection: he had a part in what it is against."""
    if not took_part:
        return ()
    message = "评估、提出、讨论、登记、审批这份意见和登记这次异议的人员不得复核异议，请由没有参加的人员复核"
    return (Obstacle(message, statutes.OBJECTION),)


def seen_obstacles(*, seen: str, first: str) -> tuple[Obstacle, ...]:
    """Why a review is not recorded: the first objection that waits is not the one that was read."""
    if seen == first:
        return ()
    return (Obstacle("这件异议已由同事复核，或者另有更早的异议，请重新打开本页"),)


def leader_obstacles(
    *, notice_until: date, on: date, open_objections: int, unserved: int
) -> tuple[Obstacle, ...]:
    """Why no leader signs yet: the notice runs, or the person waits for an answer."""
    found = []
    if on <= notice_until:
        message = f"公示至 {notice_until} 届满，次日起方可审批"
        found.append(Obstacle(message, statutes.OBJECTION))
    return (*found, *waiting_obstacles("审批", open_objections=open_objections, unserved=unserved))


def waiting_obstacles(act: str, *, open_objections: int, unserved: int) -> tuple[Obstacle, ...]:
    """Why it does not go on yet: the person waits for a review, or for its answer."""
    found = []
    if open_objections:
        message = f"本人的异议有 {open_objections} 件没有复核，复核以前不能{act}"
        found.append(Obstacle(message, statutes.OBJECTION))
    if unserved:
        message = f"异议复核的书面答复有 {unserved} 件没有送达本人，请在文书中登记送达"
        found.append(Obstacle(message, statutes.OBJECTION))
    return tuple(found)


# The deciding organ ----


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the deciding organ decided of an opinion; it moves nothing before it is served."""

    granted: bool
    number: str
    decided_on: date
    months: int | None = None  # of an extension
    ends_on: date | None = None  # of an early release
    reason: str = ""  # why not


def sending_obstacles(*, sent_on: date, signed_on: date, on: date) -> tuple[Obstacle, ...]:
    """Why it is not written down so that it was sent."""
    if sent_on < signed_on:
        return (Obstacle(f"“报送日期”早于所领导审批的 {signed_on}，请改正"),)
    if sent_on > on:
        return (Obstacle("“报送日期”晚于今天，报送以后再登记"),)
    return ()


def receipt_obstacles(
    *, received_on: date, receipt: str, sent_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why it is not written down so that the deciding organ received it."""
    found = []
    if received_on < sent_on:
        found.append(Obstacle(f"“收到日期”早于报送日期 {sent_on}，请改正"))
    if received_on > on:
        found.append(Obstacle("“收到日期”晚于今天，请改正"))
    if not receipt.strip():
        found.append(Obstacle("“签收人或者回执”不能为空，请填写"))
    return tuple(found)


def answer_obstacles(
    answer: Answer, *, kind: str, received_on: date, ends_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why an answer is not recorded as it stands; `ends_on` is the last day as it is."""
    found = []
    if not answer.number.strip():
        found.append(Obstacle("“决定文号”不能为空，请填写决定机关的文书号"))
    if answer.decided_on < received_on:
        found.append(Obstacle(f"“决定日期”早于收到日期 {received_on}，请改正"))
    if answer.decided_on > on:
        found.append(Obstacle("“决定日期”晚于今天，请改正"))
    if not answer.granted:
        if not answer.reason.strip():
            found.append(Obstacle("决定不批准的，“不批准的理由”不能为空，请填写"))
    elif kind == EXTENSION:
        if answer.months is None or not 1 <= answer.months <= 12:
            found.append(Obstacle("批准延长的，“决定延长月数”应为 1 至 12，请填写"))
    elif answer.ends_on is None:
        found.append(Obstacle("批准提前解除的，“决定的期满日”不能为空，请填写"))
    elif answer.ends_on >= ends_on:
        found.append(Obstacle(f"“决定的期满日”不早于现在的期满日 {ends_on}，请核对"))
    return tuple(found)


def rule_obstacles(*, notice_days: int, review_days: int, known: bool) -> tuple[Obstacle, ...]:
    """Why a province may not set these days."""
    found = []
    if known:
        found.append(Obstacle("同一日施行的规则已经设定，请另定施行日期"))
    if notice_days < 1 or review_days < 1:
        found.append(Obstacle("公示天数和复核期限至少一日，请改正"))
    return tuple(found)

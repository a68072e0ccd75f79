"""诊断评估中心的规则：what an assessment stands on, when it may be made, and by whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dateutil.relativedelta import relativedelta

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition
from rehab.rules.days import day_of, end_of, start_of
from rehab.rules.term import earliest_early_release
from rehab.statutes import Article

PASS, FAIL, GOOD, FAIR, DONE = "pass", "fail", "good", "fair", "done"  # words of states.Grade

PRE_EXPIRY_OPENS_DAYS = 60  # calendar days before the last day; provincial, see ADR-0008
PASS_MARK = 60  # average of the confirmed months, where a province has said nothing
FULL_MARK = 100
DUE_DAYS = 30  # calendar days, where a province has said nothing
MARK_DUE_DAY = 5  # of the month that follows
CONFIRM_DUE_DAY = 10
LAST_DAYS = 3  # calendar days at the end of a month from which it may be marked

Stay = tuple[datetime, datetime | None]  # in a bed of a zone after 生理脱毒; None: still there


# Evidence and grades ----


@dataclass(frozen=True)
class Evidence:
    """What is on file for one need: whether it is there, the best grade it allows, what may be shown."""

    there: bool
    ceiling: str = ""
    detail: str = ""
    unsigned: bool = False  # written down, and waits for the second signature


def result_of(parts: Mapping[str, str]) -> str:
    """不合格 when one part is; 一般 in the social part alone does not fail anybody."""
    return FAIL if FAIL in parts.values() else PASS


def allowed_grades(ceiling: str) -> tuple[str, ...]:
    """The grades an assessor may give on evidence that allows `ceiling` at best, best first."""
    return {PASS: (PASS, FAIL), GOOD: (GOOD, FAIR)}.get(ceiling, (ceiling,))


def grade_obstacles(
    parts: Mapping[str, str], evidence: Mapping[str, Evidence], labels: Mapping[str, str]
) -> tuple[Obstacle, ...]:
    """Why these grades may not stand: each need is graded, none better than its evidence."""
    missing = [labels[code] for code in evidence if code not in parts]
    better = [
        labels[code]
        for code, of in evidence.items()
        if code in parts and parts[code] not in allowed_grades(of.ceiling)
    ]
    obstacles = []
    if missing:
        obstacles.append(Obstacle(f"{'、'.join(missing)}没有评定"))
    if better:
        message = f"{'、'.join(better)}的评定与在案记录不符"
        obstacles.append(Obstacle(message, statutes.ASSESSMENT_FAIR))
    if foreign := set(parts) - set(evidence):
        obstacles.append(Obstacle(f"有 {len(foreign)} 项不属于本次评估"))
    return tuple(obstacles)


def social_result(met: Iterable[bool]) -> str:
    """良好 when all five criteria are met. No other threshold could be confirmed."""
    return GOOD if all(met) else FAIR


# When and by whom ----

STAGE_KINDS = {"01": "detox", "02": "adaptation", "03": "consolidation"}  # words of states
ONE_YEAR, PRE_EXPIRY = "one_year", "pre_expiry"


def next_kind(
    *, stage: str, on: date, decided_on: date, ends_on: date, settled: Collection[str]
) -> str:
    """The assessment that comes next. `settled` are the kinds that need not be made again now.

    What nears its end goes first; then the stage that must be left; then the full year.
    """
    of_stage = STAGE_KINDS.get(stage)
    wanted = (
        (PRE_EXPIRY, on >= pre_expiry_opens_on(ends_on)),
        (of_stage, of_stage in {"detox", "adaptation"}),
        (ONE_YEAR, on >= one_year_opens_on(decided_on)),
        (of_stage, of_stage is not None),
        (ONE_YEAR, True),
    )
    return next((kind for kind, due in wanted if kind and due and kind not in settled), PRE_EXPIRY)


@dataclass(frozen=True)
class AssessmentFacts:
    """What an assessment of one kind is judged on."""

    in_custody: bool
    stage_fits: bool  # true where the kind belongs to no stage
    stage_label: str
    opens_on: date | None
    opens_article: Article | None
    conditions: tuple[Condition, ...]
    draft_open: bool
    passed_already: bool


def one_year_opens_on(decided_on: date) -> date:
    """满一年之日：the first day after a full year of execution, 禁毒法第四十七条."""
    return earliest_early_release(decided_on)


def pre_expiry_opens_on(ends_on: date) -> date:
    """60 calendar days before the last day."""
    return ends_on - timedelta(days=PRE_EXPIRY_OPENS_DAYS)


def assessment_obstacles(facts: AssessmentFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why this person may not be assessed now. Shared by draft, conclusion and page."""
    obstacles = []
    if not facts.in_custody:
        obstacles.append(Obstacle("此人不在执行强制隔离戒毒，不进行诊断评估"))
    if not facts.stage_fits:
        obstacles.append(Obstacle(f"此项评估在{facts.stage_label}结束时进行，此人不在该区"))
    if facts.opens_on is not None and on < facts.opens_on:
        obstacles.append(
            Obstacle(f"未到评估时间，{facts.opens_on.isoformat()} 起可评", facts.opens_article)
        )
    obstacles += [
        Obstacle(f"缺{unmet.label}" + (f"：{unmet.detail}" if unmet.detail else ""))
        for unmet in facts.conditions
        if not unmet.met
    ]
    return tuple(obstacles)


def draft_obstacles(facts: AssessmentFacts, *, on: date) -> tuple[Obstacle, ...]:
    """Why no draft may be written now."""
    obstacles = assessment_obstacles(facts, on=on)
    if facts.draft_open:
        obstacles += (Obstacle("已有一份拟定的评估，请先作出结论或者退回"),)
    if facts.passed_already:
        obstacles += (Obstacle("已有合格的结论；确有错误的，请对该结论办理更正"),)
    return obstacles


def reason_obstacles(parts: Mapping[str, str], reasons: str) -> tuple[Obstacle, ...]:
    """A failing result has its reasons: the person is told them."""
    if result_of(parts) == FAIL and not reasons.strip():
        return (Obstacle("评为不合格须写明理由", statutes.ASSESSMENT_FAIR),)
    return ()


def conclusion_obstacles(*, drafted: bool, same_person: bool) -> tuple[Obstacle, ...]:
    """Why this officer may not conclude this draft."""
    obstacles = []
    if not drafted:
        obstacles.append(Obstacle("此份评估已有结论或者已被退回，请刷新页面查看"))
    if same_person:
        obstacles.append(Obstacle("拟定和结论须由两人分别作出，本人拟定的不能由本人结论"))
    return tuple(obstacles)


def return_obstacles(*, drafted: bool, reason: str) -> tuple[Obstacle, ...]:
    """Why a draft may not be sent back."""
    obstacles = []
    if not drafted:
        obstacles.append(Obstacle("此份评估已有结论或者已被退回，请刷新页面查看"))
    if not reason.strip():
        obstacles.append(Obstacle("退回须写明原因"))
    return tuple(obstacles)


def correction_obstacles(*, standing: bool, why: str) -> tuple[Obstacle, ...]:
    """Why a conclusion may not be corrected."""
    obstacles = []
    if not standing:
        obstacles.append(Obstacle("此份评估不是现行结论，不能更正"))
    if not why.strip():
        obstacles.append(Obstacle("更正须写明原因", statutes.ASSESSMENT_FAIR))
    return tuple(obstacles)


def rule_obstacles(*, needs: Sequence[str], known: bool, pass_mark: int) -> tuple[Obstacle, ...]:
    """Why a province may not set this rule."""
    obstacles = []
    if known:
        obstacles.append(Obstacle("同一日施行的规则已经设定，请另定施行日期"))
    if not needs or len(set(needs)) != len(needs):
        obstacles.append(Obstacle("所需事项不能为空，也不能重复"))
    if not 0 <= pass_mark <= FULL_MARK:
        obstacles.append(Obstacle("行为表现合格分应在 0 到 100 之间"))
    return tuple(obstacles)


# Conduct ----


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def month_after(month: date) -> date:
    """The first day of the next month."""
    following: date = month + relativedelta(months=1)
    return following


def month_before(month: date) -> date:
    """The first day of the month before."""
    return first_of(month - timedelta(days=1))


def last_day(month: date) -> date:
    """The last day of a month given by its first."""
    return month_after(month) - timedelta(days=1)


def marking_opens_on(month: date) -> date:
    """A month may be marked on its last three days and ever after."""
    return last_day(month) - timedelta(days=LAST_DAYS - 1)


def markable_month(on: date) -> date:
    """The latest month that may be marked on a day."""
    month = first_of(on)
    return month if on >= marking_opens_on(month) else month_before(month)


def mark_due_at(month: date) -> datetime:
    """The end of the 5th of the next month."""
    return end_of(month_after(month).replace(day=MARK_DUE_DAY))


def confirm_due_at(month: date) -> datetime:
    """The end of the 10th of the next month."""
    return end_of(month_after(month).replace(day=CONFIRM_DUE_DAY))


def full_months(stays: Sequence[Stay], *, until: date) -> tuple[date, ...]:
    """First days of the calendar months lived through wholly in zones 02 to 04, ended by `until`."""
    spans = _joined(stays)
    months = []
    for begin, end in spans:
        month = first_of(day_of(begin))
        if start_of(month) < begin:
            month = month_after(month)
        while last_day(month) <= until and (end is None or start_of(month_after(month)) <= end):
            months.append(month)
            month = month_after(month)
    return tuple(months)


def markable_months(stays: Sequence[Stay], *, on: date) -> tuple[date, ...]:
    """Months, from the first spent in zones 02 to 04, that may be marked on a day, latest first."""
    if not stays:
        return ()
    first = first_of(min(day_of(begin) for begin, _ in stays))
    months = []
    month = markable_month(on)
    while month >= first:
        months.append(month)
        month = month_before(month)
    return tuple(months)


def _joined(stays: Sequence[Stay]) -> list[Stay]:
    """Stays that follow one another without a gap, as one."""
    joined: list[Stay] = []
    for begin, end in sorted(stays, key=lambda stay: stay[0]):
        if joined and joined[-1][1] is not None and joined[-1][1] >= begin:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return joined


def conduct_evidence(
    *,
    owed: Sequence[date],
    marks: Mapping[date, tuple[int, bool]],  # month → mark, whether it is confirmed
    pass_mark: int,
) -> Evidence:
    """Confirmed marks of every owed month, and their average against the province's pass mark."""
    unmarked = [month for month in owed if month not in marks]
    unconfirmed = sorted(month for month, (_, confirmed) in marks.items() if not confirmed)
    confirmed = [mark for mark, is_confirmed in marks.values() if is_confirmed]
    if unmarked:
        return Evidence(False, detail=f"{_months(unmarked)}未评定")
    if unconfirmed:
        return Evidence(False, detail=f"{_months(unconfirmed)}未复核", unsigned=True)
    if not confirmed:
        return Evidence(False, detail="尚无月考核")
    average = sum(confirmed) / len(confirmed)
    detail = f"{len(confirmed)} 个月平均 {average:.1f} 分，合格线 {pass_mark} 分"
    return Evidence(True, PASS if average >= pass_mark else FAIL, detail)


def _months(months: Sequence[date]) -> str:
    return "、".join(f"{month:%Y-%m}" for month in months)


@dataclass(frozen=True)
class MarkFacts:
    """What the mark of one person for one month is judged on."""

    in_custody: bool
    entered_on: date
    already_confirmed: bool


def mark_obstacles(facts: MarkFacts, *, month: date, mark: int, on: date) -> tuple[Obstacle, ...]:
    """Why a month may not be marked so. An unconfirmed mark may still be set right."""
    obstacles = []
    if not 0 <= mark <= FULL_MARK:
        obstacles.append(Obstacle("月考核得分应在 0 到 100 之间"))
    if not facts.in_custody:
        obstacles.append(Obstacle("此人不在执行强制隔离戒毒，不评月考核"))
    if last_day(month) < facts.entered_on:
        obstacles.append(Obstacle(f"{month:%Y-%m} 时此人尚未入所"))
    if on < marking_opens_on(month):
        opens = marking_opens_on(month).isoformat()
        obstacles.append(Obstacle(f"{month:%Y-%m} 尚未结束，{opens} 起可评"))
    if facts.already_confirmed:
        obstacles.append(Obstacle(f"{month:%Y-%m} 已经复核，不能再改"))
    return tuple(obstacles)


def confirm_obstacles(*, confirmed: bool, same_person: bool) -> tuple[Obstacle, ...]:
    """Why this officer may not put the second signature."""
    obstacles = []
    if confirmed:
        obstacles.append(Obstacle("已由他人复核"))
    if same_person:
        obstacles.append(Obstacle("评定和复核须由两人分别签字"))
    return tuple(obstacles)


def social_obstacles(*, in_custody: bool) -> tuple[Obstacle, ...]:
    """Why the social form may not be recorded."""
    return () if in_custody else (Obstacle("此人不在执行强制隔离戒毒，不再填写"),)

"""时限和事实: what in a line is missing, in the wrong order, late or not done."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from centers.assessment.rules import DUE_DAYS, one_year_opens_on
from centers.education.rules import earliest_end
from intake.rules.checkup.findings import Finding, Kind, Severity, found
from intake.rules.checkup.people import Status, Title
from intake.rules.checkup.term import Checked
from intake.rules.completion import duty
from intake.rules.reception import POLICE_PHASE_CAP_MONTHS, POLICE_PHASE_MONTHS
from rehab import statutes
from rehab.rules import persons
from rehab.rules.days import calendar_days_after
from rehab.rules.term import release_notice_due_on
from rehab.statutes import Article

LAW_FROM = statutes.TWO_YEAR_TERM.in_force_from


def _unreadable(one: Checked) -> Iterator[Finding]:
    """读不出的，不猜。"""
    for title, why in one.person.unread:
        severity = _UNREAD.get(title, Severity.WRONG)
        yield found(one.person, title, Kind.UNREADABLE, severity, why, expected="核对后重新填写")


# Without a decision date nothing is computed; a status in other words is no fault
_UNREAD = {Title.DECIDED_ON: Severity.SERIOUS, Title.STATUS: Severity.NOTE}


def _no_decision(one: Checked) -> Iterator[Finding]:
    """期限自作出决定之日起计算：没有决定日期，什么都不能推算。"""
    if one.person.is_blank(Title.DECIDED_ON):
        yield found(
            one.person, Title.DECIDED_ON, Kind.MISSING, Severity.SERIOUS,
            "没有决定日期，期限不能推算", expected="按决定书填写", article=statutes.TERM_STARTS,
        )  # fmt: skip


def _starts(one: Checked) -> Iterator[Finding]:
    """期限自作出决定之日起计算。"""
    starts_on, decided_on = one.person.day(Title.STARTS_ON), one.person.day(Title.DECIDED_ON)
    if starts_on and decided_on and starts_on != decided_on:
        yield found(
            one.person, Title.STARTS_ON, Kind.WRONG_END, Severity.WRONG,
            f"期限起日 {starts_on} 与决定日期 {decided_on} 不一致",
            expected=str(decided_on), article=statutes.TERM_STARTS,
        )  # fmt: skip


def _order(one: Checked) -> Iterator[Finding]:
    """先后颠倒的，和还没有到的日子。"""
    day = one.person.day
    decided_on = day(Title.DECIDED_ON)
    if decided_on and decided_on < LAW_FROM:
        yield found(
            one.person, Title.DECIDED_ON, Kind.CONTRADICTION, Severity.WRONG,
            f"决定日期 {decided_on} 早于《禁毒法》施行的 {LAW_FROM}",
            expected="按决定书核对", article=statutes.TWO_YEAR_TERM,
        )  # fmt: skip
    for first, then in _ONE_AFTER_ANOTHER:
        begins, follows = day(first), day(then)
        if begins and follows and follows < begins:
            yield found(
                one.person, then, Kind.CONTRADICTION, Severity.WRONG,
                f"{then} {follows} 早于{first} {begins}", expected=f"不早于 {begins}",
            )  # fmt: skip
    for title in _DONE:
        done = day(title)
        if done and done > one.on:
            yield found(
                one.person, title, Kind.CONTRADICTION, Severity.WRONG,
                f"{title} {done} 还没有到", expected=f"不晚于 {one.on}",
            )  # fmt: skip


_ONE_AFTER_ANOTHER = (
    (Title.DECIDED_ON, Title.ENTERED_ON),
    (Title.ENTERED_ON, Title.FAMILY_ON),
    (Title.ENTERED_ON, Title.EDUCATION_FROM),
    (Title.ENTERED_ON, Title.RELEASED_ON),
    (Title.DECIDED_ON, Title.RELEASED_ON),
    (Title.DECIDED_ON, Title.NOTICE_ON),
)
_DONE = (
    Title.ENTERED_ON, Title.FAMILY_ON, Title.EDUCATION_FROM, Title.EDUCATION_TO,
    Title.YEAR_ASSESSED_ON, Title.END_ASSESSED_ON, Title.NOTICE_ON,
)  # fmt: skip


def _status(one: Checked) -> Iterator[Finding]:
    """状态与日期对得上。"""
    person, is_out = one.person, one.facts is not None and one.facts.open_escape is not None
    status = person.status
    if status is Status.INSIDE and one.left_on:
        yield found(
            person, Title.STATUS, Kind.CONTRADICTION, Severity.WRONG,
            f"状态为在所，解除日期却是 {one.left_on}", expected="核对状态和解除日期",
        )  # fmt: skip
    if status is Status.INSIDE and is_out:  # nobody can tell when he must go
        yield found(
            person, Title.RECAPTURED_ON, Kind.CONTRADICTION, Severity.SERIOUS,
            "有脱逃日期，没有追回日期，状态却为在所：期满日不能推算",
            expected="填写追回日期", article=statutes.ESCAPE,
        )  # fmt: skip
    if is_out and one.left_on:
        yield found(
            person, Title.RECAPTURED_ON, Kind.CONTRADICTION, Severity.WRONG,
            f"有脱逃日期，没有追回日期，却于 {one.left_on} 解除：期满日不能推算",
            expected="填写追回日期", article=statutes.ESCAPE,
        )  # fmt: skip
    if status is Status.ESCAPED and one.facts and not is_out:
        yield found(
            person, Title.ESCAPED_ON, Kind.MISSING, Severity.WRONG,
            "状态为脱逃，没有未追回的脱逃日期：期满日不能推算",
            expected="填写脱逃日期", article=statutes.ESCAPE,
        )  # fmt: skip
    if status is Status.RELEASED and person.is_blank(Title.RELEASED_ON):
        yield found(
            person, Title.RELEASED_ON, Kind.MISSING, Severity.WRONG,
            "状态为解除，没有解除日期：不能判断是否按期", expected="填写解除日期",
            article=statutes.RELEASE_ON_EXPIRY,
        )  # fmt: skip


def _pairs(one: Checked) -> Iterator[Finding]:
    """成对的日期要成对：没有送达日期的决定不改变期限。"""
    person = one.person
    for begins, ends in _INTERVALS:
        starts, stops = len(person.days_of(begins)), len(person.days_of(ends))
        if stops > starts or starts > stops + 1:
            yield found(
                person, begins if stops > starts else ends, Kind.MISSING, Severity.WRONG,
                f"{begins} {starts} 个，{ends} {stops} 个，对不上",
                expected="一次一对，几次之间用顿号隔开",
            )  # fmt: skip
    served, months = len(person.days_of(Title.EXTENSION_SERVED_ON)), len(person.months)
    if served != months:
        yield found(
            person, Title.EXTENSION_SERVED_ON if served < months else Title.EXTENSION_MONTHS,
            Kind.MISSING, Severity.WRONG,
            f"延长月数 {months} 个，送达日期 {served} 个：缺一项的延长不计入期限",
            expected="填写延长决定的月数和送达日期", article=statutes.EXTENSION,
        )  # fmt: skip
    early_on, ends_on = person.day(Title.EARLY_SERVED_ON), person.day(Title.EARLY_ENDS_ON)
    if (early_on is None) != (ends_on is None):
        yield found(
            person, Title.EARLY_ENDS_ON if early_on else Title.EARLY_SERVED_ON,
            Kind.MISSING, Severity.WRONG,
            "提前解除决定缺送达日期或者解除日期：不计入期限",
            expected="填写提前解除决定的送达日期和解除日期", article=statutes.OPINION_ANSWER,
        )  # fmt: skip


_INTERVALS = (
    (Title.ESCAPED_ON, Title.RECAPTURED_ON),
    (Title.LEAVE_FROM, Title.LEAVE_TO),
    (Title.DETAINED_FROM, Title.DETAINED_TO),
)


def _police_phase(one: Checked) -> Iterator[Finding]:
    """在公安机关场所执行三个月至六个月，最长十二个月。"""
    decided_on, entered_on = one.person.day(Title.DECIDED_ON), one.person.day(Title.ENTERED_ON)
    if decided_on is None or entered_on is None:
        return
    _, longest = POLICE_PHASE_MONTHS
    for months, severity in ((POLICE_PHASE_CAP_MONTHS, Severity.WRONG), (longest, Severity.NOTE)):
        latest = decided_on + relativedelta(months=months)
        if entered_on > latest:
            yield found(
                one.person, Title.ENTERED_ON, Kind.POLICE_PHASE, severity,
                f"入所日期 {entered_on}，在公安机关场所执行超过 {months} 个月",
                expected=f"不晚于 {latest}", article=statutes.POLICE_PHASE,
                days=(entered_on - latest).days,
            )  # fmt: skip
            return


def _not_sixteen(one: Checked) -> Iterator[Finding]:
    """不满十六周岁的，可以不适用强制隔离戒毒。"""
    citizen, decided_on = one.person.citizen, one.person.day(Title.DECIDED_ON)
    if citizen and decided_on and persons.is_exemptible(citizen.birth_date, decided_on):
        yield found(
            one.person, Title.ID_NUMBER, Kind.BARRED, Severity.NOTE,
            "决定之日不满十六周岁，可以不适用强制隔离戒毒",
            expected="请决定机关书面确认", article=statutes.NOT_APPLICABLE,
        )  # fmt: skip


@dataclass(frozen=True)
class Clock:
    """Something that must be done by a day."""

    title: Title
    words: str
    due_on: date
    article: Article


def _clocks(one: Checked) -> Iterator[Clock]:
    entered_on, decided_on = one.person.day(Title.ENTERED_ON), one.person.day(Title.DECIDED_ON)
    ends_on, since = one.alarm_on, entered_on or decided_on
    if entered_on:
        owed = duty("family_notice")
        due_on = calendar_days_after(entered_on, owed.amount)
        yield Clock(Title.FAMILY_ON, owed.label, due_on, owed.article)
    if ends_on is None or decided_on is None or since is None:
        return
    year_on = max(one_year_opens_on(decided_on), since)
    if year_on <= ends_on:
        due_on = calendar_days_after(year_on, DUE_DAYS)
        article = statutes.ASSESSMENT_TIMES
        yield Clock(Title.YEAR_ASSESSED_ON, "满一年诊断评估", due_on, article)
    due_on = max(ends_on - timedelta(days=DUE_DAYS), since)
    yield Clock(Title.END_ASSESSED_ON, "期满前诊断评估", due_on, statutes.ASSESSMENT_TIMES)
    known_on = one.person.day(Title.EARLY_SERVED_ON) or since
    due_on = release_notice_due_on(ends_on=ends_on, known_on=known_on)
    yield Clock(Title.NOTICE_ON, "解除通知", due_on, statutes.RELEASE_NOTICE)


def _missed(one: Checked) -> Iterator[Finding]:
    """到期没有办的，和办晚了的。"""
    if one.person.status is Status.ENDED:
        return
    for clock in _clocks(one):
        done = one.person.day(clock.title)
        if done:
            late = (done - clock.due_on).days
            message = f"{clock.words} {done}，比应办的 {clock.due_on} 晚 {late} 日"
        else:
            until = one.watched_until if one.person.is_blank(clock.title) else None
            late = (until - clock.due_on).days if until else 0
            message = f"{clock.words}应于 {clock.due_on} 以前办理，没有登记"
        doubt = one.doubt if clock.title in _BY_THE_END else ""
        if late > 0:
            yield found(
                one.person, clock.title, Kind.MISSED, Severity.WRONG, message + doubt,
                expected=f"不晚于 {clock.due_on}", article=clock.article, days=late,
            )  # fmt: skip


_BY_THE_END = (Title.END_ASSESSED_ON, Title.NOTICE_ON)


def _too_soon(one: Checked) -> Iterator[Finding]:
    """满一年的评估，满一年以后才能作。"""
    assessed_on, decided_on = (
        one.person.day(Title.YEAR_ASSESSED_ON),
        one.person.day(Title.DECIDED_ON),
    )
    if assessed_on and decided_on and assessed_on < (opens_on := one_year_opens_on(decided_on)):
        yield found(
            one.person, Title.YEAR_ASSESSED_ON, Kind.CONTRADICTION, Severity.WRONG,
            f"一年评估日期 {assessed_on} 时执行不满一年", expected=f"不早于 {opens_on}",
            article=statutes.EARLY_RELEASE,
        )  # fmt: skip


def _entry_education(one: Checked) -> Iterator[Finding]:
    """入所教育不少于一个月。"""
    entered_on, ended_on = one.person.day(Title.ENTERED_ON), one.person.day(Title.EDUCATION_TO)
    began_on = one.person.day(Title.EDUCATION_FROM) or entered_on
    if began_on is None or one.person.status is Status.ENDED:
        return
    earliest, until = earliest_end(began_on), one.watched_until
    if ended_on and ended_on < earliest:
        yield found(
            one.person, Title.EDUCATION_TO, Kind.MISSED, Severity.WRONG,
            f"入所教育 {began_on} 至 {ended_on}，不满一个月",
            expected=f"不早于 {earliest}", article=statutes.ENTRY_EDUCATION,
            days=(earliest - ended_on).days,
        )  # fmt: skip
    elif one.person.is_blank(Title.EDUCATION_TO) and until and until > earliest:
        yield found(
            one.person, Title.EDUCATION_TO, Kind.MISSED, Severity.NOTE,
            f"入所教育 {earliest} 起满一个月，没有登记结束日期",
            expected="填写结束日期；还没有结束的，核对原因", article=statutes.ENTRY_EDUCATION,
            days=(until - earliest).days,
        )  # fmt: skip


DUTY_CHECKS: tuple[Callable[[Checked], Iterator[Finding]], ...] = (
    _unreadable, _no_decision, _starts, _order, _status, _pairs, _police_phase, _not_sixteen,
    _missed, _too_soon, _entry_education,
)  # fmt: skip

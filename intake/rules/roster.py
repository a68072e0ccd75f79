"""The lines of a handover roster, judged: which to accept, which to ask about, which to send back.

A rejected line is never the end of a person: faulty data goes back in a correction sheet, and
pregnant and nursing people become arrivals that can only be refused, on paper.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from intake.rules import health
from intake.rules.line import Line, read_line
from intake.rules.rows import Column, RosterFile, RosterRow
from rehab import statutes
from rehab.refusal import Caution
from rehab.rules import codes, persons
from rehab.rules.decisions import decision_key
from rehab.rules.term import LATE_DAYS_ALLOWED, two_years_end
from rehab.statutes import Article


class Outcome(StrEnum):
    """What becomes of a line."""

    ACCEPT = "accept"
    WARN = "warn"
    REJECT = "reject"


@dataclass(frozen=True)
class Problem:
    """One reason, by column title; `outcome` is what it does to the line."""

    field: str
    message: str
    outcome: Outcome
    article: Article | None = None


@dataclass(frozen=True)
class RosterLine:
    """The cleaned values of a line that becomes an arrival."""

    name: str
    sex: str  # codes.MALE or codes.FEMALE
    birth_date: date
    id_number: str | None
    other_document: str  # kind and number, when there is no citizen number
    ethnicity: str
    education: str
    household: str
    address: str
    decision_number: str
    authority: str
    decided_on: date
    printed_starts_on: date
    printed_ends_on: date
    transferred_on: date
    drug: str  # names joined by 、
    addiction: str
    health: str
    injury: str  # empty: none
    relative_name: str
    relative_relation: str
    relative_phone: str
    remark: str


@dataclass(frozen=True)
class RowVerdict:
    """The verdict on one line; `person` is there unless faulty data sends the line back."""

    line: int
    outcome: Outcome
    problems: tuple[Problem, ...]  # rejecting ones first
    person: RosterLine | None
    bar: health.Bar | None  # 怀孕、哺乳

    @property
    def becomes_arrival(self) -> bool:
        """Accepted, warned, or only refusable; every other line goes back to the sender."""
        return self.person is not None

    @property
    def only_refusable(self) -> bool:
        """Pregnant or nursing, with sound data: an arrival that can only be refused."""
        return self.becomes_arrival and self.bar is not None


@dataclass(frozen=True)
class Known:
    """What the system already holds of the keys in a roster; see `line.person_keys`."""

    waiting: frozenset[str] = frozenset()  # people with an undecided arrival
    in_custody: frozenset[str] = frozenset()  # people with an open case
    decisions: frozenset[str] = frozenset()  # decisions of an arrival or a case


NOTHING_KNOWN = Known()


def judge(
    rows: Iterable[RosterRow], *, as_of: date, known: Known = NOTHING_KNOWN
) -> tuple[RowVerdict, ...]:
    """Every line with all its problems. `as_of` is the date of the roster.

    Of two lines for one person, or for one decision, the first stands and the second is rejected.
    """
    people: dict[str, int] = {}
    decisions: dict[str, int] = {}
    verdicts = []
    for row in rows:
        line = read_line(row)
        problems = [
            *(_reject(column, message) for column, message in line.unread),
            *(problem for check in _CHECKS for problem in check(line, as_of)),
            *_seen_before(line, people, decisions),
            *_known_already(line, known),
        ]
        verdicts.append(_verdict(line, problems))
    return tuple(verdicts)


def file_cautions(file: RosterFile, *, facility_name: str) -> tuple[Caution, ...]:
    """提示 on the file as a whole: it was meant for another facility, or holds nobody."""
    cautions = []
    if file.sent_to and file.sent_to != facility_name:
        message = f"名册的接收单位是“{file.sent_to}”，不是{facility_name}"
        cautions.append(Caution("other_facility", message, statutes.DELIVERY))
    if not file.rows:
        cautions.append(Caution("no_lines", "名册中没有人员"))
    return tuple(cautions)


def _reject(column: Column, message: str, article: Article | None = None) -> Problem:
    return Problem(column.value, message, Outcome.REJECT, article)


def _warn(column: Column, message: str, article: Article | None = None) -> Problem:
    return Problem(column.value, message, Outcome.WARN, article)


# The rules of one line, a function each


def _no_number(line: Line, _as_of: date) -> Iterator[Problem]:
    """无公民身份号码的，凭其他证件；都没有的按身份不明。"""
    if line.number or line.number_unread:
        return
    document = line.other_document
    message = (
        f"无公民身份号码，凭{document}" if document else "无公民身份号码，备注中也没有其他证件"
    )
    yield _warn(Column.ID_NUMBER, message, statutes.DECISION_SERVED)


def _against_the_number(line: Line, _as_of: date) -> Iterator[Problem]:
    """性别、出生日期不得与号码矛盾。"""
    if line.number is None:
        return
    if line.sex and line.sex != line.number.sex:
        yield _reject(Column.SEX, "与公民身份号码第 17 位不符")
    if line.birth_date and line.birth_date != line.number.birth_date:
        born = line.number.birth_date
        yield _reject(Column.BIRTH_DATE, f"与公民身份号码不符，号码中为 {born}")


def _age(line: Line, as_of: date) -> Iterator[Problem]:
    """未成年人分别管理；不满十六周岁的请决定机关确认。"""
    if line.birth_date is None:
        return
    if line.birth_date > as_of:
        yield _reject(Column.BIRTH_DATE, f"晚于名册日期 {as_of}")
    elif persons.is_exemptible(line.birth_date, as_of):
        message = "不满十六周岁，可以不适用强制隔离戒毒，请决定机关确认"
        yield _warn(Column.BIRTH_DATE, message, statutes.NOT_APPLICABLE)
    elif persons.is_minor(line.birth_date, as_of):
        yield _warn(Column.BIRTH_DATE, "未成年人，应当分别管理", statutes.SEPARATION)


def _order_of_days(line: Line, as_of: date) -> Iterator[Problem]:
    """先决定、后移交，都不晚于名册日期。"""
    decided_on, transferred_on = line.decided_on, line.transferred_on
    if decided_on and decided_on > as_of:
        yield _reject(Column.DECIDED_ON, f"晚于名册日期 {as_of}")
    if transferred_on and transferred_on > as_of:
        yield _reject(Column.TRANSFERRED_ON, f"晚于名册日期 {as_of}")
    if decided_on and transferred_on and transferred_on < decided_on:
        yield _reject(Column.TRANSFERRED_ON, f"早于决定日期 {decided_on}")


def _printed_term(line: Line, as_of: date) -> Iterator[Problem]:
    """决定书载明的期限为准；已届满的、超过二年的退回，其他出入提示。"""
    if line.printed_term is None:
        return
    starts_on, ends_on = line.printed_term
    if ends_on < as_of:
        message = f"期限已于 {ends_on} 届满"
        yield _reject(Column.PRINTED_TERM, message, statutes.RELEASE_ON_EXPIRY)
    elif line.decided_on:
        yield from _against_two_years(line.decided_on, starts_on, ends_on)


def _against_two_years(decided_on: date, starts_on: date, ends_on: date) -> Iterator[Problem]:
    computed = two_years_end(decided_on)
    late = (ends_on - computed).days
    if late > LATE_DAYS_ALLOWED:
        message = f"超过二年：截止日期 {ends_on} 比计算的 {computed} 晚 {late} 日"
        yield _reject(Column.PRINTED_TERM, message, statutes.TWO_YEAR_TERM)
    elif late:
        message = (
            f"截止日期 {ends_on} 与计算的 {computed} 相差 {abs(late)} 日，以决定书为准，请核对"
        )
        yield _warn(Column.PRINTED_TERM, message, statutes.TWO_YEAR_TERM)
    if starts_on != decided_on:
        message = f"起算日期 {starts_on} 与决定日期 {decided_on} 不一致"
        yield _warn(Column.PRINTED_TERM, message, statutes.TERM_STARTS)


def _barred(line: Line, _as_of: date) -> Iterator[Problem]:
    """怀孕、哺乳未满一周岁婴儿的不予接收；其他疾病在健康检查时判断。"""
    bar = health.bar_of(line.text(Column.HEALTH))
    if bar and line.sex == codes.MALE:
        yield _reject(Column.HEALTH, f"性别为男，却写明{bar}，请核对")
    elif bar:
        yield _reject(Column.HEALTH, f"{bar}，不予接收", statutes.NOT_APPLICABLE)


def _injury(line: Line, _as_of: date) -> Iterator[Problem]:
    """体表有伤的，由移送民警和本人签字确认。"""
    if line.injury:
        message = "体表有伤，接收时须由移送民警和本人签字确认"
        yield _warn(Column.INJURY, message, statutes.ENTRY_INJURY)


def _nobody_to_notify(line: Line, _as_of: date) -> Iterator[Problem]:
    """没有家属的，记明不能通知的原因。"""
    if not line.text(Column.RELATIVE_NAME):
        message = "没有家属信息，须记明不能通知的原因"
        yield _warn(Column.RELATIVE_NAME, message, statutes.FAMILY_NOTICE)


def _drug_in_table(line: Line, _as_of: date) -> Iterator[Problem]:
    """毒品种类按代码表填写。"""
    unknown = "、".join(name for name in line.drugs if codes.drug_of(name) is None)
    if unknown:
        yield _warn(Column.DRUG, f"“{unknown}”不在毒品种类代码表中")
    elif not line.drugs:
        yield _warn(Column.DRUG, "未填写")


_CHECKS = (
    _no_number,
    _against_the_number,
    _age,
    _order_of_days,
    _printed_term,
    _barred,
    _injury,
    _nobody_to_notify,
    _drug_in_table,
)


# The rules that compare a line with others


def _seen_before(
    line: Line, people: dict[str, int], decisions: dict[str, int]
) -> Iterator[Problem]:
    """同一人、同一决定书在名册中只能有一行；记下本行，先到的有效。"""
    at = line.row.line
    if (person := line.person_key) and (first := people.setdefault(person, at)) != at:
        yield _reject(_person_column(line), f"与第 {first} 行是同一人")
    if line.decision_number:
        first = decisions.setdefault(decision_key(line.decision_number), at)
        if first != at:
            yield _reject(Column.DECISION_NUMBER, f"与第 {first} 行的决定书文号相同")


def _known_already(line: Line, known: Known) -> Iterator[Problem]:
    """已在待收名单的、决定书已录入的退回；有未结档案的提示。"""
    if line.person_key in known.waiting:
        yield _reject(_person_column(line), "该人员已在待收名单中")
    elif line.person_key in known.in_custody:
        yield _warn(_person_column(line), "该人员有未结档案，接收前须与其所在场所核实")
    if line.decision_number and decision_key(line.decision_number) in known.decisions:
        yield _reject(Column.DECISION_NUMBER, "该决定书文号已录入")


def _person_column(line: Line) -> Column:
    """The column that tells who it is."""
    if line.number:
        return Column.ID_NUMBER
    return Column.REMARK if line.other_document else Column.NAME


# The verdict


def _verdict(line: Line, problems: list[Problem]) -> RowVerdict:
    rejecting = [problem for problem in problems if problem.outcome is Outcome.REJECT]
    warning = [problem for problem in problems if problem.outcome is Outcome.WARN]
    faulty = any(problem.article is not statutes.NOT_APPLICABLE for problem in rejecting)
    milder = Outcome.WARN if warning else Outcome.ACCEPT
    return RowVerdict(
        line=line.row.line,
        outcome=Outcome.REJECT if rejecting else milder,
        problems=(*rejecting, *warning),
        person=None if faulty else _person(line),
        bar=health.bar_of(line.text(Column.HEALTH)),
    )


def _person(line: Line) -> RosterLine:
    """The cleaned values of a line without faulty data."""
    assert line.name is not None
    assert line.sex is not None
    assert line.birth_date is not None
    assert line.decision_number is not None
    assert line.decided_on is not None
    assert line.printed_term is not None
    assert line.transferred_on is not None
    return RosterLine(
        name=line.name,
        sex=line.sex,
        birth_date=line.birth_date,
        id_number=line.number.number if line.number else None,
        other_document="" if line.number else line.other_document,
        ethnicity=line.text(Column.ETHNICITY),
        education=line.text(Column.EDUCATION),
        household=line.text(Column.HOUSEHOLD),
        address=line.text(Column.ADDRESS),
        decision_number=line.decision_number,
        authority=line.text(Column.AUTHORITY),
        decided_on=line.decided_on,
        printed_starts_on=line.printed_term[0],
        printed_ends_on=line.printed_term[1],
        transferred_on=line.transferred_on,
        drug="、".join(line.drugs),
        addiction=line.text(Column.ADDICTION),
        health=line.text(Column.HEALTH),
        injury=line.injury,
        relative_name=line.text(Column.RELATIVE_NAME),
        relative_relation=line.text(Column.RELATIVE_RELATION),
        relative_phone=line.text(Column.RELATIVE_PHONE),
        remark=line.text(Column.REMARK),
    )

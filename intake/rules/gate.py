"""What the papers say of an arrival, what the officer saw at the gate, and what speaks against it.

Papers travel sealed, as JSON; what is not known is None or empty.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from intake.rules.reception import ReceptionFacts
from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules import codes, identity, particulars, persons
from rehab.rules.term import is_beyond_two_years, two_years_end

_DAYS = (
    "birth_date", "decided_on", "printed_starts_on", "printed_ends_on", "transferred_on",
)  # fmt: skip


LIMITS = {  # characters that a case keeps, by field: its label and the limit
    "name": ("姓名", identity.NAME_LENGTH),
    "ethnicity": ("民族", 20),
    "education": ("文化程度", 20),
    "authority": ("决定机关", 60),
    "drug": ("主要吸食毒品种类", 30),
    "addiction": ("成瘾认定", 20),
}


@dataclass(frozen=True, kw_only=True)
class Papers:
    """The person and the decision, as far as the papers say."""

    name: str
    sex: str  # codes.MALE or codes.FEMALE
    birth_date: date | None = None
    id_number: str | None = None
    other_document: str = ""
    ethnicity: str = ""
    education: str = ""
    household: str = ""
    address: str = ""
    decision_number: str = ""
    authority: str = ""
    decided_on: date | None = None
    printed_starts_on: date | None = None
    printed_ends_on: date | None = None
    transferred_on: date | None = None
    basis: str = ""
    drug: str = ""
    addiction: str = ""
    health: str = ""
    injury: str = ""
    relative_name: str = ""
    relative_relation: str = ""
    relative_phone: str = ""
    remark: str = ""

    def as_json(self) -> dict[str, Any]:
        """Plain values, days as 2026-03-05, nothing for what is not known."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
            if value
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Papers":
        """The papers that `as_json` gave."""
        days = {name: date.fromisoformat(values[name]) for name in _DAYS if name in values}
        return cls(**{**values, **days})


@dataclass(frozen=True, kw_only=True)
class Checks:
    """What the officer on duty saw and did at the gate."""

    has_decision: bool = False
    is_the_person: bool = False
    pregnant: bool = False
    nursing_infant: bool = False
    pregnancy_tested: bool = False
    serious_illness: bool = False
    health_checked: bool = False
    injured: bool = False
    injury_signed_by_escort: bool = False
    injury_signed_by_person: bool = False
    sole_carer: bool = False
    needs_isolation: bool = False
    precautions: str = ""


def reception_facts(
    papers: Papers,
    checks: Checks,
    *,
    searchers: Sequence[str],
    on: date,
    ends_on_anniversary: bool = False,
) -> ReceptionFacts:
    """What the rules of reception ask; `searchers` are the sexes of those who searched, or none."""
    return ReceptionFacts(
        on=on,
        has_decision=checks.has_decision,
        decided_on=papers.decided_on,
        starts_on=papers.printed_starts_on,
        ends_on=papers.printed_ends_on,
        ends_on_anniversary=ends_on_anniversary,
        is_the_person=checks.is_the_person,
        has_id_number=papers.id_number is not None,
        has_other_document=bool(papers.other_document),
        sex=papers.sex,
        birth_date=papers.birth_date,
        pregnant=checks.pregnant,
        nursing_infant=checks.nursing_infant,
        pregnancy_tested=checks.pregnancy_tested,
        serious_illness=checks.serious_illness,
        health_checked=checks.health_checked,
        injured=checks.injured,
        injury_signed_by_escort=checks.injury_signed_by_escort,
        injury_signed_by_person=checks.injury_signed_by_person,
        search_officers=len(searchers) or None,
        searched_by_woman=all(sex == codes.FEMALE for sex in searchers) if searchers else None,
        sole_carer=checks.sole_carer,
        has_relative=bool(papers.relative_name),
    )


def care_marks(papers: Papers, *, on: date) -> tuple[str, ...]:
    """What the list says of somebody expected, so that the officer on duty is ready for it."""
    said = (
        ("未成年", papers.birth_date is not None and persons.is_minor(papers.birth_date, on)),
        ("体表有伤", bool(papers.injury)),
        ("身份不明", not papers.id_number and not papers.other_document),
        ("无家属", not papers.relative_name),
    )
    return tuple(words for words, holds in said if holds)


def papers_obstacles(papers: Papers, *, on: date) -> tuple[Obstacle, ...]:
    """Why a case cannot be opened on these papers: what is missing, and what contradicts itself."""
    return (
        *_missing(papers),
        *_too_long(papers),
        *identity_obstacles(papers),
        *_order_of_days(papers, on),
    )


def _missing(papers: Papers) -> Iterator[Obstacle]:
    needed = {
        "姓名": papers.name,
        "决定书文号": papers.decision_number,
        "决定机关": papers.authority,
        "决定日期": papers.decided_on,
        "期限止日": papers.printed_ends_on,
    }
    for label, value in needed.items():
        if not value:
            yield Obstacle(f"“{label}”没有填写，请按决定书填写")


def _too_long(papers: Papers) -> Iterator[Obstacle]:
    for field, (label, limit) in LIMITS.items():
        if len(getattr(papers, field)) > limit:
            yield Obstacle(f"“{label}”超过 {limit} 个字，请缩短")


def identity_obstacles(papers: Papers) -> Iterator[Obstacle]:
    """Where the citizen number contradicts itself, the sex or the birth date."""
    return particulars.identity_obstacles(
        id_number=papers.id_number, sex=papers.sex, birth_date=papers.birth_date
    )


def _order_of_days(papers: Papers, on: date) -> Iterator[Obstacle]:
    if papers.birth_date and papers.birth_date > on:
        yield Obstacle(f"“出生日期” {papers.birth_date} 晚于今日，请核对")
    if not papers.decided_on:
        return
    if papers.transferred_on and papers.transferred_on < papers.decided_on:
        yield Obstacle(f"“移交日期” {papers.transferred_on} 早于决定日期，请核对文书")
    if papers.printed_ends_on and papers.printed_ends_on <= papers.decided_on:
        yield Obstacle(f"“期限止日” {papers.printed_ends_on} 不晚于决定日期，请核对决定书")
    yield from _longer_than_lawful(papers.decided_on, papers.printed_ends_on)


def _longer_than_lawful(decided_on: date, ends_on: date | None) -> Iterator[Obstacle]:
    """A first decision runs two years; a later end is a slip of the hand, and would keep somebody."""
    if ends_on and is_beyond_two_years(decided_on, ends_on):
        computed = two_years_end(decided_on)
        message = f"“期限止日” {ends_on} 超过二年（计算为 {computed}），请核对决定书"
        yield Obstacle(message, statutes.TWO_YEAR_TERM)

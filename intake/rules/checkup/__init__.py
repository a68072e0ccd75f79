"""期限体检: every wrong date, missed clock, barred case and missing fact in a spreadsheet of people.

Nothing is asked of a database: a line is judged by itself, by the one engine of terms and by the clocks of the house.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType

from intake.rules.checkup.duties import DUTY_CHECKS
from intake.rules.checkup.findings import Finding, Kind, Severity, found
from intake.rules.checkup.people import PeopleSheet, Title, read_person
from intake.rules.checkup.term import TERM_CHECKS, Checked, checked
from rehab.rules.term import Convention

# What is not looked at where the sheet has no such column
ASKED_OF: Mapping[str, tuple[Title, ...]] = MappingProxyType(
    {
        "登记的期满日是否正确": (Title.HELD_ENDS_ON,),
        "决定书载明的期限是否满二年": (Title.PRINTED_ENDS_ON, Title.TERM),
        "公安阶段、家属通知、入所教育": (Title.ENTERED_ON,),
        "脱逃日数": (Title.ESCAPED_ON,),
        "延长是否合法": (Title.EXTENSION_MONTHS, Title.EXTENSION_SERVED_ON),
        "提前解除是否合法": (Title.EARLY_SERVED_ON,),
        "是否已经解除、是否按期（一律按仍在所）": (Title.RELEASED_ON, Title.STATUS),
        "家属通知是否按时": (Title.FAMILY_ON,),
        "入所教育是否满一个月": (Title.EDUCATION_TO,),
        "满一年是否评估": (Title.YEAR_ASSESSED_ON,),
        "期满前是否评估": (Title.END_ASSESSED_ON,),
        "解除通知是否按时": (Title.NOTICE_ON,),
        "拒绝社区康复的是否提前解除": (Title.REFUSED_COMMUNITY,),
    }
)


@dataclass(frozen=True)
class Checkup:
    """What was found in a sheet on a day, the worst first."""

    on: date
    people: int
    findings: tuple[Finding, ...]
    unchecked: tuple[tuple[str, str], ...]  # what was not looked at, and the title that is missing
    unused: tuple[str, ...]  # titles that nobody knows

    @property
    def people_with_findings(self) -> int:
        return len({one.line for one in self.findings})

    @property
    def by_kind(self) -> Mapping[Kind, int]:
        """How many findings of each kind that there are, the worst first."""
        counted = Counter(one.kind for one in self.findings)
        return {kind: counted[kind] for kind in Kind if kind in counted}

    def of(self, kind: Kind | None) -> tuple[Finding, ...]:
        """The findings of a kind, or all."""
        return tuple(one for one in self.findings if kind is None or one.kind is kind)


def check(sheet: PeopleSheet, *, on: date, convention: Convention = ()) -> Checkup:
    """Every line with all that is wrong with it on a day; the worst first.

    `convention`: what the decisions of their province print as the last day.
    """
    findings: list[Finding] = []
    first_lines: dict[str, int] = {}
    for row in sheet.rows:
        one = checked(read_person(row), on=on, convention=convention)
        findings += _twice(one, first_lines)
        findings += [finding for look in (*TERM_CHECKS, *DUTY_CHECKS) for finding in look(one)]
    return Checkup(
        on=on,
        people=len(sheet.rows),
        findings=tuple(
            replace(finding, column=sheet.called(finding.title))
            for finding in sorted(findings, key=lambda finding: finding.rank)
        ),
        unchecked=tuple(
            (what, "、".join(titles))
            for what, titles in ASKED_OF.items()
            if not sheet.titles.keys() & set(titles)
        ),
        unused=sheet.unused,
    )


def _twice(one: Checked, first_lines: dict[str, int]) -> list[Finding]:
    """同一个人在两行都在册的，可能登记了两次。"""
    person = one.person
    if person.citizen is None or one.has_left:
        return []
    first = first_lines.setdefault(person.citizen.number, person.row.line)
    if first == person.row.line:
        return []
    message, expected = f"与第 {first} 行是同一个号码，都没有解除", "核对是否重复登记"
    return [
        found(
            person, Title.ID_NUMBER, Kind.CONTRADICTION, Severity.NOTE, message, expected=expected
        )
    ]

"""What a 期限体检 finds: one sentence about one line, by column, with its article."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from intake.rules.checkup.people import Person, Title
from rehab.rules.term import Step
from rehab.statutes import Article


class Severity(StrEnum):
    """How bad it is; the worst first."""

    SERIOUS = "serious"
    WRONG = "wrong"
    NOTE = "note"


class Kind(StrEnum):
    """What it is about; the worst first."""

    OVERSTAY = "overstay"
    DUE_TODAY = "due_today"
    LATE_RELEASE = "late_release"
    BARRED = "barred"
    EXTENSION = "extension"
    WRONG_END = "wrong_end"
    CONTRADICTION = "contradiction"
    UNREADABLE = "unreadable"
    MISSING = "missing"
    MISSED = "missed"
    POLICE_PHASE = "police_phase"


SEVERITY_LABELS: Mapping[Severity, str] = MappingProxyType(
    {Severity.SERIOUS: "严重", Severity.WRONG: "应当更正", Severity.NOTE: "请核对"}
)
KIND_LABELS: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.OVERSTAY: "超期在所",
        Kind.DUE_TODAY: "今日应解除",
        Kind.LATE_RELEASE: "逾期解除",
        Kind.BARRED: "不得提前解除",
        Kind.EXTENSION: "延长期限",
        Kind.WRONG_END: "期满日不符",
        Kind.CONTRADICTION: "前后矛盾",
        Kind.UNREADABLE: "读不出",
        Kind.MISSING: "缺少事实",
        Kind.MISSED: "时限已过",
        Kind.POLICE_PHASE: "公安阶段过长",
    }
)
_SEVERITIES, _KINDS = tuple(Severity), tuple(Kind)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with one line."""

    line: int
    name: str
    number: str
    title: Title
    kind: Kind
    severity: Severity
    message: str
    expected: str = ""  # what it should be, or what to do
    article: Article | None = None
    working: tuple[Step, ...] = ()  # how the last day came about
    days: int = 0  # by how many days, where it is a matter of days
    column: str = ""  # what the file calls it

    @property
    def severity_label(self) -> str:
        return SEVERITY_LABELS[self.severity]

    @property
    def kind_label(self) -> str:
        return KIND_LABELS[self.kind]

    @property
    def working_words(self) -> str:
        """The steps in one line."""
        return "；".join(
            f"{step.label}{f'，至 {step.ends_on}' if step.ends_on else ''}（{step.article}）"
            for step in self.working
        )

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """Where it stands in the list: the worst first, the most days first."""
        return (
            _SEVERITIES.index(self.severity),
            _KINDS.index(self.kind),
            -self.days,
            self.line,
        )


def found(
    person: Person,
    title: Title,
    kind: Kind,
    severity: Severity,
    message: str,
    *,
    expected: str = "",
    article: Article | None = None,
    working: tuple[Step, ...] = (),
    days: int = 0,
) -> Finding:
    """A finding about somebody's line."""
    return Finding(
        person.row.line, person.name, person.number, title, kind, severity, message,
        expected, article, working, days,
    )  # fmt: skip

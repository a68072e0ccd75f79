"""The clock of telling somebody of himself: at entry, after each move and assessment, before the end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from centers.assessment.rules import telling as rules
from centers.assessment.selectors import File
from centers.states import AssessmentKind, AssessmentStatus
from rehab.rules.days import SHANGHAI, day_of, start_of
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import CaseStatus, Stage

ENTRY, MOVE, EXPIRY = "entry", "move", "expiry"

CLOCKS = (
    Clock(
        rules.CLOCK,
        "告知本人",
        Category.PAPER,
        "告知",
        "centers:told-print",
        lead_days=1,
        escalates_to="",
    ),
)
DONE = frozenset({AssessmentStatus.CONCLUDED, AssessmentStatus.SUPERSEDED})


@dataclass(frozen=True)
class Cause:
    """Something because of which he is told: from when on, by when, and made known by which sheet."""

    cycle: str
    since: datetime
    due_at: datetime
    said_since: datetime | None = None  # no earlier sheet can say it
    stands: bool = True  # one that was corrected is told by its correction


def expected(file: File) -> tuple[Expected, ...]:
    """A telling settles all that came before it. It rests while he is not in the facility, and ends with the case."""
    rows = []
    for cause in _causes(file):
        told_at = _first(file, cause)
        if told_at or (cause.stands and file.status == CaseStatus.IN_FACILITY):
            rows.append(
                Expected(
                    rules.CLOCK,
                    opened_at=cause.since,
                    due_at=cause.due_at,
                    owed_by="zone_officer",
                    cycle=cause.cycle,
                    satisfied_at=told_at,
                )
            )
    return tuple(rows)


def owed(file: File, *, at: datetime) -> list[Expected]:
    """What he must be told of by then and was not, soonest due first."""
    rows = [row for row in expected(file) if row.satisfied_at is None and row.opened_at <= at]
    return sorted(rows, key=lambda row: row.due_at)


def _first(file: File, cause: Cause) -> datetime | None:
    """The first telling after it, from a sheet that can say it."""
    since = cause.since.replace(second=0, microsecond=0)  # a telling is written down to the minute
    for one in file.tellings:
        if one.told_at >= since and one.made_at >= (cause.said_since or one.made_at):
            return one.told_at
    return None


def _causes(file: File) -> Iterator[Cause]:
    entered_at = file.entered_at
    yield Cause(ENTRY, entered_at, rules.entry_due_at(entered_at))
    for stage, moved_at in file.moves:
        if moved_at > entered_at:
            cycle = f"{MOVE}-{stage}-{_stamp(moved_at)}"
            yield Cause(cycle, moved_at, rules.change_due_at(moved_at))
    for one in file.assessments:
        if one.status in DONE and one.concluded_at:
            at, stands = one.concluded_at, one.status == AssessmentStatus.CONCLUDED
            cycle = f"{one.kind}-{_stamp(at)}"
            yield Cause(cycle, at, rules.change_due_at(at), said_since=at, stands=stands)
    opens_on = max(rules.expiry_opens_on(file.ends_on), day_of(entered_at))
    opened = max(start_of(opens_on), entered_at)
    yield Cause(EXPIRY, opened, rules.expiry_due_at(opens_on, file.ends_on))


def _stamp(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%Y%m%d%H%M%S")


def cause_of(cycle: str) -> str:
    """Because of what he is told, in the words of the list."""
    head, _, rest = cycle.partition("-")
    if head == MOVE:
        return f"转入{Stage(rest.partition('-')[0]).zone_label}"
    if head in AssessmentKind.values:
        return AssessmentKind(head).label
    return {ENTRY: "入所", EXPIRY: "期满前三十日"}[head]

"""Rosters: what importing one would do, what is known of its people, what went back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from intake import reading
from intake.models import Arrival, Roster, RosterRow
from intake.rules import line, roster
from intake.rules.rows import RosterFile
from intake.selectors.indexes import decision_index, person_index
from intake.states import ArrivalStatus
from rehab.models import Facility, User
from rehab.refusal import Caution, Obstacle
from rehab.rules.days import moment_words

NAMED = 5  # of those decided; how many they are is said anyway


@dataclass(frozen=True)
class DryRun:
    """What importing a roster would do; nothing is written."""

    file: RosterFile
    verdicts: tuple[roster.RowVerdict, ...]
    cautions: tuple[Caution, ...]

    @property
    def accepted(self) -> int:
        return self._count(roster.Outcome.ACCEPT)

    @property
    def warned(self) -> int:
        return self._count(roster.Outcome.WARN)

    @property
    def refusable(self) -> int:
        """Pregnant or nursing: they become arrivals that can only be refused."""
        return sum(verdict.only_refusable for verdict in self.verdicts)

    @property
    def returned(self) -> int:
        """Lines with faulty data, which go back in the correction sheet."""
        return sum(not verdict.becomes_arrival for verdict in self.verdicts)

    def _count(self, outcome: roster.Outcome) -> int:
        return sum(verdict.outcome is outcome for verdict in self.verdicts)


def dry_run(facility: Facility, content: bytes, *, as_of: date) -> DryRun:
    """Read and judge a roster file against what is known. Raises `NoSheet`."""
    file = reading.read(content)
    verdicts = roster.judge(file.rows, as_of=as_of, known=known_of(facility, file))
    cautions = roster.file_cautions(file, facility_name=facility.name)
    return DryRun(file, verdicts, cautions)


def known_of(facility: Facility, file: RosterFile) -> roster.Known:
    """What the system holds of a roster's people and decisions: three queries for any number."""
    people = {person_index(key): key for key in line.person_keys(file.rows)}
    decisions = {decision_index(key): key for key in line.decision_keys(file.rows)}
    undecided = Arrival.objects.undecided().filter(facility=facility)
    waiting = undecided.filter(person_index__in=people).values_list("person_index", flat=True)
    expected = undecided.filter(decision_index__in=decisions).values_list(
        "decision_index", flat=True
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_known(%s, %s)", [list(people), list(decisions)])
        held = cursor.fetchall()
    carried_out = [index for kind, index in held if kind == "decision"]
    return roster.Known(
        waiting=frozenset(people[index] for index in waiting if index),
        in_custody=frozenset(people[index] for kind, index in held if kind == "person"),
        decisions=frozenset(decisions[index] for index in (*expected, *carried_out) if index),
    )


def roster_obstacles(one: Roster) -> tuple[Obstacle, ...]:
    """Why a roster may not be imported: it was already, or was taken back, by whom and when."""
    if one.imported_at is None or one.imported_by is None:
        return ()
    if withdrawn := _withdrawn(one):
        return (Obstacle(f"{withdrawn}，要再次导入请重新上传文件"),)
    at = moment_words(one.imported_at)
    message = f"此名册已由{one.imported_by.display_name}于 {at} 导入，回执号 {one.receipt}"
    return (Obstacle(message),)


def withdrawal_obstacles(one: Roster, decided: Sequence[Arrival]) -> tuple[Obstacle, ...]:
    """Why an import may not be taken back: of those it named, these were decided."""
    if one.imported_at is None:
        return (Obstacle("此名册尚未导入，无须撤回"),)
    if withdrawn := _withdrawn(one):
        return (Obstacle(withdrawn),)
    if not decided:
        return ()
    named = decided[:NAMED]
    deciders = User.objects.in_bulk({one.decided_by_id for one in named})
    words = "、".join(
        f"{one.name}（{deciders[one.decided_by_id].display_name}：{one.get_status_display()}）"
        for one in named
        if one.decided_by_id
    )
    more = "等" if len(decided) > NAMED else ""
    message = f"名册中已有 {len(decided)} 人作出决定：{words}{more}，不能撤回；有误的请逐人办理"
    return (Obstacle(message),)


def _withdrawn(one: Roster) -> str:
    """Who took a roster back and when; empty while it stands."""
    if one.withdrawn_at is None or one.withdrawn_by is None:
        return ""
    return f"此名册已由{one.withdrawn_by.display_name}于 {moment_words(one.withdrawn_at)} 撤回"


def decided_of(one: Roster) -> list[Arrival]:
    """Of those whom a roster named, the ones about whom an officer has said something, by line."""
    ours = Arrival.objects.filter(row__roster=one).exclude(status=ArrivalStatus.EXPECTED)
    return list(ours.defer("details", "reason").order_by("row__line"))


def faulty_rows(one: Roster) -> list[RosterRow]:
    """The lines of an imported roster that went back to the sender."""
    rejected = one.rows.filter(outcome=RosterRow.Outcome.REJECT, arrival__isnull=True)
    return list(rejected.order_by("line"))

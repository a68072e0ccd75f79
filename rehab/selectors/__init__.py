"""Reads of the ground floor that span models: beds that fit, the person matched across the nation."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from rehab import clock, statutes
from rehab.models import Bed, Case, Placement, User
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words
from rehab.rules.decisions import decision_key
from rehab.rules.persons import is_minor
from rehab.sealed import keyed_index
from rehab.selectors.apart import Company
from rehab.states import CaseStatus

IDENTITY = "person.id_number"
DECISION = "decision.number"


Pairs = Sequence[tuple[Case, Bed]]


def bed_obstacles(
    pairs: Pairs, *, at: datetime, company: Company
) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why each person may not be placed in the bed beside him from `at` on; one query for any number.

    The caller holds the rows of the beds and knows the `company`; who may lie down is in the way of
    those after him.
    """
    taken = period_obstacles(pairs, at=at)
    found = {}
    for case, bed in pairs:
        found[case.pk] = (
            *taken[case.pk],
            *closed_obstacles(bed),
            *apart_obstacles(case, bed, on=clock.day_of(at)),
            *company.obstacles(case, bed),
        )
        if not found[case.pk]:
            company.settle(case, bed)
    return found


def closed_obstacles(bed: Bed) -> tuple[Obstacle, ...]:
    """Why a bed may not be used at all."""
    if bed.closed_at is None:
        return ()
    return (Obstacle(f"床位 {bed} 已停用（{bed.closed_for}），请另选床位"),)


def apart_obstacles(case: Case, bed: Bed, *, on: date) -> tuple[Obstacle, ...]:
    """Why a person is not of those for whom a room is; `case` with its person, `bed` with its room."""
    room, person = bed.room, case.person
    obstacles = []
    if room.sex != person.sex:
        obstacles.append(
            Obstacle(f"床位 {bed} 在{room.get_sex_display()}性房间", statutes.SEPARATION)
        )
    minor = person.birth_date is not None and is_minor(person.birth_date, on)
    if room.for_minors != minor:
        kind = "未成年人" if room.for_minors else "成年人"
        obstacles.append(Obstacle(f"床位 {bed} 在{kind}房间", statutes.SEPARATION))
    if room.isolation != case.needs_isolation:
        kind = "隔离" if room.isolation else "普通"
        obstacles.append(Obstacle(f"床位 {bed} 在{kind}房间", statutes.SEPARATION))
    return tuple(obstacles)


def period_obstacles(
    pairs: Pairs, *, at: datetime, held: Collection[Placement] = ()
) -> dict[UUID, tuple[Obstacle, ...]]:
    """Why bed and person are not both free from `at` on: the words of the constraints on `Placement`.

    `held` are the persons' own reservations when it is these that are taken up. The bed a person lies
    in is left at `at`, unless he came to it later than that. One query for any number of pairs.
    """
    left_or_later = Q(period__endswith__isnull=False) | Q(period__startswith__gt=at)
    beds, people = [bed.pk for _, bed in pairs], [case.pk for case, _ in pairs]
    of_bed: dict[UUID, list[Placement]] = defaultdict(list)
    of_person: dict[UUID, list[Placement]] = defaultdict(list)
    for one in (
        Placement.objects.filter(period__overlap=DateTimeTZRange(at, None))
        .filter(Q(bed__in=beds) | Q(left_or_later, case__in=people, held=False))
        .exclude(pk__in=[one.pk for one in held])
        .select_related("bed__room")
    ):
        of_bed[one.bed_id].append(one)
        if not one.held and (one.period.upper is not None or one.period.lower > at):
            of_person[one.case_id].append(one)
    return {
        case.pk: _in_the_way(case, bed, {*of_bed[bed.pk], *of_person[case.pk]}, at)
        for case, bed in pairs
    }


def _in_the_way(
    case: Case, bed: Bed, stays: Collection[Placement], at: datetime
) -> tuple[Obstacle, ...]:
    of_bed = [one for one in stays if one.bed_id == bed.pk and not _own_stay(one, case)]
    of_person = [one for one in stays if one not in of_bed]
    return (*_bed_taken(bed, of_bed, at), *_person_elsewhere(of_person, at))


def _own_stay(one: Placement, case: Case) -> bool:
    return one.case_id == case.pk and one.period.upper is not None


def _bed_taken(bed: Bed, by: list[Placement], at: datetime) -> tuple[Obstacle, ...]:
    if not by:
        return ()
    if any(one.period.upper is None for one in by):
        return (Obstacle(f"床位 {bed} 已有人或已预留，请另选床位"),)
    freed_at = max(one.period.upper for one in by)
    return (
        Obstacle(
            f"床位 {bed} 到{moment_words(freed_at)}才腾空，不能从{moment_words(at)}起安排，"
            "请改正时间或另选床位"
        ),
    )


def _person_elsewhere(stays: list[Placement], at: datetime) -> tuple[Obstacle, ...]:
    if not stays:
        return ()
    last = max(stays, key=lambda one: one.period.lower)
    until = last.period.upper or last.period.lower
    return (
        Obstacle(
            f"此人{moment_words(until)}{'前' if last.period.upper else '起'}住在床位 {last.bed}，"
            f"不能从{moment_words(at)}起安排床位，请改正时间"
        ),
    )


def serving(facility: UUID) -> QuerySet[User]:
    """Who serves in a facility now, by name: who may stand beside another officer."""
    rows: QuerySet[User] = User.objects.filter(is_active=True, posting__facility=facility)
    return rows.select_related("posting__role", "posting__unit", "posting__facility").order_by(
        "display_name", "username"
    )


def police_serving(facility: UUID) -> QuerySet[User]:
    """民警 among them: those with a police number, for acts that the law gives to police officers."""
    return serving(facility).exclude(police_number="")


@dataclass(frozen=True)
class EarlierCase:
    """What another facility's officer may know of somebody's earlier stay, and no more."""

    person: UUID
    masked_name: str
    by_number: bool
    facility: str
    duty_phone: str
    entered_at: datetime
    ended_at: datetime | None
    way_out: str
    same_name: bool
    same_sex: bool
    same_birth: bool | None  # None: one of the two is not known
    same_number: bool | None
    formerly: Sequence[UUID] = ()  # records that were merged into this person

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def status_label(self) -> str:
        return CaseStatus(self.way_out).label


def earlier_cases(
    *, id_number: str | None, name: str, sex: str, birth_date: date | None
) -> list[EarlierCase]:
    """Match a person across the nation, by identity number or by name and birth date. Every call is kept."""
    index = keyed_index(id_number, purpose=IDENTITY) if id_number else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM rehab_match_person(%s, %s, %s, %s)", [index, name, birth_date, sex]
        )
        return [EarlierCase(*row) for row in cursor.fetchall()]


def decision_known(number: str) -> bool:
    """Whether a decision of this number was already carried out anywhere. Every call is kept."""
    with connection.cursor() as cursor:
        index = keyed_index(decision_key(number), purpose=DECISION)
        cursor.execute("SELECT rehab_knows_decision(%s)", [index])
        return bool(cursor.fetchone()[0])

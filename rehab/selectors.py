"""Reads of the ground floor that span models: beds that fit, the person matched across the nation."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection

from rehab import statutes
from rehab.models import Bed, Placement
from rehab.refusal import Obstacle
from rehab.rules.decisions import decision_key
from rehab.rules.persons import is_minor
from rehab.sealed import keyed_index
from rehab.states import CaseStatus

IDENTITY = "person.id_number"
DECISION = "decision.number"


def bed_obstacles(
    bed: Bed, *, sex: str, birth_date: date | None, isolation: bool, on: date
) -> tuple[Obstacle, ...]:
    """Why a person may not be placed in a bed. The caller holds the bed's row."""
    room = bed.room
    obstacles = []
    if Placement.objects.filter(bed=bed, period__endswith__isnull=True).exists():
        obstacles.append(Obstacle(f"床位 {bed} 已有人或已预留，请另选床位"))
    if room.sex != sex:
        obstacles.append(
            Obstacle(f"床位 {bed} 在{room.get_sex_display()}性房间", statutes.SEPARATION)
        )
    if room.for_minors != (birth_date is not None and is_minor(birth_date, on)):
        kind = "未成年人" if room.for_minors else "成年人"
        obstacles.append(Obstacle(f"床位 {bed} 在{kind}房间", statutes.SEPARATION))
    if room.isolation != isolation:
        kind = "隔离" if room.isolation else "普通"
        obstacles.append(Obstacle(f"床位 {bed} 在{kind}房间", statutes.SEPARATION))
    return tuple(obstacles)


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

    @property
    def is_open(self) -> bool:
        return self.ended_at is None

    @property
    def status_label(self) -> str:
        return CaseStatus(self.way_out).label


def earlier_cases(
    *, id_number: str | None, name: str, birth_date: date | None
) -> list[EarlierCase]:
    """Match a person across the nation, by identity number or by name and birth date. Every call is kept."""
    index = keyed_index(id_number, purpose=IDENTITY) if id_number else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rehab_match_person(%s, %s, %s)", [index, name, birth_date])
        return [EarlierCase(*row) for row in cursor.fetchall()]


def decision_known(number: str) -> bool:
    """Whether a decision of this number was already carried out anywhere."""
    with connection.cursor() as cursor:
        index = keyed_index(decision_key(number), purpose=DECISION)
        cursor.execute("SELECT rehab_knows_decision(%s)", [index])
        return bool(cursor.fetchone()[0])

"""A person beyond one case: his other stays in the nation, and what speaks against correcting him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from rehab.models import Bed, Case, Person, Placement
from rehab.models.organisation import numbered
from rehab.refusal import Obstacle
from rehab.rules import particulars
from rehab.selectors import apart_obstacles, earlier_cases
from rehab.states import CaseStatus


@dataclass(frozen=True)
class Stay:
    """What whoever holds one case of a person may know of another, wherever it is: no more than that it was."""

    case: UUID
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


def other_stays(case: Case) -> list[Stay]:
    """Every other stay of the person across the nation, the newest first. Every call is kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rehab_other_stays(%s)", [case.pk])
        return [Stay(*row) for row in cursor.fetchall()]


def correction_obstacles(
    case: Case, person: Person, corrected: Mapping[str, Any], *, reason: str, on: date
) -> tuple[Obstacle, ...]:
    """Why what is known of a person may not be put so, through this case. The caller holds both."""
    precautions = {"precautions": case.precautions or ""}
    stands = {name: getattr(person, name, None) or "" for name in corrected} | precautions
    changed = any((value or "") != stands[name] for name, value in corrected.items())
    wanted = {
        name: corrected.get(name, getattr(person, name))
        for name in ("name", "sex", "birth_date", "id_number")
    }
    return (
        *particulars.correction_obstacles(
            changed=changed,
            name=wanted["name"],
            birth_date=wanted["birth_date"],
            reason=reason,
            on=on,
        ),
        *particulars.identity_obstacles(
            id_number=wanted["id_number"], sex=wanted["sex"], birth_date=wanted["birth_date"]
        ),
        *_bearer_obstacles(person, wanted["id_number"]),
        *_newer_obstacles(case),
    )


def _bearer_obstacles(person: Person, id_number: str | None) -> tuple[Obstacle, ...]:
    """Why somebody may not get a number: somebody else has it, perhaps the same human being."""
    if id_number is None or id_number == person.id_number:
        return ()
    bearers = earlier_cases(id_number=id_number, name="", sex=person.sex, birth_date=None)
    others = [one for one in bearers if one.person != person.pk]
    return tuple(
        Obstacle(
            f"该公民身份号码已登记在{one.facility}收治过的 {one.masked_name} 名下，"
            f"请与其值班电话 {one.duty_phone or '未登记'} 核实是否同一人；确是同一人的，从“既往”提请合并"
        )
        for one in others[:1]
    )


def _newer_obstacles(case: Case) -> tuple[Obstacle, ...]:
    """The facility of the newest stay puts particulars right; the older papers follow."""
    newer = [one for one in other_stays(case) if one.entered_at > case.entered_at]
    return tuple(
        particulars.elsewhere_obstacle(
            facility=one.facility, duty_phone=one.duty_phone, is_open=one.is_open
        )
        for one in newer[:1]
    )


def placed(case: Case) -> dict[bool, Bed]:
    """The bed he lies in (False) and the one held for him (True), where there is one."""
    open_ones = Placement.objects.filter(case=case, period__endswith__isnull=True)
    return {one.held: one.bed for one in open_ones.select_related("bed__room__unit")}


def lodging_obstacles(
    case: Case, beds: Mapping[bool, Bed], bed: Bed | None, *, on: date
) -> tuple[Obstacle, ...]:
    """Why he may not stay where he lies as who he is now, until another bed is named.

    `case.person` is as corrected.
    """
    on_the_way = beds.get(True)
    if on_the_way is not None and apart_obstacles(case, on_the_way, on=on):
        return (
            Obstacle(f"此人正在转区途中，预留床位 {on_the_way} 不再合适，请先撤回或者退回转区"),
        )
    lies_in = beds.get(False)
    unfit = apart_obstacles(case, lies_in, on=on) if lies_in is not None else ()
    if not unfit:
        return (Obstacle("现住床位仍然合适，不必另选床位"),) if bed is not None else ()
    if bed is None:
        return (*unfit, Obstacle("更正后不能再住现床位，请选“改住床位”"))
    if bed.room.unit.zone_id != case.zone_id:
        return (Obstacle(f"床位 {bed} 不在现在的区，请另选床位"),)
    return ()


def other_beds(case: Case) -> QuerySet[Bed]:
    """Free beds of the zone he is in; whether one fits is judged with the act."""
    beds: QuerySet[Bed] = (
        Bed.objects.free()
        .filter(room__unit__zone=case.zone_id, room__unit__facility=case.facility_id)
        .select_related("room__unit")
    )
    return beds.order_by("room__unit__name", *numbered("room__name"), *numbered("label"))

"""Arrivals and admissions for tests, made by the acts that make them in life."""

import itertools
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from intake import actions
from intake.models import Arrival, Belonging, HealthSheet, Roster
from intake.rules.belongings import Brought, Register
from intake.rules.gate import Checks, Papers
from intake.rules.health_sheet import Escort, Found, Sheet
from intake.rules.papers import Check, Disposal
from intake.selectors import arrivals
from rehab.models import Bed, Case, Facility, User
from rehab.rules import photos
from rehab.states import Sex, Stage
from tests.factories import rehab as make

ALL_DONE = Checks(
    has_decision=True, is_the_person=True, health_checked=True, pregnancy_tested=True
)  # nothing left to ask at the gate
A_PHOTO = photos.cleaned(
    bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de000000"
        "0c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    )
)  # one red pixel
_serial = itertools.count(1)


def papers(**changed: object) -> Papers:
    """Somebody invented with a decision of 2026-06-01; nothing about him raises a caution."""
    serial = next(_serial)
    facts = {
        "name": f"示例收{serial}",
        "sex": Sex.MALE.value,
        "birth_date": date(1990, 1, 1),
        "other_document": f"示例护照 S{serial:06d}",
        "decision_number": f"示公（禁）强戒决字〔2026〕8{serial:05d}号",
        "authority": "示例市公安局",
        "decided_on": date(2026, 6, 1),
        "printed_starts_on": date(2026, 6, 1),
        "printed_ends_on": date(2028, 5, 31),
        "transferred_on": date(2026, 11, 21),
        "relative_name": "示例亲属",
        "relative_relation": "母亲",
        "relative_phone": "00000000000",
    }
    return Papers(**facts | changed)


def arrival(
    at_facility: Facility, *, by: User | None = None, at: datetime = make.NOON, **changed: object
) -> Arrival:
    """Somebody registered at the desk."""
    by = by or make.officer("intake_officer", at_facility)
    return actions.register_arrival(
        facility=at_facility, papers=papers(**changed), by=by, at=at, invented=True
    )


def admit(
    one: Arrival,
    *,
    by: User | None = None,
    second: User | None = None,
    at: datetime = make.NOON,
    known_person: UUID | None = None,
    bed: Bed | None = None,
    checks: Checks = ALL_DONE,
    answers: dict[str, str] | None = None,
) -> Case:
    """The arrival admitted, searched by two officers of the person's sex."""
    sex = Sex(one.sex)
    by = by or make.officer("intake_officer", one.facility, sex=sex)
    second = second or make.officer("intake_officer", one.facility, sex=sex)
    return actions.admit(
        arrival=one,
        papers=arrivals.papers_of(one),
        checks=checks,
        searchers=[by, second],
        bed=bed or make.free_bed(make.unit(one.facility, Stage.DETOX), sex=sex),
        known_person=known_person,
        answers=answers or {},
        by=by,
        at=at,
    )


def case(at_facility: Facility, *, at: datetime = make.NOON, **changed: object) -> Case:
    """Somebody registered and admitted."""
    return admit(arrival(at_facility, at=at, **changed), at=at)


def belongings(case: Case, *, at: datetime = make.NOON) -> QuerySet[Belonging]:
    """A telephone with its photo, kept here; and a belt that the mother takes home."""
    items = (
        Brought("手机", "1部", Disposal.KEPT, "黑色", place="保管室 1 号柜", photo=A_PHOTO),
        Brought("皮带", "1条", Disposal.COLLECTED),
    )
    actions.register_belongings(
        case=case,
        register=Register(items=items, collector="示例亲属", relation="母亲"),
        registered_at=at,
        by=make.officer("intake_officer", case.facility),
        at=at,
    )
    return Belonging.objects.filter(case=case).order_by("number")


def health_sheet(case: Case, *, by: User | None = None, at: datetime = make.NOON) -> HealthSheet:
    """One injury, with its photo, signed by both."""
    found = Sheet(
        findings=(Check("体温", "36.5 ℃"),),
        injuries=(Found("front-right_forearm", "擦伤", "3 cm", "自述摔倒", A_PHOTO),),
        conclusion="可以执行强制隔离戒毒",
        escort=Escort("示例移送人", "000000", at),
        signed_by_person=True,
    )
    by = by or make.officer("clinician", case.facility)
    return actions.record_health_sheet(case=case, sheet=found, checked_at=at, by=by, at=at)


def roster(at_facility: Facility, content: bytes, *, as_of: date, by: User | None = None) -> Roster:
    """A file uploaded and not imported yet."""
    return actions.upload_roster(
        facility=at_facility,
        content=content,
        file_name="名册.xlsx",
        as_of=as_of,
        by=by or make.officer("intake_officer", at_facility),
        at=make.NOON,
    )

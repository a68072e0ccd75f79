"""What the sheets of an entry print, and what was said at the gate before they were written."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from intake.models import Admission, Belonging, BelongingsRegister
from intake.rules.belongings import Register, in_capitals
from intake.rules.health_sheet import Sheet
from intake.rules.papers import Belongings, HealthCheck
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words
from rehab.states import Sex


def admission_of(case: Case) -> Admission | None:
    """The admission with its arrival; None for somebody who was not admitted here."""
    return Admission.objects.filter(case=case).select_related("arrival").first()


def health_check_facts(
    case: Case, sheet: Sheet, *, checked_at: datetime, by: User
) -> dict[str, Any]:
    """入所健康状况检查表, from what was just found."""
    return HealthCheck(
        facility=case.facility.name,
        case_number=case.number,
        name=case.person.name,
        sex=Sex(case.person.sex).label,
        birth_on=case.person.birth_date,
        checked_at=checked_at,
        doctor=by.display_name,
        checks=sheet.findings,
        injuries=[one.on_paper() for one in sheet.injuries],
        conclusion=sheet.conclusion,
        escort=sheet.escort.words() if sheet.escort else "",
        unsigned=sheet.why_unsigned,
    ).facts()


def belongings_facts(case: Case, register: Register, *, registered_at: datetime) -> dict[str, Any]:
    """物品代管清单, from what was just found."""
    return Belongings(
        facility=case.facility.name,
        case_number=case.number,
        name=case.person.name,
        sex=Sex(case.person.sex).label,
        registered_at=registered_at,
        items=[one.on_paper() for one in register.items],
        cash=in_capitals(register.cash) if register.cash else "",
        collector=register.collector,
        relation=register.relation,
    ).facts()


def register_of(case: Case) -> BelongingsRegister | None:
    """What was registered of somebody's things; None before it was."""
    found = BelongingsRegister.objects.filter(case=case)
    return found.select_related("registered_by", "handed_back_by", "document").first()


def photographed(user: User) -> QuerySet[Belonging]:
    """Items with a photo, of those whom the user sees."""
    seen: QuerySet[Belonging] = Belonging.objects.filter(
        case__in=Case.objects.visible_to(user), photo__isnull=False
    )
    return seen


def belongings_of(case: Case) -> list[Belonging]:
    """The items in their order; not their photos, which are fetched one by one."""
    rows = Belonging.objects.filter(case=case).defer("photo").order_by("number")
    with_photo = set(rows.filter(photo__isnull=False).values_list("pk", flat=True))
    found = list(rows)
    for one in found:
        one.has_photo = one.pk in with_photo  # type: ignore[attr-defined]  # for the page
    return found


def hand_back_obstacles(register: BelongingsRegister | None) -> tuple[Obstacle, ...]:
    """Why nothing can be handed back."""
    if register is None or not register.keeps:
        return (Obstacle("没有由本所代管的物品"),)
    if register.handed_back_at is not None and register.handed_back_by is not None:
        when = moment_words(register.handed_back_at)
        by = register.handed_back_by.display_name
        return (Obstacle(f"代管物品已由{by}于 {when} 发还"),)
    return ()

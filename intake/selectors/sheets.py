"""What the sheets of an entry print, and what was said at the gate before they were written."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from intake.models import (
    Admission,
    Arrival,
    Belonging,
    BelongingsRegister,
    HealthSheet,
    InjuryPhoto,
)
from intake.rules.belongings import Register, in_capitals
from intake.rules.completion import Duty
from intake.rules.gate import Papers
from intake.rules.health_sheet import ESCORT, NEVER, PERSON, Sheet, signatures_elsewhere
from intake.rules.papers import Belongings, HealthCheck
from intake.selectors.arrivals import papers_of
from rehab import statutes
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words
from rehab.states import Sex

PHOTOS = Prefetch("photos", InjuryPhoto.objects.defer("photo").order_by("number"))


def admission_of(case: Case) -> Admission | None:
    """None for somebody whom no facility admitted by the gate."""
    return Admission.objects.filter(case=case).first()


def announced_of(admission: Admission | None) -> Papers | None:
    """What the roster or the desk said of him; None once he was moved: it stays where he was admitted."""
    announced = Arrival.objects.filter(pk=admission.arrival_id).first() if admission else None
    return papers_of(announced) if announced else None


def health_sheets(case: Case) -> list[HealthSheet]:
    """Every version of what was found of him on entry, the newest first."""
    found = HealthSheet.objects.filter(case=case).order_by("-version")
    return list(found.select_related("checked_by", "document").prefetch_related(PHOTOS))


def health_sheet_of(case: Case) -> HealthSheet | None:
    """The version that stands; None before there is one."""
    found = HealthSheet.objects.filter(case=case, corrected_by__isnull=True)
    return found.select_related("checked_by").first()


def signed_on(versions: Iterable[HealthSheet]) -> dict[str, int]:
    """The version that 移送民警 and 本人 each signed last; a correction is often not signed."""
    signed: dict[str, int] = {}
    for one in sorted(versions, key=lambda sheet: sheet.version):
        if one.escort_signed_at is not None:
            signed[ESCORT] = one.version
        if one.signed_by_person:
            signed[PERSON] = one.version
    return signed


def signatures_of(sheet: HealthSheet, versions: Sequence[HealthSheet]) -> str:
    """Where a correction is signed that was not signed itself; nothing on the first version."""
    if sheet.version == 1:
        return ""
    signed_now = signed_on([sheet])
    unsigned_by = tuple(who for who in (ESCORT, PERSON) if who not in signed_now)
    earlier = signed_on(one for one in versions if one.version < sheet.version)
    return signatures_elsewhere(unsigned_by, earlier)


def photos_of(sheet: HealthSheet) -> dict[int, tuple[str, str, bytes]]:
    """Region and kind of each injury that has a photo, with the photo, by its number."""
    injuries: Any = sheet.injuries
    found = {}
    for one in InjuryPhoto.objects.filter(sheet=sheet):
        injury = injuries[one.number - 1]
        found[one.number] = (injury["region"], injury["kind"], bytes(one.photo))
    return found


def injury_photos(user: User) -> QuerySet[InjuryPhoto]:
    """Of those whom the user sees; who may open the sheet is asked of his post."""
    seen: QuerySet[InjuryPhoto] = InjuryPhoto.objects.filter(
        sheet__case__in=Case.objects.visible_to(user)
    )
    return seen


def health_check_facts(
    case: Case,
    sheet: Sheet,
    *,
    checked_at: datetime,
    by: User,
    version: int = 1,
    signed_on: Mapping[str, int] = NEVER,
) -> dict[str, Any]:
    """入所健康状况检查表, from what was just found; nobody's signature is carried to a correction."""
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
        unsigned_by=sheet.unsigned_by,
        signatures=signatures_elsewhere(sheet.unsigned_by, signed_on) if version > 1 else "",
        unsigned=sheet.why_unsigned,
        correction=_correction(version),
    ).facts()


def _correction(version: int) -> str:
    """What a paper says of its version; nothing on the first."""
    return f"第 {version - 1} 次更正" if version > 1 else ""


def belongings_facts(
    case: Case, register: Register, *, registered_at: datetime, version: int = 1
) -> dict[str, Any]:
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
        correction=_correction(version),
    ).facts()


def register_of(case: Case) -> BelongingsRegister | None:
    """What stands registered of somebody's things; None before it was."""
    return next(iter(registers_of(case)), None)


def registers_of(case: Case) -> list[BelongingsRegister]:
    """Every version of what was registered, the newest first."""
    found = BelongingsRegister.objects.filter(case=case).order_by("-version")
    related = ("registered_by", "handed_back_by", "corrected_with", "document")
    return list(found.select_related(*related))


def photographed(user: User) -> QuerySet[Belonging]:
    """Items with a photo, of those whom the user sees."""
    seen: QuerySet[Belonging] = Belonging.objects.filter(
        case__in=Case.objects.visible_to(user), photo__isnull=False
    )
    return seen


def belongings_of(register: BelongingsRegister | None) -> list[Belonging]:
    """The items of a register in their order; not their photos, which are fetched one by one."""
    if register is None:
        return []
    ours = Belonging.objects.filter(case=register.case_id, version=register.version)
    rows = ours.defer("photo").order_by("number")
    with_photo = set(rows.filter(photo__isnull=False).values_list("pk", flat=True))
    found = list(rows)
    for one in found:
        one.has_photo = one.pk in with_photo  # type: ignore[attr-defined]  # for the page
    return found


def item_photos(register: BelongingsRegister) -> dict[int, tuple[str, bytes]]:
    """The name and the photo of each item that has one, by its number."""
    items: Any = Belonging.objects.filter(
        case=register.case_id, version=register.version, photo__isnull=False
    )
    return {one.number: (one.item["name"], bytes(one.photo)) for one in items}


def correction_obstacles(
    newest: HealthSheet | BelongingsRegister | None,
    opened: int,
    *,
    why: str,
    by: User,
    duty: Duty,
) -> tuple[Obstacle, ...]:
    """Why a sheet may not be corrected: there is none, a colleague was first, no reason."""
    if newest is None:
        return (Obstacle(f"“{duty.label}”尚未登记，请先登记"),)
    obstacles = []
    if by.role != duty.role:
        obstacles.append(Obstacle(f"“{duty.label}”不由您的岗位更正", duty.article))
    if newest.version != opened:
        obstacles.append(
            Obstacle(f"打开以后已有第 {newest.version - 1} 次更正，请重新打开，在最新的一版上更正")
        )
    if not why.strip():
        obstacles.append(Obstacle("“更正理由”不能为空，请填写"))
    return tuple(obstacles)


def second_obstacles(case: Case, second: User | None, *, by: User) -> tuple[Obstacle, ...]:
    """Why this second officer does not do for belongings: they are looked through by two."""
    if second is None or second.pk == by.pk:
        return (Obstacle("物品更正须由两名民警办理，请选另一名“第二民警”", statutes.TWO_SEARCHERS),)
    if second.posting is None or second.posting.facility_id != case.facility_id:
        return (Obstacle(f"第二民警{second.display_name}不在本所任职，请另选"),)
    return ()


def hand_back_obstacles(register: BelongingsRegister | None) -> tuple[Obstacle, ...]:
    """Why nothing can be handed back."""
    if register is None or not register.keeps:
        return (Obstacle("没有由本所代管的物品"),)
    if register.handed_back_at is not None and register.handed_back_by is not None:
        when = moment_words(register.handed_back_at)
        by = register.handed_back_by.display_name
        return (Obstacle(f"代管物品已由{by}于 {when} 发还"),)
    return ()

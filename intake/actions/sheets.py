"""The sheets of an entry: each is kept, printed from what it says, and closes its duty."""

from datetime import datetime

from django.db import transaction

from intake.actions.completion import mark_done
from intake.models import Belonging, BelongingsRegister, HealthSheet, InjuryPhoto
from intake.rules import completion
from intake.rules.belongings import Register, register_obstacles
from intake.rules.health_sheet import Sheet, sheet_obstacles
from intake.rules.papers import Disposal
from intake.selectors.completion import completion_obstacles
from intake.selectors.sheets import (
    belongings_facts,
    hand_back_obstacles,
    health_check_facts,
    register_of,
)
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.models import Case, Document, Event, User
from rehab.refusal import Refused


@transaction.atomic
def record_health_sheet(
    *, case: Case, sheet: Sheet, checked_at: datetime, by: User, at: datetime
) -> HealthSheet:
    """登记入所健康检查: findings, injuries with the signatures for them, and the paper of it."""
    case = cases.lock(case, "decision")

    duty = completion.duty("health_check")
    Refused.if_any(
        (
            *completion_obstacles(case, duty, by=by, done_at=checked_at, at=at, called="检查时间"),
            *sheet_obstacles(sheet, at=at),
        )
    )

    document = documents.make_or_keep(
        case, duty.code, "入所健康状况检查表",
        health_check_facts(case, sheet, checked_at=checked_at, by=by),
        by=by, at=at,
    )  # fmt: skip
    row = keep_health_sheet(case=case, sheet=sheet, document=document, checked_at=checked_at, by=by)
    mark_done(
        case=case, duty=duty.code, manner="", note="", document=document, by=by, done_at=checked_at
    )
    return row


def keep_health_sheet(
    *,
    case: Case,
    sheet: Sheet,
    document: Document,
    checked_at: datetime,
    by: User,
    corrects: HealthSheet | None = None,
    why: str = "",
) -> HealthSheet:
    """The rows of a sheet with its photos. Part of the act that wrote it."""
    row = HealthSheet.objects.create(
        case=case,
        version=corrects.version + 1 if corrects else 1,
        corrects=corrects,
        why_corrected=why.strip() or None,
        checked_at=checked_at,
        checked_by=by,
        escort_signed_at=sheet.escort.signed_at if sheet.escort else None,
        signed_by_person=sheet.signed_by_person,
        document=document,
        **sheet.kept(),
    )
    InjuryPhoto.objects.bulk_create(
        InjuryPhoto(sheet=row, number=number, photo=one.photo)
        for number, one in enumerate(sheet.injuries, start=1)
        if one.photo
    )
    return row


@transaction.atomic
def register_belongings(
    *, case: Case, register: Register, registered_at: datetime, by: User, at: datetime
) -> BelongingsRegister:
    """物品检查登记: every item with what becomes of it, and the receipt for its owner. 条例第二十八条."""
    case = cases.lock(case, "decision")

    duty = completion.duty("belongings")
    Refused.if_any(
        (
            *completion_obstacles(
                case, duty, by=by, done_at=registered_at, at=at, called="登记时间"
            ),
            *register_obstacles(register),
        )
    )

    document = documents.make_or_keep(
        case, duty.code, "物品代管清单",
        belongings_facts(case, register, registered_at=registered_at),
        by=by, at=at,
    )  # fmt: skip
    row = keep_belongings(
        case=case, register=register, document=document, registered_at=registered_at, by=by
    )
    mark_done(
        case=case, duty=duty.code, manner="", note="", document=document, by=by,
        done_at=registered_at,
    )  # fmt: skip
    return row


def keep_belongings(
    *,
    case: Case,
    register: Register,
    document: Document,
    registered_at: datetime,
    by: User,
    corrects: BelongingsRegister | None = None,
    why: str = "",
    second: User | None = None,
) -> BelongingsRegister:
    """The rows of a register with its items. Part of the act that wrote it."""
    kept = any(one.disposal is Disposal.KEPT for one in register.items)
    row = BelongingsRegister.objects.create(
        case=case,
        version=corrects.version + 1 if corrects else 1,
        corrects=corrects,
        why_corrected=why.strip() or None,
        corrected_with=second,
        registered_at=registered_at,
        registered_by=by,
        cash=str(register.cash) if register.cash else None,
        collector={"name": register.collector, "relation": register.relation}
        if register.collector
        else None,
        keeps=kept or bool(register.cash),
        document=document,
    )
    Belonging.objects.bulk_create(
        Belonging(
            case=case,
            version=row.version,
            number=number,
            disposal=one.disposal.name.lower(),
            item={
                "name": one.name,
                "quantity": one.quantity,
                "features": one.features,
                "place": one.place,
                "remark": one.remark,
            },
            photo=one.photo,
        )
        for number, one in enumerate(register.items, start=1)
    )
    return row


@transaction.atomic
def hand_back_belongings(*, case: Case, by: User, at: datetime) -> BelongingsRegister:
    """发还代管物品: everything that was kept goes back to its owner, at the gate as a rule."""
    case = cases.lock(case, "decision")
    register = register_of(case)

    Refused.if_any(hand_back_obstacles(register))

    assert register is not None
    register.handed_back_at, register.handed_back_by = at, by
    register.save(update_fields=["handed_back_at", "handed_back_by"])

    events.record(case, Event.Kind.BELONGINGS_HANDED_BACK, by=by, at=at, register=str(register.pk))
    deadlines.refresh([case])

    outbox.poke()
    return register

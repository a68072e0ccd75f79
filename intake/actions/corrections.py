"""Sheets of an entry put right: a further version with the reason, the former kept as it was."""

from datetime import datetime

from django.db import transaction

from intake.actions.sheets import keep_belongings, keep_health_sheet
from intake.models import BelongingsRegister, HealthSheet
from intake.rules import completion
from intake.rules.belongings import Register, register_obstacles
from intake.rules.health_sheet import Sheet, sheet_obstacles
from intake.selectors import sheets
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Obstacle, Refused


@transaction.atomic
def correct_health_sheet(
    *,
    case: Case,
    sheet: Sheet,
    checked_at: datetime,
    opened: int,
    why: str,
    by: User,
    at: datetime,
) -> HealthSheet:
    """更正入所健康检查表; `opened` is the version that was looked at while it was written."""
    case = cases.lock(case, "decision")
    former = sheets.health_sheet_of(case)
    signed_on = sheets.signed_on(sheets.health_sheets(case))

    duty = completion.duty("health_check")
    Refused.if_any(
        (
            *sheets.correction_obstacles(former, opened, why=why, by=by, duty=duty),
            *_too_late(checked_at, at, "检查时间"),
            *sheet_obstacles(sheet, at=at, signed_on=signed_on),
        )
    )

    assert former is not None
    version = former.version + 1
    document = documents.make(
        case, duty.code, "入所健康状况检查表",
        sheets.health_check_facts(
            case, sheet, checked_at=checked_at, by=by, version=version, signed_on=signed_on
        ),
        by=by, at=at, supersedes=documents.current(case, duty.code),
    )  # fmt: skip
    row = keep_health_sheet(
        case=case,
        sheet=sheet,
        document=document,
        checked_at=checked_at,
        by=by,
        corrects=former,
        why=why,
    )

    kind = Event.Kind.HEALTH_SHEET_CORRECTED
    _record(case, kind, row, why=why, by=by, at=at)
    return row


@transaction.atomic
def correct_belongings(
    *,
    case: Case,
    register: Register,
    registered_at: datetime,
    opened: int,
    why: str,
    second: User | None,
    by: User,
    at: datetime,
) -> BelongingsRegister:
    """更正物品登记, by two officers, until the things are handed back. 条例第二十八条."""
    case = cases.lock(case, "decision")
    former = sheets.register_of(case)

    duty = completion.duty("belongings")
    Refused.if_any(
        (
            *sheets.correction_obstacles(former, opened, why=why, by=by, duty=duty),
            *_handed_back(former),
            *_too_late(registered_at, at, "登记时间"),
            *sheets.second_obstacles(case, second, by=by),
            *register_obstacles(register),
        )
    )

    assert former is not None
    version = former.version + 1
    document = documents.make(
        case, duty.code, "物品代管清单",
        sheets.belongings_facts(case, register, registered_at=registered_at, version=version),
        by=by, at=at, supersedes=documents.current(case, duty.code),
    )  # fmt: skip
    row = keep_belongings(
        case=case, register=register, document=document, registered_at=registered_at, by=by,
        corrects=former, why=why, second=second,
    )  # fmt: skip

    _record(case, Event.Kind.BELONGINGS_CORRECTED, row, why=why, by=by, at=at)
    return row


def _record(
    case: Case,
    kind: Event.Kind,
    row: HealthSheet | BelongingsRegister,
    *,
    why: str,
    by: User,
    at: datetime,
) -> None:
    events.record(
        case, kind, by=by, at=at, version=row.version, sheet=str(row.pk),
        words={"reason": why.strip()},
    )  # fmt: skip
    deadlines.refresh([case])

    outbox.poke()


def _too_late(then: datetime, at: datetime, called: str) -> tuple[Obstacle, ...]:
    return (Obstacle(f"“{called}”晚于现在，请改正"),) if then > at else ()


def _handed_back(register: BelongingsRegister | None) -> tuple[Obstacle, ...]:
    if register is None or register.handed_back_at is None:
        return ()
    return (Obstacle("代管物品已经发还，不能再更正物品登记"),)

"""The sheets of an entry: each is kept, printed from what it says, and closes its duty."""

from datetime import datetime

from django.db import transaction

from intake.actions.completion import mark_done
from intake.models import HealthSheet
from intake.rules import completion
from intake.rules.health_sheet import Sheet, sheet_obstacles
from intake.selectors.completion import completion_obstacles
from intake.selectors.sheets import health_check_facts
from rehab.actions import cases
from rehab.ledgers import documents
from rehab.models import Case, User
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
    row = HealthSheet.objects.create(
        case=case,
        checked_at=checked_at,
        checked_by=by,
        escort_signed_at=sheet.escort.signed_at if sheet.escort else None,
        signed_by_person=sheet.signed_by_person,
        document=document,
        **sheet.kept(),
    )
    mark_done(
        case=case, duty=duty.code, manner="", note="", document=document, by=by, done_at=checked_at
    )
    return row

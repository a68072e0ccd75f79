"""角色: what a kind of post may do, as data. The three administrators stay apart."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from rehab.ledgers import events
from rehab.models import Event, Role, User
from rehab.refusal import Obstacle, Refused
from rehab.rules import accounts as rules
from rehab.selectors import roles as selectors


@transaction.atomic
def add_role(
    *,
    code: str,
    display_name: str,
    description: str,
    reach: str,
    permissions: Collection[str],
    by: User,
    at: datetime,
) -> Role:
    """增设角色, with a reach that it keeps."""
    held = sorted({*permissions, *rules.EVERYDAY})
    Refused.if_any(rules.role_obstacles(permissions=held, reach=reach))

    role, made = Role.objects.get_or_create(
        code=code,
        defaults={
            "display_name": display_name,
            "description": description,
            "reach": reach,
            "permissions": held,
        },
    )
    if not made:
        raise Refused([Obstacle(f"代码“{code}”已有角色使用，请换一个")])

    _record(code, by=by, at=at, added=held, removed=[])
    return role


@transaction.atomic
def shape_role(
    *,
    role: Role,
    display_name: str,
    description: str,
    permissions: Collection[str],
    by: User,
    at: datetime,
) -> Role:
    """调整角色: its name, who may hold it, and what it may do; it holds from the next page on.

    What a colleague has shaped since `role` was read is not overwritten.
    """
    seen, role = role, Role.objects.select_for_update().get(pk=role.pk)

    held = {*permissions, *rules.EVERYDAY}
    Refused.if_any(selectors.overtaken_obstacles(seen, role))
    Refused.if_any(selectors.shape_obstacles(role, held, by=by))

    added, removed = sorted(held - {*role.permissions}), sorted({*role.permissions} - held)
    role.display_name, role.description = display_name, description
    role.permissions = sorted(held)
    role.save(update_fields=["display_name", "description", "permissions"])

    _record(role.code, by=by, at=at, added=added, removed=removed)
    return role


def _record(code: str, *, by: User, at: datetime, added: list[str], removed: list[str]) -> None:
    events.record(by, Event.Kind.ROLE_SHAPED, by=by, at=at, role=code, added=added, removed=removed)

"""Roles and grants as the security administrator sees them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from rehab import scope
from rehab.models import (
    Case,
    Facility,
    Role,
    User,
)
from rehab.models.grants import KINDS, Grant
from rehab.refusal import Obstacle
from rehab.rules import accounts as rules
from rehab.states import Reach


def roles() -> QuerySet[Any]:
    """Every role, with how many hold it now (`holders`)."""
    held = Count("posting", filter=Q(posting__ended_at__isnull=True))
    return Role.objects.annotate(holders=held).order_by("reach", "code")


def overtaken_obstacles(seen: Role, role: Role) -> tuple[Obstacle, ...]:
    """Why a role that was read some time ago may not be written: a colleague has shaped it since."""
    parts = ("display_name", "description", "permissions")
    if all(getattr(seen, part) == getattr(role, part) for part in parts):
        return ()
    return (Obstacle(f"角色“{role}”刚由同事调整过，请重新打开核对"),)


def shape_obstacles(role: Role, permissions: Collection[str], *, by: User) -> tuple[Obstacle, ...]:
    """Why a role may not be shaped so."""
    obstacles = list(rules.role_obstacles(permissions=permissions, reach=role.reach))
    if role.code == by.role and set(role.permissions) != set(permissions):
        obstacles.append(Obstacle("不得改动自己岗位的权限，请由另一岗位的安全管理员办理"))
    was, now = map(rules.is_administrator, (role.permissions, permissions))
    if was != now and User.objects.filter(posting__role=role).exists():
        obstacles.append(Obstacle("此角色现有人担任，不得在三员岗位与业务岗位之间改换"))
    return tuple(obstacles)


@dataclass(frozen=True)
class Granted:
    """A grant in force: to what, until when. A case is told by its number alone."""

    key: str  # kind and number
    to: str
    ends_at: datetime


def grants_of(user: User, *, at: datetime) -> list[Granted]:
    """What goes beyond a posting and has not ended, in three queries."""
    found = []
    for kind, model in KINDS.items():
        rows = model.objects.filter(user=user, ends_at__gt=at).order_by("ends_at")
        with scope.within(scope.system("houses")):
            found += [
                Granted(f"{kind}-{row.pk}", str(row.content_object), row.ends_at)
                for row in rows.select_related("content_object")
            ]
    return found


def case_of(number: str, *, by: User) -> Case | None:
    """The case of that number in a house that the administrator looks after, whom he does not see."""
    houses = Facility.objects.looked_after_by(by)
    with scope.within(scope.system("houses")):
        return Case.objects.filter(number=number.strip().upper(), facility__in=houses).first()


def grant_obstacles(user: User) -> tuple[Obstacle, ...]:
    """Why nothing may be granted to an account."""
    if user.posting is None:
        return (Obstacle(f"{user.display_name}现在没有任职，不能授权"),)
    if user.reach == Reach.NONE:
        return (Obstacle("三员不涉案件，不得授权查阅人员"),)
    return ()


def grant_in_force(key: str, *, at: datetime) -> Grant | None:
    """A grant that has not ended, by kind and number."""
    kind, _, number = key.partition("-")
    model = KINDS.get(kind)
    if model is None or not number.isdecimal():
        return None
    found: Grant | None = (
        model.objects.filter(pk=int(number), ends_at__gt=at).select_related("user").first()
    )
    return found

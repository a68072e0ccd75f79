"""Accounts as an administrator sees them: roles he may give, places he may post to, and why not."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from rehab.models import (
    Bureau,
    Event,
    Facility,
    Posting,
    Role,
    SecondFactor,
    Station,
    Subject,
    Unit,
    User,
)
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules import accounts as rules
from rehab.selectors import houses

Place = Bureau | Facility | Unit | Station
SHOWN_EVENTS = 20


def roles_for(user: User) -> QuerySet[Role]:
    """Roles this administrator may give: the security administrator those of administrators, else the others."""
    administrators = Q(permissions__overlap=sorted(rules.OF_ADMINISTRATORS))
    wanted = administrators if by_security(user) else ~administrators
    return Role.objects.filter(wanted).order_by("reach", "code")


def by_security(user: User) -> bool:
    """Whether this administrator appoints administrators, and nobody else."""
    return user.may(Permission.ROLE_MANAGE)


def places_for(user: User) -> dict[str, list[Place]]:
    """Where this administrator may post somebody, by kind of place; closed ones are left out."""
    bureaus: list[Place] = []
    if user.bureau is not None:
        bureaus += Bureau.objects.filter(Q(pk=user.bureau.pk) | Q(parent=user.bureau.pk))
    return {
        "局": bureaus,
        "戒毒所": list(houses.facilities(user)),
        "大队、中队": list(houses.units(user).open().order_by("facility__code", "name")),
        "照管站": list(houses.stations(user).open().order_by("division__code", "name")),
    }


def kind_of(place: Place) -> str:
    """A key of `rules.REACHES_OF`."""
    if isinstance(place, Bureau):
        return place.level
    return place._meta.model_name or ""


def appointable(user: User) -> QuerySet[User]:
    """Whom this administrator may appoint: of those he looks after, the posts that are his to give."""
    administrators = Q(posting__role__permissions__overlap=sorted(rules.OF_ADMINISTRATORS))
    whose = administrators if by_security(user) else ~administrators
    return (
        houses.accounts(user)
        .filter(whose | Q(posting__isnull=True), is_active=True)
        .exclude(pk=user.pk)
    )


def is_his(user: User, *, by: User) -> bool:
    """Whether the post that an account holds is this administrator's to give and to take."""
    posting = user.posting
    return posting is None or rules.is_administrator(posting.role.permissions) == by_security(by)


def appointment_obstacles(
    user: User, role: Role, place: Place, *, by: User
) -> tuple[Obstacle, ...]:
    """Why this administrator may not post somebody to a place under a role."""
    posting = user.posting
    return rules.appointment_obstacles(
        rules.Appointment(
            name=user.display_name,
            himself=user.pk == by.pk,
            role=role.display_name,
            reach=role.reach,
            administrator=rules.is_administrator(role.permissions),
            was_administrator=rules.is_administrator(posting.role.permissions) if posting else None,
            by_security=by_security(by),
            place=str(place),
            place_kind=kind_of(place),
            place_closed=isinstance(place, Unit | Station) and place.closed_at is not None,
            already=posting is not None and posting.role_id == role.pk and where(posting) == place,
            active=user.is_active,
        )
    )


def where(posting: Posting) -> Place:
    """The narrowest place of a posting."""
    place: Place | None = posting.unit or posting.facility or posting.station or posting.bureau
    assert place is not None  # posting_is_in_one_place
    return place


def account_obstacles(user: User, *, by: User, wanted_active: bool) -> tuple[Obstacle, ...]:
    """Why this administrator may not lock or unlock an account."""
    return rules.account_obstacles(
        himself=user.pk == by.pk,
        active=user.is_active,
        wanted_active=wanted_active,
        last_of=last_of(user),
    )


def posting_end_obstacles(user: User, *, by: User) -> tuple[Obstacle, ...]:
    """Why this administrator may not end somebody's posting."""
    posting = user.posting
    return rules.posting_end_obstacles(
        himself=user.pk == by.pk,
        posted=posting is not None,
        name=user.display_name,
        managed_here=is_his(user, by=by),
        last_of=last_of(user),
    )


def last_of(user: User) -> str:
    """The name of an administrator's role that nobody else active holds; empty where somebody does."""
    posting = user.posting
    if posting is None or not rules.is_administrator(posting.role.permissions):
        return ""
    others = User.objects.filter(is_active=True, posting__role=posting.role).exclude(pk=user.pk)
    if posting.bureau_id is not None:
        others = others.filter(posting__bureau=posting.bureau_id)
    else:
        others = others.filter(posting__facility=posting.facility_id)
    return "" if others.exists() else posting.role.display_name


def postings_of(user: User) -> QuerySet[Posting]:
    """Every posting of an account, the latest first."""
    return (
        Posting.objects.filter(user=user)
        .select_related("role", "bureau", "facility", "unit", "station")
        .order_by("-started_at", "-pk")
    )


def history_of(user: User) -> Any:
    """What was done to an account, the latest first."""
    return (
        Event.objects.filter(subject_type=Subject.ACCOUNT, subject_id=user.pk)
        .select_related("by")
        .order_by("-happened_at", "-pk")[:SHOWN_EVENTS]
    )


def found(user: User, *, words: str, role: str, state: str) -> QuerySet[User]:
    """The accounts an administrator looks after, by a word of name or number, by role, by state."""
    accounts = houses.accounts(user)
    if words := words.strip():
        accounts = accounts.filter(
            Q(display_name__contains=words)
            | Q(username__contains=words)
            | Q(police_number__contains=words)
        )
    if role:
        accounts = accounts.filter(posting__role=role)
    match state:
        case "active":
            accounts = accounts.filter(is_active=True)
        case "locked":
            accounts = accounts.filter(is_active=False)
        case "unposted":
            accounts = accounts.filter(posting__isnull=True)
    return accounts


def secret_expired(user: User, *, at: datetime) -> bool:
    """Whether a one-time secret was not used in time."""
    return user.secret_until is not None and user.secret_until <= at


def factor_of(user: User) -> SecondFactor | None:
    """What an account carries beside its password; None, without asking, where it carries nothing."""
    if user.second_factor_at is None:
        return None
    return SecondFactor.objects.get(user=user)


def factor_reset_obstacles(user: User, *, by: User) -> tuple[Obstacle, ...]:
    """Why this administrator may not reset somebody's second factor."""
    return rules.factor_reset_obstacles(
        himself=user.pk == by.pk, carried=user.second_factor_at is not None
    )


def one_time_obstacles(factor: SecondFactor, *, at: datetime) -> tuple[Obstacle, ...]:
    """Why the one-time secret that stands in place of a key is of no use any more."""
    return rules.one_time_obstacles(until=factor.secret_until, at=at)


def groups_of(places: dict[str, list[Place]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Choices for a form: each kind of place with its places by key."""
    for kind, found in places.items():
        if found:
            yield kind, [(key_of(place), _said(place)) for place in found]


def key_of(place: Place) -> str:
    """What stands for a place in a form."""
    return f"{place._meta.model_name}:{place.pk}"


def _said(place: Place) -> str:
    if isinstance(place, Unit):
        return f"{place.facility.short_name} {place.name}"
    return str(place)

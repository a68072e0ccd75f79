"""值班委托: to whom a leader may delegate, and what he has delegated."""

from datetime import date

from django.db.models import Q, QuerySet

from rehab.models import Delegation, Unit, User
from rehab.refusal import Obstacle
from rehab.rules import accounts as rules
from rehab.states import Reach


def candidates(user: User) -> QuerySet[User]:
    """Officers who see the people whom the leader decides about: of his 大队, or of the whole house."""
    others = User.objects.with_posting().filter(is_active=True).exclude(pk=user.pk)
    if user.reach == Reach.UNIT and user.unit is not None:
        units = Unit.objects.of_brigade(user.unit)
        here = others.filter(posting__unit__in=units, posting__role__reach=Reach.UNIT)
    elif user.reach == Reach.FACILITY and user.facility is not None:
        here = others.filter(posting__facility=user.facility, posting__role__reach=Reach.FACILITY)
    else:
        here = others.none()
    return here.order_by("posting__role", "display_name")


def delegation_obstacles(to: User, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why a leader may not delegate to this officer."""
    return rules.delegation_obstacles(
        himself=to.pk == by.pk,
        gives=by.posting.role.permissions if by.posting else (),
        same_place=to.pk == by.pk or candidates(by).filter(pk=to.pk).exists(),
        place=by.posting.place if by.posting else "",
        name=to.display_name,
        already=standing(by, on=on).filter(taker=to.posting).exists(),
    )


def standing(user: User, *, on: date) -> QuerySet[Delegation]:
    """What a leader delegated that is not over yet, begun or not."""
    return Delegation.objects.filter(giver=user.posting, ended_at__isnull=True, ends_on__gte=on)


def delegations_of(user: User) -> QuerySet[Delegation]:
    """All that a leader's post gave or took, the latest first."""
    return (
        Delegation.objects.filter(Q(giver=user.posting) | Q(taker=user.posting))
        .select_related("giver__user", "taker__user", "taker__role", "giver__role")
        .order_by("-given_at")
    )

"""账号: opening, locking and unlocking, and the secrets by which one signs in."""

from dataclasses import dataclass
from datetime import datetime

from axes.utils import reset as forget_failures
from django.db import transaction

from rehab.actions.postings import post
from rehab.ledgers import events, notices, outbox
from rehab.models import Event, Role, User
from rehab.refusal import Obstacle, Refused
from rehab.secret import GOOD_FOR
from rehab.selectors import accounts as selectors
from rehab.selectors.accounts import Place
from rehab.states import Sex


@dataclass(frozen=True)
class AccountFacts:
    """Who an account is for."""

    username: str
    display_name: str
    sex: Sex
    police_number: str = ""
    email: str = ""


@transaction.atomic
def open_account(
    *,
    facts: AccountFacts,
    role: Role,
    place: Place,
    secret: str,
    by: User,
    at: datetime,
    really_at: datetime,
) -> User:
    """开户 with a first posting and a one-time secret."""
    user = User(**vars(facts), secret_until=really_at + GOOD_FOR)

    Refused.if_any(selectors.appointment_obstacles(user, role, place, by=by))

    user.set_password(secret)
    User.objects.bulk_create(
        [user], ignore_conflicts=True
    )  # two at once: the second finds it taken
    if not User.objects.filter(pk=user.pk).exists():
        raise Refused([Obstacle(f"用户名“{facts.username}”已有人使用，请换一个")])

    events.record(user, Event.Kind.ACCOUNT_OPENED, by=by, at=at)
    post(user=user, role=role, place=place, by=by, at=at)
    return User.objects.by_key(user.pk)


@transaction.atomic
def lock_account(*, user: User, by: User, at: datetime) -> User:
    """停用账号: nobody signs in to it, and whoever is signed in is so no longer."""
    user = locked(user)

    Refused.if_any(selectors.account_obstacles(user, by=by, wanted_active=False))

    user.is_active = False
    user.save(update_fields=["is_active"])

    events.record(user, Event.Kind.ACCOUNT_LOCKED, by=by, at=at)
    return user


@transaction.atomic
def unlock_account(*, user: User, by: User, at: datetime) -> User:
    """恢复账号, its failed sign-ins forgotten."""
    user = locked(user)

    Refused.if_any(selectors.account_obstacles(user, by=by, wanted_active=True))

    user.is_active = True
    user.save(update_fields=["is_active"])
    forget_failures(username=user.username)

    events.record(user, Event.Kind.ACCOUNT_UNLOCKED, by=by, at=at)
    return user


@transaction.atomic
def reset_secret(*, user: User, secret: str, by: User, at: datetime, really_at: datetime) -> User:
    """重置密码: a one-time secret in place of the password; whoever is signed in is so no longer."""
    user = locked(user)

    if user.pk == by.pk:
        raise Refused([Obstacle("自己的密码请在“修改密码”中修改")])

    user.set_password(secret)
    user.secret_until = really_at + GOOD_FOR
    user.save(update_fields=["password", "secret_until"])
    forget_failures(username=user.username)

    events.record(user, Event.Kind.SECRET_RESET, by=by, at=at)

    notices.tell_owner(user, Event.Kind.SECRET_RESET)
    outbox.poke()
    return user


@transaction.atomic
def change_password(*, user: User, password: str, at: datetime) -> User:
    """修改密码 by its owner; every other session of his ends."""
    user = locked(user)

    user.set_password(password)
    user.secret_until = None
    user.save(update_fields=["password", "secret_until"])

    events.record(user, Event.Kind.PASSWORD_CHANGED, by=user, at=at)
    return user


def locked(user: User) -> User:
    """The account's row, locked, and then read with its posting."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)
    return User.objects.by_key(user.pk)

"""动态口令: setting it up, giving a code, and the reset by somebody else."""

from datetime import datetime

from axes.utils import reset as forget_failures
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from rehab import totp
from rehab.actions.accounts import locked
from rehab.ledgers import events, notices, outbox
from rehab.models import Event, SecondFactor, User
from rehab.refusal import Obstacle, Refused
from rehab.secret import GOOD_FOR
from rehab.selectors import accounts as selectors


@transaction.atomic
def set_up_factor(*, user: User, key: bytes, code: str, at: datetime, really_at: datetime) -> User:
    """设置、更换动态口令 by its owner, who proves that his device holds the key; every other session ends."""
    user = locked(user)
    before = selectors.factor_of(user)

    step = totp.step_of(key, code, at=really_at)
    if step is None:
        raise Refused(
            [Obstacle("“动态口令”与密钥对不上，请核对手机或令牌的时间，输入当前显示的 6 位数字")]
        )

    SecondFactor.objects.update_or_create(
        user=user,
        defaults={"key": key, "used_step": step, "secret": "", "secret_until": None},
    )
    user.second_factor_at = really_at
    user.save(update_fields=["second_factor_at"])

    changed = before is not None and before.key is not None
    kind = Event.Kind.FACTOR_CHANGED if changed else Event.Kind.FACTOR_SET_UP
    events.record(user, kind, by=user, at=at)
    return user


@transaction.atomic
def use_code(*, user: User, code: str, really_at: datetime) -> SecondFactor:
    """Take a code, or after a reset the one-time secret: either is good once, whoever comes second."""
    factor = SecondFactor.objects.select_for_update().get(user=user)

    if factor.key is None:
        Refused.if_any(selectors.one_time_obstacles(factor, at=really_at))
        step = factor.used_step if check_password(code, factor.secret) else None
    else:
        step = totp.step_of(factor.key, code, at=really_at, after=factor.used_step)
    if step is None:
        raise Refused([Obstacle("口令不正确或者已经用过")])

    factor.used_step, factor.secret, factor.secret_until = step, "", None
    factor.save(update_fields=["used_step", "secret", "secret_until"])
    return factor


@transaction.atomic
def reset_factor(*, user: User, secret: str, by: User, at: datetime, really_at: datetime) -> User:
    """重置动态口令: a one-time secret in place of the key; whoever is signed in is so no longer."""
    user = locked(user)

    Refused.if_any(selectors.factor_reset_obstacles(user, by=by))

    SecondFactor.objects.filter(user=user).update(
        key=None, secret=make_password(secret), secret_until=really_at + GOOD_FOR
    )
    user.second_factor_at = really_at
    user.save(update_fields=["second_factor_at"])
    forget_failures(username=user.username)

    events.record(user, Event.Kind.FACTOR_RESET, by=by, at=at)

    notices.tell_owner(user, Event.Kind.FACTOR_RESET)
    outbox.poke()
    return user

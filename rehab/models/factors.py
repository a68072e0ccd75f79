"""动态口令: what an account carries beside its password."""

from django.db import models
from django.db.models import Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class SecondFactor(Keyed):
    """动态口令：the key that the officer's device holds too; after a reset a one-time secret in its place."""

    user = models.OneToOneField(User, models.PROTECT, related_name="second_factor")
    key = SealedField("密钥", kind="bytes", null=True)
    used_step = models.BigIntegerField("最后用过的时间步", default=-1)  # a code is good once
    secret = models.CharField("一次性口令", max_length=128, blank=True)  # hashed, as passwords are
    secret_until = models.DateTimeField("一次性口令有效至", null=True)

    class Privacy:
        sealed = frozenset({"key"})
        masked = frozenset({"secret"})
        open = frozenset({"id", "user", "used_step", "secret_until"})

    class Meta:
        verbose_name = "动态口令"
        constraints = [
            models.CheckConstraint(
                condition=Q(key__isnull=True) | Q(secret=""),
                name="second_factor_is_a_key_or_a_secret",
            ),
            models.CheckConstraint(
                condition=Q(secret="", secret_until__isnull=True)
                | (~Q(secret="") & Q(secret_until__isnull=False)),
                name="secret_of_a_second_factor_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user_id)

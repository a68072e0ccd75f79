"""Rows of this room: only what the demo must remember of itself."""

from django.db import models

from rehab.models.base import Keyed
from rehab.sealed import SealedField


class DemoLogin(Keyed):
    """演示账号的口令：random, sealed, kept so that `manage.py logins` can print it again. Only with DEMO=1.

    Its fence opens to jobs of the house alone, never to a signed-in user.
    """

    user = models.OneToOneField("rehab.User", models.PROTECT, related_name="+")
    password = SealedField("口令")
    rank = models.PositiveSmallIntegerField("次序")

    class Privacy:
        sealed = frozenset({"password"})
        open = frozenset({"id", "user", "rank"})

    class Meta:
        verbose_name = "演示账号"

    def __str__(self) -> str:
        return str(self.user)

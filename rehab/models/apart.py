"""Who is kept apart from whom."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from rehab.models.base import Keyed
from rehab.models.organisation import Facility
from rehab.models.people import Case
from rehab.sealed import SealedField

if TYPE_CHECKING:
    from rehab.models.access import User


class KeepApartQuerySet(models.QuerySet["KeepApart"]):
    def visible_to(self, user: "User") -> "KeepApartQuerySet":
        """Where one of the two is somebody whom the user sees."""
        seen = Case.objects.visible_to(user)
        return self.filter(Q(first__in=seen) | Q(second__in=seen))

    def unended(self) -> "KeepApartQuerySet":
        return self.filter(ended_at__isnull=True)

    def in_force(self, *, on: date) -> "KeepApartQuerySet":
        """Neither ended nor past their day."""
        return self.unended().filter(Q(until__isnull=True) | Q(until__gte=on))

    def touching(self, cases: Iterable[Case]) -> "KeepApartQuerySet":
        some = list(cases)
        return self.filter(Q(first__in=some) | Q(second__in=some))


class KeepApart(Keyed):
    """分开管理：two people of one facility who may not share a room, or a 大队; why is sealed."""

    class Kind(models.TextChoices):
        CO_OFFENDER = "co_offender", "同案"
        CONFLICT = "conflict", "有矛盾纠纷"
        RELATIVE = "relative", "亲属"
        GANG = "gang", "同伙、同籍抱团"
        OTHER = "other", "其他"

    class Distance(models.TextChoices):
        ROOM = "room", "不同房间"
        UNIT = "unit", "不同大队"

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    first = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name="一方")
    second = models.ForeignKey(Case, models.PROTECT, related_name="+", verbose_name="另一方")
    kind = models.CharField("关系", max_length=20, choices=Kind)
    distance = models.CharField("分开到", max_length=10, choices=Distance)
    reason = SealedField("理由")
    until = models.DateField("至", null=True)
    noted_by = models.ForeignKey(
        "rehab.User", models.PROTECT, related_name="+", verbose_name="登记人"
    )
    noted_at = models.DateTimeField("登记时间")
    ended_by = models.ForeignKey(
        "rehab.User", models.PROTECT, null=True, related_name="+", verbose_name="终止人"
    )
    ended_at = models.DateTimeField("终止时间", null=True)
    end_reason = SealedField("终止理由", null=True)

    objects = KeepApartQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"reason", "end_reason"})
        open = frozenset(
            {
                "id", "facility", "first", "second", "kind", "distance", "until", "noted_by",
                "noted_at", "ended_by", "ended_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "分开管理"
        indexes = [
            models.Index(fields=["first"], name="keep_apart_by_first"),
            models.Index(fields=["second"], name="keep_apart_by_second"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(ended_at__isnull=True),
                name="one_unended_keep_apart_per_pair",
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="keep_apart_names_two_in_one_order"
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, end_reason__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False, end_reason__isnull=False),
                name="keep_apart_ends_under_a_signature_and_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"

    def in_force(self, *, on: date) -> bool:
        """Neither ended nor past its day."""
        return self.ended_at is None and (self.until is None or self.until >= on)

    def other_than(self, case: Case) -> Case:
        """The other of the two."""
        return self.second if self.first_id == case.pk else self.first

"""What the records of all five centres have in common."""

from collections.abc import Iterable
from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from rehab.models import Case, User
from rehab.models.base import Keyed

_Row = TypeVar("_Row", bound=models.Model)


class RecordQuerySet(models.QuerySet[_Row]):
    """Rows about a case; `moment` names the field by which one is later than another."""

    def visible_to(self, user: User) -> Self:
        """Records of the cases that the user may see. The permission opens their content."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def of_each(self, cases: Iterable[Any]) -> Self:
        """The latest record of each of these cases, in one query."""
        moment = self.model.moment  # type: ignore[attr-defined]  # every Record names one
        rows = self.filter(case__in=list(cases)).order_by("case", f"-{moment}", "-id")
        return rows.distinct("case")


class Record(Keyed):
    """A structured record that a centre makes about a case, signed by whoever made it."""

    moment = "recorded_at"

    case = models.ForeignKey("rehab.Case", models.PROTECT, related_name="%(class)ss")
    by = models.ForeignKey("rehab.User", models.PROTECT, related_name="+")

    objects: ClassVar[Any] = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

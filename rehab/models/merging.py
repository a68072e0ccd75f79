"""Two records that turned out to be one human being: put together by two people, and taken apart again."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models.base import Keyed
from rehab.models.organisation import Facility
from rehab.models.people import Case, Person
from rehab.sealed import SealedField
from rehab.states import MergeStatus

if TYPE_CHECKING:
    from rehab.models.access import User

M = MergeStatus


class PersonMergeQuerySet(models.QuerySet["PersonMerge"]):
    def visible_to(self, user: "User") -> "PersonMergeQuerySet":
        """Those of the user's own facility, through a case that he sees."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def open(self) -> "PersonMergeQuerySet":
        return self.filter(status=M.PROPOSED)

    def standing(self) -> "PersonMergeQuerySet":
        return self.filter(status=M.MERGED)


class PersonMerge(Keyed):
    """合并人员：which of two records is kept, who said so and who confirmed it, and how both stood before.

    The other row stays as it was and leads to the kept one; so the merge can be undone.
    """

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    case = models.ForeignKey(
        Case, models.PROTECT, related_name="merges", verbose_name="据以提请的档案"
    )
    kept = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="保留")
    absorbed = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="并入")
    status = models.CharField("状态", max_length=10, choices=MergeStatus)
    chosen = models.JSONField("按另一份登记的项目", default=list)  # fields taken of the absorbed
    stood = SealedField(
        "合并前的登记", kind="json"
    )  # both sides' particulars, and whose each case was
    written = SealedField("合并写入的内容", kind="json", null=True)
    reason = SealedField("提请理由")
    proposed_by = models.ForeignKey(
        "rehab.User", models.PROTECT, related_name="+", verbose_name="提请人"
    )
    proposed_at = models.DateTimeField("提请时间")
    decided_by = models.ForeignKey(
        "rehab.User", models.PROTECT, null=True, related_name="+", verbose_name="处理人"
    )
    decided_at = models.DateTimeField("处理时间", null=True)
    return_reason = SealedField("退回理由", null=True)
    undone_by = models.ForeignKey(
        "rehab.User", models.PROTECT, null=True, related_name="+", verbose_name="撤销人"
    )
    undone_at = models.DateTimeField("撤销时间", null=True)
    undo_reason = SealedField("撤销理由", null=True)

    objects = PersonMergeQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"stood", "written", "reason", "return_reason", "undo_reason"})
        open = frozenset(
            {
                "id", "facility", "case", "kept", "absorbed", "status", "chosen", "proposed_by",
                "proposed_at", "decided_by", "decided_at", "undone_by", "undone_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "人员合并"
        indexes = [
            models.Index(fields=["facility", "status", "-proposed_at"], name="merge_by_facility"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kept=F("absorbed")), name="merge_names_two_records"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["merged", "returned", "undone"])
                | ~Q(decided_by=F("proposed_by")),
                name="two_people_merge_records",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["merged", "returned", "withdrawn", "undone"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="decided_merge_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | Q(return_reason__isnull=False),
                name="returned_merge_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    status="undone",
                    undone_by__isnull=False,
                    undone_at__isnull=False,
                    undo_reason__isnull=False,
                )
                | ~Q(status="undone")
                & Q(undone_by__isnull=True, undone_at__isnull=True, undo_reason__isnull=True),
                name="undone_merge_is_signed_and_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["merged", "undone"]) | Q(written__isnull=False),
                name="merge_keeps_what_it_wrote",
            ),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(status="merged"),
                name="one_standing_merge_per_absorbed_record",
            ),
            models.UniqueConstraint(
                fields=["kept", "absorbed"],
                condition=Q(status="proposed"),
                name="one_open_merge_per_pair",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("rehab:merge-detail", args=[self.pk])

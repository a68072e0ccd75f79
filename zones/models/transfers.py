"""转所: one person's way from one facility to another, each side under its own signature."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models import Case, Document, Facility, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import Reach, Stage
from zones.states import (
    ON_THE_ROAD,
    TRANSFER_OPEN,
    ToldBy,
    TransferGround,
    TransferStatus,
)

if TYPE_CHECKING:
    from typing import Self


class FacilityTransferQuerySet(models.QuerySet["FacilityTransfer"]):
    def visible_to(self, user: User) -> "Self":
        """Those of the people he sees; of his own facility, also those who come and those who went."""
        of_his_people = Q(case__in=Case.objects.visible_to(user))
        coming = Q(approved_at__isnull=False)
        match user.reach:
            case Reach.FACILITY:
                own = user.facility
                return self.filter(
                    of_his_people | Q(from_facility=own) | coming & Q(to_facility=own)
                )
            case Reach.PROVINCE:
                bureau = user.bureau
                sent = Q(from_facility__province=bureau) | Q(from_facility__bureau=bureau)
                awaited = Q(to_facility__province=bureau) | Q(to_facility__bureau=bureau)
                return self.filter(of_his_people | sent | coming & awaited)
        return self.filter(of_his_people)

    def open(self) -> "Self":
        return self.filter(status__in=TRANSFER_OPEN)

    def on_the_road(self) -> "Self":
        """Left one facility, and neither received nor taken back."""
        return self.filter(status__in=ON_THE_ROAD)

    def coming_to(self, facility: Facility) -> "Self":
        """On the road to it, or back to it."""
        return self.filter(
            Q(status=TransferStatus.DEPARTED, to_facility=facility)
            | Q(status=TransferStatus.SENT_BACK, from_facility=facility)
        )

    def left_before(self, moment: datetime) -> "Self":
        return self.filter(departed_at__lt=moment)


class FacilityTransfer(Keyed):
    """转所：asked for by one, approved by another; handed over at one gate, received at the other.

    The case stays with the sending facility until the other signs; the row is all that the other sees before.
    """

    case = models.ForeignKey("rehab.Case", models.PROTECT, related_name="transfers")
    from_facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="+", verbose_name="移交场所"
    )
    to_facility = models.ForeignKey(
        Facility, models.PROTECT, related_name="+", verbose_name="接收场所"
    )
    stage = models.CharField("所在的期", max_length=2, choices=Stage)
    ground = models.CharField("事由", max_length=12, choices=TransferGround)
    note = SealedField("说明", null=True)
    planned_on = models.DateField("计划移交日期")
    status = models.CharField("状态", max_length=10, choices=TransferStatus)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("提请时间")
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField("审批时间", null=True)
    departed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    departed_at = models.DateTimeField("移交时间", null=True)
    escorts = SealedField("押送民警", null=True)
    papers = models.PositiveSmallIntegerField("档案材料", null=True)
    belongings = models.PositiveSmallIntegerField("代管物品", null=True)
    medicines = models.PositiveSmallIntegerField("药品", null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")
    received_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField("接收时间", null=True)
    received_counts = models.JSONField("实收件数", null=True)
    differences = SealedField("差异", null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField("退回、撤回或者终止时间", null=True)
    reason = SealedField("理由", null=True)
    family_told_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    family_told_at = models.DateTimeField("告知家属时间", null=True)
    family_means = models.CharField("告知方式", max_length=10, choices=ToldBy, blank=True)
    family_who = SealedField("被告知的家属", null=True)

    who: Case | None = None  # set by `selectors.transfers.named` for the pages

    objects = FacilityTransferQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"note", "escorts", "differences", "reason", "family_who"})
        open = frozenset(
            {
                "id", "case", "from_facility", "to_facility", "stage", "ground", "planned_on",
                "status", "proposed_by", "proposed_at", "approved_by", "approved_at", "departed_by",
                "departed_at", "papers", "belongings", "medicines", "document", "received_by",
                "received_at", "received_counts", "ended_by", "ended_at", "family_told_by",
                "family_told_at", "family_means",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "转所"
        indexes = [
            models.Index(fields=["to_facility", "status"], name="transfer_by_receiver"),
            models.Index(fields=["from_facility", "status"], name="transfer_by_sender"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(status__in=[status.value for status in sorted(TRANSFER_OPEN)]),
                name="one_open_transfer_per_case",
            ),
            models.CheckConstraint(
                condition=~Q(from_facility=F("to_facility")), name="transfer_leaves_its_facility"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                & ~Q(approved_by=F("proposed_by")),
                name="two_people_ask_for_a_transfer",
            ),
            models.CheckConstraint(
                condition=Q(departed_by__isnull=True, departed_at__isnull=True)
                | Q(
                    approved_at__isnull=False,
                    departed_by__isnull=False,
                    departed_at__isnull=False,
                    escorts__isnull=False,
                    papers__isnull=False,
                    belongings__isnull=False,
                    medicines__isnull=False,
                    document__isnull=False,
                ),
                name="transfer_leaves_under_a_signature_and_a_sheet",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["received", "taken_back"],
                    departed_at__isnull=False,
                    received_by__isnull=False,
                    received_at__isnull=False,
                    received_counts__isnull=False,
                )
                | (
                    ~Q(status__in=["received", "taken_back"])
                    & Q(received_by__isnull=True, received_at__isnull=True)
                ),
                name="transfer_arrives_under_a_signature",
            ),
            models.CheckConstraint(
                condition=~Q(status="received") | ~Q(received_by=F("departed_by")),
                name="who_hands_over_does_not_receive",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", approved_at__isnull=True)
                | Q(status="approved", approved_at__isnull=False, departed_at__isnull=True)
                | Q(status__in=["departed", "sent_back"], departed_at__isnull=False)
                | ~Q(status__in=["proposed", "approved", "departed", "sent_back"]),
                name="transfer_stands_where_it_was_signed_to",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returned", "withdrawn", "sent_back", "ended"])
                | Q(ended_by__isnull=False, ended_at__isnull=False, reason__isnull=False),
                name="transfer_that_failed_says_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(family_told_by__isnull=True, family_told_at__isnull=True)
                | Q(
                    status="received",
                    family_told_by__isnull=False,
                    family_told_at__isnull=False,
                    family_who__isnull=False,
                ),
                name="a_family_is_told_of_where_he_is",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_facility} → {self.to_facility}"

    def get_absolute_url(self) -> str:
        return reverse("zones:transfer-detail", args=[self.pk])

"""延长、提前解除决定书: what the deciding organ decided of a term, served, and who confirmed that it stands here."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.people import Case
from rehab.sealed import SealedField
from rehab.states import ProposalStatus, TermDecisionKind

if TYPE_CHECKING:
    from typing import Self


class TermDecisionQuerySet(models.QuerySet["TermDecision"]):
    def visible_to(self, user: User) -> "Self":
        return self.filter(case__in=Case.objects.visible_to(user))

    def standing(self) -> "Self":
        """Those that move the last day: confirmed, and not taken back as wrongly recorded."""
        return self.filter(status=ProposalStatus.CONFIRMED, undone_at__isnull=True)

    def proposed(self) -> "Self":
        """Recorded, and not yet confirmed, in a case that goes on: no term moves once it has ended."""
        return self.filter(status=ProposalStatus.PROPOSED, case__ended_at__isnull=True)

    def waiting(self) -> "Self":
        """Those that somebody else must decide: the decision itself, or that it was recorded wrongly."""
        return self.filter(
            Q(status=ProposalStatus.PROPOSED)
            | Q(undo_proposed_at__isnull=False, undone_at__isnull=True),
            case__ended_at__isnull=True,
        )


class TermDecision(Keyed):
    """期限决定: recorded by one officer once it is served, confirmed by another. 禁毒法第四十七条."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="term_decisions")
    kind = models.CharField("种类", max_length=15, choices=TermDecisionKind)
    number = SealedField("决定书文号")
    number_index = models.CharField(max_length=64)
    authority = models.CharField("决定机关", max_length=60)
    decided_on = models.DateField("决定日期")
    received_on = models.DateField("收到日期")
    served_on = models.DateField("送达日期")
    months = models.PositiveSmallIntegerField("延长月数", null=True)
    ends_on = models.DateField("提前解除的期满日", null=True)
    service = SealedField("送达情况", kind="json")
    status = models.CharField("状态", max_length=10, choices=ProposalStatus)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("登记时间")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField("处理时间", null=True)
    return_reason = SealedField("退回或者撤回的理由", null=True)
    undo_reason = SealedField("撤销理由", null=True)
    undo_proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undo_proposed_at = models.DateTimeField("提请撤销时间", null=True)
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField("撤销时间", null=True)

    objects = TermDecisionQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"number", "service", "return_reason", "undo_reason"})
        masked = frozenset({"number_index"})
        open = frozenset(
            {
                "id", "case", "kind", "authority", "decided_on", "received_on", "served_on",
                "months", "ends_on", "status", "proposed_by", "proposed_at", "decided_by",
                "decided_at", "undo_proposed_by", "undo_proposed_at", "undone_by", "undone_at",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "期限决定"
        indexes = [
            models.Index(fields=["case", "-proposed_at"], name="term_decision_by_case"),
            models.Index(fields=["status", "-proposed_at"], name="term_decision_by_status"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number_index"],
                condition=Q(status__in=["proposed", "confirmed"], undone_at__isnull=True),
                name="a_term_decision_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="extension", months__gte=1, months__lte=12, ends_on__isnull=True)
                | Q(kind="early_release", months__isnull=True, ends_on__isnull=False),
                name="a_term_decision_says_what_it_moves",
            ),
            models.CheckConstraint(
                condition=Q(served_on__gte=F("decided_on"), received_on__gte=F("decided_on")),
                name="a_term_decision_is_served_after_it_is_made",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", decided_by__isnull=True, decided_at__isnull=True)
                | Q(
                    status__in=["confirmed", "returned"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                )
                | Q(status="withdrawn", decided_by__isnull=True, decided_at__isnull=False),
                name="a_decided_term_decision_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="two_people_record_a_term_decision",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["returned", "withdrawn"]) | Q(return_reason__isnull=False),
                name="a_returned_term_decision_says_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    undo_proposed_by__isnull=True,
                    undo_proposed_at__isnull=True,
                    undo_reason__isnull=True,
                )
                | Q(
                    status="confirmed",
                    undo_proposed_by__isnull=False,
                    undo_proposed_at__isnull=False,
                    undo_reason__isnull=False,
                ),
                name="only_a_confirmed_term_decision_is_undone",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(
                    undone_by__isnull=False,
                    undone_at__isnull=False,
                    undo_proposed_by__isnull=False,
                )
                & ~Q(undone_by=F("undo_proposed_by")),
                name="two_people_undo_a_term_decision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return reverse("aftercare:term-decision-detail", args=[self.pk])

    @property
    def is_undone(self) -> bool:
        return self.undone_at is not None

    @property
    def undo_waits(self) -> bool:
        """Whether somebody proposed that it was recorded wrongly, and nobody decided that yet."""
        return self.undo_proposed_at is not None and self.undone_at is None

    @property
    def waits(self) -> bool:
        """Whether it waits for somebody else, in whichever of the two questions."""
        return self.status == ProposalStatus.PROPOSED or self.undo_waits

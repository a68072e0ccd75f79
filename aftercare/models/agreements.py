"""后续照管: the agreement that may follow a release, the contacts it promises, and how far apart they are."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from aftercare.states import IN_FORCE, AgreementStatus, Manner
from rehab.models import Bureau, Case, Document, Station, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField
from rehab.states import Reach


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User) -> "AgreementQuerySet":
        """Of whom a station was only asked, it sees the offer, and nothing of what ran before."""
        seen = self.filter(case__in=Case.objects.visible_to(user))
        if user.reach != Reach.STATION:
            return seen
        signed = Q(case__station_sees_until__isnull=False)
        return seen.filter(signed | Q(status=AgreementStatus.OFFERED))

    def offered(self) -> "AgreementQuerySet":
        return self.filter(status=AgreementStatus.OFFERED)

    def in_force(self, *, on: date) -> "AgreementQuerySet":
        """Signed, not withdrawn, and not yet ended; a renewed one runs to its end."""
        return self.filter(status__in=IN_FORCE, ends_on__gte=on)

    def latest_links(self) -> "AgreementQuerySet":
        """One row per chain: what was renewed is stood for by what renewed it."""
        return self.filter(renewed_by__isnull=True)


class Period(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class Agreement(Keyed):
    """后续照管服务协议：one year at a station, of the person's own will; a renewal is a new row."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="agreements")
    station = models.ForeignKey(Station, models.PROTECT, related_name="agreements")
    status = models.CharField("状态", max_length=10, choices=AgreementStatus)
    offered_at = models.DateTimeField("征询时间")
    offered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField("签订时间", null=True)
    signed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    starts_on = models.DateField("起", null=True)
    ends_on = models.DateField("止", null=True)
    consent_version = models.CharField("同意书版本", max_length=20, blank=True)
    phone = SealedField("联系电话", null=True)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="renewed_by", verbose_name="续签自"
    )
    applied_on = models.DateField("续签申请日期", null=True)
    closed_at = models.DateTimeField("不签或者退出时间", null=True)
    document = models.OneToOneField(Document, models.PROTECT, null=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"phone"})
        open = frozenset(
            {
                "id", "case", "station", "status", "offered_at", "offered_by", "signed_at",
                "signed_by", "starts_on", "ends_on", "consent_version", "renews", "applied_on",
                "closed_at", "document",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "后续照管协议"
        indexes = [models.Index(fields=["station", "status", "ends_on"], name="agreement_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(status="offered"), name="one_open_offer_per_case"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=["offered", "declined"],
                    signed_at__isnull=True,
                    starts_on__isnull=True,
                    ends_on__isnull=True,
                    document__isnull=True,
                )
                | Q(
                    status__in=["signed", "renewed", "withdrawn"],
                    signed_at__isnull=False,
                    starts_on__isnull=False,
                    ends_on__gt=F("starts_on"),
                    document__isnull=False,
                ),
                name="signed_agreement_has_its_year_and_paper",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["declined", "withdrawn"], closed_at__isnull=False)
                | Q(status__in=["offered", "signed", "renewed"], closed_at__isnull=True),
                name="agreement_is_closed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(renews__isnull=True, applied_on__isnull=True)
                | Q(renews__isnull=False, applied_on__isnull=False),
                name="renewal_rests_on_an_application",
            ),
            ExclusionConstraint(
                name="agreements_of_a_case_do_not_overlap",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    (Period("starts_on", "ends_on", models.Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["signed", "renewed"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("aftercare:agreement-detail", args=[self.pk])

    @property
    def first_day(self) -> date:
        """Raises `ValueError` for one that was never signed; so does `last_day`."""
        return _signed(self.starts_on)

    @property
    def last_day(self) -> date:
        return _signed(self.ends_on)


def _signed(day: date | None) -> date:
    if day is None:
        raise ValueError("an agreement that was never signed has no days")
    return day


class Contact(Keyed):
    """照管联系：made or only tried. Not reached means not reached, and nothing else. Append-only."""

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="contacts")
    contacted_at = models.DateTimeField("联系时间")
    manner = models.CharField("方式", max_length=10, choices=Manner)
    reached = models.BooleanField("联系上")
    renewal_discussed = models.BooleanField("已谈续签", default=False)
    note = SealedField("困难与需要", null=True)
    next_on = models.DateField("下次联系")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Privacy:
        sealed = frozenset({"note"})
        open = frozenset(
            {
                "id", "agreement", "contacted_at", "manner", "reached", "renewal_discussed",
                "next_on", "by",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "照管联系"
        indexes = [models.Index(fields=["agreement", "contacted_at"], name="contact_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(renewal_discussed=False) | Q(reached=True),
                name="renewal_is_discussed_with_somebody_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement} {self.get_manner_display()}"


class ContactRule(Keyed):
    """联系间隔：a province's own, in force from a day. Without one, the house's thirty days."""

    province = models.ForeignKey(Bureau, models.PROTECT, related_name="+")
    effective_from = models.DateField("生效日")
    interval_days = models.PositiveSmallIntegerField("间隔日数")
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="设定人")
    set_at = models.DateTimeField("设定时间")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "province", "effective_from", "interval_days", "set_by", "set_at"})

    class Meta:
        verbose_name = "联系间隔"
        constraints = [
            models.UniqueConstraint(
                fields=["province", "effective_from"], name="one_contact_rule_per_province_and_day"
            ),
            models.CheckConstraint(
                condition=Q(interval_days__gte=1), name="contact_interval_is_a_day_or_more"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.province} {self.interval_days} 日"

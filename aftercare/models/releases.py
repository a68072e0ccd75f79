"""解除: the notice before it, and the gate."""

from django.db import models
from django.db.models import F, Q

from aftercare.states import Audience, GateMark
from rehab.models import Case, Document, User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class ReleaseNotice(Keyed):
    """解除通知：given once for a last day; a last day that moves calls for another."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="release_notices")
    release_on = models.DateField("解除日期")
    given_at = models.DateTimeField("发出时间")
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "case", "release_on", "given_at", "given_by"})

    class Meta:
        verbose_name = "解除通知"
        constraints = [
            models.UniqueConstraint(
                fields=["case", "release_on"], name="one_release_notice_per_last_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.release_on} 解除通知"


class ReleaseNoticeCopy(Keyed):
    """The numbered letter to one recipient."""

    notice = models.ForeignKey(ReleaseNotice, models.PROTECT, related_name="copies")
    audience = models.CharField("收件人", max_length=20, choices=Audience)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")

    class Privacy:
        sealed: frozenset[str] = frozenset()
        open = frozenset({"id", "notice", "audience", "document"})

    class Meta:
        verbose_name = "解除通知书"
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "audience"], name="one_release_letter_per_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.get_audience_display()}"


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: User) -> "ReleaseQuerySet":
        return self.filter(case__in=Case.objects.visible_to(user))


class Release(Keyed):
    """解除：the moment of leaving, what was compared at the gate and by whom, and the certificate."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="release")
    released_at = models.DateTimeField("解除时间")
    last_lawful_day = models.DateField("期限最后一日")
    officer = models.ForeignKey(User, models.PROTECT, related_name="+")
    second_officer = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decision_mark = models.CharField("决定书文号", max_length=10, choices=GateMark)
    identity_mark = models.CharField("身份证件号码", max_length=10, choices=GateMark)
    face_mark = models.CharField("人像", max_length=10, choices=GateMark)
    answers = SealedField("说明", kind="json")  # code of the caution → reason given
    certificate = models.OneToOneField(Document, models.PROTECT, related_name="+")

    objects = ReleaseQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"answers"})
        open = frozenset(
            {
                "id", "case", "released_at", "last_lawful_day", "officer", "second_officer",
                "decision_mark", "identity_mark", "face_mark", "certificate",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "解除"
        constraints = [
            models.CheckConstraint(
                condition=Q(second_officer__isnull=True) | ~Q(second_officer=F("officer")),
                name="second_officer_at_the_gate_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} 解除"

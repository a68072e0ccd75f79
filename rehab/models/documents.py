"""文书: what was issued, and served."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from rehab.document_kinds import kinds
from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.events import Subject
from rehab.models.organisation import Facility, Unit
from rehab.models.papers import DocumentMention, DocumentWording
from rehab.models.people import Case
from rehab.sealed import SealedField
from rehab.states import Reach


class DocumentQuerySet(models.QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Documents of cases the user may see, of what his facility turned away, and of several people
        where his 大队 receives them or he sees each of them. Some kinds are opened by few.
        """
        seen = Case.objects.visible_to(user)
        shown = Q(case__in=seen)
        if user.posting is not None and user.reach == Reach.FACILITY:
            shown |= Q(case__isnull=True, facility=user.posting.facility_id)
        if user.posting is not None and user.reach == Reach.UNIT:
            named = DocumentMention.objects.filter(document=OuterRef("pk"))
            shown |= Q(case__isnull=True, unit__in=Unit.objects.of_brigade(user.unit))
            shown |= Q(Exists(named), ~Exists(named.exclude(case__in=seen)), case__isnull=True)
        closed = [one.code for one in kinds().values() if not any(map(user.may, one.opened_by))]
        return self.filter(shown).exclude(template__in=closed)

    def of(self, case: Case) -> "DocumentQuerySet":
        """His own, and those about several people that name him."""
        named = DocumentMention.objects.filter(case=case)
        return self.filter(Q(case=case) | Q(pk__in=named.values("document")))


class Document(Keyed):
    """文书：numbered; the facts it was made from, its bytes and their hash; never edited, only superseded."""

    subject_type = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="documents")
    facility = models.ForeignKey(Facility, models.PROTECT)
    template = models.CharField("文书种类", max_length=40)
    title = models.CharField("名称", max_length=60)
    number = models.CharField("文号", max_length=60)
    facts = SealedField("依据的事实", kind="json")
    body = SealedField("内容", kind="bytes", null=True)  # empty while it waits to be typeset
    sha256 = models.CharField("摘要", max_length=64, blank=True)
    signed_by = models.ForeignKey(User, models.PROTECT)
    made_at = models.DateTimeField("制作时间")
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="superseded_by"
    )
    unit = models.ForeignKey(  # of a document about several people: the 大队 that receives them
        Unit, models.PROTECT, null=True, related_name="+"
    )
    wording = models.ForeignKey(  # the province's; none where the product's own was used
        DocumentWording, models.PROTECT, null=True, related_name="+"
    )

    objects = DocumentQuerySet.as_manager()

    class Privacy:
        sealed = frozenset({"facts", "body"})
        open = frozenset(
            {
                "id", "subject_type", "subject_id", "case", "facility", "template", "title",
                "number", "sha256", "signed_by", "made_at", "supersedes", "unit", "wording",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "文书"
        indexes = [models.Index(fields=["subject_id"], name="document_by_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "number"], name="document_number_once_per_facility"
            ),
            models.CheckConstraint(
                condition=Q(body__isnull=True, sha256="") | Q(body__isnull=False) & ~Q(sha256=""),
                name="document_has_its_hash_with_its_bytes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number}"

    @property
    def is_typeset(self) -> bool:
        """Whether there is something to print; told by the hash, because lists leave the bytes closed."""
        return self.sha256 != ""

    @property
    def pdf(self) -> bytes:
        """What is printed; `TypeError` while it waits to be typeset."""
        return bytes(self.body)  # type: ignore[arg-type]  # a view asks for what is typeset alone


class ServiceOfDocument(Keyed):
    """送达：when, to whom and how a document was served. Append-only."""

    class Manner(models.TextChoices):
        IN_PERSON = "in_person", "直接送达"
        POST = "post", "邮寄"
        ONLINE = "online", "平台送达"
        LEFT = "left", "留置"

    class Recipient(models.TextChoices):
        PERSON = "person", "本人"
        FAMILY = "family", "家属"
        DECIDING_AUTHORITY = "deciding_authority", "决定机关"
        EMPLOYER = "employer", "所在单位"
        POLICE_STATION = "police_station", "公安派出所"
        OTHER = "other", "其他"

    document = models.ForeignKey(Document, models.PROTECT, related_name="services")
    recipient = models.CharField("受送达人", max_length=20, choices=Recipient)
    received_by = SealedField("签收人", null=True)
    manner = models.CharField("方式", max_length=10, choices=Manner)
    served_at = models.DateTimeField("送达时间")
    by = models.ForeignKey(User, models.PROTECT)

    class Privacy:
        sealed = frozenset({"received_by"})
        open = frozenset({"id", "document", "recipient", "manner", "served_at", "by"})

    class Meta:
        verbose_name = "送达"

    def __str__(self) -> str:
        return f"{self.document} {self.get_manner_display()}"

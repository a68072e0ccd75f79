"""What officers type: drafts of what was not sent, and the traces of what was sent once."""

from django.db import models

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.sealed import SealedField


class Draft(Keyed):
    """未提交的表单：one per user and form, so that a session that ends loses nothing typed."""

    user = models.ForeignKey(User, models.PROTECT)
    key = models.CharField(max_length=120)
    body = SealedField(kind="json")
    saved_at = models.DateTimeField()

    class Privacy:
        sealed = frozenset({"body"})
        open = frozenset({"id", "user", "key", "saved_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_user_and_form"),
        ]

    def __str__(self) -> str:
        return self.key


class Submission(Keyed):
    """已提交的表单：the key of a form that led to an act, and where it led; sent again, it leads there."""

    user = models.ForeignKey(User, models.PROTECT)
    key = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer = SealedField(kind="json", null=True)
    sent_at = models.DateTimeField()

    class Privacy:
        sealed = frozenset({"answer"})
        open = frozenset({"id", "user", "key", "digest", "sent_at"})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_submission_per_form_key"),
        ]

    def __str__(self) -> str:
        return str(self.key)

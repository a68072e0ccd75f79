"""已读: who has read what was said to his post."""

from collections.abc import Iterable
from datetime import datetime

from rehab.models import Notice, NoticeRead, User


def mark_read(*, notices: Iterable[Notice], by: User, at: datetime) -> None:
    """标为已读, with what was said of the same deadlines before; reading twice is reading once."""
    read = list(notices)
    read += Notice.objects.replaced_by(read, to=by)
    NoticeRead.objects.bulk_create(
        (NoticeRead(notice=notice, user=by, at=at) for notice in read), ignore_conflicts=True
    )

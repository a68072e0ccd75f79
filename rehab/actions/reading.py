"""已读: who has read what was said to his post."""

from collections.abc import Iterable
from datetime import datetime

from rehab.models import Notice, NoticeRead, User


def mark_read(*, notices: Iterable[Notice], by: User, at: datetime) -> None:
    """标为已读; reading twice is reading once."""
    NoticeRead.objects.bulk_create(
        (NoticeRead(notice=notice, user=by, at=at) for notice in notices), ignore_conflicts=True
    )

"""常用名单: keeping a list under a name, and dropping it."""

from datetime import datetime

from django.db import IntegrityError, transaction

from rehab.models import SavedList, User
from rehab.refusal import Obstacle, Refused

MOST = 50  # lists that one post may keep


def save_list(
    *, name: str, path: str, query: str, shared: bool, by: User, at: datetime
) -> SavedList:
    """保存常用名单. It belongs to the post in which it was made; `shared` shows it to the whole place."""
    posting = by.posting
    if posting is None:
        raise Refused([Obstacle("没有岗位，不能保存常用名单")])
    if SavedList.objects.filter(posting=posting).count() >= MOST:
        raise Refused([Obstacle(f"常用名单最多 {MOST} 个，请先删去不用的")])

    try:
        with transaction.atomic():
            return SavedList.objects.create(
                posting=posting, name=name, path=path, query=query, shared=shared, saved_at=at
            )
    except IntegrityError:  # saved twice at once
        raise Refused([Obstacle(f"已有名为“{name}”的常用名单，请换一个名称")]) from None


def drop_list(*, saved: SavedList, by: User) -> None:
    """删去常用名单; only whoever made it may."""
    if saved.posting.user_id != by.pk:
        raise Refused([Obstacle("只有保存的人可以删去")])

    saved.delete()

"""What `/ui/` shows of lists, on invented people."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import QueryDict

from rehab.columns import Column
from rehab.forms import HouseForm
from rehab.lists import Bulk, Listed, Listing, ordered
from rehab.models import User
from rehab.states import Stage


class ZoneForm(HouseForm):
    """A filter."""

    stage = forms.ChoiceField(
        label="所在区", choices=[("", "全部"), *((s, s.zone_label) for s in Stage)], required=False
    )


@dataclass(frozen=True)
class Resident:
    """A row of a list."""

    pk: int
    name: str
    spoken: str
    number: str
    stage: Stage
    ends_on: date
    mark: int | None

    def __str__(self) -> str:
        return self.name


RESIDENTS = (
    Resident(1, "孙示例", "sun", "SL01-2026-0103", Stage.CONSOLIDATION, date(2027, 11, 30), 92),
    Resident(2, "陈示例", "chen", "SL01-2026-0417", Stage.ADAPTATION, date(2028, 5, 31), 88),
    Resident(3, "古丽示例·艾示例", "gu", "SL01-2026-0288", Stage.REENTRY, date(2026, 12, 4), None),
)
LISTING = Listing(
    title="名单",
    unit="人",
    definition="陈列用的三个虚构人物",
    columns=(
        Column("姓名", lambda one, user: one.name, 14, "name", ("spoken",), opens=True),
        Column("编号", lambda one, user: one.number, 18, "number", ("number",)),
        Column("所在区", lambda one, user: one.stage.zone_label, 14, "zone", ("stage",)),
        Column("期满日", lambda one, user: one.ends_on.isoformat(), 12, "ends", ("ends_on",)),
        Column("得分", lambda one, user: str(one.mark or ""), 8, "mark", ("mark",), number=True),
    ),
    address=lambda one: "#list",
    per_page=2,
)


def lists(user: User, *, at: datetime) -> list[dict[str, Any]]:
    """A list in its states: sorted with a second page, with ticks, filtered to nothing."""

    def listed(words: str, **more: Any) -> Listed:
        asked = QueryDict(words)
        return Listed(
            listing=LISTING, rows=ordered(more.pop("rows", RESIDENTS), LISTING.columns, asked),
            asked=asked, user=user, at=at, path="/ui/", **more,
        )  # fmt: skip

    nobody = ZoneForm({"stage": Stage.DETOX})
    nobody.is_valid()
    read = Bulk("residents", (("标为已读", "/ui/"), ("打印所选", "/ui/")))
    return [
        {"id": "list", "label": "名单：按期满日倒序，共两页", "list": listed("sort=-ends")},
        {"id": "list-ticks", "label": "名单：可以勾选", "list": listed("", bulk=read)},
        {
            "id": "list-empty",
            "label": "名单：筛选后没有人",
            "list": listed("stage=01", rows=(), filters=nobody),
        },
    ]

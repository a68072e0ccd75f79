"""合并人员: two records that may be one human being. Pure: what each says; what will stand, and why not.

The terms stay with their cases: nothing about liberty follows from a merge.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rehab import statutes
from rehab.refusal import Caution, Obstacle
from rehab.rules import particulars
from rehab.rules.days import calendar_days_after, day_of

FIELDS: Mapping[str, str] = {
    "name": "姓名",
    "sex": "性别",
    "birth_date": "出生日期",
    "id_number": "公民身份号码",
    "other_document": "其他证件",
    "ethnicity": "民族",
    "education": "文化程度",
    "household": "户籍所在地",
    "address": "现住址",
    "relatives": "亲属",
}
SEALED = frozenset({"id_number", "other_document", "household", "address", "relatives"})
RIGHTED: Mapping[str, str] = {  # where these differ, one of the two is corrected first, and how
    "sex": "其中一份登记有误的，先由最近收治的所更正",
    # nobody is given a number that the other record bears
    "id_number": "其中一份登记有误的，有误的一份先由最近收治的所更正为“真实号码不明”，再提请合并",
}
SETTLED_BEFORE = frozenset(RIGHTED)
UNDONE_WITHIN = 30  # calendar days after the day of the merge; a working rule of the house

Particulars = Mapping[str, Any]  # by field; None where nothing is known, a birth date as 1990-03-07


@dataclass(frozen=True)
class Stay:
    """One case of either."""

    case: UUID
    facility: str
    duty_phone: str
    entered_at: datetime
    ended_at: datetime | None

    def overlaps(self, other: "Stay") -> bool:
        """Whether both ran at one moment."""
        begun = max(self.entered_at, other.entered_at)
        return all(end is None or begun < end for end in (self.ended_at, other.ended_at))


@dataclass(frozen=True)
class Record:
    """One of the two: what is known of him, and when he was where."""

    person: UUID
    particulars: Particulars
    stays: tuple[Stay, ...]

    @property
    def newest(self) -> Stay:
        return max(self.stays, key=lambda stay: stay.entered_at)

    @property
    def open_stay(self) -> Stay | None:
        return next((stay for stay in self.stays if stay.ended_at is None), None)


def kept_first(one: Record, other: Record) -> tuple[Record, Record]:
    """The one to be kept, and the one it absorbs: who has a number, or was there first, whoever asks."""
    first, second = sorted((one, other), key=_rank)
    return first, second


def _rank(record: Record) -> tuple[bool, datetime, UUID]:
    first = min(stay.entered_at for stay in record.stays)
    return record.particulars["id_number"] is None, first, record.person


def differing(kept: Particulars, absorbed: Particulars) -> tuple[str, ...]:
    """What both say, and not the same: for each one of the two is chosen."""
    return tuple(
        field
        for field in FIELDS
        if kept[field] and absorbed[field] and kept[field] != absorbed[field]
    )


def of_newest(kept: Record, absorbed: Record) -> tuple[str, ...]:
    """What is taken of the absorbed unless somebody chooses: the newest papers say who he is."""
    if kept.newest.entered_at > absorbed.newest.entered_at:
        return ()
    return tuple(one for one in differing(kept.particulars, absorbed.particulars))


def settled(kept: Particulars, absorbed: Particulars, chosen: Collection[str]) -> dict[str, Any]:
    """What will stand: what only one knows stands; where both speak, the kept, or the absorbed where chosen."""
    return {
        field: absorbed[field]
        if not kept[field] or (field in chosen and absorbed[field])
        else kept[field]
        for field in FIELDS
    }


def merge_obstacles(
    kept: Record, absorbed: Record, chosen: Collection[str], *, home: Collection[UUID]
) -> tuple[Obstacle, ...]:
    """Why the two may not be put together so, through one of the cases in `home`."""
    if kept.person == absorbed.person:
        return (Obstacle("两份档案已经是同一个人的，不必合并"),)
    return (
        *_two_people(kept.particulars, absorbed.particulars),
        *_both_open(kept, absorbed, home),
        *_elsewhere((*kept.stays, *absorbed.stays), home),
        *_contradiction(settled(kept.particulars, absorbed.particulars, chosen)),
    )


def _two_people(kept: Particulars, absorbed: Particulars) -> Iterator[Obstacle]:
    for field in sorted(SETTLED_BEFORE & set(differing(kept, absorbed))):
        label = FIELDS[field]
        yield Obstacle(
            f"两份登记的{label}不同，不能认定为同一人；{RIGHTED[field]}",
            statutes.INFORMATION_CORRECTED,
        )


def _both_open(kept: Record, absorbed: Record, home: Collection[UUID]) -> Iterator[Obstacle]:
    open_ones = [stay for stay in (kept.open_stay, absorbed.open_stay) if stay]
    if len(open_ones) < 2:
        return
    other = next((stay for stay in open_ones if stay.case not in home), open_ones[1])
    yield Obstacle(
        f"两份登记都有未结档案，一个人只能有一份，不能合并；请联系{other.facility}值班电话"
        f" {other.duty_phone or '未登记'} 核实，并报决定机关",
        statutes.DELIVERY,
    )


def _elsewhere(stays: Sequence[Stay], home: Collection[UUID]) -> Iterator[Obstacle]:
    """The facility of the newest stay says who he is; the older papers follow."""
    newest = max(stays, key=lambda stay: stay.entered_at)
    if newest.case not in home:
        when = "现在" if newest.ended_at is None else "此后又在"
        yield Obstacle(
            f"此人{when}{newest.facility}收治，请联系其值班电话 {newest.duty_phone or '未登记'}，由该所提请"
        )


def _contradiction(stands: Particulars) -> Iterator[Obstacle]:
    born = stands["birth_date"]
    yield from particulars.identity_obstacles(
        id_number=stands["id_number"],
        sex=stands["sex"],
        birth_date=date.fromisoformat(born) if born else None,
    )


def merge_cautions(kept: Record, absorbed: Record) -> tuple[Caution, ...]:
    """What is to be answered first: nobody is in two places at one time, unless one was never left."""
    pairs = ((one, other) for one in kept.stays for other in absorbed.stays)
    found = next(((one, other) for one, other in pairs if one.overlaps(other)), None)
    if found is None:
        return ()
    one, other = sorted(found, key=lambda stay: stay.entered_at)
    return (
        Caution(
            "overlap",
            f"{one.facility}（{day_of(one.entered_at)} 入所）尚未离所时，{other.facility}"
            f"（{day_of(other.entered_at)} 入所）已收治：同一人不会同时在两处，请说明",
        ),
    )


def unanswered(cautions: Sequence[Caution], answers: Mapping[str, str]) -> tuple[Obstacle, ...]:
    """Each caution that nobody answered."""
    return tuple(
        Obstacle(f"请答复提示“{one.message}”", one.article)
        for one in cautions
        if not answers.get(one.code, "").strip()
    )


def last_day_to_undo(merged_at: datetime) -> date:
    """The last day, in calendar days of business time, on which one press takes them apart again."""
    return calendar_days_after(day_of(merged_at), UNDONE_WITHIN)


def undo_obstacles(*, merged_at: datetime, later: bool, on: date) -> tuple[Obstacle, ...]:
    """Why the two may not be taken apart again; `later` says that the kept one was merged again since."""
    obstacles = []
    last = last_day_to_undo(merged_at)
    if on > last:
        obstacles.append(
            Obstacle(
                f"合并已超过 {UNDONE_WITHIN} 日（至 {last}），不能撤销；确非同一人的，请报省戒毒管理局"
            )
        )
    if later:
        obstacles.append(Obstacle("此后又与另一份登记合并，请先撤销后一次合并"))
    return tuple(obstacles)


def restored(before: Particulars, written: Particulars, now: Particulars) -> dict[str, Any]:
    """What the kept one gets back: each field the merge wrote and nobody has written since."""
    return {field: before[field] for field, value in written.items() if now[field] == value}


def typed_since(written: Particulars, stood: Particulars, now: Particulars) -> tuple[str, ...]:
    """What somebody wrote of the kept one after the merge: it stays with him, and is told of."""
    stands = {**stood, **written}
    return tuple(field for field in FIELDS if now[field] != stands[field])

"""合并人员 as a page tells of it: two records side by side, each as far as the officer may see.

Of a record beyond his reach it says what the match across the nation says: a masked name, whether a field is
known and agrees, and where and when the stays were.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from rehab import scope
from rehab.ledgers import deadlines
from rehab.models import Case, Event, PersonMerge, User
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules import merging as rules
from rehab.rules.identity import mask_name, mask_number
from rehab.rules.merging import Particulars
from rehab.selectors import merging
from rehab.selectors.merging import ABSORBED, KEPT, Pair, Parting
from rehab.states import MergeStatus, Sex

UNKNOWN, KNOWN, SEALED = "未登记", "已登记", "已登记（封存）"
SAME, DIFFERENT, ONE_SIDED = "一致", "不一致", "只有一份登记"
TONES = {SAME: "ok", DIFFERENT: "warn", ONE_SIDED: "mut"}


@dataclass(frozen=True)
class Line:
    """One field: what each says, whether they agree, and what will stand."""

    field: str
    label: str
    kept: str
    absorbed: str
    verdict: str
    stands: str

    @property
    def tone(self) -> str:
        return TONES[self.verdict]


@dataclass(frozen=True)
class Stay:
    """One case on the page; its number and its file only to who sees it."""

    of: str  # KEPT or ABSORBED
    case: Case
    shown: bool


@dataclass(frozen=True)
class Side:
    """Whose record it is, as far as this officer may see."""

    name: str
    within_reach: bool


@dataclass(frozen=True)
class Answered(Caution):
    """A caution, and what the proposer said to it; nothing where it came up since."""

    answer: str = ""


@dataclass(frozen=True)
class Preview:
    """Everything the page of a merge says before, and after, it is done."""

    kept: Side
    absorbed: Side
    lines: tuple[Line, ...]
    stays: tuple[Stay, ...]
    obstacles: tuple[Obstacle, ...] = ()
    cautions: tuple[Caution, ...] = ()
    differing: tuple[str, ...] = ()  # where one of the two is chosen
    suggested: tuple[str, ...] = ()  # of these, what follows the absorbed unless somebody chooses
    parting: Parting | None = None

    @property
    def rows(self) -> list[tuple[Line, None]]:
        """Each line, with nothing to choose."""
        return [(line, None) for line in self.lines]

    @property
    def typed_since(self) -> str:
        """What was written since the merge, in words."""
        return "、".join(rules.FIELDS[one] for one in self.parting.typed) if self.parting else ""


@dataclass(frozen=True)
class Asked:
    """Somebody named beside a case: who it is, and the two side by side; or why nobody is shown."""

    other: UUID | None = None
    preview: Preview | None = None
    obstacles: tuple[Obstacle, ...] = field(default=())


def asked_for(
    case: Case, words: str, *, sent: Mapping[str, str] | None, user: User, on: date
) -> Asked:
    """The person of a case beside whoever has this case number or identity number. The question is kept.

    `sent` says of the fields that differ whose value stands; where it does not, the newest papers do.
    """
    found = merging.known(case.person_id, words=words)
    if found.named is None:
        return Asked(obstacles=(Obstacle("没有这个档案编号或者公民身份号码，请核对后重填"),))
    if found.named == case.person_id:
        return Asked(obstacles=(Obstacle("所填的就是此人自己的编号或者号码，请填写另一份登记的"),))
    with scope.within(found.scope_from(case.facility_id)):
        try:
            pair = merging.pair_of(case.person_id, found.named, home=case.facility_id)
        except Refused as refused:  # merged while the page was on its way
            return Asked(obstacles=refused.obstacles)
        suggested = rules.of_newest(pair.kept, pair.absorbed)
        taken = _taken(suggested, sent or {})
        obstacles = merging.merge_obstacles(pair, taken, on=on)
    return Asked(found.named, _of_pair(pair, taken, user, obstacles=obstacles, suggested=suggested))


def _taken(suggested: Collection[str], sent: Mapping[str, str]) -> list[str]:
    start = {one: ABSORBED if one in suggested else KEPT for one in rules.FIELDS}
    return [one for one in start if sent.get(f"take_{one}", start[one]) == ABSORBED]


def of_merge(merge: PersonMerge, user: User, *, on: date) -> Preview:
    """A merge as it stands: proposed, as it would be done now; else as both stood before it was."""
    places = merging.known(merge.kept_id, merge.absorbed_id)
    with scope.within(places.scope_from(merge.facility_id)):
        if merge.status == MergeStatus.PROPOSED:
            return _proposed(merge, user, on=on)
        return _decided(merge, user, on=on)


@dataclass(frozen=True)
class Moved:
    """A deadline that the merge would move, bring or take away; its case only to who sees it."""

    case: Case | None
    clock: str
    before: datetime | None
    after: datetime | None


def moved(moves: Sequence[deadlines.Move], user: User) -> tuple[Moved, ...]:
    """Whose deadlines would move, as this officer may read it."""
    seen = Case.objects.visible_to(user).in_bulk({move.case for move in moves})
    known = deadlines.clocks()
    return tuple(
        Moved(seen.get(move.case), known[move.clock].label, move.before, move.after)
        for move in moves
    )


def _proposed(merge: PersonMerge, user: User, *, on: date) -> Preview:
    try:
        pair = merging.pair_of(merge.kept_id, merge.absorbed_id, home=merge.facility_id)
    except Refused as refused:
        return _as_stood(merge, _cases_of(merge), user, obstacles=refused.obstacles)
    obstacles = merging.confirmation_obstacles(merge, pair, on=on)
    preview = _of_pair(pair, merge.chosen, user, obstacles=obstacles)
    return replace(preview, cautions=_answered(merge, preview.cautions))


def _answered(merge: PersonMerge, cautions: Sequence[Caution]) -> tuple[Answered, ...]:
    """Each caution with the answer that stands sealed in the record of the proposal."""
    if not cautions:
        return ()
    proposal = merge.case.events.get(kind=Event.Kind.MERGE_PROPOSED, facts__merge=str(merge.pk))
    said: Any = proposal.words
    return tuple(
        Answered(one.code, one.message, one.article, said.get(one.code, "")) for one in cautions
    )


def _decided(merge: PersonMerge, user: User, *, on: date) -> Preview:
    cases = _cases_of(merge)
    if merge.status != MergeStatus.MERGED:
        return _as_stood(merge, cases, user)
    obstacles = merging.undo_obstacles(merge, on=on)
    of_kept = [case for case in cases if case.person_id == merge.kept_id]
    parting = merging.parting(merge, of_kept) if of_kept else None
    return _as_stood(merge, cases, user, obstacles=obstacles, parting=parting)


def _cases_of(merge: PersonMerge) -> list[Case]:
    """Those that either had when the merge was proposed, and those of the kept one since."""
    stood: Any = merge.stood
    of_either = Case.objects.filter(pk__in=stood["cases"]) | Case.objects.filter(
        person=merge.kept_id
    )
    return list(of_either.select_related("person", "facility").order_by("entered_at", "number"))


def _of_pair(pair: Pair, chosen: Collection[str], user: User, **more: Any) -> Preview:
    sides = {stay.case: KEPT for stay in pair.kept.stays}
    sides |= {stay.case: ABSORBED for stay in pair.absorbed.stays}
    return _preview(
        pair.kept.particulars,
        pair.absorbed.particulars,
        [(sides[key], case) for key, case in pair.cases.items()],
        chosen,
        user,
        cautions=merging.merge_cautions(pair),
        **more,
    )


def _as_stood(merge: PersonMerge, cases: Sequence[Case], user: User, **more: Any) -> Preview:
    stood: Any = merge.stood
    sided = [(stood["cases"].get(str(case.pk), KEPT), case) for case in cases]
    return _preview(stood[KEPT], stood[ABSORBED], sided, merge.chosen, user, **more)


def _preview(
    kept: Particulars,
    absorbed: Particulars,
    cases: Sequence[tuple[str, Case]],
    chosen: Collection[str],
    user: User,
    **more: Any,
) -> Preview:
    ours = Case.objects.visible_to(user).filter(pk__in=[case.pk for _, case in cases])
    seen = set(ours.values_list("pk", flat=True))
    reach = {
        side: any(of == side and case.pk in seen for of, case in cases) for side in (KEPT, ABSORBED)
    }
    return Preview(
        kept=_side(kept, within_reach=reach[KEPT]),
        absorbed=_side(absorbed, within_reach=reach[ABSORBED]),
        lines=tuple(_lines(kept, absorbed, chosen, reach)),
        stays=tuple(Stay(of, case, case.pk in seen) for of, case in cases),
        differing=tuple(
            one for one in rules.differing(kept, absorbed) if one not in rules.SETTLED_BEFORE
        ),
        **more,
    )


def _side(known: Particulars, *, within_reach: bool) -> Side:
    return Side(known["name"] if within_reach else mask_name(known["name"]), within_reach)


def _lines(
    kept: Particulars, absorbed: Particulars, chosen: Collection[str], reach: Mapping[str, bool]
) -> Iterator[Line]:
    for one, label in rules.FIELDS.items():
        if not kept[one] and not absorbed[one]:
            continue
        sides = (
            _words(one, kept[one], within_reach=reach[KEPT]),
            _words(one, absorbed[one], within_reach=reach[ABSORBED]),
        )
        yield Line(
            one,
            label,
            *sides,
            verdict=_verdict(kept[one], absorbed[one]),
            stands=_stands(one, kept, absorbed, sides, chosen=one in chosen),
        )


def _stands(
    one: str, kept: Particulars, absorbed: Particulars, sides: tuple[str, str], *, chosen: bool
) -> str:
    """What will stand, in the words of whoever says it; of two that may not be read, which one."""
    if kept[one] == absorbed[one]:
        return sides[0] if sides[1] == KNOWN else sides[1]
    follows_absorbed = not kept[one] or (chosen and bool(absorbed[one]))
    words = sides[follows_absorbed]
    if kept[one] and absorbed[one] and words in (SEALED, KNOWN):
        return "按并入的登记" if follows_absorbed else "按保留的登记"
    return words


def _verdict(kept: Any, absorbed: Any) -> str:
    if not kept or not absorbed:
        return ONE_SIDED
    return SAME if kept == absorbed else DIFFERENT


def _words(one: str, value: Any, *, within_reach: bool) -> str:
    """A value as this officer may read it."""
    if not value:
        return UNKNOWN
    match one:
        case "id_number":
            return mask_number(value) if within_reach else SEALED
        case _ if one in rules.SEALED:
            return SEALED
        case "name":
            return value if within_reach else mask_name(value)
        case "sex":
            return Sex(value).label if within_reach else KNOWN
        case _:
            return str(value) if within_reach else KNOWN

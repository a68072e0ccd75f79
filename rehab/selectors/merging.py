"""Two records that may be one person: where each is known, what both say, and what speaks against a merge.

Most often one of the two is beyond the officer's reach. It is read under a scope of its own, named and only as
wide as the two need; what a page tells of it is drawn in `selectors.merge_pages`.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import F, Q

from rehab import scope
from rehab.models import Case, KeepApart, Person, PersonMerge, User
from rehab.models.merging import PersonMergeQuerySet
from rehab.refusal import Caution, Obstacle, Refused
from rehab.rules import merging as rules
from rehab.rules.identity import NUMBER_LENGTH, clean_number
from rehab.rules.merging import Particulars, Record, Stay
from rehab.sealed import keyed_index
from rehab.selectors import IDENTITY, apart_obstacles
from rehab.selectors.persons import placed
from rehab.states import MERGE_EDGES, MergeStatus

KEPT, ABSORBED = "kept", "absorbed"


@dataclass(frozen=True)
class Known:
    """Where two people have files, and whom a number named."""

    facilities: frozenset[UUID]
    named: UUID | None

    def scope_from(self, home: UUID) -> scope.Scope:
        """Wide enough to read both, and no wider."""
        return scope.system("merge", *sorted({home, *self.facilities}))


def known(*people: UUID, words: str = "") -> Known:
    """Where these people are known, and who has the case number or identity number. Every call is kept."""
    number = clean_number(words)
    by_identity = len(number) == NUMBER_LENGTH and number[:-1].isdigit()
    index = keyed_index(number, purpose=IDENTITY) if by_identity else None
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM rehab_person_places(%s::uuid[], %s, %s)",
            [list(people), "" if by_identity else number, index],
        )
        rows = cursor.fetchall()
    return Known(
        facilities=frozenset(facility for _, _, facility in rows),
        named=next((person for person, named, _ in rows if named), None),
    )


@dataclass(frozen=True)
class Pair:
    """The two records as they stand, and all their cases."""

    kept: Record
    absorbed: Record
    cases: Mapping[UUID, Case]  # with person and facility
    home: frozenset[UUID]  # the cases among them of the facility that proposes
    followers: tuple[UUID, ...]  # records that the absorbed one had absorbed before

    def of(self, person: UUID) -> Person:
        """One of the two, as a row."""
        return next(case.person for case in self.cases.values() if case.person_id == person)

    @property
    def stands(self) -> dict[str, Any]:
        """How both stand, as the merge keeps it."""
        return {
            KEPT: dict(self.kept.particulars),
            ABSORBED: dict(self.absorbed.particulars),
            "cases": {
                str(stay.case): side
                for side, record in ((KEPT, self.kept), (ABSORBED, self.absorbed))
                for stay in record.stays
            },
            "followers": sorted(map(str, self.followers)),
        }


def pair_of(first: UUID, second: UUID, *, home: UUID) -> Pair:
    """Both records, the kept one first, under the scope in force. Raises `Refused` where one is none any more."""
    found = Case.objects.filter(person__in=(first, second)).select_related("person", "facility")
    cases = {case.pk: case for case in found.order_by("entered_at", "number")}
    records = [_record(person, cases.values()) for person in {first, second}]
    if None in records:
        raise Refused([Obstacle("其中一份登记此间已经合并，请刷新页面重新核对")])
    one, *rest = [record for record in records if record]
    kept, absorbed = rules.kept_first(one, rest[0]) if rest else (one, one)
    followers = Person.objects.filter(merged_into=absorbed.person).values_list("pk", flat=True)
    return Pair(
        kept,
        absorbed,
        cases,
        frozenset(key for key, case in cases.items() if case.facility_id == home),
        tuple(followers),
    )


def _record(person: UUID, cases: Collection[Case]) -> Record | None:
    own = [case for case in cases if case.person_id == person]
    if not own:
        return None
    return Record(person, particulars_of(own[0].person), tuple(map(stay_of, own)))


def stay_of(case: Case) -> Stay:
    """A case as the rules read it; `case` with its facility."""
    return Stay(
        case.pk, case.facility.short_name, case.facility.duty_phone, case.entered_at, case.ended_at
    )


def particulars_of(person: Person) -> dict[str, Any]:
    """What is known of somebody, as a record keeps it; None where nothing is."""
    found = {field: getattr(person, field) or None for field in rules.FIELDS}
    return found | {"birth_date": person.birth_date.isoformat() if person.birth_date else None}


def as_fields(particulars: Particulars) -> dict[str, Any]:
    """The same, as the fields of `Person` hold it."""
    found: dict[str, Any] = dict(particulars)
    if found.get("birth_date"):
        found["birth_date"] = date.fromisoformat(found["birth_date"])
    for field in ("ethnicity", "education"):
        if field in found:
            found[field] = found[field] or ""
    return found


# What speaks against it


def merge_obstacles(
    pair: Pair, chosen: Collection[str], *, on: date, own: PersonMerge | None = None
) -> tuple[Obstacle, ...]:
    """Why the two may not be put together so now; `own` is the proposal that is asked about."""
    found = rules.merge_obstacles(pair.kept, pair.absorbed, chosen, home=pair.home)
    if pair.kept.person == pair.absorbed.person:
        return found
    stands = rules.settled(pair.kept.particulars, pair.absorbed.particulars, chosen)
    return (
        *found,
        *_waiting(pair, own),
        *_kept_apart(pair),
        *lodging_obstacles(pair, dict.fromkeys(pair.cases, stands), on=on),
    )


def merge_cautions(pair: Pair) -> tuple[Caution, ...]:
    """What the proposer answers first."""
    if pair.kept.person == pair.absorbed.person:
        return ()
    return rules.merge_cautions(pair.kept, pair.absorbed)


def _waiting(pair: Pair, own: PersonMerge | None) -> tuple[Obstacle, ...]:
    """One proposal at a time for either of the two."""
    either = (pair.kept.person, pair.absorbed.person)
    waiting = PersonMerge.objects.open().filter(Q(kept__in=either) | Q(absorbed__in=either))
    if own is not None:
        waiting = waiting.exclude(pk=own.pk)
    return tuple(
        Obstacle(
            f"{one.facility.short_name}{one.proposed_by.display_name}已提请合并其中一份登记，"
            "尚待确认，请先办结那一件"
        )
        for one in waiting.select_related("facility", "proposed_by")[:1]
    )


def _kept_apart(pair: Pair) -> tuple[Obstacle, ...]:
    """Nobody is kept apart from himself."""
    kept = [pair.cases[stay.case] for stay in pair.kept.stays]
    absorbed = [pair.cases[stay.case] for stay in pair.absorbed.stays]
    if not KeepApart.objects.unended().touching(kept).touching(absorbed).exists():
        return ()
    return (Obstacle("两份登记之间有未终止的分开管理，请大队先核实并终止"),)


def lodging_obstacles(
    pair: Pair, stands: Mapping[UUID, Particulars], *, on: date
) -> tuple[Obstacle, ...]:
    """Why somebody could not stay in his bed as who he would be, by case."""
    for case in pair.cases.values():
        as_he_would_be = as_fields(stands[case.pk])
        if case.ended_at or as_he_would_be["birth_date"] == case.person.birth_date:
            continue
        would_be = Case(person=Person(**as_he_would_be), needs_isolation=case.needs_isolation)
        unfit = [
            reason
            for bed in placed(case).values()
            for reason in apart_obstacles(would_be, bed, on=on)
        ]
        if unfit:
            return (*unfit, Obstacle("按此出生日期不能住现床位，请先更正信息、改住床位"))
    return ()


def step_obstacles(
    merge: PersonMerge, to: MergeStatus, *, by: User, act: str, own_act: bool = False
) -> tuple[Obstacle, ...]:
    """Why this officer may not take this step: it is not its turn, or not his."""
    if (MergeStatus(merge.status), to) not in MERGE_EDGES:
        return (Obstacle(f"此件{merge.get_status_display()}，不能再{act}，请刷新页面查看"),)
    if (merge.proposed_by_id == by.pk) != own_act:
        whose = "只有提请人可以" if own_act else "提请人不得自己"
        return (Obstacle(f"{whose}{act}，请由{'提请人' if own_act else '另一名所领导'}办理"),)
    return ()


def confirmation_obstacles(merge: PersonMerge, pair: Pair, *, on: date) -> tuple[Obstacle, ...]:
    """Why nobody may confirm: what was proposed must still be what stands."""
    if pair.stands != merge.stood:
        return (Obstacle("提请之后其中一份登记有更正或者新的档案，请退回，由提请人重新核对后提请"),)
    return merge_obstacles(pair, merge.chosen, on=on, own=merge)


# Taking them apart


@dataclass(frozen=True)
class Parting:
    """How the two would stand again."""

    back: Mapping[str, Any]  # fields that the kept one gets back
    typed: tuple[str, ...]  # fields written since, which stay with him
    theirs: tuple[Case, ...]  # cases that go back to the absorbed one
    later: tuple[Case, ...]  # cases opened since: whose each is has to be said


def parting(merge: PersonMerge, cases: Collection[Case]) -> Parting:
    """What undoing a merge gives back to each; `cases` are all of the kept one, with him."""
    stood: Any = merge.stood
    now = particulars_of(next(iter(cases)).person)
    return Parting(
        back=rules.restored(stood[KEPT], merge.written or {}, now),
        typed=rules.typed_since(merge.written or {}, stood[KEPT], now),
        theirs=tuple(one for one in cases if stood["cases"].get(str(one.pk)) == ABSORBED),
        later=tuple(one for one in cases if str(one.pk) not in stood["cases"]),
    )


def parting_obstacles(
    merge: PersonMerge, pair: Pair, parting: Parting, later: Mapping[UUID, str], *, on: date
) -> tuple[Obstacle, ...]:
    """Why they may not be parted so: whose each later case is must be said, and all must fit their beds."""
    stood: Any = merge.stood
    unsaid = [one for one in parting.later if later.get(one.pk) not in (KEPT, ABSORBED)]
    if unsaid:
        return tuple(
            Obstacle(f"合并后收治的档案 {one.number} 归哪一份登记还没有选，请选择")
            for one in unsaid
        )
    going = {one.pk for one in parting.theirs}
    going |= {one.pk for one in parting.later if later[one.pk] == ABSORBED}
    stays = {**pair.kept.particulars, **parting.back}
    stands = {key: stood[ABSORBED] if key in going else stays for key in pair.cases}
    return lodging_obstacles(pair, stands, on=on)


def undo_obstacles(merge: PersonMerge, *, on: date) -> tuple[Obstacle, ...]:
    """Why a merge may not be undone now; asked before what came since."""
    if (MergeStatus(merge.status), MergeStatus.UNDONE) not in MERGE_EDGES or not merge.decided_at:
        return (Obstacle(f"此件{merge.get_status_display()}，没有可以撤销的合并"),)
    again = PersonMerge.objects.standing().filter(decided_at__gt=merge.decided_at)
    later = again.filter(Q(kept=merge.kept_id) | Q(absorbed=merge.kept_id))
    return rules.undo_obstacles(merged_at=merge.decided_at, later=later.exists(), on=on)


def merges(user: User) -> PersonMergeQuerySet:
    """Every merge of the user's facility, what waits first, then the newest."""
    found = PersonMerge.objects.visible_to(user).select_related(
        "case__person", "case__facility", "facility", "proposed_by", "decided_by", "undone_by"
    )
    waiting_first: PersonMergeQuerySet = found.order_by(
        F("decided_at").desc(nulls_first=True), "-proposed_at", "pk"
    )
    return waiting_first

"""合并人员: two records of one human being put together by two officers, and taken apart again.

The absorbed row stays as it is and leads to the kept one; cases move; terms stay with their cases. See ADR-0025.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from rehab import clock, scope
from rehab.actions import cases, locks
from rehab.actions.persons import particulars, particulars_since, put_right
from rehab.ledgers import deadlines, events, notices, outbox
from rehab.ledgers.changes import Change
from rehab.ledgers.deadlines import Move
from rehab.ledgers.notices import Post
from rehab.models import Case, Event, Person, PersonMerge, User
from rehab.refusal import Obstacle, Refused
from rehab.rules import merging as rules
from rehab.selectors import merging as selectors
from rehab.selectors.merging import ABSORBED, Pair
from rehab.states import MergeStatus

LEADER, PROPOSER = "facility_leader", "intake_officer"
K = Event.Kind


@transaction.atomic
def propose_merge(
    *,
    case: Case,
    other: UUID,
    chosen: Collection[str] | None,
    reason: str,
    answers: Mapping[str, str],
    by: User,
    at: datetime,
) -> PersonMerge:
    """提请合并: the person of this case and another one are the same human being; a leader confirms it.

    `chosen` are the fields that follow the absorbed record; None leaves them to the newest papers.
    """
    with _both_held(case.person_id, other, home=case.facility_id):
        pair = selectors.pair_of(case.person_id, other, home=case.facility_id)
        taken = rules.of_newest(pair.kept, pair.absorbed) if chosen is None else chosen
        Refused.if_any(
            (
                *selectors.merge_obstacles(pair, taken, on=clock.day_of(at)),
                *rules.unanswered(selectors.merge_cautions(pair), answers),
                *_said(reason, "提请理由"),
            )
        )

        merge = PersonMerge.objects.create(
            facility=case.facility,
            case=case,
            kept_id=pair.kept.person,
            absorbed_id=pair.absorbed.person,
            status=MergeStatus.PROPOSED,
            chosen=[field for field in rules.FIELDS if field in taken],
            stood=pair.stands,
            reason=reason.strip(),
            proposed_by=by,
            proposed_at=at,
        )

        words = {"why": reason.strip(), **_answered(pair, answers)}
        events.record(case, K.MERGE_PROPOSED, by=by, at=at, words=words, merge=str(merge.pk))
        notices.tell(case, K.MERGE_PROPOSED, to=Post(LEADER, case.facility_id), cycle=str(merge.pk))
    outbox.poke()
    return merge


@transaction.atomic
def confirm_merge(*, merge: PersonMerge, by: User, at: datetime) -> PersonMerge:
    """确认合并, never by its proposer: every case of both is the kept one's, and their deadlines follow."""
    with _both_held(merge.kept_id, merge.absorbed_id, home=merge.facility_id):
        merge = _read(merge)
        Refused.if_any(selectors.step_obstacles(merge, MergeStatus.MERGED, by=by, act="确认"))
        pair = selectors.pair_of(merge.kept_id, merge.absorbed_id, home=merge.facility_id)
        Refused.if_any(selectors.confirmation_obstacles(merge, pair, on=clock.day_of(at)))

        changed = _join(merge, pair)
        merge.status, merge.decided_by, merge.decided_at = MergeStatus.MERGED, by, at
        merge.save(update_fields=["status", "decided_by", "decided_at", "written"])

        words = {"why": merge.reason}
        _record(merge, K.MERGED, pair.cases.values(), changed, words=words, by=by, at=at)
    outbox.poke()
    return merge


@transaction.atomic
def foresee_merge(merge: PersonMerge) -> list[Move]:
    """Which open deadlines a confirmation would move: it is tried as it would be done, and taken back."""
    with _both_held(merge.kept_id, merge.absorbed_id, home=merge.facility_id):
        pair = selectors.pair_of(merge.kept_id, merge.absorbed_id, home=merge.facility_id)

        def join() -> None:
            _join(merge, pair)

        return deadlines.foreseen(list(pair.cases.values()), join)


@transaction.atomic
def return_merge(*, merge: PersonMerge, reason: str, by: User, at: datetime) -> PersonMerge:
    """退回合并, with the reason: nothing is put together, and the proposer reads why."""
    case = cases.lock(merge.case)
    merge = _read(merge)

    Refused.if_any(
        (
            *selectors.step_obstacles(merge, MergeStatus.RETURNED, by=by, act="退回"),
            *_said(reason, "退回理由"),
        )
    )

    merge.status, merge.decided_by, merge.decided_at = MergeStatus.RETURNED, by, at
    merge.return_reason = reason.strip()
    merge.save(update_fields=["status", "decided_by", "decided_at", "return_reason"])

    words = {"why": reason.strip()}
    events.record(case, K.MERGE_RETURNED, by=by, at=at, words=words, merge=str(merge.pk))
    notices.tell(case, K.MERGE_RETURNED, to=Post(PROPOSER, case.facility_id), cycle=str(merge.pk))
    outbox.poke()
    return merge


@transaction.atomic
def withdraw_merge(*, merge: PersonMerge, by: User, at: datetime) -> PersonMerge:
    """撤回合并, by its proposer, before anybody decided."""
    case = cases.lock(merge.case)
    merge = _read(merge)

    Refused.if_any(
        selectors.step_obstacles(merge, MergeStatus.WITHDRAWN, by=by, act="撤回", own_act=True)
    )

    merge.status, merge.decided_by, merge.decided_at = MergeStatus.WITHDRAWN, by, at
    merge.save(update_fields=["status", "decided_by", "decided_at"])

    events.record(case, K.MERGE_WITHDRAWN, by=by, at=at, merge=str(merge.pk))
    return merge


@transaction.atomic
def undo_merge(
    *,
    merge: PersonMerge,
    later: Mapping[UUID, str],
    reason: str,
    by: User,
    at: datetime,
) -> PersonMerge:
    """撤销合并, within thirty days: each has again what was his; what was typed since stays with the kept one.

    `later` says of each case opened since whose it is: `KEPT` or `ABSORBED`.
    """
    with _both_held(merge.kept_id, merge.absorbed_id, home=merge.facility_id):
        merge, on = _read(merge), clock.day_of(at)
        Refused.if_any((*selectors.undo_obstacles(merge, on=on), *_said(reason, "撤销理由")))
        pair = selectors.pair_of(merge.kept_id, merge.kept_id, home=merge.facility_id)
        parting = selectors.parting(merge, pair.cases.values())
        Refused.if_any(selectors.parting_obstacles(merge, pair, parting, later, on=on))

        going = [*parting.theirs, *(one for one in parting.later if later[one.pk] == ABSORBED)]
        changed = _part(merge, pair, parting.back, going)
        merge.status, merge.undone_by, merge.undone_at = MergeStatus.UNDONE, by, at
        merge.undo_reason = reason.strip()
        merge.save(update_fields=["status", "undone_by", "undone_at", "undo_reason"])

        words = {"why": reason.strip()}
        _record(merge, K.MERGE_UNDONE, pair.cases.values(), changed, words=words, by=by, at=at)
    outbox.poke()
    return merge


# The beats they share


@contextmanager
def _both_held(first: UUID, second: UUID, *, home: UUID) -> Iterator[None]:
    """Both records and all their cases, locked, under a scope as wide as the two need.

    People first, as admission does, so that nobody is admitted on either meanwhile; then the cases.
    """
    locks.hold(str(first), str(second))
    with scope.within(selectors.known(first, second).scope_from(home)):
        of_either = Case.objects.filter(person__in=(first, second)).values_list("pk", flat=True)
        cases.lock_all(list(of_either))
        yield


def _read(merge: PersonMerge) -> PersonMerge:
    return PersonMerge.objects.select_for_update().get(pk=merge.pk)


def _said(words: str, label: str) -> tuple[Obstacle, ...]:
    return () if words.strip() else (Obstacle(f"“{label}”不能为空，请填写"),)


def _answered(pair: Pair, answers: Mapping[str, str]) -> dict[str, str]:
    return {one.code: answers[one.code].strip() for one in selectors.merge_cautions(pair)}


Changed = dict[UUID, tuple[Change, ...]]  # by case


def _join(merge: PersonMerge, pair: Pair) -> Changed:
    """The absorbed leads to the kept, who has all cases and says what was settled."""
    kept, absorbed = pair.of(merge.kept_id), pair.of(merge.absorbed_id)
    stands = rules.settled(pair.kept.particulars, pair.absorbed.particulars, merge.chosen)
    merge.written = {
        field: value for field, value in stands.items() if value != pair.kept.particulars[field]
    }
    before, others = particulars(kept), particulars(absorbed)

    Person.objects.filter(pk__in=[absorbed.pk, *pair.followers]).update(merged_into=kept)
    put_right(kept, selectors.as_fields(merge.written)).save()
    moved = [case for case in pair.cases.values() if case.person_id == absorbed.pk]
    Case.objects.filter(pk__in=[case.pk for case in moved]).update(person=kept)

    return _changed(pair, kept, before) | _moved(moved, absorbed.pk, others, kept)


def _part(merge: PersonMerge, pair: Pair, back: Mapping[str, Any], going: list[Case]) -> Changed:
    """Each as before: first the cases, by which the other row is seen, then the rows."""
    stood: Any = merge.stood
    kept = pair.of(merge.kept_id)
    absorbed = Person.objects.select_for_update().get(pk=merge.absorbed_id)
    before = particulars(kept)

    Case.objects.filter(pk__in=[case.pk for case in going]).update(person=absorbed)
    put_right(kept, selectors.as_fields(back)).save()
    Person.objects.filter(pk=absorbed.pk).update(merged_into=None)
    Person.objects.filter(pk__in=stood["followers"]).update(merged_into=absorbed)

    gone = {case.pk for case in going}
    stay = {key: one for key, one in _changed(pair, kept, before).items() if key not in gone}
    return stay | _moved(going, kept.pk, before, absorbed)


def _changed(pair: Pair, kept: Person, before: Mapping[str, str | None]) -> Changed:
    """What the cases of the kept one read otherwise since."""
    lines = particulars_since(before, kept)
    return {key: lines for key, case in pair.cases.items() if case.person_id == kept.pk}


def _moved(
    moved: Collection[Case], was: UUID, before: Mapping[str, str | None], now: Person
) -> Changed:
    """What the cases that changed hands read otherwise since, and whose they were."""
    lines = (Change("person", str(was), str(now.pk)), *particulars_since(before, now))
    return {case.pk: lines for case in moved}


def _record(
    merge: PersonMerge,
    kind: Event.Kind,
    of: Collection[Case],
    changed: Changed,
    *,
    words: Mapping[str, str],
    by: User,
    at: datetime,
) -> None:
    """On every file of both, wherever it is; the facilities that keep them are told, and the proposer."""
    events.record_all(
        events.entry(
            case, kind, by=by, at=at, words=words, changes=changed[case.pk], merge=str(merge.pk)
        )
        for case in of
    )
    deadlines.refresh(cases.lock_all([case.pk for case in of]))  # as who they are now
    notices.tell_all(
        notices.word(case, kind, to=Post(role, case.facility_id), cycle=str(merge.pk))
        for case in of
        for role in (LEADER, PROPOSER)
        if case.facility_id != merge.facility_id or (case.pk == merge.case_id and role == PROPOSER)
    )

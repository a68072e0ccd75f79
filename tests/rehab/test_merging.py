"""合并人员: two records put together by two officers, and taken apart again with nothing lost."""

from datetime import timedelta

import pytest

from rehab.actions import cases, merging, persons
from rehab.clock import standing_at
from rehab.ledgers import changes, deadlines
from rehab.models import Case, Deadline, Event, Notice, Person, PersonMerge
from rehab.refusal import Refused
from rehab.selectors.merging import ABSORBED, KEPT
from rehab.states import CaseStatus, MergeStatus
from tests.factories import rehab as make
from tests.factories.merging import (
    BORN,
    LATER,
    LONG_AGO,
    NUMBER,
    confirm,
    finished,
    merged,
    propose,
    undo,
)


def rows(case_keys):
    """The ledger of some cases, without the keys of its rows."""
    kept = Deadline.objects.filter(case__in=case_keys).order_by("case", "clock", "cycle")
    return list(kept.values_list("case", "clock", "cycle", "due_at", "owed_by", "satisfied_at"))


def test_propose_merge(two):
    merge = propose(two)

    assert (merge.status, merge.kept_id, merge.absorbed_id) == (
        MergeStatus.PROPOSED, two.elsewhere.person_id, two.here.person_id,
    )  # fmt: skip
    assert merge.chosen == ["name", "address"]  # of the newest papers
    assert merge.stood[KEPT]["name"] == "示例旧名"
    assert merge.stood["cases"] == {str(two.elsewhere.pk): KEPT, str(two.here.pk): ABSORBED}
    event = two.here.events.get(kind=Event.Kind.MERGE_PROPOSED)
    assert (event.by, event.words, event.facts) == (
        two.proposer, {"why": "指纹一致"}, {"merge": str(merge.pk)},
    )  # fmt: skip
    assert Notice.objects.get(clock="merge_proposed").role_id == "facility_leader"
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_confirm_merge(two):
    merge = merged(two)

    kept = Person.objects.get(pk=two.elsewhere.person_id)
    assert set(Case.objects.values_list("person", flat=True)) == {kept.pk}
    assert (kept.name, kept.name_initials, kept.id_number, kept.address, kept.ethnicity) == (
        "示例新名", "slxm", NUMBER, "示例新址", "回族",
    )  # fmt: skip
    assert kept.other_document == merge.stood[ABSORBED]["other_document"]
    absorbed = Person.objects.get(pk=two.here.person_id)
    assert (absorbed.merged_into, absorbed.name) == (kept, "示例新名")
    assert (merge.status, merge.decided_by, merge.decided_at) == (
        MergeStatus.MERGED, two.leader, LATER,
    )  # fmt: skip


def test_merge_is_told_on_both_files(two):
    merge = merged(two)

    here, there = (one.events.get(kind=Event.Kind.MERGED) for one in (two.here, two.elsewhere))
    assert here.words["why"] == there.words["why"] == "指纹一致"
    assert (here.by, there.by) == (two.leader, two.leader)
    ours = {one.field: (one.was, one.now) for one in changes.told(here)}
    theirs = {one.field: (one.was, one.now) for one in changes.told(there)}
    assert ours["person"] == (str(two.here.person_id), str(two.elsewhere.person_id))
    assert ours["id_number"] == (None, NUMBER)
    assert theirs["name"] == ("示例旧名", "示例新名")
    assert "person" not in theirs
    told = Notice.objects.filter(clock="merged", cycle=str(merge.pk))
    assert set(told.values_list("case", "role")) == {
        (two.here.pk, "intake_officer"),
        (two.elsewhere.pk, "intake_officer"),
        (two.elsewhere.pk, "facility_leader"),
    }


def test_terms_stay_with_their_cases(two):
    before = set(Case.objects.values_list("pk", "status", "ends_on", "entered_at", "ended_at"))

    merge = merged(two)
    assert (
        set(Case.objects.values_list("pk", "status", "ends_on", "entered_at", "ended_at")) == before
    )
    undo(merge, two.leader)

    assert (
        set(Case.objects.values_list("pk", "status", "ends_on", "entered_at", "ended_at")) == before
    )


def test_what_is_chosen_stands(two):
    merged(two, chosen=[])

    kept = Person.objects.get(pk=two.elsewhere.person_id)
    assert (kept.name, kept.address, kept.ethnicity) == ("示例旧名", "示例旧址", "回族")


def test_ledger_is_what_a_rebuild_would_make_it_both_ways(two):
    keys = [two.here.pk, two.elsewhere.pk]
    before = rows(keys)

    merge = merged(two)
    joined = rows(keys)
    drift = deadlines.rebuild(Case.objects.order_by("number"))
    assert (drift.mended, rows(keys)) == (0, joined)

    undo(merge, two.leader)
    assert rows(keys) == before
    assert deadlines.rebuild(Case.objects.order_by("number")).mended == 0


def test_undo_merge_gives_each_back_what_was_his(two):
    before = {one.pk: persons.particulars(one) for one in Person.objects.all()}
    whose = dict(Case.objects.values_list("pk", "person"))

    merge = undo(merged(two), two.leader)

    assert {one.pk: persons.particulars(one) for one in Person.objects.all()} == before
    assert dict(Case.objects.values_list("pk", "person")) == whose
    assert not Person.objects.filter(merged_into__isnull=False).exists()
    assert (merge.status, merge.undone_by, merge.undo_reason) == (
        MergeStatus.UNDONE, two.leader, "不是同一人",
    )  # fmt: skip
    event = two.here.events.get(kind=Event.Kind.MERGE_UNDONE)
    assert {one.field: (one.was, one.now) for one in changes.told(event)}["id_number"] == (
        NUMBER, None,
    )  # fmt: skip


def test_what_was_typed_since_is_not_lost(two):
    merge = merged(two)
    case = Case.objects.get(pk=two.here.pk)
    persons.correct_particulars(
        case=case, corrected={"address": "示例第三址", "household": "示例户籍"}, reason="户口簿",
        bed=None, by=two.proposer, at=LATER,
    )  # fmt: skip

    undo(merge, two.leader)

    kept = Person.objects.get(pk=two.elsewhere.person_id)
    assert (kept.address, kept.household, kept.name) == ("示例第三址", "示例户籍", "示例旧名")
    assert Person.objects.get(pk=two.here.person_id).address == "示例新址"


def test_case_opened_since_goes_to_whom_it_is_said_to(two, facility):
    merge = merged(two)
    cases.close_case(case=Case.objects.get(pk=two.here.pk), to=CaseStatus.RELEASED, at=LATER)
    again = make.case(facility, known_person=two.elsewhere.person_id, entered_at=LATER)

    with pytest.raises(Refused, match="归哪一份登记还没有选"):
        undo(merge, two.leader)
    undo(merge, two.leader, later={again.pk: ABSORBED})

    assert Case.objects.get(pk=again.pk).person_id == two.here.person_id


def test_case_opened_since_may_stay(two, facility):
    merge = merged(two)
    cases.close_case(case=Case.objects.get(pk=two.here.pk), to=CaseStatus.RELEASED, at=LATER)
    again = make.case(facility, known_person=two.elsewhere.person_id, entered_at=LATER)

    undo(merge, two.leader, later={again.pk: KEPT})

    assert Case.objects.get(pk=again.pk).person_id == two.elsewhere.person_id


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        pytest.param(29, False, id="第二十九日"),
        pytest.param(30, False, id="第三十日"),
        pytest.param(31, True, id="第三十一日"),
    ],
)
def test_undo_within_thirty_days(two, days, refused):
    merge, at = merged(two), LATER + timedelta(days=days)

    with standing_at(at):
        if refused:
            with pytest.raises(Refused, match="超过 30 日（至 2026-12-21）"):
                undo(merge, two.leader, at=at)
        else:
            undo(merge, two.leader, at=at)

    assert PersonMerge.objects.get(pk=merge.pk).status == ("merged" if refused else "undone")


def test_merge_after_merge_is_undone_in_turn(two, facility):
    first = merged(two)
    third = finished(
        facility, name="示例又名", birth_date=BORN, entered_at=LONG_AGO - timedelta(days=400)
    )
    second = merging.propose_merge(
        case=Case.objects.get(pk=two.here.pk), other=third.person_id, chosen=None,
        reason="同一人", answers={}, by=two.proposer, at=LATER,
    )  # fmt: skip
    second = merging.confirm_merge(merge=second, by=two.leader, at=LATER + timedelta(hours=1))

    with pytest.raises(Refused, match="请先撤销后一次合并"):
        undo(first, two.leader)
    undo(second, two.leader)
    undo(first, two.leader)

    assert len(set(Case.objects.values_list("person", flat=True))) == 3
    assert not Person.objects.filter(merged_into__isnull=False).exists()


def test_records_absorbed_before_lead_to_the_last(two, facility):
    """He who absorbed somebody is absorbed himself; taken apart again, each has his own."""
    first = finished(
        facility, name="示例又名", birth_date=BORN, entered_at=make.NOON - timedelta(days=400)
    )
    joined = propose(two, case=two.here, other=first.person_id)
    joined = confirm(joined, two.leader)
    assert joined.kept_id == first.person_id
    again = merging.propose_merge(
        case=Case.objects.get(pk=two.here.pk), other=two.elsewhere.person_id, chosen=None,
        reason="同一人", answers={}, by=two.proposer, at=LATER,
    )  # fmt: skip
    again = merging.confirm_merge(merge=again, by=two.leader, at=LATER + timedelta(hours=1))

    leads = dict(Person.objects.values_list("pk", "merged_into"))
    last = two.elsewhere.person_id
    assert leads == {last: None, first.person_id: last, two.here.person_id: last}

    undo(again, two.leader)
    leads = dict(Person.objects.values_list("pk", "merged_into"))
    assert leads == {last: None, first.person_id: None, two.here.person_id: first.person_id}

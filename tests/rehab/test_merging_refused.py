"""合并人员: who may, and why not; what is refused leaves no trace."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from rehab.actions import apart, cases, merging, persons
from rehab.models import Case, Event, Notice, Person, PersonMerge
from rehab.refusal import Refused
from rehab.states import CaseStatus, MergeStatus, Sex
from reporting.person_forms import CorrectionForm
from tests.factories import rehab as make
from tests.factories.merging import (
    BORN,
    LATER,
    NUMBER,
    Two,
    confirm,
    finished,
    merged,
    propose,
    undo,
)


def test_proposer_does_not_confirm(two):
    merge = propose(two)

    with pytest.raises(Refused, match="提请人不得自己确认"):
        confirm(merge, two.proposer)
    with pytest.raises(Refused, match="提请人不得自己退回"):
        merging.return_merge(merge=merge, reason="不同", by=two.proposer, at=LATER)
    with pytest.raises(IntegrityError, match="two_people_merge_records"), transaction.atomic():
        PersonMerge.objects.update(
            status="merged", decided_by=two.proposer, decided_at=LATER, written={}
        )


def test_return_merge(two):
    merge = propose(two)
    with pytest.raises(Refused, match="“退回理由”不能为空"):
        merging.return_merge(merge=merge, reason=" ", by=two.leader, at=LATER)

    merge = merging.return_merge(merge=merge, reason=" 照片不符 ", by=two.leader, at=LATER)

    assert (merge.status, merge.return_reason) == (MergeStatus.RETURNED, "照片不符")
    assert two.here.events.get(kind=Event.Kind.MERGE_RETURNED).words == {"why": "照片不符"}
    assert Notice.objects.get(clock="merge_returned").role_id == "intake_officer"
    assert propose(two).status == MergeStatus.PROPOSED


def test_withdraw_merge(two):
    merge = propose(two)
    with pytest.raises(Refused, match="只有提请人可以撤回"):
        merging.withdraw_merge(merge=merge, by=two.leader, at=LATER)

    merge = merging.withdraw_merge(merge=merge, by=two.proposer, at=LATER)

    assert merge.status == MergeStatus.WITHDRAWN
    assert two.here.events.filter(kind=Event.Kind.MERGE_WITHDRAWN).count() == 1
    with pytest.raises(Refused, match="此件撤回，不能再确认"):
        confirm(merge, two.leader)
    with pytest.raises(Refused, match="没有可以撤销的合并"):
        undo(merge, two.leader)


def refused_without_trace(two, said, **how):
    events = Event.objects.count()
    with pytest.raises(Refused, match=said):
        propose(two, **how)
    assert Event.objects.count() == events
    assert not PersonMerge.objects.exists()


def test_reason_is_asked_for(two):
    refused_without_trace(two, "“提请理由”不能为空", reason=" ")


def test_one_is_no_two(two):
    refused_without_trace(two, "已经是同一个人", other=two.here.person_id)


def test_two_numbers_are_two_people(two, facility):
    other = finished(facility, name="示例又名", id_number="110101199003070054", birth_date=BORN)
    with pytest.raises(
        Refused, match=r"两份登记的公民身份号码不同.*更正为“真实号码不明”，再提请合并"
    ):
        propose(two, case=other, other=two.elsewhere.person_id)


def test_mistyped_number_is_taken_out_before_the_two_are_merged(two, facility):
    """The true one is the other record's, and nobody is given it: the refusal says the way that leads on."""
    other = finished(
        facility, name="示例又名", id_number="110101199003070054", birth_date=BORN,
        entered_at=make.NOON - timedelta(days=300), days=100,
    )  # fmt: skip

    def corrected(number):
        persons.correct_particulars(
            case=other, corrected={"id_number": number}, reason="户口簿", bed=None,
            by=two.proposer, at=make.NOON,
        )  # fmt: skip

    with pytest.raises(Refused, match=r"已登记在示例所T02收治过的.*名下"):
        corrected(NUMBER)
    with pytest.raises(Refused) as refused:
        propose(two, case=other)
    way_out = CorrectionForm.base_fields["no_number"].label.rpartition("，")[2]
    assert f"更正为“{way_out}”，再提请合并" in str(refused.value)
    corrected(None)

    merge = propose(two, case=other)
    assert merge.kept_id == two.elsewhere.person_id


def test_two_sexes_are_two_people(two, facility):
    other = make.case(facility, person=make.person_facts(sex=Sex.FEMALE, birth_date=BORN))

    with pytest.raises(Refused, match="两份登记的性别不同"):
        propose(two, case=other)


def test_two_open_cases_are_not_merged(two, elsewhere):
    other = make.case(elsewhere, person=make.person_facts(name="示例新名", birth_date=BORN))

    with pytest.raises(
        Refused, match=r"都有未结档案.*请联系示T02值班电话 0000-0000000 核实.*第四十一条"
    ):
        propose(two, other=other.person_id, answers={"overlap": "冒名"})


def test_facility_of_the_newest_stay_proposes(two, elsewhere):
    newer = finished(
        elsewhere, name="示例新名", birth_date=BORN, entered_at=make.NOON + timedelta(minutes=1)
    )
    refused_without_trace(
        two, r"此后又在示T02收治.*由该所提请", other=newer.person_id, answers={"overlap": "冒名"}
    )


def test_stays_at_one_time_are_explained(two, elsewhere):
    same_time = finished(
        elsewhere, name="示例新名", birth_date=BORN, entered_at=make.NOON - timedelta(days=100)
    )
    refused_without_trace(two, "同一人不会同时在两处", other=same_time.person_id)

    merge = propose(two, other=same_time.person_id, answers={"overlap": " 冒名 "})

    said = two.here.events.get(kind=Event.Kind.MERGE_PROPOSED).words
    assert said == {"why": "指纹一致", "overlap": "冒名"}
    assert merge.status == MergeStatus.PROPOSED


def test_one_proposal_at_a_time_for_either(two):
    propose(two)

    with pytest.raises(Refused, match="已提请合并其中一份登记，尚待确认"):
        propose(two)


def test_nobody_is_kept_apart_from_himself(two, facility):
    other = make.case(facility, person=make.person_facts(name="示例又名", birth_date=BORN))
    apart.keep_apart(
        case=two.here, other=other, kind="conflict", distance="room", reason="打架", until=None,
        by=two.leader, at=make.NOON,
    )  # fmt: skip
    cases.close_case(case=other, to=CaseStatus.RELEASED, at=make.NOON + timedelta(minutes=1))

    with pytest.raises(Refused, match="未终止的分开管理"):
        propose(two, other=other.person_id, answers={"overlap": "冒名"})


def test_birth_date_that_leaves_him_without_a_bed(facility, elsewhere):
    minor = date(2010, 1, 1)
    was = finished(elsewhere, name="示例某", birth_date=minor)
    here = make.case(facility, person=make.person_facts(name="示例某", birth_date=BORN))
    officer = make.officer("intake_officer", facility)
    two = Two(here, was, officer, make.officer("facility_leader", facility))

    refused_without_trace(two, r"成年人房间.*按此出生日期不能住现床位", chosen=[])
    assert propose(two).chosen == ["birth_date", "other_document"]


def test_number_contradicts_the_chosen_birth_date(two, facility):
    slip = make.case(
        facility, person=make.person_facts(name="示例新名", birth_date=date(1990, 7, 3))
    )

    with pytest.raises(Refused, match="“出生日期”与公民身份号码不符"):
        propose(two, case=slip)
    assert propose(two, case=slip, chosen=["name"]).chosen == ["name"]


def test_what_changed_since_the_proposal_is_proposed_anew(two):
    merge = propose(two)
    persons.correct_particulars(
        case=two.here, corrected={"name": "示例改名"}, reason="户口簿", bed=None,
        by=two.proposer, at=make.NOON,
    )  # fmt: skip

    with pytest.raises(Refused, match="提请之后其中一份登记有更正"):
        confirm(merge, two.leader)


def test_merged_elsewhere_meanwhile(two, facility):
    """The other of the pair was absorbed by a third while this proposal waited."""
    merge = propose(two)
    Person.objects.filter(pk=two.elsewhere.person_id).update(merged_into=two.here.person_id)
    Case.objects.filter(pk=two.elsewhere.pk).update(person=two.here.person_id)

    with pytest.raises(Refused, match="此间已经合并"):
        confirm(merge, two.leader)
    with pytest.raises(Refused, match="此间已经合并"):
        propose(two)


def test_undo_wants_a_reason(two):
    merge = merged(two)

    with pytest.raises(Refused, match="“撤销理由”不能为空"):
        undo(merge, two.leader, reason=" ")

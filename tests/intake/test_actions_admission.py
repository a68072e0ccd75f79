from dataclasses import replace
from datetime import date, timedelta

import pytest

from intake import actions
from intake.models import Admission, Arrival
from intake.rules.gate import Checks
from intake.rules.grounds import Ground
from intake.selectors import arrivals
from intake.states import UNDECIDED, ArrivalStatus
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.ledgers import events
from rehab.models import Bed, Case, Deadline, Document, Event, MatchCall, Notice, Person
from rehab.refusal import Refused
from rehab.rules.identity import check_digit
from rehab.states import CaseStatus, Sex, Stage
from tests.factories import intake as door
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


def number_of(serial: int, *, sex: Sex = Sex.MALE) -> str:
    """A valid citizen number of an area that no roster uses, born 1990-01-01."""
    head = f"99999919900101{serial * 2 + (sex == Sex.MALE):03d}"
    return head + check_digit(head)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


def traces() -> tuple[int, ...]:
    """How many rows an admission would leave; postings of the officers of a test do not count."""
    acts = Event.objects.exclude(kind=Event.Kind.POSTED).count()
    models = (Case, Person, Admission, Deadline, Document, Notice)
    return (acts, *(model.objects.count() for model in models))


def test_admit(facility):
    arrival = door.arrival(facility)

    case = door.admit(arrival)

    arrival.refresh_from_db()
    assert arrival.status == ArrivalStatus.ADMITTED
    assert Admission.objects.get(case=case).arrival == arrival
    assert case.person.name == arrival.name
    assert case.person.invented
    assert case.zone.stage == Stage.DETOX
    assert Document.objects.get(case=case).template == "admission_receipt"
    assert Deadline.objects.filter(case=case, clock__startswith="intake.").count() == 6
    told = Notice.objects.filter(case=case, clock__startswith="intake.")
    assert {"clinician", "zone_officer"} < set(told.values_list("role", flat=True))


def test_admit_records_who_searched_and_what_was_answered(facility):
    arrival = door.arrival(facility, relative_name="")

    case = door.admit(arrival, answers={"nobody_to_notify": "本人不愿提供"})

    event = Event.objects.get(case=case, kind=Event.Kind.ADMITTED)
    admission = Admission.objects.get(case=case)
    assert event.facts["answered"] == ["nobody_to_notify"]
    assert event.words == {"nobody_to_notify": "本人不愿提供"}
    assert event.facts["searchers"] == [
        str(admission.searched_by_id), str(admission.searched_with_id),
    ]  # fmt: skip
    assert case.person.relatives == []


def test_admit_without_a_search_leaves_nobody_named(facility):
    arrival = door.arrival(facility)
    officer = make.officer("intake_officer", facility)

    case = actions.admit(
        arrival=arrival,
        papers=arrivals.papers_of(arrival),
        checks=door.ALL_DONE,
        searchers=[],
        bed=make.free_bed(make.unit(facility, Stage.DETOX)),
        known_person=None,
        answers={"not_searched": "女民警未到，检查后补登"},
        by=officer,
        at=make.NOON,
    )

    assert case.admission.searched_by is None
    assert case.admission.searched_with is None


@pytest.mark.parametrize("status", sorted(UNDECIDED))
def test_admit_from_every_undecided_status(facility, status):
    arrival = door.arrival(facility)
    if status == ArrivalStatus.DEFERRED:
        officer = make.officer("intake_officer", facility)
        actions.defer_arrival(arrival=arrival, reason="缺决定书", by=officer, at=make.NOON)

    case = door.admit(arrival)

    arrival.refresh_from_db()
    assert case.status == CaseStatus.IN_FACILITY
    assert (arrival.status, arrival.reason) == (ArrivalStatus.ADMITTED, None)


@pytest.mark.parametrize("status", sorted(set(ArrivalStatus) - UNDECIDED))
def test_admit_refused_once_decided(facility, status):
    arrival = door.arrival(facility)
    officer = make.officer("intake_officer", facility)
    if status == ArrivalStatus.ADMITTED:
        door.admit(arrival, by=officer)
    else:
        actions.refuse_arrival(
            arrival=arrival, grounds=[Ground.NO_DECISION], explanation="", by=officer, at=make.NOON
        )
    before = traces()

    with pytest.raises(Refused) as refused:
        door.admit(arrival, at=make.NOON + timedelta(minutes=3))

    assert f"{officer.display_name} 3 分钟前" in str(refused.value)
    assert traces() == before


def refusal(arrival, **changed):
    before = traces()
    with pytest.raises(Refused) as refused:
        door.admit(arrival, **changed)
    arrival.refresh_from_db()
    assert arrival.status == ArrivalStatus.EXPECTED
    assert traces() == before  # no trace
    return str(refused.value)


def test_two_police_officers_search(facility):
    """戒毒条例: a teacher is of the house and no police officer."""
    arrival = door.arrival(facility)

    said = refusal(arrival, second=make.officer("educator", facility, police=False))

    assert "没有警号，检查须由民警进行" in said
    assert "不在本所任职" in refusal(
        arrival, second=make.officer("intake_officer", make.facility("T02"))
    )


def test_admit_refuses_without_decision_and_asks_all_at_once(facility):
    arrival = door.arrival(facility)

    said = refusal(arrival, checks=Checks())

    assert "决定书" in said
    assert "不是同一人" in said
    assert "请答复提示“尚未进行入所健康检查" in said


def test_admit_refuses_the_pregnant(facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)

    assert "怀孕" in refusal(arrival, checks=replace(door.ALL_DONE, pregnant=True))


def test_admit_refuses_a_woman_searched_by_a_man(facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)
    man = make.officer("intake_officer", facility)

    assert "女性工作人员" in refusal(arrival, second=man)


def test_admit_refuses_a_searcher_who_serves_elsewhere(facility):
    stranger = make.officer("intake_officer", make.facility("T02"))

    assert f"检查民警{stranger.display_name}" in refusal(door.arrival(facility), second=stranger)


def test_admit_refuses_a_bed_of_another_facility(facility):
    other = make.facility("T02")

    assert "不在本所" in refusal(
        door.arrival(facility), bed=make.free_bed(make.unit(other, Stage.DETOX))
    )


def test_admit_refuses_a_bed_of_another_zone(facility):
    bed = make.free_bed(make.unit(facility, Stage.REENTRY))

    assert "生理脱毒区" in refusal(door.arrival(facility), bed=bed)


def test_admit_refuses_a_bed_that_is_taken(facility):
    bed = make.free_bed(make.unit(facility, Stage.DETOX))
    door.admit(door.arrival(facility), bed=bed)

    assert "已有人" in refusal(door.arrival(facility), bed=bed)


def test_admit_refuses_a_bed_for_the_other_sex(facility):
    bed = make.free_bed(make.unit(facility, Stage.DETOX), sex=Sex.FEMALE)

    assert "女性房间" in refusal(door.arrival(facility), bed=bed)


def test_admit_refuses_papers_that_lack_the_decision(facility):
    arrival = door.arrival(facility, decision_number="", authority="")

    assert "“决定书文号”没有填写" in refusal(arrival)


def test_admit_refuses_a_decision_carried_out_elsewhere(facility):
    number = "示公（禁）强戒决字〔2026〕77号"
    make.case(make.facility("T02"), decision=make.decision_facts(number=number))
    arrival = door.arrival(facility, decision_number=number.replace("〔", "[").replace("〕", "]"))

    assert "同一决定不能重复接收" in refusal(arrival)


def test_admit_refuses_who_can_only_be_refused(facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)
    Arrival.objects.filter(pk=arrival.pk).update(only_refusable=True)

    assert "只能不予接收" in refusal(arrival)


def test_admit_refuses_an_open_case_elsewhere_and_names_whom_to_call(facility):
    other = make.facility("T02")
    make.case(other, person=make.person_facts(id_number=number_of(1)))
    arrival = door.arrival(facility, id_number=number_of(1))

    said = refusal(arrival)

    assert other.name in said
    assert other.duty_phone in said


def end(case: Case) -> Case:
    return cases.close_case(case=case, to=CaseStatus.RELEASED, at=make.NOON)


def test_a_person_seen_before_gets_a_new_case_on_the_same_person(facility):
    old = end(
        make.case(
            make.facility("T02"),
            person=make.person_facts(name="示例旧人", id_number=number_of(2)),
            entered_at=make.NOON - timedelta(days=900),
        )
    )
    arrival = door.arrival(facility, name="示例旧人", id_number=number_of(2))

    case = door.admit(arrival)

    assert case.person == old.person
    assert case.admission.returning
    assert case.events.get(kind=Event.Kind.ADMITTED).facts["stay"] == 2
    asked = MatchCall.objects.filter(by_number=True).values_list("purpose", "asked", "found")
    assert {("person", 1, 1), ("decision", 1, 0)} <= set(asked)


def test_a_namesake_is_linked_only_when_the_officer_says_so(facility):
    old = end(
        make.case(
            make.facility("T02"),
            person=make.person_facts(name="示例同名", birth_date=date(1990, 1, 1)),
            entered_at=make.NOON - timedelta(days=900),
        )
    )
    facts = {"name": "示例同名", "birth_date": date(1990, 1, 1)}

    apart = door.admit(door.arrival(facility, **facts), answers={"namesake": "照片比对不是同一人"})
    linked = door.admit(
        door.arrival(make.facility("T03"), **facts),
        known_person=old.person_id,
        answers={"namesake": "另一人在第一所在册"},
    )

    assert apart.person != old.person
    assert linked.person == old.person


def test_a_namesake_with_another_number_is_not_linked(facility):
    old = end(
        make.case(
            make.facility("T02"),
            person=make.person_facts(
                name="示例同名", birth_date=date(1990, 1, 1), id_number=number_of(3)
            ),
            entered_at=make.NOON - timedelta(days=900),
        )
    )
    arrival = door.arrival(
        facility, name="示例同名", birth_date=date(1990, 1, 1), id_number=number_of(4)
    )

    assert "号码不同" in refusal(arrival, known_person=old.person_id)


def test_linking_gives_no_sight_of_the_old_file(facility):
    old = end(
        make.case(
            make.facility("T02"),
            person=make.person_facts(name="示例旧人", id_number=number_of(5)),
            entered_at=make.NOON - timedelta(days=900),
        )
    )
    officer = make.officer("intake_officer", facility)
    arrival = door.arrival(facility, name="示例旧人", id_number=number_of(5))
    case = door.admit(arrival, by=officer)

    with scope.within(officer.scope_at(make.NOON)):
        assert list(Case.objects.filter(person=old.person)) == [case]
        assert old not in Case.objects.visible_to(officer)


def test_admit_is_one_with_its_event(facility, monkeypatch):
    arrival = door.arrival(facility)
    before = traces()

    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        door.admit(arrival)

    arrival.refresh_from_db()
    assert arrival.status == ArrivalStatus.EXPECTED
    assert traces() == before
    assert Bed.objects.free().filter(room__unit__facility=facility).count() == 55


def test_defer(facility):
    arrival = door.arrival(facility)
    officer = make.officer("intake_officer", facility)

    actions.defer_arrival(arrival=arrival, reason=" 缺决定书 ", by=officer, at=make.NOON)

    paper = Document.objects.get(subject_id=arrival.pk)
    assert (paper.template, paper.facts["reason"]) == ("deferral", "缺决定书")
    assert paper.facts["phone"] == facility.duty_phone

    arrival.refresh_from_db()
    assert (arrival.status, arrival.reason) == (ArrivalStatus.DEFERRED, "缺决定书")
    assert Event.objects.get(kind=Event.Kind.ARRIVAL_DEFERRED).subject_id == arrival.pk
    assert Notice.objects.get(clock=Event.Kind.ARRIVAL_DEFERRED).role_id == "facility_leader"
    assert arrival in Arrival.objects.undecided()


def test_who_can_only_be_refused_is_not_kept_waiting(facility):
    arrival = door.arrival(facility)
    Arrival.objects.filter(pk=arrival.pk).update(only_refusable=True)

    with pytest.raises(Refused, match="只能不予接收"):
        actions.defer_arrival(
            arrival=arrival,
            reason="缺决定书",
            by=make.officer("intake_officer", facility),
            at=make.NOON,
        )


@pytest.mark.parametrize("again", [False, True], ids=["没有理由", "已暂不接收"])
def test_defer_refused(facility, again):
    arrival = door.arrival(facility)
    officer = make.officer("intake_officer", facility)
    if again:
        actions.defer_arrival(arrival=arrival, reason="缺决定书", by=officer, at=make.NOON)
    before = traces()

    with pytest.raises(Refused):
        actions.defer_arrival(
            arrival=arrival, reason="仍缺" if again else " ", by=officer, at=make.NOON
        )

    assert traces() == before


def test_refuse(facility):
    arrival = door.arrival(facility, sex=Sex.FEMALE.value)
    officer = make.officer("intake_officer", facility)

    actions.refuse_arrival(
        arrival=arrival,
        grounds=[Ground.PREGNANT, Ground.OTHER],
        explanation="移送材料不全",
        by=officer,
        at=make.NOON,
    )

    arrival.refresh_from_db()
    document = Document.objects.get(subject_id=arrival.pk)
    assert arrival.status == ArrivalStatus.REFUSED
    assert "移送材料不全" in arrival.reason
    assert (document.template, document.facility) == ("refusal", facility)
    assert [reason["message"] for reason in document.facts["reasons"]] == [
        "怀孕，不适用强制隔离戒毒",
        "移送材料不全",
    ]
    assert Event.objects.get(kind=Event.Kind.ARRIVAL_REFUSED).facts["grounds"] == [
        "pregnant", "other",
    ]  # fmt: skip


def test_refuse_somebody_of_whom_nothing_is_known(facility):
    """The notice is made all the same."""
    officer = make.officer("intake_officer", facility)
    arrival = door.arrival(
        facility, name="不详", birth_date=None, other_document="", decision_number="", authority=""
    )

    actions.refuse_arrival(
        arrival=arrival, grounds=[Ground.NO_DECISION], explanation="", by=officer, at=make.NOON
    )

    assert Document.objects.get().facts["authority"] == "移送机关"


@pytest.mark.parametrize(
    ("grounds", "why"), [([], "请至少选择一项"), ([Ground.NURSING], "只用于女性")]
)
def test_refuse_refused_without_a_ground(facility, grounds, why):
    arrival = door.arrival(facility, sex=Sex.MALE.value)
    officer = make.officer("intake_officer", facility)
    before = traces()

    with pytest.raises(Refused, match=why):
        actions.refuse_arrival(
            arrival=arrival, grounds=grounds, explanation="", by=officer, at=make.NOON
        )

    assert traces() == before

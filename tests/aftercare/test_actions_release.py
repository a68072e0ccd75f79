"""解除: who leaves, who does not, and what stays written."""

import hashlib
from datetime import date

import pytest
import typst
from django.db import IntegrityError, transaction

from aftercare import actions, clocks, selectors
from aftercare.models import Release, ReleaseNotice, ReleaseNoticeCopy
from aftercare.rules import Gate, Mark, Recipients
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.ledgers import deadlines, documents, events
from rehab.models import Case, Deadline, Document, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.rules.days import end_of
from rehab.states import CaseStatus, Stage
from tests.factories import aftercare as out
from tests.factories import intake as intake_make
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones.states import MoveStatus


def kinds(case):
    return set(Event.objects.filter(case=case).values_list("kind", flat=True))


def test_release(case, intake, leader):
    release = out.release(case, by=intake, second=leader)

    case = Case.objects.get()
    assert case.status == CaseStatus.RELEASED
    assert case.ended_at == out.NOON_OF_LAST_DAY
    assert release.certificate.number == "（示T01）强戒解证〔2028〕1号"
    assert release.certificate.facts["reason"] == "期限届满"
    assert bytes(release.certificate.body).startswith(b"%PDF")
    assert (release.officer, release.second_officer) == (intake, leader)
    assert release.answers == {}
    event = Event.objects.get(kind=Event.Kind.RELEASED)
    assert "aftercare.release_notice" in event.facts["outstanding"]
    assert "term.expiry" not in event.facts["outstanding"]
    assert Deadline.objects.get(case=case, clock="term.expiry").satisfied_at == case.ended_at
    assert not Placement.objects.filter(period__endswith__isnull=True).exists()
    assert not Notice.objects.filter(clock=Event.Kind.GATE_MARK_MISSING).exists()


def test_release_before_the_last_day(case):
    with pytest.raises(Refused, match="还有 1 日"):
        out.release(case, at=make.at(2028, 5, 30, 23, 59))

    assert not Release.objects.exists()
    assert not kinds(case) & {Event.Kind.RELEASED, Event.Kind.GATE_REFUSED}
    assert Case.objects.get().status == CaseStatus.IN_FACILITY


@pytest.mark.parametrize(
    ("moment", "answers"),
    [
        pytest.param(make.at(2028, 5, 31, 0), {}, id="当日零时"),
        pytest.param(make.at(2028, 5, 31, 23, 59), {}, id="当日最后一分钟"),
        pytest.param(make.at(2028, 6, 1, 0), {"overstayed": "示例原因"}, id="次日零时"),
    ],
)
def test_release_on_the_last_day_and_after_it(case, moment, answers):
    out.release(case, at=moment, **answers)

    assert Case.objects.get().status == CaseStatus.RELEASED


def test_release_after_the_last_day_wants_the_reason(case):
    with pytest.raises(Refused, match="已超期 1 日"):
        out.release(case, at=make.at(2028, 6, 1, 0))

    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("decided_on", "end"),
    [
        pytest.param(date(2025, 10, 2), date(2027, 10, 1), id="国庆节"),
        pytest.param(date(2026, 3, 1), date(2028, 2, 29), id="闰日期满"),
        pytest.param(date(2024, 2, 29), date(2026, 2, 28), id="闰日决定"),
    ],
)
def test_release_on_a_holiday_and_a_leap_day(facility, decided_on, end):
    decision = make.decision_facts(
        decided_on=decided_on, printed_starts_on=decided_on, printed_ends_on=end
    )
    entered = make.at(decided_on.year, decided_on.month, 28)
    case = make.case(facility, decision=decision, entered_at=entered)

    out.release(case, at=make.at(end.year, end.month, end.day, 0))

    assert Case.objects.get().status == CaseStatus.RELEASED


@pytest.mark.parametrize("stage", list(Stage), ids=lambda stage: stage.label)
def test_release_from_each_zone(facility, stage):
    zones_make.set_rules()
    crew = zones_make.Crew(facility)
    case = zones_make.walked_to(zones_make.ready(facility), stage, crew)
    assert case.zone.stage == stage

    out.release(case)

    assert Case.objects.get().status == CaseStatus.RELEASED


@pytest.mark.parametrize("way", [zones_make.proposed, zones_make.in_transit])
def test_release_on_the_way_ends_the_move(facility, way):
    zones_make.set_rules()
    case = zones_make.ready(facility)
    move = way(case, zones_make.Crew(facility))

    release = out.release(case)

    move.refresh_from_db()
    assert move.status == MoveStatus.WITHDRAWN
    assert not Placement.objects.filter(period__endswith__isnull=True).exists()
    assert (
        Event.objects.get(kind=Event.Kind.RELEASED).facts["outstanding"][0] == selectors.OPEN_MOVE
    )
    assert release.case.receiving_unit is None


def test_release_from_medical_leave(case, leader):
    cases.grant_medical_leave(case=case, approval="示例批〔2026〕1号", by=leader, at=make.NOON)

    out.release(case)

    assert Case.objects.get().status == CaseStatus.RELEASED


def test_release_of_somebody_held_elsewhere(case):
    Case.objects.update(status=CaseStatus.HELD_ELSEWHERE)

    out.release(case)

    assert Case.objects.get().status == CaseStatus.RELEASED


def test_release_with_papers_outstanding(facility):
    case = intake_make.case(facility)
    owed = {one.code for one in selectors.outstanding(case, moving=False)}
    assert any(code.startswith("intake.") for code in owed)

    out.release(case)

    assert set(Event.objects.get(kind=Event.Kind.RELEASED).facts["outstanding"]) == owed


def test_release_without_agreement_or_notice(case):
    out.release(case)

    assert not ReleaseNotice.objects.exists()
    assert not Deadline.objects.filter(clock="aftercare.release_notice").exists()


@pytest.mark.parametrize(
    "status", [CaseStatus.ESCAPED, CaseStatus.RELEASED, CaseStatus.DIED], ids=lambda s: s.label
)
def test_release_of_whoever_is_not_in_custody(case, status):
    ended = out.NOON_OF_LAST_DAY if status != CaseStatus.ESCAPED else None
    Case.objects.update(status=status, ended_at=ended)

    with pytest.raises(Refused, match=status.label):
        out.release(case)

    assert not Release.objects.exists()


@pytest.mark.parametrize(
    ("gate", "mark"),
    [
        pytest.param({"decision_number": "示公（禁）强戒决字〔2026〕1号"}, "decision", id="文号"),
        pytest.param({"identity_number": "999999"}, "identity", id="证件"),
        pytest.param({"face": Mark.CONTRADICTED}, "face", id="人像"),
    ],
)
def test_a_wrong_person_stays_and_it_is_written_down(case, intake, leader, gate, mark):
    right = out.papers(case)
    wrong = Gate(
        **{
            "decision_number": right.decision_number,
            "identity_number": right.identity_number,
            "face": right.face,
        }
        | gate
    )

    with pytest.raises(actions.WrongPerson):
        actions.release(
            case=case, gate=wrong, second_officer=leader, answers={}, by=intake,
            at=out.NOON_OF_LAST_DAY,
        )  # fmt: skip

    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert not Release.objects.exists()
    assert not Document.objects.exists()
    assert Event.objects.get(kind=Event.Kind.GATE_REFUSED).facts == {"marks": [mark]}
    assert Notice.objects.get(clock=Event.Kind.GATE_REFUSED).role_id == "facility_leader"


def test_a_second_refusal_tells_the_leader_again(case, intake):
    for _ in range(2):
        with pytest.raises(actions.WrongPerson):
            actions.release(
                case=case, gate=Gate(face=Mark.CONTRADICTED), second_officer=None, answers={},
                by=intake, at=out.NOON_OF_LAST_DAY,
            )  # fmt: skip

    assert Event.objects.filter(kind=Event.Kind.GATE_REFUSED).count() == 2
    assert Notice.objects.filter(clock=Event.Kind.GATE_REFUSED).count() == 2


NOTHING = {
    "no_decision": "决定书遗失",
    "no_identity": "证件遗失",
    "no_face": "没有照片",
    "no_second_officer": "夜间一人值守",
}


def test_missing_marks_ask_for_reasons_and_tell_the_leader(case, intake):
    release = actions.release(
        case=case, gate=Gate(), second_officer=None, answers=NOTHING, by=intake,
        at=out.NOON_OF_LAST_DAY,
    )  # fmt: skip

    assert Case.objects.get().status == CaseStatus.RELEASED
    assert release.answers == NOTHING
    assert Event.objects.get(kind=Event.Kind.GATE_MARK_MISSING).facts == {"missing": list(NOTHING)}
    facts = Event.objects.get(kind=Event.Kind.RELEASED).facts
    assert facts["answered"] == list(NOTHING)
    assert Notice.objects.get(clock=Event.Kind.GATE_MARK_MISSING).role_id == "facility_leader"
    assert [line.reason for line in selectors.gate_lines(release)] == list(NOTHING.values())


def test_every_missing_reason_is_asked_for(case, intake):
    answers = NOTHING | {"no_face": "  "}

    with pytest.raises(Refused, match="“人像”没有核验") as refused:
        actions.release(
            case=case, gate=Gate(), second_officer=None, answers=answers, by=intake,
            at=out.NOON_OF_LAST_DAY,
        )  # fmt: skip

    assert len(refused.value.obstacles) == 1
    assert not Event.objects.filter(kind=Event.Kind.GATE_REFUSED).exists()


def test_answers_that_nobody_asked_for_are_not_kept(case):
    release = out.release(case, overstayed="没有超期")

    assert release.answers == {}


def test_the_second_officer_is_another_of_the_same_facility(case, intake):
    stranger = make.officer("facility_leader", make.facility("T02"))
    civilian = make.officer("educator", case.facility, police=False)
    for second in (intake, stranger, civilian):
        with pytest.raises(Refused, match="第二名民警"):
            out.release(case, by=intake, second=second)

    assert not Release.objects.exists()


def test_release_is_atomic(case, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("示例：记录失败")

    monkeypatch.setattr(events, "record", fail)

    with pytest.raises(RuntimeError):
        out.release(case)

    assert Case.objects.get().status == CaseStatus.IN_FACILITY
    assert not Release.objects.exists()
    assert not Document.objects.exists()
    assert Placement.objects.filter(case=case, period__endswith__isnull=True).exists()


# What may not keep anybody --------------------------------------------------------------------


class PanicException(BaseException):
    """As the typesetter's Rust raises it."""


FAULTS = [
    pytest.param(typst.TypstError("示例：版式坏了"), id="版式"),
    pytest.param(OSError("示例：没有字体"), id="字体"),
    pytest.param(PanicException("示例：排版程序崩溃"), id="崩溃"),
]


def breaks(monkeypatch, fault):
    def fail(*args, **kwargs):
        raise fault

    monkeypatch.setattr(typst, "compile", fail)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_broken_typesetter_keeps_nobody(case, intake, monkeypatch, fault):
    breaks(monkeypatch, fault)

    release = out.release(case, by=intake)

    case.refresh_from_db()
    assert case.status == CaseStatus.RELEASED
    certificate = release.certificate
    assert (certificate.number, certificate.is_typeset) == ("（示T01）强戒解证〔2028〕1号", False)
    assert Event.Kind.CERTIFICATE_WAITS in kinds(case)
    assert Notice.objects.get(clock=Event.Kind.CERTIFICATE_WAITS).role_id == "facility_leader"
    owed = Deadline.objects.open().get(case=case, clock="aftercare.certificate")
    assert (owed.owed_by, owed.due_at) == ("intake_officer", end_of(out.LAST_DAY))


def test_a_certificate_is_made_afterwards_as_it_would_have_been(facility, intake, monkeypatch):
    first, second = make.case(facility), make.case(facility)
    with monkeypatch.context() as broken:
        breaks(broken, OSError("示例：没有字体"))
        waiting = out.release(first, by=intake).certificate
    with standing_at(make.at(2028, 6, 2)):
        made = actions.print_certificate(case=first, by=intake, at=make.at(2028, 6, 2))

    printed = Document.objects.get(pk=waiting.pk)
    assert (made.pk, printed.number) == (waiting.pk, "（示T01）强戒解证〔2028〕1号")
    assert printed.facts == {
        **waiting.facts, "stand_ins": [], "check": documents.check_code(printed.facts),
    }  # fmt: skip
    assert bytes(printed.body).startswith(b"%PDF")
    assert printed.sha256 == hashlib.sha256(bytes(printed.body)).hexdigest()
    assert Event.Kind.CERTIFICATE_PRINTED in kinds(first)
    assert not Deadline.objects.filter(clock="aftercare.certificate").exists()
    assert out.release(second, by=intake).certificate.number == "（示T01）强戒解证〔2028〕2号"


def test_a_certificate_that_still_cannot_be_typeset_waits_on(case, intake, monkeypatch):
    breaks(monkeypatch, OSError("示例：没有字体"))
    out.release(case, by=intake)

    with pytest.raises(Refused, match="仍然排不出来"):
        actions.print_certificate(case=case, by=intake, at=out.NOON_OF_LAST_DAY)

    assert Event.Kind.CERTIFICATE_PRINTED not in kinds(case)
    assert Deadline.objects.open().filter(clock="aftercare.certificate").exists()


def test_a_certificate_is_made_once(case, intake):
    out.release(case, by=intake)

    with pytest.raises(Refused, match="没有待打印的证明书"):
        actions.print_certificate(case=case, by=intake, at=out.NOON_OF_LAST_DAY)


def test_no_other_document_waits(case, intake, monkeypatch):
    breaks(monkeypatch, OSError("示例：没有字体"))

    with pytest.raises(OSError, match="没有字体"):
        give(case, intake)

    assert not Document.objects.exists()


def test_a_broken_clock_keeps_nobody(case, intake, monkeypatch, caplog):
    def fail(facts):
        raise RuntimeError("示例：时限算不出来")

    with monkeypatch.context() as broken:
        broken.setattr(clocks, "expected", fail)
        out.release(case, by=intake)

    assert Case.objects.get().status == CaseStatus.RELEASED
    assert "wait for the rebuild" in caplog.text
    assert Deadline.objects.get(case=case, clock="term.expiry").satisfied_at is None
    deadlines.rebuild(Case.objects.all())
    assert Deadline.objects.get(case=case, clock="term.expiry").satisfied_at is not None


def test_the_database_keeps_bytes_and_hash_together(case, intake):
    certificate = out.release(case, by=intake).certificate

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=certificate.pk).update(sha256="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=certificate.pk).update(body=None)


def test_a_name_with_a_rare_character_still_gets_a_certificate(facility):
    case = make.case(facility, person=make.person_facts(name="示例\U00030edd"))

    release = out.release(case)

    assert "〓" in release.certificate.facts["name"]


def test_gate_lines_of_an_overstay(case):
    release = out.release(case, at=make.at(2028, 6, 3), overstayed="示例原因")

    last = selectors.gate_lines(release)[-1]
    assert (last.label, last.result, last.reason) == ("超期", "3 日", "示例原因")


# The notice -----------------------------------------------------------------------------------

EARLY = make.at(2028, 5, 25)


def give(case, by, *, at=EARLY, recipients=None):
    return actions.give_release_notice(case=case, by=by, at=at, recipients=recipients)


def test_give_release_notice(case, intake):
    notice = give(case, intake)

    letters = ReleaseNoticeCopy.objects.select_related("document").order_by("document__number")
    assert [letter.audience for letter in letters] == [
        "deciding_authority",
        "family",
        "police_station",
    ]
    assert [letter.document.facts["recipient"] for letter in letters] == [
        "示例市公安局",
        "家属",
        "户籍所在地派出所",
    ]
    assert letters[0].document.number == "（示T01）强戒解通〔2028〕1号"
    assert notice.release_on == out.LAST_DAY
    assert Event.objects.filter(case=case, kind=Event.Kind.RELEASE_NOTIFIED).count() == 1
    assert Deadline.objects.get(clock="aftercare.release_notice").satisfied_at == EARLY


def test_give_release_notice_to_named_recipients(facility, intake):
    kin = ({"name": "示例父", "relation": "父", "phone": ""},)
    case = make.case(facility, person=make.person_facts(relatives=kin))

    give(case, intake, recipients=Recipients(employer="示例厂", police_station="示例派出所"))

    facts = {
        letter.audience: letter.document.facts["recipient"]
        for letter in ReleaseNoticeCopy.objects.select_related("document")
    }
    assert facts["family"] == "示例父"
    assert facts["employer"] == "示例厂"
    assert facts["police_station"] == "示例派出所"


def test_give_release_notice_twice(case, intake):
    give(case, intake)

    with pytest.raises(Refused, match="通知已发出"):
        give(case, intake)

    assert ReleaseNotice.objects.count() == 1
    assert Document.objects.count() == 3


def test_give_release_notice_too_early(case, intake):
    with pytest.raises(Refused, match="2028-05-01 起可发"):
        give(case, intake, at=make.at(2028, 4, 30))


def test_a_last_day_that_moves_wants_another_notice(case, intake):
    give(case, intake)
    Case.objects.update(ends_on=date(2028, 6, 10), alarm_on=date(2028, 6, 10))

    give(case, intake, at=make.at(2028, 6, 1))

    assert ReleaseNotice.objects.count() == 2


def test_give_release_notice_is_atomic(case, intake, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("示例：记录失败")

    monkeypatch.setattr(events, "record", fail)

    with pytest.raises(RuntimeError):
        give(case, intake)

    assert not ReleaseNotice.objects.exists()
    assert not Document.objects.exists()


def test_notice_from_a_facility_without_a_telephone(case, intake):
    facility = case.facility
    facility.duty_phone = ""
    facility.save(update_fields=["duty_phone"])

    give(case, intake)

    letter = ReleaseNoticeCopy.objects.select_related("document").get(audience="family")
    assert letter.document.facts["phone"] == "见所外公示"

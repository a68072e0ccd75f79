from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from intake import actions, clocks
from intake.models import CompletionItem
from intake.rules.completion import DUTIES
from intake.rules.family import NoNotice, sending_obstacles, silence_obstacles
from intake.selectors import completion
from rehab import scope
from rehab.actions import cases
from rehab.clock import standing_at
from rehab.ledgers import deadlines, events
from rehab.models import Deadline, Document, Event
from rehab.refusal import Refused
from rehab.states import AbsenceKind, CaseStatus, Stage
from tests.factories import absences as away
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.rehab.test_papers import set_wording, worded

pytestmark = pytest.mark.django_db
LATER = make.NOON + timedelta(hours=3)


@pytest.fixture(autouse=True)
def _now():
    with standing_at(LATER), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def case(facility):
    return door.case(facility)


def officer(role, case):
    place = case.unit if role == "zone_officer" else case.facility
    return make.officer(role, place)


def deadline(case, duty):
    return Deadline.objects.get(case=case, clock=clocks.clock_code(duty))


@pytest.mark.parametrize(
    ("duty", "role"),
    [
        ("entry_register", "intake_officer"),
        ("assessment_handbook", "assessor"),
    ],
)
def test_complete_item(case, duty, role):
    by = officer(role, case)

    item = actions.complete_item(
        case=case, duty=duty, note=" 已办 ", done_at=make.NOON, by=by, at=LATER
    )

    assert (item.duty, item.note) == (duty, "已办")
    assert (item.document is None) is (duty != "entry_register")
    assert deadline(case, duty).satisfied_at == make.NOON
    event = Event.objects.get(case=case, kind=Event.Kind.COMPLETED)
    assert (event.facts["duty"], event.happened_at) == (duty, make.NOON)


def test_complete_the_entry_register(case):
    by = officer("intake_officer", case)

    item = actions.complete_item(
        case=case, duty="entry_register", note="", done_at=make.NOON, by=by, at=LATER
    )

    facts = item.document.facts
    assert item.document.template == "entry_register"
    assert item.document.number == f"（{case.facility.short_name}）强戒登〔2026〕1号"
    assert facts["case_number"] == case.number
    assert (facts["times"], facts["injured"]) == ("首次收治", "未见")
    assert facts["relatives"][0]["relation"] == "母亲"
    assert "household" not in facts
    assert deadline(case, "entry_register").satisfied_at == make.NOON


def test_give_rights_notice(case):
    by = officer("zone_officer", case)

    item = actions.give_rights_notice(case=case, note="", done_at=LATER, by=by, at=LATER)

    assert item.document.template == "rights"
    assert item.note is None
    assert deadline(case, "rights_notice").satisfied_at == LATER


def test_send_family_notice(case):
    by = officer("intake_officer", case)

    item = actions.send_family_notice(
        case=case,
        recipient="示例亲属",
        manner="邮寄",
        proof="示例挂号 0001",
        done_at=LATER,
        by=by,
        at=LATER,
    )

    assert (item.manner, item.note) == ("邮寄", "示例挂号 0001")
    assert item.document.facts["recipient"] == "示例亲属"
    assert deadline(case, "family_notice").satisfied_at == LATER


def test_explain_no_family_notice(case):
    by = officer("intake_officer", case)

    item = actions.explain_no_family_notice(
        case=case,
        ground=NoNotice.NO_FAMILY,
        reason="本人称无亲属，户籍地派出所证实",
        confirmed_by=officer("intake_officer", case),
        done_at=LATER,
        by=by,
        at=LATER,
    )

    assert (item.manner, item.document) == ("无法通知", None)
    assert item.note == "经查没有家属：本人称无亲属，户籍地派出所证实"
    assert item.confirmed_by != item.done_by
    assert deadline(case, "family_notice").satisfied_at == LATER


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"by": "assessor"}, "不由您的岗位办理"),
        ({"done_at": LATER + timedelta(minutes=1)}, "晚于现在"),
        ({"done_at": make.NOON - timedelta(minutes=1)}, "早于入所时间"),
    ],
    ids=["别的岗位", "将来", "入所以前"],
)
def test_complete_item_refused(case, changed, word):
    by = officer(changed.pop("by", "intake_officer"), case)
    facts = {"done_at": LATER} | changed

    with pytest.raises(Refused, match=word):
        actions.complete_item(case=case, duty="entry_register", note="", by=by, at=LATER, **facts)

    assert not CompletionItem.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.COMPLETED).exists()
    assert deadline(case, "entry_register").satisfied_at is None


def test_complete_item_twice_says_who_did_it(case):
    by = officer("intake_officer", case)
    act = {
        "case": case,
        "duty": "entry_register",
        "note": "",
        "done_at": LATER,
        "by": by,
        "at": LATER,
    }
    actions.complete_item(**act)

    with pytest.raises(Refused, match=f"已由{by.display_name}于 2026-11-21 15:00 办结"):
        actions.complete_item(**act)

    assert CompletionItem.objects.count() == 1


def test_complete_item_of_somebody_not_admitted_here(facility):
    case = make.case(facility)

    with pytest.raises(Refused, match="不是经收治登记入所"):
        actions.complete_item(
            case=case, duty="entry_register", note="", done_at=LATER,
            by=officer("intake_officer", case), at=LATER,
        )  # fmt: skip


@pytest.mark.parametrize(
    "duty", sorted(["belongings", "health_check", "rights_notice", "family_notice"])
)
def test_a_duty_with_papers_has_its_own_act(case, duty):
    with pytest.raises(ValueError, match=duty):
        actions.complete_item(
            case=case, duty=duty, note="", done_at=LATER,
            by=officer("intake_officer", case), at=LATER,
        )  # fmt: skip


def test_family_notice_needs_somebody_or_a_reason(case):
    by = officer("intake_officer", case)

    with pytest.raises(Refused, match="收件人"):
        actions.send_family_notice(
            case=case,
            recipient=" ",
            manner="邮寄",
            proof="示例挂号 0001",
            done_at=LATER,
            by=by,
            at=LATER,
        )
    with pytest.raises(Refused, match="不能通知的原因"):
        actions.explain_no_family_notice(
            case=case,
            ground=NoNotice.NO_FAMILY,
            reason=" ",
            confirmed_by=None,
            done_at=LATER,
            by=by,
            at=LATER,
        )

    assert Document.objects.filter(template="family_notice").count() == 0


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"recipient": "示例母", "proof": "EMS 1"}, []),
        ({"recipient": " ", "proof": "EMS 1"}, ["收件人"]),
        ({"recipient": "示例母", "proof": " "}, ["寄送凭证"]),
        ({"recipient": "", "proof": ""}, ["收件人", "寄送凭证"]),
    ],
)
def test_a_notice_was_sent_when_there_is_proof(facts, words):
    found = sending_obstacles(**facts)

    assert [word in str(one) for word, one in zip(words, found, strict=True)] == [True] * len(words)


@pytest.mark.parametrize(
    ("reason", "second", "words"),
    [
        ("户籍地派出所证实", "b", []),
        (" ", "b", ["不能通知的原因"]),
        ("户籍地派出所证实", None, ["另一名民警核实"]),
        ("户籍地派出所证实", "a", ["须是另一名民警"]),
    ],
)
def test_nobody_is_told_only_when_two_have_looked(reason, second, words):
    found = silence_obstacles(reason=reason, officer="a", second=second)

    assert [word in str(one) for word, one in zip(words, found, strict=True)] == [True] * len(words)


def test_a_completion_is_confirmed_by_another(case):
    by = officer("intake_officer", case)
    item = actions.complete_item(
        case=case, duty="entry_register", note="", done_at=LATER, by=by, at=LATER
    )

    with pytest.raises(IntegrityError, match="confirmed_by_another"), transaction.atomic():
        CompletionItem.objects.filter(pk=item.pk).update(confirmed_by=by)


def test_rights_in_a_language_without_a_text_are_said_aloud(case):
    by = officer("zone_officer", case)
    act = {"case": case, "note": "", "done_at": LATER, "by": by, "at": LATER, "language": "bo"}

    with pytest.raises(Refused, match="没有藏语文本，须口头翻译"):
        actions.give_rights_notice(**act)
    item = actions.give_rights_notice(**act, interpreter=" 示例翻译 ")

    assert item.note == "口头翻译：藏语，翻译人员示例翻译。"
    assert item.document.facts["foreign_language"] == "藏语"


def test_rights_in_a_language_with_a_text_need_no_interpreter(case):
    approver = make.officer("bureau_approver", case.facility.province)
    set_wording(approver, language="za", wording=worded("rights", heading="Cienzleix"))

    item = actions.give_rights_notice(
        case=case, note="", done_at=LATER, by=officer("zone_officer", case), at=LATER,
        language="za",
    )  # fmt: skip

    assert item.note is None
    assert item.document.facts["language"] == "壮语"


def test_completion_is_one_with_its_event(case, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the ledger is full")

    monkeypatch.setattr(events, "record", fail)
    with pytest.raises(RuntimeError):
        actions.give_rights_notice(
            case=case, note="", done_at=LATER, by=officer("zone_officer", case), at=LATER
        )

    assert not CompletionItem.objects.exists()
    assert not Document.objects.filter(template="rights").exists()


def test_owed_after_entry(case):
    actions.complete_item(
        case=case, duty="entry_register", note="", done_at=LATER,
        by=officer("intake_officer", case), at=LATER,
    )  # fmt: skip

    owed = completion.owed_after_entry(case)

    assert [one.duty for one in owed] == list(DUTIES)
    assert [one.duty.code for one in owed if one.item] == ["entry_register"]


def test_nothing_is_owed_for_somebody_not_admitted_here(facility):
    assert completion.owed_after_entry(make.case(facility)) == ()
    assert clocks.facts([make.case(facility)]) == {}


@pytest.mark.parametrize("count", [1, 8])
def test_facts_take_two_queries_at_most_for_any_number(facility, django_assert_num_queries, count):
    people = [door.case(make.facility(f"T{n + 10}")) for n in range(count)]
    with django_assert_num_queries(1):
        assert len(clocks.facts(people)) == count

    for one in people:
        by = make.officer("intake_officer", one.facility)
        away.out(one, AbsenceKind.COURT, by=by)
        away.back(one, by=by, health_checked=False)
    with django_assert_num_queries(2):
        assert all(found.returns for found in clocks.facts(people).values())


def test_expected_of_a_finished_case_keeps_only_what_was_done():
    done = {"entry_register": LATER}
    running = clocks.EntryFacts(make.NOON, ended=False, done=done)
    ended = clocks.EntryFacts(make.NOON, ended=True, done=done)

    assert len(clocks.expected(running)) == len(DUTIES)
    assert [one.clock for one in clocks.expected(ended)] == ["intake.entry_register"]


def test_release_takes_what_was_not_done_off_the_list(case):
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=LATER)
    deadlines.refresh([case])

    assert not Deadline.objects.filter(case=case, clock__startswith="intake.").exists()


def test_every_clock_of_entry_is_owed_by_the_post_of_its_duty(case):
    owed = {row.clock: row.owed_by for row in Deadline.objects.filter(case=case)}

    assert all(owed[clocks.clock_code(duty.code)] == duty.role for duty in DUTIES)
    codes = {clocks.clock_code(duty.code) for duty in DUTIES}
    assert {one.code for one in clocks.CLOCKS} == codes | {
        clocks.KEPT, clocks.RETURN_CHECK, clocks.RETURN_TEST, clocks.HOME_VISIT, clocks.OUTING,
    }  # fmt: skip
    assert case.zone.stage == Stage.DETOX


# 权利保障 on the file


def test_safeguards_say_what_is_owed_and_what_was_done(case):
    owed = completion.safeguards(case)
    zone, desk = officer("zone_officer", case), officer("intake_officer", case)
    actions.give_rights_notice(
        case=case, note="", done_at=make.NOON, by=zone, at=LATER, language="ug",
        interpreter="示例翻译",
    )  # fmt: skip
    actions.send_family_notice(
        case=case, recipient="示例亲属", manner="邮寄", proof="示例 1", done_at=make.NOON,
        by=desk, at=LATER,
    )  # fmt: skip

    done = completion.safeguards(case)

    assert [(one.label, one.kept) for one in owed] == [("权利义务告知", False), ("通知家属", False)]
    assert owed[1].words == "尚未办理，应于 2026-11-26 23:59 前办结"
    assert [one.kept for one in done] == [True, True]
    assert done[0].words.startswith(f"2026-11-21 12:00 {zone.display_name} · ")
    assert done[1].words == f"2026-11-21 12:00 {desk.display_name} · 邮寄"


def test_who_was_not_admitted_here_has_no_safeguards_on_file(facility):
    assert completion.safeguards(make.case(facility)) == ()

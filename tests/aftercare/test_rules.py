"""The rules of the way out, as tables."""

from datetime import date, timedelta

import pytest

from aftercare import rules
from aftercare.rules import Compared, Gate, Mark
from rehab import statutes
from tests.factories.rehab import at

END = date(2028, 5, 31)
MATCHED, MISSING, CONTRADICTED = Mark.MATCHED, Mark.MISSING, Mark.CONTRADICTED


@pytest.mark.parametrize(
    ("on", "refused"),
    [
        pytest.param(END - timedelta(days=1), True, id="前一日"),
        pytest.param(END, False, id="最后一日"),
        pytest.param(END + timedelta(days=1), False, id="次日"),
        pytest.param(END + timedelta(days=400), False, id="超期一年多"),
    ],
)
def test_release_waits_for_the_last_day_and_for_nothing_else(on, refused):
    obstacles = rules.release_obstacles(in_custody=True, status="在所", ends_on=END, on=on)

    assert bool(obstacles) is refused
    assert all(obstacle.article == statutes.TWO_YEAR_TERM for obstacle in obstacles)


def test_release_of_somebody_not_in_custody():
    (obstacle,) = rules.release_obstacles(in_custody=False, status="脱逃", ends_on=END, on=END)

    assert str(obstacle) == "此人现为“脱逃”，不能办理解除"


@pytest.mark.parametrize(
    "end",
    [
        pytest.param(date(2027, 10, 1), id="国庆节"),
        pytest.param(date(2028, 2, 29), id="闰日"),
        pytest.param(date(2028, 6, 3), id="星期六"),
    ],
)
def test_holidays_never_move_the_last_day(end):
    before = rules.release_obstacles(
        in_custody=True, status="在所", ends_on=end, on=end - timedelta(days=1)
    )

    assert before
    assert not rules.release_obstacles(in_custody=True, status="在所", ends_on=end, on=end)


@pytest.mark.parametrize(
    ("on", "given", "in_custody", "words"),
    [
        pytest.param(END - timedelta(days=31), False, True, "2028-05-01 起可发", id="三十一日前"),
        pytest.param(END - timedelta(days=30), False, True, "", id="三十日前"),
        pytest.param(END, False, True, "", id="最后一日"),
        pytest.param(END + timedelta(days=9), False, True, "", id="超期"),
        pytest.param(END, True, True, "通知已发出", id="已发"),
        pytest.param(END, False, False, "不发解除通知", id="已离所"),
    ],
)
def test_notice_obstacles(on, given, in_custody, words):
    obstacles = rules.notice_obstacles(
        in_custody=in_custody, status="解除", given=given, ends_on=END, on=on
    )

    assert [words in obstacle.message for obstacle in obstacles] == ([True] if words else [])


NUMBER = "示公（禁）强戒决字〔2026〕900001号"
IDENTITY = "11010119900307123X"


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("", MISSING),
        ("  ", MISSING),
        (NUMBER, MATCHED),
        ("示公(禁)强戒决字[2026]900001号 ", MATCHED),
        ("示公（禁）强戒决字〔2026〕900002号", CONTRADICTED),
    ],
)
def test_decision_mark(typed, mark):
    compared = rules.compare(
        Gate(decision_number=typed), decision_number=NUMBER, id_number=None, other_document=None
    )

    assert compared.decision == mark


@pytest.mark.parametrize(
    ("typed", "id_number", "other", "mark"),
    [
        pytest.param("", IDENTITY, None, MISSING, id="没有录入"),
        pytest.param(IDENTITY, IDENTITY, None, MATCHED, id="全号"),
        pytest.param("07123x", IDENTITY, None, MATCHED, id="后六位"),
        pytest.param("7123x", IDENTITY, None, MISSING, id="太短不足以核验"),
        pytest.param("071230", IDENTITY, None, CONTRADICTED, id="不符"),
        pytest.param("1" + IDENTITY, IDENTITY, None, CONTRADICTED, id="比档案长"),
        pytest.param("E1234567", None, "护照 E1234567", MATCHED, id="其他证件"),
        pytest.param("E7654321", None, "护照 E1234567", CONTRADICTED, id="其他证件不符"),
        pytest.param("甲12", None, "甲12", MATCHED, id="短证件全号"),
        pytest.param("110101", None, None, MISSING, id="档案没有证件"),
    ],
)
def test_identity_mark(typed, id_number, other, mark):
    compared = rules.compare(
        Gate(identity_number=typed),
        decision_number=NUMBER,
        id_number=id_number,
        other_document=other,
    )

    assert compared.identity == mark


@pytest.mark.parametrize("field", ["decision", "identity", "face"])
def test_one_contradiction_is_a_wrong_person(field):
    marks = {"decision": MATCHED, "identity": MISSING, "face": MATCHED} | {field: CONTRADICTED}

    (obstacle,) = rules.wrong_person(Compared(**marks))

    assert rules.MARK_LABELS[field] in obstacle.message


def test_missing_marks_are_no_wrong_person():
    assert rules.wrong_person(Compared(MISSING, MISSING, MISSING)) == ()


@pytest.mark.parametrize(
    ("marks", "second", "on", "codes"),
    [
        ((MATCHED, MATCHED, MATCHED), True, END, []),
        ((MATCHED, MATCHED, MATCHED), False, END, ["no_second_officer"]),
        ((MISSING, MATCHED, MISSING), True, END, ["no_decision", "no_face"]),
        ((MATCHED, MISSING, MATCHED), True, END, ["no_identity"]),
        ((MATCHED, MATCHED, MATCHED), True, END + timedelta(days=1), ["overstayed"]),
    ],
)
def test_gate_cautions(marks, second, on, codes):
    cautions = rules.gate_cautions(Compared(*marks), second_officer=second, ends_on=END, on=on)

    assert [caution.code for caution in cautions] == codes


def test_unanswered_names_what_is_left():
    cautions = rules.gate_cautions(
        Compared(MISSING, MATCHED, MATCHED), second_officer=False, ends_on=END, on=END
    )

    (left,) = rules.unanswered(cautions, frozenset({"no_decision"}))

    assert "第二名民警" in left.message


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(2028, 5, 31), date(2029, 5, 30)),
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 1), date(2028, 2, 29)),
        (date(2028, 1, 1), date(2028, 12, 31)),
    ],
)
def test_an_agreement_lasts_one_year(starts_on, ends_on):
    assert rules.agreement_ends_on(starts_on) == ends_on


@pytest.mark.parametrize(
    ("leaves_on", "signed_on", "due_on"),
    [
        pytest.param(END, END - timedelta(days=20), date(2028, 6, 7), id="在所签订"),
        pytest.param(END, END, date(2028, 6, 7), id="当日签订"),
        pytest.param(END, END + timedelta(days=10), date(2028, 6, 17), id="解除后签订"),
    ],
)
def test_first_contact_due(leaves_on, signed_on, due_on):
    assert rules.first_contact_due_on(leaves_on=leaves_on, signed_on=signed_on) == due_on


@pytest.mark.parametrize(
    ("applied_on", "on", "words"),
    [
        pytest.param(date(2029, 5, 30), date(2029, 5, 30), "", id="最后一日申请"),
        pytest.param(date(2029, 5, 30), date(2029, 6, 6), "", id="补录"),
        pytest.param(date(2029, 5, 30), date(2029, 6, 7), "最迟 2029-06-06", id="补录太晚"),
        pytest.param(date(2029, 5, 31), date(2029, 6, 6), "期满之后", id="期满次日申请"),
        pytest.param(date(2029, 5, 2), date(2029, 5, 1), "不能晚于今天", id="将来"),
        pytest.param(date(2028, 5, 30), date(2029, 5, 1), "不能早于", id="生效前"),
    ],
)
def test_renewal_obstacles(applied_on, on, words):
    obstacles = rules.renewal_obstacles(
        starts_on=END, ends_on=date(2029, 5, 30), applied_on=applied_on, on=on
    )

    assert [words in obstacle.message for obstacle in obstacles] == ([True] if words else [])


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        pytest.param({}, [], id="可以"),
        pytest.param({"contacted_at": at(2028, 6, 5, 12, 1)}, ["不能晚于现在"], id="将来"),
        pytest.param({"contacted_at": at(2028, 5, 30)}, ["不能早于"], id="生效前"),
        pytest.param(
            {"contacted_at": at(2029, 5, 31), "at": at(2029, 6, 6), "next_on": date(2029, 7, 1)},
            ["不能晚于协议期满日"],
            id="期满后",
        ),
        pytest.param(
            {"contacted_at": at(2029, 5, 30), "at": at(2029, 6, 7)}, ["补记期限已过"], id="太晚补记"
        ),
        pytest.param({"written_until": None}, ["补记期限已过"], id="已不再照管"),
        pytest.param({"next_on": date(2028, 6, 5)}, ["应晚于本次联系"], id="下次不晚于本次"),
        pytest.param(
            {"reached": False, "renewal_discussed": True}, ["没有联系上"], id="没联系上谈不了续签"
        ),
    ],
)
def test_contact_obstacles(changed, words):
    facts = {
        "starts_on": END,
        "ends_on": date(2029, 5, 30),
        "written_until": date(2029, 6, 6),
        "contacted_at": at(2028, 6, 5),
        "next_on": date(2028, 7, 5),
        "reached": True,
        "renewal_discussed": False,
        "at": at(2028, 6, 5),
    }

    obstacles = rules.contact_obstacles(**facts | changed)

    assert len(obstacles) == len(words)
    assert all(word in obstacle.message for word, obstacle in zip(words, obstacles, strict=True))


@pytest.mark.parametrize(
    ("interval_days", "known", "said"),
    [
        (1, False, []),
        (0, False, ["“间隔日数”至少 1 日"]),
        (30, True, ["同一日施行的规则已经设定，请另定施行日期"]),
    ],
)
def test_contact_rule_obstacles(interval_days, known, said):
    found = rules.contact_rule_obstacles(interval_days=interval_days, known=known)

    assert [one.message for one in found] == said

"""离所和回所: what must be known of each, in tables."""

from dataclasses import replace
from datetime import timedelta

import pytest

from rehab import statutes
from rehab.rules.absences import (
    Comeback,
    Departure,
    departure_obstacles,
    out_obstacles,
    return_obstacles,
)
from rehab.rules.escapes import Proof, extension_obstacles, uncounted_days
from rehab.states import AbsenceKind, CaseStatus
from tests.factories import rehab as make

ENTERED = make.NOON - timedelta(days=30)
LEFT = make.NOON - timedelta(days=3)
TO_COURT = Departure(
    kind="court", left_at=LEFT, where="示例人民法院", escorts="示例警官", paper="提解证 1 号",
    expected_on=make.NOON.date(),
)  # fmt: skip
ESCAPED = Departure(
    kind="escape", left_at=LEFT, where="示例县公安局", told_at=LEFT + timedelta(minutes=5)
)
BACK = Comeback(
    returned_at=make.NOON, brought_by="示例警官", paper="释放证明 1 号", health_checked=True
)
PROOF = Proof(recaptured_at=make.NOON, receipt="接报 1 号", statement=True)
PROVED = replace(BACK, proof=PROOF)
ENDS_ON = make.NOON.date() + timedelta(days=300)


def said(obstacles):
    return [obstacle.message for obstacle in obstacles]


def departure(one, *, back_at=None, out_since=None, out_until=None, ends_on=ENDS_ON):
    return departure_obstacles(
        one,
        entered_at=ENTERED,
        back_at=back_at,
        out_since=out_since,
        out_until=out_until,
        ends_on=ends_on,
        at=make.NOON,
    )


def coming(kind, back, *, left_at=LEFT):
    return return_obstacles(kind, back, left_at=left_at, at=make.NOON)


def proved(**changed):
    return replace(BACK, proof=replace(PROOF, **changed))


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(TO_COURT, id="出庭"),
        pytest.param(replace(TO_COURT, kind="hospital", paper=""), id="就医不凭文书"),
        pytest.param(replace(TO_COURT, kind="held", escorts="", expected_on=None), id="拘留"),
        pytest.param(ESCAPED, id="脱逃"),
        pytest.param(replace(TO_COURT, left_at=ENTERED), id="入所当时"),
        pytest.param(replace(TO_COURT, left_at=make.NOON), id="当日往返"),
    ],
)
def test_departure_in_order(one):
    assert departure(one) == ()


@pytest.mark.parametrize(
    ("one", "words"),
    [
        pytest.param(
            replace(TO_COURT, left_at=make.NOON + timedelta(minutes=1)), "晚于现在", id="将来"
        ),
        pytest.param(
            replace(TO_COURT, left_at=ENTERED - timedelta(minutes=1)), "早于入所时间", id="入所前"
        ),
        pytest.param(replace(TO_COURT, where=""), "“去向”不能为空", id="无去向"),
        pytest.param(replace(TO_COURT, escorts=""), "须有民警押送", id="无押送"),
        pytest.param(replace(TO_COURT, expected_on=None), "“预计返回日”", id="无归期"),
        pytest.param(
            replace(TO_COURT, expected_on=LEFT.date() - timedelta(days=1)),
            "“预计返回日”早于离所时间", id="归期在前",
        ),
        pytest.param(replace(TO_COURT, paper=""), "“文书号”", id="出庭无文书"),
        pytest.param(replace(TO_COURT, kind="held", paper=""), "“文书号”", id="拘留无文书"),
        pytest.param(replace(ESCAPED, told_at=None), "脱逃须立即通知", id="未通知公安"),
        pytest.param(
            replace(ESCAPED, told_at=LEFT - timedelta(minutes=1)), "应在脱逃之后", id="通知在前"
        ),
        pytest.param(
            replace(ESCAPED, told_at=make.NOON + timedelta(minutes=1)), "应在脱逃之后", id="尚未通知"
        ),
    ],
)  # fmt: skip
def test_departure_that_lacks_something(one, words):
    (obstacle,) = departure(one)

    assert words in obstacle.message


def test_what_the_law_asks_names_its_article():
    (held,) = departure(replace(TO_COURT, kind="held", paper=""))
    (court,) = departure(replace(TO_COURT, paper=""))
    (escape,) = departure(replace(ESCAPED, told_at=None))

    assert (held.article, court.article) == (statutes.HELD_ELSEWHERE, None)
    assert escape.article == statutes.ESCAPE


@pytest.mark.parametrize("kind", AbsenceKind)
def test_return_in_order(kind):
    assert coming(kind.value, BACK) == ()


@pytest.mark.parametrize(
    ("kind", "back", "words"),
    [
        pytest.param(
            "court", replace(BACK, returned_at=make.NOON + timedelta(minutes=1)), "晚于现在",
            id="将来",
        ),
        pytest.param(
            "court", replace(BACK, returned_at=LEFT - timedelta(minutes=1)), "早于离所时间",
            id="离所前",
        ),
        pytest.param("hospital", replace(BACK, brought_by=""), "“送回人”不能为空", id="无人送回"),
        pytest.param("held", replace(BACK, paper=""), "解回请填写“文书号”", id="解回无文书"),
        pytest.param(
            "escape", proved(recaptured_at=LEFT - timedelta(minutes=1)), "“追回时间”应在",
            id="追回在前",
        ),
        pytest.param(
            "escape", proved(recaptured_at=make.NOON + timedelta(minutes=1)), "“追回时间”应在",
            id="追回在后",
        ),
    ],
)  # fmt: skip
def test_return_that_lacks_something(kind, back, words):
    assert any(words in one.message for one in coming(kind, back))


def test_a_time_out_does_not_overlap_the_one_before():
    assert departure(TO_COURT, back_at=LEFT) == ()
    (obstacle,) = departure(TO_COURT, back_at=LEFT + timedelta(minutes=1))

    assert "早于上次回所" in obstacle.message


def test_nobody_ran_before_he_was_there():
    assert departure(ESCAPED, out_since=LEFT) == ()
    assert departure(replace(ESCAPED, facts="示例"), out_until=LEFT.date()) == ()
    (obstacle,) = departure(ESCAPED, out_since=LEFT + timedelta(minutes=1))

    assert "“脱逃时间”早于本次离所" in obstacle.message


@pytest.mark.parametrize(
    ("kind", "out_for", "allowed"),
    [
        pytest.param("escape", "hospital", True, id="就医时脱逃"),
        pytest.param("escape", "escape", False, id="已登记脱逃"),
        pytest.param("court", "hospital", False, id="就医时出庭"),
        pytest.param(None, "held", False, id="未说事由"),
    ],
)
def test_who_is_out_can_only_run(kind, out_for, allowed):
    found = out_obstacles(kind, since=LEFT, why="离所就医", out_for=out_for)

    assert [one.message[-14:] for one in found] == ["（离所就医），请先办理回所登记"[-14:]] * (
        not allowed
    )


@pytest.mark.parametrize(("over", "barred"), [(0, False), (1, True), (5, True)])
def test_no_escape_is_written_down_once_his_last_day_is_over(over, barred):
    """Whenever he is said to have gone: who is still here is released."""
    ends_on = make.NOON.date() - timedelta(days=over)
    found = departure(ESCAPED, ends_on=ends_on)

    assert [one.article for one in found] == [statutes.RELEASE_ON_EXPIRY] * barred
    assert departure(TO_COURT, ends_on=ends_on) == ()


def test_who_was_not_looked_at_yet_is_let_in():
    assert coming("court", replace(BACK, health_checked=False)) == ()


@pytest.mark.parametrize(
    "missing",
    [
        pytest.param({"recaptured_at": None}, id="无追回时间"),
        pytest.param({"receipt": ""}, id="无回执"),
        pytest.param({"statement": False}, id="无陈述"),
    ],
)
def test_an_escape_half_proved_is_refused_and_counts_in_full(missing):
    back = proved(**missing)
    (obstacle,) = coming("escape", back)

    assert "三项齐备" in obstacle.message
    assert obstacle.article == statutes.ESCAPE
    assert uncounted_days(back.proof, left_at=LEFT) == 0


@pytest.mark.parametrize(("days", "uncounted"), [(0, 0), (1, 0), (2, 1), (3, 2), (60, 59)], ids=str)
def test_whole_days_between_are_not_counted(days, uncounted):
    """脱逃当日、追回当日计入期限."""
    left = make.NOON - timedelta(days=days)

    assert coming("escape", PROVED, left_at=left) == ()
    assert uncounted_days(PROOF, left_at=left) == uncounted


def test_days_with_the_police_after_he_was_caught_count_for_him():
    proof = replace(PROOF, recaptured_at=LEFT + timedelta(days=2))

    assert uncounted_days(proof, left_at=LEFT) == 1


@pytest.mark.parametrize(
    ("recorded", "returned", "today", "refused"),
    [
        pytest.param(-3, -1, 0, False, id="期满当日确认"),
        pytest.param(-3, -1, 1, True, id="期满后才确认"),
        pytest.param(-3, 0, 1, True, id="期满当日回所，次日确认"),
        pytest.param(-3, 1, 2, False, id="期满后才回所"),
        pytest.param(0, 1, 2, False, id="期满当日登记，期满后才回所"),
        pytest.param(1, 1, 2, True, id="期满后才登记"),
    ],
)
def test_no_day_is_added_once_his_last_day_is_over(recorded, returned, today, refused):
    found = extension_obstacles(
        ends_on=ENDS_ON,
        alarm_on=ENDS_ON,
        recorded_on=ENDS_ON + timedelta(days=recorded),
        returned_on=ENDS_ON + timedelta(days=returned),
        on=ENDS_ON + timedelta(days=today),
    )

    assert [one.article for one in found] == [statutes.RELEASE_ON_EXPIRY] * refused


@pytest.mark.parametrize(
    ("recorded", "returned", "today", "refused"),
    [(-3, -1, 0, False), (-3, -1, 1, True), (-3, 1, 2, False), (1, 1, 1, True)],
)
def test_the_computed_day_is_the_last_until_the_organ_has_answered(
    recorded, returned, today, refused
):
    found = extension_obstacles(
        ends_on=ENDS_ON + timedelta(days=5),
        alarm_on=ENDS_ON,
        recorded_on=ENDS_ON + timedelta(days=recorded),
        returned_on=ENDS_ON + timedelta(days=returned),
        on=ENDS_ON + timedelta(days=today),
    )

    assert ["请先登记决定机关的更正、答复" in one.message for one in found] == [True] * refused


def test_who_gives_up_his_bed_and_what_coming_back_is_called():
    assert {one for one in AbsenceKind if one.status is None} == {
        AbsenceKind.HOSPITAL, AbsenceKind.COURT, AbsenceKind.HOME_VISIT,
    }  # fmt: skip
    assert AbsenceKind.ESCAPE.status == CaseStatus.ESCAPED
    assert [one.back_label for one in AbsenceKind] == [
        "离所就医返回", "出庭返回", "外出探视返回", "所外就医返回", "解回", "追回",
    ]  # fmt: skip

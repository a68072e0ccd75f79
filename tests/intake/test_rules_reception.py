from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from intake.rules import completion, reception
from intake.rules.outcome import OUTCOME_LABELS, ReceptionOutcome
from intake.rules.reception import ReceptionFacts
from rehab import statutes
from rehab.rules import codes
from rehab.rules.days import SHANGHAI

NIGHT = ReceptionFacts(
    on=date(2026, 11, 21),
    has_decision=True,
    decided_on=date(2026, 8, 20),
    ends_on=date(2028, 8, 19),
    is_the_person=True,
    has_id_number=True,
    sex=codes.MALE,
    birth_date=date(1997, 7, 8),
    health_checked=True,
    search_officers=2,
)
WOMAN = {"sex": codes.FEMALE, "pregnancy_tested": True, "searched_by_woman": True}


def codes_of(**changed):
    return [caution.code for caution in reception.reception_cautions(replace(NIGHT, **changed))]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({}, id="男"),
        pytest.param(WOMAN, id="女"),
        pytest.param({"has_id_number": False, "has_other_document": True}, id="凭其他证件"),
        pytest.param(
            {"injured": True, "injury_signed_by_escort": True, "injury_signed_by_person": True},
            id="有伤且双方签字",
        ),
    ],
)
def test_received_without_a_word(changed):
    facts = replace(NIGHT, **changed)

    assert reception.reception_obstacles(facts) == ()
    assert reception.reception_cautions(facts) == ()


@pytest.mark.parametrize(
    ("changed", "article"),
    [
        pytest.param({"has_decision": False}, statutes.DECISION_GROUNDS, id="没有决定书"),
        pytest.param({"is_the_person": False}, statutes.ENTRY_HEALTH_CHECK, id="不是同一人"),
        pytest.param(WOMAN | {"pregnant": True}, statutes.NOT_APPLICABLE, id="怀孕"),
        pytest.param(WOMAN | {"nursing_infant": True}, statutes.NOT_APPLICABLE, id="哺乳"),
        pytest.param({"ends_on": date(2026, 11, 20)}, statutes.TWO_YEAR_TERM, id="前一日届满"),
        pytest.param({"decided_on": date(2026, 11, 22)}, None, id="决定晚于今日"),
        pytest.param(
            WOMAN | {"searched_by_woman": False}, statutes.FEMALE_SEARCH, id="非女性检查女性"
        ),
    ],
)
def test_reception_obstacles(changed, article):
    obstacles = reception.reception_obstacles(replace(NIGHT, **changed))

    assert [obstacle.article for obstacle in obstacles] == [article]


def test_all_obstacles_are_said_at_once():
    facts = replace(NIGHT, has_decision=False, decided_on=None, ends_on=None, is_the_person=False)

    assert len(reception.reception_obstacles(facts)) == 2


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"has_id_number": False}, ["identity_unknown"], id="身份不明"),
        pytest.param({"birth_date": None}, ["age_unknown"], id="年龄不明"),
        pytest.param({"birth_date": date(2010, 11, 22)}, ["under_sixteen"], id="差一日十六岁"),
        pytest.param({"birth_date": date(2010, 11, 21)}, ["minor"], id="十六岁"),
        pytest.param({"birth_date": date(2008, 11, 22)}, ["minor"], id="差一日十八岁"),
        pytest.param({"birth_date": date(2008, 11, 21)}, [], id="十八岁"),
        pytest.param({"health_checked": False}, ["health_unchecked"], id="未体检"),
        pytest.param(
            WOMAN | {"pregnancy_tested": False}, ["pregnancy_untested"], id="未作妊娠检查"
        ),
        pytest.param(
            WOMAN | {"pregnancy_tested": False, "pregnant": True}, [], id="已知怀孕不再问"
        ),
        pytest.param({"serious_illness": True}, ["serious_illness"], id="严重疾病"),
        pytest.param({"injured": True}, ["injury_unsigned"], id="有伤未签字"),
        pytest.param({"search_officers": None}, ["not_searched"], id="未检查"),
        pytest.param({"search_officers": 1}, ["one_searcher"], id="一人检查"),
        pytest.param({"has_relative": False}, ["nobody_to_notify"], id="无家属"),
        pytest.param({"sole_carer": True}, ["sole_carer"], id="独自照料他人"),
        pytest.param({"ends_on": date(2028, 8, 20)}, ["printed_end_differs"], id="晚一日"),
        pytest.param(
            {"ends_on": date(2028, 8, 20), "ends_on_anniversary": True}, [], id="本省载明满二年当日"
        ),
        pytest.param({"ends_on": date(2028, 8, 21)}, [], id="超过二年的另行拒绝，不再提示"),
        pytest.param({"starts_on": date(2026, 8, 21)}, ["printed_start_differs"], id="起日不同"),
        pytest.param({"decided_on": None, "ends_on": None}, [], id="决定日期不知"),
        pytest.param({"ends_on": None}, [], id="截止日期不知"),
    ],
)
def test_reception_cautions(changed, expected):
    assert codes_of(**changed) == expected


def test_the_last_day_is_cautioned_and_does_not_refuse():
    on = date(2026, 11, 21)

    assert reception.reception_obstacles(replace(NIGHT, ends_on=on)) == ()
    assert "ends_today" in codes_of(ends_on=on)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        pytest.param(date(2026, 11, 19), ["police_phase_short"], id="差一日三个月"),
        pytest.param(date(2026, 11, 20), [], id="三个月"),
        pytest.param(date(2027, 2, 20), [], id="六个月"),
        pytest.param(date(2027, 2, 21), ["police_phase_long"], id="超过六个月一日"),
        pytest.param(date(2027, 8, 20), ["police_phase_long"], id="十二个月"),
        pytest.param(date(2027, 8, 21), ["police_phase_over_cap"], id="超过十二个月一日"),
    ],
)
def test_police_phase(on, expected):
    assert codes_of(on=on) == expected


@pytest.mark.parametrize(
    ("escort", "person", "words"),
    [
        (False, False, "缺移送民警和本人的签字"),
        (True, False, "缺本人的签字"),
        (False, True, "缺移送民警的签字"),
    ],
)
def test_an_injury_names_the_missing_signature(escort, person, words):
    (caution,) = reception.reception_cautions(
        replace(NIGHT, injured=True, injury_signed_by_escort=escort, injury_signed_by_person=person)
    )

    assert words in caution.message
    assert caution.article is statutes.ENTRY_INJURY


def test_the_codes_of_cautions_are_unique():
    found = codes_of(
        on=date(2026, 9, 1),
        ends_on=date(2026, 9, 1),
        has_id_number=False,
        sex=codes.FEMALE,
        birth_date=date(2012, 1, 1),
        health_checked=False,
        serious_illness=True,
        injured=True,
        search_officers=None,
        sole_carer=True,
        has_relative=False,
    )

    assert len(found) == 12
    assert len(set(found)) == 12


ENTRY = datetime(2026, 11, 21, 2, 10, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("code", "due_at", "article", "role"),
    [
        ("health_check", datetime(2026, 11, 22, 2, 10, tzinfo=SHANGHAI),
         statutes.ENTRY_HEALTH_CHECK, "clinician"),
        ("belongings", datetime(2026, 11, 22, 2, 10, tzinfo=SHANGHAI),
         statutes.BELONGINGS, "intake_officer"),
        ("entry_register", datetime(2026, 11, 22, 2, 10, tzinfo=SHANGHAI),
         statutes.ENTRY_REGISTER, "intake_officer"),
        ("rights_notice", datetime(2026, 11, 22, 2, 10, tzinfo=SHANGHAI),
         statutes.RIGHTS_NOTICE, "zone_officer"),
        ("family_notice", datetime(2026, 11, 26, 23, 59, 59, tzinfo=SHANGHAI),
         statutes.FAMILY_NOTICE, "intake_officer"),
        ("assessment_handbook", datetime(2026, 11, 28, 23, 59, 59, tzinfo=SHANGHAI),
         statutes.ASSESSMENT_HANDBOOK, "assessor"),
    ],
)  # fmt: skip
def test_duties_after_entry(code, due_at, article, role):
    duty = completion.duty(code)

    assert duty.due_at(ENTRY) == due_at
    assert (duty.article, duty.role) == (article, role)


def test_days_are_counted_in_shanghai():
    just_after_midnight = datetime(2026, 11, 22, 0, 0, tzinfo=SHANGHAI)
    duty = completion.duty("family_notice")

    before = duty.due_at(just_after_midnight - timedelta(seconds=1))

    assert duty.due_at(just_after_midnight) - before == timedelta(days=1)


def test_every_duty_is_tested_and_unknown_ones_are_errors():
    assert len(completion.DUTIES) == 6
    with pytest.raises(KeyError):
        completion.duty("no_such_duty")


def test_every_outcome_has_its_words():
    assert set(OUTCOME_LABELS) == set(ReceptionOutcome)
    assert OUTCOME_LABELS[ReceptionOutcome.DEFERRED] == "暂不接收"

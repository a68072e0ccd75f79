"""期限体检: every line with everything that is wrong with it, and with nothing that is not."""

from datetime import date, datetime, time, timedelta

import pytest

from intake.rules.checkup import ASKED_OF, check
from intake.rules.checkup.findings import KIND_LABELS, SEVERITY_LABELS, Kind, Severity
from intake.rules.checkup.people import SYNONYMS, PeopleSheet, PersonRow, Title, read_person
from rehab import statutes
from rehab.rules.identity import check_digit

ON = date(2026, 11, 22)
MORNING = datetime.combine(date(2026, 7, 1), time.min)  # as a spreadsheet keeps a date
WHOLE = {  # nobody finds anything here
    "姓名": "卢安",
    "决定日期": "2025-03-05",
    "期限起止": "2025-03-05至2027-03-04",
    "期满日期": "2027-03-04",
    "入所日期": "2025-07-01",
    "家属通知日期": "2025-07-06",
    "入所教育结束日期": "2025-08-01",
    "一年评估日期": "2026-04-04",
    "期满前评估日期": "",
    "解除通知日期": "",
    "解除日期": "",
    "状态": "在所",
    "公民身份号码": "440902199707085015",
}
NUMBER_OF_A_CHILD = "11010120120101001" + check_digit("11010120120101001")


def sheet(*people):
    """A sheet as it was read: the columns of all its people."""
    titles = {Title(title): title for one in people for title in one}
    rows = [
        PersonRow(line, {Title(title): cell for title, cell in one.items()})
        for line, one in enumerate(people, start=2)
    ]
    return PeopleSheet(tuple(rows), titles)


def looked(on=ON, **changed):
    """The kinds, severities and sentences about one person."""
    return check(sheet(WHOLE | changed), on=on).findings


def only(on=ON, **changed):
    (one,) = looked(on, **changed)
    return one


def kinds(on=ON, **changed):
    return [one.kind for one in looked(on, **changed)]


def test_what_is_in_order_is_not_found_fault_with():
    checkup = check(sheet(WHOLE), on=ON)

    assert (checkup.people, checkup.people_with_findings, checkup.findings) == (1, 0, ())
    assert checkup.by_kind == {}


# The last day ---------------------------------------------------------------------------------


def test_somebody_who_is_still_inside_after_the_last_day_comes_first():
    late = WHOLE | {
        "期满前评估日期": "2027-01-20", "解除通知日期": "2027-03-01", "家属通知日期": "2025-07-09",
    }  # fmt: skip
    findings = check(
        sheet(WHOLE | {"状态": "已解除", "解除日期": "2027-03-09"}, late), on=date(2027, 3, 10)
    )

    first = findings.findings[0]
    assert (first.kind, first.severity, first.line, first.days) == (
        Kind.OVERSTAY, Severity.SERIOUS, 3, 6,
    )  # fmt: skip
    assert first.message == "期满日 2027-03-04，至 2027-03-10 没有解除，已超期 6 日"
    assert first.article == statutes.UNLAWFUL_CUSTODY
    assert (
        first.working_words
        == "自作出决定之日起满二年，至 2027-03-04（《戒毒条例》第二十七条第一款）"
    )
    assert findings.findings[1].kind is Kind.LATE_RELEASE
    assert [one.kind for one in findings.of(Kind.MISSED)] == [Kind.MISSED] * findings.by_kind[
        Kind.MISSED
    ]
    assert len(findings.of(None)) == len(findings.findings)
    assert findings.people_with_findings == 2


@pytest.mark.parametrize("status", ["在所", "", "所外就医", "收监", "看不懂"])
def test_the_term_runs_on_wherever_somebody_is(status):
    found = looked(
        date(2027, 3, 4), 状态=status, 期满前评估日期="2027-01-20", 解除通知日期="2027-03-01"
    )

    assert found[0].kind is Kind.DUE_TODAY
    assert found[0].expected == "今日办理解除"


@pytest.mark.parametrize(
    "gone",
    [
        {"状态": "已解除", "解除日期": "2027-03-04"},
        {"状态": "死亡"},
        {"状态": "变更为社区戒毒", "解除日期": "2026-05-01"},
        {"状态": "脱逃", "脱逃日期": "2027-03-01"},
    ],
)
def test_who_has_gone_is_not_over_detained(gone):
    found = kinds(
        date(2027, 4, 1),
        期满前评估日期="2027-01-20",
        解除通知日期="2027-03-01",
        期满日期="",
        **gone,
    )

    assert Kind.OVERSTAY not in found
    assert Kind.LATE_RELEASE not in found


def test_a_release_after_the_last_day_says_by_how_many_days():
    done = {"期满前评估日期": "2027-01-20", "解除通知日期": "2027-03-01"}

    late = only(date(2027, 4, 1), 状态="解除", 解除日期="2027-03-07", **done)
    planned = only(date(2027, 3, 2), 解除日期="2027-03-07", **done)

    assert late.message == "解除日期 2027-03-07 比期满日 2027-03-04 晚 3 日"
    assert planned.message == "拟定的解除日期 2027-03-07 比期满日 2027-03-04 晚 3 日"
    assert (late.kind, late.expected, late.days) == (Kind.LATE_RELEASE, "不晚于 2027-03-04", 3)


def test_a_release_before_the_last_day_needs_a_decision():
    gone = {"状态": "已解除", "解除日期": "2026-11-01"}

    without = only(**gone)
    assert (without.kind, without.article) == (Kind.CONTRADICTION, statutes.EARLY_RELEASE)
    assert without.days == 123

    decided = {
        "提前解除决定送达日期": "2026-10-20",
        "提前解除日期": "2026-11-01",
        "期满日期": "2026-11-01",
    }
    notified = {"解除通知日期": "2026-10-29", "期满前评估日期": "2026-10-01"}
    assert looked(**gone, **decided, **notified) == ()


def test_a_held_end_is_compared_with_the_computed_one():
    later, earlier = only(期满日期="2027-03-09"), only(期满日期="2027-03-01")

    assert (later.kind, later.severity, later.expected) == (
        Kind.WRONG_END, Severity.SERIOUS, "2027-03-04",
    )  # fmt: skip
    assert later.message == "登记的期满日 2027-03-09 比推算的 2027-03-04 晚 5 日"
    assert (earlier.severity, earlier.days) == (Severity.WRONG, 3)


def test_an_open_escape_has_no_last_day():
    found, barred = looked(状态="在逃", 脱逃日期="2026-05-01")

    assert barred.kind is Kind.BARRED
    assert found.message == "脱逃未归，期满日不能确定，却登记为 2027-03-04"
    assert found.article == statutes.ESCAPE


def test_escape_days_and_extensions_move_the_end():
    escaped = {"脱逃日期": "2026-05-01、2026-06-01", "追回日期": "2026-05-11\n2026-06-02"}
    extended = {"延长月数": "3、2", "延长决定送达日期": "2026-07-01；2026-08-01"}

    found = looked(期满日期="2027-08-15", **escaped, **extended)

    assert [one.kind for one in found] == [Kind.BARRED]
    assert found[0].message == "曾脱逃，不得提前解除"
    assert kinds(期满日期="2027-08-04", **escaped, **extended) == [Kind.WRONG_END, Kind.BARRED]


def test_a_printed_end_that_was_overwritten_with_the_present_one_is_no_difference():
    extended = {"延长月数": 6.0, "延长决定送达日期": MORNING}

    assert looked(期限起止="", 决定书截止日期="2027-09-04", 期满日期="2027-09-04", **extended) == ()


@pytest.mark.parametrize(
    ("printed", "severity"),
    [
        ("2027-03-05", Severity.NOTE),
        ("2027-03-09", Severity.SERIOUS),
        ("2027-03-01", Severity.NOTE),
    ],
)
def test_a_printed_end_that_differs_is_asked_of_the_deciding_organ(printed, severity):
    found = only(期限起止=f"2025-03-05至{printed}", 期满日期="")

    assert (found.kind, found.severity, found.title) == (
        Kind.WRONG_END, severity, Title.PRINTED_ENDS_ON,
    )  # fmt: skip
    assert found.column == "期限起止"
    assert found.expected == "按二年计算为 2027-03-04，致函决定机关核实"


def test_the_columns_of_a_term_may_be_two():
    found = only(期限起止="", 期限起日="2025-03-06", 决定书截止日期="2027-03-04")

    assert found.message == "期限起日 2025-03-06 与决定日期 2025-03-05 不一致"
    assert (found.article, found.column) == (statutes.TERM_STARTS, "期限起日")


# What the engine refuses ----------------------------------------------------------------------

EARLY = {"提前解除决定送达日期": "2026-08-01", "提前解除日期": "2026-12-31"}


@pytest.mark.parametrize(
    ("changed", "title", "kind", "article"),
    [
        ({"延长月数": 13, "延长决定送达日期": "2026-07-01"},
         Title.EXTENSION_SERVED_ON, Kind.EXTENSION, statutes.EXTENSION),
        ({"延长月数": "6、7", "延长决定送达日期": "2026-07-01、2026-08-01"},
         Title.EXTENSION_SERVED_ON, Kind.EXTENSION, statutes.EXTENSION),
        ({"提前解除决定送达日期": "2026-02-01", "提前解除日期": "2026-12-31"},
         Title.EARLY_SERVED_ON, Kind.BARRED, statutes.EARLY_RELEASE),
        ({**EARLY, "脱逃日期": "2026-05-01", "追回日期": "2026-05-02"},
         Title.EARLY_SERVED_ON, Kind.BARRED, statutes.ESCAPE),
        ({**EARLY, "是否拒绝社区康复": "是"},
         Title.REFUSED_COMMUNITY, Kind.BARRED, statutes.EARLY_RELEASE_BARRED),
        ({"期限起止": "", "决定书截止日期": "2025-01-01"},
         Title.PRINTED_ENDS_ON, Kind.CONTRADICTION, None),
        ({"脱逃日期": "2026-05-03", "追回日期": "2026-05-01"},
         Title.ESCAPED_ON, Kind.CONTRADICTION, None),
        ({"所外就医开始日期": "2025-01-03", "所外就医结束日期": "2025-05-01"},
         Title.LEAVE_FROM, Kind.CONTRADICTION, None),
        ({"被拘留逮捕开始日期": "2027-01-03"}, Title.DETAINED_FROM, Kind.CONTRADICTION, None),
        ({"延长月数": 3, "延长决定送达日期": "2027-01-03"},
         Title.EXTENSION_SERVED_ON, Kind.CONTRADICTION, None),
        ({"提前解除决定送达日期": "2027-01-03", "提前解除日期": "2027-01-31"},
         Title.EARLY_SERVED_ON, Kind.CONTRADICTION, None),
        ({"决定日期": "2026-12-05", "期限起止": "", "入所日期": "", "家属通知日期": "",
          "入所教育结束日期": "", "一年评估日期": ""}, Title.DECIDED_ON, Kind.CONTRADICTION, None),
    ],
)  # fmt: skip
def test_what_contradicts_itself_or_the_law_is_said_as_the_engine_says_it(
    changed, title, kind, article
):
    found = [one for one in looked(**changed) if one.expected.startswith("核对后更正")]

    assert [(one.title, one.kind, one.article) for one in found] == [(title, kind, article)]
    worst = kind in (Kind.BARRED, Kind.EXTENSION)
    assert found[0].severity is (Severity.SERIOUS if worst else Severity.WRONG)


@pytest.mark.parametrize(
    "changed",
    [
        {"延长月数": "6", "延长决定送达日期": "2027-03-20"},  # served after the last day
        {"脱逃日期": "2026-05-03", "追回日期": "2026-05-01"},
        {"期限起止": "", "决定书截止日期": "2025-01-01"},
    ],
)
def test_a_faulty_entry_hides_nobodys_over_detention(changed):
    found = looked(date(2027, 4, 1), **changed)

    assert found[0].kind is Kind.OVERSTAY
    assert found[0].message == (
        "期满日 2027-03-04，至 2027-04-01 没有解除，已超期 28 日（自相矛盾的登记未计入）"
    )


OVERLAPPING = {
    "所外就医开始日期": "2026-05-01、2026-05-03", "所外就医结束日期": "2026-05-09、2026-05-12",
}  # fmt: skip


@pytest.mark.parametrize(
    ("on", "changed", "alarm_on"),
    [
        (date(2026, 10, 3), {"提前解除决定送达日期": "2026-08-01", "提前解除日期": "2026-10-01"}, "2026-10-01"),
        (date(2027, 3, 10), {"延长月数": 3, "延长决定送达日期": "2026-07-01"}, None),
        (date(2027, 6, 5), {"延长月数": 3, "延长决定送达日期": "2026-07-01"}, "2027-06-04"),
        # an early release that is barred, beside an extension that is not
        (date(2027, 6, 5), {"延长月数": 3, "延长决定送达日期": "2026-07-01", **EARLY, "是否拒绝社区康复": "是"},
         "2027-06-04"),
        # an extension that is too long, beside an escape
        (date(2027, 3, 14), {"延长月数": 13, "延长决定送达日期": "2026-07-01",
                             "脱逃日期": "2026-05-20", "追回日期": "2026-05-30"}, None),
    ],
)  # fmt: skip
def test_only_what_contradicts_itself_is_left_out(on, changed, alarm_on):
    found = [one for one in looked(on, **OVERLAPPING, **changed) if one.kind is Kind.OVERSTAY]

    assert [one.message.split("，")[0] for one in found] == (
        [f"期满日 {alarm_on}"] if alarm_on else []
    )


def test_who_ran_after_a_decision_of_early_release_is_asked_about():
    ran = {"脱逃日期": "2026-09-01", "追回日期": "2026-09-02"}
    found = [
        one
        for one in looked(期满日期="2027-01-01", **EARLY, **ran)
        if one.title is Title.EARLY_SERVED_ON
    ]

    assert [(one.kind, one.severity) for one in found] == [(Kind.BARRED, Severity.NOTE)]


def test_the_barred_are_named_with_the_article():
    found = only(是否拒绝社区康复="√")

    assert (found.kind, found.severity, found.article) == (
        Kind.BARRED, Severity.NOTE, statutes.EARLY_RELEASE_BARRED,
    )  # fmt: skip
    gone = {"状态": "已解除", "解除日期": "2027-03-04", "期满前评估日期": "2027-01-20"}
    assert looked(date(2027, 4, 1), 是否拒绝社区康复="是", 解除通知日期="2027-03-01", **gone) == ()


def test_a_short_term_by_an_early_decision_is_no_bar():
    decided = {"提前解除决定送达日期": "2026-03-05", "提前解除日期": "2026-03-05"}

    found = kinds(date(2026, 3, 5), 期满日期="2026-03-05", 一年评估日期="", **decided)

    assert Kind.BARRED not in found


# Facts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "title", "words"),
    [
        ({"决定日期": "2025-02-30"}, Title.DECIDED_ON, "“2025-02-30”这一天不存在"),
        ({"决定日期": "0202-03-05"}, Title.DECIDED_ON, "“0202-03-05”的年份不对，请核对"),
        ({"入所日期": "去年"}, Title.ENTERED_ON, "“去年”不是日期，请写成 2026-03-05 的样子"),
        ({"脱逃日期": "2026-05-01、五月"}, Title.ESCAPED_ON, "“五月”不是日期，请写成 2026-03-05 的样子"),
        ({"期限起止": "二年"}, Title.TERM,
         "“二年”不是起止日期，请写成 2026-03-05至2028-03-04 的样子"),
        ({"延长月数": "半年"}, Title.EXTENSION_MONTHS, "“半年”不是月数，请写成 6 的样子"),
        ({"延长月数": "、"}, Title.EXTENSION_MONTHS, "“、”不是月数，请写成 6 的样子"),
        ({"是否拒绝社区康复": "也许"}, Title.REFUSED_COMMUNITY,
         "“也许”看不出是或者否，请填“是”或者“否”"),
        ({"公民身份号码": 440902199707085015.0}, Title.ID_NUMBER,
         "号码存成了数值，末几位已丢失，请把单元格改为文本后重新填写"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_and_not_guessed(changed, title, words):
    found = [one for one in looked(**changed) if one.kind is Kind.UNREADABLE]

    severity = Severity.SERIOUS if title is Title.DECIDED_ON else Severity.WRONG
    assert [(one.title, one.message, one.severity) for one in found] == [(title, words, severity)]


def test_a_status_that_nobody_knows_is_asked_about():
    found = only(状态="乱写")

    assert (found.kind, found.severity) == (Kind.UNREADABLE, Severity.NOTE)
    assert "按仍在册检查" in found.message


@pytest.mark.parametrize(
    "said",
    [
        "2025-03-05", "2025.3.5", "2025/3/5", "2025年3月5日", "20250305", 20250305.0, date(2025, 3, 5),
        datetime.combine(date(2025, 3, 5), time.min), "2025-03-05 00:00:00",
    ],
)  # fmt: skip
def test_a_date_may_be_written_in_any_shape(said):
    assert looked(决定日期=said) == ()


def test_without_a_decision_date_nothing_can_be_computed():
    found = only(决定日期="无")

    assert (found.kind, found.severity, found.article) == (
        Kind.MISSING, Severity.SERIOUS, statutes.TERM_STARTS,
    )  # fmt: skip


def test_without_a_decision_date_the_end_that_the_sheet_holds_still_alarms():
    stated = {"决定日期": "2025-02-30", "期限起止": ""}

    late = looked(date(2027, 3, 6), 期满日期="2027-03-04", **stated)[0]

    assert (late.kind, late.days) == (Kind.OVERSTAY, 2)
    assert late.message.endswith("已超期 2 日（没有可用的决定日期，按登记的期满日）")
    assert [one.kind for one in looked(期满日期="", **stated)] == [Kind.UNREADABLE]


@pytest.mark.parametrize(
    ("changed", "title", "words"),
    [
        ({"入所日期": "2025-03-01", "家属通知日期": "2025-03-02", "入所教育结束日期": "2025-04-02"},
         Title.ENTERED_ON, "入所日期 2025-03-01 早于决定日期 2025-03-05"),
        ({"家属通知日期": "2025-06-30"}, Title.FAMILY_ON, "家属通知日期 2025-06-30 早于入所日期 2025-07-01"),
        ({"解除通知日期": "2026-12-01"}, Title.NOTICE_ON, "解除通知日期 2026-12-01 还没有到"),
        ({"一年评估日期": "2026-02-01"}, Title.YEAR_ASSESSED_ON, "一年评估日期 2026-02-01 时执行不满一年"),
        ({"解除日期": "2026-11-01", "提前解除决定送达日期": "2026-10-20", "提前解除日期": "2026-11-01",
          "期满日期": "2026-11-01", "期满前评估日期": "2026-10-01", "解除通知日期": "2026-10-28"},
         Title.STATUS, "状态为在所，解除日期却是 2026-11-01"),
        ({"脱逃日期": "2026-05-01", "期满日期": ""}, Title.RECAPTURED_ON,
         "有脱逃日期，没有追回日期，状态却为在所：期满日不能推算"),
        ({"脱逃日期": "2026-05-01", "期满日期": "", "状态": "", "解除日期": "2026-11-01"}, Title.RECAPTURED_ON,
         "有脱逃日期，没有追回日期，却于 2026-11-01 解除：期满日不能推算"),
    ],
)  # fmt: skip
def test_what_stands_the_wrong_way_round(changed, title, words):
    found = [one for one in looked(**changed) if one.kind is not Kind.BARRED]

    assert [(one.title, one.message, one.kind) for one in found] == [
        (title, words, Kind.CONTRADICTION)
    ]


def test_a_decision_before_the_law_is_a_slip():
    found = looked(决定日期="2005-03-05", 期限起止="", 期满日期="")

    assert "决定日期 2005-03-05 早于《禁毒法》施行的 2008-06-01" in [one.message for one in found]


@pytest.mark.parametrize(
    ("changed", "title", "words"),
    [
        ({"状态": "脱逃"}, Title.ESCAPED_ON, "状态为脱逃，没有未追回的脱逃日期：期满日不能推算"),
        ({"状态": "已解除"}, Title.RELEASED_ON, "状态为解除，没有解除日期：不能判断是否按期"),
        ({"脱逃日期": "2026-05-01", "追回日期": "2026-05-02、2026-06-02", "期满日期": ""}, Title.ESCAPED_ON,
         "脱逃日期 1 个，追回日期 2 个，对不上"),
        ({"所外就医开始日期": "2026-05-01、2026-06-01", "所外就医结束日期": ""}, Title.LEAVE_TO,
         "所外就医开始日期 2 个，所外就医结束日期 0 个，对不上"),
        ({"延长月数": 3}, Title.EXTENSION_SERVED_ON, "延长月数 1 个，送达日期 0 个：缺一项的延长不计入期限"),
        ({"延长决定送达日期": "2026-05-01"}, Title.EXTENSION_MONTHS,
         "延长月数 0 个，送达日期 1 个：缺一项的延长不计入期限"),
        ({"提前解除决定送达日期": "2026-05-01"}, Title.EARLY_ENDS_ON,
         "提前解除决定缺送达日期或者解除日期：不计入期限"),
        ({"提前解除日期": "2026-12-01"}, Title.EARLY_SERVED_ON,
         "提前解除决定缺送达日期或者解除日期：不计入期限"),
    ],
)  # fmt: skip
def test_what_is_missing(changed, title, words):
    found = [one for one in looked(**changed) if one.kind is Kind.MISSING]

    assert [(one.title, one.message) for one in found] == [(title, words)]


@pytest.mark.parametrize(
    ("entered", "severity", "words"),
    [
        ("2025-09-05", None, ""),
        ("2025-09-06", Severity.NOTE, "超过 6 个月"),
        ("2026-03-05", Severity.NOTE, "超过 6 个月"),
        ("2026-03-06", Severity.WRONG, "超过 12 个月"),
    ],
)
def test_the_police_phase(entered, severity, words):
    found = [
        one
        for one in looked(入所日期=entered, 家属通知日期=entered, 入所教育结束日期="2026-11-20")
        if one.kind is Kind.POLICE_PHASE
    ]

    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(words in one.message and one.article == statutes.POLICE_PHASE for one in found)


def test_somebody_who_was_not_sixteen():
    found = only(公民身份号码=NUMBER_OF_A_CHILD)

    assert (found.kind, found.article) == (Kind.BARRED, statutes.NOT_APPLICABLE)


def test_the_same_number_twice_in_custody():
    gone = WHOLE | {
        "状态": "已解除", "解除日期": "2026-11-01", "提前解除决定送达日期": "2026-10-20",
        "提前解除日期": "2026-11-01", "期满日期": "2026-11-01", "期满前评估日期": "2026-10-01",
        "解除通知日期": "2026-10-28",
    }  # fmt: skip

    (found,) = check(sheet(WHOLE, WHOLE), on=ON).findings
    assert (found.line, found.message) == (3, "与第 2 行是同一个号码，都没有解除")
    assert check(sheet(WHOLE, gone), on=ON).findings == ()
    assert check(sheet(WHOLE, WHOLE | {"公民身份号码": ""}), on=ON).findings == ()


# Clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "changed", "title", "days", "article"),
    [
        (ON, {"家属通知日期": "2025-07-07"}, Title.FAMILY_ON, 1, statutes.FAMILY_NOTICE),
        (ON, {"家属通知日期": ""}, Title.FAMILY_ON, 504, statutes.FAMILY_NOTICE),
        (ON, {"入所教育结束日期": "2025-07-31"}, Title.EDUCATION_TO, 1, statutes.ENTRY_EDUCATION),
        (ON, {"入所教育结束日期": ""}, Title.EDUCATION_TO, 478, statutes.ENTRY_EDUCATION),
        (ON, {"入所教育开始日期": "2025-07-10", "入所教育结束日期": "2025-08-01"}, Title.EDUCATION_TO, 9,
         statutes.ENTRY_EDUCATION),
        (ON, {"一年评估日期": "2026-04-05"}, Title.YEAR_ASSESSED_ON, 1, statutes.ASSESSMENT_TIMES),
        (ON, {"一年评估日期": ""}, Title.YEAR_ASSESSED_ON, 232, statutes.ASSESSMENT_TIMES),
        (date(2027, 2, 3), {}, Title.END_ASSESSED_ON, 1, statutes.ASSESSMENT_TIMES),
        (date(2027, 3, 2), {"期满前评估日期": "2027-02-01"}, Title.NOTICE_ON, 1, statutes.RELEASE_NOTICE),
        (date(2027, 3, 3), {"期满前评估日期": "2027-02-01", "解除通知日期": "2027-03-03"}, Title.NOTICE_ON, 2,
         statutes.RELEASE_NOTICE),
    ],
)  # fmt: skip
def test_a_clock_that_was_missed(on, changed, title, days, article):
    found = only(on, **changed)

    assert (found.kind, found.title, found.days, found.article) == (
        Kind.MISSED, title, days, article,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("on", "changed"),
    [
        (date(2025, 7, 6), {"家属通知日期": "", "入所教育结束日期": "", "一年评估日期": ""}),
        (date(2025, 8, 1), {"入所教育结束日期": "", "一年评估日期": ""}),
        (date(2026, 4, 4), {"一年评估日期": ""}),
        (date(2027, 2, 2), {}),
        (date(2027, 3, 1), {"期满前评估日期": "2027-02-02"}),
    ],
)
def test_on_its_last_day_a_clock_is_not_missed(on, changed):
    assert looked(on, **changed) == ()


def test_clocks_stand_still_for_those_who_left_before_them():
    undone = {"家属通知日期": "", "入所教育结束日期": "", "一年评估日期": ""}
    died = looked(状态="死亡", 期满日期="", **undone)
    released = looked(状态="已解除", **undone)

    assert died == ()
    assert [one.title for one in released] == [Title.RELEASED_ON]
    assert [one.title for one in looked(入所日期="", **undone)] == [Title.YEAR_ASSESSED_ON]


def test_an_early_decision_gives_the_notice_the_day_it_came():
    decided = {
        "提前解除决定送达日期": "2026-11-01",
        "提前解除日期": "2026-11-02",
        "期满日期": "2026-11-02",
    }
    gone = {"状态": "已解除", "解除日期": "2026-11-02", "期满前评估日期": "2026-10-01"}

    assert looked(解除通知日期="2026-11-01", **decided, **gone) == ()
    assert only(解除通知日期="2026-11-02", **decided, **gone).title is Title.NOTICE_ON


def test_a_term_shorter_than_a_year_asks_for_no_assessment_after_one():
    printed = {"期限起止": "2025-03-05至2026-01-04", "期满日期": "2026-01-04", "一年评估日期": ""}

    found = looked(date(2025, 12, 1), **printed)

    assert [one.kind for one in found] == [Kind.WRONG_END]


# Columns --------------------------------------------------------------------------------------


def test_what_the_sheet_has_no_column_for_is_said_once():
    checkup = check(sheet({"姓名": "卢安", "决定日期": "2025-03-05"}), on=ON)

    assert checkup.findings == ()
    assert [what for what, _ in checkup.unchecked] == list(ASKED_OF)
    assert ("是否已经解除、是否按期（一律按仍在所）", "解除日期、状态") in checkup.unchecked


def test_every_kind_and_severity_has_a_word_and_no_title_two_meanings():
    words = [word for title in Title for word in (title.value, *SYNONYMS.get(title, ()))]

    assert set(KIND_LABELS) == set(Kind)
    assert set(SEVERITY_LABELS) == set(Severity)
    assert sorted(words) == sorted(set(words))
    assert set(SYNONYMS) == set(Title)


def test_a_name_is_cleaned_and_may_be_missing():
    person = read_person(PersonRow(2, {Title.NAME: " 卢 安 ", Title.NUMBER: 17.0}))

    assert (person.name, person.number) == ("卢安", "17")


@pytest.mark.parametrize(
    ("convention", "later", "found"),
    [
        pytest.param((), 1, 1, id="没有载明方式"),
        pytest.param(((date(2025, 1, 1), True),), 1, 0, id="载明满二年当日"),
        pytest.param(((date(2025, 1, 1), True),), 2, 1, id="再晚一日"),
        pytest.param(((date(2025, 3, 6), True),), 1, 1, id="决定以后才施行"),
        pytest.param(((date(2025, 3, 1), False), (date(2025, 1, 1), True)), 1, 1, id="已不再如此"),
    ],
)
def test_what_the_province_prints_is_no_difference(convention, later, found):
    ends_on = date(2027, 3, 4) + timedelta(days=later)
    line = WHOLE | {"期限起止": f"2025-03-05至{ends_on}", "期满日期": str(ends_on)}

    findings = check(sheet(line), on=ON, convention=convention).findings

    assert [one.kind for one in findings] == [Kind.WRONG_END] * found

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rehab.pinyin import initials, sort_key
from rehab.rules import codes, identity, persons
from rehab.rules.identity import BadIdentityNumber

MALE = identity.IdentityNumber("11010519491231002X", date(1949, 12, 31), codes.FEMALE)


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param("11010519491231002X", id="原样"),
        pytest.param("11010519491231002x", id="小写"),
        pytest.param(" 110105 19491231\u3000002X ", id="空白"),
        pytest.param("１１０１０５１９４９１２３１００２Ｘ", id="全角"),
        pytest.param("\ufeff110105\u200b19491231002X", id="不可见字符"),
    ],
)
def test_identity_number(raw):
    assert identity.identity_number(raw) == MALE


def test_identity_number_of_a_man():
    assert identity.identity_number("440902199707085015").sex == codes.MALE


def test_an_abolished_area_code_is_no_fault():
    assert identity.identity_number("110103198307258732").birth_date == date(1983, 7, 25)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        pytest.param("110105491231002", "15 位的旧号码", id="十五位"),
        pytest.param("1101051949123100X", "实为 17 位", id="十七位"),
        pytest.param("", "实为 0 位", id="空"),
        pytest.param("11010519491231002A", "末位可以是 X", id="末位是字母"),
        pytest.param("X1010519491231002X", "末位可以是 X", id="首位是字母"),
        pytest.param("110105194912310021", "校验码不符", id="校验码"),
        pytest.param("110105194902300020", "出生日期不存在", id="二月三十日"),
    ],
)
def test_bad_identity_number(raw, words):
    with pytest.raises(BadIdentityNumber, match=words):
        identity.identity_number(raw)


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(1, 999), st.integers(0, 17))
def test_any_number_reads_back_and_one_wrong_digit_is_found(born, sequence, place):
    first = f"440232{born:%Y%m%d}{sequence:03}"
    number = first + identity.check_digit(first)

    read = identity.identity_number(number)

    assert (read.number, read.birth_date) == (number, born)
    assert (read.sex == codes.MALE) == bool(sequence % 2)
    wrong = "1" if number[place] != "1" else "2"
    with pytest.raises(BadIdentityNumber):
        identity.identity_number(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(
    ("number", "masked"),
    [("11010519491231002X", "1101**********002X"), ("H0107972", "H0107972"), ("H010797", "*" * 7)],
)
def test_mask_number(number, masked):
    assert identity.mask_number(number) == masked


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        pytest.param(" 李 华\u3000", "李华", id="汉字间空白"),
        pytest.param("John  Smith", "John Smith", id="拉丁字母间留一个空格"),
        pytest.param("阿不都•热合曼", "阿不都·热合曼", id="间隔号归一"),
        pytest.param("\u200b张\ufeff三\U000e0100", "张三", id="不可见字符"),
        pytest.param("𠮷 野", "𠮷野", id="基本平面以外的字"),
        pytest.param("Ali ·B", "Ali·B", id="间隔号旁的空白"),
        pytest.param(" \t\u3000", "", id="只有空白"),
    ],
)
def test_clean_name(raw, name):
    assert identity.clean_name(raw) == name


@pytest.mark.parametrize(("name", "masked"), [("张三丰", "张**"), ("𠮷野", "𠮷*"), ("", "")])
def test_mask_name(name, masked):
    assert identity.mask_name(name) == masked


@pytest.mark.parametrize(
    ("on", "age"),
    [
        pytest.param(date(2026, 3, 4), 17, id="生日前一日"),
        pytest.param(date(2026, 3, 5), 18, id="生日"),
        pytest.param(date(2026, 3, 6), 18, id="生日后一日"),
    ],
)
def test_age_on(on, age):
    born = date(2008, 3, 5)

    assert persons.age_on(born, on) == age
    assert persons.is_minor(born, on) == (age < 18)


@pytest.mark.parametrize(
    ("on", "age"), [(date(2026, 2, 28), 17), (date(2026, 3, 1), 18), (date(2028, 2, 29), 20)]
)
def test_age_of_one_born_on_a_leap_day(on, age):
    assert persons.age_on(date(2008, 2, 29), on) == age


@pytest.mark.parametrize(
    ("on", "exemptible"), [(date(2026, 3, 4), True), (date(2026, 3, 5), False)]
)
def test_is_exemptible(on, exemptible):
    assert persons.is_exemptible(date(2010, 3, 5), on) is exemptible


def test_code_tables():
    assert codes.ethnicity_code("汉族") == "01"
    assert codes.ethnicity_code("基诺") == "56"
    assert codes.ethnicity_code("其他") == "97"
    assert codes.ethnicity_code("某族") is None
    assert codes.education_code("大专") == "30"
    assert codes.education_code("私塾") is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("海洛因", "海洛因"),
        ("mdma", "MDMA"),
        ("地西泮", "三唑仑/地西泮"),
        ("γ-羟丁酸", "γ-羟丁酸"),
        ("不详", None),
    ],
)
def test_drug_of(said, name):
    drug = codes.drug_of(said)

    assert (drug.name if drug else None) == name


def test_drug_codes_are_unique():
    assert len({drug.code for drug in codes.DRUGS}) == len(codes.DRUGS)


@pytest.mark.parametrize(
    ("name", "key", "letters"),
    [
        ("张三", "zhang san", "zs"),
        ("曾国藩", "zeng guo fan", "zgf"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("阿不都·热合曼", "a bu dou re he man", "abdrhm"),
        ("John Smith", "john smith", "js"),
        ("𠮷野", "𠮷 ye", "𠮷y"),
        ("", "", ""),
    ],
)
def test_pinyin(name, key, letters):
    assert (sort_key(name), initials(name)) == (key, letters)


@given(st.text(max_size=50))
def test_pinyin_fits_its_columns(name):
    assert len(sort_key(name)) <= 200
    assert len(initials(name)) <= 50


@given(st.dates(date(1950, 1, 1), date(2030, 12, 31)))
@example(date(2008, 2, 29))
@example(date(2004, 2, 29))
def test_of_age_from_the_day_after_the_last_as_a_minor(born):
    day = persons.of_age_on(born)

    assert not persons.is_minor(born, day)
    assert persons.is_minor(born, day - timedelta(days=1))

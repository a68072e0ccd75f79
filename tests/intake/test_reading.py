import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from intake import reading, sheets
from intake.rules.rows import REQUIRED_COLUMNS, Column, RosterFile
from intake.sheets import NoSheet

CLEAN = (Path(__file__).parents[1] / "data" / "roster-60-clean.xlsx").read_bytes()
TITLES = [column.value for column in Column]
PERSON = ["1", "卢安", "男", "1997-07-08", "440902199707085015", *["甲"] * (len(TITLES) - 5)]
ABOVE = ["移送单位：某市公安局 接收单位：某所 日期：2026-11-21"]


def workbook(*sheets, hidden=()):
    """The bytes of a workbook; a sheet is a title and its rows."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comma_separated(rows, encoding="utf-8"):
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


def repacked(change, *, compression=zipfile.ZIP_DEFLATED):
    """The clean roster with its sheet's XML changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(CLEAN)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for part in old.infolist():
            data = old.read(part)
            new.writestr(part.filename, change(data) if "sheet1" in part.filename else data)
    return out.getvalue()


def lines(file):
    return [row.line for row in file.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(encoding):
    file = reading.read(comma_separated([ABOVE, TITLES, PERSON], encoding))

    assert (file.sent_by, file.sent_to, lines(file)) == ("某市公安局", "某所", [3])
    assert file.rows[0].cell(Column.NAME) == "卢安"


def test_a_quoted_line_break_keeps_the_count_of_rows():
    broken = ["1", '"卢\n安"', *PERSON[2:]]

    file = reading.read(comma_separated([TITLES, broken, PERSON]))

    assert lines(file) == [2, 3]


def test_xlsx_with_date_cells_and_units_in_cells_of_their_own():
    person = [*PERSON[:3], date(1997, 7, 8), *PERSON[4:]]
    above = ["移交单位：", "某市公安局", None, "接收单位：", "某所"]

    file = reading.read(workbook(("名册", [[], above, [], TITLES, [], person])))

    assert (file.sent_by, file.sent_to, lines(file)) == ("某市公安局", "某所", [6])
    assert file.rows[0].cell(Column.BIRTH_DATE) == date(1997, 7, 8)


def test_lines_are_counted_from_the_first_row_of_a_sheet_that_starts_lower_and_further_right():
    rows = [[], [], [None, None, *TITLES], [None, None, *PERSON]]

    file = reading.read(workbook(("名册", rows)))

    assert lines(file) == [4]
    assert file.rows[0].cell(Column.NAME) == "卢安"


def test_columns_are_found_by_title_in_any_order():
    titles = [f" {title[:1]}\n{title[1:]} " for title in reversed(TITLES)]

    file = reading.read(
        workbook(("名册", [["说明", "x"], ["无关列", *titles], ["z", *PERSON[::-1]]]))
    )

    assert lines(file) == [3]
    assert file.rows[0].cells == dict(zip(TITLES, PERSON, strict=True))


def test_a_short_row_and_missing_columns_are_none():
    titles = [column.value for column in REQUIRED_COLUMNS]

    file = reading.read(comma_separated([titles, ["卢安", "男", "1997-07-08"]]))

    assert file.rows[0].cell(Column.HEALTH) is None
    assert file.rows[0].cell(Column.DRUG) is None


@pytest.mark.parametrize(
    "row",
    [
        pytest.param([], id="空行"),
        pytest.param([" ", "\u3000"], id="空白行"),
        pytest.param(["2"], id="只有序号"),
        pytest.param(["合计 60 人"], id="合计"),
        pytest.param(["", "合 计", "60"], id="合计在姓名列"),
        pytest.param(["", "移交民警（签字）：", "张三"], id="签字栏"),
        pytest.param(["", "备注：以上人员均已体检"], id="附注"),
        pytest.param(TITLES, id="重复的表头"),
    ],
)
def test_what_is_no_line(row):
    assert lines(reading.read(workbook(("名册", [TITLES, PERSON, row, PERSON])))) == [2, 4]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(["2", "卢安"], id="只有姓名"),
        pytest.param(["", "", "", "", "440902199707085015"], id="只有号码"),
        pytest.param([*PERSON[:-1], "备注：见附件"], id="备注里有冒号"),
        pytest.param(["合计", *PERSON[1:]], id="序号列误填"),
    ],
)
def test_half_filled_lines_are_not_lost(row):
    assert lines(reading.read(workbook(("名册", [TITLES, row])))) == [2]


def test_a_header_without_lines_is_an_empty_roster():
    assert reading.read(comma_separated([TITLES])) == RosterFile(())


def test_the_sheet_is_the_one_with_the_header_and_lines():
    content = workbook(
        ("说明", [["填表说明"]]), ("模板", [TITLES]), ("名册", [TITLES, PERSON]), ("备份", [TITLES, PERSON]),
        hidden={"备份"},
    )  # fmt: skip

    assert lines(reading.read(content)) == [2]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "文件是空的", id="空文件"),
        pytest.param(b"x" * (sheets.MAX_FILE_BYTES + 1), "超过 20 MB", id="过大"),
        pytest.param(b"\xd0\xcf\x11\xe0rest", "旧版 .xls", id="旧版"),
        pytest.param(b"PK\x03\x04broken", "已损坏", id="损坏的压缩包"),
        pytest.param(CLEAN[:9000], "已损坏", id="截断"),
        pytest.param(b"\xff\xfe\xff", "不是 .xlsx", id="不是文本"),
        pytest.param(b"a" * 200_000, "逗号分隔", id="一个单元格过长"),
        pytest.param("姓名,性别\n张三,男".encode(), "没有找到名册的表头", id="不是名册"),
        pytest.param(
            comma_separated([TITLES[:-6]]), "名册缺少这些列：健康状况。", id="缺列"
        ),
        pytest.param(comma_separated([[*TITLES, "姓名"]]), "重复的列：姓名", id="重复列"),
        pytest.param(
            workbook(("男", [TITLES, PERSON]), ("女", [TITLES, PERSON])), "多个工作表", id="两张名册"
        ),
        pytest.param(workbook(("空", [])), "没有找到名册的表头", id="空工作簿"),
        pytest.param(
            workbook(("看", [["x"]]), ("藏", [TITLES, PERSON]), hidden={"藏"}), "没有找到",
            id="名册在隐藏的工作表",
        ),
    ],
)  # fmt: skip
def test_no_roster(content, words):
    with pytest.raises(NoSheet, match=words) as refused:
        reading.read(content)

    assert str(refused.value).endswith("。")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(b'r="A64"', b'r="A1048576"', "超出 19999 行", id="最后一行的单元格"),
        pytest.param(b'r="U63"', b'r="XFD63"', "CZ 列", id="最后一列的单元格"),
        pytest.param(b'r="U63"', b'r="DA63"', "CZ 列", id="CZ 之后"),
        pytest.param(b'r="U63"', b"r='A20000'", "超出 19999 行", id="第二万行"),
        pytest.param(b'<row r="64"', b'<row r="1048576"', "超出 19999 行", id="有内容的最后一行"),
        pytest.param(b'<c r="A64"', b"<c", "没有标明位置", id="没有位置的单元格"),
    ],
)
def test_a_sheet_that_would_spread_out_is_refused(old, new, words):
    with pytest.raises(NoSheet, match=words):
        reading.read(repacked(lambda sheet: sheet.replace(old, new)))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(b'<row r="1048576" hidden="1"/>', id="自闭合"),
        pytest.param(b'<row r="1048576" hidden="1"></row>', id="成对标签"),
    ],
)
def test_an_empty_row_far_down_does_no_harm(row):
    content = repacked(lambda sheet: sheet.replace(b"</sheetData>", row + b"</sheetData>"))

    assert len(reading.read(content).rows) == 60


@pytest.mark.parametrize(
    "padding",
    [
        pytest.param(b" " * (4 * 2**20), id="压缩比过高"),
        pytest.param(b" " * sheets.MAX_UNPACKED_BYTES, id="解压后过大"),
    ],
)
def test_a_bomb_is_refused_before_it_is_unpacked(padding, monkeypatch):
    content = repacked(lambda sheet: sheet.replace(b"</sheetData>", padding + b"</sheetData>"))
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("unpacked"))

    with pytest.raises(NoSheet, match="解压后过大"):
        reading.read(content)


def test_a_bomb_that_lies_about_its_size_is_refused():
    content = repacked(lambda sheet: sheet + b" " * (4 * 2**20))
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        size = next(p.file_size for p in packed.infolist() if "sheet1" in p.filename)
    lying = content.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))

    with pytest.raises(NoSheet, match="已损坏"):
        reading.read(lying)


def outcome_of(content):
    """What reading a file gives: its lines, or the sentence that refuses it."""
    try:
        return reading.read(content)
    except NoSheet as refused:
        return str(refused)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(CLEAN) - 1), st.integers(0, 255)), min_size=1, max_size=20
    )
)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(damage):
    content = bytearray(CLEAN)
    for place, byte in damage:
        content[place] = byte

    outcome = outcome_of(bytes(content))

    assert isinstance(outcome, RosterFile) or outcome.endswith("。")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_refused_in_one_sentence(content):
    assert outcome_of(content).endswith("。")

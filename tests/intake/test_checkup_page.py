"""期限体检 as page, workbook and command: read from real files, and nothing of it kept."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake import people
from intake.checkup_sheets import empty_sheet, found_sheet
from intake.rules.checkup import check
from intake.rules.checkup.findings import Kind
from intake.rules.checkup.people import Title
from intake.sheets import NoSheet
from intake.views.checkups import SHOWN
from rehab import scope
from rehab.clock import standing_at
from rehab.models import EndConvention
from tests.factories import rehab as make

DATA = Path(__file__).parents[1] / "data"
ON = date(2026, 11, 22)
NOBODY = (
    "postgresql://nobody@127.0.0.1:1/none"  # and no key beside it: other commands go no further
)
HTMX = {"HX-Request": "true"}
TITLES = ["序号", "戒毒人员姓名", "决定时间", "到期日", "实际解除日期", "备注"]
LATE = [1, "示例卢", "2024-03-05", date(2026, 3, 4), "", "=1+1"]
WRONG = [2, "示例安", "2025年3月5日", "2027-03-09", "", ""]
RIGHT = [3, "示例宁", 20250305, "2027.3.4", "", ""]


def workbook(*rows, name="人员", more=()):
    """The bytes of a workbook with these rows, and other sheets."""
    book = openpyxl.Workbook()
    sheets = [
        (book.active, name, rows),
        *((book.create_sheet(), name, rows) for name, rows in more),
    ]
    for sheet, title, lines in sheets:
        sheet.title = title
        for line in lines:
            sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


PEOPLE = workbook(
    ["某所人员名单"], [], TITLES, LATE, WRONG, RIGHT, [], ["合计", "3 人"], ["制表人：某某"]
)


def upload(content=PEOPLE, name="人员.xlsx"):
    return SimpleUploadedFile(name, content)


# Reading --------------------------------------------------------------------------------------


def test_columns_are_found_by_title_whatever_stands_around_them():
    sheet = people.read(PEOPLE)

    assert [row.line for row in sheet.rows] == [4, 5, 6]
    assert sheet.titles == {
        Title.NAME: "戒毒人员姓名", Title.DECIDED_ON: "决定时间", Title.HELD_ENDS_ON: "到期日",
        Title.RELEASED_ON: "实际解除日期",
    }  # fmt: skip
    assert sheet.unused == ("序号", "备注")
    assert [(one.line, one.kind, one.column) for one in check(sheet, on=ON).findings] == [
        (4, Kind.OVERSTAY, "实际解除日期"),
        (5, Kind.WRONG_END, "到期日"),
    ]


def test_a_csv_of_another_system_is_read():
    content = "\r\n".join(",".join(map(str, row)) for row in (TITLES, LATE, TITLES)).encode(
        "gb18030"
    )

    assert [row.line for row in people.read(content).rows] == [2]


def test_a_line_that_ends_early_lacks_what_comes_after():
    sheet = people.read("姓名,入所日期,决定日期\n示例卢,2025-07-01\n".encode())

    assert [one.kind for one in check(sheet, on=ON).findings] == [Kind.MISSING]


def test_its_own_title_goes_before_a_synonym():
    rows = [
        ["编号", "决定日期", "移交日期", "入所日期"],
        ["甲", "2025-03-05", "2025-06-01", "2025-07-01"],
        ["乙"],
    ]

    sheet = people.read(workbook(*rows))

    assert sheet.titles[Title.ENTERED_ON] == "入所日期"
    assert sheet.unused == ("移交日期",)
    assert len(sheet.rows) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param(b"", "文件是空的。", id="空文件"),
        pytest.param(b"PK\x03\x04broken", "文件已损坏", id="损坏"),
        pytest.param("你好,世界".encode(), "没有找到表头", id="没有表头"),
        pytest.param(workbook(["姓名", "入所日期"], ["甲", "2025-03-05"]), "没有“决定日期”一列", id="没有决定日期"),
        pytest.param(workbook(["决定日期", "入所日期"], ["2025-03-05", ""]), "没有“姓名”或者“编号”一列", id="没有姓名"),
        pytest.param(workbook(["姓名", "决定日期", "决定日期"], ["甲"]), "有两列都叫“决定日期”", id="重复列"),
        pytest.param(workbook(TITLES), "表头下面没有人员", id="没有人员"),
        pytest.param(
            workbook(TITLES, LATE, more=[("二大队", [TITLES, RIGHT])]), "有多个工作表像人员名单（“人员”、“二大队”）",
            id="两张表",
        ),
        pytest.param(
            "\n".join(["姓名,决定日期", *["甲,2025-03-05"] * 5001]).encode(), "有 5001 人，一次最多 5000 人", id="太多",
        ),
    ],
)  # fmt: skip
def test_what_is_no_such_sheet_is_refused_in_one_sentence(content, words):
    with pytest.raises(NoSheet, match=words) as refused:
        people.read(content)

    assert str(refused.value).count("。") == 1


@pytest.mark.parametrize(
    "file",
    ["roster-60-clean.xlsx", "roster-90-messy.xlsx", "roster-90-gb18030.csv", "roster-5000.xlsx"],
)
def test_the_published_rosters_are_read_and_only_what_is_wrong_is_found(file):
    with (DATA / file).with_suffix(".expected.csv").open(encoding="utf-8-sig") as expected:
        accepted = {
            int(row["line"]) for row in csv.DictReader(expected) if row["outcome"] == "accept"
        }

    checkup = check(people.read((DATA / file).read_bytes()), on=ON)

    assert checkup.people >= len(accepted)
    assert {one.line for one in checkup.findings} & accepted == set()
    assert bool(checkup.findings) == ("clean" not in file)


def test_the_empty_sheet_is_one_that_is_read_when_it_is_filled_in():
    book = openpyxl.load_workbook(io.BytesIO(empty_sheet()))
    assert [row[0].value for row in book["填写说明"].iter_rows(min_row=2)] == list(Title)
    book["人员"].append(["卢安", "甲", "", "在所", "2025-03-05"])
    out = io.BytesIO()
    book.save(out)

    sheet = people.read(out.getvalue())

    assert list(sheet.titles) == list(Title)
    assert (sheet.unused, len(sheet.rows)) == ((), 1)
    with pytest.raises(NoSheet, match="表头下面没有人员"):
        people.read(empty_sheet())


# The workbook ---------------------------------------------------------------------------------


def test_the_workbook_holds_every_finding_as_text():
    risky = [4, "=cmd()", "2025-02-30", "", "", ""]
    lines = "\n".join(",".join(map(str, row)) for row in (TITLES, LATE, risky))
    checkup = check(people.read(lines.encode()), on=ON)

    book = openpyxl.load_workbook(io.BytesIO(found_sheet(checkup)))
    rows = list(book["体检结果"].iter_rows(min_row=2))

    assert [row[0].value for row in rows] == ["2", "3"]
    assert rows[1][1].value == "=cmd()"
    assert {cell.data_type for row in rows for cell in row if cell.value} == {"s"}
    assert rows[0][8].value == "《国家赔偿法》第三条"
    assert (
        rows[0][9].value == "自作出决定之日起满二年，至 2026-03-04（《戒毒条例》第二十七条第一款）"
    )
    summary = {row[0].value: row[1].value for row in book["汇总"].iter_rows(min_row=2)}
    assert (summary["人数"], summary["有问题的人数"], summary["超期在所"]) == ("2", "2", "1")
    assert summary["没有检查：家属通知是否按时"] == "缺“家属通知日期”列"


# The page -------------------------------------------------------------------------------------


@pytest.fixture
def desk(client):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        client.force_login(make.officer("assessor", make.facility()))
        yield client


def sent(desk, **more):
    data = {"file": upload(), "as_of": "2026-11-22"} | more
    return desk.post(reverse("intake:checkup-create"), data)


@pytest.mark.django_db
def test_checkup_create(desk):
    page = desk.get(reverse("intake:checkup-create")).content.decode()
    assert 'name="file"' in page
    assert 'value="2026-11-21"' in page

    answer = sent(desk)
    page = answer.content.decode()

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "共 3 人" in page
    assert "2 人有问题，共 2 条" in page
    assert page.index("期满日 2026-03-04，至 2026-11-22 没有解除") < page.index(
        "登记的期满日 2027-03-09"
    )
    assert "《国家赔偿法》第三条" in page
    assert "没有用到的列：序号、备注" in page


@pytest.mark.django_db
def test_checkup_create_shows_one_kind(desk):
    answer = desk.post(
        reverse("intake:checkup-create"),
        {"file": upload(), "as_of": "2026-11-22", "kind": "wrong_end"}, headers=HTMX,
    )  # fmt: skip
    page = answer.content.decode()

    assert "<html" not in page
    assert "登记的期满日 2027-03-09" in page
    assert "没有解除" not in page
    assert "超期在所 1" in page


@pytest.mark.django_db
def test_checkup_create_shows_the_worst_of_very_many(desk):
    many = workbook(TITLES, *[WRONG] * SHOWN, LATE)

    page = sent(desk, file=upload(many)).content.decode()

    assert f"只列最重的 {SHOWN} 条，还有 1 条" in page
    assert page.index("没有解除") < page.index("登记的期满日")


@pytest.mark.django_db
def test_checkup_create_finds_nothing(desk):
    page = sent(desk, file=upload(workbook(TITLES, RIGHT))).content.decode()

    assert "没有发现问题" in page


@pytest.mark.django_db
def test_checkup_create_gives_the_workbook(desk):
    answer = sent(desk, act="export")

    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert [row[1].value for row in book["体检结果"].iter_rows(min_row=2)] == ["示例卢", "示例安"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"file": upload(b"\xd0\xcf\x11\xe0rest")}, "“人员表”：这是旧版 .xls 或加了密码的文件"),
        ({"file": upload(name="人员.doc")}, "“人员表”的文件类型不对，只收：xlsx, csv。"),
        ({"file": ""}, "“人员表”还没有文件，请选择一个文件。"),
        ({"as_of": "明天"}, "“体检日期”不是有效的日期"),
        ({"kind": "坏"}, "“类别”不在可选范围内"),
    ],
)
def test_checkup_create_refuses_in_one_sentence(desk, changed, sentence):
    answer = sent(desk, **changed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


@pytest.mark.django_db
def test_checkup_create_refuses_what_is_too_large(desk, monkeypatch):
    monkeypatch.setattr("intake.sheets.MAX_FILE_BYTES", 100)

    answer = sent(desk)

    assert answer.status_code == 422
    assert "“人员表”超过 20 MB，请拆成几份后再上传。" in answer.content.decode()


@pytest.mark.django_db
def test_nothing_of_the_sheet_is_kept(desk, caplog, monkeypatch):
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryUploadedFile", lambda *_: pytest.fail("on disk")
    )
    lines = [TITLES, LATE, *[[*RIGHT[:-1], "某" * 3000]] * 500]  # more than Django keeps in memory
    large = "\n".join(",".join(map(str, line)) for line in lines).encode()
    before = dict(desk.session.items())

    with CaptureQueriesContext(connection) as asked, caplog.at_level("DEBUG"):
        answers = [
            sent(desk, file=upload(large, "人员.csv"), act="export"),
            sent(desk, file=upload(large, "人员.csv")),
            sent(desk, file=upload(b"PK\x03\x04", name="示例卢.xlsx")),
        ]

    said = [query["sql"] for query in asked.captured_queries]
    changing = [sql for sql in said if re.match(r"\s*(INSERT|UPDATE|DELETE)", sql, re.IGNORECASE)]
    assert [answer.status_code for answer in answers] == [200, 200, 422]
    assert changing == []
    assert "示例卢" not in "".join(said) + caplog.text
    assert dict(desk.session.items()) == before


@pytest.mark.django_db
def test_checkup_sheet(desk):
    answer = desk.get(reverse("intake:checkup-sheet"))

    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book["人员"]["A1"].value == "姓名"
    assert book["人员"].max_row == 1


# The command ----------------------------------------------------------------------------------


def told(file, *more, as_of="2026-11-22"):
    """What `manage.py check_dates` answers, and how it ends."""
    out, err, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command("check_dates", file, "--as-of", as_of, *more, stdout=out, stderr=err)
    except SystemExit as end:
        status = end.code
    return status, out.getvalue(), err.getvalue()


def test_the_command_asks_no_database(tmp_path):
    file = tmp_path / "人员.xlsx"
    file.write_bytes(PEOPLE)

    done = subprocess.run(
        [sys.executable, "manage.py", "check_dates", str(file), "--as-of", "2026-11-22", "--json"],
        cwd=settings.BASE_DIR, env={"PATH": os.environ["PATH"], "DATABASE_URL": NOBODY},
        capture_output=True,
    )  # fmt: skip

    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert done.stdout.decode() == told(file, "--json")[1]
    answer = json.loads(done.stdout)
    assert (answer["people"], answer["people_with_findings"]) == (3, 2)
    assert answer["by_kind"] == {"overstay": 1, "wrong_end": 1}
    first = answer["findings"][0]
    assert (first["line"], first["name"], first["kind"], first["severity"], first["days"]) == (
        4, "示例卢", "overstay", "serious", 263,
    )  # fmt: skip
    assert first["article"] == "《国家赔偿法》第三条"
    assert first["steps"] == [
        {
            "article": "《戒毒条例》第二十七条第一款",
            "says": "自作出决定之日起满二年",
            "ends_on": "2026-03-04",
        }
    ]
    assert answer["unused_columns"] == ["序号", "备注"]


def test_the_command_in_words(tmp_path):
    file = tmp_path / "人员.csv"
    file.write_text("编号,决定日期,脱逃日期\n甲,无,\n乙,2025-03-05,2026-05-01\n", encoding="utf-8")

    status, out, _ = told(file)

    assert status == 0
    summary, first, second = out.splitlines()
    assert summary == "共 2 人，2 人有问题"
    assert first.startswith(
        "第 2 行 甲 [严重·缺少事实] 决定日期：没有决定日期，期限不能推算；应当："
    )
    assert second.startswith(
        "第 3 行 乙 [请核对·不得提前解除] 脱逃日期：曾脱逃，不得提前解除；应当："
    )
    assert second.endswith("（《戒毒条例》第三十二条）")


@pytest.mark.parametrize(
    ("name", "as_of", "sentence"),
    [
        ("没有.xlsx", "2026-11-22", "不能读取文件"),
        ("坏.csv", "2026-11-22", "没有找到表头"),
        ("坏.csv", "今天", "--as-of“今天”不是日期，请写成 2026-11-21 的样子。"),
    ],
)
def test_the_command_refuses_in_one_sentence(tmp_path, name, as_of, sentence):
    (tmp_path / "坏.csv").write_text("甲,乙\n", encoding="utf-8")

    status, out, said = told(tmp_path / name, as_of=as_of)

    assert (status, out) == (1, "")
    assert sentence in said
    assert said.count("。") == 1


ANNIVERSARY = "姓名,决定日期,期限起止\n示例甲,2026-06-01,2026-06-01至2028-06-01\n"


@pytest.mark.parametrize(
    ("more", "found"),
    [((), 1), (("--anniversary-from", "2026-01-01"), 0), (("--anniversary-from", "2026-06-02"), 1)],
)
def test_the_command_is_told_what_the_province_prints(tmp_path, more, found):
    file = tmp_path / "人员.csv"
    file.write_text(ANNIVERSARY, encoding="utf-8")

    _, out, _ = told(file, "--json", *more)

    printed = [one for one in json.loads(out)["findings"] if "截止日期" in one["message"]]
    assert len(printed) == found


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["assessor", "bureau_approver", "elsewhere"])
def test_the_page_knows_what_the_users_province_prints(client, whose):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        bureau = make.officer("bureau_approver", facility.province)
        stranger = make.facility("T02", province=make.bureau("另一省戒毒管理局"))
        officers = {
            "assessor": make.officer("assessor", facility),
            "bureau_approver": bureau,
            "elsewhere": make.officer("assessor", stranger),
        }
        client.force_login(officers[whose])
        before = sent(client, file=upload(ANNIVERSARY.encode(), "人员.csv")).content.decode()
        EndConvention.objects.create(
            province=facility.province, effective_from=date(2026, 1, 1), prints=["anniversary"],
            set_by=bureau, set_at=make.NOON,
        )  # fmt: skip
        after = sent(client, file=upload(ANNIVERSARY.encode(), "人员.csv")).content.decode()

    said = "比按二年计算的 2028-05-31 晚 1 日"
    assert (said in before, said in after) == (True, whose == "elsewhere")

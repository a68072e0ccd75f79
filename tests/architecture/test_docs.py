"""The written house: numbered, linked, current, and drawn from the sources where it can be."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db.models import TextChoices

from rehab import statutes
from rehab.end_moves import END_MOVES
from rehab.management.commands import generate_docs
from reporting.demo.accounts import SIGNED_IN

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
ADRS = sorted(DOCS.glob("adr/*.md"))
PAGES = sorted(DOCS.rglob("*.md"))


def name_of(path):
    return path.relative_to(DOCS).as_posix()


def test_decisions_are_numbered_without_a_gap():
    assert [path.name[:4] for path in ADRS] == [f"{n:04d}" for n in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("path", ADRS, ids=name_of)
def test_decision_has_the_number_of_its_file_and_three_parts_on_one_page(path):
    text = path.read_text(encoding="utf-8")

    assert re.fullmatch(rf"# ADR-{path.name[:4]} · .+", text.splitlines()[0])
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert len(text.splitlines()) <= 60


def test_decisions_are_only_cited_by_a_number_that_exists():
    known = {path.name[:4] for path in ADRS}

    sources = [path for app in generate_docs.APPS for path in ROOT.glob(f"{app}/**/*.py")]
    cited = {
        number
        for path in [*sources, *PAGES]
        for number in re.findall(r"ADR-(\d{4})", path.read_text(encoding="utf-8"))
    }

    assert cited <= known


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8"))

    assert [link for link in links if not (path.parent / link).exists()] == []


def test_the_glossary_gives_each_word_one_meaning():
    rows = re.findall(
        r"^\| (`.+?) \|", (DOCS / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    codes = [code for row in rows for code in re.findall(r"`(\w+)`", row)]

    assert len(codes) > 60
    assert sorted(codes) == sorted(set(codes))


def test_generated_pages_name_every_article(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / "zones").mkdir()
    (tmp_path / "zones" / "rules.py").write_text(
        "from rehab import statutes\n"
        "from rehab.statutes import ESCAPE, Article\n"
        "EDGES = {1: statutes.RELEASE}\n"
        "def bars() -> Article:\n    return ESCAPE\n"
        "print(statutes.ALL, statutes.VISITS)\n",
        encoding="utf-8",
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_rules.py").write_text(
        "def test_bars():\n    assert bars() == statutes.ESCAPE\n", encoding="utf-8"
    )
    (tmp_path / "templates" / "typst").mkdir(parents=True)
    (tmp_path / "templates" / "typst" / "rights.typ").write_text('#article("VISITS")')

    call_command("generate_docs")

    page = (tmp_path / "docs" / "statutes.md").read_text(encoding="utf-8")
    rows = {
        row.split("`")[1]: row for row in page.splitlines() if row.startswith("| ") and "`" in row
    }
    assert set(rows) == set(statutes.BY_CODE)
    assert "`zones/rules.py`：`bars` | `tests/test_rules.py` |" in rows["ESCAPE"]
    assert "`zones/rules.py`：`EDGES` |  |" in rows["RELEASE"]
    assert "`templates/typst/rights.typ`<br>`zones/rules.py` |  |" in rows["VISITS"]
    assert rows["FAMILY_NOTICE"].startswith("| 约第十六条，未经确认 |")
    assert rows["ASSESSMENT_TIMES"].startswith("| 条号未经确认 |")


def test_generated_pages_that_went_stale_fail_the_check(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    call_command("generate_docs")
    call_command("generate_docs", check=True)
    states = tmp_path / "docs" / "states.md"
    states.write_text(states.read_text(encoding="utf-8") + "手改\n", encoding="utf-8")

    with pytest.raises(CommandError, match="-手改"):
        call_command("generate_docs", check=True)

    assert states.read_text(encoding="utf-8").endswith("手改\n")


def test_generated_pages_that_are_missing_fail_the_check(tmp_path, settings):
    settings.BASE_DIR = tmp_path

    with pytest.raises(CommandError, match="状态与流转"):
        call_command("generate_docs", check=True)


class Light(TextChoices):
    RED = "red", "红"
    GREEN = "green", "绿"
    OUT = "out", "灭"


def test_diagram_puts_the_article_on_the_arrow():
    drawn = generate_docs.diagram(
        {(Light.RED, Light.GREEN): statutes.RELEASE, (Light.GREEN, Light.OUT): None}
    )

    assert drawn.splitlines() == [
        "stateDiagram-v2",
        '    state "红" as red',
        '    state "绿" as green',
        '    state "灭" as out',
        "    [*] --> red",
        "    red --> green: 《戒毒条例》第三十四条",
        "    green --> out",
        "    out --> [*]",
    ]


def test_diagram_of_a_circle_begins_with_the_first_state():
    drawn = generate_docs.diagram({(Light.RED, Light.GREEN): None, (Light.GREEN, Light.RED): None})

    assert "    [*] --> red" in drawn
    assert drawn.count("[*]") == 1


def test_every_table_of_edges_of_a_module_is_found():
    module = ModuleType("zones.states")
    module.EDGES = {(Light.RED, Light.GREEN): None}
    module.HOLD_EDGES = {(Light.GREEN, Light.RED): None}
    module.FINAL = {Light.OUT}

    assert list(generate_docs.edges_of(module)) == ["zones.states.EDGES", "zones.states.HOLD_EDGES"]


def test_the_states_of_the_house_are_drawn():
    page = generate_docs.states_page(generate_docs.edge_tables(ROOT), END_MOVES)

    assert "## `rehab.states.EDGES`\n\n```mermaid\nstateDiagram-v2" in page


def test_what_moves_a_last_day_is_named_with_those_who_sign():
    rows = generate_docs.end_moves_section(END_MOVES)

    assert (
        "| 确认脱逃期间不计入期限 | 《戒毒条例》第三十二条 | 收治民警、所领导 | 所领导 | "
        "须有追回时间、公安机关接报回执、本人陈述 | `rehab.actions.escapes.confirm_uncounted` |"
    ) in rows
    assert any(
        row.startswith("| 确认期限决定 |") and "| 诊断评估中心人员 | 所领导、省局审批人员 |" in row
        for row in rows
    )


# The README


def accounts_of_the_readme() -> set[str]:
    """Every username in the first column of 演示账号; `x1` 至 `x5` are five."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("### 演示账号")[2].partition("\n## ")[0]
    names = set()
    for line in table.splitlines():
        cell = line.split("|")[1] if line.startswith("| `") else ""
        names |= set(re.findall(r"`(\w+)`", cell))
        if spread := re.search(r"`([a-z]+)(\d)`.*至 `\1(\d)`", cell):
            stem, first, last = spread[1], int(spread[2]), int(spread[3])
            names |= {f"{stem}{n}" for n in range(first, last + 1)}
    return names


def test_the_readme_lists_every_demo_account():
    assert accounts_of_the_readme() == {plan.username for plan in SIGNED_IN}

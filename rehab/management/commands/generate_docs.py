"""`manage.py generate_docs [--check]`: the pages of docs/ that are drawn from the sources."""

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from difflib import unified_diff
from itertools import groupby
from pathlib import Path
from types import ModuleType
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Choices

from rehab import statutes
from rehab.end_moves import END_MOVES, EndMove
from rehab.permissions import Permission
from rehab.roles import STARTING_ROLES
from rehab.statutes import Article

APPS = ("rehab", "centers", "zones", "intake", "aftercare", "reporting")
TITLE = "<!-- 由 manage.py generate_docs 生成，请勿手改 -->\n\n# {}\n"

Edges = Mapping[tuple[Choices, Choices], Article | None]


class Command(BaseCommand):
    help = "由源代码生成 docs/statutes.md 和 docs/states.md；--check 只比较，不一致时退出码为 1。"
    requires_system_checks: list[str] = []  # it reads sources only

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="只比较，不写文件")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        root = Path(settings.BASE_DIR)
        pages = {
            root / "docs" / "statutes.md": statutes_page(mentions(root)),
            root / "docs" / "states.md": states_page(edge_tables(root), END_MOVES),
        }
        if check:
            stale = "".join(difference(path, wanted) for path, wanted in pages.items())
            if stale:
                raise CommandError(f"文档已过时，请运行 manage.py generate_docs：\n{stale}")
            return
        for path, wanted in pages.items():
            path.write_text(wanted, encoding="utf-8")


def difference(path: Path, wanted: str) -> str:
    """What running the command would change in a page; empty when it is current."""
    present = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = unified_diff(present.splitlines(True), wanted.splitlines(True), path.name, "generated")
    return "".join(lines)


# docs/statutes.md: article → gist → what uses it → what tests it --------------------------------


def mentions(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Code of an article → (path, name) of every definition or document that names it, in order."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for path in sources(root):
        text = path.read_text(encoding="utf-8")
        named = in_python(text) if path.suffix == ".py" else in_typst(text)
        for code, name in named:
            found[code].add((path.relative_to(root).as_posix(), name))
    return {code: sorted(places) for code, places in found.items()}


def sources(root: Path) -> Iterator[Path]:
    """Everything that may rest on an article, but for the statutes themselves."""
    for app in (*APPS, "tests"):
        yield from root.glob(f"{app}/**/*.py")
    yield from root.glob("templates/typst/*.typ")
    yield from root.glob("templates/typst/*.toml")


def in_python(text: str) -> Iterator[tuple[str, str]]:
    """(code, top-level name) for each `statutes.CODE`, and each CODE imported by name."""
    tree = ast.parse(text)
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "rehab.statutes"
        for alias in node.names
    }
    for statement in tree.body:
        for node in ast.walk(statement):
            match node:
                case ast.Attribute(value=ast.Name(id="statutes"), attr=code):
                    pass
                case ast.Name(id=code) if code in imported:
                    pass
                case _:
                    continue
            if code in statutes.BY_CODE:
                yield code, name_of(statement)


def name_of(statement: ast.stmt) -> str:
    """What a top-level statement defines; empty when it defines nothing."""
    match statement:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def in_typst(text: str) -> Iterator[tuple[str, str]]:
    """(code, "") for each `article("CODE")` of a layout and each `{CODE}` of its wording."""
    for in_layout, in_wording in re.findall(r'article\("([A-Z_]+)"\)|\{([A-Z_]+)\}', text):
        yield in_layout or in_wording, ""


def statutes_page(found: Mapping[str, list[tuple[str, str]]]) -> str:
    """The articles, law by law, each with what rests on it."""
    parts = [
        TITLE.format("法律依据"),
        "条文只引在 `rehab/statutes.py`；此处列出每一条的要旨（不是原文）、所用之处和测试。\n",
        "标有“未经确认”的，条号或者内容以经办单位法制部门核定为准。\n",
    ]
    for law, articles in groupby(sorted(statutes.ALL, key=in_order), key=lambda a: a.law):
        parts.append(f"\n## 《{law}》\n")
        parts.append(
            "| 条 | 代码 | 要旨 | 施行 | 所用之处 | 测试 |\n| --- | --- | --- | --- | --- | --- |"
        )
        parts.extend(map(lambda article: statute_row(article, found), articles))
    return "\n".join(parts) + "\n"


def in_order(article: Article) -> int:
    """Laws as they first appear in the source, articles as written there."""
    laws = list(dict.fromkeys(other.law for other in statutes.ALL))
    return laws.index(article.law)


def statute_row(article: Article, found: Mapping[str, list[tuple[str, str]]]) -> str:
    places = found.get(article.code, [])
    recalled = f"约{article.number}，未经确认" if article.number else "条号未经确认"
    cells = (
        article.number if article.confirmed else recalled,
        f"`{article.code}`",
        article.gist,
        article.in_force_from.isoformat(),
        places_cell(place for place in places if not place[0].startswith("tests/")),
        places_cell((path, "") for path, _ in places if path.startswith("tests/")),
    )
    return f"| {' | '.join(cells)} |"


def places_cell(places: Iterable[tuple[str, str]]) -> str:
    """`path`: `name`, `name`, one path a line."""
    lines = []
    for path, group in groupby(places, key=lambda place: place[0]):
        names = "、".join(f"`{name}`" for _, name in group if name)
        lines.append(f"`{path}`" + (f"：{names}" if names else ""))
    return "<br>".join(lines)


# docs/states.md: every edge table as a diagram ----------------------------------------------------


def edge_tables(root: Path) -> dict[str, Edges]:
    """Dotted name → table, for every `EDGES` or `…_EDGES` of every `states` module."""
    tables: dict[str, Edges] = {}
    for app in APPS:
        for path in sorted(root.glob(f"{app}/**/states.py")):
            dotted = ".".join(path.relative_to(root).with_suffix("").parts)
            tables |= edges_of(importlib.import_module(dotted))
    return tables


def edges_of(module: ModuleType) -> dict[str, Edges]:
    """The edge tables of one module, by dotted name."""
    return {
        f"{module.__name__}.{name}": value
        for name, value in vars(module).items()
        if name == "EDGES" or name.endswith("_EDGES")
    }


def states_page(tables: Mapping[str, Edges], moves: Mapping[str, EndMove]) -> str:
    """A diagram for each table, with what entitles each step on its arrow; and what moves a last day."""
    parts = [
        TITLE.format("状态与流转"),
        "每一步只能沿箭头走；箭头上是法律依据，没有字的是内部流程。\n",
    ]
    for name, edges in tables.items():
        parts += [f"\n## `{name}`\n", "```mermaid", diagram(edges), "```"]
    return "\n".join([*parts, *end_moves_section(moves)]) + "\n"


def end_moves_section(moves: Mapping[str, EndMove]) -> list[str]:
    """The acts that move a last day, on which article, and whose two signatures it takes."""
    return [
        "\n## 哪些操作会改变期满日\n",
        "收治时以决定书载明的截止日期为期满日。此后只有下列操作改变它，都由一人提请、另一人确认；确认以前期满日不变。\n",
        "其他操作和夜间任务都不改变它：测试逐一试过系统的每个操作，改变了期满日的与此表一致。\n",
        "| 操作 | 依据 | 提请 | 确认 | 条件 | 代码 |\n| --- | --- | --- | --- | --- | --- |",
        *(end_move_row(act, move) for act, move in moves.items()),
    ]


def end_move_row(act: str, move: EndMove) -> str:
    cells = (
        move.label,
        "、".join(map(str, move.articles)),
        holders((move.proposed_under,)),
        holders(move.confirmed_under),
        move.note,
        f"`{act}`",
    )
    return f"| {' | '.join(cells)} |"


def holders(permissions: Iterable[Permission]) -> str:
    """The roles that an installation starts with and that hold one of these."""
    wanted = set(permissions)
    return "、".join(one.display_name for one in STARTING_ROLES if wanted & one.permissions)


def diagram(edges: Edges) -> str:
    """Mermaid: it begins where no arrow leads, or at the first state declared."""
    states = list(dict.fromkeys(state for edge in edges for state in edge))
    reached = {end for _, end in edges}
    left = {start for start, _ in edges}
    starts = [state for state in states if state not in reached] or states[:1]
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{state.label}" as {state.value}' for state in states]
    lines += [f"    [*] --> {state.value}" for state in starts]
    for (start, end), article in edges.items():
        lines.append(f"    {start.value} --> {end.value}" + (f": {article}" if article else ""))
    lines += [f"    {state.value} --> [*]" for state in states if state not in left]
    return "\n".join(lines)

"""Conventions of the house that no linter checks: its map, its stems, its acts, its templates."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import NoReverseMatch, reverse

from rehab.ledgers.deadlines import clocks
from reporting.menu import MENU
from tests.architecture.cells import ALL

ROOT = Path(settings.BASE_DIR)
APPS = ("rehab", "centers", "zones", "intake", "aftercare", "reporting")
ROOMS = APPS[:-1]  # the roof has no acts and no rows
SOURCES = sorted(
    path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

NO_NAMES = {"utils", "helpers", "common", "managers", "signals", "admin"}
HOMELESS = NO_NAMES | {
    "services"
}  # `rehab/services.py` is the embedded servers, no layer of the house
EDGES = {"views", "api", "tasks", "forms"}  # modules that decide nothing and write nothing
FRAMES = {
    "components",
    "errors",
    "registration",
    "typst",
}  # shared folders beside those of the apps
ROOT_PAGE = re.compile(r"base\.html|[45]\d\d(_csrf)?\.html")
NO_STEM = {  # names that are one word, fixed before the rest, and the second page of one of them
    "login", "login-code", "logout", "healthz", "reporting:search", "reporting:dashboard", "reporting:ui",
}  # fmt: skip


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def at_the_edge(path):
    return bool(EDGES & {path.stem, *path.relative_to(ROOT).parts[1:-1]})


def test_no_module_is_a_drawer_for_odds_and_ends():
    odd = {name_of(path) for path in SOURCES if path.stem in HOMELESS}

    assert odd == {"rehab/services.py"}


@pytest.mark.parametrize("name", sorted(ALL.keys() - NO_STEM))
def test_one_stem_names_url_view_and_template(name):
    app, _, stem = name.rpartition(":")
    callback = ALL[name].callback
    kind = getattr(callback, "view_class", None)

    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", stem)
    if kind is None:
        view = inspect.unwrap(callback)
        assert view.__name__ == stem.replace("-", "_")
        drawn = set(re.findall(rf'"({app}/[a-z_]+\.html)', inspect.getsource(view)))
        assert all((ROOT / "templates" / template).exists() for template in drawn)
    else:
        assert (
            f"api{''.join(f'-{word.lower()}' for word in re.findall('[A-Z][a-z]+', kind.__name__))}"
            == stem
        )


@pytest.mark.parametrize("app", ROOMS)
def test_acts_are_told_everything_by_name(app):
    acts = import_module(f"{app}.actions")
    modules = [acts] + [
        import_module(f"{app}.actions.{path.stem}")
        for path in sorted((ROOT / app / "actions").glob("[a-z]*.py"))
    ]
    loose = {
        f"{act.__module__}.{name}"
        for module in modules
        for name, act in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_")
        and re.match(rf"{app}\.(\w+\.)?actions\b", act.__module__)
        and "by" in (parameters := inspect.signature(act).parameters)
        and any(one.kind is not one.KEYWORD_ONLY for one in parameters.values())
    }

    assert loose == set()


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_net_catches_everything(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nets = [
        one.lineno
        for one in ast.walk(tree)
        if isinstance(one, ast.ExceptHandler)
        and (one.type is None or getattr(one.type, "id", "") in ("Exception", "BaseException"))
    ]

    assert nets == [] or name_of(path) in {
        "rehab/net.py",
        "rehab/typeset.py",  # the panic of its compiler is no Exception; anything else goes on up
    }


@pytest.mark.parametrize("path", [path for path in SOURCES if at_the_edge(path)], ids=name_of)
def test_edges_write_no_row(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    writes = [
        f"{one.lineno}: .{one.func.attr}("
        for one in ast.walk(tree)
        if isinstance(one, ast.Call)
        and isinstance(one.func, ast.Attribute)
        and one.func.attr in {"save", "create", "bulk_create", "get_or_create", "update_or_create"}
    ]

    assert writes == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_keep_the_policy(path):
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"\|\s*safe\b|autoescape\s+off|mark_safe", text)
    assert not re.search(r"\sstyle=|<style\b|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text)
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_live_with_their_app(path):
    folder, *rest = path.relative_to(ROOT / "templates").parts

    assert folder in {*APPS, *FRAMES} if rest else ROOT_PAGE.fullmatch(folder)


@pytest.mark.parametrize("app", ROOMS)
def test_every_app_with_rows_has_its_factory(app):
    assert (ROOT / "tests" / "factories" / f"{app}.py").exists()


def test_every_clock_leads_to_a_page_where_the_act_is_done():
    lost = set()
    for code, clock in clocks().items():
        try:
            reverse(clock.url_name, args=["SL01-2026-0001"])
        except NoReverseMatch:
            lost.add((code, clock.url_name))

    assert lost == set()


def test_every_line_of_the_menu_leads_somewhere():
    assert all(reverse(entry.url_name) for group in MENU for entry in group.entries)

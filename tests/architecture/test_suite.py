"""The tests themselves: none is passed over."""

import ast
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
PASSING_OVER = {
    "skip", "skipif", "skipIf", "skipUnless", "skipTest", "SkipTest", "Skipped", "xfail",
    "expectedFailure", "importorskip",
}  # fmt: skip


def passed_over(source):
    """The names in a program by which a test is passed over, or may fail; words in texts do not count."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name):
                if name in PASSING_OVER:
                    yield name


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_test_is_passed_over(path):
    assert list(passed_over(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("pytest.skip('later')", "skip"),
        ("@pytest.mark.skip\ndef test(): ...", "skip"),
        ("@pytest.mark.skipif(True, reason='x')\ndef test(): ...", "skipif"),
        ("pytestmark = [pytest.mark.xfail]", "xfail"),
        ("pytest.param(1, marks=pytest.mark.xfail(strict=True))", "xfail"),
        ("redis = pytest.importorskip('redis')", "importorskip"),
        ("from pytest import skip", "skip"),
        ("@unittest.skipUnless(x, 'y')\nclass Test: ...", "skipUnless"),
        ("self.skipTest('x')", "skipTest"),
    ],
)
def test_every_way_of_passing_over_is_known(source, name):
    assert name in passed_over(source)


def test_words_are_no_way_of_passing_over():
    assert list(passed_over("wanted = 'skip'  # skip\nwanted.strip()")) == []

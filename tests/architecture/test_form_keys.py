"""Every form that acts carries its key, and every view that takes one keeps drafts and acts once."""

import ast
import re

import pytest

from tests.architecture.test_ladder import ROOT, TEMPLATES, name_of

FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.S)
NO_KEY = {  # forms that act on nothing that a second press could double, each with its reason
    "components/top.html": "a search, and signing out",
    "intake/_absence_search.html": "a search",
    "intake/checkup_create.html": "it only looks, and nothing of it is kept",
    "components/demo_bar.html": "the demo's clock stands where it is put",
    "registration/login.html": "nobody is signed in",
    "reporting/notice_list.html": "what is read is read",
    "reporting/_notice_row.html": "what is read is read",
    "rehab/saved_list_list.html": "one list of a name, whoever presses twice",
    "rehab/_saved_list.html": "what is gone is gone",
    "reporting/access_create.html": "each opening of what is sealed is kept, and shows its page at once",
    "centers/screening_detail.html": "each opening of what is sealed is kept, and shows its page at once",
    "rehab/password_change.html": "a password is kept nowhere, and changing it twice is changing it",
    "registration/login_code.html": "nobody is signed in",
    "rehab/factor_set.html": "a code is kept nowhere, and is good once",
    "errors/again.html": "its key is a fresh one by hand",
}
ONLY_LOOKS = re.compile(r"-(print|verify)'")  # each print is kept, and says which copy it is
FIELDS = re.compile(r"components/field\.html|<textarea|<input(?![^>]*type=\"(?:hidden|checkbox)\")")


def forms_of(path):
    return [
        form
        for form in FORM.findall(path.read_text(encoding="utf-8"))
        if 'method="post"' in form and "action=" in form and not ONLY_LOOKS.search(form)
    ]


ACTING = [path for path in TEMPLATES if forms_of(path)]


@pytest.mark.parametrize("path", ACTING, ids=name_of)
def test_every_form_that_acts_carries_its_key(path):
    name = path.relative_to(ROOT / "templates").as_posix()
    lacking = [form[:120] for form in forms_of(path) if "{% form_key" not in form]

    assert bool(lacking) == (name in NO_KEY), lacking


@pytest.mark.parametrize("path", ACTING, ids=name_of)
def test_every_form_that_takes_typing_keeps_a_draft_and_moves_on_with_enter(path):
    typed = [form for form in forms_of(path) if "{% form_key" in form and FIELDS.search(form)]

    assert [form[:120] for form in typed if not re.search(r"{% form_key \S+ %}", form)] == []
    assert [form[:120] for form in typed if "data-enter-next" not in form] == []


def views_of(path):
    """The functions of a module that answer a POST, with the names of their decorators."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for one in tree.body:
        if isinstance(one, ast.FunctionDef) and one.decorator_list:
            names = {ast.unparse(word).split("(")[0] for word in one.decorator_list}
            if '"POST"' in "".join(ast.unparse(d) for d in one.decorator_list).replace("'", '"'):
                yield one.name, names


ONCE = {"form_page", "batch_page"}
NOT_ONCE = {
    "screening_detail",
    "access_create",
    "password_change",
    "factor_set",
    "search",
    "absence_search",
    "checkup_create",
}  # as above; searches and a checkup only look


def test_every_page_with_a_form_does_it_once():
    missing = {
        f"{name_of(path)}: {view}"
        for path in ROOT.glob("*/**/views/*.py")
        for view, names in views_of(path)
        if not names & ONCE and view not in NOT_ONCE and not view.endswith(("_print", "_verify"))
    } | {
        f"{name_of(path)}: {view}"
        for path in ROOT.glob("*/**/views.py")
        for view, names in views_of(path)
        if not names & ONCE and view not in NOT_ONCE
    }

    assert missing == set()

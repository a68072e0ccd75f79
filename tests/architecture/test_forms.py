"""The form storm: whatever is sent to any form, the house answers in one sentence and loses nothing.

Nothing here knows a form by name. A request shows which forms a view makes; their fields say what to send.
"""

import html
import re
from contextlib import contextmanager
from uuid import UUID

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from centers.states import OpinionStep
from intake.rules.completion import DUTIES
from rehab.forms import HouseForm, spoken_name
from tests.architecture.cells import ALL, SUBJECTS, entrances
from tests.architecture.world import ON_THE_WAY
from tests.harness.forms import Fields, fields_on

pytestmark = pytest.mark.usefixtures("sparing")

NOT_SENT = {  # forms that no request of the storm makes, each with its reason
    "django.": "made for a list of people or a scale; judged by the class of ours it was made of",
    "tests.": "a form of another test",
    "reporting.gallery.": "pictures in the gallery, which takes no answer",
    "rehab.account_forms.DemoClockForm": "is there with DEMO=1 alone; tests/rehab/test_demo.py sends it",
}
NASTY = (
    "\x00", "示\x00例", "<script>alert(1)</script>", "\"'><b>&amp;", "𠀀𪚥", "😀" * 40, "长" * 3000,
    "\u202e反", "\r\n\t", "{{ 1 }}{% x %}", "%s%(label)s", "' OR 1=1 --", "９９９", "１.５",
    "../../etc", "NaN", "Infinity", "-0", "1e400", str(2**31), str(-(2**63)), str(10**30),
    "0001-01-01", "9999-12-31", "2026-02-30", "2026-11-21T12:00", "9999-12-31T23:59", "0000-00-00",
    str(UUID(int=0)), "true", "__all__",
)  # fmt: skip

BESIDE = {  # what a page sends along with its form, to say which of several it is
    "page": NASTY,
    "act": ("mark", "confirm"),
    "duty": tuple(duty.code for duty in DUTIES),
    "step": tuple(OpinionStep.values),
}
WHOSE_FORM = {"centers:opinion-detail": "assessor"}  # of a page that many read and few fill in
NOT_OPEN = {  # acts without a form that stand open nowhere in the nation, each with the test that does them
    "aftercare:inquiry-create": "no printed end differs; tests/aftercare/test_inquiries.py makes it",
    "aftercare:certificate-print": "nobody has left; tests/aftercare/test_views.py prints it",
    "wording-confirm": "who worded it may not; tests/rehab/test_wording_views.py has a second officer",
}
EXAMPLES = 12
UNREAD = 3  # of a page that is only opened: its forms stand there empty, whatever its address says
CHINESE = re.compile(r"[\u4e00-\u9fff]")

junk = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=("Cs",)), max_size=60),
    st.integers().map(str),
)


@contextmanager
def watched():
    """The forms that are made inside the block, in their order."""
    made, genuine = [], HouseForm.__init__

    def noted(form, *args, **kwargs):
        genuine(form, *args, **kwargs)
        made.append(form)

    HouseForm.__init__ = noted
    try:
        yield made
    finally:
        HouseForm.__init__ = genuine


def plausible(field):
    """What an officer might well have put into a field, as a browser sends it."""
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        return st.lists(st.sampled_from([*_choices(field), "0"]), max_size=3)
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        return st.sampled_from([*_choices(field), ""])
    if isinstance(field, forms.BooleanField):
        return st.just("on")
    if isinstance(field, forms.FileField):
        return st.builds(
            SimpleUploadedFile,
            st.sampled_from(["名册.xlsx", "a.csv", "长" * 200 + ".xlsx", "x"]),
            st.binary(max_size=200),
        )
    if isinstance(field, forms.DateTimeField):
        return st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M"))
    if isinstance(field, forms.DateField):
        return st.dates().map(str)
    if isinstance(field, forms.IntegerField):
        return st.integers(-5, 300).map(str)
    return st.sampled_from(["示例", "示例说明", "13", ""])


def _choices(field):
    flat = []
    for key, label in field.choices:
        flat += [k for k, _ in label] if isinstance(label, list | tuple) else [key]
    return [str(getattr(key, "value", key)) for key in flat]


def typed(data, form):
    """One filled form: each field left out, plausible, or junk."""
    body = {}
    for name, field in form.fields.items():
        how = data.draw(st.sampled_from(["out", "plausible", "plausible", "junk", "junk"]))
        if how != "out":
            value = data.draw(plausible(field) if how == "plausible" else junk)
            body[form.add_prefix(name)] = value
    return body


def flaws(answer, made, body, written, first):
    """What is wrong with how a filled form was answered; empty is right."""
    status = answer.status_code
    if status >= 500:
        return [f"{status}: {answer.exc_info[1]!r}"]
    if status != 422:
        return [] if status in (200, 302, 303) else [f"answered {status}"]
    page = html.unescape(answer.content.decode())
    again = fields_on(answer.content.decode())
    refused = [form for form in made if form._errors]  # those that the view judged
    barred = is_barred(answer)  # the act is refused, whatever stands in its form
    found = [f"{written} events written, and refused"] if written else []
    found += [] if refused or barred or 'role="alert"' in page else ["422 without a reason"]
    for form in refused:
        found += [
            flaw
            for name, errors in form.errors.items()
            for sentence in map(str, errors)
            for flaw in _flaws_of(sentence, name, form, page, not barred or shown(form, page))
        ]
    for form in (
        [form for form in made if form.is_bound and shown(form, page)] if barred else refused
    ):
        found += [f"lost: {bound.name}" for bound in form if lost(bound, body, first, again, page)]
    return found


def is_barred(answer):
    """Whether a page says why the act is not possible now."""
    return answer.status_code == 422 and 'class="obstacles"' in answer.content.decode()


def shown(form, page):
    """Whether a page shows a form for filling in: of a barred act it may leave it out."""
    return any(f'name="{bound.html_name}"' in page for bound in form.visible_fields())


def _flaws_of(sentence, name, form, page, is_shown):
    if not CHINESE.search(sentence):
        yield f"not Chinese: {sentence!r}"
    elif name in form.fields and spoken_name(form[name]) not in sentence:
        yield f"does not name {name}: {sentence!r}"
    if is_shown and html.unescape(sentence) not in page:
        yield f"not shown: {sentence!r}"


def lost(bound, body, first, again, page):
    """Whether something was put into a field that the page which refuses it would not send again."""
    name, widget = bound.html_name, bound.field.widget
    put = body.get(name)
    if bound.field.disabled or isinstance(widget, forms.PasswordInput | forms.HiddenInput):
        return False
    if isinstance(bound.field, forms.FileField):  # no page may put a file back: it asks for it anew
        return (
            isinstance(put, SimpleUploadedFile) and f"请重新选择“{spoken_name(bound)}”" not in page
        )
    kept, offered = again.sent.get(name, []), first.offered[name] | again.offered[name]
    if isinstance(widget, forms.CheckboxInput):
        return offered and widget.value_from_datadict(body, {}, name) and not kept
    put = [put] if isinstance(put, str) else put or []
    if isinstance(widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        put = [one for one in put if one in offered]  # a browser sends no other
    return not {_as_lines(one) for one in put} <= {_as_lines(one) for one in kept}


def _as_lines(words):
    return words.replace("\r\n", "\n").replace("\r", "\n")


def entrance(world, name, method, place=None):
    """The first at which the act is open, with its forms; where it is always barred, the last."""
    found = None
    for role, url in entrances(world, name, method, place):
        if role != WHOSE_FORM.get(name, role):
            continue
        barred, *forms = forms_of(world, role, url, method)
        found = role, url, barred, *forms
        if not barred:
            break
    assert found, "nobody may ever open this"
    return found


def forms_of(world, role, url, method):
    """What a view says when nothing is sent to it: whether it is barred, its forms, its fields."""
    with watched() as made:
        answer = world.ask(role, method, url)
    kinds = {(type(form).__qualname__, form.prefix): form for form in made}
    shows = not answer.streaming and answer["Content-Type"].startswith("text/html")
    fields = fields_on(answer.content.decode()) if shows else Fields()
    return shows and is_barred(answer), list(kinds.values()), fields


def reads(world, role, url, known):
    """Whether a page puts what stands in its address into a form."""
    body = {form.add_prefix(name): "示例" for form in known for name in form.fields}
    with watched() as made:
        world.ask(role, "GET", url, body)
    return any(form.is_bound for form in made)


OTHER_FORM = {"intake:departure-create": ON_THE_WAY}  # where a page asks for something else
SENT = set()
OPEN = {}  # of every page that is sent: whether it ever did the act, or said what was wrong in its form
PAGES = sorted(ALL.keys() & SUBJECTS.keys() - {"draft-save", "draft-drop", "api-schema"})


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    ("name", "place"), [*((name, None) for name in PAGES), *OTHER_FORM.items()]
)
def test_storm(name, place, method, world):
    role, url, barred, known, first = entrance(world, name, method, place)
    SENT.update(kind for form in known for kind in type(form).__mro__)
    if method == "POST":
        OPEN[name] = OPEN.get(name, False) or (not known and not barred)
    if not known:
        return  # a page without a form, or without this method

    @settings(
        max_examples=(EXAMPLES if method == "POST" or reads(world, role, url, known) else UNREAD),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def answered(data):
        body = {name: data.draw(st.sampled_from(words)) for name, words in BESIDE.items()}
        for form in known:
            body |= typed(data, form)
        with watched() as made:
            answer, written = world.submit(role, method, url, body)
        assert flaws(answer, made, body, written, first) == []
        if method == "POST" and not is_barred(answer):
            OPEN[name] = True

    answered()


def subclasses(kind):
    for one in kind.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_form_was_in_the_storm():
    """After the storm; a form that nobody sends has no place in the house."""
    missed = {
        f"{kind.__module__}.{kind.__qualname__}" for kind in set(subclasses(HouseForm)) - SENT
    }

    assert {name for name in missed if not name.startswith(tuple(NOT_SENT))} == set()


def test_every_act_was_open_to_the_storm():
    """After the storm; of an act that is always barred it would say nothing."""
    assert {name for name, was_open in OPEN.items() if not was_open} <= NOT_OPEN.keys()

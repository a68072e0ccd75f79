"""A colleague's change in between: taken over, kept, or asked, field by field."""

from datetime import date, datetime

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string

from rehab.changing import EMPTY, ChangeForm, key_of, status_of, words_of
from rehab.clock import SHANGHAI
from rehab.forms import DayField, HouseForm
from rehab.models import Bureau
from tests.factories import rehab as make


class Unit(ChangeForm):
    name = forms.CharField(label="名称", max_length=50)
    phone = forms.CharField(label="电话", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("1", "男"), ("2", "女")])
    opens_on = DayField(label="启用", required=False)


THEN = {"name": "一大队", "phone": "", "sex": "1", "opens_on": date(2026, 1, 1)}
SENT = {"name": "一大队", "phone": "", "sex": "1", "opens_on": "2026-01-01"}


def opened(**then):
    return Unit(now=THEN | then).opened


def sent(now, *, token=None, **typed):
    """The form as it comes back, while `now` stands there."""
    data = QueryDict(mutable=True)
    data.update(SENT | {"opened": opened() if token is None else token} | typed)
    return Unit(data, now=THEN | now, by={"phone": "示例甲 11-21 10:32"})


def test_nobody_else_was_there():
    form = sent({}, phone="010-1")

    assert form.is_valid()
    assert form.cleaned_data["phone"] == "010-1"
    assert (form.conflicts, form.left_as_found, form.left_as_found_words) == ([], [], "")


def test_what_only_a_colleague_changed_stays_and_is_said():
    form = sent({"phone": "010-9"}, name="二大队")

    assert form.is_valid()
    assert (form.cleaned_data["name"], form.cleaned_data["phone"]) == ("二大队", "010-9")
    assert form.left_as_found_words == f"您打开后同事改过的内容予以保留：电话 {EMPTY} → 010-9"


def test_both_wrote_the_same():
    assert sent({"phone": "010-9"}, phone="010-9").is_valid()


def test_what_both_changed_is_asked():
    form = sent({"phone": "010-9", "sex": "2"}, phone="010-1")

    assert not form.is_valid()
    assert status_of(form) == 409
    phone, sex = form.conflicts
    assert (phone.label, phone.opened, phone.typed, phone.now, phone.by, phone.touched) == (
        "电话", EMPTY, "010-1", "010-9", "示例甲 11-21 10:32", True,
    )  # fmt: skip
    assert (sex.label, sex.opened, sex.typed, sex.now, sex.touched) == (
        "性别", "男", "男", "女", False,
    )  # fmt: skip
    page = render_to_string("components/changed.html", {"form": form})
    assert "示例甲 11-21 10:32" in page
    assert page.count('type="radio"') == 4
    assert page.count("checked") == 1  # what he did not touch himself
    assert "010-9" not in form.opened  # sealed


@pytest.mark.parametrize(
    ("choice", "kept"), [pytest.param("mine", "010-1", id="您填的"), ("theirs", "010-9")]
)
def test_the_choice_is_carried_out(choice, kept):
    asked = sent({"phone": "010-9"}, phone="010-1")
    asked.is_valid()

    chosen = sent({"phone": "010-9"}, token=asked.opened, phone="010-1", choice_phone=choice)

    assert chosen.is_valid()
    assert chosen.cleaned_data["phone"] == kept


@pytest.mark.parametrize("choice", [None, "neither"])
def test_without_a_choice_it_is_asked_again(choice):
    asked = sent({"phone": "010-9"}, phone="010-1")
    asked.is_valid()
    chosen = {"choice_phone": choice} if choice else {}

    again = sent({"phone": "010-9"}, token=asked.opened, phone="010-1", **chosen)

    assert not again.is_valid()
    assert [one.label for one in again.conflicts] == ["电话"]


def test_a_choice_before_it_was_shown_counts_for_nothing():
    assert not sent({"phone": "010-9"}, phone="010-1", choice_phone="mine").is_valid()


def test_a_third_change_is_asked_too():
    asked = sent({"phone": "010-9"}, phone="010-1")
    asked.is_valid()

    later = sent({"phone": "010-5"}, token=asked.opened, phone="010-1", choice_phone="mine")

    assert not later.is_valid()
    assert later.conflicts[0].now == "010-5"


@pytest.mark.parametrize("token", ["", "示例", "YWJj", "AA==", "x" * 300])
def test_a_page_that_carries_nothing_of_ours_has_nothing_to_compare(token):
    assert sent({"phone": "010-9"}, token=token, phone="010-1").is_valid()


def test_a_field_that_is_wrong_is_said_first():
    form = sent({"name": "三大队"}, name="")

    assert not form.is_valid()
    assert list(form.errors) == ["name"]
    assert status_of(form) == 422


def test_a_field_closed_meanwhile_is_told():
    form = sent({"phone": "010-9"}, phone="010-1")
    form.fields["phone"].disabled = True

    assert form.is_valid()
    assert form.cleaned_data["phone"] == "010-9"
    assert [one.label for one in form.left_as_found] == ["电话"]


def test_a_field_that_the_form_lost_is_no_conflict():
    form = sent({"phone": "010-9"}, phone="010-1")
    del form.fields["phone"]

    assert form.is_valid()


def test_status_of_an_ordinary_form():
    assert status_of(HouseForm()) == 200


def test_keys_and_words(db):
    noon = make.NOON
    place = Bureau.objects.create(name="示例局", level=Bureau.Level.PROVINCE)
    field, choices = forms.CharField(), forms.MultipleChoiceField(choices=[("a", "甲")])
    grouped = forms.ChoiceField(choices=[("示例组", [("a", "甲"), (2, "乙")])])

    assert key_of(place) == str(place.pk)
    assert key_of(noon) == key_of(datetime(2026, 11, 21, 12, tzinfo=SHANGHAI))
    assert key_of([place, "a"]) == ",".join(sorted([str(place.pk), "a"]))
    assert words_of(field, True) == "是"
    assert words_of(field, False) == "否"
    assert words_of(field, noon) == "2026-11-21 12:00"
    assert words_of(choices, ["a", "b"]) == "甲、b"
    assert words_of(choices, []) == EMPTY
    assert words_of(grouped, 2) == "乙"
    assert words_of(field, place) == str(place)
    assert words_of(field, date(2026, 1, 1)) == "2026-01-01"

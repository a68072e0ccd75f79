"""The form every page starts from: it names the field, loses nothing, and never breaks."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from rehab.clock import SHANGHAI
from rehab.forms import DayField, HouseForm, MomentField, read_day, read_moment
from rehab.models import Facility


class Sample(HouseForm):
    name = forms.CharField(label="姓名", max_length=5, min_length=2)
    note = forms.CharField(label="备注", required=False)
    decided_on = DayField(label="决定日期")
    happened_at = MomentField(label="发生时间", required=False)
    days = forms.IntegerField(label="天数", required=False)
    share = forms.DecimalField(label="占比（%）", max_digits=4, decimal_places=1, required=False)
    mail = forms.EmailField(label="邮箱", required=False)
    sex = forms.ChoiceField(label="性别", choices=[("1", "男"), ("2", "女")])
    papers = forms.MultipleChoiceField(
        label="文书",
        choices=[("a", "甲")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    read = forms.BooleanField(label="已核对")


GOOD = {"name": "李示例", "decided_on": "2026-03-05", "sex": "1", "read": "on"}


def errors(**typed):
    """The sentences about each field that was typed, or all of them."""
    form = Sample(QueryDict(mutable=True) | GOOD | typed)
    return {name: list(form.errors.get(name, ())) for name in typed}


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05",
        "2026-3-5",
        "2026.3.5",
        "2026/3/5",
        "2026年3月5日",
        "20260305",
        " ２０２６-０３-０５ ",
    ],
)
def test_read_day(typed):
    assert read_day(typed) == date(2026, 3, 5)


@pytest.mark.parametrize(
    "typed", ["", "2026", "2026-13-01", "2026-02-29", "2026305", "0000-01-01", "三月五日", "\0"]
)
def test_read_day_of_something_else(typed):
    assert read_day(typed) is None


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03-05T14:20",
        "2026-03-05 14:20",
        "2026年3月5日14:20",
        "2026年3月5日 14：20",
        "20260305 14:20:59",
    ],
)
def test_read_moment(typed):
    assert read_moment(typed) == datetime(2026, 3, 5, 14, 20, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "typed", ["", "2026-03-05", "14:20", "2026-03-05 24:00", "2026-03-05 14:60", "2026-13-05 14:20"]
)
def test_read_moment_of_something_else(typed):
    assert read_moment(typed) is None


def test_form_reads_what_was_typed():
    form = Sample(GOOD | {"decided_on": "2026.3.5", "happened_at": "2026-03-05T14:20"})

    assert form.is_valid()
    assert form.cleaned_data["decided_on"] == date(2026, 3, 5)
    assert form.cleaned_data["happened_at"] == datetime(2026, 3, 5, 6, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "“姓名”不能为空，请填写。"),
        ({"name": "甲" * 6}, "“姓名”最多 5 个字，现有 6 个，请缩短。"),
        ({"name": "甲"}, "“姓名”至少 2 个字，请补全。"),
        ({"name": "甲\0乙"}, "“姓名”含有不能保存的字符，请删去后重填。"),
        ({"note": "甲" * 5_001}, "“备注”最多 5000 个字，现有 5001 个，请缩短。"),
        ({"decided_on": ""}, "“决定日期”不能为空，请填写。"),
        (
            {"decided_on": "2026-02-30"},
            "“决定日期”不是有效的日期，请按 2026-03-05 的样子填写。",
        ),
        (
            {"decided_on": "0202-02-03"},
            "“决定日期”不是有效的日期，请按 2026-03-05 的样子填写。",
        ),
        (
            {"happened_at": "9999-12-31 23:59"},
            "“发生时间”不是有效的时间，请按 2026-03-05 14:20 的样子填写。",
        ),
        ({"days": "十二"}, "“天数”应为数字，请改正。"),
        ({"days": "2147483648"}, "“天数”不能大于 2147483647，请改正。"),
        ({"days": "-2147483648"}, "“天数”不能小于 -2147483647，请改正。"),
        ({"share": "12.34"}, "“占比（％）”最多 1 位小数，请改正。"),
        ({"mail": "无"}, "“邮箱”不是有效的电子邮箱，请改正。"),
        ({"sex": ""}, "“性别”还没有选，请选择。"),
        ({"sex": "9%s"}, "“性别”不在可选范围内，请从列出的选项中选择。"),
        ({"read": ""}, "“已核对”须勾选后才能提交。"),
    ],
)
def test_form_names_the_field_and_the_way_out(typed, sentence):
    assert errors(**typed) == {next(iter(typed)): [sentence]}


def test_form_keeps_its_own_sentence():
    class Own(HouseForm):
        name = forms.CharField(label="姓名", error_messages={"required": "请写明姓名。"})

    assert Own({}).errors["name"] == ["请写明姓名。"]


def test_form_names_the_field_of_an_error_that_did_not():
    form = Sample(GOOD)

    form.add_error("name", ValidationError("与身份证不符：%(why)s", params={"why": "音近"}))
    form.add_error("note", "“备注”太含糊")
    form.add_error(None, "已有同一文号的决定")

    assert form.errors["name"] == ["“姓名”：与身份证不符：音近"]
    assert form.errors["note"] == ["“备注”太含糊"]
    assert form.non_field_errors() == ["已有同一文号的决定"]


def test_form_refuses_a_key_of_the_wrong_shape():
    class Choose(HouseForm):
        facility = forms.ModelChoiceField(Facility.objects.none(), label="接收单位")

    assert Choose({"facility": "abc"}).errors["facility"] == [
        "“接收单位”不在可选范围内，请从列出的选项中选择。"
    ]


def test_form_about_files():
    class Upload(HouseForm):
        roster = forms.FileField(label="名册", max_length=10)

    def sentence(file=None):
        return Upload({}, {"roster": file} if file else {}).errors["roster"]

    assert sentence() == ["“名册”还没有文件，请选择一个文件。"]
    assert sentence(SimpleUploadedFile("a.xlsx", b"")) == ["“名册”是空文件，请重新选择。"]
    assert sentence(SimpleUploadedFile("a" * 20 + ".xlsx", b"1")) == [
        "“名册”的文件名太长，请改短后重新选择。"
    ]


def test_field_lets_the_reader_find_its_help_and_error():
    form = Sample(GOOD | {"name": ""})

    html = render_to_string("components/field.html", {"field": form["name"]})

    assert 'class="form-control is-invalid"' in html
    assert 'aria-required="true"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_error"' in html
    assert 'id="id_name_error"' in html
    assert "maxlength" not in html


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("sex", 'class="form-select"'),
        ("papers", 'class="form-check-input"'),
        ("read", 'class="form-check-input"'),
        ("note", 'class="form-control"'),
    ],
)
def test_field_wears_the_house_look(name, look):
    assert look in render_to_string("components/field.html", {"field": Sample()[name]})


def test_hidden_field_wears_nothing():
    class Hidden(HouseForm):
        key = forms.CharField(widget=forms.HiddenInput)

    assert "class" not in str(Hidden()["key"])


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("2026-03-05", "date"),
        ("2026年3月5日", "text"),
        ("2026-13-40", "text"),
        ("2026-3-5", "text"),
    ],
)
def test_day_is_shown_as_it_was_typed(typed, kind):
    html = str(Sample({"decided_on": typed})["decided_on"])

    assert f'type="{kind}"' in html
    assert f'value="{typed}"' in html


def test_days_and_moments_are_shown_from_values():
    form = Sample(
        initial={
            "decided_on": date(2026, 3, 5),
            "happened_at": datetime(2026, 3, 5, 6, 20, tzinfo=UTC),
        }
    )

    assert 'value="2026-03-05"' in str(form["decided_on"])
    assert 'value="2026-03-05T14:20"' in str(form["happened_at"])


def test_days_and_moments_take_values():
    form = Sample(
        GOOD | {"decided_on": date(2026, 3, 5), "happened_at": datetime(2026, 3, 5, 6, tzinfo=UTC)}
    )

    assert form.is_valid()
    assert form.cleaned_data["decided_on"] == date(2026, 3, 5)


def test_a_key_is_measured_by_nobody():
    class Linked(HouseForm):
        person = forms.UUIDField(label="既往人员")

    assert Linked({"person": str(UUID(int=1))}).is_valid()
    assert "既往人员" in Linked({"person": "x"}).errors["person"][0]


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Sample.base_fields)), st.text(max_size=60)))
def test_form_never_breaks_and_always_names_the_field(typed):
    form = Sample(typed)

    for name, sentences in form.errors.items():
        assert all(
            form[name].label.replace("%", "％") in text.replace("%", "％") for text in sentences
        )
    assert all(render_to_string("components/field.html", {"field": field}) for field in form)

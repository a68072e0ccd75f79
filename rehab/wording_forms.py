"""The form in which a bureau words one kind of 文书."""

from typing import Any

from django import forms

from rehab.changing import ChangeForm
from rehab.document_kinds import DocumentKind
from rehab.forms import DayField, bound_input, word_errors
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.rules.wording import Wording

SECTION = "section_"
LONGEST = 20_000


class WordingForm(ChangeForm):
    """Title, number, paragraphs, copies and signature lines; a line is a paragraph."""

    language = forms.ChoiceField(
        label="语言", choices=[*LANGUAGES.items()], widget=forms.HiddenInput, required=False
    )
    heading = forms.CharField(label="标题", max_length=40)
    mark = forms.CharField(
        label="机关代字", max_length=8, help_text="同一代字的文书共用一个编号序列，每年从 1 号起。"
    )
    number = forms.CharField(
        label="文号格式", max_length=60, help_text="如（{所简称}）{字}〔{年}〕{号}号。"
    )
    effective_from = DayField(label="施行日期", help_text="此前制作的文书不变。")
    copies = forms.CharField(
        label="份数和去向", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST, help_text="一行一份；不印份数的留空。",
    )  # fmt: skip
    signers = forms.CharField(
        label="签名栏", required=False, widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LONGEST, help_text="一行一栏。",
    )  # fmt: skip

    def __init__(self, *args: Any, kind: DocumentKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for section, label in kind.bounds.labels.items():
            lines = max(len(kind.wording.sections.get(section, ())) * 2, 3)
            field = forms.CharField(
                label=label,
                required=False,
                max_length=LONGEST,
                widget=forms.Textarea(attrs={"rows": min(lines, 18)}),
            )
            bound_input(field)
            word_errors(field, label)
            self.fields[SECTION + section] = field

    @property
    def section_fields(self) -> list[Any]:
        return [self[SECTION + section] for section in self.kind.bounds.labels]

    @property
    def wording(self) -> Wording:
        """What was typed."""
        typed = self.cleaned_data
        return Wording(
            heading=typed["heading"].strip(),
            mark=typed["mark"].strip(),
            number="".join(typed["number"].split()),
            sections={
                section: _lines(typed[SECTION + section]) for section in self.kind.bounds.labels
            },
            copies=_lines(typed["copies"]),
            signers=_lines(typed["signers"]),
        )

    @property
    def chosen_language(self) -> str:
        return self.cleaned_data["language"] or CHINESE


def initial_of(wording: Wording) -> dict[str, str]:
    """The fields as they stand for a wording that is in use."""
    return {
        "heading": wording.heading,
        "mark": wording.mark,
        "number": wording.number,
        "copies": "\n".join(wording.copies),
        "signers": "\n".join(wording.signers),
        **{SECTION + section: "\n".join(of) for section, of in wording.sections.items()},
    }


def _lines(typed: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in typed.splitlines() if line.strip())

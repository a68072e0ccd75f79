"""Shapes of what is sent about two records of one person."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from rehab.forms import HouseForm, bound_input, word_errors
from rehab.models import Case
from rehab.rules.days import day_of
from rehab.rules.merging import FIELDS
from rehab.selectors.merge_pages import Line, Preview
from rehab.selectors.merging import ABSORBED, KEPT
from rehab.states import MergeStatus

CHOSEN = [(KEPT, "按保留的登记"), (ABSORBED, "按并入的登记")]


class MergeForm(HouseForm):
    """提请合并: who the other is; once he is known, which of two values stands, and that all was compared."""

    other = forms.CharField(
        label="另一份登记的档案编号或者公民身份号码", max_length=40,
        help_text="不在本人查阅范围的也可以填；只说是否一致，不显示其内容，每次核对留痕。",
    )  # fmt: skip
    reason = forms.CharField(
        label="提请理由",
        max_length=200,
        help_text="写明凭什么认定是同一人，如“核对指纹、户口簿一致”。",
    )

    def __init__(self, data: Any = None, *, preview: Preview | None, **kwargs: Any) -> None:
        super().__init__(_with_suggestions(data, preview), **kwargs)
        self.preview = preview
        if preview is None:
            return
        for one in preview.differing:
            start = ABSORBED if one in preview.suggested else KEPT
            label = f"{FIELDS[one]}合并后"
            self._add(f"take_{one}", forms.ChoiceField(label=label, choices=CHOSEN, initial=start))
        for caution in preview.cautions:
            answer = forms.CharField(label="说明", max_length=200, help_text=caution.message)
            self._add(f"answer_{caution.code}", answer)
        self._add("compared", forms.BooleanField(label="已逐项核对，确是同一人"))

    def _add(self, name: str, added: forms.Field) -> None:
        bound_input(added)
        word_errors(added, str(added.label))
        self.fields[name] = added

    @property
    def rows(self) -> list[tuple[Line, Any]]:
        """Each line of the comparison, with the field that chooses between the two where they differ."""
        names = {line: f"take_{line.field}" for line in self.preview.lines} if self.preview else {}
        return [(line, self[name] if name in self.fields else None) for line, name in names.items()]

    @property
    def answering(self) -> list[Any]:
        """One field for each caution."""
        return [self[name] for name in self.fields if name.startswith("answer_")]

    @property
    def chosen(self) -> list[str]:
        """What follows the absorbed record."""
        sent = {name.removeprefix("take_"): value for name, value in self.cleaned_data.items()}
        return [one for one in FIELDS if sent.get(one) == ABSORBED]

    @property
    def answers(self) -> dict[str, str]:
        prefix = "answer_"
        return {
            name.removeprefix(prefix): value
            for name, value in self.cleaned_data.items()
            if name.startswith(prefix)
        }


def _with_suggestions(data: Any, preview: Preview | None) -> Any:
    """What was sent; where the page had nothing to choose yet, what is suggested."""
    if data is None or preview is None:
        return data
    filled = data.copy()
    for one in preview.differing:
        filled.setdefault(f"take_{one}", ABSORBED if one in preview.suggested else KEPT)
    return filled


class MergeFilter(HouseForm):
    """人员合并的筛选."""

    status = forms.ChoiceField(
        label="状态", required=False, choices=[("", "全部"), *MergeStatus.choices]
    )


class MergeReturnForm(HouseForm):
    """Why a proposal is returned."""

    reason = forms.CharField(label="退回理由", max_length=200)


class MergeUndoForm(HouseForm):
    """撤销合并: why, and whose each case is that was opened since."""

    reason = forms.CharField(label="撤销理由", max_length=200, initial="经核实不是同一人")

    def __init__(self, *args: Any, later: Sequence[Case] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.later = {f"whose_{one.pk.hex}": one.pk for one in later}
        for name, one in zip(self.later, later, strict=True):
            label = f"合并后 {day_of(one.entered_at)} 在{one.facility.short_name}收治的档案归"
            added = forms.ChoiceField(
                label=label,
                choices=[(KEPT, "保留的登记"), (ABSORBED, "并入的登记")],
                widget=forms.RadioSelect,
            )
            bound_input(added)
            word_errors(added, label)
            self.fields[name] = added

    @property
    def choices(self) -> list[Any]:
        return [self[name] for name in self.later]

    @property
    def whose(self) -> dict[UUID, str]:
        """Whose each later case is."""
        return {key: self.cleaned_data[name] for name, key in self.later.items()}

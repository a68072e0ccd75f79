"""The facts of a term as another program sends them, and the answer it reads: command line and API alike."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from rest_framework import serializers

from rehab.refusal import Obstacle, Refused
from rehab.rules.explaining import explain
from rehab.rules.term_facts import Bar, EarlyRelease, Extension, Interval, TermFacts

WRITTEN = re.compile("(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}")
NOT_A_DAY = "不是日历上的日期，请按 2028-06-10 的样式填写"


class Day(serializers.DateField):
    """A day of the calendar, written as ISO 8601 has it, in a year that somebody can live in."""

    default_error_messages = {"invalid": NOT_A_DAY, "datetime": NOT_A_DAY}

    def to_internal_value(self, value: Any) -> date:
        if isinstance(value, str) and not WRITTEN.fullmatch(value):
            self.fail("invalid", format="YYYY-MM-DD")
        return super().to_internal_value(value)


KINDS = ("extension", "early_release")
BARS = tuple(bar.value for bar in Bar)


class Strict(serializers.Serializer):
    """Takes what it knows and refuses the rest: a misspelt fact must not be passed over."""

    default_error_messages = {"invalid": "应为一个 JSON 对象", "null": "应为一个 JSON 对象"}

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(data) - set(self.fields))):
            known = "、".join(self.fields)
            raise serializers.ValidationError(
                {name: [f"没有这一项，只有 {known}"] for name in unknown}
            )
        return super().to_internal_value(data)


class IntervalInput(Strict):
    """[from, to): `to` is the first day that no longer belongs to it, null while it goes on."""

    def get_fields(self) -> dict[str, serializers.Field]:
        return {
            "from": Day(help_text="开始之日"),
            "to": Day(allow_null=True, help_text="结束之日（不含）；尚未结束的为 null"),
        }


class DecisionInput(Strict):
    """A served decision on the term."""

    kind = serializers.ChoiceField(
        choices=KINDS, error_messages={"invalid_choice": f"只有 {'、'.join(KINDS)}"}
    )
    served_on = Day(help_text="送达之日")
    months = serializers.IntegerField(required=False, help_text="延长几个月")
    ends_on = Day(required=False, help_text="提前解除的期满日")

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        needed, other = ("months", "ends_on")[:: 1 if given["kind"] == "extension" else -1]
        if needed not in given:
            raise serializers.ValidationError({needed: ["必填"]})
        if other in given:
            raise serializers.ValidationError({other: [f"{given['kind']} 没有这一项"]})
        return given


class TermFactsInput(Strict):
    """What is known on a day of one decision of compulsory isolation."""

    decided_on = Day(help_text="决定日期")
    on = Day(help_text="推算日")
    printed_ends_on = Day(required=False, allow_null=True, help_text="决定书载明的截止日期")
    escapes = IntervalInput(many=True, required=False, help_text="脱逃")
    medical_leaves = IntervalInput(many=True, required=False, help_text="所外就医")
    held_elsewhere = IntervalInput(many=True, required=False, help_text="被拘留、逮捕、收监")
    decisions = DecisionInput(many=True, required=False, help_text="送达的延长、提前解除决定")
    barred = serializers.ListField(
        child=serializers.ChoiceField(
            choices=BARS, error_messages={"invalid_choice": f"只有 {'、'.join(BARS)}"}
        ),
        required=False,
        help_text="不得提前解除的其他情形",
    )


def term_facts(data: Any) -> TermFacts:
    """The facts that were sent. Raises `Refused` with every one that is none, by its place."""
    if not isinstance(data, Mapping):
        raise Refused([Obstacle("内容：应为一个 JSON 对象")])
    sent = TermFactsInput(data=data)
    if not sent.is_valid():
        Refused.if_any(Obstacle(f"{place}：{why}") for place, why in _places(sent.errors))
    given = sent.validated_data
    return TermFacts(
        decided_on=given["decided_on"],
        on=given["on"],
        printed_ends_on=given.get("printed_ends_on"),
        escapes=_intervals(given.get("escapes", ())),
        medical_leaves=_intervals(given.get("medical_leaves", ())),
        held_elsewhere=_intervals(given.get("held_elsewhere", ())),
        decisions=tuple(
            Extension(one["served_on"], one["months"])
            if one["kind"] == "extension"
            else EarlyRelease(one["served_on"], one["ends_on"])
            for one in given.get("decisions", ())
        ),
        barred=frozenset(map(Bar, given.get("barred", ()))),
    )


def _intervals(given: Any) -> tuple[Interval, ...]:
    return tuple(Interval(one["from"], one["to"]) for one in given)


def _places(errors: Any, at: str = "") -> Iterator[tuple[str, str]]:
    """Every error with the place of its field, as `escapes[0].to`."""
    if isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _places(inner, _within(at, name))
    else:
        yield from ((at or "内容", str(one)) for one in errors)


def _within(at: str, name: str | int) -> str:
    if isinstance(name, int):
        return f"{at}[{name}]"
    return at if name == "non_field_errors" else f"{at}.{name}".strip(".")


class Reason(serializers.Serializer):
    """A reason or a caution, with the article that it rests on."""

    message = serializers.CharField(help_text="给经办人看的一句话")
    article = serializers.CharField(allow_null=True, help_text="依据；本系统内部要求没有依据")


class WorkingStep(serializers.Serializer):
    """A line of the working."""

    article = serializers.CharField(help_text="依据")
    says = serializers.CharField(source="label", help_text="这一步算什么")
    ends_on = serializers.DateField(allow_null=True, help_text="算到哪一日；脱逃未归的为 null")


class Answer(serializers.Serializer):
    """The working of a term."""

    ends_on = serializers.DateField(allow_null=True, help_text="期满日；脱逃未归的为 null")
    steps = WorkingStep(many=True)
    earliest_early_release = serializers.DateField(
        allow_null=True, help_text="最早可以提出提前解除的日期；不得提前解除的为 null"
    )
    early_release_reason = Reason(allow_null=True, help_text="为什么不得提前解除")
    warnings = Reason(many=True, help_text="提示")


def answer(data: Any) -> dict[str, Any]:
    """The working of the term that the sent facts give. Raises `Refused`."""
    return dict(Answer(explain(term_facts(data))).data)


def refusal(refused: Refused) -> dict[str, Any]:
    """Why there is no working, as it is sent."""
    return {"refused": Reason(refused.obstacles, many=True).data}

"""The rule sets of a province: each app says in `rule_sets.py` what can be set, and how it is written.

As with clocks, the ground floor asks: `settings.RULE_MODULES` names the modules.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings
from django.db.models import Case, QuerySet, Value, When
from django.db.models.functions import JSONObject

from rehab.models import Bureau, User
from rehab.refusal import Obstacle
from rehab.rules.provincial import Part, Values


@dataclass(frozen=True)
class Version:
    """A rule as it holds from a day on."""

    effective_from: date
    values: Values
    set_by: str
    set_at: datetime


Versions = dict[str, list[Version]]  # by the code of a rule set, the latest first


class Write(Protocol):
    """Lay a version down; part of the confirmation, which brings the deadlines to it."""

    def __call__(
        self, province: Bureau, effective_from: date, values: Any, *, by: User, at: datetime
    ) -> None: ...


@dataclass(frozen=True)
class RuleSet:
    """One rule that a province sets: its parts, its versions, and what writes and judges another."""

    code: str
    group: str
    label: str
    parts: tuple[Part, ...]
    rows: Callable[[Bureau], QuerySet[Any, Any]]  # of all rule sets of its app: `rows_of`
    judge: Callable[[Bureau, date, Any], tuple[Obstacle, ...]]
    write: Write
    until_set: Values | None = None  # what holds of itself: a first version is weighed against it

    def versions(self, province: Bureau) -> list[Version]:
        """Those of a province, the latest first."""
        return versions_of(province).get(self.code, [])

    def in_force(self, province: Bureau, *, on: date) -> Version | None:
        """The version that governs a day."""
        return next((one for one in self.versions(province) if one.effective_from <= on), None)


@cache
def rule_sets() -> dict[str, RuleSet]:
    """Every rule set by its code, in the order of the ladder."""
    modules = [import_module(name) for name in settings.RULE_MODULES]
    return {one.code: one for module in modules for one in module.RULE_SETS}


def rows_of(
    table: QuerySet[Any, Any], *, code: Case | Value, parts: Iterable[str]
) -> QuerySet[Any, Any]:
    """The versions in a table as every app's are read: the code of the rule set, and what was set."""
    values = JSONObject(**{name: name for name in parts})
    return table.values_list(code, "effective_from", values, "set_by__display_name", "set_at")


def code_by(field: str, code_of: Callable[[str], str], keys: Iterable[str]) -> Case:
    """The code of a rule set by the field that tells the rule sets of a table apart."""
    return Case(*(When(**{field: key}, then=Value(code_of(key))) for key in keys))


def versions_of(province: Bureau) -> Versions:
    """Every version of every rule of a province, in one query."""
    known, found = rule_sets(), defaultdict(list)
    first, *others = (rows(province) for rows in {one.rows for one in known.values()})
    every = sorted(first.union(*others, all=True), key=lambda row: row[1], reverse=True)
    for code, effective_from, values, set_by, set_at in every:
        own = {part.name: values[part.name] for part in known[code].parts}
        found[code].append(Version(effective_from, own, set_by, set_at))
    return found

"""The rule sets of a province: each app says in `rule_sets.py` what can be set, and how it is written.

As with clocks, the ground floor asks: `settings.RULE_MODULES` names the modules.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib import import_module
from typing import Any, Protocol

from django.conf import settings

from rehab.models import Bureau, User
from rehab.refusal import Obstacle
from rehab.rules.provincial import Part, Values


@dataclass(frozen=True)
class Version:
    """A rule as it holds from a day on."""

    effective_from: date
    values: Values
    set_by: User
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
    every_version: Callable[[Bureau], Versions]  # of all rule sets of its app, in one query
    judge: Callable[[Bureau, date, Any], tuple[Obstacle, ...]]
    write: Write

    def versions(self, province: Bureau) -> list[Version]:
        """Those of a province, the latest first."""
        return self.every_version(province).get(self.code, [])

    def in_force(self, province: Bureau, *, on: date) -> Version | None:
        """The version that governs a day."""
        return next((one for one in self.versions(province) if one.effective_from <= on), None)


@cache
def rule_sets() -> dict[str, RuleSet]:
    """Every rule set by its code, in the order of the ladder."""
    modules = [import_module(name) for name in settings.RULE_MODULES]
    return {one.code: one for module in modules for one in module.RULE_SETS}


def versions_of(province: Bureau) -> Versions:
    """Every version of every rule of a province; a query for each app."""
    found: Versions = {}
    for every_version in {one.every_version for one in rule_sets().values()}:
        found |= every_version(province)
    return found

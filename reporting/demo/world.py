"""The stage on which lives are played: whose turn it is, where, and what an hour of a day is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from rehab import clock, scope
from rehab.clock import SHANGHAI
from rehab.models import User
from rehab.scope import Scope
from reporting.demo.places import Places


def moment(on: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in Asia/Shanghai."""
    return datetime.combine(on, time(hour, minute), SHANGHAI)


def after(on: date, days: int) -> date:
    """So many calendar days later."""
    return on + timedelta(days=days)


@dataclass
class World:
    """Places, staff and chance; `acting` gives the scope under which an act is done."""

    places: Places
    staff: Mapping[tuple[str, str], User]
    rng: Random
    _scopes: dict[Any, Scope] = field(default_factory=dict)

    def who(self, code: str, name: str) -> User:
        """A member of a facility's staff, or of nobody's facility."""
        return self.staff[code, name]

    @contextmanager
    def acting(self, user: User) -> Iterator[User]:
        """Do what follows as this user, seeing what he sees and no more."""
        if user.pk not in self._scopes:
            self._scopes[user.pk] = user.scope_at(clock.real_now(), on=clock.today())
        with scope.within(replace(self._scopes[user.pk], today=clock.today())):
            yield user

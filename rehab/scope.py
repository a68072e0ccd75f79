"""Whose rows the running request, task or command may see: the second fence, held by the database.

The scope is a context variable. Our database backend (`rehab.db`) writes it into the PostgreSQL session
just before the next query whenever the session does not hold it already, so a connection that is kept
and handed to somebody else can never answer under the former user's scope. Policies read it there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Scope:
    """What may be seen. The empty scope sees nobody."""

    actor: str = ""  # an account's key, or "system:<job>"
    everything: bool = False
    facilities: tuple[UUID, ...] = ()
    stations: tuple[UUID, ...] = ()
    cases: tuple[UUID, ...] = ()
    today: date | None = None  # the business day; a station's sight of a person ends on one
    houses: tuple[UUID, ...] = ()  # their house-keeping alone: what an administrator looks after

    def settings(self) -> dict[str, str]:
        """The PostgreSQL session settings that hold this scope."""
        return {
            "rehab.actor": self.actor,
            "rehab.everything": "on" if self.everything else "",
            "rehab.facilities": ",".join(map(str, self.facilities)),
            "rehab.stations": ",".join(map(str, self.stations)),
            "rehab.cases": ",".join(map(str, self.cases)),
            "rehab.today": self.today.isoformat() if self.today else "",
            "rehab.houses": ",".join(map(str, self.houses)),
        }


NOBODY = Scope()
_current: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current() -> Scope:
    """The scope in force here."""
    return _current.get()


@contextmanager
def within(scope: Scope) -> Iterator[Scope]:
    """Work under `scope` inside the block, and under the former one after it."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


def system(job: str, *facilities: UUID) -> Scope:
    """The named scope of a job that runs for these facilities; with none named, for the whole nation."""
    return Scope(actor=f"system:{job}", everything=not facilities, facilities=facilities)

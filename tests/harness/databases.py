"""Copies of the migrated database: one for all tests in transactions, one for each that commits.

Nothing is ever truncated: the web role may not, and reference rows come from migrations.
"""

from dataclasses import dataclass
from itertools import count

from django.db import connections

from rehab import services

ALIASES = ("default", "owner")


@dataclass(frozen=True)
class Databases:
    """Makes copies of the migrated template, and points Django's connections at one of them."""

    servers: services.Servers
    numbers: count

    def copy(self, of: str = services.DATABASE) -> str:
        """A new database equal to the migrated one, or to another that nobody is connected to; its name."""
        name = f"copy_{next(self.numbers)}"
        self.servers.psql(
            f"CREATE DATABASE {name} TEMPLATE {of} OWNER {services.OWNER_ROLE} STRATEGY FILE_COPY"
        )
        return name

    def analyze(self, name: str) -> None:
        """Let the planner know what is in a database that was filled at one go, as a living one does."""
        self.servers.psql("ANALYZE", database=name)

    def drop(self, name: str) -> None:
        """Remove a copy, whoever is still connected to it."""
        self.servers.psql(f"DROP DATABASE {name} WITH (FORCE)")


def point_connections_at(name: str) -> str:
    """Let both aliases, in this thread and in new ones, mean database `name`; the one before."""
    before = connections["default"].settings_dict["NAME"]
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    return before

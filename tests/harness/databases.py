"""Copies of the migrated database: one for all tests in transactions, one for each that commits.

Nothing is ever truncated: the web role may not, and reference rows come from migrations.
"""

import hashlib
import os
import subprocess
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from django.db import connections

from rehab import services

ALIASES = ("default", "owner")
READ_BY_MIGRATIONS = (
    "requirements*.txt",
    "*/migrations/*.py",
    "*/models/*.py",
    "*/models.py",
    "rehab/**/*.py",
    "rehab/data/**/*.*",
)


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

    def remember(self) -> None:
        """Keep the migrated database for the next run in this checkout, until a migration changes."""
        kept = _kept()
        kept.parent.mkdir(parents=True, exist_ok=True)
        for older in set(kept.parent.glob("migrated-*.sql")) - {kept}:
            older.unlink(missing_ok=True)
        self.write(services.DATABASE, to=kept)

    def recall(self) -> bool:
        """Fill the empty database with what was kept; whether there was anything."""
        kept = _kept()
        if not kept.exists():
            return False
        self._fill(services.DATABASE, kept)
        return True

    def write(self, name: str, *, to: Path) -> None:
        """Keep a database in a file that is there whole or not at all."""
        fresh = to.with_suffix(f".{os.getpid()}")
        subprocess.run([*self._as_superuser("pg_dump", name), f"--file={fresh}"], check=True)
        fresh.rename(to)

    def read(self, path: Path) -> str:
        """A new database filled with what was written to a file; its name."""
        name = f"copy_{next(self.numbers)}"
        self.servers.psql(f"CREATE DATABASE {name} TEMPLATE template0 OWNER {services.OWNER_ROLE}")
        self._fill(name, path)
        self.analyze(name)
        return name

    def _fill(self, name: str, path: Path) -> None:
        told = ["-Xq", "-v", "ON_ERROR_STOP=1", "-o", os.devnull, "-f", str(path)]
        subprocess.run([*self._as_superuser("psql", name), *told], check=True)

    def _as_superuser(self, program: str, name: str) -> list[str]:
        found = services.programs() / "bin" / program
        return [str(found), "-h", str(self.servers.run), "-U", "postgres", "-d", name]

    def analyze(self, name: str) -> None:
        """Let the planner know what is in a database that was filled at one go, as a living one does."""
        self.servers.psql("ANALYZE", database=name)

    def drop(self, name: str) -> None:
        """Remove a copy, whoever is still connected to it."""
        self.servers.psql(f"DROP DATABASE {name} WITH (FORCE)")


def _kept() -> Path:
    """Where the database stands, as the present migrations and all that they read make it."""
    read = {path for glob in READ_BY_MIGRATIONS for path in services.CHECKOUT.glob(glob)}
    digest = hashlib.sha256()
    for path in sorted(path for path in read if path.is_file()):
        digest.update(str(path.relative_to(services.CHECKOUT)).encode() + path.read_bytes())
    return services.state_dir() / f"migrated-{digest.hexdigest()[:16]}.sql"


def point_connections_at(name: str) -> str:
    """Let both aliases, in this thread and in new ones, mean database `name`; the one before."""
    before = connections["default"].settings_dict["NAME"]
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = name
    return before

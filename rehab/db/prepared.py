"""Queries that every act asks: compiled once in a process, planned once on a connection.

What the clocks ask of a case is behind two fences and a dozen sub-queries. Django needs longer to write such a
statement, and PostgreSQL longer to plan it, than both need to answer it; and the statement is always the same.
"""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.backends.postgresql.compiler import SQLCompiler
from django.db.models import BooleanField, DateField, Func, QuerySet
from django.db.models.sql import Query

SERIALS = count(1)  # PostgreSQL cuts a name after 63 bytes


class Among(Func):
    """Whether a key is one of those that a prepared query is asked about."""

    template = "%(expressions)s = ANY ($1)"
    arity = 1
    output_field = BooleanField()


class TheDay(Func):
    """The business day that a prepared query is asked of."""

    template = "$2"
    arity = 0
    output_field = DateField()


class Prepared:
    """A query about any number of keys, which its filter calls `Among`, perhaps on a day, `TheDay`.

    `build` makes the queryset, once; nothing else in it may hang on the hour, or on who asks.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self._build = build
        self.__doc__ = build.__doc__

    def __call__(self, keys: Iterable[UUID], *, on: date | None = None) -> list[Any]:
        """The rows of these keys, as the queryset gives them. Asks nothing where there are none."""
        asked = list(keys)
        if not asked:
            return []
        rows: Any = self._queryset.all()
        rows.query.compiled = self._compiler((asked, on) if on else (asked,), rows.db)
        return list(rows)

    @cached_property
    def _queryset(self) -> QuerySet[Any, Any]:
        queryset = self._build()
        yields = queryset._iterable_class  # a new query would make dictionaries of all rows
        queryset.query = queryset.query.chain(_Asked)
        queryset._iterable_class = yields
        return queryset

    @cached_property
    def _compiled(self) -> "_Compiler":
        connection: Any = connections[self._queryset.db]
        compiler = _Compiler(self._queryset.query.chain(Query), connection, connection.alias)
        compiler.learn(f"{next(SERIALS)} {self._build.__module__}.{self._build.__qualname__}")
        return compiler

    def _compiler(self, asked: tuple[Any, ...], alias: str) -> "_Compiler":
        connection: Any = connections[alias]
        compiler = copy(self._compiled)
        compiler.connection, compiler.asked = connection, asked
        connection.prepare(compiler.name, compiler.statement, dated=len(asked) > 1)
        return compiler


class _Compiler(SQLCompiler):
    """Compiles once. What it learned of the columns stays; what it says from then on names the statement."""

    name = statement = ""
    asked: tuple[Any, ...]

    def learn(self, name: str) -> None:
        sql, params = super().as_sql()
        with self.connection.cursor() as cursor:
            self.statement = cursor.mogrify(sql, params).decode()
        self.name = name

    def as_sql(self, *args: Any, **kwargs: Any) -> Any:
        return f'EXECUTE "{self.name}" ({", ".join(["%s"] * len(self.asked))})', self.asked


class _Asked(Query):
    compiled: _Compiler

    def get_compiler(self, *args: Any, **kwargs: Any) -> Any:
        return self.compiled

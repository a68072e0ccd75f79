"""PostgreSQL, with the scope of the running work written into the session before it is needed."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from rehab import scope


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL connection that never runs a query under somebody else's scope."""

    _scope_held: scope.Scope | None = None
    _prepared: set[str]

    def get_connection_params(self) -> Any:
        params = super().get_connection_params()
        options = params.get("options", "")  # what is prepared is planned once, at its first use
        return params | {"options": f"{options} -c plan_cache_mode=force_generic_plan".strip()}

    def get_new_connection(self, conn_params: Any) -> Any:
        self._scope_held, self._prepared = None, set()
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        self._hold_scope()
        return super().create_cursor(name)

    def _hold_scope(self) -> None:
        wanted = scope.current()
        if self._scope_held == wanted:
            return
        if self.connection.info.transaction_status == TRANSACTION_STATUS_INERROR:
            return  # nothing but a rollback can run now, and it forgets the scope
        settings = wanted.settings()
        calls = ", ".join("set_config(%s, %s, false)" for _ in settings)
        with self.connection.cursor() as cursor:
            cursor.execute(f"SELECT {calls}", [word for pair in settings.items() for word in pair])
        self._scope_held = wanted

    def prepare(self, name: str, statement: str, *, dated: bool) -> None:
        """Have a statement about keys, and a day, ready under a name; it stays so as long as the connection."""
        self.ensure_connection()
        if name in self._prepared:
            return
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            types = "uuid[], date" if dated else "uuid[]"
            cursor.execute(f'PREPARE "{name}" ({types}) AS {statement}')
        self._prepared.add(name)

    def rollback(self) -> None:
        self._scope_held = None  # a rollback takes back what the transaction wrote into the session
        super().rollback()

    def savepoint_rollback(self, sid: str) -> None:
        super().savepoint_rollback(sid)
        self._scope_held = None

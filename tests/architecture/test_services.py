"""The embedded services: made right, adopted, restarted when dead, stopped, overridden."""

import json
import os
import shutil
import signal
import socket
import stat
import tempfile
from pathlib import Path

import psycopg2
import pytest
import redis
import yaml

from rehab import services

NAMES = {
    "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "SEAL_KEYS", "SEAL_INDEX_KEY",
    "DEMO",
}  # fmt: skip


def ask(url, sql):
    """The one row a query answers."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()
    finally:
        connection.close()


@pytest.fixture
def bare(monkeypatch):
    """An environment that names nothing, and a state directory nobody has used."""
    for name in (*NAMES, services.OWNER_URL):
        monkeypatch.delenv(name, raising=False)
    state = Path(tempfile.mkdtemp(prefix="rehab-state-"))
    monkeypatch.setattr(services, "state_dir", lambda: state)
    monkeypatch.setattr(services.os, "environ", dict(os.environ))
    yield state
    services.stop()
    shutil.rmtree(state)


def test_database_is_utf8_with_the_builtin_collation(servers):
    url = servers.url(services.WEB_ROLE)

    assert ask(
        url,
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale"
        " FROM pg_database WHERE datname = current_database()",
    ) == ("UTF8", "b", "C.UTF-8")
    assert ask(url, "SELECT current_setting('server_version_num')::int / 10000") == (17,)


@pytest.mark.parametrize("role", [services.WEB_ROLE, services.OWNER_ROLE])
def test_neither_role_stands_above_row_security(servers, role):
    sql = "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"

    assert ask(servers.url(role), sql) == (False, False, False)


def test_ensure_gives_the_environment_everything_settings_want(bare):
    started = services.ensure()

    assert started == ("postgres", "redis")
    assert os.environ.keys() >= NAMES
    assert ask(os.environ["DATABASE_URL"], "SELECT current_user") == ("rehab_web",)
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        assert client.ping()


def test_only_what_asks_for_them_gets_the_owners_credentials(bare):
    services.ensure(as_owner=True)
    assert ask(os.environ[services.OWNER_URL], "SELECT current_user") == ("rehab_owner",)

    services.ensure()

    assert services.OWNER_URL not in os.environ


def test_only_the_migration_of_the_composed_system_gets_them():
    composed = yaml.safe_load((services.CHECKOUT / "docker-compose.yml").read_text())["services"]

    given = {
        name for name, one in composed.items() if services.OWNER_ROLE in str(one["environment"])
    }

    assert composed.keys() >= {"web", "worker", "beat", "migrate"}
    assert given == {"migrate"}


def test_ensure_adopts_what_runs_and_keeps_the_keys(bare):
    services.ensure()
    first = {name: os.environ.pop(name) for name in NAMES}

    assert services.ensure() == ()

    assert {name: os.environ[name] for name in NAMES} == first
    assert stat.S_IMODE((bare / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((bare / "run").stat().st_mode) == 0o700


def test_ensure_starts_nothing_for_what_it_is_given(bare):
    given = {"DATABASE_URL": "a", "OWNER_DATABASE_URL": "b", "REDIS_URL": "c"}
    os.environ.update(given)

    assert services.ensure(as_owner=True) == ()

    assert {name: os.environ[name] for name in given} == given
    assert list(bare.iterdir()) == []
    assert "SECRET_KEY" not in os.environ  # outside a demo a database from outside brings its keys


@pytest.mark.parametrize("name", services.NAMES)
def test_revive_restarts_what_died(bare, name):
    services.ensure()
    servers = services.Servers(bare)
    pid = {"postgres": servers.postgres_pid, "redis": servers.redis_pid}[name]
    before = pid()
    os.kill(before, signal.SIGQUIT if name == "postgres" else signal.SIGKILL)
    services._wait_for_end(before)

    assert services.revive(services.NAMES) == (name,)

    assert pid() != before
    assert servers.postgres_answers()
    assert servers.redis_answers()


def test_revive_leaves_a_frozen_server_alone(bare):
    services.ensure()
    servers = services.Servers(bare)
    os.kill(servers.redis_pid(), signal.SIGSTOP)

    assert services.revive(services.NAMES) == ()


def test_stop_ends_both(bare):
    services.ensure()

    services.stop()

    servers = services.Servers(bare)
    assert servers.postgres_pid() is None
    assert servers.redis_pid() is None


def test_an_interrupted_start_is_completed(bare):
    services.ensure()
    (bare / "bootstrapped").unlink()

    assert services.revive(services.NAMES) == ()
    assert (bare / "bootstrapped").exists()


def test_a_stranger_with_a_remembered_process_number_is_not_touched(bare):
    services.ensure()
    services.stop()
    (bare / "run" / "valkey.pid").write_text(f"{os.getpid()}\n")

    services.stop()

    assert services.Servers(bare).redis_pid() is None


def test_a_taken_port_is_exchanged_for_a_free_one(bare):
    services.ensure()
    services.stop()
    port = json.loads((bare / "valkey.json").read_text())["port"]
    with socket.create_server(("127.0.0.1", port)):
        services.revive(services.NAMES)

        assert services.Servers(bare).redis_answers()
        assert json.loads((bare / "valkey.json").read_text())["port"] != port


def test_programs_are_copied_where_others_cannot_reach_them(bare, tmp_path):
    closed = tmp_path / "closed"
    (closed / "bin").mkdir(parents=True, mode=0o700)
    (closed / "bin" / "postgres").write_text("program")
    (closed / "bin" / "postgres").chmod(0o700)
    closed.chmod(0o700)

    assert not services._reachable(closed / "bin" / "postgres", by_everyone=True)
    copy = services._executable_copy(closed, "bin/postgres", "postgres", by_everyone=True)

    assert copy.is_relative_to(bare)
    assert services._reachable(copy / "bin" / "postgres", by_everyone=True)


def test_a_state_directory_of_somebody_else_is_refused(tmp_path):
    target = tmp_path / "target"
    target.mkdir()
    (tmp_path / "link").symlink_to(target)

    with pytest.raises(services.ServiceError, match="不属于当前用户"):
        services._own_directory(tmp_path / "link")


def test_throwaway_leaves_nothing():
    with services.throwaway() as servers:
        root, pid = servers.root, servers.postgres_pid()

    assert not root.exists()
    assert not services._alive(pid)


def test_what_a_killed_run_left_is_removed(monkeypatch, tmp_path):
    monkeypatch.setattr(services.tempfile, "gettempdir", lambda: str(tmp_path))
    dead, ours = tmp_path / "rehab-tests-999999999-x", tmp_path / f"rehab-tests-{os.getpid()}-x"
    dead.mkdir()
    ours.mkdir()

    services._remove_abandoned()

    assert not dead.exists()
    assert ours.exists()

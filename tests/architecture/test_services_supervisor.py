"""`make run`: says what is wrong in one sentence, keeps its processes alive, stops only its own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rehab import serve, services, supervisor
from tests.harness.live import free_port


@pytest.mark.parametrize("text", ["", "web", "0", "65536", "-1", "8000.5"])
def test_port_that_is_no_port(monkeypatch, text):
    monkeypatch.setenv("PORT", text)

    with pytest.raises(supervisor.GiveUp, match="不是端口号"):
        supervisor.chosen_port()


def test_port_in_use(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("PORT", str(port))

        with pytest.raises(supervisor.GiveUp, match=f"端口 {port} 已被占用"):
            supervisor.chosen_port()


def test_a_dying_process_is_started_again_after_longer_and_longer_pauses(monkeypatch, capsys):
    now = 1000.0
    monkeypatch.setattr(supervisor.time, "monotonic", lambda: now)
    monkeypatch.setattr(serve, "command", lambda name: [sys.executable, "-c", "exit(3)"])
    process = supervisor.Process("beat")
    pauses = []
    for _ in range(7):
        process.start()
        process.popen.wait()
        process.tend()
        pauses.append(process.due_at - now)

    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    assert "beat 意外结束（返回码 3），1 秒后重启。" in capsys.readouterr().err


def test_a_process_that_was_steady_is_forgiven(monkeypatch):
    process = supervisor.Process("web", deaths=5)
    process.popen = subprocess.Popen(["true"])
    process.popen.wait()
    process.started_at = time.monotonic() - supervisor.STEADY - 1

    process.tend()

    assert process.deaths == 1


def test_a_dead_process_rests_until_its_time(monkeypatch):
    process = supervisor.Process("web", due_at=time.monotonic() + 60)

    process.tend()

    assert process.popen is None


def test_a_process_that_will_not_end_is_killed(monkeypatch):
    stubborn = (
        "import signal, time; signal.signal(15, signal.SIG_IGN); print(flush=1); time.sleep(60)"
    )
    process = supervisor.Process("worker")
    process.popen = subprocess.Popen(
        [sys.executable, "-c", stubborn], stdout=subprocess.PIPE, start_new_session=True
    )
    with process.popen.stdout as words:
        words.readline()
        process.ask_to_stop()
        process.wait(time.monotonic() + 0.2)

    assert process.popen.returncode == -signal.SIGKILL


def test_serve_refuses_an_unknown_name():
    with pytest.raises(SystemExit, match="用法"):
        serve.main(["database"])


@pytest.mark.alone
def test_idle_connections_do_not_hold_up_the_site(live_site):
    with contextlib.ExitStack() as idle:
        for _ in range(12):
            idle.enter_context(socket.create_connection(("127.0.0.1", live_site.port)))

        assert serve.healthy(live_site.port)


def children_of(pid):
    """The process numbers of a process's children."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def holds_the_owners_credentials(pid):
    """Whether a process was given the name, or the address, of the role that owns the tables."""
    given = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return services.OWNER_URL in given or services.OWNER_ROLE in given


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_run_from_start_to_interrupt(committed_db, servers, how, tmp_path):
    port = free_port()
    environment = os.environ | {
        "DATABASE_URL": servers.url(services.WEB_ROLE, committed_db),
        "OWNER_DATABASE_URL": servers.url(services.OWNER_ROLE, committed_db),
        "BEAT_SCHEDULE": str(tmp_path / "beat-schedule"),
        "PORT": str(port),
        "DEMO": "0",
    }
    run = subprocess.Popen(
        [sys.executable, "-m", "rehab.supervisor"],
        cwd=services.CHECKOUT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with run.stdout as words:
        assert words.readline() == f"ready http://127.0.0.1:{port}\n"
        assert serve.healthy(port)
        first = children_of(run.pid)
        assert len(first) == 3
        assert [child for child in first if holds_the_owners_credentials(child)] == []

        run.send_signal(how)
        assert run.wait(30) == 0
        assert words.read() == ""

    assert not any(Path(f"/proc/{child}").exists() for child in first)
    assert not serve.healthy(port)
    assert servers.postgres_answers()
    assert servers.redis_answers()

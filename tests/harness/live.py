"""The real processes, started for one test against a copy of the database."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import redis
from celery import Celery
from celery.beat import PersistentScheduler

from rehab import serve, services
from rehab.celery import app as rehab_app

# A site is used as it stands: nothing of it is counted, which would make it half as slow again.
NOT_OURS = frozenset({services.OWNER_URL, "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"})
PATIENCE = 60.0  # seconds a process may take to be of use


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class LiveSite:
    """gunicorn on a free port, and a Celery worker when a test asks for one."""

    servers: services.Servers
    database: str
    logs: Path
    port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the site answers, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told; commands run by a test against this site take it too."""
        ours = {name: value for name, value in os.environ.items() if name not in NOT_OURS}
        return ours | {
            "DATABASE_URL": self.servers.url(services.WEB_ROLE, self.database),
            "REDIS_URL": self.redis_url,
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",  # one process with its threads: a second takes seconds to start
            "DEMO": "1",
            "PYTHONUNBUFFERED": "1",  # what a process says stands in its log at once
            "DJANGO_SETTINGS_MODULE": "rehab.settings",
        }

    @property
    def redis_url(self) -> str:
        """The throwaway Valkey's second database: no other test's messages are in it."""
        return self.servers.redis_url.removesuffix("/0") + "/1"

    def start_web(self) -> None:
        """Start gunicorn and wait until it answers."""
        redis.Redis.from_url(self.redis_url).flushdb()
        self._start("web")
        self._await("web", lambda: serve.healthy(self.port))

    def start_worker(self) -> None:
        """Start a Celery worker and wait until it answers."""
        self._start("worker")
        with Celery(broker=self.redis_url) as app:
            self._await("worker", lambda: app.control.ping(timeout=0.5))

    def start_beat(self, *, ran_before: timedelta) -> None:
        """Start beat as one that last ran so long ago: what is due every minute is due at once."""
        schedule = str(self.logs / "beat-schedule")
        before = PersistentScheduler(app=rehab_app, schedule_filename=schedule)
        for entry in before.schedule.values():
            entry.last_run_at -= ran_before
        before.close()
        self._start("beat", BEAT_SCHEDULE=schedule)

    def log(self, name: str) -> str:
        """What a process has said so far."""
        return (self.logs / f"{name}.log").read_text()

    def manage(self, *arguments: str) -> str:
        """Run a management command against this site's database; its standard output."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=services.CHECKOUT,
            env=self.environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout

    def stop(self, name: str) -> None:
        """End one process with all it has forked."""
        process = self.processes.pop(name)
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def stop_all(self) -> None:
        """End every process."""
        for name in tuple(self.processes):
            self.stop(name)

    def _start(self, name: str, **more: str) -> None:
        with (self.logs / f"{name}.log").open("w") as log:
            self.processes[name] = subprocess.Popen(
                serve.command(name, self.environment | more),
                cwd=services.CHECKOUT,
                env=self.environment | more,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _await(self, name: str, answers) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers():
            if self.processes[name].poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{name} did not start:\n{self.log(name)}")
            time.sleep(0.05)

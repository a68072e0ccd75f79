"""`make run`: the whole system in the foreground, until Ctrl-C.

Services, migrations and the first seed; then web, worker and beat, each started again when it
dies. The address and the demo accounts go to standard output, every other word to standard error.
What was started here is stopped at the end, and nothing else.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field

from rehab import serve, services

START_PATIENCE = 120.0  # seconds until web must have answered
STOP_PATIENCE = 15.0  # seconds a process may take to finish its work
STEADY = 60.0  # seconds after which a process is forgiven its earlier deaths
LONGEST_PAUSE = 30.0  # seconds between two attempts to start a process that keeps dying
SERVICE_CHECK = 5.0  # seconds between two looks at the embedded services
STDERR = 2  # the file number: children say to standard error what they would say to output
PR_SET_PDEATHSIG = 1  # prctl(2): the signal a process gets when its parent is gone


class GiveUp(Exception):
    """The system cannot be started; the message says why and what to do."""


def say(words: str) -> None:
    """Tell the person at the terminal, on standard error."""
    print(words, file=sys.stderr, flush=True)


def chosen_port() -> int:
    """PORT from the environment, proved free."""
    text = os.environ.setdefault("PORT", "8000")
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise GiveUp(f"PORT={text} 不是端口号：请用 1 到 65535 之间的数字。")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(text)))
        except OSError:
            raise GiveUp(
                f"端口 {text} 已被占用或不可用：请先停掉占用它的程序，"
                f"或换一个端口，例如 PORT={int(text) % 65000 + 1} make run。"
            ) from None
    return int(text)


def manage(*arguments: str, to_stdout: bool = False) -> None:
    """Run one management command to its end; its words go to standard error unless wanted."""
    done = subprocess.run(
        [sys.executable, str(services.CHECKOUT / "manage.py"), *arguments],
        stdout=None if to_stdout else STDERR,
        check=False,
    )
    if done.returncode:
        raise GiveUp(f"manage.py {' '.join(arguments)} 没有成功，原因见上。")


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Process:
    """One of web, worker and beat, kept alive."""

    name: str
    deaths: int = 0
    started_at: float = 0.0  # time.monotonic
    due_at: float = 0.0  # time.monotonic of the next attempt, when it is dead
    popen: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def start(self) -> None:
        """Start it in a session of its own: a Ctrl-C reaches us alone, and we tell it."""
        self.started_at = time.monotonic()
        self.popen = subprocess.Popen(
            serve.command(self.name),
            cwd=services.CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=STDERR,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def tend(self) -> None:
        """Notice a death and start again, after a pause that doubles with each death in a row."""
        now = time.monotonic()
        if self.popen is None:
            if now >= self.due_at:
                self.start()
        elif self.popen.poll() is not None:
            self.deaths = 1 if now - self.started_at > STEADY else self.deaths + 1
            pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
            say(f"{self.name} 意外结束（返回码 {self.popen.returncode}），{pause:.0f} 秒后重启。")
            self.popen, self.due_at = None, now + pause

    def ask_to_stop(self) -> None:
        """Let it finish what it has in hand."""
        if self.popen and self.popen.poll() is None:
            self.popen.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; past `until` (time.monotonic) its whole session is killed."""
        if self.popen is None:
            return
        try:
            self.popen.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.popen.pid, signal.SIGKILL)
            self.popen.wait()


def await_ready(port: int, processes: list[Process]) -> None:
    """Tend the processes until the site answers."""
    deadline = time.monotonic() + START_PATIENCE
    while not serve.healthy(port):
        if time.monotonic() > deadline or any(process.deaths >= 3 for process in processes):
            raise GiveUp("系统没有启动成功，原因见上。")
        for process in processes:
            process.tend()
        time.sleep(0.1)


def keep(processes: list[Process], embedded: tuple[str, ...], started: set[str]) -> None:
    """Tend the processes and the embedded services for ever."""
    looked_at = time.monotonic()
    while True:
        for process in processes:
            process.tend()
        if time.monotonic() - looked_at > SERVICE_CHECK:
            try:
                started.update(services.revive(embedded))
            except services.ServiceError as error:
                say(f"{error}稍后再试。")
            looked_at = time.monotonic()
        time.sleep(0.5)


def run() -> None:
    """The whole life of the system, from an empty checkout to Ctrl-C."""
    port = chosen_port()
    os.environ.setdefault("DEMO", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
    processes = [Process(name) for name in serve.PROCESSES]
    embedded, started = services.lacking(), set[str]()
    try:
        started.update(services.ensure(as_owner=True))
        manage("migrate", "--verbosity", "0")
        os.environ.pop(services.OWNER_URL, None)  # what runs from here on owns no table
        if os.environ["DEMO"] == "1":
            manage("seed", "--if-empty")
            if day := os.environ.get("DEMO_TODAY"):
                manage("demo_clock", day)
                manage("sweep")
        for process in processes:
            process.start()
        await_ready(port, processes)
        print(f"ready http://127.0.0.1:{port}", flush=True)
        if os.environ["DEMO"] == "1":
            manage("logins", to_stdout=True)
        keep(processes, embedded, started)
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        say("正在停止……")
        for process in processes:
            process.ask_to_stop()
        until = time.monotonic() + STOP_PATIENCE
        for process in processes:
            process.wait(until)
        services.stop(tuple(sorted(started)))


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def main() -> None:
    """Run, and turn what went wrong into one sentence."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    try:
        run()
    except KeyboardInterrupt:
        say("已停止。")
    except (GiveUp, services.ServiceError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()

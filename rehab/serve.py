"""The three long-running processes, by name: `python -m rehab.serve web|worker|beat|healthy`.

`make run`, the compose file and the tests all start them through here, so that what runs on a
desk is what runs in production.
"""

import http.client
import os
import subprocess
import sys
from collections.abc import Mapping

from rehab import services

PROCESSES = ("web", "worker", "beat")


def command(name: str, environ: Mapping[str, str] = os.environ) -> list[str]:
    """The command line of one process. HOST, PORT, WEB_CONCURRENCY and BEAT_SCHEDULE vary it."""
    python = [sys.executable, "-m"]
    match name:
        case "web":
            # Threads, for a browser opens connections ahead of need and says nothing on them:
            # two such connections keep two sync workers waiting, and the site stands still.
            host, port = environ.get("HOST", "127.0.0.1"), environ.get("PORT", "8000")
            return [
                *python, "gunicorn", "rehab.wsgi:application",
                "--bind", f"{host}:{port}",
                "--workers", environ.get("WEB_CONCURRENCY", "2"),
                "--worker-class", "gthread", "--threads", "16",
                "--timeout", "60", "--graceful-timeout", "10",
                "--no-control-socket", "--log-level", "warning",
            ]  # fmt: skip
        case "worker":
            return [
                sys.executable, "-W", "ignore:You're running the worker with superuser",
                "-m", "celery", "--quiet", "--app", "rehab.celery", "worker",
                "--concurrency", "2", "--loglevel", "WARNING",
                "--without-gossip", "--without-mingle",
            ]  # fmt: skip
        case "beat":
            schedule = environ.get("BEAT_SCHEDULE", str(services.state_dir() / "beat-schedule"))
            return [
                *python, "celery", "--quiet", "--app", "rehab.celery", "beat",
                "--schedule", schedule, "--pidfile", "", "--loglevel", "WARNING",
            ]  # fmt: skip
    raise ValueError(name)


def healthy(port: int, environ: Mapping[str, str] = os.environ) -> bool:
    """Whether web answers over HTTP that it is well; it is asked as its proxy would ask."""
    host = environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].lstrip("*.") or "127.0.0.1"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        headers = {"Host": host, "X-Forwarded-Proto": "https"}
        connection.request("GET", "/healthz/", headers=headers)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(arguments: list[str]) -> None:
    """Become the named process, with the services it needs; `healthy` asks web how it is."""
    if arguments == ["healthy"]:
        sys.exit(not healthy(int(os.environ.get("PORT", "8000"))))
    if len(arguments) != 1 or arguments[0] not in PROCESSES:
        sys.exit(f"用法：python -m rehab.serve {'|'.join(PROCESSES)}|healthy")
    try:
        services.ensure()
    except services.ServiceError as error:
        sys.exit(str(error))
    checked = [
        sys.executable,
        "manage.py",
        "check",
        "--database",
        "default",
        "--fail-level",
        "ERROR",
    ]
    if subprocess.run(
        checked, cwd=services.CHECKOUT, stdout=subprocess.DEVNULL, check=False
    ).returncode:
        sys.exit("数据库或设置不合要求，原因见上，没有启动。")
    argv = command(arguments[0])
    os.execv(argv[0], argv)


if __name__ == "__main__":
    main(sys.argv[1:])

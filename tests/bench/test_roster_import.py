"""The bar for the 5,000-line roster, from the command line to the last row: time and memory."""

import json
import os
import re
import subprocess
import sys
import time
from operator import itemgetter
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rehab import scope, services
from tests.factories import rehab as make

ROSTER = Path(__file__).parents[1] / "data" / "roster-5000.xlsx"
DRY_RUN_TIMES_OPENPYXL = 3
COMMIT_TIMES_DRY_RUN = 3
MEGABYTES = 256

# Runs manage.py as the shell does and says at the end how high its memory went
RUN = r"""
import atexit, re, runpy, sys
from pathlib import Path
def peak():
    print(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1], file=sys.stderr)
atexit.register(peak)
sys.argv[0] = "manage.py"
runpy.run_path("manage.py", run_name="__main__")
"""


pytestmark = [pytest.mark.bench, pytest.mark.alone]


@pytest.fixture
def command(committed_db, servers):
    """Runs import_roster as a process of its own: (what it printed, seconds, megabytes)."""
    with scope.within(make.EVERYTHING):
        facility = make.facility("SL01")
        officer = make.officer("intake_officer", facility)
    environment = os.environ | {
        "DATABASE_URL": servers.url(services.WEB_ROLE, committed_db),
        "DJANGO_SETTINGS_MODULE": "rehab.settings",
    }

    def run(*more):
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", RUN, "import_roster", str(ROSTER), "--facility", "SL01",
             "--as-of", "2026-11-21", *more, "--json"],
            cwd=services.CHECKOUT, env=environment, check=True, capture_output=True, text=True,
        )  # fmt: skip
        took = time.perf_counter() - started
        return json.loads(done.stdout), took, int(re.findall(r"\d+", done.stderr)[-1]) // 1024

    run.officer = officer.username
    return run


def openpyxl_seconds():
    started = time.perf_counter()
    book = load_workbook(ROSTER, read_only=True)
    assert sum(1 for _ in book.active.iter_rows(values_only=True)) == 5004
    book.close()
    return time.perf_counter() - started


def test_5000_lines_are_judged_and_imported_within_the_bar(command):
    # the best of two of either side: a passing disturbance of the machine is in no ratio
    theirs = min(openpyxl_seconds() for _ in range(2))

    judged, dry_run, dry_peak = min((command() for _ in range(2)), key=itemgetter(1))
    imported, commit, commit_peak = command("--commit", "--by", command.officer)

    bar = DRY_RUN_TIMES_OPENPYXL * theirs
    print(
        f"\nopenpyxl reads 5,000 lines in {theirs:.2f} s; dry run {dry_run:.2f} s ({dry_run / theirs:.2f}×,"
    )
    print(
        f"bar 3×), {dry_peak} MB; commit {commit:.2f} s ({commit / theirs:.2f}×, bar 9×), {commit_peak} MB"
    )
    assert len(judged["rows"]) == len(imported["rows"]) == 5000
    assert imported["receipt"]
    assert dry_run <= bar
    assert commit <= COMMIT_TIMES_DRY_RUN * bar
    assert max(dry_peak, commit_peak) <= MEGABYTES

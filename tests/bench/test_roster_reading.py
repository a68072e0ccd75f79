"""The bar for the 5,000-line roster: time against openpyxl's read-only mode, and memory."""

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from intake import reading
from intake.rules import roster

ROSTER = Path(__file__).parents[1] / "data" / "roster-5000.xlsx"
TIMES_OPENPYXL = 3
MEGABYTES = 256

pytestmark = [pytest.mark.bench, pytest.mark.alone]

# VmHWM: the high-water mark of this program alone; ru_maxrss would count the forking parent's too
PEAK = r"""
import re, sys
from datetime import date
from pathlib import Path
from intake import reading
from intake.rules import roster


file = reading.read(Path(sys.argv[1]).read_bytes())
assert len(roster.judge(file.rows, as_of=date(2026, 11, 21))) == 5000
print(int(re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def seconds(work):
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def read_and_judge():
    file = reading.read(ROSTER.read_bytes())
    assert len(roster.judge(file.rows, as_of=date(2026, 11, 21))) == 5000


def read_with_openpyxl():
    book = load_workbook(ROSTER, read_only=True)
    assert sum(1 for _ in book.active.iter_rows(values_only=True)) == 5004
    book.close()


def test_reading_and_judging_5000_lines_takes_less_than_three_times_openpyxl():
    theirs = min(seconds(read_with_openpyxl) for _ in range(2))
    ours = min(seconds(read_and_judge) for _ in range(2))

    print(f"reading and judging 5,000 lines: {ours:.2f} s; openpyxl reads them in {theirs:.2f} s")
    assert ours <= TIMES_OPENPYXL * theirs


def test_reading_and_judging_5000_lines_stays_within_memory():
    root = Path(__file__).parents[2]

    peak = subprocess.run(
        [sys.executable, "-c", PEAK, str(ROSTER)],
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )

    print(f"peak memory: {peak.stdout.strip()} MB")
    assert int(peak.stdout) < MEGABYTES

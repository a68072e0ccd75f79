"""The banned doors are shut: the linter names each, and lets the clock alone read the time."""

import subprocess
import sys

import pytest

from rehab import services

CLOCKS = [
    "import datetime\n\ndatetime.datetime.now()\n",
    "import datetime\n\ndatetime.date.today()\n",
    "from datetime import UTC, datetime\n\ndatetime.now(UTC)\n",
    "from datetime import date\n\ndate.today()\n",
    "from django.utils import timezone\n\ntimezone.now()\n",
    "from django.utils import timezone\n\ntimezone.localdate()\n",
    "from django.utils.timezone import now\n\nnow()\n",
    "from django.db.models.functions import Now\n\nNow()\n",
    "import time\n\ntime.time()\n",
    "from time import time\n\ntime()\n",
]


def findings(source, path):
    """What the linter says about a file of this content at this place."""
    options = ["--output-format=concise", "--no-cache", "--stdin-filename", path]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *options, "-"],
        cwd=services.CHECKOUT,
        input=source,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize("source", CLOCKS)
@pytest.mark.parametrize("path", ["zones/actions.py", "reporting/views.py", "rehab/tasks.py"])
def test_reading_the_time_is_refused(source, path):
    assert "TID251" in findings(source, path)


@pytest.mark.parametrize("source", CLOCKS)
def test_the_clock_may_read_the_time(source):
    assert "TID251" not in findings(source, "rehab/clock.py")


@pytest.mark.parametrize(
    "source",
    [
        "from django.db.models.signals import post_save\n\npost_save\n",
        "from django.contrib import admin\n\nadmin\n",
        "from rest_framework.viewsets import ModelViewSet\n\nModelViewSet\n",
        "import sqlite3\n\nsqlite3\n",
        "from .models import Case\n\nCase\n",
    ],
)
def test_a_second_way_is_refused(source):
    assert "TID25" in findings(source, "zones/actions.py")

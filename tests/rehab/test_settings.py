"""A start that would be dangerous does not happen, and says what to do."""

import base64
import os
import subprocess
import sys

import pytest

from rehab.services import CHECKOUT

KEY = base64.b64encode(b"1" * 32).decode()
GOOD = {
    "PATH": os.environ["PATH"],
    "SECRET_KEY": "s" * 50,
    "SEAL_KEYS": f"k1:{KEY}",
    "SEAL_INDEX_KEY": KEY,
    "DATABASE_URL": "postgresql://rehab_web@localhost/rehab",
    "REDIS_URL": "redis://localhost/0",
    "PRODUCTION": "1",
}


def start(program="import rehab.settings", **changed):
    environment = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "required"),
        ({"PRODUCTION": "0"}, "offered"),
        ({"SECOND_FACTOR": ""}, "required"),
        ({"SECOND_FACTOR": "offered"}, "offered"),
        ({"PRODUCTION": "0", "SECOND_FACTOR": "required"}, "required"),
    ],
)
def test_second_factor_is_required_in_production_unless_it_is_said_otherwise(changed, said):
    answer = start("from rehab import settings; print(settings.SECOND_FACTOR)", **changed)

    assert answer.stdout.split() == [said]


def test_production_starts():
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("given", "known"),
    [
        (None, ["default"]),
        ("", ["default"]),
        ("postgresql://rehab_owner@/rehab", ["default", "owner"]),
    ],
)
def test_owner_is_known_where_it_was_given(given, known):
    answer = start(
        "from rehab import settings; print(*settings.DATABASES)", OWNER_DATABASE_URL=given
    )

    assert answer.stdout.split() == known


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"SECRET_KEY": None}, "缺少环境变量 SECRET_KEY"),
        ({"DATABASE_URL": None}, "缺少环境变量 DATABASE_URL"),
        ({"REDIS_URL": None}, "缺少环境变量 REDIS_URL"),
        ({"DATABASE_URL": "sqlite:///x"}, "必须是 PostgreSQL"),
        ({"SEAL_KEYS": f"k1:{KEY[:8]}"}, "32 字节"),
        ({"SEAL_KEYS": "k1:???"}, "32 字节"),
        ({"SEAL_KEYS": f":{KEY}"}, "编号:base64"),
        ({"SEAL_INDEX_KEY": "AAAA"}, "32 字节"),
        ({"DEBUG": "1"}, "不得开启 DEBUG"),
        ({"DEMO": "1"}, "不得开启演示"),
        ({"SECOND_FACTOR": "no"}, "SECOND_FACTOR 只能是 required 或 offered"),
        ({"DEMO": "yes"}, "只能是 0 或 1"),
        ({"SECRET_KEY": "short"}, "至少 50 个随机字符"),
        ({"SECRET_KEY": "django-insecure-" + "x" * 50}, "不得用默认值"),
        ({"SEAL_KEYS": f"demo1:{KEY}"}, "不得用演示密钥"),
    ],
)
def test_production_refuses(changed, sentence):
    answer = start(**changed)

    assert answer.returncode != 0
    assert sentence in answer.stderr

from datetime import UTC, datetime

from rehab import clock
from rehab.keys import new_key


def test_new_key(monkeypatch):
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    monkeypatch.setattr(clock, "real_now", lambda: moment)

    key = new_key()

    assert key.version == 7
    assert key.variant == "specified in RFC 4122"
    assert key.int >> 80 == moment.timestamp() * 1000


def test_new_keys_follow_the_clock():
    keys = [new_key() for _ in range(100)]

    assert [key.int >> 80 for key in keys] == sorted(key.int >> 80 for key in keys)
    assert len(set(keys)) == 100

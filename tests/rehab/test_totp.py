"""Codes as RFC 6238 computes them, each good for its half minute and the two beside it."""

from datetime import UTC, datetime, timedelta

import pytest
import segno

from rehab import totp

KEY = b"12345678901234567890"  # the key of RFC 6238, appendix B


def at(second):
    return datetime.fromtimestamp(second, UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_of_the_standard(second, code):
    assert totp.step_of(KEY, code, at=at(second)) == second // 30


@pytest.mark.parametrize(("late", "good"), [(-61, False), (-30, True), (30, True), (61, False)])
def test_a_device_may_be_half_a_minute_fast_or_slow(late, good):
    found = totp.step_of(KEY, "005924", at=at(1234567890) + timedelta(seconds=late))

    assert found == (1234567890 // 30 if good else None)


def test_a_step_that_was_used_is_gone():
    step = 1234567890 // 30

    assert totp.step_of(KEY, "005924", at=at(1234567890), after=step) is None
    assert totp.step_of(KEY, "005924", at=at(1234567890), after=step - 1) == step


@pytest.mark.parametrize(
    "code", ["", "5924", "00592", "0005924", "００５９２４", "-05924", "abcdef", "²²²²²²"]
)
def test_what_is_no_code(code):
    assert totp.step_of(KEY, code, at=at(1234567890)) is None


def test_keys():
    keys = {totp.new_key() for _ in range(50)}

    assert {len(key) for key in keys} == {20}
    assert len(keys) == 50


def test_a_key_as_it_is_typed():
    assert totp.spelled(KEY) == "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ"


def test_a_key_as_it_is_scanned():
    issuer = "%E6%88%92%E6%AF%92%E7%9F%AB%E6%B2%BB%E4%B8%9A%E5%8A%A1%E5%B9%B3%E5%8F%B0"
    address = (
        f"otpauth://totp/{issuer}:lisi?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer={issuer}"
    )

    picture = totp.picture(KEY, username="lisi")

    assert picture == segno.make(address, micro=False).svg_data_uri(border=2, light="#fff")
    assert picture.startswith("data:image/svg+xml")

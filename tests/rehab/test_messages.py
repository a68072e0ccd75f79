"""What a page says after an act names people: nobody reads it on its way but this program."""

import zlib
from base64 import urlsafe_b64decode

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage import default_storage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.http import HttpResponse
from django.test import RequestFactory

NAME = "示例张三"
SAID = f"{NAME}已经解除"
MANY = [f"{SAID} {n:04d} {n * 7919 % 10007}" for n in range(400)]  # too long for a cookie


def at_desk(cookie: str = "", session: SessionStore | None = None):
    """A request with what the browser kept, and its storage."""
    request = RequestFactory().get("/")
    request.session = session or SessionStore()
    if cookie:
        request.COOKIES["messages"] = cookie
    return request, default_storage(request)


def kept(*texts: str) -> tuple[str, SessionStore]:
    """What the cookie and the session hold after these were said."""
    request, storage = at_desk()
    for text in texts:
        storage.add(constants.SUCCESS, text)
    response = HttpResponse()
    storage.update(response)
    return response.cookies["messages"].value, request.session


def unfolded(value: str) -> list[bytes]:
    """A value as anybody can read it without a key: as it stands, decoded, and decompressed."""
    found = [value.encode()]
    for part in value.strip(".").split(":"):
        raw = urlsafe_b64decode(part + "=" * (-len(part) % 4))
        found.append(raw)
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            continue
    return found


def readable(value: str) -> bool:
    words = (NAME.encode(), NAME.encode("unicode_escape"))
    return any(word in one for one in unfolded(value) for word in words)


def test_the_browser_cannot_read_what_was_said():
    cookie, session = kept(SAID)

    assert not readable(cookie)
    assert list(session.keys()) == []
    assert [one.message for one in at_desk(cookie)[1]] == [SAID]


def test_the_session_cannot_be_read_either():
    cookie, session = kept(*MANY)
    held = session["_messages"]

    assert not readable(cookie)
    assert isinstance(held, str)
    assert not readable(held)
    assert [one.message for one in at_desk(cookie, session)[1]] == MANY


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param(lambda cookie: cookie[:-6] + "AAAAA=", id="改过"),
        pytest.param(lambda cookie: "", id="没有"),
        pytest.param(lambda cookie: "=", id="空的"),
        pytest.param(lambda cookie: "!!!", id="不是编码"),
        pytest.param(lambda cookie: "BWtleS0x" + cookie, id="别的密钥"),
    ],
)
def test_what_was_spoilt_says_nothing(spoilt):
    _, storage = at_desk(spoilt(kept(SAID)[0]))

    assert list(storage) == []

"""What a page says once after an act: sealed on its way, for it names people.

Django signs its cookie and leaves it readable to whoever opens the browser's store; what does not fit
there it writes into the session, in clear. Ours are sealed in both places.
"""

import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from cryptography.exceptions import InvalidTag
from django.contrib.messages.storage.cookie import (
    CookieStorage,
    MessageDecoder,
    MessagePartGatherSerializer,
    MessagePartSerializer,
)
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage

from rehab.sealed import seal, unseal

PLACE = "messages"


def _sealed(parts: Sequence[str]) -> str:
    written = MessagePartGatherSerializer().dumps(parts)
    return urlsafe_b64encode(seal(zlib.compress(written), place=PLACE)).decode()


def _read(data: str) -> list[Any]:
    """The messages of a sealed text; none of one that was altered or sealed with a key now gone."""
    try:
        written = zlib.decompress(unseal(urlsafe_b64decode(data), place=PLACE))
    except (InvalidTag, KeyError, ValueError, IndexError):
        return []
    messages: list[Any] = MessageDecoder().decode(written.decode("latin-1"))
    return messages


class SealedCookie(CookieStorage):
    """The cookie, readable to this program alone."""

    def _encode_parts(self, messages: list[str], encode_empty: bool = False) -> str | None:
        return _sealed(messages) if messages or encode_empty else None

    def _decode(self, data: str | None) -> list[Any] | None:
        return _read(data) if data else None


class SealedSession(SessionStorage):
    """What is too long for a cookie, in the session."""

    def serialize_messages(self, messages: Any) -> str:
        return _sealed(MessagePartSerializer().dumps(messages))

    def deserialize_messages(self, data: Any) -> Any:
        return _read(data) if data else data


class SealedMessages(FallbackStorage):
    storage_classes = (SealedCookie, SealedSession)

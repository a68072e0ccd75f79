"""The one way in which secrets about people are stored: authenticated encryption, field by field.

A sealed value is `key id length | key id | nonce | ciphertext and tag` (AES-256-GCM). The model and
field name are authenticated with it, so that a value cannot be copied from one column into another.
What must be found again has a keyed index (HMAC-SHA-256) in a column beside it. 戒毒条例第七条、第四十三条.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import FieldError
from django.db import models

NONCE_BYTES = 12


def seal(value: bytes, *, place: str) -> bytes:
    """Encrypt under the current key; `place` (model and field) is authenticated with it."""
    key_id, key = next(iter(settings.SEAL_KEYS.items()))
    nonce = os.urandom(NONCE_BYTES)
    name = key_id.encode()
    return bytes([len(name)]) + name + nonce + AESGCM(key).encrypt(nonce, value, place.encode())


def unseal(value: bytes, *, place: str) -> bytes:
    """Decrypt under the key that the value names.

    Raises `KeyError` for a key that was not given, `InvalidTag` for a value that was altered or moved.
    """
    start = 1 + value[0]
    key = settings.SEAL_KEYS[value[1:start].decode()]
    nonce, sealed = value[start : start + NONCE_BYTES], value[start + NONCE_BYTES :]
    return AESGCM(key).decrypt(nonce, sealed, place.encode())


def keyed_index(value: str, *, purpose: str) -> str:
    """The keyed fingerprint by which a sealed value is found again: 64 hexadecimal digits."""
    message = f"{purpose}\0{value}".encode()
    return hmac.new(settings.SEAL_INDEX_KEY, message, hashlib.sha256).hexdigest()


_WRITE: dict[str, Callable[[Any], bytes]] = {
    "text": lambda value: str(value).encode(),
    "bytes": bytes,
    "json": lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(),
}
_READ: dict[str, Callable[[bytes], Any]] = {
    "text": bytes.decode,
    "bytes": bytes,
    "json": json.loads,
}


class SealedField(models.BinaryField):
    """A column that only this program can read: `kind` is "text", "bytes" or "json".

    It cannot be filtered on, other than by being null: give it a keyed index for that.
    """

    if TYPE_CHECKING:  # what goes in and comes out depends on `kind`
        _pyi_private_set_type: Any
        _pyi_private_get_type: Any

    def __init__(self, *args: Any, kind: str = "text", **kwargs: Any) -> None:
        if kind not in _WRITE:
            raise FieldError(f"SealedField: kind 只能是 {'、'.join(_WRITE)}，不能是 {kind!r}")
        self.kind = kind
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        return f"{self.model._meta.label_lower}.{self.attname}"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "kind": self.kind}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        return connection.Database.Binary(seal(_WRITE[self.kind](value), place=self.place))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else _READ[self.kind](unseal(bytes(value), place=self.place))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: Any) -> str:
        raise FieldError(f"{self.place} 是封存字段，不得序列化")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.place} 是封存字段，不能按内容查询；请用带密钥的索引列")
        return super().get_lookup(lookup_name)

"""Photos: told by their content, and kept without what a camera adds to them.

Only the picture itself is kept: where it was taken, by whose telephone, and whatever hides behind its end
is left out.
"""

import struct
import zlib
from collections.abc import Iterator

MAX_BYTES = 8 * 1024 * 1024
MAX_SIDE = 12_000  # pixels
JPEG, PNG = "image/jpeg", "image/png"

_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"sRGB", b"gAMA"})
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_LEFT_OUT = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})  # Exif, thumbnails, comments; not Adobe's


class BadPhoto(ValueError):
    """Not a photo that is kept; the message is a Chinese sentence that says why."""


def cleaned(content: bytes) -> bytes:
    """The picture alone. Raises `BadPhoto`."""
    if len(content) > MAX_BYTES:
        raise BadPhoto("照片超过 8 MB，请缩小后再传")
    try:
        if content.startswith(_PNG_HEAD):
            return _png(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except (IndexError, struct.error):
        raise BadPhoto("照片不完整，请重新拍摄或者导出") from None
    raise BadPhoto("只收 jpg、png 照片")


def media_type(photo: bytes) -> str:
    """The media type of a photo that was cleaned."""
    return PNG if photo.startswith(_PNG_HEAD) else JPEG


def _measured(wide: int, tall: int) -> None:
    if not (0 < wide <= MAX_SIDE and 0 < tall <= MAX_SIDE):
        raise BadPhoto(f"照片的边长须在 1 至 {MAX_SIDE} 像素之间")


def _png(content: bytes) -> bytes:
    kept, seen = [_PNG_HEAD], set()
    for kind, chunk in _chunks(content):
        if kind == b"IHDR":
            _measured(*struct.unpack(">II", chunk[8:16]))
        if kind in _PNG_KEPT:
            kept.append(chunk)
            seen.add(kind)
    if not {b"IHDR", b"IDAT", b"IEND"} <= seen:
        raise BadPhoto("照片不完整，请重新拍摄或者导出")
    return b"".join(kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, kind = len(_PNG_HEAD), b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", content, at)
        kind, end = content[at + 4 : at + 8], at + 12 + length
        (check,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[at + 4 : end - 4]) != check:
            raise BadPhoto("照片已损坏，请重新拍摄或者导出")
        yield kind, content[at:end]
        at = end


def _jpeg(content: bytes) -> bytes:
    kept, at, framed = [b"\xff\xd8"], 2, False
    while True:
        if content[at] != 0xFF:
            raise BadPhoto("照片已损坏，请重新拍摄或者导出")
        marker = content[at + 1]
        (length,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + length
        if marker in _FRAMES:
            tall, wide = struct.unpack_from(">HH", content, at + 5)
            _measured(wide, tall)
            framed = True
        if marker == 0xDA:
            break
        if marker not in _LEFT_OUT:
            kept.append(content[at:end])
        at = end
    close = content.find(b"\xff\xd9", end)  # in the picture's own data 0xFF is always escaped
    if not framed or close < 0:
        raise BadPhoto("照片不完整，请重新拍摄或者导出")
    return b"".join([*kept, content[at : close + 2]])

"""Scans of signed papers: a photo, or a PDF of which only the pages are kept."""

import io
import zlib

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError

from rehab.rules import photos

MAX_BYTES = photos.MAX_BYTES
MAX_PAGES = 20
PDF = "application/pdf"

_PDF_HEAD = b"%PDF-"
_BROKEN = (  # what a reader meets in a file that was cut off or altered
    PyPdfError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError,
    ValueError, zlib.error,
)  # fmt: skip


class BadScan(ValueError):
    """Not a scan that is kept; the message is a Chinese sentence that says why."""


def cleaned(content: bytes) -> bytes:
    """The pages alone: no scripts, no links, no attached files. Raises `BadScan`."""
    if len(content) > MAX_BYTES:
        raise BadScan("扫描件超过 8 MB，请缩小后再传")
    if content.startswith(_PDF_HEAD):
        return _pages(content)
    if not content.startswith((b"\x89PNG", b"\xff\xd8")):
        raise BadScan("只收 pdf、jpg、png 扫描件")
    try:
        return photos.cleaned(content)
    except photos.BadPhoto as bad:
        raise BadScan(str(bad)) from None


def media_type(scan: bytes) -> str:
    """The media type of a scan that was cleaned."""
    return PDF if scan.startswith(_PDF_HEAD) else photos.media_type(scan)


def _pages(content: bytes) -> bytes:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise BadScan("扫描件有密码，请去掉密码后再传")
        if not 0 < len(reader.pages) <= MAX_PAGES:
            raise BadScan(f"扫描件须有 1 至 {MAX_PAGES} 页")
        writer = PdfWriter()
        for page in reader.pages:
            for name in ("/Annots", "/AA"):
                page.pop(name, None)
            writer.add_page(page)
        kept = io.BytesIO()
        writer.write(kept)
    except BadScan:
        raise
    except _BROKEN as broken:
        raise BadScan("扫描件打不开，请重新扫描") from broken
    return kept.getvalue()

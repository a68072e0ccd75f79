"""What comes out of a printer: several 文书 as one file, and copies that say that they are copies."""

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

from rehab.typeset import copy_marks


def bundled(bodies: Sequence[bytes]) -> bytes:
    """Several documents, one after the other, each on pages of its own."""
    writer = PdfWriter()
    for body in bodies:
        writer.append(io.BytesIO(body))
    return _written(writer)


def marked_copy(body: bytes, words: str) -> bytes:
    """The document with 副本 and `words` across the top of every page."""
    writer = PdfWriter(clone_from=io.BytesIO(body))
    sizes = [(float(page.mediabox.width), float(page.mediabox.height)) for page in writer.pages]
    marks = PdfReader(io.BytesIO(copy_marks(words, sizes)))
    for page, mark in zip(writer.pages, marks.pages, strict=True):
        page.merge_page(mark)
    return _written(writer)


def _written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()

"""文书排版: facts in, PDF bytes out; the same facts always give the same bytes.

The layouts are `templates/typst/*.typ`. Facts and wording reach them as JSON data, never as source, so
that whatever stands in a name or a province's paragraph stays text, and no paper can open a file. The
only fonts are those of `package.json`, embedded in the file; a character that none of them can draw
refuses the document instead of printing a box.
"""

import json
import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from rehab import statutes
from rehab.document_kinds import CITATIONS, TEMPLATES, DocumentKind, kind
from rehab.rules.days import SHANGHAI
from rehab.rules.wording import Wording, filled

ROOT = Path(__file__).resolve().parent.parent
FONTS = ROOT / "node_modules" / "@expo-google-fonts"
REGULAR = (  # the second draws what the first lacks; each has a bold of the same characters
    FONTS / "noto-serif-sc" / "400Regular" / "NotoSerifSC_400Regular.ttf",
    FONTS / "noto-serif-jp" / "400Regular" / "NotoSerifJP_400Regular.ttf",
)
BOLD = (
    FONTS / "noto-serif-sc" / "700Bold" / "NotoSerifSC_700Bold.ttf",
    FONTS / "noto-serif-jp" / "700Bold" / "NotoSerifJP_700Bold.ttf",
)
STAND_IN = "〓"
RIGHT_TO_LEFT = frozenset({"ug", "kk"})


class MissingGlyph(Exception):
    """The facts hold characters that no font of ours can draw; the caller decides what to print."""

    def __init__(self, characters: Iterable[str]):
        self.characters = tuple(characters)
        super().__init__("字库中没有这些字，无法打印：" + "、".join(map(_named, self.characters)))


class TypesetterBroken(RuntimeError):
    """The typesetter itself gave up. Its panic is no `Exception`, and would pass by whoever waits for one."""


@dataclass(frozen=True)
class Translation:
    """The same 文书 in another language, as far as its text truly exists."""

    language: str  # as in HTML: ug, bo, mn, ii
    wording: Wording

    @property
    def right_to_left(self) -> bool:
        return self.language in RIGHT_TO_LEFT


def typeset(
    template: str,
    facts: Mapping[str, object],
    wording: Wording | None = None,
    translation: Translation | None = None,
) -> bytes:
    """The document `template` filled with `facts`, as a PDF/A that opens anywhere and for good.

    `facts["issued_on"]` (a date) is the date under the signature and of the file itself. Dates and
    moments are printed in Chinese, moments in Beijing time; articles as their citation. Without a
    `wording` the product's own is used.
    Raises MissingGlyph; KeyError without `issued_on`; typst.TypstError for a fact left out; BadWording.
    """
    one = kind(template)
    wording = wording or one.wording
    if missing := missing_glyphs(facts):
        raise MissingGlyph(missing)
    issued_on = facts["issued_on"]
    if not isinstance(issued_on, date):
        raise TypeError("issued_on is the date of the document")
    known = printed(facts)
    words = _words(one, known)
    return _compiled(
        str(TEMPLATES / f"{template}.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={
            "facts": json.dumps(known),
            "articles": _citations(),
            "wording": json.dumps(
                _in_pieces(wording, words)
                | {
                    "required": sorted(one.bare),
                    "translation": translation and _translated_pieces(translation, words),
                }
            ),
        },
        format="pdf",
        pdf_standards="a-2b",
        # 00:00 UTC is 08:00 of the same day in Beijing
        timestamp=datetime(issued_on.year, issued_on.month, issued_on.day, tzinfo=UTC),
    )


def _compiled(layout: str, **how: Any) -> bytes:
    try:
        pdf: bytes = typst.compile(layout, **how)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of its Rust; it cannot be imported
            raise
        raise TypesetterBroken(str(error)) from error
    return pdf


def copy_marks(words: str, sizes: Sequence[tuple[float, float]]) -> bytes:
    """Empty pages of these sizes (in points), each with 副本 and `words` across its top."""
    said = with_stand_ins({"words": words})["words"]
    return _compiled(
        str(TEMPLATES / "copy_mark.typ"),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"facts": json.dumps({"words": said, "pages": sizes})},
        format="pdf",
    )


def _words(one: DocumentKind, known: Mapping[str, object]) -> dict[str, str | None]:
    """What each word of the kind's paragraphs stands for in this document."""
    words: dict[str, str | None] = dict(_cited())
    for word, key in one.words.items():
        value = known.get(key) or ""
        words[word] = "、".join(value) if isinstance(value, list) else str(value)
    return words


def _in_pieces(wording: Wording, words: Mapping[str, str | None]) -> dict[str, object]:
    return {
        "heading": "".join(piece or "" for piece in filled(wording.heading, words)),
        "sections": {
            section: [filled(paragraph, words) for paragraph in paragraphs]
            for section, paragraphs in wording.sections.items()
        },
        "copies": wording.copies,
        "signers": wording.signers,
    }


def _translated_pieces(
    translation: Translation, words: Mapping[str, str | None]
) -> dict[str, object]:
    return _in_pieces(translation.wording, words) | {
        "language": translation.language,
        "rtl": translation.right_to_left,
    }


def missing_glyphs(facts: object) -> tuple[str, ...]:
    """The characters of these facts that cannot be drawn, each once, in order of code point."""
    return tuple(sorted({ch for text in _texts(facts) for ch in text if not _drawable(ch)}))


def with_stand_ins(facts: Mapping[str, object]) -> dict[str, object]:
    """The same facts with 〓 for every character that cannot be drawn.

    The document then says at its foot which code points to write in by hand.
    """
    missing = missing_glyphs(facts)
    table = str.maketrans(dict.fromkeys(missing, STAND_IN))
    replaced = {key: _translated(value, table) for key, value in facts.items()}
    return replaced | {"stand_ins": [f"U+{ord(character):04X}" for character in missing]}


def printed(facts: Mapping[str, object]) -> dict[str, object]:
    """The facts in the words of the document: plain JSON, to be kept beside its bytes.

    Raises ValueError for a moment without its zone, TypeError for what has no words.
    """
    words: dict[str, object] = json.loads(json.dumps(dict(facts), default=_printed))
    return words


def cite(article: statutes.Article) -> str:
    """How a served document names its authority: a number that is only recalled is not printed."""
    return f"《{article.law}》{article.number if article.confirmed else '有关规定'}"


def _named(character: str) -> str:
    shown = f"“{character}”" if character.isprintable() else ""
    return f"{shown}U+{ord(character):04X}"


def _texts(value: object) -> Iterator[str]:
    """Every text among the facts, however deep."""
    match value:
        case str():
            yield value
        case Mapping():
            for inner in value.values():
                yield from _texts(inner)
        case list() | tuple():
            for inner in value:
                yield from _texts(inner)


def _translated(value: object, table: Mapping[int, str]) -> object:
    match value:
        case str():
            return value.translate(table)
        case Mapping():
            return {key: _translated(inner, table) for key, inner in value.items()}
        case list() | tuple():
            return [_translated(inner, table) for inner in value]
        case _:
            return value


def _drawable(character: str) -> bool:
    """Invisible and direction-changing characters have no place on paper, drawn or not."""
    if character == "\n":
        return True
    invisible = unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}
    return not invisible and ord(character) in _code_points()


@cache
def _code_points() -> frozenset[int]:
    return frozenset().union(*map(_mapped, REGULAR))


def _mapped(font: Path) -> Iterator[int]:
    """The code points of a TrueType font: format 12 of its `cmap` table (OpenType 1.9)."""
    data = font.read_bytes()
    (tables,) = struct.unpack_from(">H", data, 4)
    offsets = dict(struct.unpack_from(">4s4xI", data, 12 + 16 * n) for n in range(tables))
    cmap = offsets[b"cmap"]
    (encodings,) = struct.unpack_from(">H", data, cmap + 2)
    for n in range(encodings):
        (offset,) = struct.unpack_from(">4xI", data, cmap + 4 + 8 * n)
        (form,) = struct.unpack_from(">H", data, cmap + offset)
        if form == 12:
            (groups,) = struct.unpack_from(">I", data, cmap + offset + 12)
            for group in range(groups):
                first, last = struct.unpack_from(">II", data, cmap + offset + 16 + 12 * group)
                yield from range(first, last + 1)


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font.parent) for font in REGULAR + BOLD],
    )


@cache
def _cited() -> Mapping[str, str]:
    return {name: cite(article) for name, article in CITATIONS.items()}


@cache
def _citations() -> str:
    return json.dumps({code: cite(article) for code, article in statutes.BY_CODE.items()})


def _printed(value: object) -> str:
    """Dates, moments and articles in the words of a Chinese document."""
    match value:
        case datetime():
            if value.tzinfo is None:
                raise ValueError("a moment without its zone cannot be printed")
            local = value.astimezone(SHANGHAI)
            return f"{_printed(local.date())}{local.hour}时{local.minute:02d}分"
        case date():
            return f"{value.year}年{value.month}月{value.day}日"
        case statutes.Article():
            return cite(value)
        case _:
            raise TypeError(f"a document cannot print {type(value).__name__}")

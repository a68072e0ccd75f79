"""文书的用语: the parts of a 文书 that a province may word, what they may not leave out, how they are filled.

A paragraph is plain text. `{姓名}` stands for a fact, `{《禁毒法》第四十条}` for an article, which is printed
only as far as it is confirmed; `[，{出生日期}出生]` is left out where one of its facts is not known.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rehab.refusal import Obstacle

NUMBER_WORDS = ("所简称", "字", "年", "号")  # what the pattern of a number is made of
LONGEST_PARAGRAPH = 600
MOST_PARAGRAPHS = 60
MOST_SIGNERS = 12
MOST_COPIES = 8

_NAMED = re.compile(r"\{([^{}]*)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_ARTICLE = re.compile(r"《[^》]+》(约?第[〇零一二三四五六七八九十百千0-9]+条|有关规定)")
_MARK = re.compile(r"[\u4e00-\u9fff]{2,8}")
_BETWEEN = re.compile(r"[（）()〔〕\[\]—－\-第号字 ]*")


class BadWording(Exception):
    """A paragraph names what this kind of 文书 does not know."""


@dataclass(frozen=True)
class Wording:
    """What may be worded: the title, the number, the paragraphs by section, copies and signature lines."""

    heading: str
    mark: str  # 机关代字; documents of one mark share one series of numbers
    number: str  # as in （{所简称}）{字}〔{年}〕{号}号
    sections: Mapping[str, tuple[str, ...]]
    copies: tuple[str, ...] = ()
    signers: tuple[str, ...] = ()

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Wording":
        """The wording kept in a file or a row. Raises BadWording for one that is not whole."""
        try:
            return cls(
                heading=str(values["heading"]),
                mark=str(values["mark"]),
                number=str(values["number"]),
                sections={str(key): tuple(map(str, of)) for key, of in values["sections"].items()},
                copies=tuple(map(str, values["copies"])),
                signers=tuple(map(str, values["signers"])),
            )
        except (KeyError, TypeError, AttributeError) as broken:
            raise BadWording(f"文书格式不完整：{broken}") from broken

    def parts(self) -> dict[str, Any]:
        """Plain values, as `read` takes them."""
        return {
            "heading": self.heading,
            "mark": self.mark,
            "number": self.number,
            "sections": {key: list(of) for key, of in self.sections.items()},
            "copies": list(self.copies),
            "signers": list(self.signers),
        }

    def numbered(self, *, facility: str, year: int, serial: int) -> str:
        """The number of one document."""
        words = {"所简称": facility, "字": self.mark, "年": str(year), "号": str(serial)}
        return _NAMED.sub(lambda named: words[named[1]], self.number)


@dataclass(frozen=True)
class Bounds:
    """What a province may not change of one kind: its sections, the words it knows, what it must say."""

    labels: Mapping[str, str]  # section → what it is called on the page
    words: frozenset[str]  # facts and articles that a paragraph may name
    must_say: Mapping[str, tuple[str, ...]]  # section → the words without which it may not stand
    only: Mapping[str, tuple[str, ...]]  # section → the only facts that its reader may learn


def filled(paragraph: str, words: Mapping[str, str | None]) -> tuple[str | None, ...]:
    """The paragraph in pieces; None where something is to be written in by hand. Raises BadWording."""

    def kept(part: re.Match[str]) -> str:
        return part[1] if all(_value(name, words) for name in _NAMED.findall(part[1])) else ""

    pieces = _NAMED.split(_OPTIONAL.sub(kept, paragraph))
    found = [(_value(one, words) or None) if at % 2 else one for at, one in enumerate(pieces)]
    return tuple(one for one in found if one != "")


def _value(name: str, words: Mapping[str, str | None]) -> str | None:
    if name not in words:
        raise BadWording(f"不识的用语：{{{name}}}")
    return words[name]


def named_in(text: str) -> list[str]:
    """What a text asks to be filled in."""
    return _NAMED.findall(text)


def wording_obstacles(wording: Wording, bounds: Bounds) -> tuple[Obstacle, ...]:
    """Why this wording may not be used: each sentence names the field and the way out."""
    return (
        *_heading(wording, bounds),
        *_number(wording),
        *_sections(wording, bounds),
        *_lines("份数和去向", wording.copies, most=MOST_COPIES, longest=40),
        *_lines("签名栏", wording.signers, most=MOST_SIGNERS, longest=16),
    )


def _heading(wording: Wording, bounds: Bounds) -> Iterator[Obstacle]:
    if not 2 <= len(wording.heading.strip()) <= 40:
        yield Obstacle("“标题”须有 2 至 40 个字，请修改")
    yield from _named_rightly("标题", [wording.heading], bounds.words)


def _number(wording: Wording) -> Iterator[Obstacle]:
    if not _MARK.fullmatch(wording.mark) or set(wording.mark) & set("第号字年"):
        yield Obstacle("“机关代字”须是 2 至 8 个汉字，不用“第”“号”“字”“年”，如“强戒解证”")
    pieces = _NAMED.split(wording.number)
    names, between = pieces[1::2], pieces[::2]
    whole = sorted(names) == sorted(NUMBER_WORDS) and names.index("年") < names.index("号")
    if not whole:
        yield Obstacle(
            "“文号格式”须把 {所简称}、{字}、{年}、{号} 各写一次，年在号前，如“（{所简称}）{字}〔{年}〕{号}号”"
        )
    elif not all(_BETWEEN.fullmatch(one) for one in between):
        yield Obstacle("“文号格式”中除四个用语外只能有括号、连字符和“第”“号”“字”，请删去其他文字")
    elif not between[names.index("年") + 1]:
        yield Obstacle("“文号格式”的 {年} 和下一个用语之间要隔开，如“〔{年}〕{号}号”")


def _sections(wording: Wording, bounds: Bounds) -> Iterator[Obstacle]:
    if set(wording.sections) != set(bounds.labels):
        yield Obstacle("“正文”的各部分与此种文书不符，请从现行格式改起")
        return
    for section, label in bounds.labels.items():
        paragraphs = wording.sections[section]
        yield from _lines(label, paragraphs, most=MOST_PARAGRAPHS, longest=LONGEST_PARAGRAPH)
        yield from _named_rightly(
            label, paragraphs, _known(bounds, section), bounds.must_say.get(section, ())
        )


def _known(bounds: Bounds, section: str) -> frozenset[str]:
    """The words of a section; where its reader may learn only some facts, those and the articles."""
    if section not in bounds.only:
        return bounds.words
    return frozenset(bounds.only[section]) | {one for one in bounds.words if one.startswith("《")}


def _lines(label: str, lines: tuple[str, ...], *, most: int, longest: int) -> Iterator[Obstacle]:
    if len(lines) > most:
        yield Obstacle(f"“{label}”最多 {most} 行，现有 {len(lines)} 行，请合并")
    for at, line in enumerate(lines, start=1):
        if not line.strip():
            yield Obstacle(f"“{label}”第 {at} 行是空的，请删去或者填写")
        if len(line) > longest:
            yield Obstacle(f"“{label}”第 {at} 行超过 {longest} 个字，请分成几行")


def _named_rightly(
    label: str, lines: Iterable[str], known: frozenset[str], needed: Iterable[str] = ()
) -> Iterator[Obstacle]:
    lines = tuple(lines)
    for line in lines:
        rest = _NAMED.sub("", line)
        if {"{", "}"} & set(rest):
            yield Obstacle(f"“{label}”中的花括号不成对，请改为 {{姓名}} 这样的写法")
        if {"[", "]"} & set(_OPTIONAL.sub("", line)):
            yield Obstacle(f"“{label}”中的方括号不成对或者套用，请改正")
        if found := _ARTICLE.search(rest):
            yield Obstacle(f"“{label}”中的{found[0]}请放进花括号，写作 {{{found[0]}}}，由系统核对")
    named = [name for line in lines for name in named_in(line)]
    for name in dict.fromkeys(named):
        if name not in known:
            yield Obstacle(f"“{label}”中的 {{{name}}} 不能用在这里，请从右侧“可用的用语”中选")
    for name in needed:
        if name not in named:
            yield Obstacle(f"“{label}”必须写明 {{{name}}}，请补上")

"""Chinese order and search by pinyin: what is stored beside a name when it is written."""

from functools import cache
from importlib import import_module
from typing import Any

SORT_KEY_LENGTH = 200
INITIALS_LENGTH = 50
SPELLINGS_LENGTH = 1_000

# A character read otherwise as a family name than in a text
_FAMILY_NAMES = {
    "曾": "zeng",
    "单": "shan",
    "解": "xie",
    "仇": "qiu",
    "区": "ou",
    "查": "zha",
    "朴": "piao",
    "覃": "qin",
    "翟": "zhai",
    "缪": "miao",
    "盖": "ge",
    "种": "chong",
    "乐": "yue",
    "员": "yun",
    "繁": "po",
    "秘": "bi",
    "召": "shao",
    "折": "she",
    "祭": "zhai",
    "黑": "he",
    "郇": "xun",
    "阚": "kan",
    "薄": "bo",
    "都": "du",
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
}


@cache
def dictionaries() -> Any:
    """pypinyin, read with the first name: a fifth of a second that a command which writes none need not wait."""
    return import_module("pypinyin")


def sort_key(name: str) -> str:
    """zhang san: the pinyin of each character, lower-case, by which lists are ordered.

    A character without a known reading stands for itself and sorts after the letters.
    """
    return " ".join(_syllables(name))[:SORT_KEY_LENGTH]


def initials(name: str) -> str:
    """zs: the first letter of each character, as typed into the search box."""
    return "".join(syllable[0] for syllable in _syllables(name))[:INITIALS_LENGTH]


def spellings(name: str) -> str:
    """shanxiaoyu sxy danxiaoyu dxy: everything without tones by which a name may be typed.

    A family name that is read in several ways is found by each of them.
    """
    found: dict[str, None] = {}  # in order, each once
    for syllables in _readings(name):
        found["".join(syllables)[:SORT_KEY_LENGTH]] = None
        found["".join(syllable[0] for syllable in syllables)[:INITIALS_LENGTH]] = None
    return " ".join(found)[:SPELLINGS_LENGTH]


def _readings(name: str) -> list[list[str]]:
    """The usual reading first, then those of the other readings of the first character."""
    usual = _syllables(name)
    spoken = _spoken(name)
    read = dictionaries()
    rare = read.pinyin(name[:1], heteronym=True, style=read.Style.NORMAL, errors="ignore")
    rest = _words(spoken[1:])
    return [usual, _words(spoken), *([other, *rest] for others in rare for other in others)]


def _syllables(name: str) -> list[str]:
    """One lower-case syllable a character; Latin words whole; interpuncts and blanks dropped."""
    family = next((name[:n] for n in (2, 1) if name[:n] in _FAMILY_NAMES), "")
    return _words([_FAMILY_NAMES.get(family, ""), *_spoken(name[len(family) :])])


def _spoken(name: str) -> list[str]:
    read = dictionaries()
    spoken: list[str] = read.lazy_pinyin(name, style=read.Style.NORMAL)
    return spoken


def _words(spoken: list[str]) -> list[str]:
    return [word for part in spoken for word in part.lower().replace("·", " ").split()]

"""Chinese order and search by pinyin: what is stored beside a name when it is written."""

from pypinyin import Style, lazy_pinyin

SORT_KEY_LENGTH = 200
INITIALS_LENGTH = 50

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
    "尉迟": "yu chi",
    "万俟": "mo qi",
    "长孙": "zhang sun",
}


def sort_key(name: str) -> str:
    """zhang san: the pinyin of each character, lower-case, by which lists are ordered.

    A character without a known reading stands for itself and sorts after the letters.
    """
    return " ".join(_syllables(name))[:SORT_KEY_LENGTH]


def initials(name: str) -> str:
    """zs: the first letter of each character, as typed into the search box."""
    return "".join(syllable[0] for syllable in _syllables(name))[:INITIALS_LENGTH]


def _syllables(name: str) -> list[str]:
    """One lower-case syllable a character; Latin words whole; interpuncts and blanks dropped."""
    family = next((name[:n] for n in (2, 1) if name[:n] in _FAMILY_NAMES), "")
    spoken = [_FAMILY_NAMES.get(family, ""), *lazy_pinyin(name[len(family) :], style=Style.NORMAL)]
    return [word for part in spoken for word in part.lower().replace("·", " ").split()]

"""What the 健康状况 of a roster says of pregnancy and nursing: the one thing that bars reception.

Where the words leave a doubt, the law's protection stands; the gate looks at the person herself.
"""

import re
import unicodedata
from enum import StrEnum

FIRST_BIRTHDAY = 12  # months; 禁毒法第三十九条: 不满一周岁
NO_INFANT = 72  # months; an age above it is not that of a nursed child

_PREGNANT = re.compile(
    r"怀孕|妊娠|身孕|有孕|早孕|孕妇|孕期|已孕|孕检结?果?为?阳性|孕\d+(?=周|个?月)"
)
_NURSING = re.compile(r"哺乳")
_DENIED_BEFORE = re.compile(
    r"(?:未|无|没|没有|否认|排除|非|不|不是|曾|既往|停止|结束)(?:发现|见|曾|有|处于|在|存在)?$"
)
_DENIED_AFTER = re.compile(r"期?(?:史|[^,.;、。]{0,6}(?:阴性|\(-\)))")
_AGE = re.compile(
    r"(?P<under>不满|未满|不足|不到|小于)?"
    r"(?:(?P<years>\d+)周?岁零?(?:(?P<and_months>\d+)个?月)?|(?P<months>\d+)个?月)"
    r"(?P<within>以下|以内|之内|内)?"
)
_DIGITS = str.maketrans("一二三四五六七八九两", "1234567892")
_TENS = re.compile(r"(\d?)十(\d?)")


class Bar(StrEnum):
    """Why 强制隔离戒毒 does not apply."""

    PREGNANT = "怀孕"
    NURSING = "哺乳未满一周岁婴儿"


def bar_of(said: str) -> Bar | None:
    """The bar that 健康状况 states; None when it states none, as 未怀孕 or 妊娠试验阴性 do.

    Nursing bars unless the infant is said to be one year old or more.
    """
    plain = "".join(unicodedata.normalize("NFKC", said).split()).translate(_DIGITS)
    if _affirmed(_PREGNANT, plain):
        return Bar.PREGNANT
    if _affirmed(_NURSING, plain) and not _past_first_birthday(plain):
        return Bar.NURSING
    return None


def _affirmed(condition: re.Pattern[str], plain: str) -> bool:
    return any(
        not _DENIED_BEFORE.search(plain[: match.start()])
        and not _DENIED_AFTER.match(plain, match.end())
        for match in condition.finditer(plain)
    )


def _past_first_birthday(plain: str) -> bool:
    """Whether every child's age that is stated, at least one, is a year or more."""
    arabic = _TENS.sub(lambda m: f"{m[1] or 1}{m[2] or 0}", plain)
    ages = [_months(match) for match in _AGE.finditer(arabic)]
    of_children = [months for months in ages if months <= NO_INFANT]
    return bool(of_children) and min(of_children) >= FIRST_BIRTHDAY


def _months(match: re.Match[str]) -> int:
    """The age in full months; 不满一周岁 counts as none."""
    if match["under"] or match["within"]:
        return 0
    return int(match["years"] or 0) * 12 + int(match["and_months"] or match["months"] or 0)

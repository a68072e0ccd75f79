"""公民身份号码 (GB 11643-1999) and names: how they are cleaned, read and masked.

An area code that no longer exists is no fault: cards keep the code of the year they were given.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from rehab.rules.codes import FEMALE, MALE

NUMBER_LENGTH = 18
NAME_LENGTH = 50
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_SHAPE = re.compile(r"[0-9]{17}[0-9X]")

# Format and control characters, variation selectors, fillers: nothing that an eye can see
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_INTERPUNCTS = re.compile("[\u2022\u2027\u2219\u22c5\u30fb\uff65\u0387\u16eb\u2024]")
_BLANKS = re.compile(r"\s+")
_BLANK_BETWEEN_LETTERS = re.compile(r"(?<=[A-Za-z\u00c0-\u052f.'-])\s+(?=[A-Za-z\u00c0-\u052f])")


class BadIdentityNumber(ValueError):
    """Not a valid 公民身份号码; the message is a Chinese sentence that says why."""


@dataclass(frozen=True)
class IdentityNumber:
    """A valid number and what it says of its bearer."""

    number: str
    birth_date: date
    sex: str  # GB/T 2261.1: codes.MALE or codes.FEMALE


def clean_number(raw: str) -> str:
    """Without blanks and invisible characters, digits half-width, x upper-case."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", raw))
    return _BLANKS.sub("", visible).upper()


def check_digit(first_seventeen: str) -> str:
    """The check digit that belongs to the first seventeen digits."""
    total = sum(int(d) * w for d, w in zip(first_seventeen, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def identity_number(raw: str) -> IdentityNumber:
    """Read a number as typed. Raises `BadIdentityNumber` with the reason in Chinese."""
    number = clean_number(raw)
    if len(number) == 15 and number.isdigit():
        raise BadIdentityNumber("15 位的旧号码已停止使用，请填写 18 位公民身份号码")
    if len(number) != NUMBER_LENGTH:
        raise BadIdentityNumber(f"公民身份号码应为 18 位，实为 {len(number)} 位")
    if not _SHAPE.fullmatch(number):
        raise BadIdentityNumber("公民身份号码只能由数字组成，末位可以是 X")
    if number[-1] != check_digit(number[:-1]):
        raise BadIdentityNumber("公民身份号码的校验码不符，请核对是否有错位")
    try:
        birth_date = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadIdentityNumber("公民身份号码中的出生日期不存在") from None
    return IdentityNumber(number, birth_date, MALE if int(number[16]) % 2 else FEMALE)


def mask_number(number: str) -> str:
    """1101**********123X; what is shorter than eight characters is hidden whole."""
    if len(number) < 8:
        return "*" * len(number)
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def clean_name(raw: str) -> str:
    """A name without invisible characters and with one kind of interpunct.

    Blanks are dropped, save one between words in Latin or Cyrillic letters.
    """
    name = _INTERPUNCTS.sub("·", _INVISIBLE.sub("", raw))
    words = _BLANK_BETWEEN_LETTERS.split(name)
    return " ".join(_BLANKS.sub("", word) for word in words)


def mask_name(name: str) -> str:
    """张**: the first character stays, every other one is a star."""
    return name[:1] + "*" * (len(name) - 1)

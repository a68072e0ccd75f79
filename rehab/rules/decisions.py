"""Decision numbers: one number, however its brackets were typed."""

import unicodedata

_BRACKETS = str.maketrans("〔【[{〕】]}", "(((())))")


def decision_key(number: str) -> str:
    """Without blanks and with one kind of bracket: 〔2026〕, [2026] and （2026） are one number."""
    plain = unicodedata.normalize("NFKC", number).translate(_BRACKETS)
    return "".join(plain.split()).upper()

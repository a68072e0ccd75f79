"""Decisions on a term as the deciding organ serves them."""

from datetime import date

from rehab.rules.term_decisions import Paper
from rehab.rules.term_facts import EarlyRelease, Extension


def extension(number: str = "示延〔2026〕1号", *, on: date, months: int = 3, **changed) -> Paper:
    """延长决定, decided, received and served on one day."""
    return _paper(number, Extension(on, months), on, changed)


def early(number: str = "示提〔2026〕1号", *, on: date, ends_on: date, **changed) -> Paper:
    """提前解除决定, decided, received and served on one day."""
    return _paper(number, EarlyRelease(on, ends_on), on, changed)


def _paper(number, says, on, changed) -> Paper:
    plain = {
        "authority": "示例公安局",
        "decided_on": on,
        "received_on": on,
        "served_by": "示例警官",
    }
    return Paper(says=says, number=number, **plain | changed)

"""One thing that lets a person move on, whether it is there, and whose task it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    """Shown beside every move and every assessment: ✓ met, or ✗ and who owes it."""

    code: str
    label: str
    met: bool
    owner: str  # role code of who owes it
    url_name: str  # page on which it is done; takes the case number
    detail: str = ""  # a number or a day, never medical or psychological content

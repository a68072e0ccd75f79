"""The keyed indexes by which people and decisions at the door are found again."""

from intake.rules.gate import Papers
from intake.rules.line import person_key
from rehab.rules.decisions import decision_key
from rehab.sealed import keyed_index
from rehab.selectors import DECISION, IDENTITY


def person_index(key: str) -> str:
    """The index of a person key; for a citizen number it is that of the person's own row."""
    return keyed_index(key, purpose=IDENTITY)


def decision_index(number: str) -> str:
    """The index of a decision number, however its brackets were typed."""
    return keyed_index(decision_key(number), purpose=DECISION)


def person_index_of(papers: Papers) -> str | None:
    """The index under which somebody with these papers is found again; None when nothing tells."""
    key = person_key(
        id_number=papers.id_number,
        other_document=papers.other_document,
        name=papers.name,
        birth_date=papers.birth_date,
    )
    return person_index(key) if key else None


def decision_index_of(papers: Papers) -> str:
    """The index of the decision these papers name; empty when they name none."""
    return decision_index(papers.decision_number) if papers.decision_number else ""

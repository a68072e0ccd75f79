"""身份比对: everybody whom the match found, beside the papers, as far as the officer may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from intake.rules import comparison
from intake.rules.comparison import Agreement, Brought, Line
from intake.rules.gate import Papers
from rehab.models import Case, User
from rehab.selectors import EarlierCase


@dataclass(frozen=True)
class Beside:
    """Somebody known, beside who stands at the gate."""

    by_number: bool
    within_reach: bool
    stays: int
    is_open: bool
    lines: tuple[Line, ...]


def side_by_side(
    earlier: Sequence[EarlierCase], papers: Papers, *, user: User
) -> tuple[Beside, ...]:
    """One for each person found; those whose file the officer may open anyway with what it says."""
    if not earlier:
        return ()
    seen = Case.objects.visible_to(user).filter(person__in={found.person for found in earlier})
    known = {case.person_id: case.person for case in seen.select_related("person")}
    return tuple(_compared(earlier, papers, known))


def _compared(earlier: Sequence[EarlierCase], papers: Papers, known: dict) -> Iterator[Beside]:
    brought = Brought(papers.name, papers.sex, papers.birth_date, papers.id_number)
    for key, group in groupby(sorted(earlier, key=_whose), key=_whose):
        stays = list(group)
        found, person = stays[0], known.get(key[1])
        agrees = Agreement(
            found.masked_name, found.same_name, found.same_sex, found.same_birth, found.same_number
        )
        own = (
            Brought(person.name, person.sex, person.birth_date, person.id_number)
            if person
            else None
        )
        yield Beside(
            by_number=found.by_number,
            within_reach=person is not None,
            stays=len(stays),
            is_open=any(stay.is_open for stay in stays),
            lines=comparison.lines(brought, agrees, own),
        )


def _whose(found: EarlierCase) -> tuple[bool, object]:
    """Whom the number names comes first."""
    return not found.by_number, found.person

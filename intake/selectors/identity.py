"""身份比对: everybody whom the match found, beside the papers, as far as the officer may see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from intake.rules import comparison
from intake.rules.comparison import Agreement, Brought, Line
from intake.rules.gate import Papers
from rehab.models import Case, User
from rehab.selectors import EarlierCase


@dataclass(frozen=True)
class Beside:
    """Somebody known, beside who stands at the gate."""

    by_number: bool
    file: Case | None  # his newest, if the officer may open it
    stays: int
    is_open: bool
    lines: tuple[Line, ...]

    @property
    def within_reach(self) -> bool:
        return self.file is not None


def side_by_side(
    earlier: Sequence[EarlierCase], papers: Papers, *, user: User
) -> tuple[Beside, ...]:
    """One for each person found; those whose file the officer may open anyway with what it says."""
    if not earlier:
        return ()
    seen = Case.objects.visible_to(user).filter(person__in={found.person for found in earlier})
    files = seen.select_related("person").order_by("entered_at")
    known = {case.person_id: case for case in files}
    return tuple(_compared(earlier, papers, known))


def known_twice(people: Sequence[Beside]) -> tuple[Case, Case | None] | None:
    """A file within reach of one of several who may be one human being, and that of another, if seen too."""
    files = [one.file for one in people if one.file]
    if len(people) < 2 or not files:
        return None
    return files[0], files[1] if len(files) > 1 else None


def _compared(
    earlier: Sequence[EarlierCase], papers: Papers, known: dict[UUID, Case]
) -> Iterator[Beside]:
    brought = Brought(papers.name, papers.sex, papers.birth_date, papers.id_number)
    for key, group in groupby(sorted(earlier, key=_whose), key=_whose):
        stays = list(group)
        found, file = stays[0], known.get(key[1])
        person = file.person if file else None
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
            file=file,
            stays=len(stays),
            is_open=any(stay.is_open for stay in stays),
            lines=comparison.lines(brought, agrees, own),
        )


def _whose(found: EarlierCase) -> tuple[bool, UUID]:
    """Whom the number names comes first."""
    return not found.by_number, found.person

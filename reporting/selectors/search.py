"""查找: who answers to a few words. The words are cut into pieces, an index finds the cases that have them all.

Who is expected or stands at the gate has no case yet; he is found among the undecided arrivals in scope.

The pieces are those that `rehab_pieces` cuts in the database (ADR-0024): one and two characters of a
name, up to three letters that a spelling begins with, three characters of a case number.
"""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce, Concat, Replace

from intake.models import Arrival
from rehab.models import Case, Person, User
from rehab.naming import sees_names
from rehab.permissions import Permission
from rehab.rules.identity import NUMBER_LENGTH, clean_name, clean_number
from rehab.sealed import keyed_index
from rehab.selectors import IDENTITY
from reporting.selectors.people import shown

SPELLED = 3  # letters of a spelling in a piece
NUMBERED = 3  # characters of a case number in a piece; fewer are not looked for


@dataclass(frozen=True)
class Clue:
    """One way to read the words: the pieces a case must have, and what must then be true of it."""

    pieces: tuple[str, ...]
    answers: Q
    of_name: bool = True


def found(user: User, words: str) -> QuerySet[Case]:
    """Cases that answer to a name, its pinyin or initials, a case number or an identity number."""
    number = clean_number(words)
    if len(number) == NUMBER_LENGTH and sees_names(user):
        return shown(user).filter(person__in=_bearers(keyed_index(number, purpose=IDENTITY)))
    clues = _clues(words, named=sees_names(user))
    if not clues:
        return shown(user).none()
    matching = " UNION ".join(["SELECT rehab_cases_with(%s)"] * len(clues))
    answers = Q()
    for clue in clues:
        answers |= clue.answers
    if all(clue.of_name for clue in clues):  # who was written down twice answers to either name
        former = Person.objects.filter(merged_into=OuterRef("person")).annotate(**_called())
        answers |= Q(Exists(former.filter(answers)))
    return (
        shown(user)
        .filter(pk__in=RawSQL(matching, [list(clue.pieces) for clue in clues]))
        .annotate(**_called("person__"))
        .filter(answers)
    )


def _called(path: str = "") -> dict[str, Any]:
    """A name as it is looked for: bare, and each spelling behind a blank."""
    return {
        "bare": Replace(Replace(F(f"{path}name"), Value("·")), Value(" ")),
        "spelled": Concat(Value(" "), F(f"{path}name_spellings")),
    }


def _bearers(index: str) -> QuerySet[Any]:
    """Whose number it is, or was before two records were put together."""
    found = Person.objects.filter(id_index=index)
    return found.values_list(Coalesce("merged_into", "pk"), flat=True)


def _clues(words: str, *, named: bool) -> list[Clue]:
    """A name or number must not tell who stands behind a masked row: who sees no names asks by case number."""
    number = clean_number(words)
    if number.isascii() and any(map(str.isdigit, number)):  # no case number is without a digit
        if len(number) < NUMBERED:
            return []
        return [Clue(_runs("#", number, NUMBERED), Q(number__contains=number), False)]
    name = _bare_name(words)
    if not named or not name:
        return []
    clues = []
    if name.isascii() and name.isalpha():
        letters = name.lower()
        begins = Q(spelled__contains=f" {letters}")
        clues.append(Clue((f":{letters[:SPELLED]}",), begins))
    clues.append(Clue(_runs("", name, min(len(name), 2)), Q(bare__contains=name)))
    return clues


def waiting(user: User, words: str) -> QuerySet[Arrival]:
    """Undecided arrivals that answer to a name, its pinyin or initials, or an identity number."""
    seen: QuerySet[Arrival] = Arrival.objects.visible_to(user).undecided()
    if not (user.may(Permission.ARRIVAL_VIEW) and sees_names(user)):
        return seen.none()
    seen = seen.order_by("name_pinyin", "transferred_on", "pk")
    number = clean_number(words)
    if len(number) == NUMBER_LENGTH:
        return seen.filter(person_index=keyed_index(number, purpose=IDENTITY))
    name = _bare_name(words)
    if not name:
        return seen.none()
    seen = seen.annotate(
        bare=Replace(Replace(F("name"), Value("·")), Value(" ")),
        spelled=Replace(F("name_pinyin"), Value(" ")),
    )
    answers = Q(bare__contains=name)
    if name.isascii() and name.isalpha():
        letters = name.lower()
        by_initials = "^" + " ".join(f"{letter}[^ ]*" for letter in letters)
        answers |= Q(spelled__startswith=letters) | Q(name_pinyin__regex=by_initials)
    return seen.filter(answers)


def _bare_name(words: str) -> str:
    return clean_name(unicodedata.normalize("NFKC", words)).replace("·", "").replace(" ", "")


def _runs(mark: str, text: str, size: int) -> tuple[str, ...]:
    """Every run of `size` characters, each once."""
    return tuple({mark + text[at : at + size] for at in range(len(text) - size + 1)})

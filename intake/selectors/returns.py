"""Those who are out, as the gate looks for them."""

from django.db.models import Q, QuerySet

from rehab.models import Absence, User
from rehab.rules.identity import NUMBER_LENGTH, clean_name, clean_number
from rehab.sealed import keyed_index
from rehab.selectors import IDENTITY
from rehab.selectors.absences import outside


def answering(user: User, words: str) -> QuerySet[Absence]:
    """Who of those who are out answers to a name, its pinyin or initials, a case number or an identity number."""
    out, number, name = outside(user), clean_number(words), clean_name(words)
    if len(number) == NUMBER_LENGTH:
        return out.filter(case__person__id_index=keyed_index(number, purpose=IDENTITY))
    if not name:
        return out.none()
    answers = Q(case__person__name__contains=name) | Q(case__number__contains=number)
    if name.isascii() and name.isalpha():
        letters = name.lower()
        answers |= Q(case__person__name_spellings__startswith=letters)
        answers |= Q(case__person__name_spellings__contains=f" {letters}")
    return out.filter(answers).order_by("case__person__name_pinyin", "pk")

"""Age, and what follows from it."""

from datetime import date

ADULT_AGE = 18
EXEMPTIBLE_BELOW = 16  # 禁毒法第三十九条


def age_on(birth_date: date, on: date) -> int:
    """周岁 on a day, full on the birthday; one born on 29 February waits until 1 March."""
    before_birthday = (on.month, on.day) < (birth_date.month, birth_date.day)
    return on.year - birth_date.year - before_birthday


def is_minor(birth_date: date, on: date) -> bool:
    """未成年人: under eighteen on that day."""
    return age_on(birth_date, on) < ADULT_AGE


def of_age_on(birth_date: date) -> date:
    """The first day on which somebody is no longer a minor."""
    try:
        return birth_date.replace(year=birth_date.year + ADULT_AGE)
    except ValueError:  # born on 29 February, and that year has none
        return date(birth_date.year + ADULT_AGE, 3, 1)


def is_exemptible(birth_date: date, on: date) -> bool:
    """Under sixteen on that day: compulsory isolation may not apply."""
    return age_on(birth_date, on) < EXEMPTIBLE_BELOW

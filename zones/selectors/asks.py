"""What another post was asked for today, and what may still be asked."""

from collections.abc import Iterable
from datetime import date

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from rehab.models import Case, Event, Notice, User
from rehab.refusal import Obstacle
from rehab.rules.conditions import Condition
from zones import rules
from zones.selectors.moves import is_of, move_conditions


def cycle_of(code: str, on: date) -> str:
    """By this an asking is unique: one condition of one person on one day."""
    return f"{code} {on:%Y-%m-%d}"


def asked_on(case: Case, on: date) -> frozenset[str]:
    """The codes of what was asked for a person on a day."""
    said = Notice.objects.filter(
        case=case, clock=Event.Kind.CONDITION_ASKED, cycle__endswith=f" {on:%Y-%m-%d}"
    )
    return frozenset(cycle.split()[0] for cycle in said.values_list("cycle", flat=True))


def askable(case: Case, *, on: date) -> tuple[Condition, ...]:
    """What other posts still owe a person's move and were not asked for today."""
    asked = asked_on(case, on)
    conditions = move_conditions([case], on)[case.pk]
    return tuple(one for one in rules.to_be_asked(conditions) if one.code not in asked)


def told_of(case: str, on: date) -> ArraySubquery:
    """The cycles of what was asked on a day, beside rows whose column `case` names the person."""
    said = Notice.objects.filter(case=OuterRef(case), clock=Event.Kind.CONDITION_ASKED)
    return ArraySubquery(said.filter(cycle__endswith=f" {on:%Y-%m-%d}").values("cycle"))


def askings(
    conditions: Iterable[Condition], *, told: Iterable[str], asking: bool
) -> list[tuple[Condition, str, str]]:
    """Each condition, who owes it, and whether it may be asked for: `open`, `asked` today, or empty."""
    asked = {cycle.split()[0] for cycle in told}
    lines = []
    for one in conditions:
        is_open = asking and not one.met and one.owner != "zone_officer"
        state = "asked" if one.code in asked else "open" if is_open else ""
        lines.append((one, rules.owner_label(one.owner), "" if one.met else state))
    return lines


def asking_obstacles(
    case: Case, codes: Iterable[str], *, by: User, on: date
) -> tuple[Obstacle, ...]:
    """Why these conditions may not be asked for now, all reasons at once."""
    known = {one.code: one for one in move_conditions([case], on)[case.pk]}
    asked, unit = asked_on(case, on), case.unit
    reasons = (
        rules.asking_obstacles(
            known.get(code),
            asked=code in asked,
            of_that_unit=unit is not None and is_of(by, unit),
            unit_name=unit.name if unit else "别处",
        )
        for code in codes
    )
    return tuple(dict.fromkeys(reason for found in reasons for reason in found))

"""One person of the demo: his plan, and whoever acts upon him."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from aftercare.models import Agreement
from rehab.models import Case, User
from rehab.rules.term import last_day_before_anniversary
from reporting.demo.people import Invented
from reporting.demo.world import World, after

Life = Iterator[datetime]

REENTRY_DAYS = 45  # before the last day, as the example provinces have it


@dataclass(frozen=True)
class Plan:
    """Who arrives where and when, and what is different about him."""

    person: Invented
    facility: str
    decided_on: date
    arrives_on: date
    consolidates_in: str  # the 大队 of 康复巩固区
    slow: bool = False  # some of his deadlines are missed
    leave: bool = False  # medical leave during 康复巩固
    comes_back: bool = False  # from that leave
    agrees: bool = True  # signs an aftercare agreement
    only_arrives: bool = False  # no officer has decided about him yet
    stays_proposed: bool = False  # his first move waits for its second signature
    stays_in_transit: bool = False  # his first move waits to be received
    turned_away: bool = False  # brought without a decision
    first_returned: bool = False  # his first move is returned once

    @property
    def ends_on(self) -> date:
        return last_day_before_anniversary(self.decided_on, years=2)


class Stayer:
    """Somebody on his way through the house, and the officers he meets."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world, self.plan = world, plan
        self.case: Case
        self.agreement: Agreement

    def staff(self, name: str) -> User:
        return self.world.who(self.plan.facility, name)

    def officer(self, unit: str) -> User:
        return self.staff(f"zone{_NUMBER[unit]}")

    def leader(self, unit: str) -> User:
        return self.staff(f"lead{_NUMBER[unit]}")

    def fresh(self) -> Case:
        """The case as it stands now, seen by whoever acts."""
        return Case.objects.select_related("person", "facility", "unit__zone", "zone").get(
            pk=self.case.pk
        )

    @property
    def last_unit(self) -> str:
        return "五大队" if self.plan.facility == "SL01" else "四大队"

    @property
    def adapted_on(self) -> date:
        """The day of leaving 教育适应区; late for who is slow."""
        return after(self.plan.arrives_on, 90 if self.plan.slow else 76)


_NUMBER = {"一大队": 1, "二大队": 2, "三大队": 3, "四大队": 4, "五大队": 5}

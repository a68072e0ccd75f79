"""The demo's first facility with its officers, for flows that walk through the test client."""

from contextlib import ExitStack
from datetime import date, datetime, timedelta

from centers.states import AssessmentKind
from rehab import scope
from rehab.clock import standing_at
from rehab.states import Stage
from reporting.demo import accounts, places
from tests.factories import centers as centers_make
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.flows.desk import Desk


class TestHouse:
    """Places, officers and rules of the demo, without its people; the day is moved by hand."""

    __test__ = False

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.moment = make.at(2026, 11, 21, 9)
        self.desks: dict[str, Desk] = {}
        stack.enter_context(scope.within(make.EVERYTHING))
        self._stand()
        self.places = places.found()
        self.users = accounts.open_all(self.places, at=self.moment)

    def set_stage_rules(self, needs=None) -> None:
        """How long each stage lasts; leaving one needs an assessment only where `needs` says so."""
        zones_make.set_rules(
            self.facility.province, effective_from=date(2024, 1, 1), needs=needs, at=self.moment
        )

    def set_all_rules(self) -> None:
        """The stage rules with their assessments, and what each assessment stands on."""
        self.set_stage_rules(
            {
                Stage.DETOX: AssessmentKind.DETOX,
                Stage.ADAPTATION: AssessmentKind.ADAPTATION,
                Stage.CONSOLIDATION: AssessmentKind.CONSOLIDATION,
            }
        )
        centers_make.rules(
            self.facility.province,
            by=self.user("approver"),
            effective_from=date(2024, 1, 1),
            at=self.moment,
        )

    @property
    def facility(self):
        return self.places.facilities["SL01"]

    def day(self, on: date) -> None:
        """Nine in the morning of a day."""
        self.moment = make.at(on.year, on.month, on.day, 9)
        self._stand()

    def desk(self, key: str) -> Desk:
        """The desk of the account that the demo calls so; a minute later than the act before."""
        self.moment += timedelta(minutes=1)
        self._stand()
        if key not in self.desks:
            self.desks[key] = Desk(self.user(key))
        return self.desks[key]

    def user(self, key: str):
        """An officer of the first facility, or `YB01/intake1` of another."""
        code, _, name = key.rpartition("/")
        return self.users[code or "SL01", name]

    def _stand(self) -> None:
        self.stack.enter_context(standing_at(self.moment))

    @property
    def today(self) -> datetime:
        return self.moment

"""The story of the demo, told in the order of time."""

from datetime import date, timedelta

from rehab import scope
from rehab.clock import standing_at
from rehab.rules.days import start_of
from reporting.demo import accounts, places

CASES = 40
OPENED_DAYS = 1_000  # days before today on which the houses were opened


def play(*, cases: int, seed: int, today: date) -> str:
    """Found the places, open the accounts, and let the people live; says what there is now."""
    opened_at = start_of(today - timedelta(days=OPENED_DAYS))
    with scope.within(scope.system("seed")), standing_at(opened_at):
        founded = places.found()
        staff = accounts.open_all(founded, at=opened_at)
    return f"{len(founded.facilities)} 所，{len(staff)} 个账号"

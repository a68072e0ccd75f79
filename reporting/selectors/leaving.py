"""超期在所 and 今日应解除: who must leave now, on top of the home page whatever its list was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from rehab import acts
from rehab.models import Case, User
from rehab.naming import shown_name
from rehab.permissions import Permission
from rehab.rules.term import release_status
from rehab.statutes import RELEASE_ON_EXPIRY, UNLAWFUL_CUSTODY, Article
from reporting.selectors import people
from reporting.selectors.worklist import CASE_PAGE, Figure

NAMED = 12  # of a group; the others stand on the list that its heading opens
RELEASES = "aftercare:release-list"
RELEASE = "aftercare:release-detail"


@dataclass(frozen=True)
class Leaver:
    """Somebody who must leave, and the page on which this officer sees to it."""

    name: str
    number: str
    alarm_on: date
    url: str | None


@dataclass(frozen=True)
class Group:
    """Those who must leave on the same ground: all are counted, the longest kept are named."""

    label: str
    tone: str
    article: Article
    count: int
    url: str
    people: tuple[Leaver, ...]

    @property
    def more(self) -> int:
        """How many are counted and not named; above a facility nobody is named."""
        return self.count - len(self.people) if self.people else 0


GROUPS = (  # the word of the list, its card among the releases
    ("overstayed", "overstayed", "bad", UNLAWFUL_CUSTODY),
    ("due_today", "due-today", "warn", RELEASE_ON_EXPIRY),
)


def soonest(user: User, figures: Mapping[str, Figure], *, further: int, at: datetime) -> list[Case]:
    """All who must leave, the longest kept first, and so many of 30 天内解除 after 超期在所."""
    words = people.presences()
    wanted = words["overstayed"].condition(at) | words["ending"].condition(at)
    over, due = figures["overstayed"].count, figures["due_today"].count
    cases = people.shown(user).filter(wanted).order_by("alarm_on", "number")
    return list(cases[: over + max(due, further)])


def groups(
    user: User, figures: Mapping[str, Figure], cases: Iterable[Case], *, on: date
) -> tuple[Group, ...]:
    """The groups in which there is somebody, as many as the figures of the page say."""
    named: dict[str, list[Case]] = {}
    for case in cases:
        phase = release_status(ends_on=case.alarm_on, on=on).phase
        named.setdefault(phase.value, []).append(case)
    return tuple(
        Group(
            label=figures[presence].label,
            tone=tone,
            article=article,
            count=figures[presence].count,
            url=f"{reverse(RELEASES)}#{card}"
            if user.may(Permission.RELEASE_VIEW)
            else figures[presence].url,
            people=tuple(_leaver(case, user) for case in named.get(presence, ())[:NAMED]),
        )
        for presence, card, tone, article in GROUPS
        if presence in figures and figures[presence].count
    )


def _leaver(case: Case, user: User) -> Leaver:
    done_at = acts.address(user, RELEASE, case.number)
    return Leaver(
        name=shown_name(case.person, user),
        number=case.number,
        alarm_on=case.alarm_on,
        url=done_at or acts.address(user, CASE_PAGE, case.number),
    )

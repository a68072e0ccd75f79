"""The story of the demo, told in the order of time: whoever's moment comes next, acts."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from math import ceil
from random import Random

from dateutil.relativedelta import relativedelta

from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import outbox
from rehab.models import Case
from rehab.rules.term import last_day_before_anniversary
from rehab.states import Sex
from reporting.demo import accounts, lives, morning, people, places, provinces
from reporting.demo.lives import Life, Plan
from reporting.demo.people import Invented
from reporting.demo.world import World, after, moment

CASES = 35  # of `make run`: every page has something, in seconds
LIVED = 300  # of `make seed`
OPENED_DAYS = 800  # calendar days before today on which the houses were opened
LIVED_DAYS = (
    1_320  # the same of a house that lived: eighteen months of people leaving after a full term
)
CALLED_DAYS = 2  # days before today of which there are roll-calls
CALLED = (1, 2, 3, 4, 5)  # 大队 of SL01
TOLD_DAYS = 12  # days before today from which people are told of themselves, sheet in hand
TOLD_LATE = ("SL01", 5)
TOLD_EVERY = 3  # days; in the 大队 of 生理脱毒区, where a day is all there is, every day

POLICE_DAYS = (
    100,
    149,
)  # calendar days between the decision and the handover, at least and at most

# Days before today on which the people of SL01 arrived. Where each is now follows from the acts:
# before 20 in 生理脱毒, before 76 in 教育适应, then 康复巩固.
ARRIVED = (
    0, 0, 1, 2, 4, 6, 8, 11, 13, 16, 19, 20, 21, 30, 34, 41, 52, 57, 63, 74, 88, 220, 310, 440,
)  # fmt: skip
# Days from today to the end of those who are on their way out, or have left.
ENDING = (20, 0, -3, -12, -60)
ELSEWHERE = (
    ("SL02", Sex.MALE, (3, 35)),
    ("SL03", Sex.FEMALE, (5, 25)),
    ("YB01", Sex.MALE, (2, 40)),
)
UNITS = (  # whose people are marked month by month
    ("SL01", "二大队", 2),
    ("SL01", "三大队", 3),
    ("SL01", "四大队", 4),
    ("SL01", "五大队", 5),
    *(
        (code, name, number)
        for code in ("SL02", "SL03", "YB01")
        for name, number in (("二大队", 2), ("三大队", 3), ("四大队", 4))
    ),
)

SHARES = (("SL01", 11), ("SL02", 3), ("SL03", 3), ("YB01", 3))  # of those who keep coming
BETWEEN_STAYS = 60  # days at least between a release and a second decision


def play(*, cases: int, seed: int, today: date) -> str:
    """Found the places, open the accounts, and let the people live until the morning of today."""
    rng = Random(seed)
    opened_on = after(today, -OPENED_DAYS if cases <= CASES else -LIVED_DAYS)
    opened_at = moment(opened_on, 8)
    now = moment(today, 8, 30)
    with outbox.hushed(), scope.within(scope.system("seed")):
        with standing_at(opened_at):
            founded = places.found(scale=ceil(cases / LIVED))
            world = World(founded, accounts.open_all(founded, at=opened_at), rng)
            _set_rules(world, opened_on, opened_at)
        told_lives = _all_lives(world, plans(rng, cases=cases, today=today), opened_on)
        told = tell([*told_lives, *_rolls(world, today), *_tellings(world, today)], until=now)
        with standing_at(now):
            morning.tell(world, now)
        people_now = Case.objects.count()
    return f"{len(founded.facilities)} 所，{len(world.staff)} 个账号，{people_now} 人，{told} 步"


def tell(told: Iterable[Life], *, until: datetime) -> int:
    """Let every life go on at its next moment, the earliest first; returns how many steps were told."""
    order = count()
    queue: list[tuple[datetime, int, Life]] = []
    for life in told:
        _queue_up(queue, life, order)
    steps = 0
    while queue and queue[0][0] <= until:
        at, _, life = heapq.heappop(queue)
        with standing_at(at):
            _queue_up(queue, life, order)
        steps += 1
    return steps


def _queue_up(queue: list[tuple[datetime, int, Life]], life: Life, order: "count[int]") -> None:
    """Go on with a life until it says when it acts next; one that is over leaves the queue."""
    following = next(life, None)
    if following is not None:
        heapq.heappush(queue, (following, next(order), life))


def _all_lives(world: World, planned: Iterable[Plan], since: date) -> list[Life]:
    told = [lives.live(world, plan) for plan in planned]
    told += [lives.months(world, code, name, number, since) for code, name, number in UNITS]
    return told


def _rolls(world: World, today: date) -> list[Life]:
    """The last days' roll-calls of the first facility."""
    return [
        lives.rolls(world, "SL01", number, first=after(today, -CALLED_DAYS)) for number in CALLED
    ]


def _tellings(world: World, today: date) -> list[Life]:
    """The last days' tellings, up to the evening before today; the 五大队 of SL01 told once, and is behind."""
    first, last = after(today, -TOLD_DAYS), after(today, -1)
    told = [
        lives.tellings(world, code, 1, first=first, every=1)
        for code in sorted({code for code, _, _ in UNITS})
    ]
    for code, _, number in UNITS:
        behind = (code, number) == TOLD_LATE
        begins = first if behind else after(last, -TOLD_EVERY * (TOLD_DAYS // TOLD_EVERY - 1))
        every = LIVED_DAYS if behind else TOLD_EVERY
        told.append(lives.tellings(world, code, number, first=begins, every=every))
    return told


def _set_rules(world: World, on: date, at: datetime) -> None:
    for province, approver in (
        ("示例省", world.who("SL01", "approver")),
        ("样本省", world.who("", "yb-approver")),
    ):
        with world.acting(approver) as by:
            provinces.set_rules(world.places.provinces[province], by=by, effective_from=on, at=at)


def plans(rng: Random, *, cases: int, today: date) -> list[Plan]:
    """So many people: the first few stand where every page has something, the rest keep coming and going."""
    names = people.invented(rng)
    elsewhere = [(code, sex, ago) for code, sex, days in ELSEWHERE for ago in days]
    stays = [_since(rng, after(today, -ago)) for ago in ARRIVED]
    stays += [_until(rng, after(today, left)) for left in ENDING]
    planned = []
    for index, (decided_on, arrives_on) in enumerate(stays):
        ago = (today - arrives_on).days
        left = (last_day_before_anniversary(decided_on, years=2) - today).days
        sex = Sex.FEMALE if index % 4 == 2 else Sex.MALE
        planned.append(
            Plan(
                _somebody(rng, next(names), sex, arrives_on, minor=ago == 4),
                "SL01",
                decided_on,
                arrives_on,
                "三大队" if index % 2 else "四大队",
                slow=ago in (6, 41, 88) or left == -60,
                leave=ago == 220,
                agrees=left != -12,
                only_arrives=ago == 0,
                stays_proposed=ago == 20,
                stays_in_transit=ago == 21,
            )
        )
    for code, sex, ago in elsewhere:
        decided_on, arrives_on = _since(rng, after(today, -ago))
        somebody = _somebody(rng, next(names), sex, arrives_on)
        planned.append(Plan(somebody, code, decided_on, arrives_on, "三大队"))
    return planned + _coming_and_going(rng, names, cases - len(planned), today)


def _coming_and_going(
    rng: Random, names: Iterator[tuple[str, int]], people: int, today: date
) -> list[Plan]:
    """People handed over evenly since the houses opened, each with a way of his own through them."""
    first = LIVED_DAYS - max(POLICE_DAYS)
    planned: list[Plan] = []
    for index in range(people):
        arrives_on = after(today, -first + first * index // people)
        decided_on, arrives_on = _since(rng, arrives_on)
        code = _facility_of(index)
        sex = Sex.FEMALE if code == "SL03" or (code == "SL01" and index % 5 == 0) else Sex.MALE
        before = _left_before(planned, code, decided_on) if index % 12 == 11 else None
        somebody = (
            replace(before.person, stay=2)
            if before
            else _somebody(rng, next(names), sex, arrives_on, minor=index % 41 == 17)
        )
        planned.append(
            Plan(
                somebody,
                code,
                decided_on,
                arrives_on,
                "四大队" if code == "SL01" and index % 2 else "三大队",
                slow=index % 9 == 4,
                leave=index % 23 == 7,
                comes_back=True,
                agrees=index % 5 != 3,
                turned_away=index % 35 == 20 and before is None,
                first_returned=index % 14 == 5,
            )
        )
    return planned


def _facility_of(index: int) -> str:
    """The facilities by turns, each as often as its share."""
    turn = index * 7 % sum(share for _, share in SHARES)
    for code, share in SHARES:
        if turn < share:
            return code
        turn -= share
    raise AssertionError(turn)


def _left_before(planned: Iterable[Plan], code: str, decided_on: date) -> Plan | None:
    """Somebody who was here once, and left long enough before a decision."""
    again = {plan.person.serial for plan in planned if plan.person.stay > 1}
    return next(
        (
            plan
            for plan in planned
            if plan.facility == code
            and not plan.turned_away
            and plan.person.serial not in again
            and after(plan.ends_on, BETWEEN_STAYS) < decided_on
        ),
        None,
    )


def _since(rng: Random, arrives_on: date) -> tuple[date, date]:
    """The day of the decision, and of the handover that is given."""
    return after(arrives_on, -rng.randint(*POLICE_DAYS)), arrives_on


def _until(rng: Random, ends_on: date) -> tuple[date, date]:
    """The day of the decision by which a term ends on this day, and of the handover."""
    decided_on = after(ends_on, 1) - relativedelta(years=2)
    return decided_on, after(decided_on, rng.randint(*POLICE_DAYS))


def _somebody(
    rng: Random, named: tuple[str, int], sex: Sex, on: date, *, minor: bool = False
) -> Invented:
    name, serial = named
    return people.person(rng, name, serial, sex=sex, on=on, minor=minor)

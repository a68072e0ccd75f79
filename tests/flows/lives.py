"""The life of a case as a machine of rules: officers do at random what may be done, and what may not.

Each act is a `Try`: whether the oracle lets it happen, how the house does it, and what the oracle then holds. After
every act the house must say of everybody what the oracle says: status, last day, open deadlines, beds, roll.
"""

import copy
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection, transaction
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from aftercare import actions as back_door
from aftercare.rules.endings import Answer
from aftercare.selectors.releases import overstayed
from intake import actions as front_door
from rehab.actions import decision_corrections, escapes, setup, term_decisions
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.clock import day_of, standing_at
from rehab.ledgers import deadlines
from rehab.models import (
    Absence,
    Bed,
    Case,
    Deadline,
    Document,
    EscapeProposal,
    Event,
    Notice,
    Placement,
    TermDecision,
)
from rehab.refusal import Refused
from rehab.rules.absences import Comeback
from rehab.rules.escapes import NO_PROOF
from rehab.states import AbsenceKind, Sex, Stage
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import decision_corrections as corrections
from tests.factories import intake as entering
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.factories import zones as zones_make
from tests.flows import oracle
from tests.flows.oracle import DAY, TOLD, Decision, Life, Oracle
from zones import actions as rooms
from zones import selectors
from zones.selectors import arrivals
from zones.selectors import musters as rollcall
from zones.selectors.roll import whereabouts
from zones.states import BedGround, ToldBy

PASSING = (*["wait"] * 5, *["wait_for_an_end"] * 3, *["admit"] * 2, "call_the_roll")
EITHER = (oracle.HERE, oracle.THERE)
PASSES, FORBIDDEN = 0.2, 0.25  # how often time passes, and how often what may not be done is tried
BEDS, MOST = 3, 5  # in each 大队; people at once
FORETOLD = (
    "term.expiry", "term.decision", "aftercare.release_notice", "intake.family_notice", "aftercare.conversion",
    "aftercare.revocation", "aftercare.death_told", "aftercare.death_confirmed", "zones.approval", "zones.receipt",
    "intake.outing", "intake.home_visit", "transfer.approval", "transfer.road", "transfer.family",
)  # fmt: skip
OF_A_MOVE = frozenset(FORETOLD[-7:])  # one at a time, under a key of the house's own
ANSWERS = dict.fromkeys(
    ("police_phase_short", "police_phase_long", "police_phase_over_cap", "printed_end_differs", "ends_today"), "已核对",
)  # fmt: skip


class Try(NamedTuple):
    """An act on somebody: what the oracle says of it, and how it is done."""

    may: bool
    play: Callable[[], Any]
    then: Callable[[Any], Any]


class House:
    """What every sequence begins with: two facilities, their officers, and three people just admitted to one."""

    def __init__(self) -> None:
        province = make.bureau()
        zones_make.set_rules(province)
        plans = [
            UnitPlan(
                f"{stage.label}大队",
                stage,
                [RoomPlan("101", Sex.MALE, 2), RoomPlan("102", Sex.MALE, 1)],
            )
            for stage in Stage
        ]
        self.facilities = {
            at: setup.found_facility(
                code=code,
                name=f"{name}例所",
                short_name=f"{name}L",
                bureau=province,
                duty_phone="0",
                units=plans,
            )
            for at, code, name in ((oracle.HERE, "L01", "示"), (oracle.THERE, "L02", "另"))
        }
        self.facility = self.facilities[oracle.HERE]
        self.crews = {at: zones_make.Crew(self.facilities[at]).posted() for at in EITHER}
        self.units = {
            at: {stage.value: self.crews[at].unit(stage) for stage in Stage} for at in EITHER
        }
        roles = {
            "leader": "facility_leader", "second": "facility_leader", "gate": "intake_officer",
            "desk": "intake_officer", "assessor": "assessor", "clinician": "clinician",
        }  # fmt: skip
        self.officers = {name: make.officer(role, self.facility) for name, role in roles.items()}
        self.officers["bureau"] = make.officer("bureau_approver", province)
        self.signers = {  # of a transfer, at either side
            oracle.HERE: self.officers,
            oracle.THERE: {
                "gate": make.officer("intake_officer", self.facilities[oracle.THERE]),
                "desk": make.officer("intake_officer", self.facilities[oracle.THERE]),
                "leader": make.officer("facility_leader", self.facilities[oracle.THERE]),
            },
        }
        self.asked: dict[str, tuple[str, Any]] = {}  # queries put into words
        self.oracle = Oracle(make.NOON, {stage.value: BEDS for stage in Stage})
        for left in (20, 200, 600):
            self.admit(self.oracle, left, printed=0)

    def admit(self, known: Oracle, left: int, *, printed: int) -> Life:
        """Somebody with so many days to go; his paper names an end some days before that of the law, or after."""
        decided_on = _two_years_before(known.today + (left + 1) * DAY)
        ends_on = oracle.end_of(decided_on) - printed * DAY
        one = entering.arrival(
            self.facility, by=self.officers["gate"], at=known.now, transferred_on=known.today,
            decided_on=decided_on, printed_starts_on=None, printed_ends_on=ends_on,
        )  # fmt: skip
        case = entering.admit(
            one,
            by=self.officers["gate"],
            second=self.officers["desk"],
            at=known.now,
            answers=ANSWERS,
        )
        life = Life(decided_on, ends_on, known.now, known.today, row=case.pk)
        known.lives[case.pk] = life
        return life


def _two_years_before(day: date) -> date:
    return day.replace(year=day.year - 2, day=28 if (day.month, day.day) == (2, 29) else day.day)


def pick(n: int, *options: Any) -> Any:
    return options[n % len(options)]


class Lives(RuleBasedStateMachine):
    """Up to five people at once in twelve beds of each of two facilities, and the clock."""

    def __init__(self, house: House, done: Counter) -> None:
        super().__init__()
        self.house, self.done = house, done
        self.point = transaction.savepoint()
        self.known = copy.deepcopy(house.oracle)
        self.steps, self.roll = 0, self.known.roll()

    def teardown(self) -> None:
        connection.needs_rollback = False
        transaction.savepoint_rollback(self.point)

    # What is drawn ----------------------------------------------------------------------------

    def by(self, name: str) -> Any:
        return self.house.officers[name]

    @property
    def both(self) -> list[Any]:
        return list(self.house.facilities.values())

    def everybody(self) -> list[Life]:
        return list(self.known.lives.values())

    @rule(dice=st.binary(min_size=6, max_size=6))
    def step(self, dice: bytes) -> None:
        """Time passes, or officers act on one of those of whom it may be done, or on anybody, who may be refused."""
        self.known.now += timedelta(minutes=7)
        self.steps += 1
        chance = Random(dice + bytes([self.steps]))  # the same dice are another act at another time
        if chance.random() < PASSES:
            name = chance.choice(PASSING)
            note(f"{self.known.now:%F %R} {name}")
            getattr(self, name)(chance)
            return
        anybody = chance.random() < FORBIDDEN
        names = ACTS if anybody else STEPS
        for name in chance.sample(names, len(names)):  # the first that somebody is able to
            if chosen := self.tries(name, chance.randrange(10_000), may=not anybody):
                who, found = chance.choice(chosen)
                note(f"{self.known.now:%F %R} {name} of {who}: {found.may}")
                self.attempt(name, found)
                return

    def walk(self) -> None:
        """Each way once from end to end, so that every act is done, whatever the dice say."""
        for way in WAYS:
            self.admit(Random(0))
            for name, n in way:
                self.known.now += timedelta(minutes=7)
                self.steps += 1
                if name == "wait":
                    self.known.now += timedelta(days=n)
                    continue
                variants = range(FEW) if n is None else (n,)
                found = next(
                    filter(None, (self.tries(name, each, may=True) for each in variants)), None
                )
                assert found, name
                self.attempt(name, found[0][1])

    def tries(self, name: str, n: int, *, may: bool) -> list[tuple[int, Try]]:
        """This act on each of whom the oracle says so."""
        tries = [(who, getattr(self, name)(one, n)) for who, one in enumerate(self.everybody())]
        return [(who, found) for who, found in tries if found is not None and found.may == may]

    def attempt(self, name: str, found: Try) -> None:
        before = None if found.may else traces()
        with standing_at(self.known.now):
            made, refused = done_or_refused(found.play)
            self.done[name, refused is None] += 1
            if refused is not None:
                assert refused.obstacles, name
                assert not found.may, (name, [str(reason) for reason in refused.obstacles])
                assert traces() == before, name
                return
            assert found.may, f"{name}: the house let it happen"
            found.then(made)
            self.agree()

    # What is compared ---------------------------------------------------------------------------

    def agree(self) -> None:
        """Of everybody the house says what the oracle says."""
        self._people()
        self._deadlines()
        self._beds()
        if (roll := self.known.roll()) != self.roll or self.steps % 4 == 0:
            self._roll(*roll)
            self._overstayed()
            self.roll = roll
        if self.steps % 10 == 0:
            self.rebuilt()

    def rebuilt(self) -> None:
        assert deadlines.refresh(list(Case.objects.filter(facility__in=self.both))).mended == 0

    def _read(self, what: str, rows: Callable[[], Any]) -> list[tuple[Any, ...]]:
        """The rows of a query that is put into words once for all sequences: that costs more than to ask it."""
        asked = self.house.asked
        if what not in asked:
            asked[what] = rows().query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(*asked[what])
            return cursor.fetchall()

    def _people(self) -> None:
        ours = Case.objects.filter(facility__in=self.both)
        seen = ("pk", "status", "ends_on", "facility", "zone__stage", "unit")
        rows = self._read("people", lambda: ours.values_list(*seen))
        assert set(rows) == {
            (
                one.row, one.status, one.ends_on, self.house.facilities[one.at].pk,
                oracle.STAGES[one.stage], self.house.units[one.at][one.unit].pk,
            )
            for one in self.everybody()
        }  # fmt: skip

    def _overstayed(self) -> None:
        on = self.known.today
        rows = Case.objects.filter(overstayed(on), facility__in=self.both)
        assert set(rows.values_list("pk", flat=True)) == {
            one.row
            for one in self.everybody()
            if one.status in oracle.CUSTODY and one.alarm_on < on
        }

    def _deadlines(self) -> None:
        ours = Deadline.objects.open().filter(facility__in=self.both, clock__in=FORETOLD)
        rows = self._read("owed", lambda: ours.values_list("case", "clock", "cycle", "due_at"))
        owed = {
            (key, clock, "move" if clock in OF_A_MOVE else cycle, day_of(due))
            for key, clock, cycle, due in rows
        }
        assert owed == {
            (one.row, clock, cycle, due)
            for one in self.everybody()
            for (clock, cycle), due in self.known.owed(one).items()
        }

    def _beds(self) -> None:
        ours = Placement.objects.filter(case__facility__in=self.both, period__endswith__isnull=True)
        lying = self._read(
            "beds", lambda: ours.values_list("case", "held", "bed__room__unit", "bed__extra")
        )
        units, people = self.house.units, self.everybody()
        lain = [
            (one.row, False, units[one.at][one.unit].pk, one.extra)
            for one in people
            if one.status == oracle.IN
        ]
        held = [
            (one.row, True, units[one.at][one.move_to].pk, False)
            for one in people
            if one.move == "in_transit"
        ]
        assert sorted(lying) == sorted(lain + held)

    def _roll(self, zones: dict[str, int], moving: int, out: int, everybody: int) -> None:
        found = whereabouts(self.house.facility, self.known.now)
        assert {stage.value: count for stage, count in found.zones.items()} == zones
        assert (found.in_transit, found.away, found.in_custody) == (moving, out, everybody)

    # In -----------------------------------------------------------------------------------------

    def admit(self, chance: Random) -> None:
        if (
            self.known.free("01", oracle.HERE) <= 0
            or sum(not one.over for one in self.everybody()) >= MOST
        ):
            return
        left, printed = chance.choice((3, 20, 60, 300, 600)), chance.choice((0, 0, 9, -1))
        with standing_at(self.known.now):
            self.house.admit(self.known, left, printed=printed if left > 9 else 0)
            self.agree()
        self.done["admit", True] += 1

    def wait(self, chance: Random) -> None:
        self.known.now += timedelta(days=chance.choice((1, 1, 2, 3, 8, 15, 31, 120)))

    def wait_for_an_end(self, chance: Random) -> None:
        """Until about the last day of somebody who is still here."""
        here = [one for one in self.everybody() if not one.over]
        if not here:
            return
        one, days = chance.choice(here), chance.choice((-30, -3, -2, -1, -1, 0, 0, 1, 2))
        self.known.now += max(one.ends_on + days * DAY - self.known.today, 0 * DAY)
        if one.status in oracle.CUSTODY and one.ends_on - self.known.today in (DAY, 2 * DAY):
            self.attempt("release", self.release(one, 0))  # a day or two before: never

    def family_notice(self, one: Life, n: int) -> Try:
        def play() -> Any:
            return front_door.send_family_notice(
                case=case_of(one), recipient="示例亲属", manner="挂号信", proof="示例 1",
                done_at=self.known.now, by=self.by("gate"), at=self.known.now,
            )  # fmt: skip

        return Try(not one.family_told, play, lambda _: setattr(one, "family_told", True))

    # Zones and beds -----------------------------------------------------------------------------

    def _signer(self, one: Life, name: str) -> Any:
        stage = Stage(one.unit)
        if name == "receiver":
            return self.house.crews[one.at].officer(stage.next or stage)
        crew = self.house.crews[one.at]
        return (crew.leader if name == "leader" else crew.officer)(stage)

    def propose_move(self, one: Life, n: int) -> Try:
        to = oracle.STAGES[min(one.stage + 1, 3)]

        def play() -> Any:
            return rooms.propose_zone_move(
                case=case_of(one), to_unit=self.house.units[one.at][to], by=self._signer(one, "officer"),
                at=self.known.now,
            )  # fmt: skip

        def then(move: Any) -> None:
            self.known.propose_move(one, to)
            one.move_row = move

        return Try(self.known.may_propose_move(one), play, then)

    def approve_move(self, one: Life, n: int) -> Try | None:
        by = pick(n, "leader", "leader", "leader", "officer")

        def play() -> Any:
            return rooms.approve_zone_move(
                move=one.move_row, bed=None, by=self._signer(one, by), at=self.known.now
            )

        may = by == "leader" and self.known.may_approve_move(one)
        return one.move_row and Try(may, play, lambda _: self.known.approve_move(one))

    def receive_move(self, one: Life, n: int) -> Try | None:
        by = pick(n, "receiver", "receiver", "receiver", "leader")

        def play() -> Any:
            return rooms.receive_zone_move(
                move=one.move_row, by=self._signer(one, by), at=self.known.now
            )

        may = by == "receiver" and one.move == "in_transit"
        return one.move_row and Try(may, play, lambda _: self.known.receive_move(one))

    def return_move(self, one: Life, n: int) -> Try | None:
        by, why = pick(n, "leader", "receiver"), pick(n // 2, "缓转", "缓转", " ")

        def play() -> Any:
            return rooms.return_zone_move(
                move=one.move_row, reason=why, by=self._signer(one, by), at=self.known.now
            )

        may = bool(why.strip()) and (
            one.move == "in_transit" or (by == "leader" and bool(one.move))
        )
        return one.move_row and Try(may, play, lambda _: self.known.stop_move(one))

    def withdraw_move(self, one: Life, n: int) -> Try | None:
        by = pick(n, "officer", "officer", "leader")

        def play() -> Any:
            return rooms.withdraw_zone_move(
                move=one.move_row, by=self._signer(one, by), at=self.known.now
            )

        may = by == "officer" and bool(one.move)
        return one.move_row and Try(may, play, lambda _: self.known.stop_move(one))

    def change_bed(self, one: Life, n: int) -> Try:
        why = pick(n, "与同室不和", "与同室不和", "")

        def play() -> Any:
            of_unit = Bed.objects.filter(room__unit=self.house.units[one.at][one.unit], extra=False)
            free = Bed.objects.free().filter(pk__in=of_unit.values("pk"))
            return rooms.change_bed(
                case=case_of(one), bed=free.first() or of_unit.first(), ground=BedGround.OTHER,
                reason=why, by=self.by("leader"), at=self.known.now,
            )  # fmt: skip

        may = bool(why) and self.known.may_change_bed(one) and self.known.free(one.unit, one.at) > 0
        return Try(may, play, lambda _: self.known.lie(one, one.unit))

    def call_the_roll(self, chance: Random) -> None:
        unit = chance.choice(oracle.STAGES)
        officer, now = self.house.crews[oracle.HERE].officer(Stage(unit)), self.known.now
        with standing_at(now):
            called = rollcall.expected(officer, self.house.units[oracle.HERE][unit], at=now)
            muster = rooms.record_muster(
                unit=self.house.units[oracle.HERE][unit], kind="morning", absences={},
                seen=[each.token for each in called], reason="再点", by=officer, at=now,
            )  # fmt: skip
        found = {"present": muster.present, "in_transit": muster.in_transit, "out": muster.out}
        assert found == self.known.called(unit)
        self.done["call_the_roll", True] += 1

    # Away and back ------------------------------------------------------------------------------

    def leave(self, one: Life, n: int) -> Try:
        kind = pick(
            n, "hospital", "court", "held", "escape", "escape", "escape", "escape", "home_visit"
        )
        unsaid = kind == "escape" and n % 3 == 0  # what makes it one, where he may be out

        def play() -> Any:
            departure = away.departure(AbsenceKind(kind), at=self.known.now)
            if unsaid:
                departure = replace(departure, facts="")
            return rooms.leave_facility(
                case=case_of(one), departure=departure, by=self.by("gate"), at=self.known.now
            )

        def then(absence: Any) -> None:
            self.known.leave(one, kind)
            if kind == "escape":
                one.escapes[-1].row = absence.pk

        may = self.known.may_leave(one, kind) and not (unsaid and one.out == "home_visit")
        return Try(may, play, then)

    def grant_leave(self, one: Life, n: int) -> Try:
        number = pick(n, "示戒批〔2026〕1号", "示戒批〔2026〕1号", " ")

        def play() -> Any:
            return rooms.grant_leave(
                case=case_of(one), approval=number, by=self.by("leader"), at=self.known.now
            )

        may = one.status == oracle.IN and not one.out and bool(number.strip())
        return Try(may, play, lambda _: self.known.leave(one, "medical_leave"))

    def come_back(self, one: Life, n: int) -> Try:
        by, caught_at = pick(n, "gate", "leader"), self._caught(one, n // 2)
        needs_a_bed = one.out in oracle.GIVES_UP_HIS_BED

        def play() -> Any:
            case = case_of(one)
            bed = selectors.return_beds(case, on=self.known.today).first() if needs_a_bed else None
            return rooms.come_back(
                case=case, back=self._back(caught_at), bed=bed, by=self.by(by), at=self.known.now
            )

        may = self.known.may_come_back(one) and (
            not needs_a_bed or self.known.free_in_zone(one.stage, one.at) > 0
        )
        return Try(may, play, lambda _: self._came_back(one, by, caught_at))

    def come_back_to_extra_bed(self, one: Life, n: int) -> Try:
        by, caught_at = pick(n, "gate", "leader"), self._caught(one, n // 2)

        def play() -> Any:
            room = self.house.units[one.at][one.unit].rooms.order_by("name").first()
            return rooms.come_back_to_extra_bed(
                case=case_of(one), back=self._back(caught_at), room=room, by=self.by(by),
                at=self.known.now,
            )  # fmt: skip

        may = (
            self.known.may_come_back(one)
            and one.out in oracle.GIVES_UP_HIS_BED
            and self.known.free_in_zone(one.stage, one.at) == 0
        )
        return Try(may, play, lambda _: self._came_back(one, by, caught_at, extra=True))

    def _caught(self, one: Life, n: int) -> datetime | None:
        """When the police had him again; None where nothing is proved."""
        if one.out != "escape" or n % 3 == 0:
            return None
        return max(
            one.escapes[-1].ran_at, self.known.now - timedelta(days=pick(n // 3, 0, 0, 1, 40))
        )

    def _back(self, caught_at: datetime | None) -> Comeback:
        proof = away.proof(at=caught_at) if caught_at else NO_PROOF
        return away.comeback(at=self.known.now, proof=proof)

    def _came_back(
        self, one: Life, by: str, caught_at: datetime | None, *, extra: bool = False
    ) -> None:
        one.extra = extra or (one.extra and one.out not in oracle.GIVES_UP_HIS_BED)
        self.known.come_back(one, by, caught_on=caught_at and caught_at.date())

    # To his family --------------------------------------------------------------------------------

    def ask_outing(self, one: Life, n: int) -> Try:
        leaves_on = self.known.today + pick(n, 0, 0, 1, 3) * DAY
        returns_on = leaves_on + pick(n // 4, 0, 1, 2, 9, 10, -1) * DAY

        def play() -> Any:
            request = away.outing_request(leaves_on=leaves_on, returns_on=returns_on)
            return rooms.propose_outing(
                case=case_of(one), request=request, by=self.by("gate"), at=self.known.now
            )

        def then(outing: Any) -> None:
            self.known.ask_outing(one, leaves_on, returns_on)
            one.outing_row = str(outing.pk)

        return Try(self.known.may_ask_outing(one, leaves_on, returns_on), play, then)

    def approve_outing(self, one: Life, n: int) -> Try | None:
        by, seen = pick(n, "leader", "leader", "gate"), pick(n // 3, one.outing_row, "")

        def play() -> Any:
            return rooms.approve_outing(
                case=case_of(one), seen=seen, by=self.by(by), at=self.known.now
            )

        may = by == "leader" and bool(seen) and self.known.may_approve_outing(one)
        approved = Try(may, play, lambda _: setattr(one, "outing", "approved"))
        return approved if one.outing_row else None

    def return_outing(self, one: Life, n: int) -> Try | None:
        why = pick(n, "材料不实", "")

        def play() -> Any:
            return rooms.return_outing(
                case=case_of(one), seen=one.outing_row, reason=why, by=self.by("leader"),
                at=self.known.now,
            )  # fmt: skip

        may = bool(why) and self.known.may_return_outing(one)
        return Try(may, play, lambda _: setattr(one, "outing", "")) if one.outing_row else None

    def withdraw_outing(self, one: Life, n: int) -> Try | None:
        why = pick(n, "不再需要", "")

        def play() -> Any:
            return rooms.withdraw_outing(
                case=case_of(one), seen=one.outing_row, reason=why, by=self.by("gate"),
                at=self.known.now,
            )  # fmt: skip

        may = bool(why) and bool(one.outing)
        return Try(may, play, lambda _: setattr(one, "outing", "")) if one.outing_row else None

    # To another facility --------------------------------------------------------------------------

    def _side(self, one: Life, side: str) -> Any:
        """An officer of the facility where his file is, or of the one to which he is going."""
        name, _, where = side.partition(" ")
        return self.house.signers[one.elsewhere if where else one.at][name]

    def ask_transfer(self, one: Life, n: int) -> Try:
        planned_on = self.known.today + pick(n, 0, 0, 5, -1) * DAY

        def play() -> Any:
            return rooms.propose_transfer(
                case=case_of(one), to_facility=self.house.facilities[one.elsewhere],
                ground="allocation", note="", planned_on=planned_on, by=self._side(one, "gate"),
                at=self.known.now,
            )  # fmt: skip

        def then(transfer: Any) -> None:
            self.known.ask_transfer(one)
            one.transfer_row = transfer

        return Try(self.known.may_ask_transfer(one, planned_on), play, then)

    def _on_transfer(
        self, one: Life, side: str, act: Callable[..., Any], **more: Any
    ) -> Callable[[], Any]:
        return lambda: act(
            transfer=one.transfer_row, by=self._side(one, side), at=self.known.now, **more
        )

    def approve_transfer(self, one: Life, n: int) -> Try | None:
        side = pick(n, "leader", "leader", "gate", "leader there")
        play = self._on_transfer(one, side, rooms.approve_transfer)
        may = one.transfer == "proposed" and side == "leader"
        approved = Try(may, play, lambda _: setattr(one, "transfer", "approved"))
        return approved if one.transfer_row else None

    def hand_over(self, one: Life, n: int) -> Try | None:
        side, told = pick(n, "gate", "gate", "gate there"), pick(n // 3, True, True, False)
        goes = road.handover(person_told=told)
        play = self._on_transfer(one, side, rooms.hand_over, handover=goes)
        may = told and side == "gate" and self.known.may_hand_over(one)
        return Try(may, play, lambda _: self.known.hand_over(one)) if one.transfer_row else None

    def receive_transfer(self, one: Life, n: int) -> Try | None:
        return self._arrives(one, n, one.elsewhere, "gate there", "gate", rooms.receive_transfer)

    def take_back(self, one: Life, n: int) -> Try | None:
        return self._arrives(one, n, one.at, "gate", "gate there", rooms.take_back)

    def _arrives(
        self, one: Life, n: int, at: str, ours: str, theirs: str, act: Callable[..., Any]
    ) -> Try | None:
        """Into a free bed, or one that is added; what is missing is written down."""
        if one.transfer_row is None or one.over:
            return None
        side, papers = pick(n, ours, ours, theirs), pick(n // 3, 12, 12, 11)
        words = pick(n // 9, "", "示例差异")
        full = self.known.free_in_zone(one.stage, at) <= 0

        def play() -> Any:
            facility, case = self.house.facilities[at], case_of(one)
            transfer = one.transfer_row
            transfer.refresh_from_db(fields=["stage"])  # what he left with, not what was asked for
            transfer.case = case
            came = {"reception": road.reception(papers=papers, differences=words)}
            if full and side == ours:
                room = self.house.units[at][oracle.STAGES[one.stage]].rooms.order_by("name").first()
                return self._on_transfer(one, side, rooms.arrive_at_extra_bed, room=room, **came)()
            bed = arrivals.arrival_beds(transfer, facility, on=self.known.today).first()
            bed = bed or Bed.objects.filter(room__unit__facility=facility).first()
            return self._on_transfer(one, side, act, bed=bed, **came)()

        on_the_road = ("departed",) if at == one.elsewhere else ("departed", "sent_back")
        may = one.transfer in on_the_road and side == ours and (papers == 12 or bool(words))

        def then(_: Any) -> None:
            if at != one.at:
                one.moved_row = one.transfer_row
            self.known.arrive(one, at, extra=full)

        return Try(may, play, then)

    def return_transfer(self, one: Life, n: int) -> Try | None:
        side, why = pick(n, "leader", "gate there"), pick(n // 2, "示例理由", "示例理由", " ")
        play = self._on_transfer(one, side, rooms.return_transfer, reason=why)
        of_side = {"leader": ("proposed",), "gate there": ("approved", "departed")}[side]
        may = bool(why.strip()) and one.transfer in of_side

        def then(_: Any) -> None:
            one.transfer = "sent_back" if one.transfer == "departed" else ""

        return Try(may, play, then) if one.transfer_row else None

    def withdraw_transfer(self, one: Life, n: int) -> Try | None:
        side = pick(n, "gate", "gate", "gate there")
        play = self._on_transfer(one, side, rooms.withdraw_transfer, reason="示例理由")
        may = side == "gate" and one.transfer in ("proposed", "approved")
        return Try(may, play, lambda _: setattr(one, "transfer", "")) if one.transfer_row else None

    def tell_family(self, one: Life, n: int) -> Try | None:
        who = pick(n, "示例母亲", "示例母亲", " ")

        def play() -> Any:
            return rooms.tell_family(
                transfer=one.moved_row, who=who, means=ToldBy.PHONE, by=self._side(one, "gate"),
                at=self.known.now,
            )  # fmt: skip

        may = bool(who.strip()) and one.moved_on is not None
        return Try(may, play, lambda _: setattr(one, "moved_on", None)) if one.moved_row else None

    # Escapes --------------------------------------------------------------------------------------

    def _proposal(self, escape: oracle.Escape) -> Any:
        found = EscapeProposal.objects.filter(absence=escape.row)
        return found.select_related("case").order_by("-proposed_at").first()

    def ask_uncounted(self, one: Life, n: int) -> Try | None:
        if not one.escapes or (gone := pick(n, *one.escapes)).back_at is None:
            return None
        by, proof = pick(n // 4, "leader", "second"), away.proof(at=gone.back_at)

        def play() -> Any:
            return escapes.propose_uncounted(
                absence=absence_of(gone), proof=proof, by=self.by(by), at=self.known.now
            )

        may = self.known.may_ask_uncounted(one, gone, gone.back_on)
        return Try(may, play, lambda _: self.known.ask_uncounted(gone, gone.back_on, by))

    def confirm_uncounted(self, one: Life, n: int) -> Try | None:
        if not one.escapes or not (gone := pick(n, *one.escapes)).asked_by:
            return None
        by = pick(n // 4, "leader", "second", "second")

        def play() -> Any:
            return escapes.confirm_uncounted(
                proposal=self._proposal(gone), by=self.by(by), at=self.known.now
            )

        if gone.question == "reversal":
            return None
        may = self.known.may_confirm_uncounted(one, gone, by)
        return Try(may, play, lambda _: self.known.confirm_uncounted(one, gone))

    def ask_reversal(self, one: Life, n: int) -> Try | None:
        if not one.escapes:
            return None
        gone, by = pick(n, *one.escapes), pick(n // 4, "leader", "second")
        why = pick(n // 8, "误登记", "误登记", "")

        def play() -> Any:
            return escapes.propose_reversal(
                absence=absence_of(gone), reason=why, by=self.by(by), at=self.known.now
            )

        may = bool(why) and self.known.may_ask_reversal(gone)
        return Try(may, play, lambda _: self.known.ask_reversal(gone, by))

    def confirm_reversal(self, one: Life, n: int) -> Try | None:
        if not one.escapes or (gone := pick(n, *one.escapes)).question != "reversal":
            return None
        by = pick(n // 4, "leader", "second", "second")

        def play() -> Any:
            return escapes.confirm_reversal(
                proposal=self._proposal(gone), by=self.by(by), at=self.known.now
            )

        may = self.known.may_confirm_reversal(one, gone, by)
        return Try(may, play, lambda _: self.known.confirm_reversal(one, gone))

    def return_escape(self, one: Life, n: int) -> Try | None:
        if not one.escapes or not (gone := pick(n, *one.escapes)).asked_by:
            return None
        by, why = pick(n // 4, "leader", "second"), pick(n // 8, "请核对", "请核对", "")

        def play() -> Any:
            return escapes.return_proposal(
                proposal=self._proposal(gone), reason=why, by=self.by(by), at=self.known.now
            )

        may = bool(why) and self.known.may_return_escape(gone, by)
        return Try(may, play, lambda _: setattr(gone, "question", ""))

    # Decisions on the term ------------------------------------------------------------------------

    def record_decision(self, one: Life, n: int) -> Try:
        """Served today; or on the last day, and written down after it with the proof of that or without."""
        late = self.known.today > one.alarm_on and pick(n, True, False)
        on = one.alarm_on if late else self.known.today
        proof = (
            {"proof": "送达回证", "proof_paper": "示例 3 号"}
            if pick(n // 2, True, True, False)
            else {}
        )
        number = f"示决〔{self.known.now:%Y}〕{self.known.now:%m%d%H%M}号"
        if pick(n // 6, True, True, False):
            months = pick(n // 18, 1, 3, 6, 12)
            decision = Decision("extension", on, months=months, by="assessor")
            paper = served.extension(number, on=on, months=months, **proof)
        else:
            until = on + pick(n // 18, 0, 1, 10, 100) * DAY
            decision = Decision("early_release", on, ends_on=until, by="assessor")
            paper = served.early(number, on=on, ends_on=until, **proof)

        def play() -> Any:
            return term_decisions.propose_term_decision(
                case=case_of(one), paper=paper, by=self.by("assessor"), at=self.known.now
            )

        def then(made: Any) -> None:
            decision.row = made.pk
            one.decisions.append(decision)

        return Try(self.known.may_record(one, decision, proof=bool(proof)), play, then)

    def _on_decision(self, one: Life, n: int, act: Callable[..., Any], **more: Any) -> Any:
        decision = pick(n, *one.decisions)
        return decision, lambda by: act(
            decision=decision_of(decision), by=self.by(by), at=self.known.now, **more
        )

    def confirm_decision(self, one: Life, n: int) -> Try | None:
        if not one.decisions:
            return None
        decision, act = self._on_decision(one, n, term_decisions.confirm_term_decision)
        by = pick(n // 4, "leader", "bureau", "assessor", "second")
        may = self.known.may_confirm(one, decision, by)
        return (
            None
            if decision.undo_by
            else Try(may, lambda: act(by), lambda _: self.known.confirm(one, decision))
        )

    def return_decision(self, one: Life, n: int) -> Try | None:
        if not one.decisions:
            return None
        why = pick(n // 4, "请核对", "请核对", "")
        decision, act = self._on_decision(one, n, term_decisions.return_term_decision, reason=why)
        by = pick(n // 12, "leader", "second", "assessor")
        may = bool(why) and self.known.may_return_decision(decision, by)
        return Try(may, lambda: act(by), lambda _: self.known.return_decision(decision))

    def ask_undoing(self, one: Life, n: int) -> Try | None:
        if not one.decisions:
            return None
        why = pick(n // 4, "误登记", "误登记", "")
        decision, act = self._on_decision(one, n, term_decisions.propose_term_undoing, reason=why)
        by = pick(n // 12, "assessor", "leader")
        may = bool(why) and self.known.may_ask_undoing(one, decision)
        return Try(may, lambda: act(by), lambda _: setattr(decision, "undo_by", by))

    def confirm_undoing(self, one: Life, n: int) -> Try | None:
        if not one.decisions:
            return None
        decision, act = self._on_decision(one, n, term_decisions.confirm_term_undoing)
        by = pick(n // 4, "leader", "bureau", "assessor", "second")
        may = self.known.may_confirm_undoing(one, decision, by)
        if decision.status == "proposed":
            return None
        return Try(may, lambda: act(by), lambda _: self.known.confirm_undoing(one, decision))

    # The decision itself ----------------------------------------------------------------------------

    def ask_correction(self, one: Life, n: int) -> Try:
        """The paper names another last day than what was typed at the gate."""
        by, printed = (
            pick(n, "assessor", "leader"),
            one.printed_on + pick(n // 2, -1, 9, -9, 1, 0) * DAY,
        )

        def play() -> Any:
            case = case_of(one)
            right = corrections.entry(case, printed_ends_on=printed)
            return decision_corrections.propose_decision_correction(
                case=case, correction=right, by=self.by(by), at=self.known.now
            )

        def then(made: Any) -> None:
            one.correction, one.correction_by, one.correction_row = printed, by, made

        return Try(self.known.may_ask_correction(one, printed), play, then)

    def confirm_correction(self, one: Life, n: int) -> Try | None:
        by = pick(n, "leader", "second", "bureau", "assessor")

        def play() -> Any:
            return decision_corrections.confirm_decision_correction(
                correction=one.correction_row, by=self.by(by), at=self.known.now
            )

        may = self.known.may_confirm_correction(one, by)
        return one.correction_row and Try(may, play, lambda _: self.known.confirm_correction(one))

    def return_correction(self, one: Life, n: int) -> Try | None:
        by, why = pick(n, "leader", "second", "assessor"), pick(n // 3, "请核对", "请核对", "")

        def play() -> Any:
            return decision_corrections.return_decision_correction(
                correction=one.correction_row, reason=why, by=self.by(by), at=self.known.now
            )

        may = bool(why) and self.known.may_return_correction(one, by)
        return one.correction_row and Try(may, play, lambda _: setattr(one, "correction", None))

    # The ways out -----------------------------------------------------------------------------------

    def give_notice(self, one: Life, n: int) -> Try:
        def play() -> Any:
            return back_door.give_release_notice(
                case=case_of(one), by=self.by("gate"), at=self.known.now
            )

        return Try(self.known.may_notify(one), play, lambda _: one.told_ends.append(one.ends_on))

    def release(self, one: Life, n: int) -> Try:
        second, why = pick(n, "desk", "desk", "gate"), pick(n // 3, "交通中断", "交通中断", "")

        def play() -> Any:
            case = case_of(one)
            return back_door.release(
                case=case, gate=leaving.papers(case), second_officer=self._side(one, second),
                answers={"overstayed": why}, by=self._side(one, "gate"), at=self.known.now,
            )  # fmt: skip

        may = (
            self.known.may_release(one)
            and second != "gate"
            and (bool(why) or self.known.today == one.ends_on)
        )
        return Try(may, play, lambda _: self.known.end(one, oracle.RELEASED))

    def propose_conversion(self, one: Life, n: int) -> Try:
        by, why = pick(n, "clinician", "leader"), pick(n // 2, "示例病情", "示例病情", "")

        def play() -> Any:
            return back_door.propose_conversion(
                case=case_of(one), grounds=why, diagnosed_by="示例医院", by=self.by(by),
                at=self.known.now,
            )  # fmt: skip

        def then(_: Any) -> None:
            one.conversion, one.conversion_by, one.conversion_on = "proposed", by, self.known.today

        return Try(bool(why) and self.known.may_propose_conversion(one), play, then)

    def send_conversion(self, one: Life, n: int) -> Try:
        by, on = pick(n, "leader", "second"), self.known.today + pick(n // 2, 0, 0, -1, 1) * DAY

        def play() -> Any:
            return back_door.send_conversion(
                case=case_of(one), received_on=on, receipt="示例签收人", by=self.by(by),
                at=self.known.now,
            )  # fmt: skip

        def then(_: Any) -> None:
            one.conversion, one.conversion_on = "sent", on

        may = self.known.may_send_conversion(one, by)
        return Try(may and one.conversion_on <= on <= self.known.today, play, then)

    def answer_conversion(self, one: Life, n: int) -> Try:
        converted, on = pick(n, True, False), self.known.today
        why = "" if converted else pick(n // 2, "病情好转", "病情好转", "")

        def play() -> Any:
            answer = Answer(converted=converted, number="示变1号", decided_on=on, reason=why)
            return back_door.record_conversion_answer(
                case=case_of(one), answer=answer, by=self.by("gate"), at=self.known.now
            )

        def then(_: Any) -> None:
            one.conversion = ""
            if converted:
                self.known.end(one, oracle.CONVERTED)

        return Try(self.known.may_answer_conversion(one) and (converted or bool(why)), play, then)

    def withdraw_conversion(self, one: Life, n: int) -> Try:
        why = pick(n, "病愈", "病愈", "")

        def play() -> Any:
            return back_door.withdraw_conversion(
                case=case_of(one), reason=why, by=self.by("leader"), at=self.known.now
            )

        may = bool(why) and bool(one.conversion)
        return Try(may, play, lambda _: setattr(one, "conversion", ""))

    def revoke(self, one: Life, n: int) -> Try:
        by, on = pick(n, "gate", "leader"), self.known.today + pick(n // 2, 0, 0, 1) * DAY

        def play() -> Any:
            facts = leaving.revocation_facts(at=self.known.now, revoked_on=on)
            return back_door.record_revocation(
                case=case_of(one), facts=facts, by=self.by(by), at=self.known.now
            )

        def then(_: Any) -> None:
            one.revocation, one.revocation_by = "recorded", by
            one.revocation_on = self.known.today

        return Try(self.known.may_revoke(one) and on == self.known.today, play, then)

    def let_go(self, one: Life, n: int) -> Try:
        """A leader other than who recorded it on the same day; else with a reason, and never not at all."""
        by, why = pick(n, "leader", "second", "gate"), pick(n // 3, "夜间无人", "夜间无人", "")

        def play() -> Any:
            return back_door.let_go(
                case=case_of(one), answers={"no_leader": why, "kept_on": why}, by=self.by(by),
                at=self.known.now,
            )  # fmt: skip

        def then(_: Any) -> None:
            one.revocation = "confirmed"
            self.known.end(one, oracle.REVOKED)

        may = self.known.may_let_go(one) and (bool(why) or not self.known.must_explain(one, by))
        return Try(may, play, then)

    def withdraw_revocation(self, one: Life, n: int) -> Try:
        by = pick(n, "leader", "second")

        def play() -> Any:
            return back_door.withdraw_revocation(
                case=case_of(one), reason="误登记", by=self.by(by), at=self.known.now
            )

        may = self.known.may_withdraw_revocation(one, by)
        return Try(may, play, lambda _: setattr(one, "revocation", ""))

    def record_death(self, one: Life, n: int) -> Try:
        by, place = pick(n, "gate", "leader"), pick(n // 2, "示例医院", "示例医院", "")

        def play() -> Any:
            facts = leaving.death_facts(
                at=self.known.now, died_at=self.known.now, learned_at=self.known.now, place=place
            )
            return back_door.record_death(
                case=case_of(one), facts=facts, by=self.by(by), at=self.known.now
            )

        def then(_: Any) -> None:
            one.death, one.death_by, one.death_on = "recorded", by, self.known.today
            one.untold = TOLD

        return Try(self.known.may_die(one) and bool(place), play, then)

    def tell_of_death(self, one: Life, n: int) -> Try:
        audience = pick(n, *TOLD)

        def play() -> Any:
            told = leaving.told(audience, at=self.known.now)
            return back_door.record_told_of_death(
                case=case_of(one), told=told, by=self.by("gate"), at=self.known.now
            )

        def then(_: Any) -> None:
            one.untold = tuple(each for each in one.untold if each != audience)

        return Try(self.known.may_tell(one, audience), play, then)

    def confirm_death(self, one: Life, n: int) -> Try:
        by = pick(n, "leader", "second")

        def play() -> Any:
            return back_door.confirm_death(case=case_of(one), by=self.by(by), at=self.known.now)

        def then(_: Any) -> None:
            one.death = "confirmed"
            self.known.end(one, oracle.DIED)

        return Try(self.known.may_confirm_death(one, by), play, then)

    def withdraw_death(self, one: Life, n: int) -> Try:
        why = pick(n, "误登记", "误登记", "")

        def play() -> Any:
            return back_door.withdraw_death(
                case=case_of(one), reason=why, by=self.by("gate"), at=self.known.now
            )

        def then(_: Any) -> None:
            one.death, one.untold = "", ()

        return Try(bool(why) and one.death == "recorded", play, then)


ACTS = tuple(
    name
    for name, act in vars(Lives).items()
    if not name.startswith("_")
    and getattr(act, "__annotations__", {}).get("return") in (Try, Try | None)
)

OFTEN = {  # what others must have done first, and what hardly anybody is able to
    "confirm_uncounted", "confirm_reversal", "confirm_decision", "confirm_correction", "confirm_undoing",
    "ask_uncounted", "approve_move", "receive_move", "send_conversion", "answer_conversion", "let_go", "confirm_death",
    "approve_outing", "approve_transfer", "hand_over", "receive_transfer", "take_back", "tell_family",
}  # fmt: skip
SELDOM = {  # what ends a case, and what anybody may do at any time
    "revoke", "record_death", "release", "give_notice", "grant_leave", "family_notice", "change_bed",
    "withdraw_move", "return_move", "withdraw_outing", "return_outing", "withdraw_transfer",
}  # fmt: skip
STEPS = tuple(
    name for name in ACTS for _ in range(8 if name in OFTEN else 1 if name in SELDOM else 3)
)
FEW = 40  # variants of an act, of which the first that is allowed is played


def _way(*acts: str) -> tuple[tuple[str, int | None], ...]:
    """Acts one after another; `leave 4` is the variant in which he runs, `leave 7` that to his family.

    `wait 8` are days that pass.
    """
    split = (act.partition(" ") for act in acts)
    return tuple((name, int(n) if n else None) for name, _, n in split)


WAYS = (
    _way("ask_transfer", "approve_transfer", "hand_over", "return_transfer", "take_back"),
    _way("ask_transfer", "withdraw_transfer", "ask_outing", "withdraw_outing", "ask_outing", "return_outing"),
    _way("ask_outing", "approve_outing", "leave 7", "come_back"),
    _way("ask_transfer", "approve_transfer", "hand_over", "receive_transfer", "tell_family"),
    _way("record_decision", "return_decision", "record_decision", "confirm_decision", "ask_undoing",
         "confirm_undoing"),
    _way("wait 8", "propose_move", "return_move", "propose_move", "withdraw_move"),
    _way("ask_correction", "return_correction", "ask_correction", "confirm_correction"),
    _way("grant_leave", "propose_conversion", "withdraw_conversion", "propose_conversion", "send_conversion",
         "answer_conversion"),
    _way("leave 4", "come_back", "ask_reversal", "return_escape", "ask_reversal", "confirm_reversal"),
    _way("record_death", "tell_of_death", "withdraw_death", "revoke", "withdraw_revocation", "revoke", "let_go"),
)  # fmt: skip


def done_or_refused(play: Callable[[], Any]) -> tuple[Any, Refused | None]:
    try:
        return play(), None
    except Refused as refused:
        return None, refused


def case_of(one: Life) -> Case:
    return Case.objects.select_related("decision", "person").get(pk=one.row)


def absence_of(gone: oracle.Escape) -> Absence:
    return Absence.objects.select_related("case").get(pk=gone.row)


def decision_of(decision: Decision) -> TermDecision:
    return TermDecision.objects.select_related("case").get(pk=decision.row)


def traces() -> list[tuple[Any, ...]]:
    """Of every table how many rows it holds and who wrote last: what is refused changes neither."""
    with connection.cursor() as cursor:
        cursor.execute(TRACES)
        return cursor.fetchall()


WRITTEN = (  # what acts on somebody write
    Absence, Bed, Case, Deadline, Document, EscapeProposal, Event, Notice, Placement, TermDecision,
    *apps.get_app_config("aftercare").get_models(), *apps.get_app_config("zones").get_models(),
)  # fmt: skip
TRACES = " UNION ALL ".join(
    f"SELECT '{table}', count(*), max(xmin::text::bigint) FROM {table}"
    for table in (*(model._meta.db_table for model in WRITTEN), "rehab_sequence")
)

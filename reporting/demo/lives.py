"""Lives, told act by act. A life is a generator: it does something, and yields when it goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from aftercare import actions as aftercare
from aftercare.models import Agreement
from aftercare.rules import Gate, Mark
from aftercare.states import Manner
from centers import actions as centers
from centers.clocks import CONDUCT, CONFIRMATION
from centers.models import ConductMonth
from centers.selectors import allowed_parts
from centers.states import AssessmentKind, DetoxCriterion, SocialCriterion
from intake import actions as intake
from intake.models import Arrival
from intake.rules.gate import Checks, Papers
from intake.selectors.arrivals import first_beds
from rehab.clock import day_of
from rehab.models import Case, Deadline, User
from rehab.rules.term import earliest_early_release, last_day_before_anniversary
from rehab.states import Sex
from reporting.demo.people import Invented
from reporting.demo.world import World, after, moment
from zones import actions as zones

Life = Iterator[datetime]

REENTRY_DAYS = 45  # before the last day, as the example provinces have it
FIRST_DAY_MARKED = 5  # of a month: the marks of the month before are confirmed by then


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
    agrees: bool = True  # signs an aftercare agreement
    only_arrives: bool = False  # no officer has decided about him yet
    stays_proposed: bool = False  # his first move waits for its second signature
    stays_in_transit: bool = False  # his first move waits to be received

    @property
    def ends_on(self) -> date:
        return last_day_before_anniversary(self.decided_on, years=2)


class Stayer:
    """One person's way through the house; each part of it is a life of its own."""

    def __init__(self, world: World, plan: Plan) -> None:
        self.world, self.plan = world, plan
        self.case: Case

    def staff(self, name: str) -> User:
        return self.world.who(self.plan.facility, name)

    def fresh(self) -> Case:
        """The case as it stands now, seen by whoever acts."""
        return Case.objects.select_related("person", "facility", "unit__zone", "zone").get(
            pk=self.case.pk
        )

    def live(self) -> Life:
        """From the handover to the last contact, as far as time goes."""
        yield from self._arrive()
        if self.plan.only_arrives:
            return
        yield from self._settle_in()
        yield from self._detox()
        yield from self._move("一大队", "二大队", after(self.plan.arrives_on, 19))
        if self.plan.stays_proposed or self.plan.stays_in_transit:
            return
        yield from self._adapt()
        yield from self._move("二大队", self.plan.consolidates_in, after(self._adapted_on, 0))
        yield from self._consolidate()
        yield from self._move(
            self.plan.consolidates_in, self._last_unit, after(self.plan.ends_on, -REENTRY_DAYS)
        )
        yield from self._prepare()
        yield from self._leave()

    @property
    def _last_unit(self) -> str:
        return "五大队" if self.plan.facility == "SL01" else "四大队"

    # Entry

    def _arrive(self) -> Life:
        plan, person = self.plan, self.plan.person
        handed_over_at = moment(plan.arrives_on, 7 if plan.only_arrives else 9, person.serial % 50)
        yield handed_over_at
        papers = Papers(
            name=person.name,
            sex=person.sex.value,
            birth_date=person.birth_date,
            id_number=person.id_number,
            ethnicity=person.ethnicity,
            education=person.education,
            household="示例省示例市示例县",
            address="示例省示例市示例县示例街道",
            decision_number=person.decision_number,
            authority="示例市公安局",
            decided_on=plan.decided_on,
            printed_starts_on=plan.decided_on,
            printed_ends_on=plan.ends_on,
            transferred_on=plan.arrives_on,
            basis="5",
            drug=person.drug,
            addiction="成瘾严重",
            relative_name="示例亲属",
            relative_relation="母亲",
            relative_phone="000-00000000",
        )
        officers = self._searchers()
        with self.world.acting(officers[0]) as by:
            arrival = intake.register_arrival(
                facility=self.world.places.facilities[plan.facility],
                papers=papers,
                by=by,
                at=handed_over_at,
                invented=True,
            )
        if plan.only_arrives:
            return
        at = moment(plan.arrives_on, 10, person.serial % 50)
        yield at
        with self.world.acting(officers[0]) as by:
            self.case = self._admit(arrival, papers, officers, by=by, at=at)

    def _searchers(self) -> list[User]:
        """Two officers of the person's sex."""
        if self.plan.facility != "SL01":
            return [self.staff("intake1"), self.staff("intake2")]
        if self.plan.person.sex == Sex.FEMALE:
            return [self.staff("intake2"), self.staff("zone1b")]
        return [self.staff("intake1"), self.staff("zone1")]

    def _admit(
        self, arrival: Arrival, papers: Papers, officers: list[User], *, by: User, at: datetime
    ) -> Case:
        on = day_of(at)
        beds = first_beds(arrival.facility, sex=papers.sex, birth_date=papers.birth_date, on=on)
        return intake.admit(
            arrival=arrival,
            papers=papers,
            checks=Checks(
                has_decision=True, is_the_person=True, health_checked=True, pregnancy_tested=True
            ),
            searchers=officers,
            bed=beds[0],
            known_person=None,
            answers={"minor": "已安排在未成年人区域，由专人管理"},
            by=by,
            at=at,
        )

    def _settle_in(self) -> Life:
        """What is owed after entry."""
        plan = self.plan
        for duty, name, hour in (
            ("health_check", "medic1", 11),
            ("belongings", "intake1", 11),
            ("entry_register", "intake1", 14),
        ):
            at = moment(plan.arrives_on, hour, 10 + plan.person.serial % 40)
            yield at
            with self.world.acting(self.staff(name)) as by:
                intake.complete_item(
                    case=self.fresh(), duty=duty, note="", done_at=at, by=by, at=at
                )
        at = moment(plan.arrives_on, 15, 30)
        yield at
        with self.world.acting(self.staff("zone1")) as by:
            intake.give_rights_notice(
                case=self.fresh(), note="已逐条宣读，本人签字", done_at=at, by=by, at=at
            )
        if not plan.slow:
            yield from self._tell_family(after(plan.arrives_on, 1))
        at = moment(after(plan.arrives_on, 4), 10)
        yield at
        with self.world.acting(self.staff("assess1")) as by:
            intake.complete_item(
                case=self.fresh(), duty="assessment_handbook", note="", done_at=at, by=by, at=at
            )

    def _tell_family(self, on: date) -> Life:
        at = moment(on, 9, 20)
        yield at
        with self.world.acting(self.staff("intake1")) as by:
            intake.send_family_notice(
                case=self.fresh(), recipient="示例亲属", manner="邮寄", done_at=at, by=by, at=at
            )

    # The zones

    def _detox(self) -> Life:
        plan = self.plan
        at = moment(after(plan.arrives_on, 9), 9)
        yield at
        with self.world.acting(self.staff("medic1")) as by:
            centers.record_drug_test(
                case=self.fresh(),
                sample="hair",
                tested_at=at,
                result="negative",
                second=self.staff("medic2"),
                by=by,
                at=at,
            )
        if plan.slow:
            yield from self._tell_family(after(plan.arrives_on, 12))
        at = moment(after(plan.arrives_on, 15), 10)
        yield at
        with self.world.acting(self.staff("medic1")) as by:
            centers.conclude_detox(
                case=self.fresh(), met=dict.fromkeys(DetoxCriterion.values, True), by=by, at=at
            )
        yield from self._assess(AssessmentKind.DETOX, after(plan.arrives_on, 16))

    @property
    def _adapted_on(self) -> date:
        """The day of leaving 教育适应区; late for who is slow."""
        return after(self.plan.arrives_on, 90 if self.plan.slow else 76)

    def _adapt(self) -> Life:
        plan = self.plan
        at = moment(after(plan.arrives_on, 24), 15)
        yield at
        with self.world.acting(self.staff("psych")) as by:
            answers = [self.world.rng.randint(0, 2) for _ in range(9)]
            centers.screen(case=self.fresh(), scale="phq9", answers=answers, by=by, at=at)
        at = moment(after(plan.arrives_on, 28), 16)
        yield at
        with self.world.acting(self.staff("trainer")) as by:
            centers.record_fitness_test(
                case=self.fresh(),
                tested_on=day_of(at),
                cleared=True,
                values=self._measured(),
                result="pass",
                by=by,
                at=at,
            )
        started_on = after(plan.arrives_on, 21)
        at = moment(after(self._adapted_on, -12), 16)
        yield at
        with self.world.acting(self.staff("teacher")) as by:
            centers.record_entry_education(
                case=self.fresh(),
                started_on=started_on,
                ended_on=day_of(at),
                hours=120,
                result="pass",
                by=by,
                at=at,
            )
        yield from self._assess(AssessmentKind.ADAPTATION, after(self._adapted_on, -6))

    def _measured(self) -> dict[str, Decimal | int]:
        rng = self.world.rng
        return {
            "height_cm": Decimal(rng.randint(155, 182)),
            "weight_kg": Decimal(rng.randint(48, 82)),
            "vital_capacity_ml": rng.randint(2600, 4300),
            "grip_kg": Decimal(rng.randint(24, 48)),
            "sit_and_reach_cm": Decimal(rng.randint(0, 15)),
            "steps_two_minutes": rng.randint(80, 140),
        }

    def _consolidate(self) -> Life:
        """Months in 康复巩固区; the one-year assessment and the one before the move come due in it."""
        plan, unit = self.plan, self.plan.consolidates_in
        one_year = earliest_early_release(plan.decided_on)
        if plan.leave:
            yield from self._medical_leave(after(self._adapted_on, 40))
        at = moment(after(one_year, -20), 10)
        yield at
        with self.world.acting(self._officer(unit)) as by:
            met = dict.fromkeys(SocialCriterion.values, True)
            met[SocialCriterion.INCOME_OR_HOME] = plan.person.serial % 3 != 0
            centers.record_social_form(case=self.fresh(), met=met, by=by, at=at)
        yield from self._assess(AssessmentKind.ONE_YEAR, _past_the_marks(after(one_year, 6)))
        last = after(plan.ends_on, -REENTRY_DAYS - 8)
        yield from self._assess(AssessmentKind.CONSOLIDATION, _past_the_marks(last, before=True))

    def _medical_leave(self, on: date) -> Life:
        at = moment(on, 15)
        yield at
        with self.world.acting(self.staff("head1")) as by:
            zones.grant_leave(
                case=self.fresh(), approval=f"示医〔{on.year}〕{self.plan.person.serial}号", by=by,
                at=at,
            )  # fmt: skip
        at = moment(after(on, 900), 9)  # beyond the demo: he is still away
        yield at

    def _prepare(self) -> Life:
        """回归指导: the last assessment, the notice, and the question about aftercare."""
        plan = self.plan
        day = _past_the_marks(after(plan.ends_on, -31))
        yield from self._assess(AssessmentKind.PRE_EXPIRY, day)
        at = moment(after(plan.ends_on, -18), 10)
        yield at
        with self.world.acting(self._officer(self._last_unit)) as by:
            self.agreement = aftercare.offer_agreement(
                case=self.fresh(), station=self._station, by=by, at=at
            )
        at = moment(after(plan.ends_on, -9), 15)
        yield at
        with self.world.acting(self.staff("intake1")) as by:
            aftercare.give_release_notice(case=self.fresh(), by=by, at=at)

    @property
    def _station(self):
        stations = self.world.places.stations
        return stations["样本工作站" if self.plan.facility == "YB01" else "工作站"]

    def _leave(self) -> Life:
        plan = self.plan
        at = moment(plan.ends_on, 9, plan.person.serial % 60)
        yield at
        with self.world.acting(self.staff("intake1")) as by:
            case = Case.objects.select_related("decision", "person").get(pk=self.case.pk)
            aftercare.release(
                case=case,
                gate=Gate(
                    decision_number=case.decision.number,
                    identity_number=plan.person.id_number,
                    face=Mark.MATCHED,
                ),
                second_officer=self.staff("head1"),
                answers={},
                by=by,
                at=at,
            )
        yield from self._afterwards()

    def _afterwards(self) -> Life:
        """Signed or not; and then the contacts that the station promised."""
        plan = self.plan
        worker = (
            self.world.who("", "yb-station")
            if plan.facility == "YB01"
            else (self.world.who("SL01", "station"))
        )
        at = moment(after(plan.ends_on, 1), 10)
        yield at
        with self.world.acting(worker) as by:
            if not plan.agrees:
                aftercare.decline_agreement(agreement=self.agreement, by=by, at=at)
                return
            aftercare.sign_agreement(agreement=self.agreement, phone="000-00000000", by=by, at=at)
        on = after(plan.ends_on, 6)
        while True:
            at = moment(on, 15)
            yield at
            with self.world.acting(worker) as by:
                agreement = Agreement.objects.select_related("case", "station__province").get(
                    pk=self.agreement.pk
                )
                if agreement.ends_on is None or on > agreement.ends_on:
                    return
                contact = aftercare.record_contact(
                    agreement=agreement,
                    contacted_at=at,
                    manner=Manner.VISIT if plan.person.serial % 2 else Manner.PHONE,
                    reached=True,
                    note="",
                    next_on=None,
                    renewal_discussed=False,
                    by=by,
                    at=at,
                )
            on = contact.next_on + timedelta(days=3 if plan.slow else -1)

    # What is done again and again

    def _officer(self, unit: str) -> User:
        return self.staff(f"zone{_NUMBER[unit]}")

    def _assess(self, kind: AssessmentKind, on: date) -> Life:
        """Drafted by one assessor in the morning, concluded by the other in the afternoon."""
        at = moment(on, 9, 30)
        yield at
        with self.world.acting(self.staff("assess1")) as by:
            case = self.fresh()
            parts = allowed_parts(case, kind, on=day_of(at))
            draft = centers.draft_assessment(case=case, kind=kind, parts=parts, by=by, at=at)
        at = moment(on, 15, 30)
        yield at
        with self.world.acting(self.staff("assess2")) as by:
            centers.conclude_assessment(assessment=draft, by=by, at=at)

    def _move(self, sending: str, receiving: str, on: date) -> Life:
        """Three signatures of three officers in one morning."""
        at = moment(on, 9)
        yield at
        first_move = sending == "一大队"
        to_unit = self.world.places.unit(self.plan.facility, receiving)
        with self.world.acting(self._officer(sending)) as by:
            move = zones.propose_zone_move(case=self.fresh(), to_unit=to_unit, by=by, at=at)
        if first_move and self.plan.stays_proposed:
            return
        at = moment(on, 10)
        yield at
        with self.world.acting(self.staff(f"lead{_NUMBER[sending]}")) as by:
            zones.approve_zone_move(move=move, bed=None, by=by, at=at)
        if first_move and self.plan.stays_in_transit:
            return
        at = moment(on, 11)
        yield at
        with self.world.acting(self._officer(receiving)) as by:
            zones.receive_zone_move(move=move, by=by, at=at)


_NUMBER = {"一大队": 1, "二大队": 2, "三大队": 3, "四大队": 4, "五大队": 5}


def _past_the_marks(on: date, *, before: bool = False) -> date:
    """The day itself or one near it on which every month that is over has its confirmed mark."""
    month_ends = after(on, 1).day == 1
    if month_ends:
        return after(on, -1)
    if on.day >= FIRST_DAY_MARKED:
        return on
    return after(on.replace(day=1), -3) if before else on.replace(day=FIRST_DAY_MARKED)


def months(world: World, code: str, unit: str, number: int, since: date) -> Life:
    """行为表现: every month a 大队's officer marks those who are owed a mark, its leader confirms."""
    place = world.places.unit(code, unit)
    month = since.replace(day=1)
    while True:
        month = after(month, 32).replace(day=1)
        at = moment(after(month, 1), 16)
        yield at
        with world.acting(world.who(code, f"zone{number}")) as by:
            owed = Deadline.objects.open().filter(
                clock=CONDUCT, case__unit=place, opened_at__lte=at
            )
            marks = [
                centers.MonthMark(row.case, _month(row.cycle), _mark(row.case, month))
                for row in owed.select_related("case").order_by("case__number", "cycle")
            ]
            if marks:
                centers.mark_conduct(marks=marks, by=by, at=at)
        at = moment(after(month, 2), 16)
        yield at
        with world.acting(world.who(code, f"lead{number}")) as by:
            waiting = Deadline.objects.open().filter(clock=CONFIRMATION, case__unit=place)
            rows = ConductMonth.objects.filter(
                case__in=waiting.values("case"), confirmed_at__isnull=True
            )
            if found := list(rows.order_by("case__number", "month")):
                centers.confirm_conduct(months=found, by=by, at=at)


def _mark(case: Case, month: date) -> int:
    """70 to 95, the same for the same person and month."""
    return 70 + (int(case.number[-4:]) * 7 + month.month * 5) % 26


def _month(cycle: str) -> date:
    return date.fromisoformat(f"{cycle}-01")

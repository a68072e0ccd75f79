"""Random walks of real acts: each step is one act of the product under some officer, or a refusal."""

import random
from collections import Counter
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction

from aftercare import actions as back_door
from aftercare.models import Agreement
from aftercare.rules import Recipients
from aftercare.states import Manner
from centers import actions as workshops
from centers import selectors as records
from centers.models import Assessment, ConductMonth
from centers.states import AssessmentKind
from intake import actions as front_door
from intake.rules.belongings import Brought, Register
from intake.rules.completion import DUTIES
from intake.rules.family import NoNotice
from intake.rules.health_sheet import Sheet
from intake.rules.papers import Check, Disposal
from rehab.actions import escapes, term_decisions
from rehab.actions.absences import record_return_check
from rehab.actions.cases import close_case, lock
from rehab.clock import day_of, standing_at
from rehab.ledgers import deadlines
from rehab.models import Absence, Case, EscapeProposal, TermDecision
from rehab.refusal import Refused
from rehab.rules.escapes import NO_PROOF
from rehab.selectors.absences import open_absence, unchecked
from rehab.states import AbsenceKind, CaseStatus, EscapeQuestion, Stage
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import centers as centers_make
from tests.factories import intake as entering
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import zones as zones_make
from zones import actions, rules, selectors
from zones.models import ZoneMove
from zones.states import MoveStatus

ENOUGH_BEDS = 12
FEW = 5
POSTS = (
    "clinician", "second_clinician", "educator", "counsellor", "trainer", "assessor",
    "second_assessor", "zone_officer", "zone_leader",
)  # fmt: skip


class Walk:
    """The rooms of a facility under random officers: in, from zone to zone, away and back, out."""

    hours = (1, 5, 30, 24 * 9)

    def __init__(self, seed, code="T01", needs=None):
        self.chance, self.needs = random.Random(seed), needs or {}
        province = make.bureau(f"示例{code}省戒毒管理局")
        self.facility = make.facility(code, province=province, beds=ENOUGH_BEDS)
        zones_make.set_rules(province, needs=self.needs)
        self.crew = zones_make.Crew(self.facility).posted()
        self.leader = make.officer("facility_leader", self.facility)
        self.second = make.officer("facility_leader", self.facility)
        self.moment, self.steps = make.NOON, 0
        self.moments = []
        self.done = Counter()  # acts that were not refused, by name
        for _ in range(3):
            zones_make.ready(self.facility)

    def step(self, named=None):
        """The name of the act that was done; None when it was refused or there was nobody for it."""
        self.moment += timedelta(hours=self.chance.choice(self.hours), minutes=7)
        self.moments.append(self.moment)
        self.steps += 1
        act = named or self.chance.choice(self.acts())
        with standing_at(self.moment):
            try:
                with transaction.atomic():
                    made = act()
            except Refused:
                return None
        if made is None:
            return None
        self.done[act.__name__] += 1
        return act.__name__

    def acts(self):
        return [
            self.admit, self.propose, self.propose, self.sign, self.sign, self.sign,
            self.give_back, self.withdraw, self.leave, self.go_out, self.come_back,
            self.come_back, self.judge_escape, self.check_return, self.release,
        ]  # fmt: skip

    def somebody(self, **among):
        cases = list(
            Case.objects.filter(facility=self.facility, **among)
            .select_related("zone", "unit", "person", "decision")
            .order_by("number")
        )
        return self.chance.choice(cases) if cases else None

    def some_move(self, **among):
        of_facility = ZoneMove.objects.filter(case__facility=self.facility, **among)
        moves = list(of_facility.select_related("proposed_by").order_by("proposed_at", "pk"))
        return self.chance.choice(moves) if moves else None

    def admit(self):
        return make.case(self.facility, entered_at=self.moment)

    def propose(self, **among):
        if case := self.somebody(status=CaseStatus.IN_FACILITY, **among):
            stage = Stage(case.zone.stage)
            return actions.propose_zone_move(
                case=case,
                to_unit=self.crew.unit(stage.next or stage),
                by=self.crew.officer(stage),
                at=self.moment,
            )

    def sign(self):
        if not (move := self.some_move(status__in=["proposed", "in_transit"])):
            return None
        stage = Stage(move.stage)
        if move.status == MoveStatus.PROPOSED:
            leader = self.crew.leader(stage)
            return actions.approve_zone_move(move=move, bed=None, by=leader, at=self.moment)
        officer = self.crew.officer(stage.next)
        return actions.receive_zone_move(move=move, by=officer, at=self.moment)

    def give_back(self):
        if move := self.some_move():
            leader = self.crew.leader(Stage(move.stage))
            return actions.return_zone_move(move=move, reason="缓转", by=leader, at=self.moment)

    def withdraw(self):
        if move := self.some_move():
            return actions.withdraw_zone_move(move=move, by=move.proposed_by, at=self.moment)

    def leave(self):
        if case := self.somebody():
            return actions.grant_leave(case=case, approval="示例", by=self.leader, at=self.moment)

    def go_out(self):
        """To a hospital, a court or his family, held elsewhere, or gone."""
        if self.chance.random() < 0.5 and (case := self.somebody(ended_at__isnull=True)):
            kinds = [one for one in AbsenceKind if one not in ("medical_leave", "home_visit")]
            kind = self.chance.choice(kinds)
            here = case.status == CaseStatus.IN_FACILITY and open_absence(case) is None
            if kind in ("hospital", "court") and here and not case.outings.exists():
                kind = AbsenceKind.HOME_VISIT
                away.approved_outing(case, asked_by=self.second, by=self.leader, at=self.moment)
            return actions.leave_facility(
                case=case, departure=away.departure(kind, at=self.moment), by=self.leader,
                at=self.moment,
            )  # fmt: skip

    def come_back(self):
        out = Absence.objects.open().filter(case__facility=self.facility).order_by("pk")
        if not out:
            return None
        absence = self.chance.choice(list(out))
        case = Case.objects.select_related("zone", "unit", "person").get(pk=absence.case_id)
        proved = absence.kind == AbsenceKind.ESCAPE and self.chance.random() < 0.5
        gave_up = AbsenceKind(absence.kind).status is not None
        on = self.moment.date()
        back = away.comeback(
            at=self.moment,
            proof=away.proof(at=self.moment) if proved else NO_PROOF,
            health_checked=False,
        )
        return actions.come_back(
            case=case, back=back, by=self.leader, at=self.moment,
            bed=selectors.return_beds(case, on=on).first() if gave_up else None,
        )  # fmt: skip

    def check_return(self):
        """A physician looks at who came back before anybody had looked at him."""
        owed = Absence.objects.filter(
            case__facility=self.facility, check_owed=True, checked_at__isnull=True
        )
        if absence := owed.select_related("case").order_by("pk").first():
            return record_return_check(
                case=absence.case, seen=str(unchecked(absence.case).pk), findings="未见异常",
                by=self.second, at=self.moment,
            )  # fmt: skip
        return None

    def judge_escape(self):
        """A leader who proposed nothing confirms, or gives it back; or somebody says that it was none."""
        waiting = EscapeProposal.objects.open().filter(case__facility=self.facility)
        if proposal := waiting.order_by("pk").first():
            done = {"proposal": proposal, "by": self.second, "at": self.moment}
            if self.chance.random() < 0.3:
                return escapes.return_proposal(reason="请核对", **done)
            if proposal.question == EscapeQuestion.REVERSAL:
                return escapes.confirm_reversal(**done)
            return escapes.confirm_uncounted(**done)
        over = Absence.objects.standing().filter(
            case__facility=self.facility, kind=AbsenceKind.ESCAPE, returned_at__isnull=False
        )
        if absence := over.order_by("pk").first():
            return escapes.propose_reversal(
                absence=absence, reason="误登记", by=self.leader, at=self.moment
            )
        return None

    def release(self):
        """As the way out does it: the move under way ends, the case closes, the ledger follows."""
        if case := self.somebody():
            case = lock(case)
            if case.ended_at is None and self.chance.random() < 0.3:
                actions.end_open_move(case=case, by=self.leader, at=self.moment)
                close_case(case=case, to=CaseStatus.RELEASED, at=self.moment)
                deadlines.refresh([case])


class WholeWalk(Walk):
    """The whole house: both doors, the rooms, the five centres, and the station afterwards."""

    hours = (1, 5, 30, 24 * 4, 24 * 4)
    ACTS = (
        *("prepare", "propose", "sign", "sign") * 3, *("complete",) * 3, *("come_back",) * 2, *("judge_escape",) * 2,
        "check_return", "admit", "give_back", "withdraw", "leave", "go_out",
        "test", "conclude_detox", "educate", "screen", "measure", "mark", "confirm", "look_home",
        "assess", "conclude", "conclude", "return_assessment", "correct",
        "give_notice", "release", "release",
        "offer", "agree", "agree", "decline", "renew", "quit", "contact", "lapse",
    )  # fmt: skip

    def __init__(self, seed, code, needs):
        super().__init__(seed, code, needs)
        province = self.facility.province
        centers_make.rules(province, by=make.officer("bureau_approver", province))
        deadlines.refresh(list(Case.objects.filter(facility=self.facility)))  # rules of the night
        self.staff = centers_make.Staff(self.facility)
        for post in POSTS:
            getattr(self.staff, post)  # opened now: an act that is refused would take him along
        self.station = make.station()
        self.worker = make.officer("aftercare_worker", self.station)
        self.desk = [make.officer("intake_officer", self.facility) for _ in range(2)]
        self.by_role = {
            "intake_officer": self.desk[0],
            "clinician": self.staff.clinician,
            "zone_officer": self.staff.zone_officer,
            "assessor": self.staff.assessor,
        }

    def acts(self):
        return [getattr(self, name) for name in self.ACTS]

    def inmate(self):
        return self.somebody(ended_at__isnull=True)

    def propose(self):
        """Mostly somebody who may move on: at random it would hardly ever be one."""
        here = list(Case.objects.filter(facility=self.facility, status=CaseStatus.IN_FACILITY))
        facts = selectors.move_facts(here)
        on = day_of(self.moment)
        able = [case.pk for case in here if not rules.move_obstacles(facts[case.pk], on=on)]
        if not able or self.chance.random() < 0.2:
            return super().propose()
        return super().propose(pk__in=able)

    def some_move(self, **among):
        """Mostly one under way."""
        if not among and self.chance.random() < 0.8:
            among = {"status__in": ["proposed", "in_transit"]}
        return super().some_move(**among)

    def lapse(self):
        """Every night, as the plan does it."""
        return back_door.end_lapsed_agreements(facility=self.facility, at=self.moment) or None

    def prepare(self):
        """All that leaving a zone asks for, and its conclusion."""
        case = self.somebody(status=CaseStatus.IN_FACILITY)
        kind = self.needs.get(Stage(case.zone.stage)) if case else None
        if kind is None:
            return None
        if drafted := Assessment.objects.filter(case=case, kind=kind, status="drafted").first():
            return workshops.conclude_assessment(
                assessment=drafted, by=self.staff.second_assessor, at=self.moment
            )
        return centers_make.assessed(case, self.staff, kind, at=self.moment)

    def admit(self):
        """Some have long to go, others a few weeks; few are here at once, so that more happens to each."""
        if Case.objects.filter(facility=self.facility, ended_at__isnull=True).count() >= FEW:
            return None
        on = day_of(self.moment)
        ends_on = on + timedelta(days=self.chance.choice([3, 20, 60, 600, 600]))
        one = entering.arrival(
            self.facility, by=self.desk[0], at=self.moment, transferred_on=on,
            decided_on=ends_on + timedelta(days=1) - relativedelta(years=2),
            printed_starts_on=None, printed_ends_on=ends_on,
        )  # fmt: skip
        phases = ("police_phase_short", "police_phase_long", "police_phase_over_cap")
        return entering.admit(
            one, by=self.desk[0], second=self.desk[1], at=self.moment,
            answers=dict.fromkeys(phases, "已核对"),
        )  # fmt: skip

    def complete(self):
        if not (case := self.inmate()):
            return None
        duty = self.chance.choice(DUTIES)
        given = {
            "case": case,
            "done_at": self.moment,
            "by": self.by_role[duty.role],
            "at": self.moment,
        }
        if duty.code == "health_check":
            found = Sheet(
                findings=(Check("体温", "36.5 ℃"),), injuries=(), conclusion="可以执行",
                escort=None, signed_by_person=False,
            )  # fmt: skip
            given["checked_at"] = given.pop("done_at")
            return front_door.record_health_sheet(sheet=found, **given)
        if duty.code == "belongings":
            given["registered_at"] = given.pop("done_at")
            phone = Brought("手机", "1部", Disposal.KEPT, place="1 号柜")
            return front_door.register_belongings(register=Register(items=(phone,)), **given)
        if duty.code == "rights_notice":
            return front_door.give_rights_notice(note="", **given)
        if duty.code != "family_notice":
            return front_door.complete_item(duty=duty.code, note="", **given)
        if self.chance.random() < 0.5:
            return front_door.explain_no_family_notice(
                ground=NoNotice.NO_FAMILY, reason="无人可以联系", confirmed_by=self.desk[1], **given
            )
        return front_door.send_family_notice(
            recipient="示例亲属", manner="挂号信", proof="示例 1", **given
        )

    def _of_a_centre(self, record, **facts):
        if not (case := self.inmate()):
            return None
        return record(case, self.staff, at=self.moment, **facts)

    def test(self):
        result = self.chance.choice(["negative", "positive", "invalid"])
        return self._of_a_centre(centers_make.drug_test, result=result)

    def conclude_detox(self):
        passed = self.chance.random() < 0.5
        return self._of_a_centre(centers_make.detox_conclusion, passed=passed)

    def educate(self):
        result = self.chance.choice(["pass", "fail"])
        return self._of_a_centre(centers_make.entry_education, result=result)

    def screen(self):
        return self._of_a_centre(centers_make.screening)

    def measure(self):
        return self._of_a_centre(centers_make.fitness_test)

    def look_home(self):
        return self._of_a_centre(centers_make.social_form, good=self.chance.random() < 0.7)

    def mark(self):
        if not (case := self.inmate()):
            return None
        month = day_of(self.moment).replace(day=1) - relativedelta(
            months=self.chance.choice([1, 2])
        )
        sheet = [workshops.MonthMark(case, month, self.chance.choice([50, 80]))]
        return workshops.mark_conduct(marks=sheet, by=self.staff.zone_officer, at=self.moment)

    def confirm(self):
        waiting = ConductMonth.objects.filter(
            case__facility=self.facility, confirmed_at__isnull=True
        ).order_by("pk")
        if not waiting:
            return None
        return workshops.confirm_conduct(
            months=[self.chance.choice(list(waiting))], by=self.staff.zone_leader, at=self.moment
        )

    def assess(self):
        if not (case := self.inmate()):
            return None
        kind = self.chance.choice(list(AssessmentKind))
        if self.chance.random() < 0.5:
            kind = self.needs.get(Stage(case.zone.stage), kind)
            centers_make.records_for(case, self.staff, kind, at=self.moment)
        return centers_make.draft(case, self.staff, kind, at=self.moment)

    def some_assessment(self, status):
        found = Assessment.objects.filter(case__facility=self.facility, status=status)
        rows = list(found.select_related("case").order_by("drafted_at", "pk"))
        return self.chance.choice(rows) if rows else None

    def conclude(self):
        if not (drafted := self.some_assessment("drafted")):
            return None
        return workshops.conclude_assessment(
            assessment=drafted, by=self.staff.second_assessor, at=self.moment
        )

    def return_assessment(self):
        if not (drafted := self.some_assessment("drafted")):
            return None
        return workshops.return_assessment(
            assessment=drafted, reason="请补", by=self.staff.second_assessor, at=self.moment
        )

    def correct(self):
        if not (standing := self.some_assessment("concluded")):
            return None
        kind, on = AssessmentKind(standing.kind), day_of(self.moment)
        return workshops.correct_assessment(
            assessment=standing, parts=records.allowed_parts(standing.case, kind, on=on),
            why="有误", by=self.staff.assessor, at=self.moment,
        )  # fmt: skip

    def give_notice(self):
        soon = day_of(self.moment) + timedelta(days=7)
        if not (case := self.somebody(ended_at__isnull=True, ends_on__lte=soon)):
            return None
        return back_door.give_release_notice(
            case=case, by=self.desk[0], at=self.moment, recipients=Recipients(family="示例亲属")
        )

    def release(self):
        """Through the gate, on the last day or, overstayed, after it."""
        due = {"ended_at__isnull": True, "ends_on__lte": day_of(self.moment)}
        if not (case := self.somebody(**due)):
            return None
        return leaving.release(
            case, by=self.desk[0], second=self.desk[1], at=self.moment, overstayed="交通中断"
        )

    def judge_term(self):
        """What was served of a term waits for a leader; else something is served, or was written down wrongly."""
        ours = TermDecision.objects.filter(case__facility=self.facility).order_by("pk")
        if decision := ours.waiting().first():
            done = {"decision": decision, "by": self.second, "at": self.moment}
            if self.chance.random() < 0.3:
                return term_decisions.return_term_decision(reason="请核对", **done)
            if decision.undo_waits:
                return term_decisions.confirm_term_undoing(**done)
            return term_decisions.confirm_term_decision(**done)
        done = {"by": self.staff.assessor, "at": self.moment}
        wrong = ours.standing().filter(case__ended_at__isnull=True).first()
        if wrong and self.chance.random() < 0.5:
            return term_decisions.propose_term_undoing(decision=wrong, reason="误登记", **done)
        if case := self.inmate():
            number, on = f"示延{self.facility.code}第{self.steps}号", day_of(self.moment)
            paper = served.extension(number, on=on, months=2)
            return term_decisions.propose_term_decision(case=case, paper=paper, **done)
        return None

    def offer(self):
        if not (case := self.somebody()):
            return None
        officer = self.crew.officer(Stage.REENTRY)
        return back_door.offer_agreement(
            case=case, station=self.station, by=officer, at=self.moment
        )

    def some_agreement(self, *status):
        found = Agreement.objects.filter(case__facility=self.facility, status__in=status)
        rows = list(found.select_related("case").order_by("offered_at", "pk"))
        return self.chance.choice(rows) if rows else None

    def agree(self):
        if not (offered := self.some_agreement("offered")):
            return None
        return back_door.sign_agreement(agreement=offered, phone="", by=self.worker, at=self.moment)

    def decline(self):
        if not (offered := self.some_agreement("offered")):
            return None
        return back_door.decline_agreement(agreement=offered, by=self.worker, at=self.moment)

    def renew(self):
        if not (signed := self.some_agreement("signed")):
            return None
        return back_door.renew_agreement(
            agreement=signed, applied_on=day_of(self.moment), by=self.worker, at=self.moment
        )

    def quit(self):
        if not (signed := self.some_agreement("signed", "renewed")) or self.chance.random() < 0.7:
            return None
        return back_door.withdraw_agreement(agreement=signed, by=self.worker, at=self.moment)

    def contact(self):
        if not (signed := self.some_agreement("signed", "renewed")):
            return None
        reached = self.chance.random() < 0.6
        return back_door.record_contact(
            agreement=signed, contacted_at=self.moment, manner=Manner.PHONE, reached=reached,
            note="", next_on=day_of(self.moment) + timedelta(days=20), renewal_discussed=reached,
            by=self.worker, at=self.moment,
        )  # fmt: skip

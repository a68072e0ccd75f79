"""Where every act of the house is tried: a facility, its officers, and people in the states that acts need."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import typst

from aftercare.actions import stations
from aftercare.rules.endings import Answer
from centers.assessment.actions import assessments, told
from centers.states import AssessmentKind, OpinionStatus
from intake.actions import rosters, sheets
from intake.rules.health_sheet import Sheet
from intake.rules.papers import Check
from rehab import clock
from rehab.actions import (
    apart,
    decision_corrections,
    delegations,
    escapes,
    grants,
    lists,
    places,
    provincial,
    term_decisions,
)
from rehab.clock import day_of, standing_at
from rehab.document_kinds import kind
from rehab.ledgers import documents
from rehab.models import Absence, Bed, Case, Division, KeepApart, Role, SecondFactor, Unit, User
from rehab.rules.absences import Comeback
from rehab.selectors.absences import unchecked
from rehab.states import AbsenceKind, Stage
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import centers as centers_make
from tests.factories import decision_corrections as right
from tests.factories import intake as door
from tests.factories import merging as two
from tests.factories import opinions
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.factories import zones as zones_make
from zones import selectors as rooms
from zones.selectors import asks
from zones.selectors import musters as rollcall

NOON, TODAY = make.NOON, make.NOON.date()
LATER = NOON + timedelta(hours=1)
BACK = away.BACK
LAST = leaving.NOON_OF_LAST_DAY
EARLY = make.at(2027, 7, 1)  # past one year of the term
NOTICED = EARLY + opinions.NOTICE  # an opinion of that day has been on its notice
NEXT = date(2028, 1, 1)

POSTS = (
    "clinician", "second_clinician", "educator", "counsellor", "trainer", "assessor",
    "second_assessor", "zone_officer", "zone_leader",
)  # fmt: skip
SHEET = Sheet(
    findings=(Check("体温", "36.5 ℃"),), injuries=(), conclusion="可以执行", escort=None,
    signed_by_person=False,
)  # fmt: skip


def fails(*args: object, **kwargs: object) -> None:
    raise OSError("示例：没有字体")


class Scene:
    """A facility with its officers and three people; whatever a trial does is taken back after it."""

    def __init__(self) -> None:
        self.facility = make.facility(beds=8)
        self.province = self.facility.province
        zones_make.set_rules(self.province)
        self.crew = zones_make.Crew(self.facility).posted()
        self.leader, self.second = self._two("facility_leader")
        self.gate, self.other_gate = self._two("intake_officer")
        self.approver = make.officer("bureau_approver", self.province)
        self.other_approver = make.officer("bureau_approver", self.province)
        self.admin = make.officer("system_admin", self.province)
        self.security = make.officer("security_admin", self.province)
        self.staff = centers_make.Staff(self.facility)
        for post in POSTS:
            getattr(self.staff, post)
        centers_make.rules(self.province, by=self.approver)
        self.panel = opinions.Panel(self.facility)
        self.station = make.station()
        self.worker = make.officer("aftercare_worker", self.station)
        self.case = door.admit(self.arrival(), by=self.gate, second=self.other_gate)
        self.ready = zones_make.ready(self.facility)
        self.other = zones_make.ready(self.facility)
        self.unit = self.crew.unit(Stage.DETOX)
        self.officer = self.crew.officer(Stage.DETOX)
        self.unit_leader = self.crew.leader(Stage.DETOX)
        self.sides = road.Sides(self.facility, make.facility("T92", beds=2)).posted()

    def _two(self, role: str) -> list[Any]:
        return [make.officer(role, self.facility) for _ in range(2)]

    def given(self, act: Callable[..., Any], said: dict[str, Any]) -> dict[str, Any]:
        """What an act is given beside what its line says."""
        known = {
            "case": self.case, "facility": self.facility, "province": self.province, "at": NOON,
            "really_at": clock.real_now(),
        }  # fmt: skip
        asked = inspect.signature(act).parameters
        return {name: value for name, value in known.items() if name in asked} | said

    # People in a state that some act needs ------------------------------------------------------

    def arrival(self) -> Any:
        return door.arrival(self.facility, by=getattr(self, "gate", None))

    def sheet(self) -> Any:
        """What he is told from."""
        return told.tell_person(case=self.case, by=self.officer, at=NOON)

    def escaped(self) -> Absence:
        return away.out(self.case, AbsenceKind.ESCAPE, by=self.gate)

    def returned(self) -> Absence:
        """Back from an escape, of which nothing is proposed."""
        self.escaped()
        return away.back(self.case, by=self.gate)

    def uncounted(self) -> Any:
        return escapes.propose_uncounted(
            absence=self.returned(), proof=away.proof(), by=self.leader, at=BACK
        )

    def confirmed_escape(self) -> Absence:
        return escapes.confirm_uncounted(proposal=self.uncounted(), by=self.second, at=BACK).absence

    def reversal(self) -> Any:
        return escapes.propose_reversal(
            absence=self.confirmed_escape(), reason="误登记", by=self.leader, at=BACK
        )

    def decision(self, paper: Any = None, *, at: datetime = NOON) -> Any:
        return term_decisions.propose_term_decision(
            case=self.case, paper=paper or served.extension(on=TODAY), by=self.staff.assessor, at=at
        )

    def confirmed_decision(self) -> Any:
        return term_decisions.confirm_term_decision(
            decision=self.decision(), by=self.leader, at=NOON
        )

    def undoing(self) -> Any:
        return term_decisions.propose_term_undoing(
            decision=self.confirmed_decision(), reason="误登记", by=self.staff.assessor, at=NOON
        )

    def correction(self) -> Any:
        """The decision was typed with a printed end that is too late, which somebody saw."""
        return decision_corrections.propose_decision_correction(
            case=self.case,
            correction=right.entry(self.case, printed_ends_on=date(2028, 5, 20)),
            by=self.staff.assessor,
            at=NOON,
        )

    def shortened(self) -> Any:
        """An early release that was served in the second year, and waits."""
        paper = served.early(on=day_of(EARLY), ends_on=date(2027, 9, 1))
        with standing_at(EARLY):
            return self.decision(paper, at=EARLY)

    def printed_later(self) -> Case:
        """Somebody whose decision prints a day more than the law gives."""
        return make.case(
            self.facility, decision=make.decision_facts(printed_ends_on=date(2028, 6, 1))
        )

    def on_leave(self) -> Case:
        away.out(self.case, AbsenceKind.MEDICAL_LEAVE, by=self.leader)
        return self.case

    def converting(self, *, sent: bool = False) -> dict[str, Any]:
        self.on_leave()
        (leaving.sent_conversion if sent else leaving.conversion)(self.case, at=BACK)
        return {}

    def answer(self, *, converted: bool) -> Answer:
        why = "" if converted else "病情好转"
        return Answer(
            converted=converted, number="示变〔2026〕1号", decided_on=day_of(BACK), reason=why
        )

    def back_bed(self) -> Any:
        return rooms.return_beds(self.case, on=TODAY).first()

    def proposed(self) -> Any:
        return zones_make.proposed(self.ready, self.crew)

    def in_transit(self) -> Any:
        return zones_make.in_transit(self.ready, self.crew)

    def mustered(self, **changed: Any) -> Any:
        return zones_make.mustered(self.unit, self.officer, **changed)

    def called(self) -> list[str]:
        return [one.token for one in rollcall.expected(self.officer, self.unit, at=NOON)]

    def agreement(self, *, signed: bool = False) -> Any:
        make_it = leaving.signed if signed else leaving.offered
        by = {"by": self.officer} if not signed else {"by": self.worker}
        return make_it(self.case, station=self.station, **by)

    def drafted(self) -> Any:
        centers_make.records_for(self.case, self.staff, AssessmentKind.DETOX, at=NOON)
        return centers_make.draft(self.case, self.staff, AssessmentKind.DETOX, at=NOON)

    def concluded(self) -> Any:
        return assessments.conclude_assessment(
            assessment=self.drafted(), by=self.staff.second_assessor, at=NOON
        )

    def good(self) -> dict[str, Any]:
        """His year is full and was assessed as 良好."""
        with standing_at(EARLY):
            centers_make.assessed(self.case, self.staff, AssessmentKind.ONE_YEAR, at=EARLY)
        return {"at": EARLY}

    def opinion(self, to: OpinionStatus, *, objected: bool = False) -> dict[str, Any]:
        """An opinion on his early release, as far as `to`."""
        self.good()
        with standing_at(EARLY):
            opinions.walked(self.case, self.panel, to, at=EARLY)
            if objected:
                opinions.object_to(self.case, self.panel, at=EARLY)
        return {"at": NOTICED}

    def letter(self) -> Any:
        return documents.make(
            self.case, "rights", "权利义务告知书", kind("rights").sample, by=self.gate, at=NOON
        )

    def full(self) -> Any:
        """A room of the zone of somebody who was held elsewhere, with no bed left."""
        away.out(self.case, AbsenceKind.HELD, by=self.gate)
        Bed.objects.free().filter(room__unit__zone=self.case.zone).update(
            closed_at=BACK, closed_for="检修"
        )
        return rooms.return_rooms(self.case, on=BACK.date()).first()

    def pair(self) -> Any:
        elsewhere = make.facility("T02", province=make.bureau("示例乙省戒毒管理局"))
        return two.two_records(self.facility, elsewhere)

    def roster(self, lines: str) -> Any:
        return door.roster(self.facility, lines.encode(), as_of=TODAY, by=self.gate)

    def imported(self, lines: str) -> Any:
        return rosters.import_roster(roster=self.roster(lines), answers={}, by=self.gate, at=NOON)

    def not_typeset(self) -> dict[str, Any]:
        """He left, and his certificate waits."""
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(typst, "compile", fails)
            leaving.release(self.case, by=self.gate, second=self.other_gate)
        return {}

    def to_be_merged(self) -> dict[str, Any]:
        pair = self.pair()
        return {
            "case": pair.here, "other": pair.elsewhere.person_id, "chosen": None, "reason": "指纹一致",
            "answers": {}, "by": pair.proposer,
        }  # fmt: skip

    def gone(self, kind: AbsenceKind, **changed: Any) -> Comeback:
        """Out, and at the gate again."""
        away.out(self.case, kind, by=self.gate)
        return away.comeback(paper="示例 2 号", **changed)

    def to_be_checked(self) -> dict[str, Any]:
        """Back from court, where nobody looked at him."""
        away.out(self.case, AbsenceKind.COURT, by=self.gate)
        away.back(self.case, by=self.gate, health_checked=False)
        return {"seen": str(unchecked(self.case).pk)}

    def held_back(self) -> dict[str, Any]:
        zones_make.needs_an_assessment(self.facility)
        return {"case": self.ready, "codes": [asks.askable(self.ready, on=TODAY)[0].code]}

    def kept_apart(self) -> Any:
        return apart.keep_apart(
            case=self.case, other=self.other, kind=KeepApart.Kind.CONFLICT,
            distance=KeepApart.Distance.ROOM, reason="有纠纷", until=None, by=self.officer, at=NOON,
        )  # fmt: skip

    def assessable(self) -> dict[str, Any]:
        kind_ = AssessmentKind.DETOX
        centers_make.records_for(self.case, self.staff, kind_, at=NOON)
        return {"kind": kind_, "parts": centers_make.best_parts(self.case, kind_, on=TODAY)}

    def examined(self) -> dict[str, Any]:
        sheets.record_health_sheet(
            case=self.case, sheet=SHEET, checked_at=NOON, by=self.staff.clinician, at=NOON
        )
        return {"by": self.staff.clinician}

    def searched(self) -> dict[str, Any]:
        door.belongings(self.case)
        return {}

    def signed_away(self) -> dict[str, Any]:
        self.agreement(signed=True)
        return {}

    def dead(self) -> dict[str, Any]:
        with standing_at(LAST):
            leaving.death(self.case, by=self.gate)
        return {}

    def revoked(self) -> dict[str, Any]:
        with standing_at(LAST):
            leaving.revocation(self.case, by=self.gate)
        return {}

    # The house itself -----------------------------------------------------------------------

    def role(self, code: str) -> Role:
        return Role.objects.get(pk=code)

    def lent(self) -> Any:
        return delegations.delegate(
            to=self.second, begins_on=TODAY, ends_on=TODAY, by=self.leader, at=NOON
        )

    def granted(self) -> Any:
        until = NOON + timedelta(days=7)
        return grants.grant(user=self.officer, to=self.case, until=until, by=self.admin, at=NOON)

    def saved(self) -> Any:
        return lists.save_list(
            name="示例", path="/cases/", query="", shared=False, by=self.gate, at=NOON
        )

    def empty_unit(self) -> Unit:
        """Where nobody lies or works."""
        return self.facility.units.get(name="康复巩固大队")

    def closed_beds(self) -> Any:
        beds = [make.free_bed(self.unit)]
        return places.close_beds(unit=self.unit, beds=beds, reason="维修", by=self.admin, at=NOON)

    def carrier(self, key: bytes) -> User:
        """An officer who set up a code yesterday."""
        SecondFactor.objects.create(user=self.officer, key=key, used_step=0)
        User.objects.filter(pk=self.officer.pk).update(
            second_factor_at=clock.real_now() - timedelta(days=1)
        )
        return User.objects.with_posting().get(pk=self.officer.pk)

    def worded(self) -> dict[str, Any]:
        wording = replace(kind("rights").wording, heading="本省告知书", mark="省戒告")
        return {
            "code": "rights", "language": "zh", "wording": wording, "effective_from": TODAY,
            "by": self.approver,
        }  # fmt: skip

    def rule(self, **rule: Any) -> Any:
        return provincial.propose_rule(**rule, by=self.approver, at=NOON)

    def spare_station(self, **station: Any) -> Any:
        return stations.open_station(
            **station, division=Division.objects.get(code="110100"), province=self.province,
            by=self.admin, at=NOON,
        )  # fmt: skip

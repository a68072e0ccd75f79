"""Every act of the house, tried once or more in a fitting state: a line each.

A new act that is not tried fails `test_end_moves.py` until it has its line: the act, and what it is given beyond
what everybody is given (`Scene.given`). What must have happened before is done by the line itself.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django_otp.oath import totp

from aftercare.actions import (
    agreements,
    conversions,
    deaths,
    preparations,
    releases,
    revocations,
    stations,
)
from aftercare.rules import Recipients
from aftercare.rules.endings import Bar
from aftercare.rules.preparing import Preparation
from aftercare.states import Manner
from centers import selectors as records
from centers.assessment.actions import (
    assessments,
    conduct,
    objections,
    opinion_answers,
    opinions,
    settings,
    social,
    told,
)
from centers.assessment.rules.telling import Told
from centers.education import actions as education
from centers.medical import actions as medical
from centers.psychology import actions as psychology
from centers.states import AssessmentKind, DetoxCriterion, Need, OpinionStatus, SocialCriterion
from centers.training import actions as training
from intake.actions import admission, completion, corrections, papers, rosters, sheets
from intake.rules.belongings import Register
from intake.rules.family import NoNotice
from intake.rules.grounds import Ground
from intake.selectors import arrivals
from rehab.actions import (
    absences,
    access,
    accounts,
    apart,
    cases,
    decision_corrections,
    delegations,
    escapes,
    factors,
    grants,
    lists,
    merging,
    persons,
    places,
    postings,
    provincial,
    reading,
    roles,
    serving,
    term_decisions,
    term_ends,
)
from rehab.actions import papers as printing
from rehab.actions.accounts import AccountFacts
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.clock import day_of
from rehab.models import Division, KeepApart, Notice, ServiceOfDocument, Station, User
from rehab.states import AbsenceKind, Sex, Stage
from tests.factories import absences as away
from tests.factories import aftercare as leaving
from tests.factories import centers as centers_make
from tests.factories import decision_corrections as right
from tests.factories import intake as door
from tests.factories import merging as two
from tests.factories import opinions as opinions_make
from tests.factories import rehab as make
from tests.factories import term_decisions as served
from tests.factories import transfers as road
from tests.flows.scene import BACK, EARLY, LAST, LATER, NEXT, NOON, NOTICED, SHEET, TODAY, Scene
from zones import selectors as rooms
from zones.actions import absences as gate
from zones.actions import asks, beds, leaves, moves, musters, outings, stage_rules, transfers, units
from zones.actions import endings as move_ends
from zones.actions import papers as handover
from zones.actions import transfer_arrivals as arrivals_of
from zones.actions import transfer_endings as transfer_ends
from zones.states import BedGround, ToldBy, TransferGround

EDUCATED = make.at(2026, 12, 7)
TOLD = Told(told_at=NOON, language="zh")
MONTH, AFTER = date(2026, 11, 1), make.at(2026, 12, 2)
MOTHER = Preparation(fetched_by="relative", who="示例母亲")
KEY, SECRET = b"12345678901234567890", "示例一次性-仅测试"
RULE = {
    "code": "contact", "effective_from": date(2026, 12, 1), "values": {"interval_days": 20},
    "document_number": "",
}  # fmt: skip
STATION = {"name": "示例指导站", "level": Station.Level.GUIDANCE, "parent": None, "phone": ""}
ROSTER = (
    "姓名,性别,出生日期,公民身份号码,强制隔离戒毒决定书文号,决定日期,强制隔离戒毒起止日期,"
    "移交日期,健康状况,决定机关,家属姓名\n"
    "示例撤一,男,1990-01-01,,示公（禁）强戒决字〔2026〕50001号,"
    "2026-06-01,2026-06-01至2028-05-31,2026-11-21,健康,示例市公安局,示例亲属"
)


def code_now() -> str:
    return f"{totp(KEY):06d}"


Given = Callable[[Scene], dict[str, Any]]


def withdrawn(name: str, proposal: Any, proposer: User, **more: Any) -> dict[str, Any]:
    """Taken back by who made it."""
    return {name: proposal, "reason": "有误", "by": proposer, **more}


REHAB: list[tuple[Any, Given]] = [
    (absences.record_departure, lambda s: {"departure": away.departure(AbsenceKind.HOSPITAL), "by": s.gate}),
    (absences.record_return, lambda s: {"back": s.gone(AbsenceKind.COURT), "bed": None, "by": s.gate, "at": BACK}),
    (absences.record_return_check, lambda s: (
        s.to_be_checked() | {"findings": "未见异常", "by": s.staff.clinician, "at": BACK}
    )),
    (access.open_sealed, lambda s: {"field": "decision", "purpose": "核对", "by": s.gate}),
    (access.record_taking, lambda s: (
        {"title": "在所人员", "address": "/cases/", "way": "xlsx", "rows": 7, "by": s.gate}
    )),
    (apart.keep_apart, lambda s: (
        {"other": s.other, "kind": KeepApart.Kind.CONFLICT, "distance": "room", "reason": "有纠纷",
        "until": None, "by": s.officer}
    )),
    (apart.end_keeping_apart, lambda s: (
        {"record": s.kept_apart(), "reason": "已和解", "by": s.unit_leader, "at": LATER}
    )),
    (cases.grant_medical_leave, lambda s: {"approval": "示戒批〔2026〕1号", "by": s.leader}),
    (cases.end_medical_leave, lambda s: {"case": s.on_leave(), "bed": s.back_bed(), "by": s.leader, "at": BACK}),
    (escapes.propose_uncounted, lambda s: (
        {"absence": s.returned(), "proof": away.proof(), "by": s.leader, "at": BACK}
    )),
    (escapes.confirm_uncounted, lambda s: {"proposal": s.uncounted(), "by": s.second, "at": BACK}),
    (escapes.propose_reversal, lambda s: (
        {"absence": s.confirmed_escape(), "reason": "误登记", "by": s.leader, "at": BACK}
    )),
    (escapes.confirm_reversal, lambda s: {"proposal": s.reversal(), "by": s.second, "at": BACK}),
    (escapes.return_proposal, lambda s: (
        {"proposal": s.uncounted(), "reason": "请核对", "by": s.second, "at": BACK}
    )),
    (escapes.return_proposal, lambda s: {"proposal": s.reversal(), "reason": "请核对", "by": s.second, "at": BACK}),
    (escapes.withdraw_proposal, lambda s: withdrawn("proposal", one := s.uncounted(), one.proposed_by, at=BACK)),
    (escapes.withdraw_proposal, lambda s: withdrawn("proposal", one := s.reversal(), one.proposed_by, at=BACK)),
    (merging.propose_merge, lambda s: s.to_be_merged()),
    (merging.confirm_merge, lambda s: {"merge": two.propose(pair := s.pair()), "by": pair.leader, "at": LATER}),
    (merging.foresee_merge, lambda s: {"merge": two.propose(s.pair())}),
    (merging.return_merge, lambda s: (
        {"merge": two.propose(pair := s.pair()), "reason": "请核对", "by": pair.leader}
    )),
    (merging.withdraw_merge, lambda s: {"merge": two.propose(pair := s.pair()), "by": pair.proposer}),
    (merging.undo_merge, lambda s: (
        {"merge": two.merged(pair := s.pair()), "later": {}, "reason": "不是同一人", "by": pair.leader,
        "at": LATER}
    )),
    (persons.correct_particulars, lambda s: (
        {"corrected": {"ethnicity": "回族"}, "reason": "核对户口簿", "bed": None, "by": s.gate, "at": LATER}
    )),
    (serving.serve_document, lambda s: (
        {"document": s.letter(), "recipient": ServiceOfDocument.Recipient.FAMILY, "received_by": "示例姐",
        "manner": ServiceOfDocument.Manner.IN_PERSON, "served_at": NOON, "by": s.gate}
    )),
    (printing.print_documents, lambda s: {"documents": [s.letter()], "by": s.gate}),
    (printing.record_opening, lambda s: {"document": s.letter(), "by": s.gate}),
    (term_decisions.propose_term_decision, lambda s: {"paper": served.extension(on=TODAY), "by": s.staff.assessor}),
    (term_decisions.confirm_term_decision, lambda s: {"decision": s.decision(), "by": s.leader}),
    (term_decisions.confirm_term_decision, lambda s: {"decision": s.shortened(), "by": s.leader, "at": EARLY}),
    (term_decisions.return_term_decision, lambda s: {"decision": s.decision(), "reason": "请核对", "by": s.leader}),
    (term_decisions.return_term_decision, lambda s: {"decision": s.undoing(), "reason": "请核对", "by": s.leader}),
    (term_decisions.withdraw_term_decision, lambda s: withdrawn("decision", one := s.decision(), one.proposed_by)),
    (term_decisions.withdraw_term_decision, lambda s: withdrawn("decision", one := s.undoing(), one.undo_proposed_by)),
    (term_decisions.propose_term_undoing, lambda s: (
        {"decision": s.confirmed_decision(), "reason": "误登记", "by": s.staff.assessor}
    )),
    (decision_corrections.propose_decision_correction, lambda s: (
        {"correction": right.entry(s.case, printed_ends_on=date(2028, 5, 20)), "by": s.staff.assessor}
    )),
    (decision_corrections.confirm_decision_correction, lambda s: {"correction": s.correction(), "by": s.leader}),
    (decision_corrections.return_decision_correction, lambda s: (
        {"correction": s.correction(), "reason": "请核对", "by": s.leader}
    )),
    (term_decisions.confirm_term_undoing, lambda s: {"decision": s.undoing(), "by": s.leader}),
]  # fmt: skip

HOUSE: list[tuple[Any, Given]] = [
    (accounts.open_account, lambda s: (
        {"facts": AccountFacts("lisi", "李示例", Sex.MALE, "示例007", "lisi@example.invalid"),
        "role": s.role("trainer"), "place": s.facility, "secret": SECRET, "by": s.admin}
    )),
    (accounts.lock_account, lambda s: {"user": s.officer, "by": s.admin}),
    (accounts.unlock_account, lambda s: (
        {"user": accounts.lock_account(user=s.officer, by=s.admin, at=NOON), "by": s.admin}
    )),
    (accounts.reset_secret, lambda s: {"user": s.officer, "secret": SECRET, "by": s.security}),
    (accounts.change_password, lambda s: {"user": s.officer, "password": "示例-自己的密码-88"}),
    (delegations.delegate, lambda s: (
        {"to": s.second, "begins_on": TODAY, "ends_on": date(2026, 11, 25), "by": s.leader}
    )),
    (delegations.end_delegation, lambda s: {"delegation": s.lent(), "by": s.leader}),
    (factors.set_up_factor, lambda s: {"user": s.officer, "key": KEY, "code": code_now()}),
    (factors.use_code, lambda s: {"user": s.carrier(KEY), "code": code_now()}),
    (factors.reset_factor, lambda s: {"user": s.carrier(KEY), "secret": SECRET, "by": s.security}),
    (grants.grant, lambda s: {"user": s.officer, "to": s.case, "until": NOON + timedelta(days=7), "by": s.admin}),
    (grants.end_grant, lambda s: {"granted": s.granted(), "by": s.admin, "at": LATER}),
    (lists.save_list, lambda s: {"name": "示例", "path": "/cases/", "query": "", "shared": False, "by": s.gate}),
    (lists.drop_list, lambda s: {"saved": s.saved(), "by": s.gate}),
    (places.open_unit, lambda s: (
        {"plan": UnitPlan("六大队", Stage.REENTRY, [RoomPlan("男区1", Sex.MALE, 6)]), "by": s.admin}
    )),
    (places.open_squad, lambda s: {"brigade": s.unit, "name": "一中队", "by": s.admin}),
    (places.close_unit, lambda s: {"unit": s.empty_unit(), "by": s.admin}),
    (units.close_unit, lambda s: {"unit": s.empty_unit(), "by": s.admin}),
    (places.add_rooms, lambda s: {"unit": s.unit, "rooms": [RoomPlan("男区2", Sex.MALE, 4)], "by": s.admin}),
    (places.add_beds, lambda s: {"room": s.unit.rooms.first(), "number": 2, "by": s.admin}),
    (places.open_extra_bed, lambda s: {"room": s.unit.rooms.first(), "by": s.gate}),
    (places.close_beds, lambda s: (
        {"unit": s.unit, "beds": [make.free_bed(s.unit)], "reason": "维修", "by": s.admin}
    )),
    (places.reopen_beds, lambda s: {"unit": s.unit, "beds": s.closed_beds(), "by": s.admin}),
    (postings.post, lambda s: (
        {"user": s.officer, "role": s.role("trainer"), "place": s.facility, "by": s.admin, "at": LATER}
    )),
    (postings.appoint, lambda s: (
        {"users": [s.officer], "role": s.role("clinician"), "place": s.facility, "starts_at": NOON,
        "by": s.admin}
    )),
    (postings.end_posting, lambda s: {"user": s.officer, "by": s.admin}),
    (printing.set_document_wording, lambda s: s.worded()),
    (printing.confirm_document_wording, lambda s: (
        {"row": printing.set_document_wording(**s.worded(), province=s.province, at=NOON),
        "by": s.other_approver}
    )),
    (provincial.propose_rule, lambda s: RULE | {"by": s.approver}),
    (provincial.confirm_rule, lambda s: {"proposal": s.rule(**RULE), "by": s.other_approver}),
    (provincial.return_rule, lambda s: {"proposal": s.rule(**RULE), "reason": "请核对", "by": s.other_approver}),
    (provincial.withdraw_rule, lambda s: {"proposal": s.rule(**RULE), "by": s.approver}),
    (reading.mark_read, lambda s: {"notices": Notice.objects.all()[:1], "by": s.officer}),
    (roles.add_role, lambda s: (
        {"code": "night_officer", "display_name": "夜班民警", "description": "示例", "reach": "unit",
        "permissions": ["case.view"], "by": s.security}
    )),
    (roles.shape_role, lambda s: (
        {"role": s.role("trainer"), "display_name": "康复师", "description": "示例",
        "permissions": ["case.view"], "by": s.security}
    )),
    (settings.set_assessment_rule, lambda s: (
        {"kind": AssessmentKind.ONE_YEAR, "needs": (Need.DETOX,), "effective_from": NEXT, "by": s.approver}
    )),
    (settings.set_opinion_rule, lambda s: (
        {"effective_from": NEXT, "notice_days": 7, "review_days": 5, "by": s.approver}
    )),
    (stage_rules.set_stage_rule, lambda s: (
        {"stage": Stage.DETOX, "effective_from": NEXT, "minimum_days": 7, "target_days": 15, "maximum_days": 30,
        "needs_assessment": None, "by": s.approver}
    )),
    (term_ends.ask_about_end, lambda s: {"case": s.printed_later(), "by": s.gate}),
    (term_ends.recheck_alarms, lambda s: {}),
    (term_ends.set_end_convention, lambda s: {"effective_from": NEXT, "prints": ["anniversary"], "by": s.approver}),
    (agreements.set_contact_rule, lambda s: {"effective_from": NEXT, "interval_days": 20, "by": s.approver}),
    (stations.open_station, lambda s: STATION | {"division": Division.objects.get(code="110100"), "by": s.admin}),
    (stations.close_station, lambda s: {"station": s.spare_station(**STATION), "by": s.admin}),
]  # fmt: skip

CENTERS: list[tuple[Any, Given]] = [
    (assessments.draft_assessment, lambda s: s.assessable() | {"by": s.staff.assessor}),
    (assessments.conclude_assessment, lambda s: {"assessment": s.drafted(), "by": s.staff.second_assessor}),
    (assessments.return_assessment, lambda s: (
        {"assessment": s.drafted(), "reason": "请补", "by": s.staff.second_assessor}
    )),
    (assessments.correct_assessment, lambda s: (
        {"assessment": s.concluded(), "parts": records.allowed_parts(s.case, AssessmentKind.DETOX, on=TODAY),
        "why": "有误", "by": s.staff.assessor}
    )),
    (conduct.mark_conduct, lambda s: (
        {"marks": [conduct.MonthMark(s.case, MONTH, 80)], "by": s.staff.zone_officer, "at": AFTER}
    )),
    (conduct.confirm_conduct, lambda s: (
        {"months": centers_make.conduct(s.case, s.staff, [MONTH], confirmed=False, at=AFTER),
        "by": s.staff.zone_leader, "at": AFTER}
    )),
    (social.record_social_form, lambda s: {"met": dict.fromkeys(SocialCriterion.values, True), "by": s.officer}),
    (told.tell_person, lambda s: {"by": s.officer}),
    (told.tell_people, lambda s: {"people": [s.case, s.other], "by": s.officer}),
    (told.record_telling, lambda s: {"sheet": s.sheet(), "told": TOLD, "by": s.officer}),
    (told.record_telling, lambda s: {"sheet": s.sheet(), "told": TOLD, "scan": door.A_PHOTO, "by": s.officer}),
    (told.record_tellings, lambda s: {"people": [s.sheet().case], "told_at": NOON, "by": s.officer}),
    (told.add_telling_scan, lambda s: (
        {"telling": centers_make.told(s.case, s.officer, at=NOON), "scan": door.A_PHOTO, "by": s.officer}
    )),
    (told.withdraw_telling, lambda s: (
        {"telling": centers_make.told(s.case, s.officer, at=NOON), "reason": "登记错了人", "by": s.officer}
    )),
    (opinions.propose_opinion, lambda s: (
        s.good() | {"kind": opinions_make.EARLY, "months": 3, "grounds": "示例理由", "by": s.panel.proposer}
    )),
    (opinions.discuss_opinion, lambda s: (
        s.opinion(OpinionStatus.PROPOSED) | {"discussion": opinions_make.discussion(s.panel, on=day_of(NOTICED)),
        "by": s.panel.second}
    )),
    (objections.lodge_objection, lambda s: (
        s.opinion(OpinionStatus.NOTICED) | {"words": "示例异议", "lodged_at": EARLY, "by": s.panel.zone_officer}
    )),
    (objections.review_objection, lambda s: (
        s.opinion(OpinionStatus.NOTICED, objected=True) | {"seen": opinions_make.first_objection(s.case),
        "upheld": True, "findings": "属实", "by": s.panel.reviewer}
    )),
    (opinions.sign_opinion, lambda s: s.opinion(OpinionStatus.NOTICED) | {"by": s.leader}),
    (opinions.decline_opinion, lambda s: s.opinion(OpinionStatus.NOTICED) | {"reason": "缓提", "by": s.leader}),
    (opinions.withdraw_opinion, lambda s: s.opinion(OpinionStatus.SIGNED) | {"reason": "缓提", "by": s.leader}),
    (opinion_answers.send_opinion, lambda s: (
        s.opinion(OpinionStatus.SIGNED) | {"sent_on": day_of(NOTICED), "by": s.panel.second}
    )),
    (opinion_answers.receive_opinion, lambda s: (
        s.opinion(OpinionStatus.SENT) | {"received_on": day_of(NOTICED), "receipt": "示例", "by": s.panel.second}
    )),
    (opinion_answers.record_opinion_answer, lambda s: (
        s.opinion(OpinionStatus.RECEIVED)
        | {"answer": opinions_make.answer(opinions_make.EARLY, on=day_of(NOTICED)), "by": s.panel.second}
    )),
    (opinion_answers.undo_opinion_record, lambda s: (
        s.opinion(OpinionStatus.APPROVED) | {"reason": "误登记", "by": s.leader}
    )),
    (education.record_entry_education, lambda s: (
        {"case": s.ready, "started_on": day_of(s.ready.entered_at), "ended_on": EDUCATED.date(), "hours": 48,
        "result": "pass", "by": s.staff.educator, "at": EDUCATED}
    )),
    (medical.record_drug_test, lambda s: (
        {"sample": "hair", "tested_at": NOON, "result": "negative", "second": s.staff.second_clinician,
        "by": s.staff.clinician}
    )),
    (medical.conclude_detox, lambda s: (
        {"met": dict.fromkeys(DetoxCriterion.values, False), "by": s.staff.clinician}
    )),
    (psychology.screen, lambda s: {"scale": "phq9", "answers": [0] * 9, "by": s.staff.counsellor}),
    (psychology.open_screening, lambda s: (
        {"screening": centers_make.screening(s.case, s.staff, at=NOON), "purpose": "随访",
        "by": s.staff.counsellor}
    )),
    (training.record_fitness_test, lambda s: (
        {"tested_on": TODAY, "cleared": True, "values": centers_make.MEASURED, "result": "pass",
        "by": s.staff.trainer}
    )),
]  # fmt: skip

ZONES: list[tuple[Any, Given]] = [
    (gate.leave_facility, lambda s: {"departure": away.departure(AbsenceKind.ESCAPE), "by": s.gate}),
    (gate.leave_facility, lambda s: {"departure": away.departure(AbsenceKind.HELD), "by": s.gate}),
    (gate.come_back, lambda s: {"back": s.gone(AbsenceKind.HELD), "bed": s.back_bed(), "by": s.gate, "at": BACK}),
    (gate.come_back, lambda s: (
        {"back": s.gone(AbsenceKind.ESCAPE, proof=away.proof()), "bed": s.back_bed(), "by": s.gate, "at": BACK}
    )),
    (gate.come_back_to_extra_bed, lambda s: {"room": s.full(), "back": away.comeback(), "by": s.gate, "at": BACK}),
    (asks.ask_for_conditions, lambda s: s.held_back() | {"by": s.officer}),
    (beds.change_bed, lambda s: (
        {"bed": rooms.other_beds(s.case, on=TODAY)[0], "ground": BedGround.OTHER, "reason": "与同室不和",
        "by": s.leader}
    )),
    (gate.leave_facility, lambda s: (
        {"case": away.approved_outing(s.case).case, "departure": away.departure(AbsenceKind.HOME_VISIT), "by": s.gate}
    )),
    (outings.propose_outing, lambda s: {"request": away.outing_request(), "by": s.officer}),
    (outings.approve_outing, lambda s: {"seen": str(away.outing(s.case).pk), "by": s.leader}),
    (outings.return_outing, lambda s: {"seen": str(away.outing(s.case).pk), "reason": "材料不实", "by": s.leader}),
    (outings.withdraw_outing, lambda s: (
        {"seen": str(away.approved_outing(s.case).pk), "reason": "不再需要", "by": s.officer}
    )),
    (leaves.grant_leave, lambda s: {"approval": "示戒批〔2026〕1号", "by": s.leader}),
    (leaves.end_leave, lambda s: {"case": s.on_leave(), "bed": s.back_bed(), "by": s.leader, "at": BACK}),
    (moves.propose_zone_move, lambda s: (
        {"case": s.ready, "to_unit": s.crew.unit(Stage.ADAPTATION), "by": s.officer}
    )),
    (moves.propose_zone_moves, lambda s: (
        {"cases": [s.ready], "to_unit": s.crew.unit(Stage.ADAPTATION), "by": s.officer}
    )),
    (moves.approve_zone_move, lambda s: {"move": s.proposed(), "bed": None, "by": s.unit_leader, "at": LATER}),
    (moves.approve_zone_moves, lambda s: {"moves": [s.proposed()], "by": s.unit_leader, "at": LATER}),
    (moves.receive_zone_move, lambda s: (
        {"move": s.in_transit(), "by": s.crew.officer(Stage.ADAPTATION), "at": LATER}
    )),
    (moves.receive_zone_moves, lambda s: (
        {"moves": [s.in_transit()], "by": s.crew.officer(Stage.ADAPTATION), "at": LATER}
    )),
    (move_ends.return_zone_move, lambda s: (
        {"move": s.in_transit(), "reason": "缓转", "by": s.crew.officer(Stage.ADAPTATION), "at": LATER}
    )),
    (move_ends.withdraw_zone_move, lambda s: {"move": s.proposed(), "by": s.officer, "at": LATER}),
    (musters.record_muster, lambda s: (
        {"unit": s.unit, "kind": "morning", "absences": {}, "seen": s.called(), "reason": "", "by": s.officer}
    )),
    (musters.correct_muster, lambda s: (
        {"muster": s.mustered(), "absences": {s.case.pk: musters.Missing("unknown")}, "reason": "更正",
        "by": s.officer, "at": LATER}
    )),
    (handover.make_handover_sheets, lambda s: {"moves": [s.in_transit()], "by": s.officer, "at": LATER}),
    (transfers.propose_transfer, lambda s: (
        {"to_facility": s.sides.receiver, "ground": TransferGround.NEARNESS, "note": "", "planned_on": TODAY,
        "by": s.officer}
    )),
    (transfers.approve_transfer, lambda s: {"transfer": road.proposed(s.case, s.sides), "by": s.leader}),
    (transfers.hand_over, lambda s: (
        {"transfer": road.approved(s.case, s.sides), "handover": road.handover(), "by": s.gate, "at": LATER}
    )),
    (arrivals_of.receive_transfer, lambda s: (
        {"transfer": road.departed(s.case, s.sides), "bed": road.bed_at(s.sides.receiver),
        "reception": road.reception(), "by": s.sides.there, "at": LATER}
    )),
    (arrivals_of.take_back, lambda s: (
        {"transfer": road.departed(s.case, s.sides), "bed": s.back_bed(), "reception": road.reception(),
        "by": s.gate, "at": LATER}
    )),
    (arrivals_of.arrive_at_extra_bed, lambda s: (
        {"transfer": road.departed(s.case, s.sides), "room": road.full(s.sides.receiver),
        "reception": road.reception(), "by": s.sides.there, "at": LATER}
    )),
    (transfers.tell_family, lambda s: (
        {"transfer": road.received(s.case, s.sides), "who": "母亲", "means": ToldBy.PHONE, "by": s.sides.there,
        "at": LATER}
    )),
    (transfers.alarm_receivers, lambda s: (
        road.departed(s.case, s.sides) and {"facility": s.sides.receiver, "at": BACK}
    )),
    (transfer_ends.return_transfer, lambda s: (
        {"transfer": road.departed(s.case, s.sides), "reason": "示例", "by": s.sides.there, "at": LATER}
    )),
    (transfer_ends.withdraw_transfer, lambda s: (
        {"transfer": road.approved(s.case, s.sides), "reason": "示例", "by": s.gate, "at": LATER}
    )),
]  # fmt: skip

INTAKE: list[tuple[Any, Given]] = [
    (admission.admit, lambda s: (
        {"arrival": (one := s.arrival()), "papers": arrivals.papers_of(one), "checks": door.ALL_DONE,
        "searchers": [s.gate, s.other_gate], "bed": make.free_bed(s.unit), "known_person": None, "answers": {},
        "by": s.gate}
    )),
    (admission.open_admission, lambda s: {"arrival": s.arrival(), "by": s.gate}),
    (admission.defer_arrival, lambda s: {"arrival": s.arrival(), "reason": "缺决定书", "by": s.gate}),
    (admission.refuse_arrival, lambda s: (
        {"arrival": s.arrival(), "grounds": [Ground.NO_DECISION], "explanation": "", "by": s.gate}
    )),
    (completion.complete_item, lambda s: {"duty": "entry_register", "note": "", "done_at": NOON, "by": s.gate}),
    (completion.give_rights_notice, lambda s: {"note": "", "done_at": NOON, "by": s.officer}),
    (completion.send_family_notice, lambda s: (
        {"recipient": "示例亲属", "manner": "挂号信", "proof": "示例 1", "done_at": NOON, "by": s.gate}
    )),
    (completion.explain_no_family_notice, lambda s: (
        {"ground": NoNotice.NO_FAMILY, "reason": "无人可以联系", "confirmed_by": s.other_gate, "done_at": NOON,
        "by": s.gate}
    )),
    (corrections.correct_health_sheet, lambda s: (
        s.examined() | {"sheet": SHEET, "checked_at": NOON, "opened": 1, "why": "体温填错", "at": LATER}
    )),
    (corrections.correct_belongings, lambda s: (
        s.searched() | {"register": Register(items=(), nothing=True), "registered_at": NOON, "opened": 1,
        "why": "多登一件", "second": s.other_gate, "by": s.gate, "at": LATER}
    )),
    (papers.prepare_admission_papers, lambda s: {"language": "zh", "by": s.gate}),
    (rosters.upload_roster, lambda s: (
        {"content": ROSTER.encode(), "file_name": "名册.csv", "as_of": TODAY, "by": s.gate}
    )),
    (rosters.import_roster, lambda s: {"roster": s.roster(ROSTER), "answers": {}, "by": s.gate}),
    (rosters.withdraw_roster, lambda s: {"roster": s.imported(ROSTER), "reason": "送错了单位", "by": s.gate}),
    (rosters.register_arrival, lambda s: {"papers": door.papers(), "by": s.gate}),
    (sheets.record_health_sheet, lambda s: {"sheet": SHEET, "checked_at": NOON, "by": s.staff.clinician}),
    (sheets.register_belongings, lambda s: (
        {"register": Register(items=(), nothing=True), "registered_at": NOON, "by": s.gate}
    )),
    (sheets.hand_back_belongings, lambda s: s.searched() | {"by": s.gate, "at": LATER}),
]  # fmt: skip

AFTERCARE: list[tuple[Any, Given]] = [
    (agreements.offer_agreement, lambda s: {"station": s.station, "by": s.officer}),
    (agreements.sign_agreement, lambda s: {"agreement": s.agreement(), "phone": "", "by": s.worker}),
    (agreements.decline_agreement, lambda s: {"agreement": s.agreement(), "by": s.worker}),
    (agreements.renew_agreement, lambda s: (
        {"agreement": s.agreement(signed=True), "applied_on": date(2027, 11, 10), "by": s.worker,
        "at": make.at(2027, 11, 10)}
    )),
    (agreements.withdraw_agreement, lambda s: {"agreement": s.agreement(signed=True), "by": s.worker}),
    (agreements.record_contact, lambda s: (
        {"agreement": s.agreement(signed=True), "contacted_at": NOON, "manner": Manner.PHONE, "reached": True,
        "note": "", "next_on": date(2026, 12, 20), "renewal_discussed": False, "by": s.worker}
    )),
    (agreements.end_lapsed_agreements, lambda s: s.signed_away() | {"at": make.at(2028, 3, 1)}),
    (conversions.propose_conversion, lambda s: (
        {"case": s.on_leave(), "grounds": "示例病情", "diagnosed_by": "示例医院", "by": s.staff.clinician,
        "at": BACK}
    )),
    (conversions.propose_conversion, lambda s: (
        {"case": make.case(s.facility, person=make.person_facts(sex=Sex.FEMALE)), "grounds": "示例检查",
        "diagnosed_by": "示例医院", "by": s.staff.clinician,
        "bar": Bar(what="pregnant", found_at=BACK), "at": BACK}
    )),
    (conversions.send_conversion, lambda s: (
        s.converting() | {"received_on": day_of(BACK), "receipt": "示例签收人", "by": s.leader, "at": BACK}
    )),
    (conversions.record_conversion_answer, lambda s: (
        s.converting(sent=True) | {"answer": s.answer(converted=True), "by": s.gate,
        "at": BACK}
    )),
    (conversions.record_conversion_answer, lambda s: (
        s.converting(sent=True) | {"answer": s.answer(converted=False),
        "by": s.gate, "at": BACK}
    )),
    (conversions.withdraw_conversion, lambda s: (
        s.converting(sent=True) | {"reason": "病愈", "by": s.leader, "at": BACK}
    )),
    (deaths.record_death, lambda s: {"facts": leaving.death_facts(), "by": s.gate, "at": LAST}),
    (deaths.record_told_of_death, lambda s: s.dead() | {"told": leaving.told(), "by": s.gate, "at": LAST}),
    (deaths.confirm_death, lambda s: s.dead() | {"by": s.leader, "at": LAST}),
    (deaths.withdraw_death, lambda s: s.dead() | {"reason": "误登记", "by": s.gate, "at": LAST}),
    (preparations.prepare_release, lambda s: {"preparation": MOTHER, "by": s.officer, "at": LAST}),
    (releases.give_release_notice, lambda s: (
        {"recipients": Recipients(family="示例亲属"), "by": s.gate, "at": make.at(2028, 5, 28)}
    )),
    (releases.release, lambda s: (
        {"gate": leaving.papers(s.case), "second_officer": s.other_gate, "answers": {}, "by": s.gate,
        "at": LAST}
    )),
    (releases.print_certificate, lambda s: s.not_typeset() | {"by": s.gate, "at": LAST + timedelta(days=2)}),
    (revocations.record_revocation, lambda s: {"facts": leaving.revocation_facts(), "by": s.gate, "at": LAST}),
    (revocations.let_go, lambda s: s.revoked() | {"answers": {}, "by": s.leader, "at": LAST}),
    (revocations.withdraw_revocation, lambda s: s.revoked() | {"reason": "误登记", "by": s.leader, "at": LAST}),
]  # fmt: skip

TRIED = [*REHAB, *HOUSE, *CENTERS, *ZONES, *INTAKE, *AFTERCARE]

"""经过 in words: what a line of the timeline says of an event, from its codes and what was written in answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from aftercare.states import DeathAudience, FetchedBy, Means, WayHome
from centers.states import AssessmentKind, Grade, Need, TellingManner
from intake.rules import completion
from rehab.actions.access import SEALED
from rehab.document_kinds import kind
from rehab.ledgers.changes import CHANGES
from rehab.ledgers.wordings import LANGUAGES
from rehab.models import Event, Unit, User
from rehab.models import ServiceOfDocument as Service
from rehab.permissions import Permission
from rehab.states import AbsenceKind, CorrectionCause, TermDecisionKind
from reporting.alterations import LABELS
from zones.states import MusterKind, NotThere, ToldBy, TransferGround

K = Event.Kind
Facts = Mapping[str, Any]
MOVES = frozenset(
    {
        K.ZONE_MOVE_PROPOSED, K.ZONE_MOVE_APPROVED, K.ZONE_MOVE_RECEIVED, K.ZONE_MOVE_RETURNED,
        K.ZONE_MOVE_WITHDRAWN,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Saying:
    """A line of 经过."""

    at: datetime
    kind: str
    text: str
    by: str
    time_unknown: bool


def said(events: Sequence[Event], user: User) -> list[Saying]:
    """The lines of a case, in the order given; the units of its moves are asked for once."""
    units, struck = _units(events), _taken_back(events)
    return [
        Saying(
            at=event.happened_at,
            kind=event.get_kind_display(),
            text=_text(event, units, user) + ("（登记已撤销）" if event.pk in struck else ""),
            by=event.by.display_name if event.by else "系统",
            time_unknown=not event.time_known,
        )
        for event in events
    ]


def _taken_back(events: Sequence[Event]) -> set[UUID]:
    """Escapes that were none, and with each the end of the time out from which it was said to be."""
    reversals = {one.corrects_id for one in events if one.kind == K.ESCAPE_REVERSED}
    escapes = [one for one in events if one.pk in reversals]
    moments = {one.happened_at for one in escapes}
    return {one.pk for one in escapes} | {
        one.pk for one in events if one.kind == K.RAN_FROM and one.happened_at in moments
    }


def _units(events: Iterable[Event]) -> dict[str, str]:
    """教育适应区（二大队） by key, of all units that a move of these events names."""
    keys = {
        event.facts[side]
        for event in events
        if event.kind in MOVES
        for side in ("from_unit", "to_unit")
    }
    if not keys:
        return {}
    found = Unit.objects.filter(pk__in=keys).select_related("zone", "parent__zone")
    return {str(unit.pk): _zone_and_unit(unit) for unit in found}


def _zone_and_unit(unit: Unit) -> str:
    brigade = unit.parent or unit
    return f"{brigade.zone.name if brigade.zone else ''}（{unit.name}）"


def _text(event: Event, units: Mapping[str, str], user: User) -> str:
    if event.kind in MOVES:
        return f"{units[event.facts['from_unit']]} → {units[event.facts['to_unit']]}"
    if event.kind in (K.CONDUCT_MARKED, K.ASSESSMENT_CONCLUDED):
        return _graded(event, user)
    words = WORDS.get(K(event.kind))
    return words({**event.facts, **(event.words or {})}) if words else ""


def _graded(event: Event, user: User) -> str:
    """A mark or a result is read by those who may open it; everybody else reads that it was given."""
    facts = event.facts
    if event.kind == K.CONDUCT_MARKED:
        mark = f" {facts['mark']} 分" if user.may(Permission.CONDUCT_VIEW) else ""
        return f"{facts['month']} 月考核{mark}"
    kind = AssessmentKind(facts["assessed"]).label
    if not user.may(Permission.ASSESSMENT_VIEW):
        return kind
    return f"{kind}：{Grade(facts['result']).label}"


def _served(facts: Facts) -> str:
    to, how = Service.Recipient(facts["recipient"]).label, Service.Manner(facts["manner"]).label
    return f"{kind(facts['template']).title} · {to} · {how}"


def _which_stay(facts: Facts) -> str:
    if not facts.get("returning"):
        return "首次收治"
    return f"第 {facts['stay']} 次收治" if facts.get("stay") else "再次收治"


def asked_for(code: str) -> str:
    """What another post was asked to bring, by the code of the condition."""
    return Need(code).label if code in Need.values else ASKED.get(code, "")


def _decided(facts: Facts) -> str:
    return TermDecisionKind(facts["decided"]).label


def _opinion(facts: Facts) -> str:
    return f"{TermDecisionKind(facts['of']).label}意见"


def _told(facts: Facts) -> str:
    signed = "本人已签名" if facts["signed"] else "本人拒绝签名"
    return f"{LANGUAGES[facts['language']]}，{TellingManner(facts['manner']).label}，{signed}"


def _grade(facts: Facts) -> str:
    return Grade(facts["result"]).label


def _answered(facts: Facts) -> str:
    why = NotThere(facts["reason"]).label if facts["reason"] else "在场"
    return f"{MusterKind(facts['roll']).label}：{why}"


ASKED = {"assessment": "阶段性评估", "days": "在区天数的规则", "rule": "评估规则"}

WORDS: Mapping[Event.Kind, Callable[[Facts], str]] = {
    K.ADMITTED: _which_stay,
    K.COMPLETED: lambda facts: completion.duty(facts["duty"]).label,
    K.CONDITION_ASKED: lambda facts: asked_for(facts["condition"]),
    K.ABSENT_AT_MUSTER: _answered,
    K.ABSENCE_CORRECTED: _answered,
    K.TRANSFER_PROPOSED: lambda facts: f"{TransferGround(facts['ground']).label}，待审批",
    K.TRANSFER_APPROVED: lambda facts: "待移交",
    K.TRANSFER_DEPARTED: lambda facts: "转所途中，期满日不变",
    K.TRANSFER_RECEIVED: lambda facts: "档案由接收场所管理，期满日不变",
    K.TRANSFER_SENT_BACK: lambda facts: "接收场所退回，返回原场所途中",
    K.TRANSFER_TAKEN_BACK: lambda facts: "回原场所，住原区",
    K.TRANSFER_ENDED: lambda facts: (
        "途中离所或者结案" if facts["on_the_road"] else "移交前离所或者结案"
    ),
    K.TRANSFER_FAMILY_TOLD: lambda facts: ToldBy(facts["means"]).label,
    K.LEAVE_GRANTED: lambda facts: f"批准文号 {facts['approval']}",
    K.WENT_OUT: lambda facts: AbsenceKind(facts["reason"]).label,
    K.CAME_BACK: lambda facts: AbsenceKind(facts["reason"]).back_label,
    K.RETURN_CHECKED: lambda facts: "已检查（内容封存）",
    K.OUTING_PROPOSED: lambda facts: "待所领导批准",
    K.OUTING_APPROVED: lambda facts: "证明已编号，期满日不变",
    K.RETURN_TESTED: lambda facts: "已检测（结果封存）",
    K.RAN_FROM: lambda facts: f"{AbsenceKind(facts['reason']).label}期间脱逃，该次离所即止",
    K.ESCAPED: lambda facts: "已通知公安机关",
    K.RECAPTURED: lambda facts: (
        f"脱逃 {facts['uncounted']} 日不计入期限" if facts.get("uncounted") else "期满日不变"
    ),
    K.UNCOUNTED_PROPOSED: lambda facts: f"{facts['uncounted']} 日，待所领导确认，期满日不变",
    K.UNCOUNTED_CONFIRMED: lambda facts: f"脱逃 {facts['uncounted']} 日不计入期限",
    K.UNCOUNTED_RETURNED: lambda facts: "期满日不变",
    K.UNCOUNTED_WITHDRAWN: lambda facts: "期满日不变",
    K.REVERSAL_PROPOSED: lambda facts: "待所领导确认",
    K.ESCAPE_REVERSED: lambda facts: (
        f"没有脱逃，{facts['uncounted']} 日计入期限" if facts["uncounted"] else "没有脱逃"
    ),
    K.REVERSAL_RETURNED: lambda facts: "脱逃登记不变",
    K.REVERSAL_WITHDRAWN: lambda facts: "脱逃登记不变",
    K.TERM_DECISION_PROPOSED: lambda facts: (
        f"{_decided(facts)}，待{'省级戒毒管理局复核' if facts['late'] else '所领导确认'}，期满日不变"
    ),
    K.TERM_DECISION_CONFIRMED: lambda facts: (
        f"延长 {facts['months']} 个月" if facts["months"] else f"提前解除，期满日 {facts['until']}"
    ),
    K.TERM_DECISION_RETURNED: lambda facts: "期满日不变",
    K.TERM_DECISION_WITHDRAWN: lambda facts: "期满日不变",
    K.TERM_UNDO_PROPOSED: lambda facts: "待确认，期满日不变",
    K.TERM_DECISION_UNDONE: lambda facts: f"{_decided(facts)}的登记有误，已撤销",
    K.TERM_UNDO_RETURNED: lambda facts: "登记不变",
    K.DECISION_CORRECTION_PROPOSED: lambda facts: (
        f"{CorrectionCause(facts['cause']).label}，"
        f"待{'省级戒毒管理局复核' if facts['late'] else '所领导确认'}，期满日不变"
    ),
    K.DECISION_CORRECTED: lambda facts: CorrectionCause(facts["cause"]).label,
    K.DECISION_CORRECTION_RETURNED: lambda facts: "决定书信息和期满日不变",
    K.TERM_UNDO_WITHDRAWN: lambda facts: "登记不变",
    K.DETOX_CONCLUDED: lambda facts: "已作出结论（内容封存）",
    K.DRUG_TESTED: lambda facts: "已检测（结果封存）",
    K.ENTRY_EDUCATION_RECORDED: _grade,
    K.SCREENED: lambda facts: "已测评（结果封存，仅心理矫治中心可见）",
    K.FITNESS_TESTED: lambda facts: "已测试",
    K.CONDUCT_CONFIRMED: lambda facts: f"{facts['month']} 月考核",
    K.SOCIAL_RECORDED: _grade,
    K.ASSESSMENT_DRAFTED: lambda facts: AssessmentKind(facts["assessed"]).label,
    K.ASSESSMENT_RETURNED: lambda facts: AssessmentKind(facts["assessed"]).label,
    K.PERSON_TOLD: lambda facts: "期限、考核、评估和异议、救济途径",
    K.TELLING_RECORDED: _told,
    K.OPINION_PROPOSED: lambda facts: f"{_opinion(facts)}，待集体讨论，期满日不变",
    K.OPINION_DISCUSSED: lambda facts: f"{_opinion(facts)}，期满日不变",
    K.OPINION_REJECTED: lambda facts: f"{_opinion(facts)}，期满日不变",
    K.OBJECTION_LODGED: lambda facts: f"对{_opinion(facts)}，待没有参加的人员复核",
    K.OBJECTION_UPHELD: lambda facts: "意见终结，已作书面答复",
    K.OBJECTION_DISMISSED: lambda facts: "已作书面答复",
    K.OPINION_SIGNED: lambda facts: f"{_opinion(facts)}，待报送决定机关",
    K.OPINION_RECEIVED: lambda facts: "七日内决定，期满日不变",
    K.OPINION_APPROVED: lambda facts: f"{_opinion(facts)}，决定书送达以前期满日不变",
    K.OPINION_REFUSED: lambda facts: f"{_opinion(facts)}，期满日不变",
    K.OPINION_UNDONE: lambda facts: "登记有误，期满日不变",
    K.OPINION_ENDED: lambda facts: "离所结案，意见终止",
    K.RELEASE_PREPARED: lambda facts: "，".join(
        [FetchedBy(facts["fetched_by"]).label]
        + [WayHome(one).label for one in [facts["way"]] if one]
    ),
    K.END_INQUIRED: lambda facts: f"载明 {facts['ends_on']}，推算 {facts['alarm_on']}",
    K.RELEASE_NOTIFIED: lambda facts: f"{facts['release_on']} 解除",
    K.CERTIFICATE_WAITS: lambda facts: "暂时排不出来，解除有效，已告知所领导",
    K.GATE_MARK_MISSING: lambda facts: "出所核验缺项，已告知所领导",
    K.REVOCATION_RECORDED: lambda facts: "立即办理离所",
    K.REVOCATION_WITHDRAWN: lambda facts: "登记有误",
    K.DEATH_RECORDED: lambda facts: "待所领导确认",
    K.DEATH_TOLD: lambda facts: (
        f"{DeathAudience(facts['audience']).label}，{Means(facts['means']).label}"
    ),
    K.DEATH_WITHDRAWN: lambda facts: "登记有误",
    K.AGREEMENT_RENEWED: lambda facts: f"本人 {facts['applied_on']} 申请",
    K.CONTACTED: lambda facts: "联系上" if facts["reached"] else "未联系上",
    K.DOCUMENT_SERVED: _served,
    K.CORRECTED: lambda facts: (
        f"更正{'、'.join(LABELS[one] for one in LABELS if one in facts[CHANGES])}"
    ),
    K.MERGE_PROPOSED: lambda facts: "与另一份登记是同一人，待所领导确认",
    K.MERGED: lambda facts: "两份登记合为一人，档案和期限各自不变",
    K.MERGE_UNDONE: lambda facts: "两份登记各归各，档案和期限不变",
    K.IDENTITY_VIEWED: lambda facts: f"查看{SEALED[facts['field']]}（已留痕）",
}

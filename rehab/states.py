"""The status of a case, its legal edges with what entitles each, and the codes of stages and places."""

from django.db.models import TextChoices

from rehab import statutes


class Stage(TextChoices):
    """四期；the zone of the same code is where it is lived."""

    DETOX = "01", "生理脱毒"
    ADAPTATION = "02", "教育适应"
    CONSOLIDATION = "03", "康复巩固"
    REENTRY = "04", "回归指导"

    @property
    def zone_label(self) -> str:
        return f"{self.label}区"

    @property
    def next(self) -> "Stage | None":
        """The stage that follows, or None after the last."""
        order = list(Stage)
        at = order.index(self) + 1
        return order[at] if at < len(order) else None


class CaseStatus(TextChoices):
    IN_FACILITY = "in_facility", "在所"
    MEDICAL_LEAVE = "medical_leave", "所外就医"
    HELD_ELSEWHERE = "held_elsewhere", "被拘留、逮捕、收监"
    IN_TRANSIT = "in_transit", "转所途中"
    ESCAPED = "escaped", "脱逃"
    RELEASED = "released", "解除"
    CONVERTED = "converted", "变更为社区戒毒"
    REVOKED = "revoked", "决定撤销"
    DIED = "died", "死亡"


S = CaseStatus
EDGES: dict[tuple[CaseStatus, CaseStatus], statutes.Article | None] = {
    (S.IN_FACILITY, S.MEDICAL_LEAVE): statutes.MEDICAL_LEAVE,
    (S.MEDICAL_LEAVE, S.IN_FACILITY): statutes.MEDICAL_LEAVE,
    (S.MEDICAL_LEAVE, S.CONVERTED): statutes.CONVERTED,
    (S.IN_FACILITY, S.CONVERTED): statutes.NOT_APPLICABLE,
    (S.HELD_ELSEWHERE, S.CONVERTED): statutes.NOT_APPLICABLE,
    (S.IN_TRANSIT, S.CONVERTED): statutes.NOT_APPLICABLE,
    (S.IN_FACILITY, S.ESCAPED): statutes.ESCAPE,
    (S.MEDICAL_LEAVE, S.ESCAPED): statutes.ESCAPE,  # he ran from where he was
    (S.HELD_ELSEWHERE, S.ESCAPED): statutes.ESCAPE,
    (S.ESCAPED, S.IN_FACILITY): statutes.ESCAPE,
    (S.IN_FACILITY, S.HELD_ELSEWHERE): statutes.HELD_ELSEWHERE,
    (S.HELD_ELSEWHERE, S.IN_FACILITY): statutes.HELD_ELSEWHERE,
    (
        S.IN_FACILITY,
        S.IN_TRANSIT,
    ): None,  # of moving between facilities the law that we hold is silent
    (S.IN_TRANSIT, S.IN_FACILITY): None,
    (S.IN_TRANSIT, S.ESCAPED): statutes.ESCAPE,
    (S.IN_TRANSIT, S.RELEASED): statutes.RELEASE,
    (S.IN_TRANSIT, S.REVOKED): statutes.REMEDIES,
    (S.IN_TRANSIT, S.DIED): statutes.DEATH,
    (S.IN_FACILITY, S.RELEASED): statutes.RELEASE,
    (S.MEDICAL_LEAVE, S.RELEASED): statutes.RELEASE,  # the term runs on: it can end anywhere
    (S.HELD_ELSEWHERE, S.RELEASED): statutes.RELEASE,
    (S.IN_FACILITY, S.REVOKED): statutes.REMEDIES,
    (S.MEDICAL_LEAVE, S.REVOKED): statutes.REMEDIES,
    (S.HELD_ELSEWHERE, S.REVOKED): statutes.REMEDIES,
    (S.ESCAPED, S.REVOKED): statutes.REMEDIES,
    (S.IN_FACILITY, S.DIED): statutes.DEATH,
    (S.MEDICAL_LEAVE, S.DIED): statutes.DEATH,
    (S.HELD_ELSEWHERE, S.DIED): statutes.DEATH,
    (S.ESCAPED, S.DIED): statutes.DEATH,
}
FINAL = frozenset({S.RELEASED, S.CONVERTED, S.REVOKED, S.DIED})
IN_CUSTODY = frozenset({S.IN_FACILITY, S.MEDICAL_LEAVE, S.HELD_ELSEWHERE, S.IN_TRANSIT})


class AbsenceKind(TextChoices):
    """Why somebody is out of the facility while his case goes on."""

    HOSPITAL = "hospital", "离所就医"
    COURT = "court", "出庭"
    HOME_VISIT = "home_visit", "外出探视"
    MEDICAL_LEAVE = "medical_leave", "所外就医"
    HELD = "held", "被拘留、逮捕、收监"
    ESCAPE = "escape", "脱逃"

    @property
    def status(self) -> CaseStatus | None:
        """The status of the case meanwhile; None for who keeps his bed and is back soon."""
        return _STATUS_WHILE.get(self)

    @property
    def back_label(self) -> str:
        """What coming back is called."""
        return _BACK.get(self, f"{self.label}返回")


_STATUS_WHILE = {
    AbsenceKind.MEDICAL_LEAVE: S.MEDICAL_LEAVE,
    AbsenceKind.HELD: S.HELD_ELSEWHERE,
    AbsenceKind.ESCAPE: S.ESCAPED,
}
_BACK = {AbsenceKind.HELD: "解回", AbsenceKind.ESCAPE: "追回"}


class ProposalStatus(TextChoices):
    """What one proposes and another confirms: a province's rule, what is said of an escape."""

    PROPOSED = "proposed", "待确认"
    CONFIRMED = "confirmed", "已确认"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"


P = ProposalStatus
PROPOSAL_EDGES: dict[tuple[ProposalStatus, ProposalStatus], statutes.Article | None] = {
    (P.PROPOSED, P.CONFIRMED): None,
    (P.PROPOSED, P.RETURNED): None,
    (P.PROPOSED, P.WITHDRAWN): None,
}
PROPOSAL_STANDS = frozenset({P.PROPOSED, P.CONFIRMED})
PROPOSAL_FINAL = frozenset({P.CONFIRMED, P.RETURNED, P.WITHDRAWN})


class EscapeQuestion(TextChoices):
    """What is proposed of an escape that is over."""

    UNCOUNTED = "uncounted", "脱逃期间不计入期限"
    REVERSAL = "reversal", "撤销脱逃登记"


class TermDecisionKind(TextChoices):
    """What the deciding organ may decide of a term that runs. 禁毒法第四十七条."""

    EXTENSION = "extension", "延长期限"
    EARLY_RELEASE = "early_release", "提前解除"


class CorrectionCause(TextChoices):
    """Why what is on file of a decision is written anew, or why it stays."""

    ENTRY = "entry", "登记有误"
    ORGAN = "organ", "决定机关更正"
    UPHELD = "upheld", "决定机关答复载明无误"


class MergeStatus(TextChoices):
    """Two records of one person on their way to one: one proposes, another confirms; it can be undone."""

    PROPOSED = "proposed", "待确认"
    MERGED = "merged", "已合并"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"
    UNDONE = "undone", "已撤销"


M = MergeStatus
MERGE_EDGES: dict[tuple[MergeStatus, MergeStatus], statutes.Article | None] = {
    (M.PROPOSED, M.MERGED): statutes.INFORMATION_CORRECTED,
    (M.PROPOSED, M.RETURNED): None,
    (M.PROPOSED, M.WITHDRAWN): None,
    (M.MERGED, M.UNDONE): statutes.INFORMATION_CORRECTED,
}


class Sex(TextChoices):
    """GB/T 2261.1."""

    MALE = "1", "男"
    FEMALE = "2", "女"


class Reach(TextChoices):
    """How far a posting sees."""

    NONE = "none", "不涉案件"
    UNIT = "unit", "本大队"
    FACILITY = "facility", "本所"
    STATION = "station", "本站"
    PROVINCE = "province", "本省"
    NATION = "nation", "全国"

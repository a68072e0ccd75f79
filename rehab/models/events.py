"""执法记录: what happened."""

from django.db import models
from django.db.models import Q

from rehab.models.access import User
from rehab.models.base import Keyed
from rehab.models.organisation import Facility
from rehab.models.people import Case
from rehab.sealed import SealedField


class Subject(models.TextChoices):
    CASE = "case", "戒治档案"
    ARRIVAL = "arrival", "待收人员"
    ROSTER = "roster", "移交名册"
    FACILITY = "facility", "场所"
    STATION = "station", "后续照管站"
    ACCOUNT = "account", "账号"
    BUREAU = "bureau", "戒毒管理局"


def kinds_of_event() -> list[tuple[str, str]]:
    """The choices of `Event.kind`, named here so that a new kind needs no migration."""
    return Event.Kind.choices


class Event(Keyed):
    """执法记录：append-only. Facts are codes and keys, never names, numbers or free words about people.

    What an officer wrote in answer stands in `words`, sealed, by the code that the facts name.
    """

    class Kind(models.TextChoices):
        ROSTER_IMPORTED = "roster_imported", "名册导入"
        ROSTER_WITHDRAWN = "roster_withdrawn", "名册撤回"
        ARRIVAL_REGISTERED = "arrival_registered", "到所登记"
        ARRIVAL_DEFERRED = "arrival_deferred", "暂不接收"
        ARRIVAL_REFUSED = "arrival_refused", "不予接收"
        ADMITTED = "admitted", "收治入所"
        COMPLETED = "completed", "入所事项办结"
        HEALTH_SHEET_CORRECTED = "health_sheet_corrected", "更正健康检查表"
        BELONGINGS_CORRECTED = "belongings_corrected", "更正物品登记"
        BELONGINGS_HANDED_BACK = "belongings_handed_back", "发还代管物品"
        PLACED = "placed", "调整床位"
        ISOLATED = "isolated", "隔离"
        ISOLATION_ENDED = "isolation_ended", "解除隔离"
        VACATED = "vacated", "腾出床位"
        ZONE_MOVE_PROPOSED = "zone_move_proposed", "提请转区"
        ZONE_MOVE_APPROVED = "zone_move_approved", "批准转区"
        ZONE_MOVE_RECEIVED = "zone_move_received", "接收转区"
        ZONE_MOVE_RETURNED = "zone_move_returned", "退回转区"
        ZONE_MOVE_WITHDRAWN = "zone_move_withdrawn", "撤回转区"
        CONDITION_ASKED = "condition_asked", "请办理转区条件"
        MUSTERED = "mustered", "点名"
        ABSENT_AT_MUSTER = "absent_at_muster", "点名不在场"
        ABSENCE_CORRECTED = "absence_corrected", "更正点名"
        KEPT_APART = "kept_apart", "登记分开管理"
        KEEPING_APART_ENDED = "keeping_apart_ended", "终止分开管理"
        TRANSFER_PROPOSED = "transfer_proposed", "提请转所"
        TRANSFER_APPROVED = "transfer_approved", "批准转所"
        TRANSFER_DEPARTED = "transfer_departed", "转所移交"
        TRANSFER_RECEIVED = "transfer_received", "转所接收"
        TRANSFER_RETURNED = "transfer_returned", "退回转所"
        TRANSFER_SENT_BACK = "transfer_sent_back", "转所途中退回"
        TRANSFER_TAKEN_BACK = "transfer_taken_back", "转所返回"
        TRANSFER_WITHDRAWN = "transfer_withdrawn", "撤回转所"
        TRANSFER_ENDED = "transfer_ended", "转所终止"
        TRANSFER_FAMILY_TOLD = "transfer_family_told", "转所告知家属"
        LEAVE_GRANTED = "leave_granted", "所外就医"
        LEAVE_ENDED = "leave_ended", "所外就医返回"
        WENT_OUT = "went_out", "离所"
        CAME_BACK = "came_back", "回所"
        RETURN_CHECKED = "return_checked", "回所体检"
        OUTING_PROPOSED = "outing_proposed", "提请外出探视"
        OUTING_APPROVED = "outing_approved", "批准外出探视"
        OUTING_RETURNED = "outing_returned", "不批准外出探视"
        OUTING_WITHDRAWN = "outing_withdrawn", "撤回外出探视"
        RETURN_TESTED = "return_tested", "外出探视回所检测"
        HELD_ELSEWHERE = "held_elsewhere", "被拘留、逮捕、收监"
        HANDED_BACK = "handed_back", "解回"
        RAN_FROM = "ran_from", "离所未归"
        ESCAPED = "escaped", "脱逃"
        RECAPTURED = "recaptured", "追回"
        UNCOUNTED_PROPOSED = "uncounted_proposed", "提请脱逃期间不计入期限"
        UNCOUNTED_CONFIRMED = "uncounted_confirmed", "确认脱逃期间不计入期限"
        UNCOUNTED_RETURNED = "uncounted_returned", "退回脱逃期间不计入期限"
        UNCOUNTED_WITHDRAWN = "uncounted_withdrawn", "撤回脱逃期间不计入期限"
        REVERSAL_PROPOSED = "reversal_proposed", "提请撤销脱逃登记"
        ESCAPE_REVERSED = "escape_reversed", "撤销脱逃登记"
        REVERSAL_RETURNED = "reversal_returned", "退回撤销脱逃登记"
        REVERSAL_WITHDRAWN = "reversal_withdrawn", "撤回撤销脱逃登记"
        TERM_DECISION_PROPOSED = "term_decision_proposed", "登记期限决定"
        TERM_DECISION_CONFIRMED = "term_decision_confirmed", "确认期限决定"
        TERM_DECISION_RETURNED = "term_decision_returned", "退回期限决定"
        TERM_DECISION_WITHDRAWN = "term_decision_withdrawn", "撤回期限决定登记"
        TERM_UNDO_PROPOSED = "term_undo_proposed", "提请撤销期限决定登记"
        TERM_DECISION_UNDONE = "term_decision_undone", "撤销期限决定登记"
        TERM_UNDO_RETURNED = "term_undo_returned", "退回撤销期限决定登记"
        DECISION_CORRECTION_PROPOSED = "decision_correction_proposed", "提请更正决定书信息"
        DECISION_CORRECTED = "decision_corrected", "更正决定书信息"
        DECISION_UPHELD = "decision_upheld", "决定机关答复载明无误"
        DECISION_CORRECTION_RETURNED = "decision_correction_returned", "退回决定书更正"
        TERM_UNDO_WITHDRAWN = "term_undo_withdrawn", "撤回撤销期限决定登记"
        DETOX_CONCLUDED = "detox_concluded", "生理脱毒结论"
        DRUG_TESTED = "drug_tested", "所内毒品检测"
        ENTRY_EDUCATION_RECORDED = "entry_education_recorded", "入所教育"
        SCREENED = "screened", "心理测评"
        FITNESS_TESTED = "fitness_tested", "体能测试"
        CONDUCT_MARKED = "conduct_marked", "行为表现月考核"
        CONDUCT_CONFIRMED = "conduct_confirmed", "月考核复核"
        SOCIAL_RECORDED = "social_recorded", "社会环境与适应能力"
        ASSESSMENT_DRAFTED = "assessment_drafted", "诊断评估拟定"
        ASSESSMENT_CONCLUDED = "assessment_concluded", "诊断评估结论"
        ASSESSMENT_RETURNED = "assessment_returned", "诊断评估退回"
        PERSON_TOLD = "person_told", "制作告知单"
        TELLING_RECORDED = "telling_recorded", "告知本人"
        TELLING_SCANNED = "telling_scanned", "告知单签名扫描件"
        TELLING_WITHDRAWN = "telling_withdrawn", "撤回告知登记"
        OPINION_PROPOSED = "opinion_proposed", "提出期限意见"
        OPINION_DISCUSSED = "opinion_discussed", "集体讨论，意见公示"
        OPINION_REJECTED = "opinion_rejected", "集体讨论未通过"
        OBJECTION_LODGED = "objection_lodged", "本人提出异议"
        OBJECTION_DISMISSED = "objection_dismissed", "异议不成立"
        OBJECTION_UPHELD = "objection_upheld", "异议成立"
        OPINION_SIGNED = "opinion_signed", "审批期限意见"
        OPINION_DECLINED = "opinion_declined", "所领导不同意期限意见"
        OPINION_SENT = "opinion_sent", "报送期限意见"
        OPINION_RECEIVED = "opinion_received", "决定机关签收"
        OPINION_APPROVED = "opinion_approved", "决定机关批准"
        OPINION_REFUSED = "opinion_refused", "决定机关不批准"
        OPINION_UNDONE = "opinion_undone", "撤销意见的登记"
        OPINION_WITHDRAWN = "opinion_withdrawn", "撤回期限意见"
        OPINION_ENDED = "opinion_ended", "期限意见终止"
        RELEASE_PREPARED = "release_prepared", "解除准备"
        END_INQUIRED = "end_inquired", "致函核实期限"
        RELEASE_NOTIFIED = "release_notified", "解除前通知"
        RELEASED = "released", "解除强制隔离戒毒"
        GATE_REFUSED = "gate_refused", "出所核验不符"
        GATE_MARK_MISSING = "gate_mark_missing", "出所核验缺项"
        CERTIFICATE_WAITS = "certificate_waits", "证明书待打印"
        CERTIFICATE_PRINTED = "certificate_printed", "证明书补打"
        CONVERSION_PROPOSED = "conversion_proposed", "提请变更为社区戒毒"
        CONVERSION_SENT = "conversion_sent", "报送变更建议"
        CONVERSION_REFUSED = "conversion_refused", "决定不变更"
        CONVERSION_WITHDRAWN = "conversion_withdrawn", "撤回变更建议"
        CONVERTED = "converted", "变更为社区戒毒"
        REVOCATION_RECORDED = "revocation_recorded", "登记决定撤销"
        REVOCATION_WITHDRAWN = "revocation_withdrawn", "撤回决定撤销登记"
        REVOKED = "revoked", "决定撤销离所"
        DEATH_RECORDED = "death_recorded", "登记死亡"
        DEATH_TOLD = "death_told", "死亡报告、通知"
        DEATH_WITHDRAWN = "death_withdrawn", "撤回死亡登记"
        DIED = "died", "死亡"
        AGREEMENT_OFFERED = "agreement_offered", "照管协议征询"
        AGREEMENT_SIGNED = "agreement_signed", "照管协议签订"
        AGREEMENT_DECLINED = "agreement_declined", "照管协议不签"
        AGREEMENT_RENEWED = "agreement_renewed", "照管协议续签"
        AGREEMENT_WITHDRAWN = "agreement_withdrawn", "照管协议退出"
        AGREEMENT_ENDED = "agreement_ended", "照管协议期满"
        CONTACTED = "contacted", "照管联系"
        DOCUMENT_SERVED = "document_served", "文书送达"
        IDENTITY_VIEWED = "identity_viewed", "查看身份号码"
        CORRECTED = "corrected", "更正信息"
        MERGE_PROPOSED = "merge_proposed", "提请合并人员"
        MERGE_RETURNED = "merge_returned", "退回合并人员"
        MERGE_WITHDRAWN = "merge_withdrawn", "撤回合并人员"
        MERGED = "merged", "合并人员"
        MERGE_UNDONE = "merge_undone", "撤销合并人员"
        POSTED = "posted", "任职"
        POSTING_ENDED = "posting_ended", "免去任职"
        ACCOUNT_OPENED = "account_opened", "开户"
        ACCOUNT_LOCKED = "account_locked", "停用账号"
        ACCOUNT_UNLOCKED = "account_unlocked", "恢复账号"
        SECRET_RESET = "secret_reset", "重置密码"
        PASSWORD_CHANGED = "password_changed", "修改密码"
        FACTOR_SET_UP = "factor_set_up", "设置动态口令"
        FACTOR_CHANGED = "factor_changed", "更换动态口令"
        FACTOR_RESET = "factor_reset", "重置动态口令"
        ROLE_SHAPED = "role_shaped", "调整角色"
        GRANTED = "granted", "授权"
        GRANT_ENDED = "grant_ended", "收回授权"
        DELEGATED = "delegated", "委托值班"
        DELEGATION_ENDED = "delegation_ended", "结束委托"
        UNIT_OPENED = "unit_opened", "开设大队、中队"
        UNIT_CLOSED = "unit_closed", "撤销大队、中队"
        ROOMS_ADDED = "rooms_added", "增设房间"
        BEDS_ADDED = "beds_added", "增设床位"
        EXTRA_BED_OPENED = "extra_bed_opened", "加床"
        BEDS_CLOSED = "beds_closed", "停用床位"
        BEDS_REOPENED = "beds_reopened", "恢复床位"
        STATION_OPENED = "station_opened", "设立照管站"
        STATION_CLOSED = "station_closed", "撤销照管站"
        RULE_PROPOSED = "rule_proposed", "拟定省级规则"
        RULE_RETURNED = "rule_returned", "退回省级规则"
        RULE_WITHDRAWN = "rule_withdrawn", "撤回省级规则"
        RULE_SET = "rule_set", "设定省级规则"
        DRIFT_MENDED = "drift_mended", "时限校正"

    subject_type = models.CharField(max_length=10, choices=Subject)
    subject_id = models.UUIDField()
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="events")
    facility = models.ForeignKey(Facility, models.PROTECT, null=True)
    kind = models.CharField("事项", max_length=30, choices=kinds_of_event)
    happened_at = models.DateTimeField("发生时间")
    time_known = models.BooleanField("知道时刻", default=True)
    recorded_at = models.DateTimeField("录入时间")
    by = models.ForeignKey(User, models.PROTECT, null=True)
    facts = models.JSONField("事实", default=dict)
    words = SealedField("原话", kind="json", null=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True)

    class Privacy:
        sealed = frozenset({"words"})
        open = frozenset(
            {
                "id", "subject_type", "subject_id", "case", "facility", "kind", "happened_at",
                "time_known", "recorded_at", "by", "facts", "corrects",
            }
        )  # fmt: skip

    class Meta:
        verbose_name = "执法记录"
        indexes = [
            models.Index(fields=["case", "-happened_at"], name="event_by_case"),
            models.Index(fields=["facility", "kind", "happened_at"], name="event_by_kind"),
            models.Index(fields=["subject_id"], name="event_by_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(subject_type="case") | Q(case__isnull=False, facility__isnull=False),
                name="event_of_a_case_names_it",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

"""The codes of the five centres: what is assessed, how it is graded, and the life of an assessment."""

from django.db.models import TextChoices

from rehab import statutes


class AssessmentKind(TextChoices):
    """诊断评估的时点：at the end of three stages, after a year, and before the end."""

    DETOX = "detox", "生理脱毒期评估"
    ADAPTATION = "adaptation", "教育适应期评估"
    CONSOLIDATION = "consolidation", "康复巩固期评估"
    ONE_YEAR = "one_year", "满一年综合诊断评估"
    PRE_EXPIRY = "pre_expiry", "期满前综合诊断评估"


class Need(TextChoices):
    """What an assessment may need, by which each becomes a part of it."""

    MEDICAL = "medical", "戒毒医疗"
    EDUCATION = "education", "入所教育"
    TRAINING = "training", "康复训练"
    SCREENING = "screening", "心理测评"
    DETOX = "detox", "生理脱毒"
    RECOVERY = "recovery", "身心康复"
    CONDUCT = "conduct", "行为表现"
    SOCIAL = "social", "社会环境与适应能力"


class Grade(TextChoices):
    """合格、不合格；良好、一般 for the social part alone; 已完成 for what is done and not graded."""

    PASS = "pass", "合格"
    FAIL = "fail", "不合格"
    GOOD = "good", "良好"
    FAIR = "fair", "一般"
    DONE = "done", "已完成"


class DetoxCriterion(TextChoices):
    """生理脱毒的五项标准, statutes.DETOX_CRITERIA; the codes are columns of the conclusion."""

    TEST_NEGATIVE = "test_negative", "毒品检测呈阴性"
    MEDICINE_STOPPED = "medicine_stopped", "停用控制或者缓解戒断症状的药物"
    ACUTE_GONE = "acute_gone", "急性戒断症状完全消除"
    NO_PROTRACTED = "no_protracted", "无明显稽延性戒断症状"
    MIND_STABLE = "mind_stable", "无明显精神症状，或者原有精神障碍得到控制"


class SocialCriterion(TextChoices):
    """社会环境与适应能力的五项标准, statutes.SOCIAL_CRITERIA; the codes are columns of the form."""

    AGREEMENT = "agreement", "与家庭、社区或者单位签订帮教协议"
    SUPPORT = "support", "家庭或者社区支持配合"
    ACCEPTS_HELP = "accepts_help", "本人愿意接受监督和帮助"
    LIVELIHOOD = "livelihood", "有一定的谋生技能"
    INCOME_OR_HOME = "income_or_home", "有稳定收入或者固定住所"


class AssessmentStatus(TextChoices):
    DRAFTED = "drafted", "拟定"
    CONCLUDED = "concluded", "已结论"
    RETURNED = "returned", "退回"
    SUPERSEDED = "superseded", "已被新结论替代"


S = AssessmentStatus
EDGES: dict[tuple[AssessmentStatus, AssessmentStatus], statutes.Article | None] = {
    (S.DRAFTED, S.CONCLUDED): statutes.ASSESSMENT_GRADES,
    (S.DRAFTED, S.RETURNED): None,
    (S.CONCLUDED, S.SUPERSEDED): statutes.ASSESSMENT_FAIR,
}
FINAL = frozenset({S.RETURNED, S.SUPERSEDED})


class OpinionStatus(TextChoices):
    """提前解除、延长期限的意见 on its way to the deciding organ. 禁毒法第四十七条；戒毒条例第三十三条."""

    PROPOSED = "proposed", "待集体讨论"
    NOTICED = "noticed", "公示"
    SIGNED = "signed", "待报送"
    SENT = "sent", "待签收"
    RECEIVED = "received", "待决定"
    APPROVED = "approved", "决定批准"
    REFUSED = "refused", "决定不批准"
    REJECTED = "rejected", "讨论未通过"
    UPHELD = "upheld", "异议成立"
    DECLINED = "declined", "所领导不同意"
    WITHDRAWN = "withdrawn", "撤回"
    ENDED = "ended", "因解除等终止"


Op = OpinionStatus
OPINION_EDGES: dict[tuple[OpinionStatus, OpinionStatus], statutes.Article | None] = {
    (Op.PROPOSED, Op.NOTICED): statutes.ASSESSMENT_FAIR,
    (Op.PROPOSED, Op.REJECTED): statutes.ASSESSMENT_FAIR,
    (Op.NOTICED, Op.SIGNED): statutes.ASSESSMENT_BASIS,
    (Op.NOTICED, Op.UPHELD): statutes.OBJECTION,
    (Op.NOTICED, Op.DECLINED): None,
    (Op.SIGNED, Op.UPHELD): statutes.OBJECTION,  # made before the signature, written down after it
    (Op.SIGNED, Op.SENT): statutes.OPINION_ANSWER,
    (Op.SENT, Op.RECEIVED): statutes.OPINION_ANSWER,
    (Op.RECEIVED, Op.APPROVED): statutes.OPINION_ANSWER,
    (Op.RECEIVED, Op.REFUSED): statutes.OPINION_ANSWER,
    (Op.PROPOSED, Op.WITHDRAWN): None,
    (Op.NOTICED, Op.WITHDRAWN): None,
    (Op.SIGNED, Op.WITHDRAWN): None,
    (Op.SENT, Op.SIGNED): None,  # recorded wrongly, and taken back by a second person
    (Op.RECEIVED, Op.SENT): None,
    (Op.APPROVED, Op.RECEIVED): None,
    (Op.REFUSED, Op.RECEIVED): None,
    (Op.PROPOSED, Op.ENDED): statutes.RELEASE_ON_EXPIRY,  # he left: no opinion keeps anybody
    (Op.NOTICED, Op.ENDED): statutes.RELEASE_ON_EXPIRY,
    (Op.SIGNED, Op.ENDED): statutes.RELEASE_ON_EXPIRY,
    (Op.SENT, Op.ENDED): statutes.RELEASE_ON_EXPIRY,
    (Op.RECEIVED, Op.ENDED): statutes.RELEASE_ON_EXPIRY,
}
OPINION_BACK = {  # where a wrong record goes back to; no other step goes that way
    Op.SENT: Op.SIGNED,
    Op.RECEIVED: Op.SENT,
    Op.APPROVED: Op.RECEIVED,
    Op.REFUSED: Op.RECEIVED,
}
OPINION_OPEN = frozenset({Op.PROPOSED, Op.NOTICED, Op.SIGNED, Op.SENT, Op.RECEIVED})
OBJECTABLE = OPINION_OPEN - {Op.PROPOSED}
REVIEWABLE = OBJECTABLE | {Op.APPROVED, Op.REFUSED}  # what was said in time is answered in any case


class ObjectionStatus(TextChoices):
    """本人的异议 to an opinion, reviewed by others than those who made it."""

    LODGED = "lodged", "待复核"
    UPHELD = "upheld", "成立"
    DISMISSED = "dismissed", "不成立"


OBJECTION_EDGES: dict[tuple[ObjectionStatus, ObjectionStatus], statutes.Article | None] = {
    (ObjectionStatus.LODGED, ObjectionStatus.UPHELD): statutes.OBJECTION,
    (ObjectionStatus.LODGED, ObjectionStatus.DISMISSED): statutes.OBJECTION,
}


class OpinionStep(TextChoices):
    """What may be done about an opinion; the words are those of its heading."""

    PROPOSE = "propose", "提出意见"
    DISCUSS = "discuss", "集体讨论"
    OBJECT = "object", "登记异议"
    REVIEW = "review", "复核异议"
    SIGN = "sign", "所领导审批"
    SEND = "send", "报送决定机关"
    RECEIVE = "receive", "登记签收"
    ANSWER = "answer", "登记决定"
    UNDO = "undo", "撤销登记"
    WITHDRAW = "withdraw", "撤回意见"


class TellingManner(TextChoices):
    """How somebody took in what his sheet says."""

    ALONE = "alone", "本人自行阅读"
    OFFICER = "officer", "民警宣读"
    INTERPRETER = "interpreter", "翻译人员宣读"

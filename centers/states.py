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

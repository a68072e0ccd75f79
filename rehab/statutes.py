"""The law, quoted once.

Every rule, refusal and deadline points at a constant of this file; nothing else names an article.
`gist` is a 要旨 in our own words, not the text of the statute. An article whose number or content
could not be confirmed carries `confirmed=False` and says 未经确认 wherever it is shown.
A new law is a new constant, never an edited one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType


@dataclass(frozen=True)
class Article:
    """One article of one law, as far as this system relies on it."""

    law: str
    number: str  # empty: the number is not known
    gist: str  # 要旨, never a quotation
    in_force_from: date
    confirmed: bool = True  # False: number or content recalled, 未经确认

    def __str__(self) -> str:
        if self.confirmed:
            return f"《{self.law}》{self.number}"
        if self.number:
            return f"《{self.law}》约{self.number}，未经确认"
        return f"《{self.law}》，条号未经确认"

    @property
    def brief(self) -> str:
        """The citation in one line of a table, as officers say it; what is unconfirmed says so first."""
        law = _SAID.get(self.law, self.law)
        cited = f"{law} {self.number}".strip()
        return cited if self.confirmed else f"未经确认 · {cited}"

    @property
    def text(self) -> str:
        """What a page shows as the content of the article, marked as a summary."""
        return f"要旨：{self.gist}" if self.confirmed else f"要旨（未经确认）：{self.gist}"

    @property
    def code(self) -> str:
        """The name of the constant, as stored with deadlines and events."""
        return _CODES[self]


_SAID: Mapping[str, str] = MappingProxyType(
    {
        "司法行政机关强制隔离戒毒工作规定": "司法部令127号",
        "强制隔离戒毒诊断评估办法": "诊断评估办法",
        "公安机关强制隔离戒毒所管理办法": "公安部令117号",
        "公安机关办理行政案件程序规定": "办理行政案件程序规定",
    }
)


def by_code(code: str) -> Article:
    """The article whose constant is called `code`. Raises KeyError."""
    return BY_CODE[code]


# 《中华人民共和国禁毒法》 ----

_DRUG_LAW = "禁毒法"
_DRUG_LAW_FROM = date(2008, 6, 1)

ADDICTION_FINDING = Article(
    _DRUG_LAW,
    "第三十一条",
    "国家帮助吸毒人员戒除毒瘾；吸毒成瘾人员应当进行戒毒治疗，成瘾的认定办法由国家有关部门规定。",
    _DRUG_LAW_FROM,
)
DRUG_TEST = Article(
    _DRUG_LAW,
    "第三十二条",
    "公安机关可以对涉嫌吸毒的人员进行必要的检测；对拒绝检测的，经批准可以强制检测；"
    "对吸毒人员进行登记。",
    _DRUG_LAW_FROM,
)
DECISION_GROUNDS = Article(
    _DRUG_LAW,
    "第三十八条",
    "强制隔离戒毒由县级以上公安机关对拒绝接受、违反社区戒毒或者戒毒后复吸的成瘾人员决定；"
    "成瘾严重的可以直接决定；自愿的，经公安机关同意可以进入场所戒毒。",
    _DRUG_LAW_FROM,
)
NOT_APPLICABLE = Article(
    _DRUG_LAW,
    "第三十九条",
    "怀孕或者正在哺乳自己不满一周岁婴儿的妇女，不适用强制隔离戒毒；"
    "不满十六周岁的未成年人，可以不适用强制隔离戒毒；改为社区戒毒。",
    _DRUG_LAW_FROM,
)
DECISION_SERVED = Article(
    _DRUG_LAW,
    "第四十条",
    "决定书在执行前送达本人，送达后二十四小时以内通知家属、单位和户籍所在地派出所；"
    "身份不明的，查清后通知。不服的可以申请复议或者提起诉讼。",
    _DRUG_LAW_FROM,
)
REMEDIES = Article(
    _DRUG_LAW,
    "第四十条第二款",
    "对强制隔离戒毒决定不服的，可以依法申请行政复议或者提起行政诉讼。",
    _DRUG_LAW_FROM,
)
DELIVERY = Article(
    _DRUG_LAW, "第四十一条", "由作出决定的公安机关送强制隔离戒毒场所执行。", _DRUG_LAW_FROM
)
ENTRY_SEARCH = Article(
    _DRUG_LAW, "第四十二条", "进入场所时，对身体和所携带物品进行检查。", _DRUG_LAW_FROM
)
TREATMENT = Article(
    _DRUG_LAW,
    "第四十三条",
    "根据吸食毒品的种类和成瘾程度进行有针对性的生理、心理治疗和身体康复训练；"
    "可以组织生产劳动和职业技能培训，劳动支付报酬。",
    _DRUG_LAW_FROM,
)
SEPARATION = Article(
    _DRUG_LAW,
    "第四十四条",
    "根据性别、年龄、患病等情况分别管理；照料严重残疾、疾病人员，隔离治疗传染病人员；"
    "可能自伤自残的，可以采取保护性约束措施；不得体罚、虐待或者侮辱。",
    _DRUG_LAW_FROM,
)
PHYSICIANS = Article(
    _DRUG_LAW,
    "第四十五条",
    "场所配备执业医师；有处方权的医师可以按照技术规范使用麻醉药品、精神药品。",
    _DRUG_LAW_FROM,
)
VISITS = Article(
    _DRUG_LAW,
    "第四十六条",
    "亲属、单位、学校的人员可以探访；经场所批准可以外出探视配偶、直系亲属；"
    "检查物品和邮件防止夹带毒品，依法保护通信自由和通信秘密。",
    _DRUG_LAW_FROM,
)
TWO_YEAR_TERM = Article(_DRUG_LAW, "第四十七条第一款", "强制隔离戒毒的期限为二年。", _DRUG_LAW_FROM)
EARLY_RELEASE = Article(
    _DRUG_LAW,
    "第四十七条第二款",
    "执行一年后，经诊断评估戒毒情况良好的，场所可以提出提前解除的意见，报决定机关批准。",
    _DRUG_LAW_FROM,
)
EXTENSION = Article(
    _DRUG_LAW,
    "第四十七条第三款",
    "期满前经诊断评估需要延长的，由场所提出意见，报决定机关批准；延长最长不超过一年。",
    _DRUG_LAW_FROM,
)
COMMUNITY_RECOVERY = Article(
    _DRUG_LAW,
    "第四十八条",
    "对被解除强制隔离戒毒的人员，决定机关可以责令其接受不超过三年的社区康复。",
    _DRUG_LAW_FROM,
)
RECOVERY_FACILITY = Article(
    _DRUG_LAW,
    "第四十九条",
    "戒毒人员可以自愿在戒毒康复场所生活、劳动，劳动参照国家劳动用工制度支付报酬。",
    _DRUG_LAW_FROM,
)
TREATMENT_ELSEWHERE = Article(
    _DRUG_LAW, "第五十条", "对被拘留、逮捕、收监的吸毒人员给予必要的戒毒治疗。", _DRUG_LAW_FROM
)
NO_DISCRIMINATION = Article(
    _DRUG_LAW,
    "第五十二条",
    "戒毒人员在入学、就业、享受社会保障等方面不受歧视。",
    _DRUG_LAW_FROM,
)

# 《戒毒条例》 ----

_REGULATIONS = "戒毒条例"
_REGULATIONS_FROM = date(2011, 6, 26)

CONFIDENTIALITY = Article(
    _REGULATIONS, "第七条", "戒毒人员的个人信息依法予以保密。", _REGULATIONS_FROM
)
END_OF_DYNAMIC_CONTROL = Article(
    _REGULATIONS,
    "第七条",
    "戒断三年未复吸的人员，不再实行动态管控。",
    _REGULATIONS_FROM,
)
COMMUNITY_REHAB_REPORT = Article(
    _REGULATIONS,
    "第十四条",
    "自收到责令社区戒毒决定书之日起十五日内，到执行地的街道、乡镇报到。",
    _REGULATIONS_FROM,
)
DECIDING_AUTHORITY = Article(
    _REGULATIONS,
    "第二十五条",
    "强制隔离戒毒由县级、设区的市级公安机关决定；自愿戒毒的，与场所约定期限和措施。",
    _REGULATIONS_FROM,
)
EXEMPT_TO_COMMUNITY = Article(
    _REGULATIONS,
    "第二十六条",
    "依照禁毒法第三十九条不适用强制隔离戒毒的人员，由社区戒毒。",
    _REGULATIONS_FROM,
)
TERM_STARTS = Article(
    _REGULATIONS,
    "第二十七条第一款",
    "强制隔离戒毒的期限为二年，自作出强制隔离戒毒决定之日起计算。",
    _REGULATIONS_FROM,
)
POLICE_PHASE = Article(
    _REGULATIONS,
    "第二十七条第二款",
    "在公安机关的场所执行三个月至六个月后，转至司法行政部门的场所；"
    "不具备条件的由省级人民政府决定安排，但在公安机关的场所执行不得超过十二个月。",
    _REGULATIONS_FROM,
)
BELONGINGS = Article(
    _REGULATIONS,
    "第二十八条第一款",
    "对身体和携带物品进行检查，违禁品依法处理，生活必需品以外的物品由场所代为保管。",
    _REGULATIONS_FROM,
)
FEMALE_SEARCH = Article(
    _REGULATIONS,
    "第二十八条第二款",
    "女性戒毒人员的身体检查由女性工作人员进行。",
    _REGULATIONS_FROM,
)
GRADED_MANAGEMENT = Article(
    _REGULATIONS,
    "第三十条",
    "按性别、年龄、患病等情况分别管理，对吸食不同种类毒品的采取有针对性的治疗；"
    "根据戒毒治疗的不同阶段和表现实行分级管理。",
    _REGULATIONS_FROM,
)
MEDICAL_LEAVE = Article(
    _REGULATIONS,
    "第三十一条第一款",
    "患严重疾病，不出所治疗可能危及生命的，经场所主管机关批准并报决定机关备案，可以所外就医；"
    "期间强制隔离戒毒期限连续计算。",
    _REGULATIONS_FROM,
)
CONVERTED = Article(
    _REGULATIONS,
    "第三十一条第二款",
    "所外就医的人员健康状况不再适宜回所执行的，场所建议变更为社区戒毒；"
    "决定机关自收到之日起七日内决定，已执行的期限予以折抵。",
    _REGULATIONS_FROM,
)
ESCAPE = Article(
    _REGULATIONS,
    "第三十二条",
    "脱逃的，立即通知所在地县级公安机关并配合追回；脱逃期间不计入强制隔离戒毒期限；"
    "被追回的人员不得提前解除。",
    _REGULATIONS_FROM,
)
OPINION_ANSWER = Article(
    _REGULATIONS,
    "第三十三条",
    "决定机关自收到提前解除、延长期限的意见之日起七日内决定；决定书送达后二十四小时以内"
    "通知家属、单位和户籍所在地派出所。",
    _REGULATIONS_FROM,
)
RELEASE_NOTICE = Article(
    _REGULATIONS,
    "第三十四条",
    "解除三日前通知作出决定的公安机关；通知家属、所在单位、户籍所在地派出所将其领回。",
    _REGULATIONS_FROM,
)
RELEASE = Article(
    _REGULATIONS,
    "第三十四条",
    "解除强制隔离戒毒的，出具解除强制隔离戒毒证明书并送达本人。",
    _REGULATIONS_FROM,
)
ASSESSMENT_DELEGATED = Article(
    _REGULATIONS, "第三十五条", "诊断评估办法由国务院有关部门制定。", _REGULATIONS_FROM
)
HELD_ELSEWHERE = Article(
    _REGULATIONS,
    "第三十六条",
    "被收监、收容教育、拘留、逮捕的，强制隔离戒毒期限连续计算；解除时未满期限的，继续执行。",
    _REGULATIONS_FROM,
)
COMMUNITY_ORDER = Article(
    _REGULATIONS,
    "第三十七条",
    "决定机关可以责令被解除的人员接受不超过三年的社区康复；在街道、乡镇执行，"
    "经本人同意也可以在戒毒康复场所执行。",
    _REGULATIONS_FROM,
)
COMMUNITY_REPORT = Article(
    _REGULATIONS,
    "第三十八条第一款",
    "自收到责令社区康复决定书之日起十五日内报到，签订社区康复协议。",
    _REGULATIONS_FROM,
)
EARLY_RELEASE_BARRED = Article(
    _REGULATIONS,
    "第三十八条第二款",
    "拒绝接受或者严重违反社区康复协议并再次吸毒被决定强制隔离戒毒的，不得提前解除。",
    _REGULATIONS_FROM,
)
LEAK = Article(
    _REGULATIONS,
    "第四十三条",
    "工作人员泄露戒毒人员个人信息的，依法给予处分；构成犯罪的，追究刑事责任。",
    _REGULATIONS_FROM,
)
STAFF_LIABILITY = Article(
    _REGULATIONS,
    "第四十五条",
    "侮辱、虐待戒毒人员，收受、侵占财物，擅自使用、损毁代为保管的物品，传递物品，"
    "在诊断评估中弄虚作假，私放戒毒人员等，依法处分；构成犯罪的，追究刑事责任。",
    _REGULATIONS_FROM,
)

# 《司法行政机关强制隔离戒毒工作规定》（司法部令第127号） ----

_WORK_RULES = "司法行政机关强制隔离戒毒工作规定"
_WORK_RULES_FROM = date(2013, 6, 1)

PRINCIPLES = Article(
    _WORK_RULES, "第二条", "以人为本、科学戒毒、综合矫治、关怀救助。", _WORK_RULES_FROM
)
RECEIVED_FROM_POLICE = Article(
    _WORK_RULES,
    "第三条",
    "接收公安机关依法决定、在其场所执行三个月至六个月后或者按省级安排移送的人员。",
    _WORK_RULES_FROM,
)
OFFICER_CONDUCT = Article(
    _WORK_RULES,
    "第四条",
    "人民警察严格、公正、廉洁、文明执法，尊重戒毒人员人格。",
    _WORK_RULES_FROM,
)
WOMEN_AND_MINORS = Article(
    _WORK_RULES,
    "第六条",
    "有条件的，单独设置收治女性、未成年戒毒人员的强制隔离戒毒所。",
    _WORK_RULES_FROM,
)
RECEIVE_ON_DECISION = Article(
    _WORK_RULES,
    "第十一条",
    "凭县级以上公安机关的强制隔离戒毒决定书接收。",
    _WORK_RULES_FROM,
    confirmed=False,
)
ENTRY_HEALTH_CHECK = Article(
    _WORK_RULES,
    "第十二条",
    "接收时核对身份，进行必要的健康检查，填写入所健康状况检查表。",
    _WORK_RULES_FROM,
    confirmed=False,
)
ENTRY_INJURY = Article(
    _WORK_RULES,
    "第十二条",
    "身体有伤的，予以记录，由移送人民警察和戒毒人员本人签字确认。",
    _WORK_RULES_FROM,
    confirmed=False,
)
NOT_RECEIVED = Article(
    _WORK_RULES,
    "第十三条",
    "怀孕或者正在哺乳自己不满一周岁婴儿的妇女，不予接收。",
    _WORK_RULES_FROM,
    confirmed=False,
)
PREGNANCY_TEST = Article(
    _WORK_RULES, "第十三条", "对女性进行妊娠检查。", _WORK_RULES_FROM, confirmed=False
)
TWO_SEARCHERS = Article(
    _WORK_RULES,
    "第十四条",
    "身体和物品检查由两名以上人民警察进行，女性由女性人民警察检查。",
    _WORK_RULES_FROM,
    confirmed=False,
)
BELONGINGS_SIGNED = Article(
    _WORK_RULES,
    "第十四条",
    "生活必需品以外的物品登记后由本人签字，交其指定的近亲属领回或者由场所代为保管。",
    _WORK_RULES_FROM,
    confirmed=False,
)
ENTRY_REGISTER = Article(
    _WORK_RULES,
    "第十五条",
    "填写入所登记表，核对公安机关移交的档案材料。",
    _WORK_RULES_FROM,
    confirmed=False,
)
FAMILY_NOTICE = Article(
    _WORK_RULES,
    "第十六条",
    "自入所之日起五日内书面通知家属。",
    _WORK_RULES_FROM,
    confirmed=False,
)
MANAGED_BY_WOMEN = Article(
    _WORK_RULES,
    "第十八条",
    "女性戒毒人员由女性人民警察管理；由人民警察直接管理，不得由戒毒人员代管。",
    _WORK_RULES_FROM,
    confirmed=False,
)
OUTING = Article(
    _WORK_RULES,
    "第二十四条",
    "配偶、直系亲属病危、死亡或者家庭有其他重大变故的，凭医院、派出所、单位或者街道的证明可以批准外出探视；"
    "也可以因戒治效果好批准。",
    _WORK_RULES_FROM,
    confirmed=False,
)
OUTING_LIMIT = Article(
    _WORK_RULES,
    "第二十五条",
    "外出探视连同路途不超过十日；无不可抗力逾期不归的，按脱逃处理。",
    _WORK_RULES_FROM,
    confirmed=False,
)
OUTING_TEST = Article(
    _WORK_RULES,
    "第二十六条",
    "外出探视回所时进行毒品检测；阳性的，不得提出提前解除意见。",
    _WORK_RULES_FROM,
    confirmed=False,
)
SINGLE_MANAGEMENT = Article(
    _WORK_RULES,
    "第三十条",
    "单独管理须经所长批准，紧急的先行采取并在二十四小时内补批；每次不超过五日，不得连续使用。",
    _WORK_RULES_FROM,
    confirmed=False,
)
DEATH = Article(
    _WORK_RULES,
    "",
    "死亡的，立即报告主管机关，通知家属、决定机关和所在地人民检察院；"
    "家属对死因有异议的，可以委托鉴定。",
    _WORK_RULES_FROM,
    confirmed=False,
)
ARCHIVE = Article(
    _WORK_RULES,
    "",
    "建立戒毒人员档案；除法律明确规定外，不得对外提供。",
    _WORK_RULES_FROM,
    confirmed=False,
)
TARGETED_TREATMENT = Article(
    _WORK_RULES,
    "第三十五条",
    "根据毒品种类、成瘾程度和戒断症状进行有针对性的治疗，衔接公安机关场所的治疗。",
    _WORK_RULES_FROM,
    confirmed=False,
)
MEDICAL_RECORD = Article(
    _WORK_RULES,
    "第三十六条",
    "建立个人病历；依法使用麻醉药品、精神药品；不得以戒毒人员进行药物试验。",
    _WORK_RULES_FROM,
    confirmed=False,
)
RESTRAINT = Article(
    _WORK_RULES,
    "第四十条",
    "可能自伤自残的，经所长批准可以采取保护性约束措施，由人民警察和医务人员密切观察，"
    "危险消除立即解除。",
    _WORK_RULES_FROM,
)
OUTSIDE_HOSPITALS = Article(
    _WORK_RULES, "第四十一条", "与所在地医疗机构建立医疗协作关系。", _WORK_RULES_FROM
)
PHYSICAL_TRAINING = Article(
    _WORK_RULES,
    "第四十二条",
    "通过体育锻炼、娱乐活动、生活技能训练等方式进行康复训练。",
    _WORK_RULES_FROM,
)
LABOUR = Article(
    _WORK_RULES,
    "第四十三条",
    "组织有劳动能力的人员劳动并支付报酬；每周不超过五日，每日不超过六小时，法定节假日不得安排。",
    _WORK_RULES_FROM,
)
LABOUR_SAFETY = Article(
    _WORK_RULES,
    "第四十四条",
    "建立安全生产制度，不得从事易燃易爆、危险或者影响戒毒康复的劳动。",
    _WORK_RULES_FROM,
)
ENTRY_EDUCATION = Article(_WORK_RULES, "第四十五条", "入所教育不少于一个月。", _WORK_RULES_FROM)
EDUCATION = Article(
    _WORK_RULES,
    "第四十六条",
    "进行卫生、法制、道德、形势教育和文化、职业技能教育，组织考核。",
    _WORK_RULES_FROM,
    confirmed=False,
)
PSYCHOLOGY = Article(
    _WORK_RULES,
    "第四十七条",
    "开展心理健康教育、咨询和心理矫治，建立心理档案。",
    _WORK_RULES_FROM,
    confirmed=False,
)
PRE_RELEASE_EDUCATION = Article(
    _WORK_RULES,
    "第五十条",
    "解除前进行回归社会教育，时间不少于一周。",
    _WORK_RULES_FROM,
    confirmed=False,
)
RELEASE_ON_EXPIRY = Article(
    _WORK_RULES,
    "第五十八条",
    "期满且经诊断评估达到标准的，应当解除强制隔离戒毒。",
    _WORK_RULES_FROM,
)
RELEASE_NOTICE_FAMILY = Article(
    _WORK_RULES,
    "第五十九条",
    "解除三日前通知决定机关，同时通知家属、所在单位、户籍所在地派出所；"
    "无人领回自行离所的，及时通知决定机关；所外就医的召回办理手续。",
    _WORK_RULES_FROM,
    confirmed=False,
)
CERTIFICATE = Article(
    _WORK_RULES,
    "第六十条",
    "发给解除强制隔离戒毒证明书，返还代为保管的物品。",
    _WORK_RULES_FROM,
    confirmed=False,
)
HANDED_OVER = Article(
    _WORK_RULES,
    "第六十一条",
    "被拘留、逮捕、收监的，凭法律文书移交并通知决定机关；释放后继续执行剩余期限。",
    _WORK_RULES_FROM,
    confirmed=False,
)

# 《强制隔离戒毒诊断评估办法》（公通字〔2013〕32号） ----

_ASSESSMENT = "强制隔离戒毒诊断评估办法"
_ASSESSMENT_FROM = date(2013, 9, 2)

ASSESSMENT_PARTS = Article(
    _ASSESSMENT,
    "第二条",
    "对生理脱毒、身心康复、行为表现、社会环境与适应能力等情况进行综合考核、客观评价。",
    _ASSESSMENT_FROM,
)
ASSESSMENT_BASIS = Article(
    _ASSESSMENT,
    "第三条",
    "诊断评估结果是按期解除、提前解除、延长期限以及责令社区康复的直接依据。",
    _ASSESSMENT_FROM,
)
ASSESSMENT_FAIR = Article(
    _ASSESSMENT, "第四条", "诊断评估应当依法、科学、公正、公开。", _ASSESSMENT_FROM
)
ASSESSMENT_COMMITTEE = Article(
    _ASSESSMENT,
    "第五条",
    "公安机关、司法行政部门分别设立诊断评估工作指导委员会。",
    _ASSESSMENT_FROM,
)
ASSESSMENT_GRADES = Article(
    _ASSESSMENT,
    "第六条",
    "生理脱毒、身心康复、行为表现评为合格、不合格；社会环境与适应能力评为良好、一般。",
    _ASSESSMENT_FROM,
)
DETOX_CRITERIA = Article(
    _ASSESSMENT,
    "第七条",
    "生理脱毒：毒品检测阴性；停止使用控制或者缓解戒断症状的药物；急性戒断症状完全消除；"
    "无明显稽延性戒断症状；无明显精神症状或者原有精神障碍得到控制。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
RECOVERY_CRITERIA = Article(
    _ASSESSMENT,
    "第八条",
    "身心康复：身体机能和体能改善；戒毒动机明确、信心增强，掌握防复吸方法；无严重心理问题；"
    "有改善家庭、社会关系的愿望和行动。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
CONDUCT_CRITERIA = Article(
    _ASSESSMENT,
    "第九条",
    "行为表现：遵规守纪，接受治疗和教育，参加康复训练和劳动，如实坦白检举，按日常考核衡量。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
SOCIAL_CRITERIA = Article(
    _ASSESSMENT,
    "第十条",
    "社会环境与适应能力：签订帮教协议，家庭或者社区支持，接受监督帮助，"
    "有一定谋生技能，有稳定收入或者固定住所。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
ASSESSMENT_HANDBOOK = Article(
    _ASSESSMENT,
    "",
    "入所后七日内建立诊断评估手册。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
OBJECTION = Article(
    _ASSESSMENT,
    "",
    "评估意见应当公示；本人有异议的可以提出，由没有参加评估的人员复核，书面答复本人。",
    _ASSESSMENT_FROM,
    confirmed=False,
)
ASSESSMENT_TIMES = Article(
    _ASSESSMENT,
    "",
    "生理脱毒后、满一年时和期满前分别进行诊断评估。",
    _ASSESSMENT_FROM,
    confirmed=False,
)

# 其他法律法规 ----

_COMPENSATION = "国家赔偿法"
UNLAWFUL_CUSTODY = Article(
    _COMPENSATION,
    "第三条",
    "违法采取限制人身自由的强制措施的，受害人有取得赔偿的权利。",
    date(2013, 1, 1),
)
COMPENSATION_PER_DAY = Article(
    _COMPENSATION,
    "第三十三条",
    "侵犯公民人身自由的，按日支付赔偿金。",
    date(2013, 1, 1),
)

_PERSONAL_INFORMATION = "个人信息保护法"
NO_AUTOMATED_DECISION = Article(
    _PERSONAL_INFORMATION,
    "第二十四条",
    "对个人权益有重大影响的决定，个人有权要求说明，并有权拒绝仅以自动化方式作出。",
    date(2021, 11, 1),
)
CONSENT_WITHDRAWN = Article(
    _PERSONAL_INFORMATION,
    "第十五条",
    "基于个人同意处理个人信息的，个人有权撤回同意。",
    date(2021, 11, 1),
)
CONSENT = Article(
    _PERSONAL_INFORMATION,
    "第十三条",
    "取得个人同意，或者为履行法定职责等所必需，方可处理个人信息。",
    date(2021, 11, 1),
)
SENSITIVE_INFORMATION = Article(
    _PERSONAL_INFORMATION,
    "第二十八条",
    "敏感个人信息只有在特定目的和充分必要、采取严格保护措施的情形下方可处理。",
    date(2021, 11, 1),
)
INFORMATION_CORRECTED = Article(
    _PERSONAL_INFORMATION,
    "第四十六条",
    "个人发现其个人信息不准确或者不完整的，有权请求更正、补充；经核实应当及时更正、补充。",
    date(2021, 11, 1),
)

_MINORS = "未成年人保护法"
MINORS_CASES = Article(
    _MINORS,
    "第一百零一条",
    "办理涉及未成年人案件的人员应当熟悉未成年人身心特点，设立专门机构或者指定专门人员。",
    date(2021, 6, 1),
)
MINORS_PUNISHED = Article(
    _MINORS,
    "第一百一十三条",
    "对违法犯罪的未成年人实行教育、感化、挽救，坚持教育为主、惩罚为辅。",
    date(2021, 6, 1),
)

_TESTING = "吸毒检测程序规定"
TWO_TESTERS = Article(
    _TESTING,
    "第八条",
    "采集、送检、检测由两名以上工作人员进行；采集女性的尿液，由女性工作人员进行。",
    date(2010, 1, 1),
)

RIGHTS_NOTICE = Article(
    "公安机关强制隔离戒毒所管理办法",
    "第二十一条",
    "入所二十四小时内谈话，书面告知权利义务（公安机关场所的规定，参照执行）。",
    date(2011, 9, 28),
)
DAYS_COUNTED = Article(
    "公安机关办理行政案件程序规定",
    "第三十五条",
    "期间开始之日不计算在内；限制人身自由的期限在节假日届满的，不顺延（参照执行）。",
    date(2013, 1, 1),
)
DETENTION_CONTINUES = Article(
    "公安机关办理行政案件程序规定",
    "第二百二十一条",
    "强制隔离戒毒期间被行政拘留等的，强制隔离戒毒期限连续计算。",
    date(2013, 1, 1),
)
RECONSIDERATION = Article(
    "行政复议法",
    "第二十条",
    "自知道或者应当知道该行政行为之日起六十日内可以提出行政复议申请。",
    date(2024, 1, 1),
)
LITIGATION = Article(
    "行政诉讼法",
    "第四十六条",
    "自知道或者应当知道作出行政行为之日起六个月内可以提起诉讼。",
    date(2017, 7, 1),
)
LEGAL_AID = Article(
    "法律援助法",
    "第三十九条",
    "收到法律援助申请的，在二十四小时内转交法律援助机构。",
    date(2022, 1, 1),
)

BY_CODE: Mapping[str, Article] = MappingProxyType(
    {name: value for name, value in globals().items() if isinstance(value, Article)}
)
ALL: tuple[Article, ...] = tuple(BY_CODE.values())
_CODES = {article: code for code, article in BY_CODE.items()}

"""What each permission is called on the page of a role, under which heading."""

from collections.abc import Mapping
from types import MappingProxyType

from rehab.permissions import Permission as P

GROUPS: Mapping[str, Mapping[P, str]] = MappingProxyType(
    {
        "档案": {
            P.CASE_VIEW: "查看人员名单和档案",
            P.CASE_SEARCH: "查找人员",
            P.IDENTITY_UNMASK: "查看封存的身份信息（留痕）",
            P.PERSON_CORRECT: "更正人员信息",
            P.MERGE_PROPOSE: "提请合并人员",
            P.MERGE_CONFIRM: "确认、撤销合并人员",
            P.DOCUMENT_VIEW: "查看文书",
            P.DOCUMENT_SERVE: "送达文书",
        },
        "收治": {
            P.ROSTER_VIEW: "查看移送名册",
            P.ROSTER_IMPORT: "导入移送名册",
            P.ARRIVAL_VIEW: "查看今日待收",
            P.ARRIVAL_REGISTER: "登记到所人员",
            P.ARRIVAL_DECIDE: "收治、暂不接收、不予接收",
            P.COMPLETION_RECORD: "办理入所事项",
        },
        "四区": {
            P.ROLL_VIEW: "查看点名记录",
            P.ROLL_RECORD: "记录、更正点名",
            P.ZONE_MOVE_VIEW: "查看分区流转",
            P.ZONE_MOVE_PROPOSE: "提请转区",
            P.ZONE_MOVE_APPROVE: "批准转区",
            P.ZONE_MOVE_RECEIVE: "接收转区",
            P.BED_CHANGE: "调整床位，隔离和解除隔离",
            P.LEAVE_GRANT: "批准所外就医",
            P.OUTING_PROPOSE: "提请外出探视",
            P.OUTING_APPROVE: "批准外出探视",
            P.ABSENCE_RECORD: "离所登记、回所登记，提请脱逃事项",
            P.ESCAPE_CONFIRM: "确认脱逃期间不计入期限、撤销脱逃登记",
            P.KEEP_APART: "登记、终止分开管理，查看其理由",
            P.TRANSFER_PROPOSE: "提请、撤回转所",
            P.TRANSFER_APPROVE: "批准、退回转所",
            P.TRANSFER_HAND_OVER: "转所移交、接收、退回，告知家属",
        },
        "五大专业中心": {
            P.MEDICAL_VIEW: "查看戒毒医疗记录",
            P.MEDICAL_RECORD: "记录戒毒医疗",
            P.EDUCATION_VIEW: "查看教育矫正记录",
            P.EDUCATION_RECORD: "记录教育矫正",
            P.PSYCHOLOGY_VIEW: "查看心理矫治记录",
            P.PSYCHOLOGY_RECORD: "记录心理矫治",
            P.TRAINING_VIEW: "查看康复训练记录",
            P.TRAINING_RECORD: "记录康复训练",
            P.CONDUCT_VIEW: "查看月考核",
            P.CONDUCT_MARK: "评定月考核",
            P.CONDUCT_CONFIRM: "复核月考核",
            P.SOCIAL_RECORD: "填写社会环境与适应能力",
            P.PERSON_TELL: "制作本人情况告知单",
            P.ASSESSMENT_VIEW: "查看诊断评估",
            P.ASSESSMENT_DRAFT: "拟定诊断评估",
            P.ASSESSMENT_CONCLUDE: "作出诊断评估结论",
        },
        "解除与照管": {
            P.TERM_RECORD: "登记延长、提前解除决定，提请撤销登记",
            P.TERM_CONFIRM: "确认延长、提前解除决定，撤销登记",
            P.TERM_REVIEW: "复核期满日过后登记的延长决定",
            P.RELEASE_VIEW: "查看解除",
            P.RELEASE_PREPARE: "登记解除准备",
            P.RELEASE_NOTIFY: "发出解除前通知",
            P.RELEASE_CARRY_OUT: "办理解除出所",
            P.CONVERSION_PROPOSE: "提请变更为社区戒毒",
            P.ENDING_RECORD: "登记死亡及其报告、通知，登记决定撤销、办理其离所，登记变更的决定",
            P.ENDING_CONFIRM: "确认死亡登记，撤回决定撤销登记，报送变更建议",
            P.AGREEMENT_VIEW: "查看照管协议",
            P.AGREEMENT_OFFER: "征询照管协议",
            P.AGREEMENT_SIGN: "签订照管协议",
            P.CONTACT_RECORD: "记录照管联系",
        },
        "统计与规则": {
            P.DASHBOARD_VIEW: "查看运行看板",
            P.METRIC_EXPORT: "导出名单和指标",
            P.API_READ: "读取接口",
            P.TERM_CHECK: "期限体检",
            P.RULE_APPROVE: "拟定、确认省级规则",
            P.DELEGATION_GIVE: "委托值班领导",
        },
        "三员": {
            P.PLACE_MANAGE: "管理机构、床位、照管站",
            P.ACCOUNT_MANAGE: "管理账号和任职",
            P.ROLE_MANAGE: "管理角色、授权，重置密码和动态口令",
            P.AUDIT_VIEW: "查看审计记录",
        },
    }
)
EVERYBODYS = frozenset({P.WORKLIST_VIEW, P.NOTICE_VIEW, P.DRAFT_KEEP, P.PASSWORD_CHANGE})

"""The roles an installation starts with. After that they are rows, shaped by the security administrator."""

from dataclasses import dataclass

from rehab.permissions import Permission as P
from rehab.states import Reach


@dataclass(frozen=True)
class RoleStart:
    code: str
    display_name: str
    description: str
    reach: Reach
    permissions: frozenset[P]


_EVERYDAY = frozenset({P.WORKLIST_VIEW, P.NOTICE_VIEW, P.DRAFT_KEEP, P.PASSWORD_CHANGE})
_CASES = _EVERYDAY | {P.CASE_VIEW, P.CASE_SEARCH, P.DASHBOARD_VIEW, P.METRIC_EXPORT, P.API_READ}
_CENTER = _CASES | {P.ASSESSMENT_VIEW, P.ZONE_MOVE_VIEW}

STARTING_ROLES = (
    RoleStart(
        "intake_officer", "收治民警", "收治岗位值班民警", Reach.FACILITY,
        _CASES | {
            P.IDENTITY_UNMASK, P.PERSON_CORRECT, P.MERGE_PROPOSE, P.ROSTER_VIEW, P.ROSTER_IMPORT,
            P.ARRIVAL_VIEW, P.ARRIVAL_REGISTER,
            P.ARRIVAL_DECIDE, P.COMPLETION_RECORD, P.DOCUMENT_VIEW, P.DOCUMENT_SERVE,
            P.RELEASE_VIEW, P.RELEASE_PREPARE, P.RELEASE_NOTIFY, P.RELEASE_CARRY_OUT, P.ABSENCE_RECORD,
            P.ENDING_RECORD,
            P.TRANSFER_PROPOSE, P.TRANSFER_HAND_OVER,
        },
    ),
    RoleStart(
        "zone_officer", "大队民警", "大队管教民警", Reach.UNIT,
        _CASES | {
            P.IDENTITY_UNMASK, P.PERSON_CORRECT, P.COMPLETION_RECORD, P.ZONE_MOVE_VIEW,
            P.ZONE_MOVE_PROPOSE,
            P.ZONE_MOVE_RECEIVE, P.CONDUCT_VIEW, P.CONDUCT_MARK, P.CONDUCT_CONFIRM,
            P.SOCIAL_RECORD, P.ASSESSMENT_VIEW, P.RELEASE_VIEW, P.AGREEMENT_VIEW,
            P.AGREEMENT_OFFER, P.DOCUMENT_VIEW, P.KEEP_APART, P.BED_CHANGE, P.ROLL_VIEW, P.ROLL_RECORD,
            P.PERSON_TELL, P.OUTING_PROPOSE, P.RELEASE_PREPARE, P.TRANSFER_PROPOSE,
            P.OPINION_VIEW, P.OPINION_OBJECT,
        },
    ),
    RoleStart(
        "zone_leader", "大队长", "大队领导", Reach.UNIT,
        _CASES | {
            P.IDENTITY_UNMASK, P.ZONE_MOVE_VIEW, P.ZONE_MOVE_APPROVE, P.CONDUCT_VIEW,
            P.CONDUCT_CONFIRM, P.ASSESSMENT_VIEW, P.RELEASE_VIEW, P.DOCUMENT_VIEW,
            P.DELEGATION_GIVE, P.KEEP_APART, P.BED_CHANGE, P.ROLL_VIEW, P.ROLL_RECORD, P.PERSON_TELL,
            P.OPINION_VIEW, P.OPINION_OBJECT,
        },
    ),
    RoleStart(
        "clinician", "戒毒医疗中心人员", "执业医师、护士", Reach.FACILITY,
        _CENTER | {P.MEDICAL_VIEW, P.MEDICAL_RECORD, P.COMPLETION_RECORD, P.ARRIVAL_VIEW, P.CONVERSION_PROPOSE},
    ),
    RoleStart(
        "educator", "教育矫正中心人员", "教师、教育专干", Reach.FACILITY,
        _CENTER | {P.EDUCATION_VIEW, P.EDUCATION_RECORD},
    ),
    RoleStart(
        "counsellor", "心理矫治中心人员", "心理咨询师", Reach.FACILITY,
        _CENTER | {P.PSYCHOLOGY_VIEW, P.PSYCHOLOGY_RECORD},
    ),
    RoleStart(
        "trainer", "康复训练中心人员", "康复训练师", Reach.FACILITY,
        _CENTER | {P.TRAINING_VIEW, P.TRAINING_RECORD},
    ),
    RoleStart(
        "assessor", "诊断评估中心人员", "诊断评估办公室人员", Reach.FACILITY,
        _CENTER | {
            P.ASSESSMENT_DRAFT, P.ASSESSMENT_CONCLUDE, P.COMPLETION_RECORD, P.CONDUCT_VIEW,
            P.RELEASE_VIEW, P.DOCUMENT_VIEW, P.PERSON_TELL, P.TERM_CHECK, P.TERM_RECORD,
            P.OPINION_VIEW, P.OPINION_PROPOSE, P.OPINION_OBJECT, P.OPINION_REVIEW, P.DOCUMENT_SERVE,
        },
    ),
    RoleStart(
        "committee_member", "诊断评估委员会成员", "诊断评估工作指导委员会成员", Reach.FACILITY,
        _CASES | {
            P.ASSESSMENT_VIEW, P.ASSESSMENT_CONCLUDE, P.CONDUCT_VIEW, P.OPINION_VIEW,
            P.OPINION_OBJECT, P.OPINION_REVIEW,
        },
    ),
    RoleStart(
        "facility_leader", "所领导", "所长、政委、分管所领导", Reach.FACILITY,
        _CASES | {
            P.IDENTITY_UNMASK, P.ROSTER_VIEW, P.ARRIVAL_VIEW, P.ZONE_MOVE_VIEW, P.CONDUCT_VIEW,
            P.ASSESSMENT_VIEW, P.RELEASE_VIEW, P.AGREEMENT_VIEW, P.DOCUMENT_VIEW, P.LEAVE_GRANT,
            P.DELEGATION_GIVE, P.KEEP_APART, P.BED_CHANGE, P.MERGE_CONFIRM, P.ROLL_VIEW,
            P.ABSENCE_RECORD, P.ESCAPE_CONFIRM, P.PERSON_TELL, P.ENDING_RECORD, P.ENDING_CONFIRM,
            P.CONVERSION_PROPOSE,
            P.TERM_CHECK, P.TERM_CONFIRM, P.OUTING_APPROVE, P.TRANSFER_APPROVE,
            P.OPINION_VIEW, P.OPINION_SIGN,
        },
    ),
    RoleStart(
        "aftercare_worker", "后续照管站工作人员", "指导站、工作站、服务站人员", Reach.STATION,
        _EVERYDAY | {
            P.CASE_VIEW, P.CASE_SEARCH, P.DASHBOARD_VIEW, P.METRIC_EXPORT,
            P.AGREEMENT_VIEW, P.AGREEMENT_SIGN, P.CONTACT_RECORD,
        },
    ),
    RoleStart(
        "bureau_viewer", "省局分析员", "省级戒毒管理局统计分析人员", Reach.PROVINCE,
        _CASES | {P.RELEASE_VIEW, P.TERM_CHECK, P.OPINION_VIEW},  # names stand masked on the pages these open
    ),
    RoleStart(
        "bureau_approver", "省局审批人员", "省级戒毒管理局业务处室负责人", Reach.PROVINCE,
        _CASES | {P.RELEASE_VIEW, P.RULE_APPROVE, P.TERM_CHECK, P.TERM_REVIEW, P.TRANSFER_APPROVE, P.OPINION_VIEW},
    ),
    RoleStart(
        "ministry_viewer", "部局分析员", "司法部戒毒管理局人员", Reach.NATION,
        _EVERYDAY | {P.CASE_VIEW, P.CASE_SEARCH, P.DASHBOARD_VIEW, P.METRIC_EXPORT, P.API_READ},
    ),
    RoleStart(
        "system_admin", "系统管理员", "三员之一：机构、床位、账号", Reach.NONE,
        _EVERYDAY | {P.PLACE_MANAGE, P.ACCOUNT_MANAGE},
    ),
    RoleStart(
        "security_admin", "安全管理员", "三员之一：角色、范围、口令重置", Reach.NONE,
        _EVERYDAY | {P.ROLE_MANAGE},
    ),
    RoleStart(
        "audit_admin", "审计管理员", "三员之一：查阅留痕与执法记录的审计", Reach.NONE,
        _EVERYDAY | {P.AUDIT_VIEW},
    ),
)  # fmt: skip

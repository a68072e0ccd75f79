"""Who works in the demo: one account for every role, with a random password, and staff behind them."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from rehab.actions import setup
from rehab.models import Bureau, Facility, Station, Unit, User
from rehab.states import Sex
from reporting.demo.places import Places
from reporting.models import DemoLogin

MALE, FEMALE = Sex.MALE, Sex.FEMALE
PASSWORD_LENGTH = 12
CIVILIANS = ("clinician", "educator", "counsellor", "trainer", "aftercare_worker")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read for something else


@dataclass(frozen=True)
class Plan:
    """An account to open: who, in which role, where."""

    username: str
    display_name: str
    sex: Sex
    role: str
    where: str = ""  # 大队, 站 or bureau; empty: the facility


SIGNED_IN = (  # of SL01 and of those above it: each with a password, in the order of `logins`
    Plan("intake1", "王警官（示例）", MALE, "intake_officer"),
    Plan("intake2", "李警官（示例）", FEMALE, "intake_officer"),
    Plan("zone1", "张警官（示例）", MALE, "zone_officer", "一大队"),
    Plan("zone1b", "刘警官（示例）", FEMALE, "zone_officer", "一大队"),
    Plan("zone2", "陈警官（示例）", MALE, "zone_officer", "二大队"),
    Plan("zone3", "杨警官（示例）", MALE, "zone_officer", "三大队"),
    Plan("zone4", "赵警官（示例）", FEMALE, "zone_officer", "四大队"),
    Plan("zone5", "黄警官（示例）", MALE, "zone_officer", "五大队"),
    Plan("lead1", "周大队长（示例）", MALE, "zone_leader", "一大队"),
    Plan("lead2", "吴大队长（示例）", FEMALE, "zone_leader", "二大队"),
    Plan("lead3", "徐大队长（示例）", MALE, "zone_leader", "三大队"),
    Plan("lead4", "孙大队长（示例）", MALE, "zone_leader", "四大队"),
    Plan("lead5", "马大队长（示例）", MALE, "zone_leader", "五大队"),
    Plan("medic1", "朱医生（示例）", MALE, "clinician"),
    Plan("medic2", "胡医生（示例）", FEMALE, "clinician"),
    Plan("teacher", "郭老师（示例）", FEMALE, "educator"),
    Plan("psych", "何咨询师（示例）", FEMALE, "counsellor"),
    Plan("trainer", "林训练师（示例）", MALE, "trainer"),
    Plan("assess1", "高评估员（示例）", MALE, "assessor"),
    Plan("assess2", "梁评估员（示例）", FEMALE, "assessor"),
    Plan("committee", "郑委员（示例）", MALE, "committee_member"),
    Plan("head1", "罗所长（示例）", MALE, "facility_leader"),
    Plan("head2", "宋政委（示例）", FEMALE, "facility_leader"),
    Plan("station", "谢专干（示例）", FEMALE, "aftercare_worker", "工作站"),
    Plan("bureau", "唐分析员（示例）", MALE, "bureau_viewer", "示例省"),
    Plan("approver", "韩处长（示例）", MALE, "bureau_approver", "示例省"),
    Plan("approver2", "许副处长（示例）", FEMALE, "bureau_approver", "示例省"),
    Plan("ministry", "冯分析员（示例）", FEMALE, "ministry_viewer", "部"),
    Plan("sysadmin", "于管理员（示例）", MALE, "system_admin", "示例省"),
    Plan("secadmin", "董管理员（示例）", FEMALE, "security_admin", "示例省"),
    Plan("auditor", "萧管理员（示例）", MALE, "audit_admin", "示例省"),
)


def _staff(sex: Sex) -> tuple[Plan, ...]:
    """A small facility's people; nobody signs in as them."""
    return (
        Plan("intake1", "收治民警甲（示例）", sex, "intake_officer"),
        Plan("intake2", "收治民警乙（示例）", sex, "intake_officer"),
        *(
            Plan(f"zone{n}", f"{name}民警（示例）", sex, "zone_officer", name)
            for n, name in enumerate(("一大队", "二大队", "三大队", "四大队"), start=1)
        ),
        *(
            Plan(f"lead{n}", f"{name}大队长（示例）", sex, "zone_leader", name)
            for n, name in enumerate(("一大队", "二大队", "三大队", "四大队"), start=1)
        ),
        Plan("medic1", "医生甲（示例）", sex, "clinician"),
        Plan("medic2", "医生乙（示例）", sex, "clinician"),
        Plan("teacher", "教师（示例）", sex, "educator"),
        Plan("psych", "咨询师（示例）", sex, "counsellor"),
        Plan("trainer", "训练师（示例）", sex, "trainer"),
        Plan("assess1", "评估员甲（示例）", sex, "assessor"),
        Plan("assess2", "评估员乙（示例）", sex, "assessor"),
        Plan("head1", "所长（示例）", sex, "facility_leader"),
    )


BEHIND = {"SL02": _staff(MALE), "SL03": _staff(FEMALE), "YB01": _staff(MALE)}
ELSEWHERE = (
    Plan("yb-station", "照管专干（示例）", MALE, "aftercare_worker", "样本工作站"),
    Plan("yb-approver", "处长（示例）", MALE, "bureau_approver", "样本省"),
)


def open_all(places: Places, *, at: datetime) -> Mapping[tuple[str, str], User]:
    """Open every account; found again by (facility, name), "" for those above the facilities."""
    users: dict[tuple[str, str], User] = {}
    for rank, plan in enumerate(SIGNED_IN):
        password = "".join(secrets.choice(ALPHABET) for _ in range(PASSWORD_LENGTH))
        user = _open(plan, plan.username, _place(places, "SL01", plan), password, at=at)
        DemoLogin.objects.create(user=user, password=password, rank=rank)
        users["SL01", plan.username] = user
    for code, plans in BEHIND.items():
        for plan in plans:
            username = f"{code.lower()}-{plan.username}"
            user = _open(plan, username, _place(places, code, plan), None, at=at)
            users[code, plan.username] = user
    for plan in ELSEWHERE:
        users["", plan.username] = _open(
            plan, plan.username, _place(places, "YB01", plan), None, at=at
        )
    return users


def _place(places: Places, code: str, plan: Plan) -> Bureau | Facility | Unit | Station:
    if plan.where == "部":
        return places.ministry
    if plan.where in places.provinces:
        return places.provinces[plan.where]
    if plan.where in places.stations:
        return places.stations[plan.where]
    return places.unit(code, plan.where) if plan.where else places.facilities[code]


def _open(
    plan: Plan,
    username: str,
    place: Bureau | Facility | Unit | Station,
    password: str | None,
    *,
    at: datetime,
) -> User:
    return setup.open_account(
        username=username,
        display_name=plan.display_name,
        sex=plan.sex,
        role=plan.role,
        place=place,
        password=password,
        at=at,
        police_number="" if plan.role in CIVILIANS else f"示例{username}",
        is_demo=True,
    )

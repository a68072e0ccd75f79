"""账号、任职、角色的规则: who may be appointed by whom, and what one role may not hold together."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from rehab.refusal import Obstacle

# words of `rehab.permissions.Permission`
EVERYDAY = frozenset({"worklist.view", "notice.view", "draft.keep", "password.change"})
ADMINISTRATIONS = {  # 三员: what each of the three looks after
    "系统管理": frozenset({"place.manage", "account.manage"}),
    "安全管理": frozenset({"role.manage"}),
    "审计管理": frozenset({"audit.view"}),
}
OF_ADMINISTRATORS = frozenset[str]().union(*ADMINISTRATIONS.values())
DELEGABLE = frozenset(  # what decides
    {
        "zone_move.approve",
        "conduct.confirm",
        "leave.grant",
        "outing.approve",
        "merge.confirm",
        "escape.confirm",
        "term.confirm",
        "transfer.approve",
    }
)
LONGEST_DELEGATION = 31  # calendar days, both ends counted
REACHES_OF = {  # kind of place → reaches of the roles that are held there, words of states.Reach
    "unit": frozenset({"unit"}),
    "facility": frozenset({"facility", "none"}),
    "station": frozenset({"station"}),
    "province": frozenset({"province", "none"}),
    "city": frozenset({"province", "none"}),
    "ministry": frozenset({"nation", "none"}),
}


def is_administrator(permissions: Collection[str]) -> bool:
    """Whether a role with these permissions is one of the three administrators."""
    return not OF_ADMINISTRATORS.isdisjoint(permissions)


def role_obstacles(*, permissions: Collection[str], reach: str) -> tuple[Obstacle, ...]:
    """Why a role may not be shaped so: 三员分立."""
    held = [name for name, words in ADMINISTRATIONS.items() if words & set(permissions)]
    business = set(permissions) - OF_ADMINISTRATORS - EVERYDAY
    obstacles = []
    if len(held) > 1:
        obstacles.append(Obstacle(f"{'、'.join(held)}须分立，不得集于一个角色"))
    if held and business:
        obstacles.append(Obstacle(f"{held[0]}的权限不得与业务权限集于一个角色（三员分立）"))
    if held and reach != "none":
        obstacles.append(Obstacle(f"{held[0]}的角色须“不涉案件”，可见范围内不得有人员"))
    if not held and reach == "none" and business:
        obstacles.append(Obstacle("“不涉案件”的角色看不到人员，不得有业务权限"))
    return tuple(obstacles)


@dataclass(frozen=True)
class Appointment:
    """What an appointment is judged on."""

    name: str  # of who is appointed
    himself: bool
    role: str
    reach: str
    administrator: bool  # the role is one of the three
    was_administrator: bool | None  # he holds one of the three now; None: he holds nothing
    by_security: bool  # the security administrator appoints; else the system administrator
    place: str
    place_kind: str  # a key of REACHES_OF
    place_closed: bool
    already: bool
    active: bool


def appointment_obstacles(one: Appointment) -> tuple[Obstacle, ...]:
    """Why somebody may not be posted there."""
    obstacles = []
    if one.himself:
        obstacles.append(Obstacle("不得调整自己的任职，请由另一名管理员办理"))
    if one.administrator != one.by_security:
        whose = "安全管理员" if one.administrator else "系统管理员"
        obstacles.append(Obstacle(f"“{one.role}”的任职由{whose}办理"))
    elif one.was_administrator not in (None, one.by_security):
        whose = "安全管理员" if one.was_administrator else "系统管理员"
        obstacles.append(Obstacle(f"{one.name}现任岗位由{whose}管理，请先由其免去现任职务"))
    if one.reach not in REACHES_OF[one.place_kind]:
        obstacles.append(Obstacle(f"“{one.role}”不在{one.place}这一级任职，请另选单位"))
    if one.place_closed:
        obstacles.append(Obstacle(f"{one.place}已经撤销，请另选单位"))
    if one.already:
        obstacles.append(Obstacle(f"{one.name}现在就在{one.place}任{one.role}"))
    if not one.active:
        obstacles.append(Obstacle(f"{one.name}的账号已停用，请先恢复账号"))
    return tuple(obstacles)


def start_obstacles(
    *, starts_at: datetime, now: datetime, since: datetime | None, name: str
) -> tuple[Obstacle, ...]:
    """Why a posting may not begin then: after now, or before the one that it ends."""
    if starts_at > now:
        return (Obstacle("“到任日期”不能晚于今天：到任之日再办理"),)
    if since is not None and starts_at < since:
        return (Obstacle(f"“到任日期”不能早于{name}现任职务的到任日期"),)
    return ()


def account_obstacles(
    *, himself: bool, active: bool, wanted_active: bool, last_of: str
) -> tuple[Obstacle, ...]:
    """Why an account may not be locked or unlocked; `last_of` names the duty nobody else would hold."""
    if himself:
        return (Obstacle("不得停用或恢复自己的账号，请由另一名管理员办理"),)
    obstacles = []
    if active == wanted_active:
        obstacles.append(Obstacle("此账号已经是启用状态" if active else "此账号已经停用"))
    if not wanted_active and last_of:
        obstacles.append(Obstacle(f"此人是最后一名{last_of}，停用前请先任命另一人"))
    return tuple(obstacles)


def factor_reset_obstacles(*, himself: bool, carried: bool) -> tuple[Obstacle, ...]:
    """Why the second factor of an account may not be reset."""
    if himself:
        return (Obstacle("不得重置自己的动态口令，请由另一名安全管理员办理"),)
    if not carried:
        return (Obstacle("此账号没有设置动态口令，不需要重置"),)
    return ()


def one_time_obstacles(*, until: datetime | None, at: datetime) -> tuple[Obstacle, ...]:
    """Why a one-time secret is of no use any more; `until` is None once it was used."""
    if until is None:
        return (Obstacle("一次性口令已经用过，请联系安全管理员重新发放"),)
    if until <= at:
        return (Obstacle("一次性口令已过期，请联系安全管理员重新发放"),)
    return ()


def posting_end_obstacles(
    *, himself: bool, posted: bool, name: str, managed_here: bool, last_of: str
) -> tuple[Obstacle, ...]:
    """Why a posting may not be ended."""
    if not posted:
        return (Obstacle(f"{name}现在没有任职"),)
    obstacles = []
    if himself:
        obstacles.append(Obstacle("不得免去自己的任职，请由另一名管理员办理"))
    if not managed_here:
        obstacles.append(Obstacle(f"{name}的任职由另一名管理员办理（三员分立）"))
    if last_of:
        obstacles.append(Obstacle(f"此人是最后一名{last_of}，免去前请先任命另一人"))
    return tuple(obstacles)


def delegation_obstacles(
    *,
    himself: bool,
    gives: Collection[str],
    same_place: bool,
    place: str,
    name: str,
    already: bool,
) -> tuple[Obstacle, ...]:
    """Why a leader may not delegate to this officer; `gives` is what of his role can be delegated."""
    obstacles = []
    if not DELEGABLE & set(gives):
        obstacles.append(Obstacle("您的岗位没有可以委托的审批权限"))
    if himself:
        obstacles.append(Obstacle("不得委托给自己"))
    if not same_place:
        obstacles.append(
            Obstacle(f"{name}不在{place}任职、看不到{place}的全部人员或者账号已停用，请另选一人")
        )
    if already:
        obstacles.append(Obstacle(f"已经委托给{name}，请先结束原委托"))
    return tuple(obstacles)


def delegation_period_obstacles(
    *, begins_on: date, ends_on: date, on: date
) -> tuple[Obstacle, ...]:
    """Why a delegation may not last so."""
    if begins_on < on:
        return (Obstacle("“自”不能早于今天"),)
    if ends_on < begins_on:
        return (Obstacle("“至”不能早于“自”"),)
    if (ends_on - begins_on).days >= LONGEST_DELEGATION:
        return (Obstacle(f"一次委托最长 {LONGEST_DELEGATION} 天，请改短"),)
    return ()

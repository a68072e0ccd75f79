"""The side menu as data: what there is, under which heading, and which permission opens it."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from rehab.models import User
from rehab.permissions import Permission


@dataclass(frozen=True)
class Entry:
    """One line of the menu."""

    label: str
    icon: str  # name of a Tabler icon, without its prefix
    url_name: str
    permission: Permission


@dataclass(frozen=True)
class Group:
    """Lines under one heading; the first group has none."""

    heading: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """An entry as one officer sees it on one page."""

    label: str
    icon: str
    url: str
    here: bool


@dataclass(frozen=True)
class Section:
    """A group as one officer sees it; never empty."""

    heading: str
    lines: tuple[Line, ...]


MENU = (
    Group(
        "",
        (
            Entry("工作台", "list-check", "reporting:worklist-list", Permission.WORKLIST_VIEW),
            Entry("戒毒人员", "users", "reporting:case-list", Permission.CASE_VIEW),
        ),
    ),
    Group(
        "业务",
        (
            Entry("移送名册", "file-spreadsheet", "intake:roster-list", Permission.ROSTER_IMPORT),
            Entry("今日待收", "user-plus", "intake:arrival-list", Permission.ARRIVAL_VIEW),
            Entry("回所登记", "login", "intake:absence-list", Permission.ABSENCE_RECORD),
            Entry("脱逃事项", "run", "intake:escape-list", Permission.ABSENCE_RECORD),
            Entry("脱逃事项", "run", "intake:escape-list", Permission.ESCAPE_CONFIRM),
            Entry("人员合并", "arrows-join", "rehab:merge-list", Permission.MERGE_PROPOSE),
            Entry("人员合并", "arrows-join", "rehab:merge-list", Permission.MERGE_CONFIRM),
            Entry("点名册", "checklist", "zones:roll-detail", Permission.ZONE_MOVE_VIEW),
            Entry("分区流转", "arrows-exchange", "zones:move-list", Permission.ZONE_MOVE_VIEW),
            Entry("转所", "bus", "zones:transfer-list", Permission.TRANSFER_PROPOSE),
            Entry("转所", "bus", "zones:transfer-list", Permission.TRANSFER_APPROVE),
            Entry("戒毒医疗", "stethoscope", "centers:medical-list", Permission.MEDICAL_VIEW),
            Entry("教育矫正", "school", "centers:education-list", Permission.EDUCATION_VIEW),
            Entry("心理矫治", "brain", "centers:psychology-list", Permission.PSYCHOLOGY_VIEW),
            Entry("康复训练", "run", "centers:training-list", Permission.TRAINING_VIEW),
            Entry(
                "诊断评估", "clipboard-check", "centers:assessment-list", Permission.ASSESSMENT_VIEW
            ),
            Entry("期限意见", "scale", "centers:opinion-list", Permission.OPINION_VIEW),
            Entry("月考核", "calendar-check", "centers:conduct-list", Permission.CONDUCT_VIEW),
            Entry("待告知", "speakerphone", "centers:telling-list", Permission.PERSON_TELL),
            Entry("期限决定", "gavel", "aftercare:term-decision-list", Permission.TERM_RECORD),
            Entry("期限决定", "gavel", "aftercare:term-decision-list", Permission.TERM_CONFIRM),
            Entry("期限决定", "gavel", "aftercare:term-decision-list", Permission.TERM_REVIEW),
            Entry("解除", "door-exit", "aftercare:release-list", Permission.RELEASE_VIEW),
            Entry(
                "后续照管", "heart-handshake", "aftercare:agreement-list", Permission.AGREEMENT_VIEW
            ),
        ),
    ),
    Group(
        "统计与监督",
        (
            Entry("运行看板", "chart-bar", "reporting:dashboard", Permission.DASHBOARD_VIEW),
            Entry("期限体检", "calendar-search", "intake:checkup-create", Permission.TERM_CHECK),
            Entry(
                "文书核验", "rosette-discount-check", "document-verify", Permission.DOCUMENT_VIEW
            ),
        ),
    ),
    Group(
        "管理",
        (
            Entry("机构床位", "building", "zones:unit-list", Permission.PLACE_MANAGE),
            Entry("账号", "user-cog", "rehab:account-list", Permission.ACCOUNT_MANAGE),
            Entry("账号", "user-cog", "rehab:account-list", Permission.ROLE_MANAGE),
            Entry("照管站", "home-heart", "aftercare:station-list", Permission.PLACE_MANAGE),
            Entry("角色", "shield-lock", "rehab:role-list", Permission.ROLE_MANAGE),
            Entry("值班委托", "user-share", "rehab:delegation-list", Permission.DELEGATION_GIVE),
            Entry("查阅留痕", "eye", "rehab:access-list", Permission.AUDIT_VIEW),
            Entry("导出打印留痕", "file-export", "rehab:taking-list", Permission.AUDIT_VIEW),
            Entry("管理操作", "history", "rehab:act-list", Permission.AUDIT_VIEW),
            Entry("省级规则", "adjustments", "rehab:rule-list", Permission.RULE_APPROVE),
            Entry("文书格式", "file-text", "wording-list", Permission.RULE_APPROVE),
        ),
    ),
)


def sections(user: User, path: str) -> tuple[Section, ...]:
    """A signed-in user's menu on the page at `path`: only what they may open."""
    shown = []
    for group in MENU:
        found = (line for entry in group.entries if (line := _line(entry, user, path)) is not None)
        lines = tuple(dict.fromkeys(found))  # once, though two permissions open it
        if lines:
            shown.append(Section(group.heading, lines))
    return tuple(shown)


def address(url_name: str) -> str | None:
    """Where a named page is, or None where it is not built."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return None


def _line(entry: Entry, user: User, path: str) -> Line | None:
    if not user.may(entry.permission):
        return None
    url = reverse(entry.url_name)
    here = path == url if url == "/" else path.startswith(url)
    return Line(entry.label, entry.icon, url, here)

"""审计: read only, for the audit administrator."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from rehab import lists
from rehab.audit_forms import AccessFilterForm, ActFilterForm
from rehab.columns import Column, beside, minute
from rehab.lists import Listing
from rehab.permissions import Permission, requires
from rehab.selectors import audit
from rehab.templatetags.house import sealed_name, short_key

NOTHING = "没有符合条件的记录"
ACCESSES = Listing(
    title="查阅留痕",
    unit="条",
    definition="谁在何时因何查看了封存内容，最近的在前；档案只列代号",
    columns=(
        Column("时间", lambda one, user: minute(one.at), 18, "at", ("at",)),
        Column("何人", lambda one, user: one.user.display_name, 14, "who", ("user__username",)),
        *beside(Column("用户名", lambda one, user: one.user.username)),
        Column("岗位", lambda one, user: _role(one.user), 18),
        Column(
            "戒毒所", lambda one, user: one.facility.short_name, 18, "facility", ("facility__code",)
        ),
        Column("内容", lambda one, user: sealed_name(one.field), 18, "field", ("field",)),
        Column("用途", lambda one, user: one.purpose, 30),
        Column("档案", lambda one, user: f"…{short_key(one.case_id)}", 12, "case", ("case_id",)),
    ),
    row="rehab/_access_row.html",
    empty=NOTHING,
)
TAKINGS = Listing(
    title="导出打印留痕",
    unit="条",
    definition="谁在何时导出或者打印了哪一份名单，最近的在前；不列名单内容和筛选条件",
    columns=(
        Column("时间", lambda one, user: minute(one.at), 18, "at", ("at",)),
        Column("何人", lambda one, user: one.user.display_name, 14, "who", ("user__username",)),
        *beside(Column("用户名", lambda one, user: one.user.username)),
        Column("岗位", lambda one, user: _role(one.user), 18),
        Column("名单", lambda one, user: one.title, 20, "title", ("title",)),
        Column("方式", lambda one, user: one.get_way_display(), 8, "way", ("way",)),
        Column("行数", lambda one, user: str(one.rows), 8, "rows", ("rows",), number=True),
    ),
    row="rehab/_taking_row.html",
    empty=NOTHING,
)
ACTS = Listing(
    title="管理操作",
    unit="条",
    definition="账号、任职、角色、机构床位、照管站、省级规则的变动，最近的在前",
    columns=(
        Column("录入时间", lambda act, user: minute(act.recorded_at), 18, "at", ("recorded_at",)),
        Column("操作", lambda act, user: act.kind, 14, "kind", ("kind",)),
        Column("对象", lambda act, user: act.about, 20),
        Column("内容", lambda act, user: act.text, 40),
        Column("何人", lambda act, user: act.by, 14, "by", ("by__username",)),
    ),
    row="rehab/_act_row.html",
    empty=NOTHING,
)


def _role(user: Any) -> str:
    return str(user.posting.role) if user.posting else ""


@requires(Permission.AUDIT_VIEW)
@require_safe
def access_list(request: Any) -> HttpResponse:
    """查阅留痕: who opened a sealed fact, when, what for."""
    filters = AccessFilterForm(request.GET)
    filters.is_valid()
    return lists.answer(
        request,
        ACCESSES,
        audit.accesses(request.user, **filters.given),
        template="rehab/access_list.html",
        filters=filters,
        status=422 if filters.errors else 200,
    )


@requires(Permission.AUDIT_VIEW)
@require_safe
def taking_list(request: Any) -> HttpResponse:
    """导出打印留痕: which lists left the system, through whom."""
    filters = AccessFilterForm(request.GET)
    filters.is_valid()
    return lists.answer(
        request,
        TAKINGS,
        audit.takings(request.user, **filters.given),
        template="rehab/taking_list.html",
        filters=filters,
        status=422 if filters.errors else 200,
    )


@requires(Permission.AUDIT_VIEW)
@require_safe
def act_list(request: Any) -> HttpResponse:
    """管理操作: what administrators and leaders did to accounts, places and rules."""
    filters = ActFilterForm(request.GET)
    filters.is_valid()
    return lists.answer(
        request,
        ACTS,
        audit.administration(request.user, **filters.given),
        template="rehab/act_list.html",
        filters=filters,
        dress=audit.said,
        status=422 if filters.errors else 200,
    )

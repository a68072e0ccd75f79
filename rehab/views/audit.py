"""审计: read only, for the audit administrator."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab.audit_forms import AccessFilterForm, ActFilterForm
from rehab.permissions import Permission, requires
from rehab.selectors import audit

PER_PAGE = 50


@requires(Permission.AUDIT_VIEW)
@require_safe
def access_list(request: Any) -> HttpResponse:
    """查阅留痕: who opened a sealed fact, when, what for."""
    filters = AccessFilterForm(request.GET)
    filters.is_valid()
    given = filters.given
    page = Paginator(audit.accesses(request.user, **given), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "rehab/access_list.html",
        {"filters": filters, "page": page, "query": _query(given)},
        status=422 if filters.errors else 200,
    )


@requires(Permission.AUDIT_VIEW)
@require_safe
def act_list(request: Any) -> HttpResponse:
    """管理操作: what administrators and leaders did to accounts, places and rules."""
    filters = ActFilterForm(request.GET)
    filters.is_valid()
    given = filters.given
    page = Paginator(audit.administration(request.user, **given), PER_PAGE).get_page(
        request.GET.get("page")
    )
    return render(
        request,
        "rehab/act_list.html",
        {
            "filters": filters,
            "page": page,
            "acts": audit.said(page.object_list),
            "query": _query(given),
        },
        status=422 if filters.errors else 200,
    )


def _query(given: dict[str, Any]) -> str:
    return urlencode({name: str(value) for name, value in given.items() if value})

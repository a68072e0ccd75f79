"""通知：what was said to this post."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from rehab import clock
from rehab.actions.reading import mark_read
from rehab.models import Notice
from rehab.permissions import Permission, requires
from rehab.web import see
from reporting.selectors import said

PER_PAGE = 50


@requires(Permission.NOTICE_VIEW)
@require_safe
def notice_list(request: Any) -> HttpResponse:
    """What was said to the post, unread first."""
    page = Paginator(said.notices(request.user), PER_PAGE).get_page(request.GET.get("page"))
    lines = [said.line(notice, request.user) for notice in page.object_list]
    return render(request, "reporting/notice_list.html", {"page": page, "lines": lines})


@requires(Permission.NOTICE_VIEW)
@require_POST
def notice_read(request: Any, pk) -> HttpResponse:
    """One is read."""
    notice = get_object_or_404(Notice.objects.to(request.user), pk=pk)
    mark_read(notices=[notice], by=request.user, at=clock.now())
    return see(request, "reporting:notice-list")


@requires(Permission.NOTICE_VIEW)
@require_POST
def notice_read_all(request: Any) -> HttpResponse:
    """All that was said up to now is read."""
    unread = Notice.objects.unread_by(request.user)
    mark_read(notices=unread.only("pk"), by=request.user, at=clock.now())
    return see(request, "reporting:notice-list")

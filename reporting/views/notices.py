"""通知：what was said to this post."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from rehab import clock, lists
from rehab.actions.reading import mark_read
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.models import Notice
from rehab.permissions import Permission, requires
from rehab.web import see
from reporting.forms import NoticesForm
from reporting.selectors import said

NOTICES = Listing(
    title="通知",
    unit="条",
    definition="发给本岗位的提醒和告知，未读在前",
    columns=(
        Column("种类", lambda line, user: line.kind, 12, "kind", ("kind",)),
        Column("事项", lambda line, user: line.text, 30, "what", ("clock",)),
        Column("姓名", lambda line, user: line.person, 14, "name", ("case__person__name_pinyin",)),
        *beside(Column("编号", lambda line, user: line.number, 18)),
        Column("应办结", lambda line, user: day(line.due_at), 12, "due", ("due_at",)),
        Column("写下时间", lambda line, user: minute(line.written_at), 18, "written", ("written_at",)),
        *beside(Column("已读", lambda line, user: "已读" if line.read else "未读", 8)),
    ),
    row="reporting/_notice_row.html",
    acts=True,
    empty="没有通知",
)  # fmt: skip


@requires(Permission.NOTICE_VIEW)
@require_safe
def notice_list(request: Any) -> HttpResponse:
    """What was said to the post, unread first."""
    return _page(request)


def _page(request: Any, refused: NoticesForm | None = None) -> HttpResponse:
    read = (("标为已读", reverse("reporting:notice-read-chosen")),)
    return lists.answer(
        request,
        NOTICES,
        said.notices(request.user),
        template="reporting/notice_list.html",
        dress=lambda notices: [said.line(notice, request.user) for notice in notices],
        bulk=lists.Bulk("notices", read, ticked=request.POST.getlist("notices")),
        context={"refused": refused},
        status=422 if refused else 200,
    )


@requires(Permission.NOTICE_VIEW)
@require_POST
def notice_read(request: Any, pk) -> HttpResponse:
    """One is read."""
    notice = get_object_or_404(Notice.objects.to(request.user), pk=pk)
    mark_read(notices=[notice], by=request.user, at=clock.now())
    return see(request, "reporting:notice-list")


@requires(Permission.NOTICE_VIEW)
@require_POST
def notice_read_chosen(request: Any) -> HttpResponse:
    """Those that are ticked are read; what is not said to this post is left alone."""
    chosen = NoticesForm(request.POST, notices=Notice.objects.to(request.user))
    if not chosen.is_valid():
        return _page(request, chosen)
    mark_read(notices=chosen.cleaned_data["notices"], by=request.user, at=clock.now())
    return see(request, "reporting:notice-list")


@requires(Permission.NOTICE_VIEW)
@require_POST
def notice_read_all(request: Any) -> HttpResponse:
    """All that was said up to now is read."""
    unread = Notice.objects.unread_by(request.user)
    mark_read(notices=unread.only("pk"), by=request.user, at=clock.now())
    return see(request, "reporting:notice-list")

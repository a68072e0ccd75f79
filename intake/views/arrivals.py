"""今日待收: who is expected, who stands at the gate, and the two answers that keep nobody in."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.forms import ArrivalFilter, ArrivalForm, DeferralForm, RefusalForm
from intake.models import Arrival
from intake.rules import gate
from intake.rules.grounds import OF_BAR
from intake.rules.health import bar_of
from intake.selectors import arrivals
from intake.states import ArrivalStatus
from rehab import clock, lists
from rehab.columns import Column, beside, day
from rehab.lists import Listing
from rehab.models import Document
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.identity import mask_number
from rehab.rules.persons import age_on
from rehab.sending import form_page
from rehab.web import see, template_for

ARRIVALS = Listing(
    title="待收名单",
    unit="人",
    definition="可见范围内符合筛选条件的待收人员；没有筛选时为尚未决定的全部人员，先到的在前",
    columns=(
        Column("移交日期", lambda one, user: day(one.transferred_on), 12, "transferred", ("transferred_on",)),
        Column("姓名", lambda one, user: one.name, 14, "name", ("name_pinyin",)),
        *beside(
            Column("性别", lambda one, user: one.get_sex_display(), 6),
            Column("年龄", lambda one, user: "" if one.age is None else str(one.age), 6, number=True),
        ),
        Column("证件", lambda one, user: _identity(one.papers), 22),
        Column("决定机关", lambda one, user: one.papers.authority or "", 24),
        Column("期限止日", lambda one, user: day(one.papers.printed_ends_on), 12),
        Column("来源", lambda one, user: _source(one), 14, "source", ("row__line",)),
        Column("状态", lambda one, user: _standing(one), 20, "status", ("status",)),
        *beside(Column("提示", lambda one, user: "、".join(one.care), 18)),
    ),
    row="intake/_arrival_row.html",
    acts=True,
    empty="没有符合条件的待收人员",
    hint="导入移送名册或者现场登记后，名单会出现在这里",
)  # fmt: skip


def _identity(papers):
    """The number as it stands on the page: masked."""
    return mask_number(papers.id_number) if papers.id_number else papers.other_document or "不明"


def _source(one):
    return f"名册第 {one.row.line} 行" if one.row else "现场登记"


def _standing(one):
    if one.only_refusable and one.is_undecided:
        return "只能不予接收"
    who = f" {one.decided_by.display_name}" if one.decided_by else ""
    return f"{one.get_status_display()}{who}"


@requires(Permission.ARRIVAL_VIEW)
@require_GET
def arrival_list(request: Any) -> HttpResponse:
    """Every undecided arrival, oldest first; with a filter, the decided ones too."""
    form = ArrivalFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    seen = Arrival.objects.visible_to(request.user)
    return lists.answer(
        request,
        ARRIVALS,
        _chosen(seen, chosen),
        template="intake/arrival_list.html",
        filters=form,
        dress=_with_papers,
        context={
            "counts": _counts(seen),
            "can_decide": request.user.may(Permission.ARRIVAL_DECIDE),
            "can_register": request.user.may(Permission.ARRIVAL_REGISTER),
            "can_import": request.user.may(Permission.ROSTER_IMPORT),
        },
    )


def _with_papers(found):
    """Each arrival with what its papers say, and the age today."""
    today = clock.today()
    for one in found:
        one.papers, one.age = arrivals.papers_of(one), _age(one, today)
        one.care = gate.care_marks(one.papers, on=today) if one.is_undecided else ()
    return found


def _chosen(seen: Any, chosen: dict[str, str]) -> Any:
    seen = seen.select_related("row__roster", "admission__case", "decided_by")
    status = chosen.get("status")
    seen = seen.filter(status=status) if status else seen.undecided()
    if sex := chosen.get("sex"):
        seen = seen.filter(sex=sex)
    if source := chosen.get("source"):
        seen = seen.filter(row__isnull=source == "desk")
    if status in (ArrivalStatus.ADMITTED, ArrivalStatus.REFUSED, ArrivalStatus.WITHDRAWN):
        return seen.order_by("-decided_at")
    return seen.oldest_first()


def _counts(seen: Any) -> dict[str, Any]:
    today = clock.today()
    return seen.aggregate(
        expected=Count("pk", filter=Q(status=ArrivalStatus.EXPECTED)),
        deferred=Count("pk", filter=Q(status=ArrivalStatus.DEFERRED)),
        refusable=Count("pk", filter=Q(only_refusable=True, decided_at__isnull=True)),
        oldest=Min(
            "transferred_on", filter=Q(status__in=[ArrivalStatus.EXPECTED, ArrivalStatus.DEFERRED])
        ),
        admitted=Count("pk", filter=Q(status=ArrivalStatus.ADMITTED, decided_at__date=today)),
    )


def _age(arrival: Arrival, today: Any) -> int | None:
    return age_on(arrival.birth_date, today) if arrival.birth_date else None


@requires(Permission.ARRIVAL_REGISTER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def arrival_create(request: Any) -> HttpResponse:
    """现场登记: name and sex are enough at two in the morning."""
    form = ArrivalForm(
        posted(request), initial={"transferred_on": clock.today()}, drafts=request.drafts
    )

    if form.is_valid():
        try:
            arrival = actions.register_arrival(
                facility=request.user.facility,
                papers=form.papers(),
                by=request.user,
                at=clock.now(),
                invented=settings.DEMO,
            )
            return see(request, "intake:arrival-admit", arrival.pk)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "intake/arrival_create.html", fragment="form"),
        {"form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.ARRIVAL_VIEW)
@require_GET
def arrival_detail(request: Any, pk: Any) -> HttpResponse:
    """Who is expected and what the papers say; once decided, by whom and with what paper."""
    arrival = arrival_in_scope(request, pk)
    may = request.user.may
    documents = Document.objects.visible_to(request.user).filter(
        Q(subject_id=arrival.pk) | Q(case__admission__arrival=arrival, template="admission_receipt")
    )
    return render(
        request,
        "intake/arrival_detail.html",
        {
            "arrival": arrival,
            "papers": arrivals.papers_of(arrival),
            "age": _age(arrival, clock.today()),
            "documents": documents.only("pk", "title", "number", "made_at"),
            "can_decide": may(Permission.ARRIVAL_DECIDE),
            "obstacles": arrivals.only_refusable(arrival) if arrival.is_undecided else (),
            "shows_health": may(Permission.ARRIVAL_DECIDE) or may(Permission.MEDICAL_VIEW),
            "can_open_documents": may(Permission.DOCUMENT_VIEW),
        },
    )


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def arrival_defer(request: Any, pk: Any) -> HttpResponse:
    arrival = arrival_in_scope(request, pk)
    form = DeferralForm(posted(request), drafts=request.drafts)

    if form.is_valid():
        try:
            actions.defer_arrival(
                arrival=arrival, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"{arrival.name}：暂不接收，通知书已制作，人仍在待收名单")
            return see(request, arrival)
        except Refused as refused:
            form.add_error(None, str(refused))

    obstacles = arrivals.answer_obstacles(arrival, ArrivalStatus.DEFERRED, at=clock.now())
    return render(
        request,
        template_for(request, "intake/arrival_defer.html", fragment="form"),
        {"arrival": arrival, "form": form, "obstacles": obstacles},
        status=422 if form.errors else 200,
    )


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def arrival_refuse(request: Any, pk: Any) -> HttpResponse:
    arrival = arrival_in_scope(request, pk)
    form = RefusalForm(
        posted(request),
        sex=arrival.sex,
        initial=_known_grounds(arrival),
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            actions.refuse_arrival(
                arrival=arrival, by=request.user, at=clock.now(), **form.cleaned_data
            )
            messages.success(request, f"{arrival.name}：不予接收，通知书已制作")
            return see(request, arrival)
        except Refused as refused:
            form.add_error(None, str(refused))

    obstacles = arrivals.answer_obstacles(arrival, ArrivalStatus.REFUSED, at=clock.now())
    return render(
        request,
        template_for(request, "intake/arrival_refuse.html", fragment="form"),
        {"arrival": arrival, "form": form, "obstacles": obstacles},
        status=422 if form.errors else 200,
    )


def _known_grounds(arrival: Arrival) -> dict[str, Any]:
    """What the roster says already of somebody who can only be refused."""
    bar = bar_of(arrivals.papers_of(arrival).health) if arrival.only_refusable else None
    return {"grounds": [OF_BAR[bar]]} if bar else {}


def arrival_in_scope(request: Any, pk: Any) -> Arrival:
    """The arrival, with everything its pages name, or 404."""
    seen = Arrival.objects.visible_to(request.user).select_related(
        "facility", "row__roster", "registered_by", "decided_by", "admission__case"
    )
    return get_object_or_404(seen, pk=pk)


def posted(request: Any) -> Any:
    """What was sent; an empty form is sent as well, and is wrong."""
    return request.POST if request.method == "POST" else None

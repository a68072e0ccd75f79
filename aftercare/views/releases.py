"""解除: who must leave, the notice before it, the gate."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, rules, selectors
from aftercare.forms import LeavingFilterForm, ReleaseForm, ReleaseNoticeForm
from aftercare.models import Release
from aftercare.rules import preparing
from aftercare.states import AgreementStatus
from aftercare.views.term_decisions import READERS
from rehab import clock, columns, lists, statutes
from rehab.actions.term_ends import ask_about_end
from rehab.columns import Column, beside, day, minute
from rehab.lists import Listing
from rehab.models import Case, TermDecision, User
from rehab.naming import sees_names, shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.rules.term import ReleasePhase, ReleaseStatus, release_status
from rehab.rules.term_decisions import said
from rehab.selectors.decision_corrections import key_waiting
from rehab.selectors.term import inquiry_obstacles, inquiry_of, says, working
from rehab.selectors.term_decisions import waiting_of
from rehab.sending import form_page
from rehab.web import see, template_for


@dataclass(frozen=True)
class Act:
    """The one button of a row."""

    label: str
    url: str
    primary: bool = False


@dataclass(frozen=True)
class Row:
    """Somebody on his way out, as one officer sees him."""

    case: Case
    name: str
    standing: ReleaseStatus
    notified: bool
    agreement: str
    act: Act


def _row(case: Any, user: User, today: Any) -> Row:
    standing = release_status(ends_on=case.alarm_on, on=today)
    agreement = case.agreement_status
    return Row(
        case=case,
        name=shown_name(case.person, user),
        standing=standing,
        notified=case.notified,
        agreement=AgreementStatus(agreement).label if agreement else "未征询",
        act=_act(case, user, standing, today),
    )


def _act(case: Any, user: User, standing: ReleaseStatus, today: Any) -> Act:
    if standing.must_release and today < case.ends_on and user.may(Permission.RELEASE_NOTIFY):
        return Act("致函核实期限", reverse("aftercare:release-detail", args=[case.number]), True)
    if standing.must_release and user.may(Permission.RELEASE_CARRY_OUT):
        return Act("办理解除", reverse("aftercare:release-create", args=[case.number]), True)
    if not case.notified and user.may(Permission.RELEASE_NOTIFY):
        due = standing.phase == ReleasePhase.NOTICE
        return Act("发解除通知", reverse("aftercare:release-notify", args=[case.number]), due)
    return Act("查看", reverse("aftercare:release-detail", args=[case.number]))


AGREED = dict(AgreementStatus.choices)
LEAVING = Listing(
    title="待解除名单",
    unit="人",
    definition="可见范围内期限最后一日在所选期限之内的在册人员；超期在所和今日应解除的不受筛选，一律在内",
    columns=(
        Column("最后一日", lambda case, user: day(case.ends_on), 12, "ends", ("ends_on",)),
        columns.NAME,
        *beside(columns.NUMBER, columns.STATUS),
        columns.ZONE,
        columns.UNIT,
        Column("解除通知", lambda case, user: "已通知" if case.notified else "未通知", 10),
        Column("照管协议", lambda case, user: AGREED.get(case.agreement_status, "未征询"), 10),
    ),
    row="aftercare/_leaving_row.html",
    acts=True,
    empty="这段时间内没有期满人员",
    hint="期限最后一日临近的人员会出现在这里",
)
LEFT = Listing(
    title="已解除名单",
    unit="人",
    definition="可见范围内已办理解除出所的人员，最近的在前",
    columns=(
        Column("解除时间", lambda one, user: minute(one.released_at), 18, "released", ("released_at",)),
        *columns.of("case", columns.NAME, *beside(columns.NUMBER)),
        Column("期限最后一日", lambda one, user: day(one.last_lawful_day), 12, "last", ("last_lawful_day",)),
        Column("经办", lambda one, user: one.officer.display_name, 12),
        Column("第二名民警", lambda one, user: one.second_officer.display_name if one.second_officer else "没有", 12),
    ),
    row="aftercare/_left_row.html",
    acts=True,
    empty="还没有解除的人员",
)  # fmt: skip


@requires(Permission.RELEASE_VIEW)
@require_GET
def release_list(request: Any) -> HttpResponse:
    """超期在所 and 今日应解除 on top, whatever the filter says; then who leaves next; or who left."""
    user, today = request.user, clock.today()
    filters = LeavingFilterForm({"days": selectors.DAYS_AHEAD, **request.GET.dict()})
    chosen = filters.cleaned_data if filters.is_valid() else {}
    if request.GET.get("tab") == "left":
        return _left(request, user)
    everyone = selectors.leaving(
        user, on=today, within_days=chosen.get("days") or selectors.DAYS_AHEAD
    )
    coming = Q(alarm_on__gt=today)
    if zone := chosen.get("zone"):
        coming &= Q(zone__stage=zone)
    over, due = selectors.overstayed(today), selectors.due_today(today)
    must = [_row(case, user, today) for case in everyone.filter(over | due)]
    return lists.answer(
        request,
        LEAVING,
        # who must leave stands on cards of his own; on paper and in the workbook among the rest
        everyone.filter(over | due | coming if lists.WAY in request.GET else coming),
        template="aftercare/release_list.html",
        filters=filters,
        dress=lambda cases: _with_rows(cases, user, today),
        context={
            "tabs": _tabs(left=False),
            "overstayed": [row for row in must if row.standing.days_left < 0],
            "due_today": [row for row in must if row.standing.days_left == 0],
        },
    )


def _with_rows(cases: Any, user: User, today: Any) -> Any:
    for case in cases:
        case.row = _row(case, user, today)
    return cases


def _left(request: Any, user: User) -> HttpResponse:
    left = Release.objects.visible_to(user).select_related(
        "case__person", "case__unit", "case__zone", "officer", "second_officer"
    )
    return lists.answer(
        request,
        LEFT,
        left.order_by("-released_at", "pk"),
        template="aftercare/release_list.html",
        context={"tabs": _tabs(left=True)},
    )


def _tabs(*, left: bool) -> list[dict[str, Any]]:
    here = reverse("aftercare:release-list")
    return [
        {"label": "待解除", "url": here, "current": not left},
        {"label": "已解除", "url": f"{here}?tab=left", "current": left},
    ]


def case_in_scope(request: Any, case_number: str) -> Case:
    cases = (
        Case.objects.visible_to(request.user)
        .select_related(
            "person",
            "facility__division",
            "unit",
            "zone",
            "decision",
            "station",
            "release_plan__recorded_by",
        )
        .annotate(correction_waits=key_waiting("pk"))
    )
    return get_object_or_404(cases, number=case_number)


def about(request: Any, case: Case) -> dict[str, Any]:
    """What the head of each page of one person shows."""
    return {
        "case": case,
        "name": shown_name(case.person, request.user),
        "standing": release_status(ends_on=case.alarm_on, on=clock.today()),
    }


@requires(Permission.RELEASE_VIEW)
@require_GET
def release_detail(request: Any, case_number: str) -> HttpResponse:
    """One person's way out: the last day and why, the notice, what is outstanding, the release."""
    return _detail(request, case_in_scope(request, case_number))


@requires(Permission.RELEASE_CARRY_OUT)
@require_POST
def certificate_print(request: Any, case_number: str) -> HttpResponse:
    """补打证明书: what could not be typeset as he left; refused, it says why on the same page."""
    case = case_in_scope(request, case_number)
    try:
        certificate = actions.print_certificate(case=case, by=request.user, at=clock.now())
    except Refused as refused:
        return _detail(request, case, refused.obstacles)
    messages.success(request, f"证明书 {certificate.number} 已排好，请打印、交本人签收")
    return see(request, "aftercare:release-detail", case.number)


@requires(Permission.RELEASE_NOTIFY)
@require_POST
@form_page
def inquiry_create(request: Any, case_number: str) -> HttpResponse:
    """致函核实期限; refused, it says why on the same page."""
    case = case_in_scope(request, case_number)
    try:
        made = ask_about_end(case=case, by=request.user, at=clock.now())
    except Refused as refused:
        return _detail(request, case, not_asked=refused.obstacles)
    messages.success(request, f"核实函 {made.document.number} 已制作，请打印、送达决定机关")
    return see(request, "aftercare:release-detail", case.number)


def _decisions(case: Case, user: User) -> list[tuple[TermDecision, str]]:
    """Decisions on his term that wait for somebody, for who may open them."""
    if not any(map(user.may, READERS)):
        return []
    return [(one, said(says(one))) for one in waiting_of(case)]


def _detail(
    request: Any,
    case: Case,
    not_printed: tuple[Obstacle, ...] = (),
    not_asked: tuple[Obstacle, ...] = (),
) -> HttpResponse:
    user, on = request.user, clock.today()
    how = working(case, on=on)
    release = selectors.release_of(case)
    in_custody = not selectors.release_obstacles(case, on=case.ends_on)
    notice = selectors.notice_of(case)
    return render(
        request,
        "aftercare/release_detail.html",
        about(request, case)
        | {
            "in_custody": in_custody,
            "release": release,
            "gate": selectors.gate_lines(release) if release else (),
            "notice": notice,
            "plan": selectors.plan_of(case),
            "named": sees_names(user),
            "can_prepare": user.may(Permission.RELEASE_PREPARE) and in_custody,
            "prepares_on": preparing.opens_on(case.ends_on),
            "notice_article": statutes.RELEASE_NOTICE,
            "opens_on": rules.notice_opens_on(case.ends_on),
            "outstanding": selectors.outstanding(case, moving=selectors.on_the_way(case)),
            "agreement": selectors.latest_agreement(case),
            "decisions": _decisions(case, user),
            "steps": how.steps,
            "cautions": how.cautions if in_custody else (),
            "inquiry": inquiry_of(case, on=on),
            "reads_corrections": any(map(user.may, READERS)),
            "can_answer": user.may(Permission.TERM_RECORD) and in_custody and how.cautions,
            "can_ask": user.may(Permission.RELEASE_NOTIFY) and not inquiry_obstacles(case, on=on),
            "not_asked": not_asked,
            "obstacles": selectors.release_obstacles(case, on=on),
            "can_notify": user.may(Permission.RELEASE_NOTIFY) and in_custody and notice is None,
            "can_release": user.may(Permission.RELEASE_CARRY_OUT) and in_custody,
            "can_print": user.may(Permission.DOCUMENT_VIEW),
            "can_serve": user.may(Permission.DOCUMENT_SERVE),
            "can_typeset": user.may(Permission.RELEASE_CARRY_OUT),
            "not_printed": not_printed,
            "can_offer": user.may(Permission.AGREEMENT_OFFER),
            "can_open_agreement": user.may(Permission.AGREEMENT_VIEW),
        },
        status=422 if not_printed or not_asked else 200,
    )


@requires(Permission.RELEASE_NOTIFY)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def release_notify(request: Any, case_number: str) -> HttpResponse:
    """发解除通知."""
    case, at = case_in_scope(request, case_number), clock.now()
    form = ReleaseNoticeForm(
        request.POST if request.method == "POST" else None,
        initial={"family": selectors.next_of_kin(case.person)},
        drafts=request.drafts,
    )
    if form.is_bound and form.is_valid():
        try:
            actions.give_release_notice(
                case=case, recipients=form.recipients(), by=request.user, at=at
            )
            messages.success(request, f"已发解除通知：{case.person.name}，{case.ends_on} 解除")
            return see(request, "aftercare:release-detail", case.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, "aftercare/release_notify.html", fragment="form"),
        about(request, case)
        | {
            "form": form,
            "obstacles": selectors.notice_obstacles(case, on=clock.day_of(at)),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.RELEASE_CARRY_OUT)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def release_create(request: Any, case_number: str) -> HttpResponse:
    """出所核验: the gate."""
    case, at = case_in_scope(request, case_number), clock.now()
    today = clock.day_of(at)
    form = ReleaseForm(
        request.POST if request.method == "POST" else None,
        officers=selectors.second_officers(case, first=request.user),
        overstayed=case.ends_on < today,
        drafts=request.drafts,
    )
    if form.is_bound and form.is_valid():
        try:
            made = actions.release(
                case=case,
                gate=form.gate(),
                second_officer=form.cleaned_data["second_officer"],
                answers=form.answers(),
                by=request.user,
                at=at,
            )
            _tell(request, case, made)
            return see(request, "aftercare:release-detail", case.number)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, "aftercare/release_create.html", fragment="form"),
        about(request, case)
        | {
            "form": form,
            "obstacles": selectors.release_obstacles(case, on=today),
            "outstanding": selectors.outstanding(case, moving=selectors.on_the_way(case)),
            "plan": selectors.plan_of(case),
        },
        status=422 if form.errors else 200,
    )


def _tell(request: Any, case: Case, made: Release) -> None:
    done = f"已解除：{case.person.name}，证明书 {made.certificate.number}"
    if made.certificate.is_typeset:
        messages.success(request, f"{done}。请打印、交本人签收")
    else:
        messages.warning(request, f"{done}暂时排不出来，已列为待打印；解除有效，请放行")

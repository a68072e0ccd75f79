"""后续照管: agreements and contacts, for the station and for the facility that asked."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, rules, selectors
from aftercare.forms import (
    AgreementOfferForm,
    AgreementRenewForm,
    AgreementSignForm,
    ContactForm,
    StationSearchForm,
)
from aftercare.models import Agreement
from aftercare.states import AgreementStatus
from rehab import clock, columns, lists
from rehab.columns import Column, beside, day
from rehab.forms import HouseForm
from rehab.lists import Listing
from rehab.models import Case
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for

CONTACTS = 50  # contacts shown on the page of an agreement

AGREEMENTS = Listing(
    title="后续照管协议",
    unit="件",
    definition="可见范围内的照管协议，续签的只列最近一份；最近应办的在前",
    columns=(
        Column("最近应办", lambda one, user: f"{day(one.next_due)} {one.due_label}".strip(), 26, "due", ("next_due",)),
        *columns.of("case", columns.NAME, *beside(columns.NUMBER)),
        Column("照管站", lambda one, user: one.station.name, 24, "station", ("station__name",)),
        Column("解除日期", lambda one, user: _leaves(one.case), 16, "left", ("case__ended_at", "case__ends_on")),
        Column("协议期限", lambda one, user: _runs(one), 26, "until", ("ends_on",)),
        Column("状态", lambda one, user: one.standing.label, 10),
    ),
    row="aftercare/_agreement_row.html",
    acts=True,
    empty="这里还没有协议",
    hint="大队征询本人后，协议会出现在所选的照管站",
)  # fmt: skip


def _leaves(case: Case) -> str:
    return day(case.ended_at) if case.ended_at else f"将于 {day(case.ends_on)}"


def _runs(agreement: Agreement) -> str:
    return f"{day(agreement.starts_on)} 至 {day(agreement.ends_on)}" if agreement.ends_on else ""


def _typed(request: Any) -> Any:
    return request.POST if request.method == "POST" else None


def _agreement(request: Any, pk: UUID) -> Agreement:
    agreements = Agreement.objects.visible_to(request.user).select_related(
        "case__person", "case__facility", "station__province", "offered_by", "signed_by"
    )
    return get_object_or_404(agreements, pk=pk)


def _about(request: Any, agreement: Agreement) -> dict[str, Any]:
    return {
        "agreement": agreement,
        "case": agreement.case,
        "name": shown_name(agreement.case.person, request.user),
        "standing": selectors.standing(agreement, on=clock.today()),
    }


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_list(request: Any) -> HttpResponse:
    """Whom the station looks after: what is due first; or those asked, ended, and no longer with us."""
    user, today = request.user, clock.today()
    view = request.GET.get("view", "running")
    views = selectors.AGREEMENT_VIEWS
    view = view if view in views else "running"
    counts = selectors.agreement_counts(user, on=today)
    return lists.answer(
        request,
        AGREEMENTS,
        selectors.agreements_in(user, view=view, on=today),
        template="aftercare/agreement_list.html",
        about=views[view],
        dress=_with_standing,
        context={
            "tabs": [
                {
                    "label": label,
                    "url": f"?view={code}",
                    "current": code == view,
                    "count": counts[code],
                }
                for code, label in views.items()
            ],
            "can_contact": user.may(Permission.CONTACT_RECORD),
            "can_sign": user.may(Permission.AGREEMENT_SIGN),
        },
    )


def _with_standing(agreements: Any) -> Any:
    """Each agreement with where it stands today, and the words of what is due next."""
    today = clock.today()
    for agreement in agreements:
        agreement.standing = selectors.standing(agreement, on=today)
        agreement.due_label = selectors.clock_label(agreement.next_clock)
    return agreements


@requires(Permission.AGREEMENT_OFFER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def agreement_create(request: Any, case_number: str) -> HttpResponse:
    """征询照管协议: at which station, once the person was asked."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related(
            "person", "unit", "zone", "facility__province"
        ),
        number=case_number,
    )
    at = clock.now()
    search = StationSearchForm(request.GET or None)
    words = search.cleaned_data["q"] if search.is_valid() else ""
    stations = selectors.stations_matching(words, province=case.facility.province)
    found = list(stations[: selectors.STATIONS_SHOWN])
    form = AgreementOfferForm(_typed(request), found=found, drafts=request.drafts)
    if form.is_bound and form.is_valid():
        try:
            agreement = actions.offer_agreement(
                case=case, station=form.cleaned_data["station"], by=request.user, at=at
            )
            messages.success(request, f"已记录征询，{agreement.station} 可以与本人签订")
            return see(request, "aftercare:agreement-detail", agreement.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, "aftercare/agreement_create.html", fragment="form"),
        {
            "case": case,
            "name": shown_name(case.person, request.user),
            "search": search,
            "form": form,
            "found": found,
            "consent": rules.CONSENT_TEXT,
            "obstacles": selectors.offer_obstacles(case, on=clock.day_of(at)),
            "here": request.get_full_path(),
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.AGREEMENT_VIEW)
@require_GET
@form_page
def agreement_detail(request: Any, pk: UUID) -> HttpResponse:
    """One agreement: its year, its papers, its contacts, and what can be done with it now."""
    agreement = _agreement(request, pk)
    user, today = request.user, clock.today()
    may_sign = user.may(Permission.AGREEMENT_SIGN)
    may_ask = may_sign or user.may(Permission.AGREEMENT_OFFER)
    offered = agreement.status == AgreementStatus.OFFERED
    kept = agreement.status == AgreementStatus.SIGNED and (
        today <= rules.write_up_ends_on(agreement.last_day)
    )
    return render(
        request,
        "aftercare/agreement_detail.html",
        _about(request, agreement)
        | {
            "contacts": list(selectors.contacts_of(agreement, user)[:CONTACTS]),
            "due": selectors.station_deadlines(agreement.case),
            "can_sign": may_sign and offered,
            "can_decline": may_ask and offered,
            "can_contact": kept and user.may(Permission.CONTACT_RECORD),
            "can_withdraw": may_ask and not selectors.withdrawal_obstacles(agreement, on=today),
            "can_renew": kept and may_sign,
            "form": AgreementRenewForm(initial={"applied_on": today}, drafts=request.drafts),
            "shows_phone": user.station is not None,
        },
    )


@requires(Permission.AGREEMENT_VIEW)
@require_GET
def agreement_paper(request: Any, pk: UUID) -> HttpResponse:
    """The agreement as it was signed, for the station too, which opens no other document of the case."""
    agreements = Agreement.objects.visible_to(request.user).select_related("document")
    agreement = get_object_or_404(agreements, pk=pk)
    if agreement.document is None:
        raise Http404
    return HttpResponse(
        agreement.document.pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{agreement.pk}.pdf"',
            "Cache-Control": "no-store",
        },
    )


@requires(Permission.AGREEMENT_SIGN)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def agreement_sign(request: Any, pk: UUID) -> HttpResponse:
    """签订照管协议."""

    def act(agreement: Agreement, form: HouseForm) -> HttpResponse:
        signed = actions.sign_agreement(
            agreement=agreement,
            phone=form.cleaned_data["phone"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, f"协议已签订，至 {signed.ends_on}。请打印两份，双方签名")
        return see(request, signed)

    return _act(
        request,
        pk,
        AgreementSignForm(_typed(request), drafts=request.drafts),
        AgreementStatus.SIGNED,
        act,
        "sign",
    )


@requires(Permission.AGREEMENT_SIGN, Permission.AGREEMENT_OFFER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def agreement_decline(request: Any, pk: UUID) -> HttpResponse:
    """不签照管协议."""

    def act(agreement: Agreement, form: HouseForm) -> HttpResponse:
        actions.decline_agreement(agreement=agreement, by=request.user, at=clock.now())
        messages.success(request, "已记录本人不签；照管站不再查看此人资料，解除不受影响")
        return see(request, _after_leaving(request, agreement))

    return _act(request, pk, HouseForm(_typed(request)), AgreementStatus.DECLINED, act, "decline")


@requires(Permission.AGREEMENT_SIGN)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def agreement_renew(request: Any, pk: UUID) -> HttpResponse:
    """续签照管协议."""

    def act(agreement: Agreement, form: HouseForm) -> HttpResponse:
        renewal = actions.renew_agreement(
            agreement=agreement,
            applied_on=form.cleaned_data["applied_on"],
            by=request.user,
            at=clock.now(),
        )
        messages.success(request, f"已续签，至 {renewal.ends_on}。请打印两份，双方签名")
        return see(request, renewal)

    form = AgreementRenewForm(
        _typed(request), initial={"applied_on": clock.today()}, drafts=request.drafts
    )
    return _act(request, pk, form, AgreementStatus.RENEWED, act, "renew")


@requires(Permission.AGREEMENT_SIGN, Permission.AGREEMENT_OFFER)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def agreement_withdraw(request: Any, pk: UUID) -> HttpResponse:
    """退出照管协议."""

    def act(agreement: Agreement, form: HouseForm) -> HttpResponse:
        actions.withdraw_agreement(agreement=agreement, by=request.user, at=clock.now())
        messages.success(request, "已记录退出；照管站不再查看此人资料，以后可以重新征询")
        return see(request, _after_leaving(request, agreement))

    return _act(request, pk, HouseForm(_typed(request)), AgreementStatus.WITHDRAWN, act, "withdraw")


def _after_leaving(request: Any, agreement: Agreement) -> str:
    """The station no longer sees the person; the facility still does."""
    if request.user.station is not None:
        return reverse("aftercare:agreement-list")
    return agreement.get_absolute_url()


def _act(
    request: Any,
    pk: UUID,
    form: HouseForm,
    to: AgreementStatus,
    act: Callable[[Agreement, HouseForm], HttpResponse],
    stem: str,
) -> HttpResponse:
    """The page of one act on an agreement: the form, its reasons, and the act itself."""
    agreement = _agreement(request, pk)
    if form.is_bound and form.is_valid():
        try:
            return act(agreement, form)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"aftercare/agreement_{stem}.html", fragment="form"),
        _about(request, agreement)
        | {
            "form": form,
            "obstacles": selectors.act_obstacles(agreement, to, on=clock.today()),
            "consent": rules.CONSENT_TEXT,
            "version": rules.CONSENT_VERSION,
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.CONTACT_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def contact_create(request: Any, case_number: str) -> HttpResponse:
    """记录照管联系, under the agreement that runs."""
    case = get_object_or_404(Case.objects.visible_to(request.user), number=case_number)
    at = clock.now()
    today = clock.day_of(at)
    agreement = selectors.running_agreement(case, on=today)
    if agreement is None:
        raise Http404("此人没有照管协议")
    interval = selectors.contact_interval(agreement.station.province, on=today)
    form = ContactForm(_typed(request), initial={"contacted_at": at}, drafts=request.drafts)
    if form.is_bound and form.is_valid():
        try:
            actions.record_contact(agreement=agreement, by=request.user, at=at, **form.cleaned_data)
            messages.success(request, "已记录")
            return see(request, agreement)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, "aftercare/contact_create.html", fragment="form"),
        _about(request, agreement)
        | {
            "form": form,
            "contacts": list(selectors.contacts_of(agreement, request.user)[:5]),
            "written_until": rules.write_up_ends_on(agreement.last_day)
            if selectors.in_write_up(agreement, on=today)
            else None,
            "proposed": f"留空为 {rules.next_contact_on(today, interval_days=interval)}",
        },
        status=422 if form.errors else 200,
    )

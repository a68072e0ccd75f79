"""死亡: recorded, told of at once, confirmed by a leader; or taken back before that."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, selectors
from aftercare.ending_forms import DeathForm, DeathTellForm, DeathWithdrawForm
from aftercare.models import Death
from rehab import clock, statutes
from rehab.account_forms import ConfirmForm
from rehab.models import Case
from rehab.naming import shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import ProposalStatus
from rehab.web import see, template_for


def _case(request: Any, case_number: str) -> Case:
    cases = Case.objects.visible_to(request.user).select_related("person", "facility", "unit")
    return get_object_or_404(cases, number=case_number)


def _page(request: Any, case: Case, death: Death | None) -> dict[str, Any]:
    user = request.user
    return {
        "case": case,
        "name": shown_name(case.person, user),
        "death": death,
        "article": statutes.DEATH,
        "waits": death is not None and death.status == ProposalStatus.PROPOSED,
        "owed": bool(death and selectors.untold(death)),
        "records": user.may(Permission.ENDING_RECORD),
        "decides": user.may(Permission.ENDING_CONFIRM),
        "recording": selectors.death_record_obstacles(case, death),
        "confirmation": selectors.death_confirmation_obstacles(case, death, by=user),
        "taking_back": selectors.death_withdrawal_obstacles(death),
        "telling": selectors.telling_obstacles(death),
        "can_print": user.may(Permission.DOCUMENT_VIEW),
    }


@requires(Permission.ENDING_RECORD, Permission.ENDING_CONFIRM)
@require_safe
@never_cache
def death_detail(request: Any, case_number: str) -> HttpResponse:
    """What is recorded, who knows of it, what is still to be done."""
    case = _case(request, case_number)
    death = selectors.death_of(case)
    return render(request, "aftercare/death_detail.html", _page(request, case, death))


@requires(Permission.ENDING_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def death_create(request: Any, case_number: str) -> HttpResponse:
    """登记死亡."""
    case, now = _case(request, case_number), clock.now().replace(second=0, microsecond=0)
    form = DeathForm(
        request.POST if request.method == "POST" else None,
        initial={"died_at": now, "learned_at": now},
        drafts=request.drafts,
    )

    def record() -> str:
        actions.record_death(case=case, facts=form.facts, by=request.user, at=clock.now())
        return "已登记死亡，请立即报告主管机关，通知家属、决定机关和人民检察院"

    return _answer(request, case, form, record, "death_create")


@requires(Permission.ENDING_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def death_tell(request: Any, case_number: str) -> HttpResponse:
    """登记告知, of one recipient at a time."""
    case, now = _case(request, case_number), clock.now().replace(second=0, microsecond=0)
    death = selectors.death_of(case)
    untold = selectors.untold(death) if death else []
    form = DeathTellForm(
        request.POST if request.method == "POST" else None,
        untold=untold,
        initial={"told_at": now, "audience": untold[0].audience if untold else None},
        drafts=request.drafts,
    )

    def tell() -> str:
        notice = actions.record_told_of_death(
            case=case, told=form.told, by=request.user, at=clock.now()
        )
        return f"已登记：{notice.get_audience_display()} {notice.get_means_display()}告知"

    return _answer(request, case, form, tell, "death_tell", death)


@requires(Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def death_confirm(request: Any, case_number: str) -> HttpResponse:
    """确认死亡登记."""
    case = _case(request, case_number)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    def confirm() -> str:
        actions.confirm_death(case=case, by=request.user, at=clock.now())
        return "已确认死亡登记：已结案，床位腾出"

    return _answer(request, case, form, confirm, "death_confirm")


@requires(Permission.ENDING_RECORD, Permission.ENDING_CONFIRM)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def death_withdraw(request: Any, case_number: str) -> HttpResponse:
    """撤回死亡登记, with the reason."""
    case = _case(request, case_number)
    form = DeathWithdrawForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts
    )

    def take_back() -> str:
        reason = form.cleaned_data["reason"]
        actions.withdraw_death(case=case, reason=reason, by=request.user, at=clock.now())
        return "已撤回死亡登记；已经告知的，请逐一更正告知"

    return _answer(request, case, form, take_back, "death_withdraw")


def _answer(
    request: Any, case: Case, form: Any, act: Any, page: str, death: Death | None = None
) -> HttpResponse:
    if form.is_valid():
        try:
            messages.success(request, act())
            return see(request, "aftercare:death-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    death = death or selectors.death_of(case)
    return render(
        request,
        template_for(request, f"aftercare/{page}.html", fragment="form"),
        {"form": form, **_page(request, case, death)},
        status=422 if form.errors else 200,
    )

"""值班委托: a leader lets an officer decide for him for some days."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.account_forms import ConfirmForm
from rehab.actions import delegations as actions
from rehab.delegation_forms import DelegationForm
from rehab.permission_words import GROUPS
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.accounts import DELEGABLE
from rehab.selectors import delegations as selectors
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.DELEGATION_GIVE)
@require_safe
def delegation_list(request: Any) -> HttpResponse:
    """What this leader's post has delegated, and what was delegated to it."""
    return render(
        request,
        "rehab/delegation_list.html",
        {"delegations": selectors.delegations_of(request.user), "given": request.user.posting},
    )


@requires(Permission.DELEGATION_GIVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def delegation_create(request: Any) -> HttpResponse:
    """委托值班."""
    today = clock.today()
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        candidates=selectors.candidates(request.user),
        initial={"begins_on": today, "ends_on": today},
    )

    if form.is_valid():
        try:
            actions.delegate(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"已委托{form.cleaned_data['to']}，到期自动失效")
            return see(request, "rehab:delegation-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    held = {str(one) for one in request.user.posting.role.permissions}
    return render(
        request,
        template_for(request, "rehab/delegation_create.html", fragment="form"),
        {
            "form": form,
            "lent": [
                label
                for words in GROUPS.values()
                for permission, label in words.items()
                if str(permission) in held & DELEGABLE
            ],
        },
        status=422 if form.errors else 200,
    )


@requires(Permission.DELEGATION_GIVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def delegation_end(request: Any, pk: Any) -> HttpResponse:
    """结束委托 early, by who gave it."""
    given = selectors.delegations_of(request.user).filter(giver=request.user.posting)
    delegation = get_object_or_404(given, pk=pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        try:
            actions.end_delegation(delegation=delegation, by=request.user, at=clock.now())
            messages.success(request, "委托已结束")
            return see(request, "rehab:delegation-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/delegation_end.html", fragment="form"),
        {"delegation": delegation, "form": form},
        status=422 if form.errors else 200,
    )

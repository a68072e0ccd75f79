"""动态口令: setting up one's own, and its reset by the security administrator."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from rehab import clock, second_factor
from rehab.account_forms import ConfirmForm
from rehab.actions import factors as actions
from rehab.factor_forms import FactorForm
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.secret import new_secret
from rehab.selectors import accounts as selectors
from rehab.sending import form_page
from rehab.views.accounts import account_of
from rehab.web import see


@requires(Permission.PASSWORD_CHANGE)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def factor_set(request: Any) -> HttpResponse:
    """设置、更换动态口令 of one's own account."""
    owed = second_factor.owed(request)
    form = FactorForm(
        request.POST if request.method == "POST" else None,
        request=request,
        just_signed_in=owed,
    )

    if form.is_valid():
        try:
            user = actions.set_up_factor(
                user=request.user,
                key=form.key,
                code=form.cleaned_data["one_time_password"],
                at=clock.now(),
                really_at=clock.real_now(),
            )
            second_factor.give(request, user, by=second_factor.CODE)
            messages.success(request, "动态口令已设置，下次登录时须输入；在别处的登录已全部退出")
            return see(request, "reporting:worklist-list")
        except Refused as refused:
            form.add_error("one_time_password", f"{refused}。")

    return render(
        request,
        "rehab/factor_set.html",
        {"form": form, "owed": owed, "factor": selectors.factor_of(request.user)},
        status=422 if form.errors else 200,
    )


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
@form_page
def factor_reset(request: Any, pk: Any) -> HttpResponse:
    """重置动态口令; the one-time secret stands on the answer and nowhere else."""
    user = account_of(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        secret = new_secret()
        try:
            user = actions.reset_factor(
                user=user,
                secret=secret,
                by=request.user,
                at=clock.now(),
                really_at=clock.real_now(),
            )
            return render(
                request,
                "rehab/factor_told.html",
                {"account": user, "secret": secret, "factor": selectors.factor_of(user)},
            )
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        "rehab/factor_reset.html",
        {
            "account": user,
            "form": form,
            "obstacles": selectors.factor_reset_obstacles(user, by=request.user),
        },
        status=422 if form.errors else 200,
    )

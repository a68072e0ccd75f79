"""Signing in and out, drafts, and the demo's clock."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from rehab import clock, drafts
from rehab.account_forms import DemoClockForm, LoginForm
from rehab.ledgers import outbox
from rehab.permissions import Permission, public, requires


class Login(auth_views.LoginView):
    """Django's own, which answers a refused form with 422 as every form of ours does."""

    template_name = "registration/login.html"
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


login = public(Login.as_view())
logout = public(auth_views.LogoutView.as_view())


@public
@require_GET
def healthz(request: Any) -> HttpResponse:
    """Whether this process can serve: it answers and the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@requires(Permission.DRAFT_KEEP)
@require_POST
def draft_save(request: Any, key: str) -> HttpResponse:
    """Keep what is typed so far; an empty body forgets it."""
    try:
        body = json.loads(request.body or b"{}")
    except ValueError:
        return HttpResponseBadRequest("草稿格式不正确")
    if not isinstance(body, dict) or len(request.body) > drafts.LIMIT_BYTES or len(key) > 120:
        return HttpResponseBadRequest("草稿过长或格式不正确")
    drafts.keep(user=request.user, key=key, body=body, at=clock.real_now())
    return HttpResponse(status=204)


@requires(Permission.WORKLIST_VIEW)
@require_POST
def demo_clock(request: Any) -> HttpResponse:
    """Move the demo's business day, for everyone, and let the nightly plan of that day run.

    It comes back to the page it was moved from.
    """
    form = DemoClockForm(request.POST)
    if form.is_valid():
        clock.move_to(form.cleaned_data["date"])
        outbox.poke("rehab.tasks.nightly")
        messages.success(request, f"演示业务日期已移到 {form.cleaned_data['date']:%Y-%m-%d}")
    else:
        messages.error(
            request, "；".join(str(error) for errors in form.errors.values() for error in errors)
        )
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "/")

"""Signing in and out, drafts, and the demo's clock."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from rehab import clock, drafts, form_keys
from rehab.account_forms import DemoClockForm, LoginForm
from rehab.form_keys import FIELD
from rehab.ledgers import outbox
from rehab.permissions import Permission, public, requires
from rehab.web import see


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
def draft_save(request: Any) -> HttpResponse:
    """Keep what a form holds so far, for whoever opened it."""
    form_key = form_keys.read(request.POST.get(FIELD))
    if form_key and drafts.keep(form_key=form_key, sent=request.POST, at=clock.real_now()):
        return HttpResponse(status=204)
    return HttpResponseBadRequest("草稿没有保存：表单已经提交，或者内容过长、格式不正确")


@requires(Permission.DRAFT_KEEP)
@require_POST
def draft_drop(request: Any) -> HttpResponse:
    """弃用草稿: the page as it was before anything was typed."""
    form_key = form_keys.read(request.POST.get(FIELD))
    if form_key is None:
        return HttpResponseBadRequest("没有可以弃用的草稿")
    drafts.forget_page(form_key=form_key)
    return see(request, form_key.page)


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

"""Signing in and out, drafts, and the demo's clock."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.db import connection
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_POST

from rehab import clock, drafts, form_keys, second_factor
from rehab.account_forms import DemoClockForm, LoginForm
from rehab.factor_forms import CodeForm
from rehab.form_keys import FIELD
from rehab.ledgers import outbox
from rehab.permissions import Permission, public, requires
from rehab.web import see


class Door(auth_views.LoginView):
    """Django's own, which answers a refused form with 422 as every form of ours does."""

    redirect_authenticated_user = True

    def form_invalid(self, form: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)


class Login(Door):
    """User name and password; whoever carries a second factor is asked for it on the next page."""

    template_name = "registration/login.html"
    form_class = LoginForm

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        if user.second_factor_at is None:
            return super().form_valid(form)
        second_factor.begin(self.request, user, at=clock.real_now())
        back = self.get_redirect_url()
        return redirect(
            resolve_url("login-code") + (f"?{urlencode({'next': back})}" if back else "")
        )


class LoginCode(Door):
    """The code; until it is given nobody is signed in."""

    template_name = "registration/login_code.html"
    form_class: Any = CodeForm

    def form_valid(self, form: Any) -> HttpResponse:
        answer = super().form_valid(form)
        by = second_factor.SECRET if form.by_secret else second_factor.CODE
        second_factor.give(self.request, form.get_user(), by=by)
        return answer


login = public(Login.as_view())
login_code = public(LoginCode.as_view())
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

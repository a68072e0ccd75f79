"""角色与授权: the security administrator's pages."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.account_forms import ConfirmForm
from rehab.actions import grants
from rehab.actions import roles as actions
from rehab.changing import status_of
from rehab.models import Role
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.role_forms import GrantForm, NewRoleForm, RoleShapeForm
from rehab.rules.accounts import EVERYDAY
from rehab.selectors import houses
from rehab.selectors import roles as selectors
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.ROLE_MANAGE)
@require_safe
def role_list(request: Any) -> HttpResponse:
    """Every role, and how many hold it."""
    return render(request, "rehab/role_list.html", {"roles": selectors.roles()})


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def role_create(request: Any) -> HttpResponse:
    """增设角色."""
    form = NewRoleForm(request.POST if request.method == "POST" else None, drafts=request.drafts)

    if form.is_valid():
        try:
            role = actions.add_role(by=request.user, at=clock.now(), **form.cleaned_data)
            messages.success(request, f"已增设角色“{role}”")
            return see(request, "rehab:role-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/role_create.html", fragment="form"),
        {"form": form},
        status=422 if form.errors else 200,
    )


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def role_shape(request: Any, code: str) -> HttpResponse:
    """调整角色."""
    role = get_object_or_404(Role, pk=code)
    form = RoleShapeForm(
        request.POST if request.method == "POST" else None,
        drafts=request.drafts,
        now={
            "display_name": role.display_name,
            "description": role.description,
            "permissions": [one for one in role.permissions if one not in EVERYDAY],
        },
    )

    if form.is_valid():
        try:
            actions.shape_role(role=role, by=request.user, at=clock.now(), **form.cleaned_data)
            if form.left_as_found:
                messages.warning(request, form.left_as_found_words)
            messages.success(request, f"角色“{form.cleaned_data['display_name']}”已调整，立即生效")
            return see(request, "rehab:role-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/role_shape.html", fragment="form"),
        {"role": role, "form": form},
        status=status_of(form),
    )


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def grant_create(request: Any, pk: Any) -> HttpResponse:
    """授权 beyond a posting, until a day."""
    user = get_object_or_404(houses.accounts(request.user), pk=pk)
    form = GrantForm(
        request.POST if request.method == "POST" else None, drafts=request.drafts, by=request.user
    )

    if form.is_valid():
        try:
            grants.grant(
                user=user,
                to=form.thing,
                until=form.ends_at,
                by=request.user,
                at=clock.real_now(),
            )
            messages.success(request, f"已授权{user.display_name}，到期自动失效")
            return see(request, "rehab:account-detail", user.pk)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/grant_create.html", fragment="form"),
        {"account": user, "form": form, "obstacles": selectors.grant_obstacles(user)},
        status=422 if form.errors else 200,
    )


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def grant_end(request: Any, key: str) -> HttpResponse:
    """收回授权."""
    granted = selectors.grant_in_force(key, at=clock.real_now())
    if granted is None or not houses.accounts(request.user).filter(pk=granted.user_id).exists():
        raise Http404
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        try:
            grants.end_grant(granted=granted, by=request.user, at=clock.real_now())
            messages.success(request, "授权已收回")
            return see(request, "rehab:account-detail", granted.user_id)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/grant_end.html", fragment="form"),
        {"account": granted.user, "form": form, "granted": granted},
        status=422 if form.errors else 200,
    )

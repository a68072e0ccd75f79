"""账号: the list, opening, locking, posting and resetting, as administrators do; and one's own password."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from rehab import clock, lists
from rehab.account_forms import (
    AccountFilterForm,
    AccountForm,
    ConfirmForm,
    PasswordForm,
    PostingForm,
)
from rehab.actions import accounts as actions
from rehab.actions import postings
from rehab.columns import Column, minute
from rehab.lists import Listing
from rehab.models import Unit, User
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.secret import new_secret
from rehab.selectors import accounts as selectors
from rehab.selectors import houses, roles
from rehab.sending import form_page
from rehab.web import see, template_for

ACCOUNTS = Listing(
    title="账号",
    unit="个",
    definition="本管理员看管的账号",
    columns=(
        Column("姓名", lambda one, user: one.display_name),
        Column("用户名", lambda one, user: one.username, 16, "username", ("username",)),
        Column("警号", lambda one, user: one.police_number, 12, "police", ("police_number",)),
        Column("任职单位", lambda one, user: one.posting.place if one.posting else "", 24),
        Column("岗位", lambda one, user: _role(one), 18, "role", ("posting__role__code",)),
        Column("状态", lambda one, user: _state(one), 10),
        Column("最近登录", lambda one, user: minute(one.last_login) or "从未登录", 18, "seen", ("last_login",)),
    ),
    row="rehab/_account_row.html",
    empty="没有符合条件的账号",
)  # fmt: skip


def _role(account: User) -> str:
    return str(account.posting.role) if account.posting else "未任职"


def _state(account: User) -> str:
    if not account.is_active:
        return "停用"
    return "待改密码" if account.secret_until else "启用"


def account_of(request: Any, pk: Any) -> User:
    """An account that this administrator looks after."""
    return get_object_or_404(houses.accounts(request.user), pk=pk)


@requires(Permission.ACCOUNT_MANAGE, Permission.ROLE_MANAGE)
@require_safe
def account_list(request: Any) -> HttpResponse:
    """The accounts an administrator looks after."""
    filters = AccountFilterForm(request.GET)
    given = filters.cleaned_data if filters.is_valid() else {}
    role = given.get("role")
    chosen = {
        "words": given.get("words", ""),
        "role": role.code if role else "",
        "state": given.get("state", ""),
    }
    return lists.answer(
        request,
        ACCOUNTS,
        selectors.found(request.user, **chosen),
        template="rehab/account_list.html",
        filters=filters,
    )


@requires(Permission.ACCOUNT_MANAGE, Permission.ROLE_MANAGE)
@require_safe
def account_detail(request: Any, pk: Any) -> HttpResponse:
    """One account: where its owner served, what was done to it, and what may be done now."""
    user, by = account_of(request, pk), request.user
    return render(
        request,
        "rehab/account_detail.html",
        {
            "account": user,
            "postings": selectors.postings_of(user),
            "events": selectors.history_of(user),
            "may_manage": by.may(Permission.ACCOUNT_MANAGE),
            "may_reset": by.may(Permission.ROLE_MANAGE) and by.pk != user.pk,
            "factor": selectors.factor_of(user),
            "grants": roles.grants_of(user, at=clock.real_now()),
            "may_post": selectors.is_his(user, by=by) and by.pk != user.pk,
            "may_grant": by.may(Permission.ROLE_MANAGE),
        },
    )


@requires(Permission.ACCOUNT_MANAGE, Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
@form_page
def account_create(request: Any) -> HttpResponse:
    """开户; the one-time secret stands on the answer and nowhere else."""
    posted = request.POST if request.method == "POST" else None
    form = AccountForm(posted, by=request.user, drafts=request.drafts)

    if form.is_valid():
        secret = new_secret()
        try:
            user = actions.open_account(
                facts=form.facts,
                role=form.cleaned_data["role"],
                place=form.cleaned_data["place"],
                secret=secret,
                by=request.user,
                at=clock.now(),
                really_at=clock.real_now(),
            )
            return _told_once(request, user, secret, "已开户")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request, "rehab/account_create.html", {"form": form}, status=422 if form.errors else 200
    )


@requires(Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@never_cache
@form_page
def secret_reset(request: Any, pk: Any) -> HttpResponse:
    """重置密码; the one-time secret stands on the answer and nowhere else."""
    user = account_of(request, pk)
    form = ConfirmForm(request.POST if request.method == "POST" else None)

    if form.is_valid():
        secret = new_secret()
        try:
            user = actions.reset_secret(
                user=user,
                secret=secret,
                by=request.user,
                at=clock.now(),
                really_at=clock.real_now(),
            )
            return _told_once(request, user, secret, "密码已重置")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        "rehab/secret_reset.html",
        {"account": user, "form": form},
        status=422 if form.errors else 200,
    )


def _told_once(request: Any, user: User, secret: str, done: str) -> HttpResponse:
    return render(
        request, "rehab/secret_told.html", {"account": user, "secret": secret, "done": done}
    )


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def account_lock(request: Any, pk: Any) -> HttpResponse:
    """停用账号."""
    user = account_of(request, pk)

    def lock() -> None:
        actions.lock_account(user=user, by=request.user, at=clock.now())

    obstacles = selectors.account_obstacles(user, by=request.user, wanted_active=False)
    return _confirm(request, user, obstacles, lock, "account_lock", "账号已停用")


@requires(Permission.ACCOUNT_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def account_unlock(request: Any, pk: Any) -> HttpResponse:
    """恢复账号."""
    user = account_of(request, pk)

    def unlock() -> None:
        actions.unlock_account(user=user, by=request.user, at=clock.now())

    obstacles = selectors.account_obstacles(user, by=request.user, wanted_active=True)
    return _confirm(request, user, obstacles, unlock, "account_unlock", "账号已恢复")


@requires(Permission.ACCOUNT_MANAGE, Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def posting_end(request: Any, pk: Any) -> HttpResponse:
    """免去任职."""
    user = account_of(request, pk)

    def end() -> None:
        postings.end_posting(user=user, by=request.user, at=clock.now())

    obstacles = selectors.posting_end_obstacles(user, by=request.user)
    return _confirm(request, user, obstacles, end, "posting_end", "任职已免去")


def _confirm(
    request: Any,
    user: User,
    obstacles: tuple[Obstacle, ...],
    act: Callable[[], None],
    page: str,
    sentence: str,
) -> HttpResponse:
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            act()
            messages.success(request, f"{user.display_name}：{sentence}")
            return see(request, "rehab:account-detail", user.pk)
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, f"rehab/{page}.html", fragment="form"),
        {"account": user, "form": form, "obstacles": obstacles},
        status=422 if form.errors else 200,
    )


@requires(Permission.ACCOUNT_MANAGE, Permission.ROLE_MANAGE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def posting_create(request: Any) -> HttpResponse:
    """任命: one or several people to one post."""
    form = PostingForm(
        request.POST if request.method == "POST" else None,
        by=request.user,
        users=selectors.appointable(request.user),
        initial=_asked(request),
        drafts=request.drafts,
    )

    if form.is_valid():
        given, at = form.cleaned_data, clock.now()
        try:
            made = postings.appoint(
                users=list(given["users"]),
                role=given["role"],
                place=given["place"],
                starts_at=clock.moment_on(given["starts_on"], at),
                by=request.user,
                at=at,
            )
            messages.success(request, f"已任命 {len(made)} 人：{made[0]}")
            if isinstance(given["place"], Unit) and request.user.may(Permission.PLACE_MANAGE):
                return see(request, "zones:unit-detail", given["place"].pk)
            return see(request, "rehab:account-list")
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "rehab/posting_create.html", fragment="form"),
        {"form": form},
        status=422 if form.errors else 200,
    )


def _asked(request: Any) -> dict[str, Any]:
    """What the address already says: whom, and where to."""
    return {
        "starts_on": clock.today(),
        "users": request.GET.getlist("user"),
        "place": f"unit:{request.GET.get('unit', '')}",
    }


@requires(Permission.PASSWORD_CHANGE)
@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@never_cache
def password_change(request: Any) -> HttpResponse:
    """修改密码 of one's own account."""
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request)

    if form.is_valid():
        user = actions.change_password(
            user=request.user, password=form.cleaned_data["new"], at=clock.now()
        )
        update_session_auth_hash(request, user)
        messages.success(request, "密码已修改；在别处的登录已全部退出")
        return see(request, "reporting:worklist-list")

    return render(
        request,
        "rehab/password_change.html",
        {"form": form, "one_time": request.user.secret_until is not None},
        status=422 if form.errors else 200,
    )

"""常用名单: what an officer keeps under a name, and what his place shares."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions.lists import drop_list, save_list
from rehab.list_forms import ListAddressForm, SavedListForm
from rehab.models import SavedList
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.web import see, template_for


@requires(Permission.WORKLIST_VIEW)
@require_GET
@vary_on_headers("HX-Request")
def saved_list_list(request: Any) -> HttpResponse:
    """The lists that are kept, those of the page he comes from on top, and a name for the one he sees."""
    return _page(request, SavedListForm(initial={"list": request.GET.get("list", "")}))


@requires(Permission.WORKLIST_VIEW)
@require_POST
@vary_on_headers("HX-Request")
def saved_list_create(request: Any) -> HttpResponse:
    form = SavedListForm(request.POST)
    if form.is_valid():
        try:
            saved = save_list(
                name=form.cleaned_data["name"],
                shared=form.cleaned_data["shared"],
                by=request.user,
                at=clock.real_now(),
                **form.cleaned_data["list"],
            )
            messages.success(request, f"已保存为常用名单“{saved.name}”")
            return see(request, saved.address)
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, form)


@requires(Permission.WORKLIST_VIEW)
@require_POST
def saved_list_drop(request: Any, pk: Any) -> HttpResponse:
    saved = get_object_or_404(
        SavedList.objects.visible_to(request.user).select_related("posting"), pk=pk
    )
    try:
        drop_list(saved=saved, by=request.user)
    except Refused as refused:
        form = SavedListForm({"list": saved.address, "name": saved.name})
        form.add_error(None, str(refused))
        return _page(request, form)
    messages.success(request, f"已删去常用名单“{saved.name}”")
    return see(request, "saved-list-list")


def _page(request: Any, form: SavedListForm) -> HttpResponse:
    asked = ListAddressForm({"list": form["list"].value() or ""})
    here = asked.cleaned_data["list"]["path"] if asked.is_valid() else ""
    kept = list(
        SavedList.objects.visible_to(request.user)
        .select_related("posting__user")
        .order_by("-saved_at")
    )
    return render(
        request,
        template_for(request, "rehab/saved_list_list.html", fragment="kept"),
        {
            "form": form,
            "can_save": bool(here) or form.is_bound,
            "of_here": [one for one in kept if one.path == here],
            "others": [one for one in kept if one.path != here],
            "me": request.user.pk,
        },
        status=422 if form.errors else 200,
    )

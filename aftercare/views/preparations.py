"""解除准备."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from aftercare import actions, selectors
from aftercare.forms import ReleasePlanForm
from aftercare.models import ReleasePlan
from aftercare.states import FetchedBy
from aftercare.views.releases import about, case_in_scope
from rehab import clock
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.RELEASE_PREPARE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def release_prepare(request: Any, case_number: str) -> HttpResponse:
    """登记解除准备, with what was arranged before, or the first relative on file."""
    case, at = case_in_scope(request, case_number), clock.now()
    form = ReleasePlanForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(case, selectors.plan_of(case)),
        drafts=request.drafts,
    )

    if form.is_valid():
        try:
            plan = actions.prepare_release(
                case=case, preparation=form.preparation, by=request.user, at=at
            )
            messages.success(request, f"{case.person}：已登记解除准备（{plan.words}）")
            return see(request, "aftercare:release-detail", case.number)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))

    return render(
        request,
        template_for(request, "aftercare/release_prepare.html", fragment="form"),
        about(request, case)
        | {"form": form, "obstacles": selectors.plan_obstacles(case, on=clock.day_of(at))},
        status=422 if form.errors else 200,
    )


def _initial(case: Case, plan: ReleasePlan | None) -> dict[str, Any]:
    if plan is not None:
        names = ("fetched_by", "who", "way", "where", "chosen_on")
        return {name: getattr(plan, name) for name in names}
    relative = selectors.relative_words(case.person)
    return {"fetched_by": FetchedBy.RELATIVE, "who": relative} if relative else {}

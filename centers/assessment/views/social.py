"""The page of the social environment."""

from django.contrib import messages
from django.shortcuts import render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from centers import pages
from centers.assessment import actions, rules
from centers.assessment.forms import SocialForm
from centers.models import SocialForm as Recorded
from centers.records import earlier
from rehab import clock
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.states import IN_CUSTODY
from rehab.web import see, template_for


@requires(Permission.SOCIAL_RECORD)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def social_create(request, case_number):
    case = pages.case_or_404(request, case_number)
    form = SocialForm(request.POST or None, drafts=request.drafts)

    if form.is_valid():
        try:
            recorded = actions.record_social_form(
                case=case,
                met=form.met,
                note=form.cleaned_data["note"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(
                request,
                f"已填写 {case.person.name} 的社会环境与适应能力：{recorded.get_result_display()}",
            )
            return see(request, case)
        except Refused as refused:
            form.add_error(None, str(refused))

    return render(
        request,
        template_for(request, "centers/social_create.html", fragment="form"),
        {
            "case": case,
            "form": form,
            "obstacles": rules.social_obstacles(in_custody=case.status in IN_CUSTODY),
            "earlier": earlier(Recorded, case),
        },
        status=422 if form.errors else 200,
    )

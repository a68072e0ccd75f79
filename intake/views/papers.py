"""入所文书: everything of one admission, made where it is not yet, as one file for the printer."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from intake import actions
from intake.completion_forms import AdmissionPapersForm
from rehab import clock
from rehab.actions.papers import print_documents
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.views.documents import pdf


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
def papers_print(request: Any, case_number: str) -> HttpResponse:
    """打印入所文书: one press for the receipt, the register, the rights in his language, the family's letter."""
    case = get_object_or_404(
        Case.objects.visible_to(request.user).select_related("person", "facility"),
        number=case_number,
    )
    form = AdmissionPapersForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            documents = actions.prepare_admission_papers(
                case=case, language=form.cleaned_data["language"], by=request.user, at=clock.now()
            )
            body = print_documents(documents=documents, by=request.user, really_at=clock.real_now())
            return pdf(body, name=f"papers-{case.number}")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "intake/papers_print.html",
        {"case": case, "form": form},
        status=422 if form.errors else 200,
    )

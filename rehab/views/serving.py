"""送达: that a 文书 reached whom it was for."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from rehab import clock
from rehab.actions.serving import serve_document
from rehab.document_forms import ServiceForm
from rehab.models import Document
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.sending import form_page
from rehab.web import see, template_for


@requires(Permission.DOCUMENT_SERVE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def service_create(request: Any, pk: Any) -> HttpResponse:
    """登记送达 of a document of a case."""
    documents = Document.objects.visible_to(request.user).filter(case__isnull=False)
    document = get_object_or_404(
        documents.select_related("case__person", "case__facility").defer("body", "facts"), pk=pk
    )
    case: Any = document.case
    at = clock.now()
    form = ServiceForm(
        request.POST if request.method == "POST" else None,
        initial={"served_at": at},
        drafts=request.drafts,
    )
    if form.is_bound and form.is_valid():
        try:
            serve_document(
                case=case, document=document, by=request.user, at=at, **form.cleaned_data
            )
            messages.success(request, f"已登记送达：{document.title}")
            return see(request, f"{case.get_absolute_url()}?tab=documents")
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        template_for(request, "rehab/service_create.html", fragment="form"),
        {
            "document": document,
            "case": case,
            "form": form,
            "services": list(document.services.select_related("by").order_by("served_at")),
        },
        status=422 if form.errors else 200,
    )

"""文书: one as it was served, its prints, and whether a paper in the hand is the one that was made."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rehab import clock
from rehab.actions import papers
from rehab.document_forms import VerificationForm
from rehab.document_kinds import kinds
from rehab.ledgers import documents
from rehab.models import Document
from rehab.permissions import Permission, requires
from rehab.typeset import typeset


@requires(Permission.DOCUMENT_VIEW)
@require_GET
def document_detail(request: Any, pk: Any) -> HttpResponse:
    """One 文书 as it was served, for those who may see what it is about; that it was opened is kept."""
    document = get_object_or_404(_to_open(request), pk=pk)
    papers.record_opening(document=document, by=request.user, really_at=clock.real_now())
    return pdf(document.pdf, name=str(document.pk))


@requires(Permission.WORKLIST_VIEW)
@require_GET
def document_sample(request: Any, kind: str) -> HttpResponse:
    """样张: one kind of 文书 as the product words it, of an invented person."""
    if kind not in kinds():
        raise Http404
    return pdf(typeset(kind, kinds()[kind].sample), name=f"sample-{kind}")


@requires(Permission.DOCUMENT_VIEW)
@require_POST
def document_print(request: Any, pk: Any) -> HttpResponse:
    """打印: the first is the 正本, every later one says that it is a copy, and which."""
    document = get_object_or_404(_to_open(request), pk=pk)
    body = papers.print_documents(documents=[document], by=request.user, really_at=clock.real_now())
    return pdf(body, name=str(document.pk))


def _to_open(request: Any) -> Any:
    """What this user may open; one that still waits to be typeset is not there yet."""
    return Document.objects.visible_to(request.user).filter(body__isnull=False)


@requires(Permission.DOCUMENT_VIEW)
@require_http_methods(["GET", "POST"])
def document_verify(request: Any) -> HttpResponse:
    """文书核验: a number and eight digits of a paper, against what is kept."""
    form = VerificationForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        found = documents.verified(
            request.user, number=form.cleaned_data["number"], code=form.cleaned_data["code"]
        )
    return render(
        request,
        "rehab/document_verify.html",
        {"form": form, "found": found},
        status=422 if form.errors else 200,
    )


def pdf(body: bytes, *, name: str) -> HttpResponse:
    """A file for the screen or the printer, kept by nobody on the way."""
    return HttpResponse(
        body,
        content_type="application/pdf",
        headers={
            "Content-Disposition": f'inline; filename="{name}.pdf"',
            "Cache-Control": "no-store",
        },
    )

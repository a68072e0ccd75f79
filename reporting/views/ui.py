"""组件陈列：every component in every state."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab.document_kinds import kinds
from rehab.permissions import Permission, requires
from reporting import gallery


@requires(Permission.WORKLIST_VIEW)
@require_safe
def ui(request: HttpRequest) -> HttpResponse:
    """The gallery, on invented facts; the browser test looks at it."""
    return render(request, "reporting/ui.html", gallery.examples() | {"papers": kinds().values()})

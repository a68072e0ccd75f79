"""组件陈列：every component in every state."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from rehab.document_kinds import kinds
from rehab.permissions import Permission, requires
from reporting import gallery


@requires(Permission.WORKLIST_VIEW)
@require_safe
def ui(request: Any) -> HttpResponse:
    """The gallery, on invented facts; the browser test looks at it."""
    examples = gallery.examples(request.user)
    return render(request, "reporting/ui.html", examples | {"papers": kinds().values()})

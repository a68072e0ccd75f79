"""What an officer reads when something went wrong: a page in our looks, or its fragment for htmx.

400, 403 and 404 stand in the frame of a page. 500 asks nothing of database, cache or broker.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from rehab import clock, drafts, form_keys
from rehab.form_keys import FIELD
from rehab.web import into_messages, template_for


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sorry(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sorry(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _sorry(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """页面已过期: most often signed in again elsewhere. What the form held is kept for its writer."""
    form_key = form_keys.read(request.POST.get(FIELD))
    kept = form_key is not None and drafts.keep(
        form_key=form_key, sent=request.POST, at=clock.real_now()
    )
    page = form_key.page if form_key else request.path
    return _sorry(request, 403, "403_csrf.html", {"kept": kept, "page": page})


def server_error(request: HttpRequest) -> HttpResponse:
    words = render_to_string(template_for(request, "500.html", fragment="sorry"))
    return into_messages(HttpResponse(words, status=500))


def _sorry(
    request: HttpRequest, status: int, page: str = "", context: dict[str, Any] | None = None
) -> HttpResponse:
    template = template_for(request, page or f"{status}.html", fragment="sorry")
    return into_messages(render(request, template, context, status=status))

"""What every view needs to answer both a browser and htmx; the whole of our framework."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url

LEFT_LIST = (
    "list"  # the cookie that holds the address of the list last seen: words of filters, no names
)


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page; a restored history entry wants the whole."""
    headers = request.headers
    return "HX-Request" in headers and "HX-History-Restore-Request" not in headers


def see(request: HttpRequest, thing: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Send the browser on after a success, to a model's page, a url name or an address."""
    url = as_left(request, resolve_url(thing, *args, **kwargs))
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def as_left(request: HttpRequest, url: str) -> str:
    """A list with the filters, order and page under which it was left; any other address as it is."""
    left = request.COOKIES.get(LEFT_LIST, "")
    return left if left.partition("?")[0] == url and left.isprintable() else url


def template_for(request: HttpRequest, page: str, *, fragment: str) -> str:
    """The page, or its partial `page#fragment` for htmx."""
    return f"{page}#{fragment}" if wants_fragment(request) else page

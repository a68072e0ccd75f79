"""What every view needs to answer both a browser and htmx; the whole of our framework."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

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


def into_messages(answer: HttpResponse) -> HttpResponse:
    """For htmx: this answer stands where messages do, and the form that was sent stays as it is."""
    answer.headers["HX-Retarget"] = "#messages"
    answer.headers["HX-Reswap"] = "innerHTML"
    return answer


def to_login(request: HttpRequest, back: str = "", *, kept: bool = False) -> HttpResponse:
    """Send the browser to sign in, and then to `back`; `kept` says that what was typed is kept."""
    query = QueryDict(mutable=True)
    if back := back or _shown_before(request):
        query["next"] = back
    if kept:
        query["kept"] = "1"
    return see(request, f"{resolve_url('login')}?{query.urlencode(safe='/')}".rstrip("?"))


def _shown_before(request: HttpRequest) -> str:
    """The page on which the browser stands: what it asks for, or where it sent something from."""
    if request.method in ("GET", "HEAD") and not wants_fragment(request):
        return request.get_full_path()
    origin = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    if not url_has_allowed_host_and_scheme(origin, allowed_hosts={request.get_host()}):
        return ""
    page = urlsplit(origin)
    return f"{page.path}?{page.query}".rstrip("?")

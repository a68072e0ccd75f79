"""A page with a form: what is typed there is kept, and what is sent there is done once.

`@form_page` for one act, in one transaction with the key of its form; `@batch_page` for several acts,
each of which stands for itself.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.messages import get_messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rehab import clock, drafts, form_keys, submissions
from rehab.drafts import Drafts
from rehab.form_keys import FIELD, FormKey
from rehab.web import into_messages, see, template_for

View = Callable[..., HttpResponse]
Act = Callable[[], HttpResponse]
REFUSED = 400  # and beyond: nothing was done


def form_page(view: View) -> View:
    """A page whose form is one act."""
    return _page_of(view, _once)


def batch_page(view: View) -> View:
    """A page whose form is several acts, each a transaction of its own."""
    return _page_of(view, _once_in_pieces)


def _page_of(view: View, once: Callable[[HttpRequest, FormKey, Act], HttpResponse]) -> View:
    @wraps(view)
    def page(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        form_key = form_keys.read(request.POST.get(FIELD)) if request.method == "POST" else None
        request.drafts = Drafts(
            user_id=request.user.pk,
            page=form_key.page if form_key else request.get_full_path(),
            at=clock.real_now(),
        )
        if form_key is None:  # no key: done as often as it is sent
            return view(request, *args, **kwargs)
        if form_key.user != request.user.pk:
            return _of_somebody_else(request, form_key)
        return once(request, form_key, lambda: view(request, *args, **kwargs))

    return page


def _once(request: HttpRequest, form_key: FormKey, act: Act) -> HttpResponse:
    digest = submissions.digest_of(request)
    with transaction.atomic():
        if submissions.claim(form_key=form_key, digest=digest, at=clock.real_now()):
            answer = act()
            if answer.status_code < REFUSED:
                _settle(request, form_key, answer)
            else:
                submissions.give_back(form_key=form_key)
            return answer
    return _again(request, form_key, digest)


def _once_in_pieces(request: HttpRequest, form_key: FormKey, act: Act) -> HttpResponse:
    digest = submissions.digest_of(request)
    with submissions.alone(form_key):
        if submissions.answer_of(form_key) is None:
            answer = act()
            if answer.status_code < REFUSED:
                with transaction.atomic():
                    submissions.claim(form_key=form_key, digest=digest, at=clock.real_now())
                    _settle(request, form_key, answer)
            return answer
    return _again(request, form_key, digest)


def _settle(request: HttpRequest, form_key: FormKey, answer: HttpResponse) -> None:
    submissions.settle(form_key=form_key, to=_led_to(answer), said=_said(request))
    drafts.forget(form_key=form_key)


def _led_to(answer: HttpResponse) -> str:
    """The address an act led to; none for one that shows what it made at once, and only once."""
    return str(answer.headers.get("HX-Redirect") or answer.headers.get("Location") or "")


def _said(request: HttpRequest) -> submissions.Said:
    """The messages of the act; they stay to be shown."""
    storage: Any = get_messages(request)
    said = [(message.level, str(message)) for message in storage]
    storage.used = False
    return said


def _again(request: HttpRequest, form_key: FormKey, digest: str) -> HttpResponse:
    """The same form once more: to where it led; with other contents, the officer is asked."""
    before = submissions.answer_of(form_key)
    assert before is not None  # whoever holds a key and leads nowhere gives it back
    if before.to and before.digest == digest:
        for level, words in before.said:
            messages.add_message(request, level, words)
        return see(request, before.to)
    return conflict(
        request,
        "again",
        {
            "before": before,
            "same": before.digest == digest,
            "anew": form_key.fresh(),
            "sent": [(name, values) for name, values in request.POST.lists() if name != FIELD],
            "with_files": bool(request.FILES),
        },
    )


def _of_somebody_else(request: HttpRequest, form_key: FormKey) -> HttpResponse:
    """A form that a colleague had opened at this desk: it stays his, and is not done in another's name."""
    kept = drafts.keep(form_key=form_key, sent=request.POST, at=clock.real_now())
    return conflict(request, "other_officer", {"kept": kept})


def conflict(request: HttpRequest, reason: str, context: dict[str, Any]) -> HttpResponse:
    """409, in words: the page, or the fragment of it for htmx."""
    answer = render(
        request,
        template_for(request, f"errors/{reason}.html", fragment="sorry"),
        context,
        status=409,
    )
    return into_messages(answer)

"""文书格式: a bureau words its papers, looks at them on an invented person, and sets them from a day on."""

from dataclasses import replace
from typing import Any

import typst
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from rehab import clock
from rehab.actions import papers
from rehab.changing import status_of
from rehab.document_kinds import DocumentKind, kinds
from rehab.ledgers import wordings
from rehab.ledgers.wordings import CHINESE, LANGUAGES
from rehab.models import Bureau, DocumentWording
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.wording import BadWording, Wording, wording_obstacles
from rehab.sending import form_page
from rehab.typeset import TypesetterBroken
from rehab.views.documents import pdf
from rehab.web import see
from rehab.wording_forms import WordingForm, initial_of


@requires(Permission.RULE_APPROVE)
@require_GET
def wording_list(request: Any) -> HttpResponse:
    """Every kind of 文书, with the version of this province that is in force."""
    in_force = wordings.all_in_force(_province(request), on=clock.today())
    lines = [(one, in_force.get(one.code)) for one in kinds().values()]
    return render(request, "rehab/wording_list.html", {"lines": lines})


@requires(Permission.RULE_APPROVE)
@require_http_methods(["GET", "POST"])
@form_page
def wording_create(request: Any, kind: str) -> HttpResponse:
    """One kind: what is in force, to be changed, proved and set from a day on; every version there was."""
    one, province = _kind(kind), _province(request)
    language = _language(one, request.POST.get("language") or request.GET.get("language", ""))
    form = WordingForm(
        request.POST if request.method == "POST" else None,
        kind=one,
        now=initial_of(_latest(one, province, language)),
        initial={"language": language, "effective_from": clock.today()},
        drafts=request.drafts,
    )
    if form.is_valid():
        language = _language(one, form.chosen_language)
        try:
            row = papers.set_document_wording(
                province=province,
                code=one.code,
                language=language,
                wording=form.wording,
                effective_from=form.cleaned_data["effective_from"],
                by=request.user,
                at=clock.now(),
            )
            messages.success(
                request, f"{one.title}第 {row.version} 版已拟定，由另一名审批人员确认后施行"
            )
            if form.left_as_found:
                messages.warning(request, form.left_as_found_words)
            return see(request, "wording-create", one.code)
        except Refused as refused:
            for obstacle in refused.obstacles:
                form.add_error(None, str(obstacle))
    return _page(request, one, province, language, form)


@requires(Permission.RULE_APPROVE)
@require_POST
def wording_preview(request: Any, kind: str) -> HttpResponse:
    """The paper of an invented person in the wording that is typed and not kept yet."""
    one, province = _kind(kind), _province(request)
    form = WordingForm(request.POST, kind=one, now={})
    language = CHINESE
    if form.is_valid():
        language = _language(one, form.chosen_language)
        obstacles = wording_obstacles(form.wording, one.bounds) or papers.proof_obstacles(
            one, language, form.wording
        )
        if not obstacles:
            body = wordings.previewed(one, language, form.wording, one.sample)
            return pdf(body, name=f"preview-{one.code}")
        for obstacle in obstacles:
            form.add_error(None, str(obstacle))
    return _page(request, one, province, language, form)


@requires(Permission.RULE_APPROVE)
@require_GET
def wording_detail(request: Any, pk: Any) -> HttpResponse:
    """A version that was set, as the paper of an invented person."""
    row = get_object_or_404(DocumentWording, pk=pk, province=_province(request))
    one = _kind(row.kind)
    try:
        body = wordings.previewed(one, row.language, Wording.read(row.parts), one.sample)
    except (typst.TypstError, TypesetterBroken, BadWording) as broken:
        raise Http404 from broken
    return pdf(body, name=f"wording-{row.pk}")


@requires(Permission.RULE_APPROVE)
@require_POST
@form_page
def wording_confirm(request: Any, pk: Any) -> HttpResponse:
    """确认: the second person has looked at it, and from its day on papers are worded so."""
    row = get_object_or_404(DocumentWording, pk=pk, province=_province(request))
    try:
        papers.confirm_document_wording(row=row, by=request.user, at=clock.now())
    except Refused as refused:
        return render(
            request,
            "errors/refused.html",
            {
                "obstacles": refused.obstacles,
                "heading": "没有确认",
                "back": reverse("wording-create", args=[row.kind]),
            },
            status=422,
        )
    title = _kind(row.kind).title
    messages.success(request, f"{title}第 {row.version} 版自 {row.effective_from} 起施行")
    return see(request, "wording-create", row.kind)


def _page(
    request: Any, one: DocumentKind, province: Bureau, language: str, form: WordingForm
) -> HttpResponse:
    return render(
        request,
        "rehab/wording_create.html",
        {
            "kind": one,
            "form": form,
            "language": language,
            "language_name": LANGUAGES[language],
            "languages": LANGUAGES if one.translatable else {},
            "versions": [
                (row, papers.confirmation_obstacles(row=row, by=request.user))
                for row in wordings.versions(one.code, province, language=language)
            ],
        },
        status=status_of(form),
    )


def _latest(one: DocumentKind, province: Bureau, language: str) -> Wording:
    """What to begin from: the newest version that can be used, else the product's."""
    for row in wordings.versions(one.code, province, language=language):
        if wording := wordings.sound(one, row):
            return wording
    if language == CHINESE:
        return one.wording
    return replace(one.wording, heading="", sections={})  # a translation begins with nothing


def _kind(code: str) -> DocumentKind:
    if code not in kinds():
        raise Http404
    return kinds()[code]


def _language(one: DocumentKind, code: str) -> str:
    return code if one.translatable and code in LANGUAGES else CHINESE


def _province(request: Any) -> Bureau:
    bureau = request.user.bureau
    if bureau is None or bureau.level != Bureau.Level.PROVINCE:
        raise Http404
    return bureau

"""待告知: who is owed a telling, the sheets of those ticked, and that they were told."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from centers import pages
from centers.assessment import actions, selectors
from centers.assessment.telling_forms import TellingBatchForm, TickedForm
from centers.told_clocks import cause_of
from rehab import clock, lists
from rehab.actions.papers import print_documents
from rehab.columns import Column, minute
from rehab.ledgers.documents import languages_read
from rehab.ledgers.wordings import LANGUAGES
from rehab.lists import Listing
from rehab.models import Case
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.sending import form_page
from rehab.views.documents import pdf
from rehab.web import see

OWED = Listing(
    title="待告知人员",
    unit="人",
    definition="可见范围内入所、转区、评估以后或者期满前三十日内，还没有登记告知本人的在所人员；应告知早的在前",
    columns=(
        *pages.WHO,
        Column("因何告知", lambda case, user: "、".join(case.causes), 40),
        Column("应告知（期限未经确认）", lambda case, user: minute(case.told_by), 18, "due", ("told_by",)),
        Column("告知语言", lambda case, user: case.spoken, 12),
        Column("告知单", lambda case, user: _sheet(case), 20),
    ),
    row="centers/_telling_row.html",
    acts=True,
    per_page=100,  # people whose rows one transaction holds
    empty="没有待告知的人员",
    hint="入所、转区、评估以后和期满前三十日，列在这里",
)  # fmt: skip


@requires(Permission.PERSON_TELL)
@require_safe
@form_page
def telling_list(request: Any) -> HttpResponse:
    """待告知: of whom the 大队 must tell somebody of himself, because of what, and by when."""
    return _page(request)


def _page(request: Any, form: Any = None) -> HttpResponse:
    at = clock.now()
    filters = pages.ZoneFilter(request.GET)
    rows = selectors.owed_tellings(request.user, at=at).select_related("person", "unit", "zone")
    return lists.answer(
        request,
        OWED,
        pages.in_zone(rows, filters.chosen("zone")),
        template="centers/telling_list.html",
        filters=filters,
        dress=_dressed,
        bulk=lists.Bulk(
            "cases",
            (
                ("打印告知单", reverse("centers:sheets-print")),
                ("登记已告知", reverse("centers:telling-batch")),
            ),
            ticked=request.POST.getlist("cases"),
        ),
        context={
            "form": form,
            "today": clock.day_of(at),
            "told_at": form
            if isinstance(form, TellingBatchForm)
            else TellingBatchForm(people=Case.objects.none(), initial={"told_at": at}),
        },
        status=422 if form is not None else 200,
    )


def _sheet(case: Any) -> str:
    return f"{minute(case.sheet_made_at)} 制作" if case.sheet_made_at else "未制作"


def _dressed(cases: Sequence[Any]) -> Sequence[Any]:
    """Each with the reasons, his language."""
    owed = selectors.causes(cases, at=clock.now())
    read = languages_read(cases)
    for case in cases:
        case.causes = [cause_of(one.cycle) for one in owed[case.pk]]
        case.spoken = LANGUAGES[read[case.pk]]
    return cases


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@form_page
def sheets_print(request: Any) -> HttpResponse:
    """打印告知单 of those ticked, as one file; whoever cannot be told is named on the next page."""
    if request.method == "GET":
        return see(request, "centers:telling-list")
    form = TickedForm(request.POST, people=_people(request))
    if form.is_valid():
        try:
            outcome = actions.tell_people(
                people=form.cleaned_data["cases"], by=request.user, at=clock.now()
            )
            if _said(form, outcome.refused, bool(outcome.done), _warning(request)):
                body = print_documents(
                    documents=outcome.done, by=request.user, really_at=clock.real_now()
                )
                return pdf(body, name="told")
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, form)


@requires(Permission.PERSON_TELL)
@require_http_methods(["GET", "POST"])
@form_page
def telling_batch(request: Any) -> HttpResponse:
    """登记已告知 of those ticked; who refused to sign or needs an interpreter is done alone."""
    if request.method == "GET":
        return see(request, "centers:telling-list")
    form = TellingBatchForm(request.POST, people=_people(request))
    if form.is_valid():
        try:
            outcome = actions.record_tellings(
                people=form.cleaned_data["cases"],
                told_at=form.cleaned_data["told_at"],
                by=request.user,
                at=clock.now(),
            )
            if _said(form, outcome.refused, bool(outcome.done), _warning(request)):
                messages.success(request, f"已登记告知 {len(outcome.done)} 人")
                return see(request, "centers:telling-list")
        except Refused as refused:
            form.add_error(None, str(refused))
    return _page(request, form)


def _people(request: Any) -> Any:
    return Case.objects.visible_to(request.user).select_related("person").order_by("number")


def _warning(request: Any) -> Callable[[str], None]:
    return lambda sentence: messages.warning(request, sentence)


def _said(
    form: TickedForm,
    refused: Mapping[UUID, tuple[Obstacle, ...]],
    done: bool,
    warn: Callable[[str], None],
) -> bool:
    """Say of each who stayed out why: in the form where nobody went, else beside what was done."""
    names = {case.pk: case for case in form.cleaned_data["cases"]}
    for key, reasons in refused.items():
        sentence = f"{names[key].person}（{names[key]}）未办理：{Refused(reasons)}"
        if done:
            warn(sentence)
        else:
            form.add_error(None, sentence)
    return done

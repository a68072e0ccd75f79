"""收治登记: one page from the papers to the first bed, its draft kept as it is typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from intake import actions
from intake.forms import AdmissionForm, initial_of
from intake.models import Arrival
from intake.rules import health
from intake.rules.completion import DUTIES
from intake.rules.gate import Checks, Papers
from intake.selectors import arrivals, identity
from intake.selectors.arrivals import Reception
from intake.states import ArrivalStatus
from intake.views.arrivals import arrival_in_scope
from rehab import clock
from rehab.models import User
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.rules.term import earliest_early_release
from rehab.selectors import police_serving
from rehab.sending import form_page
from rehab.states import Sex
from rehab.web import see, template_for, wants_fragment

# Everything at the gate is in order: what is asked then follows from the papers alone
IN_ORDER = Checks(has_decision=True, is_the_person=True, health_checked=True, pregnancy_tested=True)


@requires(Permission.ARRIVAL_DECIDE)
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
@form_page
def arrival_admit(request: Any, pk: Any) -> HttpResponse:
    arrival = arrival_in_scope(request, pk)
    if request.method == "GET" and not arrival.is_undecided:
        return redirect(arrival)
    if request.method == "GET":
        return _first_page(request, arrival)

    form = _form(arrival, data=request.POST)
    if not form.is_valid():
        return _refused_page(request, arrival, form)
    try:
        case = actions.admit(
            arrival=arrival,
            papers=form.papers(arrivals.papers_of(arrival)),
            checks=form.checks,
            searchers=form.searchers,
            bed=form.cleaned_data["bed"],
            known_person=form.cleaned_data["known_person"],
            answers=form.answers,
            by=request.user,
            at=clock.now(),
        )
    except Refused as refused:
        return _refused_page(request, arrival, form, refused.obstacles)
    messages.success(request, f"已接收 {case.person.name}，编号 {case.number}")
    return see(request, "intake:completion-record", case.number)


def _form(arrival: Arrival, **kwargs: Any) -> AdmissionForm:
    return AdmissionForm(
        staff=list(police_serving(arrival.facility_id)),
        beds=arrivals.detox_beds(arrival.facility),
        known_sex=arrival.sex,
        **kwargs,
    )


def _preview(arrival: Arrival, papers: Papers) -> Reception:
    """What the papers alone call for, whatever will be seen at the gate."""
    return arrivals.reception_of(
        arrival,
        papers,
        IN_ORDER,
        searchers=[papers.sex, papers.sex],
        known_person=None,
        on=clock.today(),
    )


def _first_page(request: Any, arrival: Arrival) -> HttpResponse:
    papers = arrivals.papers_of(arrival)
    preview = _preview(arrival, papers)
    form = _form(
        arrival, initial=initial_of(papers), cautions=preview.cautions, drafts=request.drafts
    )
    page = _page(request, arrival, form, preview, compared=papers)
    actions.open_admission(arrival=arrival, by=request.user, at=clock.now())
    return page


def _refused_page(
    request: Any,
    arrival: Arrival,
    form: AdmissionForm,
    obstacles: Sequence[Obstacle] | None = None,
) -> HttpResponse:
    """The same form with every reason and a place for every answer; nothing typed is lost.

    What could not be read is said by its field; what could be is judged all the same, so that nobody
    mends a form in rounds.
    """
    papers = form.papers(arrivals.papers_of(arrival))
    reception = arrivals.reception_of(
        arrival,
        papers,
        form.checks,
        searchers=[one.sex for one in form.searchers],
        known_person=form.cleaned_data.get("known_person"),
        on=clock.today(),
    )
    again = _form(arrival, data=request.POST, cautions=reception.cautions)
    again.is_valid()
    for obstacle in reception.obstacles if obstacles is None else obstacles:
        again.add_error(None, str(obstacle))
    return _page(request, arrival, again, reception, compared=papers)


def _page(
    request: Any, arrival: Arrival, form: AdmissionForm, reception: Reception, *, compared: Papers
) -> HttpResponse:
    """The form beside what is known; `compared` are the papers that the register was asked about."""
    papers = arrivals.papers_of(arrival)
    beds = arrivals.first_beds(
        arrival.facility, sex=form.shown_sex, birth_date=papers.birth_date, on=clock.today()
    )
    form.offer(beds=beds, earlier=reception.earlier)
    people = identity.side_by_side(reception.earlier, compared, user=request.user)
    return render(
        request,
        template_for(request, "intake/arrival_admit.html", fragment="form"),
        {
            "arrival": arrival,
            "form": form,
            "papers": papers,
            "reception": reception,
            "people": people,
            "merging": _merging(request.user, people),
            "colleagues": arrivals.colleague_words(arrival, by=request.user, at=clock.now()),
            "obstacles": arrivals.answer_obstacles(arrival, ArrivalStatus.ADMITTED, at=clock.now()),
            "fragment": wants_fragment(request),
            "conditions": _conditions(arrival, papers, reception, free_beds=len(beds)),
            "to_come": _to_come(papers),
        },
        status=422 if form.errors else 200,
    )


def _merging(user: User, people: Sequence[identity.Beside]) -> str:
    """Where two of those found are put together, if they are one; nowhere for who may not."""
    twice = identity.known_twice(people) if user.may(Permission.MERGE_PROPOSE) else None
    if twice is None:
        return ""
    file, other = twice
    url = reverse("rehab:merge-create", args=[file.number])
    return f"{url}?with={other.number}" if other else url


@dataclass(frozen=True)
class Line:
    """One line of a card beside the form."""

    label: str
    value: str
    tone: str = ""


def _conditions(
    arrival: Arrival, papers: Papers, reception: Reception, *, free_beds: int
) -> list[Line]:
    """接收条件, as far as the papers tell."""
    return [
        _about_pregnancy(papers),
        Line("决定书文号", "已登记", "ok") if papers.decision_number else Line("决定书文号", "待填", "warn"),
        Line("体表伤情双方签字", "须签字", "warn") if papers.injury else Line("体表伤情", "名册未记载", "mut"),
        Line("可通知的家属", "有", "ok") if papers.relative_name else Line("可通知的家属", "无，须说明", "warn"),
        Line("生理脱毒区余床", f"{free_beds} 张", "ok" if free_beds else "bad"),
    ]  # fmt: skip


def _about_pregnancy(papers: Papers) -> Line:
    label = "怀孕 / 哺乳不满一周岁婴儿"
    if papers.sex != Sex.FEMALE:
        return Line(label, "不适用", "ok")
    bar = health.bar_of(papers.health)
    return Line(label, str(bar), "bad") if bar else Line(label, "须检查", "warn")


def _to_come(papers: Papers) -> list[Line]:
    """提交后系统将建立: what admission opens, each with its day."""
    now = clock.now()
    lines = [Line(duty.label, f"{clock.day_of(duty.due_at(now)):%m-%d} 前") for duty in DUTIES]
    lines.append(
        Line("入所教育（不少于 1 个月）", _from(clock.day_of(now) + relativedelta(months=1)))
    )
    if papers.decided_on:
        lines.append(Line("满一年，可评提前解除", f"{earliest_early_release(papers.decided_on)}"))
    if papers.printed_ends_on:
        lines.append(Line("期满", f"{papers.printed_ends_on}"))
    return lines


def _from(on: date) -> str:
    return f"{on:%m-%d} 起可结业"

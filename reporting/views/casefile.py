"""人员档案：one person, one page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from intake.selectors.completion import safeguards
from rehab import acts, clock, naming
from rehab.actions.access import SEALED, open_sealed
from rehab.permissions import Permission, requires
from rehab.refusal import Refused
from rehab.rules.persons import age_on
from rehab.selectors.apart import number_kept_apart
from rehab.states import Reach
from reporting import alterations, sayings
from reporting.forms import AccessForm
from reporting.selectors import casefile, history, outings, terms

TABS = {
    "events": "经过",
    "facts": "基本信息",
    "zones": "分区流转",
    "outings": "离所与回所",
    "centers": "五中心",
    "documents": "文书",
    "changes": "变更",
    "history": "既往",
    "aftercare": "后续照管",
}
OF_FACTS = {key: label for key, label in SEALED.items() if key != "changes"}
OF_STATION = ("events", "facts", "aftercare")


@requires(Permission.CASE_VIEW)
@require_safe
def case_detail(request: Any, number: str) -> HttpResponse:
    """The header, the term with its working, what is due, and one of the tabs."""
    user = request.user
    today = clock.today()
    shown = casefile.pages(user).annotate(kept_apart=number_kept_apart("pk", on=today))
    case = shown.filter(number=number).first()
    if case is None:
        return _agreement_alone(number, user)
    tabs = _tabs(user)
    tab = request.GET.get("tab", "events")
    tab = tab if tab in tabs else "events"
    held = user.reach != Reach.STATION  # what a facility holds is not all a station reads
    lain_in = terms.placements(case)
    events = casefile.happened(case, user)
    out = casefile.out_for(events)
    dues = casefile.due(case, user, on=today)
    counts = {"documents": casefile.document_count(case, user)} if "documents" in tabs else {}
    explained = terms.explained(case, on=today)
    context = {
        "case": case,
        "name": naming.shown_name(case.person, user),
        "at_home": user.facility is not None and user.facility == case.facility,
        "held": held,
        "named": naming.sees_names(user),
        "age": age_on(case.person.birth_date, today) if case.person.birth_date else None,
        "bed": next((one.bed for one in reversed(lain_in) if not one.period.upper), None),
        "acts": casefile.case_acts(case, user, dues, out=bool(out), on=today),
        "obstacles": explained.obstacles,
        "explained": explained,
        "bar": terms.bar(
            case,
            lain_in,
            casefile.moves_on(dues),
            ever_escaped=casefile.ever_escaped(events),
            on=today,
        ),
        "out": out,
        "ends_words": case.ends_on.isoformat(),
        "dues": casefile.next_of_each(dues),
        "centers": casefile.center_lines(case, user, events, dues) if held else (),
        "tab_template": f"reporting/_case_{tab}.html",
        "tabs": [
            {"label": label, "url": f"?tab={key}", "current": key == tab, "count": counts.get(key)}
            for key, label in tabs.items()
        ],
        "returning": casefile.stay_words(events) if held else "",
        "sealed": OF_FACTS if user.may(Permission.IDENTITY_UNMASK) else {},
    }
    return render(
        request,
        "reporting/case_detail.html",
        context | _of_tab(tab, case, user, events, lain_in),
    )


def _agreement_alone(number: str, user) -> HttpResponse:
    """A station that may not read the file is sent to the agreement it is asked for."""
    agreement = casefile.latest_agreement(number, user).first()
    if agreement is None:
        raise Http404
    return redirect(agreement)


def _of_tab(tab: str, case, user, events, lain_in) -> dict:
    """What one tab shows beyond the header."""
    match tab:
        case "events":
            return {"lines": sayings.said(events, user)}
        case "facts":
            held = user.reach != Reach.STATION
            return {
                "correction": _correction(case, user),
                "of_decision": acts.address(
                    user, "aftercare:decision-correction-create", case.number
                ),
                "safeguards": safeguards(case) if held else (),
            }
        case "zones":
            return {"lain_in": terms.lyings(lain_in), "moves": casefile.moves(case, user)}
        case "outings":
            return {"outings": outings.outings(case, user)}
        case "documents":
            return {
                "documents": casefile.documents(case, user),
                "can_serve": user.may(Permission.DOCUMENT_SERVE),
            }
        case "changes":
            return {
                "alterations": alterations.altered(events, user),
                "correction": _correction(case, user),
                "opened": user.may(Permission.IDENTITY_UNMASK),
            }
        case "history":
            return {
                "stays": history.stays(case, user),
                "merging": acts.address(user, "rehab:merge-create", case.number),
            }
        case "aftercare":
            return {"agreements": casefile.agreements(case, user)}
        case _:
            return {}


def _correction(case, user) -> str | None:
    return acts.address(user, "reporting:correction-create", case.number)


def _tabs(user) -> dict[str, str]:
    shown = OF_STATION if user.reach == Reach.STATION else tuple(TABS)
    hidden = () if user.may(Permission.DOCUMENT_VIEW) else ("documents",)
    return {key: TABS[key] for key in shown if key not in hidden}


@requires(Permission.IDENTITY_UNMASK)
@require_http_methods(["GET", "POST"])
@never_cache
def access_create(request: Any, number: str) -> HttpResponse:
    """Ask why, keep who looked, and show what is sealed once."""
    case = get_object_or_404(casefile.pages(request.user), number=number)
    form = AccessForm(request.POST or None, initial={"field": request.GET.get("field", "identity")})
    shown: tuple[tuple[str, str], ...] = ()
    if form.is_valid():
        try:
            shown = open_sealed(
                case=case,
                field=form.cleaned_data["field"],
                purpose=form.words,
                by=request.user,
                at=clock.now(),
                really_at=clock.real_now(),
            )
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(
        request,
        "reporting/access_create.html",
        {"case": case, "form": form, "shown": shown},
        status=422 if form.errors else 200,
    )

"""提前解除、延长期限的意见: the list of everyone past a year, and one page on which each step is done."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from centers import pages
from centers.assessment import actions, selectors
from centers.assessment.opinion_forms import StepForm
from centers.assessment.selectors import Stand
from centers.models import Objection, Opinion
from centers.states import OPINION_OPEN, OpinionStatus, OpinionStep
from rehab import acts, clock, columns, lists, statutes
from rehab.columns import Column
from rehab.lists import Listing
from rehab.models import Case
from rehab.naming import sees_names, shown_name
from rehab.permissions import Permission, requires
from rehab.refusal import Obstacle, Refused
from rehab.roles import STARTING_ROLES
from rehab.sending import form_page
from rehab.states import TermDecisionKind
from rehab.web import see

S, Step = OpinionStatus, OpinionStep
OWNERS = {role.code: role.display_name for role in STARTING_ROLES}
PAST_YEAR = Listing(
    title="已满一年人员名单",
    unit="人",
    definition="可见范围内执行强制隔离戒毒已满一年的在册人员，提前解除的各项条件和意见办到哪一步；期满早的在前",
    columns=(
        *pages.WHO,
        columns.ENDS,
        Column("进展", lambda case, user: _standing(case), 16, "stand", ("stand",)),
        Column("条件", lambda case, user: _conditions(case), 60),
    ),
    row="centers/_opinion_row.html",
    acts=True,
)  # fmt: skip
NEXT: dict[str, tuple[OpinionStep, ...]] = {  # what the page offers, by where it stands
    "": (Step.PROPOSE,),
    S.PROPOSED: (Step.DISCUSS, Step.WITHDRAW),
    S.NOTICED: (Step.REVIEW, Step.SIGN, Step.OBJECT, Step.WITHDRAW),
    S.SIGNED: (Step.REVIEW, Step.SEND, Step.OBJECT, Step.WITHDRAW),
    S.SENT: (Step.REVIEW, Step.RECEIVE, Step.OBJECT, Step.UNDO),
    S.RECEIVED: (Step.REVIEW, Step.ANSWER, Step.OBJECT, Step.UNDO),
    S.APPROVED: (Step.REVIEW, Step.UNDO, Step.PROPOSE),
    S.REFUSED: (Step.REVIEW, Step.PROPOSE, Step.UNDO),
}
ASIDE = frozenset({Step.OBJECT, Step.WITHDRAW, Step.UNDO})
CHAIN = (  # a step of the line, and from which status on it is done
    ("提出", S.PROPOSED), ("集体讨论", S.NOTICED), ("公示", S.SIGNED), ("所领导审批", S.SIGNED),
    ("报送", S.SENT), ("签收", S.RECEIVED), ("决定", S.APPROVED),
)  # fmt: skip
ORDER = (S.PROPOSED, S.NOTICED, S.SIGNED, S.SENT, S.RECEIVED, S.APPROVED)
BUTTONS = {
    Step.DISCUSS: "登记讨论",
    Step.REVIEW: "登记复核",
    Step.SIGN: "审批",
    Step.SEND: "登记报送",
    Step.WITHDRAW: "撤回",
}
AT_THE_ORGAN = "意见已报送，复核的书面答复送达本人，同时送决定机关"
HELD = {
    S.NOTICED: "复核以前不能审批",
    S.SIGNED: "所领导已审批，复核并答复本人以前不能报送",
    S.SENT: AT_THE_ORGAN,
    S.RECEIVED: AT_THE_ORGAN,
}
SAID = {
    Step.PROPOSE: "已提出意见，由另一人登记集体讨论",
    Step.SEND: "已登记报送，收到回执后登记签收",
    Step.RECEIVE: "已登记签收，决定机关七日内决定",
    Step.UNDO: "已撤销登记，请按实际情况重新登记",
}


@requires(Permission.OPINION_VIEW)
@require_safe
def opinion_list(request: Any) -> HttpResponse:
    """Everyone past a year, each condition met or missing with whose task it is; the tabs count the same rows."""
    filters = pages.ZoneFilter(request.GET)
    everyone: Any = pages.in_zone(
        selectors.past_year(request.user, on=clock.today()), filters.chosen("zone")
    )
    asked = request.GET.get("stand", "")
    stand = Stand(asked) if asked in Stand.values else None
    found = everyone.filter(stand=stand) if stand else everyone
    counts = selectors.counts(everyone)
    return lists.answer(
        request,
        PAST_YEAR,
        found.select_related("person", "unit", "zone", "decision"),
        template="centers/opinion_list.html",
        filters=filters,
        dress=lambda cases: _dressed(cases, request.user),
        count=counts.get(stand, 0) if stand else sum(counts.values()),
        about=stand.label if stand else "",
        context={
            "tabs": _tabs(counts, stand, filters.chosen("zone")),
            "proposes": request.user.may(Permission.OPINION_PROPOSE),
        },
    )


def _tabs(counts: dict[str, int], stand: Stand | None, zone: str) -> list[dict[str, Any]]:
    """How many stand where, each figure with the rows that it counts."""
    within = {"zone": zone} if zone else {}
    every = {"label": "全部", "url": f"?{urlencode(within)}", "count": sum(counts.values())}
    return [
        every | {"current": stand is None},
        *(
            {
                "label": one.label,
                "url": f"?{urlencode(within | {'stand': one.value})}",
                "count": counts.get(one.value, 0),
                "current": stand == one,
            }
            for one in Stand
        ),
    ]


def _dressed(cases: Any, user: Any) -> list[Any]:
    """Each row with its way, and with where each missing condition is met."""
    dressed = []
    for case, way in selectors.ways(cases, records=sees_names(user), on=clock.today()):
        case.way = way
        case.shown = shown_name(case.person, user)
        case.lines = [
            (one, OWNERS.get(one.owner, ""), acts.address(user, one.url_name, case.number))
            for one in way.conditions
        ]
        dressed.append(case)
    return dressed


def _standing(case: Any) -> str:
    return case.way.stage or Stand(case.stand).label


def _conditions(case: Any) -> str:
    """Every condition in words, those not met with a mark; what bars him with its article."""
    said = [
        one.label if one.met else f"缺 {one.label}（{OWNERS.get(one.owner, '')}）"
        for one in case.way.conditions
    ]
    return "；".join([str(case.way.bar)] if case.way.bar else said)


@requires(Permission.OPINION_VIEW)
@require_http_methods(["GET", "POST"])
@never_cache
@form_page
def opinion_detail(request: Any, case_number: str) -> HttpResponse:
    """Where the newest opinion stands, with the form of every step that may come next."""
    case, user, on = pages.case_or_404(request, case_number), request.user, clock.today()
    found = list(selectors.opinions_of(case))
    opinion: Any = found[0] if found else None
    offered = _offered(case, opinion, user)
    asked = _asked(request, offered)
    form: Any = None
    obstacles: tuple[Obstacle, ...] = ()
    if asked is not None:
        form = _form(request, case, opinion, asked, data=request.POST)
        obstacles = selectors.step_obstacles(case, opinion, asked, by=user, on=on)
        if not obstacles and form.is_valid():
            try:
                messages.success(request, _act(case, opinion, asked, form, user))
                return see(request, "centers:opinion-detail", case.number)
            except Refused as refused:
                for obstacle in refused.obstacles:
                    form.add_error(None, str(obstacle))
    grounds = selectors.proposable(case, on=on) if Step.PROPOSE in offered else {}
    steps = [
        _step(request, case, opinion, one, form if one == asked else None, grounds)
        for one in dict.fromkeys((*((asked,) if asked else ()), *offered))
    ]
    context = {
        "case": case,
        "name": shown_name(case.person, user),
        "opinion": opinion,
        "earlier": found[1:],
        "words": sees_names(user),
        "chain": _chain(opinion),
        "main": [one for one in steps if one["step"] not in ASIDE],
        "beside": [one for one in steps if one["step"] in ASIDE],
        "grounds": [(kind.label, found) for kind, found in grounds.items()],
        "can_print": user.may(Permission.DOCUMENT_VIEW),
        "can_assess": user.may(Permission.ASSESSMENT_VIEW),
        "can_serve": user.may(Permission.TERM_RECORD),
        "article": statutes.OPINION_ANSWER,
        "objection_article": statutes.OBJECTION,
        "participants": selectors.names_of(opinion) if opinion and opinion.discussed_by_id else "",
        "terms": selectors.terms(case.facility.province_id, on=on) if _is_open(opinion) else None,
        "awaited": selectors.is_awaited(opinion),
    }
    return render(
        request,
        "centers/opinion_detail.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


def _is_open(opinion: Opinion | None) -> bool:
    return opinion is not None and opinion.status in OPINION_OPEN


def _offered(case: Case, opinion: Opinion | None, user: Any) -> list[OpinionStep]:
    """The steps of this officer that may come next, as far as the opinion goes."""
    if case.ended_at is not None:
        return []
    following = NEXT.get(opinion.status if opinion else "", (Step.PROPOSE,))
    if opinion is not None and not selectors.open_objections(opinion):
        following = tuple(one for one in following if one != Step.REVIEW)
    if selectors.is_awaited(opinion):
        following = tuple(one for one in following if one != Step.PROPOSE)
    return [one for one in following if any(map(user.may, selectors.WHO[one]))]


def _asked(request: Any, offered: list[OpinionStep]) -> OpinionStep | None:
    """Which step is sent; of a form that does not say it, the first that is offered."""
    if request.method != "POST":
        return None
    try:
        return OpinionStep(request.POST.get("step", ""))
    except ValueError:
        return offered[0] if offered else Step.PROPOSE


def _form(
    request: Any,
    case: Case,
    opinion: Opinion | None,
    step: OpinionStep,
    data: Any = None,
    chosen: str = "",
) -> StepForm:
    today = clock.today()
    first = _first_objection(opinion) if step == Step.REVIEW else None
    initial: dict[str, Any] = {
        "discussed_on": today, "notice_from": today, "lodged_at": clock.now(), "sent_on": today,
        "received_on": today, "decided_on": today, "kind": chosen, "seen": str(first.pk) if first else "",
    }  # fmt: skip
    return StepForm(
        data,
        step=step,
        kind=opinion.kind if opinion else "",
        people=selectors.discussants(case) if step == Step.DISCUSS else None,
        initial=initial,
        drafts=request.drafts,
    )


def _step(
    request: Any,
    case: Case,
    opinion: Opinion | None,
    step: OpinionStep,
    form: StepForm | None,
    grounds: Mapping[TermDecisionKind, tuple[Obstacle, ...]],
) -> dict[str, Any]:
    """A form on the page with what speaks against it; the one kind that has ground is chosen already."""
    on = clock.today()
    may = [kind.value for kind, found in grounds.items() if not found]
    chosen = may[0] if len(may) == 1 else ""
    obstacles = selectors.step_obstacles(case, opinion, step, by=request.user, on=on)
    return {
        "step": step,
        "form": form or _form(request, case, opinion, step, chosen=chosen),
        "button": BUTTONS.get(step, step.label),
        "sent": form is not None,
        "objection": _first_objection(opinion) if step == Step.REVIEW else None,
        "obstacles": obstacles,
        "barred": obstacles or (() if may or step != Step.PROPOSE else _groundless(grounds)),
        "hints": (
            selectors.signing_obstacles(case, opinion, on=on)
            if step == Step.SIGN and opinion is not None and opinion.status == S.NOTICED
            else ()
        ),
    }


def _groundless(
    grounds: Mapping[TermDecisionKind, tuple[Obstacle, ...]],
) -> tuple[Obstacle, ...]:
    """Why neither kind may be proposed, each reason with the kind that it speaks of."""
    return tuple(
        replace(one, message=f"{kind.label}：{one.message}")
        for kind, found in grounds.items()
        for one in found
    )


def _first_objection(opinion: Opinion | None) -> Objection | None:
    """The objection that is reviewed next."""
    waiting = selectors.open_objections(opinion) if opinion else []
    return waiting[0] if waiting else None


def _act(case: Case, opinion: Opinion | None, step: OpinionStep, form: StepForm, user: Any) -> str:
    """Take the step, and what is then said."""
    given, who = form.cleaned_data, {"case": case, "by": user, "at": clock.now()}
    match step:
        case Step.PROPOSE:
            actions.propose_opinion(**who, **given | {"kind": TermDecisionKind(given["kind"])})
        case Step.DISCUSS:
            made = actions.discuss_opinion(**who, discussion=form.discussion)
            if made.status == S.NOTICED:
                return f"已登记集体讨论，公示至 {made.notice_until}，请打印公示张贴"
            return f"已登记：集体讨论未通过，意见终结{_to_tell(made)}"
        case Step.OBJECT:
            lodged = actions.lodge_objection(**who, **given)
            return f"已登记异议，{HELD[S(lodged.opinion.status)]}"
        case Step.REVIEW:
            actions.review_objection(**who, **given)
            return "已登记复核，请打印书面答复送达本人，并在文书中登记送达"
        case Step.SIGN if given["approved"]:
            actions.sign_opinion(**who)
            return "已审批同意，意见书已编号，由诊断评估中心报送"
        case Step.SIGN:
            made = actions.decline_opinion(**who, reason=given["declined_for"])
            return f"已登记：所领导不同意，意见终结{_to_tell(made)}"
        case Step.SEND:
            actions.send_opinion(**who, **given)
        case Step.RECEIVE:
            actions.receive_opinion(**who, **given)
        case Step.ANSWER:
            made = actions.record_opinion_answer(**who, answer=form.answer)
            if made.status == S.APPROVED:
                return "已登记：决定机关批准；决定书送达本人并登记以后期满日才变动"
            return "已登记：决定机关不批准，请打印告知书送达本人"
        case Step.UNDO:
            told = opinion is not None and opinion.status == S.REFUSED
            actions.undo_opinion_record(**who, reason=given["undone_for"])
            if told:
                return "已撤销登记，原告知书已由新的一份替代，请打印送达本人，并按实际情况重新登记"
        case _:
            made = actions.withdraw_opinion(**who, reason=given["withdrawn_for"])
            return f"已撤回意见{_to_tell(made)}"
    return SAID[step]


def _to_tell(opinion: Opinion) -> str:
    return "，请打印告知书送达本人" if opinion.reply_id else ""


def _chain(opinion: Any) -> list[dict[str, str]]:
    """The line from the proposal to the service of the decision."""
    status = S(opinion.status) if opinion else None
    reached = ORDER.index(status) if status in ORDER else -1
    if status == S.REFUSED:
        reached = ORDER.index(S.RECEIVED)
    line = [
        {"label": label, "state": "done" if ORDER.index(done) <= reached else "later"}
        for label, done in CHAIN
    ]
    served = opinion is not None and status == S.APPROVED and opinion.recorded
    line.append({"label": "送达", "state": "done" if served else "later"})
    waiting = next((one for one in line if one["state"] == "later"), None)
    if waiting is not None and status in ORDER:
        waiting["state"] = "here"
    return line

"""Where a printed end is later than the computed one: what a province prints, the alarm, and the letter that asks."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction

from rehab import clock, statutes
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, outbox
from rehab.models import Bureau, Case, EndConvention, EndInquiry, Event, Facility, User
from rehab.models.people import CaseQuerySet
from rehab.refusal import Refused
from rehab.rules.term import two_years_end
from rehab.selectors import term as selectors
from rehab.typeset import cite

END_CONVENTION = "end-convention"


@transaction.atomic
def ask_about_end(*, case: Case, by: User, at: datetime) -> EndInquiry:
    """致函核实期限: a numbered letter asks the deciding organ which last day is right.

    No day moves by it, and the alarm goes on.
    """
    case, on = cases.lock(case, "decision"), clock.day_of(at)

    Refused.if_any(selectors.inquiry_obstacles(case, on=on))

    computed = selectors.computed_end(case, on=on)
    facts = _letter(case, computed, on=on)
    letter = documents.make(case, "end_inquiry", "期限核实函", facts, by=by, at=at)
    inquiry = EndInquiry.objects.create(
        case=case,
        ends_on=case.ends_on,
        alarm_on=computed,
        document=letter,
        asked_by=by,
        asked_at=at,
    )

    events.record(
        case,
        Event.Kind.END_INQUIRED,
        by=by,
        at=at,
        ends_on=str(case.ends_on),
        alarm_on=str(computed),
    )
    deadlines.refresh([case])

    outbox.poke()
    return inquiry


def _letter(case: Case, computed: date, *, on: date) -> dict[str, Any]:
    decision = case.decision
    return {
        "recipient": decision.authority,
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "case_number": case.number,
        "decision_number": decision.number,
        "decided_on": decision.decided_on,
        "printed_on": decision.printed_ends_on,
        "ends_on": case.ends_on,
        "alarm_on": computed,
        "steps": [
            {"says": step.label, "article": cite(step.article), "ends_on": step.ends_on}
            for step in selectors.working(case, on=on).steps
        ],
        "basis": [statutes.TWO_YEAR_TERM, statutes.TERM_STARTS],
        "facility": case.facility.name,
        "address": f"{case.facility.division or ''}{case.facility.name}",
        "phone": case.facility.duty_phone or "见所外公示",
    }


@transaction.atomic
def set_end_convention(
    *, province: Bureau, effective_from: date, prints: Iterable[str], by: User, at: datetime
) -> EndConvention:
    """设定期满日的载明方式: what a province's decisions print, of those made from a day on.

    No last day moves, only the day from which the alarm runs.
    """
    province = Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)

    Refused.if_any(selectors.end_convention_obstacles(province, effective_from))

    rule = EndConvention.objects.create(
        province=province,
        effective_from=effective_from,
        prints=list(prints),
        set_by=by,
        set_at=at,
    )
    _recheck(Case.objects.filter(facility__province=province), on=clock.day_of(at))

    events.record(
        province, Event.Kind.RULE_SET, by=by, at=at, rule=END_CONVENTION, convention=str(rule.pk)
    )
    return rule


@transaction.atomic
def recheck_alarms(*, facility: Facility, at: datetime) -> None:
    """Every night: the alarm of each whose decision prints a later day than the law gives, computed anew."""
    _recheck(Case.objects.filter(facility=facility), on=clock.day_of(at))


def _recheck(ours: CaseQuerySet, *, on: date) -> None:
    days = ours.unfinished().values_list("pk", "decision__decided_on", "decision__printed_ends_on")
    later = [pk for pk, decided_on, printed in days if printed > two_years_end(decided_on)]
    for case in cases.lock_all(later, "decision"):
        with suppress(Refused):  # records that contradict one another leave the alarm as it stands
            cases.move_alarm(case=case, on=on)

"""The three answers to an arrival: admitted, deferred, refused."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction

from intake.models import Admission, Arrival, ArrivalOpening
from intake.rules import answers as answering
from intake.rules import grounds as refusing
from intake.rules.gate import Checks, Papers
from intake.rules.grounds import Ground
from intake.selectors import arrivals
from intake.selectors.arrivals import Reception
from intake.selectors.indexes import decision_index_of, person_index_of
from intake.states import ArrivalStatus
from rehab.actions import cases, persons
from rehab.actions.cases import DecisionFacts, PersonFacts
from rehab.actions.locks import hold
from rehab.clock import day_of
from rehab.ledgers import changes, deadlines, documents, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Bed, Case, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import Sex


@transaction.atomic
def admit(
    *,
    arrival: Arrival,
    papers: Papers,
    checks: Checks,
    searchers: Sequence[User],
    bed: Bed,
    known_person: UUID | None,
    answers: Mapping[str, str],
    by: User,
    at: datetime,
) -> Case:
    """同意接收: person and case are born here, in a first bed of 生理脱毒区; entry is `at`.

    `papers` as read at the gate, in place of what was registered. `known_person` is whom the officer
    took for the same person; one of the same number is taken without asking.
    """
    arrival = lock(arrival)
    judged = _judged(arrival, papers, checks, searchers, known_person, at=at)

    Refused.if_any(
        arrivals.admission_obstacles(
            arrival, papers, judged, bed=bed, searchers=searchers, answers=answers, at=at
        )
    )

    case = cases.open_case(
        facility=arrival.facility,
        person=_person(arrival, papers),
        decision=_decision(papers),
        bed=bed,
        known_person=judged.person,
        needs_isolation=checks.needs_isolation,
        precautions=checks.precautions,
        at=at,
    )
    filled = persons.fill_in(case=case, facts=_person(arrival, papers)) if judged.person else ()
    searched_by, searched_with = (*searchers, None, None)[:2]
    admission = Admission.objects.create(
        case=case,
        arrival=arrival,
        entered_at=at,
        admitted_by=by,
        searched_by=searched_by,
        searched_with=searched_with,
        returning=judged.person is not None,
        checks=asdict(checks),
    )
    _decide(arrival, ArrivalStatus.ADMITTED, by=by, at=at)
    documents.make(
        case, "admission_receipt", "入所回执", _receipt(case, papers, at=at),
        by=by, at=at,
    )  # fmt: skip

    answered = answering.kept(judged.cautions, answers)
    events.record(
        case,
        Event.Kind.ADMITTED,
        by=by,
        at=at,
        arrival=str(arrival.pk),
        admission=str(admission.pk),
        searchers=[str(one.pk) for one in searchers],
        returning=admission.returning,
        stay=_which_stay(judged),
        answered=[*answered],
        words=answered,
        changes=(*changes.of_opening(case, bed), *filled),
    )
    deadlines.refresh([case])

    outbox.poke()  # the reminders of its clocks tell the clinic and the 大队 that he has come
    return case


def _judged(
    arrival: Arrival,
    papers: Papers,
    checks: Checks,
    searchers: Sequence[User],
    known_person: UUID | None,
    *,
    at: datetime,
) -> Reception:
    """What speaks against receiving him, while nobody else in the nation can admit the same person
    or carry out the same decision. Somebody found only by the match is held before he is judged; whoever
    turns out to have been merged meanwhile is found again as the other, and he is held too."""
    hold(
        decision_index_of(papers),
        person_index_of(papers),
        str(known_person) if known_person else None,
    )
    judge = partial(
        arrivals.reception_of,
        arrival,
        papers,
        checks,
        searchers=[one.sex for one in searchers],
        known_person=known_person,
        on=day_of(at),
    )
    held = {None, known_person}
    while (judged := judge()).person not in held:
        hold(str(judged.person))
        held.add(judged.person)
    return judged


def _person(arrival: Arrival, papers: Papers) -> PersonFacts:
    relative = {
        "name": papers.relative_name,
        "relation": papers.relative_relation,
        "phone": papers.relative_phone,
    }
    return PersonFacts(
        name=papers.name,
        sex=papers.sex,
        birth_date=papers.birth_date,
        id_number=papers.id_number,
        other_document=papers.other_document or None,
        ethnicity=papers.ethnicity,
        education=papers.education,
        household=papers.household or None,
        address=papers.address or None,
        relatives=(relative,) if papers.relative_name else (),
        invented=arrival.invented,
    )


def _decision(papers: Papers) -> DecisionFacts:
    assert papers.decided_on is not None
    assert papers.printed_ends_on is not None
    return DecisionFacts(
        number=papers.decision_number,
        authority=papers.authority,
        decided_on=papers.decided_on,
        printed_starts_on=papers.printed_starts_on,
        printed_ends_on=papers.printed_ends_on,
        basis=papers.basis,
        drug=papers.drug,
        addiction=papers.addiction,
    )


def _which_stay(judged: Reception) -> int:
    """第几次: this one and those that the match found of the same person."""
    return 1 + sum(one.person == judged.person for one in judged.earlier if judged.person)


def _receipt(case: Case, papers: Papers, *, at: datetime) -> dict[str, Any]:
    person = {
        "name": papers.name,
        "sex": Sex(papers.sex).label,
        "decision_number": papers.decision_number,
        "admitted_at": at,
    }
    return {"authority": papers.authority, "facility": case.facility.name, "people": [person]}


def open_admission(*, arrival: Arrival, by: User, at: datetime) -> None:
    """打开收治登记: colleagues who open the same read who is at it. No act, and no record of one."""
    ArrivalOpening.objects.bulk_create(
        [ArrivalOpening(arrival=arrival, officer=by, opened_at=at)],
        update_conflicts=True,
        unique_fields=["arrival", "officer"],
        update_fields=["opened_at"],
    )


@transaction.atomic
def defer_arrival(*, arrival: Arrival, reason: str, by: User, at: datetime) -> Arrival:
    """暂不接收: the arrival stays on the list, and says why."""
    arrival = lock(arrival)

    Refused.if_any(
        (
            *arrivals.answer_obstacles(arrival, ArrivalStatus.DEFERRED, at=at),
            *_reason_obstacles(reason),
        )
    )

    _decide(arrival, ArrivalStatus.DEFERRED, by=by, at=at, reason=reason.strip())
    documents.make(
        arrival, "deferral", "暂不接收通知书", _deferral(arrival, reason.strip(), at=at),
        by=by, at=at,
    )  # fmt: skip

    events.record(arrival, Event.Kind.ARRIVAL_DEFERRED, by=by, at=at)

    notices.tell(
        arrival, Event.Kind.ARRIVAL_DEFERRED, to=Post("facility_leader", arrival.facility_id)
    )
    outbox.poke()
    return arrival


@transaction.atomic
def refuse_arrival(
    *, arrival: Arrival, grounds: Sequence[Ground], explanation: str, by: User, at: datetime
) -> Arrival:
    """不予接收: the person goes back to the deciding authority with a notice that says why."""
    arrival = lock(arrival)

    Refused.if_any(
        (
            *arrivals.answer_obstacles(arrival, ArrivalStatus.REFUSED, at=at),
            *refusing.ground_obstacles(grounds, explanation, sex=arrival.sex),
        )
    )

    reasons = refusing.stated(grounds, explanation.strip())
    _decide(arrival, ArrivalStatus.REFUSED, by=by, at=at, reason="；".join(map(str, reasons)))
    documents.make(
        arrival, "refusal", "不予接收通知书", _refusal(arrival, reasons, at=at),
        by=by, at=at,
    )  # fmt: skip

    events.record(arrival, Event.Kind.ARRIVAL_REFUSED, by=by, at=at, grounds=[*map(str, grounds)])

    notices.tell(
        arrival, Event.Kind.ARRIVAL_REFUSED, to=Post("facility_leader", arrival.facility_id)
    )
    outbox.poke()
    return arrival


def _reason_obstacles(reason: str) -> tuple[Obstacle, ...]:
    return () if reason.strip() else (Obstacle("“理由”不能为空，请写明暂不接收的理由"),)


def _refusal(arrival: Arrival, reasons: Sequence[Obstacle], *, at: datetime) -> dict[str, Any]:
    stated = [
        {"message": reason.message, "article": reason.article}
        if reason.article
        else {"message": reason.message}
        for reason in reasons
    ]
    return _turned_away(arrival, at=at) | {"reasons": stated}


def _deferral(arrival: Arrival, reason: str, *, at: datetime) -> dict[str, Any]:
    facts = _turned_away(arrival, at=at) | {"reason": reason}
    phone = arrival.facility.duty_phone
    return facts | {"phone": phone} if phone else facts


def _turned_away(arrival: Arrival, *, at: datetime) -> dict[str, Any]:
    """Who was brought by whom, as far as the papers say."""
    papers = arrivals.papers_of(arrival)
    facts: dict[str, Any] = {
        "authority": papers.authority or "移送机关",
        "facility": arrival.facility.name,
        "arrived_at": day_of(at),
        "name": papers.name,
        "sex": Sex(papers.sex).label,
    }
    if papers.birth_date:
        facts["birth_on"] = papers.birth_date
    if papers.decision_number:
        facts["decision_number"] = papers.decision_number
    return facts


def _decide(
    arrival: Arrival, to: ArrivalStatus, *, by: User, at: datetime, reason: str | None = None
) -> None:
    arrival.status, arrival.decided_by, arrival.decided_at = to, by, at
    arrival.reason = reason
    arrival.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def lock(arrival: Arrival) -> Arrival:
    """The arrival, locked: it stands for the case that is not there yet.

    Who decided is read when it is asked for: a row that was waited for comes back with the joins of
    before, and only the facility is still the same.
    """
    locked = Arrival.objects.select_for_update(of=("self",))
    return locked.select_related("facility").get(pk=arrival.pk)

"""解除: the notice before it, and the gate."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from aftercare import rules, selectors
from aftercare.models import Release, ReleaseNotice, ReleaseNoticeCopy, ReleasePlan
from aftercare.states import Audience, GateMark
from centers.actions import end_open_opinion
from rehab import clock, statutes
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, documents, events, notices, outbox
from rehab.models import Case, Document, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus
from zones.actions import end_open_move, end_open_transfer

LEADER = "facility_leader"
EXPIRED = "期限届满"


@transaction.atomic
def give_release_notice(
    *, case: Case, by: User, at: datetime, recipients: rules.Recipients | None = None
) -> ReleaseNotice:
    """发解除通知: a numbered letter each to the deciding organ, the family, the employer, the 派出所.

    `recipients` names those the file does not know; an employer is written to only when named.
    """
    case = cases.lock(case, "decision")

    Refused.if_any(selectors.notice_obstacles(case, on=clock.day_of(at)))

    notice = ReleaseNotice.objects.create(
        case=case, release_on=case.ends_on, given_at=at, given_by=by
    )
    plan = selectors.plan_of(case)
    for audience, name in _recipients(case, recipients or rules.Recipients()):
        letter = _letter(case, audience, name, plan, by=by, at=at)
        ReleaseNoticeCopy.objects.create(notice=notice, audience=audience, document=letter)

    events.record(case, Event.Kind.RELEASE_NOTIFIED, by=by, at=at, release_on=str(case.ends_on))
    deadlines.refresh([case])

    outbox.poke()
    return notice


def _recipients(case: Case, named: rules.Recipients) -> Iterator[tuple[Audience, str]]:
    yield Audience.DECIDING_AUTHORITY, case.decision.authority
    yield Audience.FAMILY, named.family or selectors.next_of_kin(case.person) or "家属"
    if named.employer:
        yield Audience.EMPLOYER, named.employer
    yield Audience.POLICE_STATION, named.police_station or "户籍所在地派出所"


def _letter(
    case: Case,
    audience: Audience,
    name: str,
    plan: ReleasePlan | None,
    *,
    by: User,
    at: datetime,
) -> Document:
    facts = {
        **_about(case),
        "audience": audience.value,
        "recipient": name,
        "release_on": case.ends_on,
        "basis": [statutes.RELEASE_NOTICE],
        "address": selectors.address_of(case.facility),
        "phone": case.facility.duty_phone or "见所外公示",
    }
    if plan is not None and audience != Audience.EMPLOYER:
        facts["arrangement"] = plan.outline
    return documents.make(
        case, "release_notice", f"解除通知书（{audience.label}）", facts, by=by, at=at
    )


def _about(case: Case) -> dict[str, Any]:
    return {
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "authority": case.decision.authority,
        "decision_number": case.decision.number,
        "decided_on": case.decision.decided_on,
        "ends_on": case.ends_on,
        "reason": EXPIRED,
        "facility": case.facility.name,
    }


class WrongPerson(Refused):
    """At the gate a mark contradicts the record."""


def release(
    *,
    case: Case,
    gate: rules.Gate,
    second_officer: User | None,
    answers: Mapping[str, str],
    by: User,
    at: datetime,
) -> Release:
    """解除: from every zone, on the way, on leave, with papers outstanding. Only a wrong person stays.

    Neither a certificate that cannot be typeset nor a clock that fails keeps anybody: the one waits under
    its number, the other for the night.

    `answers` gives the reason for each caution of `selectors.gate_cautions`, by its code.
    A refusal at the gate is written down although nothing else of the act remains.
    """
    try:
        return _release(
            case=case, gate=gate, second_officer=second_officer, answers=answers, by=by, at=at
        )
    except WrongPerson:
        _record_refusal(case=case, gate=gate, by=by, at=at)
        raise


@transaction.atomic
def _release(
    *,
    case: Case,
    gate: rules.Gate,
    second_officer: User | None,
    answers: Mapping[str, str],
    by: User,
    at: datetime,
) -> Release:
    case = cases.lock(case, "decision", "facility__division")
    on = clock.day_of(at)

    Refused.if_any(selectors.release_obstacles(case, on=on))
    WrongPerson.if_any(rules.wrong_person(compared := selectors.compared(case, gate)))
    given = {code: reason for code, text in answers.items() if (reason := text.strip())}
    cautions = selectors.gate_cautions(case, compared, second_officer=second_officer, on=on)
    Refused.if_any(
        (
            *_second_officer_obstacles(case, second_officer, by),
            *rules.unanswered(cautions, frozenset(given)),
        )
    )

    moving = end_open_move(case=case, by=by, at=at) is not None
    end_open_transfer(case=case, by=by, at=at)
    end_open_opinion(case=case, by=by, at=at)
    left_open = selectors.outstanding(case, moving=moving)
    before = changes.standing([case])
    cases.close_case(case=case, to=CaseStatus.RELEASED, at=at)
    answered = {caution.code: given[caution.code] for caution in cautions}
    made = Release.objects.create(
        case=case,
        released_at=at,
        last_lawful_day=case.ends_on,
        officer=by,
        second_officer=second_officer,
        decision_mark=GateMark(compared.decision.value),
        identity_mark=GateMark(compared.identity.value),
        face_mark=GateMark(compared.face.value),
        answers=answered,
        certificate=_certificate(case, by=by, at=at),
    )

    missing = [caution.code for caution in cautions if caution.code.startswith("no_")]
    if missing:
        events.record(case, Event.Kind.GATE_MARK_MISSING, by=by, at=at, missing=missing)
    events.record(
        case,
        Event.Kind.RELEASED,
        by=by,
        at=at,
        release=str(made.pk),
        second_officer=str(second_officer.pk) if second_officer else None,
        outstanding=[one.code for one in left_open],
        answered=[*answered],  # the words are sealed in the release
        changes=changes.since(before, [case])[case.pk],
    )
    if waits := not made.certificate.is_typeset:
        events.record(case, Event.Kind.CERTIFICATE_WAITS, by=by, at=at)
    deadlines.refresh_or_leave([case])

    leader = notices.Post(LEADER, case.facility_id)
    if missing:
        notices.tell(case, Event.Kind.GATE_MARK_MISSING, to=leader)
    if waits:
        notices.tell(case, Event.Kind.CERTIFICATE_WAITS, to=leader)
    outbox.poke()
    return made


def _second_officer_obstacles(
    case: Case, second_officer: User | None, by: User
) -> tuple[Obstacle, ...]:
    if second_officer is None:
        return ()
    if selectors.second_officers(case, first=by).filter(pk=second_officer.pk).exists():
        return ()
    return (Obstacle("“第二名民警”须是本所另一名在岗民警，请另选；没有的可以不选并说明原因"),)


def _certificate(case: Case, *, by: User, at: datetime) -> Document:
    facts = _about(case) | {"released_on": clock.day_of(at), "basis": [statutes.RELEASE]}
    return documents.make(
        case, "certificate", "解除强制隔离戒毒证明书", facts, by=by, at=at, may_wait=True
    )


@transaction.atomic
def print_certificate(*, case: Case, by: User, at: datetime) -> Document:
    """补打证明书: the one that could not be typeset as he left, under the number it was given then."""
    case = cases.lock(case)

    certificate = selectors.waiting_certificate(case)
    if certificate is None:
        raise Refused([Obstacle("没有待打印的证明书")])
    if not documents.print_waiting(certificate):
        raise Refused([Obstacle("证明书仍然排不出来，请告知系统管理员；解除已经生效，不受影响")])

    events.record(case, Event.Kind.CERTIFICATE_PRINTED, by=by, at=at)
    deadlines.refresh([case])

    outbox.poke()
    return certificate


@transaction.atomic
def _record_refusal(*, case: Case, gate: rules.Gate, by: User, at: datetime) -> None:
    """出所核验不符: in a transaction of its own, because the refused act leaves nothing behind."""
    case = cases.lock(case, "decision")

    compared = selectors.compared(case, gate)
    marks = [field for field in rules.MARK_LABELS if getattr(compared, field) == "contradicted"]
    event = events.record(case, Event.Kind.GATE_REFUSED, by=by, at=at, marks=marks)

    notices.tell(
        case,
        Event.Kind.GATE_REFUSED,
        to=notices.Post(LEADER, case.facility_id),
        cycle=str(event.pk),
    )
    outbox.poke()

"""变更为社区戒毒: proposed of who is not fit to come back from leave, and of whom the measure does not apply to.

Decided by who decided on him. 戒毒条例第三十一条；禁毒法第三十九条.
"""

from datetime import date, datetime

from django.db import transaction

from aftercare import selectors
from aftercare.models import Conversion
from aftercare.rules import endings
from aftercare.states import ConversionStatus
from centers.actions import end_open_opinion
from rehab import clock, statutes
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, documents, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, Document, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus
from zones.actions import end_open_move, end_open_transfer

K, S = Event.Kind, ConversionStatus
LEADER, GATE, BUREAU = "facility_leader", "intake_officer", "bureau_approver"


@transaction.atomic
def propose_conversion(
    *,
    case: Case,
    grounds: str,
    diagnosed_by: str,
    bar: endings.Bar | None = None,
    by: User,
    at: datetime,
) -> Conversion:
    """提请变更为社区戒毒: he is not fit to come back, or the measure does not apply to her."""
    case = cases.lock(case, "person")

    newest, bars = selectors.conversion_of(case), bar is not None
    found = list(selectors.conversion_proposal_obstacles(case, newest, bars=bars))
    if bar is not None:
        woman = selectors.may_be_barred(case)
        found += endings.bar_obstacles(bar, woman=woman, entered_at=case.entered_at, at=at)
    for label, words in (("病情和理由", grounds), ("诊断机构", diagnosed_by)):
        if not words.strip():
            found.append(Obstacle(f"“{label}”不能为空，请填写"))
    Refused.if_any(found)

    conversion = Conversion.objects.create(
        case=case,
        status=S.PROPOSED,
        grounds=grounds.strip(),
        diagnosed_by=diagnosed_by.strip(),
        bar=bar.what if bar else None,
        found_at=bar.found_at if bar else None,
        proposed_by=by,
        proposed_at=at,
    )

    key = str(conversion.pk)
    events.record(case, K.CONVERSION_PROPOSED, by=by, at=at, conversion=key)
    deadlines.refresh([case])

    _tell(conversion, K.CONVERSION_PROPOSED, LEADER, *((BUREAU,) if bars else ()))
    outbox.poke()
    return conversion


@transaction.atomic
def send_conversion(
    *, case: Case, received_on: date, receipt: str, by: User, at: datetime
) -> Conversion:
    """审批报送, by another than who proposed it: the deciding organ has seven days from its receipt."""
    case = cases.lock(case, "decision", "facility__division")
    conversion = selectors.conversion_of(case)

    Refused.if_any(selectors.conversion_sending_obstacles(case, conversion, by=by))
    assert conversion is not None
    Refused.if_any(
        endings.receipt_obstacles(
            received_on=received_on,
            receipt=receipt,
            proposed_on=clock.day_of(conversion.proposed_at),
            on=clock.day_of(at),
        )
    )

    conversion.case = case
    conversion.status, conversion.sent_by, conversion.sent_at = S.SENT, by, at
    conversion.received_on, conversion.receipt = received_on, receipt.strip()
    conversion.document = _paper(conversion, by=by, at=at)
    conversion.save()

    key = str(conversion.pk)
    events.record(case, K.CONVERSION_SENT, by=by, at=at, conversion=key)
    deadlines.refresh([case])

    _tell(conversion, K.CONVERSION_SENT, GATE, BUREAU)
    outbox.poke()
    return conversion


def _paper(conversion: Conversion, *, by: User, at: datetime) -> Document:
    case = conversion.case
    facts = {
        "recipient": case.decision.authority,
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "decision_number": case.decision.number,
        "decided_on": case.decision.decided_on,
        "ends_on": case.ends_on,
        "grounds": conversion.grounds,
        "diagnosed_by": conversion.diagnosed_by,
        "basis": [statutes.NOT_APPLICABLE if conversion.bars else statutes.CONVERTED],
        "facility": case.facility.name,
        "address": selectors.address_of(case.facility),
        "phone": case.facility.duty_phone or "见所外公示",
    }
    template = "conversion"
    if conversion.found_at is not None:
        template = "conversion_barred"
        facts |= {"bar": conversion.bar_label, "found_on": clock.day_of(conversion.found_at)}
    return documents.make(case, template, "变更社区戒毒建议书", facts, by=by, at=at)


@transaction.atomic
def record_conversion_answer(
    *, case: Case, answer: endings.Answer, by: User, at: datetime
) -> Conversion:
    """登记决定: converted, his case is over; refused, he stays where he is, and it may be proposed anew."""
    case = cases.lock(case)
    conversion = selectors.conversion_of(case)

    Refused.if_any(selectors.conversion_answer_obstacles(case, conversion))
    assert conversion is not None
    assert conversion.received_on is not None
    on = clock.day_of(at)
    Refused.if_any(endings.answer_obstacles(answer, received_on=conversion.received_on, on=on))

    conversion.case = case
    before = changes.standing([case])
    if answer.converted:
        end_open_move(case=case, by=by, at=at)
        end_open_transfer(case=case, by=by, at=at)
        end_open_opinion(case=case, by=by, at=at)
        cases.close_case(case=case, to=CaseStatus.CONVERTED, at=at)
    conversion.decision_number, conversion.decided_on = answer.number.strip(), answer.decided_on
    conversion.reason = None if answer.converted else answer.reason.strip()
    _close(conversion, S.CONVERTED if answer.converted else S.REFUSED, by=by, at=at)

    kind = K.CONVERTED if answer.converted else K.CONVERSION_REFUSED
    changed = changes.since(before, [case])[case.pk]
    events.record(case, kind, by=by, at=at, conversion=str(conversion.pk), changes=changed)
    deadlines.refresh_or_leave([case])

    _tell(conversion, kind, LEADER, conversion.proposed_by.role or GATE, BUREAU)
    outbox.poke()
    return conversion


@transaction.atomic
def withdraw_conversion(*, case: Case, reason: str, by: User, at: datetime) -> Conversion:
    """撤回变更建议 that has not been answered: he is well, or here again."""
    case = cases.lock(case)
    conversion = selectors.conversion_of(case)

    found = selectors.conversion_withdrawal_obstacles(conversion)
    if not reason.strip():
        found = (*found, Obstacle("“撤回理由”不能为空，请填写"))
    Refused.if_any(found)

    assert conversion is not None
    conversion.case, conversion.reason = case, reason.strip()
    _close(conversion, S.WITHDRAWN, by=by, at=at)

    words = {"why": reason.strip()}
    key = str(conversion.pk)
    events.record(case, K.CONVERSION_WITHDRAWN, by=by, at=at, words=words, conversion=key)
    deadlines.refresh([case])

    _tell(conversion, K.CONVERSION_WITHDRAWN, LEADER, conversion.proposed_by.role or GATE)
    outbox.poke()
    return conversion


def _close(conversion: Conversion, to: ConversionStatus, *, by: User, at: datetime) -> None:
    conversion.status, conversion.closed_by, conversion.closed_at = to, by, at
    conversion.save()


def _tell(conversion: Conversion, kind: Event.Kind, *roles: str) -> None:
    for role in roles:
        post = Post(role, conversion.case.facility_id)
        notices.tell(conversion.case, kind, to=post, cycle=str(conversion.pk))

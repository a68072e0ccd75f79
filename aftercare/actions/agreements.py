"""后续照管协议: offered, signed or declined; renewed, withdrawn from; and the contacts it promises."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from aftercare import rules, selectors
from aftercare.models import Agreement, Contact, ContactRule
from aftercare.states import AgreementStatus, Manner
from rehab import clock
from rehab.actions import cases
from rehab.ledgers import deadlines, documents, events, notices, outbox
from rehab.ledgers.changes import of_key
from rehab.models import Bureau, Case, Document, Event, Facility, Station, User
from rehab.refusal import Refused
from rehab.rules.days import calendar_days_after, start_of

CONTACT_RULE = "contact"  # among the rule sets of a province
LABEL = "后续照管"  # what the service is called on its papers


@transaction.atomic
def offer_agreement(*, case: Case, station: Station, by: User, at: datetime) -> Agreement:
    """征询照管协议: asked at any time of the stay or after it. The station sees his name from now on."""
    case = cases.lock(case)

    Refused.if_any(selectors.offer_obstacles(case, on=clock.day_of(at)))

    agreement = Agreement.objects.create(
        case=case, station=station, status=AgreementStatus.OFFERED, offered_at=at, offered_by=by
    )
    changed = of_key("station", case.station_id, station.pk)
    cases.ask_station(case=case, station=station)

    events.record(
        case, Event.Kind.AGREEMENT_OFFERED, by=by, at=at, key=str(agreement.pk),
        station=str(station.pk), changes=changed,
    )  # fmt: skip
    deadlines.refresh([case])

    _tell_station(case, Event.Kind.AGREEMENT_OFFERED, agreement)
    outbox.poke()
    return agreement


@transaction.atomic
def sign_agreement(*, agreement: Agreement, phone: str, by: User, at: datetime) -> Agreement:
    """签订照管协议: one year from today, of the person's own will; a condition of nothing.

    The station reads the file while it runs. The caller confirms that the consent text of
    `rules.CONSENT_VERSION` was read to the person.
    """
    case, agreement = _lock(agreement)
    on = clock.day_of(at)

    Refused.if_any(selectors.edge_obstacles(agreement, AgreementStatus.SIGNED))

    _put_in_force(agreement, starts_on=on, phone=phone, by=by, at=at)
    first_contact_on = rules.first_contact_due_on(
        leaves_on=clock.day_of(case.ended_at) if case.ended_at else case.ends_on, signed_on=on
    )
    agreement.document = _paper(case, agreement, first_contact_on, by=by, at=at)
    agreement.save()
    _open_file(case, agreement)

    events.record(case, Event.Kind.AGREEMENT_SIGNED, by=by, at=at, key=str(agreement.pk))
    deadlines.refresh([case])

    outbox.poke()
    return agreement


@transaction.atomic
def decline_agreement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """不签照管协议: recorded, without a reason asked. The station sees the file no longer."""
    case, agreement = _lock(agreement)

    Refused.if_any(selectors.edge_obstacles(agreement, AgreementStatus.DECLINED))

    agreement.status, agreement.closed_at = AgreementStatus.DECLINED, at
    agreement.save(update_fields=["status", "closed_at"])

    events.record(
        case, Event.Kind.AGREEMENT_DECLINED, by=by, at=at, key=str(agreement.pk),
        changes=of_key("station", case.station_id, None),
    )  # fmt: skip
    deadlines.refresh([case])
    cases.leave_station(case=case)

    outbox.poke()
    return agreement


@transaction.atomic
def renew_agreement(*, agreement: Agreement, applied_on: date, by: User, at: datetime) -> Agreement:
    """续签照管协议 on the person's own application: one more year from the day after the last, unbroken."""
    case, agreement = _lock(agreement)
    on = clock.day_of(at)

    Refused.if_any(selectors.renewal_obstacles(agreement, applied_on=applied_on, on=on))

    agreement.status = AgreementStatus.RENEWED
    agreement.save(update_fields=["status"])
    renewal = Agreement(
        case=case,
        station=agreement.station,
        offered_at=at,
        offered_by=by,
        renews=agreement,
        applied_on=applied_on,
    )
    starts_on = calendar_days_after(agreement.last_day, 1)
    _put_in_force(renewal, starts_on=starts_on, phone=agreement.phone, by=by, at=at)
    interval = selectors.contact_interval(agreement.station.province, on=on)
    first_contact_on = rules.next_contact_on(starts_on, interval_days=interval)
    renewal.document = _paper(case, renewal, first_contact_on, by=by, at=at)
    renewal.save(force_insert=True)
    _open_file(case, renewal)

    events.record(
        case, Event.Kind.AGREEMENT_RENEWED, by=by, at=at, key=str(renewal.pk),
        applied_on=str(applied_on),
    )  # fmt: skip
    deadlines.refresh([case])

    outbox.poke()
    return renewal


@transaction.atomic
def withdraw_agreement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """退出照管协议: at any time, no reason asked, with everything of it still to run.

    The station sees the file no longer; what was done stays recorded. 个人信息保护法第十五条.
    """
    case, agreement = _lock(agreement)
    on = clock.day_of(at)

    Refused.if_any(selectors.withdrawal_obstacles(agreement, on=on))

    Agreement.objects.filter(case=case).in_force(on=on).update(
        status=AgreementStatus.WITHDRAWN, closed_at=at
    )
    agreement.refresh_from_db(fields=["status", "closed_at"])

    events.record(
        case, Event.Kind.AGREEMENT_WITHDRAWN, by=by, at=at, key=str(agreement.pk),
        changes=of_key("station", case.station_id, None),
    )  # fmt: skip
    deadlines.refresh([case])
    cases.leave_station(case=case)

    outbox.poke()
    return agreement


@transaction.atomic
def record_contact(
    *,
    agreement: Agreement,
    contacted_at: datetime,
    manner: Manner,
    reached: bool,
    note: str,
    next_on: date | None,
    renewal_discussed: bool,
    by: User,
    at: datetime,
) -> Contact:
    """记录照管联系, made or only tried; under the link of the chain in which it was made.

    `next_on` left out is the province's interval from the contact.
    """
    case, agreement = _lock(agreement)
    contacted_on = clock.day_of(contacted_at)
    agreement = selectors.link_of(agreement, on=contacted_on)
    if next_on is None:
        interval = selectors.contact_interval(agreement.station.province, on=contacted_on)
        next_on = rules.next_contact_on(contacted_on, interval_days=interval)

    Refused.if_any(
        selectors.contact_obstacles(
            agreement, contacted_at=contacted_at, next_on=next_on, reached=reached,
            renewal_discussed=renewal_discussed, at=at,
        )
    )  # fmt: skip

    contact = Contact.objects.create(
        agreement=agreement,
        contacted_at=contacted_at,
        manner=manner,
        reached=reached,
        renewal_discussed=renewal_discussed,
        note=note.strip() or None,
        next_on=next_on,
        by=by,
    )

    events.record(
        case, Event.Kind.CONTACTED, by=by, at=contacted_at, key=str(contact.pk), reached=reached
    )
    deadlines.refresh([case])

    outbox.poke()
    return contact


def end_lapsed_agreements(*, facility: Facility, at: datetime) -> int:
    """照管协议期满: what ran out unrenewed is written down, and nothing more is owed. Every night.

    The station's sight has ended by then without it; a night that was missed is made good by the next.
    Returns how many.
    """
    lapsed = Case.objects.filter(facility=facility, station_sees_until__lt=clock.day_of(at))
    return sum(_end_lapsed(case, at=at) for case in list(lapsed))


@transaction.atomic
def _end_lapsed(case: Case, *, at: datetime) -> bool:
    case = cases.lock(case)

    if case.station_sees_until is None or case.station_sees_until >= clock.day_of(at):
        return False  # renewed or asked anew meanwhile

    changed = of_key("station", case.station_id, None)
    cases.leave_station(case=case)
    last = Agreement.objects.filter(case=case, status=AgreementStatus.SIGNED).latest("ends_on")
    ended_at = start_of(calendar_days_after(last.last_day, 1))

    events.record(
        case, Event.Kind.AGREEMENT_ENDED, by=None, at=ended_at, key=str(last.pk), changes=changed
    )
    deadlines.refresh([case])
    return True


@transaction.atomic
def set_contact_rule(
    *, province: Bureau, effective_from: date, interval_days: int, by: User, at: datetime
) -> ContactRule:
    """设定联系间隔: a province's own, from a day on. The rule before it stays for the days it governed."""
    province = Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)

    Refused.if_any(selectors.contact_rule_obstacles(province, effective_from, interval_days))

    rule = ContactRule.objects.create(
        province=province,
        effective_from=effective_from,
        interval_days=interval_days,
        set_by=by,
        set_at=at,
    )

    events.record(
        province, Event.Kind.RULE_SET, by=by, at=at, rule=CONTACT_RULE, contact_rule=str(rule.pk)
    )
    return rule


def _lock(agreement: Agreement) -> tuple[Case, Agreement]:
    """The case, locked, and the agreement as it stands now that nobody else can change it."""
    case = cases.lock(agreement.case)
    found = Agreement.objects.select_related("station__province").get(pk=agreement.pk)
    found.case = case
    return case, found


def _open_file(case: Case, agreement: Agreement) -> None:
    ends_on = agreement.last_day
    cases.open_to_station(
        case=case, reads_until=ends_on, sees_until=rules.write_up_ends_on(ends_on)
    )


def _put_in_force(
    agreement: Agreement, *, starts_on: date, phone: Any, by: User, at: datetime
) -> None:
    agreement.status = AgreementStatus.SIGNED
    agreement.signed_at, agreement.signed_by = at, by
    agreement.starts_on = starts_on
    agreement.ends_on = rules.agreement_ends_on(starts_on)
    agreement.consent_version = rules.CONSENT_VERSION
    agreement.phone = phone or None


def _paper(
    case: Case, agreement: Agreement, first_contact_on: date, *, by: User, at: datetime
) -> Document:
    facts = {
        "label": LABEL,
        "station": agreement.station.name,
        "station_phone": agreement.station.phone or "见本站公示",
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "phone": agreement.phone,
        "address": case.person.address,
        "starts_on": agreement.starts_on,
        "ends_on": agreement.ends_on,
        "first_contact_on": first_contact_on,
    }
    return documents.make(case, "agreement", f"{LABEL}服务协议", facts, by=by, at=at)


def _tell_station(case: Case, what: Event.Kind, agreement: Agreement) -> None:
    post = notices.Post("aftercare_worker", case.facility_id, station=agreement.station_id)
    notices.tell(case, what, to=post, cycle=str(agreement.pk))

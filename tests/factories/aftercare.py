"""The back door for tests: people on their way out, and those a station looks after."""

from datetime import date, datetime, timedelta

from aftercare import actions
from aftercare.models import Agreement, Conversion, Death, Release, Revocation
from aftercare.rules import Gate, Mark
from aftercare.rules.endings import DeathFacts, RevocationFacts, Told
from aftercare.states import DeathAudience, Means, RevokedBy
from rehab.clock import standing_at
from rehab.models import Case, Facility, Station, User
from tests.factories import rehab as make

LAST_DAY = date(2028, 5, 31)  # of `rehab.decision_facts`
NOON_OF_LAST_DAY = make.at(2028, 5, 31)


def papers(case: Case) -> Gate:
    """At the gate: everything is there and agrees with the record."""
    return Gate(
        decision_number=case.decision.number,
        identity_number=case.person.id_number or case.person.other_document,
        face=Mark.MATCHED,
    )


def release(
    case: Case,
    *,
    by: User | None = None,
    second: User | None = None,
    at: datetime = NOON_OF_LAST_DAY,
    **answers: str,
) -> Release:
    """Through the gate with two officers and every mark."""
    with standing_at(at):
        return actions.release(
            case=case,
            gate=papers(case),
            second_officer=second or make.officer("facility_leader", case.facility),
            answers=answers,
            by=by or make.officer("intake_officer", case.facility),
            at=at,
        )


def released(in_facility: Facility, *, at: datetime = NOON_OF_LAST_DAY) -> Case:
    """Somebody who left on his last day."""
    return release(make.case(in_facility), at=at).case


def offered(
    case: Case, *, at: datetime = make.NOON, station: Station | None = None, by: User | None = None
) -> Agreement:
    """An agreement that the person was asked about."""
    return actions.offer_agreement(
        case=case,
        station=station or make.station(),
        by=by or make.officer("zone_officer", case.unit),
        at=at,
    )


def signed(
    case: Case, *, at: datetime = make.NOON, station: Station | None = None, by: User | None = None
) -> Agreement:
    """An agreement of one year from the day of `at`."""
    agreement = offered(case, at=at, station=station, by=by)
    worker = by or make.officer("aftercare_worker", agreement.station)
    return actions.sign_agreement(agreement=agreement, phone="", by=worker, at=at)


def death_facts(*, at: datetime = NOON_OF_LAST_DAY, **changed: object) -> DeathFacts:
    """A death in the night before, learned of at once."""
    died_at = at - timedelta(hours=6)
    facts = {
        "died_at": died_at, "learned_at": died_at, "place": "示例医院", "manner": "示例经过",
        "established_by": "示例医师",
    }  # fmt: skip
    return DeathFacts(**facts | changed)


def death(
    case: Case, *, by: User | None = None, at: datetime = NOON_OF_LAST_DAY, **changed: object
) -> Death:
    """A death that was recorded and waits for a leader."""
    by = by or make.officer("intake_officer", case.facility)
    return actions.record_death(case=case, facts=death_facts(at=at, **changed), by=by, at=at)


def told(
    audience: DeathAudience = DeathAudience.FAMILY,
    *,
    at: datetime = NOON_OF_LAST_DAY,
    **changed: object,
) -> Told:
    """Somebody was told by telephone."""
    facts = {"told_at": at, "means": Means.PHONE, "received_by": "示例接收人"}
    return Told(audience=audience, **facts | changed)


def revocation_facts(*, at: datetime = NOON_OF_LAST_DAY, **changed: object) -> RevocationFacts:
    """A decision revoked today by reconsideration, and received at once."""
    facts = {
        "revoked_by": RevokedBy.RECONSIDERATION, "organ": "示例县人民政府", "number": "示复决〔2028〕1号",
        "revoked_on": at.date(), "received_at": at,
    }  # fmt: skip
    return RevocationFacts(**facts | changed)


def revocation(
    case: Case, *, by: User | None = None, at: datetime = NOON_OF_LAST_DAY, **changed: object
) -> Revocation:
    """A revocation that was recorded, while the person is still here."""
    by = by or make.officer("intake_officer", case.facility)
    facts = revocation_facts(at=at, **changed)
    return actions.record_revocation(case=case, facts=facts, by=by, at=at)


def conversion(
    case: Case, *, by: User | None = None, at: datetime = NOON_OF_LAST_DAY
) -> Conversion:
    """A conversion that a physician proposed of somebody on medical leave."""
    by = by or make.officer("clinician", case.facility)
    return actions.propose_conversion(
        case=case, grounds="示例病情", diagnosed_by="示例医院", by=by, at=at
    )


def sent_conversion(
    case: Case, *, by: User | None = None, at: datetime = NOON_OF_LAST_DAY
) -> Conversion:
    """One that a leader sent, received on the same day."""
    conversion(case, at=at)
    by = by or make.officer("facility_leader", case.facility)
    return actions.send_conversion(
        case=case, received_on=at.date(), receipt="示例签收人", by=by, at=at
    )

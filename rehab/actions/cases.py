"""The case itself: opened at the door, ended at the door, away and back."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from rehab import clock, pinyin, scope
from rehab.actions import placements
from rehab.actions.leave_papers import certify_leave
from rehab.ledgers import changes, deadlines, documents, events, outbox
from rehab.models import Absence, Bed, Case, Decision, Event, Facility, Person, Station, User
from rehab.refusal import Obstacle, Refused
from rehab.rules.decisions import decision_key
from rehab.sealed import keyed_index
from rehab.selectors import DECISION, IDENTITY
from rehab.selectors.term import ends_of, printed_facts, term_facts
from rehab.states import EDGES, FINAL, AbsenceKind, CaseStatus


@dataclass(frozen=True)
class PersonFacts:
    """Who somebody is, as far as the papers say."""

    name: str
    sex: str
    birth_date: date | None = None
    id_number: str | None = None
    other_document: str | None = None
    ethnicity: str = ""
    education: str = ""
    household: str | None = None
    address: str | None = None
    relatives: tuple[Mapping[str, str], ...] = ()  # name, relation, phone
    invented: bool = False


@dataclass(frozen=True)
class DecisionFacts:
    """What the served decision says."""

    number: str
    authority: str
    decided_on: date
    printed_ends_on: date
    printed_starts_on: date | None = None
    basis: str = ""
    drug: str = ""
    addiction: str = ""


@transaction.atomic(savepoint=False)
def open_case(
    *,
    facility: Facility,
    person: PersonFacts,
    decision: DecisionFacts,
    bed: Bed,
    known_person: UUID | None,
    needs_isolation: bool,
    precautions: str,
    at: datetime,
) -> Case:
    """立档: the person (or a new case on one known before), the decision, and the first bed.

    Part of admission, which judges, records and announces; what the papers now say of one known before
    is `persons.fill_in`. The printed end date is the end; the alarm may run from an earlier day.
    """
    whose = {"person_id": known_person} if known_person else {"person": _new_person(person)}
    year = clock.day_of(at).year
    number = f"{facility.code}-{year}-{documents.next_number(facility, 'case', year):04d}"
    ends = ends_of(printed_facts(decision, facility.pk, on=clock.day_of(at)))
    case = Case.objects.create(
        **whose,
        number=number,
        facility=facility,
        status=CaseStatus.IN_FACILITY,
        entered_at=at,
        ends_on=ends.ends_on,
        alarm_on=ends.alarm_on,
        needs_isolation=needs_isolation,
        precautions=precautions or None,
    )
    Decision.objects.create(
        case=case,
        number=decision.number,
        number_index=keyed_index(decision_key(decision.number), purpose=DECISION),
        authority=decision.authority,
        decided_on=decision.decided_on,
        printed_starts_on=decision.printed_starts_on,
        printed_ends_on=decision.printed_ends_on,
        basis=decision.basis,
        drug=decision.drug,
        addiction=decision.addiction,
    )
    placements.place(case=case, bed=bed, at=at)
    return case


def _new_person(facts: PersonFacts) -> Person:
    return Person.objects.create(
        name=facts.name,
        name_pinyin=pinyin.sort_key(facts.name),
        name_initials=pinyin.initials(facts.name),
        name_spellings=pinyin.spellings(facts.name),
        sex=facts.sex,
        birth_date=facts.birth_date,
        id_number=facts.id_number,
        id_index=index_of(facts.id_number),
        other_document=facts.other_document,
        ethnicity=facts.ethnicity,
        education=facts.education,
        household=facts.household,
        address=facts.address,
        relatives=list(map(dict, facts.relatives)),
        invented=facts.invented,
    )


def index_of(id_number: str | None) -> str | None:
    """The keyed index of a citizen number, by which its bearer is found again."""
    return keyed_index(id_number, purpose=IDENTITY) if id_number else None


def edge_obstacles(case: Case, to: CaseStatus) -> tuple[Obstacle, ...]:
    """Why a case may not take this status now."""
    at = CaseStatus(case.status)
    if (at, to) in EDGES:
        return ()
    return (Obstacle(f"此人现为“{at.label}”，不能改为“{to.label}”"),)


@transaction.atomic(savepoint=False)  # stands or falls with the act it is part of
def close_case(
    *, case: Case, to: CaseStatus, at: datetime, ended_at: datetime | None = None
) -> Case:
    """结案: a final status, and the bed is free. Part of release, death, conversion or revocation.

    `ended_at` is when the case ended, where that was before `at`, from which the bed is free: who died is
    recorded after it. The caller holds the case, has judged, and records.
    """
    if to not in FINAL:
        raise ValueError(f"{to} does not end a case")
    Refused.if_any(edge_obstacles(case, to))

    case.status, case.ended_at = to, ended_at or at
    case.save(update_fields=["status", "ended_at"])
    placements.vacate(case=case, at=at)
    return case


@transaction.atomic
def grant_medical_leave(
    *,
    case: Case,
    approval: str,
    hospital: str = "",
    diagnosed_by: str = "",
    by: User,
    at: datetime,
) -> Case:
    """批准所外就医: the bed is free, the term runs on, the certificate is there. 戒毒条例第三十一条.

    `approval` is the number of the competent authority's approval; what is not known yet is written in by hand.
    """
    case = lock(case, "decision", "facility__bureau")

    obstacles = [*edge_obstacles(case, CaseStatus.MEDICAL_LEAVE), *_out_already(case)]
    if not approval.strip():
        obstacles.append(Obstacle("“批准文号”不能为空，请填写主管机关的批准文号"))
    Refused.if_any(obstacles)

    before = changes.standing([case])
    case.status = CaseStatus.MEDICAL_LEAVE
    case.save(update_fields=["status"])
    placements.vacate(case=case, at=at)
    said = {"approval": approval.strip()}
    where = hospital.strip()
    Absence.objects.create(
        case=case,
        kind=AbsenceKind.MEDICAL_LEAVE,
        left_at=at,
        leaving={"where": where, "paper": said["approval"]},
        recorded_by=by,
    )
    certify_leave(
        case=case, hospital=where, diagnosed_by=diagnosed_by.strip(), by=by, at=at, **said
    )

    changed = changes.since(before, [case])[case.pk]
    events.record(case, Event.Kind.LEAVE_GRANTED, by=by, at=at, words=said, changes=changed)
    deadlines.refresh([case])

    outbox.poke()
    return case


def _out_already(case: Case) -> tuple[Obstacle, ...]:
    """Why nobody is granted leave who was taken to a hospital or a court and is not back."""
    if not Absence.objects.open().filter(case=case).exists():
        return ()
    return (Obstacle("此人已离所未回，请先办理回所登记，再办理所外就医"),)


@transaction.atomic
def end_medical_leave(*, case: Case, bed: Bed, by: User, at: datetime) -> Case:
    """所外就医返回: back into a bed of the same facility. 戒毒条例第三十一条."""
    case = lock(case)

    Refused.if_any(edge_obstacles(case, CaseStatus.IN_FACILITY))

    before = changes.standing([case])
    case.status = CaseStatus.IN_FACILITY
    case.save(update_fields=["status"])
    placements.place(case=case, bed=bed, at=at)
    away = Absence.objects.open().filter(case=case)
    away.update(returned_at=at, received_by=by)

    changed = changes.since(before, [case])[case.pk]
    events.record(case, Event.Kind.LEAVE_ENDED, by=by, at=at, changes=changed)
    deadlines.refresh([case])

    outbox.poke()
    return case


STATION = ("station", "station_reads_until", "station_sees_until")


def ask_station(*, case: Case, station: Station) -> None:
    """The station sees who it is asked to look after. Part of an offer; the caller holds the case."""
    case.station, case.station_reads_until, case.station_sees_until = station, None, None
    case.save(update_fields=STATION)


def open_to_station(*, case: Case, reads_until: date, sees_until: date) -> None:
    """The station reads the file up to a day, and sees whose it was up to a later one, to write up.

    Part of an agreement; the caller holds the case.
    """
    case.station_reads_until, case.station_sees_until = reads_until, sees_until
    case.save(update_fields=STATION)


def leave_station(*, case: Case) -> None:
    """The station sees the file no longer: its ground was consent. The last write of an act.

    Done under the system's scope, because the station's own worker, whose act it may be, cannot
    write a row that he then no longer sees. 个人信息保护法第十五条.
    """
    with scope.within(scope.system("consent", case.facility_id)):
        case.station, case.station_reads_until, case.station_sees_until = None, None, None
        case.save(update_fields=STATION)


def move_end(*, case: Case, on: date) -> None:
    """The last day is what its working gives, never counted on from what stood: part of the acts that move it."""
    ends = ends_of(term_facts(case, on=on))
    case.ends_on = ends.ends_on
    case.alarm_on = ends.alarm_on
    case.save(update_fields=["ends_on", "alarm_on"])


def move_alarm(*, case: Case, on: date) -> None:
    """The day of the alarm alone, where another convention holds of what was printed; the last day stays."""
    case.alarm_on = min(case.ends_on, ends_of(term_facts(case, on=on)).alarm_on)
    case.save(update_fields=["alarm_on"])


class OutOfScope(Refused, Case.DoesNotExist):
    """A case to be locked is not seen by who acts: it went to another facility while his page stood open."""


def lock(case: Case, *related: str) -> Case:
    """The case row, locked: the first beat of every action. `related` rows are fetched, not locked."""
    (locked,) = lock_all([case.pk], *related)
    return locked


def lock_all(keys: Iterable[UUID], *related: str) -> list[Case]:
    """The rows of several cases, locked and given in the order of their numbers.

    Locked first and read after: a row that was waited for comes back with the joins of before, so that
    one query would give the new `unit_id` with the old (or no) `unit`.
    """
    wanted = set(keys)
    ours = Case.objects.filter(pk__in=wanted).order_by("number")
    if len(ours.select_for_update().only("pk")) < len(wanted):
        raise OutOfScope(
            [Obstacle("此人的档案已不在您的可见范围内（例如已转往其他场所），请刷新页面查看")]
        )
    related = ("person", "facility", "unit__zone", "zone", *related)
    return list(ours.select_related(*related))

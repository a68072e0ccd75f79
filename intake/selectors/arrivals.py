"""Arrivals: whom one matches across the nation, what speaks against receiving him, which bed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection

from intake.models import Arrival
from intake.rules import answers as answering
from intake.rules import gate, matching, reception
from intake.rules.gate import Checks, Papers
from intake.rules.matching import Stay
from intake.rules.moments import OPEN_FOR, ago_words
from intake.selectors.indexes import person_index, person_index_of
from intake.states import EDGES, ArrivalStatus
from rehab import statutes
from rehab.clock import day_of
from rehab.models import Bed, Facility, User
from rehab.models.organisation import BedQuerySet, numbered
from rehab.refusal import Caution, Obstacle
from rehab.rules.persons import is_minor
from rehab.selectors import EarlierCase, decision_known, earlier_cases
from rehab.selectors.term import ends_on_anniversary
from rehab.states import Stage


def papers_of(arrival: Arrival) -> Papers:
    """What the roster or the desk wrote down of an arrival."""
    return Papers.from_json(cast(dict[str, Any], arrival.details))


def decided_obstacles(arrival: Arrival, to: ArrivalStatus, *, at: datetime) -> tuple[Obstacle, ...]:
    """Why an arrival may not take this status: a colleague has decided, and when."""
    status = ArrivalStatus(arrival.status)
    if (status, to) in EDGES:
        return ()
    assert arrival.decided_by is not None
    assert arrival.decided_at is not None
    who = f"{arrival.decided_by.display_name}{ago_words(arrival.decided_at, at)}"
    if status == ArrivalStatus.WITHDRAWN:
        return (Obstacle(f"{who}已撤回此人所在的名册，此人不再待收"),)
    return (Obstacle(f"{who}已对此人决定“{status.label}”"),)


def answer_obstacles(arrival: Arrival, to: ArrivalStatus, *, at: datetime) -> tuple[Obstacle, ...]:
    """Why this answer may not be given, whatever else its form says."""
    decided = decided_obstacles(arrival, to, at=at)
    return decided if to == ArrivalStatus.REFUSED else (*decided, *only_refusable(arrival))


def colleague_words(arrival: Arrival, *, by: User, at: datetime) -> tuple[str, ...]:
    """What colleagues did about the same arrival meanwhile, a line each: 张警官 3 分钟前已登记."""
    words = []
    if arrival.row_id is None and arrival.registered_by_id != by.pk:
        ago = ago_words(arrival.registered_at, at)
        words.append(f"{arrival.registered_by.display_name}{ago}已登记此人（现场登记）")
    decided = arrival.decided_by
    if decided is not None and arrival.decided_at is not None and decided.pk != by.pk:
        ago, status = ago_words(arrival.decided_at, at), arrival.get_status_display()
        words.append(f"{decided.display_name}{ago}已对此人决定“{status}”")
    openings = arrival.openings.filter(opened_at__gt=at - OPEN_FOR, opened_at__lte=at)
    for one in openings.exclude(officer=by).select_related("officer").order_by("opened_at"):
        ago = ago_words(one.opened_at, at)
        words.append(f"{one.officer.display_name}{ago}打开了此人的收治登记，请先问明由谁办理")
    return tuple(words)


def registration_obstacles(
    facility: Facility, papers: Papers, *, at: datetime
) -> tuple[Obstacle, ...]:
    """Why somebody may not be registered at the desk: the number is none, or he is listed already."""
    obstacles = list(gate.identity_obstacles(papers))
    if same := _undecided_same(facility, papers):
        ago = ago_words(same.registered_at, at)
        status = same.get_status_display()
        message = f"{same.registered_by.display_name}{ago}已登记此人，在待收名单中（{status}）"
        obstacles.append(Obstacle(message))
    return tuple(obstacles)


def _undecided_same(facility: Facility, papers: Papers) -> Arrival | None:
    index = person_index_of(papers)
    if index is None:
        return None
    undecided = Arrival.objects.undecided().filter(facility=facility, person_index=index)
    return undecided.select_related("registered_by").first()


@dataclass(frozen=True)
class Reception:
    """Everything that bears on receiving one arrival on these papers now."""

    earlier: tuple[EarlierCase, ...]
    person: UUID | None  # whose new case it will be; None for somebody new
    obstacles: tuple[Obstacle, ...]
    cautions: tuple[Caution, ...]


def reception_of(
    arrival: Arrival,
    papers: Papers,
    checks: Checks,
    *,
    searchers: Sequence[str],
    known_person: UUID | None,
    on: date,
) -> Reception:
    """Gather the facts, ask the rules. Shared by the page and the action; the match is recorded.

    `searchers` are the sexes of those who searched.
    """
    earlier = tuple(
        earlier_cases(
            id_number=papers.id_number,
            name=papers.name,
            sex=papers.sex,
            birth_date=papers.birth_date,
        )
    )
    stays = [
        Stay(
            found.person,
            found.by_number,
            found.is_open,
            found.facility,
            found.duty_phone,
            found.same_name,
            found.same_sex,
            found.same_birth,
        )
        for found in earlier
    ]
    known_person = _kept(known_person, earlier)
    person = matching.same_person(stays, known_person)
    facts = gate.reception_facts(
        papers,
        checks,
        searchers=searchers,
        on=on,
        ends_on_anniversary=ends_on_anniversary(
            papers.decided_on, papers.printed_ends_on, arrival.facility_id
        ),
    )
    return Reception(
        earlier=earlier,
        person=person,
        obstacles=(
            *only_refusable(arrival),
            *matching.match_obstacles(stays, chosen=known_person),
            *_another_number(person, papers),
            *_carried_out(papers),
            *reception.reception_obstacles(facts),
        ),
        cautions=(
            *matching.match_cautions(stays, chosen=known_person),
            *reception.reception_cautions(facts),
        ),
    )


def _kept(chosen: UUID | None, earlier: Sequence[EarlierCase]) -> UUID | None:
    """Whom the chosen record was merged into, perhaps since the page was opened; else himself."""
    return next((found.person for found in earlier if chosen in found.formerly), chosen)


def only_refusable(arrival: Arrival) -> tuple[Obstacle, ...]:
    """Why somebody pregnant or nursing is neither received nor kept waiting."""
    if not arrival.only_refusable:
        return ()
    message = "名册写明怀孕或者哺乳未满一周岁婴儿，只能不予接收"
    return (Obstacle(message, statutes.NOT_APPLICABLE),)


def _another_number(person: UUID | None, papers: Papers) -> tuple[Obstacle, ...]:
    """Somebody of the same name and birth who has another citizen number is another person. It is kept."""
    if person is None or papers.id_number is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT intake_has_other_number(%s, %s)", [person, person_index(papers.id_number)]
        )
        (differs,) = cursor.fetchone()
    if not differs:
        return ()
    return (Obstacle("所选既往人员的公民身份号码不同，不是同一人，请改为“不关联”"),)


def _carried_out(papers: Papers) -> tuple[Obstacle, ...]:
    if not papers.decision_number or not decision_known(papers.decision_number):
        return ()
    message = "该决定书文号已在执行或者执行完毕，同一决定不能重复接收，请核对文号"
    return (Obstacle(message, statutes.DELIVERY),)


def admission_obstacles(
    arrival: Arrival,
    papers: Papers,
    judged: Reception,
    *,
    bed: Bed,
    searchers: Sequence[User],
    answers: Mapping[str, str],
    at: datetime,
) -> tuple[Obstacle, ...]:
    """Every reason why this arrival may not be admitted now; whether the bed fits is asked last."""
    return (
        *decided_obstacles(arrival, ArrivalStatus.ADMITTED, at=at),
        *gate.papers_obstacles(papers, on=day_of(at)),
        *judged.obstacles,
        *answering.answer_obstacles(judged.cautions, answers),
        *_first_bed(arrival, bed),
        *_searchers(arrival, searchers),
    )


def _first_bed(arrival: Arrival, bed: Bed) -> tuple[Obstacle, ...]:
    unit = bed.room.unit
    if unit.facility_id != arrival.facility_id:
        return (Obstacle(f"床位 {bed} 不在本所，请另选床位"),)
    if unit.zone is None or unit.zone.stage != Stage.DETOX:
        return (
            Obstacle(f"床位 {bed} 不在{Stage.DETOX.zone_label}，入所先到{Stage.DETOX.zone_label}"),
        )
    return ()


def _searchers(arrival: Arrival, searchers: Sequence[User]) -> tuple[Obstacle, ...]:
    strangers = [one for one in searchers if not _serves(one, arrival.facility_id)]
    civilians = [one for one in searchers if not one.police_number]
    return (
        *(Obstacle(f"检查民警{one.display_name}不在本所任职，请另选") for one in strangers),
        *(
            Obstacle(
                f"{one.display_name}没有警号，检查须由民警进行，请另选", statutes.TWO_SEARCHERS
            )
            for one in civilians
        ),
    )


def _serves(user: User, facility: UUID) -> bool:
    return user.is_active and user.posting is not None and user.posting.facility_id == facility


def first_beds(facility: Facility, *, sex: str, birth_date: date | None, on: date) -> list[Bed]:
    """Free beds of 生理脱毒区 in rooms for this sex and age, isolation rooms last."""
    minor = birth_date is not None and is_minor(birth_date, on)
    return list(
        detox_beds(facility)
        .free()
        .filter(room__sex=sex, room__for_minors=minor)
        .order_by(
            "room__isolation", "room__unit__name", *numbered("room__name"), *numbered("label")
        )
    )


def detox_beds(facility: Facility) -> BedQuerySet:
    """All beds of 生理脱毒区, free or not."""
    return Bed.objects.filter(
        room__unit__facility=facility, room__unit__zone__stage=Stage.DETOX
    ).select_related("room__unit__zone")

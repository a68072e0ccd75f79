"""The list of those who are to arrive: a roster imported, or one person registered at the desk."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from intake import reading
from intake.actions.locks import hold_list
from intake.models import Arrival, Roster, RosterRow
from intake.rules import answers as answering
from intake.rules.gate import Papers
from intake.rules.roster import RowVerdict
from intake.selectors import arrivals, rosters
from intake.selectors.indexes import decision_index_of, person_index_of
from intake.sheets import NoSheet
from intake.states import ArrivalStatus
from rehab import pinyin
from rehab.clock import day_of
from rehab.ledgers import documents, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Event, Facility, User
from rehab.refusal import Obstacle, Refused

BATCH = 1_000


@transaction.atomic
def upload_roster(
    *, facility: Facility, content: bytes, file_name: str, as_of: date, by: User, at: datetime
) -> Roster:
    """上传名册: keep the file, sealed, to be looked at; nobody becomes an arrival yet.

    A file that was uploaded before and not imported is the same roster, of the date given now. One whose
    import was withdrawn is a new roster.
    """
    hold_list(facility)

    sha256 = hashlib.sha256(content).hexdigest()
    before = Roster.objects.standing().filter(facility=facility, sha256=sha256)
    same = before.select_related("imported_by").first()
    if same is not None:
        Refused.if_any(rosters.roster_obstacles(same))
        same.as_of, same.uploaded_by, same.uploaded_at = as_of, by, at
        same.save(update_fields=["as_of", "uploaded_by", "uploaded_at"])
        return same
    try:
        file = reading.read(content)
    except NoSheet as error:
        raise Refused([Obstacle(str(error))]) from error

    return Roster.objects.create(
        facility=facility,
        as_of=as_of,
        file=content,
        file_name=file_name,
        sha256=sha256,
        sent_by=file.sent_by[:100],
        sent_to=file.sent_to[:100],
        uploaded_by=by,
        uploaded_at=at,
    )


@transaction.atomic
def import_roster(
    *, roster: Roster, answers: Mapping[str, str], by: User, at: datetime, invented: bool = False
) -> Roster:
    """导入名册: accepted, warned and only refusable lines become arrivals; the others go back.

    `invented` marks people of a demonstration.
    """
    hold_list(roster.facility)
    roster = _again(roster)

    Refused.if_any(rosters.roster_obstacles(roster))
    run = rosters.dry_run(roster.facility, bytes(roster.file), as_of=roster.as_of)
    Refused.if_any(answering.answer_obstacles(run.cautions, answers))

    _write_lines(roster, run, by=by, at=at, invented=invented)
    year = day_of(at).year
    serial = documents.next_number(roster.facility, "roster", year)
    roster.receipt = f"{roster.facility.code}-MC-{year}-{serial:04d}"
    roster.imported_by, roster.imported_at = by, at
    roster.accepted, roster.warned = run.accepted, run.warned
    roster.refusable, roster.returned = run.refusable, run.returned
    roster.save(
        update_fields=[
            "receipt", "imported_by", "imported_at", "accepted", "warned", "refusable", "returned",
        ]
    )  # fmt: skip

    answered = answering.kept(run.cautions, answers)
    events.record(
        roster,
        Event.Kind.ROSTER_IMPORTED,
        by=by,
        at=at,
        receipt=roster.receipt,
        lines=roster.lines,
        arrivals=roster.arrivals_made,
        answered=[*answered],
        words=answered,
    )

    notices.tell(roster, Event.Kind.ROSTER_IMPORTED, to=Post("intake_officer", roster.facility_id))
    outbox.poke()
    return roster


def _write_lines(
    roster: Roster, run: rosters.DryRun, *, by: User, at: datetime, invented: bool
) -> None:
    texts = {row.line: row.texts() for row in run.file.rows}
    rows = {
        verdict.line: RosterRow(
            roster=roster,
            line=verdict.line,
            outcome=verdict.outcome.value,
            cells=texts[verdict.line],
            problems=_problems(verdict),
        )
        for verdict in run.verdicts
    }
    RosterRow.objects.bulk_create(rows.values(), batch_size=BATCH)
    Arrival.objects.bulk_create(
        (
            _arrival(
                roster.facility,
                papers_of_line(verdict),
                row=rows[verdict.line],
                only_refusable=verdict.only_refusable,
                invented=invented,
                by=by,
                at=at,
            )
            for verdict in run.verdicts
            if verdict.becomes_arrival
        ),
        batch_size=BATCH,
    )


def papers_of_line(verdict: RowVerdict) -> Papers:
    """The papers of a line that becomes an arrival."""
    assert verdict.person is not None
    return Papers(**vars(verdict.person))


def _problems(verdict: RowVerdict) -> list[dict[str, str]]:
    return [
        {
            "field": problem.field,
            "message": problem.message,
            "outcome": problem.outcome.value,
            "article": problem.article.code if problem.article else "",
        }
        for problem in verdict.problems
    ]


def _arrival(
    facility: Facility,
    papers: Papers,
    *,
    row: RosterRow | None,
    only_refusable: bool,
    invented: bool,
    by: User,
    at: datetime,
) -> Arrival:
    return Arrival(
        facility=facility,
        row=row,
        name=papers.name,
        name_pinyin=pinyin.sort_key(papers.name),
        sex=papers.sex,
        birth_date=papers.birth_date,
        person_index=person_index_of(papers),
        decision_index=decision_index_of(papers),
        transferred_on=papers.transferred_on or day_of(at),
        only_refusable=only_refusable,
        invented=invented,
        details=papers.as_json(),
        registered_by=by,
        registered_at=at,
    )


@transaction.atomic
def withdraw_roster(*, roster: Roster, reason: str, by: User, at: datetime) -> Roster:
    """撤回名册: its import is taken back while nobody of it was decided; nothing is deleted.

    The arrivals stand as 撤销, and the same file may be handed in again.
    """
    hold_list(roster.facility)
    roster = _again(roster)
    named = _lock_arrivals(roster)

    decided = rosters.decided_of(roster)
    Refused.if_any((*rosters.withdrawal_obstacles(roster, decided), *_reason_obstacles(reason)))

    roster.withdrawn_by, roster.withdrawn_at, roster.why_withdrawn = by, at, reason.strip()
    roster.save(update_fields=["withdrawn_by", "withdrawn_at", "why_withdrawn"])
    Arrival.objects.filter(pk__in=named).update(
        status=ArrivalStatus.WITHDRAWN, decided_by=by, decided_at=at, reason=reason.strip()
    )

    events.record(
        roster,
        Event.Kind.ROSTER_WITHDRAWN,
        by=by,
        at=at,
        receipt=roster.receipt,
        arrivals=len(named),
        words={"reason": reason.strip()},
    )

    notices.tell(roster, Event.Kind.ROSTER_WITHDRAWN, to=Post("intake_officer", roster.facility_id))
    outbox.poke()
    return roster


def _lock_arrivals(roster: Roster) -> list[UUID]:
    """Everybody whom a roster named, locked: whoever is just being decided is waited for."""
    ours = Arrival.objects.filter(row__roster=roster).order_by("pk")
    return [one.pk for one in ours.select_for_update(of=("self",)).only("pk")]


def _again(roster: Roster) -> Roster:
    """The roster as it stands now that nobody else may write the list."""
    fresh = Roster.objects.select_related("facility", "imported_by", "withdrawn_by")
    return fresh.get(pk=roster.pk)


def _reason_obstacles(reason: str) -> tuple[Obstacle, ...]:
    return () if reason.strip() else (Obstacle("“撤回理由”不能为空，请写明为什么撤回"),)


@transaction.atomic
def register_arrival(
    *, facility: Facility, papers: Papers, by: User, at: datetime, invented: bool = False
) -> Arrival:
    """现场登记: somebody who stands at the gate and is on no roster. No number is asked for."""
    hold_list(facility)

    Refused.if_any(arrivals.registration_obstacles(facility, papers, at=at))

    arrival = _arrival(
        facility, papers, row=None, only_refusable=False, invented=invented, by=by, at=at
    )
    arrival.save(force_insert=True)

    events.record(arrival, Event.Kind.ARRIVAL_REGISTERED, by=by, at=at)
    return arrival

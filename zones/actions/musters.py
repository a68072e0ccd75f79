"""点名: the roll of a 大队 called and recorded; what was recorded wrongly is recorded once more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from rehab import clock, scope
from rehab.actions import cases, locks
from rehab.ledgers import events, notices, outbox
from rehab.models import Case, Event, Unit, User
from rehab.refusal import Refused
from zones.models import Muster, MusterLine
from zones.rules import musters as rules
from zones.selectors import musters as selectors
from zones.selectors.musters import unexplained
from zones.states import Standing

ALARMED = ("zone_leader", "facility_leader")  # who learn at once that somebody is missing
WHOLE = scope.system("muster")  # the list as it was called, wherever they are carried on by now


@dataclass(frozen=True)
class Missing:
    """Why somebody did not answer, as the officer says it."""

    reason: str  # a code of zones.states.NotThere
    note: str = ""


@transaction.atomic
def record_muster(
    *,
    unit: Unit,
    kind: str,
    absences: Mapping[UUID, Missing],
    seen: Collection[str],
    reason: str,
    by: User,
    at: datetime,
) -> Muster:
    """记录点名 of everybody for whom the 大队 answers. `seen` is the list that the officer looked at; `absences`
    by case are his exceptions; `reason` says why there is another one of the day.
    """
    locks.hold(f"muster:{unit.pk}")
    cases.lock_all(one.case.pk for one in selectors.expected(by, unit, at=at))

    called = selectors.expected(by, unit, at=at)
    Refused.if_any(
        (
            *selectors.recording_obstacles(unit, kind, reason=reason.strip(), at=at),
            *selectors.changed_obstacles(called, seen),
            *(
                obstacle
                for one in called
                if (found := absences.get(one.case.pk))
                for obstacle in rules.absence_obstacles(
                    one.case.person.name, found.reason, found.note
                )
            ),
        )
    )

    lines = [
        _with_absence(
            MusterLine(
                case=one.case,
                standing=one.standing,
                status=one.case.status,
                away=one.away,
                room=one.room,
                bed=one.bed,
                today=one.today,
            ),
            absences.get(one.case.pk),
        )
        for one in called
    ]
    muster = _write(
        Muster(
            facility=unit.facility, unit=unit, kind=kind, on=clock.day_of(at), called_at=at,
            recorded_at=at, by=by, reason=reason.strip() or None,
        ),
        lines,
    )  # fmt: skip

    _record(muster, corrects=None)
    absent = [line for line in lines if line.absence]
    events.record_all([_absence(muster, line, by=by, at=at) for line in absent])

    _alarm(muster, [line for line in absent if unexplained(line)], Event.Kind.ABSENT_AT_MUSTER)
    outbox.poke()
    return muster


@transaction.atomic
def correct_muster(
    *, muster: Muster, absences: Mapping[UUID, Missing], reason: str, by: User, at: datetime
) -> Muster:
    """更正点名: a further record of the same roll-call. Who is left out of `absences` was there.

    Whose file has gone to another facility since stays as he was recorded.
    """
    locks.hold(f"muster:{muster.unit_id}")
    muster = Muster.objects.select_related("unit", "facility").get(pk=muster.pk)
    with scope.within(WHOLE):
        lines = list(muster.lines.select_related("case__person", "case__facility"))
    seen = set(
        Case.objects.filter(pk__in=[line.case_id for line in lines]).values_list("pk", flat=True)
    )

    before = {line.case_id: (line.absence, line.note or "") for line in lines}
    said = {
        line.case_id: absences.get(line.case_id) if line.case_id in seen else _as_recorded(line)
        for line in lines
    }
    after = [_with_absence(_again(line), said[line.case_id]) for line in lines]
    changed = [line for line in after if (line.absence, line.note or "") != before[line.case_id]]
    Refused.if_any(
        (
            *rules.correction_obstacles(
                corrected=Muster.objects.filter(corrects=muster).exists(),
                changes=len(changed),
                reason=reason.strip(),
            ),
            *(
                obstacle
                for line in changed
                for obstacle in rules.absence_obstacles(
                    line.case.person.name, line.absence, line.note or ""
                )
            ),
        )
    )

    with scope.within(WHOLE):
        corrected = _write(
            Muster(
                facility=muster.facility, unit=muster.unit, kind=muster.kind, on=muster.on,
                called_at=muster.called_at, recorded_at=at, by=by, reason=reason.strip(),
                corrects=muster,
            ),
            after,
        )  # fmt: skip

    recorded = Event.objects.filter(
        facts__muster=str(muster.pk),
        facility=muster.facility,
        kind__in=[Event.Kind.MUSTERED, Event.Kind.ABSENT_AT_MUSTER, Event.Kind.ABSENCE_CORRECTED],
    )
    formers = {one.case_id: one for one in recorded}
    _record(corrected, corrects=formers.get(None))
    events.record_all([_absence(corrected, line, by=by, at=at, former=formers) for line in changed])

    missing = [line for line in changed if unexplained(line)]
    found = [
        line
        for line in changed
        if not unexplained(line) and before[line.case_id][0] == rules.UNKNOWN
    ]
    _alarm(corrected, missing, Event.Kind.ABSENT_AT_MUSTER)
    _alarm(corrected, found, Event.Kind.ABSENCE_CORRECTED)
    outbox.poke()
    return corrected


def _with_absence(line: MusterLine, missing: Missing | None) -> MusterLine:
    if missing and line.standing != Standing.OUT:
        line.absence, line.note = missing.reason, missing.note.strip() or None
    return line


def _as_recorded(line: MusterLine) -> Missing | None:
    return Missing(line.absence, line.note or "") if line.absence else None


def _again(line: MusterLine) -> MusterLine:
    """The line as it stood by the books, nobody missing."""
    return MusterLine(
        case=line.case, standing=line.standing, status=line.status, away=line.away,
        room=line.room, bed=line.bed, today=line.today,
    )  # fmt: skip


def _write(muster: Muster, lines: Sequence[MusterLine]) -> Muster:
    for name, value in selectors.counts(lines).items():
        setattr(muster, name, value)
    muster.save(force_insert=True)
    for line in lines:
        line.muster = muster
    MusterLine.objects.bulk_create(lines)
    return muster


def _record(muster: Muster, *, corrects: Event | None) -> None:
    events.record(
        muster.facility,
        Event.Kind.MUSTERED,
        by=muster.by,
        at=muster.recorded_at,
        corrects=corrects,
        muster=str(muster.pk),
        unit=str(muster.unit_id),
        roll=str(muster.kind),
        expected=muster.expected,
        absent=muster.absent,
    )


def _absence(
    muster: Muster,
    line: MusterLine,
    *,
    by: User,
    at: datetime,
    former: Mapping[UUID | None, Event] | None = None,
) -> Event:
    """On the person's own file: that he did not answer, or that this was put right."""
    kind = Event.Kind.ABSENT_AT_MUSTER if former is None else Event.Kind.ABSENCE_CORRECTED
    return events.entry(
        line.case,
        kind,
        by=by,
        at=at,
        corrects=(former or {}).get(line.case_id),
        muster=str(muster.pk),
        roll=str(muster.kind),
        reason=str(line.absence),
    )


def _alarm(muster: Muster, lines: Sequence[MusterLine], kind: Event.Kind) -> None:
    """Tell the leader of the 大队 and those of the facility, of each person."""
    posts = [
        notices.Post(role, muster.facility_id, unit=_unit_of(role, muster)) for role in ALARMED
    ]
    notices.tell_all(
        notices.word(line.case, kind, to=post, cycle=str(muster.pk))
        for line in lines
        for post in posts
    )


def _unit_of(role: str, muster: Muster) -> UUID | None:
    return muster.unit_id if role in notices.UNIT_ROLES else None

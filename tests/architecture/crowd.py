"""The small nation of `world`, grown: of all that an officer's pages list there are so many rows.

What the acts of life made once is written again in bulk, so that a hundred of everything stand in seconds.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import cycle, islice
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model

from aftercare.models import Agreement, Contact, Release, ReleaseNotice, ReleaseNoticeCopy
from centers.models import (
    Assessment,
    ConductMonth,
    DetoxConclusion,
    DrugTest,
    Screening,
    Telling,
)
from intake import actions as door
from intake.models import Arrival, Roster
from rehab.models import (
    Absence,
    AccessRecord,
    Bed,
    Case,
    Deadline,
    Document,
    Event,
    Notice,
    PersonMerge,
    Placement,
    ServiceOfDocument,
    Station,
    User,
)
from tests.architecture.world import ON_THE_WAY, OWN, World
from tests.factories import centers as workshops
from tests.factories import intake as gate
from tests.factories import rehab as make
from zones.models import Muster, ZoneMove

TITLES = "姓名,性别,出生日期,公民身份号码,强制隔离戒毒决定书文号,决定日期,强制隔离戒毒起止日期,移交日期,健康状况\n"

UNSIGNED = dict.fromkeys(("signed_at", "signed_by_id", "starts_on", "ends_on", "document_id"))


def grow(world: World, rows: int) -> None:
    """Let there be `rows` of everything at the own place."""
    more = range(1, rows)
    _colleagues(world, more)
    _people(world, OWN, more)
    overstaying = make.NOON.date() - timedelta(days=1)
    over = {"ends_on": overstaying, "alarm_on": overstaying}
    _people(world, ON_THE_WAY, more, **over, entered_at=make.NOON)
    _those_who_left(world, more)
    _file(world, more)
    _papers(world, more)
    _front_door(world, rows)


def again(row: Any, **changed: Any) -> Any:
    """The row once more under a new key, with what differs."""
    kept = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**kept | changed)


def write(rows: Iterable[Model]) -> list[Any]:
    """All of one table in one statement."""
    rows = list(rows)
    return type(rows[0])._default_manager.bulk_create(rows) if rows else []


def taken_in_turn(rows: Iterable[Any], more: range) -> Iterable[tuple[int, Any]]:
    """Every serial with one of the rows, over and over."""
    return zip(more, islice(cycle(list(rows)), len(more)), strict=True)


def _beds(like: Bed, more: range) -> list[Bed]:
    before = Bed.objects.filter(room=like.room_id).count()
    return write(again(like, label=f"加{before + serial}") for serial in more)


def _colleagues(world: World, more: range) -> None:
    """Officers to choose from, and stations."""
    for role in ("intake_officer", "clinician"):
        one = world.users[role]
        users = write(again(one, username=f"{role}又{serial}", posting_id=None) for serial in more)
        postings = write(again(one.posting, user_id=user.pk) for user in users)
        for user, posting in zip(users, postings, strict=True):
            user.posting = posting
        User.objects.bulk_update(users, ["posting"])
    write(again(Station.objects.first(), name=f"示例站{serial}") for serial in more)


def _cases_like(one: Case, mark: str, more: range, **changed: Any) -> list[Case]:
    """Other people with a case like this one, each with a decision of his own."""
    people = write(
        again(one.person, name=f"示例众人{serial}", id_number=None, id_index=None)
        for serial in more
    )
    cases = write(
        again(one, person_id=person.pk, number=f"{one.number}{mark}{serial}", **changed)
        for serial, person in zip(more, people, strict=True)
    )
    write(again(one.decision, case_id=case.pk, number_index=f"{case.pk}") for case in cases)
    return cases


def _papers_like(paper: Document, mark: str, cases: Iterable[Case]) -> list[Document]:
    return write(
        again(paper, case_id=case.pk, subject_id=case.pk, number=f"{mark}{case.number}")
        for case in cases
    )


def _people(world: World, place: str, more: range, **changed: Any) -> None:
    """Others in the same place with the same history."""
    one = world.cases[place]
    cases = _cases_like(one, "-", more, **changed)
    for placement in Placement.objects.filter(case=one).select_related("bed"):
        beds = _beds(placement.bed, more)
        write(
            again(placement, case_id=case.pk, bed_id=bed.pk)
            for case, bed in zip(cases, beds, strict=True)
        )
    for model in (Absence, Deadline, ZoneMove, DrugTest, DetoxConclusion, Screening, Assessment):
        for row in model.objects.filter(case=one):
            write(again(row, case_id=case.pk) for case in cases)
    escape, proposal = one.absences.get(kind="escape"), one.escape_proposals.get()
    write(
        again(proposal, case_id=case, absence_id=absence)
        for case, absence in Absence.objects.filter(
            case__in=cases, left_at=escape.left_at
        ).values_list("case", "pk")
    )
    asked = one.transfers.get()
    write(again(asked, case_id=case.pk) for case in cases)
    served = one.term_decisions.get()
    write(again(served, case_id=case.pk, number_index=f"{case.pk}") for case in cases)
    corrected = one.decision_corrections.get()
    write(again(corrected, case_id=case.pk) for case in cases)
    for row in Notice.objects.filter(case=one):
        write(again(row, case_id=case.pk, subject_id=case.pk) for case in cases)
    drafted, moved = Assessment.objects.get(case=one), ZoneMove.objects.filter(case=one).last()
    concluded = {"concluded_by_id": world.users["committee_member"].pk, "concluded_at": make.NOON}
    write(
        again(drafted, case_id=case.pk, kind="adaptation", status="concluded", **concluded)
        for case in cases
    )
    signed = {
        "approved_by_id": world.users["zone_leader"].pk,
        "approved_at": make.NOON,
        "received_by_id": world.users["intake_officer"].pk,
        "received_at": make.NOON,
    }
    write(again(moved, case_id=case.pk, status="received", **signed) for case in cases)
    muster = Muster.objects.get(pk=world.keys["muster"][place])
    write(again(muster, reason=f"又{case.number}") for case in cases)
    line = muster.lines.get(case=one)
    write(again(line, case_id=case.pk) for case in cases)
    agreement = Agreement.objects.get(case=one)
    papers = _papers_like(agreement.document, "协", cases)
    write(
        again(agreement, case_id=case.pk, document_id=paper.pk)
        for case, paper in zip(cases, papers, strict=True)
    )
    write(again(agreement, case_id=case.pk, status="offered", **UNSIGNED) for case in cases)


def _those_who_left(world: World, more: range) -> None:
    """People released this month, whose year with the station is over."""
    one = world.cases[OWN]
    cases = _cases_like(one, "=", more, status="released", ended_at=make.NOON)
    agreement = Agreement.objects.get(case=one, status="signed")
    year = {"starts_on": date(2025, 1, 1), "ends_on": date(2025, 12, 31)}
    for case, paper, certificate in zip(
        cases,
        _papers_like(agreement.document, "旧协", cases),
        _papers_like(agreement.document, "解", cases),
        strict=True,
    ):
        again(agreement, case_id=case.pk, document_id=paper.pk, **year).save(force_insert=True)
        Release.objects.create(
            case=case, released_at=make.NOON, last_lawful_day=case.ends_on,
            officer=world.users["intake_officer"], decision_mark="matched",
            identity_mark="matched", face_mark="matched", answers={}, certificate=certificate,
        )  # fmt: skip


def _file(world: World, more: range) -> None:
    """One person's own file: everything in it so many times."""
    case, staff = world.cases[OWN], workshops.Staff(world.cases[OWN].facility)
    at = make.NOON
    _lain_in(case, more)
    write(again(row) for _, row in taken_in_turn(Event.objects.filter(case=case), more))
    for model in (Deadline, Notice):
        kept = model.objects.filter(case=case)
        write(again(row, cycle=f"又{serial}") for serial, row in taken_in_turn(kept, more))
    for role in world.users:
        said = Notice.objects.get(pk=world.said[role, OWN])
        write(again(said, cycle=f"再{serial}") for serial in more)
    for made in (
        DrugTest.objects.filter(case=case).first(),
        DetoxConclusion.objects.filter(case=case).first(),
        Screening.objects.get(case=case),
        workshops.fitness_test(case, staff, at=at),
        workshops.social_form(case, staff, at=at),
        workshops.entry_education(case, staff, at=at, result="fail"),
    ):
        write(again(made) for _ in more)
    telling = Telling.objects.get(case=case)
    tellings = write(
        again(telling, told_at=telling.told_at + timedelta(minutes=serial), recorded_at=at)
        for serial in more
    )
    scan = telling.scans.get()
    write(again(scan, telling_id=one.pk) for one in tellings)
    drafted = Assessment.objects.get(case=case)
    write(again(drafted, status="returned", returned_for="示例") for _ in more)
    months = list(islice(_months_before(date(2026, 11, 1)), len(more)))
    write(
        ConductMonth(case=case, by=world.users["zone_officer"], month=month, mark=80, marked_at=at)
        for month in months
    )
    merge = PersonMerge.objects.get(pk=world.keys["merge"][OWN])
    decided = {"decided_by_id": merge.proposed_by_id, "decided_at": at}
    write(again(merge, status="withdrawn", **decided) for _ in more)
    move = ZoneMove.objects.get(case=case, status="proposed")
    leader = world.users["zone_leader"]
    write(
        again(move, status="returned", ended_by_id=leader.pk, ended_at=at, reason="缓转")
        for _ in more
    )
    write(
        AccessRecord(
            user=leader, case=case, facility=case.facility, field="identity", purpose="示例", at=at
        )
        for _ in more
    )


def _lain_in(case: Case, more: range) -> None:
    """The first stay, cut into so many short ones in as many beds."""
    first = Placement.objects.filter(case=case).select_related("bed").order_by("period").first()
    begun, ended = first.period.lower, first.period.upper
    length = (ended - begun) / (len(more) + 1)
    first.period = DateTimeTZRange(begun, begun + length)
    first.save(update_fields=["period"])
    write(
        again(
            first,
            bed_id=bed.pk,
            period=DateTimeTZRange(begun + length * serial, begun + length * (serial + 1)),
        )
        for serial, bed in zip(more, _beds(first.bed, more), strict=True)
    )


def _months_before(month: date) -> Iterable[date]:
    while True:
        month = (month - timedelta(days=1)).replace(day=1)
        yield month


def _papers(world: World, more: range) -> None:
    """Documents, letters about the last day, offers that were declined, contacts."""
    case = world.cases[OWN]
    agreement = Agreement.objects.get(case=case, status="signed")
    worker = world.users["aftercare_worker"]

    def papers(mark: str) -> list[Document]:
        return write(again(agreement.document, number=f"{mark}{serial}") for serial in more)

    write(
        ServiceOfDocument(
            document=paper, recipient="person", manner="in_person", served_at=make.NOON, by=worker
        )
        for paper in papers("文")
    )
    notices = write(
        ReleaseNotice(
            case=case,
            release_on=case.ends_on + timedelta(days=serial),
            given_at=make.NOON,
            given_by=world.users["intake_officer"],
        )
        for serial in more
    )
    write(
        ReleaseNoticeCopy(notice=notice, audience="family", document=paper)
        for notice, paper in zip(notices, papers("函"), strict=True)
    )
    write(again(agreement, status="declined", closed_at=make.NOON, **UNSIGNED) for _ in more)
    write(
        Contact(
            agreement=agreement, contacted_at=make.NOON, manner="phone", reached=True,
            next_on=make.NOON.date() + timedelta(days=30), by=worker,
        )
        for _ in more
    )  # fmt: skip


def _front_door(world: World, rows: int) -> None:
    """Rosters, one looked at and one imported with so many lines, and those who wait."""
    officer, facility = world.users["intake_officer"], world.cases[OWN].facility
    roster = Roster.objects.get(pk=world.keys["roster"][OWN])
    write(again(roster, sha256=f"又{serial}") for serial in range(1, rows))
    waiting = Arrival.objects.get(pk=world.keys["arrival"][OWN])
    write(again(waiting, name=f"示例待{serial}", person_index=None) for serial in range(1, rows))
    world.keys["roster of many"], world.keys["roster imported"] = {}, {}
    for kind, mark in (("roster of many", "甲"), ("roster imported", "乙")):
        lines = "".join(
            f"示例{mark}{serial},男,1990-01-01,,示公（禁）强戒决字〔2026〕7{mark}{serial}号,2026-06-01,"
            "2026-06-01至2028-05-31,2026-11-21,健康\n"
            f"示例误{serial},男,1990-13-01,,,2026-06-01,,2026-11-21,健康\n"
            for serial in range(rows)
        )
        sheet = gate.roster(facility, (TITLES + lines).encode(), as_of=make.NOON.date(), by=officer)
        world.keys[kind][OWN] = sheet.pk
    door.import_roster(roster=sheet, answers={}, by=officer, at=make.NOON)

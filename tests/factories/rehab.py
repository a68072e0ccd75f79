"""Places, officers and cases for tests, made by the same acts that make them in life."""

import itertools
from datetime import date, datetime
from uuid import UUID

from rehab import scope
from rehab.actions import cases, persons, setup
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.clock import SHANGHAI
from rehab.ledgers import deadlines
from rehab.models import Bed, Bureau, Case, Division, Facility, Station, Unit, User
from rehab.states import Sex, Stage

NOON = datetime(2026, 11, 21, 12, tzinfo=SHANGHAI)
PASSWORD = "示例口令-仅测试"  # accounts of throwaway databases
EVERYTHING = scope.Scope(actor="system:test", everything=True)

_serial = itertools.count(1)


def at(year: int, month: int, day: int, hour: int = 12, minute: int = 0) -> datetime:
    """A moment in Asia/Shanghai."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def bureau(name: str = "示例省戒毒管理局") -> Bureau:
    """A provincial bureau under the ministry; the same for the same name."""
    ministry, _ = Bureau.objects.get_or_create(
        name="司法部戒毒管理局", defaults={"level": Bureau.Level.MINISTRY}
    )
    province, _ = Bureau.objects.get_or_create(
        name=name, defaults={"level": Bureau.Level.PROVINCE, "parent": ministry}
    )
    return province


def rooms(beds: int) -> list[RoomPlan]:
    """Rooms for both sexes, minors and isolation."""
    return [
        RoomPlan("101", Sex.MALE, beds),
        RoomPlan("102", Sex.FEMALE, beds),
        RoomPlan("103", Sex.MALE, 1, for_minors=True),
        RoomPlan("104", Sex.FEMALE, 1, for_minors=True),
        RoomPlan("105", Sex.MALE, 1, isolation=True),
    ]


def facility(code: str = "T01", *, province: Bureau | None = None, beds: int = 4) -> Facility:
    """A facility with one 大队 in each of the four zones, and a second one in 康复巩固区."""
    plans = [UnitPlan(f"{stage.label}大队", stage, rooms(beds)) for stage in Stage]
    plans.append(UnitPlan("康复巩固二大队", Stage.CONSOLIDATION, rooms(beds)))
    return setup.found_facility(
        code=code,
        name=f"示例所{code}",
        short_name=f"示{code}",
        bureau=province or bureau(),
        duty_phone="0000-0000000",
        units=plans,
    )


def unit(of: Facility, stage: Stage) -> Unit:
    """The first 大队 of a stage."""
    return of.units.filter(zone__stage=stage).order_by("name").first()


def station(name: str = "示例服务站") -> Station:
    """A 服务站 in a county; the same for the same name."""
    county = Division.objects.filter(level="county").order_by("code").first()
    found = Station.objects.filter(name=name, division=county).first()
    return found or setup.open_station(
        name=name, level=Station.Level.WORK, division=county, province=bureau()
    )


def officer(
    role: str,
    place: Facility | Unit | Bureau | Station,
    *,
    sex: Sex = Sex.MALE,
    police: bool = True,
) -> User:
    """An account in a post, fetched the way a signed-in request has it."""
    serial = next(_serial)
    return setup.open_account(
        username=f"{role}-{serial}",
        display_name=f"示例{serial}",
        sex=sex,
        role=role,
        place=place,
        password=PASSWORD,
        at=NOON,
        police_number=f"示警{serial}" if police else "",
    )


def free_bed(
    in_unit: Unit, *, sex: Sex = Sex.MALE, minor: bool = False, isolation: bool = False
) -> Bed:
    """The first free bed of a 大队 for such a person."""
    beds = Bed.objects.free().fit_for(sex=sex, minor=minor, isolation=isolation)
    return beds.filter(room__unit=in_unit).order_by("room__name", "label").first()


def person_facts(**changed: object) -> cases.PersonFacts:
    """Somebody invented, without an identity number unless one is given."""
    serial = next(_serial)
    facts = {
        "name": f"示例人{serial}",
        "sex": Sex.MALE,
        "birth_date": date(1990, 1, 1),
        "other_document": f"示例证件{serial}",
        "invented": True,
    }
    return cases.PersonFacts(**facts | changed)


def decision_facts(**changed: object) -> cases.DecisionFacts:
    """A decision of 2026-06-01 that ends on 2028-05-31, with a number of its own."""
    facts = {
        "number": f"示公（禁）强戒决字〔2026〕9{next(_serial):05d}号",
        "authority": "示例市公安局",
        "decided_on": date(2026, 6, 1),
        "printed_starts_on": date(2026, 6, 1),
        "printed_ends_on": date(2028, 5, 31),
    }
    return cases.DecisionFacts(**facts | changed)


def case(
    in_facility: Facility,
    *,
    person: cases.PersonFacts | None = None,
    decision: cases.DecisionFacts | None = None,
    known_person: UUID | None = None,
    needs_isolation: bool = False,
    entered_at: datetime = NOON,
) -> Case:
    """Somebody in 生理脱毒区, opened as admission opens a case."""
    person = person or person_facts()
    minor = person.birth_date is not None and person.birth_date > date(2008, 11, 21)
    bed = free_bed(
        unit(in_facility, Stage.DETOX), sex=person.sex, minor=minor, isolation=needs_isolation
    )
    opened = cases.open_case(
        facility=in_facility,
        person=person,
        decision=decision or decision_facts(),
        bed=bed,
        known_person=known_person,
        needs_isolation=needs_isolation,
        precautions="",
        at=entered_at,
    )
    if known_person:
        persons.fill_in(case=opened, facts=person)
    deadlines.refresh([opened])
    return opened

"""调整床位 within a zone: by age, by illness, by the life of a room."""

import re
from datetime import date

import pytest
from django.urls import reverse

from rehab import clock
from rehab.actions import apart
from rehab.clock import standing_at
from rehab.ledgers import deadlines
from rehab.models import Case, Deadline, Event, Notice, Placement
from rehab.refusal import Refused
from rehab.rules.days import end_of, start_of
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones import actions, clocks, selectors
from zones.rules import BedChange, bed_change_obstacles
from zones.states import BedGround

LATER = make.at(2027, 1, 4)
BIRTHDAY = date(2026, 12, 1)  # the eighteenth of a minor


@pytest.fixture
def leader(facility):
    return make.officer("facility_leader", facility)


@pytest.fixture
def youth(facility):
    return make.case(facility, person=make.person_facts(birth_date=BIRTHDAY.replace(year=2008)))


def lies_in(case):
    return Placement.objects.get(case=case, held=False, period__endswith__isnull=True).bed


def change(case, bed, by, *, ground=BedGround.OTHER, reason="与同室不和", at=make.NOON):
    return actions.change_bed(case=case, bed=bed, ground=ground, reason=reason, by=by, at=at)


def test_the_former_bed_is_free_and_the_new_one_taken(case, leader):
    former = lies_in(case)
    bed = selectors.other_beds(case, on=clock.today())[0]
    entered = case.zone_entered_at

    change(case, bed, leader, at=make.at(2026, 11, 25))

    case.refresh_from_db()
    assert lies_in(case) == bed
    assert case.zone_entered_at == entered  # the zone is the same
    assert former in selectors.other_beds(case, on=clock.today())
    event = Event.objects.get(case=case, kind=Event.Kind.PLACED)
    assert event.facts["changes"] == {"bed": [str(former.pk), str(bed.pk)]}
    assert (event.facts["ground"], event.words) == ("other", {"why": "与同室不和"})


def test_isolation_begins_and_ends_with_its_bed(case, leader, facility):
    isolated = make.free_bed(case.unit, isolation=True)
    with pytest.raises(Refused, match="隔离房间"):
        change(case, isolated, leader)
    with pytest.raises(Refused, match="普通房间"):
        change(case, make.free_bed(case.unit), leader, ground=BedGround.ISOLATE)
    case.refresh_from_db()
    assert not case.needs_isolation

    change(case, isolated, leader, ground=BedGround.ISOLATE, reason="开放性肺结核，医师意见")
    case.refresh_from_db()
    assert case.needs_isolation
    told = Notice.objects.filter(case=case, clock=Event.Kind.ISOLATED)
    assert set(told.values_list("role__code", flat=True)) == {"clinician", "zone_leader"}
    assert not Notice.objects.filter(case=case, clock=Event.Kind.PLACED).exists()

    change(
        case, make.free_bed(case.unit), leader, ground=BedGround.ISOLATED_NO_MORE,
        at=make.at(2026, 12, 2),
    )  # fmt: skip
    case.refresh_from_db()
    assert not case.needs_isolation
    told = Notice.objects.filter(case=case, clock=Event.Kind.ISOLATION_ENDED)
    assert set(told.values_list("role__code", flat=True)) == {"clinician", "zone_leader"}
    ended = Event.objects.filter(case=case, kind=Event.Kind.PLACED).order_by("happened_at").last()
    assert ended.facts["changes"]["isolation"] == ["1", None]


@pytest.mark.parametrize("tab", ["events", "changes"])
def test_who_may_not_know_of_isolation_reads_of_a_bed(tab, case, leader, facility, client):
    isolated = make.free_bed(case.unit, isolation=True)
    change(case, isolated, leader, ground=BedGround.ISOLATE, reason="开放性肺结核，医师意见")
    client.force_login(make.officer("intake_officer", facility))

    page = client.get(case.get_absolute_url(), {"tab": tab}).content.decode()

    assert "调整床位" in page
    assert re.search(r">\s*(解除)?隔离\s*<", page) is None


def test_a_minor_is_due_elsewhere_on_his_eighteenth_birthday(youth, leader):
    with standing_at(make.at(2026, 12, 1)):
        due = Deadline.objects.get(case=youth, clock=clocks.OF_AGE)
        assert due.due_at == end_of(BIRTHDAY)
        assert (due.owed_by, due.opened_at) == ("zone_officer", start_of(BIRTHDAY))
        beds = selectors.other_beds(youth, on=clock.today())
        assert {bed.room.for_minors for bed in beds} == {False}

        change(youth, beds[0], leader, ground=BedGround.OF_AGE, at=make.at(2026, 12, 1))

    assert not Deadline.objects.filter(case=youth, clock=clocks.OF_AGE).exists()
    assert deadlines.refresh([youth]).mended == 0


def test_another_unit_of_the_zone_is_given_by_a_leader(facility, leader):
    crew = zones_make.Crew(facility)
    case = zones_make.walked_to(make.case(facility), Stage.CONSOLIDATION, crew)
    other = facility.units.filter(zone=case.zone).exclude(pk=case.unit_id).get()
    officer = make.officer("zone_officer", case.unit)
    bed = make.free_bed(other)

    with pytest.raises(Refused, match=f"改住{other.name}须由大队领导或者所领导办理"):
        change(case, bed, officer, at=LATER)
    change(case, bed, leader, at=LATER)

    case.refresh_from_db()
    assert case.unit == other
    told = Notice.objects.get(case=case, clock=Event.Kind.PLACED)
    assert (told.role.code, told.unit) == ("zone_officer", other)


def test_rooms_of_those_he_is_kept_apart_from_are_not_offered(case, facility, leader):
    other = make.case(facility)
    apart.keep_apart(
        case=case, other=other, kind="conflict", distance="room", reason="斗殴", until=None,
        by=leader, at=make.NOON,
    )  # fmt: skip
    barred = lies_in(other).room

    assert barred not in {bed.room for bed in selectors.other_beds(case, on=clock.today())}


WELL = {
    "in_facility": True, "status_label": "所外就医", "on_the_way": False, "in_zone": True,
    "other_unit": "", "by_leader": False, "isolated": False, "isolation": None, "reason": "维修",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"in_facility": False}, "此人所外就医，不在所内，不能调整床位"),
        ({"on_the_way": True}, "此人正在转区途中，请先签收、撤回或者退回转区"),
        ({"in_zone": False}, "床位 101-1 不在教育适应区，请另选“改住床位”；转区另行提请"),
        ({"other_unit": "二大队"}, "改住二大队须由大队领导或者所领导办理"),
        ({"isolated": True, "isolation": True}, "此人已在隔离，请改选“原因”"),
        ({"isolation": False}, "此人现在不是隔离人员，请改选“原因”"),
        ({"reason": "  "}, "“说明”不能为空，请填写"),
    ],
)
def test_a_bed_is_not_changed_so(changed, said):
    found = bed_change_obstacles(BedChange(**WELL | changed), bed="101-1", zone="教育适应区")

    assert [one.message for one in found] == [said]


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"other_unit": "二大队", "by_leader": True},
        {"isolation": True},
        {"isolated": True, "isolation": False},
    ],
)
def test_a_bed_is_changed_so(changed):
    assert bed_change_obstacles(BedChange(**WELL | changed), bed="101-1", zone="教育适应区") == ()


def test_the_page_says_why_he_may_not_stay_and_offers_what_fits(youth, client, leader):
    client.force_login(leader)
    url = reverse("zones:bed-change", args=[youth.number])
    with standing_at(make.at(2026, 12, 1)):
        shown = client.get(url).content.decode()
        assert "在未成年人房间，须改住" in shown
        assert '<option value="of_age" selected>' in shown
        bed = selectors.other_beds(youth, on=clock.today())[0]

        refused = client.post(url, {"ground": "isolate", "bed": str(bed.pk), "reason": "医师意见"})
        assert refused.status_code == 422
        assert "普通房间" in refused.content.decode()
        sent = {"ground": "of_age", "bed": str(bed.pk), "reason": "已满十八周岁"}
        assert client.post(url, sent).status_code == 302

    assert lies_in(youth) == bed


def test_nowhere_to_lie_is_said(case, client, leader):
    for room in case.zone.units.get().rooms.all():
        room.beds.free().update(closed_at=make.NOON, closed_for="维修")
    client.force_login(leader)

    shown = client.get(reverse("zones:bed-change", args=[case.number])).content.decode()

    assert "没有可供此人改住的空床（性别、年龄、分开管理），请先开设或者腾出床位" in shown
    assert Case.objects.get(pk=case.pk).zone == case.zone


def test_the_physicians_read_of_it_as_isolation_and_find_it_on_their_list(
    client, case, leader, facility
):
    others = make.case(facility)
    isolated = make.free_bed(case.unit, isolation=True)
    client.force_login(make.officer("clinician", facility))
    url = reverse("centers:medical-list")

    def listed(choice):
        return [row.pk for row in client.get(url, {"isolation": choice}).context["list"].rows]

    change(case, isolated, leader, ground=BedGround.ISOLATE, reason="开放性肺结核，医师意见")
    notices = client.get(reverse("reporting:notice-list")).content.decode()
    during = client.get(url, {"isolation": "now"}).content.decode()
    assert ">隔离<" in notices.replace(" ", "").replace("\n", "")
    assert "隔离中" in during
    assert "2026-11-21 12:00 起" in during
    assert (listed("now"), listed("over")) == ([case.pk], [])

    change(
        case, make.free_bed(case.unit), leader, ground=BedGround.ISOLATED_NO_MORE,
        at=make.at(2026, 12, 2),
    )  # fmt: skip

    assert (listed("now"), listed("over")) == ([], [case.pk])
    assert set(listed("")) == {case.pk, others.pk}
    assert "2026-12-02" in client.get(url, {"isolation": "over"}).content.decode()

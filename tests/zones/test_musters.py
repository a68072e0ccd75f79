"""点名 as it is recorded: the list frozen, exceptions told, one of a kind and day, corrected by another."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case, Event, Notice
from rehab.refusal import Refused
from rehab.states import CaseStatus, Stage
from tests.factories import absences as absences_make
from tests.factories import rehab as make
from tests.factories import transfers as road
from tests.factories import zones as zones_make
from tests.factories.transfers import Sides
from zones import actions
from zones.actions import Missing
from zones.models import Muster, MusterLine
from zones.rules import musters as rules
from zones.rules.musters import Missed
from zones.selectors import musters

EVENING = make.at(2026, 11, 21, 20, 30)
UNKNOWN, CLINIC = Missing("unknown"), Missing("clinic")
SHEET = reverse("zones:muster-create")
LIST = reverse("zones:muster-list")


@pytest.fixture
def unit(crew):
    return crew.unit(Stage.DETOX)


@pytest.fixture
def officer(crew):
    return crew.officer(Stage.DETOX)


@pytest.fixture
def house(facility, crew):
    """One of each: in bed, proposed, on the way out, on leave."""
    leader = make.officer("facility_leader", facility)
    away = zones_make.ready(facility)
    return {
        "in bed": zones_make.ready(facility),
        "proposed": zones_make.proposed(zones_make.ready(facility), crew).case,
        "on the way": zones_make.in_transit(zones_make.ready(facility), crew).case,
        "on leave": actions.grant_leave(case=away, approval="示例", by=leader, at=make.NOON),
    }


def told(role):
    return set(Notice.objects.filter(role=role).values_list("case", "clock"))


# Rules ----


@pytest.mark.parametrize(
    ("hour", "minute", "said"),
    [
        pytest.param(7, 59, [], id="早点名时间未过"),
        pytest.param(8, 0, ["morning"], id="早点名时间已过"),
        pytest.param(20, 59, ["morning"], id="晚点名时间未过"),
        pytest.param(21, 0, ["evening", "morning"], id="两次都过"),
    ],
)
def test_missed_today(hour, minute, said):
    at = make.at(2026, 11, 21, hour, minute)

    assert [one.kind for one in rules.missed([], since=None, at=at)] == said
    assert rules.missed([(at.date(), kind) for kind in said], since=None, at=at) == ()


def test_missed_says_what_was_not_recorded_since_the_unit_began():
    at, day = make.at(2026, 11, 21, 7), make.NOON.date()
    before = day - timedelta(days=1)

    assert rules.missed([(before, "morning")], since=before, at=at) == (Missed(before, "evening"),)
    assert Missed(before, "evening").label == "晚点名"
    long_ago = day - timedelta(days=90)
    assert len(rules.missed([], since=long_ago, at=at)) == 2 * rules.LOOKED_BACK.days


@pytest.mark.parametrize(
    ("kind", "hour", "refused"),
    [("morning", 7, False), ("morning", 13, False), ("evening", 11, True), ("evening", 12, False)],
)
def test_the_evening_roll_is_not_called_in_the_morning(kind, hour, refused):
    found = rules.recording_obstacles(kind, at=make.at(2026, 11, 21, hour), former=None, reason="")

    assert ("晚点名在 12:00 以后记录" in "".join(map(str, found))) == refused


def test_kind_at():
    assert rules.kind_at(make.at(2026, 11, 21, 11, 59)) == "morning"
    assert rules.kind_at(make.NOON) == "evening"


# The act ----


def test_record_muster(house, unit, officer):
    missing = {house["in bed"]: Missing("other", " 在值班室 ")}

    muster = zones_make.mustered(unit, officer, missing=missing)

    counted = (muster.expected, muster.present, muster.out, muster.in_transit, muster.absent)
    assert counted == (4, 1, 1, 1, 1)
    assert (muster.on, muster.called_at, muster.by) == (make.NOON.date(), make.NOON, officer)
    lines = {line.case: line for line in muster.lines.all()}
    said = {
        name: (lines[case].standing, lines[case].today, lines[case].absence)
        for name, case in house.items()
    }
    assert said == {
        "in bed": ("present", "", "other"),
        "proposed": ("present", "moving", ""),
        "on the way": ("in_transit", "", ""),
        "on leave": ("out", "", ""),
    }
    assert lines[house["in bed"]].note == "在值班室"
    assert lines[house["on leave"]].status == CaseStatus.MEDICAL_LEAVE
    assert (lines[house["proposed"]].room, lines[house["on leave"]].room) == ("101", "")
    event = Event.objects.get(kind=Event.Kind.MUSTERED)
    assert event.facts["muster"] == str(muster.pk)
    assert house["in bed"].events.filter(kind=Event.Kind.ABSENT_AT_MUSTER).count() == 1
    assert not Notice.objects.filter(clock=Event.Kind.ABSENT_AT_MUSTER).exists()


def test_who_is_at_a_hospital_is_out_and_keeps_his_bed(case, unit, officer):
    absences_make.out(case, "hospital", by=officer)

    muster = zones_make.mustered(unit, officer, missing={case: UNKNOWN}, at=EVENING)

    line = muster.lines.get()
    assert (muster.expected, muster.out, muster.absent) == (1, 1, 0)
    assert (line.standing, line.away, line.room, line.bed) == ("out", "hospital", "101", "1")
    assert line.out_label == "离所就医"
    (one,) = musters.expected(officer, unit, at=EVENING)
    assert (one.out_label, one.since) == ("离所就医", make.NOON)


def test_who_leaves_today_is_said(case, unit, officer):
    Case.objects.filter(pk=case.pk).update(ends_on=make.NOON.date(), alarm_on=make.NOON.date())

    assert zones_make.mustered(unit, officer).lines.get().today == "leaving"


def test_who_escaped_is_not_expected(case, unit, officer):
    Case.objects.filter(pk=case.pk).update(status=CaseStatus.ESCAPED)

    assert zones_make.mustered(unit, officer).expected == 0


def test_an_unexplained_absence_tells_the_leaders_at_once(facility, case, unit, officer):
    other = zones_make.ready(facility)

    muster = zones_make.mustered(unit, officer, missing={case: UNKNOWN, other: CLINIC})

    alarm = {(case.pk, Event.Kind.ABSENT_AT_MUSTER)}
    assert told("zone_leader") >= alarm
    assert told("facility_leader") == alarm
    assert muster.absent == 2
    assert Notice.objects.filter(clock=Event.Kind.ABSENT_AT_MUSTER, case=other).count() == 0
    (notice,) = Notice.objects.filter(role="zone_leader", clock=Event.Kind.ABSENT_AT_MUSTER)
    assert notice.unit == unit


def test_the_alarm_opens_the_persons_file(client, facility, case, unit, officer):
    zones_make.mustered(unit, officer, missing={case: UNKNOWN})

    for leader in (make.officer("facility_leader", facility), make.officer("zone_leader", unit)):
        client.force_login(leader)
        page = client.get(reverse("reporting:notice-list")).content.decode()
        assert "点名不在场，原因不明" in page
        assert f'href="{case.get_absolute_url()}"' in page


def test_a_second_one_of_the_day_says_why(case, unit, officer):
    first = zones_make.mustered(unit, officer)

    with pytest.raises(Refused, match=r"今日早点名已由.*记录；确需再点一次的"):
        zones_make.mustered(unit, officer)
    second = zones_make.mustered(unit, officer, reason="夜间有人报警，重新点名")
    evening = zones_make.mustered(unit, officer, kind="evening")

    assert set(Muster.objects.all()) == {first, second, evening}


def test_the_database_keeps_one_of_a_kind_and_day(case, unit, officer):
    first = zones_make.mustered(unit, officer)

    again = Muster(
        facility=first.facility, unit=unit, kind="morning", on=first.on, called_at=make.NOON,
        recorded_at=make.NOON, by=officer, expected=0, present=0, out=0, in_transit=0, absent=0,
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="another_muster_of_a_kind"), transaction.atomic():
        again.save(force_insert=True)
    again.reason, again.expected = "示例", 1
    with pytest.raises(DatabaseError, match="muster_adds_up"), transaction.atomic():
        again.save(force_insert=True)


@pytest.mark.parametrize("model", [Muster, MusterLine])
def test_what_was_recorded_is_not_changed(model, case, unit, officer):
    zones_make.mustered(unit, officer)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(id=None)


def test_a_list_that_changed_meanwhile_is_not_signed(facility, case, unit, officer):
    looked_at = [one.token for one in musters.expected(officer, unit, at=make.NOON)]
    leader = make.officer("facility_leader", facility)
    came = zones_make.ready(facility)
    actions.grant_leave(case=case, approval="示例", by=leader, at=make.NOON)

    def record(seen):
        actions.record_muster(
            unit=unit, kind="morning", absences={}, seen=seen, reason="", by=officer, at=make.NOON
        )

    with pytest.raises(Refused, match=f"新增或者变动 {came.person}、{case.person}"):
        record(looked_at)
    now = [one.token for one in musters.expected(officer, unit, at=make.NOON)]
    with pytest.raises(Refused, match="减少 1 人"):
        record([*now, "T01-2026-9999:present"])
    assert not Muster.objects.exists()
    assert not Event.objects.filter(kind=Event.Kind.MUSTERED).exists()


def test_other_must_be_explained(case, unit, officer):
    with pytest.raises(Refused, match="选了“其他”，请写明情况"):
        zones_make.mustered(unit, officer, missing={case: Missing("other")})

    assert not Muster.objects.exists()


# Corrections ----


def correct(muster, by, missing=None, *, reason="核对后更正", at=EVENING):
    absences = {case.pk: why for case, why in (missing or {}).items()}
    return actions.correct_muster(muster=muster, absences=absences, reason=reason, by=by, at=at)


def test_correct_muster(facility, case, unit, officer):
    other = zones_make.ready(facility)
    first = zones_make.mustered(unit, officer, missing={case: UNKNOWN})

    corrected = correct(first, officer, {other: UNKNOWN})

    assert (corrected.corrects, corrected.absent, corrected.present) == (first, 1, 1)
    assert (corrected.called_at, corrected.recorded_at) == (make.NOON, EVENING)
    assert list(Muster.objects.standing()) == [corrected]
    assert first.lines.get(case=case).absence == "unknown"
    event = Event.objects.get(facts__muster=str(corrected.pk), case=None)
    assert event.corrects.facts["muster"] == str(first.pk)
    mine = case.events.get(kind=Event.Kind.ABSENCE_CORRECTED)
    assert mine.corrects == case.events.get(kind=Event.Kind.ABSENT_AT_MUSTER)
    assert (case.pk, Event.Kind.ABSENCE_CORRECTED) in told("facility_leader")
    assert (other.pk, Event.Kind.ABSENT_AT_MUSTER) in told("facility_leader")
    assert (other.pk, Event.Kind.ABSENCE_CORRECTED) not in told("facility_leader")


def test_a_correction_keeps_who_left_for_another_facility(client, facility, unit, officer):
    """As he was recorded, though his file is out of sight; the page counts him and does not name him."""
    with scope.within(make.EVERYTHING):
        gone, stays = (zones_make.ready(facility) for _ in range(2))
        sides = Sides(facility, make.facility("T02"))
        first = zones_make.mustered(unit, officer, missing={gone: UNKNOWN, stays: CLINIC})
        road.received(gone, sides)
    with scope.within(zones_make.seen_by(officer)):
        corrected = correct(first, officer, {})
        assert [line.case for line in corrected.lines.all()] == [stays]

    assert (corrected.expected, corrected.absent, corrected.present) == (2, 1, 1)
    with scope.within(make.EVERYTHING):
        assert corrected.lines.get(case=gone).absence == "unknown"
    client.force_login(officer)
    page = client.get(corrected.get_absolute_url()).content.decode()
    assert "1 人已不在本岗位查阅范围，不列姓名" in page
    assert gone.number not in page


def test_the_reason_alone_is_corrected_without_alarm(case, unit, officer):
    first = zones_make.mustered(unit, officer, missing={case: CLINIC})

    corrected = correct(first, officer, {case: Missing("hospital", "转市医院")})

    assert corrected.lines.get().note == "转市医院"
    assert told("facility_leader") == set()


def test_a_correction_is_corrected_and_its_former_is_not(case, unit, officer):
    first = zones_make.mustered(unit, officer)
    second = correct(first, officer, {case: CLINIC})

    with pytest.raises(Refused, match="请在最新的一次上更正"):
        correct(first, officer, {case: UNKNOWN})
    third = correct(second, officer)

    assert list(Muster.objects.standing()) == [third]


@pytest.mark.parametrize(
    ("missing", "reason", "said"),
    [
        (None, "核对后更正", "没有改动任何人"),
        (Missing("clinic"), " ", "“更正的理由”不能为空"),
        (Missing("other"), "核对后更正", "选了“其他”，请写明情况"),
    ],
)
def test_correct_muster_refused(missing, reason, said, case, unit, officer):
    first = zones_make.mustered(unit, officer)

    with pytest.raises(Refused, match=said):
        correct(first, officer, {case: missing} if missing else {}, reason=reason)

    assert Muster.objects.get() == first


def test_who_is_out_cannot_be_missing(house, unit, officer):
    muster = zones_make.mustered(unit, officer, missing={house["on leave"]: CLINIC})

    assert (muster.out, muster.absent) == (1, 0)


# What is read ----


def test_musters_are_of_the_own_unit_or_the_facility(facility, case, crew, unit, officer):
    mine = zones_make.mustered(unit, officer)
    other = zones_make.mustered(
        crew.unit(Stage.ADAPTATION), crew.officer(Stage.ADAPTATION), kind="evening"
    )
    stranger = make.officer("facility_leader", make.facility("T02"))

    assert list(musters.musters(officer)) == [mine]
    assert set(musters.musters(make.officer("facility_leader", facility))) == {mine, other}
    assert list(musters.musters(stranger)) == []
    assert list(musters.musters(make.officer("bureau_viewer", facility.province))) == []
    officer.posting = None
    assert list(musters.musters(officer)) == []


def test_the_fence_keeps_them_in_the_facility(case, unit, officer):
    zones_make.mustered(unit, officer)
    stranger = make.officer("facility_leader", make.facility("T02"))

    with scope.within(zones_make.seen_by(officer)):
        assert (Muster.objects.count(), MusterLine.objects.count()) == (1, 1)
    with scope.within(zones_make.seen_by(stranger)):
        assert (Muster.objects.count(), MusterLine.objects.count()) == (0, 0)


def test_musters_by_filter(case, unit, officer):
    morning = zones_make.mustered(unit, officer)
    evening = zones_make.mustered(unit, officer, kind="evening", missing={case: CLINIC}, at=EVENING)
    day, key = make.NOON.date(), unit.pk
    next_day = day + timedelta(days=1)

    assert list(musters.musters(officer, unit=key)) == [evening, morning]
    assert list(musters.musters(officer, kind="morning", first=day, last=day)) == [morning]
    assert list(musters.musters(officer, absent=True)) == [evening]
    assert list(musters.musters(officer, first=next_day)) == []
    assert list(musters.musters(officer, last=day - timedelta(days=1))) == []


def test_missed_of_units(case, unit, officer, crew):
    other = crew.unit(Stage.ADAPTATION)
    zones_make.mustered(unit, officer, at=make.NOON - timedelta(days=1))
    leader = make.officer("facility_leader", unit.facility)
    day = make.NOON.date()

    found = musters.missed(leader, [unit, other], at=make.NOON)

    assert found.today == ((unit, Missed(day, "morning")), (other, Missed(day, "morning")))
    assert found.before == ((unit, Missed(day - timedelta(days=1), "evening")),)


# Pages ----


def sent(page, **changed):
    return {
        "kind": "morning", "reason": "", "seen": page.context["seen"],
        **{
            name: ""
            for name in page.context["form"].fields
            if name.startswith(("absence_", "note_"))
        },
    } | changed  # fmt: skip


def test_muster_create(client, house, officer, unit):
    client.force_login(officer)
    page = client.get(SHEET)
    for case in house.values():
        assert case.person.name in page.content.decode()
    case = house["in bed"]

    done = client.post(SHEET, sent(page, **{f"absence_{case.number}": "unknown"}))

    muster = Muster.objects.get()
    assert (done.status_code, done.url) == (302, muster.get_absolute_url())
    assert (muster.absent, muster.lines.get(case=case).absence) == (1, "unknown")
    detail = client.get(done.url).content.decode()
    assert "原因不明的已告知大队长和所领导" in detail
    assert detail.index("101 · 3 人") < detail.index("离所 · 1 人")
    assert f'href="{case.get_absolute_url()}"' in detail
    assert "早点名" in client.get(SHEET).content.decode()


def test_muster_create_without_exceptions_is_two_clicks(client, case, officer):
    """One on the home, one on the sheet; everything else stands ready."""
    client.force_login(officer)
    home = client.get(reverse("zones:roll-detail"), headers={"HX-Request": "true"})
    assert f'href="{SHEET}"' in home.content.decode()
    page = client.get(SHEET)

    client.post(SHEET, sent(page, kind=page.context["form"]["kind"].value()))

    assert Muster.objects.get().present == 1


@pytest.mark.parametrize(
    ("absence", "note", "said"),
    [
        ("other", "", "的说明”不能为空：选了“其他”"),
        ("", "在值班室", "选的是在场，却写了说明"),
        ("gone", "", "不在可选范围内"),
    ],
)
def test_muster_create_refused(absence, note, said, client, case, officer):
    client.force_login(officer)
    page = client.get(SHEET)
    number = case.number

    answer = client.post(
        SHEET, sent(page, **{f"absence_{number}": absence, f"note_{number}": note})
    )

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Muster.objects.exists()


def test_muster_create_again_asks_for_the_reason(client, case, unit, officer):
    client.force_login(officer)
    page = client.get(SHEET)
    assert "再次点名的理由" not in page.content.decode()
    zones_make.mustered(unit, officer)

    refused = client.post(SHEET, sent(page), headers={"HX-Request": "true"})

    assert refused.status_code == 422
    assert "再次点名的理由" in refused.content.decode()
    assert "<html" not in refused.content.decode()


def test_muster_create_says_who_came_meanwhile(client, facility, case, officer):
    client.force_login(officer)
    page = client.get(SHEET)
    came = zones_make.ready(facility)

    refused = client.post(SHEET, sent(page, **{f"absence_{case.number}": "clinic"}))

    assert refused.status_code == 422
    assert f"新增或者变动 {came.person}" in refused.content.decode()
    assert '<option value="clinic" selected>' in refused.content.decode()
    again = client.post(SHEET, sent(refused, **{f"absence_{case.number}": "clinic"}))
    assert again.status_code == 302


def test_muster_create_without_a_unit(client, db, at_noon, facility):
    officer = make.officer("zone_officer", facility)
    for unit in facility.units.all():
        unit.closed_at = make.NOON
        unit.save()
    client.force_login(officer)

    assert "没有可以点名的大队" in client.get(SHEET).content.decode()
    refused = client.post(SHEET, {"kind": "morning", "reason": ""})
    assert refused.status_code == 422
    assert "本岗位没有可以点名的大队" in refused.content.decode()


def test_muster_correct(client, facility, case, crew, officer, unit):
    moved = zones_make.ready(facility)
    first = zones_make.mustered(unit, officer, missing={case: UNKNOWN, moved: CLINIC})
    zones_make.received(moved, crew)
    client.force_login(officer)
    url = reverse("zones:muster-correct", args=[first.pk])
    page = client.get(url).content.decode()
    assert case.person.name in page
    assert moved.person.name not in page

    body = {f"absence_{case.number}": "", f"note_{case.number}": ""}
    refused = client.post(url, body | {"reason": ""})
    done = client.post(url, body | {"reason": "在医务室，班组长已核实"})

    corrected = Muster.objects.get(corrects=first)
    assert refused.status_code == 422
    assert (done.status_code, done.url) == (302, corrected.get_absolute_url())
    assert corrected.lines.get(case=moved).absence == "clinic"
    assert corrected.absent == 1
    former = client.get(first.get_absolute_url()).content.decode()
    assert "这次点名已更正" in former
    assert moved.person.name not in former
    assert "1 人已不在本岗位查阅范围" in former
    unchanged = client.post(
        reverse("zones:muster-correct", args=[corrected.pk]), body | {"reason": "示例"}
    )
    assert unchanged.status_code == 422


def test_muster_pages_are_of_the_own_unit(client, facility, case, crew, unit, officer):
    muster = zones_make.mustered(unit, officer)
    client.force_login(crew.officer(Stage.ADAPTATION))
    assert client.get(muster.get_absolute_url()).status_code == 404
    client.force_login(make.officer("educator", facility))
    assert client.get(muster.get_absolute_url()).status_code == 403
    client.force_login(make.officer("facility_leader", facility))
    assert client.get(muster.get_absolute_url()).status_code == 200
    assert client.get(SHEET).status_code == 403


def test_muster_list(client, case, unit, officer):
    zones_make.mustered(unit, officer)
    client.force_login(officer)

    page = client.get(LIST, {"kind": "morning"}).content.decode()
    assert unit.name in page
    assert "没有符合条件的点名记录" in client.get(LIST, {"absent": "yes"}).content.decode()
    assert client.get(LIST, {"first": "昨天"}).status_code == 422


def test_the_home_says_what_was_not_recorded(client, case, unit, officer):
    client.force_login(officer)
    home = reverse("zones:roll-detail")
    fragment = {"HX-Request": "true"}

    with standing_at(EVENING + timedelta(hours=1)):
        page = client.get(home, headers=fragment).content.decode()
        assert "晚点名未记录" in page
        assert "早点名未记录" in page
        zones_make.mustered(unit, officer, kind="evening", at=EVENING)
        page = client.get(home, headers=fragment).content.decode()
    assert "晚点名未记录" not in page
    assert "已记录" in page


def test_the_roll_says_nothing_of_records_to_others(client, facility, case, unit, officer):
    zones_make.mustered(unit, officer, missing={case: UNKNOWN})
    client.force_login(make.officer("educator", facility))

    page = client.get(reverse("zones:roll-detail")).content.decode()

    assert "点名记录" not in page

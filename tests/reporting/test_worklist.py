"""工作台: what a post owes, in the order of the law's clock, and figures that open what they count."""

from datetime import timedelta

import pytest
from django.urls import reverse

from rehab import acts, scope
from rehab.models import Case, Deadline, Notice
from rehab.rules.days import end_of
from rehab.states import CaseStatus, Stage
from reporting.selectors import worklist
from tests.factories import centers
from tests.factories import rehab as make
from tests.factories import zones as moving
from zones import actions

pytestmark = pytest.mark.django_db

HOME = "/"
TODAY = make.NOON.date()


@pytest.fixture
def facility(noon):
    return make.facility()


def owe(case, *, days: int, clock="term.expiry", owed_by="intake_officer", opens: int = -100):
    """A deadline so many days from today, in place of those the case has."""
    Deadline.objects.filter(case=case).delete()
    return Deadline.objects.create(
        case=case,
        facility=case.facility,
        clock=clock,
        cycle="test",
        opened_at=make.NOON + timedelta(days=opens),
        due_at=end_of(TODAY + timedelta(days=days)),
        article="RELEASE_ON_EXPIRY" if clock == "term.expiry" else "",
        owed_by=owed_by,
    )


def test_groups_by_the_laws_clock(noon, signed_in):
    facility = make.facility(beds=5)
    for days in (-2, 0, 3, 20, 31):
        owe(make.case(facility), days=days)

    answer = signed_in(make.officer("intake_officer", facility)).get(HOME)

    assert [(group.label, group.count) for group in answer.context["groups"]] == [
        ("逾期", 1),
        ("今天", 1),
        ("7 天内", 1),
        ("30 天内", 1),
    ]


def test_one_line_says_all(facility, signed_in):
    case = make.case(facility)
    owe(case, days=0)

    answer = signed_in(make.officer("intake_officer", facility)).get(HOME)

    (todo,) = answer.context["groups"][0].todos
    assert (todo.act, todo.number, todo.person) == ("期满解除", case.number, case.person.name)
    assert (todo.stage, todo.button) == (Stage.DETOX, "办理解除")
    assert todo.article.number == "第五十八条"
    assert todo.url == reverse("aftercare:release-detail", args=[case.number])
    assert todo.url in answer.content.decode()


def test_who_may_not_open_the_page_of_an_act_is_shown_the_case(facility):
    case = make.case(facility)
    owe(case, days=0, owed_by="trainer")
    trainer = make.officer("trainer", facility)

    (todo,) = worklist.todos(trainer, at=make.NOON)

    assert acts.address(trainer, "aftercare:release-detail", case.number) is None
    assert (todo.button, todo.url) == ("查看", case.get_absolute_url())


def test_address_of_a_page_that_is_not_there(facility):
    assert acts.address(make.officer("trainer", facility), "no:such-page", "X") is None


def test_what_opens_later_says_from_when(facility):
    owe(make.case(facility), days=20, opens=10)

    (todo,) = worklist.todos(make.officer("intake_officer", facility), at=make.NOON)

    assert todo.opens_on == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        pytest.param("intake_officer", ["期满解除"], id="责任岗位"),
        pytest.param("assessor", [], id="别的岗位"),
    ],
)
def test_only_the_owing_post(role, labels, facility):
    owe(make.case(facility), days=3)

    todos = worklist.todos(make.officer(role, facility), at=make.NOON)

    assert [todo.act for todo in todos] == labels


@pytest.mark.parametrize(
    ("clock", "basis"),
    [("zones.move", "分区流转规则"), ("centers.told", "告知时限，未经确认")],
)
def test_only_the_owing_brigade(clock, basis, facility):
    case = make.case(facility)
    owe(case, days=3, clock=clock, owed_by="zone_officer")
    here = make.officer("zone_officer", make.unit(facility, Stage.DETOX))
    elsewhere = make.officer("zone_officer", make.unit(facility, Stage.REENTRY))

    (todo,) = worklist.todos(here, at=make.NOON)

    assert (todo.article, todo.basis) == (None, basis)
    assert worklist.todos(elsewhere, at=make.NOON) == []


def acts_of(client):
    return [
        (todo.act, todo.number)
        for group in client.get(HOME).context["groups"]
        for todo in group.todos
    ]


def test_somebody_on_the_way_is_due_where_he_is_received(facility, signed_in):
    moving.set_rules(facility.province)
    crew = moving.Crew(facility)
    case, stays = moving.ready(facility), moving.ready(facility)
    number = case.number
    sending = signed_in(make.officer("zone_officer", crew.unit(Stage.DETOX)))
    receiving = signed_in(make.officer("zone_officer", crew.unit(Stage.ADAPTATION)))
    file = reverse("reporting:case-detail", args=[number])
    for one in (case, stays):
        centers.told(one, make.officer("zone_officer", one.unit), at=make.NOON)

    before = acts_of(sending), acts_of(receiving), receiving.get(file).status_code
    move = moving.in_transit(case, crew)
    under_way = acts_of(sending), acts_of(receiving), receiving.get(file).status_code
    other_file = receiving.get(reverse("reporting:case-detail", args=[stays.number]))
    actions.return_zone_move(
        move=move, reason="缓转", by=crew.leader(Stage.DETOX), at=make.NOON + timedelta(hours=1)
    )
    after = acts_of(sending), acts_of(receiving), receiving.get(file).status_code

    due = ("转入下一区", stays.number)
    assert before == ([("转入下一区", number), due], [], 404)
    assert under_way == ([due], [("转区待交接", number)], 200)
    assert other_file.status_code == 404
    assert after == ([("转入下一区", number), due], [], 404)


def test_who_receives_reads_the_deadline_and_no_other_facility_does(facility):
    moving.set_rules(facility.province)
    crew = moving.Crew(facility)
    case = moving.ready(facility)
    moving.in_transit(case, crew)
    elsewhere = make.facility("T09")
    here = make.officer("zone_officer", crew.unit(Stage.ADAPTATION))
    there = make.officer("zone_officer", make.unit(elsewhere, Stage.ADAPTATION))

    seen = {}
    for user in (here, there):
        with scope.within(moving.seen_by(user)):
            owed = Deadline.objects.open().owed_by(user).filter(case=case)
            people = Case.objects.visible_to(user).values_list("person__name", flat=True)
            seen[user] = [one.clock for one in owed], list(people)

    assert seen == {here: (["zones.receipt"], [case.person.name]), there: ([], [])}


def test_the_receiving_brigade_is_reminded_of_whom_it_receives(facility):
    moving.set_rules(facility.province)
    crew = moving.Crew(facility)
    moving.in_transit(moving.ready(facility), crew)

    reminded = Notice.objects.filter(clock="zones.receipt").values_list("kind", "unit")

    assert list(reminded) == [("due", crew.unit(Stage.ADAPTATION).pk)]


@pytest.mark.parametrize("role", ["facility_leader", "bureau_viewer", "ministry_viewer"])
def test_supervisors_see_what_others_owe_and_is_late_or_near(role, facility):
    for days in (-2, 0, 7, 8):
        owe(make.case(facility), days=days)
    place = {
        "facility_leader": facility,
        "bureau_viewer": facility.province,
        "ministry_viewer": facility.province.parent,
    }[role]

    todos = worklist.todos(make.officer(role, place), at=make.NOON)

    assert [(todo.due_at.date() - TODAY).days for todo in todos] == [-2, 0, 7]
    assert {todo.button for todo in todos} == {"查看"}
    assert all(todo.url for todo in todos)
    assert not any(todo.mine for todo in todos)


def test_names_are_masked_above_the_facility(facility):
    owe(make.case(facility), days=0)

    (todo,) = worklist.todos(make.officer("bureau_viewer", facility.province), at=make.NOON)

    assert todo.person.startswith("示*")


def test_tabs_and_zones_filter(facility, signed_in):
    owe(make.case(facility), days=1)
    client = signed_in(make.officer("intake_officer", facility))

    every = client.get(HOME).context["tabs"]
    release = client.get(HOME, {"category": "release"}).context["page"].paginator.count
    move = client.get(HOME, {"category": "move"})
    elsewhere = client.get(HOME, {"stage": "04"}).context["page"].paginator.count

    assert [(tab["label"], tab["count"]) for tab in every] == [("全部", 1), ("解除", 1)]
    assert (release, move.context["page"].paginator.count, elsewhere) == (1, 0, 0)
    assert ("流转", 0) in [(tab["label"], tab["count"]) for tab in move.context["tabs"]]
    assert "没有待办" in move.content.decode()


@pytest.mark.parametrize("wrong", [{"stage": "99"}, {"category": "\0"}, {"page": "x"}])
def test_filters_that_mean_nothing_filter_nothing(wrong, facility, signed_in):
    owe(make.case(facility), days=1)

    answer = signed_in(make.officer("intake_officer", facility)).get(HOME, wrong)

    assert answer.status_code == 200
    assert answer.context["page"].paginator.count == 1


def test_pages_of_fifty(facility, signed_in):
    case = make.case(facility)
    first = owe(case, days=1)
    for n in range(60):
        first.pk, first.cycle, first._state.adding = None, str(n), True
        first.id = type(first)().id
        first.save(force_insert=True)

    client = signed_in(make.officer("intake_officer", facility))
    pages = [client.get(HOME, {"page": page}).context["groups"] for page in (1, 2)]

    assert [len(groups[0].todos) for groups in pages] == [50, 11]
    assert {groups[0].count for groups in pages} == {61}


def test_tiles_count_what_their_lists_show(facility, signed_in):
    for _ in range(2):
        make.case(facility)
    away = make.case(facility)
    away.status = CaseStatus.MEDICAL_LEAVE
    away.save()
    client = signed_in(make.officer("facility_leader", facility))

    tiles = client.get(HOME).context["tiles"]

    assert [tile.count for tile in tiles] == [2, 0, 0, 0]
    assert [tile.capacity for tile in tiles] == [11, 11, 22, 11]
    assert {tile.scope for tile in tiles} == {"全所"}
    for tile in tiles:
        assert client.get(tile.url).context["page"].paginator.count == tile.count


def test_tile_of_a_brigade_is_its_own(facility, signed_in):
    make.case(facility)
    client = signed_in(make.officer("zone_officer", make.unit(facility, Stage.DETOX)))

    (tile,) = client.get(HOME).context["tiles"]

    assert (tile.stage, tile.count, tile.capacity, tile.scope) == (Stage.DETOX, 1, 11, "我的大队")
    assert client.get(tile.url).context["page"].paginator.count == 1


def test_tiles_say_what_is_due_and_late(facility):
    moving.set_rules(facility.province)
    moving.ready(facility)  # due today
    late = moving.ready(facility, entered_at=moving.ENTERED - timedelta(days=1))

    detox, *_ = worklist.tiles(make.officer("facility_leader", facility), at=make.NOON)

    assert Deadline.objects.filter(case=late, clock="zones.move", due_at__lt=make.NOON).exists()
    assert (detox.soon, detox.late) == (1, 1)


@pytest.mark.parametrize("role", ["ministry_viewer", "bureau_viewer"])
def test_tiles_above_the_facility(role, facility):
    make.case(facility)
    make.case(make.facility("T09"))
    place = facility.province if role == "bureau_viewer" else facility.province.parent

    tiles = worklist.tiles(make.officer(role, place), at=make.NOON)

    assert [tile.count for tile in tiles] == [2, 0, 0, 0]
    assert tiles[0].capacity == 22


def test_stations_have_no_tiles_and_no_figures(facility, signed_in):
    answer = signed_in(make.officer("aftercare_worker", make.station())).get(HOME)

    assert answer.context["tiles"] == ()
    assert answer.context["figures"] == {}


def test_figures_open_what_they_count(facility, signed_in):
    make.case(facility)
    late = make.case(facility)
    owe(late, days=-1, clock="intake.family_notice")
    client = signed_in(make.officer("facility_leader", facility))

    answer = client.get(HOME)

    figures = answer.context["figures"]
    assert figures["custody"].count == 2
    assert figures["late:intake.family_notice"].count == 1
    for figure in figures.values():
        assert client.get(figure.url).context["page"].paginator.count == figure.count
    redlines = {line.label: (line.value, line.tone) for line in answer.context["redlines"]}
    assert redlines["书面通知家属逾期"] == ("1 人", "bad")
    assert redlines["超期在所"] == ("0 人", "ok")


def test_who_leaves_next_stands_on_the_page(facility, signed_in):
    case = make.case(
        facility, decision=make.decision_facts(printed_ends_on=TODAY + timedelta(days=5))
    )
    make.case(facility)

    answer = signed_in(make.officer("facility_leader", facility)).get(HOME)

    assert [one.number for one in answer.context["ending"]] == [case.number]


def test_administrators_are_told_that_they_see_no_cases(facility, signed_in):
    make.case(facility)

    answer = signed_in(make.officer("audit_admin", facility.province)).get(HOME)

    assert "本岗位不涉案件" in answer.content.decode()

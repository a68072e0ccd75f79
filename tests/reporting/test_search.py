"""查找: by a character or two, by pinyin and initials, by numbers; in scope, masked, and in no address."""

import pytest
from django.db import connection
from django.test import Client

from rehab import pinyin, scope
from rehab.models import Case, CaseWords, Person
from rehab.states import Stage
from reporting.selectors.search import found, waiting
from tests.factories import aftercare as leaving
from tests.factories import intake as entering
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db

SEARCH = "/search/"
NUMBER = "990100199001010014"
WAITING_NUMBER = "990100199001010012"  # with its check digit, as arrivals ask
TYPING = {"HX-Request": "true"}


@pytest.fixture
def facility(noon):
    return make.facility(beds=8)


def named(facility, name, **changed):
    return make.case(facility, person=make.person_facts(name=name, **changed))


def names(answer) -> list[str]:
    return [case.person.name for case in answer.context["cases"]]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("欧阳示例", id="全名"),
        pytest.param("阳", id="一个字"),
        pytest.param("示例", id="两个字"),
        pytest.param("ouyangshili", id="拼音"),
        pytest.param("Ou Yang", id="拼音有空格"),
        pytest.param("ouy", id="拼音开头"),
        pytest.param("oysl", id="首字母"),
        pytest.param("OYSL", id="首字母大写"),
        pytest.param("ｏｙ", id="全角字母"),
        pytest.param("o", id="一个字母"),
        pytest.param("欧阳示", id="三个字"),
        pytest.param("欧 阳", id="字间有空格"),
        pytest.param("T01-2026-0001", id="编号"),
        pytest.param("t01-2026", id="编号小写"),
        pytest.param("0001", id="编号末尾"),
        pytest.param(NUMBER, id="身份证号"),
        pytest.param("990100 19900101 0014", id="身份证号有空格"),
        pytest.param("９９０１００１９９００１０１００１４", id="全角"),
    ],
)
def test_search(words, facility, signed_in):
    named(facility, "欧阳示例", id_number=NUMBER)

    answer = signed_in(make.officer("trainer", facility)).post(SEARCH, {"q": words})

    assert names(answer) == ["欧阳示例"]


@pytest.mark.parametrize(
    "words",
    [
        "赵", "zhao", "T02", NUMBER[:-1], "990100199001010022", "%", "_", "", "  ", "'\"\\", "{}",
        "阳欧", "欧例", "yang", "sl", "00", "·", "\u200b", "T01%2026",
    ],
)  # fmt: skip
def test_search_finds_nobody(words, facility, signed_in):
    named(facility, "欧阳示例", id_number=NUMBER)

    answer = signed_in(make.officer("trainer", facility)).post(SEARCH, {"q": words})

    assert answer.status_code == 200
    assert names(answer) == []


def test_search_is_within_reach(facility, signed_in):
    named(make.facility("T02"), "欧阳示例", id_number=NUMBER)
    client = signed_in(make.officer("trainer", facility))

    assert names(client.post(SEARCH, {"q": "欧阳"})) == []
    assert names(client.post(SEARCH, {"q": NUMBER})) == []


def test_search_words_stand_in_no_address_and_no_cache(facility, signed_in):
    named(facility, "欧阳示例")

    answer = signed_in(make.officer("trainer", facility)).post(SEARCH, {"q": "欧阳"})

    shown = answer.content.decode()
    assert "q=" not in shown
    assert "no-store" in answer["Cache-Control"]


def test_search_does_not_listen_to_the_address(facility, signed_in):
    named(facility, "欧阳示例")

    answer = signed_in(make.officer("trainer", facility)).get(SEARCH, {"q": "欧阳"})

    assert answer.status_code == 200
    assert names(answer) == []


@pytest.mark.parametrize("words", ["长" * 101, "\0"])
def test_search_refused(words, facility, signed_in):
    answer = signed_in(make.officer("trainer", facility)).post(SEARCH, {"q": words})

    assert answer.status_code == 422
    assert "“查找”" in answer.content.decode()


def test_search_shows_fifty_and_says_so(noon, signed_in):
    facility = make.facility(beds=51)
    for _ in range(51):
        make.case(facility)

    answer = signed_in(make.officer("trainer", facility)).post(SEARCH, {"q": "示例"})

    assert len(answer.context["cases"]) == 50
    assert "只列前面的" in answer.content.decode()


def test_search_is_for_those_who_see_cases(facility, signed_in):
    assert signed_in(make.officer("audit_admin", facility.province)).post(SEARCH).status_code == 403
    assert Client().post(SEARCH).status_code == 302


def test_bureau_finds_masked_names(facility, signed_in):
    named(facility, "欧阳示例")

    answer = signed_in(make.officer("bureau_viewer", facility.province)).post(SEARCH, {"q": "T01"})

    assert "欧***" in answer.content.decode()
    assert "欧阳示例" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("彭敏绍", "pms", id="首字母"),
        pytest.param("彭敏绍", "pengmin", id="拼音开头"),
        pytest.param("单示例", "shan", id="姓的读音"),
        pytest.param("单示例", "dan", id="常用的读音"),
        pytest.param("单示例", "dsl", id="常用读音的首字母"),
        pytest.param("尉迟示例", "yuchi", id="复姓"),
        pytest.param("尉迟示例", "weichi", id="复姓的另一种读音"),
        pytest.param("乐示例", "le", id="两种读音的姓"),
        pytest.param("古丽示例·艾比布力", "示例·艾", id="间隔号"),
        pytest.param("古丽示例·艾比布力", "例艾", id="没有间隔号"),
        pytest.param("古丽示例·艾比布力", "例•艾", id="别的间隔号"),
        pytest.param("古丽示例·艾比布力", "gulishi", id="长名拼音"),
        pytest.param("示𠀀例", "𠀀", id="扩展B区"),
        pytest.param("示𠀀例", "𠀀例", id="扩展B区两个字"),
        pytest.param("Ivan Petrov", "ivanp", id="外文名"),
        pytest.param("Ivan Petrov", "ip", id="外文名首字母"),
        pytest.param("Ivan Petrov", "tr", id="外文名中间的字母"),
    ],
)
def test_search_by_name(name, words, facility):
    named(facility, name)
    named(facility, "示例甲")

    assert [case.person.name for case in found(make.officer("trainer", facility), words)] == [name]


def test_search_is_in_the_order_of_names(facility):
    for name in ("张示例", "阿示例", "曾示例"):
        named(facility, name)

    answering = found(make.officer("trainer", facility), "示")

    assert [case.person.name for case in answering] == ["阿示例", "曾示例", "张示例"]


def test_search_of_a_brigade_is_its_own(facility):
    named(facility, "欧阳示例")
    detox, reentry = make.unit(facility, Stage.DETOX), make.unit(facility, Stage.REENTRY)

    assert found(make.officer("zone_officer", detox), "欧阳").count() == 1
    assert found(make.officer("zone_officer", reentry), "欧阳").count() == 0


def test_search_of_a_station(facility):
    case, other = named(facility, "欧阳示例"), named(facility, "欧阳别例")
    station = make.station()
    leaving.signed(case, station=station)
    worker = make.officer("aftercare_worker", station)

    with scope.within(worker.scope_at(make.NOON)):
        assert list(found(worker, "欧阳")) == [case]
    assert other != case


@pytest.mark.parametrize("words", ["欧", "欧阳", "oy", "ouyang", NUMBER])
def test_who_sees_no_names_finds_nobody_by_them(words, facility):
    named(facility, "欧阳示例", id_number=NUMBER)

    assert found(make.officer("bureau_viewer", facility.province), words).count() == 0


def test_choices_while_one_types(noon, signed_in):
    facility = make.facility(beds=9)
    for _ in range(9):
        make.case(facility)
    client = signed_in(make.officer("trainer", facility))

    answer = client.post(SEARCH, {"q": "示"}, headers=TYPING)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.count('role="option"') == 8
    assert "还有更多" in page
    assert "<html" not in page
    assert "HX-Request" in answer["Vary"]


def test_no_choices(facility, signed_in):
    client = signed_in(make.officer("trainer", facility))

    assert "没有找到" in client.post(SEARCH, {"q": "示"}, headers=TYPING).content.decode()
    assert client.post(SEARCH, {"q": "\0"}, headers=TYPING).status_code == 422


# Who is not received yet


def waiting_for(user, words) -> list[str]:
    return [one.name for one in waiting(user, words)]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("欧阳示例", id="全名"),
        pytest.param("阳", id="一个字"),
        pytest.param("欧 阳", id="字间有空格"),
        pytest.param("ouyangsh", id="拼音"),
        pytest.param("OYS", id="首字母"),
        pytest.param(WAITING_NUMBER, id="身份证号"),
    ],
)
def test_who_waits_is_found_and_told_apart(words, facility, signed_in):
    one = entering.arrival(facility, name="欧阳示例", id_number=WAITING_NUMBER)
    entering.arrival(facility, name="示例某")
    client = signed_in(make.officer("intake_officer", facility))

    page = client.post(SEARCH, {"q": words})
    typing = client.post(SEARCH, {"q": words}, headers=TYPING).content.decode()

    assert [found.name for found in page.context["waiting"]] == ["欧阳示例"]
    assert page.context["cases"] == []
    assert one.get_absolute_url() in page.content.decode()
    assert "尚未收治，没有档案" in page.content.decode()
    assert (typing.count('role="option"'), typing.count("待收")) == (1, 1)


@pytest.mark.parametrize("words", ["", "·", "示例某", "yos", "0001", "T01-2026"])
def test_who_waits_does_not_answer_to_other_words(words, facility):
    entering.arrival(facility, name="欧阳示例", id_number=WAITING_NUMBER)

    assert waiting_for(make.officer("intake_officer", facility), words) == []


def test_who_waits_is_found_by_those_who_see_arrivals_of_the_facility(facility):
    entering.arrival(facility, name="欧阳示例")
    elsewhere = make.facility("T02")

    assert waiting_for(make.officer("facility_leader", facility), "欧阳") == ["欧阳示例"]
    assert waiting_for(make.officer("trainer", facility), "欧阳") == []
    assert waiting_for(make.officer("intake_officer", elsewhere), "欧阳") == []


def test_bureau_that_sees_arrivals_finds_no_names(facility):
    entering.arrival(facility, name="欧阳示例")
    viewer = make.officer("bureau_viewer", facility.province)
    viewer.posting.role.permissions.append("arrival.view")

    assert viewer.may("arrival.view")
    assert waiting_for(viewer, "欧阳") == []


def test_who_was_received_waits_no_longer(facility):
    entering.case(facility, name="欧阳示例")

    assert waiting_for(make.officer("intake_officer", facility), "欧阳") == []


# The words that the database keeps


def cases_with(*pieces) -> set:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rehab_cases_with(%s)", [list(pieces)])
        return {key for (key,) in cursor.fetchall()}


def test_words_are_found_within_the_scope_alone(facility):
    here, there = named(facility, "欧阳示例"), named(make.facility("T02"), "欧阳别例")
    station = make.station()
    Case.objects.filter(pk=there.pk).update(station=station)

    def seen(**what):
        with scope.within(scope.Scope(actor="test", **what)):
            return cases_with("欧阳")

    assert seen(everything=True) == {here.pk, there.pk}
    assert seen(facilities=(facility.pk,)) == {here.pk}
    assert seen(facilities=(facility.pk, there.facility_id)) == {here.pk, there.pk}
    assert seen(stations=(station.pk,)) == {there.pk}
    assert seen(cases=(there.pk,)) == {there.pk}
    assert seen(facilities=(facility.pk,), cases=(there.pk,)) == {here.pk, there.pk}
    assert seen() == set()
    with scope.within(scope.NOBODY):
        assert cases_with("欧阳") == set()
        assert not CaseWords.objects.exists()
    with scope.within(scope.Scope(actor="test", everything=True)):
        assert cases_with() == set()


def test_words_follow_the_name(facility):
    case = named(facility, "欧阳示例")

    Person.objects.filter(pk=case.person_id).update(
        name="司马示例", name_spellings=pinyin.spellings("司马示例")
    )

    pieces = set(CaseWords.objects.get(case=case).pieces)
    assert {"司", "司马", ":sim", ":sms"} <= pieces
    assert not {"欧", ":ouy"} & pieces


def test_words_follow_the_case(facility):
    case, other, station = named(facility, "欧阳示例"), make.facility("T02"), make.station()

    Case.objects.filter(pk=case.pk).update(facility=other, station=station)

    words = CaseWords.objects.get(case=case)
    assert (words.facility, words.station) == (other, station)


def test_every_spelling_is_there():
    assert pinyin.spellings("彭敏绍").split()[:2] == ["pengminshao", "pms"]
    assert {"shanxiaoyu", "danxiaoyu", "sxy", "dxy"} <= set(pinyin.spellings("单小雨").split())
    assert pinyin.spellings("") == ""

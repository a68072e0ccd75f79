"""入所文书: one press makes and prints what follows from the file."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from intake import actions
from intake.selectors.completion import language_read
from rehab import scope
from rehab.clock import standing_at
from rehab.models import Case, Document, DocumentPrint, Placement
from rehab.refusal import Refused
from tests.factories import intake as door
from tests.factories import rehab as make
from tests.factories import transfers as road
from tests.factories.transfers import Sides


@pytest.fixture(autouse=True)
def _now(db):
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        yield


@pytest.fixture
def facility():
    return make.facility()


@pytest.fixture
def case(facility):
    return door.case(facility, ethnicity="壮族", household="示例省示例县", drug="甲基苯丙胺")


@pytest.fixture
def officer(case):
    return make.officer("intake_officer", case.facility)


def prepare(case, officer, language="zh"):
    return actions.prepare_admission_papers(case=case, language=language, by=officer, at=make.NOON)


def kinds_of(documents):
    return [one.template for one in documents]


def test_prepare_admission_papers(case, officer):
    made = prepare(case, officer)

    assert kinds_of(made) == ["admission_receipt", "entry_register", "rights", "family_notice"]
    register = made[1].facts
    assert (register["household"], register["drug"]) == ("示例省示例县", "甲基苯丙胺")
    assert register["searchers"].count("、") == 1
    bed = Placement.objects.get(case=case).bed
    assert register["bed"] == f"{bed.room.unit.name} {bed}"
    assert made[2].facts["language"] == "汉语"
    assert made[3].facts["recipient"] == "示例亲属"


def test_prepare_admission_papers_twice_makes_them_once(case, officer):
    assert prepare(case, officer) == prepare(case, officer)
    assert Document.objects.filter(case=case).count() == 4


def test_prepared_papers_are_those_of_the_acts(case, officer):
    _, register, rights, notice = prepare(case, officer, "ug")
    guard = make.officer("zone_officer", case.unit)

    given = actions.give_rights_notice(
        case=case, note="", done_at=make.NOON, by=guard, at=make.NOON, language="ug",
        interpreter="示例翻译",
    )  # fmt: skip
    filled = actions.complete_item(
        case=case, duty="entry_register", note="", done_at=make.NOON, by=officer, at=make.NOON
    )
    sent = actions.send_family_notice(
        case=case,
        recipient="示例舅父",
        manner="邮寄",
        proof="示例挂号 0001",
        done_at=make.NOON,
        by=officer,
        at=make.NOON,
    )

    assert rights.facts["foreign_language"] == "维吾尔语"
    assert language_read(case) == "ug"
    assert language_read(door.case(case.facility)) == "zh"
    assert (given.document, filled.document) == (rights, register)
    assert sent.document.supersedes == notice  # to somebody else
    assert kinds_of(prepare(case, officer))[-1] == "family_notice"
    assert Document.objects.filter(case=case).count() == 5


def test_prepare_admission_papers_of_somebody_without_relatives(facility):
    nobody = {"relative_name": "", "relative_phone": "", "relative_relation": ""}
    case = door.admit(
        door.arrival(facility, **nobody), answers={"nobody_to_notify": "本人称无亲属"}
    )

    made = prepare(case, make.officer("intake_officer", facility))

    assert "family_notice" not in kinds_of(made)
    assert "relatives" not in made[1].facts


def test_prepare_admission_papers_of_somebody_not_admitted_here(facility):
    case = make.case(facility)

    with pytest.raises(Refused, match="没有入所文书"):
        prepare(case, make.officer("intake_officer", facility))

    assert not Document.objects.exists()


def test_papers_print(client, case, officer):
    client.force_login(officer)
    url = reverse("intake:papers-print", args=[case.number])

    receipt = client.get(reverse("intake:completion-record", args=[case.number]))
    page = client.get(url)
    answer = client.post(url, {"language": "zh"})

    assert f'action="{url}"' in receipt.content.decode()
    assert "打印入所文书" in page.content.decode()
    assert answer["Content-Type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    for title in ("入所回执", "入所登记表", "权利义务告知书", "入所通知书"):
        assert title in text
    assert [*DocumentPrint.objects.values_list("copy", flat=True)] == [0] * 4
    assert "重印第" not in text
    assert (
        "重印第"
        in PdfReader(io.BytesIO(client.post(url, {"language": "zh"}).content))
        .pages[0]
        .extract_text()
    )


def test_papers_print_refused(client, facility, officer):
    case = make.case(facility)
    client.force_login(officer)
    url = reverse("intake:papers-print", args=[case.number])

    assert client.post(url, {"language": "xx"}).status_code == 422
    answer = client.post(url, {"language": "zh"})

    assert answer.status_code == 422
    assert "没有入所文书" in answer.content.decode()


def test_papers_print_of_another_facility(client, case):
    client.force_login(make.officer("intake_officer", make.facility("T02")))

    answer = client.post(reverse("intake:papers-print", args=[case.number]), {"language": "zh"})

    assert answer.status_code == 404


def test_only_who_receives_people_prints_them_all(client, case):
    client.force_login(make.officer("clinician", case.facility))

    page = client.get(reverse("intake:completion-record", args=[case.number]))

    assert page.status_code == 200
    assert "打印入所文书" not in page.content.decode()


def test_the_papers_of_an_admission_are_made_where_he_was_moved_to(client, case, facility):
    """The arrival stays in the books of who admitted him: its day is left to the pen."""
    sides = Sides(facility, make.facility("T02")).posted()
    road.received(case, sides)
    there = sides.there
    moved = Case.objects.select_related("person", "decision", "facility").get(pk=case.pk)

    with scope.within(there.scope_at(make.NOON)):
        register = prepare(moved, there)[1]
    assert register.template == "entry_register"
    assert register.facts["times"] == "首次收治"
    assert "transferred_on" not in register.facts

    client.force_login(make.officer("clinician", sides.receiver))
    page = client.get(reverse("intake:health-sheet-create", args=[case.number]))
    assert "体表未见伤" in page.content.decode()
    assert "存原收治场所" in page.content.decode()

"""脱逃通报 and 所外就医证明: there with the act, saying what their readers need and no more."""

import pytest
import typst

from rehab.models import Absence, Case, Document, Person
from rehab.states import AbsenceKind, CaseStatus
from tests.factories import absences as away
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from tests.flows.scene import fails
from zones import actions

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_noon")]


@pytest.fixture
def case(facility):
    return zones_make.ready(facility)


def paper(template):
    return Document.objects.get(template=template)


@pytest.mark.parametrize("first", [None, AbsenceKind.HOSPITAL])
def test_an_escape_is_reported_as_it_is_recorded(case, first):
    officer = make.officer("intake_officer", case.facility)
    Person.objects.update(household="示例省示例市")
    if first:
        away.out(case, first, by=officer)

    away.out(case, AbsenceKind.ESCAPE, by=officer)

    said = paper("escape_report").facts
    assert said["recipient"] == "示例去向"  # the police that were told
    assert said["copies_to"] == [case.facility.bureau.name, case.decision.authority]
    assert said["household"] == "示例省示例市"
    assert said["ran_from"] == ("在离所就医期间" if first else "从我所")
    assert bytes(paper("escape_report").body).startswith(b"%PDF")


def test_leave_is_certified_as_it_is_granted(case):
    leader = make.officer("facility_leader", case.facility)

    actions.grant_leave(
        case=case, approval=" 示戒批〔2026〕1号 ", hospital="示例医院", diagnosed_by="示例医院 11月20日",
        by=leader, at=away.LEFT,
    )  # fmt: skip

    said = paper("medical_leave").facts
    assert (said["approval"], said["hospital"]) == ("示戒批〔2026〕1号", "示例医院")
    assert said["authority_in_charge"] == case.facility.bureau.name
    assert Absence.objects.get().leaving == {"where": "示例医院", "paper": "示戒批〔2026〕1号"}


@pytest.mark.parametrize("kind", [AbsenceKind.ESCAPE, AbsenceKind.MEDICAL_LEAVE])
def test_no_font_keeps_anybody_on_the_roll(case, monkeypatch, kind):
    monkeypatch.setattr(typst, "compile", fails)

    away.out(case, kind)

    assert Case.objects.get().status == kind.status != CaseStatus.IN_FACILITY
    assert not Document.objects.get().is_typeset

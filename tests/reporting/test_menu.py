"""The menu shows what this officer may open."""

import pytest
from django.urls import reverse

from rehab import scope
from rehab.actions.postings import end_posting
from rehab.models import User
from reporting import menu
from tests.factories import rehab as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def facility():
    with scope.within(make.EVERYTHING):
        yield make.facility()


@pytest.fixture
def clinician(facility):
    return make.officer("clinician", facility)


def labels(section):
    return [line.label for line in section.lines]


def here(sections):
    return [line.label for section in sections for line in section.lines if line.here]


def test_menu(clinician):
    home, business, watched = menu.sections(clinician, "/nowhere/")

    assert [section.heading for section in (home, business, watched)] == ["", "业务", "统计与监督"]
    assert labels(home) == ["工作台", "戒毒人员"]
    assert labels(business) == ["今日待收", "点名册", "分区流转", "戒毒医疗", "诊断评估"]
    assert labels(watched) == ["运行看板"]
    assert home.lines[0].url == reverse("reporting:worklist-list")


def test_menu_of_another_role_is_another(facility):
    found = menu.sections(make.officer("security_admin", facility.province), "/nowhere/")

    assert [section.heading for section in found] == ["", "管理"]
    assert labels(found[1]) == ["账号", "角色"]


def test_menu_of_who_has_no_post(clinician, facility):
    administrator = make.officer("system_admin", facility.province)
    end_posting(user=clinician, by=administrator, at=make.NOON)

    assert menu.sections(User.objects.with_posting().get(pk=clinician.pk), "/") == ()


def test_a_page_under_an_entry_is_here(clinician):
    under = reverse("centers:medical-list") + "01/"

    assert here(menu.sections(clinician, under)) == ["戒毒医疗"]


def test_home_is_here_only_on_itself(clinician):
    assert here(menu.sections(clinician, "/")) == ["工作台"]


def test_page_that_is_not_there_has_no_address():
    """Outside the demo its clock cannot be moved."""
    assert menu.address("demo-clock") is None

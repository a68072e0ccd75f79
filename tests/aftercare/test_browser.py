"""The back door in a real browser: the gate by keyboard, and what a leader's first page says of it."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat

from aftercare import actions
from rehab import clock, scope
from rehab.clock import standing_at
from rehab.models import Case, Person
from tests.factories import aftercare as out
from tests.factories import rehab as make
from tests.factories import zones as zones_make

TODAY = out.LAST_DAY
SIZES = ({"width": 1366, "height": 768}, {"width": 1440, "height": 900})
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def house(live_site):
    """Somebody overstayed, somebody due today and on the way, some to come, one at a station."""
    seconds = (TODAY - clock.day_of(clock.real_now())).days * 86_400
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO rehab_democlock (id, seconds) VALUES (1, %s)", [seconds])
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        zones_make.set_rules()
        facility = make.facility(beds=8)
        crew = zones_make.Crew(facility)
        people = [
            make.case(
                facility,
                person=make.person_facts(name=name),
                decision=make.decision_facts(
                    decided_on=date(2026, 6, 1) + timedelta(days=days),
                    printed_ends_on=TODAY + timedelta(days=days),
                ),
                entered_at=zones_make.ENTERED,
            )
            for name, days in (("示例甲", -2), ("示例乙", 0), ("示例丙", 3), ("示例丁", 21))
        ]
        zones_make.in_transit(people[1], crew)
        station = make.station("示例区后续照管工作站")
        worker = make.officer("aftercare_worker", station)
        intake = make.officer("intake_officer", facility)
        for person in people[2:]:
            out.signed(person, at=make.at(2028, 5, 20), station=station, by=worker)
        left = make.case(
            facility,
            person=make.person_facts(name="示例戊"),
            decision=make.decision_facts(printed_ends_on=TODAY - timedelta(days=340)),
        )
        signed = out.signed(left, at=make.at(2027, 6, 20), station=station, by=worker)
        out.release(left, at=make.at(2027, 6, 26))
        for day, reached in ((28, True), (30, False)):
            actions.record_contact(
                agreement=signed, contacted_at=make.at(2027, 6, day), manner="phone",
                reached=reached, note="想学电工" if reached else "", next_on=None,
                renewal_discussed=False, by=worker, at=make.at(2027, 6, 30),
            )  # fmt: skip
        actions.give_release_notice(case=people[2], by=intake, at=make.at(2028, 5, 28))
        asker = make.officer("zone_officer", people[3].unit)
    return {
        "people": people, "signed": signed, "intake": intake, "worker": worker, "asker": asker,
        "leader": make.officer("facility_leader", facility),
    }  # fmt: skip


@pytest.fixture
def visit(live_site, pages):
    """Opens a page as an officer."""

    def open_as(user, path, **options):
        page = pages.open(**options)
        page.goto(f"{live_site.url}/login/?next={path}")
        page.fill("[name=username]", user.username)
        page.fill("[name=password]", make.PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(f"**{path}")
        return page

    return open_as


def test_the_home_of_a_leader_says_who_must_leave_and_every_article_in_full(house, visit, shots):
    """Nothing of the column 依据 is cut off, nor of the groups on top; open to readers."""
    with scope.within(make.EVERYTHING):  # as wide as names, numbers and articles are in life
        Person.objects.update(name="示例司马相如")
        Case.objects.update(number=Concat(Value("SSL01-1"), "number"))
    page = visit(house["leader"], "/", bypass_csp=True)
    for size in SIZES:
        page.set_viewport_size(size)
        assert page.evaluate(OVER) == 0, size
        page.screenshot(path=shots / f"aftercare home {size['width']}.png", full_page=True)
        cut = "cells => cells.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
        assert page.locator(".tb td.basis > *").count() > 0
        assert page.locator(".tb td.basis > *").evaluate_all(cut) == [], size
    heads = [one.strip() for one in page.locator(".must-leave h2 a").all_inner_texts()]
    assert heads == ["超期在所 1 人", "今日应解除 1 人"]
    severe = [
        one for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]  # fmt: skip
    assert severe == []


def test_the_gate_by_keyboard(house, visit, shots):
    """Wrong face first; then everything agrees, and the certificate is there."""
    person = house["people"][1]
    with scope.within(make.EVERYTHING):
        papers = out.papers(person)
    page = visit(house["intake"], f"/aftercare/releases/{person.number}/gate/")
    page.fill("[name=decision_number]", papers.decision_number)
    page.fill("[name=identity_number]", papers.identity_number)
    page.select_option("[name=second_officer]", str(house["leader"].pk))
    page.check("[name=face][value=contradicted]")
    page.click("summary:has-text('办理解除')")
    page.click("button:has-text('确认解除')")
    page.wait_for_selector("text=“人像”与档案不符")
    page.screenshot(path=shots / "aftercare gate refused.png", full_page=True)
    assert page.input_value("[name=decision_number]") == papers.decision_number

    page.check("[name=face][value=matched]")
    page.focus("summary:has-text('办理解除')")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_selector("text=打开证明书")
    page.screenshot(path=shots / "aftercare gate done.png", full_page=True)
    with scope.within(make.EVERYTHING):
        assert Case.objects.get(pk=person.pk).ended_at is not None

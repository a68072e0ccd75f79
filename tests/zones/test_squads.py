"""中队: an officer posted to one works for the 大队 it belongs to, behind both fences."""

import pytest
from django.core import mail

from rehab import scope
from rehab.ledgers import notices
from rehab.models import Case, Deadline, Document, Notice
from rehab.selectors.delegations import candidates
from rehab.states import Stage
from reporting.selectors import worklist
from tests.factories import rehab as make
from tests.factories import zones as moving
from zones.selectors.moves import is_of
from zones.selectors.rollcall import roll_units

pytestmark = pytest.mark.django_db


@pytest.fixture
def brigade(facility):
    return make.unit(facility, Stage.ADAPTATION)


@pytest.fixture
def squad(facility, brigade):
    return facility.units.create(facility=facility, parent=brigade, name="一中队")


@pytest.fixture
def lives(facility, crew, brigade):
    """Somebody who lives in the 大队, somebody on the way to it, and somebody in another."""
    inside, coming, elsewhere = (moving.ready(facility) for _ in range(3))
    moving.received(inside, crew)
    moving.in_transit(coming, crew)
    return elsewhere


def seen(user) -> dict[str, object]:
    """What a post sees under its own scope."""
    with scope.within(moving.seen_by(user)):
        return {
            "people": set(Case.objects.visible_to(user)),
            "owed": set(Deadline.objects.open().owed_by(user)),
            "told": set(Notice.objects.to(user)),
            "papers": set(Document.objects.visible_to(user)),
            "todos": [(todo.act, todo.number) for todo in worklist.todos(user, at=make.NOON)],
            "tiles": worklist.tiles(user, at=make.NOON),
            "rolls": list(roll_units(user)),
            "of it": is_of(user, user.unit),
        }


@pytest.mark.parametrize("role", ["zone_officer", "zone_leader"])
def test_a_post_in_a_squad_sees_what_its_brigade_sees(role, brigade, squad, lives):
    its, of_squad = seen(make.officer(role, brigade)), seen(make.officer(role, squad))

    assert of_squad == its
    assert (len(its["people"]), lives in its["people"]) == (2, False)
    assert all(its[what] for what in ("tiles", "of it"))
    assert {bool(its[what]) for what in ("told", "todos")} == {role == "zone_officer"}
    assert its["rolls"] == [brigade]


def test_a_squad_is_told_by_mail_too(facility, squad, brigade, lives):
    for place in (squad, brigade, make.unit(facility, Stage.REENTRY)):
        officer = make.officer("zone_officer", place)
        officer.email = f"{officer.username}@example.org"
        officer.save()

    notices.deliver(facility)

    told = {address for letter in mail.outbox for address in letter.to}
    assert len(told) == 2


def test_a_leader_may_delegate_to_an_officer_of_a_squad(squad, brigade):
    officer = make.officer("zone_officer", squad)

    assert officer in candidates(make.officer("zone_leader", brigade))

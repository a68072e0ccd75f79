import pytest
from django.db import IntegrityError, transaction

from rehab.keys import new_key
from rehab.states import Stage
from tests.factories import rehab as make
from tests.factories import zones as zones_make
from zones.models import StageRule, ZoneMove


def test_a_move_leads_to_the_page_of_its_person(case, crew):
    move = zones_make.proposed(case, crew)

    assert str(move) == "T01-2026-0001 LZ2026-1121-01"
    assert move.get_absolute_url() == "/zones/cases/T01-2026-0001/move/"


def test_a_stage_rule_says_from_when(facility):
    assert str(StageRule.objects.get(stage=Stage.DETOX)) == "生理脱毒 2026-01-01"


def test_the_days_of_a_stage_stand_in_order(facility):
    with pytest.raises(IntegrityError, match="stage_days_stand_in_order"), transaction.atomic():
        StageRule.objects.filter(stage=Stage.DETOX).update(maximum_days=1)


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        pytest.param({"status": "in_transit"}, "in_transit_was_approved", id="未审批即待交接"),
        pytest.param({"status": "received"}, "received_under_a_signature", id="未签收即已接收"),
        pytest.param({"status": "withdrawn"}, "says_who_ended_it", id="无人撤回即撤回"),
        pytest.param({"approved_at": make.NOON}, "signed_and_dated", id="有日期无签字"),
    ],
)
def test_the_database_holds_the_signatures(changed, constraint, case, crew):
    move = zones_make.proposed(case, crew)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ZoneMove.objects.filter(pk=move.pk).update(**changed)


def test_the_database_allows_one_open_move(case, crew):
    move = zones_make.proposed(case, crew)
    move.pk = new_key()

    with pytest.raises(IntegrityError, match="one_open_zone_move"), transaction.atomic():
        move.save(force_insert=True)

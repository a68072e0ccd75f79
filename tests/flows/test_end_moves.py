"""哪些操作会改变期满日: every act is tried, and those under which a last day moved are those of the list."""

import ast
import importlib
import inspect
from functools import cache

import pytest
from django.conf import settings
from django.db import transaction

from rehab import scope
from rehab.clock import day_of, standing_at
from rehab.end_moves import END_MOVES
from rehab.management.commands.generate_docs import APPS, name_of
from rehab.models import Case
from rehab.refusal import Refused
from rehab.rules.explaining import explain
from rehab.selectors.term import term_facts
from tests.factories import rehab as make
from tests.flows.every_act import TRIED
from tests.flows.scene import Scene

DONE_BY = {
    "by",
    "at",
    "really_at",
}  # who does it, or when: what an act is told and a question is not
PARTS = {  # of other acts, which are tried: nobody calls them by themselves
    "rehab.actions.absences.note_return_test",
    "rehab.actions.leave_papers.report_escape", "rehab.actions.leave_papers.certify_leave",
    "rehab.actions.cases.open_case", "rehab.actions.cases.close_case",
    "rehab.actions.escapes.propose_on_return",
    "rehab.actions.placements.place", "rehab.actions.placements.hold", "rehab.actions.placements.hold_all",
    "rehab.actions.placements.arrive", "rehab.actions.placements.arrive_all",
    "rehab.actions.placements.let_go", "rehab.actions.placements.vacate",
    "centers.assessment.actions.opinions.end_open_opinion",
    "centers.assessment.actions.opinions.close", "centers.assessment.actions.opinions.record",
    "centers.assessment.actions.opinion_papers.notice", "centers.assessment.actions.opinion_papers.letter",
    "centers.assessment.actions.opinion_papers.reply", "centers.assessment.actions.opinion_papers.refusal",
    "centers.assessment.actions.opinion_papers.unsent", "centers.assessment.actions.opinion_papers.taken_back",
    "centers.assessment.actions.opinions.end_unsent",
    "intake.actions.completion.mark_done",
    "intake.actions.sheets.keep_health_sheet", "intake.actions.sheets.keep_belongings",
    "zones.actions.endings.end_open_move", "zones.actions.outings.end_open_outing", "zones.actions.moves.next_batch",
    "zones.actions.stage_rules.lay_down", "zones.actions.traces.entry",
    "zones.actions.transfer_endings.end_open_transfer", "zones.actions.transfer_traces.write_down",
}  # fmt: skip
QUESTIONS = {"rehab.actions.papers.confirmation_obstacles"}
SETTING_UP = "rehab.actions.setup."  # before anybody has a case, and on the page of none


def sources():
    for app in APPS:
        for path in sorted(settings.BASE_DIR.glob(f"{app}/**/*.py")):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if "actions" in parts:
                yield ".".join(part for part in parts if part != "__init__"), path


def named(act):
    return f"{act.__module__}.{act.__name__}"


@cache
def acts():
    """Every public function of an `actions` module that is told who does it, or when."""
    return {
        f"{module}.{name}"
        for module, _ in sources()
        for name, found in vars(importlib.import_module(module)).items()
        if inspect.isfunction(found)
        and found.__module__ == module
        and not name.startswith("_")
        and DONE_BY & set(inspect.signature(found).parameters)
    }


def test_every_act_of_the_house_is_tried():
    known = {name for name in acts() if not name.startswith(SETTING_UP)}

    assert known - {named(act) for act, _ in TRIED} == PARTS | QUESTIONS


@pytest.fixture(scope="module")
def scene(django_db_setup, django_db_blocker):
    """One house for every trial; what a trial does is taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        with scope.within(make.EVERYTHING), standing_at(make.NOON):
            yield Scene()
        transaction.set_rollback(True)


def ends(on):
    """The last day of everybody, and how it comes about."""
    return {
        case.pk: (case.ends_on, working(case, on))
        for case in Case.objects.select_related("decision")
    }


def working(case, on):
    try:
        return explain(term_facts(case, on=on)).steps
    except Refused as refused:
        return refused.obstacles


def moved_by(scene, act, prepare):
    """Whether the last day of anybody is another one after the act; its working says the same."""
    with transaction.atomic():
        given = scene.given(act, prepare(scene))
        moment = given.get("at", make.NOON)
        with standing_at(moment):
            before = ends(day_of(moment))
            act(**given)
            after = ends(day_of(moment))
        transaction.set_rollback(True)
    days = [key for key, (day, _) in before.items() if after[key][0] != day]
    explained = [key for key, (_, steps) in before.items() if after[key][1] != steps]
    assert days == explained, named(act)
    return bool(days)


def test_those_under_which_a_last_day_moves_are_those_of_the_list(scene):
    moving = {named(act) for act, prepare in TRIED if moved_by(scene, act, prepare)}

    assert moving == set(END_MOVES)


def test_what_writes_a_last_day_is_called_by_those_of_the_list_alone():
    calls, writes, alarms = set(), set(), set()
    for module, path in sources():
        for statement in ast.parse(path.read_text(encoding="utf-8")).body:
            for node in ast.walk(statement):
                match node:
                    case ast.Call(func=ast.Name(id="move_end") | ast.Attribute(attr="move_end")):
                        calls.add(f"{module}.{name_of(statement)}")
                    case ast.Assign(
                        targets=[ast.Attribute(value=ast.Name(id="case"), attr="ends_on")]
                    ):
                        writes.add(f"{module}.{name_of(statement)}")
                    case ast.Assign(
                        targets=[ast.Attribute(value=ast.Name(id="case"), attr="alarm_on")]
                    ):
                        alarms.add(f"{module}.{name_of(statement)}")

    assert calls == set(END_MOVES)
    assert writes == {"rehab.actions.cases.move_end"}
    assert alarms == {"rehab.actions.cases.move_end", "rehab.actions.cases.move_alarm"}

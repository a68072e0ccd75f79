"""Numbers of 文书 under concurrency: none twice, none left out, whatever is taken back."""

import threading

import pytest
from django.db import connections, transaction

from rehab import scope
from rehab.clock import standing_at
from rehab.ledgers import documents
from rehab.models import Document
from tests.factories import rehab as make
from tests.rehab.test_ledgers import RIGHTS

pytestmark = pytest.mark.race
AT_ONCE = 4


class TakenBack(Exception):
    pass


def test_numbers_have_neither_gaps_nor_doubles(committed_db, trials):
    """Four officers make papers at once; every third act is taken back after its number was given."""
    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        case = make.case(facility)
        officer = make.officer("intake_officer", facility)
    line_up = threading.Barrier(AT_ONCE)
    broken = []

    def run(worker):
        try:
            with standing_at(make.NOON), scope.within(make.EVERYTHING):
                line_up.wait()
                for turn in range(trials):
                    one(taken_back=(worker + turn) % 3 == 0)
        except Exception as wrong:  # noqa: BLE001  # told by the thread that waits
            broken.append(wrong)
        finally:
            connections.close_all()

    def one(*, taken_back):
        try:
            with transaction.atomic():
                documents.make(case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON)
                if taken_back:
                    raise TakenBack
        except TakenBack:
            pass

    threads = [threading.Thread(target=run, args=(worker,)) for worker in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert broken == []
    with scope.within(make.EVERYTHING):
        numbers = {*Document.objects.values_list("number", flat=True)}
        kept = Document.objects.count()
    assert 0 < kept < AT_ONCE * trials
    assert numbers == {
        f"（{facility.short_name}）强戒告〔2026〕{serial}号" for serial in range(1, kept + 1)
    }


def test_copies_are_numbered_one_by_one(committed_db, trials):
    """Several officers print the same paper at once: one 正本, every copy of its own number."""
    from rehab.actions import papers

    with standing_at(make.NOON), scope.within(make.EVERYTHING):
        facility = make.facility()
        case = make.case(facility)
        officer = make.officer("intake_officer", facility)
        document = documents.make(
            case, "rights", "权利义务告知书", RIGHTS, by=officer, at=make.NOON
        )
    line_up = threading.Barrier(AT_ONCE)
    bodies = []

    def run():
        try:
            with scope.within(make.EVERYTHING):
                line_up.wait()
                for _ in range(3):
                    bodies.append(
                        papers.print_documents(
                            documents=[document], by=officer, really_at=make.NOON
                        )
                    )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(body == bytes(document.body) for body in bodies) == 1
    with scope.within(make.EVERYTHING):
        copies = [*document.prints.order_by("copy").values_list("copy", flat=True)]
    assert copies == [*range(3 * AT_ONCE)]

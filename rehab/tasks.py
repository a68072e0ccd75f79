"""Entry points for the worker; each safe to run twice, late, or at once with itself."""

import logging

from celery import shared_task
from django.conf import settings
from django.utils.module_loading import import_string

from rehab import clock, drafts, scope
from rehab.ledgers import deadlines, notices
from rehab.models import Facility
from rehab.net import net

logger = logging.getLogger(__name__)


@shared_task
def deliver() -> int:
    """Deliver every notice that waits; returns how many."""
    sent = notices.deliver_to_owners()
    for facility in Facility.objects.order_by("code"):
        with scope.within(scope.system("deliver", facility.pk)), clock.one_reading():
            sent += notices.deliver(facility)
    return sent


@shared_task
def nightly() -> dict[str, int]:
    """Rebuild every facility's deadlines from facts, write the reminders they call for, drop old drafts."""
    mended = reminded = 0
    for facility in Facility.objects.order_by("code"):
        with scope.within(scope.system("nightly", facility.pk)), clock.one_reading():
            _act(facility)
            drift = deadlines.rebuild_facility(facility)
            mended += drift.mended
            reminded += deadlines.sweep(facility, at=clock.now())
            if drift.mended or drift.failed:
                logger.warning(
                    "%s: mended %s, failed %s", facility.code, drift.mended, drift.failed
                )
    deliver.run()
    forgotten = drafts.sweep(at=clock.real_now())
    return {"mended": mended, "reminded": reminded, "forgotten": forgotten}


def _act(facility: Facility) -> None:
    """What the passing of a day ends; an act that fails is done by the next night."""
    for name in settings.NIGHTLY_ACTIONS:
        with net("%s: %s waits for the next night", facility.code, name):
            import_string(name)(facility=facility, at=clock.now())

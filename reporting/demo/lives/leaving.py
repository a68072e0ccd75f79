"""The back door: the last assessment, the notice, the gate, and what the station promised."""

from datetime import timedelta

from aftercare import actions as aftercare
from aftercare.models import Agreement
from aftercare.rules import Gate, Mark
from aftercare.rules.preparing import Preparation
from aftercare.states import Manner
from centers.states import AssessmentKind
from rehab.models import Case, Station
from reporting.demo.lives.conduct import past_the_marks
from reporting.demo.lives.entry import hand_back
from reporting.demo.lives.signed import assess
from reporting.demo.lives.stayer import Life, Stayer
from reporting.demo.world import after, moment


def prepare(stayer: Stayer) -> Life:
    """回归指导: the last assessment, the notice, and the question about aftercare."""
    plan = stayer.plan
    day = past_the_marks(after(plan.ends_on, -31))
    yield from assess(stayer, AssessmentKind.PRE_EXPIRY, day)
    at = moment(after(plan.ends_on, -18), 10)
    yield at
    with stayer.world.acting(stayer.officer(stayer.last_unit)) as by:
        stayer.agreement = aftercare.offer_agreement(
            case=stayer.fresh(), station=_station(stayer), by=by, at=at
        )
        mother = Preparation(fetched_by="relative", who="示例亲属")
        aftercare.prepare_release(case=stayer.fresh(), preparation=mother, by=by, at=at)
    at = moment(after(plan.ends_on, -9), 15)
    yield at
    with stayer.world.acting(stayer.staff("intake1")) as by:
        aftercare.give_release_notice(case=stayer.fresh(), by=by, at=at)


def _station(stayer: Stayer) -> Station:
    stations = stayer.world.places.stations
    return stations["样本工作站" if stayer.plan.facility == "YB01" else "工作站"]


def leave(stayer: Stayer) -> Life:
    """Through the gate on the last day, and what follows."""
    plan = stayer.plan
    at = moment(plan.ends_on, 9, plan.person.serial % 60)
    yield at
    with stayer.world.acting(stayer.staff("intake1")) as by:
        case = Case.objects.select_related("decision", "person").get(pk=stayer.case.pk)
        aftercare.release(
            case=case,
            gate=Gate(
                decision_number=case.decision.number,
                identity_number=plan.person.id_number,
                face=Mark.MATCHED,
            ),
            second_officer=stayer.staff("head1"),
            answers={},
            by=by,
            at=at,
        )
    hand_back(stayer, at)
    yield from _afterwards(stayer)


def _afterwards(stayer: Stayer) -> Life:
    """Signed or not; and then the contacts that the station promised."""
    plan = stayer.plan
    house, name = ("", "yb-station") if plan.facility == "YB01" else ("SL01", "station")
    worker = stayer.world.who(house, name)
    at = moment(after(plan.ends_on, 1), 10)
    yield at
    with stayer.world.acting(worker) as by:
        if not plan.agrees:
            aftercare.decline_agreement(agreement=stayer.agreement, by=by, at=at)
            return
        aftercare.sign_agreement(agreement=stayer.agreement, phone="000-00000000", by=by, at=at)
    on = after(plan.ends_on, 6)
    while True:
        at = moment(on, 15)
        yield at
        with stayer.world.acting(worker) as by:
            agreement = (
                Agreement.objects.select_related("case", "station__province")
                .filter(pk=stayer.agreement.pk, ends_on__gte=on)
                .first()
            )
            if agreement is None:  # the year is over
                return
            contact = aftercare.record_contact(
                agreement=agreement,
                contacted_at=at,
                manner=Manner.VISIT if plan.person.serial % 2 else Manner.PHONE,
                reached=True,
                note="",
                next_on=None,
                renewal_discussed=False,
                by=by,
                at=at,
            )
        on = contact.next_on + timedelta(days=3 if plan.slow else -1)

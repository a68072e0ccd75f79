"""调整床位 within a zone: by age, by illness, by the life of a room."""

from datetime import datetime

from django.db import transaction

from rehab.actions import cases, placements
from rehab.ledgers import changes, deadlines, events, notices, outbox
from rehab.models import Bed, Case, Event, User
from rehab.refusal import Refused
from zones import selectors
from zones.states import BedGround

TOLD_AS = {  # by what becomes of isolation; the ledger calls it 调整床位 to everybody
    True: Event.Kind.ISOLATED, False: Event.Kind.ISOLATION_ENDED, None: Event.Kind.PLACED,
}  # fmt: skip


@transaction.atomic
def change_bed(
    *, case: Case, bed: Bed, ground: BedGround, reason: str, by: User, at: datetime
) -> Case:
    """调整床位: he lies in `bed` of his zone from `at` on; isolation begins and ends with it. 禁毒法第四十四条."""
    case = cases.lock(case)

    Refused.if_any(selectors.bed_change_obstacles(case, bed, ground=ground, reason=reason, by=by))
    stood = changes.standing([case])
    left = case.unit_id
    if ground.isolation is not None:
        case.needs_isolation = ground.isolation
        case.save(update_fields=["needs_isolation"])

    placements.place(case=case, bed=bed, at=at)

    event = events.record(
        case,
        Event.Kind.PLACED,
        by=by,
        at=at,
        words={"why": reason.strip()},
        changes=changes.since(stood, [case])[case.pk],
        ground=ground.value,
    )
    deadlines.refresh([case])
    for post in _to_be_told(case, ground, moved=case.unit_id != left):
        notices.tell(case, TOLD_AS[ground.isolation], to=post, cycle=str(event.pk))

    outbox.poke()
    return case


def _to_be_told(case: Case, ground: BedGround, *, moved: bool) -> list[notices.Post]:
    """The 大队 he comes to, and of isolation the physicians and his leader."""
    roles = ["zone_officer"] if moved else []
    if ground.isolation is not None:
        roles += ["clinician", "zone_leader"]
    posts = (notices.post_for(role, case) for role in roles)
    return [post for post in posts if post is not None]

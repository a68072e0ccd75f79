"""既往: the other stays of a person, each as far as the scope shows it."""

from dataclasses import dataclass
from datetime import datetime

from rehab.models import Case, User
from rehab.naming import sees_names
from rehab.selectors.persons import other_stays


@dataclass(frozen=True)
class PastStay:
    """A line of 既往: where, from when to when, and how it ended; the file only where it is open to him."""

    facility: str
    duty_phone: str
    entered_at: datetime
    ended_at: datetime | None
    status: str
    case: Case | None


def stays(case: Case, user: User) -> list[PastStay]:
    """Every other stay, the newest first; who counts people is told of those within his own reach alone.

    Of a stay elsewhere it is told that it was, and no more; every such question is kept.
    """
    others = Case.objects.opened_to(user).filter(person=case.person_id).exclude(pk=case.pk)
    opened = {one.pk: one for one in others.select_related("facility").order_by("-entered_at")}
    if not sees_names(user):
        return [
            PastStay(
                one.facility.name,
                one.facility.duty_phone,
                one.entered_at,
                one.ended_at,
                one.get_status_display(),
                one,
            )
            for one in opened.values()
        ]
    return [
        PastStay(
            one.facility,
            one.duty_phone,
            one.entered_at,
            one.ended_at,
            one.status_label,
            opened.get(one.case),
        )
        for one in other_stays(case)
    ]

"""Whether somebody's decision was revoked, as the ledger of events says: he leaves, and goes nowhere else."""

from rehab.models import Case, Event

K = Event.Kind


def is_revoked(case: Case) -> bool:
    """Whether a revocation is recorded that was not taken back."""
    of_it = case.events.filter(kind__in=(K.REVOCATION_RECORDED, K.REVOCATION_WITHDRAWN))
    newest = of_it.order_by("-recorded_at", "-pk").values_list("kind", flat=True).first()
    return bool(newest == K.REVOCATION_RECORDED)

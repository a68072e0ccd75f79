"""The status of an arrival, and what entitles each change of it."""

from django.db.models import TextChoices

from rehab import statutes


class ArrivalStatus(TextChoices):
    EXPECTED = "expected", "待收"
    DEFERRED = "deferred", "暂不接收"
    ADMITTED = "admitted", "同意接收"
    REFUSED = "refused", "不予接收"
    WITHDRAWN = "withdrawn", "撤销"


S = ArrivalStatus
EDGES: dict[tuple[ArrivalStatus, ArrivalStatus], statutes.Article | None] = {
    (S.EXPECTED, S.ADMITTED): statutes.DELIVERY,
    (S.EXPECTED, S.DEFERRED): statutes.ENTRY_HEALTH_CHECK,
    (S.EXPECTED, S.REFUSED): statutes.NOT_APPLICABLE,
    (S.EXPECTED, S.WITHDRAWN): None,  # with the roster that named him; no word about the person
    (S.DEFERRED, S.ADMITTED): statutes.DELIVERY,
    (S.DEFERRED, S.REFUSED): statutes.NOT_APPLICABLE,
}
UNDECIDED = frozenset({S.EXPECTED, S.DEFERRED})

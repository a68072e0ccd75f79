"""The five states of a zone move and its edges, each with what entitles it."""

from django.db.models import TextChoices

from rehab import statutes


class BedGround(TextChoices):
    """Why somebody gets another bed within his zone. 禁毒法第四十四条."""

    OF_AGE = "of_age", "已满十八周岁"
    ISOLATE = "isolate", "须隔离（传染病）"
    ISOLATED_NO_MORE = "isolated_no_more", "不再须隔离"
    OTHER = "other", "其他（同室、维修等）"

    @property
    def isolation(self) -> bool | None:
        """Whether he is to be isolated from now on; None leaves it as it is."""
        return {BedGround.ISOLATE: True, BedGround.ISOLATED_NO_MORE: False}.get(self)


class MoveStatus(TextChoices):
    PROPOSED = "proposed", "拟转区"
    IN_TRANSIT = "in_transit", "待交接"
    RECEIVED = "received", "已接收"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"


S = MoveStatus
EDGES: dict[tuple[MoveStatus, MoveStatus], statutes.Article | None] = {
    (S.PROPOSED, S.IN_TRANSIT): statutes.GRADED_MANAGEMENT,
    (S.IN_TRANSIT, S.RECEIVED): statutes.GRADED_MANAGEMENT,
    (S.PROPOSED, S.RETURNED): None,
    (S.IN_TRANSIT, S.RETURNED): None,
    (S.PROPOSED, S.WITHDRAWN): None,
    (S.IN_TRANSIT, S.WITHDRAWN): None,
}
FINAL = frozenset({S.RECEIVED, S.RETURNED, S.WITHDRAWN})
OPEN = frozenset({S.PROPOSED, S.IN_TRANSIT})

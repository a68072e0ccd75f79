"""The states of a zone move and its edges, each with what entitles it; and the words of a roll-call."""

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


class MusterKind(TextChoices):
    """点名: which of the day's."""

    MORNING = "morning", "早点名"
    EVENING = "evening", "晚点名"


class Standing(TextChoices):
    """Where somebody is by the books when the roll is called."""

    PRESENT = "present", "在区"
    IN_TRANSIT = "in_transit", "在途"
    OUT = "out", "离所"


class NotThere(TextChoices):
    """Why somebody who should be there does not answer."""

    CLINIC = "clinic", "所内就诊、住院"
    HOSPITAL = "hospital", "离所就医，尚未登记"
    INTERVIEW = "interview", "会见、谈话、提讯"
    TASK = "task", "习艺、上课、训练未归"
    SINGLE = "single", "单独管理"
    OTHER = "other", "其他"
    UNKNOWN = "unknown", "原因不明"


class Today(TextChoices):
    """What is up today with somebody who is there."""

    MOVING = "moving", "拟转区"
    LEAVING = "leaving", "今日解除"

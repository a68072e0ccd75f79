"""The states of a move between zones, of an outing and of a transfer with their edges; the words of a roll-call."""

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


class OutingStatus(TextChoices):
    """外出探视 on its way: proposed by one, approved by another, used once."""

    PROPOSED = "proposed", "待批准"
    APPROVED = "approved", "已批准"
    GONE = "gone", "已外出"
    RETURNED = "returned", "不批准"
    WITHDRAWN = "withdrawn", "撤回"


V = OutingStatus
OUTING_EDGES: dict[tuple[OutingStatus, OutingStatus], statutes.Article | None] = {
    (V.PROPOSED, V.APPROVED): statutes.VISITS,
    (V.APPROVED, V.GONE): statutes.VISITS,
    (V.PROPOSED, V.RETURNED): None,
    (V.PROPOSED, V.WITHDRAWN): None,
    (V.APPROVED, V.WITHDRAWN): None,
}
OUTING_OPEN = frozenset({V.PROPOSED, V.APPROVED})


class OutingGround(TextChoices):
    """Why he goes. 司法部令127号."""

    ILLNESS = "illness", "配偶、直系亲属病危"
    DEATH = "death", "配偶、直系亲属死亡"
    FAMILY_EVENT = "family_event", "家庭其他重大变故"
    INCENTIVE = "incentive", "戒治效果好，作为奖励"


class Kin(TextChoices):
    """Whom he may go out to see: spouse and lineal relatives. 禁毒法第四十六条."""

    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    GRANDPARENT = "grandparent", "祖父母、外祖父母"
    GRANDCHILD = "grandchild", "孙子女、外孙子女"


class ProofBy(TextChoices):
    """Who certified what happened in the family. 司法部令127号."""

    HOSPITAL = "hospital", "医院"
    POLICE_STATION = "police", "派出所"
    EMPLOYER = "employer", "所在单位"
    STREET = "street", "街道、乡镇、社区"


class TransferGround(TextChoices):
    """Why somebody is carried on in another facility. 禁毒法第四十四条、戒毒条例第三十条 speak of the second alone."""

    ALLOCATION = "allocation", "调整收治"
    SEPARATION = "separation", "分别管理（性别、年龄、病情）"
    NEARNESS = "nearness", "就近"
    OTHER = "other", "其他"


class TransferStatus(TextChoices):
    """转所 on its way: asked for, approved, handed over at one gate, received at the other."""

    PROPOSED = "proposed", "待审批"
    APPROVED = "approved", "待移交"
    DEPARTED = "departed", "途中"
    SENT_BACK = "sent_back", "退回途中"
    RECEIVED = "received", "已接收"
    TAKEN_BACK = "taken_back", "已返回"
    RETURNED = "returned", "退回"
    WITHDRAWN = "withdrawn", "撤回"
    ENDED = "ended", "终止"


T = TransferStatus
TRANSFER_EDGES: dict[tuple[TransferStatus, TransferStatus], statutes.Article | None] = {
    (T.PROPOSED, T.APPROVED): None,
    (T.APPROVED, T.DEPARTED): None,
    (T.DEPARTED, T.RECEIVED): None,
    (T.PROPOSED, T.RETURNED): None,
    (T.APPROVED, T.RETURNED): None,
    (T.PROPOSED, T.WITHDRAWN): None,
    (T.APPROVED, T.WITHDRAWN): None,
    (T.DEPARTED, T.SENT_BACK): None,
    (T.DEPARTED, T.TAKEN_BACK): None,  # turned round on the way
    (T.SENT_BACK, T.TAKEN_BACK): None,
    (T.PROPOSED, T.ENDED): None,  # he left the facility otherwise, or his case ended
    (T.APPROVED, T.ENDED): None,
    (T.DEPARTED, T.ENDED): None,
    (T.SENT_BACK, T.ENDED): None,
}
TRANSFER_OPEN = frozenset({T.PROPOSED, T.APPROVED, T.DEPARTED, T.SENT_BACK})
ON_THE_ROAD = frozenset({T.DEPARTED, T.SENT_BACK})
KNOWN_AHEAD = frozenset({T.APPROVED, T.DEPARTED, T.SENT_BACK})  # to the receiving facility too


class ToldBy(TextChoices):
    """How a family was told of the new place."""

    PHONE = "phone", "电话"
    LETTER = "letter", "书面"
    IN_PERSON = "in_person", "当面"


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

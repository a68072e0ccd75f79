"""What two papers of the entry take: the health check with its body map, and the kept belongings."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    FRONT = "front"
    BACK = "back"


@dataclass(frozen=True)
class Check:
    """One line of the 健康状况检查表: 体温, 血压, 过敏史 …"""

    item: str
    result: str
    remark: str = ""


@dataclass(frozen=True)
class Injury:
    """体表伤情: where on the figure, and what. `x`, `y` in hundredths of its width and height."""

    side: Side
    x: int
    y: int
    part: str  # 右前臂
    kind: str  # 擦伤
    size: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        if not (0 <= self.x <= 100 and 0 <= self.y <= 100):
            raise ValueError("an injury lies on the figure")


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """What 入所健康状况检查表 says; nothing sealed more strictly (HIV) belongs on it."""

    facility: str
    case_number: str
    name: str
    sex: str
    birth_on: date | None
    checked_at: datetime
    doctor: str
    checks: Sequence[Check]
    injuries: Sequence[Injury]
    conclusion: str
    escort: str = ""  # the officer who brought him, as he signed
    unsigned_by: Sequence[str] = ()  # who of escort and person did not sign this version
    signatures: str = ""  # of a correction that they did not sign: the version they signed
    unsigned: str = ""  # why somebody did not sign
    correction: str = ""  # 第 1 次更正

    def facts(self) -> dict[str, Any]:
        """For `documents.make(case, "health_check", …)`; the injuries are numbered in their order."""
        found = [{"number": at, **asdict(one)} for at, one in enumerate(self.injuries, start=1)]
        said = asdict(self) | {"checks": [asdict(one) for one in self.checks], "injuries": found}
        return {key: value for key, value in said.items() if value != ""}


class Disposal(StrEnum):
    """条例第二十八条: what becomes of an item; what is needed for daily life stays with its owner."""

    KEPT = "代管"
    COLLECTED = "交家属"
    RETURNED = "留本人使用"
    CONFISCATED = "依法收缴"
    DESTROYED = "登记销毁"


@dataclass(frozen=True)
class Item:
    """One thing of the 物品代管清单."""

    name: str
    quantity: str  # 1部
    disposal: Disposal
    features: str = ""
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class Belongings:
    """What 物品代管清单 says; `cash` in capital numerals, the relative where something is collected."""

    facility: str
    case_number: str
    name: str
    sex: str
    registered_at: datetime
    items: Sequence[Item]
    cash: str = ""
    collector: str = ""
    relation: str = ""
    correction: str = ""  # 第 1 次更正

    def facts(self) -> dict[str, Any]:
        """For `documents.make(case, "belongings", …)`; without what there is not."""
        said = asdict(self) | {"items": [asdict(one) for one in self.items]}
        return {key: value for key, value in said.items() if value != ""}

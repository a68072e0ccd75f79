"""随身物品: what a register of them must hold, and the amount of cash in the words of a receipt."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from intake.rules.papers import Disposal, Item
from rehab import statutes
from rehab.refusal import Obstacle

BY_LAW = frozenset({Disposal.CONFISCATED, Disposal.DESTROYED})
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


@dataclass(frozen=True)
class Brought:
    """One item as it was found on him; `photo` is its picture, checked."""

    name: str
    quantity: str
    disposal: Disposal
    features: str = ""
    place: str = ""
    remark: str = ""
    photo: bytes | None = None

    def on_paper(self) -> Item:
        return Item(self.name, self.quantity, self.disposal, self.features, self.remark)


@dataclass(frozen=True, kw_only=True)
class Register:
    """Everything that was found on one person; empty where he brought nothing."""

    items: tuple[Brought, ...]
    nothing: bool = False  # said by the officer, so that an empty register is no slip
    cash: Decimal | None = None  # in yuan
    collector: str = ""
    relation: str = ""


def register_obstacles(register: Register) -> tuple[Obstacle, ...]:
    """Why a register may not be kept."""
    return tuple(_obstacles(register))


def _obstacles(register: Register) -> Iterator[Obstacle]:
    found = bool(register.items or register.cash)
    if not found and not register.nothing:
        yield Obstacle("物品还没有登记；没有随身物品的，请勾选“没有随身物品”")
    if found and register.nothing:
        yield Obstacle("已勾选“没有随身物品”，又登记了物品或者现金，请改正其中一项")
    for number, item in enumerate(register.items, start=1):
        if item.disposal is Disposal.KEPT and not item.place:
            yield Obstacle(
                f"第 {number} 件“{item.name}”由本所代管，请填写“存放处”", statutes.BELONGINGS
            )
        if item.disposal in BY_LAW and not item.remark:
            message = f"第 {number} 件“{item.name}”{item.disposal}，请在“备注”写明依据和批准人"
            yield Obstacle(message, statutes.BELONGINGS)
    collected = any(item.disposal is Disposal.COLLECTED for item in register.items)
    if collected and not (register.collector and register.relation):
        message = "有物品交家属领回，请填写“领取人”和“与本人关系”"
        yield Obstacle(message, statutes.BELONGINGS_SIGNED)


def in_capitals(yuan: Decimal) -> str:
    """叁佰贰拾元整: an amount as receipts write it; below a hundred million million."""
    fen = int(yuan * 100)
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_whole(whole)}元" if whole else ""
    if not jiao and not rest:
        return f"{words or '零元'}整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif words:
        words += "零"
    return words + (f"{_DIGITS[rest]}分" if rest else "整")


def _whole(number: int) -> str:
    """Digits with their places; a run of zeros inside is said once, at the end not at all."""
    words, gap = "", False
    for place, figure in reversed(list(enumerate(reversed(str(number))))):
        if figure != "0":
            words += ("零" if gap else "") + _DIGITS[int(figure)] + _PLACES[place % 4]
            gap = False
        else:
            gap = bool(words)
        if place % 4 == 0 and number // 10**place % 10_000:
            words += _GROUPS[place // 4]
            gap = False
    return words

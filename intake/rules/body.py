"""人形图: the regions of the body by which an injury is placed, the same on the page and on paper.

All measures are hundredths of the figure's width and height, as on 入所健康状况检查表. Right and left are
the person's own: on the front his right hand lies on the left of the figure.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from intake.rules.papers import Side

SIDES: Mapping[Side, str] = MappingProxyType({Side.FRONT: "正面", Side.BACK: "背面"})


@dataclass(frozen=True)
class Region:
    """One part of one side; its rectangle on the figure."""

    code: str
    side: Side
    label: str
    left: int
    top: int
    wide: int
    tall: int
    is_round: bool = False

    @property
    def x(self) -> int:
        """Where its mark stands."""
        return self.left + self.wide // 2

    @property
    def y(self) -> int:
        return self.top + self.tall // 2

    @property
    def half_wide(self) -> int:
        return self.wide // 2

    @property
    def half_tall(self) -> int:
        return self.tall // 2


_MIDDLE = {  # code: front, back, rectangle
    "head": ("头面部", "头枕部", (40, 0, 20, 13)),
    "neck": ("颈前", "颈后", (46, 13, 8, 4)),
    "belly": ("腹部", "腰部", (31, 32, 38, 12)),
    "hips": ("下腹、会阴", "臀部", (31, 44, 38, 8)),
}
_PAIRED = {  # code: front, back, rectangle on the left half of the figure
    "chest": ("胸", "肩背", (31, 17, 19, 15)),
    "upper_arm": ("上臂", "上臂后侧", (20, 17, 10, 17)),
    "forearm": ("前臂", "前臂后侧", (20, 34, 10, 18)),
    "hand": ("手", "手背", (18, 53, 12, 6)),
    "thigh": ("大腿", "大腿后侧", (33, 52, 15, 18)),
    "knee": ("膝", "腘窝", (33, 70, 15, 6)),
    "shin": ("小腿", "小腿后侧", (33, 76, 15, 16)),
    "foot": ("足", "足跟", (30, 93, 18, 5)),
}


def _regions() -> Iterator[Region]:
    for nth, side in enumerate(SIDES):
        for code, (*labels, box) in _MIDDLE.items():
            yield Region(f"{side}-{code}", side, labels[nth], *box, is_round=code == "head")
        for code, (*labels, (left, top, wide, tall)) in _PAIRED.items():
            mirrored = 100 - left - wide
            right, other = (left, mirrored) if side is Side.FRONT else (mirrored, left)
            yield Region(f"{side}-right_{code}", side, f"右{labels[nth]}", right, top, wide, tall)
            yield Region(f"{side}-left_{code}", side, f"左{labels[nth]}", other, top, wide, tall)


REGIONS: Mapping[str, Region] = MappingProxyType({one.code: one for one in _regions()})


def of_side(side: Side) -> tuple[Region, ...]:
    """The regions of one figure, from the head down."""
    return tuple(sorted((one for one in REGIONS.values() if one.side is side), key=_from_above))


def _from_above(region: Region) -> tuple[int, int]:
    return region.top, region.left

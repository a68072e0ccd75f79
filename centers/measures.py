"""体能测试的项目：what is measured, in which unit, and what a human being can plausibly reach.

The items are those common to the national physique standards; the ranges only catch slips of the hand.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Measure:
    """One item; `code` is its column."""

    code: str
    label: str
    unit: str
    lowest: Decimal
    highest: Decimal
    decimals: int = 1


MEASURES: tuple[Measure, ...] = (
    Measure("height_cm", "身高", "cm", Decimal(120), Decimal(220)),
    Measure("weight_kg", "体重", "kg", Decimal(30), Decimal(200)),
    Measure("vital_capacity_ml", "肺活量", "mL", Decimal(500), Decimal(9000), decimals=0),
    Measure("grip_kg", "握力", "kg", Decimal(1), Decimal(100)),
    Measure("sit_and_reach_cm", "坐位体前屈", "cm", Decimal(-30), Decimal(40)),
    Measure("steps_two_minutes", "二分钟原地高抬腿", "次", Decimal(0), Decimal(300), decimals=0),
)

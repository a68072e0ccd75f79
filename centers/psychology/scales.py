"""自评量表：their items, and the sum of their answers. No level of risk is drawn from a sum.

PHQ-9 and GAD-7 were developed by Spitzer, Williams, Kroenke and colleagues with a grant from Pfizer Inc.;
their publisher states that no permission is required to reproduce, translate, display or distribute them.
Scales that need a licence (SCL-90, EPQ, 16PF) are not shipped.

The Chinese wording is the one in common use: compared with the PHQ-9 that 中新网 printed on 2015-03-29 and the one
at xtxinli.com, the GAD-7 at hnhnkf.com, and several public code repositories for each. Those agree but for
commas and single words (好几天 or 有几天, 察觉 or 觉察); of two readings the one that stands in more of them was
taken. The publisher's own sheet could not be reached; compare it once before the scales are used in earnest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

ANSWERS = ("完全不会", "好几天", "一半以上的天数", "几乎每天")
LEAD = "在过去两周里，您有多少时候受到以下任何问题的困扰？"


@dataclass(frozen=True)
class Scale:
    """A scale whose items are all answered with one of `ANSWERS`, counted 0 to 3."""

    code: str
    title: str
    items: tuple[str, ...]

    @property
    def highest(self) -> int:
        return len(self.items) * (len(ANSWERS) - 1)

    def score(self, answers: Sequence[int]) -> int:
        """The sum. Raises `ValueError` when an item is unanswered or an answer is none of the four."""
        if len(answers) != len(self.items):
            raise ValueError(f"{self.code} has {len(self.items)} items, not {len(answers)}")
        if not all(0 <= answer < len(ANSWERS) for answer in answers):
            raise ValueError(f"{self.code}: an answer is none of the four")
        return sum(answers)


PHQ9 = Scale(
    "phq9",
    "PHQ-9 患者健康问卷",
    (
        "做事时提不起劲或没有兴趣",
        "感到心情低落、沮丧或绝望",
        "入睡困难、睡不安稳或睡眠过多",
        "感觉疲倦或没有活力",
        "食欲不振或吃太多",
        "觉得自己很糟，或觉得自己很失败，或让自己或家人失望",
        "对事物专注有困难，例如阅读报纸或看电视时",
        "动作或说话速度缓慢到别人已经察觉，或正好相反，烦躁或坐立不安、动来动去的情况更胜于平常",
        "有不如死掉或用某种方式伤害自己的念头",
    ),
)
GAD7 = Scale(
    "gad7",
    "GAD-7 广泛性焦虑量表",
    (
        "感觉紧张、焦虑或急切",
        "不能够停止或控制担忧",
        "对各种各样的事情担忧过多",
        "很难放松下来",
        "由于不安而无法静坐",
        "变得容易烦恼或急躁",
        "感到似乎将有可怕的事情发生而害怕",
    ),
)

SCALES: Mapping[str, Scale] = MappingProxyType({scale.code: scale for scale in (PHQ9, GAD7)})

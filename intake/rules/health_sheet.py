"""What 入所健康状况检查表 must hold before it is kept, and what it says on paper."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from intake.rules.body import REGIONS
from intake.rules.papers import Check, Injury
from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words

KINDS = (
    "擦伤", "挫伤、淤青", "裂伤、切割伤", "刺伤、针眼", "烧烫伤", "咬伤", "肿胀", "疑似骨折",
    "溃烂、感染", "陈旧瘢痕", "其他",
)  # fmt: skip
ESCORT, PERSON = "移送民警", "本人"  # who sign for the injuries
NEVER: Mapping[str, int] = MappingProxyType({})  # nobody signed an earlier version


@dataclass(frozen=True)
class Found:
    """One injury as it was seen: on which region, what, how large."""

    region: str
    kind: str
    size: str = ""
    description: str = ""
    photo: bytes | None = None

    def kept(self) -> dict[str, str]:
        """What the sheet keeps of it; its photo lies apart."""
        return {
            "region": self.region, "kind": self.kind, "size": self.size,
            "description": self.description,
        }  # fmt: skip

    def on_paper(self) -> Injury:
        """The same with its place on the figure."""
        region = REGIONS[self.region]
        return Injury(
            region.side, region.x, region.y, region.label, self.kind, self.size, self.description
        )


@dataclass(frozen=True)
class Escort:
    """移送民警: who signed for the injuries, and when."""

    name: str
    badge: str
    signed_at: datetime

    def words(self) -> str:
        return f"{self.name}（警号 {self.badge}），{moment_words(self.signed_at)}签名"


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What the physician wrote, and who signed."""

    findings: tuple[Check, ...]
    injuries: tuple[Found, ...]
    conclusion: str
    escort: Escort | None
    signed_by_person: bool
    why_unsigned: str = ""

    @property
    def unsigned_by(self) -> tuple[str, ...]:
        """Those who did not sign this version."""
        signed = {ESCORT: self.escort is not None, PERSON: self.signed_by_person}
        return tuple(who for who, did in signed.items() if not did)

    def kept(self) -> dict[str, Any]:
        """What the row keeps sealed, as plain values."""
        return {
            "findings": [asdict(one) for one in self.findings],
            "injuries": [one.kept() for one in self.injuries],
            "conclusion": self.conclusion,
            "escort": {"name": self.escort.name, "badge": self.escort.badge}
            if self.escort
            else None,
            "why_unsigned": self.why_unsigned or None,
        }


def signatures_elsewhere(unsigned_by: tuple[str, ...], signed_on: Mapping[str, int]) -> str:
    """What a correction says in place of signatures that were not given for it."""
    if not unsigned_by:
        return ""
    alone = f"本版更正未经{'、'.join(unsigned_by)}签名"
    earlier = {who: signed_on[who] for who in unsigned_by if who in signed_on}
    if len(earlier) == 2 and len(set(earlier.values())) == 1:
        return f"签名见第 {earlier[ESCORT]} 版；{alone}"
    told = "，".join(f"{who}签名见第 {version} 版" for who, version in earlier.items())
    return f"{told}；{alone}" if told else alone


def sheet_obstacles(
    sheet: Sheet, *, at: datetime, signed_on: Mapping[str, int] = NEVER
) -> tuple[Obstacle, ...]:
    """Why a sheet may not be kept; `signed_on` is the earlier version that each signed last."""
    return tuple(_obstacles(sheet, at, signed_on))


def _obstacles(sheet: Sheet, at: datetime, signed_on: Mapping[str, int]) -> Iterator[Obstacle]:
    if not sheet.findings:
        yield Obstacle("检查项目至少填写一项", statutes.ENTRY_HEALTH_CHECK)
    if not sheet.conclusion:
        yield Obstacle("“检查结论”不能为空，请填写")
    if sheet.escort and sheet.escort.signed_at > at:
        yield Obstacle("“移送民警签名时间”晚于现在，请改正")
    missing = [who for who in sheet.unsigned_by if who not in signed_on]
    if sheet.injuries and missing and not sheet.why_unsigned:
        message = f"体表有伤，缺{'和'.join(missing)}的签名，请补签，或者写明“未签名的原因”"
        yield Obstacle(message, statutes.ENTRY_INJURY)

"""Who lives in the demo: nobody. Names say 示例; identity numbers begin with an area that does not exist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, product
from random import Random

from rehab.rules.identity import check_digit
from rehab.states import Sex

AREA = "9901"  # of no division, and in no roster
SURNAMES = tuple(
    "陈林黄郑何郭马罗梁宋谢唐韩冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
)
STEMS = "甲乙丙丁戊己庚辛壬癸"
PER_AREA = 500  # people told apart by the three figures of their order
DRUGS = ("甲基苯丙胺", "海洛因", "氯胺酮", "依托咪酯", "合成大麻素", "美沙酮", "大麻")
EDUCATION = ("小学", "初中", "初中", "初中", "高中", "中专", "大专")
ETHNICITIES = ("汉族", "汉族", "汉族", "汉族", "回族", "壮族", "苗族", "维吾尔族")


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    serial: int
    name: str
    sex: Sex
    birth_date: date
    id_number: str
    ethnicity: str
    education: str
    drug: str
    stay: int = 1  # who comes again keeps name and number

    @property
    def decision_number(self) -> str:
        """A series of its own, which no published roster uses."""
        again = f"-{self.stay}" if self.stay > 1 else ""
        return f"演公（禁）强戒决字〔示例〕{self.serial:05d}{again}号"


def invented(rng: Random) -> Iterator[tuple[str, int]]:
    """Names without end, each once, with a serial number."""
    serial = 0
    names = list(SURNAMES)
    for again in _stems():
        rng.shuffle(names)
        for surname in names:
            serial += 1
            yield f"{surname}示例{again}", serial


def _stems() -> Iterator[str]:
    """Nothing, 甲 to 癸, 甲甲, 甲乙 and so on."""
    for length in count():
        yield from map("".join, product(STEMS, repeat=length))


def person(
    rng: Random, name: str, serial: int, *, sex: Sex, on: date, minor: bool = False
) -> Invented:
    """Somebody of 20 to 52 on a day, or of 16 or 17 when a minor is wanted."""
    years = 17 if minor else rng.randint(20, 52)
    birth_date = date(on.year - years, 1, 1) + timedelta(days=rng.randint(0, 150))
    ethnicity = rng.choice(ETHNICITIES)
    if ethnicity == "维吾尔族":
        name = f"示例江·{name.replace('示例', '')}买提"
    return Invented(
        serial=serial,
        name=name,
        sex=sex,
        birth_date=birth_date,
        id_number=id_number(birth_date, sex, serial),
        ethnicity=ethnicity,
        education=rng.choice(EDUCATION),
        drug=rng.choice(DRUGS),
    )


def id_number(birth_date: date, sex: Sex, serial: int) -> str:
    """Eighteen characters with a true check digit, odd in the seventeenth place for men."""
    area, order = divmod(serial, PER_AREA)
    first = f"{AREA}{area:02d}{birth_date:%Y%m%d}{order * 2 + (sex == Sex.MALE):03d}"
    return first + check_digit(first)

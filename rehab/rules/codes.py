"""Code tables of the national standards and our own drug list, as data.

The drug list is ours (no standard could be confirmed): `official` waits for the mapping.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MALE, FEMALE = "1", "2"  # GB/T 2261.1
SEXES: Mapping[str, str] = MappingProxyType({"男": MALE, "女": FEMALE})

# GB/T 3304-1991, in the order of the standard: 01 to 56
ETHNICITIES: tuple[str, ...] = (
    "汉族", "蒙古族", "回族", "藏族", "维吾尔族", "苗族", "彝族", "壮族", "布依族", "朝鲜族",
    "满族", "侗族", "瑶族", "白族", "土家族", "哈尼族", "哈萨克族", "傣族", "黎族", "傈僳族",
    "佤族", "畲族", "高山族", "拉祜族", "水族", "东乡族", "纳西族", "景颇族", "柯尔克孜族", "土族",
    "达斡尔族", "仫佬族", "羌族", "布朗族", "撒拉族", "毛南族", "仡佬族", "锡伯族", "阿昌族",
    "普米族", "塔吉克族", "怒族", "乌孜别克族", "俄罗斯族", "鄂温克族", "德昂族", "保安族",
    "裕固族", "京族", "塔塔尔族", "独龙族", "鄂伦春族", "赫哲族", "门巴族", "珞巴族", "基诺族",
)  # fmt: skip

_ETHNICITY_CODES = {name: f"{n:02}" for n, name in enumerate(ETHNICITIES, start=1)}
_ETHNICITY_CODES |= {"其他": "97", "外国血统": "98"}

# GB/T 4658-2006, the levels, with the words that rosters use
EDUCATION_CODES: Mapping[str, str] = MappingProxyType(
    {
        "研究生": "10",
        "本科": "20",
        "大专": "30",
        "中专": "40",
        "高中": "60",
        "初中": "70",
        "小学": "80",
        "文盲": "90",
        "其他": "90",
    }
)


@dataclass(frozen=True)
class Drug:
    """A kind of drug of our own list; `official` is the police dictionary's code, once known."""

    code: str
    name: str
    official: str = ""


DRUGS: tuple[Drug, ...] = (
    Drug("01", "海洛因"),
    Drug("02", "鸦片"),
    Drug("03", "吗啡"),
    Drug("04", "甲基苯丙胺"),
    Drug("05", "甲基苯丙胺(片剂)"),
    Drug("06", "MDMA"),
    Drug("07", "氯胺酮"),
    Drug("08", "大麻"),
    Drug("09", "合成大麻素"),
    Drug("10", "可卡因"),
    Drug("11", "芬太尼类"),
    Drug("12", "依托咪酯"),
    Drug("13", "美沙酮"),
    Drug("14", "杜冷丁"),
    Drug("15", "曲马多"),
    Drug("16", "丁丙诺啡"),
    Drug("17", "三唑仑/地西泮"),
    Drug("18", "γ-羟丁酸"),
    Drug("19", "麦角二乙胺"),
    Drug("20", "氟胺酮"),
    Drug("99", "其他"),
)

_DRUGS_BY_NAME = {drug.name.upper(): drug for drug in DRUGS}
_DRUGS_BY_NAME |= {
    name: _DRUGS_BY_NAME["三唑仑/地西泮"]
    for name in _DRUGS_BY_NAME["三唑仑/地西泮"].name.split("/")
}


def ethnicity_code(name: str) -> str | None:
    """GB/T 3304 code of 汉族 or 汉; None when the table does not hold the word."""
    return _ETHNICITY_CODES.get(name) or _ETHNICITY_CODES.get(f"{name}族")


def education_code(name: str) -> str | None:
    """GB/T 4658 code of the word a roster uses; None when the table does not hold it."""
    return EDUCATION_CODES.get(name)


def drug_of(name: str) -> Drug | None:
    """The drug of that name, half-width brackets, any case; None when it is not in the table."""
    return _DRUGS_BY_NAME.get(name.upper())

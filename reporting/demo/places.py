"""Where the demo plays: a ministry, two provinces, four facilities, stations of three levels."""

from collections.abc import Mapping
from dataclasses import dataclass

from rehab.actions import setup
from rehab.actions.setup import RoomPlan, UnitPlan
from rehab.models import Bureau, Division, Facility, Station, Unit
from rehab.states import Sex, Stage

MALE, FEMALE = Sex.MALE, Sex.FEMALE


@dataclass(frozen=True)
class Places:
    """Everything that was founded, by its name in the demo."""

    ministry: Bureau
    provinces: Mapping[str, Bureau]
    facilities: Mapping[str, Facility]
    stations: Mapping[str, Station]

    def unit(self, code: str, name: str) -> Unit:
        """A 大队 of a facility."""
        return Unit.objects.select_related("zone", "facility").get(
            facility=self.facilities[code], name=name
        )


def both_sexes(men: int, women: int) -> list[RoomPlan]:
    """Areas of one 大队, apart: men, women, minors of either sex, isolation of either sex."""
    return [
        *_rooms("男区", MALE, men),
        *_rooms("女区", FEMALE, women),
        RoomPlan("未成年男区1", MALE, 4, for_minors=True),
        RoomPlan("未成年女区1", FEMALE, 4, for_minors=True),
        RoomPlan("男隔离1", MALE, 2, isolation=True),
        RoomPlan("女隔离1", FEMALE, 2, isolation=True),
    ]


def one_sex(sex: Sex, beds: int) -> list[RoomPlan]:
    """Areas of a 大队 for one sex alone."""
    area = "男区" if sex == MALE else "女区"
    return [
        *_rooms(area, sex, beds),
        RoomPlan("未成年区1", sex, 2, for_minors=True),
        RoomPlan("隔离1", sex, 2, isolation=True),
    ]


def _rooms(area: str, sex: Sex, beds: int) -> list[RoomPlan]:
    """Rooms of six beds."""
    return [
        RoomPlan(f"{area}{room}", sex, min(6, beds - 6 * (room - 1)))
        for room in range(1, (beds + 5) // 6 + 1)
    ]


def _first(scale: int) -> list[UnitPlan]:
    """The large facility, for both sexes."""
    return [
        UnitPlan("一大队", Stage.DETOX, both_sexes(66 * scale, 30 * scale)),
        UnitPlan("二大队", Stage.ADAPTATION, both_sexes(72 * scale, 30 * scale)),
        UnitPlan("三大队", Stage.CONSOLIDATION, both_sexes(120 * scale, 30 * scale)),
        UnitPlan("四大队", Stage.CONSOLIDATION, both_sexes(120 * scale, 30 * scale)),
        UnitPlan("五大队", Stage.REENTRY, both_sexes(60 * scale, 24 * scale)),
    ]


def _small(sex: Sex, scale: int) -> list[UnitPlan]:
    names = ("一大队", "二大队", "三大队", "四大队")
    return [
        UnitPlan(name, stage, one_sex(sex, 24 * scale))
        for name, stage in zip(names, Stage, strict=True)
    ]


def found(*, scale: int = 1) -> Places:
    """Found them all, with so many times the beds; they have no people yet."""
    ministry = setup.found_bureau(name="司法部戒毒管理局（示例）", level=Bureau.Level.MINISTRY)
    provinces = {
        name: setup.found_bureau(
            name=f"{name}戒毒管理局", level=Bureau.Level.PROVINCE, parent=ministry
        )
        for name in ("示例省", "样本省")
    }
    plans = (
        ("SL01", "示例省第一强制隔离戒毒所", "示一所", "示例省", _first(scale)),
        ("SL02", "示例省第二强制隔离戒毒所", "示二所", "示例省", _small(MALE, scale)),
        ("SL03", "示例省女子强制隔离戒毒所", "示女所", "示例省", _small(FEMALE, scale)),
        ("YB01", "样本省第一强制隔离戒毒所", "样一所", "样本省", _small(MALE, scale)),
    )
    facilities = {
        code: setup.found_facility(
            code=code,
            name=name,
            short_name=short_name,
            bureau=provinces[province],
            duty_phone="000-00000000",
            units=units,
        )
        for code, name, short_name, province, units in plans
    }
    return Places(ministry, provinces, facilities, _stations(provinces))


def _stations(provinces: Mapping[str, Bureau]) -> dict[str, Station]:
    """A 指导站 with a 工作站 and a 服务站 under it, and one 工作站 in the other province.

    They stand on divisions of GB/T 2260, because there are no invented ones.
    """
    cities = Division.objects.filter(level=Division.Level.PREFECTURE, children__isnull=False)
    first, second = cities.distinct().order_by("code")[2:4]
    guidance = _station("示例市后续照管指导站", Station.Level.GUIDANCE, first, provinces["示例省"])
    work = _station(
        "示例县后续照管工作站", Station.Level.WORK, _county(first), provinces["示例省"], guidance
    )
    service = _station(
        "示例街道后续照管服务站", Station.Level.SERVICE, _county(first), provinces["示例省"], work
    )
    other = _station("样本市后续照管指导站", Station.Level.GUIDANCE, second, provinces["样本省"])
    elsewhere = _station(
        "样本县后续照管工作站", Station.Level.WORK, _county(second), provinces["样本省"], other
    )
    return {
        "指导站": guidance,
        "工作站": work,
        "服务站": service,
        "样本指导站": other,
        "样本工作站": elsewhere,
    }


def _county(city: Division) -> Division:
    return city.children.order_by("code")[0]


def _station(
    name: str,
    level: Station.Level,
    division: Division,
    province: Bureau,
    parent: Station | None = None,
) -> Station:
    return setup.open_station(
        name=name,
        level=level,
        division=division,
        province=province,
        parent=parent,
        phone="000-00000000",
    )

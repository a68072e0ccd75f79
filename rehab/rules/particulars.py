"""Who somebody is, put right: what speaks against writing it so."""

from collections.abc import Iterator
from datetime import date

from rehab.refusal import Obstacle
from rehab.rules import identity
from rehab.rules.identity import BadIdentityNumber


def correction_obstacles(
    *, changed: bool, name: str, birth_date: date | None, reason: str, on: date
) -> tuple[Obstacle, ...]:
    """Why particulars may not be corrected, whatever they say."""
    obstacles = []
    if not changed:
        obstacles.append(Obstacle("没有改动任何一项，请改正后再提交"))
    if not name.strip():
        obstacles.append(Obstacle("“姓名”不能为空，请填写"))
    if birth_date and birth_date > on:
        obstacles.append(Obstacle(f"“出生日期” {birth_date} 晚于今日，请核对"))
    if not reason.strip():
        obstacles.append(Obstacle("“更正理由”不能为空，请写明依据的证件或者文书"))
    return tuple(obstacles)


def identity_obstacles(
    *, id_number: str | None, sex: str, birth_date: date | None
) -> Iterator[Obstacle]:
    """Where the citizen number contradicts itself, the sex or the birth date."""
    if id_number is None:
        return
    try:
        number = identity.identity_number(id_number)
    except BadIdentityNumber as bad:
        yield Obstacle(str(bad))
        return
    if number.sex != sex:
        yield Obstacle("“性别”与公民身份号码第 17 位不符，请核对")
    if birth_date and birth_date != number.birth_date:
        yield Obstacle(f"“出生日期”与公民身份号码不符，号码中为 {number.birth_date}")


def elsewhere_obstacle(*, facility: str, duty_phone: str, is_open: bool) -> Obstacle:
    """Whose papers are the newest puts them right."""
    when = "现在" if is_open else "此后又在"
    return Obstacle(
        f"此人{when}{facility}收治，请联系其值班电话 {duty_phone or '未登记'}，由该所更正"
    )

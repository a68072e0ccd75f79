"""Who may not be received, and what must be asked at the gate before someone is.

Only what an officer can know at two in the morning is asked; what is not known yet is None.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta

from rehab import statutes
from rehab.refusal import Caution, Obstacle
from rehab.rules import codes, persons
from rehab.rules.term import is_beyond_two_years, printed_end_caution

POLICE_PHASE_MONTHS = (3, 6)  # 戒毒条例第二十七条
POLICE_PHASE_CAP_MONTHS = 12
SEARCH_OFFICERS = 2


@dataclass(frozen=True, kw_only=True)
class ReceptionFacts:
    """What is known at the gate; None is not known, or not done yet."""

    on: date
    has_decision: bool  # 决定书 of a county-level or higher police organ, or a voluntary agreement
    decided_on: date | None
    starts_on: date | None = None  # as printed on the decision
    ends_on: date | None  # as printed on the decision
    ends_on_anniversary: bool = (
        False  # the province recorded that its decisions print the anniversary
    )
    is_the_person: bool  # the person at the gate is the one whom the decision names
    has_id_number: bool
    has_other_document: bool = False
    sex: str  # codes.MALE or codes.FEMALE
    birth_date: date | None
    pregnant: bool = False
    nursing_infant: bool = False  # her own child under one year
    pregnancy_tested: bool = False
    serious_illness: bool = False  # staying in may endanger life
    health_checked: bool = False
    injured: bool = False
    injury_signed_by_escort: bool = False
    injury_signed_by_person: bool = False
    search_officers: int | None = None
    searched_by_woman: bool | None = None
    sole_carer: bool = False  # of a minor, or of someone who cannot live alone
    has_relative: bool = True


def reception_obstacles(facts: ReceptionFacts) -> tuple[Obstacle, ...]:
    """Why the person may not be received. Empty means he may."""
    return tuple(_obstacles(facts))


def reception_cautions(facts: ReceptionFacts) -> tuple[Caution, ...]:
    """What must be answered before the person is received; the codes are unique."""
    return (
        *_about_identity(facts),
        *_about_the_term(facts),
        *_about_age(facts),
        *_about_health(facts),
        *_about_the_search(facts),
        *_about_the_family(facts),
    )


def _obstacles(facts: ReceptionFacts) -> Iterator[Obstacle]:
    if not facts.has_decision:
        message = "没有县级以上公安机关的强制隔离戒毒决定书，也没有自愿戒毒协议"
        yield Obstacle(message, statutes.DECISION_GROUNDS)
    if not facts.is_the_person:
        yield Obstacle("到场人员与决定书所载不是同一人", statutes.ENTRY_HEALTH_CHECK)
    if facts.pregnant:
        yield Obstacle("怀孕的妇女不适用强制隔离戒毒，不予接收", statutes.NOT_APPLICABLE)
    if facts.nursing_infant:
        message = "正在哺乳自己不满一周岁婴儿的妇女不适用强制隔离戒毒，不予接收"
        yield Obstacle(message, statutes.NOT_APPLICABLE)
    if facts.ends_on and facts.ends_on < facts.on:
        yield Obstacle(f"强制隔离戒毒期限已于 {facts.ends_on} 届满", statutes.TWO_YEAR_TERM)
    if facts.decided_on and facts.decided_on > facts.on:
        yield Obstacle(f"决定日期 {facts.decided_on} 晚于今日，请核对决定书")
    if facts.sex == codes.FEMALE and facts.searched_by_woman is False:
        message = "女性的身体检查须由女性工作人员进行，请重新安排并登记"
        yield Obstacle(message, statutes.FEMALE_SEARCH)


def _about_identity(facts: ReceptionFacts) -> Iterator[Caution]:
    if not facts.has_id_number and not facts.has_other_document:
        message = "身份不明：没有公民身份号码，也没有其他证件，请记明核查情况"
        yield Caution("identity_unknown", message, statutes.DECISION_SERVED)


def _about_the_term(facts: ReceptionFacts) -> Iterator[Caution]:
    if facts.ends_on == facts.on:
        message = "今日是期限的最后一日，接收后当日应当解除"
        yield Caution("ends_today", message, statutes.RELEASE_ON_EXPIRY)
    if facts.decided_on is None:
        return
    if facts.starts_on not in (None, facts.decided_on):
        message = f"期限起日 {facts.starts_on} 与决定日期 {facts.decided_on} 不一致，请核对决定书"
        yield Caution("printed_start_differs", message, statutes.TERM_STARTS)
    if (
        facts.ends_on is not None
        and not facts.ends_on_anniversary
        and not is_beyond_two_years(facts.decided_on, facts.ends_on)
    ):
        yield from printed_end_caution(decided_on=facts.decided_on, printed_ends_on=facts.ends_on)
    yield from _about_the_police_phase(facts.decided_on, facts.on)


def _about_the_police_phase(decided_on: date, on: date) -> Iterator[Caution]:
    """在公安机关场所执行三个月至六个月，最长十二个月；以日历月计。"""
    shortest, longest = POLICE_PHASE_MONTHS
    if on < decided_on + relativedelta(months=shortest):
        message = f"在公安机关场所执行不满 {shortest} 个月，请核对省级移送安排"
        yield Caution("police_phase_short", message, statutes.POLICE_PHASE)
    elif on > decided_on + relativedelta(months=POLICE_PHASE_CAP_MONTHS):
        message = f"在公安机关场所执行超过 {POLICE_PHASE_CAP_MONTHS} 个月，应当书面通知移送机关"
        yield Caution("police_phase_over_cap", message, statutes.POLICE_PHASE)
    elif on > decided_on + relativedelta(months=longest):
        message = f"在公安机关场所执行超过 {longest} 个月，请核对省级移送安排"
        yield Caution("police_phase_long", message, statutes.POLICE_PHASE)


def _about_age(facts: ReceptionFacts) -> Iterator[Caution]:
    if facts.birth_date is None:
        message = "出生日期不明，不能判断是否成年"
        yield Caution("age_unknown", message, statutes.SEPARATION)
    elif persons.is_exemptible(facts.birth_date, facts.on):
        message = "不满十六周岁，可以不适用强制隔离戒毒，请决定机关书面确认"
        yield Caution("under_sixteen", message, statutes.NOT_APPLICABLE)
    elif persons.is_minor(facts.birth_date, facts.on):
        message = "未成年人：安排在未成年人区域，由专门人员管理，以监护人为联系人"
        yield Caution("minor", message, statutes.MINORS_CASES)


def _about_health(facts: ReceptionFacts) -> Iterator[Caution]:
    if not facts.health_checked:
        message = "尚未进行入所健康检查，须说明原因并尽快完成"
        yield Caution("health_unchecked", message, statutes.ENTRY_HEALTH_CHECK)
    if facts.sex == codes.FEMALE and not (facts.pregnancy_tested or facts.pregnant):
        yield Caution("pregnancy_untested", "女性尚未进行妊娠检查", statutes.PREGNANCY_TEST)
    if facts.serious_illness:
        message = "患严重疾病，留所可能危及生命：请先就医，由医疗意见决定接收或者所外就医"
        yield Caution("serious_illness", message, statutes.MEDICAL_LEAVE)
    if facts.injured and not (facts.injury_signed_by_escort and facts.injury_signed_by_person):
        yield Caution("injury_unsigned", _missing_signatures(facts), statutes.ENTRY_INJURY)


def _missing_signatures(facts: ReceptionFacts) -> str:
    missing = [
        who
        for who, signed in (
            ("移送民警", facts.injury_signed_by_escort),
            ("本人", facts.injury_signed_by_person),
        )
        if not signed
    ]
    return f"体表有伤，缺{'和'.join(missing)}的签字确认"


def _about_the_search(facts: ReceptionFacts) -> Iterator[Caution]:
    if facts.search_officers is None:
        message = "尚未进行人身和物品检查，须说明原因并尽快完成"
        yield Caution("not_searched", message, statutes.ENTRY_SEARCH)
    elif facts.search_officers < SEARCH_OFFICERS:
        message = f"人身和物品检查应当由 {SEARCH_OFFICERS} 名以上民警进行"
        yield Caution("one_searcher", message, statutes.TWO_SEARCHERS)


def _about_the_family(facts: ReceptionFacts) -> Iterator[Caution]:
    if not facts.has_relative:
        message = "没有可以通知的家属，请记明原因"
        yield Caution("nobody_to_notify", message, statutes.FAMILY_NOTICE)
    if facts.sole_carer:
        message = "家中有由其独自照料的人：请问明公安机关是否已通知街道，未通知的立即通知"
        yield Caution("sole_carer", message)

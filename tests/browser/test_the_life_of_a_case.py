"""What the law lets happen to a person between the decision and release, played in a real browser.

Each play is a man of his own in one facility; the officers whose acts they are sign in at desks of their own.
"""

from contextlib import ExitStack
from datetime import date, timedelta
from functools import cached_property

import pytest
from django.db import connection

from aftercare.models import Release
from centers.states import AssessmentKind
from rehab import clock, scope
from rehab.clock import standing_at
from rehab.models import Case, Document
from rehab.rules.identity import check_digit
from rehab.states import CaseStatus, Stage
from tests.browser.desk import Album, ScreenDesk
from tests.factories import centers as made
from tests.factories import rehab as make
from tests.factories import zones as rooms

ENDS = date(2028, 5, 31)  # of the decision that everybody here was served
YEAR = date(2027, 6, 2)
HOSPITAL = "示例医院"
NAMES = ("示例逃", "示例病", "示例早", "示例延", "示例转", "示例故", "示例院")


class House:
    """A facility with its officers; another in the same province."""

    def __init__(self, site):
        self.site, self.stack = site, ExitStack()
        self.album = self.pages = None
        self.stand(date(2026, 11, 21))
        self.here, self.there = make.facility("SL01", beds=20), make.facility("SL02", beds=5)
        rooms.set_rules(at=make.NOON)
        self.staff = made.Staff(self.here)
        made.rules(self.here.province, by=self.staff.assessor)
        self.cases = {name: self._receive(name, at) for at, name in enumerate(NAMES)}

    def officer(self, role, place=None):
        return make.officer(role, place or self.here)

    @cached_property
    def intake(self):
        return self.officer("intake_officer")

    @cached_property
    def zone(self):
        return self.officer("zone_officer", make.unit(self.here, Stage.DETOX))

    @cached_property
    def leader(self):
        return self.officer("facility_leader")

    def stand(self, day):
        """Noon of a day for what is prepared; the site's business day is the same."""
        self.stack.enter_context(standing_at(make.at(day.year, day.month, day.day)))
        shift = (day - clock.day_of(clock.real_now())).days * 86_400
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM rehab_democlock")
            cursor.execute("INSERT INTO rehab_democlock (id, seconds) VALUES (1, %s)", [shift])

    def _receive(self, name, serial):
        """Somebody with an identity number, in 生理脱毒区."""
        digits = f"999999199001010{serial:02d}"
        number = digits + check_digit(digits)
        person = make.person_facts(name=name, id_number=number, other_document=None)
        return make.case(self.here, person=person)

    def sit(self, user):
        """A desk where he has signed in."""
        desk = ScreenDesk(self.pages.open(), self.site.url, self.album, user.role)
        desk.sign_in(user.username, make.PASSWORD)
        return desk


@pytest.fixture(scope="module")
def built(shared_site):
    with scope.within(make.EVERYTHING):
        house = House(shared_site)
        with house.stack:
            yield house


@pytest.fixture
def house(built, pages, shots):
    built.pages, built.album = pages, Album(shots / "the life of a case", asks_axe=False)
    with scope.within(make.EVERYTHING):
        yield built
    assert built.album.findings == []


def moment(day, words="00:01"):
    return f"{day.isoformat()}T{words}"


def again(case):
    return Case.objects.get(pk=case.pk)


def leave(desk, case, kind, day, **more):
    """离所登记."""
    desk.go(f"/intake/cases/{case.number}/departure/")
    desk.submit(
        "登记离所", {"事由": kind, "离所时间": moment(day), **{k: str(v) for k, v in more.items()}}
    )


def release(house, case, day):
    """At the gate, with the papers and a second officer."""
    house.stand(day)
    second = house.officer("intake_officer")
    desk = house.sit(house.intake)
    desk.go(f"/aftercare/releases/{case.number}/gate/")
    desk.submit(
        "确认解除",
        {
            "决定书文号": again(case).decision.number,
            "身份证件号码": again(case).person.id_number,
            "人像比对": "没有照片，未比对",
            "没有比对人像的原因": "示例：未留存照片",
            "第二名民警": second.display_name,
        },
    )
    assert again(case).status == CaseStatus.RELEASED, desk.text
    return desk


def test_an_escape_and_the_days_that_do_not_count(house):
    """Two whole days outside: the last day moves only when a second officer has confirmed the proof."""
    case, day = house.cases["示例逃"], date(2027, 3, 1)
    house.stand(day)
    gate = house.sit(house.intake)
    leave(gate, case, "脱逃", day, 去向="示例县公安局", 通知公安机关时间=moment(day, "00:02"))
    assert again(case).status == CaseStatus.ESCAPED
    gate.go(f"/cases/{case.number}/")
    assert "脱逃" in gate.text

    house.stand(day + timedelta(days=3))
    gate.go(f"/intake/cases/{case.number}/return/")
    gate.submit(
        "办理回所",
        {
            "回所时间": moment(day + timedelta(days=3)),
            "送回人": "示例县公安局 示例警官",
            "追回时间": moment(day + timedelta(days=3)),
            "公安机关接报回执": "示公接〔2027〕1号",
            "本人陈述脱逃起止时间属实": True,
        },
    )
    back = again(case)
    assert (back.status, back.ends_on) == (CaseStatus.IN_FACILITY, ENDS), gate.text

    leader = house.sit(house.leader)
    leader.go("/intake/escapes/")
    leader.follow(case.person.name)
    leader.submit("确认")
    assert again(case).ends_on == ENDS + timedelta(days=2), leader.text
    leader.go(f"/cases/{case.number}/")
    assert "《戒毒条例》第三十二条" in leader.text
    assert "2028-06-02" in leader.text


def test_medical_leave_ends_in_community_rehabilitation(house):
    case, day = house.cases["示例病"], date(2027, 4, 1)
    house.stand(day)
    leader, other = house.sit(house.leader), house.officer("facility_leader")
    leader.go(f"/zones/cases/{case.number}/leave/")
    leader.submit("批准所外就医", {"批准文号": "示戒医〔2027〕1号", "就医医院": HOSPITAL})
    assert again(case).status == CaseStatus.MEDICAL_LEAVE, leader.text

    house.stand(day + timedelta(days=30))
    physician = house.sit(house.staff.clinician)
    physician.go(f"/aftercare/conversions/{case.number}/")
    physician.follow("提请变更")
    physician.submit("提请变更", {"诊断机构": HOSPITAL, "病情和理由": "示例：长期卧床，不宜回所"})
    assert physician.status == 200, physician.text

    second = house.sit(other)
    second.go(f"/aftercare/conversions/{case.number}/")
    second.follow("审批报送")
    second.submit("报送", {"收到日期": str(day + timedelta(days=30)), "签收人": "示例市公安局"})
    house.stand(day + timedelta(days=33))
    second.go(f"/aftercare/conversions/{case.number}/")
    second.follow("登记决定")
    second.submit(
        "登记决定",
        {
            "变更为社区戒毒": True,
            "决定文号": "示公变〔2027〕1号",
            "决定日期": str(day + timedelta(days=33)),
        },
    )
    assert again(case).status == CaseStatus.CONVERTED, second.text


def test_an_early_release_to_which_he_objects(house):
    """Two assessors and the committee, the notice, his objection and who reviews it, the leader, the organ."""
    case = house.cases["示例早"]
    committee = [house.officer("committee_member") for _ in range(2)]
    with standing_at(make.at(YEAR.year, YEAR.month, YEAR.day)):
        made.assessed(case, house.staff, AssessmentKind.ONE_YEAR, at=clock.now())
    house.stand(YEAR)
    second_assessor = house.officer("assessor")
    page = f"/centers/opinions/{case.number}/"

    proposer = house.sit(house.staff.assessor)
    proposer.go("/centers/opinions/")
    assert case.number in proposer.text
    proposer.go(page)
    proposer.submit("提出意见", {"意见": "提前解除", "建议月数": 3, "理由": "示例：各项良好"})
    with_them = house.sit(second_assessor)
    with_them.go(page)
    with_them.submit(
        "登记讨论",
        {
            "同意，公示": True,
            "讨论日期": str(YEAR),
            "公示起始日": str(YEAR),
            **{
                f"{one.display_name} ·": True
                for one in (house.staff.assessor, second_assessor, committee[0])
            },
            "讨论情况": "示例：一致同意",
        },
    )
    objects = house.sit(house.zone)
    objects.go(page)
    objects.page.locator("summary", has_text="登记异议").click()
    objects.submit("登记异议", {"提出时间": moment(YEAR), "异议内容": "示例：建议的月数太少"})
    leader = house.sit(house.leader)
    house.stand(YEAR + timedelta(days=6))
    leader.go(page)
    leader.submit("审批", {"审批": "同意，制作意见书"})
    assert leader.status == 422
    assert "本人的异议有 1 件没有复核" in leader.text

    reviewer = house.sit(committee[1])
    reviewer.go(page)
    reviewer.submit("登记复核", {"复核结果": "异议不成立", "复核意见": "示例：月数合乎规定"})
    assert reviewer.status == 200, reviewer.text
    reply = Document.objects.filter(template="opinion_reply").latest("made_at")
    proposer.go(f"/documents/{reply.pk}/service/")
    proposer.submit("登记", {"本人": True, "签收人": case.person.name})
    leader.go(page)
    leader.submit("审批", {"审批": "同意，制作意见书"})
    assert leader.status == 200, leader.text
    proposer.go(page)
    proposer.submit("登记报送", {"报送日期": str(YEAR + timedelta(days=6))})
    proposer.submit(
        "登记签收", {"收到日期": str(YEAR + timedelta(days=6)), "签收人": "示例市公安局"}
    )
    ends, decided = date(2028, 2, 29), YEAR + timedelta(days=6)
    proposer.submit(
        "登记决定",
        {
            "批准": True,
            "决定文号": "示公早〔2027〕1号",
            "决定日期": str(decided),
            "决定的期满日": str(ends),
        },
    )
    assert again(case).ends_on == ENDS, proposer.text  # decided, and not served yet

    serve(house, case, 提前解除=True, 提前解除的期满日=str(ends), on=decided)
    assert again(case).ends_on == ends


def serve(house, case, *, on, **paper):
    """登记送达: recorded by one, confirmed by another."""
    clerk = house.sit(house.staff.assessor)
    clerk.go(f"/aftercare/cases/{case.number}/term-decisions/new/")
    clerk.submit(
        "登记",
        {
            **paper,
            "决定书文号": f"示公期〔2027〕{case.number[-2:]}号",
            "决定机关": "示例市公安局",
            "决定日期": str(on),
            "收到日期": str(on),
            "送达本人日期": str(on),
            "送达人": "示例警官",
        },
    )
    assert again(case).ends_on == ENDS, clerk.text  # one officer alone moves nothing
    leader = house.sit(house.leader)
    leader.go("/aftercare/term-decisions/")
    leader.follow(case.person.name)
    leader.follow("核对后确认")
    leader.submit("确认")


def test_an_extension_that_was_served(house):
    case, day = house.cases["示例延"], date(2028, 5, 1)
    house.stand(day)
    serve(house, case, 延长期限=True, 延长月数=6, on=day)
    assert again(case).ends_on == date(2028, 11, 30)


def test_a_transfer_to_another_facility(house):
    case, day = house.cases["示例转"], date(2027, 5, 1)
    house.stand(day)
    gate_there = house.officer("intake_officer", house.there)
    asks = house.sit(house.zone)
    asks.go(f"/zones/cases/{case.number}/transfer/")
    asks.submit(
        "提请转所", {"接收场所": house.there.name, "事由": "就近", "计划移交日期": str(day)}
    )
    leader = house.sit(house.leader)
    leader.go("/zones/transfers/")
    leader.follow(case.person.name)
    leader.follow("审批")
    leader.submit("批准")
    gate = house.sit(house.intake)
    gate.go("/zones/transfers/")
    gate.follow(case.person.name)
    gate.follow("移交")
    gate.submit("移交", {"押送民警": "示例警官", "已告知本人": True})
    assert again(case).status == CaseStatus.IN_TRANSIT, gate.text

    there = house.sit(gate_there)
    there.go("/zones/transfers/")
    there.follow(case.person.name)
    there.follow("接收")
    there.submit("接收")
    moved = again(case)
    assert (moved.facility, moved.status) == (house.there, CaseStatus.IN_FACILITY), there.text
    assert moved.ends_on == ENDS
    gate.page.goto(f"{gate.url}/cases/{case.number}/")
    assert "示例转" not in gate.text


def test_a_death(house):
    case, day = house.cases["示例故"], date(2027, 7, 1)
    house.stand(day)
    gate = house.sit(house.intake)
    gate.go(f"/aftercare/deaths/{case.number}/record/")
    gate.submit(
        "登记死亡",
        {
            "死亡时间": moment(day), "得知时间": moment(day, "00:02"), "死亡地点": HOSPITAL,
            "认定人": "示例医师", "死亡经过": "示例：抢救无效",
        },
    )  # fmt: skip
    leader = house.sit(house.leader)
    leader.go(f"/aftercare/deaths/{case.number}/")
    leader.submit("确认死亡登记")
    assert again(case).status == CaseStatus.DIED, leader.text


def test_the_last_day_in_a_hospital(house):
    """Under escort in a ward: he is released from there on the day, and no return is waited for."""
    case = house.cases["示例院"]
    house.stand(ENDS - timedelta(days=1))
    gate = house.sit(house.intake)
    leave(
        gate, case, "离所就医", ENDS - timedelta(days=1), 预计返回日=ENDS + timedelta(days=9),
        去向=HOSPITAL, 押送民警="示例警官",
    )  # fmt: skip
    release(house, case, ENDS)
    assert Release.objects.get(case=case).released_at

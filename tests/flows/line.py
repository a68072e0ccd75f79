"""One person's whole way, from the line of a roster to the last contact, as sentences of officers.

The same script is walked twice: through Django's test client (`tests/flows`), where every step is held
against the ledgers, and in a real browser (`tests/browser`), where every page is looked at.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

from centers.psychology.scales import PHQ9
from centers.states import AssessmentKind, DetoxCriterion, SocialCriterion

ROSTERS = Path(__file__).parents[1] / "data"
CLEAN = ROSTERS / "roster-60-clean.xlsx"
MESSY = ROSTERS / "roster-90-messy.xlsx"
AS_OF = date(2026, 11, 21)
MONTHS = [date(2027 + n // 12, n % 12 + 1, 1) for n in range(15)]  # 2027-01 to 2028-03
HALF_WAY = date(2027, 6, 1)  # the month after which a year is over
NUMBER = re.compile(r"SL01-[0-9]{4}-[0-9]{4}")


class Hands(Protocol):
    """What an officer does at a desk; `tests.flows.desk` and `tests.browser.desk` do it."""

    text: str
    path: str
    status: int

    def go(self, path: str) -> None: ...
    def follow(self, words: str, *, near: str = "") -> None: ...
    def fetch(self, words: str) -> bytes: ...
    def submit(
        self, button: str, fields: dict[str, Any] | None = None, *, near: str = ""
    ) -> None: ...
    def offers(self, button: str, *, near: str = "") -> bool: ...


class House(Protocol):
    """Where the officers sit, and the day they stand on."""

    def desk(self, key: str) -> Hands: ...
    def day(self, on: date) -> None: ...


@dataclass
class Person:
    """Somebody of the roster, as the papers have him."""

    name: str
    id_number: str
    decision_number: str
    decided_on: date
    ends_on: date
    number: str = ""  # of his case, once there is one


FIRST = Person(  # line 4 of the clean roster
    name="彭敏绍",
    id_number="140271200006060391",
    decision_number="示公(禁)强戒决字〔2026〕210001号",
    decided_on=date(2026, 6, 25),
    ends_on=date(2028, 6, 24),
)


def second_of_next(month: date) -> date:
    """The second day of the month after."""
    return (month + timedelta(days=31)).replace(day=2)


RECEPTION = {  # what the officer on duty sees and ticks at the gate
    "已收到强制隔离戒毒决定书": True,
    "到场人员就是决定书所载的人": True,
    "已作入所健康检查": True,
    "检查民警": "王警官",
    "第二名检查民警": "李警官",
    "生理脱毒区床位": "男）",
}


MEASURED = {
    "身高": "172.0", "体重": "65.5", "肺活量": 3600, "握力": "41.2", "坐位体前屈": "8.5",
    "二分钟原地高抬腿": 118,
}  # fmt: skip


@dataclass
class Line:
    """The way of one person through a house."""

    house: House
    person: Person

    # The whole way ----------------------------------------------------------------------------

    def walk(self) -> Iterator[str]:
        """From the roster to the first contact, on days that suit the rules of the demo's province.

        Yields the name of each stretch when it is done.
        """
        self.import_roster()
        self.admit()
        yield "admitted"
        self.complete_entry()
        yield "settled in"

        self.house.day(date(2026, 12, 2))
        self.detox()
        self.assess(AssessmentKind.DETOX)
        yield "detoxified"
        self.move(sender=1, receiver=2)
        yield "in 教育适应区"

        self.house.day(date(2027, 1, 4))
        self.entry_education(date(2027, 1, 3))
        self.screening()
        self.fitness(date(2027, 1, 4))
        self.assess(AssessmentKind.ADAPTATION)
        self.move(sender=2, receiver=3)
        yield "in 康复巩固区"

        for month in MONTHS:
            self.house.day(second_of_next(month))
            self.conduct(f"{month:%Y-%m}", zone=3)
            yield f"marked {month:%Y-%m}"
            if month == HALF_WAY:
                self.social(zone=3)
                self.assess(AssessmentKind.ONE_YEAR, 身心康复="合格")
                yield "assessed after a year"

        self.house.day(date(2028, 4, 20))
        self.assess(AssessmentKind.CONSOLIDATION, 身心康复="合格")
        self.move(sender=3, receiver=5)
        yield "in 回归指导区"

        self.house.day(date(2028, 5, 2))
        self.conduct("2028-04", zone=5)
        self.assess(AssessmentKind.PRE_EXPIRY, 身心康复="合格")
        yield "assessed before the end"
        self.house.day(date(2028, 6, 2))
        self.conduct("2028-05", zone=5)
        self.offer_agreement(zone=5)
        self.prepare(zone=5)
        self.house.day(self.person.ends_on - timedelta(days=4))
        self.notify()
        yield "announced"

        self.house.day(self.person.ends_on)
        yield "on the last day"
        self.release()
        yield "released"
        self.sign_agreement()
        self.house.day(self.person.ends_on + timedelta(days=3))
        self.contact()
        yield "looked after"

    # The front door ---------------------------------------------------------------------------

    def import_roster(self, file: Path = CLEAN) -> None:
        """The file is checked line by line, then its people are expected."""
        desk = self.house.desk("intake1")
        desk.go("/intake/rosters/")
        desk.follow("上传名册")
        desk.submit("上传并核对", {"名册文件": file, "名册日期": AS_OF.isoformat()})
        assert "尚未写入任何人员" in desk.text, desk.text

        desk.submit("导入待收名单")

        assert "名册回执" in desk.text, desk.text

    def admit(self, *, by: str = "intake1", changed: dict[str, Any] | None = None) -> None:
        """今日待收 → 收治登记 → 档案."""
        desk = self.house.desk(by)
        desk.go("/intake/arrivals/")
        desk.follow(self.person.name)
        desk.follow("收治登记")
        desk.submit("同意接收", RECEPTION | (changed or {}))
        assert f"已接收 {self.person.name}，编号 " in desk.text, desk.text
        self.person.number = NUMBER.search(desk.text)[0]

    def complete_entry(self) -> None:
        """What the law wants after entry, each by whoever owes it."""
        completion = f"/intake/cases/{self.person.number}/completion/"
        desk = self.house.desk("medic1")
        desk.go(completion)
        desk.follow("填写检查表")
        desk.submit("登记并制作检查表", {"体温": "36.5 ℃"})
        assert "检查表已登记" in desk.text, desk.text
        desk = self.house.desk("intake1")
        desk.go(completion)
        desk.follow("登记物品")
        desk.submit("登记并制作清单", {"没有随身物品": True})
        assert "物品已登记" in desk.text, desk.text
        for by, duties in (
            ("intake1", ("填写入所登记表", "书面通知家属")),
            ("zone1", ("入所谈话和权利义务告知",)),
            ("assess1", ("建立诊断评估手册",)),
        ):
            desk = self.house.desk(by)
            desk.go(completion)
            for duty in duties:
                proof = {"寄送凭证": "示例挂号 0001"} if duty == "书面通知家属" else {}
                desk.submit("办结", proof, near=duty)
                assert desk.status == 200, desk.text
        assert "余 0 项" in desk.text

    # The five centres -------------------------------------------------------------------------

    def detox(self) -> None:
        """A test by two, and the five criteria; the others see only that it was done."""
        desk = self.house.desk("medic1")
        desk.go("/centers/medical/")
        desk.go(f"/centers/medical/{self.person.number}/drug-tests/")
        desk.submit("登记检测", {"样本": "尿", "结果": "阴性", "另一名检测人": "胡医生"})
        assert f"已登记 {self.person.name} 的所内检测" in desk.text, desk.text
        desk.go(f"/centers/medical/{self.person.number}/detox/")
        desk.submit("作出结论", dict.fromkeys(DetoxCriterion.labels, "合格"))
        assert f"已作出 {self.person.name} 的生理脱毒结论" in desk.text, desk.text

    def entry_education(self, ended_on: date) -> None:
        """Entry education of at least a month."""
        desk = self.house.desk("teacher")
        desk.go("/centers/education/")
        desk.go(f"/centers/education/{self.person.number}/entry-education/")
        desk.submit("登记", {"结束日期": ended_on.isoformat(), "课时": 48, "结果": "合格"})
        assert f"已登记 {self.person.name} 的入所教育" in desk.text, desk.text

    def screening(self) -> None:
        """A scale, answered item by item and sealed."""
        desk = self.house.desk("psych")
        desk.go("/centers/psychology/")
        desk.go(f"/centers/psychology/{self.person.number}/screenings/")
        items = {f"{n}. {item}": "完全不会" for n, item in enumerate(PHQ9.items, start=1)}
        desk.submit("登记并封存", items)
        assert self.person.name in desk.text, desk.text
        assert desk.status == 200, desk.text

    def fitness(self, on: date) -> None:
        """Six measures, after medical clearance."""
        desk = self.house.desk("trainer")
        desk.go("/centers/training/")
        desk.go(f"/centers/training/{self.person.number}/fitness-tests/")
        cleared = {"测试日期": on.isoformat(), "医疗筛查合格": True, "等级": "合格"}
        desk.submit("登记", cleared | MEASURED)
        assert desk.status == 200, desk.text

    def conduct(self, month: str, *, zone: int) -> None:
        """A month's mark by the officer, on the sheet of his 大队, and the leader's signature."""
        officer = self.house.desk(f"zone{zone}")
        officer.go(f"/centers/conduct/?month={month}")
        officer.submit("保存得分", {f"{self.person.name}得分": 86})
        assert f"的 {month} 月考核" in officer.text, officer.text

        leader = self.house.desk(f"lead{zone}")
        leader.go(f"/centers/conduct/?month={month}")
        leader.submit("复核所选", {f"复核 {self.person.name}": True})
        assert f"已复核 1 人的 {month} 月考核" in leader.text, leader.text

    def social(self, *, zone: int) -> None:
        """Five criteria of the life outside."""
        desk = self.house.desk(f"zone{zone}")
        desk.go(f"/centers/social/{self.person.number}/")
        desk.submit("提交", dict.fromkeys(SocialCriterion.labels, "是"))
        assert desk.status == 200, desk.text

    def assess(self, kind: AssessmentKind, **graded: str) -> None:
        """Drafted by one assessor, concluded by another."""
        desk = self.house.desk("assess1")
        desk.go("/centers/assessment/")
        desk.go(f"/centers/assessment/{self.person.number}/?kind={kind.value}")
        desk.submit("拟定，交他人结论", graded)
        assert desk.status == 200, desk.text

        second = self.house.desk("assess2")
        second.go("/centers/assessment/")
        second.follow("结论", near=self.person.name)
        second.submit("作出结论")
        assert second.status == 200, second.text

    # The rooms --------------------------------------------------------------------------------

    def move(self, *, sender: int, receiver: int) -> None:
        """Proposed, approved and received: three signatures by three officers."""
        proposer = self.house.desk(f"zone{sender}")
        proposer.go("/zones/moves/")
        proposer.go(f"/zones/cases/{self.person.number}/move/")
        proposer.submit("提请转区", {"接收大队": "一二三四五"[receiver - 1] + "大队"})
        assert f"已提请 {self.person.name} 转区" in proposer.text, proposer.text

        leader = self.house.desk(f"lead{sender}")
        leader.go("/zones/moves/")
        leader.follow("选床", near=self.person.name)
        leader.submit("批准转区")
        assert "已批准转区，床位已预留" in leader.text, leader.text

        receiving = self.house.desk(f"zone{receiver}")
        receiving.go("/zones/moves/")
        receiving.follow("签收", near=self.person.name)
        receiving.submit("签收", {"已查看提示": True})
        assert f"{self.person.name}：已签收" in receiving.text, receiving.text

    # The back door ----------------------------------------------------------------------------

    def offer_agreement(self, *, zone: int) -> None:
        """He is asked, and chooses a station."""
        desk = self.house.desk(f"zone{zone}")
        desk.go(f"/aftercare/cases/{self.person.number}/agreements/")
        desk.submit("筛选", {"行政区划或者站名": "示例县"})
        desk.submit("记录征询", {"照管站": "示例县后续照管工作站", "已当面征询本人": True})
        assert "已记录征询" in desk.text, desk.text

    def prepare(self, *, zone: int) -> None:
        """解除准备: who fetches him, within the month before the last day."""
        desk = self.house.desk(f"zone{zone}")
        desk.go(f"/aftercare/releases/{self.person.number}/preparation/")
        desk.submit("登记", {"谁来接": "家属", "来接的人": "示例家属"})
        assert "已登记解除准备" in desk.text, desk.text

    def notify(self) -> None:
        """解除通知, three days before the last day."""
        desk = self.house.desk("intake1")
        desk.go("/aftercare/releases/")
        desk.follow("发解除通知", near=self.person.name)
        desk.submit("发出并生成通知书")
        assert f"已发解除通知：{self.person.name}" in desk.text, desk.text

    def release(self, **changed: Any) -> None:
        """At the gate, with a second officer."""
        desk = self.house.desk("intake1")
        desk.go("/aftercare/releases/")
        desk.follow("办理解除", near=self.person.name)
        gate = {
            "决定书文号": self.person.decision_number,
            "身份证件号码": self.person.id_number[-6:],
            "人像比对": "相符",
            "第二名民警": "李警官",
        }
        desk.submit("确认解除", gate | changed)

    def sign_agreement(self) -> None:
        """At the station, once he is out."""
        desk = self.house.desk("station")
        desk.go("/aftercare/agreements/?view=offered")
        desk.follow("签订", near=self.person.name)
        desk.submit("签订，自今日起一年", {"已向本人宣读": True, "本人联系电话": "000-00000001"})
        assert "协议已签订" in desk.text, desk.text

    def contact(self) -> None:
        """The first contact: he was reached."""
        desk = self.house.desk("station")
        desk.go("/aftercare/agreements/")
        desk.follow("记录联系", near=self.person.name)
        desk.submit("记录", {"方式": "电话", "结果": "联系上"})
        assert "已记录" in desk.text, desk.text

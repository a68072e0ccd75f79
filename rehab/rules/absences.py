"""离所和回所: what must be known before somebody is written out, and before he is written in again. Pure."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime

from rehab import statutes
from rehab.refusal import Obstacle
from rehab.rules.days import day_of, moment_words
from rehab.rules.escapes import NO_PROOF, Proof, proof_obstacles

HOSPITAL, COURT, HELD, ESCAPE = "hospital", "court", "held", "escape"  # codes of AbsenceKind
HOME_VISIT = "home_visit"
UNDER_ESCORT = frozenset({HOSPITAL, COURT})
BY_LETTER = frozenset({COURT, HELD})


@dataclass(frozen=True, kw_only=True)
class Departure:
    """Somebody leaves, or was found gone."""

    kind: str
    left_at: datetime
    where: str = ""  # 医院、法院、办案机关; of an escape the police that were told
    escorts: str = ""
    paper: str = ""
    expected_on: date | None = None
    told_at: datetime | None = None  # of an escape: when the police were told
    facts: str = ""  # what makes it an escape of who was out with approval

    def kept(self) -> dict[str, str]:
        """What is written down of it in words."""
        told = self.told_at.isoformat() if self.told_at else ""
        return {
            "where": self.where, "escorts": self.escorts, "paper": self.paper, "told_at": told,
            "facts": self.facts,
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Comeback:
    """Somebody stands at the gate again."""

    returned_at: datetime
    brought_by: str
    paper: str = ""
    health_checked: bool = False
    injuries: str = ""  # empty: none was seen
    new_things: str = ""  # empty: nothing new was found on him
    proof: Proof = NO_PROOF  # of an escape

    @property
    def to_be_checked(self) -> bool:
        """Whether a physician of the house is still to look at him today."""
        return bool(self.injuries) or not self.health_checked

    def kept(self) -> dict[str, str | bool]:
        """What is written down of it in words."""
        said = asdict(self)
        return {one: said[one] for one in said if one not in ("returned_at", "proof")}


def departure_obstacles(
    departure: Departure,
    *,
    entered_at: datetime,
    back_at: datetime | None,
    out_since: datetime | None,
    out_until: date | None,
    ends_on: date,
    at: datetime,
) -> tuple[Obstacle, ...]:
    """Why a departure may not be written down as it stands.

    `back_at`: when he came back last; `out_since`: from when he is where he ran from; `out_until`: the day on
    which he is expected from his family, None for who is not there.
    """
    when = "离所时间" if out_since is None else "脱逃时间"  # as its form asks for it
    found = list(_of_departure(departure, entered_at, at, when))
    if back_at is not None and departure.left_at < back_at:
        found.append(Obstacle(f"“{when}”早于上次回所（{moment_words(back_at)}），请改正"))
    if out_since is not None and departure.left_at < out_since:
        found.append(Obstacle(f"“{when}”早于本次离所（{moment_words(out_since)}），请改正"))
    if departure.kind == ESCAPE and out_until is not None and not departure.facts.strip():
        found.append(_late_only(day_of(departure.left_at), out_until))
    if departure.kind == ESCAPE and day_of(at) > ends_on:  # whenever he is said to have gone
        message = f"期限已于 {ends_on} 届满，不再登记脱逃，请办理解除"
        found.append(Obstacle(message, statutes.RELEASE_ON_EXPIRY))
    return tuple(found)


def _late_only(ran_on: date, out_until: date) -> Obstacle:
    """Who is out with approval is where he may be; who is late is late. What makes it more, an officer says."""
    write = "确已脱逃的，请在“认定脱逃的事实”写明"
    if ran_on <= out_until:
        return Obstacle(
            f"批准外出探视至 {out_until}，{ran_on} 在外不是脱逃；{write}", statutes.VISITS
        )
    return Obstacle(f"逾期未回本身不是脱逃，请先联系、查找；{write}", statutes.ESCAPE)


def _of_departure(
    departure: Departure, entered_at: datetime, at: datetime, when: str
) -> Iterator[Obstacle]:
    kind, expected_on = departure.kind, departure.expected_on
    if departure.left_at > at:
        yield Obstacle(f"“{when}”晚于现在，请改正")
    if departure.left_at < entered_at:
        yield Obstacle(f"“{when}”早于入所时间，请改正")
    if not departure.where:
        yield Obstacle("“去向”不能为空，请写明医院、法院、办案机关；脱逃的写接报的公安机关")
    if kind in UNDER_ESCORT and not departure.escorts:
        yield Obstacle("就医、出庭须有民警押送，请填写“押送民警”")
    if kind in UNDER_ESCORT and expected_on is None:
        yield Obstacle("就医、出庭当有归期，请填写“预计返回日”")
    if expected_on is not None and expected_on < day_of(departure.left_at):
        yield Obstacle("“预计返回日”早于离所时间，请改正")
    if kind in BY_LETTER and not departure.paper:
        article = statutes.HELD_ELSEWHERE if kind == HELD else None
        yield Obstacle("凭文书离所，请填写“文书号”（提解、传唤、拘留、逮捕等文书）", article)
    if kind == HOME_VISIT and not (departure.paper and expected_on):
        yield Obstacle("外出探视须经批准，凭外出探视证明离所", statutes.VISITS)
    if kind == ESCAPE:
        yield from _of_report(departure, at)


def _of_report(departure: Departure, at: datetime) -> Iterator[Obstacle]:
    """脱逃: the police are told at once; the rest waits."""
    if departure.told_at is None:
        message = "脱逃须立即通知所在地县级公安机关，请先通知，再填写“通知公安机关时间”"
        yield Obstacle(message, statutes.ESCAPE)
    elif not departure.left_at <= departure.told_at <= at:
        yield Obstacle("“通知公安机关时间”应在脱逃之后、现在之前，请改正", statutes.ESCAPE)


def out_obstacles(
    kind: str | None, *, since: datetime, why: str, out_for: str
) -> tuple[Obstacle, ...]:
    """Whoever is out already can only run from there: `out_for` is the kind of that, `why` its word."""
    if kind == ESCAPE != out_for:
        return ()
    return (Obstacle(f"此人 {moment_words(since)} 已离所（{why}），请先办理回所登记"),)


def return_obstacles(
    kind: str, back: Comeback, *, left_at: datetime, at: datetime
) -> tuple[Obstacle, ...]:
    """Why somebody may not be written in again as it stands."""
    return tuple(_of_return(kind, back, left_at, at))


def _of_return(kind: str, back: Comeback, left_at: datetime, at: datetime) -> Iterator[Obstacle]:
    if back.returned_at > at:
        yield Obstacle("“回所时间”晚于现在，请改正")
    if back.returned_at < left_at:
        yield Obstacle("“回所时间”早于离所时间，请改正")
    if not back.brought_by:
        yield Obstacle("“送回人”不能为空，请填写姓名和单位；自行返回的写“本人自行返回”")
    if kind == HELD and not back.paper:
        message = "解回请填写“文书号”（释放证明、解除拘留等文书）"
        yield Obstacle(message, statutes.HELD_ELSEWHERE)
    if kind == ESCAPE and back.proof.begun:
        yield from proof_obstacles(back.proof, left_at=left_at, returned_at=back.returned_at)

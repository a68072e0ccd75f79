"""省级规则: what holds, what is proposed, why it may not be decided, and whom it would touch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from rehab.ledgers import deadlines
from rehab.models import Bureau, Case, Deadline, RuleProposal, User
from rehab.provincial import RuleSet, Version, rule_sets, versions_of
from rehab.refusal import Obstacle, Refused
from rehab.rules import provincial as rules
from rehab.rules.identity import mask_name
from rehab.rules.provincial import Change, Values
from rehab.states import PROPOSAL_EDGES, ProposalStatus

SHOWN = 100  # lines of a preview; the number of people is told in full


def province_of(user: User) -> Bureau:
    """The bureau whose rules the user sets. Raises `Refused` for who stands in none."""
    if user.bureau is None or user.bureau.level != Bureau.Level.PROVINCE:
        raise Refused([Obstacle("省级规则由省级局设定，您不在省级局任职")])
    return user.bureau


def touchable(province: Bureau) -> QuerySet[Case]:
    """Everybody of the province for whom a deadline is open."""
    open_ones = Deadline.objects.open().filter(case=OuterRef("pk"))
    return Case.objects.filter(Exists(open_ones), facility__province=province)


@dataclass(frozen=True)
class Line:
    """One rule on the list: what holds today, what will hold, what waits for a second person."""

    rule_set: RuleSet
    in_force: Version | None
    coming: tuple[Version, ...]
    proposal: RuleProposal | None

    @property
    def words(self) -> list[tuple[str, str]]:
        """Each part of what holds today."""
        values = self.in_force.values if self.in_force else {}
        return [
            (part.label, part.words(values[part.name]))
            for part in self.rule_set.parts
            if part.name in values
        ]


def lines(province: Bureau, waiting: Iterable[RuleProposal], *, on: date) -> list[Line]:
    """Every rule that a province sets."""
    proposed = {one.code: one for one in waiting}
    of_rule = versions_of(province)
    found = []
    for code, one in rule_sets().items():
        versions = of_rule.get(code, [])
        found.append(
            Line(
                one,
                next((v for v in versions if v.effective_from <= on), None),
                tuple(v for v in versions if v.effective_from > on),
                proposed.get(code),
            )
        )
    return found


def changes_of(
    province: Bureau, code: str, effective_from: date, values: Values
) -> tuple[Change, ...]:
    """What a version changes against the one that would hold on its first day."""
    one = rule_sets()[code]
    before = one.in_force(province, on=effective_from)
    return rules.changes(one.parts, before.values if before else one.until_set, values)


def proposal_obstacles(
    province: Bureau,
    code: str,
    effective_from: date,
    values: Values,
    document_number: str,
    *,
    on: date,
) -> tuple[Obstacle, ...]:
    """Why a version may not be proposed."""
    return (
        *rules.proposal_obstacles(
            found=changes_of(province, code, effective_from, values),
            effective_from=effective_from,
            on=on,
            document_number=document_number,
            open_already=RuleProposal.objects.open().filter(province=province, code=code).exists(),
        ),
        *rule_sets()[code].judge(province, effective_from, values),
    )


def confirmation_obstacles(proposal: RuleProposal, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not confirm a proposal."""
    found = _obstacles(proposal, ProposalStatus.CONFIRMED, by=by, act="确认")
    if found or proposal.status != ProposalStatus.PROPOSED:
        return found
    one = rule_sets()[proposal.code]
    return one.judge(proposal.province, proposal.effective_from, proposal.values)


def return_obstacles(proposal: RuleProposal, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not return a proposal."""
    return _obstacles(proposal, ProposalStatus.RETURNED, by=by, act="退回")


def withdrawal_obstacles(proposal: RuleProposal, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not withdraw a proposal."""
    return _obstacles(proposal, ProposalStatus.WITHDRAWN, by=by, act="撤回", own_act=True)


def _obstacles(
    proposal: RuleProposal, to: ProposalStatus, *, by: User, act: str, own_act: bool = False
) -> tuple[Obstacle, ...]:
    return rules.decision_obstacles(
        open_=(ProposalStatus(proposal.status), to) in PROPOSAL_EDGES,
        same_person=proposal.proposed_by_id == by.pk,
        act=act,
        own_act=own_act,
    )


@dataclass(frozen=True)
class Moved:
    """A deadline that a version would move, bring or take away; the name is masked for a bureau."""

    case: Case
    name: str
    clock: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True)
class Preview:
    """Whom a version touches."""

    people: int
    moved: int
    lines: tuple[Moved, ...]


def preview(proposal: RuleProposal, *, at: datetime) -> Preview:
    """Whose deadlines move when the proposal is confirmed; found by doing it and taking it back."""
    one = rule_sets()[proposal.code]
    cases = list(
        touchable(proposal.province).select_related("person", "facility").order_by("number")
    )

    def write() -> None:
        one.write(
            proposal.province,
            proposal.effective_from,
            proposal.values,
            by=proposal.proposed_by,
            at=at,
        )

    moves = deadlines.foreseen(cases, write)
    of_case = {case.pk: case for case in cases}
    known = deadlines.clocks()
    shown = tuple(
        Moved(
            of_case[move.case],
            mask_name(of_case[move.case].person.name),
            known[move.clock].label,
            move.before,
            move.after,
        )
        for move in moves[:SHOWN]
    )
    return Preview(people=len({move.case for move in moves}), moved=len(moves), lines=shown)


def proposals(province: Bureau, *, latest: int) -> tuple[list[RuleProposal], list[RuleProposal]]:
    """Those that wait, of which each rule has one at most, and the latest that were decided."""
    found = (
        RuleProposal.objects.filter(province=province)
        .select_related("proposed_by", "decided_by")
        .order_by(F("decided_at").desc(nulls_first=True))[: len(rule_sets()) + latest]
    )
    waiting = [one for one in found if one.status == ProposalStatus.PROPOSED]
    decided = [one for one in found if one.status != ProposalStatus.PROPOSED]
    return waiting, decided[:latest]

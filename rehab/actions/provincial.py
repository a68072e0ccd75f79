"""省级规则: one proposes a version from a day on, another confirms it; the deadlines follow at once."""

from datetime import date, datetime

from django.db import transaction

from rehab import clock
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Bureau, Event, RuleProposal, User
from rehab.provincial import rule_sets
from rehab.refusal import Obstacle, Refused
from rehab.rules.provincial import Values
from rehab.selectors import provincial as selectors
from rehab.states import ProposalStatus


@transaction.atomic
def propose_rule(
    *,
    code: str,
    effective_from: date,
    values: Values,
    document_number: str,
    by: User,
    at: datetime,
) -> RuleProposal:
    """拟定省级规则: a new version of the proposer's province; nothing holds before a second confirms it."""
    province = _lock(selectors.province_of(by))

    Refused.if_any(
        selectors.proposal_obstacles(
            province, code, effective_from, values, document_number, on=clock.day_of(at)
        )
    )

    proposal = RuleProposal.objects.create(
        province=province,
        code=code,
        effective_from=effective_from,
        values=dict(values),
        document_number=document_number.strip(),
        status=ProposalStatus.PROPOSED,
        proposed_by=by,
        proposed_at=at,
    )

    _record(proposal, Event.Kind.RULE_PROPOSED, by=by, at=at)
    return proposal


@transaction.atomic
def confirm_rule(*, proposal: RuleProposal, by: User, at: datetime) -> RuleProposal:
    """确认省级规则, never by its proposer: the version is laid down, and whom it touches is told."""
    _lock(proposal.province)

    proposal = RuleProposal.objects.select_related("province").get(pk=proposal.pk)
    Refused.if_any(selectors.confirmation_obstacles(proposal, by=by))

    rule_sets()[proposal.code].write(
        proposal.province, proposal.effective_from, proposal.values, by=by, at=at
    )
    _decide(proposal, ProposalStatus.CONFIRMED, by=by, at=at)

    deadlines.rebuild(selectors.touchable(proposal.province).order_by("number"))

    outbox.poke()
    return proposal


@transaction.atomic
def return_rule(*, proposal: RuleProposal, reason: str, by: User, at: datetime) -> RuleProposal:
    """退回省级规则 with a reason; the proposer may propose anew."""
    _lock(proposal.province)

    proposal = RuleProposal.objects.select_related("province").get(pk=proposal.pk)
    obstacles = list(selectors.return_obstacles(proposal, by=by))
    if not reason.strip():
        obstacles.append(Obstacle("“退回理由”不能为空，请填写"))
    Refused.if_any(obstacles)

    proposal.reason = reason.strip()
    _decide(proposal, ProposalStatus.RETURNED, by=by, at=at)

    _record(proposal, Event.Kind.RULE_RETURNED, by=by, at=at)
    return proposal


@transaction.atomic
def withdraw_rule(*, proposal: RuleProposal, by: User, at: datetime) -> RuleProposal:
    """撤回省级规则, by its proposer."""
    _lock(proposal.province)

    proposal = RuleProposal.objects.select_related("province").get(pk=proposal.pk)
    Refused.if_any(selectors.withdrawal_obstacles(proposal, by=by))

    _decide(proposal, ProposalStatus.WITHDRAWN, by=by, at=at)

    _record(proposal, Event.Kind.RULE_WITHDRAWN, by=by, at=at)
    return proposal


def _lock(province: Bureau) -> Bureau:
    """The bureau's row: its rules are set one after another."""
    return Bureau.objects.select_for_update(of=("self",)).get(pk=province.pk)


def _decide(proposal: RuleProposal, status: ProposalStatus, *, by: User, at: datetime) -> None:
    proposal.status, proposal.decided_by, proposal.decided_at = status, by, at
    proposal.save(update_fields=["status", "decided_by", "decided_at", "reason"])


def _record(proposal: RuleProposal, kind: Event.Kind, *, by: User, at: datetime) -> None:
    events.record(
        proposal.province, kind, by=by, at=at, proposal=str(proposal.pk), rule=proposal.code
    )

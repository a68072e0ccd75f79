"""Reads of a conversion: where it stands, and what speaks against an act."""

from aftercare.models import Conversion
from aftercare.states import CONVERSION_EDGES, CONVERSION_OPEN, ConversionStatus
from rehab import statutes
from rehab.models import Case, User
from rehab.refusal import Obstacle
from rehab.states import EDGES, CaseStatus, Sex

NO_LEAVE = "只有所外就医的人员可以建议变更为社区戒毒；查明怀孕、哺乳的，由医疗人员另行提请"
NO_PROPOSAL = Obstacle("此人没有变更社区戒毒建议", statutes.CONVERTED)


def conversion_of(case: Case) -> Conversion | None:
    """The newest proposal."""
    found = Conversion.objects.filter(case=case).order_by("-proposed_at", "-pk")
    related = ("proposed_by__posting", "sent_by", "closed_by", "document")
    return found.select_related(*related).defer("document__body", "document__facts").first()


def conversion_status_obstacles(case: Case, *, bars: bool) -> tuple[Obstacle, ...]:
    """Why nobody in this status is converted: only from medical leave; whom the measure bars, from custody.

    `bars`: the measure does not apply to her at all.
    """
    at = CaseStatus(case.status)
    article = EDGES.get((at, CaseStatus.CONVERTED))
    if article == statutes.CONVERTED or (bars and article is not None):
        return ()
    if bars:
        message = f"此人现为“{at.label}”，不能建议变更为社区戒毒"
        return (Obstacle(message, statutes.NOT_APPLICABLE),)
    return (Obstacle(f"此人现为“{at.label}”，{NO_LEAVE}", statutes.CONVERTED),)


def may_be_barred(case: Case) -> bool:
    """Whether it may turn out of somebody that the measure does not apply: of women. `case` with its person."""
    return bool(case.person.sex == Sex.FEMALE)


def conversion_proposal_obstacles(
    case: Case, conversion: Conversion | None, *, bars: bool
) -> tuple[Obstacle, ...]:
    """Why none is proposed now: of somebody in this status, or one is on its way."""
    if found := conversion_status_obstacles(case, bars=bars):
        return found
    if conversion is not None and conversion.status in CONVERSION_OPEN:
        return (Obstacle("已有变更社区戒毒建议正在办理", statutes.CONVERTED),)
    return ()


def conversion_sending_obstacles(
    case: Case, conversion: Conversion | None, *, by: User
) -> tuple[Obstacle, ...]:
    """Why this officer may not send it: it does not wait for that, or it is his own proposal."""
    if found := _step_obstacles(case, conversion, ConversionStatus.SENT):
        return found
    assert conversion is not None
    if conversion.proposed_by_id == by.pk:
        return (Obstacle("本人提请的变更建议须由另一名所领导审批报送", statutes.CONVERTED),)
    return ()


def conversion_answer_obstacles(case: Case, conversion: Conversion | None) -> tuple[Obstacle, ...]:
    """Why no answer is recorded: nothing was sent, or it is not about who he is by now."""
    return _step_obstacles(case, conversion, ConversionStatus.CONVERTED)


def conversion_withdrawal_obstacles(conversion: Conversion | None) -> tuple[Obstacle, ...]:
    """Why it is not taken back: there is none, or it has been answered. Where he is does not matter."""
    return _of_edge(conversion, ConversionStatus.WITHDRAWN)


def _step_obstacles(
    case: Case, conversion: Conversion | None, to: ConversionStatus
) -> tuple[Obstacle, ...]:
    if found := _of_edge(conversion, to):
        return found
    assert conversion is not None
    return conversion_status_obstacles(case, bars=conversion.bars)


def _of_edge(conversion: Conversion | None, to: ConversionStatus) -> tuple[Obstacle, ...]:
    if conversion is None:
        return (NO_PROPOSAL,)
    at = ConversionStatus(conversion.status)
    if (at, to) in CONVERSION_EDGES:
        return ()
    message = f"变更建议现为“{at.label}”，不能改为“{to.label}”"
    return (Obstacle(message, statutes.CONVERTED),)

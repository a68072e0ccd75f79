"""The social environment, in five criteria."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from centers.assessment import rules
from centers.models import SocialForm
from centers.states import SocialCriterion
from rehab.actions import cases
from rehab.ledgers import deadlines, events, outbox
from rehab.models import Case, Event, User
from rehab.refusal import Refused
from rehab.states import IN_CUSTODY


@transaction.atomic
def record_social_form(
    *, case: Case, met: Mapping[str, bool], note: str = "", by: User, at: datetime
) -> SocialForm:
    """填写社会环境与适应能力: `met` by the code of states.SocialCriterion, all five."""
    case = cases.lock(case)

    Refused.if_any(rules.social_obstacles(in_custody=case.status in IN_CUSTODY))

    findings = {criterion: met[criterion] for criterion in SocialCriterion.values}
    form: SocialForm = SocialForm.objects.create(
        case=case, **findings, note=note.strip() or None,
        result=rules.social_result(findings.values()), recorded_at=at, by=by,
    )  # fmt: skip

    events.record(
        case, Event.Kind.SOCIAL_RECORDED, by=by, at=at, social=str(form.pk), result=form.result
    )
    deadlines.refresh([case])

    outbox.poke()
    return form

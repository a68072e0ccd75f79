"""May this kind of person do this? The first of the three questions; asked at the view.

The second (is this row theirs to see?) is `visible_to`; the third (may the case have this done now?) is
an action's obstacles.
"""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied

from rehab.web import to_login


class Permission(StrEnum):
    """What a role may do. Roles are rows; these are their words."""

    WORKLIST_VIEW = "worklist.view"
    NOTICE_VIEW = "notice.view"
    CASE_VIEW = "case.view"
    CASE_SEARCH = "case.search"
    IDENTITY_UNMASK = "identity.unmask"
    PERSON_CORRECT = "person.correct"
    MERGE_PROPOSE = "merge.propose"
    MERGE_CONFIRM = "merge.confirm"
    DOCUMENT_VIEW = "document.view"
    DOCUMENT_SERVE = "document.serve"
    DRAFT_KEEP = "draft.keep"
    PASSWORD_CHANGE = "password.change"

    ROSTER_VIEW = "roster.view"
    ROSTER_IMPORT = "roster.import"
    ARRIVAL_VIEW = "arrival.view"
    ARRIVAL_REGISTER = "arrival.register"
    ARRIVAL_DECIDE = "arrival.decide"
    COMPLETION_RECORD = "completion.record"

    ROLL_VIEW = "roll.view"
    ROLL_RECORD = "roll.record"
    ZONE_MOVE_VIEW = "zone_move.view"
    ZONE_MOVE_PROPOSE = "zone_move.propose"
    ZONE_MOVE_APPROVE = "zone_move.approve"
    ZONE_MOVE_RECEIVE = "zone_move.receive"
    BED_CHANGE = "bed.change"
    LEAVE_GRANT = "leave.grant"
    OUTING_PROPOSE = "outing.propose"
    OUTING_APPROVE = "outing.approve"
    ABSENCE_RECORD = "absence.record"
    ESCAPE_CONFIRM = "escape.confirm"
    KEEP_APART = "keep_apart.record"
    TRANSFER_PROPOSE = "transfer.propose"
    TRANSFER_APPROVE = "transfer.approve"
    TRANSFER_HAND_OVER = "transfer.hand_over"

    MEDICAL_VIEW = "medical.view"
    MEDICAL_RECORD = "medical.record"
    EDUCATION_VIEW = "education.view"
    EDUCATION_RECORD = "education.record"
    PSYCHOLOGY_VIEW = "psychology.view"
    PSYCHOLOGY_RECORD = "psychology.record"
    TRAINING_VIEW = "training.view"
    TRAINING_RECORD = "training.record"
    CONDUCT_VIEW = "conduct.view"
    CONDUCT_MARK = "conduct.mark"
    CONDUCT_CONFIRM = "conduct.confirm"
    SOCIAL_RECORD = "social.record"
    PERSON_TELL = "person.tell"
    ASSESSMENT_VIEW = "assessment.view"
    ASSESSMENT_DRAFT = "assessment.draft"
    ASSESSMENT_CONCLUDE = "assessment.conclude"
    OPINION_VIEW = "opinion.view"
    OPINION_PROPOSE = "opinion.propose"
    OPINION_OBJECT = "opinion.object"
    OPINION_REVIEW = "opinion.review"
    OPINION_SIGN = "opinion.sign"

    TERM_CHECK = "term.check"
    TERM_RECORD = "term.record"
    TERM_CONFIRM = "term.confirm"
    TERM_REVIEW = "term.review"
    RELEASE_VIEW = "release.view"
    RELEASE_PREPARE = "release.prepare"
    RELEASE_NOTIFY = "release.notify"
    RELEASE_CARRY_OUT = "release.carry_out"
    CONVERSION_PROPOSE = "conversion.propose"
    ENDING_RECORD = "ending.record"
    ENDING_CONFIRM = "ending.confirm"
    AGREEMENT_VIEW = "agreement.view"
    AGREEMENT_OFFER = "agreement.offer"
    AGREEMENT_SIGN = "agreement.sign"
    CONTACT_RECORD = "contact.record"

    DASHBOARD_VIEW = "dashboard.view"
    METRIC_EXPORT = "metric.export"
    API_READ = "api.read"
    AUDIT_VIEW = "audit.view"
    PLACE_MANAGE = "place.manage"
    ACCOUNT_MANAGE = "account.manage"
    ROLE_MANAGE = "role.manage"
    RULE_APPROVE = "rule.approve"
    DELEGATION_GIVE = "delegation.give"


View = Callable[..., Any]


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let a view answer only to those who hold one of these permissions; the anonymous sign in first."""

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: Any, *args: Any, **kwargs: Any) -> Any:
            if not request.user.is_authenticated:
                return to_login(request)
            if not any(request.user.may(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        checked.required_permission = permissions  # type: ignore[attr-defined]  # read by the URLconf walk
        return checked

    return decorate


def public(view: View) -> View:
    """Say aloud that anybody may open this view."""
    view.required_permission = ()  # type: ignore[attr-defined]  # read by the URLconf walk
    return view

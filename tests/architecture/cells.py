"""The table behind the walk: what each URL is about, and what a role should meet at each place.

What is expected follows from the permissions and the reach of a role alone, never from the code that
answers. A new URL fails until it is classified in `SUBJECTS`.
"""

from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from rehab.permissions import Permission
from rehab.provincial import rule_sets
from rehab.states import Reach
from reporting.metrics import METRICS
from reporting.views.casefile import TABS
from tests.architecture import world as nation
from tests.architecture.world import (
    HERE,
    OTHER_FACILITY,
    OWN,
    PLACES,
    ROLES,
    SAID_TO,
    SEEN,
    WAITING_SEEN,
)

# What a URL is about. "none": nobody in particular; its lists show who is within reach.
SUBJECTS = {
    "login": "public",
    "login-code": "public",
    "logout": "public",
    "healthz": "public",
    "draft-save": "draft",
    "draft-drop": "draft",
    "document-detail": "document",
    "document-print": "document",
    "document-verify": "none",
    "document-sample": "wording",
    "wording-list": "none",
    "wording-create": "wording",
    "wording-preview": "wording",
    "wording-detail": "wording-version",
    "wording-confirm": "wording-version",
    "saved-list-list": "none",
    "saved-list-create": "none",
    "saved-list-drop": "saved-list",
    "service-create": "document",
    "api-schema": "api",
    # the house-keeping
    "rehab:account-list": "none",
    "rehab:account-create": "none",
    "rehab:account-detail": "account",
    "rehab:account-lock": "account",
    "rehab:account-unlock": "account",
    "rehab:secret-reset": "account",
    "rehab:factor-reset": "account",
    "rehab:posting-end": "account",
    "rehab:posting-create": "none",
    "rehab:password-change": "none",
    "rehab:factor-set": "none",
    "rehab:grant-create": "account",
    "rehab:grant-end": "grant",
    "rehab:role-list": "none",
    "rehab:role-create": "none",
    "rehab:role-shape": "role",
    "rehab:delegation-list": "none",
    "rehab:delegation-create": "none",
    "rehab:delegation-end": "delegation",
    "rehab:merge-list": "none",
    "rehab:merge-create": "case",
    "rehab:merge-detail": "merge",
    "rehab:merge-preview": "merge",
    "rehab:merge-confirm": "merge",
    "rehab:merge-return": "merge",
    "rehab:merge-withdraw": "merge",
    "rehab:merge-undo": "merge",
    "rehab:access-list": "none",
    "rehab:taking-list": "none",
    "rehab:act-list": "none",
    "aftercare:station-list": "none",
    "aftercare:station-create": "none",
    "aftercare:station-close": "station",
    "rehab:rule-list": "none",
    "rehab:rule-create": "rule-set",
    "rehab:rule-detail": "rule",
    "rehab:rule-preview": "rule",
    "rehab:rule-confirm": "rule",
    "rehab:rule-return": "rule",
    "rehab:rule-withdraw": "rule",
    "zones:unit-list": "none",
    "zones:unit-create": "none",
    "zones:unit-detail": "unit",
    "zones:unit-close": "unit",
    "zones:squad-create": "unit",
    "zones:room-create": "unit",
    "zones:bed-close": "unit",
    "zones:bed-reopen": "unit",
    "zones:bed-create": "room",
    # the roof
    "reporting:worklist-list": "none",
    "reporting:notice-list": "none",
    "reporting:notice-read-all": "none",
    "reporting:notice-read": "notice",
    "reporting:notice-read-chosen": "none",
    "reporting:search": "none",
    "reporting:case-list": "none",
    "reporting:case-detail": "case",
    "reporting:access-create": "case",
    "reporting:correction-create": "case",
    "reporting:dashboard": "none",
    "reporting:metric-detail": "metric",
    "reporting:ui": "none",
    "reporting:api-deadline-list": "api",
    "reporting:api-term-explain": "api-case",
    "reporting:api-term-explain-facts": "api",
    # the front door
    "intake:roster-list": "none",
    "intake:roster-create": "none",
    "intake:roster-detail": "roster",
    "intake:roster-commit": "roster",
    "intake:roster-corrections": "roster",
    "intake:roster-withdraw": "roster",
    "intake:checkup-create": "none",
    "intake:checkup-sheet": "none",
    "intake:arrival-list": "none",
    "intake:arrival-create": "none",
    "intake:arrival-detail": "arrival",
    "intake:arrival-admit": "arrival",
    "intake:arrival-defer": "arrival",
    "intake:arrival-refuse": "arrival",
    "intake:absence-list": "none",
    "intake:absence-search": "none",
    "intake:departure-create": "case",
    "intake:return-create": "case",
    "intake:return-check": "case",
    "intake:escape-list": "none",
    "intake:escape-detail": "escape-proposal",
    "intake:escape-confirm": "escape-proposal",
    "intake:escape-return": "escape-proposal",
    "intake:escape-withdraw": "escape-proposal",
    "intake:escape-propose": "escape",
    "intake:escape-reverse": "escape",
    "intake:completion-record": "case",
    "intake:papers-print": "case",
    "intake:health-sheet-create": "case",
    "intake:health-sheet-detail": "case",
    "intake:health-sheet-correct": "case",
    "intake:belongings-correct": "case",
    "intake:injury-photo-detail": "injury-photo",
    "intake:belongings-create": "case",
    "intake:belongings-detail": "case",
    "intake:belongings-return": "case",
    "intake:photo-detail": "photo",
    # the five centres
    "centers:medical-list": "none",
    "centers:detox-create": "case",
    "centers:drug-test-create": "case",
    "centers:education-list": "none",
    "centers:entry-education-create": "case",
    "centers:psychology-list": "none",
    "centers:screening-detail": "screening",
    "centers:screening-create": "case",
    "centers:training-list": "none",
    "centers:fitness-test-create": "case",
    "centers:conduct-list": "none",
    "centers:conduct-create": "case",
    "centers:conduct-confirm": "case",
    "centers:social-create": "case",
    "centers:opinion-list": "none",
    "centers:opinion-detail": "case",
    "centers:told-print": "case",
    "centers:telling-create": "case",
    "centers:telling-list": "none",
    "centers:sheets-print": "none",
    "centers:telling-batch": "none",
    "centers:scan-create": "telling",
    "centers:telling-withdraw": "telling",
    "centers:scan-detail": "telling-scan",
    "centers:assessment-list": "none",
    "centers:assessment-detail": "assessment",
    "centers:assessment-conclude": "assessment",
    "centers:assessment-return": "assessment",
    "centers:assessment-correct": "assessment",
    "centers:assessment-create": "case",
    # the rooms
    "zones:roll-detail": "none",
    "zones:muster-list": "none",
    "zones:muster-create": "none",
    "zones:muster-detail": "muster",
    "zones:muster-correct": "muster",
    "zones:move-list": "none",
    "zones:move-create": "none",
    "zones:approval-create": "none",
    "zones:receipt-create": "none",
    "zones:handover-print": "none",
    "zones:move-approve": "move",
    "zones:move-receive": "move",
    "zones:move-return": "move",
    "zones:move-withdraw": "move",
    "zones:proposal-create": "case",
    "zones:ask-create": "case",
    "zones:apart-create": "case",
    "zones:apart-end": "case",
    "zones:bed-change": "case",
    "zones:outing-create": "case",
    "zones:outing-detail": "case",
    "zones:leave-create": "case",
    "zones:transfer-list": "none",
    "zones:transfer-create": "case",
    "zones:transfer-detail": "transfer",
    "zones:transfer-approve": "transfer",
    "zones:transfer-depart": "transfer",
    "zones:transfer-receive": "transfer",
    "zones:transfer-return": "transfer",
    "zones:transfer-tell": "transfer",
    # the back door
    "aftercare:release-list": "none",
    "aftercare:release-detail": "case",
    "aftercare:release-prepare": "case",
    "aftercare:release-notify": "case",
    "aftercare:release-create": "case",
    "aftercare:certificate-print": "case",
    "aftercare:inquiry-create": "case",
    "aftercare:conversion-detail": "case",
    "aftercare:conversion-create": "case",
    "aftercare:conversion-send": "case",
    "aftercare:conversion-answer": "case",
    "aftercare:conversion-withdraw": "case",
    "aftercare:revocation-detail": "case",
    "aftercare:revocation-create": "case",
    "aftercare:revocation-leave": "case",
    "aftercare:revocation-withdraw": "case",
    "aftercare:death-detail": "case",
    "aftercare:death-create": "case",
    "aftercare:death-tell": "case",
    "aftercare:death-confirm": "case",
    "aftercare:death-withdraw": "case",
    "aftercare:decision-correction-list": "none",
    "aftercare:decision-correction-detail": "decision-correction",
    "aftercare:decision-correction-confirm": "decision-correction",
    "aftercare:decision-correction-return": "decision-correction",
    "aftercare:decision-correction-create": "case",
    "aftercare:term-decision-list": "none",
    "aftercare:term-decision-detail": "term-decision",
    "aftercare:term-decision-confirm": "term-decision",
    "aftercare:term-decision-return": "term-decision",
    "aftercare:term-decision-withdraw": "term-decision",
    "aftercare:term-decision-undo": "term-decision",
    "aftercare:term-decision-create": "case",
    "aftercare:agreement-list": "none",
    "aftercare:agreement-detail": "agreement",
    "aftercare:agreement-paper": "agreement",
    "aftercare:agreement-sign": "agreement",
    "aftercare:agreement-decline": "agreement",
    "aftercare:agreement-renew": "agreement",
    "aftercare:agreement-withdraw": "agreement",
    "aftercare:agreement-create": "case",
    "aftercare:contact-create": "case",
}

LOOKED_AFTER = {Reach.NONE: (*HERE, OTHER_FACILITY)}  # by administrators of the own province
REACHED = {  # which things of a kind a reach shows; of no other kind is there one at every place
    "case": SEEN,
    "move": SEEN,
    "transfer": SEEN,
    "muster": {Reach.UNIT: (OWN,), Reach.FACILITY: HERE},
    "screening": SEEN,
    "assessment": SEEN,
    "telling": SEEN,
    "telling-scan": SEEN,
    "agreement": SEEN,
    "document": SEEN,
    "photo": SEEN,
    "merge": SEEN,
    "escape": SEEN,
    "escape-proposal": SEEN,
    "term-decision": SEEN,
    "decision-correction": SEEN,
    "injury-photo": SEEN,
    "notice": SAID_TO,
    "arrival": WAITING_SEEN,
    "roster": WAITING_SEEN,
    "api-case": SEEN,
    "account": LOOKED_AFTER,
    "unit": LOOKED_AFTER,
    "room": LOOKED_AFTER,
    "grant": LOOKED_AFTER,
    "station": LOOKED_AFTER,
    "delegation": {Reach.UNIT: (OWN,), Reach.FACILITY: (OWN,)},  # one's own
    "rule": {Reach.PROVINCE: (*HERE, OTHER_FACILITY)},
}
KEYS = {  # what stands in the addresses that are about nobody
    "rule-set": tuple(rule_sets()),
    "role": ("clinician",),
    "wording": ("rights",),
}
OF_STATIONS = {"agreed", "contacts"}  # the figures of a station; the second is nobody else's
BODIES = {
    "reporting:search": {"q": "示例"},
    "intake:absence-search": {"who": "示例"},
}  # what is typed, where an empty page would prove nothing
NAMELESS = {  # pages on which nobody's name or number stands, so that nothing can leak
    "draft-save", "draft-drop", "document-detail", "document-print", "document-verify", "document-sample",
    "api-schema",
    "wording-list", "wording-create", "wording-preview", "wording-detail",
    "wording-confirm",
    "saved-list-list", "saved-list-create", "saved-list-drop",
    "reporting:notice-read", "reporting:notice-read-all", "reporting:dashboard", "reporting:ui",
    "reporting:api-term-explain-facts",
    "intake:roster-list", "intake:roster-create", "intake:roster-detail", "intake:roster-commit",
    "intake:roster-corrections", "intake:roster-withdraw", "intake:arrival-create",
    "intake:checkup-create", "intake:checkup-sheet",
    "centers:scan-detail",
    "intake:photo-detail", "intake:injury-photo-detail", "intake:belongings-return",
    "aftercare:agreement-paper",
    *(
        name
        for name, subject in SUBJECTS.items()
        if subject in ("account", "unit", "room", "grant", "station", "role", "delegation")
    ),
    "rehab:role-list", "rehab:role-create", "rehab:delegation-list", "rehab:delegation-create",
    "rehab:access-list", "rehab:taking-list", "rehab:act-list", "aftercare:station-list", "aftercare:station-create",
    "rehab:account-list", "rehab:account-create", "rehab:posting-create", "rehab:password-change", "rehab:factor-set",
    "zones:unit-list", "zones:unit-create", "zones:muster-list",
    "rehab:rule-list", "rehab:rule-create", "rehab:rule-detail", "rehab:rule-confirm", "rehab:rule-return",
    "rehab:rule-withdraw",
}  # fmt: skip

VARIANTS = {  # what else a page shows at the same address
    "reporting:case-detail": [f"tab={tab}" for tab in TABS],
    "centers:assessment-list": ["", "show=concluded"],
    "aftercare:agreement-list": [f"view={view}" for view in ("running", "offered", "ended")],
    "aftercare:release-list": ["", "tab=left"],
}

STRICTER = {  # a method that asks for more than its page
    ("zones:proposal-create", "POST"): Permission.ZONE_MOVE_PROPOSE,
    ("zones:transfer-create", "POST"): Permission.TRANSFER_PROPOSE,
    ("centers:conduct-list", "POST"): Permission.CONDUCT_MARK,
}
BATCHES = {  # an act on several: the field, and the kind of what it names
    "zones:move-create": ("cases", "case"),
    "zones:approval-create": ("moves", "move"),
    "zones:receipt-create": ("moves", "move"),
    "zones:handover-print": ("moves", "move"),
    "centers:sheets-print": ("cases", "case"),
    "centers:telling-batch": ("cases", "case"),
}

ANONYMOUS = None
METHODS = ("GET", "POST")
NO_SUCH_METHOD = 405
SENT_AWAY = -1  # a signed-in user who is asked to sign in
FITS = {
    "sign in": {302, 401, 403},
    "forbidden": {403},
    "unseen": {404},
    "answers": {200, 204, 302, 303, 400, 409, 415, 422},
}


def views(patterns, namespace=""):
    """Every URL pattern of ours by its name."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, f"{one.namespace}:" if one.namespace else namespace)
        elif isinstance(one, URLPattern):
            yield f"{namespace}{one.name}", one


ALL = dict(views(get_resolver().url_patterns))


def required(pattern):
    """The permissions a view declares; None when it declares nothing."""
    view = pattern.callback
    declared = getattr(view, "required_permission", None)
    return (
        declared
        if declared is not None
        else getattr(getattr(view, "view_class", None), "required_permission", None)
    )


def columns(name):
    """The places at which a thing of this kind stands; one nameless column where it stands nowhere."""
    subject = SUBJECTS[name]
    if subject in ("arrival", "roster"):
        return tuple(nation.WAITING)
    if subject == "metric":
        return tuple(metric.code for metric in METRICS)
    return PLACES if subject in REACHED else ("",)


def holds(role, permissions):
    return any(permission in ROLES[role].permissions for permission in permissions)


def expected(name, role, place, method):
    """What the permissions and the reach of a role say about one cell."""
    if role is ANONYMOUS:
        return "sign in"
    if not holds(role, required(ALL[name])):
        return "forbidden"
    subject = SUBJECTS[name]
    if subject in REACHED and place not in REACHED[subject][ROLES[role].reach]:
        return "unseen"
    if subject == "metric":
        counted = (
            place in OF_STATIONS if ROLES[role].reach == Reach.STATION else place != "contacts"
        )
        return "answers" if counted else "unseen"
    if (name, method) in STRICTER and not holds(role, [STRICTER[name, method]]):
        return "forbidden"
    return "answers"


def addresses(world, name, role, place):
    """Where the thing is; several where a list comes in several kinds."""
    subject = SUBJECTS[name]
    if subject == "api-case":
        return [f"{reverse(name)}?{urlencode({'case': world.key('case', place, role)})}"]
    if not ALL[name].pattern.converters:
        return [reverse(name)]
    if subject in KEYS:
        return [reverse(name, args=[key]) for key in KEYS[subject]]
    if subject == "metric":
        return [reverse(name, args=[place])]
    return [reverse(name, args=[world.key(subject, place, role)])]


def entrances(world, name, method, at=None):
    """Who may open this, and where: each role that may, at the places within his reach, or `at` one alone."""
    roles = (ANONYMOUS,) if SUBJECTS[name] == "public" else tuple(ROLES)
    for role in roles:
        for place in columns(name) if at is None else (at,):
            if role is ANONYMOUS or expected(name, role, place, method) == "answers":
                yield role, addresses(world, name, role, place)[0]
        if at is None and role is not ANONYMOUS and expected(name, role, OWN, method) == "answers":
            for key in world.openings.get(SUBJECTS[name], ()):
                yield role, reverse(name, args=[key])

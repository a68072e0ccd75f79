"""转所: who may be moved, whose turn it is, who is on the road, and what the receiving facility may know."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Case as DbCase
from django.db.models import (
    Count,
    DateField,
    F,
    Func,
    Max,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from rehab import clock, scope
from rehab.models import Case, Document, Facility, TermDecision, User
from rehab.permissions import Permission
from rehab.refusal import Obstacle
from rehab.rules.days import moment_words
from rehab.selectors import absences
from rehab.selectors.revoked import is_revoked
from rehab.states import CaseStatus, Reach
from zones.models import FacilityTransfer
from zones.models.transfers import FacilityTransferQuerySet
from zones.rules import transfers as rules
from zones.rules.transfers import Standing, Step
from zones.states import (
    KNOWN_AHEAD,
    ON_THE_ROAD,
    TRANSFER_EDGES,
    TRANSFER_OPEN,
    TransferStatus,
)

S = TransferStatus
COMING, LATE, LEAVING = "coming", "coming_late", "coming_leaving"


def both_sides(transfer: FacilityTransfer) -> scope.Scope:
    """Wide enough to act on the file at either side, and no wider."""
    return scope.system("transfer", transfer.from_facility_id, transfer.to_facility_id)


@contextmanager
def seeing(rows: Iterable[FacilityTransfer]) -> Iterator[None]:
    """Let the page name who is awaited: of transfers that are under way, and of nobody else.

    Widens the second fence alone, by these cases; `visible_to` still shows the receiving facility no file.
    """
    held = scope.current()
    awaited = {one.case_id for one in rows if one.status in KNOWN_AHEAD}
    with scope.within(replace(held, cases=tuple({*held.cases, *awaited}))):
        yield


def transfers(user: User) -> FacilityTransferQuerySet:
    """Those the user sees: who is on the road first, the longest gone on top; then what waits; then the newest."""
    found = FacilityTransfer.objects.visible_to(user).select_related(
        "from_facility__province", "to_facility__province", "proposed_by", "approved_by",
        "departed_by", "received_by", "ended_by", "family_told_by",
    )  # fmt: skip
    in_order: FacilityTransferQuerySet = found.annotate(
        rank=DbCase(
            When(status__in=ON_THE_ROAD, then=0), When(status__in=TRANSFER_OPEN, then=1), default=2
        )
    ).order_by("rank", "departed_at", "-proposed_at", "pk")
    return in_order


def named(rows: Sequence[FacilityTransfer]) -> Sequence[FacilityTransfer]:
    """The same, each with whom it is about in `who`; None once the file is another facility's."""
    with seeing(rows):
        found = Case.objects.select_related("person", "zone", "unit", "facility").in_bulk(
            [one.case_id for one in rows]
        )
    for one in rows:
        one.who = found.get(one.case_id)
        if one.who is not None:
            one.case = one.who
    return rows


def open_transfer(case: Case) -> FacilityTransfer | None:
    """The one under way for a case."""
    found = FacilityTransfer.objects.open().filter(case=case)
    return found.select_related("from_facility", "to_facility").first()


def coming(user: User) -> FacilityTransferQuerySet:
    """Whom this facility awaits from the road."""
    if user.reach != Reach.FACILITY or user.facility is None:
        return FacilityTransfer.objects.none()
    return FacilityTransfer.objects.coming_to(user.facility)


def latest(case: Case) -> FacilityTransfer | None:
    """The newest of a case, under way or over."""
    found = FacilityTransfer.objects.filter(case=case).order_by("-proposed_at", "-pk")
    return found.select_related("from_facility", "to_facility").first()


def sheet_of(transfer: FacilityTransfer, user: User) -> Document | None:
    """转所交接单, for who may open it; without its bytes."""
    if transfer.document_id is None or not user.may(Permission.DOCUMENT_VIEW):
        return None
    found = Document.objects.visible_to(user).filter(pk=transfer.document_id)
    return found.defer("body", "facts").first()


def receiving_facilities(case: Case) -> QuerySet[Facility]:
    """Where somebody may be sent: every other one, those of his own province first."""
    return (
        Facility.objects.exclude(pk=case.facility_id)
        .annotate(elsewhere=~Q(province=case.facility.province_id))
        .order_by("elsewhere", "code")
    )


def standing(case: Case) -> Standing:
    """How somebody stands who is to be moved."""
    under_way, out = open_transfer(case), absences.open_absence(case)
    return Standing(
        status_label=case.get_status_display(),
        in_facility=case.status == CaseStatus.IN_FACILITY,
        out_for=out.get_kind_display() if out else "",
        open_transfer=under_way.get_status_display() if under_way else "",
        revoked=is_revoked(case),
    )


def across(transfer: FacilityTransfer) -> bool:
    """Whether it leads into another province, so that the bureau alone approves."""
    return transfer.from_facility.province_id != transfer.to_facility.province_id


def _sends(transfer: FacilityTransfer, by: User) -> bool:
    return by.facility is not None and by.facility.pk == transfer.from_facility_id


def _receives(transfer: FacilityTransfer, by: User) -> bool:
    return by.facility is not None and by.facility.pk == transfer.to_facility_id


def _decides(transfer: FacilityTransfer, by: User) -> bool:
    """The leader of the sending facility within a province; its bureau always."""
    if by.reach == Reach.PROVINCE and by.bureau is not None:
        sending = transfer.from_facility
        return by.bureau.pk in (sending.province_id, sending.bureau_id)
    return _sends(transfer, by) and not across(transfer)


def _step(
    transfer: FacilityTransfer,
    to: TransferStatus,
    act: str,
    *,
    ours: bool,
    side: str,
    signed_as: str = "",
) -> tuple[Obstacle, ...]:
    return rules.step_obstacles(
        Step(
            act=act,
            legal=(TransferStatus(transfer.status), to) in TRANSFER_EDGES,
            state_label=transfer.get_status_display(),
            of_that_side=ours,
            side=side,
            signed_as=signed_as,
        )
    )


def _decider(transfer: FacilityTransfer) -> str:
    if across(transfer):
        return f"{transfer.from_facility.province.name}（跨省）"
    return f"{transfer.from_facility.short_name}的所领导或者省级戒毒管理局"


def approval_obstacles(transfer: FacilityTransfer, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not approve."""
    signed_as = "提请" if transfer.proposed_by_id == by.pk else ""
    return _step(
        transfer, S.APPROVED, "审批",
        ours=_decides(transfer, by), side=_decider(transfer), signed_as=signed_as,
    )  # fmt: skip


def departure_obstacles(transfer: FacilityTransfer, *, by: User, on: date) -> tuple[Obstacle, ...]:
    """Why this officer may not hand him over now; `transfer` with its case."""
    side = transfer.from_facility.short_name
    if found := _step(transfer, S.DEPARTED, "移交", ours=_sends(transfer, by), side=side):
        return found
    case = transfer.case  # not before: it may be out of sight
    early = TermDecision.objects.proposed().filter(case=case, ends_on__lte=on)
    return rules.departure_obstacles(
        standing(case), ends_on=case.ends_on, released_early=early.exists(), on=on
    )


def arrival_status(transfer: FacilityTransfer, by: User) -> TransferStatus:
    """What a reception by this officer makes of it: received there, or taken back here."""
    return S.TAKEN_BACK if _sends(transfer, by) else S.RECEIVED


def reception_obstacles(transfer: FacilityTransfer, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not receive him: at the other gate, or back at the first."""
    to = arrival_status(transfer, by)
    back = to == S.TAKEN_BACK or transfer.status == S.SENT_BACK
    side = transfer.from_facility if back else transfer.to_facility
    ours = _sends(transfer, by) or _receives(transfer, by)
    own = to == S.RECEIVED and transfer.departed_by_id == by.pk
    signed_as = "移交" if own else ""  # to take him back nobody waits for another
    if transfer.status == S.SENT_BACK:  # the receiving facility has nothing to receive any more
        to, ours = S.TAKEN_BACK, _sends(transfer, by)
    return _step(transfer, to, "接收", ours=ours, side=side.short_name, signed_as=signed_as)


def return_status(transfer: FacilityTransfer) -> TransferStatus:
    """What a return makes of it: nothing came of it, or he is on his way back."""
    return S.SENT_BACK if transfer.status == S.DEPARTED else S.RETURNED


def return_obstacles(transfer: FacilityTransfer, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not return it: its decider may while it waits, then the receiving facility."""
    receives = _receives(transfer, by) and by.may(Permission.TRANSFER_HAND_OVER)
    if transfer.status == S.PROPOSED:
        ours = _decides(transfer, by) and by.may(Permission.TRANSFER_APPROVE)
        side = _decider(transfer)
    else:
        ours, side = receives, transfer.to_facility.short_name
    return _step(transfer, return_status(transfer), "退回", ours=ours, side=side)


def withdrawal_obstacles(transfer: FacilityTransfer, *, by: User) -> tuple[Obstacle, ...]:
    """Why this officer may not withdraw it: the sending side may, until he has left."""
    ours = _sends(transfer, by) and by.may(Permission.TRANSFER_PROPOSE)
    return _step(transfer, S.WITHDRAWN, "撤回", ours=ours, side=transfer.from_facility.short_name)


def family_obstacles(transfer: FacilityTransfer, *, by: User) -> tuple[Obstacle, ...]:
    """Why it is not written down that the family was told: he did not arrive, or they were."""
    if transfer.status != S.RECEIVED:
        return (Obstacle(f"此件转所现为“{transfer.get_status_display()}”，接收以后再告知家属"),)
    if not _receives(transfer, by):
        return (Obstacle(f"由{transfer.to_facility.short_name}告知家属"),)
    if transfer.family_told_at is not None:
        return (Obstacle("家属已经告知，不必再登记"),)
    return ()


def arrives_at(transfer: FacilityTransfer, by: User) -> Facility:
    """Where a reception by this officer brings him."""
    back = arrival_status(transfer, by) == S.TAKEN_BACK
    return transfer.from_facility if back else transfer.to_facility


@dataclass(frozen=True)
class Acts:
    """Which steps this officer may take now."""

    approve: bool
    depart: bool
    receive: bool
    give_back: bool
    withdraw: bool
    tell_family: bool


def acts_open_to(user: User, transfer: FacilityTransfer) -> Acts:
    """Told by the same reasons that refuse the act."""
    signs = user.may(Permission.TRANSFER_HAND_OVER)
    return Acts(
        approve=user.may(Permission.TRANSFER_APPROVE) and not approval_obstacles(transfer, by=user),
        depart=signs
        and transfer.status == S.APPROVED
        and not _step(transfer, S.DEPARTED, "移交", ours=_sends(transfer, user), side=""),
        receive=signs and not reception_obstacles(transfer, by=user),
        give_back=not return_obstacles(transfer, by=user),
        withdraw=not withdrawal_obstacles(transfer, by=user),
        tell_family=signs and not family_obstacles(transfer, by=user),
    )


def counted_coming(user: User, *, at: datetime) -> dict[str, Any]:
    """How many his facility awaits from the road, how many too long, and whose last day has come: to be
    asked beside other figures. The last day is the database's word: the file is not yet this facility's.
    """
    ends = Func(F("pk"), function="zones_last_day_on_the_road", output_field=DateField())
    awaited = coming(user).annotate(ends=ends)
    wanted = {
        COMING: awaited,
        LATE: awaited.left_before(at - rules.ROAD_HOURS),
        LEAVING: awaited.filter(ends__lte=clock.day_of(at)),
    }
    return {name: _beside(_number(rows)) for name, rows in wanted.items()}


def _beside(number: Subquery) -> Coalesce:
    """Among aggregates, and told as well where they have no row: some come to a facility that is empty."""
    return Coalesce(Max(number), number)


def _number(rows: FacilityTransferQuerySet) -> Subquery:
    counted = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(counted.annotate(number=Count("pk")).values("number"))


def before_the_road_obstacles(case: Case, moment: datetime) -> tuple[Obstacle, ...]:
    """Why nobody ran from the road at a moment: he had not left yet."""
    under_way = open_transfer(case)
    left = under_way.departed_at if under_way else None
    if left is None or moment >= left:
        return ()
    return (Obstacle(f"“脱逃时间”早于转所移交（{moment_words(left)}），请改正"),)


def is_late(transfer: FacilityTransfer, *, at: datetime) -> bool:
    """Whether he left and has been on the road for too long."""
    left = transfer.departed_at
    return transfer.status in ON_THE_ROAD and left is not None and rules.late_at(left) < at

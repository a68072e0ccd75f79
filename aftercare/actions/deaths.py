"""死亡: recorded by one officer, reported at once, confirmed by a leader. 司法部令127号."""

from datetime import datetime

from django.db import transaction

from aftercare import selectors
from aftercare.models import Death, DeathNotice
from aftercare.rules import endings
from aftercare.states import DeathAudience
from centers.actions import end_open_opinion
from rehab import statutes
from rehab.actions import cases
from rehab.ledgers import changes, deadlines, documents, events, notices, outbox
from rehab.ledgers.notices import Post
from rehab.models import Case, Document, Event, User
from rehab.refusal import Obstacle, Refused
from rehab.states import CaseStatus, ProposalStatus
from zones.actions import end_open_move, end_open_transfer

K = Event.Kind
LEADER, GATE, BUREAU = "facility_leader", "intake_officer", "bureau_approver"


@transaction.atomic
def record_death(*, case: Case, facts: endings.DeathFacts, by: User, at: datetime) -> Death:
    """登记死亡: who must be told is told from now on; the case ends when a leader confirms it.

    A letter that cannot be typeset waits under its number: the telephone does not wait for it.
    """
    case = cases.lock(case, "decision", "facility__division", "facility__bureau")

    Refused.if_any(selectors.death_obstacles(case, selectors.death_of(case), facts, at=at))

    death = Death.objects.create(
        case=case,
        status=ProposalStatus.PROPOSED,
        died_at=facts.died_at,
        learned_at=facts.learned_at,
        place=facts.place.strip(),
        manner=facts.manner.strip(),
        established_by=facts.established_by.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    for audience in DeathAudience:
        letter = _letter(death, audience, by=by, at=at)
        DeathNotice.objects.create(death=death, audience=audience, document=letter)

    events.record(case, K.DEATH_RECORDED, by=by, at=at, death=str(death.pk))
    deadlines.refresh([case])

    _tell(death, K.DEATH_RECORDED, LEADER, BUREAU)
    outbox.poke()
    return death


def _letter(death: Death, audience: DeathAudience, *, by: User, at: datetime) -> Document:
    case = death.case
    recipients = {
        DeathAudience.AUTHORITY: case.facility.bureau.name,
        DeathAudience.FAMILY: selectors.next_of_kin(case.person) or "家属",
        DeathAudience.DECIDING_AUTHORITY: case.decision.authority,
        DeathAudience.PROCURATORATE: "所在地人民检察院",
    }
    facts = {
        "audience": audience.value,
        "recipient": recipients[audience],
        "name": case.person.name,
        "sex": case.person.get_sex_display(),
        "birth_on": case.person.birth_date,
        "authority": case.decision.authority,
        "decision_number": case.decision.number,
        "decided_on": case.decision.decided_on,
        "died_at": death.died_at,
        "place": death.place,
        "manner": death.manner,
        "established_by": death.established_by,
        "basis": [statutes.DEATH],
        "facility": case.facility.name,
        "address": selectors.address_of(case.facility),
        "phone": case.facility.duty_phone or "见所外公示",
    }
    title = f"死亡通知书（{audience.label}）"
    return documents.make(case, "death_notice", title, facts, by=by, at=at, may_wait=True)


@transaction.atomic
def record_told_of_death(*, case: Case, told: endings.Told, by: User, at: datetime) -> DeathNotice:
    """登记报告、通知: one recipient was told, when and by which means; its clock stops."""
    case = cases.lock(case)
    death = selectors.death_of(case)

    Refused.if_any(selectors.telling_obstacles(death))
    assert death is not None
    notice = death.notices.get(audience=told.audience)
    Refused.if_any(
        endings.told_obstacles(told, died_at=death.died_at, told_before=notice.told_at, at=at)
    )

    notice.told_at, notice.means, notice.told_by = told.told_at, told.means, by
    notice.received_by = told.received_by.strip()
    notice.save(update_fields=["told_at", "means", "told_by", "received_by"])

    events.record(
        case,
        K.DEATH_TOLD,
        by=by,
        at=told.told_at,
        death=str(death.pk),
        audience=told.audience,
        means=told.means,
    )
    deadlines.refresh([case])

    outbox.poke()
    return notice


@transaction.atomic
def confirm_death(*, case: Case, by: User, at: datetime) -> Death:
    """确认死亡, never by who recorded it: the case ended when he died; bed and move are free from now."""
    case = cases.lock(case)
    death = selectors.death_of(case)

    Refused.if_any(selectors.death_confirmation_obstacles(case, death, by=by))

    assert death is not None
    death.case = case
    end_open_move(case=case, by=by, at=at)
    end_open_transfer(case=case, by=by, at=at)
    end_open_opinion(case=case, by=by, at=at)
    before = changes.standing([case])
    cases.close_case(case=case, to=CaseStatus.DIED, at=at, ended_at=death.died_at)
    _decide(death, ProposalStatus.CONFIRMED, by=by, at=at)

    changed = changes.since(before, [case])[case.pk]
    key = str(death.pk)
    events.record(case, K.DIED, by=by, at=death.died_at, death=key, changes=changed)
    deadlines.refresh([case])

    _tell(death, K.DIED, _recorder(death), BUREAU)
    outbox.poke()
    return death


@transaction.atomic
def withdraw_death(*, case: Case, reason: str, by: User, at: datetime) -> Death:
    """撤回死亡登记, that was wrong and nobody has confirmed: nothing of it is owed any more."""
    case = cases.lock(case)
    death = selectors.death_of(case)

    found = selectors.death_withdrawal_obstacles(death)
    if not reason.strip():
        found = (*found, Obstacle("“撤回理由”不能为空，请填写"))
    Refused.if_any(found)

    assert death is not None
    death.case, death.withdrawal = case, reason.strip()
    _decide(death, ProposalStatus.WITHDRAWN, by=by, at=at)

    events.record(
        case,
        K.DEATH_WITHDRAWN,
        by=by,
        at=at,
        corrects=case.events.get(kind=K.DEATH_RECORDED, facts__death=str(death.pk)),
        words={"why": death.withdrawal},
        death=str(death.pk),
    )
    deadlines.refresh([case])

    _tell(death, K.DEATH_WITHDRAWN, LEADER, _recorder(death), BUREAU)
    outbox.poke()
    return death


def _decide(death: Death, to: ProposalStatus, *, by: User, at: datetime) -> None:
    death.status, death.decided_by, death.decided_at = to, by, at
    death.save(update_fields=["status", "decided_by", "decided_at", "withdrawal"])


def _recorder(death: Death) -> str:
    """The role in which he is told: his own; the gate's once he holds none."""
    return death.recorded_by.role or GATE


def _tell(death: Death, kind: Event.Kind, *roles: str) -> None:
    for role in roles:
        post = Post(role, death.case.facility_id)
        notices.tell(death.case, kind, to=post, cycle=str(death.pk))

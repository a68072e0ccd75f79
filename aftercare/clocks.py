"""The clocks of the back door: 解除准备, 解除通知, a certificate that waits, a revocation, a death, agreements."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, Subquery

from aftercare import rules
from aftercare.models import Agreement, Contact, Death, DeathNotice, Release
from aftercare.rules import endings, preparing
from aftercare.states import IN_FORCE
from rehab import statutes
from rehab.db.prepared import Among, Prepared
from rehab.models import Case
from rehab.rules.days import day_of, end_of, start_of
from rehab.rules.term import release_notice_due_on
from rehab.rules.timing import Category, Clock, Expected
from rehab.states import FINAL, IN_CUSTODY, CaseStatus, ProposalStatus

RELEASE_NOTICE = "aftercare.release_notice"
RELEASE_PLAN = "aftercare.release_plan"
CERTIFICATE = "aftercare.certificate"
CONVERSION = "aftercare.conversion"
CONVERSION_SENDING = "aftercare.conversion_sending"
REVOCATION = "aftercare.revocation"
DEATH_TOLD = "aftercare.death_told"
DEATH_CONFIRMED = "aftercare.death_confirmed"
FIRST_CONTACT = "aftercare.first_contact"
NEXT_CONTACT = "aftercare.next_contact"
AGREEMENT_END = "aftercare.agreement_end"
CONTACTS = (FIRST_CONTACT, NEXT_CONTACT)
STATION_CLOCKS = (*CONTACTS, AGREEMENT_END)

CONTACT_PAGE = "aftercare:contact-create"

CLOCKS = (
    Clock(
        RELEASE_NOTICE, "解除通知", Category.PAPER, "发解除通知", "aftercare:release-notify",
        lead_days=7,
    ),
    Clock(
        RELEASE_PLAN, "解除准备", Category.RELEASE, "登记", "aftercare:release-prepare",
        lead_days=7, escalates_to="",
    ),
    Clock(
        CERTIFICATE, "证明书待打印", Category.PAPER, "打印证明书", "aftercare:release-detail",
        told_on_the_day="facility_leader",
    ),
    Clock(
        CONVERSION, "变更社区戒毒待决定", Category.PAPER, "登记决定", "aftercare:conversion-answer",
    ),
    Clock(
        CONVERSION_SENDING, "变更社区戒毒建议当日报送", Category.RELEASE, "审批报送",
        "aftercare:conversion-send", escalates_to="bureau_approver",
    ),
    Clock(
        REVOCATION, "决定撤销，立即离所", Category.RELEASE, "办理离所", "aftercare:revocation-leave",
        told_on_the_day="facility_leader", alarms="bureau_approver",
    ),
    Clock(
        DEATH_TOLD, "死亡报告、通知", Category.PAPER, "登记告知", "aftercare:death-tell",
        told_on_the_day="facility_leader", alarms="bureau_approver",
    ),
    Clock(
        DEATH_CONFIRMED, "死亡登记待确认", Category.PAPER, "确认", "aftercare:death-detail",
        escalates_to="bureau_approver",
    ),
    Clock(
        FIRST_CONTACT, "首次联系", Category.AFTERCARE, "记录联系", CONTACT_PAGE,
        lead_days=7, escalates_to="",
    ),
    Clock(
        NEXT_CONTACT, "照管联系", Category.AFTERCARE, "记录联系", CONTACT_PAGE,
        lead_days=7, escalates_to="",
    ),
    Clock(
        AGREEMENT_END, "协议期满，续签谈话", Category.AFTERCARE, "记录联系", CONTACT_PAGE,
        lead_days=rules.RENEWAL_TALK_DAYS, escalates_to="",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """A contact as far as the clocks care."""

    at: datetime
    reached: bool
    renewal_discussed: bool
    next_on: date


@dataclass(frozen=True)
class Link:
    """An agreement that was signed; `renewed_at` when another follows it without a break."""

    starts_on: date
    ends_on: date
    signed_at: datetime
    follows: bool  # it renews the one before it
    renewed_at: datetime | None
    withdrawn: bool
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True)
class Recorded:
    """A death as far as the clocks care: who is told of it and when, who confirmed it when."""

    learned_at: datetime
    recorded_at: datetime
    decided_at: datetime | None
    told: tuple[tuple[str, datetime | None], ...]  # audience, told at


@dataclass(frozen=True)
class Leaving:
    """What the clocks of the back door need to know of a case."""

    entered_at: datetime
    ends_on: date
    status: str
    ended_at: datetime | None
    looked_after: bool  # by a station, under the last of the links
    notified_at: datetime | None = None  # for the last day as it stands
    waits_since: datetime | None = None  # when he left, where the certificate is not printed yet
    barred_at: datetime | None = (
        None  # from when it is known that the measure does not apply to her
    )
    conversion_at: datetime | None = None  # sent
    converting_on: date | None = None  # received by the deciding organ
    revocation_at: datetime | None = None  # received
    let_go_at: datetime | None = None  # on it
    prepared_at: datetime | None = None
    links: tuple[Link, ...] = ()  # in the order of time
    death: Recorded | None = None  # that was not taken back


def facts(cases: Sequence[Case]) -> Mapping[UUID, Leaving]:
    """Three queries for any number of cases, and a fourth where somebody died."""
    keys = [case.pk for case in cases]
    leaving, dead = {}, []
    for key, *rest, died in _leaving(keys):
        leaving[key] = Leaving(*rest)
        if died:
            dead.append(key)
    for key, links in _links(keys).items():
        leaving[key] = replace(leaving[key], links=tuple(links))
    for key, death in _deaths(dead).items():
        leaving[key] = replace(leaving[key], death=death)
    return leaving


@Prepared
def _leaving() -> Any:
    of_this_end = FilteredRelation(
        "release_notices", condition=Q(release_notices__release_on=F("ends_on"))
    )
    under_way = FilteredRelation(
        "conversions", condition=Q(conversions__status__in=["proposed", "sent"])
    )
    standing = FilteredRelation(
        "revocations", condition=Q(revocations__status__in=["proposed", "confirmed"])
    )  # one at most
    waiting = Release.objects.filter(case=OuterRef("pk"), certificate__sha256="")
    return (
        Case.objects.filter(Among("pk"))
        .annotate(notice=of_this_end, conversion=under_way, revocation=standing)
        .annotate(
            looked_after=Q(station_sees_until__isnull=False),
            waits_since=Subquery(waiting.values("released_at")),
            dead=Exists(Death.objects.standing().filter(case=OuterRef("pk"))),
        )
        .values_list(
            "pk",
            "entered_at",
            "ends_on",
            "status",
            "ended_at",
            "looked_after",
            "notice__given_at",
            "waits_since",
            "conversion__found_at",
            "conversion__sent_at",
            "conversion__received_on",
            "revocation__received_at",
            "revocation__decided_at",
            "release_plan__recorded_at",
            "dead",
        )
    )


def _deaths(keys: Sequence[UUID]) -> Mapping[UUID, Recorded]:
    told: Any = (  # asks nothing where nobody died
        DeathNotice.objects.filter(death__case__in=keys)
        .exclude(death__status=ProposalStatus.WITHDRAWN)
        .order_by("audience")
        .values_list(
            "death__case", "death__learned_at", "death__recorded_at", "death__decided_at",
            "audience", "told_at",
        )
    )  # fmt: skip
    found: dict[UUID, Recorded] = {}
    for case, learned_at, recorded_at, decided_at, *one in told:
        so_far = found.get(case, Recorded(learned_at, recorded_at, decided_at, ()))
        found[case] = replace(so_far, told=(*so_far.told, tuple(one)))
    return found


def _links(keys: Sequence[UUID]) -> Mapping[UUID, list[Link]]:
    signed = _signed(keys)
    calls = defaultdict(list)
    contacts: Any = (  # asks nothing where nobody signed
        Contact.objects.filter(agreement__in=[agreement for agreement, *_ in signed])
        .order_by("contacted_at", "pk")
        .values_list("agreement_id", "contacted_at", "reached", "renewal_discussed", "next_on")
    )
    for agreement, *rest in contacts:
        calls[agreement].append(Call(*rest))
    links = defaultdict(list)
    for key, case, starts_on, ends_on, signed_at, renews, status, renewed_at in signed:
        links[case].append(
            Link(
                starts_on=starts_on,
                ends_on=ends_on,
                signed_at=signed_at,
                follows=renews is not None,
                renewed_at=renewed_at,
                withdrawn=status not in IN_FORCE,
                calls=tuple(calls[key]),
            )
        )
    return links


@Prepared
def _signed() -> Any:
    return (
        Agreement.objects.filter(Among("case"), signed_at__isnull=False)
        .order_by("starts_on", "pk")
        .values_list(
            "pk", "case_id", "starts_on", "ends_on", "signed_at", "renews", "status",
            "renewed_by__signed_at",
        )
    )  # fmt: skip


def expected(facts: Leaving) -> tuple[Expected, ...]:
    """解除通知 and 解除准备 while a last day lies ahead, a certificate while it waits, what ends a case, agreements."""
    return (
        *_notice(facts),
        *_plan(facts),
        *_certificate(facts),
        *_conversion_sending(facts),
        *_conversion(facts),
        *_revocation(facts),
        *_death(facts),
        *_station(facts),
    )


def _notice(facts: Leaving) -> Iterator[Expected]:
    """Three days before the last day, or at once; what was not sent when he left is owed no more."""
    gone = facts.status == CaseStatus.ESCAPED or facts.status in FINAL
    if gone and facts.notified_at is None:
        return
    opens = max(rules.notice_opens_on(facts.ends_on), day_of(facts.entered_at))
    due = release_notice_due_on(ends_on=facts.ends_on, known_on=day_of(facts.entered_at))
    yield Expected(
        RELEASE_NOTICE,
        opened_at=start_of(opens),
        due_at=end_of(due),
        owed_by="intake_officer",
        article=statutes.RELEASE_NOTICE,
        satisfied_at=facts.notified_at,
    )


def _plan(facts: Leaving) -> Iterator[Expected]:
    """Who fetches him, a week before the last day; it keeps nobody, and is owed no more of who has left.

    What was arranged before the days that lead up to the last day as it stands was arranged for another.
    """
    opens = start_of(preparing.opens_on(facts.ends_on))
    done = facts.prepared_at if facts.prepared_at and facts.prepared_at >= opens else None
    gone = facts.status == CaseStatus.ESCAPED or facts.status in FINAL
    if gone and done is None:
        return
    known_on = day_of(facts.entered_at)
    yield Expected(
        RELEASE_PLAN,
        opened_at=max(opens, start_of(known_on)),
        due_at=end_of(preparing.due_on(ends_on=facts.ends_on, known_on=known_on)),
        owed_by="zone_officer",
        article=statutes.RELEASE_NOTICE,
        satisfied_at=done,
    )


def _certificate(facts: Leaving) -> Iterator[Expected]:
    """Owed on the day he left; printed, it was never late."""
    if facts.waits_since is not None:
        yield Expected(
            CERTIFICATE,
            opened_at=facts.waits_since,
            due_at=end_of(day_of(facts.waits_since)),
            owed_by="intake_officer",
            article=statutes.RELEASE,
        )


def _conversion_sending(facts: Leaving) -> Iterator[Expected]:
    """To whom the measure does not apply, of her the deciding organ is asked on the day on which it was found.

    No article stands beside it: on every list it would say what is the physicians' to know.
    """
    if facts.barred_at is None or facts.status not in IN_CUSTODY:
        return
    yield Expected(
        CONVERSION_SENDING,
        opened_at=facts.barred_at,
        due_at=end_of(day_of(facts.barred_at)),
        owed_by="facility_leader",
        satisfied_at=facts.conversion_at,
    )


def _conversion(facts: Leaving) -> Iterator[Expected]:
    """The deciding organ answers in seven days; who is not on medical leave any more is not converted.

    To whom the measure does not apply is, wherever she is held.
    """
    sent_at, received_on = facts.conversion_at, facts.converting_on
    goes_on = IN_CUSTODY if facts.barred_at else {CaseStatus.MEDICAL_LEAVE}
    if sent_at is None or received_on is None or facts.status not in goes_on:
        return
    yield Expected(
        CONVERSION,
        opened_at=sent_at,
        due_at=end_of(endings.conversion_answer_due_on(received_on)),
        owed_by="intake_officer",
        article=statutes.CONVERTED,
        cycle=str(received_on),
    )


def _revocation(facts: Leaving) -> Iterator[Expected]:
    """He leaves on the day on which it was received; of whose case ended otherwise nothing is owed."""
    if facts.revocation_at is None or (
        facts.status in FINAL and facts.status != CaseStatus.REVOKED
    ):
        return
    yield Expected(
        REVOCATION,
        opened_at=facts.revocation_at,
        due_at=end_of(day_of(facts.revocation_at)),
        owed_by="intake_officer",
        article=statutes.REMEDIES,
        satisfied_at=facts.let_go_at,
    )


def _death(facts: Leaving) -> Iterator[Expected]:
    """Everybody is told on the day on which it was learned of; a leader confirms it on the day of its record.

    Of who left otherwise before it was confirmed nothing is owed: he lived.
    """
    death = facts.death
    if death is None or (facts.status in FINAL and facts.status != CaseStatus.DIED):
        return
    for audience, told_at in death.told:
        yield Expected(
            DEATH_TOLD,
            opened_at=death.learned_at,
            due_at=end_of(day_of(death.learned_at)),
            owed_by="intake_officer",
            article=statutes.DEATH,
            cycle=audience,
            satisfied_at=told_at,
        )
    yield Expected(
        DEATH_CONFIRMED,
        opened_at=death.recorded_at,
        due_at=end_of(day_of(death.recorded_at)),
        owed_by="facility_leader",
        article=statutes.DEATH,
        satisfied_at=death.decided_at,
    )


def _station(facts: Leaving) -> Iterator[Expected]:
    """Contacts run through a chain of renewals.

    What was not done when it ran out, or when he withdrew, was asked anew or died, is owed no more.
    """
    left_on = day_of(facts.ended_at) if facts.ended_at else facts.ends_on
    runs = facts.looked_after and facts.status != CaseStatus.DIED
    for chain in _chains(facts.links):
        over = not runs or chain[-1].withdrawn or chain[-1] is not facts.links[-1]
        owed = (*_contacts(chain, left_on), *map(_end, chain))
        yield from (one for one in owed if one.satisfied_at is not None or not over)


def _chains(links: Sequence[Link]) -> list[list[Link]]:
    chains: list[list[Link]] = []
    for link in links:
        if link.follows:
            chains[-1].append(link)
        else:
            chains.append([link])
    return chains


def _contacts(chain: Sequence[Link], left_on: date) -> Iterator[Expected]:
    """The first is kept by reaching him, every later one by a contact that was made or tried."""
    calls = [call for link in chain for call in link.calls]
    reached = next((n for n, call in enumerate(calls) if call.reached), len(calls))
    signed_at = chain[0].signed_at
    due = rules.first_contact_due_on(leaves_on=left_on, signed_on=day_of(signed_at))
    yield Expected(
        FIRST_CONTACT,
        opened_at=signed_at,
        due_at=end_of(due),
        owed_by="aftercare_worker",
        cycle=str(chain[0].starts_on),
        satisfied_at=calls[reached].at if reached < len(calls) else None,
    )
    rhythm = calls[reached:]
    for call, following in zip(rhythm, (*rhythm[1:], None), strict=False):
        if call.next_on <= chain[-1].ends_on:
            yield Expected(
                NEXT_CONTACT,
                opened_at=call.at,
                due_at=end_of(call.next_on),
                owed_by="aftercare_worker",
                cycle=str(call.next_on),
                satisfied_at=following.at if following else None,
            )


def _end(link: Link) -> Expected:
    """Before it ends somebody asks whether he wishes to go on; his application or that talk settles it."""
    opens = start_of(rules.renewal_talk_opens_on(link.ends_on))
    talks = (call.at for call in link.calls if call.renewal_discussed and call.at >= opens)
    return Expected(
        AGREEMENT_END,
        opened_at=opens,
        due_at=end_of(link.ends_on),
        owed_by="aftercare_worker",
        cycle=str(link.ends_on),
        satisfied_at=link.renewed_at or next(talks, None),
    )

"""What must become of a person in custody, in plain dates, written apart from the house and sharing nothing with it.

`may_…` says whether an act may happen now; the method named after the act, what stands afterwards. Officers are names.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache

from tests.rehab import term_oracle

DAY = timedelta(days=1)
IN, LEAVE, HELD, ESCAPED = "in_facility", "medical_leave", "held_elsewhere", "escaped"
ROAD = "in_transit"
HERE, THERE = "here", "there"
RELEASED, CONVERTED, REVOKED, DIED = "released", "converted", "revoked", "died"
OVER = {RELEASED, CONVERTED, REVOKED, DIED}
CUSTODY = {IN, LEAVE, HELD, ROAD}
GIVES_UP_HIS_BED = {"medical_leave": LEAVE, "held": HELD, "escape": ESCAPED}
STAGES = ("01", "02", "03", "04")
SHORTEST, LONGEST, TARGET = (7, 20, 180, 10), (30, 60, 540, 90), (15, 45, 400, 60)
OUTING_DAYS = 10
TOLD = ("authority", "family", "deciding_authority", "procuratorate")


@dataclass
class Escape:
    ran_on: date
    written_on: date
    ran_at: datetime
    row: object = None  # how the house calls it
    back_on: date | None = None
    back_at: datetime | None = None
    received_by: str = ""
    days: int = 0  # confirmed as not counted
    undone: bool = False
    question: str = ""  # what waits: uncounted or reversal
    asked_days: int = 0
    asked_by: str = ""


@dataclass
class Decision:
    kind: str  # extension or early_release
    served_on: date
    months: int = 0
    ends_on: date | None = None
    status: str = "proposed"
    by: str = ""
    row: object = None
    undone: bool = False
    undo_by: str = ""

    @property
    def stands(self):
        return self.status == "confirmed" and not self.undone

    @property
    def waits(self):
        return self.status == "proposed" or bool(self.undo_by)


@dataclass
class Life:
    """One person: what is recorded of him, and what follows from it."""

    decided_on: date
    printed_on: date
    entered_at: datetime
    zone_on: date
    row: object = None
    at: str = HERE  # whose the file is
    status: str = IN
    stage: int = 0
    unit: str = "01"
    ends_on: date | None = None
    out: str = ""
    out_at: datetime | None = None
    move: str = ""  # proposed, in_transit
    move_on: date | None = None
    move_to: str = ""
    move_row: object = None
    transfer: str = ""  # proposed, approved, departed, sent_back
    transfer_on: date | None = None  # proposed, then departed
    transfer_row: object = None
    moved_on: date | None = None  # carried on here since, and the family is not told yet
    moved_row: object = None
    outing: str = ""  # proposed, approved
    outing_on: date | None = None  # proposed
    outing_days: tuple[date, date] | None = None
    outing_row: str = ""
    visits_until: date | None = None
    extra: bool = False  # lies in a bed that was added for a night
    told_ends: list[date] = field(default_factory=list)  # last days of which 解除通知 was given
    escapes: list[Escape] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    correction: date | None = None  # the printed end that somebody says the paper names
    correction_by: str = ""
    correction_row: object = None
    conversion: str = ""  # proposed, sent
    conversion_by: str = ""
    conversion_on: date | None = None
    revocation: str = ""  # recorded
    revocation_by: str = ""
    revocation_on: date | None = None
    death: str = ""  # recorded, confirmed
    death_by: str = ""
    death_on: date | None = None
    untold: tuple[str, ...] = ()
    family_told: bool = False

    def __post_init__(self):
        self.ends_on = self.ends_on or self.printed_on

    @property
    def alarm_on(self):
        """The earlier of the last day and of the one by the law alone; from it the alarm runs."""
        return self._days()[1]

    @property
    def over(self):
        return self.status in OVER

    @property
    def elsewhere(self):
        """The facility to which a transfer of his leads."""
        return THERE if self.at == HERE else HERE

    @property
    def ever_ran(self):
        return any(not one.undone for one in self.escapes)

    def last_day(self, *, without=None, decision=None, escape=None, days=0, printed=None):
        """By everything that two officers signed; None where it contradicts itself or the law."""
        return self._days(
            without=without, decision=decision, escape=escape, days=days, printed=printed
        )[0]

    def alarm_if(self, printed):
        """The day from which the alarm would run if the paper named this day."""
        return self._days(printed=printed)[1]

    def _days(self, *, without=None, decision=None, escape=None, days=0, printed=None):
        escapes, served = [], []
        for one in self.escapes:
            counted = days if one is escape else one.days
            if counted and not one.undone and one is not without:
                escapes.append((one.ran_on, one.ran_on + counted * DAY))
        for one in self.decisions:
            if one is decision or (one.stands and one is not without):
                served.append((one.kind, one.served_on, one.months, one.ends_on))
        if decision is not None and decision not in self.decisions:
            served.append((decision.kind, decision.served_on, decision.months, decision.ends_on))
        return _last_days(
            self.decided_on, printed or self.printed_on, tuple(escapes), tuple(served)
        )


@lru_cache(maxsize=4096)
def _last_days(decided_on, printed_on, escapes, served):
    sent = {
        "decided_on": decided_on, "printed_ends_on": printed_on, "on": date.max,
        "escapes": [{"from": first, "to": to} for first, to in escapes],
        "medical_leaves": [], "held_elsewhere": [], "barred": [],
        "decisions": [
            {"kind": kind, "served_on": on, "months": months, "ends_on": ends_on}
            for kind, on, months, ends_on in served
        ],
    }  # fmt: skip
    try:
        return term_oracle.last_day(sent), term_oracle.alarm_day(sent)
    except term_oracle.Impossible:
        return None, None


def end_of(decided_on):
    """What the law says the last day of a new decision is."""
    return _last_days(decided_on, None, (), ())[0]


class Oracle:
    """The people of two facilities that are built alike, the beds they may have, and the moment."""

    LEADERS = ("leader", "second")

    def __init__(self, now, beds):
        self.now, self.beds = now, beds  # how many there are, by 大队
        self.lives = {}

    @property
    def today(self):
        return self.now.date()

    # Beds and zones -------------------------------------------------------------------------

    def free(self, unit, at):
        taken = sum(
            (one.status == IN and one.unit == unit and not one.extra)
            + (one.move == "in_transit" and one.move_to == unit)
            for one in self.lives.values()
            if one.at == at
        )
        return self.beds[unit] - taken

    def free_in_zone(self, stage, at):
        return sum(self.free(unit, at) for unit in self.beds if unit.startswith(STAGES[stage]))

    def lie(self, one, unit, *, extra=False):
        if STAGES.index(unit[:2]) != one.stage:
            one.stage, one.zone_on = STAGES.index(unit[:2]), self.today
        one.unit, one.extra = unit, extra

    def moves_from(self, one):
        """The first day on which he may be proposed for the next zone."""
        opens = one.zone_on + SHORTEST[one.stage] * DAY
        if one.stage == 1:  # a month of entry education
            opens = max(opens, one.zone_on + term_oracle._days_of_months(one.zone_on, 1) * DAY)
        if one.stage == 2:  # the last zone is timed from the end
            target = one.ends_on - TARGET[3] * DAY
            opens = max(min(max(opens, one.ends_on - LONGEST[3] * DAY), target), one.zone_on)
        return opens

    def may_propose_move(self, one):
        return (
            one.status == IN
            and one.stage < 3
            and not one.move
            and self.today >= self.moves_from(one)
        )

    def propose_move(self, one, to):
        one.move, one.move_on, one.move_to = "proposed", self.today, to

    def may_approve_move(self, one):
        return (
            one.move == "proposed"
            and self.today >= self.moves_from(one)
            and self.free(one.move_to, one.at) > 0
        )

    def approve_move(self, one):
        one.move, one.move_on = "in_transit", self.today

    def receive_move(self, one):
        one.move = ""
        self.lie(one, one.move_to)

    def stop_move(self, one):
        one.move = ""

    def may_change_bed(self, one):
        return one.status == IN and one.move != "in_transit"

    # Away and back --------------------------------------------------------------------------

    def may_leave(self, one, kind):
        if kind == "escape" and self.today > one.ends_on:
            return False
        if one.out:
            return kind == "escape" != one.out and not one.over
        if kind == "home_visit":
            return one.status == IN and one.outing == "approved" and self.is_the_day(one)
        return one.status == IN or (one.status == ROAD and kind == "escape")

    def is_the_day(self, one):
        """Approved for today, and his last day has not moved before the return since."""
        leaves_on, returns_on = one.outing_days
        return leaves_on <= self.today <= returns_on <= one.ends_on

    def leave(self, one, kind):
        if kind in GIVES_UP_HIS_BED:
            one.status, one.move, one.extra = GIVES_UP_HIS_BED[kind], "", False
            one.transfer = ""
        if kind == "home_visit":
            one.outing, one.visits_until = "", one.outing_days[1]
        one.out, one.out_at = kind, self.now
        if kind == "escape":
            one.escapes.append(Escape(self.today, self.today, self.now))

    def may_come_back(self, one):
        return bool(one.out) and not one.over

    def come_back(self, one, by, *, caught_on=None):
        """Whole days between, where everything is proved: the two days at the ends count for him."""
        kind, one.out, one.status = one.out, "", IN
        if kind == "escape":
            gone = one.escapes[-1]
            gone.back_on, gone.back_at, gone.received_by = self.today, self.now, by
            if caught_on and self.may_ask_uncounted(one, gone, caught_on):
                self.ask_uncounted(gone, caught_on, by)

    # To his family ----------------------------------------------------------------------------

    def may_ask_outing(self, one, leaves_on, returns_on):
        return one.status == IN and not one.outing and self._may_go(one, leaves_on, returns_on)

    def _may_go(self, one, leaves_on, returns_on):
        days = (returns_on - leaves_on).days + 1
        return 1 <= days <= OUTING_DAYS and self.today <= returns_on <= one.ends_on

    def ask_outing(self, one, *days):
        one.outing, one.outing_on, one.outing_days = "proposed", self.today, days

    def may_approve_outing(self, one):
        return one.outing == "proposed" and one.status == IN and self._may_go(one, *one.outing_days)

    def may_return_outing(self, one):
        return one.outing == "proposed" and one.status == IN

    # To another facility ----------------------------------------------------------------------

    def may_ask_transfer(self, one, planned_on):
        return (
            one.status == IN and not one.transfer and self.today <= planned_on <= one.ends_on
        )  # fmt: skip

    def ask_transfer(self, one):
        one.transfer, one.transfer_on = "proposed", self.today

    def may_hand_over(self, one):
        """Nobody on his last day, nor whom a decision lets go that waits for its confirmation."""
        return (
            one.transfer == "approved" and one.status == IN and not one.out and self.today < one.ends_on
            and not any(
                each.kind == "early_release" and each.status == "proposed" and each.ends_on <= self.today
                for each in one.decisions
            )
        )  # fmt: skip

    def hand_over(self, one):
        one.transfer, one.transfer_on, one.status = "departed", self.today, ROAD
        one.move, one.extra, one.outing = "", False, ""

    def arrive(self, one, at, *, extra=False):
        """Into the zone of his stage; his days in it go on."""
        if at != one.at:
            one.at, one.moved_on = at, self.today
        one.status, one.unit, one.extra, one.transfer = IN, STAGES[one.stage], extra, ""

    # Escapes --------------------------------------------------------------------------------

    def _too_late(self, one, gone):
        """Nobody is kept on what was said after his last day."""
        return gone.written_on > one.alarm_on or gone.back_on <= one.alarm_on < self.today

    def days_between(self, gone, caught_on):
        return max(0, (caught_on - gone.ran_on).days - 1)

    def may_ask_uncounted(self, one, gone, caught_on):
        return (
            gone.back_on is not None and not gone.undone and not gone.question and not gone.days
            and not one.over and self.days_between(gone, caught_on) > 0
            and not self._too_late(one, gone)
        )  # fmt: skip

    def ask_uncounted(self, gone, caught_on, by):
        gone.question, gone.asked_by = "uncounted", by
        gone.asked_days = self.days_between(gone, caught_on)

    def may_confirm_uncounted(self, one, gone, by):
        return (
            gone.question == "uncounted" and by not in (gone.asked_by, gone.received_by)
            and not one.over and not self._too_late(one, gone)
            and one.last_day(escape=gone, days=gone.asked_days) is not None
        )  # fmt: skip

    def confirm_uncounted(self, one, gone):
        gone.days, gone.question = gone.asked_days, ""
        one.ends_on = one.last_day()

    def may_ask_reversal(self, gone):
        return gone.back_on is not None and not gone.undone and not gone.question

    def ask_reversal(self, gone, by):
        gone.question, gone.asked_by = "reversal", by

    def may_confirm_reversal(self, one, gone, by):
        return (
            gone.question == "reversal" and by not in (gone.asked_by, gone.received_by)
            and one.last_day(without=gone) is not None
        )  # fmt: skip

    def confirm_reversal(self, one, gone):
        gone.undone, gone.question = True, ""
        one.ends_on = one.last_day()

    def may_return_escape(self, gone, by):
        return bool(gone.question) and by != gone.asked_by

    # Decisions on the term ------------------------------------------------------------------

    def _late(self, one, decision, kind):
        return decision.kind == kind and self.today > one.alarm_on

    def may_record(self, one, decision, *, proof):
        return (
            not one.over and one.status != ESCAPED
            and not (decision.kind == "early_release" and one.ever_ran)
            and not (self._late(one, decision, "extension") and not proof)
            and one.last_day(decision=decision) is not None
        )  # fmt: skip

    def may_confirm(self, one, decision, by):
        signs = ("bureau",) if self._late(one, decision, "extension") else self.LEADERS
        return (
            decision.status == "proposed" and by != decision.by and not one.over and by in signs
            and not (decision.kind == "early_release" and one.ever_ran)
            and one.last_day(decision=decision) is not None
        )  # fmt: skip

    def confirm(self, one, decision):
        decision.status = "confirmed"
        one.ends_on = one.last_day()

    def may_ask_correction(self, one, printed):
        return (
            not one.over and one.correction is None and printed != one.printed_on
            and one.last_day(printed=printed) is not None
        )  # fmt: skip

    def may_confirm_correction(self, one, by):
        if one.correction is None or one.over or by == one.correction_by:
            return False
        alarm = one.alarm_if(one.correction)
        silences = alarm is not None and self.today > one.alarm_on and alarm > one.alarm_on
        return alarm is not None and by in (("bureau",) if silences else self.LEADERS)

    def confirm_correction(self, one):
        one.printed_on, one.correction = one.correction, None
        one.ends_on = one.last_day()

    def may_return_correction(self, one, by):
        return one.correction is not None and by != one.correction_by

    def may_return_decision(self, decision, by):
        return decision.waits and by != (decision.undo_by or decision.by)

    def return_decision(self, decision):
        if decision.undo_by:
            decision.undo_by = ""
        else:
            decision.status = "returned"

    def may_ask_undoing(self, one, decision):
        return decision.stands and not decision.undo_by and not one.over

    def may_confirm_undoing(self, one, decision, by):
        signs = ("bureau",) if self._late(one, decision, "early_release") else self.LEADERS
        return (
            bool(decision.undo_by) and by != decision.undo_by and not one.over and by in signs
            and one.last_day(without=decision) is not None
        )  # fmt: skip

    def confirm_undoing(self, one, decision):
        decision.undone, decision.undo_by = True, ""
        one.ends_on = one.last_day()

    # The ways out ---------------------------------------------------------------------------

    def may_notify(self, one):
        return (
            one.status in CUSTODY and one.ends_on not in one.told_ends
            and self.today >= one.ends_on - 30 * DAY
        )  # fmt: skip

    def may_release(self, one):
        return one.status in CUSTODY and self.today >= one.ends_on

    def end(self, one, status):
        one.status, one.move, one.extra, one.transfer = status, "", False, ""

    def may_propose_conversion(self, one):
        return one.status == LEAVE and not one.conversion

    def may_send_conversion(self, one, by):
        return one.status == LEAVE and one.conversion == "proposed" and by != one.conversion_by

    def may_answer_conversion(self, one):
        return one.status == LEAVE and one.conversion == "sent"

    def may_revoke(self, one):
        return not one.over and not one.revocation

    def may_let_go(self, one):
        return not one.over and one.revocation == "recorded"

    def must_explain(self, one, by):
        """Who lets him go alone, or late, says why."""
        alone = by not in self.LEADERS or by == one.revocation_by
        return alone or self.today > one.revocation_on

    def may_withdraw_revocation(self, one, by):
        return one.revocation == "recorded" and by != one.revocation_by

    def may_die(self, one):
        return not one.over and not one.death

    def may_tell(self, one, audience):
        return bool(one.death) and audience in one.untold

    def may_confirm_death(self, one, by):
        return not one.over and one.death == "recorded" and by != one.death_by

    # What is owed ---------------------------------------------------------------------------

    def owed(self, one):
        """(clock, cycle) → the last day for it, of the kinds that are foretold here."""
        found = {}
        here = not one.over and one.status != ESCAPED
        if here:
            found["term.expiry", ""] = one.alarm_on
            waiting = [each for each in one.decisions if each.status == "proposed"]
            if waiting:
                named = [each.ends_on for each in waiting if each.ends_on]
                found["term.decision", ""] = min(named, default=one.alarm_on)
            if one.ends_on not in one.told_ends:
                entered = one.entered_at.date()
                found["aftercare.release_notice", ""] = max(one.ends_on - 3 * DAY, entered)
        if not one.over and not one.family_told:
            found["intake.family_notice", ""] = one.entered_at.date() + 5 * DAY
        if one.conversion == "sent" and one.status == LEAVE:
            on = one.conversion_on
            found["aftercare.conversion", str(on)] = on + 7 * DAY
        if one.revocation == "recorded" and not one.over:
            found["aftercare.revocation", ""] = one.revocation_on
        if one.death and (not one.over or one.status == DIED):
            for audience in one.untold:
                found["aftercare.death_told", audience] = one.death_on
            if one.death == "recorded":
                found["aftercare.death_confirmed", ""] = one.death_on
        if one.move:
            signature = "zones.approval" if one.move == "proposed" else "zones.receipt"
            found[signature, "move"] = one.move_on + (DAY if one.move == "proposed" else 0 * DAY)
        return found | self._of_the_way(one)

    def _of_the_way(self, one):
        """Of an outing and of a transfer."""
        found = {}
        if one.outing == "proposed" and one.status == IN:
            found["intake.outing", "move"] = one.outing_on + DAY
        if one.out == "home_visit" and not one.over:
            found["intake.home_visit", "move"] = one.visits_until
        if one.transfer == "proposed":
            found["transfer.approval", "move"] = one.transfer_on + DAY
        if one.transfer in ("departed", "sent_back"):
            found["transfer.road", "move"] = one.transfer_on + DAY
        if one.moved_on and not one.over:
            found["transfer.family", "move"] = one.moved_on + 5 * DAY
        return found

    # Where everybody is ---------------------------------------------------------------------

    def roll(self):
        """In each zone, on the way between two, and out without a bed."""
        ours = [one for one in self.lives.values() if one.at == HERE]
        lying = [one for one in ours if one.status == IN]
        moving = sum(one.move == "in_transit" for one in lying)
        zones = {
            code: sum(one.stage == stage and one.move != "in_transit" for one in lying)
            for stage, code in enumerate(STAGES)
        }
        going_on = sum(not one.over for one in ours)
        return zones, moving, going_on - len(lying), going_on

    def called(self, unit):
        """Those whom the 大队 answers for: there, on the way to another, and out."""
        ours = [
            one
            for one in self.lives.values()
            if (one.at, one.unit) == (HERE, unit) and one.status in CUSTODY - {ROAD}
        ]
        moving = sum(one.move == "in_transit" and not one.out for one in ours)
        out = sum(bool(one.out) for one in ours)
        return {"present": len(ours) - moving - out, "in_transit": moving, "out": out}

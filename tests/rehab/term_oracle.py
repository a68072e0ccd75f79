"""The last day counted day by day, written apart from `rehab.rules.explaining` and sharing nothing with it.

A day that passes outside of every escape is a day served. Whoever has served as many as the calendar lays between
the decision and A leaves on the last of them.
"""

import calendar
from datetime import date, timedelta
from itertools import combinations

DAY = timedelta(days=1)
SPANS = ("escapes", "medical_leaves", "held_elsewhere")


class Impossible(Exception):
    """What was sent cannot be."""


def last_day(sent):
    """The last day by what was sent to `explain_term`; None while an escape goes on. Raises `Impossible`."""
    _no_contradiction(sent)
    escapes = [(one["from"], one["to"]) for one in sent["escapes"]]
    runs = {first for first, _ in escapes}
    served = {one["served_on"]: one for one in sent["decisions"]}
    goes_on = any(to is None for _, to in escapes)
    extended = 0
    start, months_before = sent["decided_on"], 24
    left = _days_of_months(start, months_before)
    printed = sent["printed_ends_on"]
    if printed and printed != start + (left - 1) * DAY:  # it governs, and extensions follow upon it
        left = (printed - sent["decided_on"]).days + 1
        start, months_before = printed + DAY, 0
    last_event = max((*runs, *served, sent["decided_on"]))
    day, end = sent["decided_on"], None
    while left or day <= last_event:
        away = any(first <= day and (to is None or day < to) for first, to in escapes)
        if day in runs and not left:
            raise Impossible("ran after the end")
        if day in served:
            decision = served[day]
            if not left and not away:
                raise Impossible("served after the end")
            if decision["kind"] == "extension":
                months = extended + decision["months"]
                left += _days_of_months(start, months_before + months)
                left -= _days_of_months(start, months_before + extended)
                extended = months
            else:
                _may_be_early(sent, decision, ends_on=day + (left - 1) * DAY)
                left = (decision["ends_on"] - day).days + 1
        if left and not away:
            left -= 1
            end = day
        day += DAY
        if goes_on and day > last_event:
            return None
    return end


def alarm_day(sent):
    """The last day after which somebody still here is over-detained; None while one is away who ran in time."""
    end = last_day(sent)
    escapes = [(one["from"], one["to"]) for one in sent["escapes"]]
    served = {one["served_on"]: one for one in sent["decisions"]}
    left, extended, day, lawful = (
        _days_of_months(sent["decided_on"], 24),
        0,
        sent["decided_on"],
        None,
    )
    in_time = set()  # the escapes that began while the days of the law ran
    last_event = max((*[first for first, _ in escapes], *served, day))
    while left or day <= last_event:
        in_time |= {first for first, _ in escapes if first == day and left}
        away = any(
            first in in_time and first <= day and (to is None or day < to) for first, to in escapes
        )
        one = served.get(day)
        if one and one["kind"] == "extension" and (left or away):
            left += _days_of_months(sent["decided_on"], 24 + extended + one["months"])
            left -= _days_of_months(sent["decided_on"], 24 + extended)
            extended += one["months"]
        if left and not away:
            left, lawful = left - 1, day
        if away and day > last_event and any(to is None for _, to in escapes):
            return None
        day += DAY
    return lawful if end is None else min(end, lawful)


def _days_of_months(start, months):
    """How many days lie in so many months from a day on, the calendar read by hand."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    if start.day > last:  # the month has no such day: the period ends with it
        return (date(year, month + 1, last) - start).days + 1
    return (date(year, month + 1, start.day) - start).days


def _no_contradiction(sent):
    begins, on = sent["decided_on"], sent["on"]
    spans = [(kind, one["from"], one["to"]) for kind in SPANS for one in sent[kind]]
    days = [day for _, *both in spans for day in both if day]
    days += [one["served_on"] for one in sent["decisions"]]
    if begins > on or any(not begins <= day <= on for day in days):
        raise Impossible("a day outside")
    if sent["printed_ends_on"] and sent["printed_ends_on"] < begins:
        raise Impossible("printed before the decision")
    if any(to and to < first for _, first, to in spans):
        raise Impossible("ends before it begins")
    ran = sorted(first for kind, first, _ in spans if kind == "escapes")
    ended = []
    for kind, first, to in spans:
        if to is None and kind == "medical_leaves":
            to = next((day for day in ran if day >= first), None)
        ended.append((first, to or date.max))
    for (first, to), (other_first, other_to) in combinations(ended, 2):
        if max(first, other_first) < min(to, other_to):
            raise Impossible("overlap")
        for point, (begin, until) in (
            ((first, to), (other_first, other_to)),
            ((other_first, other_to), (first, to)),
        ):
            if point[0] == point[1] and begin < point[0] < until:
                raise Impossible("a moment inside")
    _decisions(sent)


def _decisions(sent):
    months = [one["months"] for one in sent["decisions"] if one["kind"] == "extension"]
    if any(not 1 <= one <= 12 for one in months) or sum(months) > 12:
        raise Impossible("too long")
    early = [one["served_on"] for one in sent["decisions"] if one["kind"] == "early_release"]
    others = [one["served_on"] for one in sent["decisions"] if one["kind"] == "extension"]
    days = early + others
    if len(set(days)) < len(days) or any(day < later for day in early for later in days):
        raise Impossible("decided twice")


def _may_be_early(sent, decision, ends_on):
    year = sent["decided_on"] + _days_of_months(sent["decided_on"], 12) * DAY
    if (
        sent["barred"]
        or any(one["from"] <= decision["served_on"] for one in sent["escapes"])
        or decision["served_on"] < year
        or not decision["served_on"] <= decision["ends_on"] < ends_on
    ):
        raise Impossible("not early")

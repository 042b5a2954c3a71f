"""A second way to the same dates, for comparison: tables and day-by-day walking, nothing of the product imported.

Written from the rule table of the domain paper, not from the engine. A result is a plain tuple; days are datetime.date or None.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)
DAYS_IN_MONTH = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}
US_HOLIDAYS = holidays.country_holidays("US", years=range(2016, 2046))
PE_HOLIDAYS = holidays.country_holidays("PE", years=range(2016, 2046))
NGO, SUB, FPE = "recipient_2cfr200", "subrecipient_2cfr200", "fpe"

# last days of whole periods, by frequency and by the year that the award follows; anniversaries are walked to
CLOSING_DAYS = {
    ("quarterly", "calendar"): {(3, 31), (6, 30), (9, 30), (12, 31)},
    ("quarterly", "us_fiscal"): {(3, 31), (6, 30), (9, 30), (12, 31)},
    ("semiannual", "calendar"): {(6, 30), (12, 31)},
    ("semiannual", "us_fiscal"): {(3, 31), (9, 30)},
    ("annual", "calendar"): {(12, 31)},
    ("annual", "us_fiscal"): {(9, 30)},
}
# rule -> days after the end of the period, by class of recipient and frequency; 0: the day before the anniversary itself
INTERIM = {
    (NGO, "quarterly"): {"R-PPR-Q": 30, "R-FFR-Q": 30},
    (NGO, "semiannual"): {"R-PPR-S": 30, "R-FFR-S": 30},
    (NGO, "annual"): {"R-PPR-A": 90, "R-FFR-A": 90},
    (NGO, "anniversary"): {"R-PPR-ANNIV": 0, "R-FFR-A": 90},
    (FPE, "quarterly"): {"R-FPE-Q": 30, "R-FPE-FFR-Q": 30},
    (SUB, "quarterly"): {"R-SUB-Q": 15},
}
# rule -> days from the end of the award, by class and by the text in force when money was last added: final reports, and the rest
FINAL = {
    (NGO, 2014): {"R-PPR-FIN-90": 90, "R-FFR-FIN-90": 90},
    (NGO, 2020): {"R-PPR-FIN-120": 120, "R-FFR-FIN-120": 120},
    (SUB, 2014): {"R-PPR-FIN-90": 90, "R-FFR-FIN-90": 90},
    (SUB, 2020): {"R-PPR-FIN-SUB": 90, "R-FFR-FIN-SUB": 90},
    (FPE, 2014): {"R-FPE-FIN": 90},
    (FPE, 2020): {"R-FPE-FIN": 90},
}
AROUND_THE_END = {
    (NGO, 2014): {"R-LIQ-90": 90, "R-EXT-NOTICE": -10, "R-EXT-REQ": -30},
    (NGO, 2020): {"R-LIQ-120": 120, "R-EXT-NOTICE": -10, "R-EXT-REQ": -30},
    (SUB, 2014): {"R-LIQ-90": 90},
    (SUB, 2020): {"R-LIQ-SUB": 90},
    (FPE, 2014): {"R-EXT-REQ": -30},
    (FPE, 2020): {"R-EXT-REQ": -30},
}
# rule -> calendars whose free days push its day back
MOVES_BACK = {"R-SUB-Q": (US_HOLIDAYS, PE_HOLIDAYS), "R-EXT-NOTICE": (US_HOLIDAYS,), "R-EXT-REQ": (US_HOLIDAYS,)}
BOTH = (US_HOLIDAYS, PE_HOLIDAYS)


@dataclass(frozen=True)
class AwardShape:
    """An award with one recipient; `money_on` is the day on which money was last added. `final`: the days on which its final
    report was handed in and accepted."""

    rule_class: str
    first_day: date
    last_day: date
    money_on: date
    absorbs: bool = True
    frequency: str = "quarterly"
    year: str = "calendar"
    final: tuple[date, date] | None = None


def text_in_force(day):
    return 2020 if day >= date(2020, 11, 12) else 2014


def walked_periods(shape):
    """Every reporting period, found by walking over each day of the award."""
    periods, begins, day, years = [], shape.first_day, shape.first_day, 1
    while day <= shape.last_day:
        if shape.frequency == "anniversary":
            closes = day + ONE_DAY == years_later(shape.first_day, years)
        else:
            closes = (day.month, day.day) in CLOSING_DAYS[shape.frequency, shape.year]
        if closes or day == shape.last_day:
            periods.append((begins, day))
            begins, years = day + ONE_DAY, years + 1
        day += ONE_DAY
    return periods


def is_free_day(day, calendars):
    return day.isoweekday() in (6, 7) or any(day in calendar for calendar in calendars)


def back_to_work(day, calendars):
    while is_free_day(day, calendars):
        day -= ONE_DAY
    return day


def due_day(rule, raw):
    return back_to_work(raw, MOVES_BACK[rule]) if rule in MOVES_BACK else raw


def award_dates(shape):
    """The set of (rule, first day, last day, raw day, due day) of one prime award, its end included."""
    who, ends = (shape.rule_class, text_in_force(shape.money_on)), shape.last_day
    rows = {("R-AWARD-END", None, None, ends, ends)}
    periods = walked_periods(shape)
    for begins, last in periods[:-1] if shape.absorbs else periods:
        for rule, days in INTERIM.get((shape.rule_class, shape.frequency), {}).items():
            raw = last + days * ONE_DAY
            rows.add((rule, begins, last, raw, due_day(rule, raw)))
    final_from = periods[-1][0] if shape.absorbs else shape.first_day
    rows |= {(rule, final_from, ends, ends + days * ONE_DAY, ends + days * ONE_DAY) for rule, days in FINAL[who].items()}
    for rule, days in AROUND_THE_END[who].items():
        raw = ends + days * ONE_DAY
        rows.add((rule, None, None, raw, due_day(rule, raw)))
    if who[1] == 2020:
        rows.add(("R-CLOSE-1Y", None, None, years_later(ends, 1), years_later(ends, 1)))
    if shape.final is not None:
        handed_in, accepted = shape.final
        if who[1] == 2014:
            rows.add(("R-CLOSE-1Y-OLD", None, None, years_later(accepted, 1), years_later(accepted, 1)))
        if shape.rule_class != FPE:
            rows.add(("R-RETAIN", None, None, years_later(handed_in, 3), years_later(handed_in, 3)))
    return rows


def last_day_of_month(year, month):
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month, 29 if is_leap and month == 2 else DAYS_IN_MONTH[month])


def years_later(day, n):
    return min(date(day.year + n, day.month, 1) + (day.day - 1) * ONE_DAY, last_day_of_month(day.year + n, day.month))


def partnership_dates(term_end, pledge_ends, dialogues, *, signed_on=None, planned=None):
    """The set of (rule, due day, day on which it was met or None); `dialogues` are last days of held ones, in order; `planned` is
    the first day of the next one."""
    rows = {("R-TERM-END", term_end, None), ("R-TERM-DECIDE", term_end - 180 * ONE_DAY, None)}
    rows |= {("R-PLEDGE-END", day, None) for day in pledge_ends}
    if signed_on:
        days = [years_later(signed_on, n) for n in range(1, 60)]
        rows |= {("R-TGT-ANNUAL", day, None) for day in days if day <= term_end}
    for number, day in enumerate(dialogues, start=1):
        following = dialogues[number] if number < len(dialogues) else None
        due = years_later(day, 1)
        if following or due <= term_end:
            rows.add(("R-DLG-ANNUAL", due, following))
    following = planned or (years_later(dialogues[-1], 1) if dialogues else None)
    if following and (planned or following <= term_end):
        rows.add(("R-DLG-IND", back_to_work(following - 30 * ONE_DAY, BOTH), None))
    return rows

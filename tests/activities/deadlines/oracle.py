"""A second way to the same dates, for comparison: tables and day-by-day walking, nothing of the product imported.

Written from the rule table of the domain paper, not from the engine. It knows the rules of awards with quarterly reports and
the dates of a partnership; a result is a plain tuple (rule, recipient, first day, last day, raw day, due day), days as
datetime.date or None."""

from dataclasses import dataclass
from datetime import date, timedelta

import holidays

ONE_DAY = timedelta(days=1)
QUARTER_ENDS = {(3, 31), (6, 30), (9, 30), (12, 31)}
US_HOLIDAYS = holidays.country_holidays("US", years=range(2016, 2043))
PE_HOLIDAYS = holidays.country_holidays("PE", years=range(2016, 2043))

# rule -> days after the end of a quarter, by class of recipient
INTERIM = {
    "recipient_2cfr200": {"R-PPR-Q": 30, "R-FFR-Q": 30},
    "fpe": {"R-FPE-Q": 30, "R-FPE-FFR-Q": 30},
    "subrecipient_2cfr200": {"R-SUB-Q": 15},
}
# rule -> days after the end of the award, by class of recipient and by the text in force when money was last added
FINAL = {
    ("recipient_2cfr200", 2014): {"R-PPR-FIN-90": 90, "R-FFR-FIN-90": 90},
    ("recipient_2cfr200", 2020): {"R-PPR-FIN-120": 120, "R-FFR-FIN-120": 120},
    ("subrecipient_2cfr200", 2014): {"R-PPR-FIN-90": 90, "R-FFR-FIN-90": 90},
    ("subrecipient_2cfr200", 2020): {"R-PPR-FIN-SUB": 90, "R-FFR-FIN-SUB": 90},
    ("fpe", 2014): {"R-FPE-FIN": 90},
    ("fpe", 2020): {"R-FPE-FIN": 90},
}
MOVES_BACK = {"R-SUB-Q"}
DAYS_IN_MONTH = {1: 31, 2: 28, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


@dataclass(frozen=True)
class AwardShape:
    """An award with one recipient; `money_on` is the day on which money was last added."""

    rule_class: str
    first_day: date
    last_day: date
    money_on: date
    absorbs: bool = True


def text_in_force(day):
    return 2020 if day >= date(2020, 11, 12) else 2014


def quarters_by_walking(first_day, last_day):
    """Every reporting period, found by walking over each day of the award."""
    periods, begins, day = [], first_day, first_day
    while day <= last_day:
        if (day.month, day.day) in QUARTER_ENDS or day == last_day:
            periods.append((begins, day))
            begins = day + ONE_DAY
        day += ONE_DAY
    return periods


def is_free_day(day):
    return day.isoweekday() in (6, 7) or day in US_HOLIDAYS or day in PE_HOLIDAYS


def last_working_day_until(day):
    while is_free_day(day):
        day -= ONE_DAY
    return day


def due_day(rule, raw):
    return last_working_day_until(raw) if rule in MOVES_BACK else raw


def award_dates(shape):
    """The set of (rule, first day, last day, raw day, due day) of one award, its end included."""
    rows = {("R-AWARD-END", None, None, shape.last_day, shape.last_day)}
    periods = quarters_by_walking(shape.first_day, shape.last_day)
    for begins, ends in periods[:-1] if shape.absorbs else periods:
        for rule, days in INTERIM[shape.rule_class].items():
            raw = ends + days * ONE_DAY
            rows.add((rule, begins, ends, raw, due_day(rule, raw)))
    final_from = periods[-1][0] if shape.absorbs else shape.first_day
    for rule, days in FINAL[shape.rule_class, text_in_force(shape.money_on)].items():
        raw = shape.last_day + days * ONE_DAY
        rows.add((rule, final_from, shape.last_day, raw, raw))
    return rows


def last_day_of_month(year, month):
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return date(year, month, 29 if is_leap and month == 2 else DAYS_IN_MONTH[month])


def a_year_later(day):
    return min(date(day.year + 1, day.month, 1) + (day.day - 1) * ONE_DAY, last_day_of_month(day.year + 1, day.month))


def partnership_dates(term_end, pledge_ends, dialogues):
    """The set of (rule, raw day, day on which it was met or None); `dialogues` are last days of held ones, in order."""
    rows = {("R-TERM-END", term_end, None), ("R-TERM-DECIDE", term_end - 180 * ONE_DAY, None)}
    rows |= {("R-PLEDGE-END", day, None) for day in pledge_ends}
    for number, day in enumerate(dialogues, start=1):
        following = dialogues[number] if number < len(dialogues) else None
        due = a_year_later(day)
        if following or due <= term_end:
            rows.add(("R-DLG-ANNUAL", due, following))
    return rows

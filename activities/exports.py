"""A sum as an export: what it is called, what of it is counted, and what its digest is made of."""

from dataclasses import fields

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.facts import Facts
from cpc.core.fingerprints import Measured, digest_of
from funding.awards.answers import Asked, Summary
from funding.awards.sums_sheet import SUMS
from funding.pledges.sums import HOST_MEASURES
from partners.asof import Days
from partners.exports import Question, facts_of
from partners.models import Partnership

MEASURES = {
    "awarded": gettext_lazy("Awarded"),
    "obligated": gettext_lazy("Obligated"),
    "disbursed": gettext_lazy("Disbursed"),
    "spent": gettext_lazy("Spent"),
    "pledged": gettext_lazy("Pledged by the host government"),
    "contributed": gettext_lazy("Contributed by the host government"),
}
GROUPS = {
    "none": gettext_lazy("not grouped"),
    "partner": gettext_lazy("by partner"),
    "award": gettext_lazy("by award"),
    "fiscal_year": gettext_lazy("by fiscal year"),
    "calendar_year": gettext_lazy("by calendar year"),
    "quarter": gettext_lazy("by quarter"),
    "entity": gettext_lazy("by entity"),
    "kind": gettext_lazy("by kind"),
    "region": gettext_lazy("by region"),
}
LEVELS = {"prime": gettext_lazy("Prime awards"), "sub": gettext_lazy("Sub-awards")}
# What of an answer was asked. Of several answers in one file only these two differ; a fingerprint has their values with commas.
ASKED = tuple(field.name for field in fields(Asked))
VARIED = ("level", "group_by")


def facts_of_sums(request, partnership: Partnership, results: list[Summary]) -> Facts:
    """What a file of these answers says of itself, or the headers of one. Several are of one measure and the same days: of every
    group on every level, the first of them whole."""
    first = results[0]
    asked = {name: value for name in ASKED if (value := getattr(first, name))}
    asked |= {name: ",".join(dict.fromkeys(getattr(one, name) for one in results)) for name in VARIED if asked.get(name)}
    days = Days(first.as_of, first.known_on, first.known_on)
    question = Question(SUMS, partnership, days, asked, words_of(questions_of(asked)))
    return facts_of(request, question, measured_of(results))


def questions_of(asked: dict[str, str]) -> list[Asked]:
    """The questions that a fingerprint keeps. They may be none that are on offer."""
    levels, groups = (asked.get(name, getattr(Asked(), name)).split(",") for name in VARIED)
    return [Asked(**(asked | {"level": level, "group_by": group})) for level in levels for group in groups]


def measured_of(results: list[Summary]) -> Measured:
    """The rows are those of the answers; the control totals are those of the first."""
    first = results[0]
    rows = [
        (one.level, one.group_by, row.key, row.currency, row.amount, row.qualifier.value, row.n_rows, row.n_unknown)
        for one in results
        for row in one.rows
    ]
    totals = {total.currency: total.amount for total in first.totals}
    has_sample = any(one.is_sample for one in results)
    return Measured(len(rows), totals, first.not_reported, has_sample, digest_of(rows))


def words_of(questions: list[Asked]) -> tuple[tuple[str, str], ...]:
    """Label and value of each part of the questions, in the reader's language."""
    first = questions[0]
    words = [(_("Measure"), str(MEASURES[first.measure]))]
    if first.measure not in HOST_MEASURES:
        words.append((_("Level"), ", ".join(str(LEVELS[name]) for name in dict.fromkeys(one.level for one in questions))))
    words.append((_("Grouped"), ", ".join(str(GROUPS[name]) for name in dict.fromkeys(one.group_by for one in questions))))
    if first.currency:
        words.append((_("Shown in"), first.currency))
    return tuple(words)

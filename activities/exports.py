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
# What of an answer was asked; what was not is left out of a fingerprint.
ASKED = tuple(field.name for field in fields(Asked))
LEVELS = {"prime": gettext_lazy("Prime awards"), "sub": gettext_lazy("Sub-awards")}


def facts_of_sums(request, partnership: Partnership, result: Summary) -> Facts:
    """What the file of one answer says of itself, or the headers of the answer."""
    asked = {name: value for name in ASKED if (value := getattr(result, name))}
    days = Days(result.as_of, result.known_on, result.known_on)
    question = Question(SUMS, partnership, days, asked, words_of(Asked(**asked)))
    return facts_of(request, question, measured_of(result))


def measured_of(result: Summary) -> Measured:
    """The rows are those of the answer; the control totals are its own totals."""
    rows = [(row.key, row.currency, row.amount, row.qualifier.value, row.n_rows, row.n_unknown) for row in result.rows]
    totals = {total.currency: total.amount for total in result.totals}
    return Measured(len(rows), totals, result.not_reported, result.is_sample, digest_of(rows))


def words_of(asked: Asked) -> tuple[tuple[str, str], ...]:
    """Label and value of each part of the question, in the reader's language."""
    words = [(_("Measure"), str(MEASURES[asked.measure]))]
    if asked.measure not in HOST_MEASURES:
        words.append((_("Level"), str(LEVELS[asked.level])))
    words.append((_("Grouped"), str(GROUPS[asked.group_by])))
    if asked.currency:
        words.append((_("Shown in"), asked.currency))
    return tuple(words)

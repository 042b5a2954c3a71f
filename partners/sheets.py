"""Exports of a partnership's own ledger, its objectives and public statements, for programs."""

from django.utils.translation import gettext_lazy as _

from cpc.core.fingerprints import Canon
from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in

from .queries import end_of

TERM_EVENTS = Sheet(
    "term-events",
    (
        Column("key", _("Key"), lambda event: event.key),
        Column("partnership", _("Partnership"), lambda event: event.partnership.key),
        Column("kind", _("Kind"), lambda event: event.kind),
        Column("title", _("Title"), lambda event: text_in(event, "title")),
        Column("effective_on", _("Effective on"), lambda event: event.effective_on),
        Column("effective_precision", _("Day known to the"), lambda event: event.effective_precision),
        Column("new_end", _("New end"), lambda event: end_of(event).iso if event.new_end_on else None),
        Column("known_on", _("Known on"), lambda event: event.known_on),
        Column("reason", _("Reason"), lambda event: event.reason),
        Column("source", _("Source"), lambda event: event.source and event.source.title),
        Column("certainty", _("Certainty"), lambda event: event.certainty),
        Column("is_sample", _("Sample"), lambda event: event.is_sample),
    ),
    title=_("Steps of the term"),
    canon=Canon(("key", "kind", "effective_on", "known_on", "new_end_on"), amount="", currency=""),
)

COVERAGE = Sheet(
    "coverage",
    (
        Column("partnership", _("Partnership"), lambda row: row.partnership.key),
        Column("region", _("Region"), lambda row: row.region.key),
        Column("name", _("Name"), lambda row: text_in(row.region, "name")),
        Column("from", _("From"), lambda row: row.from_on),
        Column("known_on", _("Known on"), lambda row: row.known_on),
        Column("source", _("Source"), lambda row: row.source and row.source.title),
        Column("certainty", _("Certainty"), lambda row: row.certainty),
        Column("is_sample", _("Sample"), lambda row: row.is_sample),
    ),
    title=_("Regions covered"),
    canon=Canon(("region__key", "from_on", "known_on"), amount="", currency=""),
)

OBJECTIVES = Sheet(
    "objectives",
    (
        Column("key", _("Key"), lambda row: row.key),
        Column("partnership", _("Partnership"), lambda row: row.partnership.key),
        Column("number", _("Number"), lambda row: row.number),
        Column("title", _("Title"), lambda row: text_in(row, "title")),
        Column("short", _("In one word"), lambda row: text_in(row, "short")),
        Column("source", _("Source"), lambda row: row.source and row.source.title),
        Column("certainty", _("Certainty"), lambda row: row.certainty),
        Column("is_sample", _("Sample"), lambda row: row.is_sample),
    ),
    title=_("Objectives"),
)

STATEMENTS = Sheet(
    "statements",
    (
        Column("key", _("Key"), lambda row: row.key),
        Column("partnership", _("Partnership"), lambda row: row.partnership.key),
        Column("measure", _("Measure"), lambda row: row.measure),
        Column("as_of", _("As of"), lambda row: row.effective.iso),
        Column("known_on", _("Known on"), lambda row: row.known_on),
        Column("words", _("As said"), lambda row: text_in(row, "words")),
        Column("qualifier", _("Qualifier"), lambda row: row.qualifier),
        Column("amount", _("Amount"), lambda row: row.amount),
        Column("currency", _("Currency"), lambda row: row.currency),
        Column("day_on", _("Day"), lambda row: row.day_on),
        Column("source", _("Source"), lambda row: row.source and row.source.title),
        Column("certainty", _("Certainty"), lambda row: row.certainty),
        Column("is_sample", _("Sample"), lambda row: row.is_sample),
    ),
    title=_("Public statements"),
    # They are figures said beside each other about the same money; added up they would be none.
    canon=Canon(
        ("key", "measure", "qualifier", "amount", "currency", "effective_on", "known_on", "day_on"), amount="", currency=""
    ),
)

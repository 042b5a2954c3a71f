"""Exports of what the host government promised and gave."""

from django.utils.translation import gettext_lazy as _

from cpc.core.fingerprints import Canon
from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in

CONTRIBUTIONS = Sheet(
    "contributions",
    (
        Column("key", _("Key"), lambda row: row.key),
        Column("words", _("What"), lambda row: text_in(row, "words")),
        Column("kind", _("Kind"), lambda row: row.kind),
        Column("entity", _("Entity"), lambda row: row.entity.key),
        Column("entity_name", _("Name of the entity"), lambda row: text_in(row.entity, "name")),
        Column("region", _("Region"), lambda row: row.region and row.region.key),
        Column("effective_on", _("Effective on"), lambda row: row.effective_on),
        Column("effective_precision", _("Day known to the"), lambda row: row.effective_precision),
        Column("known_on", _("Known on"), lambda row: row.known_on),
        Column("amount", _("Amount"), lambda row: row.amount),
        Column("currency", _("Currency"), lambda row: row.currency),
        Column("quantity", _("Quantity"), lambda row: row.quantity),
        Column("valuation", _("Valuation"), lambda row: row.valuation),
        Column("agreement", _("Confirmed by"), lambda row: row.agreement),
        Column("us_on", _("United States said on"), lambda row: row.us_on),
        Column("us_amount", _("Value held right by the United States"), lambda row: row.us_amount),
        Column("us_quantity", _("Number held right by the United States"), lambda row: row.us_quantity),
        Column("host_on", _("Host government said on"), lambda row: row.host_on),
        Column("host_amount", _("Value held right by the host government"), lambda row: row.host_amount),
        Column("host_quantity", _("Number held right by the host government"), lambda row: row.host_quantity),
        Column("source", _("Source"), lambda row: row.source and row.source.title),
        Column("certainty", _("Certainty"), lambda row: row.certainty),
        Column("is_sample", _("Sample"), lambda row: row.is_sample),
    ),
    title=_("Contributions of the host government"),
    canon=Canon(("key", "kind", "amount", "currency", "quantity", "entity__key", "effective_on", "known_on")),
)

PLEDGES = Sheet(
    "pledges",
    (
        Column("key", _("Key"), lambda row: row.key),
        Column("partnership", _("Partnership"), lambda row: row.partnership.key),
        Column("amount", _("Amount"), lambda row: row.amount),
        Column("currency", _("Currency"), lambda row: row.currency),
        Column("qualifier", _("Qualifier"), lambda row: row.qualifier),
        Column("in_kind", _("In kind"), lambda row: text_in(row, "in_kind")),
        Column("effective_on", _("Effective on"), lambda row: row.effective_on),
        Column("effective_precision", _("Day known to the"), lambda row: row.effective_precision),
        Column("ends_on", _("Ends on"), lambda row: row.ends_on),
        Column("known_on", _("Known on"), lambda row: row.known_on),
        Column("reason", _("Reason"), lambda row: row.reason),
        Column("source", _("Source"), lambda row: row.source and row.source.title),
        Column("certainty", _("Certainty"), lambda row: row.certainty),
        Column("is_sample", _("Sample"), lambda row: row.is_sample),
    ),
    title=_("Pledges of the host government"),
    canon=Canon(("key", "amount", "currency", "qualifier", "effective_on", "known_on", "ends_on")),
)

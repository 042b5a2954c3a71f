"""Export of the rates, in the very form that can be loaded: heads are the names of the columns, for people, too."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet

from .rate_lines import plain

RATES = Sheet(
    "exchange-rates",
    (
        Column("base", "base", lambda row: row.base),
        Column("quote", "quote", lambda row: row.quote),
        Column("kind", "kind", lambda row: row.kind),
        Column("rate", "rate", lambda row: Decimal(plain(row.rate))),
        Column("record_date", "record_date", lambda row: row.record_date),
        Column("effective_date", "effective_date", lambda row: row.effective_date),
        Column("source", "source", lambda row: row.source),
        Column("citation", "citation", lambda row: row.citation),
    ),
    title=_("Exchange rates"),
)

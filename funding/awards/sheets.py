"""Export of award actions: the same columns for people and for programs."""

from django.utils.translation import gettext_lazy as _

from cpc.core.fingerprints import Canon
from cpc.core.sheets import Column, Sheet
from cpc.core.texts import text_in

from .ledger import with_currency

ACTIONS = Sheet(
    "award-actions",
    (
        Column("key", _("Key"), lambda action: action.key),
        Column("award", _("Award"), lambda action: action.award.key),
        Column("level", _("Level"), lambda action: action.award.level),
        Column("kind", _("Kind"), lambda action: action.kind),
        Column("recipient", _("Recipient"), lambda action: action.recipient and action.recipient.key),
        Column(
            "recipient_name", _("Name of the recipient"), lambda action: action.recipient and text_in(action.recipient, "name")
        ),
        Column("amount", _("Amount"), lambda action: action.amount),
        Column("currency", _("Currency"), lambda action: action.currency or action.award.currency),
        Column("effective_on", _("Effective on"), lambda action: action.effective_on),
        Column("effective_precision", _("Day known to the"), lambda action: action.effective_precision),
        Column("known_on", _("Known on"), lambda action: action.known_on),
        Column("basis", _("Basis"), lambda action: action.basis),
        Column("start_on", _("Period starts on"), lambda action: action.start_on),
        Column("start_precision", _("Start known to the"), lambda action: action.start_precision if action.start_on else None),
        Column("new_end_on", _("New end on"), lambda action: action.new_end_on),
        Column(
            "new_end_precision", _("End known to the"), lambda action: action.new_end_precision if action.new_end_on else None
        ),
        Column("guidance_version", _("Guidance"), lambda action: action.guidance_version),
        Column("source", _("Source"), lambda action: action.source and action.source.title),
        Column("certainty", _("Certainty"), lambda action: action.certainty),
        Column("is_sample", _("Sample"), lambda action: action.is_sample),
    ),
    title=_("Ledger of the awards"),
    canon=Canon(
        ("key", "kind", "amount", "money_currency", "recipient__key", "effective_on", "known_on", "start_on", "new_end_on"),
        currency="money_currency",
        prepare=with_currency,
    ),
)

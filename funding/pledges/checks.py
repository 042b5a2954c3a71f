"""What is said of a contribution, and what is wrong with it: every surface is held to the same."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cpc.core.dates import PreciseDate
from cpc.core.words import clean_text
from cpc.reference.models import Region
from partners.models import Document, Organization, Partnership, PartnershipMember

from .models import Contribution
from .rules import faults_of_day, faults_of_value, too_late

MOST_OF_A_REASON = 1000
NOTHING_SAID = gettext_lazy("Say what was given, in English or in Spanish.")


@dataclass(frozen=True)
class Citation:
    """Evidence that is not on file yet: who published it, when (None: not known) and where to read it."""

    title: str
    publisher: str
    published: PreciseDate | None
    address: str


@dataclass(frozen=True)
class Given:
    """All that is said of a contribution. `region_id` None is national; `amount` is in the host's currency, None: no price;
    `document_id` or `citation` is its evidence, or neither."""

    kind: str
    entity_id: int
    region_id: int | None
    effective: PreciseDate
    amount: Decimal | None
    quantity: int | None
    valuation: str
    words_en: str
    words_es: str
    document_id: int | None = None
    citation: Citation | None = None


def reason_for(text: str) -> str:
    """`text` as a reason. Raises ValidationError where there is none, or what it holds may not be kept."""
    if len(text or "") > MOST_OF_A_REASON:
        raise ValidationError(_("Give the reason in no more than 1,000 characters."))
    cleaned = clean_text(text, lines=True)
    if not cleaned:
        raise ValidationError(_("Give a reason: it stands in the history for both governments."))
    return cleaned


def cleaned_words(given: Given) -> tuple[dict, dict]:
    """The words of both languages, one of which is enough, and what is wrong with them."""
    words, faults = {}, {}
    for name in ("words_en", "words_es"):
        try:
            words[name] = clean_text(getattr(given, name))
        except ValidationError as error:
            faults[name] = error.messages
    if not faults and not any(words.values()):
        faults["words_en"] = [NOTHING_SAID]
    return words, faults


def faults_of_given(partnership: Partnership, given: Given, today: date, replaces: Contribution | None) -> dict:
    """What is wrong with all but the words, by field."""
    faults: dict[str, list] = {}
    of_day = faults_of_day(given.effective, signed_on=partnership.signed_on, today=today)
    of_value = faults_of_value(kind=given.kind, amount=given.amount, quantity=given.quantity, valuation=given.valuation)
    of_rest = (*_faults_of_references(partnership, given, replaces), *_faults_of_citation(given, today))
    for name, sentence in (*of_day, *of_value, *of_rest):
        faults.setdefault(name, []).append(sentence)
    return faults


def _faults_of_references(partnership, given, replaces):
    """What a contribution points to belongs to its partnership, or stood in the row that it replaces."""
    hosts = PartnershipMember.objects.filter(partnership=partnership, part=PartnershipMember.Part.HOST_ENTITY)
    kept = replaces.entity_id if replaces else None
    if given.entity_id != kept and not Organization.objects.filter(pk=given.entity_id, parts__in=hosts).exists():
        yield "entity", _("Choose an entity of the host government in this partnership.")
    regions = Region.objects.filter(country=partnership.host_country_id)
    if given.region_id is not None and not regions.filter(pk=given.region_id).exists():
        yield "region", _("Choose a region of the host country.")
    if given.document_id is not None and given.citation is not None:
        yield "source", _("Choose a document, or cite a new one, not both.")
    elif given.document_id and not Document.objects.filter(pk=given.document_id, partnership=partnership).exists():
        yield "source", _("Choose a document of this partnership.")


def _faults_of_citation(given, today):
    citation = given.citation
    if citation is None:
        return
    for name, text in (("title", citation.title), ("publisher", citation.publisher)):
        try:
            if not clean_text(text):
                yield f"new_{name}", _("A document has a title, and somebody who published it.")
        except ValidationError as error:
            yield f"new_{name}", " ".join(error.messages)
    if citation.published and citation.published.first > today:
        yield "new_published", too_late(citation.published, today)


def faults_of_dispute(row: Contribution, amount, quantity):
    if amount is not None and row.amount is None:
        yield "amount", _("This contribution has no price, so no other amount can be right.")
    elif amount is not None and amount == row.amount:
        yield "amount", _("This is the amount that stands there. Leave it empty if you dispute something else.")
    if quantity is not None and row.quantity is None:
        yield "quantity", _("This contribution is not counted, so no other number can be right.")
    elif quantity is not None and quantity == row.quantity:
        yield "quantity", _("This is the number that stands there. Leave it empty if you dispute something else.")

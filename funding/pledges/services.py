"""The acts on what the host gave: enter, put right, void; confirm and dispute, each government for itself.

Rows are only added. Each act asks who may, checks the whole, saves and records in one transaction.
"""

import re
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from cpc.audit.models import AuditEvent
from cpc.audit.services import record
from cpc.core.words import clean_text
from partners.acts import columns_of, free_key
from partners.ledger import Certainty
from partners.models import Document, Partnership

from .checks import Given, cleaned_words, faults_of_dispute, faults_of_given, reason_for
from .models import Contribution, ContributionConfirmation
from .permissions import is_void, may_change_contribution, may_enter_contribution, may_speak, side_of

ENTERED = "contribution.entered"


class Overtaken(Exception):
    """Somebody else voided or replaced the contribution meanwhile. `contribution` is the row as it stands now."""

    def __init__(self, contribution: Contribution):
        super().__init__(f"{contribution.key} is void.")
        self.contribution = contribution


@transaction.atomic
def enter_contribution(partnership_id: int, given: Given, *, actor, today: date, once: str = "") -> Contribution:
    """Enter one contribution, without anybody's confirmation; it is known from `today` on (the day in the partnership's zone).

    `once` names this one sending of a form: sent again, it gives the contribution that is there already. Raises
    PermissionDenied if `actor` may not, ValidationError naming the field.
    """
    partnership = Partnership.objects.locked().get(pk=partnership_id)
    may_enter_contribution(actor, partnership).require()
    if once and (there := _entered_before(actor, once)):
        return there
    return _entered(partnership, given, actor=actor, today=today, once=once)


@transaction.atomic
def replace_contribution(contribution_id: int, given: Given, *, actor, today: date, reason: str, once: str = "") -> Contribution:
    """Put a contribution right: void it for `reason`, and enter what is right as a new row, which nobody has confirmed.

    Raises PermissionDenied, ValidationError naming the field, or `Overtaken` where it is void already.
    """
    partnership, old = _locked(contribution_id)
    may_enter_contribution(actor, partnership).require()
    if once and (there := _entered_before(actor, once)):
        return there
    if is_void(old):
        raise Overtaken(old)
    faults = {}
    try:
        reason = reason_for(reason)
    except ValidationError as error:
        faults["reason"] = error.messages
    row = _entered(partnership, given, actor=actor, today=today, once=once, replaces=old, faults=faults)
    _void(old, actor=actor, today=today, reason=reason)
    return row


@transaction.atomic
def void_contribution(contribution_id: int, *, actor, today: date, reason: str) -> Contribution:
    """Take a contribution back, visibly and for ever. Raises PermissionDenied, or ValidationError for `reason`."""
    _partnership, old = _locked(contribution_id)
    may_change_contribution(actor, old).require()
    try:
        reason = reason_for(reason)
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from None
    _void(old, actor=actor, today=today, reason=reason)
    return old


@transaction.atomic
def confirm_contribution(contribution_id: int, *, actor, today: date) -> ContributionConfirmation:
    """Say for the actor's own government that the contribution is right. Said already, it is not said again.

    Raises PermissionDenied if `actor` speaks for no government here, or if the contribution is void.
    """
    _partnership, row = _locked(contribution_id)
    may_speak(actor, row).require()
    return _say(row, actor=actor, today=today, agrees=True)


@transaction.atomic
def dispute_contribution(
    contribution_id: int, *, actor, today: date, reason: str, amount: Decimal | None = None, quantity: int | None = None
) -> ContributionConfirmation:
    """Say for the actor's own government that the contribution is not right, why, and which `amount` (in its currency) or
    `quantity` is. Raises PermissionDenied, or ValidationError naming the field."""
    _partnership, row = _locked(contribution_id)
    may_speak(actor, row).require()
    faults = dict(faults_of_dispute(row, amount, quantity))
    try:
        reason = reason_for(reason)
    except ValidationError as error:
        faults["reason"] = error.messages
    if faults:
        raise ValidationError(faults)
    return _say(row, actor=actor, today=today, agrees=False, reason=reason, amount=amount, quantity=quantity)


def _locked(contribution_id: int) -> tuple[Partnership, Contribution]:
    """The contribution and its partnership, which is locked: one act at a time, in one order."""
    partnership_id = Contribution.objects.values_list("partnership", flat=True).get(pk=contribution_id, voids=None)
    partnership = Partnership.objects.locked().get(pk=partnership_id)
    return partnership, Contribution.objects.select_related("voided_by").get(pk=contribution_id)


def _entered_before(actor, once: str) -> Contribution | None:
    event = AuditEvent.objects.filter(actor=actor, act=ENTERED, details__once=once).first()
    return Contribution.objects.get(key=event.subject_key) if event else None


def _entered(partnership, given: Given, *, actor, today, once, replaces=None, faults=None) -> Contribution:
    words, wrong = cleaned_words(given)
    faults = {**wrong, **faults_of_given(partnership, given, today, replaces), **(faults or {})}
    if faults:
        raise ValidationError(faults)
    evidence = _evidence(partnership, given, actor)
    row = Contribution(
        key=_next_key(partnership),
        partnership=partnership,
        kind=given.kind,
        entity_id=given.entity_id,
        region_id=given.region_id,
        amount=given.amount,
        currency="" if given.amount is None else partnership.host_currency,
        quantity=given.quantity,
        valuation=given.valuation,
        **words,
        **columns_of("effective", given.effective),
        known_on=today,
        source=evidence,
        # Without a document it is the word of whoever enters it.
        certainty=Certainty.PRIMARY if evidence else Certainty.SECONDARY,
        replaces=replaces,
        is_sample=replaces is not None and replaces.is_sample,  # what is put right of an invented row is invented
        entered_by=actor,
    )
    row.full_clean()
    row.save(force_insert=True)
    details = {"once": once} if once else {}
    record(actor, ENTERED, row, partnership_key=partnership.key, **details, **({"replaces": replaces.key} if replaces else {}))
    return row


def _void(old: Contribution, *, actor, today: date, reason: str) -> Contribution:
    row = Contribution(
        key=free_key(Contribution, f"{old.key}-void"),
        partnership_id=old.partnership_id,
        kind=old.kind,
        entity_id=old.entity_id,
        region_id=old.region_id,
        words_en=old.words_en,
        words_es=old.words_es,
        voids=old,
        reason=reason,
        effective_on=today,
        known_on=today,
        is_sample=old.is_sample,
        entered_by=actor,
    )
    row.full_clean()
    row.save(force_insert=True)
    record(actor, "contribution.voided", old, partnership_key=old.partnership.key, reason=reason)
    return row


def _say(row: Contribution, *, actor, today: date, agrees: bool, reason="", amount=None, quantity=None):
    """The newest word of the actor's side; what it has said last already, it does not say twice."""
    side = side_of(actor, row.partnership_id)
    said = {"agrees": agrees, "reason": reason, "amount": amount, "quantity": quantity}
    last = row.confirmations.filter(side=side, confirmed_on__lte=today).order_by("-confirmed_on", "-pk").first()
    if last and said == {name: getattr(last, name) for name in said}:
        return last
    word = ContributionConfirmation(contribution=row, side=side, confirmed_on=today, confirmed_by=actor, **said)
    word.full_clean()
    word.save(force_insert=True)
    act = "contribution.confirmed" if agrees else "contribution.disputed"
    record(actor, act, row, partnership_key=row.partnership.key, side=side)
    return word


def _next_key(partnership: Partnership) -> str:
    """`<partnership>-contribution-<number>`, for ever. The caller holds the partnership's lock: a number is given once."""
    prefix = f"{partnership.key}-contribution-"
    keys = Contribution.objects.filter(key__startswith=prefix).values_list("key", flat=True)
    numbers = [int(found[1]) for key in keys if (found := re.fullmatch(r"(\d{1,9})", key.removeprefix(prefix)))]
    return f"{prefix}{max(numbers, default=0) + 1:03}"


def _evidence(partnership: Partnership, given: Given, actor) -> Document | None:
    if given.citation is None:
        return Document.objects.get(pk=given.document_id) if given.document_id else None
    citation = given.citation
    document = Document(
        partnership=partnership,
        key=free_key(Document, slugify(citation.title)[:60] or "document"),
        title=clean_text(citation.title),
        publisher=clean_text(citation.publisher),
        address=citation.address,
        **columns_of("published", citation.published),
    )
    document.full_clean()
    document.save(force_insert=True)
    record(actor, "document.added", document, partnership_key=partnership.key)
    return document

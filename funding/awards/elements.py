"""The data elements that a pass-through gives its sub-recipient, and how many of them are known. Pure.

Source: 2 CFR 200.332(b)(1) (before 2020: 200.331(a)(1)). An element is known where a row says it; nothing is guessed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.dates import PreciseDate
from cpc.core.labels import day_label, format_number, precise_label
from cpc.core.money import format_money
from cpc.core.texts import text_in
from funding.awards.models import Award, AwardAction, AwardRecipient

from .ledger import period_of


@dataclass(frozen=True)
class Element:
    """One element and what is known of it, in words; empty: not known."""

    label: str
    value: str


@dataclass(frozen=True)
class Meter:
    """How complete the elements of a sub-award are."""

    elements: Sequence[Element]

    @property
    def total(self) -> int:
        return len(self.elements)

    @property
    def known(self) -> int:
        return sum(bool(element.value) for element in self.elements)

    @property
    def missing(self) -> list[str]:
        return [element.label for element in self.elements if not element.value]


def meter_of(
    award: Award, recipients: Sequence[AwardRecipient], actions: Sequence[AwardAction], *,
    federal_award_on: PreciseDate | None, agencies: Sequence[str],
) -> Meter:  # fmt: skip
    """`actions` are those in force, in ledger order; `federal_award_on`: when the award was made that is passed on in part;
    `agencies`: the names of the U.S. agencies of the partnership."""
    organizations = [recipient.organization for recipient in recipients]
    period, parent = period_of(actions), award.parent
    signed = [one.amount for one in actions if one.amount is not None and one.basis == AwardAction.Basis.SIGNED]
    return Meter(
        [
            Element(_("Name of the sub-recipient"), ", ".join(str(text_in(one, "name")) for one in organizations)),
            Element(_("Unique entity identifier (UEI)"), all_of([one.uei for one in organizations])),
            Element(_("Federal award number (FAIN)"), award.fain or (parent.fain if parent else "")),
            Element(_("Day of the federal award"), precise_label(federal_award_on) if federal_award_on else ""),
            Element(_("Period of performance, first day"), precise_label(period.start) if period.start else ""),
            Element(_("Period of performance, last day"), precise_label(period.end) if period.end else ""),
            Element(_("Budget period, first day"), day_label(award.budget_start_on) if award.budget_start_on else ""),
            Element(_("Budget period, last day"), day_label(award.budget_end_on) if award.budget_end_on else ""),
            Element(_("Obligated by the last step"), money(signed[-1] if signed else None, award)),
            Element(_("Obligated, total"), money(sum(signed, Decimal(0)) if signed else None, award)),
            Element(_("Committed, total"), money(award.committed, award)),
            Element(_("Description of the project"), str(text_in(award, "description"))),
            Element(_("Federal agency"), ", ".join(agencies)),
            Element(_("Pass-through"), str(text_in(award.pass_through, "name")) if award.pass_through else ""),
            Element(_("Contact of the awarding official"), award.contact),
            Element(_("Assistance Listing"), award.listing or (parent.listing if parent else "")),
            Element(_("Research and development"), yes_or_no(award.is_research)),
            Element(_("Indirect cost rate"), percent(award.indirect_cost_rate)),
        ]
    )


def all_of(values: list[str]) -> str:
    """Known only if each of them is."""
    return ", ".join(values) if values and all(values) else ""


def money(amount: Decimal | None, award: Award) -> str:
    return format_money(amount, award.currency, unknown="")


def yes_or_no(value: bool | None) -> str:
    return "" if value is None else _("yes") if value else _("no")


def percent(rate: Decimal | None) -> str:
    return "" if rate is None else _("%(rate)s %%") % {"rate": format_number(rate.normalize())}

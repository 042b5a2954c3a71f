"""The card of the host's pledge: what is documented of what was promised, in the host's currency, and what is only counted."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from cpc.core.labels import day_label, format_number
from cpc.core.money import format_money
from cpc.core.texts import text_in
from funding.pledges.queries import Conversion, Progress, progress_of, promises
from funding.pledges.rules import Agreement
from partners.asof import Days
from partners.ledger import Qualifier

from .bars import Bar, part, scaled


@dataclass(frozen=True)
class PledgeCard:
    host: str
    progress: Progress
    conversion: Conversion | None

    @property
    def title(self) -> str:
        return _("Pledge of %(host)s, documented") % {"host": self.host}

    @property
    def sentence(self) -> str:
        return " ".join(filter(None, [self._of_what(), self._besides(), self._in_kind()]))

    def _of_what(self) -> str:
        progress = self.progress
        if progress.promised is None:
            return _("No amount was pledged.")
        amount = format_money(progress.promised, progress.currency)
        if progress.qualifier != Qualifier.EXACT:
            amount = _("%(qualifier)s %(amount)s") % {"qualifier": Qualifier(progress.qualifier).label, "amount": amount}
        if not progress.n_priced:
            return _("Nothing is documented yet of %(amount)s pledged.") % {"amount": amount}
        share = int((100 * progress.share).to_integral_value(rounding="ROUND_FLOOR"))
        return _("%(share)s%% of %(amount)s pledged.") % {"share": share, "amount": amount}

    def _besides(self) -> str:
        """What is priced in another currency and so stands in no sum here."""
        amounts = [format_money(amount, currency) for currency, amount in self.progress.other.items()]
        return _("Not added: %(amounts)s.") % {"amounts": ", ".join(amounts)} if amounts else ""

    def _in_kind(self) -> str:
        if not self.progress.counted:
            return ""
        parts = [f"{format_number(one.quantity or one.n_rows)} {str(one.label).lower()}" for one in self.progress.counted]
        return _("In kind, counted apart: %(things)s.") % {"things": ", ".join(parts)}

    @property
    def bars(self) -> list[Bar]:
        """Each agreement's part of the pledge, one after the other on one scale, and what is missing."""
        progress = self.progress
        whole = max(progress.promised or Decimal(0), progress.contributed)
        bars, start = [], Decimal(0)
        for agreement, amount in progress.by_agreement.items():
            bars.append(scaled(self.stands_by(agreement), amount, whole, start=start, fill=FILLS[agreement]))
            start += part(amount, whole)
        if progress.promised is not None and progress.promised > progress.contributed:
            label = _("Missing, at least") if progress.qualifier == Qualifier.AT_LEAST else _("Missing")
            bars.append(scaled(label, progress.promised - progress.contributed, whole, start=start, fill="al-f3"))
        return bars

    def stands_by(self, agreement: Agreement) -> str:
        """Who stands by it, in a few words."""
        return {
            Agreement.BOTH: _("Both confirm"),
            Agreement.US: _("U.S. only"),
            Agreement.HOST: _("%(host)s only") % {"host": self.host},
            Agreement.NONE: _("Not confirmed"),
            Agreement.DISPUTED: _("Disputed"),
        }[agreement]

    @property
    def at_signature(self) -> str:
        if self.conversion is None:
            return ""
        rate = self.conversion.rate
        return _("Pledge at signature %(amount)s: %(rate)s, %(source)s, %(day)s") % {
            "amount": format_money(self.conversion.amount, self.conversion.currency),
            "rate": f"{rate.rate.normalize():f}",
            "source": rate.source,
            "day": day_label(rate.record_date),
        }


FILLS = {
    Agreement.BOTH: "al-f1",
    Agreement.US: "al-f2",
    Agreement.HOST: "al-f2",
    Agreement.NONE: "al-f3",
    Agreement.DISPUTED: "al-fx",
}


def pledge_card(partnership, days: Days) -> PledgeCard:
    asked = {"as_of": days.as_of, "known_on": days.known_on}
    made = promises(partnership, **asked)
    host = str(text_in(partnership, "host_name"))
    return PledgeCard(
        host=host,
        progress=progress_of(partnership, [promise.pledge for promise in made], **asked),
        conversion=next((promise.at_signature for promise in made if promise.at_signature), None),
    )

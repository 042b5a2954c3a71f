"""What an export says of itself: to people in a block of lines, to programs in the headers of the answer."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cpc.core.fingerprints import Measured
from cpc.core.labels import moment_label

PREFIX = "Alianza-"


@dataclass(frozen=True)
class Facts:
    """`title`: what list it is; `place`: the partnership's name, empty where it is of none or of several; `filters`: label and
    value of each, in words.

    `as_of` and `known_on` are None for a list that is not asked for a day. `zone` names the clock of `made_at`. `fingerprint` is
    empty where the figures cannot be checked later; `check_at` is the address of the page that does.
    """

    title: str
    measured: Measured
    made_at: datetime
    zone: str
    place: str = ""
    filters: tuple[tuple[str, str], ...] = field(default=())
    as_of: date | None = None
    known_on: date | None = None
    fingerprint: str = ""
    check_at: str = ""

    def lines(self) -> list[tuple[str, Any]]:
        """Label and value of each fact, in the reader's language. A value is text, a number or a day."""
        found = self.measured
        told = [(_("List"), self.title), *([(_("Partnership"), self.place)] if self.place else [])]
        told.append((_("Only rows with"), self._narrowed() or _("No filter: every row")))
        told += [(label, day) for label, day in ((_("As of"), self.as_of), (_("As known on"), self.known_on)) if day]
        told.append((_("Rows"), found.n_rows))
        told += [(_("Total, %(currency)s") % {"currency": name}, total) for name, total in found.totals.items()]
        if found.n_unpriced:
            told.append((_("Rows without an amount, left out of the totals"), found.n_unpriced))
        told.append(
            (_("Made"), _("%(moment)s (%(zone)s)") % {"moment": moment_label(self.made_at, self.zone), "zone": self.zone})
        )
        if self.fingerprint:
            told += [(_("Fingerprint"), self.fingerprint), (_("Where to check it"), self.check_at)]
        if found.has_sample:
            told.append((_("Sample"), _("There are rows in here that were invented for the demonstration.")))
        return told

    def _narrowed(self) -> str:
        return "; ".join(_("%(label)s: %(value)s") % {"label": label, "value": value} for label, value in self.filters)

    def headers(self) -> dict[str, str]:
        """The same for programs. Amounts are decimal text; the instant is in UTC."""
        found = self.measured
        told = {f"{PREFIX}Rows": str(found.n_rows), f"{PREFIX}Made-At": self.made_at.isoformat(timespec="seconds")}
        told |= {f"{PREFIX}Total-{currency}": f"{total:f}" for currency, total in found.totals.items()}
        return told | ({f"{PREFIX}Fingerprint": self.fingerprint} if self.fingerprint else {})

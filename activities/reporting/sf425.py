"""The lines of the Federal Financial Report, SF-425 (OMB 4040-0014): which are typed, which are computed, and what must hold.

Amounts are `Decimal`, cumulative from the award's start, in the award's currency; None is not reported and never counts as zero.
Pure. Letters and checks: domain rules of the product, "SF-425"; many secondary guides give wrong letters for program income.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LABELS = {
    "10a": gettext_lazy("Cash receipts"),
    "10b": gettext_lazy("Cash disbursements"),
    "10c": gettext_lazy("Cash on hand"),
    "10d": gettext_lazy("Total federal funds authorized"),
    "10e": gettext_lazy("Federal share of expenditures"),
    "10f": gettext_lazy("Federal share of unliquidated obligations"),
    "10g": gettext_lazy("Total federal share"),
    "10h": gettext_lazy("Unobligated balance of federal funds"),
    "10i": gettext_lazy("Total recipient share required"),
    "10j": gettext_lazy("Recipient share of expenditures"),
    "10k": gettext_lazy("Remaining recipient share to be provided"),
    "10l": gettext_lazy("Total federal program income earned"),
    "10m": gettext_lazy("Program income expended, deduction alternative"),
    "10n": gettext_lazy("Program income expended, addition alternative"),
    "10o": gettext_lazy("Unexpended program income"),
}
FORMULAS = {"10c": "a − b", "10g": "e + f", "10h": "d − g", "10k": "i − j", "10o": gettext_lazy("l − m, or l − n")}
TYPED = tuple(line for line in LABELS if line not in FORMULAS)
# Without these a report says nothing about the money; cost share and program income stay open where an award has neither.
REQUIRED = ("10a", "10b", "10d", "10e", "10f")
CUMULATIVE = ("10a", "10b", "10e", "10j", "10l", "10m", "10n")


@dataclass(frozen=True)
class Lines:
    """The typed lines, and the computed ones as properties. A computed line is None while one of its inputs is."""

    a: Decimal | None = None
    b: Decimal | None = None
    d: Decimal | None = None
    e: Decimal | None = None
    f: Decimal | None = None
    i: Decimal | None = None
    j: Decimal | None = None
    l: Decimal | None = None  # noqa: E741  the form's own letter
    m: Decimal | None = None
    n: Decimal | None = None

    @classmethod
    def of(cls, report) -> "Lines":
        """The lines of a row with `line_10a` … `line_10n`; of nothing, nothing."""
        return cls(**{field.name: getattr(report, f"line_10{field.name}", None) for field in fields(cls)})

    def __getitem__(self, line: str) -> Decimal | None:
        """`lines["10c"]`. Raises KeyError for what is no line."""
        if line not in LABELS:
            raise KeyError(line)
        return getattr(self, line.removeprefix("10"))

    @property
    def c(self) -> Decimal | None:
        return minus(self.a, self.b)

    @property
    def g(self) -> Decimal | None:
        return None if self.e is None or self.f is None else self.e + self.f

    @property
    def h(self) -> Decimal | None:
        return minus(self.d, self.g)

    @property
    def k(self) -> Decimal | None:
        return minus(self.i, self.j)

    @property
    def o(self) -> Decimal | None:
        """What was earned less what was spent under the one alternative that the award uses."""
        used = self.m if self.n is None else self.n if self.m is None else self.m + self.n
        return minus(self.l, used)


def minus(whole: Decimal | None, part: Decimal | None) -> Decimal | None:
    return None if whole is None or part is None else whole - part


@dataclass(frozen=True)
class Finding:
    """What is wrong with a line (`10b`, `basis`, `remarks`), in a sentence for the person who typed it; `code` is stable."""

    field: str
    code: str
    message: str


def missing_lines(lines: Lines) -> list[str]:
    return [line for line in REQUIRED if lines[line] is None]


def find_problems(
    lines: Lines, *, basis: str, remarks: str, is_final: bool, previous: Lines | None = None, previous_basis: str | None = None
) -> list[Finding]:
    """What must be corrected before the lines can be sent. `previous` is the last report of the same award and organization."""
    found = [*_problems_of_sums(lines), *_problems_with_previous(lines, remarks, previous)]
    if previous_basis and basis != previous_basis:
        found.append(Finding("basis", "basis_changed", _("The accounting basis stays the same over the whole award.")))
    if is_final:
        found += _problems_of_final(lines, remarks)
    return found


def _problems_of_sums(lines: Lines) -> Iterator[Finding]:
    if lines.h is not None and lines.h < 0:
        yield Finding(
            "10d", "over_authorized", _("Line 10g, the total federal share, is higher than line 10d, the funds authorized.")
        )
    if lines.m and lines.n:
        yield Finding(
            "10n", "two_alternatives", _("Program income is spent under one alternative: line 10m or line 10n, not both.")
        )
    if lines.o is not None and lines.o < 0:
        yield Finding("10l", "income_overspent", _("More program income is spent than line 10l says was earned."))


def _problems_with_previous(lines: Lines, remarks: str, previous: Lines | None) -> Iterator[Finding]:
    """Lines count from the award's start, so that they can only rise; a correction is explained in line 12."""
    if previous is None or remarks.strip():
        return
    for line in CUMULATIVE:
        before, now = previous[line], lines[line]
        if before is not None and now is not None and now < before:
            message = _("Line %(line)s is lower than in the last report. Correct it, or explain in line 12.") % {"line": line}
            yield Finding(line, "lower_than_before", message)


def _problems_of_final(lines: Lines, remarks: str) -> Iterator[Finding]:
    if lines.f:
        yield Finding("10f", "final_unliquidated", _("Line 10f is 0 in a final report: nothing is left to be paid."))
    if lines.b is not None and lines.e is not None and lines.b != lines.e and not remarks.strip():
        message = _("In a final report line 10b equals line 10e. Correct one of them, or explain in line 12.")
        yield Finding("10b", "final_differs", message)

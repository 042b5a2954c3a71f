"""Bars that stand in a table's cell: each figure as a part of the largest, on one scale."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Bar:
    """One row: its label, its figure (None: not known, the bar is hatched and `words` says why) and where the bar begins and
    how wide it is, of 100."""

    label: str
    amount: Decimal | None
    words: str = ""
    start: str = "0"
    width: str = "0"
    fill: str = "al-f2"
    is_sample: bool = False

    @property
    def shown(self) -> str:
        """The figure as both languages write it, cents only where there are any; the words where it is not known."""
        if self.amount is None:
            return self.words
        return f"{self.amount:,.2f}".removesuffix(".00")


def part(amount: Decimal | None, whole: Decimal | None) -> Decimal:
    """`amount` as a part of `whole`, of 100, to two places, at most 100; 0 where one is not known or `whole` is 0."""
    if not amount or not whole:
        return Decimal(0)
    return min(Decimal(100), (100 * amount / whole).quantize(Decimal("0.01")))


def text_of(number: Decimal) -> str:
    """A width for an SVG attribute: the same in every language."""
    return f"{number.normalize():f}"


def scaled(label, amount, whole, *, words="", fill="al-f2", start=Decimal(0), is_sample=False) -> Bar:
    """The bar of `amount` on a scale where `whole` is 100, beginning at `start` of 100."""
    return Bar(label, amount, words, text_of(start), text_of(part(amount, whole)), fill, is_sample)

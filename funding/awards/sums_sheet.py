"""Export of sums, whatever their measure: the same columns for people and for programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cpc.core.sheets import Column, Sheet

from .answers import Summary, SumRow


@dataclass(frozen=True)
class SumLine:
    """One row of an answer with what was asked."""

    asked: Summary
    row: SumRow


def lines_of(*answers: Summary) -> Iterator[SumLine]:
    return (SumLine(answer, row) for answer in answers for row in answer.rows)


SUMS = Sheet(
    "funding-summary",
    (
        Column("group_by", _("Grouped by"), lambda line: line.asked.group_by),
        Column("key", _("Key"), lambda line: line.row.key),
        Column("label", _("Label"), lambda line: line.row.label),
        Column("allocated", _("Allocated"), lambda line: line.row.allocated),
        Column("currency", _("Currency"), lambda line: line.row.currency),
        Column("amount", _("Amount"), lambda line: line.row.amount),
        Column("qualifier", _("Qualifier"), lambda line: line.row.qualifier.value),
        Column("share", _("Share"), lambda line: line.row.share),
        Column("measure", _("Measure"), lambda line: line.asked.measure),
        Column("level", _("Level"), lambda line: line.asked.level),
        Column("as_of", _("As of"), lambda line: line.asked.as_of),
        Column("known_on", _("As known on"), lambda line: line.asked.known_on),
        Column("rate_basis", _("Rate"), lambda line: line.asked.rate_basis),
        Column("rows", _("Rows"), lambda line: line.row.n_rows),
        Column("not_reported", _("Not reported"), lambda line: line.row.n_unknown),
        Column("is_sample", _("Sample"), lambda line: line.row.is_sample),
    ),
    title=_("Sums of money"),
)

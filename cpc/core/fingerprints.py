"""What the figures of an export can be checked by later, without keeping the export.

A fingerprint is a signed text that says the question (which list or sum, which filters, which days), when it was answered, how
many rows answered it, what they add up to, and a digest of the rows. The digest does not depend on their order. PostgreSQL
computes it, so that no row is read twice; `digest_of` is the same rule for rows that are at hand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.contrib.postgres.aggregates import BoolOr, StringAgg
from django.core import signing
from django.db.models import Count, F, Func, QuerySet, Sum, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

SALT = "alianza.exports.fingerprint"
VERSION = 1
SEPARATOR = "|"  # no key, amount, code or day holds one
LONGEST = 4000  # characters; the longest that the filters of a list allow is about a third of it


@dataclass(frozen=True)
class Canon:
    """What of a ledger row counts when rows are compared: `fields` of a queryset after `prepare`. `key` must be among them.

    `amount` and `currency` are the fields that the control totals add up; empty where there is nothing to add.
    """

    fields: tuple[str, ...]
    amount: str = "amount"
    currency: str = "currency"
    prepare: Callable[[QuerySet], QuerySet] = lambda rows: rows


@dataclass(frozen=True)
class Measured:
    """What was measured of rows before the first was written. `totals`: currency → sum of the known amounts; `n_unpriced` rows
    have none, None where amounts are no matter of the list. `digest` is empty for a list that cannot be checked.

    `measured_at` is the real instant just before, whatever the clock of the demonstration says.
    """

    n_rows: int
    totals: dict[str, Decimal] = field(default_factory=dict)
    n_unpriced: int | None = None
    has_sample: bool = False
    digest: str = ""
    measured_at: datetime = field(default_factory=timezone.now, compare=False)


class Unreadable(ValueError):
    """A text that is no fingerprint of this site: changed, cut off, or signed with a key that is no longer used."""


@dataclass(frozen=True)
class Fingerprint:
    """What a fingerprint says. `of`: the list or sum by its name in the API; `asked`: its filters as understood.

    `made_at` is the time that was shown; `written_until` the real instant, which tells rows written later from earlier ones.
    """

    of: str
    partnership: str
    asked: dict[str, str]
    as_of: date
    known_on: date
    made_at: datetime
    written_until: datetime
    n_rows: int
    totals: dict[str, Decimal]
    digest: str


def measured(rows: QuerySet, canon: Canon) -> Measured:
    """One statement, and one more for the totals, whatever the number of rows; none of them is read here."""
    measured_at = timezone.now()
    rows, line = canon.prepare(rows).order_by(), line_in_sql(canon)
    whole = Coalesce(StringAgg(line, delimiter="", order_by=line), Value(""))
    found = rows.aggregate(n_of_rows=Count("*"), whole=_sha256(whole), has_sample=BoolOr("is_sample"))
    totals, n_unpriced = totals_in_sql(rows, canon) if canon.amount else ({}, None)
    return Measured(found["n_of_rows"], totals, n_unpriced, bool(found["has_sample"]), found["whole"], measured_at)


def totals_in_sql(rows: QuerySet, canon: Canon) -> tuple[dict[str, Decimal], int]:
    """What the known amounts add up to by currency, in the order of the codes, and how many rows have none."""
    groups = rows.values(canon.currency).annotate(
        sum_of_group=Sum(canon.amount), n_of_group=Count("*"), n_priced=Count(canon.amount)
    )
    found = [(group[canon.currency], group["sum_of_group"], group["n_of_group"] - group["n_priced"]) for group in groups]
    totals = {name: total for name, total, _n in found if total is not None}
    return dict(sorted(totals.items())), sum(n for _name, _total, n in found)


def counted(rows: QuerySet) -> Measured:
    """Of a list whose rows are no ledger: how many, and whether one is a sample. One statement."""
    may_be_sample = {"has_sample": BoolOr("is_sample")} if hasattr(rows.model, "is_sample") else {}
    found = rows.order_by().aggregate(n_of_rows=Count("*"), **may_be_sample)
    return Measured(found["n_of_rows"], has_sample=bool(found.get("has_sample")))


def line_in_sql(canon: Canon) -> Func:
    """The SHA-256, in hexadecimal digits, of one row; in any collation such digits sort as in Python."""
    texts = [Coalesce(Cast(F(name), TextField()), Value("")) for name in canon.fields]
    return _sha256(Func(Value(SEPARATOR), *texts, function="concat_ws", output_field=TextField()))


def _sha256(text) -> Func:
    return Func(text, template="encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')", output_field=TextField())


def digest_of(rows: Iterable[Iterable[Any]]) -> str:
    """The digest of rows given as their values in the order of `Canon.fields`: text, Decimal, whole number, day or None."""
    lines = sorted(_hash(SEPARATOR.join(_plain(value) for value in row)) for row in rows)
    return _hash("".join(lines))


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)


def seal(fingerprint: Fingerprint) -> str:
    """The fingerprint as a text of one line, of letters, digits and `.:-_`, signed with the site's key."""
    one = fingerprint
    parts = [
        VERSION, one.of, one.partnership, one.asked, one.as_of.isoformat(), one.known_on.isoformat(),
        one.made_at.isoformat(timespec="seconds"), one.written_until.isoformat(), one.n_rows,
        {currency: f"{amount:f}" for currency, amount in one.totals.items()}, one.digest,
    ]  # fmt: skip
    return signing.dumps(parts, salt=SALT, compress=True)


def unseal(text: str) -> Fingerprint:
    """What a pasted text says; blanks and line breaks that a mail has put into it are left out. Raises Unreadable."""
    try:
        version, *parts = signing.loads("".join(text.split()), salt=SALT)
    except signing.BadSignature as error:
        raise Unreadable(str(error)) from None
    if version != VERSION:
        raise Unreadable(f"version {version}")
    of, partnership, asked, as_of, known_on, made_at, written_until, n_rows, totals, digest = parts
    return Fingerprint(
        of, partnership, asked, date.fromisoformat(as_of), date.fromisoformat(known_on), datetime.fromisoformat(made_at),
        datetime.fromisoformat(written_until), n_rows, {name: Decimal(amount) for name, amount in totals.items()}, digest,
    )  # fmt: skip

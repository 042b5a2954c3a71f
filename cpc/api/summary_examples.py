"""One answer of `funding/summary/` for each measure, for the OpenAPI description. Figures of disbursements, spending and
contributions are invented; the others are those of the public record."""

DAYS = {"as_of": "2020-02-06", "known_on": "2020-02-10"}
SAMPLE = "This answer rests on sample rows, invented for the demonstration."


def example(measure: str, rows: list[dict], *, group_by: str = "none", level: str | None = "prime", **more) -> dict:
    """The answer with `rows`, which are of one currency; `more` is what differs."""
    answer = {
        "partnership": "peru-2017", "measure": measure, "level": level, "group_by": group_by, **DAYS,
        "currency": None, "rate_basis": None, "rates": [], "rows": rows, "totals": [], "not_reported": 0, "messages": [],
    }  # fmt: skip
    return answer | more


def row(key: str, label: str, amount: str | None, share: str | None, rows_url: str, **more) -> dict:
    plain = {"allocated": True, "currency": "USD", "amount": amount, "qualifier": "exact", "share": share}
    days = "&".join(f"{name}={day}" for name, day in DAYS.items())
    return {"key": key, "label": label, **plain, **more, "rows_url": f"/api/v1/{rows_url}&{days}"}


def total(amount: str, currency: str = "USD", qualifier: str = "exact") -> list[dict]:
    return [{"currency": currency, "amount": amount, "qualifier": qualifier}]


ACTIONS = "award-actions/?partnership=peru-2017&measure=awarded&level=prime"
REPORTS = "reports/?partnership=peru-2017&measure="

EXAMPLES = {
    "Awarded, by partner": example(
        "awarded",
        [
            row(
                "unallocated-peru-2017-initial",
                "Unallocated: International Labour Organization and Centro Yanapanakusun, split not published",
                "5000000.00", "0.7463", f"{ACTIONS}&award=peru-2017-initial&allocated=false&currency=USD", allocated=False,
            ),
            row(
                "ilo", "International Labour Organization", "1700000.00", "0.2537",
                f"{ACTIONS}&recipient=ilo&currency=USD",
            ),
        ],
        group_by="partner",
        totals=total("6700000.00"),
    ),
    "Obligated: nothing is known to be signed": example(
        "obligated",
        [],
        messages=["No action in force on this day is known to be signed; those in the ledger are announced only."],
    ),
    "Disbursed, by quarter; one report is missing": example(
        "disbursed",
        [
            row(
                "2019-Q4", "October–December 2019", "90000.00", "0.3103",
                f"{REPORTS}disbursed&level=prime&quarter=2019-Q4&currency=USD",
            ),
            row(
                "unallocated", "Reported for several periods together", "200000.00", "0.6897",
                f"{REPORTS}disbursed&level=prime&quarter=unallocated&currency=USD", allocated=False,
            ),
        ],
        group_by="quarter",
        totals=total("290000.00"),
        messages=[SAMPLE],
    ),
    "Spent: null is not reported": example(
        "spent",
        [row("all", "All accepted reports", None, None, f"{REPORTS}spent&level=prime&currency=USD")],
        not_reported=1,
        messages=["1 accepted report does not give this figure.", SAMPLE],
    ),
    "Pledged, in dollars at signature": example(
        "pledged",
        [
            row(
                "all", "All pledges", "2463433.41", "1.0000", "pledges/?partnership=peru-2017", qualifier="at_least",
            )
        ],
        level=None,
        currency="USD",
        rate_basis="signature",
        rates=[
            {"base": "USD", "quote": "PEN", "rate": "3.24750000", "record_date": "2017-03-31", "source": "IMF-IFS"},
        ],
        totals=total("2463433.41", qualifier="at_least"),
    ),
    "Contributed, by kind": example(
        "contributed",
        [
            row(
                "cash", "Cash", "1200000.00", "1.0000", "contributions/?partnership=peru-2017&kind=cash&currency=PEN",
                currency="PEN",
            ),
            row(
                "posts", "Posts", None, None, "contributions/?partnership=peru-2017&kind=posts&currency=PEN", currency="PEN",
            ),
        ],
        level=None,
        group_by="kind",
        totals=total("1200000.00", "PEN"),
        not_reported=1,
        messages=["1 row has no price: it is counted, not valued, and left out of the totals.", SAMPLE],
    ),
}  # fmt: skip

"""Which series each currency has with which publisher. Another country is another entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Series:
    """One series of the Peruvian central bank: its code, the words that tell its name from the others', and the source under
    which its rates are stored."""

    code: str
    words: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Published:
    """What is published of a currency per U.S. dollar. `treasury_country`: as the Treasury's list names it."""

    treasury_country: str = ""
    bcrp: tuple[Series, ...] = ()


# Soles are shown in dollars by the selling price: what who has soles pays for a dollar. Interbank first, then the banks' as the
# supervisor publishes it. The Treasury's rows are found by country, since the label of the currency changed with its name.
SERIES = {
    "PEN": Published(
        treasury_country="Peru",
        bcrp=(
            Series("PD04638PD", ("interbancario", "venta"), "BCRP-INTERBANK"),
            Series("PD04640PD", ("sbs", "venta"), "BCRP-SBS"),
        ),
    ),
}

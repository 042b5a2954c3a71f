"""A partnership with many awards, many steps in each, many accepted reports and contributions, written in bulk."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256

from activities.models import FinancialReport, Report, ReportVersion
from funding.models import Award, AwardAction, AwardRecipient, Contribution, ExchangeRate, Pledge
from partners.models import Organization, Partnership
from tests import factories as make
from tests.activities.accepted import accept_all, owe_reports

from .timing import analyze

QUARTERS = [f"{year}-Q{n}" for year in (2018, 2019) for n in (1, 2, 3, 4)]
FIRST = date(2017, 6, 15)
KINDS = ("supplement", "supplement", "extension_with_cost", "deobligation", "allocation", "administrative")


def chance(*words, of: int) -> int:
    """A number below `of` that looks random and is the same in every run. Remainders alone would tie columns to each other."""
    return int.from_bytes(sha256(repr(words).encode()).digest()[:8], "big") % of


def many(n_awards: int, n_actions: int, *, n_contributions: int, n_pledges: int = 0, n_partners: int = 20) -> Partnership:
    """`n_awards` prime awards of `n_actions` steps each; each with a recipient that had eight reports accepted."""
    partnership = make.make_partnership()
    people = Organization.objects.bulk_create(
        Organization(key=f"{partnership.key}-{n}", name_en=f"Body {n}", name_es=f"Entidad {n}", organization_class="foreign_ngo")
        for n in range(n_partners)
    )
    plain = {"partnership": partnership, "level": "prime", "title_en": "Award", "title_es": "Subvención", "currency": "USD"}
    awards = Award.objects.bulk_create(Award(key=f"{partnership.key}-a{n}", known_on=FIRST, **plain) for n in range(n_awards))
    AwardRecipient.objects.bulk_create(
        AwardRecipient(award=award, organization=people[n % n_partners], rule_class="recipient_2cfr200")
        for n, award in enumerate(awards)
    )
    AwardAction.objects.bulk_create(
        action(award, people[n % n_partners], number) for n, award in enumerate(awards) for number in range(n_actions)
    )
    reports = [report for n, award in enumerate(awards) for report in owe_reports(award, people[n % n_partners], *QUARTERS)]
    accept_all([(report, f"{n}.10", f"{n}.20", "2020-01-15") for n, report in enumerate(reports)])
    Contribution.objects.bulk_create(contribution(partnership, people, n) for n in range(n_contributions))
    quarters = [day for year in range(2017, 2020) for day in (f"{year}-03-31", f"{year}-06-30", f"{year}-09-30", f"{year}-12-31")]
    rates = [made_rate(day) for day in quarters]
    Pledge.objects.bulk_create(pledge(partnership, rates, n) for n in range(n_pledges))
    analyze(Organization, Award, AwardRecipient, AwardAction, Report, ReportVersion, FinancialReport, Contribution, Pledge)
    return partnership


def action(award: Award, recipient: Organization, number: int) -> AwardAction:
    kind = KINDS[chance(award.key, number, "kind", of=len(KINDS))] if number else "initial"
    amount = None if kind == "administrative" else Decimal(chance(award.key, number, of=10**8)) / 100
    day = FIRST + timedelta(days=chance(award.key, number, "day", of=960))
    return AwardAction(
        award=award, key=f"{award.key}-{number}", kind=kind, amount=-amount if kind == "deobligation" else amount,
        currency="" if amount is None else "USD", recipient=recipient if chance(award.key, number, "to", of=4) else None,
        basis=("announced", "signed")[chance(award.key, number, "basis", of=2)], effective_on=day, known_on=day,
        loaded_from="bench",
    )  # fmt: skip


def made_rate(day: str) -> ExchangeRate:
    """The rate of that day, which every partnership shares."""
    columns = {
        "base": "USD",
        "quote": "PEN",
        "kind": "end_of_period",
        "source": "BENCH",
        "record_date": day,
        "effective_date": day,
    }
    return ExchangeRate.objects.get_or_create(**columns, defaults={"rate": Decimal(chance(day, of=900) + 3100) / 1000})[0]


def pledge(partnership: Partnership, rates: list[ExchangeRate], n: int) -> Pledge:
    day = FIRST + timedelta(days=chance(n, "promised", of=960))
    return Pledge(
        partnership=partnership, key=f"{partnership.key}-p{n}", amount=Decimal(chance(n, "promise", of=10**8)) / 100,
        currency=partnership.host_currency, qualifier=("exact", "at_least")[chance(n, "word", of=2)], rate=rates[n % len(rates)],
        effective_on=day, known_on=day, loaded_from="bench",
    )  # fmt: skip


def contribution(partnership: Partnership, people: list[Organization], n: int) -> Contribution:
    day = FIRST + timedelta(days=chance(n, "given", of=960))
    return Contribution(
        partnership=partnership, key=f"{partnership.key}-c{n}", kind="cash", entity=people[n % len(people)],
        amount=Decimal(chance(n, "cents", of=10**8)) / 100, currency=partnership.host_currency, effective_on=day, known_on=day,
        words_en="Given",
    )  # fmt: skip

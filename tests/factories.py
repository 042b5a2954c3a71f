"""Rows for tests: plain functions with sensible defaults. Nothing here is about Peru."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from activities.models import Activity, Commitment, Deadline, Dialogue, DueDateChange, Indicator, Report, ReportVersion, Target
from cpc.accounts.models import User
from cpc.core.dates import PreciseDate
from cpc.reference.models import Country, Region
from funding.models import Award, AwardAction, AwardRecipient, Contribution, ContributionConfirmation, ExchangeRate, Pledge
from partners.models import (
    Coverage,
    Document,
    Membership,
    Objective,
    Organization,
    Partnership,
    PartnershipMember,
    Statement,
    TermEvent,
)
from partners.roles import ORGANIZATION_ROLES, PARTNER_ROLES, Role

numbers = count(1)
LIMA = ZoneInfo("America/Lima")


def day(text: str) -> date:
    return PreciseDate.parse(text).last


def precise(text: str, name: str) -> dict:
    """`precise("2022-06", "new_end")` gives the two columns of a precise day: new_end_on and new_end_precision."""
    value = PreciseDate.parse(text)
    return {f"{name}_on": value.last, f"{name}_precision": value.precision}


def make_country(key="XA", **fields) -> Country:
    defaults = {"name_en": "Testland", "name_es": "Tierra de prueba", "currency": "PEN"}
    return Country.objects.get_or_create(key=key, defaults=defaults | fields)[0]


def make_region(key="XA-ONE", **fields) -> Region:
    defaults = {"country": make_country(), "name_en": key.title(), "name_es": key.title()}
    return Region.objects.get_or_create(key=key, defaults=defaults | fields)[0]


def make_partnership(key="", *, regions=("XA-ONE", "XA-TWO"), **fields) -> Partnership:
    """Signed 2017-06-15 for four years, with three objectives and two regions from the signing on, tracked from the signing."""
    defaults = {
        "key": key or f"test-{next(numbers)}",
        "name_en": "Test compact",
        "name_es": "Alianza de prueba",
        "host_country": make_country(),
        "host_name_en": "Testland",
        "host_name_es": "Tierra de prueba",
        "time_zone": "America/Lima",
        "host_currency": "PEN",
        "signed_on": date(2017, 6, 15),
        "tracked_from": date(2017, 6, 15),
    }
    partnership = Partnership.objects.create(**(defaults | fields))
    make_term_event(partnership, kind="signed", new_end="2021-06", effective="2017-06-15")
    for number, short in enumerate(("Prosecute", "Protect", "Prevent"), start=1):
        Objective.objects.create(
            partnership=partnership,
            key=short.lower(),
            number=number,
            title_en=f"Objective {number}",
            title_es=f"Objetivo {number}",
            short_en=short,
            short_es=short,
        )
    for region in regions:
        make_coverage(partnership, make_region(region))
    return partnership


def make_term_event(
    partnership, *, kind="extended", new_end="2022-06", effective="2020-02-06", known=None, **fields
) -> TermEvent:
    return TermEvent.objects.create(
        partnership=partnership,
        key=fields.pop("key", f"{partnership.key}-term-{next(numbers)}"),
        kind=kind,
        **(precise(new_end, "new_end") if new_end else {}),
        **precise(effective, "effective"),
        known_on=day(known or effective),
        loaded_from=fields.pop("loaded_from", "test"),
        **fields,
    )


def make_coverage(partnership, region, *, from_on=None, known_on=None) -> Coverage:
    start = from_on or partnership.signed_on
    return Coverage.objects.create(partnership=partnership, region=region, from_on=start, known_on=known_on or start)


def make_organization(key="", **fields) -> Organization:
    key = key or f"org-{next(numbers)}"
    defaults = {"key": key, "name_en": key.title(), "name_es": key.title(), "organization_class": "foreign_ngo"}
    return Organization.objects.create(**(defaults | fields))


def make_member(partnership, organization=None, *, part="prime", **fields) -> PartnershipMember:
    organization = organization or make_organization()
    return PartnershipMember.objects.create(partnership=partnership, organization=organization, part=part, **fields)


def make_user(role=None, partnership=None, *, organization=None, exact_counts=False, email="", **fields) -> User:
    """A person with one membership, or none without `role`. Partner and host roles get an organization if none is given."""
    email = email or f"{role or 'nobody'}-{next(numbers)}@example.org"
    user = User.objects.create(email=email, name=fields.pop("name", email.split("@")[0]), password="!", **fields)
    if role:
        grant(user, role, partnership, organization=organization, exact_counts=exact_counts)
    return user


def grant(user, role, partnership, *, organization=None, exact_counts=False) -> Membership:
    if role in ORGANIZATION_ROLES and organization is None:
        organization = make_organization(organization_class="government" if role == Role.HOST_DELEGATE else "foreign_ngo")
        if role in PARTNER_ROLES:
            make_member(partnership, organization)
    return Membership.objects.create(
        user=user,
        partnership=partnership,
        role=role,
        organization=organization,
        exact_counts=exact_counts or role == Role.PROGRAM_OFFICER,
    )


def make_document(partnership, **fields) -> Document:
    defaults = {"key": f"doc-{next(numbers)}", "title": "Media note", "publisher": "State", "published_on": date(2017, 6, 15)}
    return Document.objects.create(partnership=partnership, **(defaults | fields))


def make_award(partnership, *, recipients=(), key="", level="prime", rule_class="recipient_2cfr200", **fields) -> Award:
    defaults = {
        "key": key or f"{partnership.key}-award-{next(numbers)}",
        "title_en": "Award",
        "title_es": "Subvención",
        "currency": "USD",
        "known_on": partnership.signed_on,
    }
    award = Award.objects.create(partnership=partnership, level=level, **(defaults | fields))
    for organization in recipients:
        AwardRecipient.objects.create(award=award, organization=organization, rule_class=rule_class)
    return award


def make_action(award, *, amount="100.00", kind="initial", effective="2017-10", known=None, start=None, end=None, **fields):
    """One approved action; `amount` None is not known. `start` and `end` as text with their precision; a start counts from its
    first day."""
    period = {}
    if start:
        value = PreciseDate.parse(start)
        period |= {"start_on": value.first, "start_precision": value.precision}
    if end:
        period |= precise(end, "new_end")
    return AwardAction.objects.create(
        award=award,
        key=fields.pop("key", f"{award.key}-{next(numbers)}"),
        kind=kind,
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else fields.pop("currency", award.currency),
        **precise(effective, "effective"),
        known_on=day(known or effective),
        basis=fields.pop("basis", "announced"),
        guidance_version=fields.pop("guidance_version", "UG-2014"),
        loaded_from=fields.pop("loaded_from", "test"),
        **period,
        **fields,
    )


def make_rate(*, record="2017-03-31", rate="3.2475", **fields) -> ExchangeRate:
    defaults = {"base": "USD", "quote": "PEN", "kind": "end_of_period", "source": "IMF"}
    return ExchangeRate.objects.create(
        record_date=day(record), effective_date=day(record), rate=Decimal(rate), **(defaults | fields)
    )


def make_pledge(
    partnership, *, amount="8000000.00", qualifier="at_least", effective="2017-06-15", ends="2021-06", **fields
) -> Pledge:
    end = PreciseDate.parse(ends)
    return Pledge.objects.create(
        partnership=partnership,
        key=fields.pop("key", f"{partnership.key}-pledge-{next(numbers)}"),
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else partnership.host_currency,
        qualifier=qualifier,
        ends_on=end.last,
        ends_precision=end.precision,
        **precise(effective, "effective"),
        known_on=day(effective),
        loaded_from=fields.pop("loaded_from", "test"),
        **fields,
    )


def make_contribution(partnership, *, amount="1000.00", kind="cash", effective="2018", entity=None, confirmed=(), **fields):
    row = Contribution.objects.create(
        partnership=partnership,
        key=f"{partnership.key}-contribution-{next(numbers)}",
        kind=kind,
        entity=entity or make_organization(organization_class="government"),
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else partnership.host_currency,
        **precise(effective, "effective"),
        known_on=day(effective),
        words_en="Shelters resourced",
        words_es="Centros de acogida financiados",
        **fields,
    )
    for side in confirmed:
        ContributionConfirmation.objects.create(contribution=row, side=side, agrees=True, confirmed_on=day(effective))
    return row


def make_statement(partnership, *, measure="us_total", amount="5000000.00", as_of="2017-06-15", **fields) -> Statement:
    return Statement.objects.create(
        partnership=partnership,
        key=fields.pop("key", f"{partnership.key}-statement-{next(numbers)}"),
        measure=measure,
        amount=None if amount is None else Decimal(amount),
        currency="" if amount is None else fields.pop("currency", "USD"),
        **precise(as_of, "effective"),
        known_on=day(as_of),
        words_en="planned total",
        words_es="total previsto",
        **fields,
    )


def make_dialogue(partnership, *, ordinal=1, start="2020-02-06", end=None, **fields) -> Dialogue:
    first, last = PreciseDate.parse(start), PreciseDate.parse(end or start)
    return Dialogue.objects.create(
        partnership=partnership,
        key=f"{partnership.key}-dialogue-{ordinal}",
        ordinal=ordinal,
        starts_on=first.first,
        starts_precision=first.precision,
        ends_on=last.last,
        ends_precision=last.precision,
        known_on=last.last,
        **fields,
    )


def make_commitment(dialogue, *, side="us", owner=None, **fields) -> Commitment:
    return Commitment.objects.create(
        dialogue=dialogue,
        key=f"{dialogue.key}-commitment-{next(numbers)}",
        side=side,
        owner=owner or make_organization(organization_class="government"),
        text_en="Name mentors",
        text_es="Designar mentores",
        **fields,
    )


def make_activity(partnership, *, organization=None, objective=1, region="XA-ONE", starts_on="2020-01-15", **fields) -> Activity:
    start = day(starts_on)
    defaults = {"kind": "training", "state": "held", "title": "Workshop for first responders", "ends_on": start}
    return Activity.objects.create(
        partnership=partnership,
        key=fields.pop("key", f"{partnership.key}-{start:%Y-%m}-{next(numbers):04}"),
        organization=organization or make_organization(),
        objective=partnership.objectives.get(number=objective),
        region=make_region(region) if region else None,
        starts_on=start,
        **(defaults | fields),
    )


def make_indicator(partnership, *, key="", objective=1, **fields) -> Indicator:
    defaults = {
        "name_en": "People trained",
        "name_es": "Personas capacitadas",
        "unit": "persons",
        "categories": ["female", "male"],
    }
    return Indicator.objects.create(
        partnership=partnership,
        key=key or f"I-{next(numbers)}",
        objective=partnership.objectives.get(number=objective),
        **(defaults | fields),
    )


def make_target(indicator, *, year=2020, value="100", **fields) -> Target:
    return Target.objects.create(indicator=indicator, year=year, value=Decimal(value), **fields)


def make_deadline(
    partnership, *, kind="performance_report", rule="R-PPR-Q", due_on="2020-01-30", award=None, recipient=None, **fields
):
    due = day(due_on)
    defaults = {
        "key": f"{partnership.key}-deadline-{next(numbers)}",
        "rules_version": 1,
        "subject_key": award.key if award else partnership.key,
        "raw_on": due,
        "next_business_on": due,
        "inputs": {"base": due.isoformat(), "base_on": due.isoformat()},
    }
    return Deadline.objects.create(
        partnership=partnership, kind=kind, rule=rule, award=award, recipient=recipient, due_on=due, **(defaults | fields)
    )


def make_due_date_change(deadline, *, wanted_on="", asked_by=None, **fields) -> DueDateChange:
    """A request that waits for its answer: two weeks more, unless `wanted_on` says otherwise."""
    return DueDateChange.objects.create(
        deadline=deadline,
        was_due_on=deadline.due_on,
        wanted_on=day(wanted_on) if wanted_on else deadline.due_on + timedelta(days=14),
        asked_by=asked_by or make_user(Role.PARTNER_PREPARER, deadline.partnership, organization=deadline.recipient),
        **({"reason": "The data come late.", "asked_at": lima("2020-02-03 12:00")} | fields),
    )


def make_report(award, organization, *, period=("2019-10-01", "2019-12-31"), **fields) -> Report:
    """A report with its first version as a draft."""
    first, last = day(period[0]), day(period[1])
    report = Report.objects.create(
        partnership=award.partnership,
        award=award,
        organization=organization,
        period_from=first,
        period_to=last,
        key=f"{award.key}-{organization.key}-{last.year}-q{(last.month - 1) // 3 + 1}",
        **fields,
    )
    ReportVersion.objects.create(report=report)
    return report


def lima(text: str) -> datetime:
    """An aware instant from local Lima time, for example `lima("2020-01-30 23:59:59")`."""
    return datetime.fromisoformat(text).replace(tzinfo=LIMA)
